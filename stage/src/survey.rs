//! `live/` as it stands on disk, read once, byte for byte.
//!
//! Edited, untracked, executable, links as links, line endings untouched. What
//! git ignores is passed over, except where a move is about to overwrite it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::error::{Error, Result};
use crate::files;
use crate::git::Git;
use crate::repo::Repo;

/// A file of `live/` as it was when it was saved.
#[derive(Debug)]
pub struct Seen {
    pub mode: &'static str,
    /// Kept only where the move may have nothing to write.
    pub bytes: Option<Vec<u8>>,
    stamp: Stamp,
}

/// What a save holds, by path from `live/`.
pub type Holding = BTreeMap<Vec<u8>, Seen>;

/// `live/` as it has just been read; not kept yet.
pub struct Survey {
    pub holding: Holding,
    /// The same in fast-import's language.
    pub stream: Vec<u8>,
}

/// Read `live/`; `wanted` are the paths (from `live/`) that will be written.
///
/// # Errors
/// `Symlink` if `live/` is a link, `SpecialFile`, `Io` for what cannot be
/// read, `ChangedMeanwhile`, `Git`.
pub fn read(git: &Git, repo: &Repo, wanted: &BTreeSet<Vec<u8>>) -> Result<Survey> {
    let ignored: BTreeSet<Vec<u8>> = git.ignored("live")?.into_iter().collect();
    let mut walk = Walk {
        live: repo.live(),
        ignored,
        wanted,
        stream: Vec::new(),
        holding: Holding::new(),
    };
    walk.begin()?;
    Ok(Survey {
        holding: walk.holding,
        stream: walk.stream,
    })
}

/// Check, at the last moment, that a file is still the one that was saved.
///
/// # Errors
/// `ChangedMeanwhile` if it is not.
pub fn check_unchanged(path: &Path, seen: &Seen) -> Result<()> {
    let changed = || Error::ChangedMeanwhile { path: path.into() };
    let now = fs::symlink_metadata(path).map_err(|_| changed())?;
    if Stamp::of(&now) == seen.stamp {
        Ok(())
    } else {
        Err(changed())
    }
}

struct Walk<'a> {
    live: PathBuf,
    ignored: BTreeSet<Vec<u8>>,
    wanted: &'a BTreeSet<Vec<u8>>,
    stream: Vec<u8>,
    holding: Holding,
}

impl Walk<'_> {
    fn begin(&mut self) -> Result<()> {
        let live = self.live.clone();
        match fs::symlink_metadata(&live) {
            Ok(found) if found.is_symlink() => Err(Error::Symlink { path: live }),
            Ok(found) if found.is_dir() => {
                let ignored = self.ignored.contains(b"live/".as_slice());
                self.folder(&live, b"", ignored)
            }
            Ok(_) => Err(Error::SpecialFile { path: live }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(Error::io("read", &live)(error)),
        }
    }

    /// `inside` is whether a folder above is ignored whole.
    fn folder(&mut self, folder: &Path, path: &[u8], inside: bool) -> Result<()> {
        let listed = fs::read_dir(folder).map_err(Error::io("read", folder))?;
        for entry in listed {
            let entry = entry.map_err(Error::io("read", folder))?;
            // A repository, or a work tree's pointer to one: git takes neither
            // into a tree, so both are left standing.
            if entry.file_name() == ".git" {
                continue;
            }
            let here = entry.path();
            let mut path = path.to_vec();
            if !path.is_empty() {
                path.push(b'/');
            }
            path.extend(name_bytes(&entry.file_name()));
            let found = fs::symlink_metadata(&here).map_err(Error::io("read", &here))?;
            if found.is_dir() {
                let ignored = inside || self.is_ignored(&path, true);
                let below = [path.as_slice(), b"/"].concat();
                if !ignored
                    || self
                        .wanted
                        .range(below.clone()..)
                        .next()
                        .is_some_and(|next| next.starts_with(&below))
                {
                    self.folder(&here, &path, ignored)?;
                }
            } else if self.wanted.contains(&path) || !(inside || self.is_ignored(&path, false)) {
                self.file(&here, path, found)?;
            }
        }
        Ok(())
    }

    fn file(&mut self, here: &Path, path: Vec<u8>, found: Metadata) -> Result<()> {
        let (mode, bytes) = if found.is_symlink() {
            let target = fs::read_link(here).map_err(Error::io("read", here))?;
            ("120000", name_bytes(target.as_os_str()))
        } else if found.is_file() {
            let mode = if files::is_executable(&found) {
                "100755"
            } else {
                "100644"
            };
            (mode, fs::read(here).map_err(Error::io("read", here))?)
        } else {
            return Err(Error::SpecialFile { path: here.into() });
        };
        let seen = Seen {
            mode,
            bytes: None,
            stamp: Stamp::of(&found),
        };
        check_unchanged(here, &seen)?;
        let quoted = quoted(&[b"live/", path.as_slice()].concat());
        self.stream
            .extend(format!("M {mode} inline {quoted}\ndata {}\n", bytes.len()).bytes());
        self.stream.extend(&bytes);
        self.stream.push(b'\n');
        let bytes = self.wanted.contains(&path).then_some(bytes);
        self.holding.insert(path, Seen { bytes, ..seen });
        Ok(())
    }

    fn is_ignored(&self, path: &[u8], folder: bool) -> bool {
        let end: &[u8] = if folder { b"/" } else { b"" };
        self.ignored.contains(&[b"live/", path, end].concat())
    }
}

/// What tells whether a file was touched since we read it.
#[derive(Debug, PartialEq, Eq)]
struct Stamp {
    length: u64,
    modified: Option<SystemTime>,
    inode: Option<(u64, i64, i64, u32)>,
}

impl Stamp {
    fn of(found: &Metadata) -> Self {
        #[cfg(unix)]
        let inode = {
            use std::os::unix::fs::MetadataExt;
            Some((found.ino(), found.ctime(), found.ctime_nsec(), found.mode()))
        };
        #[cfg(not(unix))]
        let inode = None;
        Self {
            length: found.len(),
            modified: found.modified().ok(),
            inode,
        }
    }
}

/// A name as git has it: any bytes on Unix, UTF-8 elsewhere.
pub fn name_bytes(name: &std::ffi::OsStr) -> Vec<u8> {
    #[cfg(unix)]
    return std::os::unix::ffi::OsStrExt::as_bytes(name).to_vec();
    #[cfg(not(unix))]
    return name.to_string_lossy().replace('\\', "/").into_bytes();
}

/// A path from git, below `folder`.
pub fn path_of(folder: &Path, path: &[u8]) -> PathBuf {
    #[cfg(unix)]
    return folder.join(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(path));
    #[cfg(not(unix))]
    return folder.join(String::from_utf8_lossy(path).as_ref());
}

/// A path in fast-import's own quoting.
fn quoted(path: &[u8]) -> String {
    let mut text = String::from("\"");
    for &byte in path {
        match byte {
            b'"' | b'\\' => text.extend(['\\', byte as char]),
            0x20..=0x7e => text.push(byte as char),
            _ => text.push_str(&format!("\\{byte:03o}")),
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_byte_can_stand_in_a_name() {
        assert_eq!(quoted(b"a \"b\"\\\n\xff"), "\"a \\\"b\\\"\\\\\\012\\377\"");
    }
}
