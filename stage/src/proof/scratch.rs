//! The scratch folder: a state laid out, built, tested, its sessions replayed.
//!
//! All states go through one folder with one target folder, so PyO3 is compiled
//! once; only files that differ are written, so nothing else is rebuilt.
//! What slides show is run by `replay.rs`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{Finding, Tests};
use crate::deck::{self, Fence, Kind, Normal, Page, first_error};
use crate::error::Result;
use crate::files::Files;
use crate::layout;
use crate::repo::Repo;
use crate::tools::{self, Built, End, For, Ran};

/// How pytest is asked for every test's name and fate.
const ARGS: [&str; 5] = [
    "-rA",
    "--tb=short",
    "-p",
    "no:cacheprovider",
    "--continue-on-collection-errors",
];

/// How long all tests of a state may take.
const TESTS_LIMIT: Duration = Duration::from_secs(600);

/// Where states are laid out.
pub struct Scratch<'a> {
    pub(super) repo: &'a Repo,
    pub(super) live: PathBuf,
    pub(super) target: PathBuf,
    /// Whether `stage` itself understands these words, and if not, why.
    pub(super) understands: &'a Understands<'a>,
}

/// Tells whether `stage` understands the words behind its name.
pub type Understands<'a> = dyn Fn(&[String]) -> Result<(), String> + Sync + 'a;

impl<'a> Scratch<'a> {
    pub fn new(repo: &'a Repo) -> Self {
        Self::beside(repo, 0)
    }

    /// One of several that are used at the same time.
    pub(super) fn beside(repo: &'a Repo, number: usize) -> Self {
        let name = match number {
            0 => "check".to_string(),
            number => format!("check-{}", number + 1),
        };
        let folder = repo.own().join(name);
        Self {
            repo,
            live: folder.join("live"),
            target: folder.join("target"),
            understands: &|_| Ok(()),
        }
    }

    /// The same, with somebody who knows the commands of `stage`.
    pub fn knowing(self, understands: &'a Understands<'a>) -> Self {
        Self {
            understands,
            ..self
        }
    }

    /// Make the scratch folder hold exactly `files`.
    pub fn lay_out(&self, files: &Files) -> Result<()> {
        layout::lay_out(&self.live, files)
    }

    /// Take over what set-up has compiled, if nothing is compiled here yet.
    pub(super) fn seed(&self) -> Result<()> {
        tools::seed(&self.repo.live().join("target"), &self.target)
    }

    /// Build what is laid out; `None` if it is pure Python.
    pub fn build(&self) -> Result<Option<Ran>> {
        let built = tools::build(self.repo, &self.live, &self.target, For::Proof)?;
        Ok(match built {
            Built::PurePython => None,
            // Only what was compiled without a word is kept.
            Built::Kept | Built::Again => Some(Ran::well()),
            Built::Ran(ran) => Some(ran),
        })
    }

    /// Run every test and say which passed.
    pub fn test(&self) -> Result<(Tests, String)> {
        let (end, tests, mut printed) = self.test_within(TESTS_LIMIT, &BTreeSet::new())?;
        if end == End::Late {
            let seconds = TESTS_LIMIT.as_secs();
            printed.push_str(&format!(
                "\nthe tests did not end within {seconds} s, and were stopped"
            ));
        }
        Ok((tests, printed))
    }

    /// The same for code that may never end; only these `files`, if any are named.
    pub fn test_within(
        &self,
        limit: Duration,
        files: &BTreeSet<String>,
    ) -> Result<(End, Tests, String)> {
        let mut args = Vec::from(ARGS.map(String::from));
        args.extend(files.iter().cloned());
        let (end, printed) = tools::pytest_within(self.repo, &self.live, &args, limit)?;
        Ok((end, summary(&printed), printed))
    }

    /// Prove what a fence shows by running it at this state, which is laid out
    /// and built. What has a source is proved without.
    pub fn replay(&self, page: &Page, fence: &Fence, files: &Files) -> Result<Option<Finding>> {
        let body = &page.text[fence.body.clone()];
        match &fence.kind {
            Kind::Session => self.session(page, fence, body, files),
            Kind::Refused { code, file } => {
                let refused = self.refused(page, fence, (code, file), files)?;
                Ok(refused.err())
            }
            Kind::Output { .. } | Kind::Message { .. } => match self.print(page, fence, files)? {
                Ok(printed) => Ok(self.compare(page, fence, &printed)),
                Err(finding) => Ok(Some(finding)),
            },
            Kind::Console => self.console(page, fence, body, files),
            Kind::Source { .. } | Kind::Change { .. } | Kind::Bench { .. } => Ok(None),
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
            Kind::Output { command, exit } => self.output(page, fence, (command, *exit), files),
            Kind::Message { of, first, .. } => {
                let fences = deck::fences(page)?;
                let refused = fences.iter().find(|fence| fence.line == *of);
                match refused.map(|fence| (fence, &fence.kind)) {
                    Some((of, Kind::Refused { code, file })) => {
                        let mut printed = self.refused(page, of, (code, file), files)?;
                        if let (true, Ok(printed)) = (first, &mut printed) {
                            printed.text = first_error(&printed.text);
                        }
                        Ok(printed)
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
                    let invented = invented(&shown, &now);
                    shown = codes(&shown) + &invented;
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

/// The code that a message quotes, by its lines' numbers, and that another
/// compiler does not quote although it quotes these lines.
fn invented(shown: &str, now: &str) -> String {
    let quoted = |text: &str| -> Vec<(usize, String)> {
        let lines = text.lines().filter_map(|line| {
            let (number, code) = line.split_once('|')?;
            Some((number.trim().parse().ok()?, code.trim().to_string()))
        });
        lines.collect()
    };
    let now = quoted(now);
    let differs = |(number, code): &&(usize, String)| {
        now.iter()
            .any(|(other, real)| other == number && !real.starts_with(code.as_str()))
    };
    let shown = quoted(shown);
    let lines = shown.iter().filter(differs);
    lines
        .map(|(number, code)| format!("{number} | {code}\n"))
        .collect()
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
