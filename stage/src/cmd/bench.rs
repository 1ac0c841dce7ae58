//! `stage bench`: measure what slides state, keep the run, draw it.

use std::fs;
use std::path::Path;

use clap::Subcommand;

use super::Context;
use crate::bench::{self, Run};
use crate::error::{Error, Result};
use crate::tools;

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// What a crossing costs: one sum, and every way for its rows to reach Rust
    Ladder {
        /// Measure nothing: draw the run that was recorded
        #[arg(long)]
        draw: bool,
    },
}

const LADDER: &str = "ladder";

pub fn run(context: &Context, args: &Args) -> Result<()> {
    let Command::Ladder { draw } = args.command;
    let root = &context.repo.root;
    let path = bench::path(LADDER);
    let text = if draw {
        crate::course::read_text(&root.join(&path), &path)?
    } else {
        tools::measured(&context.repo, LADDER)?
    };
    let run = Run::parse(&path, &text)?;
    let aims = bench::aims(&run).map_err(|reason| Error::BadText {
        path: path.clone(),
        line: 1,
        reason,
        mend: "`tests/bench/ladder.py` measures it".into(),
    })?;
    if !draw {
        write(root, &path, &text)?;
    }
    write(root, &bench::image(LADDER), &bench::picture(&run))?;

    println!("{}", bench::lines(&run, &[]).unwrap_or_default());
    println!("{}\n", run.programs());
    for aim in &aims {
        let said = if aim.is_met() { "met" } else { "missed" };
        println!(
            "{said:<7} {}: at least {}, is {:.2}",
            aim.what, aim.least, aim.reached
        );
    }
    match aims.iter().filter(|aim| !aim.is_met()).count() {
        0 => Ok(()),
        failures => Err(Error::NotSo { failures }),
    }
}

fn write(root: &Path, name: &str, text: &str) -> Result<()> {
    let path = root.join(name);
    if fs::read_to_string(&path).is_ok_and(|old| old == text) {
        println!("{name} was so already");
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    }
    fs::write(&path, text).map_err(Error::io("write", &path))?;
    println!("wrote {name}");
    Ok(())
}
