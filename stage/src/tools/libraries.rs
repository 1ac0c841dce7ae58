//! Libraries that were compiled before, kept by what they were compiled from.
//!
//! A library is copied in and out. `maturin develop` writes into the library
//! that it finds, and would write through a link into ours.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use super::key::{Key, check};
use crate::repo::Repo;

/// Which of the store's folders a library is kept in, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// Those of the checkpoints stay.
    Checkpoints,
    /// Of what somebody wrote, the newest stay.
    Edits,
    /// Of wrong solutions and states that a proof went through, the newest.
    Proof,
}

const SHELVES: [Shelf; 3] = [Shelf::Checkpoints, Shelf::Edits, Shelf::Proof];

impl Shelf {
    fn name(self) -> &'static str {
        match self {
            Self::Checkpoints => "checkpoints",
            Self::Edits => "edits",
            Self::Proof => "proof",
        }
    }

    /// How many it holds: a library is about a megabyte.
    fn most(self) -> usize {
        match self {
            Self::Checkpoints => usize::MAX,
            Self::Edits => 32,
            Self::Proof => 256,
        }
    }
}

/// The store, `.stage/libraries`. What fails in it costs a compilation, so
/// nothing in it is an error.
pub struct Libraries {
    folder: PathBuf,
}

impl Libraries {
    pub fn of(repo: &Repo) -> Self {
        Self {
            folder: repo.own().join("libraries"),
        }
    }

    /// The library with this key, if it is here and whole.
    pub fn take(&self, key: &Key) -> Option<Vec<u8>> {
        for shelf in SHELVES {
            let path = self.path(shelf, key);
            let Ok(mut kept) = fs::read(&path) else {
                continue;
            };
            let library = kept.split_off(kept.len().min(CHECK));
            if kept == check(&library).as_bytes() {
                // The oldest goes first; this one was just of use.
                let now = fs::FileTimes::new().set_modified(SystemTime::now());
                let _ = fs::File::open(&path).and_then(|file| file.set_times(now));
                return Some(library);
            }
            let _ = fs::remove_file(&path);
        }
        None
    }

    /// Whether a checkpoint's library is on its own shelf.
    pub fn has_checkpoint(&self, key: &Key) -> bool {
        self.path(Shelf::Checkpoints, key).is_file()
    }

    /// Keep a library: written whole, then renamed to its key.
    pub fn keep(&self, key: &Key, library: &[u8], shelf: Shelf) {
        let path = self.path(shelf, key);
        let half = self
            .folder
            .join(format!("half-{}-{key}", std::process::id()));
        let checked = [check(library).as_bytes(), library].concat();
        let kept = fs::create_dir_all(self.folder.join(shelf.name()))
            .and_then(|()| fs::write(&half, checked))
            .and_then(|()| fs::rename(&half, &path));
        if kept.is_err() {
            let _ = fs::remove_file(&half);
        }
        self.clear(shelf);
    }

    /// Move a library that somebody else had compiled to the checkpoints.
    pub fn promote(&self, key: &Key) -> bool {
        match self.take(key) {
            Some(library) => {
                self.keep(key, &library, Shelf::Checkpoints);
                self.has_checkpoint(key)
            }
            None => false,
        }
    }

    /// Forget the libraries of checkpoints that there are no longer, and what
    /// an interrupted write left.
    pub fn forget_checkpoints_but(&self, keys: &BTreeSet<Key>) {
        let names: BTreeSet<String> = keys.iter().map(Key::to_string).collect();
        for (_, path) in self.kept(Shelf::Checkpoints) {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if !names.contains(name.as_ref()) {
                let _ = fs::remove_file(&path);
            }
        }
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            if entry.file_name().to_string_lossy().starts_with("half-") {
                let _ = fs::remove_file(entry.path());
            }
        }
    }

    fn path(&self, shelf: Shelf, key: &Key) -> PathBuf {
        self.folder.join(shelf.name()).join(key.to_string())
    }

    /// Let the oldest go where there are too many.
    fn clear(&self, shelf: Shelf) {
        let kept = self.kept(shelf);
        let many = kept.len().saturating_sub(shelf.most());
        for (_, path) in kept.into_iter().take(many) {
            let _ = fs::remove_file(path);
        }
    }

    /// What is on a shelf, the oldest first.
    fn kept(&self, shelf: Shelf) -> Vec<(Option<SystemTime>, PathBuf)> {
        let entries = fs::read_dir(self.folder.join(shelf.name()));
        let made = |path: &PathBuf| fs::metadata(path).and_then(|found| found.modified()).ok();
        let paths = entries.into_iter().flatten().flatten().map(|it| it.path());
        let mut kept: Vec<_> = paths.map(|path| (made(&path), path)).collect();
        kept.sort();
        kept
    }
}

/// The length of the check in front of a library.
const CHECK: usize = 32;

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::key::Circumstances;
    use super::*;
    use crate::files::{File, Files};

    fn key(number: usize) -> Key {
        let files = Files([(number.to_string(), File::text(""))].into());
        Circumstances::plain().key(&files).unwrap()
    }

    fn store() -> (tempfile::TempDir, Libraries) {
        let root = tempfile::tempdir().unwrap();
        let libraries = Libraries::of(&Repo {
            root: root.path().into(),
        });
        (root, libraries)
    }

    #[test]
    fn a_library_comes_back_as_it_was() {
        let (_root, libraries) = store();
        assert_eq!(libraries.take(&key(1)), None);
        for (number, library) in [b"machine code".as_slice(), b""].into_iter().enumerate() {
            libraries.keep(&key(number), library, Shelf::Edits);
            assert_eq!(libraries.take(&key(number)).as_deref(), Some(library));
        }
    }

    #[test]
    fn a_damaged_library_is_not_taken_and_goes() {
        let (_root, libraries) = store();
        let path = libraries.path(Shelf::Edits, &key(1));
        let damages: [fn(&mut Vec<u8>); 4] = [
            |bytes| bytes.truncate(40),
            |bytes| bytes.truncate(3),
            |bytes| bytes[50] ^= 1,
            |bytes| bytes.push(0),
        ];
        for damage in damages {
            libraries.keep(&key(1), &[7; 100], Shelf::Edits);
            let mut bytes = fs::read(&path).unwrap();
            damage(&mut bytes);
            fs::write(&path, bytes).unwrap();
            assert_eq!(libraries.take(&key(1)), None);
            assert!(!path.exists());
        }
    }

    #[test]
    fn of_edits_the_newest_32_stay_and_checkpoints_all() {
        let (_root, libraries) = store();
        for number in 0..40 {
            libraries.keep(&key(100 + number), b"c", Shelf::Checkpoints);
            libraries.keep(&key(number), b"e", Shelf::Edits);
            let file = fs::File::open(libraries.path(Shelf::Edits, &key(number))).unwrap();
            let age = SystemTime::UNIX_EPOCH + Duration::from_secs(number as u64);
            file.set_times(fs::FileTimes::new().set_modified(age))
                .unwrap();
        }
        let here: Vec<usize> = (0..40)
            .filter(|number| libraries.take(&key(*number)).is_some())
            .collect();
        assert_eq!(here, (8..40).collect::<Vec<_>>());
        assert!((0..40).all(|number| libraries.has_checkpoint(&key(100 + number))));

        libraries.forget_checkpoints_but(&[key(105)].into());
        assert!(libraries.has_checkpoint(&key(105)));
        assert!(!libraries.has_checkpoint(&key(106)));
    }
}
