//! An edit, compiled by the command that cargo gave rustc last time.
//!
//! Of what cargo and rustc take for a one-line edit, cargo has a third, to find that
//! nothing changed but the files that rustc reads. Where that is known already, rustc is asked itself, in
//! cargo's folders. The command is taken down by `stage`, which stands in for rustc
//! when cargo is asked (`RUSTC_WRAPPER`). What rustc refuses, or has a word to say
//! about, is left to cargo: it compiles again, and tells it its own way.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::UNIX_EPOCH;

use fs4::FileExt;

use super::evidence::{Evidence, forget_compiled, rustc_read};
use super::key::{Circumstances, Key, digest, sources};
use super::{in_venv, missing, run, variables};
use crate::error::Error;
use crate::repo::Repo;

/// Where whoever stands in for rustc writes.
const PLACE: &str = "STAGE_TAKES_DOWN";

/// Digests of the variables that cargo was started with: what it adds is its own.
const HAD: &str = "STAGE_HAD";

/// What is no part of the command: how we came to stand here, and how this cargo
/// shares out the cores.
const OF_THIS_RUN: [&str; 6] = [
    PLACE,
    HAD,
    "RUSTC_WRAPPER",
    "CARGO_MAKEFLAGS",
    "MAKEFLAGS",
    "MFLAGS",
];

/// A command, as it stood: whether it is the right one still is for `compile` to know.
#[derive(Debug, Default, PartialEq)]
struct Taken {
    /// What it was good for: see `frame`.
    frame: OsString,
    /// Compiled crates that it names, with length and time.
    crates: OsString,
    folder: OsString,
    /// The program and its words.
    words: Vec<OsString>,
    variables: Vec<OsString>,
    /// What rustc read, from the project's folder.
    read: Vec<OsString>,
}

impl Taken {
    fn to_bytes(&self) -> Vec<u8> {
        let mut fields: Vec<&OsStr> = vec![&self.frame, &self.crates, &self.folder];
        let counts = [&self.words, &self.variables, &self.read]
            .map(|list| (list, OsString::from(list.len().to_string())));
        for (list, count) in &counts {
            fields.push(count);
            fields.extend(list.iter().map(OsString::as_os_str));
        }
        let fields: Vec<&[u8]> = fields.into_iter().map(OsStr::as_bytes).collect();
        fields.join(&b'\0')
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut fields = bytes
            .split(|byte| *byte == b'\0')
            .map(|field| OsString::from_vec(field.to_vec()));
        let mut taken = Self {
            frame: fields.next()?,
            crates: fields.next()?,
            folder: fields.next()?,
            ..Self::default()
        };
        for list in [&mut taken.words, &mut taken.variables, &mut taken.read] {
            let count = fields.next()?.to_str()?.parse().ok()?;
            *list = fields.by_ref().take(count).collect();
            if list.len() < count {
                return None;
            }
        }
        Some(taken)
    }

    /// The word behind `flag`.
    fn behind(&self, flag: &str) -> Option<&Path> {
        let at = self.words.iter().position(|word| word == flag)?;
        self.words.get(at + 1).map(Path::new)
    }

    /// Length and time of each compiled crate in `--extern NAME=PATH`.
    fn crates_now(&self) -> Option<OsString> {
        let flags = self.words.iter().zip(self.words.iter().skip(1));
        let named = flags.filter(|(flag, _)| *flag == "--extern");
        let mut stamps = String::new();
        for (_, word) in named {
            let at = word.as_bytes().iter().position(|byte| *byte == b'=')?;
            let found = fs::metadata(OsStr::from_bytes(&word.as_bytes()[at + 1..])).ok()?;
            let changed = found.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
            stamps += &format!("{} {changed:?} ", found.len());
        }
        Some(stamps.into())
    }

    /// Whether the command writes where this project is built: that of a copied clone
    /// writes into the other one.
    fn is_at_home(&self, folder: &Path, target: &Path) -> bool {
        let is_same = |one: &Path, other: &Path| {
            let one = fs::canonicalize(one).ok();
            one.is_some() && one == fs::canonicalize(other).ok()
        };
        let written = self.behind("--out-dir");
        is_same(Path::new(&self.folder), folder)
            && written.is_some_and(|written| is_same(written, &target.join("debug/deps")))
    }

    /// All that decides the command: what a library's key is made of, but for what rustc read.
    fn frame(&self, here: &Circumstances, folder: &Path) -> Option<Key> {
        let mut files = sources(folder)?;
        let read: BTreeSet<&OsString> = self.read.iter().collect();
        files
            .0
            .retain(|path, _| !read.contains(&OsString::from(path)));
        here.key(&files)
    }
}

fn place(target: &Path) -> PathBuf {
    target.join(".stage-rustc")
}

/// Compile the project in `folder` if no more has changed than what rustc read, and
/// nothing is said: the bytes of the library, of which is known all that went into it.
pub fn compile(
    repo: &Repo,
    folder: &Path,
    target: &Path,
    library: &str,
    here: &Circumstances,
) -> Option<Vec<u8>> {
    let taken = Taken::from_bytes(&fs::read(place(target)).ok()?)?;
    if !taken.is_at_home(folder, target) {
        return None;
    }
    let frame = taken.frame(here, folder)?;
    if taken.frame != *frame.to_string() || taken.crates != taken.crates_now()? {
        return None;
    }
    // Whoever compiles here holds it, cargo too.
    let lock = File::open(target.join("debug/.cargo-lock")).ok()?;
    FileExt::try_lock(&lock).ok()?;
    let (program, words) = taken.words.split_first()?;
    let file = format!(
        "{}{library}{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    );
    let built = taken.behind("--out-dir")?.join(&file);
    // One from before must not pass for what rustc makes now, nor this one for cargo's.
    let _ = fs::remove_file(&built);
    let _ = fs::remove_file(target.join("debug").join(&file));
    forget_compiled(target, library);
    let evidence = Evidence::begin(target).ok()?;
    let mut rustc = in_venv(repo, Command::new(program));
    rustc.args(words).current_dir(&taken.folder);
    for variable in &taken.variables {
        let bytes = variable.as_bytes();
        let at = bytes.iter().position(|byte| *byte == b'=')?;
        let [name, value] = [&bytes[..at], &bytes[at + 1..]].map(OsStr::from_bytes);
        rustc.env(name, value);
    }
    let compiled = run(&mut rustc, true, "rustc")
        .ok()
        .filter(|ran| ran.ok && ran.printed.lines().all(is_notice))
        .filter(|_| evidence.is_rustcs(folder, library))
        .and_then(|_| fs::read(&built).ok());
    if compiled.is_none() {
        // cargo's turn, and the next time as well: somebody is in the middle of something.
        forget(target);
    }
    compiled
}

/// What was taken down is good for nothing any more.
pub fn forget(target: &Path) {
    let _ = fs::remove_file(place(target));
}

/// Whether a line of rustc's tells only which file it wrote.
fn is_notice(line: &str) -> bool {
    line.starts_with("{\"$message_type\":\"artifact\",")
}

/// cargo at work, with `stage` in rustc's place.
pub struct TakingDown {
    half: PathBuf,
}

impl TakingDown {
    /// Before cargo is started. Somebody else's wrapper keeps its place.
    pub fn begin(cargo: &mut Command, target: &Path, here: &Circumstances) -> Option<Self> {
        forget(target);
        let had = variables(cargo);
        if here.has_wrapper() {
            return None;
        }
        let had: Vec<String> = had
            .iter()
            .map(|(name, value)| digest(&pair(name, value)))
            .collect();
        let half = target.join(format!(".stage-rustc-{}", std::process::id()));
        cargo
            .env("RUSTC_WRAPPER", std::env::current_exe().ok()?)
            .env(PLACE, &half)
            .env(HAD, had.join(" "));
        Some(Self { half })
    }

    /// What was taken down is good for what lies in `folder` now.
    pub fn keep(&self, folder: &Path, target: &Path, here: &Circumstances) -> Option<()> {
        let mut taken = Taken::from_bytes(&fs::read(&self.half).ok()?)?;
        let rules = taken.behind("--out-dir")?;
        let crate_name = taken.behind("--crate-name")?.to_str()?;
        let rules = fs::read_to_string(rules.join(format!("{crate_name}.d"))).ok()?;
        taken.read = rustc_read(&rules, folder)?
            .into_iter()
            .map(OsString::from)
            .collect();
        taken.crates = taken.crates_now()?;
        taken.frame = taken.frame(here, folder)?.to_string().into();
        fs::write(&self.half, taken.to_bytes()).ok()?;
        fs::rename(&self.half, place(target)).ok()
    }
}

impl Drop for TakingDown {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.half);
    }
}

fn pair(name: &OsStr, value: &OsStr) -> Vec<u8> {
    [name.as_bytes(), b"=", value.as_bytes()].concat()
}

/// If cargo has started us in rustc's place: take its words down, and become rustc.
/// The error is that there is none to become.
pub fn stand_in() -> Option<Error> {
    let place = std::env::var_os(PLACE)?;
    let words: Vec<OsString> = std::env::args_os().skip(1).collect();
    let is_ours = std::env::var_os("CARGO_PRIMARY_PACKAGE").is_some()
        && words.iter().any(|word| word == "cdylib");
    if is_ours {
        let had = std::env::var_os(HAD).unwrap_or_default();
        let had: Vec<&[u8]> = had.as_bytes().split(|byte| *byte == b' ').collect();
        let added = std::env::vars_os()
            .filter(|(name, _)| !OF_THIS_RUN.iter().any(|other| name == other))
            .map(|(name, value)| pair(&name, &value))
            .filter(|pair| !had.contains(&digest(pair).as_bytes()));
        let taken = Taken {
            folder: std::env::current_dir().unwrap_or_default().into(),
            words: words.clone(),
            variables: added.map(OsString::from_vec).collect(),
            ..Taken::default()
        };
        // Without it cargo is asked the next time, too.
        let _ = fs::write(place, taken.to_bytes());
    }
    let (program, words) = words.split_first()?;
    let mut rustc = Command::new(program);
    rustc.args(words);
    for name in [PLACE, HAD, "RUSTC_WRAPPER"] {
        rustc.env_remove(name);
    }
    let _ = rustc.exec();
    Some(missing("rustc"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(words: &[&str]) -> Taken {
        Taken {
            frame: "f".into(),
            folder: "/a b".into(),
            words: words.iter().map(OsString::from).collect(),
            variables: vec!["CARGO_PKG_NAME=".into(), "X==\n".into()],
            read: vec!["src/lib.rs".into()],
            ..Taken::default()
        }
    }

    #[test]
    fn a_command_is_read_as_it_was_written() {
        let odd = OsString::from_vec(vec![b'\xff', b'\n']);
        let mut whole = taken(&["rustc", "", "--cfg", "a b"]);
        whole.words.push(odd);
        let bytes = whole.to_bytes();
        assert_eq!(Taken::from_bytes(&bytes), Some(whole));
        for cut in 0..bytes.len() - "src/lib.rs".len() {
            assert_eq!(Taken::from_bytes(&bytes[..cut]), None, "cut at {cut}");
        }
    }

    #[test]
    fn a_crate_that_was_compiled_anew_shows() {
        let folder = tempfile::tempdir().unwrap();
        let library = folder.path().join("libpyo3.rlib");
        fs::write(&library, "one").unwrap();
        let word = format!("pyo3={}", library.display());
        let taken = taken(&["rustc", "--extern", &word]);
        let before = taken.crates_now();
        assert!(before.is_some());
        assert_eq!(before, taken.crates_now());
        fs::write(&library, "three").unwrap();
        assert_ne!(before, taken.crates_now());
        fs::remove_file(&library).unwrap();
        assert_eq!(None, taken.crates_now());
    }
}
