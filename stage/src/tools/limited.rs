//! Running a command for so long at most, with all that it starts: what a slide
//! shows, and the browser that prints.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// By itself; one that a signal ended has 128 and the signal's number, as
    /// in a shell.
    Exit(i32),
    /// Not within its time. It and everything that it started were stopped.
    Late,
    /// It printed more than any slide can hold, and was stopped.
    Endless,
    /// It ended, and somebody whom it left behind held its output.
    Left,
}

/// Run a command of a slide, for so long at most; its stdout is captured.
///
/// It is in a process group with its guard alone, so that all of it can be stopped:
/// at the end, and by the guard if we are interrupted before.
///
/// # Errors
/// `ToolMissing` if it cannot be started.
pub fn run_within(command: &mut Command, limit: Duration, name: &str) -> Result<(End, String)> {
    command.stderr(Stdio::null());
    say_the_same_everywhere(command);
    watch(command, limit, name)
}

/// Run any command so; its stdout is captured, its stderr goes where it says.
///
/// # Errors
/// `ToolMissing` if it cannot be started.
pub fn watch(command: &mut Command, limit: Duration, name: &str) -> Result<(End, String)> {
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    let missing = |_| Error::ToolMissing {
        tool: name.into(),
        mend: "`./setup.sh` installs what is missing; `stage doctor` says what".into(),
    };
    let guard = guard();
    #[cfg(unix)]
    join_group_of(guard.as_ref(), command);
    let mut child = command.spawn().map_err(missing)?;
    let stdout = child.stdout.take();
    let (done, reader) = mpsc::channel();
    thread::spawn(move || {
        let mut printed = Vec::new();
        let most = stdout.map(|stdout| stdout.take(MOST_PRINTED));
        let _ = most.map(|mut most| most.read_to_end(&mut printed));
        // Nobody listens any more when the time is over.
        let _ = done.send(printed);
    });
    let (end, printed) = wait(&mut child, &reader, Instant::now() + limit);
    stop(&mut child, guard.as_ref());
    // What it said until then; nothing if somebody who left the group goes on.
    let printed = printed.or_else(|| reader.recv_timeout(PATIENCE).ok());
    if let Some(mut guard) = guard {
        let _ = guard.kill().and_then(|()| guard.wait());
    }
    let printed = String::from_utf8_lossy(&printed.unwrap_or_default()).into_owned();
    Ok((end, printed))
}

/// The same words on every machine and terminal, in every country.
fn say_the_same_everywhere(command: &mut Command) {
    command
        .env("NO_COLOR", "1")
        .env("TERM", "dumb")
        .env("COLUMNS", "80")
        .env("LC_ALL", "C.UTF-8")
        .env("TZ", "UTC");
    for name in [
        "FORCE_COLOR",
        "CLICOLOR_FORCE",
        "PY_COLORS",
        "CARGO_TERM_COLOR",
        "PYTEST_ADDOPTS",
        "PYTEST_PLUGINS",
        "LANGUAGE",
        "LINES",
    ] {
        command.env_remove(name);
    }
}

/// Wait until a command has ended and said its last word; `None` for words that
/// are still to come.
fn wait(child: &mut Child, reader: &Receiver<Vec<u8>>, until: Instant) -> (End, Option<Vec<u8>>) {
    let mut ended = None;
    loop {
        match reader.recv_timeout(Duration::from_millis(5)) {
            Ok(printed) if printed.len() as u64 == MOST_PRINTED => {
                return (End::Endless, Some(printed));
            }
            Ok(printed) => return (wait_until(child, until), Some(printed)),
            Err(RecvTimeoutError::Disconnected) => return (wait_until(child, until), None),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if ended.is_none() && matches!(child.try_wait(), Ok(Some(_))) {
            ended = Some(Instant::now());
        }
        if ended.is_some_and(|ended| ended.elapsed() > PATIENCE) {
            return (End::Left, None);
        }
        if ended.is_none() && Instant::now() > until {
            return (End::Late, None);
        }
    }
}

/// A shell that stops its group, of which the command will be, as soon as we are gone,
/// by an interrupt or in whatever way: then its input ends. No key reaches the group.
/// It is there before the command: however soon we end, it is the guard's to stop.
fn guard() -> Option<Child> {
    let mut shell = Command::new("sh");
    shell
        .args(["-c", "read -r _; kill -s KILL -- \"-$$\""])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut shell, 0);
    cfg!(unix).then(|| shell.spawn().ok()).flatten()
}

/// Without a guard, the command has a group of its own.
#[cfg(unix)]
fn join_group_of(guard: Option<&Child>, command: &mut Command) {
    let group = guard.and_then(|guard| i32::try_from(guard.id()).ok());
    std::os::unix::process::CommandExt::process_group(command, group.unwrap_or(0));
}

/// No slide shows a thousandth of it.
const MOST_PRINTED: u64 = 1 << 20;

/// How long its output may stay open when a command has ended.
const PATIENCE: Duration = Duration::from_secs(2);

/// It has closed its output, so it ends now, or never.
fn wait_until(child: &mut Child, until: Instant) -> End {
    loop {
        match child.try_wait() {
            Ok(Some(status)) => {
                #[cfg(unix)]
                let signal = std::os::unix::process::ExitStatusExt::signal(&status);
                #[cfg(not(unix))]
                let signal = None;
                return End::Exit(status.code().or(signal.map(|it| 128 + it)).unwrap_or(-1));
            }
            Ok(None) if Instant::now() < until => {
                thread::sleep(Duration::from_millis(5));
            }
            _ => return End::Late,
        }
    }
}

/// Stop a command and all that it started and that did not leave its group.
fn stop(child: &mut Child, guard: Option<&Child>) {
    #[cfg(unix)]
    let _ = rustix::process::kill_process_group(
        rustix::process::Pid::from_child(guard.unwrap_or(child)),
        rustix::process::Signal::KILL,
    );
    #[cfg(not(unix))]
    let _ = guard;
    let _ = child.kill().and_then(|()| child.wait());
}
