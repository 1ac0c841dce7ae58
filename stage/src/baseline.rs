//! Which commits somebody's work may have begun from, also after the tags moved.
//!
//! New material moves the tags, and what was at `03-classes-1` then is not what
//! the tag says now. So whoever moves tags first keeps the old chain, under a ref
//! named by the microsecond: its last commit has every checkpoint below it.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::error::Result;
use crate::git::{Git, Oid, Update};
use crate::tags;

const WAS: &str = "refs/stage/was";

/// Of older chains the newest stay; each costs a git process when it is read.
const KEPT: usize = 8;

/// More checkpoints than this has no workshop.
const MOST: usize = 1000;

/// Every commit that was ever a checkpoint here, by its tag.
pub struct Baselines {
    now: HashMap<String, Oid>,
    /// Older chains, with the microsecond at which each was over.
    was: Vec<(u128, HashMap<String, Oid>)>,
}

impl Baselines {
    /// Read the tags and what was kept of older ones.
    ///
    /// # Errors
    /// `Git`.
    pub fn read(git: &Git) -> Result<Self> {
        let mut was = Vec::new();
        for chain in git.refs(WAS)? {
            let commits = git.subjects(&chain.name, MOST)?.into_iter();
            let commits = commits
                .filter_map(|(id, subject)| Some((subject.split_once(": ")?.0.to_string(), id)));
            was.push((microsecond(&chain.name), commits.collect()));
        }
        let ours = git.refs("refs/tags")?.into_iter();
        let now = ours
            .filter(|tag| tag.committer == tags::COMMITTER)
            .map(|tag| {
                (
                    tag.name.trim_start_matches("refs/tags/").to_string(),
                    tag.id,
                )
            });
        Ok(Self {
            now: now.collect(),
            was,
        })
    }

    /// What `tag` may have meant to a state of `live/` of that microsecond, the
    /// likeliest first. An undo brings older ones back, so it may be any.
    pub fn of(&self, tag: &str, when: u128) -> Vec<&Oid> {
        let then = self.was.iter().position(|(over, _)| *over > when);
        let (before, since) = self.was.split_at(then.unwrap_or(self.was.len()));
        let since = since.iter().map(|(_, chain)| chain).chain([&self.now]);
        let before = before.iter().rev().map(|(_, chain)| chain);
        since.chain(before).filter_map(|all| all.get(tag)).collect()
    }
}

/// Keep the chain of the tags as they are: they are about to move.
///
/// # Errors
/// `Git`.
pub fn keep(git: &Git) -> Result<()> {
    let ours = git.refs("refs/tags")?.into_iter().filter(|tag| {
        let name = tag.name.trim_start_matches("refs/tags/");
        tag.committer == tags::COMMITTER && tag.subject.starts_with(&format!("{name}: "))
    });
    // Each commit of the chain is a second younger than the one before.
    let Some(last) = ours.max_by_key(|tag| tag.date) else {
        return Ok(());
    };
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_micros());
    let chains = git.refs(WAS)?;
    if chains.last().is_some_and(|chain| chain.id == last.id) {
        return Ok(());
    }
    let newest = chains.last().map_or(0, |chain| microsecond(&chain.name));
    let mut updates = vec![Update {
        name: format!("{WAS}/{:020}", now.max(newest + 1)),
        old: None,
        new: Some(last.id),
    }];
    // An author moves the tags with each commit.
    let many = (chains.len() + 1).saturating_sub(KEPT);
    updates.extend(chains.into_iter().take(many).map(|chain| Update {
        name: chain.name,
        old: Some(chain.id),
        new: None,
    }));
    git.update_refs(&updates)
}

/// The microsecond in the name of a ref; a save's, too.
pub fn microsecond(name: &str) -> u128 {
    let last = name.rsplit('/').next();
    last.and_then(|last| last.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_likeliest_comes_first() {
        let chain = |id: &str| HashMap::from([("02-hello-1".to_string(), id.to_string())]);
        let baselines = Baselines {
            now: chain("now"),
            was: vec![(10, chain("first")), (20, chain("second"))],
        };
        assert_eq!(baselines.of("02-hello-1", 5), ["first", "second", "now"]);
        assert_eq!(baselines.of("02-hello-1", 10), ["second", "now", "first"]);
        assert_eq!(baselines.of("02-hello-1", 99), ["now", "second", "first"]);
        assert_eq!(baselines.of("03-classes-1", 5), Vec::<&Oid>::new());
    }
}
