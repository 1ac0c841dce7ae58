//! What in a state of `live/` is somebody's own: the rest is a checkpoint's.

use std::fmt;
use std::path::{Component, Path};

use crate::baseline::{self, Baselines};
use crate::error::Result;
use crate::git::compare::{Change, Kind};
use crate::git::{Git, Oid};
use crate::repo::Repo;
use crate::save::Save;
use crate::survey::name_bytes;

/// The changes that somebody made to a checkpoint, by path from `live/`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own {
    pub edited: Vec<Vec<u8>>,
    pub new: Vec<Vec<u8>>,
    pub deleted: Vec<Vec<u8>>,
}

impl Own {
    fn of(changes: Vec<Change>) -> Self {
        let mut own = Self::default();
        for Change { kind, path } in changes {
            match kind {
                Kind::Edited => own.edited.push(path),
                Kind::New => own.new.push(path),
                Kind::Deleted => own.deleted.push(path),
            }
        }
        own
    }
}

impl fmt::Display for Own {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = [
            (self.edited.len(), "edited"),
            (self.new.len(), "new"),
            (self.deleted.len(), "deleted"),
        ];
        let parts: Vec<String> = counts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        match parts.is_empty() {
            true => f.write_str("nothing of your own"),
            false => f.write_str(&parts.join(", ")),
        }
    }
}

/// A state of `live/`: a commit, the checkpoint that it was made from, and when.
#[derive(Debug, Clone, Copy)]
pub struct State<'a> {
    pub commit: &'a str,
    pub at: Option<&'a str>,
    pub microsecond: u128,
}

impl<'a> State<'a> {
    pub fn of(save: &'a Save) -> Self {
        Self {
            commit: &save.name,
            at: save.at.as_deref(),
            microsecond: baseline::microsecond(&save.name),
        }
    }
}

/// What is somebody's own in each state, and the commit it began from; `None`
/// where nobody knows the checkpoint.
///
/// # Errors
/// `Git`.
pub fn of(
    git: &Git,
    baselines: &Baselines,
    states: &[State<'_>],
) -> Result<Vec<Option<(Oid, Own)>>> {
    let empty = git.empty_tree()?;
    let began: Vec<Vec<&Oid>> = states
        .iter()
        .map(|state| {
            let at = state.at.map(|at| baselines.of(at, state.microsecond));
            at.unwrap_or_default()
        })
        .collect();
    let mut names = Vec::new();
    for (state, began) in states.iter().zip(&began) {
        for commit in began {
            names.extend([format!("{commit}:live"), format!("{}:live", state.commit)]);
        }
    }
    let ids = git.ids(&names)?;
    let or_empty = |id: &Option<Oid>| id.clone().unwrap_or_else(|| empty.clone());
    let pairs: Vec<_> = ids
        .chunks_exact(2)
        .map(|pair| (or_empty(&pair[0]), or_empty(&pair[1])))
        .collect();
    let mut changes = git.changes(&pairs)?.into_iter();
    let nearest = |began: Vec<&Oid>| {
        let found = began.into_iter().zip(changes.by_ref());
        let found: Vec<_> = found.collect();
        let nearest = found.into_iter().min_by_key(|(_, changes)| changes.len());
        nearest.map(|(commit, changes)| (commit.clone(), Own::of(changes)))
    };
    Ok(began.into_iter().map(nearest).collect())
}

/// What `typed` in the folder `here` may mean as a path from `live/`: from
/// where it was typed, or, as lists print it, from `live/` itself. `live/`
/// itself is the empty path.
pub fn below_live(repo: &Repo, here: &Path, typed: &Path) -> Vec<Vec<u8>> {
    if typed.as_os_str().is_empty() {
        return Vec::new();
    }
    let from_here = straight(&here.join(typed))
        .strip_prefix(repo.live())
        .ok()
        .map(Path::to_path_buf);
    let from_live = (!typed.is_absolute()).then(|| straight(typed));
    let climbs = |path: &Path| path.components().any(|part| part == Component::ParentDir);
    let mut found: Vec<Vec<u8>> = from_here
        .into_iter()
        .chain(from_live.filter(|path| !climbs(path)))
        .map(|path| name_bytes(path.as_os_str()))
        .collect();
    found.dedup();
    found
}

/// Whether `path` is what was asked for, or lies in it.
pub fn is_in(path: &[u8], asked: &[u8]) -> bool {
    asked.is_empty()
        || path
            .strip_prefix(asked)
            .is_some_and(|rest| rest.is_empty() || rest[0] == b'/')
}

/// A path without `.` and, as far as that goes by its words alone, without `..`.
fn straight(path: &Path) -> std::path::PathBuf {
    let mut straight = std::path::PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if straight.file_name().is_some() => {
                straight.pop();
            }
            part => straight.push(part),
        }
    }
    straight
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(here: &str, typed: &str) -> Vec<String> {
        let repo = Repo {
            root: "/a b".into(),
        };
        let found = below_live(&repo, Path::new(here), Path::new(typed));
        found
            .into_iter()
            .map(|path| String::from_utf8(path).unwrap())
            .collect()
    }

    #[test]
    fn a_path_is_meant_from_here_or_from_live() {
        assert_eq!(meant("/a b", "live/src/x"), ["src/x", "live/src/x"]);
        assert_eq!(meant("/a b", "src/x"), ["src/x"]);
        assert_eq!(meant("/a b/live/src", "x"), ["src/x", "x"]);
        assert_eq!(meant("/a b/live/src", "../y/./x"), ["y/x"]);
        assert_eq!(meant("/a b/live", "."), [""]);
        assert_eq!(meant("/a b", "live"), ["", "live"]);
        assert_eq!(meant("/a b/live", "../../etc"), [""; 0]);
        assert_eq!(meant("/a b", "/a b/live/src/x"), ["src/x"]);
        assert_eq!(meant("/a b", "/etc/x"), [""; 0]);
        assert_eq!(meant("/a b", ""), [""; 0]);
    }

    #[test]
    fn a_folder_stands_for_what_is_in_it() {
        assert!(is_in(b"src/x", b"src") && is_in(b"src", b"src") && is_in(b"src", b""));
        assert!(!is_in(b"src2/x", b"src"));
    }

    #[test]
    fn counts_are_said_where_there_is_something_to_count() {
        let paths = |count: usize| vec![b"x".to_vec(); count];
        let own = |edited, new, deleted| {
            let (edited, new, deleted) = (paths(edited), paths(new), paths(deleted));
            Own {
                edited,
                new,
                deleted,
            }
            .to_string()
        };
        assert_eq!(own(3, 1, 0), "3 edited, 1 new");
        assert_eq!(own(0, 0, 2), "2 deleted");
        assert_eq!(own(0, 0, 0), "nothing of your own");
    }
}
