//! A byte-exact picture of a folder: every file and link, its mode, its bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Path from the folder to what stands there. Empty folders are not in it: git
/// does not know them.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture(BTreeMap<Vec<u8>, Seen>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Seen {
    File { executable: bool, bytes: Vec<u8> },
    Link { target: Vec<u8> },
}

impl Picture {
    pub fn of(folder: &Path) -> Self {
        let mut picture = Self(BTreeMap::new());
        picture.look(folder, b"");
        picture
    }

    pub fn empty() -> Self {
        Self(BTreeMap::new())
    }

    pub fn add(&mut self, path: &[u8], mode: &str, bytes: Vec<u8>) {
        let seen = match mode {
            "120000" => Seen::Link { target: bytes },
            mode => Seen::File {
                executable: mode == "100755",
                bytes,
            },
        };
        self.0.insert(path.to_vec(), seen);
    }

    /// Everything below a folder, under its name.
    pub fn add_folder(&mut self, name: &str, folder: &Path) {
        self.look(folder, name.as_bytes());
    }

    /// The picture less `paths` and whatever lies below them.
    pub fn without(mut self, paths: &[&str]) -> Self {
        let is_below = |path: &[u8], above: &str| {
            path.strip_prefix(above.as_bytes())
                .is_some_and(|rest| rest.is_empty() || rest[0] == b'/')
        };
        self.0
            .retain(|path, _| !paths.iter().any(|above| is_below(path, above)));
        self
    }

    /// Only `paths` and what lies below them.
    pub fn only(&self, paths: &[&str]) -> Self {
        let others = self.clone().without(paths);
        let mut picture = self.clone();
        picture.0.retain(|path, _| !others.0.contains_key(path));
        picture
    }

    fn look(&mut self, folder: &Path, path: &[u8]) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let mut below = path.to_vec();
            if !below.is_empty() {
                below.push(b'/');
            }
            below.extend(bytes(&entry.file_name()));
            let found = fs::symlink_metadata(entry.path()).unwrap();
            if found.is_symlink() {
                let target = bytes(fs::read_link(entry.path()).unwrap().as_os_str());
                self.0.insert(below, Seen::Link { target });
            } else if found.is_dir() {
                self.look(&entry.path(), &below);
            } else {
                let seen = Seen::File {
                    executable: is_executable(&found),
                    bytes: fs::read(entry.path()).unwrap(),
                };
                self.0.insert(below, seen);
            }
        }
    }
}

/// Only what differs is shown: the rest may be a megabyte.
#[track_caller]
pub fn assert_same(found: &Picture, expected: &Picture) {
    let mut differing = String::new();
    let paths = found.0.keys().chain(expected.0.keys());
    for path in paths.collect::<std::collections::BTreeSet<_>>() {
        let (is, was) = (found.0.get(path), expected.0.get(path));
        if is != was {
            let cut =
                |seen: Option<&Seen>| format!("{seen:?}").chars().take(200).collect::<String>();
            let path = String::from_utf8_lossy(path);
            differing += &format!(
                "{path:?}\n    found:    {}\n    expected: {}\n",
                cut(is),
                cut(was)
            );
        }
    }
    assert!(differing.is_empty(), "these differ:\n{differing}");
}

#[cfg(unix)]
fn bytes(name: &std::ffi::OsStr) -> Vec<u8> {
    std::os::unix::ffi::OsStrExt::as_bytes(name).to_vec()
}

#[cfg(not(unix))]
fn bytes(name: &std::ffi::OsStr) -> Vec<u8> {
    name.to_string_lossy().replace('\\', "/").into_bytes()
}

#[cfg(unix)]
fn is_executable(found: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    found.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &fs::Metadata) -> bool {
    false
}
