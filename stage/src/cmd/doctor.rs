//! `stage doctor`: what this machine lacks, what is wrong, how to mend it.
//!
//! Each check runs the thing itself (links a program, imports a module): what
//! only looks at version numbers misses the headers that are not there.

use std::fs;
use std::process::Command;

use super::Context;
use crate::error::{Error, Result};
use crate::json::Json;
use crate::repo::Repo;
use crate::{lock, moves, tags, tools};

#[derive(clap::Args)]
pub struct Args {
    /// Print one JSON object: {"ok", "checks": [{"name", "ok", "detail"} or
    /// {"name", "ok", "what", "where", "mend"}]}; the exit code is the same
    #[arg(long)]
    pub(super) json: bool,
}

/// What a check found: all is well, with a detail; or what, where, mend.
enum Finding {
    Well(String),
    Wrong {
        what: String,
        place: String,
        mend: String,
    },
}

pub fn run(context: &Context, args: &Args) -> Result<()> {
    let repo = &context.repo;
    let checks: [(&str, Finding); 9] = [
        ("git", git(context)),
        ("Rust", rust(repo)),
        ("C compiler", c_compiler(repo)),
        ("Python", python(repo)),
        ("packages", packages(repo)),
        ("one setting", one_setting(repo)),
        ("offline", offline(context)),
        ("tags", tags(context)),
        ("certificates", certificates()),
    ];
    if args.json {
        return as_json(checks.into());
    }
    let mut failures = 0;
    for (name, finding) in checks {
        match finding {
            Finding::Well(detail) => println!("ok     {name:<13} {detail}"),
            Finding::Wrong { what, place, mend } => {
                failures += 1;
                println!("wrong  {name:<13} {what}\n       where: {place}\n        mend: {mend}");
            }
        }
    }
    if failures == 0 {
        Ok(())
    } else {
        Err(Error::NotSo { failures })
    }
}

fn as_json(checks: Vec<(&str, Finding)>) -> Result<()> {
    let mut is_well = true;
    let mut listed = Vec::new();
    for (name, finding) in checks {
        let mut found = vec![("name", name.into())];
        match finding {
            Finding::Well(detail) => {
                found.extend([("ok", true.into()), ("detail", detail.into())]);
            }
            Finding::Wrong { what, place, mend } => {
                is_well = false;
                found.extend([("ok", false.into()), ("what", what.into())]);
                found.extend([("where", place.into()), ("mend", mend.into())]);
            }
        }
        listed.push(Json::Object(found));
    }
    let said = Json::Object(vec![("ok", is_well.into()), ("checks", listed.into())]);
    println!("{said}");
    match is_well {
        true => Ok(()),
        false => Err(Error::Said { code: 1 }),
    }
}

fn wrong(what: impl Into<String>, place: impl Into<String>, mend: impl Into<String>) -> Finding {
    Finding::Wrong {
        what: what.into(),
        place: place.into(),
        mend: mend.into(),
    }
}

/// Run a program; its first line, or `None` if it fails or is not there.
fn first_line(repo: &Repo, program: &str, args: &[&str]) -> Option<String> {
    let mut command = tools::in_venv(repo, Command::new(program));
    let ran = tools::run(command.args(args), true, program)
        .ok()
        .filter(|ran| ran.ok)?;
    ran.printed.lines().next().map(str::to_string)
}

fn git(context: &Context) -> Finding {
    match context.git() {
        Ok(git) => match moves::journal(&git) {
            Some(journal) => {
                let cut_off = Error::Interrupted { name: journal.name };
                wrong(cut_off.what(), "`live/`", cut_off.mend())
            }
            None => Finding::Well(git.version()),
        },
        Err(Error::NoGit) => wrong("cannot run `git`", "PATH", "install git"),
        Err(_) => wrong(
            "checkpoints are git tags, and this folder is not a git repository",
            context.repo.root.display().to_string(),
            "a ZIP download has no checkpoints: use `git clone` and run `./setup.sh` there",
        ),
    }
}

fn rust(repo: &Repo) -> Finding {
    let Some(version) = first_line(repo, "rustc", &["--version"]) else {
        return wrong(
            "cannot run `rustc`",
            "PATH",
            "install Rust with rustup, then run `./setup.sh`",
        );
    };
    if first_line(repo, "cargo", &["--version"]).is_none() {
        return wrong(
            "cannot run `cargo`",
            "PATH",
            "install Rust with rustup, then run `./setup.sh`",
        );
    }
    let number = version.split(' ').nth(1).unwrap_or_default();
    let mut parts = number
        .split('.')
        .map(|part| part.parse::<u32>().unwrap_or(0));
    if (parts.next(), parts.next()) < (Some(1), Some(85)) {
        let what = format!("Rust {number} is too old: edition 2024 and PyO3 need 1.85");
        return wrong(what, "`rustc --version`", "`rustup update stable`");
    }
    Finding::Well(version)
}

/// Link a program: that needs the compiler, the linker and libc's own files.
fn c_compiler(repo: &Repo) -> Finding {
    let folder = repo.own().join("doctor");
    let (source, program) = (folder.join("empty.c"), folder.join("empty"));
    let written = fs::create_dir_all(&folder)
        .and_then(|()| fs::write(&source, "int main(void) { return 0; }\n"));
    if let Err(error) = written {
        return wrong(
            format!("cannot write: {error}"),
            folder.display().to_string(),
            "make room, or mend its rights",
        );
    }
    let mut cc = Command::new("cc");
    let linked = tools::run(
        cc.arg(&source)
            .arg("-o")
            .arg(&program)
            .args(["-lm", "-lpthread"]),
        true,
        "cc",
    );
    let version = first_line(repo, "cc", &["--version"]);
    let _ = fs::remove_dir_all(&folder);
    let mend = "Debian: `apt-get install gcc libc6-dev`; macOS: `xcode-select --install`";
    match linked {
        Err(_) => wrong(
            "there is no C compiler, and Rust links with it",
            "`cc` on PATH",
            mend,
        ),
        Ok(ran) if !ran.ok => {
            let cause = ran
                .printed
                .lines()
                .find(|line| line.contains("cannot find") || line.contains("error"));
            wrong(
                "`cc` cannot link a program: libc's own files are missing",
                cause.unwrap_or("`cc`"),
                mend,
            )
        }
        Ok(_) => Finding::Well(version.unwrap_or_default()),
    }
}

fn python(repo: &Repo) -> Finding {
    let place = repo.venv().display().to_string();
    let mend = "delete `.venv`, then run `./setup.sh`";
    let ask = "import sys; print('%d.%d.%d' % sys.version_info[:3], sys.prefix != sys.base_prefix)";
    let mut python = tools::python(repo);
    let printed = match tools::run(python.args(["-c", ask]), true, "python") {
        Err(_) => return wrong("there is no `.venv`", place, "`./setup.sh` makes it"),
        Ok(ran) if !ran.ok => {
            return wrong("`.venv` has a Python that does not start", place, mend);
        }
        Ok(ran) => ran.printed.trim().to_string(),
    };
    let (version, is_venv) = printed.split_once(' ').unwrap_or((&printed, ""));
    let minor: u32 = version
        .split('.')
        .nth(1)
        .and_then(|minor| minor.parse().ok())
        .unwrap_or(0);
    if !(version.starts_with("3.") && (11..=15).contains(&minor)) {
        return wrong(
            format!("Python {version} is not one of 3.11 to 3.15"),
            place,
            mend,
        );
    }
    if is_venv != "True" {
        return wrong("`.venv` is not a virtual environment", place, mend);
    }
    Finding::Well(format!("{version} in .venv"))
}

fn packages(repo: &Repo) -> Finding {
    let ask =
        "import pytest, numpy; print('pytest', pytest.__version__, 'numpy', numpy.__version__)";
    let mut python = tools::python(repo);
    let ran = tools::run(python.args(["-c", ask]), true, "python");
    let printed = match ran {
        Ok(ran) if ran.ok => ran.printed.trim().to_string(),
        _ => {
            return wrong(
                "pytest or NumPy is missing",
                "`.venv`",
                "`./setup.sh` installs them",
            );
        }
    };
    match (
        first_line(repo, "maturin", &["--version"]),
        first_line(repo, "uv", &["--version"]),
    ) {
        (Some(maturin), Some(_)) => Finding::Well(format!("{maturin}, {printed}")),
        (None, _) => wrong("maturin is missing", "`.venv`", "`./setup.sh` installs it"),
        (_, None) => wrong(
            "uv is missing, and `maturin develop` needs it",
            "`.venv`",
            "`./setup.sh` installs it",
        ),
    }
}

/// Plain cargo and maturin share one compiled PyO3 only with the same settings;
/// without them plain cargo also looks for Python's headers and libpython.
fn one_setting(repo: &Repo) -> Finding {
    let path = repo.root.join(".cargo/config.toml");
    let needed = [
        "PYO3_PYTHON",
        "PYO3_BUILD_EXTENSION_MODULE",
        "PYO3_ENVIRONMENT_SIGNATURE",
    ];
    let text = fs::read_to_string(&path).unwrap_or_default();
    match needed.iter().find(|name| !text.contains(**name)) {
        None => Finding::Well("cargo and maturin build alike".into()),
        Some(name) => wrong(
            format!("`{name}` is not set: cargo and maturin would compile PyO3 in turns"),
            path.display().to_string(),
            "`./setup.sh` writes it",
        ),
    }
}

/// Whether every crate of every checkpoint is on this machine.
fn offline(context: &Context) -> Finding {
    for (stem, _) in context.order().0 {
        let folder = context.repo.root.join("solutions").join(&stem);
        if !folder.join("Cargo.toml").is_file() {
            continue;
        }
        let mut cargo = tools::in_venv(&context.repo, Command::new("cargo"));
        cargo
            .args([
                "metadata",
                "--offline",
                "--locked",
                "--quiet",
                "--format-version",
                "1",
            ])
            .current_dir(&folder);
        match tools::run(&mut cargo, true, "cargo") {
            Ok(ran) if ran.ok => {}
            Ok(ran) => {
                let cause = ran
                    .printed
                    .lines()
                    .find(|line| line.starts_with("error"))
                    .unwrap_or("")
                    .to_string();
                return wrong(
                    format!("crates of {stem} are not on this machine"),
                    cause,
                    "`stage prepare`, with a network",
                );
            }
            Err(_) => return wrong("cannot run `cargo`", "PATH", "install Rust with rustup"),
        }
    }
    Finding::Well("every checkpoint's crates are here".into())
}

fn tags(context: &Context) -> Finding {
    let compare = || -> Result<usize> {
        let git = context.git()?;
        let _lock = lock::of_moves(&git)?;
        let wanted = tags::derive(&git)?;
        let difference = tags::compare(&git, &wanted)?;
        if difference.is_empty() {
            return Ok(wanted.len());
        }
        let tags::Difference {
            missing,
            moved,
            extra,
            ..
        } = difference;
        Err(Error::StaleTags {
            missing,
            moved,
            extra,
        })
    };
    match compare() {
        Ok(count) => Finding::Well(format!("{count}, all as the folders say")),
        Err(error) => wrong(error.what(), "`refs/tags`", error.mend()),
    }
}

/// Behind a proxy that opens TLS, uv does not know the proxy's certificate.
fn certificates() -> Finding {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let proxy = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"]
        .into_iter()
        .find(|name| set(name).is_some());
    let trusted = ["UV_SYSTEM_CERTS", "SSL_CERT_FILE"]
        .into_iter()
        .any(|name| set(name).is_some());
    match proxy {
        Some(name) if !trusted => Finding::Well(format!(
            "`{name}` is set; if set-up says UnknownIssuer: `export UV_SYSTEM_CERTS=1`"
        )),
        _ => Finding::Well("no proxy stands between".into()),
    }
}
