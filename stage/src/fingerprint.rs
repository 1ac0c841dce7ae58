//! Telling whether anybody has saved a file.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;

/// Changes with every edit of a source file: path, length and time of each.
pub fn fingerprint(live: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut folders = vec![live.to_path_buf()];
    let mut all = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let made = ["target", "__pycache__", ".pytest_cache"].contains(&name.as_str());
            let Ok(found) = entry.metadata() else {
                continue;
            };
            if found.is_dir() && !made {
                folders.push(entry.path());
            } else if found.is_file()
                && !name.ends_with(std::env::consts::DLL_SUFFIX)
                && !name.ends_with(".pyd")
            {
                all.push((entry.path(), found.len(), found.modified().ok()));
            }
        }
    }
    all.sort();
    all.hash(&mut hasher);
    hasher.finish()
}
