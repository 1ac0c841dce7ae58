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
use crate::save::{self, Holding, Kind, Save};

/// What a move did.
#[derive(Debug)]
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

/// Make `live/` what the tree `treeish` is; the lock must be held.
///
/// `name` is the checkpoint that is on stage afterwards, `at` the one before.
/// An undo names the save that it brings back, so that it can be finished if it
/// is cut off.
///
/// # Errors
/// Before anything changed: `Symlink`, `SpecialFile`, `InTheWay`, `Io`, `Git`.
/// After the save: `ChangedMeanwhile` and `Io`, with the journal left standing.
pub fn to_tree(
    git: &Git,
    repo: &Repo,
    treeish: &str,
    name: &str,
    at: Option<&str>,
    undoes: Option<&Save>,
) -> Result<Moved> {
    let entries = git.tree(treeish, &[])?;
    let wanted: BTreeSet<Vec<u8>> = entries.iter().map(|entry| entry.path.clone()).collect();
    let blobs = git.blobs(entries.iter().map(|entry| &entry.id))?;
    let cut_off = journal(git);
    let kind = match (undoes, &cut_off) {
        (Some(_), _) => Kind::Undo,
        (None, Some(_)) => Kind::Half,
        (None, None) => Kind::Move,
    };
    let why = if undoes.is_some() {
        "before an undo".into()
    } else {
        format!("before `{name}`")
    };
    let (saved, holding) = save::make(git, repo, kind, &why, at, &wanted)?;
    check_ways(repo, &entries, &holding)?;
    // A second journal would forget the save that has everything.
    if cut_off.is_none() {
        write_journal(git, &undoes.unwrap_or(&saved).name, name)?;
    }
    let (written, put_away) = apply(repo, &entries, &blobs, &holding)?;
    remember(git, name)?;
    let path = memory(git).join("journal");
    fs::remove_file(&path).map_err(Error::io("remove", &path))?;
    Ok(Moved { written, put_away })
}

/// Remember the checkpoint on stage, and where HEAD was then.
fn remember(git: &Git, name: &str) -> Result<()> {
    let head = git.head()?.unwrap_or_default();
    replace(
        &memory(git).join("at"),
        format!("{name}\n{head}\n").as_bytes(),
    )
}

/// The checkpoint that the last move went to, if HEAD has not moved since.
pub fn remembered(git: &Git) -> Result<Option<String>> {
    let Ok(text) = fs::read_to_string(memory(git).join("at")) else {
        return Ok(None);
    };
    let (name, head) = text
        .trim_end()
        .split_once('\n')
        .unwrap_or((text.trim_end(), ""));
    Ok((git.head()?.unwrap_or_default() == head).then(|| name.to_string()))
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
            let path = save::path_of(&repo.live(), &above);
            match fs::symlink_metadata(&path) {
                Ok(found) if found.is_dir() || holding.contains_key(&above) => {}
                Ok(found) if found.is_symlink() => return Err(Error::Symlink { path }),
                Ok(_) => return Err(Error::InTheWay { path }),
                Err(_) => {}
            }
        }
        let path = save::path_of(&repo.live(), &entry.path);
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
        let path = [path, b"/", save::name_bytes(&entry.file_name()).as_slice()].concat();
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
        let place = save::path_of(&live, path);
        save::check_unchanged(&place, seen)?;
        fs::remove_file(&place).map_err(Error::io("remove", &place))?;
        put_away.push(String::from_utf8_lossy(path).into_owned());
        remove_empty_folders(&live, &place);
    }
    let mut written = 0;
    for entry in entries {
        let place = save::path_of(&live, &entry.path);
        let bytes = blobs.get(&entry.id).map(Vec::as_slice).unwrap_or_default();
        match holding.get(&entry.path) {
            Some(seen) if seen.bytes.as_deref() == Some(bytes) && seen.mode == entry.mode => {
                continue;
            }
            Some(seen) => save::check_unchanged(&place, seen)?,
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
        link(&save::path_of(Path::new(""), bytes), &temporary)
            .map_err(Error::io("write", place))?;
        return fs::rename(&temporary, place).map_err(Error::io("write", place));
    }
    replace_with(place, bytes, mode == "100755")
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
