//! `stage update`: new material, without moving what somebody is at work in.

use std::io::{IsTerminal, Write, stderr};

use super::{Context, output, prepare};
use crate::error::Result;
use crate::lock;
use crate::tools;
use crate::update::{self, Live, Updated};

#[derive(clap::Args)]
pub struct Args {}

pub fn run(context: &Context, _: &Args) -> Result<()> {
    let git = context.git()?;
    let source = update::begin(&git)?;
    let fetching = lock::of_fetch(&git)?;
    let tracking = source.tracking();
    let before = git.ids(&[tracking])?.pop().flatten();
    println!("fetching `{}` from {}", source.theirs, source.address);
    let is_terminal = stderr().is_terminal();
    git.fetch(&source, &mut |words| {
        if is_terminal {
            // Nobody may be listening any more; git goes on.
            let _ = stderr().write_all(words);
        }
    })?;
    drop(fetching);
    let lock = lock::of_moves(&git)?;
    // Somebody may have moved while we fetched.
    update::begin(&git)?;
    let unsaved = context.unsaved();
    let updated = update::forward(&git, &context.repo, &source, before.as_deref())?;
    report(&updated, &source.ours);
    if updated.live == Live::Moved {
        let again = updated.at.as_deref().unwrap_or("1");
        output::warn_of(&unsaved, "stage undo", &format!("`stage go {again}`"));
    }
    drop(lock);
    prepare_what_is_new(context, &updated)
}

fn report(updated: &Updated, branch: &str) {
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    match updated.commits {
        0 => println!("nothing new"),
        count => println!(
            "`{branch}` went forward by {count} commit{}{}",
            plural(count),
            match updated.sections() {
                none if none.is_empty() => String::new(),
                some => format!(": {}", output::some_of(&some)),
            }
        ),
    }
    let tags = &updated.tags;
    match tags.made + tags.moved.len() + tags.removed {
        0 => println!("{} tags, all as the folders say", tags.all),
        _ => println!(
            "{} tags: {} made, {} changed, {} removed",
            tags.all,
            tags.made,
            tags.moved.len(),
            tags.removed
        ),
    }
    let at = updated.at.as_deref();
    match (&updated.live, at) {
        (Live::Moved, _) => {
            println!("`live/` went along; what was in it is saved: `stage undo` brings it back");
        }
        (_, Some(at)) if updated.commits > 0 => {
            println!("`live/` stays as it is: {at}, with what is yours");
            if updated.at_is_new {
                println!("to have the new {at}: `stage go {at}`; your own work is saved first");
            }
        }
        (_, None) if updated.commits > 0 => println!("`live/` stays as it is"),
        _ => {}
    }
}

fn prepare_what_is_new(context: &Context, updated: &Updated) -> Result<()> {
    if updated.needs_setup() {
        println!("the tool or what it installs is new: `./setup.sh` now, while there is a network");
        return Ok(());
    }
    let has_python = tools::python_path(&context.repo).exists();
    if updated.commits == 0 || !has_python {
        return Ok(());
    }
    prepare::libraries(context)
}
