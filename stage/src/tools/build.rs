//! Building a project's extension module, as `maturin develop` would.

use std::fs::{self, File};
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use fs4::FileExt;

#[cfg(unix)]
use super::again::{self, TakingDown};
use super::evidence::{Evidence, forget_compiled};
use super::installed::{install, note_place, remove_former, remove_modules};
use super::key::{Circumstances, digest, stamps};
use super::libraries::{Libraries, Shelf};
use super::{Ran, extension_suffix, in_venv, passed_on, python_path, run};
use crate::error::{Error, Result};
use crate::repo::Repo;

/// Whom a library is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// Somebody who watches cargo at work.
    Room,
    /// Somebody who is told the outcome.
    Watch,
    /// A proof: the lock file is held to, and every word counts.
    Proof,
    /// Somebody who will come to this checkpoint.
    Checkpoint,
}

/// How a project came by its library.
#[derive(Debug)]
pub enum Built {
    /// It needs none: it has no `Cargo.toml`.
    PurePython,
    /// It was compiled from the same sources before, and put back.
    Kept,
    /// rustc was asked, without cargo: nothing else had changed than what it reads.
    Again,
    /// cargo was asked, and may have refused.
    Ran(Ran),
}

impl Built {
    /// What cargo said, if it refused.
    pub fn refusal(self) -> Option<Ran> {
        match self {
            Self::Ran(ran) if !ran.ok => Some(ran),
            _ => None,
        }
    }
}

/// Build the extension module of the project in `folder` and put it where
/// `maturin develop` would: beside the Python files, under the same name.
///
/// A library that was ever compiled from the same sources is put back without
/// a compiler. Else cargo is called with the settings that maturin uses (set-up
/// wrote them down), so the two share every compiled crate, and the rest of
/// what maturin does is not needed for a test. A project without `Cargo.toml`
/// has no module; one left from another checkpoint is removed, or its tests
/// would pass against it.
///
/// # Errors
/// `Tool` if cargo fails, `Io`.
pub fn build(repo: &Repo, folder: &Path, target: &Path, whom: For) -> Result<Built> {
    if !python_path(repo).exists() {
        return Err(Error::ToolMissing {
            tool: ".venv/bin/python".into(),
            mend: "`./setup.sh` installs what is missing; `stage doctor` says what".into(),
        });
    }
    let suffix = extension_suffix(repo)?;
    if !folder.join("Cargo.toml").is_file() {
        remove_former(target, folder, None);
        remove_modules(&folder.join("python"), &suffix)?;
        return Ok(Built::PurePython);
    }
    let manifest = manifest(folder)?;
    let is_edit = whom.shelf() == Shelf::Edits;
    let _turn = is_edit.then(|| turn(target));
    let place = folder
        .join(&manifest.python)
        .join(format!("{}{suffix}", manifest.module));
    if is_edit {
        remove_former(target, folder, Some(&place));
    }
    let put = |library: &[u8]| -> Result<()> {
        install(library, &place)?;
        if is_edit {
            note_place(target, folder, &place);
        }
        Ok(())
    };
    let libraries = Libraries::of(repo);
    let circumstances = Circumstances::of(repo, folder, &suffix);
    let before = stamps(folder);
    // Nobody has edited a file since, not even there and back, cargo's lock file included.
    let is_untouched = || before.is_some() && stamps(folder) == before;
    let key_now = || circumstances.as_ref().and_then(|here| here.key_of(folder));
    let key = key_now();
    let is_still = || is_untouched() && key_now() == key;
    if let Some(library) = key.as_ref().and_then(|key| libraries.take(key)) {
        put(&library)?;
        return Ok(Built::Kept);
    }
    #[cfg(unix)]
    if let (true, Some(here)) = (is_edit, &circumstances) {
        let compiled = again::compile(repo, folder, target, &manifest.library, here);
        if let Some(library) = compiled {
            put(&library)?;
            if let (Some(key), true) = (&key, is_still()) {
                libraries.keep(key, &library, whom.shelf());
            }
            return Ok(Built::Again);
        }
    }
    let built = target.join("debug").join(manifest.file());
    // One from before must not pass for what cargo makes now; cargo links it here again.
    let _ = fs::remove_file(&built);
    let compiled = target.join(".stage-compiled");
    let stamped = before
        .as_ref()
        .map(|stamps| digest(format!("{stamps:?}").as_bytes()));
    let is_as_compiled = stamped.is_some() && fs::read_to_string(&compiled).ok() == stamped;
    let _ = fs::remove_file(&compiled);
    if let (true, false, Some(_at_rest)) = (is_edit, is_as_compiled, cargo_at_rest(target)) {
        forget_compiled(target, &manifest.library);
    }
    let evidence = Evidence::begin(target)?;
    let mut command = cargo(repo, folder, target, whom);
    #[cfg(unix)]
    let taking_down = circumstances
        .as_ref()
        .filter(|_| is_edit)
        .and_then(|here| TakingDown::begin(&mut command, target, here));
    let ran = match whom {
        For::Room => passed_on(&mut command, "cargo")?,
        _ => run(&mut command, true, "cargo")?,
    };
    let said = !ran.printed.lines().all(is_progress);
    if !ran.ok {
        return Ok(Built::Ran(ran));
    }
    let library = fs::read(&built).map_err(|_| Error::BadText {
        path: folder.join("Cargo.toml").display().to_string(),
        line: 1,
        reason: format!(
            "cargo made no `{}`, the library that Python loads",
            manifest.library
        ),
        mend:
            "write `crate-type = [\"cdylib\"]` under `[lib]`; if it is there, take `target` out of \
               `[build]` in cargo's configuration"
                .into(),
    })?;
    put(&library)?;
    if let (true, Some(stamped)) = (is_edit && is_untouched(), stamped) {
        // cargo may believe its own record as long as nobody touches a file.
        let _ = fs::write(&compiled, stamped);
    }
    if let (Some(key), Some(here), false) = (&key, &circumstances, said) {
        if is_still() && evidence.is_complete(folder, &built, &manifest.library) {
            libraries.keep(key, &library, whom.shelf());
            #[cfg(unix)]
            if let Some(taken) = taking_down {
                taken.keep(folder, target, here);
                if !is_still() {
                    again::forget(target);
                }
            }
        }
    }
    Ok(Built::Ran(ran))
}

/// One `stage` at a time compiles for `target` and installs: who comes second looks at
/// the sources as they are then. What an older one has compiled would come last otherwise.
fn turn(target: &Path) -> Option<File> {
    fs::create_dir_all(target).ok()?;
    let file = File::create(target.join(".stage-turn")).ok()?;
    let begun = Instant::now();
    let mut is_said = false;
    while FileExt::try_lock(&file).is_err() {
        if !is_said && begun.elapsed() > Duration::from_secs(1) {
            // As cargo says it of itself, over what a watch says in passing; nobody may listen.
            let mut stderr = std::io::stderr();
            let start = if stderr.is_terminal() { "\r" } else { "" };
            let words = "waiting for another `stage` that compiles `live/`; Ctrl-C ends this one";
            let _ = writeln!(stderr, "{start}{words}");
            is_said = true;
        }
        thread::sleep(Duration::from_millis(20));
    }
    Some(file)
}

/// cargo's own lock, if nobody has it.
fn cargo_at_rest(target: &Path) -> Option<File> {
    let file = File::open(target.join("debug/.cargo-lock")).ok()?;
    FileExt::try_lock(&file).ok().map(|()| file)
}

impl For {
    fn shelf(self) -> Shelf {
        match self {
            Self::Room | Self::Watch => Shelf::Edits,
            Self::Proof => Shelf::Proof,
            Self::Checkpoint => Shelf::Checkpoints,
        }
    }
}

fn cargo(repo: &Repo, folder: &Path, target: &Path, whom: For) -> Command {
    let mut cargo = in_venv(repo, Command::new("cargo"));
    cargo
        .args(["build", "--lib", "--target-dir"])
        .arg(target)
        .current_dir(folder);
    if whom != For::Room {
        cargo.arg("--quiet");
    }
    if matches!(whom, For::Proof | For::Checkpoint) {
        cargo.arg("--locked");
    } else if std::io::stderr().is_terminal() && super::wants_colour() {
        // Its words come by way of a pipe, where it would use none.
        cargo.env("CARGO_TERM_COLOR", "always");
    }
    cargo
}

/// Whether a line of cargo's tells only that it is at work.
fn is_progress(line: &str) -> bool {
    let words = without_colour(line);
    let words = words.trim_start();
    let progress = ["Compiling ", "Finished ", "Blocking "];
    words.is_empty() || progress.iter().any(|word| words.starts_with(word))
}

/// A line without what colours it on a terminal.
pub fn without_colour(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("\x1b[") {
        plain.push_str(before);
        let end = after.find(|letter: char| letter.is_ascii_alphabetic());
        rest = end.map_or("", |end| &after[end + 1..]);
    }
    plain + rest
}

/// How a project is built and what its module is called.
#[derive(Debug)]
struct Manifest {
    library: String,
    /// `dunder._dunder` as `dunder/_dunder`.
    module: String,
    python: String,
}

impl Manifest {
    /// The name of the library that cargo makes.
    fn file(&self) -> String {
        let (prefix, suffix) = (std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
        format!("{prefix}{}{suffix}", self.library)
    }
}

fn manifest(folder: &Path) -> Result<Manifest> {
    let read = |name: &str| -> Result<toml::Table> {
        let path = folder.join(name);
        let text = fs::read_to_string(&path).map_err(Error::io("read", &path))?;
        text.parse()
            .map_err(|error: toml::de::Error| Error::BadText {
                path: path.display().to_string(),
                line: error
                    .span()
                    .map_or(1, |span| text[..span.start].matches('\n').count() + 1),
                reason: format!("it is not TOML: {}", error.message()),
                mend: "mend that line".into(),
            })
    };
    let (cargo, project) = (read("Cargo.toml")?, read("pyproject.toml")?);
    let word = |table: &toml::Table, keys: &[&str]| -> Option<String> {
        let (last, above) = keys.split_last()?;
        let table = above
            .iter()
            .try_fold(table, |table, key| table.get(*key)?.as_table())?;
        table.get(*last)?.as_str().map(String::from)
    };
    let package = word(&cargo, &["package", "name"]).unwrap_or_default();
    let library = word(&cargo, &["lib", "name"]).unwrap_or_else(|| package.replace('-', "_"));
    let module =
        word(&project, &["tool", "maturin", "module-name"]).unwrap_or_else(|| library.clone());
    let python =
        word(&project, &["tool", "maturin", "python-source"]).unwrap_or_else(|| ".".into());
    let is_name =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
    if !module.split('.').all(is_name) {
        return Err(Error::BadText {
            path: folder.join("pyproject.toml").display().to_string(),
            line: 1,
            reason: format!("`module-name = \"{module}\"` is no name that Python can import"),
            mend: "write it like `dunder._dunder`".into(),
        });
    }
    Ok(Manifest {
        library,
        module: module.replace('.', "/"),
        python,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_told_from_what_must_be_said_again() {
        for line in [
            "   Compiling dunder v0.1.0 (/a b/live)",
            "\x1b[1m\x1b[92m    Finished\x1b[0m `dev` profile target(s) in 0.31s",
            "",
        ] {
            assert!(is_progress(line), "{line:?}");
        }
        for line in [
            "warning: unused variable: `reams`",
            "\x1b[0m\x1b[1m\x1b[33mwarning\x1b[0m\x1b[1m: unused\x1b[0m",
            "     Locking 4 packages to latest compatible versions",
        ] {
            assert!(!is_progress(line), "{line:?}");
        }
    }
}
