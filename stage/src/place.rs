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
    let remembered = moves::remembered(git)
        .and_then(|memory| Some((Checkpoint::parse(&memory.name)?, memory.head)));
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
    for (depth, commit) in git.first_parents(DEPTH)?.into_iter().enumerate() {
        if let Some((checkpoint, _)) = remembered.as_ref().filter(|(_, head)| *head == commit) {
            if depth > 0 || !is_checked_out_anew(git, checkpoint)? {
                return Ok(Some(checkpoint.clone()));
            }
        }
        if let Some((_, checkpoint)) = ours.iter().find(|(id, _)| *id == commit) {
            return Ok(Some(checkpoint.clone()));
        }
    }
    let trees: Vec<String> = std::iter::once("HEAD")
        .chain(ours.iter().map(|(id, _)| id.as_str()))
        .map(|commit| format!("{commit}:live"))
        .collect();
    let ids = git.ids(&trees)?;
    let Some((Some(live), theirs)) = ids.split_first() else {
        return Ok(None);
    };
    let same = theirs.iter().position(|id| id.as_ref() == Some(live));
    Ok(same.map(|at| ours[at].1.clone()))
}

/// Whether HEAD was left and checked out again since the move to `checkpoint`:
/// then `live/` is HEAD's own.
fn is_checked_out_anew(git: &Git, checkpoint: &Checkpoint) -> Result<bool> {
    let tag = format!("refs/tags/{checkpoint}");
    // Without its tag nothing can be said about what the move wrote.
    let moved_to = git.id_in(&tag, "live").unwrap_or_default();
    let is_other = moved_to.is_some() && moved_to != git.id_in("HEAD", "live")?;
    Ok(is_other && git.is_clean(&["live"])?)
}
