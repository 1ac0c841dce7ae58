//! Laying a state out in a folder that is ours.

use std::fs;
use std::path::Path;

use crate::error::{Error, Result};
use crate::files::{File, Files};

/// Make `folder` hold exactly `files`.
///
/// Only what differs is written, so that nothing else is compiled again.
///
/// # Errors
/// `Io`.
pub fn lay_out(folder: &Path, files: &Files) -> Result<()> {
    for path in on_disk(folder) {
        if !files.contains_key(&path) {
            let place = folder.join(&path);
            fs::remove_file(&place).map_err(Error::io("remove", &place))?;
        }
    }
    remove_empty(folder);
    for (path, File { bytes, .. }) in files.iter() {
        let place = folder.join(path);
        let is_folder = |found: fs::Metadata| found.is_dir();
        if fs::symlink_metadata(&place).is_ok_and(is_folder) {
            fs::remove_dir_all(&place).map_err(Error::io("remove", &place))?;
        }
        if fs::read(&place).is_ok_and(|old| old == *bytes) {
            continue;
        }
        let above = place.parent().unwrap_or(folder);
        fs::create_dir_all(above).map_err(Error::io("create", above))?;
        fs::write(&place, bytes).map_err(Error::io("write", &place))?;
    }
    Ok(())
}

/// Every file below a folder but built modules. Compiled Python is left over too: it is matched
/// to its source by length and whole seconds, and states follow each other faster than that.
fn on_disk(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![(folder.to_path_buf(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            // A link to a folder is a file here: nothing outside is ever touched.
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push((entry.path(), format!("{path}/")));
            } else if !name.ends_with(".so") && !name.ends_with(".pyd") {
                found.push(path);
            }
        }
    }
    found
}

/// Remove every folder that holds nothing, below this one.
fn remove_empty(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_empty(&entry.path());
            // One that holds something stays.
            let _ = fs::remove_dir(entry.path());
        }
    }
}
