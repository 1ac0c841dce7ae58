//! What git itself remembers of the work under way: the index with all its
//! stages, a merge, a rebase, a cherry-pick, a bisection.
//!
//! Moves touch none of it. A save has it all the same, since what it stands for
//! may be gone by the time that somebody wants the save back.

use std::fs;
use std::path::Path;

use crate::error::{Error, Result};
use crate::git::{Git, Oid};
use crate::survey;

/// Files and folders below the git folder that tell of an operation under way.
const UNDER_WAY: [&str; 22] = [
    "HEAD",
    "index",
    "ORIG_HEAD",
    "MERGE_HEAD",
    "MERGE_MSG",
    "MERGE_MODE",
    "MERGE_RR",
    "MERGE_AUTOSTASH",
    "SQUASH_MSG",
    "AUTO_MERGE",
    "CHERRY_PICK_HEAD",
    "REVERT_HEAD",
    "REBASE_HEAD",
    "BISECT_LOG",
    "BISECT_START",
    "BISECT_TERMS",
    "BISECT_NAMES",
    "BISECT_EXPECTED_REV",
    "BISECT_ANCESTORS_OK",
    "rebase-merge",
    "rebase-apply",
    "sequencer",
];

/// Those of them that name commits which nothing else may hold.
const COMMITS: [&str; 9] = [
    "MERGE_HEAD",
    "MERGE_AUTOSTASH",
    "CHERRY_PICK_HEAD",
    "REVERT_HEAD",
    "REBASE_HEAD",
    "rebase-merge/autostash",
    "rebase-merge/onto",
    "rebase-merge/orig-head",
    "rebase-apply/orig-head",
];

/// The tree of a commit that has all of it, and the commits that it names, in
/// fast-import's language: `git/…` is the git folder's, `stage-N/…` what the
/// index has and HEAD has not, so that a cleaning of the repository keeps it.
///
/// # Errors
/// `Io`, `Git`.
pub fn read(git: &Git, head: Option<&str>) -> Result<(Vec<u8>, Vec<Oid>)> {
    let mut stream = Vec::new();
    for name in UNDER_WAY {
        add(&mut stream, &git.folder.join(name), &format!("git/{name}"))?;
    }
    for name in shared_indexes(&git.folder) {
        add(&mut stream, &git.folder.join(&name), &format!("git/{name}"))?;
    }
    let mut named: Vec<Oid> = COMMITS
        .iter()
        .filter_map(|name| fs::read_to_string(git.folder.join(name)).ok())
        .flat_map(|text| text.lines().map(String::from).collect::<Vec<_>>())
        .filter(|line| is_id(line))
        .collect();
    named.sort();
    named.dedup();
    let staged = git.staged(head)?;
    let ids: Vec<Oid> = staged.iter().map(|(entry, _)| entry.id.clone()).collect();
    let asked = [&ids[..], &named[..]].concat();
    if asked.is_empty() {
        return Ok((stream, named));
    }
    let there = git.has(&asked)?;
    for ((entry, stage), _) in staged.iter().zip(&there).filter(|(_, there)| **there) {
        let path = [format!("stage-{stage}/").as_bytes(), &entry.path].concat();
        let path = survey::quoted(&path);
        stream.extend(format!("M {} {} {path}\n", entry.mode, entry.id).bytes());
    }
    let mut there = there[ids.len()..].iter();
    named.retain(|_| there.next() == Some(&true));
    Ok((stream, named))
}

/// A file, or all files of a folder; nothing if it is not there.
fn add(stream: &mut Vec<u8>, place: &Path, path: &str) -> Result<()> {
    let Ok(found) = fs::symlink_metadata(place) else {
        return Ok(());
    };
    if found.is_dir() {
        let listed = fs::read_dir(place).map_err(Error::io("read", place))?;
        for entry in listed {
            let entry = entry.map_err(Error::io("read", place))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            add(stream, &entry.path(), &format!("{path}/{name}"))?;
        }
    } else if found.is_file() {
        let bytes = fs::read(place).map_err(Error::io("read", place))?;
        survey::modify(stream, "100644", path.as_bytes(), &bytes);
    }
    Ok(())
}

/// With `core.splitIndex`, most of the index stands in a file beside it.
fn shared_indexes(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("sharedindex."))
        .collect()
}

fn is_id(line: &str) -> bool {
    [40, 64].contains(&line.len()) && line.bytes().all(|byte| byte.is_ascii_hexdigit())
}
