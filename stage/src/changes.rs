//! Telling that somebody has saved a file of `live/`.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use kernel::Inotify;

use crate::stamp::Stamp;

/// How often the files are looked at where nobody tells of a change.
const OFTEN: Duration = Duration::from_millis(250);

/// How often where the kernel does, in case that it does not.
const SELDOM: Duration = Duration::from_secs(4);

/// One save is several changes: what a kernel tells is heard this much later.
const TOGETHER: Duration = Duration::from_millis(10);

/// Changes with every edit of a source file. What tests and tools keep for themselves is
/// none: hidden folders but cargo's, what is compiled, the `but` that a caller names.
pub fn fingerprint(live: &Path, but: &[&str]) -> u64 {
    fingerprint_of(live, but, |_| {})
}

fn fingerprint_of(live: &Path, but: &[&str], enter: impl FnMut(&Path)) -> u64 {
    let mut hasher = DefaultHasher::new();
    files_of(live, but, enter).hash(&mut hasher);
    hasher.finish()
}

/// The file that was written last.
pub fn newest(live: &Path) -> Option<PathBuf> {
    let files = files_of(live, &[], |_| {});
    let newest = files.into_iter().max_by_key(|(_, stamp, _)| stamp.modified);
    newest.map(|(path, _, _)| path)
}

/// `enter` hears of each folder before it is read. With a link's stamp comes that of the
/// file that it leads to.
fn files_of(
    live: &Path,
    but: &[&str],
    mut enter: impl FnMut(&Path),
) -> Vec<(PathBuf, Stamp, Option<Option<Stamp>>)> {
    let mut folders = vec![live.to_path_buf()];
    let mut all = Vec::new();
    while let Some(folder) = folders.pop() {
        enter(&folder);
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = entry.path();
            let Ok(found) = entry.metadata() else {
                continue;
            };
            if found.is_dir() {
                let is_hidden = name.starts_with('.') && name != ".cargo";
                if !is_hidden && name != "target" && name != "__pycache__" {
                    folders.push(path);
                }
            } else if (found.is_file() || found.is_symlink())
                && !name.ends_with(std::env::consts::DLL_SUFFIX)
                && !name.ends_with(".pyd")
                && !but.contains(&name.as_str())
            {
                // A link to a file is edited where it leads.
                let behind = || fs::metadata(&path).ok().filter(fs::Metadata::is_file);
                let leads_to = found.is_symlink().then(|| behind().as_ref().map(Stamp::of));
                all.push((path, Stamp::of(&found), leads_to));
            }
        }
    }
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all
}

/// Looks at `live/` when the kernel tells of a change, and now and then. Where the
/// kernel has kept a change to itself, as it does for many a file system of a
/// network, it is not relied on again.
pub struct Changes {
    live: PathBuf,
    kernel: Option<Inotify>,
    seen: Option<u64>,
    was_told: bool,
}

impl Changes {
    pub fn of(live: PathBuf) -> Self {
        Self {
            live,
            kernel: Inotify::new(),
            seen: None,
            was_told: true,
        }
    }

    /// The fingerprint of `live/`, if it is there. What changes later is told.
    pub fn look(&mut self) -> Option<u64> {
        let mut is_heard = true;
        let mut hear_of = |folder: &Path| {
            if let Some(kernel) = &self.kernel {
                is_heard &= kernel.hear_of(folder);
            }
        };
        hear_of(self.live.parent().unwrap_or(&self.live));
        let now = self
            .live
            .is_dir()
            .then(|| fingerprint_of(&self.live, &[], hear_of));
        let has_changed = now != self.seen;
        self.seen = now;
        if let Some(kernel) = &self.kernel {
            let is_told = self.was_told || !has_changed || kernel.tells(TOGETHER);
            if !is_heard || !is_told {
                self.kernel = None;
            }
        }
        self.was_told = true;
        now
    }

    /// Until it is time to look again.
    pub fn wait(&mut self) {
        let Some(kernel) = &self.kernel else {
            thread::sleep(OFTEN);
            return;
        };
        self.was_told = kernel.tells(SELDOM);
        if self.was_told {
            thread::sleep(TOGETHER);
            kernel.forget();
        }
    }
}

#[cfg(target_os = "linux")]
mod kernel {
    use std::mem::MaybeUninit;
    use std::os::fd::OwnedFd;
    use std::path::Path;
    use std::time::Duration;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::fs::inotify::{CreateFlags, WatchFlags, add_watch, init};
    use rustix::io::{Errno, read};

    /// What the kernel tells of folders.
    pub struct Inotify(OwnedFd);

    impl Inotify {
        /// None if there are too many already.
        pub fn new() -> Option<Self> {
            init(CreateFlags::CLOEXEC | CreateFlags::NONBLOCK)
                .ok()
                .map(Self)
        }

        /// False if a folder that is there cannot be heard of.
        pub fn hear_of(&self, folder: &Path) -> bool {
            let changes = WatchFlags::CREATE
                | WatchFlags::MODIFY
                | WatchFlags::ATTRIB
                | WatchFlags::DELETE
                | WatchFlags::MOVE;
            match add_watch(&self.0, folder, changes | WatchFlags::ONLYDIR) {
                // What has left or shuts us out cannot be looked at, either.
                Ok(_) | Err(Errno::NOENT | Errno::NOTDIR | Errno::ACCESS) => true,
                Err(_) => false,
            }
        }

        /// Whether something has changed, as soon as it has.
        pub fn tells(&self, at_most: Duration) -> bool {
            let timeout = Timespec::try_from(at_most).ok();
            let mut news = [PollFd::new(&self.0, PollFlags::IN)];
            !matches!(poll(&mut news, timeout.as_ref()), Ok(0))
        }

        /// What was told.
        pub fn forget(&self) {
            let mut space = [MaybeUninit::uninit(); 4096];
            while read(&self.0, &mut space).is_ok_and(|(told, _)| !told.is_empty()) {}
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod kernel {
    use std::path::Path;
    use std::time::Duration;

    /// No other kernel tells of folders at the price of one file each.
    pub enum Inotify {}

    impl Inotify {
        pub fn new() -> Option<Self> {
            None
        }

        pub fn hear_of(&self, _: &Path) -> bool {
            match *self {}
        }

        pub fn tells(&self, _: Duration) -> bool {
            match *self {}
        }

        pub fn forget(&self) {
            match *self {}
        }
    }
}
