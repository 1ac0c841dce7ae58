//! The locks of a work tree: one `stage` moves at a time, one fetches.
//!
//! Beside a lock that is held stands an empty file. Who finds one that nobody
//! holds knows since when a run was cut off.

use std::fs;
use std::path::PathBuf;

use fs4::FileExt;

use crate::error::{Error, Result};
use crate::git::Git;
use crate::moves::memory;

/// Freed when dropped or when the process ends.
pub struct Lock {
    #[allow(dead_code)]
    file: fs::File,
    held: PathBuf,
    /// Somebody was killed before us, and what their git locked is not free yet.
    is_unsettled: bool,
}

impl Drop for Lock {
    fn drop(&mut self) {
        if !self.is_unsettled {
            let _ = fs::remove_file(&self.held);
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
    let file = fs::File::create(&path).map_err(Error::io("create", &path))?;
    if FileExt::try_lock(&file).is_err() {
        return Err(Error::Busy { path });
    }
    let held = folder.join(format!("{name}-held"));
    let since = fs::symlink_metadata(&held).and_then(|found| found.modified());
    let is_unsettled = since.is_ok_and(|since| !git.forget_locks(since));
    if !is_unsettled {
        // Made anew, for its time. On a full disk, too, it must be possible to go on.
        let _ = fs::remove_file(&held);
        let _ = fs::File::create(&held);
    }
    Ok(Lock {
        file,
        held,
        is_unsettled,
    })
}
