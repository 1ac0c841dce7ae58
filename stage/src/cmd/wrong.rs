//! `stage wrong`: write wrong solutions down, with the tests that reject them.

use std::collections::BTreeSet;

use clap::Subcommand;

use super::{Context, steps};
use crate::authoring;
use crate::error::{Error, Result};
use crate::files::Files;
use crate::material::{self, Section};
use crate::proof::{self, Scratch, Tests, Verdict};
use crate::wrong::{self, Wrong};

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write what is in `live/` down as a wrong solution, and which tests reject it
    Save {
        /// The section that it is a wrong solution of: `3`, `classes`
        section: String,
        /// What is wrong, in a word or two: `rounds-down`
        name: String,
        /// Why it is wrong, in a line; one that is there already keeps its own
        why: Option<String>,
    },
    /// Write down anew which tests reject each of them, after the tests were edited
    Record {
        /// Only those of this section; all by default
        section: Option<String>,
    },
}

pub fn run(context: &Context, args: &Args) -> Result<()> {
    match &args.command {
        Command::Save { section, name, why } => save(context, section, name, why.as_deref()),
        Command::Record { section } => record(context, section.as_deref()),
    }
}

/// Every wrong solution as it is on disk.
pub fn all(context: &Context, sections: &[Section]) -> Result<Vec<Wrong>> {
    let git = context.git()?;
    let files = authoring::files_on_disk(&git, &context.repo, &[wrong::FOLDER])?;
    wrong::read(&files, sections)
}

fn save(context: &Context, section: &str, name: &str, why: Option<&str>) -> Result<()> {
    let git = context.git()?;
    let stem = context.order().resolve(section)?.stem;
    if !wrong::is_name(name) {
        let message = format!("`{name}` is no name for a wrong solution");
        let mend = "use lower-case letters, digits, hyphens: `rounds-down`".into();
        return Err(Error::Usage { message, mend });
    }
    let sections = sections(context)?;
    let Some(section) = sections.iter().find(|section| section.stem == stem) else {
        return Err(Error::MissingSolution { stem });
    };
    let path = wrong::path(&stem, name);
    let there = authoring::files_on_disk(&git, &context.repo, &[wrong::FOLDER])?;
    let stored = || wrong::title(&path, &there);
    let Some(title) = why.map(String::from).or_else(stored) else {
        let message =
            format!("the wrong solution `{name}` is new and does not say why it is wrong");
        let mend =
            format!("say it: `stage wrong save {stem} {name} \"599 less 10 percent is 539\"`");
        return Err(Error::Usage { message, mend });
    };
    if title.contains('\n') || title.trim().is_empty() {
        let message = "why it is wrong is one line of words".into();
        let mend = "say the rest on a slide or in its notes".into();
        return Err(Error::Usage { message, mend });
    }
    let mut files = authoring::files_on_disk(&git, &context.repo, &["live"])?.below("live");
    if let Some(lock) = section.done.get("Cargo.lock") {
        files.insert("Cargo.lock".into(), lock.clone());
    }
    let nothing = |why: String, printed: String, mend: String| {
        Err(Error::NoProof {
            path: path.clone(),
            why,
            printed,
            mend,
        })
    };
    let put = format!("`stage go {stem}-done` puts the solution there; then make the mistake");
    if files.below("tests") != section.done.below("tests") {
        let why = format!("`live/tests` is not `solutions/{stem}/tests`");
        return nothing(why, String::new(), put);
    }
    if files == section.done {
        let why = format!("`live/` is `solutions/{stem}`");
        return nothing(
            why,
            String::new(),
            "make the mistake in `live/` first".into(),
        );
    }
    // Others that no longer fit are not in the way of mending this one.
    let others = wrong::readable(&there, &sections);
    let is_same =
        |other: &&Wrong| other.stem == stem && other.patch.path != path && other.files == files;
    if let Some(other) = others.iter().find(is_same) {
        let why = format!("`{}` is the same", other.patch.path);
        return nothing(why, String::new(), "make another mistake".into());
    }
    let scratch = Scratch::new(&context.repo);
    let done = tests_of(&scratch, section)?;
    let rejected = rejected(&scratch, &files, &done, &path, &stem)?;
    let text = wrong::write(title.trim(), &rejected, &section.done, &files);
    steps::write(context, &[(path, text)], "it was so already")?;
    rejected
        .iter()
        .for_each(|test| println!("rejected by {test}"));
    Ok(())
}

fn record(context: &Context, section: Option<&str>) -> Result<()> {
    let only = match section {
        Some(name) => Some(context.order().resolve(name)?.stem),
        None => None,
    };
    let sections = sections(context)?;
    let wrongs = all(context, &sections)?;
    let scratch = Scratch::new(&context.repo);
    let mut written = Vec::new();
    for section in sections
        .iter()
        .filter(|section| only.as_ref().is_none_or(|only| *only == section.stem))
    {
        let mut own = wrongs
            .iter()
            .filter(|wrong| wrong.stem == section.stem)
            .peekable();
        if own.peek().is_none() {
            continue;
        }
        let done = tests_of(&scratch, section)?;
        for Wrong {
            stem, patch, files, ..
        } in own
        {
            let rejected = rejected(&scratch, files, &done, &patch.path, stem)?;
            let text = wrong::write(&patch.title, &rejected, &section.done, files);
            written.push((patch.path.clone(), text));
        }
    }
    steps::write(context, &written, "the wrong solutions were so already")
}

fn sections(context: &Context) -> Result<Vec<Section>> {
    let git = context.git()?;
    material::sections(&authoring::files_on_disk(
        &git,
        &context.repo,
        &material::FOLDERS,
    )?)
}

fn tests_of(scratch: &Scratch, section: &Section) -> Result<Tests> {
    scratch.lay_out(&section.done)?;
    scratch.build()?;
    Ok(scratch.test()?.0)
}

/// The names of the tests that reject `files`.
fn rejected(
    scratch: &Scratch,
    files: &Files,
    done: &Tests,
    path: &str,
    stem: &str,
) -> Result<Vec<String>> {
    match proof::tried(scratch, files, done, &BTreeSet::new())? {
        Verdict::Rejected(failed) => Ok(wrong::names_of(&failed, &done.passed)),
        Verdict::Nothing { why, printed } => Err(Error::NoProof {
            path: path.into(),
            why,
            printed,
            mend: format!(
                "mend that, then run the same command again; the tests are in `solutions/{stem}/tests`"
            ),
        }),
    }
}
