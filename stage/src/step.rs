//! Steps: the small patches between a section's start and its solution.

use crate::error::Result;
use crate::files::Files;
use crate::patch::{self, Patch, Words};

/// The words of a step's patch file.
const WORDS: Words = Words {
    title: "what is typed",
    labels: &["Green", "Detour"],
};

/// What a step's patch file says above its first `diff --git`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header {
    /// What is typed, in a few words.
    pub title: String,
    /// Node ids of the tests that pass from this step on, or their beginnings.
    pub green: Vec<String>,
    /// Why the step is taken although it turns no test green: a wrong turn that
    /// the room takes together.
    pub detour: Option<String>,
}

/// One step as it is stored: `slides/steps/03-classes/1.patch`.
#[derive(Debug, Clone)]
pub struct Step {
    pub header: Header,
    patch: Patch,
}

impl Step {
    /// Read a patch file.
    ///
    /// # Errors
    /// `BadPatch` without a title, or for a line above the diff that is neither
    /// the title nor `Green: …` nor `Detour: …`.
    pub fn parse(path: &str, text: &str) -> Result<Self> {
        let patch = Patch::parse(path, text, &WORDS)?;
        let header = Header {
            title: patch.title.clone(),
            green: patch.labelled("Green"),
            detour: patch.labelled("Detour").pop(),
        };
        Ok(Self { header, patch })
    }

    /// The files after this step.
    ///
    /// # Errors
    /// `BadPatch` if the diff cannot be read, `PatchDoesNotFit` if `before` has
    /// other lines than the patch expects.
    pub fn apply(&self, before: &Files) -> Result<Files> {
        self.patch.apply(before)
    }
}

/// Write a step's patch file: what turns `before` into `after`.
pub fn write(header: &Header, before: &Files, after: &Files) -> String {
    let detour = header.detour.iter().map(|why| ("Detour", why));
    let green = header.green.iter().map(|test| ("Green", test));
    patch::write(&header.title, detour.chain(green), before, after)
}

/// Carry an edit of the solution (`old` to `new`) into an earlier state of the same file.
///
/// Lines that the earlier state does not have yet are passed over: they are
/// typed later. Returns the line of `old` at which the edit cannot be placed.
pub fn carry(earlier: &str, old: &str, new: &str) -> Result<String, usize> {
    let lines: Vec<&str> = earlier.split_inclusive('\n').collect();
    let places = places(old, earlier);
    let mut carried: Vec<(usize, usize, Vec<&str>)> = Vec::new();
    let mut options = diffy::DiffOptions::new();
    let patch = options.set_context_len(0).create_patch(old, new);
    let new_lines: Vec<&str> = new.split_inclusive('\n').collect();
    for hunk in patch.hunks() {
        let (start, length) = range(hunk.old_range().start(), hunk.old_range().len());
        let (from, count) = range(hunk.new_range().start(), hunk.new_range().len());
        let replacement = new_lines[from..from + count].to_vec();
        let here: Vec<Option<usize>> = (start..start + length).map(|line| places[line]).collect();
        let before = start.checked_sub(1).map(|line| places[line]);
        let after = places.get(start + length).copied();
        let at = if length > 0 {
            match (here.iter().flatten().count(), here[0]) {
                (0, _) => continue,
                (found, Some(first)) if found == length && is_run(&here) => first,
                _ => return Err(start + 1),
            }
        } else {
            match (before, after) {
                (Some(None), Some(None) | None) | (None, Some(None)) => continue,
                (None, Some(Some(0))) => 0,
                (Some(Some(above)), Some(Some(below))) if below == above + 1 => below,
                (Some(Some(above)), None) if above + 1 == lines.len() => lines.len(),
                _ => return Err(start + 1),
            }
        };
        carried.push((at, length, replacement));
    }
    let mut result = Vec::new();
    let mut next = 0;
    for (at, length, replacement) in carried {
        result.extend_from_slice(&lines[next..at]);
        result.extend(replacement);
        next = at + length;
    }
    result.extend_from_slice(&lines[next..]);
    Ok(result.concat())
}

/// For each line of `old`, where the same line stands in `other`, if it does.
fn places(old: &str, other: &str) -> Vec<Option<usize>> {
    let count = old.split_inclusive('\n').count();
    let mut options = diffy::DiffOptions::new();
    let patch = options
        .set_context_len(old.len() + other.len())
        .create_patch(old, other);
    if patch.hunks().is_empty() {
        return (0..count).map(Some).collect();
    }
    let mut places = Vec::with_capacity(count);
    let mut at = 0;
    for line in patch.hunks().iter().flat_map(|hunk| hunk.lines()) {
        match line {
            diffy::Line::Context(_) => {
                places.push(Some(at));
                at += 1;
            }
            diffy::Line::Delete(_) => places.push(None),
            diffy::Line::Insert(_) => at += 1,
        }
    }
    places
}

/// A hunk's range, counted from 0. An empty one names the line before it.
fn range(start: usize, length: usize) -> (usize, usize) {
    (if length == 0 { start } else { start - 1 }, length)
}

fn is_run(places: &[Option<usize>]) -> bool {
    places
        .windows(2)
        .all(|pair| matches!(pair, [Some(one), Some(next)] if *next == one + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::files::File;

    fn files(pairs: &[(&str, &str)]) -> Files {
        Files(
            pairs
                .iter()
                .map(|(path, text)| (path.to_string(), File::text(*text)))
                .collect(),
        )
    }

    #[test]
    fn a_written_step_leads_from_before_to_after() {
        let before = files(&[
            ("a.txt", "one\ntwo\n"),
            ("gone.txt", "x\n"),
            ("Cargo.lock", "1"),
        ]);
        let after = files(&[
            ("a.txt", "one\n2\n"),
            ("new/b.txt", "no end"),
            ("Cargo.lock", "1"),
        ]);
        let header = Header {
            title: "two is a digit".into(),
            green: vec!["tests/test_a.py".into()],
            detour: Some("everybody writes it so at first: once".into()),
        };
        let text = write(&header, &before, &after);
        let step = Step::parse("1.patch", &text).unwrap();
        assert_eq!(step.header, header);
        assert_eq!(step.apply(&before).unwrap(), after);
    }

    #[test]
    fn a_patch_for_other_lines_names_its_file() {
        let before = files(&[("a.txt", "one\ntwo\n")]);
        let text = write(
            &Header {
                title: "t".into(),
                green: vec![],
                detour: None,
            },
            &before,
            &files(&[("a.txt", "one\n2\n")]),
        );
        let step = Step::parse("1.patch", &text).unwrap();
        let error = step
            .apply(&files(&[("a.txt", "nothing alike\n")]))
            .unwrap_err();
        assert!(
            matches!(error, Error::PatchDoesNotFit { ref file, .. } if file == "a.txt"),
            "{error}"
        );
    }

    #[test]
    fn a_patch_without_a_title_is_refused() {
        let error = Step::parse("1.patch", "diff --git a/x b/x\n").unwrap_err();
        assert!(error.to_string().contains("must say what is typed"));
    }

    #[test]
    fn an_edit_of_typed_lines_is_carried_into_the_step() {
        let carried = carry("a\nb\n", "a\nb\nlater\n", "a\nB\nlater\n");
        assert_eq!(carried.unwrap(), "a\nB\n");
    }

    #[test]
    fn an_edit_of_lines_not_typed_yet_is_passed_over() {
        let carried = carry("a\nb\n", "a\nb\nlater\nmore\n", "a\nb\nLATER\nmore\n");
        assert_eq!(carried.unwrap(), "a\nb\n");
    }

    #[test]
    fn a_line_put_between_typed_lines_is_carried() {
        assert_eq!(
            carry("a\nb\n", "a\nb\nc\n", "a\nnew\nb\nc\n").unwrap(),
            "a\nnew\nb\n"
        );
        assert_eq!(
            carry("a\nb\n", "a\nb\nc\n", "new\na\nb\nc\n").unwrap(),
            "new\na\nb\n"
        );
    }

    #[test]
    fn an_edit_that_can_stand_in_two_places_says_its_line() {
        assert_eq!(
            carry("a\nb\n", "a\nb\nlater\n", "a\nb\nnew\nlater\n"),
            Err(3)
        );
        assert_eq!(carry("a\nX\n", "a\nb\nc\n", "a\nB\nC\n").unwrap(), "a\nX\n");
    }
}
