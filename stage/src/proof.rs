//! Proving the material: each state laid out, built and tested.
//!
//! All states go through one scratch folder with one target folder, so PyO3 is
//! compiled once; only files that differ are written, so nothing else is
//! rebuilt. The file is long because all that is proved of a state stands side
//! by side in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::checkpoint::Point;
use crate::deck::{self, Fence, Kind, Page, Source};
use crate::error::{Error, Result};
use crate::files::{File, Files};
use crate::material::Section;
use crate::repo::Repo;
use crate::tools::{self, Ran};

/// What was found wrong: where, and what.
#[derive(Debug)]
pub struct Finding {
    pub place: String,
    pub what: String,
    pub detail: String,
}

impl Finding {
    pub fn new(
        place: impl Into<String>,
        what: impl Into<String>,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            place: place.into(),
            what: what.into(),
            detail: detail.into(),
        }
    }
}

/// The tests of one state, by node id.
#[derive(Debug, Default, Clone)]
pub struct Tests {
    pub passed: BTreeSet<String>,
    pub failed: BTreeSet<String>,
}

/// Where states are laid out.
pub struct Scratch<'a> {
    repo: &'a Repo,
    live: PathBuf,
    target: PathBuf,
}

impl<'a> Scratch<'a> {
    pub fn new(repo: &'a Repo) -> Self {
        let folder = repo.own().join("check");
        Self {
            repo,
            live: folder.join("live"),
            target: folder.join("target"),
        }
    }

    /// Make the scratch folder hold exactly `files`.
    pub fn lay_out(&self, files: &Files) -> Result<()> {
        for path in on_disk(&self.live) {
            if !files.contains_key(&path) {
                let place = self.live.join(&path);
                fs::remove_file(&place).map_err(Error::io("remove", &place))?;
            }
        }
        for (path, File { bytes, .. }) in files.iter() {
            let place = self.live.join(path);
            if fs::read(&place).is_ok_and(|old| old == *bytes) {
                continue;
            }
            let folder = place.parent().unwrap_or(&self.live);
            fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
            fs::write(&place, bytes).map_err(Error::io("write", &place))?;
        }
        Ok(())
    }

    /// Build what is laid out; `None` if it is pure Python.
    pub fn build(&self) -> Result<Option<Ran>> {
        tools::build(self.repo, &self.live, &self.target, true)
    }

    /// Run every test and say which passed.
    pub fn test(&self) -> Result<(Tests, String)> {
        let args = [
            "-rA",
            "--tb=short",
            "-p",
            "no:cacheprovider",
            "--continue-on-collection-errors",
        ];
        let ran = tools::pytest(self.repo, &self.live, &args.map(String::from), true)?;
        Ok((summary(&ran.printed), ran.printed))
    }

    /// Run the sessions and commands that slides show at this state.
    pub fn replay(&self, page: &Page, fence: &Fence) -> Result<Option<Finding>> {
        let place = format!("{}:{}", page.path, fence.line);
        let body = &page.text[fence.body.clone()];
        match &fence.kind {
            Kind::Session => self.session(&place, body),
            Kind::Output { command, exit } => self.output(&place, body, command, *exit),
            Kind::Source { .. } | Kind::Console => Ok(None),
        }
    }

    fn session(&self, place: &str, body: &str) -> Result<Option<Finding>> {
        let file = self.live.with_file_name("session.txt");
        fs::write(&file, body).map_err(Error::io("write", &file))?;
        let runner = "import doctest, sys\n\
             failed, tried = doctest.testfile(sys.argv[1], module_relative=False, optionflags=doctest.ELLIPSIS)\n\
             sys.exit(1 if failed or not tried else 0)";
        let mut python = tools::python(self.repo);
        python
            .args(["-c", runner])
            .arg(&file)
            .current_dir(&self.live)
            .env("PYTHONPATH", "python");
        let ran = tools::run(&mut python, true, "python -m doctest")?;
        Ok((!ran.ok).then(|| Finding::new(place, "Python says otherwise", ran.printed)))
    }

    fn output(&self, place: &str, body: &str, command: &str, exit: i32) -> Result<Option<Finding>> {
        let mut shell = tools::in_venv(self.repo, Command::new("sh"));
        shell
            .args(["-c", &format!("{command} 2>&1")])
            .current_dir(&self.live)
            .env("PYTHONPATH", "python");
        let ran = tools::run(&mut shell, true, "sh")?;
        let folder = self.live.display().to_string();
        let (shown, printed) = (
            deck::normal(body, &folder),
            deck::normal(&ran.printed, &folder),
        );
        let status = format!("exit status: {exit}");
        if shown != printed {
            let mut options = diffy::DiffOptions::new();
            options
                .set_original_filename("on the slide")
                .set_modified_filename("printed now");
            let difference = options
                .create_patch(&format!("{shown}\n"), &format!("{printed}\n"))
                .to_string();
            return Ok(Some(Finding::new(
                place,
                format!("`{command}` prints something else"),
                difference,
            )));
        }
        if ran.status != status {
            let what = format!("`{command}` ends with {}, not {status}", ran.status);
            return Ok(Some(Finding::new(place, what, String::new())));
        }
        Ok(None)
    }
}

/// Prove one section; `before` are the tests that its predecessor leaves green.
/// Returns what is wrong and the tests of the solution.
///
/// # Errors
/// When a program cannot be run or a file not be written: what is wrong with
/// the material is a finding, not an error.
pub fn section(
    scratch: &Scratch,
    section: &Section,
    before: &Tests,
    red: &str,
    pages: &[Page],
    said: &mut dyn FnMut(&str, &str),
) -> Result<(Vec<Finding>, Tests)> {
    let mut findings = Vec::new();
    let mut states = Vec::new();
    for state in section.states() {
        let tag = state.checkpoint.to_string();
        scratch.lay_out(state.files)?;
        if let Some(built) = scratch.build()? {
            if !built.ok {
                findings.push(Finding::new(&tag, "does not build", built.printed));
            } else if !built.printed.trim().is_empty() {
                findings.push(Finding::new(&tag, "builds with warnings", built.printed));
            }
        }
        let (tests, printed) = scratch.test()?;
        for page in pages {
            for fence in deck::fences(page)?
                .iter()
                .filter(|fence| fence.at == state.checkpoint)
            {
                findings.extend(scratch.replay(page, fence)?);
            }
        }
        said(
            &tag,
            &format!(
                "{} passed, {} failed",
                tests.passed.len(),
                tests.failed.len()
            ),
        );
        states.push((state.checkpoint.point, tag, tests, printed));
    }
    let Some((_, _, done, _)) = states.last().cloned() else {
        return Ok((findings, Tests::default()));
    };
    let own: BTreeSet<&String> = done
        .passed
        .union(&done.failed)
        .filter(|test| !before.passed.contains(*test))
        .collect();
    let mut green = before.passed.clone();
    for (point, tag, tests, printed) in &states {
        match point {
            Point::Start => findings.extend(start(tag, tests, printed, &own, red)),
            Point::Step(number) => {
                let claims = &section.steps[number - 1].0.green;
                findings.extend(step(tag, tests, claims, printed));
            }
            Point::Done if !tests.failed.is_empty() || tests.passed.is_empty() => {
                findings.push(Finding::new(
                    tag,
                    "its tests fail",
                    list(&tests.failed) + &tail(printed),
                ));
            }
            Point::Done => {}
        }
        // Whatever was green stays green: an edit on stage breaks nothing.
        let broken: BTreeSet<String> = green
            .iter()
            .filter(|test| !tests.passed.contains(*test))
            .cloned()
            .collect();
        if !broken.is_empty() {
            findings.push(Finding::new(
                tag,
                "breaks tests that passed before",
                list(&broken) + &tail(printed),
            ));
        }
        green = tests.passed.clone();
    }
    Ok((findings, done))
}

fn start(
    tag: &str,
    tests: &Tests,
    printed: &str,
    own: &BTreeSet<&String>,
    red: &str,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let passing: BTreeSet<String> = own
        .iter()
        .filter(|test| tests.passed.contains(**test))
        .map(|test| test.to_string())
        .collect();
    if own.is_empty() {
        findings.push(Finding::new(
            tag,
            "the section has no tests of its own",
            String::new(),
        ));
    }
    if !passing.is_empty() {
        findings.push(Finding::new(
            tag,
            "tests of this section pass before anything is typed",
            list(&passing),
        ));
    }
    if !printed.contains(red) {
        let what = format!("it is not red for the reason that the slides give: `{red}`");
        findings.push(Finding::new(tag, what, tail(printed)));
    }
    findings
}

fn step(tag: &str, tests: &Tests, claims: &[String], printed: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    if claims.is_empty() {
        findings.push(Finding::new(
            tag,
            "the step claims no test",
            "add `Green: …` to its patch".to_string(),
        ));
    }
    for claim in claims {
        let is_claimed = |test: &&String| {
            test.strip_prefix(claim.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['[', ':']))
        };
        let failing: BTreeSet<String> = tests.failed.iter().filter(is_claimed).cloned().collect();
        if !tests.passed.iter().any(|test| is_claimed(&test)) || !failing.is_empty() {
            findings.push(Finding::new(
                tag,
                format!("`{claim}` is not green"),
                list(&failing) + &tail(printed),
            ));
        }
    }
    findings
}

/// Findings that need no state to be built: stale snippets, code too large for
/// a slide, lock files that disagree.
///
/// # Errors
/// `BadText` for a fence that cannot be read or has no source.
pub fn text(pages: &[Page], source: &Source, sections: &[Section]) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for page in pages {
        for stale in deck::stale(page, source)? {
            let place = format!("{}:{}", stale.path, stale.line);
            findings.push(Finding::new(
                place,
                "the code is not what its source says: `stage deck sync`",
                stale.difference,
            ));
        }
        for slide in &page.outline.slides {
            let place = format!("{}:{}", page.path, slide.line);
            if let Err(reason) = source.check_tag(&slide.at.to_string()) {
                findings.push(Finding::new(&place, reason, String::new()));
            }
            let text = &page.text[slide.text.clone()];
            if slide.factual && !(text.contains("class=\"source\"") && text.contains("seen 20")) {
                let what = "it states facts about the world and cites nobody";
                let mend = "add `<small class=\"source\">Source: who, \"what\", address, date; seen 2026-11-23.</small>`";
                findings.push(Finding::new(&place, what, mend));
            }
        }
        for fence in deck::fences(page)? {
            let body = &page.text[fence.body.clone()];
            let (lines, columns) = (
                body.lines().count(),
                body.lines()
                    .map(|line| line.chars().count())
                    .max()
                    .unwrap_or(0),
            );
            if lines > LINES || columns > COLUMNS {
                let what = format!(
                    "{lines} lines by {columns} columns; a slide holds {LINES} by {COLUMNS}"
                );
                findings.push(Finding::new(
                    format!("{}:{}", page.path, fence.line),
                    what,
                    String::new(),
                ));
            }
        }
    }
    findings.extend(locks(sections));
    Ok(findings)
}

/// What can be read from the last row.
const LINES: usize = 16;
const COLUMNS: usize = 66;

/// A crate that two checkpoints use has the same versions in both.
fn locks(sections: &[Section]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut known: std::collections::BTreeMap<String, (BTreeSet<String>, String)> =
        Default::default();
    for section in sections {
        let Some(lock) = section.done.get("Cargo.lock").and_then(File::as_str) else {
            continue;
        };
        let mut versions: std::collections::BTreeMap<String, BTreeSet<String>> = Default::default();
        let table: toml::Table = lock.parse().unwrap_or_default();
        for package in table
            .get("package")
            .and_then(|list| list.as_array())
            .into_iter()
            .flatten()
        {
            let word = |key| {
                package
                    .get(key)
                    .and_then(|value| value.as_str())
                    .unwrap_or_default()
                    .to_string()
            };
            versions
                .entry(word("name"))
                .or_default()
                .insert(word("version"));
        }
        for (name, here) in versions {
            match known.get(&name) {
                Some((there, stem)) if *there != here => {
                    let what = format!(
                        "`{name}` is {} here and {} in {stem}",
                        join(&here),
                        join(there)
                    );
                    findings.push(Finding::new(
                        format!("solutions/{}/Cargo.lock", section.stem),
                        what,
                        String::new(),
                    ));
                }
                Some(_) => {}
                None => {
                    known.insert(name, (here, section.stem.clone()));
                }
            }
        }
    }
    findings
}

/// Read pytest's short summary: `PASSED tests/test_a.py::test_b`.
fn summary(printed: &str) -> Tests {
    let mut tests = Tests::default();
    let lines = printed
        .lines()
        .skip_while(|line| !line.contains("short test summary info"));
    for line in lines {
        let Some((word, rest)) = line.split_once(' ') else {
            continue;
        };
        let test = rest.split(" - ").next().unwrap_or(rest).to_string();
        match word {
            "PASSED" => tests.passed.insert(test),
            "FAILED" | "ERROR" => tests.failed.insert(test),
            _ => continue,
        };
    }
    tests
}

/// Every file below a folder but what building and testing leaves there.
fn on_disk(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![(folder.to_path_buf(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            if entry.path().is_dir() {
                if name != "__pycache__" {
                    folders.push((entry.path(), format!("{path}/")));
                }
            } else if !name.ends_with(".so") && !name.ends_with(".pyd") {
                found.push(path);
            }
        }
    }
    found
}

fn list(names: &BTreeSet<String>) -> String {
    names.iter().map(|name| format!("{name}\n")).collect()
}

fn join(names: &BTreeSet<String>) -> String {
    names.iter().cloned().collect::<Vec<_>>().join(" and ")
}

fn tail(printed: &str) -> String {
    let lines: Vec<&str> = printed.lines().collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_tells_passed_from_failed() {
        let printed = "PASSED not/this\n=== short test summary info ===\nPASSED tests/test_a.py::test_b[1-2]\n\
             FAILED tests/test_a.py::test_c - assert 1 == 2\nERROR tests/test_d.py - ImportError: no\n1 failed\n";
        let tests = summary(printed);
        assert_eq!(list(&tests.passed), "tests/test_a.py::test_b[1-2]\n");
        assert_eq!(
            list(&tests.failed),
            "tests/test_a.py::test_c\ntests/test_d.py\n"
        );
    }

    #[test]
    fn a_claim_that_nothing_matches_is_found() {
        let tests = Tests {
            passed: ["t.py::test_ab".to_string()].into(),
            failed: BTreeSet::new(),
        };
        let found = |claim: &str| step("03-classes-1", &tests, &[claim.to_string()], "").len();
        assert_eq!(
            (
                found("t.py"),
                found("t.py::test_ab"),
                found("t.py::test_a"),
                found("u.py")
            ),
            (0, 0, 1, 1)
        );
    }

    #[test]
    fn a_test_that_passes_before_anything_is_typed_is_found() {
        let tests = Tests {
            passed: ["t.py::a".to_string()].into(),
            failed: ["t.py::b".to_string()].into(),
        };
        let (a, b) = ("t.py::a".to_string(), "t.py::b".to_string());
        assert_eq!(
            start(
                "s",
                &tests,
                "cannot import",
                &[&a, &b].into(),
                "cannot import"
            )
            .len(),
            1
        );
        assert_eq!(
            start("s", &tests, "cannot import", &[&b].into(), "cannot import").len(),
            0
        );
        assert_eq!(
            start("s", &tests, "something else", &[&b].into(), "cannot import").len(),
            1
        );
    }
}
