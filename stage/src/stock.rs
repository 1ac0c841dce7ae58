//! The libraries of all checkpoints, compiled ahead: who comes to one needs no compiler.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::error::{Error, Result};
use crate::files::Files;
use crate::layout;
use crate::material::Section;
use crate::repo::Repo;
use crate::tools::{self, Built, Circumstances, For, Key, Libraries, is_source};

/// More cores than this wait for the disk.
const MOST_CORES: usize = 4;

/// What has come of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Stock {
    /// Libraries that the checkpoints have, each counted once.
    pub all: usize,
    /// Those that were compiled now.
    pub made: usize,
    /// Checkpoints whose library is not kept, and why.
    pub without: Vec<(String, Why)>,
}

/// Why a library is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// cargo refuses to make one.
    Refused,
    /// cargo warns, and must do so each time.
    Warned,
    /// Nobody can tell what else went into it, or it could not be written.
    Unknown,
}

/// Compile the library of every state that has none in the store yet.
///
/// `said` is told which one of how many is next. An interrupt loses nothing but
/// the library that is being compiled.
///
/// # Errors
/// `Tool` and `Io`; `Busy` if somebody else is at it. What cargo refuses is no error here.
pub fn fill(
    repo: &Repo,
    sections: &[Section],
    said: &(dyn Fn(usize, usize) + Sync),
) -> Result<Stock> {
    let work = repo.own().join("libraries/work");
    fs::create_dir_all(&work).map_err(Error::io("create", &work))?;
    let lock = repo.own().join("libraries/lock");
    let file = fs::File::create(&lock).map_err(Error::io("create", &lock))?;
    if fs4::FileExt::try_lock(&file).is_err() {
        return Err(Error::Busy { path: lock });
    }
    let libraries = Libraries::of(repo);
    let suffix = tools::extension_suffix(repo)?;
    let Some(circumstances) = Circumstances::of(repo, &work, &suffix) else {
        return Ok(Stock::default());
    };
    let wanted = wanted(sections, &circumstances);
    let missing: Vec<(&Key, &(String, Files))> = wanted
        .iter()
        .filter(|(key, _)| !libraries.has_checkpoint(key) && !libraries.promote(key))
        .collect();
    let mut order = missing.clone();
    // Neighbours have most of their code in common, which saves the compiler half its work.
    order.sort_by_key(|(_, (tag, _))| tag);
    let there = wanted.len() - missing.len();
    let next = AtomicUsize::new(0);
    let without = Mutex::new(Vec::new());
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let result: Result<()> = thread::scope(|scope| {
        let workers: Vec<_> = (0..cores.min(MOST_CORES).min(order.len()))
            .map(|number| {
                let (next, order, without) = (&next, &order, &without);
                let bench = Bench::new(repo, work.join(number.to_string()));
                scope.spawn(move || -> Result<()> {
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        let Some((key, (tag, files))) = order.get(at) else {
                            return Ok(());
                        };
                        said(there + at + 1, there + order.len());
                        let why = bench.make(files)?;
                        if !Libraries::of(repo).has_checkpoint(key) {
                            without
                                .lock()
                                .expect("nobody panics with it")
                                .push((tag.clone(), why));
                        }
                    }
                })
            })
            .collect();
        let mut workers = workers.into_iter();
        workers.try_for_each(|worker| worker.join().expect("nobody panics"))
    });
    result?;
    let keys: BTreeSet<Key> = wanted.keys().cloned().collect();
    libraries.forget_checkpoints_but(&keys);
    let _ = fs::remove_dir_all(&work);
    let mut without = without.into_inner().expect("nobody panics with it");
    without.sort();
    Ok(Stock {
        all: wanted.len(),
        made: missing.len() - without.len(),
        without,
    })
}

/// Every library that there should be, with the first checkpoint that has it
/// and what it is compiled from.
fn wanted(sections: &[Section], here: &Circumstances) -> BTreeMap<Key, (String, Files)> {
    let mut wanted = BTreeMap::new();
    for state in sections.iter().flat_map(Section::states) {
        if !state.files.contains_key("Cargo.toml") {
            continue;
        }
        let sources = state.files.iter().filter(|(path, _)| is_source(path));
        let sources = Files(
            sources
                .map(|(path, file)| (path.clone(), file.clone()))
                .collect(),
        );
        if let Some(key) = here.key(&sources) {
            let tag = state.checkpoint.to_string();
            wanted.entry(key).or_insert((tag, sources));
        }
    }
    wanted
}

/// A project folder with a target folder of its own.
struct Bench<'a> {
    repo: &'a Repo,
    folder: PathBuf,
}

impl<'a> Bench<'a> {
    fn new(repo: &'a Repo, folder: PathBuf) -> Self {
        Self { repo, folder }
    }

    /// Have it made; if it is not kept then, why.
    fn make(&self, files: &Files) -> Result<Why> {
        let (live, target) = (self.folder.join("live"), self.folder.join("target"));
        tools::seed(&self.repo.live().join("target"), &target)?;
        layout::lay_out(&live, files)?;
        match tools::build(self.repo, &live, &target, For::Checkpoint) {
            // A manifest that makes no library: the checkpoint's own fault.
            Err(Error::BadText { .. }) => Ok(Why::Refused),
            Ok(Built::Ran(ran)) if !ran.ok => Ok(Why::Refused),
            Ok(Built::Ran(ran)) if !ran.printed.trim().is_empty() => Ok(Why::Warned),
            Ok(Built::PurePython | Built::Kept | Built::Again | Built::Ran(_)) => Ok(Why::Unknown),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::File;

    #[test]
    fn states_that_differ_in_python_alone_have_one_library() {
        let files = |source: &str, python: &str| {
            let pairs = [
                ("Cargo.toml", "[package]"),
                ("src/lib.rs", source),
                ("python/x.py", python),
            ];
            let file = |(path, text): (&str, &str)| (path.to_string(), File::text(text));
            Files(pairs.map(file).into())
        };
        let section = Section {
            stem: "02-hello".into(),
            start: Files::default(),
            steps: vec![
                (Default::default(), files("a", "1")),
                (Default::default(), files("a", "2")),
            ],
            done: files("b", "2"),
        };
        let wanted = wanted(&[section], &Circumstances::plain());
        let mut tags: Vec<&String> = wanted.values().map(|(tag, _)| tag).collect();
        tags.sort();
        assert_eq!(tags, ["02-hello-1", "02-hello-done"]);
        assert!(
            wanted
                .values()
                .all(|(_, files)| !files.contains_key("python/x.py"))
        );
    }
}
