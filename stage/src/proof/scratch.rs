//! The scratch folder: a state laid out, built, tested, its sessions replayed.
//!
//! All states go through one folder with one target folder, so PyO3 is compiled
//! once; only files that differ are written, so nothing else is rebuilt.
//! Commands of slides run here with a time limit, and in a process group.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::{Finding, Tests};
use crate::deck::{self, Fence, Kind, Normal, Page};
use crate::error::{Error, Result};
use crate::files::{File, Files};
use crate::repo::Repo;
use crate::tools::{self, End, Ran};

/// How pytest is asked for every test's name and fate.
const ARGS: [&str; 5] = [
    "-rA",
    "--tb=short",
    "-p",
    "no:cacheprovider",
    "--continue-on-collection-errors",
];

/// Where states are laid out.
pub struct Scratch<'a> {
    pub(super) repo: &'a Repo,
    pub(super) live: PathBuf,
    pub(super) target: PathBuf,
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
            if place.is_dir() {
                fs::remove_dir_all(&place).map_err(Error::io("remove", &place))?;
            }
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
        let ran = tools::pytest(self.repo, &self.live, &ARGS.map(String::from), true)?;
        Ok((summary(&ran.printed), ran.printed))
    }

    /// The same for code that may never end.
    pub fn test_within(&self, limit: Duration) -> Result<(End, Tests, String)> {
        let args = ARGS.map(String::from);
        let (end, printed) = tools::pytest_within(self.repo, &self.live, &args, limit)?;
        Ok((end, summary(&printed), printed))
    }

    /// Prove what a fence shows by running it at this state, which is laid out
    /// and built. What has a source is proved without.
    pub fn replay(&self, page: &Page, fence: &Fence, files: &Files) -> Result<Option<Finding>> {
        let body = &page.text[fence.body.clone()];
        match &fence.kind {
            Kind::Session => self.session(page, fence, body),
            Kind::Refused { code, file } => {
                let refused = self.refused(page, fence, (code, file), files)?;
                Ok(refused.err())
            }
            Kind::Output { .. } | Kind::Message { .. } => match self.print(page, fence, files)? {
                Ok(printed) => Ok(self.compare(page, fence, &printed)),
                Err(finding) => Ok(Some(finding)),
            },
            Kind::Console => self.console(page, fence, body),
            Kind::Source { .. } | Kind::Change { .. } => Ok(None),
        }
    }

    /// What a fence with a recorded body must show, or why nothing is recorded.
    pub fn print(
        &self,
        page: &Page,
        fence: &Fence,
        files: &Files,
    ) -> Result<Result<Printed, Finding>> {
        match &fence.kind {
            Kind::Output { command, exit } => self.output(page, fence, command, *exit),
            Kind::Message { of, .. } => {
                let fences = deck::fences(page)?;
                let refused = fences.iter().find(|fence| fence.line == *of);
                match refused.map(|fence| (fence, &fence.kind)) {
                    Some((of, Kind::Refused { code, file })) => {
                        self.refused(page, of, (code, file), files)
                    }
                    _ => Ok(Err(found(page, fence, "its code is gone", ""))),
                }
            }
            _ => Ok(Ok(Printed::default())),
        }
    }

    /// The difference between a recorded body and what is printed now.
    pub fn compare(&self, page: &Page, fence: &Fence, printed: &Printed) -> Option<Finding> {
        let normal = self.normal();
        let mut shown = normal.compared(&page.text[fence.body.clone()]);
        let mut now = normal.compared(&printed.text);
        let what = match &fence.kind {
            Kind::Message { with, .. } => {
                // Another compiler may say the same in other words.
                if with.is_some() && *with != printed.with {
                    shown = codes(&shown);
                    now = codes(&now);
                }
                "the compiler says something else".to_string()
            }
            Kind::Output { command, .. } => format!("`{command}` prints something else"),
            _ => return None,
        };
        if shown == now {
            return None;
        }
        let mut options = diffy::DiffOptions::new();
        options
            .set_original_filename("on the slide")
            .set_modified_filename("printed now");
        let difference = options.create_patch(&shown, &now).to_string();
        let what = format!("{what}: `stage deck record`");
        Some(found(page, fence, what, difference))
    }

    pub fn normal(&self) -> Normal {
        let folder = |path: &Path| path.display().to_string();
        Normal::new(&folder(&self.live), &folder(&self.repo.root))
    }

    /// Each command that a person types is one, here or at the repository's top.
    fn console(&self, page: &Page, fence: &Fence, body: &str) -> Result<Option<Finding>> {
        let lines = body.lines().filter_map(|line| line.strip_prefix("$ "));
        for program in lines.filter_map(|line| line.split_whitespace().next()) {
            let script = "command -v \"$0\" || { cd \"$1\" && command -v \"$0\"; }";
            let mut shell = tools::in_venv(self.repo, Command::new("sh"));
            shell.args(["-c", script, program]).arg(&self.repo.root);
            shell.current_dir(&self.live);
            let (end, _) = tools::run_within(&mut shell, fence.limit, "sh")?;
            if end != End::Exit(0) {
                let what = format!("`{program}` is no command");
                return Ok(Some(found(page, fence, what, "")));
            }
        }
        Ok(None)
    }

    fn session(&self, page: &Page, fence: &Fence, body: &str) -> Result<Option<Finding>> {
        let file = self.live.with_file_name("session.txt");
        fs::write(&file, body).map_err(Error::io("write", &file))?;
        let runner = "import doctest, os, sys\n\
             os.dup2(1, 2)\n\
             failed, tried = doctest.testfile(sys.argv[1], module_relative=False, optionflags=doctest.ELLIPSIS)\n\
             sys.exit(1 if failed or not tried else 0)";
        let mut python = tools::python(self.repo);
        python
            .args(["-c", runner])
            .arg(&file)
            .current_dir(&self.live)
            .env("PYTHONPATH", "python");
        let (end, printed) = tools::run_within(&mut python, fence.limit, "python -m doctest")?;
        Ok(match end {
            End::Exit(0) => None,
            End::Exit(_) => Some(found(page, fence, "Python says otherwise", printed)),
            End::Late | End::Endless => Some(found(
                page,
                fence,
                unfinished("the session", end, fence),
                printed,
            )),
        })
    }

    fn output(
        &self,
        page: &Page,
        fence: &Fence,
        command: &str,
        exit: i32,
    ) -> Result<Result<Printed, Finding>> {
        let mut shell = tools::in_venv(self.repo, Command::new("sh"));
        shell
            .args(["-c", &format!("exec 2>&1\n{command}")])
            .current_dir(&self.live)
            .env("PYTHONPATH", "python");
        let (end, printed) = tools::run_within(&mut shell, fence.limit, "sh")?;
        let what = match end {
            End::Exit(code) if code == exit => {
                let text = self.normal().shown(&printed);
                return Ok(Ok(Printed { text, with: None }));
            }
            End::Exit(code) if code > 128 => {
                let signal = code - 128;
                format!(
                    "`{command}` was ended by signal {signal} (exit status {code}), not by exit status {exit}"
                )
            }
            End::Exit(code) => format!("`{command}` ends with exit status {code}, not {exit}"),
            End::Late | End::Endless => unfinished(&format!("`{command}`"), end, fence),
        };
        Ok(Err(found(page, fence, what, last(&printed))))
    }
}

/// What a fence with a recorded body must show.
#[derive(Debug, Default)]
pub struct Printed {
    pub text: String,
    /// Whose words they are, if another version may choose others.
    pub with: Option<String>,
}

pub(super) fn found(
    page: &Page,
    fence: &Fence,
    what: impl Into<String>,
    detail: impl Into<String>,
) -> Finding {
    Finding::new(format!("{}:{}", page.path, fence.line), what, detail)
}

fn unfinished(what: &str, end: End, fence: &Fence) -> String {
    match end {
        End::Endless => format!("{what} prints more than any slide can hold, and was stopped"),
        _ => {
            let seconds = fence.limit.as_secs();
            format!(
                "{what} did not end within {seconds} s, and was stopped; `limit=` gives it longer"
            )
        }
    }
}

/// The lines that name an error of the compiler, by their codes.
fn codes(text: &str) -> String {
    let code = |line: &str| {
        Some(format!(
            "{}]\n",
            line.strip_prefix("error[")?.split_once(']')?.0
        ))
    };
    text.lines().filter_map(code).collect()
}

fn last(printed: &str) -> String {
    let lines: Vec<&str> = printed.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
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

/// Every file below a folder but built modules. Compiled Python is left over too: it is matched
/// to its source by length and whole seconds, and states follow each other faster than that.
fn on_disk(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![(folder.to_path_buf(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            if entry.path().is_dir() {
                folders.push((entry.path(), format!("{path}/")));
            } else if !name.ends_with(".so") && !name.ends_with(".pyd") {
                found.push(path);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_tells_passed_from_failed() {
        let printed = "PASSED not/this\n=== short test summary info ===\nPASSED tests/test_a.py::test_b[1-2]\n\
             FAILED tests/test_a.py::test_c - assert 1 == 2\nERROR tests/test_d.py - ImportError: no\n1 failed\n";
        let tests = summary(printed);
        assert_eq!(
            tests.passed,
            ["tests/test_a.py::test_b[1-2]".to_string()].into()
        );
        assert_eq!(
            tests.failed,
            ["tests/test_a.py::test_c", "tests/test_d.py"]
                .map(String::from)
                .into()
        );
    }
}
