//! What a move makes of `live/`, and what of that is there already.

use std::collections::{BTreeSet, HashMap};

use crate::error::Result;
use crate::git::{Entry, Git};
use crate::large::LARGE;
use crate::save;
use crate::survey::{Holding, Seen};

/// What `live/` shall be.
pub struct Target {
    pub entries: Vec<Entry>,
    /// All but large ones.
    pub blobs: HashMap<String, Vec<u8>>,
    pub permissions: HashMap<Vec<u8>, u32>,
}

impl Target {
    /// Read it from a commit: a checkpoint's or a save's.
    ///
    /// # Errors
    /// `Git`.
    pub fn read(git: &Git, commit: &str) -> Result<Self> {
        // Not `commit:live`: a save of a folder that was empty has no such tree.
        let mut entries = git.sized_tree(commit, "live/")?;
        for entry in &mut entries {
            entry.path.drain(.."live/".len());
        }
        let small = entries.iter().filter(|entry| entry.size < LARGE);
        let blobs = git.blobs(small.map(|entry| &entry.id))?;
        let permissions = if commit.starts_with("refs/stage/") {
            save::permissions(git, commit)?
        } else {
            HashMap::new()
        };
        Ok(Self {
            entries,
            blobs,
            permissions,
        })
    }

    pub fn paths(&self) -> BTreeSet<Vec<u8>> {
        self.entries
            .iter()
            .map(|entry| entry.path.clone())
            .collect()
    }

    /// Whether a file is what it shall be.
    pub fn has(&self, entry: &Entry, seen: &Seen) -> bool {
        let is_same = match &seen.blob {
            Some(blob) => *blob == entry.id,
            None => seen.bytes.is_some() && seen.bytes.as_ref() == self.blobs.get(&entry.id),
        };
        let bits = self.permissions.get(&entry.path);
        is_same
            && seen.mode == entry.mode
            && bits.is_none_or(|bits| *bits == seen.stamp.mode & 0o7777)
    }

    /// Whether there is nothing to do.
    pub fn is_so(&self, holding: &Holding) -> bool {
        let is_there = |entry: &Entry| {
            let seen = holding.get(&entry.path);
            seen.is_some_and(|seen| self.has(entry, seen))
        };
        holding.len() == self.entries.len() && self.entries.iter().all(is_there)
    }

    /// The paths that a move takes away.
    pub fn unwanted<'a>(&self, holding: &'a Holding) -> Vec<(&'a Vec<u8>, &'a Seen)> {
        let wanted = self.paths();
        let is_unwanted = |(path, _): &(&Vec<u8>, &Seen)| !wanted.contains(*path);
        holding.iter().filter(is_unwanted).collect()
    }
}
