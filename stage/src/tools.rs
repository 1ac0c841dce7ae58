//! The one module that runs cargo, pytest and Python.

#[cfg(unix)]
mod again;
#[cfg(feature = "present")]
mod asked;
#[cfg(feature = "present")]
mod browser;
mod build;
mod bytecode;
mod compiler;
mod evidence;
mod installed;
mod key;
mod libraries;
#[cfg(feature = "present")]
mod limited;
#[cfg(feature = "present")]
mod measured;
mod pytest;
mod seed;
mod terminal;
#[cfg(target_os = "linux")]
mod warm;

#[cfg(unix)]
use std::ffi::OsString;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
#[cfg(feature = "present")]
use std::time::Duration;

#[cfg(unix)]
pub use again::stand_in;
#[cfg(feature = "present")]
pub use asked::{Asked, asked};
#[cfg(feature = "present")]
pub use browser::{browser, print_page};
pub use build::{Built, For, build, without_colour};
pub use bytecode::forget_outdated;
pub use key::{Circumstances, Key, is_source};
pub use libraries::Libraries;
#[cfg(feature = "present")]
pub use limited::{End, run_within};
#[cfg(feature = "present")]
pub use measured::measured;
#[cfg(feature = "present")]
pub use pytest::pytest_within;
pub use pytest::{failures, forget_failures, pytest, pytest_warm, pytest_while};
pub use seed::seed;
pub use terminal::{columns, wants_colour};

use crate::error::{Error, Result};
use crate::repo::Repo;

/// What a program printed, and whether it succeeded.
#[derive(Debug)]
pub struct Ran {
    pub ok: bool,
    /// The exit code; none if a signal ended it.
    pub code: Option<i32>,
    pub status: String,
    pub printed: String,
}

impl Ran {
    /// All is well, and there is nothing to say.
    pub fn well() -> Self {
        Self {
            ok: true,
            code: Some(0),
            status: String::new(),
            printed: String::new(),
        }
    }
}

/// The workshop's Python, with nothing of another environment in it.
pub fn python(repo: &Repo) -> Command {
    in_venv(repo, Command::new(python_path(repo)))
}

/// Fetch every crate that the project in `folder` asks for, and compile them
/// into `target`.
///
/// Fetched are those of other systems, too: maturin and rust-analyzer ask cargo
/// for all that a project may need anywhere (`cargo metadata`), and without a
/// network cargo then refuses. The project is a stand-in without code, so what
/// it leaves behind cannot be taken for the extension module.
///
/// # Errors
/// `Tool` with cargo's own words.
pub fn fetch_and_compile_crates(repo: &Repo, folder: &Path, target: &Path) -> Result<()> {
    for (name, word) in [("cargo fetch", "fetch"), ("cargo build", "build")] {
        let mut cargo = in_venv(repo, Command::new("cargo"));
        cargo
            .args([word, "--quiet"])
            .env("CARGO_TARGET_DIR", target)
            // Set-up's configuration keeps all others off the network.
            .env("CARGO_NET_OFFLINE", "false")
            .current_dir(folder);
        let ran = run(&mut cargo, true, name)?;
        if !ran.ok {
            return Err(Error::Tool {
                command: name.into(),
                place: format!("`{}`", folder.display()),
                status: ran.status,
                tail: ran.printed,
                mend: "check the network, then run `./setup.sh` again: it goes on from there"
                    .into(),
            });
        }
    }
    Ok(())
}

/// The variables that the command would be started with.
#[cfg(unix)]
fn variables(command: &Command) -> Vec<(OsString, OsString)> {
    let changed: Vec<_> = command.get_envs().collect();
    let is_changed = |name: &OsString| changed.iter().any(|(other, _)| other == name);
    let kept = std::env::vars_os().filter(|(name, _)| !is_changed(name));
    let set = changed
        .iter()
        .filter_map(|(name, value)| Some((OsString::from(name), OsString::from((*value)?))));
    kept.chain(set).collect()
}

/// Run a command to its end; captured, or with its output passed on.
///
/// # Errors
/// `ToolMissing` if it cannot be started.
pub fn run(command: &mut Command, capture: bool, name: &str) -> Result<Ran> {
    let missing = |_| missing(name);
    command.stdin(Stdio::null());
    if !capture {
        let status = command.status().map_err(missing)?;
        return Ok(Ran {
            ok: status.success(),
            code: status.code(),
            status: status.to_string(),
            printed: String::new(),
        });
    }
    let output = command.output().map_err(missing)?;
    let printed = [output.stdout, output.stderr].concat();
    Ok(Ran {
        ok: output.status.success(),
        code: output.status.code(),
        status: output.status.to_string(),
        printed: String::from_utf8_lossy(&printed).into_owned(),
    })
}

/// Run a command whose complaints are passed on as they come, and read as well.
///
/// # Errors
/// `ToolMissing` if it cannot be started.
pub fn passed_on(command: &mut Command, name: &str) -> Result<Ran> {
    let missing = |_| missing(name);
    command.stdin(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(missing)?;
    let mut printed = Vec::new();
    let mut piece = [0; 4096];
    let mut stderr = child.stderr.take();
    while let Some(count) = stderr
        .as_mut()
        .and_then(|stderr| stderr.read(&mut piece).ok())
        .filter(|count| *count > 0)
    {
        // Nobody may be listening any more; the command goes on.
        let _ = std::io::stderr().write_all(&piece[..count]);
        printed.extend(&piece[..count]);
    }
    let status = child.wait().map_err(missing)?;
    Ok(Ran {
        ok: status.success(),
        code: status.code(),
        status: status.to_string(),
        printed: String::from_utf8_lossy(&printed).into_owned(),
    })
}

fn missing(tool: &str) -> Error {
    Error::ToolMissing {
        tool: tool.into(),
        mend: "`./setup.sh` installs what is missing; `stage doctor` says what".into(),
    }
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
        code: match end {
            End::Exit(code) => Some(code),
            _ => None,
        },
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

/// Which of these files in `folder` Python cannot read, whatever else is wrong with them;
/// none if nobody can say.
pub fn not_python(repo: &Repo, folder: &Path, files: &[&String]) -> Vec<String> {
    if files.is_empty() {
        return Vec::new();
    }
    let mut python = python(repo);
    python.args(["-I", "-c", ASK]).args(files);
    let ran = run(python.current_dir(folder), true, ".venv/bin/python");
    ran.map_or(Vec::new(), |ran| {
        ran.printed.lines().map(String::from).collect()
    })
}

/// Prints the files that cannot be parsed.
const ASK: &str = "\
import ast, sys, warnings
warnings.simplefilter('ignore')
for path in sys.argv[1:]:
    try:
        ast.parse(open(path, 'rb').read())
    except (SyntaxError, ValueError):
        print(path)
    except OSError:
        pass
";

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
pub fn extension_suffix(repo: &Repo) -> Result<String> {
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
