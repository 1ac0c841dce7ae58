//! `stage test`: build and test what is in `live/`.

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::Path;

use super::Context;
use crate::checkpoint::Point;
use crate::error::{Error, Result};
use crate::place;
use crate::repo::Repo;
use crate::tools::{self, Built, For};

#[derive(clap::Args)]
pub struct Args {
    /// Fail only if what is in `live/` should be green: set-up runs this
    #[arg(long, hide = true)]
    set_up: bool,
    /// Passed on to pytest, such as `-k total` or `tests/test_order.py`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pytest: Vec<String>,
}

pub fn run(context: &Context, args: &Args) -> Result<()> {
    match test(context, args) {
        Err(Error::Red { .. }) if args.set_up && !should_be_green(context)? => {
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
    let before = fingerprint(&live);
    let built = tools::build(repo, &live, &live.join("target"), For::Room)?;
    if matches!(built, Built::Kept) {
        println!("built before: nothing to compile");
    }
    if built.refusal().is_some() {
        record(repo, before, false);
        return Err(Error::Red {
            place: "`cargo build` in `live/`".into(),
        });
    }
    let ran = if args.set_up {
        // Nothing that goes on by itself is left behind by set-up.
        tools::pytest(repo, &live, &["-x".to_string(), "--tb=no".into()])?
    } else {
        tools::pytest_warm(repo, &live, &args.pytest)?
    };
    if args.pytest.is_empty() || !ran.ok {
        record(repo, before, ran.ok);
    }
    if ran.ok {
        Ok(())
    } else {
        Err(Error::Red {
            place: "`pytest` in `live/`".into(),
        })
    }
}

/// What the last test of `live/` as it is now said; `None` if it has changed.
pub fn last_result(repo: &Repo) -> Option<bool> {
    let text = fs::read_to_string(repo.own().join("last-test")).ok()?;
    let (print, result) = text.trim_end().split_once(' ')?;
    (print == fingerprint(&repo.live()).to_string()).then_some(result == "green")
}

fn record(repo: &Repo, fingerprint: u64, green: bool) {
    let word = if green { "green" } else { "red" };
    let path = repo.own().join("last-test");
    // Only `stage list` reads it; without it, it says "not tested".
    let _ = fs::create_dir_all(repo.own())
        .and_then(|()| fs::write(path, format!("{fingerprint} {word}\n")));
}

/// Changes with every edit of a source file: path, length and time of each.
fn fingerprint(live: &Path) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut folders = vec![live.to_path_buf()];
    let mut all = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let made = ["target", "__pycache__", ".pytest_cache"].contains(&name.as_str());
            let Ok(found) = entry.metadata() else {
                continue;
            };
            if found.is_dir() && !made {
                folders.push(entry.path());
            } else if found.is_file()
                && !name.ends_with(std::env::consts::DLL_SUFFIX)
                && !name.ends_with(".pyd")
            {
                all.push((entry.path(), found.len(), found.modified().ok()));
            }
        }
    }
    all.sort();
    all.hash(&mut hasher);
    hasher.finish()
}
