//! The locks of a work tree: one `stage` moves at a time, one fetches.

use std::fs;
use std::io::Write;

use fs4::FileExt;

use crate::error::{Error, Result};
use crate::git::Git;
use crate::moves::memory;

/// Held while something moves; freed when dropped or when the process ends.
pub struct Lock {
    file: fs::File,
    /// Somebody was killed before us, and what their git locked is not free yet.
    is_unsettled: bool,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Empty: whoever held it came to an end.
        if !self.is_unsettled {
            let _ = self.file.set_len(0);
        }
    }
}

/// Take the lock under which `live/` moves.
///
/// # Errors
/// `Busy` if another `stage` has it.
pub fn of_moves(git: &Git) -> Result<Lock> {
    take(git, "lock")
}

/// Take the lock under which new material is fetched.
///
/// # Errors
/// `Busy` if another `stage` has it.
pub fn of_fetch(git: &Git) -> Result<Lock> {
    take(git, "fetching")
}

/// Take a lock. Of one that was killed while it held it, what its git locked is freed.
fn take(git: &Git, name: &str) -> Result<Lock> {
    let folder = memory(git);
    fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
    let path = folder.join(name);
    let mut file = fs::File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(Error::io("create", &path))?;
    if FileExt::try_lock(&file).is_err() {
        return Err(Error::Busy { path });
    }
    let found = file.metadata().map_err(Error::io("read", &path))?;
    let is_unsettled = match found.modified() {
        Ok(since) if found.len() > 0 => !git.forget_locks(since),
        _ => false,
    };
    if !is_unsettled {
        // On a full disk, too, it must be possible to go on.
        let _ = file.set_len(0);
        let _ = writeln!(file, "{}", std::process::id());
    }
    Ok(Lock { file, is_unsettled })
}
