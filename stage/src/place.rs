//! Which checkpoint is on stage.

use crate::checkpoint::Checkpoint;
use crate::error::Result;
use crate::git::Git;
use crate::moves;
use crate::tags;

/// How far down from HEAD a checkpoint is looked for, under own commits.
const DEPTH: usize = 200;

/// The checkpoint on stage: the one that `stage` last went to, also under own
/// commits made since; or, after `git checkout 03-classes-done`, the one that
/// HEAD stands on; or the one whose `live/` HEAD has, as on a fresh clone's main.
///
/// # Errors
/// `Git`.
pub fn on_stage(git: &Git) -> Result<Option<Checkpoint>> {
    let remembered =
        moves::remembered(git).and_then(|(name, head)| Some((Checkpoint::parse(&name)?, head)));
    if git.head()?.is_none() {
        let there = remembered.filter(|(_, head)| head.is_empty());
        return Ok(there.map(|(checkpoint, _)| checkpoint));
    }
    let ours: Vec<(String, Checkpoint)> = git
        .refs("refs/tags")?
        .into_iter()
        .filter(|tag| tag.committer == tags::COMMITTER)
        .filter_map(|tag| {
            Some((
                tag.id,
                Checkpoint::parse(tag.name.trim_start_matches("refs/tags/"))?,
            ))
        })
        .collect();
    for commit in git.first_parents(DEPTH)? {
        if let Some((checkpoint, _)) = remembered.as_ref().filter(|(_, head)| *head == commit) {
            return Ok(Some(checkpoint.clone()));
        }
        if let Some((_, checkpoint)) = ours.iter().find(|(id, _)| *id == commit) {
            return Ok(Some(checkpoint.clone()));
        }
    }
    let live = git.id_in("HEAD", "live")?;
    for (id, checkpoint) in ours {
        if live.is_some() && git.id_in(&id, "live")? == live {
            return Ok(Some(checkpoint));
        }
    }
    Ok(None)
}
