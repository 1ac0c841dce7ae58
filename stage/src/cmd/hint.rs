//! `stage hint`: the hints of the exercise that `live/` is at, one at a time.

use std::fs;
use std::path::PathBuf;

use super::{Context, next, output};
use crate::checkpoint::Checkpoint;
use crate::error::{Error, Result};
use crate::git::Git;
use crate::outline::Outline;
use crate::{course, hint, moves, tools};

#[derive(clap::Args)]
pub struct Args {
    /// Show this one: `2`
    #[arg(conflicts_with = "again")]
    #[arg(value_parser = output::number)]
    number: Option<usize>,
    /// Start over with the first
    #[arg(long)]
    again: bool,
}

/// No wider, however wide the terminal: longer lines are hard to read.
const WIDEST: usize = 80;

/// No narrower, or there would be a word to a line.
const NARROWEST: usize = 20;

pub fn run(context: &Context, args: &Args) -> Result<()> {
    let at = next::here(context)?;
    let outlines = course::outlines(&context.repo, &context.order())?;
    let Some((outline, slide)) = hint::exercise(&outlines, &at) else {
        return none(&outlines, &at);
    };
    let name = format!("slides/{}.md", outline.stem);
    let text = course::read_text(&context.repo.root.join(&name), &name)?;
    let text = text.get(slide.text.clone()).unwrap_or_default();
    let (hints, title) = (hint::of(text), hint::heading(text));
    if hints.is_empty() {
        println!("{title} ({}) has no hints", slide.at);
        return Ok(());
    }
    let git = context.git()?;
    let seen = if args.again { 0 } else { seen(&git, &slide.id) };
    let number = match args.number {
        Some(number) if number == 0 || number > hints.len() => {
            let plural = if hints.len() == 1 { "" } else { "s" };
            let message = format!(
                "the exercise has {} hint{plural}, so no hint {number}",
                hints.len()
            );
            let mend = "`stage hint --again` starts with the first".into();
            return Err(Error::Usage { message, mend });
        }
        Some(number) => number,
        None => (seen + 1).min(hints.len()),
    };
    println!("{title} ({}), hint {number} of {}\n", slide.at, hints.len());
    let width = tools::columns().map_or(WIDEST, |columns| columns.clamp(NARROWEST, WIDEST));
    for line in hint::lines(&hints[number - 1].text, width) {
        println!("{line}");
    }
    println!();
    if number < hints.len() {
        println!("one more: `stage hint`");
    } else if args.number.is_none() && seen >= hints.len() {
        println!(
            "there is no other; the solution: `stage go {}-done`",
            outline.stem
        );
        println!("your own work is saved first; `stage undo` brings it back");
    } else {
        println!("that was the last; is it green? `stage test`");
    }
    remember(&git, &slide.id, number);
    Ok(())
}

fn none(outlines: &[Outline], at: &Checkpoint) -> Result<()> {
    println!("no exercise at {at}");
    match hint::after(outlines, at) {
        Some(slide) => println!("the next one: `stage go {}`", slide.at),
        None => println!("none comes after it"),
    }
    Ok(())
}

fn place(git: &Git) -> PathBuf {
    moves::memory(git).join("hint")
}

/// The number of the last hint that was shown for this exercise; 0 if none was,
/// or if what was remembered cannot be read.
fn seen(git: &Git, id: &str) -> usize {
    let text = fs::read_to_string(place(git)).unwrap_or_default();
    let number = text
        .trim_end()
        .split_once(' ')
        .filter(|(exercise, _)| *exercise == id);
    number
        .and_then(|(_, number)| number.parse().ok())
        .unwrap_or(0)
}

/// A hint that cannot be remembered is shown all the same.
fn remember(git: &Git, id: &str, number: usize) {
    let (path, new) = (place(git), place(git).with_extension("new"));
    let _ = fs::create_dir_all(moves::memory(git));
    // Renamed into place: what stands there, a link perhaps, is not written through.
    let _ = fs::write(&new, format!("{id} {number}\n")).and_then(|()| fs::rename(&new, &path));
}
