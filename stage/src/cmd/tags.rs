//! `stage tags`: make the checkpoint tags, or say whether they are right.

use super::Context;
use crate::error::{Error, Result};
use crate::{lock, tags};

#[derive(clap::Args)]
pub struct Args {
    /// Only say whether the tags are what the folders say
    #[arg(long)]
    check: bool,
}

pub fn run(context: &Context, args: &Args) -> Result<()> {
    let git = context.git()?;
    let _lock = lock::of_moves(&git)?;
    let wanted = tags::derive(&git)?;
    if wanted.is_empty() {
        return Err(Error::Usage {
            message: "the repository has no commit to make tags from".into(),
            mend: "commit `solutions/` and `slides/`, then run `stage tags` again".into(),
        });
    }
    let difference = tags::compare(&git, &wanted)?;
    let total = wanted.len();
    if difference.is_empty() {
        println!("{total} tags, all as the folders say");
    } else if args.check {
        let tags::Difference {
            missing,
            moved,
            extra,
            ..
        } = difference;
        return Err(Error::StaleTags {
            missing,
            moved,
            extra,
        });
    } else {
        let (made, changed, gone) = (
            difference.missing.len(),
            difference.moved.len(),
            difference.extra.len(),
        );
        tags::update(&git, difference)?;
        println!("{total} tags: {made} made, {changed} changed, {gone} removed");
    }
    if !git.is_clean(&crate::material::FOLDERS)? {
        println!(
            "note: uncommitted changes in `solutions/` or `slides/steps/` are not in the tags"
        );
    }
    Ok(())
}
