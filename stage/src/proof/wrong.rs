//! A section's wrong solutions: each compiles, runs the tests that it is asked,
//! and is rejected by those that it names and by no other.

use std::collections::BTreeSet;
use std::time::Duration;

use super::section::{is_claimed, list, tail};
use super::{Finding, Say, Scratch, Tests};
use crate::error::Result;
use crate::files::Files;
use crate::tools::End;
use crate::wrong::{FOLDER, Wrong, rejected};

/// Some wrong solutions never end.
const LIMIT: Duration = Duration::from_secs(60);

/// What the tests say of a wrong solution.
pub enum Verdict {
    /// These fail, no other. There is at least one.
    Rejected(BTreeSet<String>),
    /// It proves nothing: why, and what was printed.
    Nothing { why: String, printed: String },
}

/// Try a wrong solution; `done` are the tests of the solution itself. All of them
/// are asked, or those of some `files`.
///
/// # Errors
/// When a program cannot be run or a file not be written.
pub fn tried(
    scratch: &Scratch,
    wrong: &Files,
    done: &Tests,
    files: &BTreeSet<String>,
) -> Result<Verdict> {
    let nothing = |why: &str, printed: String| {
        let why = why.to_string();
        Ok(Verdict::Nothing { why, printed })
    };
    if !is_green(done) {
        return nothing("the solution itself is red", list(&done.failed));
    }
    scratch.lay_out(wrong)?;
    if let Some(built) = scratch.build()?.filter(|built| !built.ok) {
        return nothing("it does not compile, so no test is asked", built.printed);
    }
    let (end, tests, printed) = scratch.test_within(LIMIT, files)?;
    match end {
        End::Late => {
            let seconds = LIMIT.as_secs();
            let why =
                format!("its tests did not end within {seconds} s: a learner would wait for ever");
            return nothing(&why, tail(&printed));
        }
        End::Endless => return nothing("its tests print without end", tail(&printed)),
        End::Left => return nothing("its tests leave something running", tail(&printed)),
        End::Exit(_) => {}
    }
    let is_file = |name: &&String| !name.contains("::");
    let unread: BTreeSet<String> = tests.failed.iter().filter(is_file).cloned().collect();
    if !unread.is_empty() {
        let why = "its tests cannot be collected, which is not a test that fails";
        return nothing(why, list(&unread) + &tail(&printed));
    }
    let ran: BTreeSet<&String> = tests.passed.union(&tests.failed).collect();
    let missing: BTreeSet<String> = done
        .passed
        .iter()
        .filter(|test| files.is_empty() || files.contains(&file(test)))
        .filter(|test| !ran.contains(test))
        .cloned()
        .collect();
    if !missing.is_empty() {
        let why = "tests that the solution passes are not run at all";
        return nothing(why, list(&missing) + &tail(&printed));
    }
    if tests.failed.is_empty() {
        return nothing(
            "the tests accept it: write the test that rejects it first",
            String::new(),
        );
    }
    Ok(Verdict::Rejected(tests.failed))
}

/// Prove a section's wrong solutions, of which it is known what is `green` at the
/// start and when `done`.
///
/// Asked are the files of tests that the section turns green, and those that a wrong
/// solution names: of 698 tests at the end of the longest sections, most are from
/// sections before. `stage wrong save` and `record` ask all.
///
/// # Errors
/// When a program cannot be run or a file not be written.
pub fn wrong(
    scratch: &Scratch,
    wrongs: &[&Wrong],
    (green, done): (&Tests, &Tests),
    said: &Say,
) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    if let Some(first) = wrongs.first().filter(|_| !is_green(done)) {
        let place = format!("{FOLDER}/{}", first.stem);
        let what = "nothing was tried: the solution itself is red";
        return Ok(vec![Finding::new(place, what, "")]);
    }
    let own = done.passed.difference(&green.passed);
    let own: BTreeSet<String> = own.map(|test| file(test)).collect();
    for wrong in wrongs {
        let path = &wrong.patch.path;
        let named = rejected(&wrong.patch);
        let is_asked = |test: &&String| named.iter().any(|name| is_claimed(name, test));
        let others = done.passed.iter().filter(is_asked);
        let files = own
            .iter()
            .cloned()
            .chain(others.map(|test| file(test)))
            .collect();
        let failed = match tried(scratch, &wrong.files, done, &files)? {
            Verdict::Rejected(failed) => failed,
            Verdict::Nothing { why, printed } => {
                findings.push(Finding::new(path, why, printed));
                continue;
            }
        };
        let plural = if failed.len() == 1 { "" } else { "s" };
        said(
            &format!("not {}", wrong.name),
            &format!("rejected by {} test{plural}", failed.len()),
        );
        findings.extend(compared(path, &named, &failed, done));
    }
    Ok(findings)
}

/// The file that a test stands in.
fn file(test: &str) -> String {
    test.split("::").next().unwrap_or(test).into()
}

fn is_green(tests: &Tests) -> bool {
    !tests.passed.is_empty() && tests.failed.is_empty()
}

/// What a patch says of the tests that reject it, and what they say.
fn compared(
    path: &str,
    named: &[String],
    failed: &BTreeSet<String>,
    done: &Tests,
) -> Option<Finding> {
    let passing: BTreeSet<String> = named
        .iter()
        .filter(|name| {
            let mut cases = done
                .passed
                .iter()
                .filter(|test| is_claimed(name, test))
                .peekable();
            cases.peek().is_none() || !cases.all(|test| failed.contains(test))
        })
        .cloned()
        .collect();
    let unnamed: BTreeSet<String> = failed
        .iter()
        .filter(|test| !named.iter().any(|name| is_claimed(name, test)))
        .cloned()
        .collect();
    if passing.is_empty() && unnamed.is_empty() {
        return None;
    }
    let part = |what: &str, names: &BTreeSet<String>| match names.len() {
        0 => String::new(),
        _ => format!("{what}\n{}", list(names)),
    };
    let what = "the tests that it names are not those that reject it: `stage wrong record`";
    let detail =
        part("named, and not failing:", &passing) + &part("failing, and not named:", &unnamed);
    Some(Finding::new(path, what, detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| name.to_string()).collect()
    }

    /// The names in a finding's detail, for what is named and what fails.
    fn found(named: &[&str], failed: &[&str]) -> String {
        let done = Tests {
            passed: set(&["t.py::a[1]", "t.py::a[2]", "t.py::b", "t.py::bc"]),
            failed: BTreeSet::new(),
        };
        let named: Vec<String> = named.iter().map(|name| name.to_string()).collect();
        compared("x.patch", &named, &set(failed), &done).map_or(String::new(), |found| found.detail)
    }

    #[test]
    fn every_test_that_is_claimed_fails_and_no_other() {
        assert_eq!(
            found(
                &["t.py::a", "t.py::b"],
                &["t.py::a[1]", "t.py::a[2]", "t.py::b"]
            ),
            ""
        );
        assert_eq!(
            found(&["t.py::a"], &["t.py::a[1]"]),
            "named, and not failing:\nt.py::a\n"
        );
        assert_eq!(
            found(&["t.py::b"], &["t.py::b", "t.py::bc"]),
            "failing, and not named:\nt.py::bc\n"
        );
        assert_eq!(
            found(&["t.py::d"], &["t.py::b"]),
            "named, and not failing:\nt.py::d\nfailing, and not named:\nt.py::b\n"
        );
        assert_eq!(
            found(&[], &["t.py::b"]),
            "failing, and not named:\nt.py::b\n"
        );
    }
}
