//! What a library is made of, as 128 bits: two that have the same key are alike.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::ffi::OsString;
use std::fmt;
use std::fs;
use std::hash::Hasher;
use std::path::{Path, PathBuf};

use super::compiler::version;
use crate::files::{File, Files};
use crate::repo::Repo;
use crate::stamp::Stamp;

/// No project of the workshop is a hundredth of it; one that is larger (data
/// lies in it) is not read through at every test.
const MOST_BYTES: u64 = 32 << 20;

/// How cargo's configuration names a program that stands in for rustc.
const WRAPPER: &[u8] = b"-wrapper";

/// The name of a library in the store: 32 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(String);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a library depends on besides the files of its project: the compiler,
/// Python, cargo's configuration, the variables that cargo heeds.
#[derive(Debug)]
pub struct Circumstances {
    bytes: Vec<u8>,
    has_wrapper: bool,
}

impl Circumstances {
    /// Look around a project's folder; `None` if there is no compiler to ask, or not all can be
    /// looked at.
    pub fn of(repo: &Repo, folder: &Path, suffix: &str) -> Option<Self> {
        let compiler = version(repo, folder)?;
        let python = fs::read_to_string(repo.venv().join("pyvenv.cfg")).ok()?;
        let python = which_python(&python);
        let (mut bytes, mut has_wrapper) = (Vec::new(), false);
        for part in ["dev profile", &compiler, &python] {
            append(&mut bytes, part.as_bytes());
        }
        append(&mut bytes, suffix.as_bytes());
        for path in configurations(folder) {
            let Ok(text) = fs::read(&path) else {
                continue;
            };
            has_wrapper |= text.windows(WRAPPER.len()).any(|part| part == WRAPPER);
            if takes_in_others(&text) {
                return None;
            }
            // Its contents count, not its place: a scratch tree has the same above it.
            if !path.starts_with(folder) {
                append(&mut bytes, &text);
            }
        }
        for (name, value) in heeded() {
            has_wrapper |= name.ends_with("WRAPPER");
            append(&mut bytes, name.as_bytes());
            append(&mut bytes, value.as_encoded_bytes());
        }
        Some(Self { bytes, has_wrapper })
    }

    /// Whether cargo is told to start something else in rustc's place.
    pub fn has_wrapper(&self) -> bool {
        self.has_wrapper
    }

    #[cfg(test)]
    pub fn plain() -> Self {
        Self {
            bytes: b"rustc".to_vec(),
            has_wrapper: false,
        }
    }

    /// The key of the project on disk; `None` if it holds what cannot be
    /// vouched for: a build script, a link to a folder, a file beyond reading.
    pub fn key_of(&self, folder: &Path) -> Option<Key> {
        self.key(&sources(folder)?)
    }

    /// The key of a project in memory.
    pub fn key(&self, files: &Files) -> Option<Key> {
        let mut bytes = self.bytes.clone();
        for (path, file) in files.iter().filter(|(path, _)| is_source(path)) {
            // A build script may look at anything, and does not say at what.
            if path.ends_with("build.rs") || has_build_script(path, file) {
                return None;
            }
            append(&mut bytes, path.as_bytes());
            append(&mut bytes, &file.bytes);
        }
        Some(Key(digest(&bytes)))
    }
}

/// Whether a configuration of cargo's says that there is more of it elsewhere.
fn takes_in_others(text: &[u8]) -> bool {
    let table: Option<toml::Table> = std::str::from_utf8(text).ok().and_then(|t| t.parse().ok());
    table.is_some_and(|table| table.contains_key("include"))
}

/// What a virtual environment's `pyvenv.cfg` says of its Python, but for where it lies.
fn which_python(text: &str) -> String {
    let places = ["home", "executable", "command", "prompt"];
    text.lines()
        .filter(|line| !places.contains(&line.split('=').next().unwrap_or(line).trim()))
        .map(|line| format!("{line}\n"))
        .collect()
}

/// Whether a file of a project can make a difference to its library.
pub fn is_source(path: &str) -> bool {
    let made = ["__pycache__", ".pytest_cache", ".git"];
    let is_made = path.split('/').any(|part| made.contains(&part))
        || path.ends_with(std::env::consts::DLL_SUFFIX)
        || path.ends_with(".pyd");
    let top = path.split_once('/').map(|(top, _)| top);
    let is_besides = top.is_some_and(|top| ["python", "tests", "target"].contains(&top));
    !is_made && !is_besides
}

/// 128 bits over `bytes`, as 32 hexadecimal digits.
pub fn digest(bytes: &[u8]) -> String {
    format!("{:016x}{:016x}", half(0, bytes), half(1, bytes))
}

/// 64 bits and the length, in as many digits: what tells whether `bytes` are
/// still what they were needs half the time.
pub fn check(bytes: &[u8]) -> String {
    format!("{:016x}{:016x}", half(0, bytes), bytes.len())
}

fn half(seed: u8, bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write_u8(seed);
    hasher.write(bytes);
    hasher.finish()
}

/// With its length in front, so that no two lists of parts look alike.
fn append(bytes: &mut Vec<u8>, part: &[u8]) {
    bytes.extend((part.len() as u64).to_le_bytes());
    bytes.extend(part);
}

fn has_build_script(path: &str, file: &File) -> bool {
    if path.rsplit('/').next() != Some("Cargo.toml") {
        return false;
    }
    let table: Option<toml::Table> = file.as_str().and_then(|text| text.parse().ok());
    let package = |table: &toml::Table| table.get("package")?.get("build").cloned();
    // One that cannot be read is cargo's to complain about.
    table.is_none_or(|table| package(&table).is_some())
}

/// Where cargo looks for its configuration, and for a workspace around `folder`.
fn configurations(folder: &Path) -> Vec<PathBuf> {
    let names = [".cargo/config.toml", ".cargo/config", "Cargo.toml"];
    let mut paths: Vec<PathBuf> = folder
        .ancestors()
        .flat_map(|above| names.map(|name| above.join(name)))
        .collect();
    let home = std::env::var_os("CARGO_HOME").filter(|home| !home.is_empty());
    let users = || std::env::var_os("HOME").map(|home| Path::new(&home).join(".cargo"));
    if let Some(home) = home.map(PathBuf::from).or_else(users) {
        paths.extend(["config.toml", "config"].map(|name| home.join(name)));
    }
    paths
}

/// The variables that change what cargo makes, in order.
fn heeded() -> BTreeMap<String, OsString> {
    let heeded = ["RUSTFLAGS", "RUSTC", "CARGO_", "PYO3_"];
    let exactly = ["MACOSX_DEPLOYMENT_TARGET", "SDKROOT"];
    // Where things are got from, how cargo talks, and what `in_venv` takes away.
    let indifferent = [
        "CARGO_HOME",
        "CARGO_NET_",
        "CARGO_HTTP_",
        "CARGO_REGISTR",
        "CARGO_TERM_",
        "CARGO_BUILD_JOBS",
        "CARGO_TARGET_DIR",
    ];
    let counts = |name: &String| {
        exactly.contains(&name.as_str())
            || heeded.iter().any(|word| name.starts_with(word))
                && !indifferent.iter().any(|word| name.starts_with(word))
                && name != "CARGO_BUILD_TARGET"
    };
    std::env::vars_os()
        .map(|(name, value)| (name.to_string_lossy().into_owned(), value))
        .filter(|(name, _)| counts(name))
        .collect()
}

/// The files in `folder` that count.
pub fn sources(folder: &Path) -> Option<Files> {
    let mut files = Files::default();
    each_source(folder, |path, place, _| {
        files.insert(path, File::text(fs::read(place).ok()?));
        Some(())
    })?;
    Some(files)
}

/// What changes with every write to one of them, even if it is put back as it was.
pub fn stamps(folder: &Path) -> Option<Vec<(String, Stamp)>> {
    let mut stamps = Vec::new();
    each_source(folder, |path, _, found| {
        stamps.push((path, Stamp::of(found)));
        Some(())
    })?;
    stamps.sort_by(|one, other| one.0.cmp(&other.0));
    Some(stamps)
}

/// `visit` hears of each file that counts: its path in the project, its place.
fn each_source(
    folder: &Path,
    mut visit: impl FnMut(String, &Path, &fs::Metadata) -> Option<()>,
) -> Option<()> {
    let mut left = MOST_BYTES;
    let mut folders = vec![(folder.to_path_buf(), String::new())];
    while let Some((folder, prefix)) = folders.pop() {
        for entry in fs::read_dir(folder).ok()? {
            let entry = entry.ok()?;
            let path = format!("{prefix}{}", entry.file_name().to_str()?);
            let place = entry.path();
            if entry.file_type().ok()?.is_dir() {
                // What lies in a folder decides, so a name inside it is asked about.
                if is_source(&format!("{path}/x")) {
                    folders.push((place, format!("{path}/")));
                }
                continue;
            }
            if !is_source(&path) {
                continue;
            }
            let found = fs::metadata(&place).ok().filter(fs::Metadata::is_file)?;
            left = left.checked_sub(found.len())?;
            visit(path, &place, &found)?;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(pairs: &[(&str, &str)]) -> Option<Key> {
        let files = pairs
            .iter()
            .map(|(path, text)| (path.to_string(), File::text(*text)));
        Circumstances::plain().key(&Files(files.collect()))
    }

    #[test]
    fn only_what_is_compiled_counts() {
        let bare = key(&[("Cargo.toml", ""), ("src/lib.rs", "a")]);
        let more = [
            ("Cargo.toml", ""),
            ("python/dunder/names.py", "x"),
            ("src/__pycache__/x", "x"),
            ("src/lib.rs", "a"),
            ("target/debug/x", "x"),
            ("tests/test_names.py", "x"),
        ];
        assert_eq!(bare, key(&more));
        assert!(bare.is_some());
        for other in [
            [("Cargo.toml", ""), ("src/lib.rs", "b")],
            [("Cargo.toml", ""), ("src/main.rs", "a")],
            [("Cargo.toml", " "), ("src/lib.rs", "a")],
        ] {
            assert_ne!(bare, key(&other), "{other:?}");
        }
    }

    #[test]
    fn a_python_may_lie_anywhere_and_is_another_with_another_version() {
        let python = |home: &str, version: &str| {
            which_python(&format!(
                "home = {home}\nimplementation = CPython\nversion_info = {version}\n"
            ))
        };
        assert_eq!(python("/usr/bin", "3.11.7"), python("/opt", "3.11.7"));
        assert_ne!(python("/opt", "3.11.7"), python("/opt", "3.11.8"));
    }

    #[test]
    fn bytes_that_move_from_one_file_to_the_next_change_the_key() {
        assert_ne!(
            key(&[("a", "bc"), ("d", "")]),
            key(&[("a", "b"), ("d", "c")])
        );
    }

    #[test]
    fn a_build_script_has_no_key() {
        assert_eq!(key(&[("build.rs", "")]), None);
        let manifest = "[package]\nname = \"dunder\"\nbuild = \"make.rs\"\n";
        assert_eq!(key(&[("Cargo.toml", manifest)]), None);
    }

    #[test]
    fn files_on_disk_have_the_key_of_the_same_files_in_memory() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["src/deep/one.rs", "Cargo.toml", "python/x.py", "target/x"] {
            let place = folder.path().join(path);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fs::write(place, "").unwrap();
        }
        let here = Circumstances::plain();
        let memory = key(&[("Cargo.toml", ""), ("src/deep/one.rs", "")]);
        assert_eq!(here.key_of(folder.path()), memory);
    }
}
