//! What pytest finds in a project before it looks for tests, as one word: where it is the
//! same, pytest is as far in one run as in the other (`ready.py`).

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Component, Path};

use crate::tools::key::digest;

/// Tells pytest what to do, at the top of the project; in the same file elsewhere, if a word
/// leads there.
const SETTINGS: &str = "pyproject.toml";

/// Tells it the same, or is code that it runs first, wherever it lies.
const OTHERS: [&str; 7] = [
    "conftest.py",
    "pytest.toml",
    ".pytest.toml",
    "pytest.ini",
    ".pytest.ini",
    "tox.ini",
    "setup.cfg",
];

/// What pytest notes from one run to the next.
const NOTES: &str = ".pytest_cache/v/cache";

/// Behind `-p`: that it shall not.
const NO_NOTES: &[u8] = b"no:cacheprovider";

/// The word for a project and words for pytest; `None` if it could run code of the
/// project, or look where nobody else does.
pub fn found(project: &Path, words: &[&[u8]]) -> Option<String> {
    let mut parts = vec![fs::read(project.join(SETTINGS)).ok()?];
    let mut folders = vec![project.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).ok()? {
            let entry = entry.ok()?;
            let (name, kind) = (entry.file_name(), entry.file_type().ok()?);
            let is_top = folder == project;
            let is_other = OTHERS.iter().any(|other| name == *other);
            if is_other || name == SETTINGS && !is_top {
                return None;
            }
            // Where a link leads, nobody has looked.
            if kind.is_symlink() && entry.path().is_dir() {
                return None;
            }
            let is_left_out = is_left_out(name.as_bytes());
            if is_top && !is_left_out {
                parts.push([name.as_bytes(), &[u8::from(kind.is_dir())]].concat());
            }
            if kind.is_dir() && !is_left_out {
                folders.push(entry.path());
            }
        }
    }
    if !words.contains(&NO_NOTES) {
        for entry in fs::read_dir(project.join(NOTES)).into_iter().flatten() {
            parts.push(fs::read(entry.ok()?.path()).ok()?);
        }
    }
    parts[1..].sort();
    for word in words.iter().filter(|word| !word.starts_with(b"-")) {
        let word = std::str::from_utf8(word).ok()?;
        let path = Path::new(word.split("::").next().unwrap_or_default());
        let is_below = |part: Component| match part {
            Component::Normal(name) => !is_left_out(name.as_bytes()),
            _ => false,
        };
        if !path.components().all(is_below) {
            return None;
        }
    }
    Some(digest(&parts.join(&b'\0')))
}

/// Nobody keeps tests there, and what lies there comes and goes.
fn is_left_out(name: &[u8]) -> bool {
    name.starts_with(b".") || name == b"target" || name == b"__pycache__"
}
