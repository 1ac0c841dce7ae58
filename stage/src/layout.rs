//! Laying a state out in a folder that is ours.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::error::{Error, Result};
use crate::files::{File, Files};
use crate::tools;

/// Make `folder` hold exactly `files`.
///
/// Only what differs is written, so that nothing else is compiled again: what
/// Python and type checkers keep of files that stay is left there.
///
/// # Errors
/// `Io`.
pub fn lay_out(folder: &Path, files: &Files) -> Result<()> {
    for path in on_disk(folder) {
        let source = compiled_from(&path);
        if !files.contains_key(source.as_deref().unwrap_or(&path)) {
            let place = folder.join(&path);
            fs::remove_file(&place).map_err(Error::io("remove", &place))?;
        }
    }
    remove_empty(folder);
    for (path, File { bytes, .. }) in files.iter() {
        let place = folder.join(path);
        let is_folder = |found: fs::Metadata| found.is_dir();
        if fs::symlink_metadata(&place).is_ok_and(is_folder) {
            fs::remove_dir_all(&place).map_err(Error::io("remove", &place))?;
        }
        if fs::read(&place).is_ok_and(|old| old == *bytes) {
            continue;
        }
        let above = place.parent().unwrap_or(folder);
        fs::create_dir_all(above).map_err(Error::io("create", above))?;
        let before = second(&place).filter(|_| path.ends_with(".py") || path.ends_with(".pyi"));
        fs::write(&place, bytes).map_err(Error::io("write", &place))?;
        if let Some(before) = before.filter(|before| second(&place) == Some(*before)) {
            written_after(&place, before).map_err(Error::io("write", &place))?;
        }
    }
    tools::forget_outdated(folder);
    Ok(())
}

/// The source that a compiled Python file belongs to: `a/b.py` of `a/__pycache__/b.cpython-311.pyc`.
fn compiled_from(path: &str) -> Option<String> {
    let (above, name) = path
        .strip_suffix(".pyc")?
        .rsplit_once('/')
        .unwrap_or(("", path));
    let above = above.strip_suffix("__pycache__")?;
    Some(format!("{above}{}.py", name.split('.').next()?))
}

/// In which second a file was written.
fn second(path: &Path) -> Option<Duration> {
    let written: SystemTime = fs::metadata(path).and_then(|found| found.modified()).ok()?;
    let since = written.duration_since(UNIX_EPOCH).ok()?;
    Some(Duration::from_secs(since.as_secs()))
}

/// Type checkers take a file for unchanged that has its old length and its old
/// second. States follow each other faster than that.
fn written_after(path: &Path, second: Duration) -> std::io::Result<()> {
    let next = UNIX_EPOCH + second + Duration::from_secs(1);
    let times = fs::FileTimes::new().set_modified(next);
    fs::File::options().write(true).open(path)?.set_times(times)
}

/// Every file below a folder but what is built: modules, and what is in `target/`.
fn on_disk(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![(folder.to_path_buf(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            // A link to a folder is a file here: nothing outside is ever touched.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                if path == "target" {
                    continue;
                }
                folders.push((entry.path(), format!("{path}/")));
            } else if !name.ends_with(".so") && !name.ends_with(".pyd") {
                found.push(path);
            }
        }
    }
    found
}

/// Remove every folder that holds nothing, below this one.
fn remove_empty(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_empty(&entry.path());
            // One that holds something stays.
            let _ = fs::remove_dir(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(all: &[(&str, &str)]) -> Files {
        let all = all.iter();
        Files(
            all.map(|(path, text)| (path.to_string(), File::text(*text)))
                .collect(),
        )
    }

    #[test]
    fn what_was_compiled_from_a_file_that_stays_stays() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let before = [("rows.py", "1\n"), ("names.py", "1\n"), ("gone.py", "1\n")];
        lay_out(folder, &files(&before)).unwrap();
        let compiled = |name: &str| folder.join("__pycache__").join(name);
        fs::create_dir(folder.join("__pycache__")).unwrap();
        for name in ["rows", "names", "gone"] {
            let name = format!("{name}.cpython-312-pytest-9.2.0.pyc");
            fs::write(compiled(&name), "").unwrap();
        }
        lay_out(folder, &files(&[("rows.py", "1\n"), ("names.py", "2\n")])).unwrap();
        let is_there =
            |name: &str| compiled(&format!("{name}.cpython-312-pytest-9.2.0.pyc")).exists();
        assert!(is_there("rows"));
        assert!(!is_there("names"), "its source is newer");
        assert!(!is_there("gone"), "its source is gone");
    }

    #[test]
    fn a_file_that_changes_within_a_second_has_another_second() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("rows.pyi");
        for text in ["1\n", "2\n", "3\n"] {
            let before = second(&place);
            lay_out(folder.path(), &files(&[("rows.pyi", text)])).unwrap();
            assert_ne!(second(&place), before);
        }
    }
}
