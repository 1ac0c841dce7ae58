//! Moving `live/` to another state, so that nothing of anybody's is lost.
//!
//! The order is fixed: look for what could stop the move, write the save's
//! objects, the journal, the save's ref; delete, write, remember where we are,
//! remove the journal. Whoever finds a journal whose save is there knows that a
//! move was cut off and which save has it all; without that save, nothing had
//! changed. HEAD and the index are not touched.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::git::{Entry, Git};
use crate::large;
use crate::repo::Repo;
use crate::save::{self, Kind, Reason, Save};
use crate::survey::{self, Holding};
use crate::target::Target;
use crate::writing::{self, Wanted};

/// What a move did.
#[derive(Debug, Default)]
pub struct Moved {
    pub written: usize,
    /// Files that the new state does not have: they are in the save.
    pub put_away: Vec<String>,
}

/// What a move is made for.
#[derive(Debug, Clone, Copy)]
pub enum Purpose<'a> {
    /// To be at a checkpoint.
    Checkpoint,
    /// To have back what a save has, or some of it.
    Restore,
    /// To have new material.
    Update,
    /// To take back the move that this save was made before.
    Undo(&'a Save),
}

/// A move that was cut off.
#[derive(Debug)]
pub struct Journal {
    pub save: String,
    pub name: String,
}

/// The folder for what one work tree's `stage` must remember.
pub fn memory(git: &Git) -> PathBuf {
    git.folder.join("stage")
}

/// The journal of a move that was cut off, if there is one.
pub fn journal(git: &Git) -> Option<Journal> {
    let text = fs::read_to_string(journal_of(git)).ok()?;
    let mut lines = text.lines();
    let (save, name, own, id) = (lines.next()?, lines.next()?, lines.next()?, lines.next()?);
    // It was cut off before its save was there: nothing had changed.
    let made = git.id(own).ok().flatten();
    (made.as_deref() == Some(id)).then(|| Journal {
        save: save.into(),
        name: name.into(),
    })
}

fn journal_of(git: &Git) -> PathBuf {
    memory(git).join("journal")
}

/// Make `live/` what it is in `commit`; the lock must be held.
///
/// `name` is the checkpoint that is on stage afterwards, `at` the one before.
/// The journal names the save that an undo brings back, so that it can be finished
/// if it is cut off.
///
/// # Errors
/// Before anything changed: `Symlink`, `SpecialFile`, `InTheWay`, `Io`, `Git`.
/// After the save: `CutOff`, with the journal left standing.
pub fn to_tree(
    git: &Git,
    repo: &Repo,
    commit: &str,
    name: &str,
    at: Option<&str>,
    purpose: Purpose<'_>,
) -> Result<Moved> {
    let target = Target::read(git, commit)?;
    let commit = git.id(commit)?.unwrap_or_default();
    let cut_off = journal(git);
    let undoes = match purpose {
        Purpose::Undo(save) => Some(save),
        _ => None,
    };
    let kind = kind(git, undoes.is_some(), cut_off.is_some())?;
    let why = match purpose {
        Purpose::Checkpoint => format!("before `{name}`"),
        Purpose::Restore => "before a restore".into(),
        Purpose::Update => "before an update".into(),
        Purpose::Undo(_) => "before an undo".into(),
    };
    let before = undo_name(git)?;
    let before = before.as_deref();
    let survey = survey::read(git, repo, &memory(git), &target.paths())?;
    let holding = &survey.holding;
    check_ways(repo, &target.entries, holding)?;
    check_rights(repo, &target, holding)?;
    let head = git.head()?;
    let head = head.as_deref();
    if kind == Kind::Move && at == Some(name) && target.is_so(holding) {
        remember(git, name, head, before, &commit)?;
        return forget_journal(git).map(|()| Moved::default());
    }
    let reason = Reason {
        kind,
        why: &why,
        at,
        before,
        head,
    };
    let saved = save::keep(git, &survey, &reason, |own, id| {
        // A second journal would forget the save that has everything.
        if cut_off.is_some() {
            return Ok(());
        }
        let save = undoes.map_or(own, |undone| undone.name.as_str());
        let text = format!("{save}\n{name}\n{own}\n{id}\n");
        writing::replace(&journal_of(git), text.as_bytes())
    })?;
    let finish = || -> Result<Moved> {
        let (written, put_away) = apply(git, repo, &target, holding)?;
        // What one more undo brings back.
        let undo = match (undoes, &cut_off) {
            (Some(undone), _) => undone.before.as_deref(),
            (None, Some(cut_off)) if kind == Kind::Half => Some(cut_off.save.as_str()),
            (None, _) => Some(saved.name.as_str()),
        };
        remember(git, name, head, undo, &commit)?;
        forget_journal(git)?;
        Ok(Moved { written, put_away })
    };
    finish().map_err(|cause| Error::CutOff {
        name: name.into(),
        cause: Box::new(cause),
    })
}

/// What the save before this move stands for. Finishing what was cut off by the
/// same means takes nothing further back: its own save is there already.
fn kind(git: &Git, is_undo: bool, is_cut_off: bool) -> Result<Kind> {
    let kind = if is_undo { Kind::Undo } else { Kind::Move };
    if !is_cut_off {
        return Ok(kind);
    }
    let saves = save::list(git)?;
    let begun = saves.iter().rev().find(|save| save.kind != Kind::Half);
    Ok(match begun {
        Some(begun) if begun.kind == kind => Kind::Half,
        _ => kind,
    })
}

/// What the last move left behind to be known.
pub struct Memory {
    /// The checkpoint that it went to.
    pub name: String,
    /// The commit that HEAD was at (empty if there was none).
    pub head: String,
    /// The save that `stage undo` brings back, or `NOTHING`.
    undo: Option<String>,
    /// The commit whose `live/` it brought.
    pub brought: Option<String>,
}

const NOTHING: &str = "nothing";

fn remember(
    git: &Git,
    name: &str,
    head: Option<&str>,
    undo: Option<&str>,
    brought: &str,
) -> Result<()> {
    let (head, undo) = (head.unwrap_or_default(), undo.unwrap_or(NOTHING));
    let text = format!("{name}\n{head}\n{undo}\n{brought}\n");
    writing::replace(&memory(git).join("at"), text.as_bytes())
}

/// What is remembered of the last move.
pub fn remembered(git: &Git) -> Option<Memory> {
    let text = fs::read_to_string(memory(git).join("at")).ok()?;
    let mut lines = text.lines().map(String::from);
    Some(Memory {
        name: lines.next()?,
        head: lines.next().unwrap_or_default(),
        undo: lines.next(),
        brought: lines.next().filter(|commit| !commit.is_empty()),
    })
}

/// The save that `stage undo` brings back: the one before the last move that
/// was carried out and not undone.
///
/// # Errors
/// `Git`.
pub fn to_undo(git: &Git) -> Result<Option<Save>> {
    let Some(name) = undo_name(git)? else {
        return Ok(None);
    };
    let saves = save::list(git)?;
    Ok(saves.into_iter().find(|save| save.name == name))
}

fn undo_name(git: &Git) -> Result<Option<String>> {
    match remembered(git).and_then(|memory| memory.undo) {
        Some(name) => Ok(Some(name).filter(|name| name != NOTHING)),
        // Somebody emptied our folder: the saves tell nearly as much.
        None => Ok(save::to_undo(&save::list(git)?).map(|save| save.name.clone())),
    }
}

fn forget_journal(git: &Git) -> Result<()> {
    let path = journal_of(git);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::io("remove", &path)(error))
        }
        _ => Ok(()),
    }
}

/// Refuse, before anything changes, what would write through a link or need a
/// folder of ignored files to go.
fn check_ways(repo: &Repo, entries: &[Entry], holding: &Holding) -> Result<()> {
    for entry in entries {
        let mut above = entry.path.clone();
        while let Some(slash) = above.iter().rposition(|&byte| byte == b'/') {
            above.truncate(slash);
            let path = survey::path_of(&repo.live(), &above);
            match fs::symlink_metadata(&path) {
                Ok(found) if found.is_dir() || holding.contains_key(&above) => {}
                Ok(found) if found.is_symlink() => return Err(Error::Symlink { path }),
                Ok(_) => return Err(Error::InTheWay { path }),
                Err(_) => {}
            }
        }
        let path = survey::path_of(&repo.live(), &entry.path);
        let is_folder = fs::symlink_metadata(&path).is_ok_and(|found| found.is_dir());
        if is_folder && !empties(&path, &entry.path, holding) {
            return Err(Error::InTheWay { path });
        }
    }
    Ok(())
}

/// Whether a folder is empty once everything saved has gone from it.
fn empties(folder: &Path, path: &[u8], holding: &Holding) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.into_iter().all(|entry| {
        let path = [
            path,
            b"/",
            survey::name_bytes(&entry.file_name()).as_slice(),
        ]
        .concat();
        holding.contains_key(&path)
            || entry.path().is_dir() && empties(&entry.path(), &path, holding)
    })
}

/// Refuse, before anything changes, if a folder in which something must change
/// is not ours to change.
fn check_rights(repo: &Repo, target: &Target, holding: &Holding) -> Result<()> {
    let is_other = |entry: &&Entry| {
        let seen = holding.get(&entry.path);
        !seen.is_some_and(|seen| target.has(entry, seen))
    };
    let written = target
        .entries
        .iter()
        .filter(is_other)
        .map(|entry| &entry.path);
    let removed = target.unwanted(holding).into_iter().map(|(path, _)| path);
    let folders: BTreeSet<PathBuf> = written
        .chain(removed)
        .filter_map(|path| {
            let place = survey::path_of(&repo.live(), path);
            let above = place.ancestors().skip(1).find(|above| above.is_dir());
            above.map(Path::to_path_buf)
        })
        .collect();
    for folder in folders {
        check_may_change(&folder).map_err(Error::io("change files in", &folder))?;
    }
    Ok(())
}

#[cfg(unix)]
fn check_may_change(folder: &Path) -> std::io::Result<()> {
    use rustix::fs::{Access, access};
    Ok(access(folder, Access::WRITE_OK | Access::EXEC_OK)?)
}

#[cfg(not(unix))]
fn check_may_change(_: &Path) -> std::io::Result<()> {
    Ok(())
}

fn apply(
    git: &Git,
    repo: &Repo,
    target: &Target,
    holding: &Holding,
) -> Result<(usize, Vec<String>)> {
    let live = repo.live();
    let mut put_away = Vec::new();
    for (path, seen) in target.unwanted(holding) {
        let place = survey::path_of(&live, path);
        writing::remove(&place, &seen.stamp)?;
        put_away.push(String::from_utf8_lossy(path).into_owned());
        remove_empty_folders(&live, &place);
    }
    let mut written = 0;
    let mut large = Vec::new();
    for entry in &target.entries {
        let place = survey::path_of(&live, &entry.path);
        let seen = holding.get(&entry.path);
        if seen.is_some_and(|seen| target.has(entry, seen)) {
            continue;
        }
        if seen.is_none() && place.is_dir() {
            remove_folders(&place)?;
        }
        let bytes = target.blobs.get(&entry.id).map(Vec::as_slice);
        let fill = |file: &mut fs::File| match bytes {
            Some(bytes) => file.write_all(bytes).map_err(Error::io("write", &place)),
            None => {
                let copy = file.try_clone().map_err(Error::io("write", &place))?;
                git.copy_blob(&entry.id, copy)
            }
        };
        let wanted = Wanted {
            mode: &entry.mode,
            permissions: target.permissions.get(&entry.path).copied(),
            fill: &fill,
            target: bytes.unwrap_or_default(),
            is_large: bytes.is_none(),
        };
        // Where nothing stood when we saved, whoever made something since keeps it.
        let stamp = writing::put(&place, &wanted, seen.map(|seen| &seen.stamp))?;
        large.extend(stamp.map(|stamp| (stamp, entry.id.clone())));
        written += 1;
    }
    large::learn(&memory(git), &large)?;
    Ok((written, put_away))
}

fn remove_empty_folders(live: &Path, place: &Path) {
    let above = place
        .ancestors()
        .skip(1)
        .take_while(|folder| *folder != live);
    for folder in above {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
}

/// Remove a folder that holds only empty folders.
fn remove_folders(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        remove_folders(&entry.path())?;
    }
    fs::remove_dir(folder).map_err(Error::io("remove", folder))
}

/// Remember the checkpoint on stage anew: HEAD has moved, and `live/` has not.
///
/// # Errors
/// `Io`, `Git`.
pub fn remember_anew(git: &Git, name: &str) -> Result<()> {
    let undo = undo_name(git)?;
    let brought = remembered(git).and_then(|memory| memory.brought);
    let brought = brought.unwrap_or_default();
    remember(git, name, git.head()?.as_deref(), undo.as_deref(), &brought)
}

/// When the last move was, in microseconds since 1970; 0 if there was none.
pub fn moved_at(git: &Git) -> u128 {
    let found = fs::metadata(memory(git).join("at")).and_then(|found| found.modified());
    let since = found
        .ok()
        .and_then(|time| time.duration_since(std::time::SystemTime::UNIX_EPOCH).ok());
    since.map_or(0, |since| since.as_micros())
}
