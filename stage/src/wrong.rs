//! Wrong solutions: what a learner would plausibly write, as a patch of the
//! section's solution, and the tests that reject it.

use std::collections::BTreeSet;

use crate::authoring;
use crate::checkpoint::nearest;
use crate::error::{Error, Result};
use crate::files::Files;
use crate::material::Section;
use crate::patch::{self, Patch, Words};

/// Where they are kept: `tests/wrong/03-classes/rounds-down.patch`.
pub const FOLDER: &str = "tests/wrong";

const WORDS: Words = Words {
    title: "why it is wrong",
    labels: &["Rejected"],
};

/// One wrong solution.
#[derive(Debug, Clone)]
pub struct Wrong {
    pub stem: String,
    pub name: String,
    pub patch: Patch,
    /// The whole of `live/` with the mistake in it.
    pub files: Files,
}

/// The path of a wrong solution.
pub fn path(stem: &str, name: &str) -> String {
    format!("{FOLDER}/{stem}/{name}.patch")
}

/// Whether a wrong solution may be called `name`.
pub fn is_name(name: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    name.split('-').all(is_word)
}

/// Read every wrong solution, in order.
///
/// # Errors
/// `BadText` for what does not belong there, cannot be read, does not fit its
/// solution, changes nothing or its tests, or is there twice.
pub fn read(material: &Files, sections: &[Section]) -> Result<Vec<Wrong>> {
    let mut all: Vec<Wrong> = Vec::new();
    for path in paths(material) {
        let wrong = one(path, material, sections)?;
        let is_same = |other: &&Wrong| other.stem == wrong.stem && other.files == wrong.files;
        if let Some(other) = all.iter().find(is_same) {
            let reason = format!("it is the same wrong solution as `{}`", other.patch.path);
            return Err(bad(path, reason, "delete one of the two".into()));
        }
        all.push(wrong);
    }
    Ok(all)
}

/// Every wrong solution that can be read, whatever is wrong with the others.
pub fn readable(material: &Files, sections: &[Section]) -> Vec<Wrong> {
    let read = |path: &String| one(path, material, sections).ok();
    paths(material).filter_map(read).collect()
}

/// Why the wrong solution at `path` is wrong, even if it no longer fits.
pub fn title(path: &str, material: &Files) -> Option<String> {
    parse(path, material).ok().map(|patch| patch.title)
}

fn paths(material: &Files) -> impl Iterator<Item = &String> {
    let is_ours = |path: &&String| {
        path.strip_prefix(FOLDER)
            .is_some_and(|rest| rest.starts_with('/'))
    };
    material.keys().filter(is_ours)
}

fn one(path: &str, material: &Files, sections: &[Section]) -> Result<Wrong> {
    let (section, name) = place(path, sections)?;
    let patch = parse(path, material)?;
    let applied = patch.apply(&section.done);
    let files = applied.map_err(|error| own(error, section, &name))?;
    check(&patch, &files, section, &name)?;
    Ok(Wrong {
        stem: section.stem.clone(),
        name,
        patch,
        files,
    })
}

/// The tests that a patch says reject it: node ids or their beginnings.
pub fn rejected(patch: &Patch) -> Vec<String> {
    patch.labelled("Rejected")
}

/// The text of a patch file that makes `wrong` out of `done`.
pub fn write(title: &str, rejected: &[String], done: &Files, wrong: &Files) -> String {
    let lines = rejected.iter().map(|test| ("Rejected", test));
    patch::write(title, lines, done, wrong)
}

/// The fewest names for `failed`: a test whose every case fails goes by its own.
pub fn names_of(failed: &BTreeSet<String>, all: &BTreeSet<String>) -> Vec<String> {
    let test = |case: &str| case.split('[').next().unwrap_or(case).to_string();
    let mut names: Vec<String> = Vec::new();
    for case in failed {
        let whole = test(case);
        let is_whole = all
            .iter()
            .filter(|other| test(other) == whole)
            .all(|other| failed.contains(other));
        let name = if is_whole { whole } else { case.clone() };
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Carry the edit of the solutions, `old` to `now`, into every wrong solution:
/// its path and what the file must say, or why it no longer fits.
///
/// A patch that is as it was `committed` belongs to the old solution. Any other
/// was written since, for the new one or before the edit.
pub fn carried<'a>(
    material: &'a Files,
    committed: &'a Files,
    old: &'a [Section],
    now: &'a [Section],
) -> impl Iterator<Item = Result<(String, String)>> {
    let carry = |path: &String| {
        let (section, name) = place(path, now)?;
        let patch = parse(path, material)?;
        let before = old.iter().find(|old| old.stem == section.stem);
        let then = parse(path, committed)
            .ok()
            .filter(|then| marks(&then.diff) == marks(&patch.diff));
        let files = match (before, then) {
            (Some(before), Some(then)) => brought(&then, before, section, &name)?,
            (before, _) => match (patch.apply(&section.done), before) {
                (Ok(files), _) => files,
                (Err(_), Some(before)) if patch.apply(&before.done).is_ok() => {
                    brought(&patch, before, section, &name)?
                }
                (Err(error), _) => return Err(own(error, section, &name)),
            },
        };
        check(&patch, &files, section, &name)?;
        let text = write(&patch.title, &rejected(&patch), &section.done, &files);
        Ok((path.clone(), text))
    };
    paths(material).map(carry)
}

/// The wrong solution `patch` of the solution `old`, with the edit since.
fn brought(patch: &Patch, old: &Section, now: &Section, name: &str) -> Result<Files> {
    let was = patch
        .apply(&old.done)
        .map_err(|error| own(error, now, name))?;
    let carried = authoring::carried_files(&was, &old.done, &now.done);
    let mut files = carried.map_err(|misfit| Error::BadText {
        path: format!("solutions/{}/{}", now.stem, misfit.file),
        line: misfit.line,
        reason: format!(
            "the edit of the solution does not fit `{}`, which has no `{}`",
            patch.path, misfit.text
        ),
        mend: format!("commit the solution, `stage tags`, {}", again(now, name)),
    })?;
    for (path, file) in now.done.iter() {
        if !old.done.contains_key(path) && !files.contains_key(path) {
            files.insert(path.clone(), file.clone());
        }
    }
    Ok(files)
}

/// The lines that a diff takes away and puts in, without where they stand.
fn marks(diff: &str) -> Vec<&str> {
    diff.lines()
        .filter(|line| line.starts_with(['+', '-']))
        .collect()
}

/// The section and the name that a path stands for.
fn place<'a>(path: &str, sections: &'a [Section]) -> Result<(&'a Section, String)> {
    let parts: Vec<&str> = path[FOLDER.len() + 1..].split('/').collect();
    let name = match parts[..] {
        [_, file] => file.strip_suffix(".patch").filter(|name| is_name(name)),
        _ => None,
    };
    let Some(name) = name else {
        let reason = "it is no wrong solution".into();
        let mend = format!(
            "call it like `{}`, or move it away",
            self::path("03-classes", "rounds-down")
        );
        return Err(bad(path, reason, mend));
    };
    let stem = parts[0];
    let Some(section) = sections.iter().find(|section| section.stem == stem) else {
        let stems = sections.iter().map(|section| section.stem.clone());
        let near =
            nearest(stem, stems).map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        let reason = format!("no section is called `{stem}`{near}");
        return Err(bad(path, reason, "rename the folder, or delete it".into()));
    };
    Ok((section, name.into()))
}

fn parse(path: &str, material: &Files) -> Result<Patch> {
    let text = material.get(path).and_then(|file| file.as_str());
    let text =
        text.ok_or_else(|| bad(path, "it is not UTF-8".into(), "save it as UTF-8".into()))?;
    Patch::parse(path, text, &WORDS).map_err(|error| match error {
        Error::BadPatch { line, reason, .. } => Error::BadText {
            path: path.into(),
            line,
            reason: format!("cannot read the wrong solution: {reason}"),
            mend: "write it like `10 percent off 599 gives 539, a cent too little`".into(),
        },
        other => other,
    })
}

fn check(patch: &Patch, files: &Files, section: &Section, name: &str) -> Result<()> {
    if patch.diff.is_empty() {
        return Err(bad(
            &patch.path,
            "it has no diff".into(),
            again(section, name),
        ));
    }
    if *files == section.done {
        let reason = "it changes nothing: it is the solution".into();
        return Err(bad(&patch.path, reason, again(section, name)));
    }
    let differing = files.differing(&section.done);
    if let Some(test) = differing.iter().find(|path| path.starts_with("tests/")) {
        let reason = format!("it changes `{test}`: tests that are changed reject nothing");
        return Err(bad(&patch.path, reason, again(section, name)));
    }
    Ok(())
}

/// What a patch says of itself as a step, said of a wrong solution.
fn own(error: Error, section: &Section, name: &str) -> Error {
    match error {
        Error::BadPatch { path, line, reason } => Error::BadText {
            path,
            line,
            reason: format!("cannot read the wrong solution: {reason}"),
            mend: again(section, name),
        },
        Error::PatchDoesNotFit {
            patch,
            file,
            reason,
        } => {
            let reason = format!(
                "the wrong solution does not fit `solutions/{}/{file}`: {reason}",
                section.stem
            );
            let mend = format!(
                "`stage steps refresh` after an edit of the solution; or {}",
                again(section, name)
            );
            bad(&patch, reason, mend)
        }
        other => other,
    }
}

/// How an author makes a wrong solution, or makes it anew.
pub fn again(section: &Section, name: &str) -> String {
    let stem = &section.stem;
    format!("`stage go {stem}-done`, make the mistake in `live/`, `stage wrong save {stem} {name}`")
}

fn bad(path: &str, reason: String, mend: String) -> Error {
    Error::BadText {
        path: path.into(),
        line: 1,
        reason,
        mend,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| name.to_string()).collect()
    }

    #[test]
    fn a_test_whose_every_case_fails_goes_by_its_own_name() {
        let all = set(&[
            "t.py::a[1]",
            "t.py::a[2]",
            "t.py::b[1]",
            "t.py::b[2]",
            "t.py::c",
        ]);
        let failed = set(&["t.py::a[1]", "t.py::a[2]", "t.py::b[2]", "t.py::c"]);
        assert_eq!(
            names_of(&failed, &all),
            ["t.py::a", "t.py::b[2]", "t.py::c"]
        );
    }

    #[test]
    fn a_name_is_lower_case_words() {
        let good = ["rounds-down", "f64-ceil", "minus1"];
        let bad = ["", "Rounds", "rounds_down", "-x", "x--y", "a.b"];
        assert!(good.into_iter().all(is_name));
        assert!(!bad.into_iter().any(is_name));
    }
}
