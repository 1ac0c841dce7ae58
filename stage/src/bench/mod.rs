//! Recorded benchmarks: what was measured, and what a slide shows of it.

mod aims;
mod picture;
mod table;

use serde_json::Value;

pub use aims::aims;
pub use picture::picture;
pub use table::lines;

use crate::checkpoint::nearest;
use crate::error::{Error, Result};
use crate::files::Files;

/// Where recorded runs lie, and their pictures.
const FOLDER: &str = "slides/bench";
const IMAGES: &str = "slides/images";

/// A run of a benchmark, as it was recorded.
#[derive(Debug, Clone)]
pub struct Run {
    /// What was measured, for the picture's last line.
    pub what: String,
    pub date: String,
    pub machine: String,
    /// Programs and crates with their versions.
    pub versions: Vec<(String, String)>,
    pub orders: u64,
    pub forms: Vec<Form>,
}

/// One way to the same result, and what it takes.
#[derive(Debug, Clone)]
pub struct Form {
    pub id: String,
    pub label: String,
    /// What it is given: `a list of dicts`.
    pub input: String,
    /// The id of the form that it is compared with; its own for none.
    pub against: String,
    /// CPU nanoseconds an order, and the bytes that it reads for one.
    pub nanoseconds: f64,
    pub bytes: f64,
    /// Whether it is a rung; what stands beside the ladder is not drawn.
    pub is_drawn: bool,
}

/// Where the run called `name` lies.
pub fn path(name: &str) -> String {
    format!("{FOLDER}/{name}.json")
}

/// Where the picture of the run called `name` lies.
pub fn image(name: &str) -> String {
    format!("{IMAGES}/{name}.svg")
}

/// Every recorded run among the files, by its name.
///
/// # Errors
/// `BadText` for one that cannot be read.
pub fn runs(files: &Files) -> Result<Vec<(String, Run)>> {
    let mut runs = Vec::new();
    for (file, found) in files.below(FOLDER).iter() {
        let Some(name) = file.strip_suffix(".json") else {
            continue;
        };
        let text = found.as_str().unwrap_or_default();
        runs.push((name.to_string(), Run::parse(&path(name), text)?));
    }
    Ok(runs)
}

impl Run {
    /// Read a run out of JSON; `path` is for the error.
    ///
    /// # Errors
    /// `BadText`, with the line where that is known.
    pub fn parse(path: &str, text: &str) -> Result<Self> {
        let bad = |line: usize, reason: String| Error::BadText {
            path: path.into(),
            line,
            reason,
            mend: "`stage bench ladder` writes it".into(),
        };
        let run: Value = serde_json::from_str(text).map_err(|error| {
            let reason = format!("it is not JSON: {error}");
            bad(error.line().max(1), reason)
        })?;
        Self::read(&run).map_err(|reason| bad(1, reason))
    }

    fn read(run: &Value) -> Result<Self, String> {
        let versions = run["versions"].as_object().ok_or("it has no `versions`")?;
        let forms = run["forms"].as_array().ok_or("it has no `forms`")?;
        let run = Self {
            what: text(run, "what")?,
            date: text(run, "date")?,
            machine: text(run, "machine")?,
            versions: versions
                .iter()
                .map(|(name, version)| {
                    let version = version.as_str().unwrap_or_default();
                    (name.clone(), version.to_string())
                })
                .collect(),
            orders: number(run, "orders")? as u64,
            forms: forms.iter().map(Form::read).collect::<Result<_, _>>()?,
        };
        for form in &run.forms {
            run.form(&form.against)?;
        }
        Ok(run)
    }

    /// The form with this id.
    ///
    /// # Errors
    /// What is wrong, with the nearest that there is.
    pub fn form(&self, id: &str) -> Result<&Form, String> {
        let found = self.forms.iter().find(|form| form.id == id);
        found.ok_or_else(|| {
            let near = nearest(id, self.forms.iter().map(|form| form.id.clone()));
            let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            format!("the run has no form `{id}`{near}")
        })
    }

    /// Programs and versions in one line.
    pub fn programs(&self) -> String {
        let named = |(name, version): &(String, String)| format!("{name} {version}");
        self.versions
            .iter()
            .map(named)
            .collect::<Vec<_>>()
            .join(", ")
    }
}

impl Form {
    fn read(form: &Value) -> Result<Self, String> {
        let nanoseconds = number(form, "nanoseconds")?;
        if nanoseconds <= 0.0 {
            return Err("a form takes no time".into());
        }
        Ok(Self {
            id: text(form, "id")?,
            label: text(form, "label")?,
            input: text(form, "input")?,
            against: text(form, "against")?,
            nanoseconds,
            bytes: number(form, "bytes")?,
            is_drawn: form["drawn"].as_bool().ok_or("no yes or no `drawn`")?,
        })
    }
}

fn text(of: &Value, name: &str) -> Result<String, String> {
    let found = of[name].as_str();
    found.map(String::from).ok_or(format!("no text `{name}`"))
}

fn number(of: &Value, name: &str) -> Result<f64, String> {
    of[name].as_f64().ok_or(format!("no number `{name}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A run with these nanoseconds; the second is compared with the first,
    /// the others with themselves.
    pub fn run_of(forms: &[(&str, f64)]) -> Run {
        let form = |(at, (id, nanoseconds)): (usize, &(&str, f64))| Form {
            id: id.to_string(),
            label: format!("form {id}"),
            input: if at < 2 { "lists" } else { "arrays" }.into(),
            against: forms[if at < 2 { 0 } else { at }].0.into(),
            nanoseconds: *nanoseconds,
            bytes: 17.0,
            is_drawn: true,
        };
        Run {
            what: "CPU ns".into(),
            date: "2026-11-23".into(),
            machine: "1 core".into(),
            versions: vec![("Python".into(), "3.11.7".into())],
            orders: 10,
            forms: forms.iter().enumerate().map(form).collect(),
        }
    }

    const TEXT: &str = r#"{ "what": "w", "date": "d", "machine": "m", "versions": { "Python": "3.11.7" },
        "orders": 10, "forms": [ { "id": "a", "label": "A", "input": "i", "against": "a",
        "nanoseconds": 2.5, "bytes": 0, "drawn": true } ] }"#;

    #[test]
    fn a_run_is_read() {
        let run = Run::parse("x", TEXT).unwrap();
        assert_eq!((run.orders, run.forms[0].nanoseconds), (10, 2.5));
        assert_eq!(run.programs(), "Python 3.11.7");
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        for (old, new, reason) in [
            ("\"orders\": 10", "\"oders\": 10", "no number `orders`"),
            ("\"id\": \"a\"", "\"id\": 1", "no text `id`"),
            ("2.5", "0", "a form takes no time"),
            ("\"against\": \"a\"", "\"against\": \"b\"", "no form `b`"),
            ("\"forms\": [", "\"forms\": ", "it is not JSON"),
            ("\"versions\"", "\"verions\"", "it has no `versions`"),
        ] {
            let error = Run::parse("x.json", &TEXT.replace(old, new)).unwrap_err();
            assert!(error.to_string().contains(reason), "{new}: {error}");
        }
    }
}
