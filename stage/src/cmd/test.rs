//! `stage test`: build and test what is in `live/`.

use std::fs;

use super::Context;
use crate::changes::fingerprint;
use crate::checkpoint::Point;
use crate::error::{Error, Result};
use crate::expected::{Expected, Verdict};
use crate::outline::Outline;
use crate::repo::Repo;
use crate::tools::{self, Built, For};
use crate::{material, place};

#[derive(clap::Args)]
pub struct Args {
    /// Fail only if what is in `live/` should be green: set-up runs this
    #[arg(long, hide = true)]
    set_up: bool,
    /// Passed on to pytest, such as `-k total` or `tests/test_order.py`; what may be
    /// red here is said only if all tests are run
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pytest: Vec<String>,
}

pub fn run(context: &Context, args: &Args) -> Result<()> {
    match test(context, args) {
        Err(
            Error::Red { .. }
            | Error::NotCompiled
            | Error::NoTest { .. }
            | Error::TestsCutOff { .. },
        ) if args.set_up && !should_be_green(context)? => {
            println!("`live/` is red, and may be: somebody is at work in it");
            Ok(())
        }
        result => result,
    }
}

/// Whether a finished checkpoint lies in `live/` as git has it.
fn should_be_green(context: &Context) -> Result<bool> {
    let git = context.git()?;
    let at = place::on_stage(&git)?;
    Ok(at.is_some_and(|at| at.point == Point::Done) && git.is_clean(&["live"])?)
}

fn test(context: &Context, args: &Args) -> Result<()> {
    let repo = &context.repo;
    let live = repo.live();
    if !live.is_dir() {
        let message = "there is nothing to test: `live/` is not there".into();
        let mend = "`stage go 1` puts a checkpoint there; `stage undo` takes a move back".into();
        return Err(Error::Usage { message, mend });
    }
    let mut before = fingerprint(&live, &[]);
    let but_lock = || fingerprint(&live, &["Cargo.lock"]);
    let of_sources = but_lock();
    let built = tools::build(repo, &live, &live.join("target"), For::Room)?;
    if of_sources == but_lock() {
        // cargo may have written its lock file: that is no edit.
        before = fingerprint(&live, &[]);
    }
    match built {
        Built::Kept => println!("built before: nothing to compile"),
        Built::Again => println!("compiled by rustc alone: nothing else had changed"),
        Built::PurePython | Built::Ran(_) => {}
    }
    if built.refusal().is_some() {
        record(repo, before, false);
        return Err(Error::NotCompiled);
    }
    let words = args.pytest.iter().map(|word| from_live(context, word));
    let words: Vec<String> = words.collect();
    let is_whole = words.is_empty() && !args.set_up;
    if is_whole {
        tools::forget_failures(&live);
    }
    let ran = if args.set_up {
        // Nothing that goes on by itself is left behind by set-up.
        tools::pytest(repo, &live, &["-x".to_string(), "--tb=no".into()])?
    } else {
        tools::pytest_warm(repo, &live, &words)?
    };
    match ran.code {
        Some(0) => {
            // Some of the tests say nothing about all of them.
            if words.is_empty() {
                record(repo, before, true);
            }
            return Ok(());
        }
        Some(FAILED | INTERRUPTED) => record(repo, before, false),
        Some(MISUSED | NO_TEST) => return Err(Error::NoTest { words }),
        _ => {
            // Whether a core was kept is the system's affair.
            let status = ran.status.replace(" (core dumped)", "");
            return Err(Error::TestsCutOff { status });
        }
    }
    let mut first = None;
    if is_whole {
        let verdict = verdict(context, &tools::failures(&live)).unwrap_or_default();
        if !verdict.said.is_empty() {
            println!("{}", verdict.said);
        }
        if verdict.is_expected {
            // Red all the same, so still 1: `stage test && …` goes on when it is green.
            return Err(Error::Said { code: 1 });
        }
        first = verdict.first;
    }
    Err(Error::Red {
        place: "`pytest` in `live/`".into(),
        first,
    })
}

// What pytest's exit codes mean, but for 0 (all passed) and 3 (an error of its own):
// its reference, "Exit codes".
const FAILED: i32 = 1;
const INTERRUPTED: i32 = 2;
const MISUSED: i32 = 4;
const NO_TEST: i32 = 5;

/// pytest runs in `live/`: what names a file from `here` names it from there.
fn from_live(context: &Context, word: &str) -> String {
    let live = context.repo.live();
    let (path, test) = match word.find("::") {
        Some(at) => word.split_at(at),
        None => (word, ""),
    };
    let meant = context.here.join(path);
    let below = meant.strip_prefix(&live).ok();
    match below {
        Some(below) if !word.starts_with('-') && !live.join(path).exists() && meant.exists() => {
            format!("{}{test}", below.display())
        }
        _ => word.into(),
    }
}

/// Whether these tests may be red at the checkpoint on stage; `None` if nobody can say.
pub fn verdict(context: &Context, red: &[String]) -> Option<Verdict> {
    let expected = expected(context)?;
    let files: Vec<&String> = red.iter().filter(|test| !test.contains("::")).collect();
    let unread = tools::not_python(&context.repo, &context.repo.live(), &files);
    expected.judge(red, &unread)
}

/// What is promised of the checkpoint on stage; `None` if nobody can say.
pub fn expected(context: &Context) -> Option<Expected> {
    let git = context.git().ok()?;
    let at = place::on_stage(&git).ok()??;
    let (base, _) = git.base().ok()??;
    let slides = format!("slides/{}.md", at.stem);
    let folders = [material::FOLDERS[0], material::FOLDERS[1], &slides];
    let files = git.committed_files(&base, &folders).ok()?;
    let text = files.get(&slides)?.as_str()?;
    let (outline, _) = Outline::read(&slides, text);
    let sections = material::sections(&files).ok()?;
    Expected::at(&sections, &at, &outline.green)
}

/// What the last test of `live/` as it is now said; `None` if it has changed.
pub fn last_result(repo: &Repo) -> Option<bool> {
    let text = fs::read_to_string(repo.own().join("last-test")).ok()?;
    let (print, result) = text.trim_end().split_once(' ')?;
    (print == fingerprint(&repo.live(), &[]).to_string()).then_some(result == "green")
}

fn record(repo: &Repo, fingerprint: u64, green: bool) {
    let word = if green { "green" } else { "red" };
    let path = repo.own().join("last-test");
    // Only `stage list` reads it; without it, it says "not tested".
    let _ = fs::create_dir_all(repo.own())
        .and_then(|()| fs::write(path, format!("{fingerprint} {word}\n")));
}
