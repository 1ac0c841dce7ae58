//! Saves: `live/` as it is, byte for byte, under a ref of our own.
//!
//! A save is a commit whose tree is HEAD's with `live/` as it stands on disk.
//! The ref exists before the first byte of `live/` changes.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::error::Result;
use crate::git::{Git, Ref, Update};
use crate::survey::Survey;

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

/// Keep what was read, under a ref of its own.
///
/// # Errors
/// `Git`. Nothing in `live/` has changed then.
pub fn keep(git: &Git, survey: &Survey, kind: Kind, why: &str, at: Option<&str>) -> Result<Save> {
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
    let id = git
        .fast_import(&stream, &scratch)?
        .pop()
        .unwrap_or_default();
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
}
