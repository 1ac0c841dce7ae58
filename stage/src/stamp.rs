//! What tells whether a file was touched since it was read.

use std::fs::Metadata;
use std::time::{Duration, SystemTime};

/// File systems tell times apart by nanoseconds, by a clock's ticks, or by two
/// whole seconds: a file is trusted by its times only when they are older.
const SETTLED: Duration = Duration::from_secs(3);

/// Which file it is, its length, its times and its mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Stamp {
    length: u64,
    pub modified: Option<SystemTime>,
    /// Changes with a rename, too.
    changed: (i64, i64),
    file: (u64, u64),
    /// How many names it has.
    links: u64,
    pub mode: u32,
}

impl Stamp {
    pub fn of(found: &Metadata) -> Self {
        #[cfg(unix)]
        let (changed, file, links, mode) = {
            use std::os::unix::fs::MetadataExt;
            let changed = (found.ctime(), found.ctime_nsec());
            let file = (found.dev(), found.ino());
            (changed, file, found.nlink(), found.mode())
        };
        #[cfg(not(unix))]
        let (changed, file, links, mode) = ((0, 0), (0, 0), 1, 0);
        Self {
            length: found.len(),
            modified: found.modified().ok(),
            changed,
            file,
            links,
            mode,
        }
    }

    /// Whether nobody has touched it since it was `seen`. That another of its names
    /// has gone is no touch: a move may have taken that one away a moment ago.
    pub fn is_untouched_since(&self, seen: &Self) -> bool {
        self == seen || self.links < seen.links && self.is_same_but_for_its_name(seen)
    }

    /// Whether it is the same file with the same contents, renamed or not.
    pub fn is_same_but_for_its_name(&self, other: &Self) -> bool {
        let without = |stamp: &Self| Self {
            changed: (0, 0),
            links: 1,
            ..*stamp
        };
        without(self) == without(other)
    }

    /// Whether its file system tells times in fractions of a second.
    pub fn has_fine_times(&self) -> bool {
        let since = self
            .modified
            .and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
        cfg!(unix) && since.is_some_and(|since| since.subsec_nanos() != 0)
    }

    /// Whether a change made from now on would give another stamp.
    pub fn is_settled(&self, now: SystemTime) -> bool {
        let Ok(seconds) = u64::try_from(self.changed.0) else {
            return false;
        };
        let changed = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        let is_old = |then: SystemTime| now.duration_since(then).is_ok_and(|age| age > SETTLED);
        cfg!(unix) && self.modified.is_some_and(is_old) && is_old(changed)
    }

    /// As a line of a file that is ours; compared whole, never read back.
    pub fn line(&self) -> String {
        let modified = self
            .modified
            .and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok())
            .map_or(0, |since| since.as_nanos());
        let (device, inode) = self.file;
        let (seconds, nanos) = self.changed;
        format!(
            "{device} {inode} {} {modified} {seconds}.{nanos:09} {:o}",
            self.length, self.mode
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_was_touched_just_now_is_not_trusted() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
        let touched = |ago: u64, changed_ago: i64| Stamp {
            length: 1,
            modified: Some(now - Duration::from_secs(ago)),
            changed: (1_700_000_000 - changed_ago, 0),
            file: (1, 1),
            links: 1,
            mode: 0o100_644,
        };
        assert_eq!(touched(60, 60).is_settled(now), cfg!(unix));
        assert!(!touched(60, 1).is_settled(now));
        assert!(!touched(1, 60).is_settled(now));
        // A clock that was put back.
        assert!(!touched(60, -60).is_settled(now));
    }
}
