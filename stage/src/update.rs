//! New material: the branch goes forward, the tags are remade, and whoever is at
//! work in `live/` stays there.
//!
//! The order is fixed, and running it again completes whatever cut it off: fetch;
//! look whether anything of the user's is in the way; move `live/` (with save and
//! journal) if nobody is at work in it; bring the files outside `live/` forward,
//! then the index below it, then the branch; remember where we are; remake the tags.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::git::Git;
use crate::git::remote::Source;
use crate::repo::Repo;
use crate::{moves, place, tags};

/// What has come of an update.
#[derive(Debug, Default)]
pub struct Updated {
    /// New commits that the branch went forward by.
    pub commits: usize,
    /// What they changed outside `live/`, by path from the root.
    pub changed: Vec<String>,
    pub tags: Tags,
    pub live: Live,
    /// The checkpoint on stage, if one is.
    pub at: Option<String>,
    /// Its tag has another `live/` than before.
    pub at_is_new: bool,
}

/// How many tags there are, and what had to be done to them.
#[derive(Debug, Default)]
pub struct Tags {
    pub all: usize,
    pub made: usize,
    pub moved: Vec<String>,
    pub removed: usize,
}

/// What became of `live/`.
#[derive(Debug, Default, PartialEq, Eq)]
pub enum Live {
    /// The new material has the same.
    #[default]
    Same,
    /// It was as git had it, and is as git has it now.
    Moved,
    /// Somebody is at work in it, or another checkpoint is.
    Stayed,
}

impl Updated {
    /// The sections that it changed, by their stems.
    pub fn sections(&self) -> Vec<String> {
        let stem = |path: &String| {
            let mut parts = path.split('/');
            let stem = match (parts.next()?, parts.next()?) {
                ("solutions", stem) => stem,
                ("slides", "steps") => parts.next()?,
                ("slides", file) => file.strip_suffix(".md")?,
                _ => return None,
            };
            crate::checkpoint::is_stem(stem).then(|| stem.to_string())
        };
        let stems: BTreeSet<String> = self.changed.iter().filter_map(stem).collect();
        stems.into_iter().collect()
    }

    /// Whether set-up has something to do: the tool itself, or what it installs.
    pub fn needs_setup(&self) -> bool {
        let is_of_setup = |path: &String| {
            let manifest = ["Cargo.toml", "Cargo.lock"];
            path.starts_with("stage/")
                || path.starts_with("requirements/")
                || path == "setup.sh"
                || manifest.iter().any(|name| {
                    path == name || path.starts_with("solutions/") && path.ends_with(name)
                })
        };
        self.changed.iter().any(is_of_setup)
    }
}

/// Look whether an update may begin.
///
/// # Errors
/// `Interrupted`, `UnderWay`, `NoRemote`, `Usage` before the first commit.
pub fn begin(git: &Git) -> Result<Source> {
    if let Some(journal) = moves::journal(git) {
        return Err(Error::Interrupted { name: journal.name });
    }
    if let Some(what) = git.under_way() {
        return Err(Error::UnderWay { what });
    }
    if git.head()?.is_none() {
        return Err(Error::Usage {
            message: "there is nothing to update: this repository has no commit".into(),
            mend: "clone the workshop anew".into(),
        });
    }
    git.source()
}

/// Bring the clone forward to what was fetched; the lock must be held. `before`
/// is where the branch over there was when we last looked.
///
/// # Errors
/// `Diverged`, `OwnEdits`, `Elsewhere`; `ForeignTag` if a tag is in the way.
pub fn forward(git: &Git, repo: &Repo, source: &Source, before: Option<&str>) -> Result<Updated> {
    let new = id(git, &source.tracking())?.unwrap_or_default();
    if git.branch().as_deref() != Some(&source.ours) {
        elsewhere(git, source, &new)?;
        let at = place::on_stage(git)?.map(|at| at.to_string());
        let tags = remake(git)?;
        return Ok(Updated {
            tags,
            at,
            ..Updated::default()
        });
    }
    let old = git.head()?.unwrap_or_default();
    let (own, commits) = git.apart(&old, &new)?;
    if own > 0 && commits > 0 {
        return Err(diverged(git, source, own, commits, before, &new)?);
    }
    let at = match pending(git) {
        Some(at) => at,
        None => place::on_stage(git)?.map(|at| at.to_string()),
    };
    let mut updated = Updated {
        commits,
        ..Updated::default()
    };
    if commits > 0 {
        let changed = git.outside_live(&old, &new)?.into_iter();
        let changed = changed.map(|(_, path)| String::from_utf8_lossy(&path).into_owned());
        updated.changed = changed.collect();
        git.take_up(&old, &new)?;
        let tree = git.tree_but_live(&new, &old)?;
        git.could_go(&old, &tree)?;
        set_pending(git, at.as_deref())?;
        updated.live = move_live(git, repo, (&old, &new), at.as_deref())?;
        git.go(&old, &tree)?;
        git.carry_index(&old, &new)?;
        git.move_branch(&source.local(), &old, &new)?;
        // Cut off before, it may have been moved already.
        if updated.live == Live::Stayed && git.is_clean(&["live"])? {
            updated.live = Live::Moved;
        }
    }
    if let Some(at) = at.as_ref().filter(|_| pending(git).is_some()) {
        moves::remember_anew(git, at)?;
    }
    let there = at.as_ref().map(|at| format!("refs/tags/{at}:live"));
    let there: Vec<String> = there.into_iter().collect();
    let before = git.ids(&there)?;
    updated.tags = remake(git)?;
    updated.at_is_new = before != git.ids(&there)?;
    let _ = fs::remove_file(pending_path(git));
    updated.at = at;
    Ok(updated)
}

/// Remake the tags from the material that HEAD has.
///
/// # Errors
/// As `tags::derive` and `tags::compare`.
pub fn remake(git: &Git) -> Result<Tags> {
    let wanted = tags::derive(git)?;
    let difference = tags::compare(git, &wanted)?;
    let made = Tags {
        all: wanted.len(),
        made: difference.missing.len(),
        moved: difference.moved.clone(),
        removed: difference.extra.len(),
    };
    if !difference.is_empty() {
        tags::update(git, difference)?;
    }
    Ok(made)
}

/// HEAD is somewhere else: bring the branch forward if nobody has it open, and
/// say how to get there. No error if HEAD has the new material already.
fn elsewhere(git: &Git, source: &Source, new: &str) -> Result<()> {
    let head = git.head()?.unwrap_or_default();
    if git.apart(&head, new)?.1 == 0 {
        return Ok(());
    }
    let (ours, name) = (&source.ours, source.name());
    let local = source.local();
    let done = match id(git, &local)? {
        None => format!("there is no branch `{ours}`; `{name}` has it; HEAD and `live/` stay"),
        Some(old) => match (git.apart(&old, new)?, git.checked_out_in(&local)?) {
            ((_, 0), _) => format!("`{ours}` has it; HEAD and `live/` stay as they are"),
            ((0, _), None) => {
                git.move_branch(&local, &old, new)?;
                format!("`{ours}` went forward to it; HEAD and `live/` stay as they are")
            }
            ((0, _), Some(_)) => {
                format!("`{name}` has it; another work tree has `{ours}` open, so it stays")
            }
            _ => format!("`{name}` has it; `{ours}` has commits of its own, so it stays"),
        },
    };
    let at = match git.branch() {
        Some(branch) => format!("HEAD is on `{branch}`, not on `{ours}`"),
        None => format!("HEAD is detached, not on `{ours}`"),
    };
    Err(Error::Elsewhere {
        head: at,
        done,
        branch: ours.clone(),
    })
}

fn diverged(
    git: &Git,
    source: &Source,
    own: usize,
    new: usize,
    before: Option<&str>,
    theirs: &str,
) -> Result<Error> {
    let is_rewritten = match before {
        Some(before) => git.apart(before, theirs)?.0 > 0,
        None => false,
    };
    Ok(Error::Diverged {
        ours: source.ours.clone(),
        theirs: source.name(),
        own,
        new,
        is_rewritten,
    })
}

/// Move `live/` along if it is as git has it; else it stays.
fn move_live(git: &Git, repo: &Repo, (old, new): (&str, &str), at: Option<&str>) -> Result<Live> {
    let ids = git.ids(&[format!("{old}:live"), format!("{new}:live")])?;
    if ids[0] == ids[1] {
        return Ok(Live::Same);
    }
    if !git.is_clean(&["live"])? {
        return Ok(Live::Stayed);
    }
    moves::to_tree(
        git,
        repo,
        new,
        at.unwrap_or("unknown"),
        at,
        moves::Purpose::Update,
    )?;
    Ok(Live::Moved)
}

fn id(git: &Git, name: &str) -> Result<Option<String>> {
    Ok(git.ids(&[name.to_string()])?.pop().flatten())
}

// What was on stage when the update began: once HEAD has moved, that cannot be
// seen any more.

fn pending_path(git: &Git) -> PathBuf {
    moves::memory(git).join("update")
}

fn pending(git: &Git) -> Option<Option<String>> {
    let text = fs::read_to_string(pending_path(git)).ok()?;
    let name = text.strip_suffix('\n')?;
    // Who has moved since is somewhere else by now.
    let moved =
        moves::remembered(git).is_some_and(|last| last.name != name && last.name != "unknown");
    if moved {
        return None;
    }
    Some((!name.is_empty()).then(|| name.to_string()))
}

fn set_pending(git: &Git, at: Option<&str>) -> Result<()> {
    let path = pending_path(git);
    let new = path.with_extension("new");
    fs::write(&new, format!("{}\n", at.unwrap_or_default()))
        .and_then(|()| fs::rename(&new, &path))
        .map_err(Error::io("write", &path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn updated(paths: &[&str]) -> Updated {
        Updated {
            changed: paths.iter().map(|path| path.to_string()).collect(),
            ..Updated::default()
        }
    }

    #[test]
    fn the_sections_that_changed_are_named_once() {
        let paths = [
            "README.md",
            "slides/03-classes.md",
            "slides/images/ream.svg",
            "slides/steps/02-hello/1.patch",
            "solutions/03-classes/src/lib.rs",
        ];
        assert_eq!(updated(&paths).sections(), ["02-hello", "03-classes"]);
    }

    #[test]
    fn set_up_is_needed_for_the_tool_and_for_what_is_installed() {
        for path in [
            "stage/src/main.rs",
            "requirements/workshop.txt",
            "Cargo.lock",
            "solutions/03-classes/Cargo.lock",
            "setup.sh",
        ] {
            assert!(updated(&[path]).needs_setup(), "{path}");
        }
        for path in ["solutions/03-classes/src/lib.rs", "slides/03-classes.md"] {
            assert!(!updated(&[path]).needs_setup(), "{path}");
        }
    }
}
