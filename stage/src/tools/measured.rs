//! Running a benchmark: a script of `tests/bench`, which prints its run.

use std::process::Stdio;
use std::time::Duration;

use super::limited::{End, watch};
use super::python;
use crate::error::{Error, Result};
use crate::repo::Repo;

/// A benchmark measures for a minute, and may have to compile before.
const LIMIT: Duration = Duration::from_secs(1800);

/// What `tests/bench/NAME.py` prints, run with the workshop's Python. What it
/// complains of goes to the terminal.
///
/// # Errors
/// `Tool` if it fails, or prints for ever; `ToolMissing` without Python.
pub fn measured(repo: &Repo, name: &str) -> Result<String> {
    let script = format!("tests/bench/{name}.py");
    let mut command = python(repo);
    command
        .arg(repo.root.join(&script))
        .stderr(Stdio::inherit())
        // One thread: what a library does on many is not CPU time of one.
        .env("OPENBLAS_NUM_THREADS", "1")
        .env("PYTHONHASHSEED", "0");
    let (end, printed) = watch(&mut command, LIMIT, ".venv/bin/python")?;
    match end {
        End::Exit(0) => Ok(printed),
        end => Err(Error::Tool {
            command: format!("python {script}"),
            place: format!("`{}`", repo.root.display()),
            status: format!("{end:?}"),
            tail: printed,
            mend: "its own words stand above; `stage doctor` says what is missing".into(),
        }),
    }
}
