//! Running pytest, in a folder that holds a checkpoint.

use std::path::Path;
use std::process::Command;

#[cfg(target_os = "linux")]
use super::warm::{State, Warm};
use super::{Ran, bytecode, python, run};
use crate::error::Result;
use crate::repo::Repo;

const NAME: &str = "python -m pytest";

/// Run pytest in `folder` with the workshop's Python.
///
/// # Errors
/// `ToolMissing` without `.venv`.
pub fn pytest(repo: &Repo, folder: &Path, args: &[String]) -> Result<Ran> {
    bytecode::forget_outdated(folder);
    run(&mut command(repo, folder, args), false, NAME)
}

/// The same from the warm test process, which is started if there is none; the
/// plain way where there cannot be one.
///
/// # Errors
/// `ToolMissing` without `.venv`.
pub fn pytest_warm(repo: &Repo, folder: &Path, args: &[String]) -> Result<Ran> {
    bytecode::forget_outdated(folder);
    let mut command = command(repo, folder, args);
    #[cfg(target_os = "linux")]
    {
        use std::os::fd::AsFd;
        let (out, err) = (std::io::stdout(), std::io::stderr());
        if let Some(mut warm) = Warm::begin(repo, &command, out.as_fd(), err.as_fd()) {
            if let State::Ended(status) = warm.wait(None) {
                return Ok(Ran {
                    ok: status == 0,
                    status: format!("exit status: {status}"),
                    printed: String::new(),
                });
            }
        }
    }
    run(&mut command, false, NAME)
}

/// Run pytest, captured, on code that may never end.
///
/// # Errors
/// `ToolMissing` without `.venv`.
#[cfg(feature = "present")]
pub fn pytest_within(
    repo: &Repo,
    folder: &Path,
    args: &[String],
    limit: std::time::Duration,
) -> Result<(super::End, String)> {
    // What we read must not depend on the user's taste.
    super::run_within(command(repo, folder, args).arg("--color=no"), limit, NAME)
}

fn command(repo: &Repo, folder: &Path, args: &[String]) -> Command {
    let mut command = python(repo);
    command
        .args(["-m", "pytest", "-q"])
        .args(args)
        .current_dir(folder);
    command
}
