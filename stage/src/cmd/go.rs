//! `stage go 3d`: put a checkpoint into `live/`, the work that was there saved.

use super::{Context, next, output};
use crate::checkpoint::{Checkpoint, Point};
use crate::error::{Error, Result};
use crate::files::Files;
use crate::git::Git;
use crate::lock;
use crate::moves::{self, Moved, Purpose};
use crate::{place, tags};

#[derive(clap::Args)]
pub struct Args {
    /// `3` (its start), `3.2` (a step), `3d` (done), `classes`, or a tag; `start` or
    /// `done` of the section on stage
    pub(super) target: String,
}

pub fn run(context: &Context, args: &Args) -> Result<()> {
    to(context, &named(context, &args.target)?)
}

/// The checkpoint that a word names; `start` and `done` are those of the section on
/// stage.
pub fn named(context: &Context, word: &str) -> Result<Checkpoint> {
    let point = match word {
        "start" => Point::Start,
        "done" => Point::Done,
        _ => return context.order().resolve(word),
    };
    let stem = next::here(context)?.stem;
    Ok(Checkpoint { stem, point })
}

/// Go to `checkpoint` and say what was done. `next` and `back` end here too.
pub fn to(context: &Context, checkpoint: &Checkpoint) -> Result<()> {
    let git = context.git()?;
    let _lock = lock::of_moves(&git)?;
    let tag = checkpoint.to_string();
    let commit = format!("refs/tags/{tag}");
    let mut there = git.refs(&commit)?.into_iter();
    let Some(there) = there.find(|one| one.name == commit) else {
        return Err(Error::NoTag { tag });
    };
    tags::check_ours(&tag, &there)?;
    let at = place::on_stage(&git)?.map(|at| at.to_string());
    let unsaved = context.unsaved();
    let moved = moves::to_tree(
        &git,
        &context.repo,
        &commit,
        &tag,
        at.as_deref(),
        Purpose::Checkpoint,
    )?;
    let what = there
        .subject
        .split_once(": ")
        .map_or("", |(_, title)| title);
    println!("on stage: {tag} ({what})");
    let left = at.map_or(Ok(Files::default()), |at| left_behind(&git, &at))?;
    report(&moved, &left);
    output::warn_of(&unsaved, "stage undo", &format!("`stage go {tag}`"));
    Ok(())
}

/// What the checkpoint that was on stage has in `live/`: the rest was
/// somebody's own.
fn left_behind(git: &Git, at: &str) -> Result<Files> {
    let commit = format!("refs/tags/{at}");
    if git.refs(&commit)?.is_empty() {
        return Ok(Files::default());
    }
    Ok(git.committed_files(&commit, &["live"])?.below("live"))
}

/// Say what changed and how to get back what was there.
fn report(moved: &Moved, left: &Files) {
    if moved.written == 0 && moved.put_away.is_empty() {
        println!("`live/` was so already");
        return;
    }
    let own: Vec<String> = moved
        .put_away
        .iter()
        .filter(|path| !left.contains_key(*path))
        .map(|path| output::on_one_line(path))
        .collect();
    if !own.is_empty() {
        println!(
            "your own, put away with the rest: {}",
            output::some_of(&own)
        );
    }
    println!("what was in `live/` is saved; `stage undo` brings it back");
    println!("build and test it: `stage test`");
}
