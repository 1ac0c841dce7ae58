//! Compiled Python that Python would wrongly take for current.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

/// Remove compiled files that are older than their source, below `folder`.
///
/// Python and pytest match a compiled file to its source by length and whole
/// seconds. Checkpoints now follow each other faster than that, and `12` may
/// become `13` within a second. Python compiles again what is not there.
pub fn forget_outdated(folder: &Path) {
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if is_folder && entry.file_name() == "__pycache__" {
                forget_in(&entry.path(), &folder);
            } else if is_folder && entry.file_name() != "target" {
                folders.push(entry.path());
            }
        }
    }
}

fn forget_in(cache: &Path, sources: &Path) {
    for entry in fs::read_dir(cache).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let module = name.split('.').next().unwrap_or_default();
        let source = written(&sources.join(format!("{module}.py")));
        if source.is_some() && written(&entry.path()) <= source {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn written(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|found| found.modified()).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_was_compiled_before_the_last_save_goes_and_the_rest_stays() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, milliseconds: u64| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, "").unwrap();
            let time = SystemTime::UNIX_EPOCH + Duration::from_millis(milliseconds);
            let times = fs::FileTimes::new().set_modified(time);
            fs::File::open(&path).unwrap().set_times(times).unwrap();
        };
        let cache = "python/dunder/__pycache__";
        write(&format!("{cache}/rows.cpython-312.pyc"), 10_200);
        write("python/dunder/rows.py", 10_800);
        write(
            &format!("{cache}/names.cpython-312-pytest-9.2.0.pyc"),
            10_900,
        );
        write("python/dunder/names.py", 10_800);
        write(&format!("{cache}/gone.cpython-312.pyc"), 10_200);
        forget_outdated(folder.path());
        let is_there = |name: &str| folder.path().join(cache).join(name).exists();
        assert!(!is_there("rows.cpython-312.pyc"));
        assert!(is_there("names.cpython-312-pytest-9.2.0.pyc"));
        assert!(is_there("gone.cpython-312.pyc"));
    }
}
