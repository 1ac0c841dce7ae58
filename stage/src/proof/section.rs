//! A section's states against what they promise: red, green where claimed, green.

use std::collections::BTreeSet;

use super::{Finding, Scratch, Tests};
use crate::checkpoint::Point;
use crate::deck::{self, Page};
use crate::error::{Error, Result};
use crate::material::Section;

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

fn list(names: &BTreeSet<String>) -> String {
    names.iter().map(|name| format!("{name}\n")).collect()
}

fn tail(printed: &str) -> String {
    let lines: Vec<&str> = printed.lines().collect();
    lines[lines.len().saturating_sub(30)..].join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

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
