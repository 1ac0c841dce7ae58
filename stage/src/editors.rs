//! What editors tell of edits that are not in a file yet.
//!
//! Only what an editor itself leaves beside the file counts: Vim's swap file with
//! its mark "modified", Emacs' lock and its autosave, Kate's swap file. VS Code
//! keeps such edits elsewhere, in a way of its own; `.vscode/settings.json` saves
//! them in time.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

/// Files below `live` with edits that are not saved, each with its editor.
/// `nvim` is where Neovim keeps its swap files.
pub fn unsaved(live: &Path, nvim: Option<&Path>) -> BTreeMap<String, &'static str> {
    let mut found = BTreeMap::new();
    look(live, "", &mut found);
    // There, a file's whole path is in the name: `%home%pam%live%x.rs.swp`.
    let prefix = format!("{}%", live.display().to_string().replace('/', "%"));
    let kept = nvim.map(fs::read_dir).and_then(Result::ok);
    for entry in kept.into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let file = name.strip_prefix(&prefix).and_then(without_swap);
        if let Some(file) = file.filter(|_| is_modified(&entry.path())) {
            found.insert(file.replace('%', "/"), "Neovim");
        }
    }
    found
}

/// Folders that nobody edits in.
const BUILT: [&str; 5] = ["target", ".git", "__pycache__", ".pytest_cache", ".venv"];

fn look(folder: &Path, prefix: &str, found: &mut BTreeMap<String, &'static str>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        if kind.is_dir() {
            if !BUILT.contains(&name.as_str()) {
                look(&entry.path(), &format!("{prefix}{name}/"), found);
            }
        } else if let Some((file, editor)) = sign(&name, kind.is_symlink()) {
            if editor != VIM || is_modified(&entry.path()) {
                found.insert(format!("{prefix}{file}"), editor);
            }
        }
    }
}

const VIM: &str = "Vim";

/// Whose edits a file of this name speaks of, and of which file.
fn sign(name: &str, is_link: bool) -> Option<(&str, &'static str)> {
    let hidden = name.strip_prefix('.');
    // A link that leads nowhere: user@machine.pid.
    if let Some(file) = name.strip_prefix(".#").filter(|_| is_link) {
        return Some((file, "Emacs"));
    }
    if let Some(file) = hidden.and_then(|name| name.strip_suffix(".kate-swp")) {
        return Some((file, "Kate"));
    }
    if let Some(file) = hidden.and_then(without_swap) {
        return Some((file, VIM));
    }
    let autosaved = name.strip_prefix('#')?.strip_suffix('#')?;
    (!autosaved.is_empty()).then_some((autosaved, "Emacs"))
}

/// `order.rs` of `order.rs.swp`; the next ones are called `.swo`, `.swn`, …
fn without_swap(name: &str) -> Option<&str> {
    let (file, ending) = name.rsplit_once('.')?;
    let is_swap = ending.len() == 3
        && ending.starts_with("sw")
        && ending.ends_with(|last: char| ('a'..='p').contains(&last));
    (is_swap && !file.is_empty()).then_some(file)
}

/// Whether a swap file says that its file has edits: the last byte of the name
/// in its first block is `U` then.
fn is_modified(path: &Path) -> bool {
    let mut block = [0; 1008];
    let read = fs::File::open(path).and_then(|mut file| file.read_exact(&mut block));
    read.is_ok() && block.starts_with(b"b0") && block[1007] == b'U'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_editor_is_known_by_what_it_leaves() {
        assert_eq!(sign(".order.rs.swp", false), Some(("order.rs", VIM)));
        assert_eq!(sign(".order.rs.swo", false), Some(("order.rs", VIM)));
        assert_eq!(sign(".#order.rs", true), Some(("order.rs", "Emacs")));
        assert_eq!(sign(".#order.rs", false), None);
        assert_eq!(sign("#order.rs#", false), Some(("order.rs", "Emacs")));
        assert_eq!(
            sign(".order.rs.kate-swp", false),
            Some(("order.rs", "Kate"))
        );
        for name in [
            "order.rs",
            ".swp",
            ".sw",
            "x.swp",
            ".x.swz",
            "##",
            ".gitignore",
        ] {
            assert_eq!(sign(name, false), None, "{name}");
        }
    }
}
