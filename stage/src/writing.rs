//! Changing single files so that nobody else's bytes are lost.
//!
//! A file is written beside its place and changes places with what is there.
//! What came out is looked at before it goes: if it is not what was saved, it
//! is put back. So nothing can slip in between the last look and the change.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::{Error, Result};
use crate::stamp::Stamp;
use crate::survey;

/// What shall stand in a place.
pub struct Wanted<'a> {
    pub mode: &'a str,
    /// More exact than the mode, if a save has it.
    pub permissions: Option<u32>,
    pub fill: &'a dyn Fn(&mut fs::File) -> Result<()>,
    /// Where a link leads to.
    pub target: &'a [u8],
    /// Whether to tell by which stamp it can be known again.
    pub is_large: bool,
}

/// A change made after this long has another time, where times are told in
/// fractions of a second at all.
const TICK: Duration = Duration::from_millis(20);

/// Put a file or link in its place, where `seen` stood, or nothing.
///
/// A large file's stamp is returned if nobody can have changed the file since
/// without changing its stamp: it was finished, under a name that nobody knows,
/// a while before it came to its place.
///
/// # Errors
/// `ChangedMeanwhile` if something else stands there; it stays. `Io`, `Git`.
pub fn put(place: &Path, wanted: &Wanted, seen: Option<&Stamp>) -> Result<Option<Stamp>> {
    let folder = place.parent().unwrap_or(place);
    fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    let temporary = if wanted.mode == "120000" {
        free(place, |temporary| {
            link(&survey::path_of(Path::new(""), wanted.target), temporary)
        })?
        .0
    } else {
        written(place, wanted)?
    };
    let stamp_at = |place: &Path| {
        fs::symlink_metadata(place)
            .ok()
            .map(|found| Stamp::of(&found))
    };
    let finished = wanted.is_large.then(|| stamp_at(&temporary)).flatten();
    if finished.is_some() {
        std::thread::sleep(TICK);
    }
    exchange(&temporary, place, seen)?;
    forget_compiled(place);
    let is_known = |now: &Stamp| {
        let is_same = |finished: Stamp| now.is_same_but_for_its_name(&finished);
        now.has_fine_times() && finished.is_some_and(is_same)
    };
    Ok(stamp_at(place).filter(is_known))
}

/// Remove a file that is saved.
///
/// # Errors
/// `ChangedMeanwhile` if it is no longer what was saved; it stays. `Io`.
pub fn remove(place: &Path, seen: &Stamp) -> Result<()> {
    check_unchanged(place, seen)?;
    for number in 0.. {
        let aside = temporary(place, number);
        match rename_to_free(place, &aside) {
            Ok(()) if is_same(&aside, seen) => {
                return fs::remove_file(&aside).map_err(Error::io("remove", place));
            }
            Ok(()) => {
                rename_to_free(&aside, place).map_err(Error::io("write", place))?;
                return Err(Error::ChangedMeanwhile { path: place.into() });
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            // It cannot be done here: the look just above must do.
            Err(error) if error.kind() == ErrorKind::Unsupported => break,
            Err(error) => return Err(Error::io("remove", place)(error)),
        }
    }
    check_unchanged(place, seen)?;
    fs::remove_file(place).map_err(Error::io("remove", place))
}

/// Check that a file is still the one that was saved.
///
/// # Errors
/// `ChangedMeanwhile` if it is not.
pub fn check_unchanged(place: &Path, seen: &Stamp) -> Result<()> {
    match fs::symlink_metadata(place) {
        Ok(now) if Stamp::of(&now).is_untouched_since(seen) => Ok(()),
        _ => Err(Error::ChangedMeanwhile { path: place.into() }),
    }
}

/// Write a file of our own, whole or not at all; the lock must be held.
///
/// # Errors
/// `Io`.
pub fn replace(place: &Path, bytes: &[u8]) -> Result<()> {
    // One name, written anew each time: a kill leaves no heap of them.
    let temporary = place.with_extension("new");
    let written = fs::File::create(&temporary).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&temporary, place)?;
        sync_folder(place)
    });
    written.map_err(|error| {
        let _ = fs::remove_file(&temporary);
        Error::io("write", place)(error)
    })
}

/// A new file beside `place` with all that it shall hold.
fn written(place: &Path, wanted: &Wanted) -> Result<PathBuf> {
    let create = |temporary: &Path| {
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        // Nobody else reads what may be secret before its mode is right.
        #[cfg(unix)]
        if let Some(permissions) = wanted.permissions {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600 & permissions);
        }
        options.open(temporary)
    };
    let (temporary, mut file) = free(place, create)?;
    let io = || Error::io("write", place);
    let mut finish = || -> Result<()> {
        (wanted.fill)(&mut file)?;
        set_permissions(&file, wanted).map_err(io())?;
        file.sync_all().map_err(io())
    };
    finish().inspect_err(|_| {
        let _ = fs::remove_file(&temporary);
    })?;
    Ok(temporary)
}

/// The first name beside `place` that is free, and what `make` made there: an
/// attendee may have files named like ours.
fn free<T>(place: &Path, make: impl Fn(&Path) -> std::io::Result<T>) -> Result<(PathBuf, T)> {
    let mut number = 0;
    loop {
        let temporary = temporary(place, number);
        match make(&temporary) {
            Ok(made) => return Ok((temporary, made)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
            Err(error) => return Err(Error::io("write", place)(error)),
        }
    }
}

fn temporary(place: &Path, number: u32) -> PathBuf {
    place.with_file_name(format!(".stage-tmp-{}-{number}", std::process::id()))
}

/// Let the two change places; what stood there goes if it is `seen`. If nothing
/// comes of it, our own file goes.
fn exchange(temporary: &Path, place: &Path, seen: Option<&Stamp>) -> Result<()> {
    let give_up = |error: Error| {
        let _ = fs::remove_file(temporary);
        Err(error)
    };
    let io = |error| Error::io("write", place)(error);
    let changed = || Error::ChangedMeanwhile { path: place.into() };
    let Some(seen) = seen else {
        return match rename_to_free(temporary, place) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => give_up(changed()),
            Err(error) if error.kind() == ErrorKind::Unsupported => {
                if fs::symlink_metadata(place).is_ok() {
                    return give_up(changed());
                }
                fs::rename(temporary, place).map_err(io).or_else(give_up)
            }
            Err(error) => give_up(io(error)),
        };
    };
    check_unchanged(place, seen).or_else(give_up)?;
    match swap(temporary, place) {
        Ok(()) if is_same(temporary, seen) => fs::remove_file(temporary).map_err(io),
        Ok(()) => {
            // If that fails, somebody's bytes have our file's name: they stay.
            swap(temporary, place).map_err(io)?;
            give_up(changed())
        }
        Err(error) if error.kind() == ErrorKind::Unsupported => {
            check_unchanged(place, seen).or_else(give_up)?;
            fs::rename(temporary, place).map_err(io).or_else(give_up)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => give_up(changed()),
        Err(error) => give_up(io(error)),
    }
}

fn is_same(place: &Path, seen: &Stamp) -> bool {
    fs::symlink_metadata(place).is_ok_and(|found| Stamp::of(&found).is_same_but_for_its_name(seen))
}

/// Rename, unless something has that name.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn rename_to_free(from: &Path, to: &Path) -> std::io::Result<()> {
    rename_with(from, to, rustix::fs::RenameFlags::NOREPLACE)
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn swap(one: &Path, other: &Path) -> std::io::Result<()> {
    rename_with(one, other, rustix::fs::RenameFlags::EXCHANGE)
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn rename_with(from: &Path, to: &Path, how: rustix::fs::RenameFlags) -> std::io::Result<()> {
    use rustix::fs::{CWD, renameat_with};
    use rustix::io::Errno;
    renameat_with(CWD, from, CWD, to, how).map_err(|error| match error {
        // Some network file systems know only the plain rename.
        Errno::INVAL | Errno::NOSYS | Errno::NOTSUP => ErrorKind::Unsupported.into(),
        error => error.into(),
    })
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn rename_to_free(_: &Path, _: &Path) -> std::io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn swap(_: &Path, _: &Path) -> std::io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

#[cfg(unix)]
fn sync_folder(place: &Path) -> std::io::Result<()> {
    fs::File::open(place.parent().unwrap_or(place))?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> std::io::Result<()> {
    Ok(())
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
fn set_permissions(file: &fs::File, wanted: &Wanted) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mut permissions = file.metadata()?.permissions();
    let mode = permissions.mode();
    match wanted.permissions {
        Some(exact) => permissions.set_mode(exact),
        // Whoever may read it may run it, as git does.
        None if wanted.mode == "100755" => permissions.set_mode(mode | (mode & 0o444) >> 2),
        None => return Ok(()),
    }
    file.set_permissions(permissions)
}

#[cfg(not(unix))]
fn set_permissions(_: &fs::File, _: &Wanted) -> std::io::Result<()> {
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
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with(&prefix) && name.ends_with(".pyc") {
            // It is made again by the next import.
            let _ = fs::remove_file(entry.path());
        }
    }
}
