//! Running pytest, in a folder that holds a checkpoint.

use std::fs::{self, File};
use std::io::{Read, Seek};
use std::path::Path;
#[cfg(target_os = "linux")]
use std::process::ExitStatus;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

#[cfg(target_os = "linux")]
use super::warm::{State, Warm};
use super::{Ran, bytecode, missing, python, run};
use crate::error::{Error, Result};
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
                let status = as_if_started(status);
                return Ok(Ran {
                    ok: status.success(),
                    code: status.code(),
                    status: status.to_string(),
                    printed: String::new(),
                });
            }
        }
    }
    run(&mut command, false, NAME)
}

/// How a run in the warm process ended, as a process of ours would have: Python gives
/// the number of a signal below zero.
#[cfg(target_os = "linux")]
fn as_if_started(status: i32) -> ExitStatus {
    use std::os::unix::process::ExitStatusExt;
    ExitStatus::from_raw(match status {
        signal @ ..0 => -signal,
        code => code << 8,
    })
}

/// Run pytest, captured, as long as `is_still` says so; `None` if it was abandoned.
/// `more` are words for pytest, such as files.
///
/// # Errors
/// `ToolMissing` without `.venv`, `Io`.
pub fn pytest_while(
    repo: &Repo,
    folder: &Path,
    more: &[String],
    is_still: &dyn Fn() -> bool,
) -> Result<Option<Ran>> {
    bytecode::forget_outdated(folder);
    // An abandoned run may go on for its last words, and write them to its own file, which
    // has no name any more: whoever presses Ctrl-C leaves nothing behind.
    let path = repo.own().join(format!("watched-{}", std::process::id()));
    let _ = fs::remove_file(&path);
    let mut open = File::options();
    let opened = open.read(true).write(true).create_new(true).open(&path);
    let mut file = opened.map_err(Error::io("create", &path))?;
    let has_name = fs::remove_file(&path).is_err();
    let mut args =
        Vec::from(["--tb=short", "--color=no", "-p", "no:cacheprovider"].map(String::from));
    args.extend_from_slice(more);
    let mut command = command(repo, folder, &args);
    let ended = watched(repo, &mut command, &file, is_still);
    let mut printed = Vec::new();
    let read = file.rewind().and_then(|()| file.read_to_end(&mut printed));
    if has_name {
        let _ = fs::remove_file(&path);
    }
    read.map_err(Error::io("read", &path))?;
    Ok(ended?.map(|status| Ran {
        ok: status == 0,
        code: (status >= 0).then_some(status),
        status: format!("exit status {status}"),
        printed: String::from_utf8_lossy(&printed).into_owned(),
    }))
}

fn watched(
    repo: &Repo,
    command: &mut Command,
    file: &File,
    is_still: &dyn Fn() -> bool,
) -> Result<Option<i32>> {
    #[cfg(target_os = "linux")]
    {
        use std::os::fd::AsFd;
        let mut state = State::Lost;
        if let Some(mut warm) = Warm::begin(repo, command, file.as_fd(), file.as_fd()) {
            state = warm.wait(Some(LOOK));
            while state == State::Running {
                if !is_still() {
                    return Ok(None);
                }
                state = warm.wait(Some(LOOK));
            }
        }
        if let State::Ended(status) = state {
            return Ok(Some(status));
        }
    }
    let _ = repo;
    let output = || {
        file.try_clone()
            .map_err(Error::io("open", "output".as_ref()))
    };
    command
        .stdin(Stdio::null())
        .stdout(output()?)
        .stderr(output()?);
    let mut child = command.spawn().map_err(|_| missing(NAME))?;
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Ok(Some(status.code().unwrap_or(-1)));
        }
        if !is_still() {
            let _ = child.kill().and_then(|()| child.wait());
            return Ok(None);
        }
        thread::sleep(LOOK);
    }
}

/// How often it is asked whether a run is still wanted.
const LOOK: Duration = Duration::from_millis(100);

/// Where pytest keeps which tests failed.
const FAILURES: &str = ".pytest_cache/v/cache/lastfailed";

/// Forget which tests failed: pytest remembers those of other checkpoints, too.
pub fn forget_failures(folder: &Path) {
    let _ = fs::remove_file(folder.join(FAILURES));
}

/// The tests, or files that could not be read, that failed since they were forgotten.
pub fn failures(folder: &Path) -> Vec<String> {
    names(&fs::read_to_string(folder.join(FAILURES)).unwrap_or_default())
}

/// The names in `{"tests/test_order.py::test_a": true}`, as JSON writes them.
fn names(text: &str) -> Vec<String> {
    let (mut names, mut name) = (Vec::new(), None);
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (letter, &mut name) {
            ('"', None) => name = Some(String::new()),
            ('"', Some(_)) => names.extend(name.take()),
            ('\\', Some(name)) => match letters.next() {
                Some('u') => {
                    let code: String = letters.by_ref().take(4).collect();
                    let code = u32::from_str_radix(&code, 16).ok();
                    name.push(code.and_then(char::from_u32).unwrap_or('\u{fffd}'));
                }
                Some('n') => name.push('\n'),
                Some('t') => name.push('\t'),
                Some(other) => name.push(other),
                None => {}
            },
            (letter, Some(name)) => name.push(letter),
            (_, None) => {}
        }
    }
    names
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
    let mut command = command(repo, folder, args);
    command
        .arg("--color=no")
        .env_remove("PYTHONDONTWRITEBYTECODE");
    super::run_within(&mut command, limit, NAME)
}

fn command(repo: &Repo, folder: &Path, args: &[String]) -> Command {
    let mut command = python(repo);
    command
        .args(["-m", "pytest", "-q"])
        .args(args)
        .current_dir(folder);
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_json_writes_them() {
        let text = r#"{
  "tests/test_a.py::test_b[\"\\]": true,
  "tests/test_a.py::test_\u00e4": true
}"#;
        assert_eq!(
            names(text),
            [
                r#"tests/test_a.py::test_b["\]"#,
                "tests/test_a.py::test_\u{e4}"
            ]
        );
        assert_eq!(names("{}"), [""; 0]);
    }
}
