//! A project's files in memory: what a checkpoint is made of.

use std::collections::BTreeMap;
use std::ops::{Deref, DerefMut};

/// One file: its bytes, and whether it may be executed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub bytes: Vec<u8>,
    pub executable: bool,
}

impl File {
    pub fn text(bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            bytes: bytes.into(),
            executable: false,
        }
    }

    /// The file's text, if it is UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }
}

/// Files by their path from the project's root, with `/` between folders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files(pub BTreeMap<String, File>);

impl Files {
    /// The files below `folder`, their paths from there.
    pub fn below(&self, folder: &str) -> Self {
        let prefix = format!("{folder}/");
        let inside = self
            .0
            .range(prefix.clone()..)
            .take_while(|(path, _)| path.starts_with(&prefix));
        Self(
            inside
                .map(|(path, file)| (path[prefix.len()..].to_string(), file.clone()))
                .collect(),
        )
    }

    /// The names directly below `folder`, each once, in order.
    pub fn names_in(&self, folder: &str) -> Vec<String> {
        let inside = self.below(folder);
        let first = |path: &String| path.split('/').next().unwrap_or_default().to_string();
        let mut names: Vec<String> = inside.keys().map(first).collect();
        names.dedup();
        names
    }

    /// These files with everything below `folder` taken from `other` instead.
    pub fn with_folder_of(&self, folder: &str, other: &Self) -> Self {
        let prefix = format!("{folder}/");
        let mut files = self.clone();
        files.retain(|path, _| !path.starts_with(&prefix));
        let theirs = other.iter().filter(|(path, _)| path.starts_with(&prefix));
        files.extend(theirs.map(|(path, file)| (path.clone(), file.clone())));
        files
    }

    /// The paths at which the two differ, in order.
    pub fn differing<'a>(&'a self, other: &'a Self) -> Vec<&'a str> {
        let mut paths: Vec<&str> = self
            .keys()
            .chain(other.keys())
            .map(String::as_str)
            .collect();
        paths.sort_unstable();
        paths.dedup();
        paths.retain(|path| self.get(*path) != other.get(*path));
        paths
    }
}

/// Whether a file on disk may be executed, by anybody.
#[cfg(unix)]
pub fn is_executable(found: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    found.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
pub fn is_executable(_: &std::fs::Metadata) -> bool {
    false
}

impl Deref for Files {
    type Target = BTreeMap<String, File>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Files {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(paths: &[&str]) -> Files {
        Files(
            paths
                .iter()
                .map(|path| (path.to_string(), File::text(*path)))
                .collect(),
        )
    }

    #[test]
    fn a_folder_is_taken_whole_from_the_other() {
        let mine = files(&["src/lib.rs", "tests/test_a.py", "tests-old/x"]);
        let theirs = files(&["src/other.rs", "tests/test_b.py"]);
        let taken = mine.with_folder_of("tests", &theirs);
        assert_eq!(
            taken,
            files(&["src/lib.rs", "tests/test_b.py", "tests-old/x"])
        );
    }

    #[test]
    fn names_in_a_folder_come_once_each() {
        let all = files(&["solutions/01-a/x", "solutions/01-a/y/z", "solutions/02-b/x"]);
        assert_eq!(all.names_in("solutions"), ["01-a", "02-b"]);
    }

    #[test]
    fn a_file_that_only_one_has_differs() {
        assert_eq!(
            files(&["a", "b"]).differing(&files(&["b", "c"])),
            ["a", "c"]
        );
    }
}
