//! `stage saves`: what was saved before each move.

use std::time::{SystemTime, UNIX_EPOCH};

use super::Context;
use crate::error::Result;
use crate::save;

#[derive(clap::Args)]
pub struct Args {}

pub fn run(context: &Context, _: &Args) -> Result<()> {
    let saves = save::list(&context.git()?)?;
    if saves.is_empty() {
        println!("nothing is saved yet: `stage go` saves `live/` before it changes it");
        return Ok(());
    }
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    for (at, save) in saves.iter().enumerate() {
        let on_stage = save.at.as_deref().unwrap_or("unknown");
        println!(
            "{:>4}  {:<18} {:<28} {}",
            at + 1,
            on_stage,
            save.why,
            ago(now.saturating_sub(save.date))
        );
    }
    println!("`stage undo N` brings save N back");
    Ok(())
}

fn ago(seconds: u64) -> String {
    match seconds {
        0..60 => "less than a minute ago".into(),
        60..3_600 => format!("{} min ago", seconds / 60),
        3_600..86_400 => format!("{} h ago", seconds / 3_600),
        _ => format!("{} days ago", seconds / 86_400),
    }
}
