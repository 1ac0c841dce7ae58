//! `stage back`: the checkpoint before, a step at a time.

use super::{Context, next};
use crate::error::Result;

#[derive(clap::Args)]
pub struct Args {}

pub fn run(context: &Context, _: &Args) -> Result<()> {
    next::beside(context, -1)
}
