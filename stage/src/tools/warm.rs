//! The client of the warm test process (`warm/server.py`): Linux has what it needs.
//!
//! A run is handed over with its variables, its folder and its open files. What
//! fails before the run is taken costs nothing: the caller starts Python itself.

mod sameness;

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File};
use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use fs4::FileExt;
use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags, sendmsg};
use rustix::process::{Pid, Signal, kill_process_group};

use self::sameness::sameness;
use super::{python, variables};
use crate::repo::Repo;

/// What puts the server's modules together.
const LOADER: &str = include_str!("warm/start.py");

/// Its modules, each before those that import it.
const MODULES: [(&str, &str); 5] = [
    ("forks", include_str!("warm/forks.py")),
    ("disguise", include_str!("warm/disguise.py")),
    ("found", include_str!("warm/found.py")),
    ("ready", include_str!("warm/ready.py")),
    ("server", include_str!("warm/server.py")),
];

/// How long a server may take to start, on the slowest machine.
const START: Duration = Duration::from_secs(30);

/// How long one that runs may take to answer.
const ANSWER: Duration = Duration::from_secs(10);

/// How long a server that could not start is not tried again.
const FORGIVEN: Duration = Duration::from_secs(60);

/// Words with which pytest reads what somebody types.
const TALKS: [&str; 4] = ["--pdb", "--trace", "-s", "--capture=no"];

/// A test run that the server has taken.
pub struct Warm {
    stream: UnixStream,
    pid: Option<Pid>,
    said: Vec<u8>,
}

/// What is known of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Running,
    /// Its exit status; minus the signal's number if one ended it.
    Ended(i32),
    /// The server is gone; what it had started was stopped.
    Lost,
}

impl Warm {
    /// Hand over `command`, which is `python -m pytest …`; `None` if it must be
    /// started the plain way.
    pub fn begin(repo: &Repo, command: &Command, out: BorrowedFd, err: BorrowedFd) -> Option<Self> {
        // Behind `-m pytest`, which is what the server is.
        let words: Vec<&[u8]> = command.get_args().skip(2).map(OsStrExt::as_bytes).collect();
        let talks = |word: &&[u8]| TALKS.iter().any(|talk| word.starts_with(talk.as_bytes()));
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        if set("STAGE_COLD").is_some() || set("PYTEST_ADDOPTS").is_some() || words.iter().any(talks)
        {
            return None;
        }
        let folder = repo.own().join("warm");
        // Nobody else can come in, so nobody else can have tests run in our name.
        fs::create_dir_all(repo.own()).ok()?;
        let made = DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder);
        made.ok()?;
        if fs::metadata(&folder).ok()?.permissions().mode() & 0o077 != 0 {
            return None;
        }
        let modules = modules(command.get_current_dir()?);
        let variables = variables(command);
        let identity = sameness(repo, &text(), &modules, &variables)?;
        let null = File::open("/dev/null").ok()?;
        let place = File::open(command.get_current_dir()?).ok()?;
        let files = [place.as_fd(), null.as_fd(), out, err];
        let request = request(&identity, &words, &variables);
        let failed = folder.join("failed");
        for _ in 0..2 {
            let stream = connect(&folder).or_else(|| {
                if has_failed(&failed, &identity) {
                    return None;
                }
                // One at a time, or each would start a server.
                let turn = File::create(folder.join("starting")).ok()?;
                FileExt::lock(&turn).ok()?;
                connect(&folder).or_else(|| {
                    let started = start(repo, &folder, &identity, &modules, &variables);
                    let stream = started.and_then(|()| connect(&folder));
                    if stream.is_none() {
                        let _ = fs::write(&failed, &identity);
                    }
                    stream
                })
            })?;
            match hand_over(stream, &request, &files) {
                Ok(Some(warm)) => return Some(warm),
                // It was another one's, and has made room.
                Ok(None) => {}
                // It was about to end.
                Err(error) if is_gone(&error) => {}
                Err(_) => return None,
            }
        }
        None
    }

    /// Wait for its end, for so long at most.
    pub fn wait(&mut self, limit: Option<Duration>) -> State {
        let _ = self.stream.set_read_timeout(limit);
        match read_line(&mut self.stream, &mut self.said) {
            Ok(line) => match line.strip_prefix("exit ").map(str::parse) {
                Some(Ok(status)) => State::Ended(status),
                _ => self.lose(),
            },
            Err(error) if is_late(&error) => State::Running,
            Err(_) => self.lose(),
        }
    }

    /// The server is gone: its run has nobody left to answer to.
    fn lose(&mut self) -> State {
        if let Some(pid) = self.pid.take() {
            let _ = kill_process_group(pid, Signal::KILL);
        }
        State::Lost
    }
}

/// Whether a server for the same circumstances could not be started a moment
/// ago: where there can be no socket, each run would try in vain.
fn has_failed(failed: &Path, identity: &str) -> bool {
    let is_recent = |found: fs::Metadata| {
        let made = found.modified().ok();
        made.and_then(|made| made.elapsed().ok())
            .is_some_and(|age| age < FORGIVEN)
    };
    fs::metadata(failed).is_ok_and(is_recent)
        && fs::read(failed).is_ok_and(|which| which == identity.as_bytes())
}

fn is_gone(error: &io::Error) -> bool {
    use ErrorKind::{BrokenPipe, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionReset | UnexpectedEof)
}

fn is_late(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// What the project's tests import anyway, and is slow to import.
fn modules(folder: &Path) -> Vec<&'static str> {
    let lock = fs::read_to_string(folder.join("Cargo.lock")).unwrap_or_default();
    match lock.contains("name = \"numpy\"") {
        true => vec!["pytest", "numpy"],
        false => vec!["pytest"],
    }
}

fn request(identity: &str, words: &[&[u8]], variables: &[(OsString, OsString)]) -> Vec<u8> {
    let mut fields = vec![identity.into(), words.len().to_string().into()];
    fields.extend(words.iter().map(|word| word.to_vec()));
    fields.extend(
        variables
            .iter()
            .map(|(name, value)| [name.as_bytes(), b"=", value.as_bytes()].concat()),
    );
    let body = fields.join(&b'\0');
    [&(body.len() as u32).to_le_bytes(), body.as_slice()].concat()
}

/// An address holds 107 bytes, a path may be longer: the folder is named by its number.
fn connect(folder: &Path) -> Option<UnixStream> {
    let folder = File::open(folder).ok()?;
    UnixStream::connect(format!("/proc/self/fd/{}/socket", folder.as_raw_fd())).ok()
}

/// `None` if the server is for other circumstances, and has made room; `InvalidData` if
/// it says that Python must be started.
fn hand_over(
    mut stream: UnixStream,
    request: &[u8],
    files: &[BorrowedFd; 4],
) -> io::Result<Option<Warm>> {
    stream.set_read_timeout(Some(ANSWER))?;
    stream.set_write_timeout(Some(ANSWER))?;
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(4))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    control.push(SendAncillaryMessage::ScmRights(files));
    let sent = sendmsg(
        &stream,
        &[IoSlice::new(request)],
        &mut control,
        SendFlags::NOSIGNAL,
    )?;
    stream.write_all(&request[sent..])?;
    let mut said = Vec::new();
    let line = read_line(&mut stream, &mut said)?;
    if line == "other" {
        return Ok(None);
    }
    let pid = line.strip_prefix("taken ").and_then(|pid| pid.parse().ok());
    let pid = pid.and_then(Pid::from_raw);
    match pid {
        Some(_) => Ok(Some(Warm { stream, pid, said })),
        None => Err(ErrorKind::InvalidData.into()),
    }
}

/// The next line; what came behind it stays in `said`.
fn read_line(stream: &mut UnixStream, said: &mut Vec<u8>) -> io::Result<String> {
    loop {
        if let Some(end) = said.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = said.drain(..=end).collect();
            return Ok(String::from_utf8_lossy(&line[..end]).into_owned());
        }
        let mut piece = [0; 64];
        match stream.read(&mut piece)? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            count => said.extend(&piece[..count]),
        }
    }
}

/// What the loader reads: names and texts.
fn text() -> String {
    MODULES
        .map(|(name, text)| [name, text].join("\0"))
        .join("\0")
}

/// Start a server and wait until it listens. It goes on when we have ended.
fn start(
    repo: &Repo,
    folder: &Path,
    identity: &str,
    modules: &[&str],
    variables: &[(OsString, OsString)],
) -> Option<()> {
    let mut python = python(repo);
    python
        .env_clear()
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .args(["-c", LOADER, identity])
        .args(modules)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child: Child = python.spawn().ok()?;
    // One that cannot read has ended, and says so below.
    let _ = child.stdin.take()?.write_all(text().as_bytes());
    let mut stdout = child.stdout.take()?;
    let (done, reader) = mpsc::channel();
    thread::spawn(move || {
        let mut said = String::new();
        let _ = stdout.read_to_string(&mut said);
        // Nobody listens any more when the time is over.
        let _ = done.send(said);
    });
    let said = reader.recv_timeout(START).ok();
    // The process that we started has forked the server and ended.
    let _ = child.wait();
    said.filter(|said| said == "ready").map(drop)
}
