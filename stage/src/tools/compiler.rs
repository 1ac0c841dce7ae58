//! What `rustc -vV` says, asked only if it might say something else.
//!
//! It takes a tenth of a test run. rustup decides by its settings, its variables and
//! the files of the project which compiler answers; all of that is looked at instead.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::key::digest;
use super::{in_venv, run};
use crate::repo::Repo;

/// What the compiler of a project in `folder` says of itself; `None` if there is none.
pub fn version(repo: &Repo, folder: &Path) -> Option<String> {
    let mut name = std::env::var_os("RUSTC").unwrap_or_default();
    if name.is_empty() {
        name = "rustc".into();
    }
    let ask = |words: &[&str]| {
        let mut rustc = in_venv(repo, Command::new(&name));
        let asked = run(rustc.args(words).current_dir(folder), true, "rustc");
        asked.ok().filter(|ran| ran.ok).map(|ran| ran.printed)
    };
    let cache = repo.own().join("compiler");
    let kept = fs::read_to_string(&cache).unwrap_or_default();
    let mut lines = kept.splitn(3, '\n');
    if let (Some(decided), Some(real), Some(version)) = (lines.next(), lines.next(), lines.next()) {
        if evidence(repo, folder, &name, Path::new(real)).is_some_and(|now| now == decided) {
            return Some(version.into());
        }
    }
    let real = real_one(ask(&["--print", "sysroot"]).as_deref()).unwrap_or_default();
    let before = evidence(repo, folder, &name, &real);
    let version = ask(&["-vV"])?;
    let after = evidence(repo, folder, &name, &real);
    if let Some(decided) = before.filter(|before| after.as_ref() == Some(before)) {
        let half = repo.own().join(format!("compiler-{}", std::process::id()));
        let text = format!("{decided}\n{}\n{version}", real.display());
        // Without it the compiler is asked the next time, too.
        let _ = fs::create_dir_all(repo.own())
            .and_then(|()| fs::write(&half, text))
            .and_then(|()| fs::rename(&half, &cache));
    }
    Some(version)
}

/// The compiler itself below what it calls its root.
fn real_one(sysroot: Option<&str>) -> Option<PathBuf> {
    let name = format!("rustc{}", std::env::consts::EXE_SUFFIX);
    let path = Path::new(sysroot?.trim_end()).join("bin").join(name);
    path.is_file().then_some(path)
}

/// All that decides who answers to `name` and what is said, if `real` is the compiler
/// that did, as one word; `None` where something else stands between them.
fn evidence(repo: &Repo, folder: &Path, name: &OsString, real: &Path) -> Option<String> {
    let program = found(repo, name)?;
    let itself = fs::canonicalize(&program).ok()?;
    let mut parts = vec![
        program.as_os_str().as_encoded_bytes().to_vec(),
        itself.as_os_str().as_encoded_bytes().to_vec(),
        real.as_os_str().as_encoded_bytes().to_vec(),
        stamp(&itself)?,
        stamp(real)?,
    ];
    let is_rustup = itself
        .file_stem()
        .is_some_and(|stem| stem.to_string_lossy().starts_with("rustup"));
    if is_rustup {
        parts.extend(choices(folder));
    } else if fs::canonicalize(real).ok()? != itself {
        return None;
    }
    let lengths: Vec<String> = parts.iter().map(|part| part.len().to_string()).collect();
    parts.push(lengths.join(" ").into());
    Some(digest(&parts.concat()))
}

/// The file that a shell would start in the workshop's environment.
fn found(repo: &Repo, name: &OsString) -> Option<PathBuf> {
    if Path::new(name).components().count() > 1 {
        return Some(PathBuf::from(name)).filter(|path| path.is_absolute());
    }
    let path = std::env::var_os("PATH")?;
    let mut file = name.clone();
    file.push(std::env::consts::EXE_SUFFIX);
    std::iter::once(super::bin(repo))
        .chain(std::env::split_paths(&path))
        .map(|folder| folder.join(&file))
        .find(|path| path.is_file())
}

/// Where rustup looks for the toolchain that is meant: variables, its settings, and
/// files in `folder` and above.
fn choices(folder: &Path) -> Vec<Vec<u8>> {
    let variables = std::env::vars_os().filter(|(name, _)| {
        let name = name.to_string_lossy();
        name.starts_with("RUSTUP_") || name == "HOME" || name == "USERPROFILE"
    });
    let mut variables: Vec<_> = variables.collect();
    variables.sort();
    let home = std::env::var_os("RUSTUP_HOME").filter(|home| !home.is_empty());
    let users = ["HOME", "USERPROFILE"].iter().find_map(std::env::var_os);
    let users = users.map(|home| Path::new(&home).join(".rustup"));
    let settings = home
        .map(PathBuf::from)
        .or(users)
        .map(|home| home.join("settings.toml"));
    let names = ["rust-toolchain", "rust-toolchain.toml"];
    let files = folder
        .ancestors()
        .flat_map(|above| names.map(|name| above.join(name)))
        .chain(settings);
    let files = files.map(|file| match fs::read(&file) {
        Ok(text) => [file.as_os_str().as_encoded_bytes(), b"\0", &text].concat(),
        Err(_) => Vec::new(),
    });
    let variables = variables
        .into_iter()
        .map(|(name, value)| [name.as_encoded_bytes(), b"=", value.as_encoded_bytes()].concat());
    variables.chain(files).collect()
}

/// Changes when a program is replaced.
fn stamp(path: &Path) -> Option<Vec<u8>> {
    let found = fs::metadata(path).ok()?;
    Some(format!("{} {:?}", found.len(), found.modified().ok()?).into())
}
