//! The sections as the work tree has them: outlines and what each step types.

use std::fs;
use std::path::Path;

use crate::checkpoint::Order;
use crate::error::{Error, Result};
use crate::outline::Outline;
use crate::repo::Repo;

/// The names in `folder`, sorted; none if it is not there.
pub fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Read every section's outline, in order.
///
/// # Errors
/// `MissingSlides` or `MissingSolution` where only one of the two is there;
/// `BadText`.
pub fn outlines(repo: &Repo, order: &Order) -> Result<Vec<Outline>> {
    let slides = repo.root.join("slides");
    let is_section = |name: &String| {
        name.ends_with(".md") && crate::checkpoint::is_stem(name.trim_end_matches(".md"))
    };
    for name in names(&slides).into_iter().filter(is_section) {
        let stem = name.trim_end_matches(".md");
        if !order.0.iter().any(|(other, _)| other == stem) {
            return Err(Error::MissingSolution { stem: stem.into() });
        }
    }
    let outline = |(stem, _): &(String, usize)| {
        let path = slides.join(format!("{stem}.md"));
        if !path.is_file() {
            return Err(Error::MissingSlides { stem: stem.clone() });
        }
        let name = format!("slides/{stem}.md");
        Outline::parse(&name, &read_text(&path, &name)?)
    };
    order.0.iter().map(outline).collect()
}

/// Read a text file; `name` is how messages call it.
///
/// # Errors
/// `Io`, or `BadPlace` of the first byte that is not UTF-8.
pub fn read_text(path: &Path, name: &str) -> Result<String> {
    text(name, fs::read(path).map_err(Error::io("read", path))?)
}

/// A file's bytes as text.
///
/// # Errors
/// `BadPlace` of the first byte that is not UTF-8.
pub fn text(name: &str, bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let begin = good.iter().rposition(|&byte| byte == b'\n');
        let line = &good[begin.map_or(0, |end| end + 1)..];
        Error::BadPlace {
            path: name.into(),
            line: good.iter().filter(|&&byte| byte == b'\n').count() + 1,
            column: String::from_utf8_lossy(line).chars().count() + 1,
            reason: "the file is not UTF-8".into(),
            mend: "save it as UTF-8".into(),
        }
    })
}
