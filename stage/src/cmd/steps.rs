//! `stage steps`: write a section's steps, or carry them along after an edit.

use std::fs;

use clap::Subcommand;

use super::{Context, check};
use crate::authoring;
use crate::checkpoint::{Checkpoint, Point};
use crate::error::{Error, Result};
use crate::material::{self, Section};
use crate::proof::Finding;
use crate::step::{Header, Step};
use crate::wrong;

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write what is in `live/` down as a step
    Save {
        /// `03.2` or `03-classes-2`, or `01-why-start` for what the first start lacks
        step: String,
        /// What is typed, in a few words; an existing step keeps its own
        title: Option<String>,
        /// A test that passes from this step on: a node id or its beginning
        #[arg(long)]
        green: Vec<String>,
        /// Why it is taken although it turns no test green: a wrong turn
        #[arg(long, conflicts_with = "green")]
        detour: Option<String>,
    },
    /// Carry all steps and wrong solutions along after solutions were edited
    Refresh,
}

pub fn run(context: &Context, args: &Args) -> Result<()> {
    match &args.command {
        Command::Save {
            step,
            title,
            green,
            detour,
        } => save(context, step, title.as_deref(), green, detour.as_deref()),
        Command::Refresh => refresh(context),
    }
}

fn save(
    context: &Context,
    step: &str,
    title: Option<&str>,
    green: &[String],
    detour: Option<&str>,
) -> Result<()> {
    let git = context.git()?;
    let tag = Checkpoint::parse(step);
    let (section, point) = match (&tag, step.split_once('.')) {
        (Some(tag), _) => (tag.stem.as_str(), Some(tag.point)),
        (None, Some((section, number))) => (section, number.parse().map(Point::Step).ok()),
        (None, None) => (step.trim_end_matches("-start"), Some(Point::Start)),
    };
    let unknown = || Error::NoStep { step: step.into() };
    let point = point.ok_or_else(unknown)?;
    let stem = context.order().resolve(section)?.stem;
    let material = authoring::files_on_disk(&git, &context.repo, &material::FOLDERS)?;
    let sections = material::sections(&material)?;
    let at = sections
        .iter()
        .position(|section| section.stem == stem)
        .ok_or_else(unknown)?;
    let live = authoring::files_on_disk(&git, &context.repo, &["live"])?.below("live");
    let name = match point {
        Point::Step(number) => number.to_string(),
        _ => "start".into(),
    };
    let path = format!("slides/steps/{stem}/{name}.patch");
    let stored = match material.get(&path).and_then(|file| file.as_str()) {
        Some(text) => Step::parse(&path, text)?.header,
        None => Header::default(),
    };
    let header = Header {
        title: title.map_or(stored.title, String::from),
        green: match (green, detour) {
            ([], None) => stored.green,
            _ => green.to_vec(),
        },
        detour: match (green, detour) {
            ([], None) => stored.detour,
            _ => detour.map(String::from),
        },
    };
    if header.title.is_empty() {
        let message = format!("the step `{step}` is new and has no title");
        let mend =
            format!("say what is typed: `stage steps save {step} \"the total is a method\"`");
        return Err(Error::Usage { message, mend });
    }
    let before = at.checked_sub(1).map(|at| &sections[at].done);
    let written = authoring::saved(&sections[at], before, point, header, live)?;
    write(context, &written, "the steps were so already")
}

fn refresh(context: &Context) -> Result<()> {
    let git = context.git()?;
    let Some((base, _)) = git.base()? else {
        let message = "there is no commit whose steps could be carried along".into();
        return Err(Error::Usage {
            message,
            mend: "commit the material first".into(),
        });
    };
    let folders = [&material::FOLDERS[..], &[wrong::FOLDER]].concat();
    let committed = git.committed_files(&base, &folders)?;
    let old = material::sections(&committed)?;
    let now = authoring::files_on_disk(&git, &context.repo, &folders)?;
    let (mut all, mut sections) = (Vec::new(), Vec::new());
    let mut before = None;
    for section in &old {
        let done = now.below(&format!("solutions/{}", section.stem));
        if done.is_empty() {
            continue;
        }
        let carried = authoring::carried(section, &done, before.as_ref())?;
        all.extend(patches_of(&now, &carried, before.as_ref())?);
        before = Some(done);
        sections.push(carried);
    }
    let is_new = |stem: &String| !old.iter().any(|section| section.stem == *stem);
    for stem in now.names_in("solutions").into_iter().filter(is_new) {
        let done = now.below(&format!("solutions/{stem}"));
        sections.push(Section {
            stem,
            start: done.clone(),
            steps: Vec::new(),
            done,
        });
    }
    let mut misfits = Vec::new();
    for carried in wrong::carried(&now, &committed, &old, &sections) {
        match carried {
            Ok(file) => all.push(file),
            Err(error) => misfits.push(Finding::new(error.place(), error.what(), error.mend())),
        }
    }
    write(context, &all, "the steps were so already")?;
    // A wrong solution that must be made anew needs the steps, and their tags, first.
    if misfits.is_empty() {
        return Ok(());
    }
    check::report(&misfits)
}

fn patches_of(
    now: &crate::files::Files,
    section: &Section,
    before: Option<&crate::files::Files>,
) -> Result<Vec<(String, String)>> {
    let path = format!("slides/steps/{}/start.patch", section.stem);
    let start = match now.get(&path).and_then(|file| file.as_str()) {
        Some(text) => Some(Step::parse(&path, text)?.header),
        None => None,
    };
    Ok(authoring::patches(section, before, start))
}

/// Write what differs and say which; or that all `was_so`.
pub fn write(context: &Context, files: &[(String, String)], was_so: &str) -> Result<()> {
    let mut changed = 0;
    for (path, text) in files {
        let place = context.repo.root.join(path);
        if fs::read_to_string(&place).is_ok_and(|old| old == *text) {
            continue;
        }
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        }
        fs::write(&place, text).map_err(Error::io("write", &place))?;
        println!("wrote {path}");
        changed += 1;
    }
    if changed == 0 {
        println!("{was_so}");
    }
    Ok(())
}
