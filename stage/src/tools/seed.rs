//! Taking compiled crates over from one target folder into another.

use std::fs;
use std::io;
use std::path::Path;

use fs4::FileExt;

use crate::error::{Error, Result};

/// What cargo needs to see that a crate is compiled.
const FOLDERS: [&str; 3] = [".fingerprint", "build", "deps"];

/// Copy what cargo has compiled in `from` to `target`, unless something is there.
///
/// Crates of a registry are the same at every place; the project's own code is
/// known by its folder, and so compiled anew. Times are kept: cargo compares
/// them.
///
/// # Errors
/// `Io`.
pub fn seed(from: &Path, target: &Path) -> Result<()> {
    let (old, new) = (from.join("debug"), target.join("debug"));
    if new.exists() || !old.join("deps").is_dir() {
        return Ok(());
    }
    // While cargo writes, it holds this lock; so do we while we read.
    let lock = fs::File::open(old.join(".cargo-lock"));
    if let Ok(lock) = &lock {
        FileExt::lock_shared(lock).map_err(Error::io("lock", &old))?;
    }
    let half = target.join(format!("half-{}", std::process::id()));
    let copied = FOLDERS
        .iter()
        .try_for_each(|name| copy(&old.join(name), &half.join(name)));
    let placed = copied.and_then(|()| fs::rename(&half, &new));
    placed.map_err(|error| {
        let _ = fs::remove_dir_all(&half);
        Error::io("copy compiled crates to", &new)(error)
    })
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (old, new) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy(&old, &new)?;
            continue;
        }
        fs::copy(&old, &new)?;
        let found = entry.metadata()?;
        let times = fs::FileTimes::new().set_modified(found.modified()?);
        fs::File::open(&new)?.set_times(times)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    #[test]
    fn times_are_kept_and_what_is_there_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (from, target) = (folder.path().join("from"), folder.path().join("to"));
        seed(&from, &target).unwrap();
        assert!(!target.join("debug").exists());

        for name in FOLDERS {
            fs::create_dir_all(from.join("debug").join(name).join("below")).unwrap();
        }
        let crate_file = "debug/deps/below/libpyo3.rlib";
        fs::write(from.join(crate_file), "compiled").unwrap();
        let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let file = fs::File::open(from.join(crate_file)).unwrap();
        file.set_times(fs::FileTimes::new().set_modified(old))
            .unwrap();
        seed(&from, &target).unwrap();
        let made = fs::metadata(target.join(crate_file)).unwrap();
        assert_eq!(made.modified().unwrap(), old);

        fs::write(target.join(crate_file), "newer").unwrap();
        seed(&from, &target).unwrap();
        assert_eq!(
            fs::read_to_string(target.join(crate_file)).unwrap(),
            "newer"
        );
    }
}
