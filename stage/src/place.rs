//! Which checkpoint is on stage.

use crate::checkpoint::Checkpoint;
use crate::error::Result;
use crate::git::Git;
use crate::moves::{self, Memory};
use crate::tags;

/// How far down from HEAD a checkpoint is looked for, under own commits.
const DEPTH: usize = 200;

/// The checkpoint on stage: the one that `stage` last went to, also under own
/// commits made since, or taken back since, while `live/` is not HEAD's own; or,
/// after `git checkout 03-classes-done`, the one that HEAD stands on; or the one
/// whose `live/` HEAD has, as on a fresh clone's main.
///
/// # Errors
/// `Git`.
pub fn on_stage(git: &Git) -> Result<Option<Checkpoint>> {
    let memory = moves::remembered(git);
    let last = memory
        .as_ref()
        .and_then(|memory| Some((Checkpoint::parse(&memory.name)?, memory)));
    if git.head()?.is_none() {
        let there = last.filter(|(_, memory)| memory.head.is_empty());
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
    let mut is_known = false;
    for commit in git.first_parents(DEPTH)? {
        if let Some((checkpoint, memory)) = last.as_ref().filter(|(_, it)| it.head == commit) {
            if !is_checked_out_anew(git, checkpoint, memory)? {
                return Ok(Some(checkpoint.clone()));
            }
            is_known = true;
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
    let (live, theirs) = ids.split_first().unwrap_or((&None, &[]));
    let same = theirs.iter().position(|id| live.is_some() && id == live);
    let same = same.map(|at| ours[at].1.clone());
    match last {
        // The commit that HEAD was at is gone (`git reset`, `git commit --amend`), and `live/` is not.
        Some((checkpoint, _)) if !is_known && (same.is_none() || !git.is_clean(&["live"])?) => {
            Ok(Some(checkpoint))
        }
        _ => Ok(same),
    }
}

/// Whether HEAD was left and checked out again since the move to `checkpoint`:
/// then `live/` is HEAD's own.
fn is_checked_out_anew(git: &Git, checkpoint: &Checkpoint, memory: &Memory) -> Result<bool> {
    let tag = format!("refs/tags/{checkpoint}");
    let brought = memory.brought.as_ref().unwrap_or(&tag);
    let live = |commit: &str| format!("{commit}:live");
    let ids = git.ids(&[live(brought), live("HEAD"), live(&memory.head)])?;
    let [brought, now, then] = ids.as_slice() else {
        return Ok(false);
    };
    // Own commits of what was moved are nobody's checkout; without a commit nothing can be said.
    let is_other = brought.is_some() && brought != now && now == then;
    Ok(is_other && git.is_clean(&["live"])?)
}
