//! What an attendee's build says of the commands that it does not have.

use crate::error::{Error, Result};

#[derive(clap::Args)]
pub struct Args {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    _words: Vec<String>,
}

pub fn run(_: &Args) -> Result<()> {
    Err(Error::Usage {
        message: "deck, check, bench, steps, wrong and present are not in an attendee's build"
            .into(),
        mend: "`./setup.sh deck` builds the whole tool, and the deck with it".into(),
    })
}
