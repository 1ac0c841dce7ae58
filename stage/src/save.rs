//! Saves: `live/` as it is, byte for byte, under a ref of our own.
//!
//! A save is a commit whose tree is HEAD's with `live/` as it stands on disk.
//! Its first parent is HEAD, its last what git itself remembers (`state.rs`),
//! with the rights that git's modes cannot tell (`modes`). The ref exists
//! before the first byte of `live/` changes.

use std::collections::HashMap;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::error::Result;
use crate::git::{Git, Oid, Ref, Update};
use crate::state;
use crate::survey::{self, Survey};

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
    /// The save that `stage undo` would have brought back then.
    pub before: Option<String>,
    pub why: String,
    /// Seconds since 1970.
    pub date: u64,
}

/// What a save is to say.
pub struct Reason<'a> {
    pub kind: Kind,
    pub why: &'a str,
    /// The checkpoint on stage.
    pub at: Option<&'a str>,
    /// The save that `stage undo` would bring back now.
    pub before: Option<&'a str>,
    /// The commit that is checked out.
    pub head: Option<&'a str>,
}

/// Keep what was read, under a ref of its own.
///
/// `announce` is called when all objects are there and the ref is not: it is
/// told the ref's name and what it will stand for.
///
/// # Errors
/// `Git`, and those of `announce`. Nothing in `live/` has changed then.
pub fn keep(
    git: &Git,
    survey: &Survey,
    reason: &Reason,
    announce: impl Fn(&str, &str) -> Result<()>,
) -> Result<Save> {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let id = write(git, survey, reason, now.as_secs())?;
    // Names sort by time; a clock that goes backwards still gives a later name.
    let saves = format!("{}save", own_refs(git));
    let last = git.last_ref(&saves)?;
    let last = last.and_then(|name| name.rsplit('/').next()?.parse::<u128>().ok());
    let mut number = now.as_micros().max(last.map_or(0, |last| last + 1));
    for attempt in 1.. {
        let name = format!("{saves}/{number:020}");
        announce(&name, &id)?;
        let made = git.update_refs(&[Update {
            name: name.clone(),
            old: None,
            new: Some(id.clone()),
        }]);
        match made {
            // A git that was killed may have left a lock on this name.
            Err(_) if attempt < 3 => number += 1,
            Err(error) => return Err(error),
            Ok(()) => {
                return Ok(Save {
                    name,
                    kind: reason.kind,
                    at: reason.at.map(String::from),
                    before: reason.before.map(String::from),
                    why: reason.why.into(),
                    date: now.as_secs(),
                });
            }
        }
    }
    unreachable!("the third attempt ends the loop")
}

/// Write a save's objects.
fn write(git: &Git, survey: &Survey, reason: &Reason, now: u64) -> Result<Oid> {
    let scratch = [
        format!("{}state", own_refs(git)),
        format!("{}saving", own_refs(git)),
    ];
    let (state, named) = state::read(git, reason.head)?;
    let committer = format!("committer stage <{COMMITTER}> {now} +0000\n");
    let mut stream = format!("commit {}\nmark :1\n{committer}", scratch[0]).into_bytes();
    message(&mut stream, "what git remembers beside `live/`\n");
    for id in named {
        stream.extend(format!("merge {id}\n").bytes());
    }
    survey::modify(&mut stream, "100644", b"modes", &modes(survey));
    stream.extend(state);
    let word = match reason.kind {
        Kind::Move => "move",
        Kind::Undo => "undo",
        Kind::Half => "half",
    };
    let at = reason.at.unwrap_or("unknown");
    let before = reason.before.unwrap_or("nothing");
    stream.extend(format!("\ncommit {}\nmark :2\n{committer}", scratch[1]).bytes());
    message(
        &mut stream,
        &format!("{}\n\nKind: {word}\nAt: {at}\nUndo: {before}\n", reason.why),
    );
    if let Some(head) = reason.head {
        stream.extend(format!("from {head}\n").bytes());
    }
    stream.extend(b"merge :1\nD live\n");
    stream.extend(&survey.stream);
    stream.extend(b"\nget-mark :2\n");
    let made = git.fast_import(&stream, &[&scratch[0], &scratch[1]])?;
    Ok(made.into_iter().next_back().unwrap_or_default())
}

fn message(stream: &mut Vec<u8>, text: &str) {
    stream.extend(format!("data {}\n{text}\n", text.len()).bytes());
}

/// `600 path` for each file with rights that a checkout would not give.
fn modes(survey: &Survey) -> Vec<u8> {
    let mut lines = Vec::new();
    for (path, seen) in &survey.holding {
        if let Some(bits) = seen.odd_permissions() {
            lines.extend(format!("{bits:o} ").bytes());
            lines.extend(path);
            lines.push(0);
        }
    }
    lines
}

/// The rights that files of a save had beyond what their modes say, by path
/// from `live/`.
///
/// # Errors
/// `Git`.
pub fn permissions(git: &Git, save: &str) -> Result<HashMap<Vec<u8>, u32>> {
    // Without a commit to stand on, what git remembers is the only parent.
    let parents = [format!("{save}^2:modes"), format!("{save}^1:modes")];
    let Some(blob) = git.ids(&parents)?.into_iter().flatten().next() else {
        return Ok(HashMap::new());
    };
    let listed = git.blobs(std::iter::once(&blob))?.remove(&blob);
    let listed = listed.unwrap_or_default();
    let entry = |line: &[u8]| {
        let space = line.iter().position(|&byte| byte == b' ')?;
        let bits = std::str::from_utf8(&line[..space]).ok()?;
        let bits = u32::from_str_radix(bits, 8).ok()?;
        Some((line[space + 1..].to_vec(), bits))
    };
    Ok(listed.split(|&byte| byte == 0).filter_map(entry).collect())
}

/// The saves, oldest first.
///
/// # Errors
/// `Git`.
pub fn list(git: &Git) -> Result<Vec<Save>> {
    let refs = git.refs(&format!("{}save", own_refs(git)))?;
    Ok(refs
        .into_iter()
        .filter(|one| one.committer == COMMITTER)
        .map(read)
        .collect())
}

/// The save whose move `stage undo` takes back, where that is not remembered:
/// each undo cancels one move.
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

fn read(one: Ref) -> Save {
    let field = |key: &str| {
        one.body
            .lines()
            .find_map(|line| line.strip_prefix(key))
            .map(str::to_string)
    };
    let kind = match field("Kind: ").as_deref() {
        Some("undo") => Kind::Undo,
        Some("half") => Kind::Half,
        _ => Kind::Move,
    };
    let at = field("At: ").filter(|at| at != "unknown");
    Save {
        name: one.name,
        kind,
        at,
        before: field("Undo: ").filter(|save| save != "nothing"),
        why: one.subject,
        date: one.date,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn saves(kinds: &[Kind]) -> Vec<Save> {
        let save = |(at, kind): (usize, &Kind)| Save {
            name: at.to_string(),
            kind: *kind,
            at: None,
            before: None,
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
}
