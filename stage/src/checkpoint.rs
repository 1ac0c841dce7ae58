//! Checkpoints: their names, their order, and what a person may call them.

use std::fmt;

use crate::error::{Error, Result};

/// Where in its section a checkpoint stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Point {
    Start,
    Step(usize),
    Done,
}

/// A state of `live/`; its tag is how it prints: `03-classes-2`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    pub stem: String,
    pub point: Point,
}

impl Checkpoint {
    /// Read a tag's name; `None` if it is not one of ours.
    pub fn parse(tag: &str) -> Option<Self> {
        let (stem, point) = tag.rsplit_once('-')?;
        let point = match point {
            "start" => Point::Start,
            "done" => Point::Done,
            number => Point::Step(parse_number(number)?),
        };
        is_stem(stem).then(|| Self {
            stem: stem.into(),
            point,
        })
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.point {
            Point::Start => write!(f, "{}-start", self.stem),
            Point::Step(number) => write!(f, "{}-{number}", self.stem),
            Point::Done => write!(f, "{}-done", self.stem),
        }
    }
}

/// Whether `name` is a section's stem: two digits, a hyphen, lower-case words.
pub fn is_stem(name: &str) -> bool {
    let Some((number, slug)) = name.split_once('-') else {
        return false;
    };
    number.len() == 2
        && number.bytes().all(|byte| byte.is_ascii_digit())
        && slug
            .split('-')
            .all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()))
}

/// The sections in order, each with its number of steps.
#[derive(Debug, Clone, Default)]
pub struct Order(pub Vec<(String, usize)>);

impl Order {
    /// Every checkpoint, first to last.
    pub fn checkpoints(&self) -> Vec<Checkpoint> {
        let points = |steps: usize| {
            let between = (1..=steps).map(Point::Step);
            std::iter::once(Point::Start)
                .chain(between)
                .chain([Point::Done])
        };
        let of_section = |(stem, steps): &(String, usize)| {
            let stem = stem.clone();
            points(*steps).map(move |point| Checkpoint {
                stem: stem.clone(),
                point,
            })
        };
        self.0.iter().flat_map(of_section).collect()
    }

    /// What a person means by `3`, `3.2`, `3d`, `classes` or `03-classes-done`.
    ///
    /// # Errors
    /// `UnknownTarget`, with the nearest name; `AmbiguousTarget`; `NoSuchStep`.
    pub fn resolve(&self, name: &str) -> Result<Checkpoint> {
        let wanted = name.to_lowercase();
        let (section, point) = split(&wanted);
        let (stem, steps) = self.section(section, name)?;
        match point {
            Point::Step(step) if step == 0 || step > *steps => Err(Error::NoSuchStep {
                section: stem.clone(),
                step,
                steps: *steps,
            }),
            point => Ok(Checkpoint {
                stem: stem.clone(),
                point,
            }),
        }
    }

    /// The checkpoint `by` places after `from` (before it, if negative).
    ///
    /// # Errors
    /// `FirstCheckpoint` or `LastCheckpoint` past either end.
    pub fn beside(&self, from: &Checkpoint, by: isize) -> Result<Checkpoint> {
        let all = self.checkpoints();
        let unknown = || Error::UnknownTarget {
            name: from.to_string(),
            nearest: None,
        };
        let at = all
            .iter()
            .position(|other| other == from)
            .ok_or_else(unknown)?;
        match at.checked_add_signed(by).and_then(|at| all.get(at)) {
            Some(checkpoint) => Ok(checkpoint.clone()),
            None if by < 0 => Err(Error::FirstCheckpoint {
                tag: from.to_string(),
            }),
            None => Err(Error::LastCheckpoint {
                tag: from.to_string(),
            }),
        }
    }

    fn section(&self, section: &str, name: &str) -> Result<&(String, usize)> {
        let wanted = section.to_lowercase();
        let number = parse_number(&wanted);
        let is_exact = |(stem, _): &&(String, usize)| {
            *stem == wanted
                || slug(stem) == wanted
                || number.is_some_and(|n| parse_number(&stem[..2]) == Some(n))
        };
        if let Some(found) = self.0.iter().find(is_exact) {
            return Ok(found);
        }
        let begins = |(stem, _): &&(String, usize)| {
            !wanted.is_empty() && (stem.starts_with(&wanted) || slug(stem).starts_with(&wanted))
        };
        let candidates: Vec<_> = self.0.iter().filter(begins).collect();
        match candidates[..] {
            [found] => Ok(found),
            [] => Err(Error::UnknownTarget {
                name: name.into(),
                nearest: self.nearest(name),
            }),
            _ => Err(Error::AmbiguousTarget {
                name: name.into(),
                candidates: candidates.iter().map(|(stem, _)| stem.clone()).collect(),
            }),
        }
    }

    fn nearest(&self, name: &str) -> Option<String> {
        let stems = self
            .0
            .iter()
            .flat_map(|(stem, _)| [stem.clone(), slug(stem).to_string()]);
        let tags = self
            .checkpoints()
            .into_iter()
            .map(|checkpoint| checkpoint.to_string());
        nearest(name, stems.chain(tags))
    }
}

/// The name most like `wanted`, if one is like it at all.
pub fn nearest(wanted: &str, names: impl Iterator<Item = String>) -> Option<String> {
    names
        .map(|name| (strsim::jaro_winkler(wanted, &name), name))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, name)| name)
}

fn slug(stem: &str) -> &str {
    &stem[3..]
}

/// `3.2`, `3d`, `3s` and the tags' own endings; a bare section is its start.
fn split(name: &str) -> (&str, Point) {
    if let Some((section, step)) = name.split_once('.') {
        if let Some(step) = parse_number(step) {
            return (section, Point::Step(step));
        }
    }
    if let Some((section, ending)) = name.rsplit_once('-') {
        match ending {
            "start" => return (section, Point::Start),
            "done" => return (section, Point::Done),
            _ => {}
        }
        if let (Some(step), true) = (parse_number(ending), !section.is_empty()) {
            return (section, Point::Step(step));
        }
    }
    let short = |ending| {
        name.strip_suffix(ending)
            .filter(|number| parse_number(number).is_some())
    };
    match (short('d'), short('s')) {
        (Some(number), _) => (number, Point::Done),
        (_, Some(number)) => (number, Point::Start),
        _ => (name, Point::Start),
    }
}

fn parse_number(text: &str) -> Option<usize> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order() -> Order {
        Order(vec![
            ("01-why".into(), 2),
            ("02-hello".into(), 2),
            ("03-classes".into(), 4),
            ("07-close".into(), 0),
        ])
    }

    fn resolved(name: &str) -> String {
        match order().resolve(name) {
            Ok(checkpoint) => checkpoint.to_string(),
            Err(error) => error.to_string().lines().next().unwrap_or_default().into(),
        }
    }

    #[test]
    fn a_person_may_call_a_checkpoint_by_many_names() {
        for name in [
            "3",
            "03",
            "3s",
            "classes",
            "03-classes",
            "03-classes-start",
            "cla",
            "CLASSES",
        ] {
            assert_eq!(resolved(name), "03-classes-start", "{name}");
        }
        for name in ["3d", "3D", "03d", "classes-done", "03-classes-done"] {
            assert_eq!(resolved(name), "03-classes-done", "{name}");
        }
        for name in ["3.2", "classes.2", "03-classes-2", "classes-2"] {
            assert_eq!(resolved(name), "03-classes-2", "{name}");
        }
    }

    #[test]
    fn an_unknown_name_gets_the_nearest() {
        assert_eq!(
            resolved("clases"),
            "error: no checkpoint is called `clases`; did you mean `classes`?"
        );
        assert_eq!(resolved("xyzzy"), "error: no checkpoint is called `xyzzy`");
        assert_eq!(resolved(""), "error: no checkpoint is called ``");
    }

    #[test]
    fn an_ambiguous_name_gets_the_choice() {
        assert_eq!(
            resolved("cl"),
            "error: `cl` could be any of `03-classes`, `07-close`"
        );
    }

    #[test]
    fn a_step_too_many_says_how_many_there_are() {
        assert_eq!(
            resolved("3.5"),
            "error: `03-classes` has 4 steps, so no step 5"
        );
        assert_eq!(
            resolved("3.0"),
            "error: `03-classes` has 4 steps, so no step 0"
        );
    }

    #[test]
    fn the_neighbours_cross_from_section_to_section() {
        let at = |tag: &str, by| {
            order()
                .beside(&Checkpoint::parse(tag).unwrap(), by)
                .map(|c| c.to_string())
        };
        assert_eq!(at("02-hello-done", 1).unwrap(), "03-classes-start");
        assert_eq!(at("02-hello-start", -1).unwrap(), "01-why-done");
        assert!(matches!(
            at("01-why-start", -1),
            Err(Error::FirstCheckpoint { .. })
        ));
        assert!(matches!(
            at("07-close-done", 1),
            Err(Error::LastCheckpoint { .. })
        ));
    }

    #[test]
    fn only_our_tags_are_read_as_checkpoints() {
        assert!(Checkpoint::parse("v1.0").is_none());
        assert!(Checkpoint::parse("3-classes-done").is_none());
        assert!(Checkpoint::parse("03-Classes-done").is_none());
        assert_eq!(
            Checkpoint::parse("03-two-words-12").unwrap().point,
            Point::Step(12)
        );
    }
}
