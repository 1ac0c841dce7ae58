//! `stage diff`: how `live/` differs from a checkpoint or a save.

use std::collections::BTreeSet;
use std::io::{IsTerminal, stdout};
use std::path::{Path, PathBuf};

use super::{Context, output};
use crate::baseline::Baselines;
use crate::checkpoint::{Checkpoint, nearest};
use crate::error::{Error, Result};
use crate::git::Git;
use crate::git::compare::{Passing, Show};
use crate::own::{self, State};
use crate::{moves, place, save, survey};

const HELP: &str = "\
Lines with `+` are yours alone. Redirected, it is a patch that `git apply` takes,
binary files and all.";

#[derive(clap::Args)]
#[command(after_help = HELP)]
pub struct Args {
    /// `start` or `done` of the section on stage, the number of a save, or a
    /// checkpoint such as `3s`, `3.2`, `3d`; without it, the one on stage
    against: Option<String>,
    /// Only these files or folders, from here or from `live/`
    files: Vec<PathBuf>,
    /// Show how many lines of each file differ
    #[arg(long, conflicts_with = "name_only")]
    stat: bool,
    /// Show only which files differ
    #[arg(long)]
    name_only: bool,
}

/// What `live/` is compared with.
struct Against {
    commit: String,
    /// As a person would call it.
    name: String,
}

pub fn run(context: &Context, args: &Args) -> Result<()> {
    let git = context.git()?;
    let here = survey::read(&git, &context.repo, &moves::memory(&git), &BTreeSet::new())?;
    let passing = git.passing(&here.stream)?;
    let mut files: Vec<&Path> = args.files.iter().map(PathBuf::as_path).collect();
    let mine = || here.holding.keys();
    let against = match &args.against {
        None => on_stage(&git, &passing)?,
        Some(word) => match named(context, &git, word) {
            Ok(against) => against,
            // `stage diff src/lib.rs`: no checkpoint, but a file.
            Err(error) => {
                let against = on_stage(&git, &passing);
                let meant = own::below_live(&context.repo, &context.here, Path::new(word));
                let theirs = |commit| paths(&git, commit);
                let is_file = match &against {
                    Ok(against) => {
                        let theirs = theirs(&against.commit)?;
                        let mut all = mine().chain(&theirs);
                        all.any(|path| meant.iter().any(|meant| own::is_in(path, meant)))
                    }
                    Err(_) => false,
                };
                if !is_file {
                    return Err(error);
                }
                files.insert(0, Path::new(word));
                against?
            }
        },
    };
    let theirs = paths(&git, &against.commit)?;
    let all: BTreeSet<&Vec<u8>> = mine().chain(&theirs).collect();
    let mut limits = Vec::new();
    for file in files {
        limits.push(chosen(context, file, &all, &against.name)?);
    }
    let trees = passing.git.ids(&[
        format!("{}:live", against.commit),
        format!("{}:live", passing.commit),
    ])?;
    let empty = git.empty_tree()?;
    let [from, to] = [0, 1].map(|at| trees[at].clone().unwrap_or_else(|| empty.clone()));
    let changes = passing.git.changes(&[(from, to)])?.pop();
    let changes = changes.unwrap_or_default();
    let is_shown =
        |path: &[u8]| limits.is_empty() || limits.iter().any(|limit| own::is_in(path, limit));
    if !changes.iter().any(|change| is_shown(&change.path)) {
        let what = match limits.is_empty() {
            true => "`live/` is",
            false => "these files are",
        };
        println!("{what} as in {}", against.name);
        return Ok(());
    }
    let (locks, by_hand): (Vec<_>, Vec<_>) = changes
        .iter()
        .partition(|change| change.path == b"Cargo.lock");
    let hides_lock = limits.is_empty() && !locks.is_empty() && !by_hand.is_empty();
    let show = match (args.stat, args.name_only) {
        (true, _) => Show::Stat,
        (_, true) => Show::Names,
        _ if stdout().is_terminal() && hides_lock => Show::LinesByHand,
        _ if stdout().is_terminal() => Show::Lines,
        _ => Show::Patch,
    };
    if stdout().is_terminal() {
        let besides = match show {
            Show::LinesByHand => ", besides `Cargo.lock`, which cargo writes",
            _ => "",
        };
        println!("from {} to `live/`{besides}:", against.name);
    }
    let pair = (against.commit.as_str(), passing.commit.as_str());
    passing
        .git
        .print_difference(pair, show, output::colour(), &limits)
}

fn on_stage(git: &Git, passing: &Passing) -> Result<Against> {
    let lost = || Error::Usage {
        message: "cannot tell which checkpoint is on stage".into(),
        mend: "say what to compare with: `stage diff 3d`; `stage saves` lists saves".into(),
    };
    let at = place::on_stage(git)?.ok_or_else(lost)?;
    let name = at.to_string();
    // As it was when it came into `live/`: the tags may have moved.
    let state = State {
        commit: &passing.commit,
        at: Some(&name),
        microsecond: moves::moved_at(git),
    };
    let found = own::of(&passing.git, &Baselines::read(git)?, &[state])?;
    match found.into_iter().flatten().next() {
        Some((commit, _)) => Ok(Against { commit, name }),
        None => Err(Error::NoTag { tag: name }),
    }
}

/// What a word names: `start`, `done`, a save's number, a checkpoint.
fn named(context: &Context, git: &Git, word: &str) -> Result<Against> {
    if word.bytes().all(|byte| byte.is_ascii_digit()) && !word.is_empty() {
        let saves = save::list(git)?;
        let number = word.parse::<usize>().ok();
        let save = number.and_then(|number| saves.get(number.checked_sub(1)?));
        let unknown = || {
            let all = "`stage saves` shows them all";
            let start = format!("{word}s");
            Error::Usage {
                message: format!("no save is called `{word}`"),
                mend: match context.order().resolve(&start) {
                    Ok(section) => format!("{all}; `stage diff {start}` is {section}"),
                    Err(_) => all.into(),
                },
            }
        };
        // By its id: the other repository has no refs of ours.
        let names = [save.ok_or_else(unknown)?.name.clone()];
        let commit = git.ids(&names)?.pop().flatten();
        return Ok(Against {
            commit: commit.unwrap_or_default(),
            name: format!("save {word}"),
        });
    }
    tagged(git, &super::go::named(context, word)?)
}

fn tagged(git: &Git, checkpoint: &Checkpoint) -> Result<Against> {
    let name = checkpoint.to_string();
    let commit = format!("refs/tags/{name}");
    match git.refs(&commit)?.iter().find(|one| one.name == commit) {
        Some(one) => Ok(Against {
            commit: one.id.clone(),
            name,
        }),
        None => Err(Error::NoTag { tag: name }),
    }
}

/// The paths that a commit has below `live/`.
fn paths(git: &Git, commit: &str) -> Result<Vec<Vec<u8>>> {
    let entries = git.tree(commit, &["live/"])?.into_iter();
    Ok(entries
        .map(|entry| entry.path["live/".len()..].to_vec())
        .collect())
}

fn chosen(
    context: &Context,
    file: &Path,
    all: &BTreeSet<&Vec<u8>>,
    against: &str,
) -> Result<Vec<u8>> {
    let meant = own::below_live(&context.repo, &context.here, file);
    let found = meant
        .into_iter()
        .find(|asked| all.iter().any(|path| own::is_in(path, asked)));
    found.ok_or_else(|| {
        let name = file.display().to_string();
        let names = all
            .iter()
            .map(|path| String::from_utf8_lossy(path).into_owned());
        Error::NoFile {
            nearest: nearest(&name, names),
            name,
            place: format!("neither in `live/` nor in {against}"),
            mend: "name it from here, or from `live/`".into(),
        }
    })
}
