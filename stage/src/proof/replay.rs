//! Running what a slide shows: a session with Python, a command.
//!
//! Each starts from the state as it was laid out, so none can lean on what
//! another left; with a time limit, and in a process group.

use std::fs;
use std::process::Command;

use super::scratch::{Printed, found};
use super::{Finding, Scratch};
use crate::deck::{Fence, Page};
use crate::error::{Error, Result};
use crate::files::Files;
use crate::tools::{self, End};

impl Scratch<'_> {
    /// A session holds whatever the order of a set: it is run with two seeds.
    pub(super) fn session(
        &self,
        page: &Page,
        fence: &Fence,
        body: &str,
        files: &Files,
    ) -> Result<Option<Finding>> {
        let file = self.live.with_file_name("session.txt");
        fs::write(&file, body).map_err(Error::io("write", &file))?;
        for seed in SEEDS {
            self.lay_out(files)?;
            let mut python = tools::python(self.repo);
            python.args(["-c", RUNNER]).arg(&file);
            let (end, printed) = self.run(&mut python, fence, seed, "python -m doctest")?;
            let what = match end {
                End::Exit(0) if printed.ends_with(HELD) => continue,
                End::Exit(0) => "Python ended before the session did".into(),
                End::Exit(_) => "Python says otherwise".into(),
                End::Late | End::Endless | End::Left => unfinished("the session", end, fence),
            };
            return Ok(Some(found(page, fence, what, printed)));
        }
        Ok(None)
    }

    /// What a command prints, twice the same: with two seeds, each time in the
    /// state as it was laid out.
    pub(super) fn output(
        &self,
        page: &Page,
        fence: &Fence,
        (command, exit): (&str, i32),
        files: &Files,
    ) -> Result<Result<Printed, Finding>> {
        let normal = self.normal();
        let mut before: Option<String> = None;
        for seed in SEEDS {
            self.lay_out(files)?;
            let mut shell = tools::in_venv(self.repo, Command::new("sh"));
            shell.args(["-c", &format!("exec 2>&1\n{command}")]);
            let (end, printed) = self.run(&mut shell, fence, seed, "sh")?;
            if let Some(what) = ended_otherwise(command, exit, end, fence) {
                return Ok(Err(found(page, fence, what, last(&printed))));
            }
            let (now, shown) = (normal.compared(&printed), normal.shown(&printed));
            match before.replace(shown) {
                Some(before) if normal.compared(&before) != now => {
                    let before = normal.compared(&before);
                    let mut options = diffy::DiffOptions::new();
                    options
                        .set_original_filename("printed once")
                        .set_modified_filename("printed again");
                    let difference = options.create_patch(&before, &now);
                    let what = format!("`{command}` prints something else each time");
                    return Ok(Err(found(page, fence, what, difference.to_string())));
                }
                Some(text) => return Ok(Ok(Printed { text, with: None })),
                None => {}
            }
        }
        Ok(Ok(Printed::default()))
    }

    /// Run something of a slide in the laid out state. It sees no repository,
    /// and a `stage` in it moves nothing.
    pub(super) fn run(
        &self,
        command: &mut Command,
        fence: &Fence,
        seed: &str,
        name: &str,
    ) -> Result<(End, String)> {
        let above = self.live.parent().unwrap_or(&self.live);
        command
            .current_dir(&self.live)
            .env("PYTHONPATH", "python")
            .env("PYTHONHASHSEED", seed)
            .env("GIT_CEILING_DIRECTORIES", above)
            .env("STAGE_MOVES_NOTHING", "1")
            .env_remove("PYTHONDONTWRITEBYTECODE")
            .env_remove("GIT_DIR")
            .env_remove("GIT_WORK_TREE");
        tools::run_within(command, fence.limit, name)
    }
}

/// Two orders of a set's elements.
const SEEDS: [&str; 2] = ["1", "2"];

/// Runs a session; what it prints at last cannot be left out by one that ends
/// Python. `True` does not pass for `1`. Notes are part of what an exception
/// says: older releases of Python 3.11 compare the last line alone.
const RUNNER: &str = "import doctest, os, sys, traceback, types
os.dup2(1, 2)
def whole(kind, error):
    lines = traceback.format_exception_only(kind, error)
    return lines if issubclass(kind, SyntaxError) else [''.join(lines)]
doctest.traceback = types.SimpleNamespace(**vars(traceback))
doctest.traceback.format_exception_only = whole
flags = doctest.ELLIPSIS | doctest.DONT_ACCEPT_TRUE_FOR_1
failed, tried = doctest.testfile(sys.argv[1], module_relative=False, optionflags=flags, encoding='utf-8')
sys.stdout.flush()
if failed or not tried:
    sys.exit(1)
os.write(1, b'every example held\\n')
";
const HELD: &str = "every example held\n";

/// How a command ended, if not as the slide says.
fn ended_otherwise(command: &str, exit: i32, end: End, fence: &Fence) -> Option<String> {
    match end {
        End::Exit(code) if code == exit => None,
        End::Exit(code) if code > 128 => {
            let signal = code - 128;
            Some(format!(
                "`{command}` was ended by signal {signal} (exit status {code}), not by exit status {exit}"
            ))
        }
        End::Exit(code) => Some(format!(
            "`{command}` ends with exit status {code}, not {exit}"
        )),
        End::Late | End::Endless | End::Left => {
            Some(unfinished(&format!("`{command}`"), end, fence))
        }
    }
}

fn unfinished(what: &str, end: End, fence: &Fence) -> String {
    match end {
        End::Left => {
            format!("{what} leaves something running that holds its output; it was stopped")
        }
        End::Endless => format!("{what} prints more than any slide can hold, and was stopped"),
        _ => {
            let seconds = fence.limit.as_secs();
            format!(
                "{what} did not end within {seconds} s, and was stopped; `limit=` gives it longer"
            )
        }
    }
}

fn last(printed: &str) -> String {
    let lines: Vec<&str> = printed.lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}
