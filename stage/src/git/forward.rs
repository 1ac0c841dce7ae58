//! Going forward to another commit while somebody is at work in `live/`.

use std::collections::BTreeMap;
use std::fs;

use super::compare::Kind;
use super::{Entry, Git, Oid, line, pieces};
use crate::error::{Error, Result};
use crate::survey::path_of;

impl Git {
    /// Move a branch that is not checked out forward.
    ///
    /// # Errors
    /// `Git` if it is no longer at `old`.
    pub fn move_branch(&self, local: &str, old: &str, new: &str) -> Result<()> {
        let why = "stage update: fast-forward";
        self.ask(&["update-ref", "-m", why, local, new, old], b"")
            .map(drop)
    }

    /// The tree of `new` with `live/` as `old` has it.
    ///
    /// # Errors
    /// `Git`.
    pub fn tree_but_live(&self, new: &str, old: &str) -> Result<Oid> {
        let listed = self.ask(&["ls-tree", "-z", new], b"")?;
        let kept = self.ask(&["ls-tree", "-z", old, "--", "live"], b"")?;
        let is_live = |piece: &[u8]| piece.ends_with(b"\tlive");
        let mut sent = Vec::new();
        for piece in pieces(&listed).filter(|piece| !is_live(piece)) {
            sent.extend(piece);
            sent.push(0);
        }
        sent.extend(kept);
        Ok(line(&self.ask(&["mktree", "-z"], &sent)?))
    }

    /// Whether the work tree outside `live/` can go from `old` to `tree`
    /// without losing anything; nothing changes.
    ///
    /// # Errors
    /// `OwnEdits` if it cannot.
    pub fn could_go(&self, old: &str, tree: &str) -> Result<()> {
        self.read_tree(&["-n", "-m", "-u", old, tree])
    }

    /// Bring work tree and index, outside `live/`, from `old` to `tree`.
    ///
    /// # Errors
    /// `OwnEdits` if something of the user's would be lost; then nothing changed.
    pub fn go(&self, old: &str, tree: &str) -> Result<()> {
        self.read_tree(&["-m", "-u", old, tree])
    }

    fn read_tree(&self, words: &[&str]) -> Result<()> {
        // Files that only look changed must not stop it.
        let _ = self.ask(&["update-index", "-q", "--refresh"], b"");
        let args = [&["read-tree"], words].concat();
        self.ask(&args, b"").map(drop).map_err(|error| match error {
            Error::Git { tail, .. }
                if tail.contains("annot merge") || tail.contains("overwritten") =>
            {
                Error::OwnEdits { tail }
            }
            other => other,
        })
    }

    /// Take into the index what an update that was cut off has already written:
    /// files outside `live/` that are as `new` has them. What the user staged
    /// stays.
    ///
    /// # Errors
    /// `Git`.
    pub fn take_up(&self, old: &str, new: &str) -> Result<()> {
        let (before, entries) = (self.by_path(old, &[])?, self.by_path(new, &[])?);
        let listed = self.ask(&["ls-files", "-s", "-z"], b"")?;
        let staged: BTreeMap<Vec<u8>, String> = pieces(&listed).filter_map(staged).collect();
        let is_olds = |path: &Vec<u8>| {
            let expected = before
                .get(path)
                .map(|it| format!("{} {} 0", it.mode, it.id));
            staged.get(path) == expected.as_ref()
        };
        let is_file = |path: &[u8]| {
            let place = path_of(&self.root, path);
            fs::symlink_metadata(place).is_ok_and(|found| found.is_file())
        };
        let changed = self.outside_live(old, new)?.into_iter();
        let there: Vec<&Entry> = changed
            .filter(|(_, path)| is_olds(path) && is_file(path) && !path.contains(&b'\n'))
            .filter_map(|(_, path)| entries.get(&path))
            .collect();
        if there.is_empty() {
            return Ok(());
        }
        let asked: Vec<u8> = there
            .iter()
            .flat_map(|entry| [entry.path.as_slice(), b"\n"].concat())
            .collect();
        let printed = self.ask(&["hash-object", "--stdin-paths"], &asked)?;
        let ids = String::from_utf8_lossy(&printed).into_owned();
        let same = there.into_iter().zip(ids.lines());
        let same = same.filter(|(entry, id)| entry.id == *id);
        self.set_index(same.map(|(entry, _)| (entry.path.clone(), Some(entry))))
    }

    fn by_path(&self, commit: &str, folders: &[&str]) -> Result<BTreeMap<Vec<u8>, Entry>> {
        let entries = self.tree(commit, folders)?.into_iter();
        Ok(entries.map(|entry| (entry.path.clone(), entry)).collect())
    }

    /// What differs outside `live/`.
    ///
    /// # Errors
    /// `Git`.
    pub fn outside_live(&self, old: &str, new: &str) -> Result<Vec<(Kind, Vec<u8>)>> {
        let names = [old, new].map(|commit| format!("{commit}^{{tree}}"));
        let ids: Vec<Oid> = self.ids(&names)?.into_iter().flatten().collect();
        let [old, new] = &ids[..] else {
            return Ok(Vec::new());
        };
        let changes = self.changes(&[(old.clone(), new.clone())])?;
        Ok(changes
            .into_iter()
            .flatten()
            .filter(|change| !change.path.starts_with(b"live/"))
            .map(|change| (change.kind, change.path))
            .collect())
    }

    /// Bring the index below `live/` from `old` to `new`, but for what the user
    /// has staged. The files stay as they are.
    ///
    /// # Errors
    /// `Git`.
    pub fn carry_index(&self, old: &str, new: &str) -> Result<()> {
        let (old, new) = (self.by_path(old, &["live"])?, self.by_path(new, &["live"])?);
        let listed = self.ask(&["ls-files", "-s", "-z", "--", "live"], b"")?;
        let staged: Vec<(Vec<u8>, String)> = pieces(&listed).filter_map(staged).collect();
        let mut paths: Vec<&Vec<u8>> = old.keys().chain(new.keys()).collect();
        paths.sort();
        paths.dedup();
        let same = |one: Option<&Entry>, other: Option<&Entry>| {
            one.map(|it| (&it.id, &it.mode)) == other.map(|it| (&it.id, &it.mode))
        };
        let is_olds = |path: &Vec<u8>| {
            let mut here = staged.iter().filter(|(other, _)| other == path);
            let expected = old.get(path).map(|it| format!("{} {} 0", it.mode, it.id));
            here.next().map(|(_, words)| words) == expected.as_ref() && here.next().is_none()
        };
        let moved = paths
            .into_iter()
            .filter(|path| !same(old.get(*path), new.get(*path)) && is_olds(path));
        self.set_index(moved.map(|path| (path.clone(), new.get(path))))
    }

    fn set_index<'a>(
        &self,
        entries: impl Iterator<Item = (Vec<u8>, Option<&'a Entry>)>,
    ) -> Result<()> {
        let mut sent = Vec::new();
        let zero = "0".repeat(self.head()?.map_or(40, |id| id.len()));
        for (path, entry) in entries {
            let words = match entry {
                Some(entry) => format!("{} {} 0\t", entry.mode, entry.id),
                None => format!("0 {zero} 0\t"),
            };
            sent.extend(words.bytes().chain(path).chain([0]));
        }
        if sent.is_empty() {
            return Ok(());
        }
        self.ask(&["update-index", "-z", "--index-info"], &sent)
            .map(drop)
    }
}

/// `MODE ID STAGE<tab>PATH` as path and words.
fn staged(piece: &[u8]) -> Option<(Vec<u8>, String)> {
    let tab = piece.iter().position(|&byte| byte == b'\t')?;
    let words = String::from_utf8_lossy(&piece[..tab]).into_owned();
    Some((piece[tab + 1..].to_vec(), words))
}
