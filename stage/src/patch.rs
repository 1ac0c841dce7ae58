//! Patch files: words that a person reads, then a diff that git would read, too.

use diffy::patch_set::{FileOperation, ParseOptions, PatchSet};

use crate::error::{Error, Result};
use crate::files::{File, Files};

/// What the words of one kind of patch file are.
pub struct Words {
    /// What the first line must say.
    pub title: &'static str,
    /// What other lines begin with, before a colon.
    pub labels: &'static [&'static str],
}

/// A patch file as it is stored.
#[derive(Debug, Clone)]
pub struct Patch {
    pub path: String,
    pub title: String,
    /// The lines with a label, and what they say.
    lines: Vec<(String, String)>,
    pub diff: String,
}

impl Patch {
    /// Read a patch file.
    ///
    /// # Errors
    /// `BadPatch` without a title, or for a line above the diff that is neither
    /// the title nor has a label.
    pub fn parse(path: &str, text: &str, words: &Words) -> Result<Self> {
        let (above, diff) = match text.find("diff --git ") {
            Some(at) if at == 0 || text[..at].ends_with('\n') => text.split_at(at),
            _ => (text, ""),
        };
        let bad = |line: usize, reason: String| Error::BadPatch {
            path: path.into(),
            line,
            reason,
        };
        let (mut title, mut lines) = (String::new(), Vec::new());
        for (number, line) in above.lines().enumerate() {
            match line.split_once(": ") {
                Some((label, text)) if words.labels.contains(&label) => {
                    lines.push((label.into(), text.trim().into()));
                }
                _ if line.trim().is_empty() => {}
                _ if title.is_empty() => title = line.trim().to_string(),
                _ => {
                    let labels = words.labels.iter().map(|label| format!("`{label}: …`"));
                    let known = labels.collect::<Vec<_>>().join(" and ");
                    let reason = format!("only a title and {known} lines stand above the diff");
                    return Err(bad(number + 1, reason));
                }
            }
        }
        if title.is_empty() {
            let reason = format!("its first line must say {}", words.title);
            return Err(bad(1, reason));
        }
        Ok(Self {
            path: path.into(),
            title,
            lines,
            diff: diff.into(),
        })
    }

    /// What the lines with this label say.
    pub fn labelled(&self, label: &str) -> Vec<String> {
        let is_such = |(own, text): &(String, String)| (own == label).then(|| text.clone());
        self.lines.iter().filter_map(is_such).collect()
    }

    /// The files after this patch.
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
                _ => return Err(self.unreadable("a rename or a copy cannot be typed")),
            };
            let text = patch
                .patch()
                .as_text()
                .ok_or_else(|| self.unreadable("a binary file cannot be typed"))?;
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

/// Write a patch file: what turns `before` into `after`.
///
/// `Cargo.lock` is left out: nobody types it, and it follows `Cargo.toml`.
pub fn write<'a>(
    title: &str,
    lines: impl Iterator<Item = (&'a str, &'a String)>,
    before: &Files,
    after: &Files,
) -> String {
    let mut text = format!("{title}\n");
    for (at, (label, line)) in lines.enumerate() {
        let gap = if at == 0 { "\n" } else { "" };
        text.push_str(&format!("{gap}{label}: {line}\n"));
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
