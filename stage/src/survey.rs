//! `live/` as it stands on disk, read once, byte for byte.
//!
//! Edited, untracked, executable, links as links, line endings untouched. What
//! git ignores is passed over, except where a move is about to overwrite it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::files;
use crate::git::{Git, Oid};
use crate::large::{self, LARGE, Large};
use crate::repo::Repo;
use crate::stamp::Stamp;
use crate::writing;

/// A file of `live/` as it was when it was saved.
#[derive(Debug)]
pub struct Seen {
    pub mode: &'static str,
    /// Kept only where the move may have nothing to write.
    pub bytes: Option<Vec<u8>>,
    /// What a large file is, which is not held in memory.
    pub blob: Option<Oid>,
    pub stamp: Stamp,
}

impl Seen {
    /// Rights that a checkout would not give.
    pub fn odd_permissions(&self) -> Option<u32> {
        let bits = self.stamp.mode & 0o7777;
        let is_odd = self.mode != "120000" && bits != 0o644 && bits != 0o755;
        (cfg!(unix) && is_odd).then_some(bits)
    }
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
/// `memory` is where large files are remembered.
///
/// # Errors
/// `Symlink` if `live/` is a link, `SpecialFile`, `Io` for what cannot be
/// read, `ChangedMeanwhile`, `Git`.
pub fn read(git: &Git, repo: &Repo, memory: &Path, wanted: &BTreeSet<Vec<u8>>) -> Result<Survey> {
    let ignored: BTreeSet<Vec<u8>> = git.ignored("live")?.into_iter().collect();
    let mut walk = Walk {
        live: repo.live(),
        ignored,
        wanted,
        stream: Vec::new(),
        holding: Holding::new(),
        large: Vec::new(),
    };
    walk.begin()?;
    walk.keep_large(git, memory)?;
    Ok(Survey {
        holding: walk.holding,
        stream: walk.stream,
    })
}

struct Walk<'a> {
    live: PathBuf,
    ignored: BTreeSet<Vec<u8>>,
    wanted: &'a BTreeSet<Vec<u8>>,
    stream: Vec<u8>,
    holding: Holding,
    large: Vec<(Vec<u8>, &'static str, Large)>,
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
        let stamp = Stamp::of(&found);
        let (mode, bytes) = if found.is_symlink() {
            let target = fs::read_link(here).map_err(Error::io("read", here))?;
            ("120000", name_bytes(target.as_os_str()))
        } else if found.is_file() {
            let mode = if files::is_executable(&found) {
                "100755"
            } else {
                "100644"
            };
            if found.len() >= LARGE {
                let place = here.to_path_buf();
                self.large.push((path, mode, Large { place, stamp }));
                return Ok(());
            }
            (mode, fs::read(here).map_err(Error::io("read", here))?)
        } else {
            return Err(Error::SpecialFile { path: here.into() });
        };
        writing::check_unchanged(here, &stamp)?;
        let whole = [b"live/", path.as_slice()].concat();
        modify(&mut self.stream, mode, &whole, &bytes);
        let bytes = self.wanted.contains(&path).then_some(bytes);
        let seen = Seen {
            mode,
            bytes,
            blob: None,
            stamp,
        };
        self.holding.insert(path, seen);
        Ok(())
    }

    fn keep_large(&mut self, git: &Git, memory: &Path) -> Result<()> {
        let (names, files): (Vec<_>, Vec<_>) = std::mem::take(&mut self.large)
            .into_iter()
            .map(|(path, mode, file)| ((path, mode), file))
            .unzip();
        if files.is_empty() {
            return Ok(());
        }
        let blobs = large::keep(git, memory, &files)?;
        for (((path, mode), file), id) in names.into_iter().zip(files).zip(blobs) {
            let quoted = quoted(&[b"live/", path.as_slice()].concat());
            self.stream
                .extend(format!("M {mode} {id} {quoted}\n").bytes());
            let seen = Seen {
                mode,
                bytes: None,
                blob: Some(id),
                stamp: file.stamp,
            };
            self.holding.insert(path, seen);
        }
        Ok(())
    }

    fn is_ignored(&self, path: &[u8], folder: bool) -> bool {
        let end: &[u8] = if folder { b"/" } else { b"" };
        self.ignored.contains(&[b"live/", path, end].concat())
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

/// A file in fast-import's language.
pub fn modify(stream: &mut Vec<u8>, mode: &str, path: &[u8], bytes: &[u8]) {
    let quoted = quoted(path);
    stream.extend(format!("M {mode} inline {quoted}\ndata {}\n", bytes.len()).bytes());
    stream.extend(bytes);
    stream.push(b'\n');
}

/// A path in fast-import's own quoting.
pub fn quoted(path: &[u8]) -> String {
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
