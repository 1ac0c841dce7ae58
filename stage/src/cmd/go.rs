//! `stage go 3d`: put a checkpoint into `live/`, the work that was there saved.

use super::Context;
use crate::checkpoint::Checkpoint;
use crate::error::{Error, Result};
use crate::moves::{self, Moved};
use crate::{place, tags};

#[derive(clap::Args)]
pub struct Args {
    /// `3` (its start), `3.2` (a step), `3d` (done), `classes`, or a tag
    target: String,
}

pub fn run(context: &Context, args: &Args) -> Result<()> {
    let checkpoint = context.order().resolve(&args.target)?;
    to(context, &checkpoint)
}

/// Go to `checkpoint` and say what was done. `next` and `back` end here too.
pub fn to(context: &Context, checkpoint: &Checkpoint) -> Result<()> {
    let git = context.git()?;
    let _lock = moves::lock(&git)?;
    let tag = checkpoint.to_string();
    let commit = format!("refs/tags/{tag}");
    let mut there = git.refs(&commit)?.into_iter();
    let Some(there) = there.find(|one| one.name == commit) else {
        return Err(Error::NoTag { tag });
    };
    tags::check_ours(&tag, &there)?;
    let at = place::on_stage(&git)?.map(|at| at.to_string());
    let moved = moves::to_tree(&git, &context.repo, &commit, &tag, at.as_deref(), None)?;
    let what = there
        .subject
        .split_once(": ")
        .map_or("", |(_, title)| title);
    println!("on stage: {tag} ({what})");
    report(&moved);
    Ok(())
}

/// Say what changed and how to get back what was there.
pub fn report(moved: &Moved) {
    if moved.written == 0 && moved.put_away.is_empty() {
        println!("`live/` was so already");
        return;
    }
    if !moved.put_away.is_empty() {
        let shown: Vec<&str> = moved.put_away.iter().take(5).map(String::as_str).collect();
        let more = moved.put_away.len() - shown.len();
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        println!(
            "put away, as this checkpoint does not have them: {}{more}",
            shown.join(", ")
        );
    }
    println!("what was in `live/` is saved; `stage undo` brings it back");
}
