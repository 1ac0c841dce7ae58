//! The checkpoint tags: a chain of commits, made the same in every clone.
//!
//! The chain begins at the commit that the material comes from and goes through
//! every checkpoint, so a commit's own diff is what the presenter types. Author,
//! dates and words are fixed; nothing of the user's configuration enters.

use std::collections::BTreeMap;

use crate::baseline;
use crate::checkpoint::{Checkpoint, Point};
use crate::error::{Error, Result};
use crate::files::{File, Files};
use crate::git::{Git, Oid, Ref, Update};
use crate::material::{self, Section};

/// How a commit is known to be ours. `.invalid` is reserved: nobody has it.
pub const COMMITTER: &str = "checkpoints@rust-under-python.invalid";
const NAME: &str = "Rust under Python";
/// fast-import wants the name of a ref to commit to; no such ref is made.
const CHAIN: &str = "refs/stage/chain";

/// What differs between the tags there are and the tags there should be.
#[derive(Debug, Default)]
pub struct Difference {
    pub missing: Vec<String>,
    pub moved: Vec<String>,
    pub extra: Vec<String>,
    updates: Vec<Update>,
}

impl Difference {
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.moved.is_empty() && self.extra.is_empty()
    }
}

/// The tags that should be, in order, as `git` has just made their commits.
///
/// # Errors
/// What reading the material can give, and `Git`.
pub fn derive(git: &Git) -> Result<Vec<(String, Oid)>> {
    let Some((base, date)) = git.base()? else {
        return Ok(Vec::new());
    };
    let sections = material::sections(&git.committed_files(&base, &material::FOLDERS)?)?;
    let trees = solution_trees(git, &base, &sections)?;
    let stream = stream(&base, date, &sections, &trees);
    let ids = git.fast_import(&stream, &[CHAIN])?;
    let names = sections
        .iter()
        .flat_map(Section::states)
        .map(|state| state.checkpoint.to_string());
    Ok(names.zip(ids).collect())
}

/// Compare the tags with what they should be.
///
/// # Errors
/// `ForeignTag` if a tag with one of our names points to a commit not ours.
pub fn compare(git: &Git, wanted: &[(String, Oid)]) -> Result<Difference> {
    let mut there: BTreeMap<String, Ref> = BTreeMap::new();
    for tag in git.refs("refs/tags")? {
        there.insert(tag.name.trim_start_matches("refs/tags/").to_string(), tag);
    }
    let mut difference = Difference::default();
    for (name, id) in wanted {
        let old = there.remove(name);
        match &old {
            Some(tag) if tag.id == *id => continue,
            Some(tag) => {
                check_ours(name, tag)?;
                difference.moved.push(name.clone());
            }
            None => difference.missing.push(name.clone()),
        }
        let name = format!("refs/tags/{name}");
        difference.updates.push(Update {
            name,
            old: old.map(|tag| tag.id),
            new: Some(id.clone()),
        });
    }
    // An attendee may give one of our commits a name like a checkpoint's: that
    // tag is theirs. Ours are called what their commit says.
    let ours = there.into_iter().filter(|(name, tag)| {
        let is_named = tag.subject.starts_with(&format!("{name}: "));
        Checkpoint::parse(name).is_some() && is_ours(tag) && is_named
    });
    for (name, tag) in ours {
        difference.updates.push(Update {
            name: tag.name,
            old: Some(tag.id),
            new: None,
        });
        difference.extra.push(name);
    }
    Ok(difference)
}

/// Change the tags to what they should be, all or none; what they were is kept
/// for whoever began there.
///
/// # Errors
/// `Git` if another program changed one of them in the meantime.
pub fn update(git: &Git, difference: Difference) -> Result<()> {
    if !difference.moved.is_empty() || !difference.extra.is_empty() {
        baseline::keep(git)?;
    }
    git.update_refs(&difference.updates)
}

/// Whether `stage` made the tag.
///
/// # Errors
/// `ForeignTag` if it did not.
pub fn check_ours(name: &str, tag: &Ref) -> Result<()> {
    if is_ours(tag) {
        return Ok(());
    }
    Err(Error::ForeignTag {
        tag: name.into(),
        id: tag.id.clone(),
    })
}

fn is_ours(tag: &Ref) -> bool {
    tag.committer == COMMITTER
}

fn solution_trees(git: &Git, base: &str, sections: &[Section]) -> Result<Vec<Oid>> {
    let missing = |stem: &str| Error::MissingSolution { stem: stem.into() };
    let tree = |section: &Section| {
        let path = format!("solutions/{}", section.stem);
        git.id_in(base, &path)?
            .ok_or_else(|| missing(&section.stem))
    };
    sections.iter().map(tree).collect()
}

/// The chain in fast-import's language.
fn stream(base: &str, date: u64, sections: &[Section], trees: &[Oid]) -> Vec<u8> {
    let mut stream = Vec::new();
    let mut parent = base.to_string();
    let mut before = None;
    let mut mark = 0;
    for (section, tree) in sections.iter().zip(trees) {
        for state in section.states() {
            mark += 1;
            let tag = state.checkpoint.to_string();
            let words = format!("{tag}: {}\n\nCheckpoint: {tag}\n", state.title);
            let when = date + mark;
            stream.extend(format!("commit {CHAIN}\nmark :{mark}\n").bytes());
            stream.extend(format!("author {NAME} <{COMMITTER}> {when} +0000\n").bytes());
            stream.extend(format!("committer {NAME} <{COMMITTER}> {when} +0000\n").bytes());
            stream.extend(format!("data {}\n{words}\nfrom {parent}\n", words.len()).bytes());
            match (state.checkpoint.point, before) {
                // The solution's own tree: equal byte for byte, whatever it holds.
                (Point::Done, _) => {
                    stream.extend(format!("D live\nM 040000 {tree} live\n").bytes());
                }
                (_, Some(before)) => changes(&mut stream, before, state.files),
                (_, None) => {
                    stream.extend(b"D live\n");
                    changes(&mut stream, &Files::default(), state.files);
                }
            }
            stream.extend(format!("\nget-mark :{mark}\n").bytes());
            parent = format!(":{mark}");
            before = Some(state.files);
        }
    }
    stream
}

fn changes(stream: &mut Vec<u8>, before: &Files, after: &Files) {
    for path in before.differing(after) {
        match after.get(path) {
            None => stream.extend(format!("D {}\n", quoted(path)).bytes()),
            Some(File { bytes, executable }) => {
                let mode = if *executable { "100755" } else { "100644" };
                stream.extend(
                    format!("M {mode} inline {}\ndata {}\n", quoted(path), bytes.len()).bytes(),
                );
                stream.extend(bytes);
                stream.push(b'\n');
            }
        }
    }
}

fn quoted(path: &str) -> String {
    format!(
        "\"live/{}\"",
        path.replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n")
    )
}
