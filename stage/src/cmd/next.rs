//! `stage next`: the next checkpoint, a step at a time.

use super::{Context, go};
use crate::checkpoint::Checkpoint;
use crate::error::{Error, Result};
use crate::place;

#[derive(clap::Args)]
pub struct Args {}

pub fn run(context: &Context, _: &Args) -> Result<()> {
    beside(context, 1)
}

/// Go `by` checkpoints on from the one on stage.
pub fn beside(context: &Context, by: isize) -> Result<()> {
    let at = here(context)?;
    let target = context.order().beside(&at, by)?;
    go::to(context, &target)
}

/// The checkpoint on stage; an error if nobody can tell.
pub fn here(context: &Context) -> Result<Checkpoint> {
    let lost = || Error::Usage {
        message: "cannot tell which checkpoint is on stage".into(),
        mend: "say where to go: `stage go 3`; `stage tags` if there are no tags yet".into(),
    };
    place::on_stage(&context.git()?)?.ok_or_else(lost)
}
