//! Where a library lies for Python: put there, and taken away if it is ours.

use std::fs;
use std::path::Path;

use crate::error::{Error, Result};
use crate::stamp::Stamp;

/// Where it is noted which library we put where.
const PLACE: &str = ".stage-place";

/// Write the library to its place by way of a new file: one that a running
/// Python has loaded must not be written to.
pub fn install(library: &[u8], place: &Path) -> Result<()> {
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    }
    let temporary = place.with_extension(format!("tmp-{}", std::process::id()));
    let copied = fs::write(&temporary, library).and_then(|()| fs::rename(&temporary, place));
    copied.map_err(|error| {
        let _ = fs::remove_file(&temporary);
        Error::io("write", place)(error)
    })
}

/// Note which library we put where, once it is there.
pub fn note_place(target: &Path, folder: &Path, place: &Path) {
    let Some(stamp) = stamp(place) else {
        return;
    };
    let place = place.strip_prefix(folder).unwrap_or(place);
    let text = format!("{stamp}\n{}", place.display());
    // Without it an old library may stay, as it does by hand.
    let _ = fs::write(target.join(PLACE), text);
}

/// Remove the library that had another name: whoever imports that one would be served.
/// Only the very file that we put there.
pub fn remove_former(target: &Path, folder: &Path, place: Option<&Path>) {
    let note = fs::read_to_string(target.join(PLACE)).unwrap_or_default();
    let Some((noted, former)) = note.split_once('\n') else {
        return;
    };
    let former = folder.join(former);
    if place == Some(&former) {
        return;
    }
    if is_real_below(folder, &former) && stamp(&former).is_some_and(|now| now == noted) {
        let _ = fs::remove_file(&former);
    }
    let _ = fs::remove_file(target.join(PLACE));
}

fn stamp(place: &Path) -> Option<String> {
    let found = fs::symlink_metadata(place).ok()?;
    Some(format!("{:?}", Stamp::of(&found)))
}

/// Whether a path leads to a file below `folder`, through no link.
fn is_real_below(folder: &Path, path: &Path) -> bool {
    let real = |path: &Path| fs::canonicalize(path).ok();
    let inside = path.strip_prefix(folder).ok();
    let meant = real(folder).zip(inside).map(|(root, path)| root.join(path));
    let is_file = fs::symlink_metadata(path).is_ok_and(|found| found.is_file());
    is_file && meant.is_some() && meant == real(path)
}

/// Remove what `maturin develop` has left of another checkpoint: `dunder/_dunder` and its end.
pub fn remove_modules(python: &Path, suffix: &str) -> Result<()> {
    for package in fs::read_dir(python).into_iter().flatten().flatten() {
        let name = package.file_name().to_string_lossy().into_owned();
        let path = package.path().join(format!("_{name}{suffix}"));
        if is_real_below(python, &path) {
            fs::remove_file(&path).map_err(Error::io("remove", &path))?;
        }
    }
    Ok(())
}
