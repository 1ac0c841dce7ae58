//! Moving `live/` to another state, so that nothing of anybody's is lost.
//!
//! The order is fixed: look for what could stop the move, save, write the
//! journal, delete, write, remember where we are, remove the journal. Whoever
//! finds a journal knows that a move was cut off and which save has it all.
//! HEAD and the index are not touched.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use fs4::FileExt;

use crate::error::{Error, Result};
use crate::git::{Entry, Git};
use crate::repo::Repo;
use crate::save::{self, Kind, Save};
use crate::survey::{self, Holding};

/// What a move did.
#[derive(Debug, Default)]
pub struct Moved {
    pub written: usize,
    /// Files that the new state does not have: they are in the save.
    pub put_away: Vec<String>,
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

/// Held while `live/` moves; freed when dropped or when the process ends.
pub struct Lock(#[allow(dead_code)] fs::File);

/// Take the lock.
///
/// # Errors
/// `Busy` if another `stage` has it.
pub fn lock(git: &Git) -> Result<Lock> {
    let folder = memory(git);
    fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
    let path = folder.join("lock");
    let file = fs::File::create(&path).map_err(Error::io("create", &path))?;
    match FileExt::try_lock(&file) {
        Ok(()) => Ok(Lock(file)),
        Err(_) => Err(Error::Busy { path }),
    }
}

/// The journal of a move that was cut off, if there is one.
pub fn journal(git: &Git) -> Option<Journal> {
    let text = fs::read_to_string(memory(git).join("journal")).ok()?;
    let (save, name) = text.trim_end().split_once('\n')?;
    Some(Journal {
        save: save.into(),
        name: name.into(),
    })
}

/// Make `live/` what it is in `commit`; the lock must be held.
///
/// `name` is the checkpoint that is on stage afterwards, `at` the one before.
/// An undo names the save that it brings back, so that it can be finished if it
/// is cut off.
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
    undoes: Option<&Save>,
) -> Result<Moved> {
    // Not `commit:live`: a save of a folder that was empty has no such tree.
    let mut entries = git.tree(commit, &["live/"])?;
    for entry in &mut entries {
        entry.path.drain(.."live/".len());
    }
    let wanted: BTreeSet<Vec<u8>> = entries.iter().map(|entry| entry.path.clone()).collect();
    let blobs = git.blobs(entries.iter().map(|entry| &entry.id))?;
    let cut_off = journal(git);
    let kind = kind(git, undoes.is_some(), cut_off.is_some())?;
    let why = if undoes.is_some() {
        "before an undo".into()
    } else {
        format!("before `{name}`")
    };
    let survey = survey::read(git, repo, &wanted)?;
    let holding = &survey.holding;
    check_ways(repo, &entries, holding)?;
    if kind == Kind::Move && at == Some(name) && is_so(&entries, &blobs, holding) {
        remember(git, name)?;
        return Ok(Moved::default());
    }
    let saved = save::keep(git, &survey, kind, &why, at)?;
    // A second journal would forget the save that has everything.
    if cut_off.is_none() {
        write_journal(git, &undoes.unwrap_or(&saved).name, name)?;
    }
    let finish = || -> Result<Moved> {
        let (written, put_away) = apply(repo, &entries, &blobs, holding)?;
        remember(git, name)?;
        let path = memory(git).join("journal");
        fs::remove_file(&path).map_err(Error::io("remove", &path))?;
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

/// Whether there is nothing to do.
fn is_so(entries: &[Entry], blobs: &HashMap<String, Vec<u8>>, holding: &Holding) -> bool {
    let is_there = |entry: &Entry| {
        holding.get(&entry.path).is_some_and(|seen| {
            seen.mode == entry.mode && seen.bytes.as_ref() == blobs.get(&entry.id)
        })
    };
    holding.len() == entries.len() && entries.iter().all(is_there)
}

/// Remember the checkpoint on stage, and where HEAD was then.
fn remember(git: &Git, name: &str) -> Result<()> {
    let head = git.head()?.unwrap_or_default();
    replace(
        &memory(git).join("at"),
        format!("{name}\n{head}\n").as_bytes(),
    )
}

/// The checkpoint that the last move went to, and the commit that HEAD was at
/// then (empty if there was none).
pub fn remembered(git: &Git) -> Option<(String, String)> {
    let text = fs::read_to_string(memory(git).join("at")).ok()?;
    let (name, head) = text
        .trim_end()
        .split_once('\n')
        .unwrap_or((text.trim_end(), ""));
    Some((name.into(), head.into()))
}

fn write_journal(git: &Git, save: &str, name: &str) -> Result<()> {
    replace(
        &memory(git).join("journal"),
        format!("{save}\n{name}\n").as_bytes(),
    )
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

fn apply(
    repo: &Repo,
    entries: &[Entry],
    blobs: &HashMap<String, Vec<u8>>,
    holding: &Holding,
) -> Result<(usize, Vec<String>)> {
    let live = repo.live();
    let wanted: BTreeMap<&[u8], &Entry> = entries
        .iter()
        .map(|entry| (entry.path.as_slice(), entry))
        .collect();
    let mut put_away = Vec::new();
    for (path, seen) in holding
        .iter()
        .filter(|(path, _)| !wanted.contains_key(path.as_slice()))
    {
        let place = survey::path_of(&live, path);
        survey::check_unchanged(&place, seen)?;
        fs::remove_file(&place).map_err(Error::io("remove", &place))?;
        put_away.push(String::from_utf8_lossy(path).into_owned());
        remove_empty_folders(&live, &place);
    }
    let mut written = 0;
    for entry in entries {
        let place = survey::path_of(&live, &entry.path);
        let bytes = blobs.get(&entry.id).map(Vec::as_slice).unwrap_or_default();
        match holding.get(&entry.path) {
            Some(seen) if seen.bytes.as_deref() == Some(bytes) && seen.mode == entry.mode => {
                continue;
            }
            Some(seen) => survey::check_unchanged(&place, seen)?,
            None if place.is_dir() => remove_folders(&place)?,
            // It was not there when we saved: whoever made it since keeps it.
            None if fs::symlink_metadata(&place).is_ok() => {
                return Err(Error::ChangedMeanwhile { path: place });
            }
            None => {}
        }
        write(&place, bytes, &entry.mode)?;
        written += 1;
    }
    Ok((written, put_away))
}

fn write(place: &Path, bytes: &[u8], mode: &str) -> Result<()> {
    let folder = place.parent().unwrap_or(place);
    fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    if mode == "120000" {
        let temporary = temporary(place);
        link(&survey::path_of(Path::new(""), bytes), &temporary)
            .map_err(Error::io("write", place))?;
        return fs::rename(&temporary, place).map_err(Error::io("write", place));
    }
    replace_with(place, bytes, mode == "100755")?;
    forget_compiled(place);
    Ok(())
}

/// Python matches its compiled files to their sources by length and whole
/// seconds, and two moves can be faster than that.
fn forget_compiled(place: &Path) {
    let Some(stem) = place
        .extension()
        .filter(|ending| *ending == "py")
        .and(place.file_stem())
    else {
        return;
    };
    let prefix = format!("{}.", stem.to_string_lossy());
    let folder = place.with_file_name("__pycache__");
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(&prefix) {
            // It is made again by the next import.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Write a file beside its place and move it there: whole or not at all.
fn replace(place: &Path, bytes: &[u8]) -> Result<()> {
    let folder = place.parent().unwrap_or(place);
    fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    replace_with(place, bytes, false)
}

fn replace_with(place: &Path, bytes: &[u8], executable: bool) -> Result<()> {
    let temporary = temporary(place);
    let written = fs::File::create(&temporary).and_then(|mut file| {
        file.write_all(bytes)?;
        if executable {
            make_executable(&file)?;
        }
        file.sync_all()
    });
    let moved = written.and_then(|()| fs::rename(&temporary, place));
    moved.map_err(|error| {
        let _ = fs::remove_file(&temporary);
        Error::io("write", place)(error)
    })
}

fn temporary(place: &Path) -> PathBuf {
    place.with_file_name(format!(".stage-tmp-{}", std::process::id()))
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

#[cfg(unix)]
fn link(target: &Path, place: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(target, place)
}

#[cfg(not(unix))]
fn link(target: &Path, place: &Path) -> std::io::Result<()> {
    fs::write(place, target.to_string_lossy().as_bytes())
}

#[cfg(unix)]
fn make_executable(file: &fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = file.metadata()?.permissions();
    let mode = permissions.mode();
    // Whoever may read it may run it, as git does.
    permissions.set_mode(mode | (mode & 0o444) >> 2);
    file.set_permissions(permissions)
}

#[cfg(not(unix))]
fn make_executable(_: &fs::File) -> std::io::Result<()> {
    Ok(())
}
