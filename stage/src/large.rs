//! Large files of `live/`: each is read and kept once, and again only after
//! somebody touched it.
//!
//! `.git/stage/large` says which blob a file with a given stamp was. Only files
//! that had settled by then stand in it, as in git's own index, and those that
//! a move itself wrote.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::error::{Error, Result};
use crate::git::{Git, Oid};
use crate::stamp::Stamp;

/// From here on a file is worth remembering, and is not held in memory.
pub const LARGE: u64 = 1 << 20;

/// How many files are remembered.
const MOST: usize = 200;

/// A file so large, as it was found.
pub struct Large {
    pub place: PathBuf,
    pub stamp: Stamp,
}

/// The blobs that these files are, kept in git's object store.
///
/// # Errors
/// `Io` for a file that cannot be read, `ChangedMeanwhile`, `Git`.
pub fn keep(git: &Git, memory: &Path, files: &[Large]) -> Result<Vec<Oid>> {
    let table = memory.join("large");
    let known: HashMap<String, Oid> = read(&table);
    let mut found: Vec<Option<Oid>> = files
        .iter()
        .map(|file| known.get(&file.stamp.line()).cloned())
        .collect();
    let asked: Vec<Oid> = found.iter().flatten().cloned().collect();
    if !asked.is_empty() {
        // Whoever deletes saves may have deleted the blob.
        let there: HashMap<Oid, bool> = asked.iter().cloned().zip(git.has(&asked)?).collect();
        for blob in &mut found {
            *blob = blob.take().filter(|id| there.get(id) == Some(&true));
        }
    }
    let now = SystemTime::now();
    let new: Vec<&Large> = files
        .iter()
        .zip(&found)
        .filter_map(|(file, blob)| blob.is_none().then_some(file))
        .collect();
    for file in &new {
        settle(&file.place)?;
    }
    let places: Vec<PathBuf> = new.iter().map(|file| file.place.clone()).collect();
    // Command lines have an end; names may be long.
    let mut kept = Vec::new();
    for some in places.chunks(100) {
        kept.extend(git.keep_large(some)?);
    }
    for file in &new {
        let seen = fs::symlink_metadata(&file.place).map_err(Error::io("read", &file.place))?;
        if Stamp::of(&seen) != file.stamp {
            return Err(Error::ChangedMeanwhile {
                path: file.place.clone(),
            });
        }
    }
    let mut kept = kept.into_iter();
    let blobs: Vec<Oid> = found
        .into_iter()
        .map(|blob| blob.or_else(|| kept.next()).unwrap_or_default())
        .collect();
    if !new.is_empty() {
        remember(&table, files, &blobs, now)?;
    }
    Ok(blobs)
}

/// Remember what a move has just written.
///
/// # Errors
/// `Io`.
pub fn learn(memory: &Path, written: &[(Stamp, Oid)]) -> Result<()> {
    if written.is_empty() {
        return Ok(());
    }
    let table = memory.join("large");
    let mut lines: Vec<String> = fs::read_to_string(&table)
        .unwrap_or_default()
        .lines()
        .map(String::from)
        .collect();
    lines.extend(
        written
            .iter()
            .map(|(stamp, id)| format!("{id} {}", stamp.line())),
    );
    let newest = lines.len().saturating_sub(MOST);
    crate::writing::replace(&table, (lines[newest..].join("\n") + "\n").as_bytes())
}

/// Write back what programs wrote through a memory map: from now on their next
/// write changes the file's times. It also shows that we may read the file.
fn settle(place: &Path) -> Result<()> {
    let file = fs::File::open(place).map_err(Error::io("read", place))?;
    // Where it cannot be done, reading goes on all the same.
    let _ = file.sync_all();
    Ok(())
}

fn read(table: &Path) -> HashMap<String, Oid> {
    let text = fs::read_to_string(table).unwrap_or_default();
    text.lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(id, stamp)| (stamp.to_string(), id.to_string()))
        .collect()
}

fn remember(table: &Path, files: &[Large], blobs: &[Oid], now: SystemTime) -> Result<()> {
    let lines: String = files
        .iter()
        .zip(blobs)
        .filter(|(file, _)| file.stamp.is_settled(now))
        .map(|(file, id)| format!("{id} {}\n", file.stamp.line()))
        .collect();
    crate::writing::replace(table, lines.as_bytes())
}
