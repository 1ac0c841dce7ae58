//! `stage where`: which checkpoint is on stage, in one word.

use super::{Context, next, test};
use crate::checkpoint::Point;
use crate::error::{Error, Result};
use crate::json::Json;
use crate::{moves, place};

#[derive(clap::Args)]
pub struct Args {
    /// Print one JSON object: {"at": "03-classes-2", "section": "03-classes",
    /// "point": "2", "interrupted": false, "tested": "green"}; "at", "section"
    /// and "point" are null if no checkpoint is on stage, "tested" is null if
    /// something changed since
    #[arg(long)]
    pub(super) json: bool,
}

pub fn run(context: &Context, args: &Args) -> Result<()> {
    let journal = moves::journal(&context.git()?);
    if args.json {
        let at = place::on_stage(&context.git()?)?;
        let point = at.as_ref().map(|at| match at.point {
            Point::Start => "start".to_string(),
            Point::Step(step) => step.to_string(),
            Point::Done => "done".into(),
        });
        let tested = test::last_result(&context.repo);
        let tested = tested.map(|green| if green { "green" } else { "red" });
        let said = Json::Object(vec![
            ("at", at.as_ref().map(ToString::to_string).into()),
            ("section", at.map(|at| at.stem).into()),
            ("point", point.into()),
            ("interrupted", journal.is_some().into()),
            ("tested", tested.into()),
        ]);
        println!("{said}");
        return Ok(());
    }
    if let Some(journal) = journal {
        return Err(Error::Interrupted { name: journal.name });
    }
    println!("{}", next::here(context)?);
    Ok(())
}
