//! The one module that runs cargo, pytest and Python.

#[cfg(feature = "present")]
mod asked;
#[cfg(feature = "present")]
mod browser;
#[cfg(feature = "present")]
mod limited;
#[cfg(feature = "present")]
mod measured;
mod pytest;
#[cfg(feature = "present")]
mod seed;
mod terminal;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
#[cfg(feature = "present")]
use std::time::Duration;

#[cfg(feature = "present")]
pub use asked::{Asked, asked};
#[cfg(feature = "present")]
pub use browser::{browser, print_page};
#[cfg(feature = "present")]
pub use limited::{End, run_within};
#[cfg(feature = "present")]
pub use measured::measured;
pub use pytest::pytest;
#[cfg(feature = "present")]
pub use pytest::pytest_within;
#[cfg(feature = "present")]
pub use seed::seed;
pub use terminal::columns;

use crate::error::{Error, Result};
use crate::repo::Repo;

/// What a program printed, and whether it succeeded.
#[derive(Debug)]
pub struct Ran {
    pub ok: bool,
    pub status: String,
    pub printed: String,
}

/// How a project is built and what its module is called.
#[derive(Debug)]
struct Manifest {
    library: String,
    /// `dunder._dunder` as `dunder/_dunder`.
    module: String,
    python: String,
}

/// Build the extension module of the project in `folder` and put it where
/// `maturin develop` would: beside the Python files, under the same name.
///
/// This is what makes an edit green in half a second: cargo is called with the
/// settings that maturin uses (set-up wrote them down), so the two share every
/// compiled crate, and the rest of what maturin does is not needed for a test.
/// A project without `Cargo.toml` has no module; one left from another
/// checkpoint is removed, or its tests would pass against it.
///
/// # Errors
/// `Tool` if cargo fails, `Io`.
pub fn build(repo: &Repo, folder: &Path, target: &Path, quiet: bool) -> Result<Option<Ran>> {
    if !python_path(repo).exists() {
        return Err(Error::ToolMissing {
            tool: ".venv/bin/python".into(),
            mend: "`./setup.sh` installs what is missing; `stage doctor` says what".into(),
        });
    }
    let suffix = extension_suffix(repo)?;
    if !folder.join("Cargo.toml").is_file() {
        remove_modules(&folder.join("python"), &suffix)?;
        return Ok(None);
    }
    let manifest = manifest(folder)?;
    let mut cargo = in_venv(repo, Command::new("cargo"));
    cargo
        .args(["build", "--lib", "--target-dir"])
        .arg(target)
        .current_dir(folder);
    if quiet {
        cargo.args(["--quiet", "--locked"]);
    }
    let prefix = std::env::consts::DLL_PREFIX;
    let file = format!(
        "{prefix}{}{}",
        manifest.library,
        std::env::consts::DLL_SUFFIX
    );
    let built = target.join("debug").join(file);
    // One from before must not pass for what cargo makes now; cargo links it here again.
    let _ = fs::remove_file(&built);
    let ran = run(&mut cargo, quiet, "cargo")?;
    if !ran.ok {
        return Ok(Some(ran));
    }
    if !built.is_file() {
        return Err(Error::BadText {
            path: folder.join("Cargo.toml").display().to_string(),
            line: 1,
            reason: format!(
                "cargo made no `{}`, the library that Python loads",
                manifest.library
            ),
            mend: "write `crate-type = [\"cdylib\"]` under `[lib]`".into(),
        });
    }
    let place = folder
        .join(&manifest.python)
        .join(format!("{}{suffix}", manifest.module));
    install(&built, &place)?;
    Ok(Some(ran))
}

/// The workshop's Python, with nothing of another environment in it.
pub fn python(repo: &Repo) -> Command {
    in_venv(repo, Command::new(python_path(repo)))
}

/// Compile every crate that `manifest` and `lock` ask for into `target`.
///
/// The project is a stand-in without code, so what it leaves behind cannot be
/// taken for the extension module.
///
/// # Errors
/// `Tool` with cargo's own words.
pub fn compile_crates(repo: &Repo, folder: &Path, target: &Path) -> Result<()> {
    let mut cargo = in_venv(repo, Command::new("cargo"));
    cargo
        .args(["build", "--quiet", "--target-dir"])
        .arg(target)
        // Set-up's configuration keeps all others off the network.
        .env("CARGO_NET_OFFLINE", "false")
        .current_dir(folder);
    let ran = run(&mut cargo, true, "cargo build")?;
    if ran.ok {
        return Ok(());
    }
    Err(Error::Tool {
        command: "cargo build".into(),
        place: format!("`{}`", folder.display()),
        status: ran.status,
        tail: ran.printed,
        mend: "check the network, then run `./setup.sh` again: it goes on from there".into(),
    })
}

/// Run a command to its end; captured, or with its output passed on.
///
/// # Errors
/// `ToolMissing` if it cannot be started.
pub fn run(command: &mut Command, capture: bool, name: &str) -> Result<Ran> {
    let missing = |_| Error::ToolMissing {
        tool: name.into(),
        mend: "`./setup.sh` installs what is missing; `stage doctor` says what".into(),
    };
    command.stdin(Stdio::null());
    if !capture {
        let status = command.status().map_err(missing)?;
        return Ok(Ran {
            ok: status.success(),
            status: status.to_string(),
            printed: String::new(),
        });
    }
    let output = command.output().map_err(missing)?;
    let printed = [output.stdout, output.stderr].concat();
    Ok(Ran {
        ok: output.status.success(),
        status: output.status.to_string(),
        printed: String::from_utf8_lossy(&printed).into_owned(),
    })
}

/// Compile the project in `folder`, which is expected to be refused; warnings
/// are left out, and lines broken where a slide ends.
///
/// # Errors
/// `ToolMissing` without cargo.
#[cfg(feature = "present")]
pub fn compile(repo: &Repo, folder: &Path, target: &Path) -> Result<Ran> {
    let mut shell = in_venv(repo, Command::new("sh"));
    shell
        .args(["-c", "exec \"$0\" \"$@\" 2>&1", "cargo"])
        .args(["rustc", "--lib", "--quiet", "--locked", "--target-dir"])
        .arg(target)
        .args(["--", "-Awarnings", "--diagnostic-width=66"])
        .current_dir(folder);
    // Code can keep a compiler busy for ever.
    let (end, printed) = run_within(&mut shell, Duration::from_secs(600), "cargo rustc")?;
    Ok(Ran {
        ok: end == End::Exit(0),
        status: format!("{end:?}"),
        printed,
    })
}

/// The compiler that `folder` is built with, such as `rustc 1.85.1`.
///
/// # Errors
/// `ToolMissing` without rustc.
#[cfg(feature = "present")]
pub fn compiler(repo: &Repo, folder: &Path) -> Result<String> {
    let mut rustc = in_venv(repo, Command::new("rustc"));
    let ran = run(rustc.arg("--version").current_dir(folder), true, "rustc")?;
    let words: Vec<&str> = ran.printed.split_whitespace().take(2).collect();
    Ok(words.join(" "))
}

/// A command that sees `.venv` and no other Python environment.
pub fn in_venv(repo: &Repo, mut command: Command) -> Command {
    let folder = bin(repo);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let paths = std::iter::once(folder).chain(std::env::split_paths(&path));
    if let Ok(path) = std::env::join_paths(paths) {
        command.env("PATH", path);
    }
    command
        .env("VIRTUAL_ENV", repo.venv())
        .env("RUST_BACKTRACE", "0");
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PYTHON") && name != "PYTHONUTF8" {
            command.env_remove(name);
        }
    }
    for name in ["CONDA_PREFIX", "CARGO_TARGET_DIR", "CARGO_BUILD_TARGET"] {
        command.env_remove(name);
    }
    command
}

pub fn python_path(repo: &Repo) -> PathBuf {
    bin(repo).join(if cfg!(windows) {
        "python.exe"
    } else {
        "python"
    })
}

fn bin(repo: &Repo) -> PathBuf {
    repo.venv()
        .join(if cfg!(windows) { "Scripts" } else { "bin" })
}

/// What an extension module's file name ends in, such as
/// `.cpython-311-x86_64-linux-gnu.so`. Asked once for each `.venv`.
fn extension_suffix(repo: &Repo) -> Result<String> {
    let made = |path: &Path| fs::metadata(path).and_then(|found| found.modified()).ok();
    let cache = repo.own().join("ext-suffix");
    if made(&cache).is_some() && made(&cache) >= made(&repo.venv().join("pyvenv.cfg")) {
        if let Ok(suffix) = fs::read_to_string(&cache) {
            return Ok(suffix);
        }
    }
    let ask = "import sysconfig; print(sysconfig.get_config_var('EXT_SUFFIX'), end='')";
    let ran = run(python(repo).args(["-c", ask]), true, ".venv/bin/python")?;
    if !ran.ok {
        return Err(Error::Tool {
            command: "python -c 'import sysconfig'".into(),
            place: "`.venv`".into(),
            status: ran.status,
            tail: ran.printed,
            mend: "delete `.venv` and run `./setup.sh` again".into(),
        });
    }
    let _ = fs::create_dir_all(repo.own()).and_then(|()| fs::write(&cache, &ran.printed));
    Ok(ran.printed)
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

/// Copy the library to its place by way of a new file: one that a running
/// Python has loaded must not be written to.
fn install(built: &Path, place: &Path) -> Result<()> {
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    }
    let temporary = place.with_extension(format!("tmp-{}", std::process::id()));
    let copied = fs::copy(built, &temporary).and_then(|_| fs::rename(&temporary, place));
    copied.map_err(|error| {
        let _ = fs::remove_file(&temporary);
        Error::io("write", place)(error)
    })
}

fn remove_modules(python: &Path, suffix: &str) -> Result<()> {
    for package in fs::read_dir(python).into_iter().flatten().flatten() {
        for file in fs::read_dir(package.path()).into_iter().flatten().flatten() {
            if file.file_name().to_string_lossy().ends_with(suffix) {
                fs::remove_file(file.path()).map_err(Error::io("remove", &file.path()))?;
            }
        }
    }
    Ok(())
}
