//! What the ladder is to show, or the slides tell another story.

use super::Run;

/// Something that a run should reach, and what it has reached.
#[derive(Debug, Clone)]
pub struct Aim {
    pub what: &'static str,
    pub least: f64,
    pub reached: f64,
}

impl Aim {
    pub fn is_met(&self) -> bool {
        self.reached >= self.least
    }
}

/// The aims of a run of the ladder.
///
/// # Errors
/// The form that it has not, in words.
pub fn aims(run: &Run) -> Result<Vec<Aim>, String> {
    let form = |id| run.form(id);
    let (naive, columns) = (form("maps")?, form("columns")?);
    let (dicts, lists, sum) = (
        form("python-dicts")?,
        form("python-lists")?,
        form("numpy-sum")?,
    );
    let rate = |form: &super::Form| form.bytes / form.nanoseconds;
    Ok(vec![
        Aim {
            what: "hash maps in Rust, times slower than a loop in Python",
            least: 3.0,
            reached: naive.nanoseconds / dicts.nanoseconds,
        },
        Aim {
            what: "columns without a copy, times faster than a loop in Python",
            least: 35.0,
            reached: lists.nanoseconds / columns.nanoseconds,
        },
        Aim {
            what: "bytes a CPU-second without a copy, of those of NumPy's sum",
            least: 0.75,
            reached: rate(columns) / rate(sum),
        },
    ])
}

#[cfg(test)]
mod tests {
    use super::super::tests::run_of;
    use super::*;

    #[test]
    fn an_aim_is_met_or_not() {
        let run = run_of(&[
            ("python-dicts", 80.0),
            ("maps", 400.0),
            ("columns", 1.0),
            ("python-lists", 34.0),
            ("numpy-sum", 0.75),
        ]);
        let met: Vec<bool> = aims(&run).unwrap().iter().map(Aim::is_met).collect();
        assert_eq!(met, [true, false, true]);
        assert_eq!(aims(&run).unwrap()[0].reached, 5.0);
    }

    #[test]
    fn a_form_that_is_missing_is_named() {
        let error = aims(&run_of(&[("maps", 1.0), ("column", 1.0)])).unwrap_err();
        assert!(error.contains("did you mean `column`?"), "{error}");
    }
}
