//! The scratch folder: a state laid out, built, tested, its sessions replayed.
//!
//! All states go through one folder with one target folder, so PyO3 is compiled
//! once; only files that differ are written, so nothing else is rebuilt.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Finding, Tests};
use crate::deck::{self, Fence, Kind, Page};
use crate::error::{Error, Result};
use crate::files::{File, Files};
use crate::repo::Repo;
use crate::tools::{self, Ran};

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
