//! Locks that a git left which was killed: `index.lock`, `refs/tags/….lock`.
//!
//! Whoever comes next would be refused until somebody removes the file by hand.
//! We do, if it was made by a run of ours that was cut off, and nobody can be
//! at work behind it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::Git;

/// A lock that has not changed for so long is nobody's who is at work.
const QUIET: Duration = Duration::from_secs(1);

impl Git {
    /// Remove the locks of this repository that were made since a run was cut
    /// off which began at `since`. Those of before stay, and so do all while a
    /// git is running here, or where that cannot be seen: then it is false.
    pub fn forget_locks(&self, since: SystemTime) -> bool {
        let left: Vec<PathBuf> = self.locks(since);
        if left.is_empty() {
            return true;
        }
        let before: Vec<_> = left.iter().map(|path| made(path)).collect();
        // A git whose `stage` was killed may be about to end, too.
        std::thread::sleep(QUIET);
        if self.is_at_work() {
            return false;
        }
        for (path, before) in left.iter().zip(before) {
            if before.is_some() && made(path) == before {
                // One that stays is what git complains of next.
                let _ = fs::remove_file(path);
            }
        }
        true
    }

    /// Every lock of git's that is not older than `since`.
    fn locks(&self, since: SystemTime) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![
            (self.folder.clone(), false),
            (self.common.clone(), false),
            (self.folder.join("refs"), true),
            (self.common.join("refs"), true),
            (self.common.join("reftable"), true),
        ];
        while let Some((folder, is_searched)) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let path = entry.path();
                let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
                if is_folder && is_searched {
                    folders.push((path, true));
                } else if !is_folder && path.extension().is_some_and(|end| end == "lock") {
                    found.push(path);
                }
            }
        }
        found.retain(|path| made(path).is_some_and(|made| made >= since));
        found.sort();
        found.dedup();
        found
    }

    /// Whether a git is running in this work tree or in the git folder.
    #[cfg(target_os = "linux")]
    fn is_at_work(&self) -> bool {
        let folders = [&self.root, &self.folder, &self.common];
        let folders: Vec<PathBuf> = folders
            .iter()
            .filter_map(|folder| folder.canonicalize().ok())
            .collect();
        let is_here = |process: &Path| {
            let name = fs::read_to_string(process.join("comm")).unwrap_or_default();
            let place = fs::read_link(process.join("cwd")).unwrap_or_default();
            name.starts_with("git") && folders.iter().any(|folder| place.starts_with(folder))
        };
        match fs::read_dir("/proc") {
            Ok(processes) => processes.flatten().any(|entry| is_here(&entry.path())),
            Err(_) => true,
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn is_at_work(&self) -> bool {
        true
    }
}

fn made(path: &Path) -> Option<SystemTime> {
    fs::symlink_metadata(path).ok()?.modified().ok()
}
