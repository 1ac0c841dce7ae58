//! Saves: `live/` as it is, byte for byte, under a ref of our own.
//!
//! A save is a commit whose tree is HEAD's with `live/` as it stands on disk:
//! edited, untracked, executable, links as links, line endings untouched.
//! Ignored files are left where they are, except those that a move is about to
//! overwrite. The ref exists before the first byte of `live/` changes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::error::{Error, Result};
use crate::git::{Git, Ref, Update};
use crate::repo::Repo;

const COMMITTER: &str = "saves@rust-under-python.invalid";

/// Why a save was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Before a move that `stage undo` takes back.
    Move,
    /// Before an undo.
    Undo,
    /// Of a half-made state, after a move was interrupted.
    Half,
}

/// A save that is kept.
#[derive(Debug, Clone)]
pub struct Save {
    pub name: String,
    pub kind: Kind,
    /// The checkpoint that was on stage, if it was known.
    pub at: Option<String>,
    pub why: String,
    /// Seconds since 1970.
    pub date: u64,
}

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
    stream: Vec<u8>,
}

/// Read `live/`; `wanted` are the paths (from `live/`) that will be written.
///
/// # Errors
/// `Symlink` if `live/` is a link, `SpecialFile`, `Io` for what cannot be
/// read, `ChangedMeanwhile`, `Git`.
pub fn survey(git: &Git, repo: &Repo, wanted: &BTreeSet<Vec<u8>>) -> Result<Survey> {
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

/// Keep what was read, under a ref of its own.
///
/// # Errors
/// `Git`. Nothing in `live/` has changed then.
pub fn keep(
    git: &Git,
    survey: &Survey,
    kind: Kind,
    why: &str,
    at: Option<&str>,
) -> Result<Save> {
    let name = free_name(git)?;
    let scratch = format!("{}saving", own_refs(git));
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let word = match kind {
        Kind::Move => "move",
        Kind::Undo => "undo",
        Kind::Half => "half",
    };
    let message = format!("{why}\n\nKind: {word}\nAt: {}\n", at.unwrap_or("unknown"));
    let mut stream = format!("feature done\ncommit {scratch}\nmark :1\n").into_bytes();
    stream.extend(format!("committer stage <{COMMITTER}> {now} +0000\n").bytes());
    stream.extend(format!("data {}\n{message}\n", message.len()).bytes());
    if let Some(head) = git.head()? {
        stream.extend(format!("from {head}\n").bytes());
    }
    stream.extend(b"D live\n");
    stream.extend(&survey.stream);
    stream.extend(b"\nget-mark :1\ndone\n");
    let id = git.fast_import(&stream, &scratch)?.pop().unwrap_or_default();
    git.update_refs(&[Update {
        name: name.clone(),
        old: None,
        new: Some(id),
    }])?;
    Ok(Save {
        name,
        kind,
        at: at.map(String::from),
        why: why.into(),
        date: now,
    })
}

/// The saves, oldest first.
///
/// # Errors
/// `Git`.
pub fn list(git: &Git) -> Result<Vec<Save>> {
    let refs = git.refs(&format!("{}save", own_refs(git)))?;
    refs.into_iter()
        .filter(|one| one.committer == COMMITTER)
        .map(|one| read(git, one))
        .collect()
}

/// The save whose move `stage undo` takes back: each undo cancels one move.
pub fn to_undo(saves: &[Save]) -> Option<&Save> {
    let mut cancelled = 0;
    for save in saves.iter().rev() {
        match save.kind {
            Kind::Undo => cancelled += 1,
            Kind::Half => {}
            Kind::Move if cancelled > 0 => cancelled -= 1,
            Kind::Move => return Some(save),
        }
    }
    None
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

fn read(git: &Git, one: Ref) -> Result<Save> {
    let body = git.message(&one.id)?;
    let field = |key: &str| {
        body.lines()
            .find_map(|line| line.strip_prefix(key))
            .map(str::to_string)
    };
    let kind = match field("Kind: ").as_deref() {
        Some("undo") => Kind::Undo,
        Some("half") => Kind::Half,
        _ => Kind::Move,
    };
    let at = field("At: ").filter(|at| at != "unknown");
    Ok(Save {
        name: one.name,
        kind,
        at,
        why: one.subject,
        date: one.date,
    })
}

/// Names sort by time; a clock that goes backwards still gives a later name.
fn free_name(git: &Git) -> Result<String> {
    let micros = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_micros());
    let saves = format!("{}save", own_refs(git));
    let last = git.refs(&saves)?.pop();
    let last = last.and_then(|one| one.name.rsplit('/').next()?.parse::<u128>().ok());
    let number = last.map_or(micros, |last| micros.max(last + 1));
    Ok(format!("{saves}/{number:020}"))
}

/// Where this work tree's refs stand: a linked one has a `live/` of its own,
/// and an undo there must not bring back another's. Not `refs/worktree/`, which
/// git deletes with the work tree.
fn own_refs(git: &Git) -> String {
    let (above, name) = (git.folder.parent(), git.folder.file_name());
    match (above.and_then(Path::file_name), name) {
        (Some(above), Some(name)) if above == "worktrees" => {
            format!("refs/stage/worktree/{}/", name.to_string_lossy())
        }
        _ => "refs/stage/".into(),
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
            let mode = if is_executable(&found) {
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

#[cfg(unix)]
fn is_executable(found: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    found.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &Metadata) -> bool {
    false
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

    fn saves(kinds: &[Kind]) -> Vec<Save> {
        let save = |(at, kind): (usize, &Kind)| Save {
            name: at.to_string(),
            kind: *kind,
            at: None,
            why: String::new(),
            date: 0,
        };
        kinds.iter().enumerate().map(save).collect()
    }

    #[test]
    fn each_undo_takes_one_more_move_back() {
        use Kind::{Half, Move, Undo};
        let undone = |kinds: &[Kind]| to_undo(&saves(kinds)).map(|save| save.name.clone());
        assert_eq!(undone(&[Move, Move]).as_deref(), Some("1"));
        assert_eq!(undone(&[Move, Move, Undo]).as_deref(), Some("0"));
        assert_eq!(undone(&[Move, Move, Undo, Undo]), None);
        assert_eq!(undone(&[Move, Undo, Move]).as_deref(), Some("2"));
        assert_eq!(undone(&[Move, Half]).as_deref(), Some("0"));
    }

    #[test]
    fn any_byte_can_stand_in_a_name() {
        assert_eq!(quoted(b"a \"b\"\\\n\xff"), "\"a \\\"b\\\"\\\\\\012\\377\"");
    }
}
