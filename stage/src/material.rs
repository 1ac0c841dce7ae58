//! The material: what `solutions/` and `slides/steps/` say each checkpoint is.

use crate::checkpoint::{Checkpoint, Order, Point, is_stem};
use crate::error::{Error, Result};
use crate::files::Files;
use crate::step::{Header, Step};

/// The folders that the material is read from.
pub const FOLDERS: [&str; 2] = ["slides/steps", "solutions"];

/// A section's states, start to done.
#[derive(Debug, Clone)]
pub struct Section {
    pub stem: String,
    pub start: Files,
    pub steps: Vec<(Header, Files)>,
    pub done: Files,
}

/// A checkpoint, its files, and the words for its commit.
#[derive(Debug)]
pub struct State<'a> {
    pub checkpoint: Checkpoint,
    pub title: String,
    pub files: &'a Files,
}

impl Section {
    /// The section's states in order.
    pub fn states(&self) -> Vec<State<'_>> {
        let state = |point, title: &str, files| State {
            checkpoint: Checkpoint {
                stem: self.stem.clone(),
                point,
            },
            title: title.into(),
            files,
        };
        let mut states = vec![state(Point::Start, "the section's tests, red", &self.start)];
        for (at, (header, files)) in self.steps.iter().enumerate() {
            states.push(state(Point::Step(at + 1), &header.title, files));
        }
        states.push(state(Point::Done, "the solution", &self.done));
        states
    }
}

/// Work out every section's states.
///
/// A start is the section before with this section's tests; the first section
/// has none before it, so its start is its own solution with `start.patch`
/// taken off. Each step applies one patch to the state before it.
///
/// # Errors
/// `BadStem`, `BadPatch`, `PatchDoesNotFit`, `MissingSolution` for steps that
/// belong to no solution.
pub fn sections(material: &Files) -> Result<Vec<Section>> {
    let stems = material.names_in("solutions");
    if let Some(name) = stems.iter().find(|name| !is_stem(name)) {
        return Err(Error::BadStem {
            path: format!("solutions/{name}"),
        });
    }
    if let Some(stem) = material
        .names_in("slides/steps")
        .into_iter()
        .find(|name| !stems.contains(name))
    {
        return Err(Error::MissingSolution { stem });
    }
    let mut sections: Vec<Section> = Vec::new();
    for stem in stems {
        let done = material.below(&format!("solutions/{stem}"));
        let before = sections.last().map_or(&done, |section| &section.done);
        let mut start = before.with_folder_of("tests", &done);
        if let Some(patch) = patch(material, &stem, "start")? {
            start = patch.apply(&start)?;
        }
        let mut steps: Vec<(Header, Files)> = Vec::new();
        while let Some(step) = patch(material, &stem, &(steps.len() + 1).to_string())? {
            let before = steps.last().map_or(&start, |(_, files)| files);
            let after = with_lock(step.apply(before)?, &done);
            steps.push((step.header, after));
        }
        let stored = material.names_in(&format!("slides/steps/{stem}"));
        let read = stored
            .iter()
            .filter(|name| name.ends_with(".patch") && *name != "start.patch")
            .count();
        if read != steps.len() {
            let path = format!("slides/steps/{stem}/{}.patch", steps.len() + 1);
            let reason = format!(
                "the steps must be numbered from 1 on; {} stand there",
                stored.join(", ")
            );
            return Err(Error::BadPatch {
                path,
                line: 1,
                reason,
            });
        }
        sections.push(Section {
            stem,
            start,
            steps,
            done,
        });
    }
    Ok(sections)
}

/// The sections and how many steps each has, read from the names alone.
pub fn order(stems: &[String], step_names: impl Fn(&str) -> Vec<String>) -> Order {
    let steps = |stem: &String| {
        let names = step_names(stem);
        (1..)
            .take_while(|number| names.contains(&format!("{number}.patch")))
            .count()
    };
    Order(
        stems
            .iter()
            .filter(|stem| is_stem(stem))
            .map(|stem| (stem.clone(), steps(stem)))
            .collect(),
    )
}

fn patch(material: &Files, stem: &str, name: &str) -> Result<Option<Step>> {
    let path = format!("slides/steps/{stem}/{name}.patch");
    let Some(file) = material.get(&path) else {
        return Ok(None);
    };
    let unreadable = || Error::BadPatch {
        path: path.clone(),
        line: 1,
        reason: "it is not UTF-8".into(),
    };
    Step::parse(&path, file.as_str().ok_or_else(unreadable)?).map(Some)
}

/// `Cargo.lock` follows `Cargo.toml`: it is the solution's as soon as that is.
fn with_lock(mut files: Files, done: &Files) -> Files {
    if files.get("Cargo.toml").is_some() && files.get("Cargo.toml") == done.get("Cargo.toml") {
        if let Some(lock) = done.get("Cargo.lock") {
            files.insert("Cargo.lock".into(), lock.clone());
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::File;

    fn material(pairs: &[(&str, &str)]) -> Files {
        Files(
            pairs
                .iter()
                .map(|(path, text)| (path.to_string(), File::text(*text)))
                .collect(),
        )
    }

    const STEP: &str =
        "c is added\n\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,3 @@\n a\n b\n+c\n";
    const TAKEN_OFF: &str =
        "nothing yet\n\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1 @@\n a\n-b\n";

    fn two_sections() -> Files {
        material(&[
            ("solutions/01-a/x", "a\nb\n"),
            ("solutions/01-a/tests/one", "1"),
            ("solutions/02-b/x", "a\nb\nc\nd\n"),
            ("solutions/02-b/tests/two", "2"),
            ("slides/steps/01-a/start.patch", TAKEN_OFF),
            ("slides/steps/02-b/1.patch", STEP),
        ])
    }

    #[test]
    fn a_start_is_the_section_before_with_the_new_tests() {
        let sections = sections(&two_sections()).unwrap();
        assert_eq!(
            sections[1].start,
            material(&[("tests/two", "2"), ("x", "a\nb\n")])
        );
        assert_eq!(
            sections[1].steps[0].1,
            material(&[("tests/two", "2"), ("x", "a\nb\nc\n")])
        );
    }

    #[test]
    fn the_first_start_is_its_solution_with_something_taken_off() {
        let sections = sections(&two_sections()).unwrap();
        assert_eq!(
            sections[0].start,
            material(&[("tests/one", "1"), ("x", "a\n")])
        );
    }

    #[test]
    fn the_lock_file_comes_with_its_manifest() {
        let mut files = two_sections();
        files.insert(
            "solutions/02-b/Cargo.toml".into(),
            File::text("[package]\n"),
        );
        files.insert("solutions/02-b/Cargo.lock".into(), File::text("locked\n"));
        let adds = "diff --git a/Cargo.toml b/Cargo.toml\nnew file mode 100644\n--- /dev/null\n+++ b/Cargo.toml\n@@ -0,0 +1 @@\n+[package]\n";
        files.insert(
            "slides/steps/02-b/1.patch".into(),
            File::text(format!("a manifest\n\n{adds}")),
        );
        let sections = sections(&files).unwrap();
        assert_eq!(
            sections[1].steps[0].1.get("Cargo.lock"),
            Some(&File::text("locked\n"))
        );
    }

    #[test]
    fn a_gap_in_the_steps_is_refused() {
        let mut files = two_sections();
        files.insert("slides/steps/02-b/3.patch".into(), File::text(STEP));
        assert!(
            sections(&files)
                .unwrap_err()
                .to_string()
                .contains("numbered from 1 on")
        );
    }

    #[test]
    fn steps_without_a_solution_are_refused() {
        let mut files = two_sections();
        files.insert("slides/steps/03-c/1.patch".into(), File::text(STEP));
        assert!(
            matches!(sections(&files), Err(Error::MissingSolution { ref stem }) if stem == "03-c")
        );
    }

    #[test]
    fn a_solution_with_a_bad_name_is_refused() {
        let files = material(&[("solutions/3-c/x", "")]);
        assert!(matches!(sections(&files), Err(Error::BadStem { .. })));
    }
}
