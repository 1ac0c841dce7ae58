//! A section's states against what they promise: red, green where claimed, green.

use std::collections::BTreeSet;

use super::{Finding, Say, Scratch, Tests};
use crate::checkpoint::Point;
use crate::deck::{self, Page};
use crate::error::{Error, Result};
use crate::material::Section;
use crate::outline::Outline;
use crate::step::Header;

/// A state, its tag, its tests, and what they printed.
type State = (Point, String, Tests, String);

/// What was seen of a section's states, before anything is compared.
pub struct Seen {
    states: Vec<State>,
    findings: Vec<Finding>,
}

impl Seen {
    /// The tests of the start.
    pub fn start(&self) -> Tests {
        tests_of(self.states.first())
    }

    /// The tests of the solution.
    pub fn done(&self) -> Tests {
        tests_of(self.states.last())
    }
}

fn tests_of(state: Option<&State>) -> Tests {
    state
        .map(|(_, _, tests, _)| tests.clone())
        .unwrap_or_default()
}

/// Build and test every state of a section, and run what slides show there.
///
/// # Errors
/// When a program cannot be run or a file not be written: what is wrong with
/// the material is a finding, not an error.
pub fn see(scratch: &Scratch, section: &Section, pages: &[Page], said: &Say) -> Result<Seen> {
    let mut findings = Vec::new();
    let mut states = Vec::new();
    for state in section.states() {
        let tag = state.checkpoint.to_string();
        scratch.lay_out(state.files)?;
        let built = match scratch.build() {
            // What a manifest lacks is wrong with the material, not with us.
            Err(error @ Error::BadText { .. }) => {
                findings.push(Finding::new(&tag, error.what(), error.mend()));
                None
            }
            other => other?,
        };
        if let Some(built) = built {
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
                findings.extend(scratch.replay(page, fence, state.files)?);
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
    Ok(Seen { states, findings })
}

/// Build and test nothing but the solution: the next section starts from it.
///
/// # Errors
/// When a program cannot be run or a file not be written.
pub fn see_done(scratch: &Scratch, section: &Section) -> Result<Seen> {
    scratch.lay_out(&section.done)?;
    scratch.build()?;
    let (tests, printed) = scratch.test()?;
    Ok(Seen {
        states: vec![(Point::Done, section.stem.clone(), tests, printed)],
        findings: Vec::new(),
    })
}

/// What is wrong with a section; `before` are the tests that its predecessor leaves green.
pub fn judge(section: &Section, before: &Tests, outline: &Outline, seen: Seen) -> Vec<Finding> {
    let done = seen.done();
    let Seen {
        states,
        mut findings,
    } = seen;
    let own: BTreeSet<&String> = done
        .passed
        .union(&done.failed)
        .filter(|test| !before.passed.contains(*test))
        .collect();
    let mut green = before.passed.clone();
    for (point, tag, tests, printed) in &states {
        match point {
            Point::Start => findings.extend(start(tag, tests, printed, &own, outline)),
            Point::Step(number) => {
                let header = &section.steps[number - 1].0;
                findings.extend(step(tag, tests, header, printed));
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
    findings
}

fn start(
    tag: &str,
    tests: &Tests,
    printed: &str,
    own: &BTreeSet<&String>,
    outline: &Outline,
) -> Vec<Finding> {
    let red = outline.red.as_str();
    let mut findings = claimed(tag, tests, &outline.green, printed);
    let passing: BTreeSet<String> = own
        .iter()
        .filter(|test| tests.passed.contains(**test))
        .filter(|test| !outline.green.iter().any(|claim| is_claimed(claim, test)))
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

fn step(tag: &str, tests: &Tests, header: &Header, printed: &str) -> Vec<Finding> {
    let mut findings = claimed(tag, tests, &header.green, printed);
    if header.green.is_empty() == header.detour.is_none() {
        findings.push(Finding::new(
            tag,
            "a step turns a test green, or is a detour: one of the two",
            "add `Green: …` to its patch, or `Detour: why it is taken`".to_string(),
        ));
    }
    findings
}

/// Whether `claim` is the test, or the function, class, file or folder it is in.
pub(super) fn is_claimed(claim: &str, test: &str) -> bool {
    test.strip_prefix(claim)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['[', ':']))
}

/// What is claimed to be green and is not.
fn claimed(tag: &str, tests: &Tests, claims: &[String], printed: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for claim in claims {
        let mine = |test: &&String| is_claimed(claim, test);
        let failing: BTreeSet<String> = tests.failed.iter().filter(mine).cloned().collect();
        if !tests.passed.iter().any(|test| mine(&test)) || !failing.is_empty() {
            findings.push(Finding::new(
                tag,
                format!("`{claim}` is not green"),
                list(&failing) + &tail(printed),
            ));
        }
    }
    findings
}

pub(super) fn list(names: &BTreeSet<String>) -> String {
    names.iter().map(|name| format!("{name}\n")).collect()
}

pub(super) fn tail(printed: &str) -> String {
    let lines: Vec<&str> = printed.lines().collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(green: &[&str], detour: Option<&str>) -> Header {
        Header {
            title: "a step".into(),
            green: green.iter().map(|test| test.to_string()).collect(),
            detour: detour.map(str::to_string),
        }
    }

    fn outline(red: &str, green: &[&str]) -> Outline {
        Outline {
            stem: "03-classes".into(),
            title: "Classes".into(),
            red: red.into(),
            green: green.iter().map(|test| test.to_string()).collect(),
            slides: Vec::new(),
        }
    }

    #[test]
    fn a_claim_that_nothing_matches_is_found() {
        let tests = Tests {
            passed: ["t.py::test_ab".to_string()].into(),
            failed: BTreeSet::new(),
        };
        let found = |claim: &str| step("03-classes-1", &tests, &header(&[claim], None), "").len();
        let counts = ["t.py", "t.py::test_ab", "t.py::test_a", "u.py"].map(found);
        assert_eq!(counts, [0, 0, 1, 1]);
    }

    #[test]
    fn a_step_turns_a_test_green_or_is_a_detour() {
        let tests = Tests {
            passed: ["t.py::a".to_string()].into(),
            failed: BTreeSet::new(),
        };
        let found = |green: &[&str], detour| step("s", &tests, &header(green, detour), "").len();
        assert_eq!(found(&[], None), 1);
        assert_eq!(found(&[], Some("it leaks")), 0);
        assert_eq!(found(&["t.py"], Some("it leaks")), 1);
    }

    #[test]
    fn a_test_that_passes_before_anything_is_typed_is_found() {
        let tests = Tests {
            passed: ["t.py::a".to_string()].into(),
            failed: ["t.py::b".to_string()].into(),
        };
        let (a, b) = ("t.py::a".to_string(), "t.py::b".to_string());
        let found = |own: &[&String], red: &str, green: &[&str]| {
            let own = own.iter().copied().collect();
            start("s", &tests, "cannot import", &own, &outline(red, green)).len()
        };
        assert_eq!(found(&[&a, &b], "cannot import", &[]), 1);
        assert_eq!(found(&[&b], "cannot import", &[]), 0);
        assert_eq!(found(&[&b], "something else", &[]), 1);
        // Said in the front matter, it may; what is said there must be so.
        assert_eq!(found(&[&a, &b], "cannot import", &["t.py::a"]), 0);
        assert_eq!(found(&[&a, &b], "cannot import", &["t.py"]), 1);
    }
}
