//! Running a command for so long at most, with all that it starts: what a slide
//! shows, and the browser that prints.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
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
}

/// Run a command of a slide, for so long at most; its stdout is captured.
///
/// It gets a process group of its own, so that all of it can be stopped.
///
/// # Errors
/// `ToolMissing` if it cannot be started.
pub fn run_within(command: &mut Command, limit: Duration, name: &str) -> Result<(End, String)> {
    command.stderr(Stdio::null());
    // The same words on every machine and terminal.
    command
        .env("NO_COLOR", "1")
        .env("TERM", "dumb")
        .env("COLUMNS", "80");
    watch(command, limit, name)
}

/// Run any command so; its stdout is captured, its stderr goes where it says.
///
/// # Errors
/// `ToolMissing` if it cannot be started.
pub fn watch(command: &mut Command, limit: Duration, name: &str) -> Result<(End, String)> {
    command.stdin(Stdio::null()).stdout(Stdio::piped());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    let missing = |_| Error::ToolMissing {
        tool: name.into(),
        mend: "`./setup.sh` installs what is missing; `stage doctor` says what".into(),
    };
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
    let until = Instant::now() + limit;
    let mut printed = reader.recv_timeout(limit);
    let end = match &printed {
        Err(_) => End::Late,
        Ok(printed) if printed.len() as u64 == MOST_PRINTED => End::Endless,
        Ok(_) => wait_until(&mut child, until),
    };
    if !matches!(end, End::Exit(_)) {
        stop(&mut child);
        // What it said until then; nothing if somebody who left the group goes on.
        printed = printed.or_else(|_| reader.recv_timeout(PATIENCE));
    }
    let printed = String::from_utf8_lossy(&printed.unwrap_or_default()).into_owned();
    Ok((end, printed))
}

/// No slide shows a thousandth of it.
const MOST_PRINTED: u64 = 1 << 20;

/// How long a command that was killed may take to close its output.
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
fn stop(child: &mut Child) {
    #[cfg(unix)]
    let _ = rustix::process::kill_process_group(
        rustix::process::Pid::from_child(child),
        rustix::process::Signal::KILL,
    );
    let _ = child.kill().and_then(|()| child.wait());
}
