//! Running pytest, in a folder that holds a checkpoint.

use std::path::Path;
use std::process::Command;

use super::{Ran, python, run};
use crate::error::Result;
use crate::repo::Repo;

const NAME: &str = "python -m pytest";

/// Run pytest in `folder` with the workshop's Python.
///
/// # Errors
/// `ToolMissing` without `.venv`.
pub fn pytest(repo: &Repo, folder: &Path, args: &[String]) -> Result<Ran> {
    run(&mut command(repo, folder, args), false, NAME)
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
