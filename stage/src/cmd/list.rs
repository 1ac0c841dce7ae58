//! `stage list`: the sections, and which checkpoint is on stage.

use super::{Context, test};
use crate::checkpoint::Checkpoint;
use crate::error::{Error, Result};
use crate::json::Json;
use crate::{course, moves, place};

#[derive(clap::Args)]
pub struct Args {
    /// Show every checkpoint, not only the sections
    #[arg(long)]
    all: bool,
    /// Print one JSON object: {"sections": [{"section", "title", "minutes",
    /// "checkpoints": ["01-why-start", …]}], "at", "tested", "interrupted"};
    /// "at" is null if no checkpoint is on stage, "tested" is "green", "red" or
    /// null, "interrupted" names a move that was cut off, or is null
    #[arg(long)]
    pub(super) json: bool,
}

pub fn run(context: &Context, args: &Args) -> Result<()> {
    let order = context.order();
    let outlines = course::outlines(&context.repo, &order)?;
    // Without git there are no checkpoints, but the sections can be listed.
    let (git, refused) = match context.git() {
        Ok(git) => (Some(git), None),
        Err(Error::NoRepository { .. }) => (None, None),
        Err(error) => (None, Some(error)),
    };
    let at = git.as_ref().map_or(Ok(None), place::on_stage)?;
    if args.json {
        let sections = order.0.iter().zip(&outlines).map(|((stem, _), outline)| {
            let all = order.checkpoints().into_iter();
            let own: Vec<String> = all
                .filter(|checkpoint| checkpoint.stem == *stem)
                .map(|checkpoint| checkpoint.to_string())
                .collect();
            Json::Object(vec![
                ("section", stem.clone().into()),
                ("title", outline.title.clone().into()),
                ("minutes", Json::Decimal(outline.minutes().to_string())),
                ("checkpoints", own.into()),
            ])
        });
        let tested = test::last_result(&context.repo);
        let tested = tested.map(|green| if green { "green" } else { "red" });
        let journal = git.as_ref().and_then(moves::journal);
        let said = Json::Object(vec![
            ("sections", sections.collect::<Vec<_>>().into()),
            ("at", at.map(|at| at.to_string()).into()),
            ("tested", tested.into()),
            ("interrupted", journal.map(|journal| journal.name).into()),
        ]);
        println!("{said}");
        return Ok(());
    }
    let width = order
        .0
        .iter()
        .map(|(stem, _)| stem.len())
        .max()
        .unwrap_or(0);
    println!("  {:<width$}  min  steps  title", "section");
    for ((stem, steps), outline) in order.0.iter().zip(&outlines) {
        let here = at.as_ref().filter(|at| at.stem == *stem);
        let mark = if here.is_some() { '>' } else { ' ' };
        println!(
            "{mark} {stem:<width$}  {:>3}  {steps:>5}  {}",
            outline.minutes(),
            outline.title
        );
        if args.all {
            let all = order.checkpoints();
            for checkpoint in all.iter().filter(|checkpoint| checkpoint.stem == *stem) {
                let mark = if Some(checkpoint) == here { '>' } else { ' ' };
                println!("{mark}   {checkpoint}");
            }
        }
    }
    println!();
    match refused {
        Some(error) => println!("on stage: nobody can tell, since git refuses\n{error}"),
        None => println!("{}", on_stage(context, at.as_ref())),
    }
    if let Some(journal) = git.as_ref().and_then(moves::journal) {
        println!(
            "the move to `{}` was interrupted: `stage undo` brings everything back",
            journal.name
        );
    }
    Ok(())
}

fn on_stage(context: &Context, at: Option<&Checkpoint>) -> String {
    let result = match test::last_result(&context.repo) {
        Some(true) => "green",
        Some(false) => "red",
        None => "not tested since the last change: `stage test`",
    };
    match at {
        Some(at) => format!("on stage: {at}, {result}"),
        None => "on stage: no checkpoint; `stage tags` makes them, `stage go 1` goes to one".into(),
    }
}
