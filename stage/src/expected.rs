//! Which tests should be green at a checkpoint, by what its steps promise.
//!
//! `stage check` proves the promises: a test of an earlier section stays green, a
//! step turns green what its `Green:` lines name, and the rest of the section's
//! own tests is red at its start.

use std::collections::BTreeSet;

use crate::checkpoint::{Checkpoint, Point};
use crate::files::Files;
use crate::material::Section;

/// What to say of red tests.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    pub said: String,
    /// A test that should not be red, somebody's own among them.
    pub first: Option<String>,
    /// Of those that may be red, one that the next step turns green: what is typed now.
    pub next: Option<String>,
    /// Nothing is red that should be green, and nothing of somebody's own.
    pub is_expected: bool,
}

impl Verdict {
    /// The red test that a room must see first: one that should not be red here, or else
    /// one that what is typed now turns green.
    pub fn foremost(&self) -> Option<&str> {
        self.first.as_deref().or(self.next.as_deref())
    }
}

/// What is promised at one checkpoint.
#[derive(Debug)]
pub struct Expected {
    point: Point,
    /// Files of tests that the section before has as they are here.
    before: BTreeSet<String>,
    /// Those of them that should be green: at the end of a section, all files.
    kept: BTreeSet<String>,
    /// Every file of tests that the checkpoint has.
    all: BTreeSet<String>,
    /// Tests that are green by now, or their beginnings.
    claims: Vec<String>,
    next: Next,
}

/// What the checkpoint after this one turns green.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    These(Vec<String>),
    All,
    /// It is a wrong turn.
    None,
}

impl Expected {
    /// The promises of `sections` for the checkpoint `at`; `first` are the tests
    /// that its section's front matter calls green from the start.
    pub fn at(sections: &[Section], at: &Checkpoint, first: &[String]) -> Option<Self> {
        let number = sections.iter().position(|one| one.stem == at.stem)?;
        let section = &sections[number];
        let before = number.checked_sub(1).map(|before| &sections[before].done);
        let steps = &section.steps;
        let typed = match at.point {
            Point::Start => 0,
            Point::Step(step) if step <= steps.len() => step,
            Point::Step(_) => return None,
            Point::Done => steps.len(),
        };
        let is_old = |path: &&String| {
            before.is_some_and(|before| before.get(*path) == section.done.get(*path))
        };
        let all = tests(&section.done);
        let before: BTreeSet<String> = all.iter().filter(is_old).cloned().collect();
        let claims = steps[..typed].iter().flat_map(|(header, _)| &header.green);
        let next = match steps.get(typed) {
            Some((header, _)) if header.green.is_empty() => Next::None,
            Some((header, _)) => Next::These(header.green.clone()),
            None => Next::All,
        };
        Some(Self {
            point: at.point,
            kept: match at.point {
                Point::Done => all.clone(),
                _ => before.clone(),
            },
            before,
            claims: first.iter().chain(claims).cloned().collect(),
            all,
            next,
        })
    }

    /// Whether a file of tests has been there since a section before.
    pub fn is_old(&self, path: &str) -> bool {
        self.before.contains(path)
    }

    /// What to say of these red tests, or files of tests that cannot be collected; those
    /// `unread`, which are no Python at all, are somebody's slip anywhere.
    pub fn judge(&self, red: &[String], unread: &[String]) -> Option<Verdict> {
        let (theirs, own): (Vec<&String>, Vec<&String>) =
            red.iter().partition(|test| self.all.contains(file(test)));
        let (broken, open): (Vec<&String>, Vec<&String>) = theirs
            .into_iter()
            .partition(|test| self.should_be_green(test) || unread.contains(test));
        let is_expected = broken.is_empty() && own.is_empty() && !open.is_empty();
        let first = broken.first().or(own.first());
        let first = first.map(|test| test.to_string());
        let next = open.iter().find(|test| self.is_next(test));
        let next = next.map(|test| test.to_string());
        let mut parts = Vec::new();
        if !broken.is_empty() {
            let verb = if broken.len() == 1 { "is" } else { "are" };
            let count = broken.len();
            parts.push(format!(
                "{count} that should be green {verb} red: {}",
                listed(&broken)
            ));
        }
        if !open.is_empty() {
            let more = if parts.is_empty() { "" } else { " more" };
            let point = if self.point == Point::Start {
                "start"
            } else {
                "step"
            };
            let be = if open.len() == 1 { "it" } else { "they" };
            let count = open.len();
            let mut part = format!("{count}{more} red, as {be} should be at this {point}");
            if parts.is_empty() {
                part.push_str(&self.after(&open));
            }
            parts.push(part);
        }
        if !own.is_empty() {
            parts.push(format!("{} of your own red: {}", own.len(), listed(&own)));
        }
        (!parts.is_empty()).then(|| Verdict {
            said: parts.join("; "),
            first,
            next,
            is_expected,
        })
    }

    /// What the next checkpoint makes of those that are red; nothing can be said of
    /// files that cannot be read.
    fn after(&self, open: &[&String]) -> String {
        if open.iter().any(|test| !test.contains("::")) {
            return String::new();
        }
        let turned = open.iter().filter(|test| self.is_next(test)).count();
        let which = match turned {
            // Somebody has typed it, and has not moved on.
            0 if self.next != Next::None => {
                return ": what `stage next` brings is green already".into();
            }
            0 => "none of them".to_string(),
            all if all == open.len() && all == 1 => "it".into(),
            all if all == open.len() => "all of them".into(),
            some => format!("{some} of them"),
        };
        format!(": `stage next` turns {which} green")
    }

    fn is_next(&self, test: &str) -> bool {
        match &self.next {
            Next::None => false,
            Next::All => true,
            Next::These(claims) => claims.iter().any(|claim| touches(claim, test)),
        }
    }

    fn should_be_green(&self, test: &str) -> bool {
        self.kept.contains(file(test)) || self.claims.iter().any(|claim| touches(claim, test))
    }
}

/// Whether `claim` is the test, or what the test is in, or the other way round.
fn touches(claim: &str, test: &str) -> bool {
    let begins = |long: &str, short: &str| {
        long.strip_prefix(short)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['[', ':']))
    };
    begins(test, claim) || !test.contains("::") && begins(claim, test)
}

fn file(test: &str) -> &str {
    test.split("::").next().unwrap_or(test)
}

fn tests(files: &Files) -> BTreeSet<String> {
    let is_test = |path: &&String| path.starts_with("tests/");
    files.keys().filter(is_test).cloned().collect()
}

fn listed(tests: &[&String]) -> String {
    let shown: Vec<&str> = tests.iter().take(5).map(|test| test.as_str()).collect();
    match tests.len().saturating_sub(5) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::File;
    use crate::step::Header;

    fn files(paths: &[&str]) -> Files {
        let file = |path: &&str| (path.to_string(), File::text(*path));
        Files(paths.iter().map(file).collect())
    }

    fn verdict(point: Point, red: &[&str]) -> Verdict {
        let step = |green: &[&str]| {
            let header = Header {
                green: green.iter().map(|test| test.to_string()).collect(),
                ..Header::default()
            };
            (header, Files::default())
        };
        let section = |stem: &str, tests: &[&str], steps| Section {
            stem: stem.into(),
            start: Files::default(),
            steps,
            done: files(tests),
        };
        let sections = [
            section("01-a", &["tests/old.py"], vec![]),
            section(
                "02-b",
                &[
                    "tests/free.py",
                    "tests/new.py",
                    "tests/old.py",
                    "tests/slip.py",
                ],
                vec![step(&["tests/new.py::a", "tests/new.py::b"]), step(&[])],
            ),
        ];
        let at = Checkpoint {
            stem: "02-b".into(),
            point,
        };
        let expected = Expected::at(&sections, &at, &["tests/free.py".into()]).unwrap();
        let red: Vec<String> = red.iter().map(|test| test.to_string()).collect();
        let slip = ["tests/slip.py".to_string()];
        expected.judge(&red, &slip).unwrap_or_default()
    }

    fn said(point: Point, red: &[&str]) -> String {
        verdict(point, red).said
    }

    #[test]
    fn what_is_not_typed_yet_may_be_red() {
        assert_eq!(
            said(
                Point::Start,
                &["tests/new.py::a[1]", "tests/new.py::b", "tests/new.py::c"]
            ),
            "3 red, as they should be at this start: `stage next` turns 2 of them green"
        );
        assert_eq!(
            said(Point::Step(1), &["tests/new.py::c"]),
            "1 red, as it should be at this step: `stage next` turns none of them green"
        );
        assert_eq!(
            said(Point::Step(2), &["tests/new.py::c"]),
            "1 red, as it should be at this step: `stage next` turns it green"
        );
        assert_eq!(
            said(Point::Start, &["tests/new.py"]),
            "1 red, as it should be at this start"
        );
    }

    #[test]
    fn what_the_next_step_turns_green_is_told_from_the_rest() {
        let red = ["tests/new.py::c", "tests/new.py::b"];
        let next = verdict(Point::Start, &red).next;
        assert_eq!(next.as_deref(), Some("tests/new.py::b"));
        assert_eq!(verdict(Point::Step(1), &red[..1]).next, None);
        assert_eq!(
            said(Point::Start, &red[..1]),
            "1 red, as it should be at this start: what `stage next` brings is green already"
        );
    }

    #[test]
    fn a_file_that_is_no_python_is_never_as_it_should_be() {
        let broken = verdict(Point::Step(1), &["tests/slip.py", "tests/new.py::c"]);
        assert_eq!(broken.first.as_deref(), Some("tests/slip.py"));
        assert!(!broken.is_expected);
    }

    #[test]
    fn only_what_is_not_typed_yet_is_expected_to_be_red() {
        let is_expected = |point, red: &[&str]| verdict(point, red).is_expected;
        assert!(is_expected(
            Point::Start,
            &["tests/new.py::a[1]", "tests/new.py::c"]
        ));
        assert!(!is_expected(
            Point::Start,
            &["tests/new.py::c", "tests/old.py::x"]
        ));
        assert!(!is_expected(
            Point::Start,
            &["tests/new.py::c", "tests/mine.py::z"]
        ));
        assert!(!is_expected(Point::Done, &["tests/new.py::c"]));
        assert!(!is_expected(Point::Start, &[]));
    }

    #[test]
    fn what_was_promised_is_named() {
        assert_eq!(
            said(
                Point::Start,
                &["tests/old.py::x", "tests/free.py::y", "tests/new.py::a"]
            ),
            "2 that should be green are red: tests/old.py::x, tests/free.py::y; \
             1 more red, as it should be at this start"
        );
        assert_eq!(
            said(Point::Step(1), &["tests/new.py::a[1]"]),
            "1 that should be green is red: tests/new.py::a[1]"
        );
        assert_eq!(
            said(Point::Step(1), &["tests/new.py"]),
            "1 that should be green is red: tests/new.py"
        );
        assert_eq!(
            said(Point::Done, &["tests/new.py::c", "tests/mine.py::z"]),
            "1 that should be green is red: tests/new.py::c; 1 of your own red: tests/mine.py::z"
        );
        assert_eq!(said(Point::Start, &[]), "");
    }
}
