//! `stage undo`: `live/` as it was before the last move.

use super::{Context, output};
use crate::error::{Error, Result};
use crate::moves::Purpose;
use crate::{lock, moves, place, save};

#[derive(clap::Args)]
pub struct Args {
    /// Bring back this save instead, by its number in `stage saves`
    #[arg(value_parser = output::number)]
    save: Option<usize>,
}

pub fn run(context: &Context, args: &Args) -> Result<()> {
    let git = context.git()?;
    let _lock = lock::of_moves(&git)?;
    let saves = save::list(&git)?;
    let cut_off = moves::journal(&git);
    let last;
    let chosen = match (args.save, cut_off) {
        (Some(number), _) => {
            let unknown = || Error::NoSave {
                name: number.to_string(),
            };
            number
                .checked_sub(1)
                .and_then(|at| saves.get(at))
                .ok_or_else(unknown)?
        }
        (None, Some(journal)) => {
            let unknown = || Error::NoSave {
                name: journal.save.clone(),
            };
            saves
                .iter()
                .find(|save| save.name == journal.save)
                .ok_or_else(unknown)?
        }
        (None, None) => {
            last = moves::to_undo(&git)?.ok_or(Error::NothingToUndo)?;
            &last
        }
    };
    let at = place::on_stage(&git)?.map(|at| at.to_string());
    let name = chosen.at.clone().unwrap_or_else(|| "unknown".into());
    // Bringing a numbered save back is a move of its own, to be undone as one.
    let purpose = match args.save {
        Some(_) => Purpose::Restore,
        None => Purpose::Undo(chosen),
    };
    let unsaved = context.unsaved();
    let moved = moves::to_tree(
        &git,
        &context.repo,
        &chosen.name,
        &name,
        at.as_deref(),
        purpose,
    )?;
    println!("`live/` is as it was {} ({name} on stage)", chosen.why);
    let number = saves.len() + 1;
    if moved.written > 0 || !moved.put_away.is_empty() {
        println!("what the undo replaced is saved too: `stage undo {number}` brings that back");
    }
    output::warn_of(&unsaved, &format!("stage undo {number}"), "`stage undo`");
    Ok(())
}
