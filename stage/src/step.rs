//! Steps: the small patches between a section's start and its solution.

use diffy::patch_set::{FileOperation, ParseOptions, PatchSet};

use crate::error::{Error, Result};
use crate::files::{File, Files};

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
    pub path: String,
    pub header: Header,
    diff: String,
}

impl Step {
    /// Read a patch file.
    ///
    /// # Errors
    /// `BadPatch` without a title, or for a line above the diff that is neither
    /// the title nor `Green: …` nor `Detour: …`.
    pub fn parse(path: &str, text: &str) -> Result<Self> {
        let (above, diff) = match text.find("diff --git ") {
            Some(at) if at == 0 || text[..at].ends_with('\n') => text.split_at(at),
            _ => (text, ""),
        };
        let mut header = Header::default();
        for (number, line) in above.lines().enumerate() {
            let bad = |reason: &str| Error::BadPatch {
                path: path.into(),
                line: number + 1,
                reason: reason.into(),
            };
            match line.split_once(": ") {
                Some(("Green", test)) => header.green.push(test.trim().to_string()),
                Some(("Detour", why)) => header.detour = Some(why.trim().to_string()),
                _ if line.trim().is_empty() => {}
                _ if header.title.is_empty() => header.title = line.trim().to_string(),
                _ => {
                    return Err(bad(
                        "only a title, `Green: …` and `Detour: …` lines stand above the diff",
                    ));
                }
            }
        }
        if header.title.is_empty() {
            let reason = "its first line must say what is typed".to_string();
            return Err(Error::BadPatch {
                path: path.into(),
                line: 1,
                reason,
            });
        }
        Ok(Self {
            path: path.into(),
            header,
            diff: diff.into(),
        })
    }

    /// The files after this step.
    ///
    /// # Errors
    /// `BadPatch` if the diff cannot be read, `PatchDoesNotFit` if `before` has
    /// other lines than the patch expects.
    pub fn apply(&self, before: &Files) -> Result<Files> {
        let mut after = before.clone();
        if self.diff.is_empty() {
            return Ok(after);
        }
        for patch in PatchSet::parse(&self.diff, ParseOptions::gitdiff()) {
            let patch = patch.map_err(|error| self.unreadable(&error.to_string()))?;
            let operation = patch.operation().strip_prefix(1);
            let (old, new) = match &operation {
                FileOperation::Create(path) => (None, Some(path.as_ref())),
                FileOperation::Delete(path) => (Some(path.as_ref()), None),
                FileOperation::Modify { original, modified } => {
                    (Some(original.as_ref()), Some(modified.as_ref()))
                }
                _ => return Err(self.unreadable("a rename or a copy is not a step")),
            };
            let text = patch
                .patch()
                .as_text()
                .ok_or_else(|| self.unreadable("a binary file is not a step"))?;
            let misfit = |file: &str, reason: String| Error::PatchDoesNotFit {
                patch: self.path.clone(),
                file: file.into(),
                reason,
            };
            let image = match old {
                None => "",
                Some(path) => before
                    .get(path)
                    .ok_or_else(|| misfit(path, "there is no such file yet".into()))?
                    .as_str()
                    .ok_or_else(|| misfit(path, "it is not UTF-8".into()))?,
            };
            match (old, new) {
                (None, Some(path)) if before.contains_key(path) => {
                    return Err(misfit(path, "the file is there already".into()));
                }
                (Some(path), None) => {
                    after.remove(path);
                }
                (_, Some(path)) => {
                    let patched = diffy::apply(image, text);
                    let patched = patched.map_err(|error| misfit(path, error.to_string()))?;
                    after.insert(path.into(), File::text(patched));
                }
                (None, None) => {}
            }
        }
        Ok(after)
    }

    fn unreadable(&self, reason: &str) -> Error {
        Error::BadPatch {
            path: self.path.clone(),
            line: 1,
            reason: reason.into(),
        }
    }
}

/// Write a step's patch file: what turns `before` into `after`.
///
/// `Cargo.lock` is left out: nobody types it, and it follows `Cargo.toml`.
pub fn write(header: &Header, before: &Files, after: &Files) -> String {
    let mut text = format!("{}\n", header.title);
    if !header.green.is_empty() || header.detour.is_some() {
        text.push('\n');
    }
    if let Some(why) = &header.detour {
        text.push_str(&format!("Detour: {why}\n"));
    }
    for test in &header.green {
        text.push_str(&format!("Green: {test}\n"));
    }
    for path in before
        .differing(after)
        .into_iter()
        .filter(|path| *path != "Cargo.lock")
    {
        let image = |files: &Files| {
            files
                .get(path)
                .and_then(File::as_str)
                .unwrap_or("")
                .to_string()
        };
        let (old, new) = (image(before), image(after));
        text.push_str(&format!("\ndiff --git a/{path} b/{path}\n"));
        let mut names = [format!("a/{path}"), format!("b/{path}")];
        if !before.contains_key(path) {
            text.push_str("new file mode 100644\n");
            names[0] = "/dev/null".into();
        } else if !after.contains_key(path) {
            text.push_str("deleted file mode 100644\n");
            names[1] = "/dev/null".into();
        }
        let [from, to] = names;
        let mut options = diffy::DiffOptions::new();
        options
            .set_original_filename(from)
            .set_modified_filename(to);
        text.push_str(&options.create_patch(&old, &new).to_string());
    }
    text
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
