//! `stage saves`: what was saved before each move, what is in it, and how to get
//! it back: all of it, or a file.

use std::collections::BTreeSet;
use std::io::{IsTerminal, Write, stdout};
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use super::{Context, output};
use crate::baseline::Baselines;
use crate::checkpoint::nearest;
use crate::error::{Error, Result};
use crate::git::compare::Show;
use crate::git::{Entry, Git, Oid};
use crate::json::Json;
use crate::moves::Purpose;
use crate::own::{self, Own, State};
use crate::save::{self, Save};
use crate::{lock, moves, place, survey};

#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Args {
    /// Print one JSON object: {"saves": [{"number", "at", "why", "seconds",
    /// "edited", "new", "deleted"}]}; "seconds" count from 1970, "edited" and
    /// the rest are lists of paths from `live/`, null if "at" is null
    #[arg(long)]
    pub(super) json: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

impl Args {
    /// Whether it changes nothing.
    pub(super) fn looks(&self) -> bool {
        !matches!(self.command, Some(Command::Restore(_)))
    }
}

#[derive(clap::Subcommand)]
enum Command {
    /// What a save has of your own; with FILE, that file as it was
    Show(ShowArgs),
    /// Put `live/`, or only FILE, back as a save has it; what is there is saved first
    Restore(RestoreArgs),
}

#[derive(clap::Args)]
struct ShowArgs {
    /// Its number in `stage saves`
    #[arg(value_parser = output::number)]
    save: usize,
    /// From here, or from `live/`
    file: Option<PathBuf>,
    /// Show line by line how it differs from the checkpoint
    #[arg(long)]
    diff: bool,
}

#[derive(clap::Args)]
struct RestoreArgs {
    /// Its number in `stage saves`
    #[arg(value_parser = output::number)]
    save: usize,
    /// Only these files or folders, from here or from `live/`; the rest stays
    files: Vec<PathBuf>,
}

pub fn run(context: &Context, args: &Args) -> Result<()> {
    match &args.command {
        None => list(context, args.json),
        Some(Command::Show(args)) => show(context, args),
        Some(Command::Restore(args)) => restore(context, args),
    }
}

fn list(context: &Context, json: bool) -> Result<()> {
    let git = context.git()?;
    let saves = save::list(&git)?;
    let states: Vec<State<'_>> = saves.iter().map(State::of).collect();
    let own = own::of(&git, &Baselines::read(&git)?, &states)?;
    let own = own.into_iter().map(|own| own.map(|(_, own)| own));
    if json {
        let saves = saves.iter().zip(own).enumerate();
        let saves: Vec<Json> = saves
            .map(|(at, (save, own))| as_json(at + 1, save, own))
            .collect();
        println!("{}", Json::Object(vec![("saves", saves.into())]));
        return Ok(());
    }
    if saves.is_empty() {
        println!("nothing is saved yet: `stage go` saves `live/` before it changes it");
        return Ok(());
    }
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    for (at, (save, own)) in saves.iter().zip(own).enumerate() {
        let on_stage = save.at.as_deref().unwrap_or("no checkpoint");
        let own = own.map_or("all of it".into(), |own| own.to_string());
        let ago = ago(now.saturating_sub(save.date));
        println!("{:>4}  {on_stage:<20}  {own:<28}  {ago}", at + 1);
    }
    println!("`stage saves show N` looks into one, `stage saves restore N` brings it back");
    Ok(())
}

fn as_json(number: usize, save: &Save, own: Option<Own>) -> Json {
    let paths = |paths: Option<&Vec<Vec<u8>>>| -> Json {
        paths
            .map(|paths| paths.iter().map(|path| text(path)).collect::<Vec<_>>())
            .into()
    };
    let own = own.as_ref();
    Json::Object(vec![
        ("number", number.into()),
        ("at", save.at.clone().into()),
        ("why", save.why.clone().into()),
        ("seconds", save.date.into()),
        ("edited", paths(own.map(|own| &own.edited))),
        ("new", paths(own.map(|own| &own.new))),
        ("deleted", paths(own.map(|own| &own.deleted))),
    ])
}

fn show(context: &Context, args: &ShowArgs) -> Result<()> {
    let git = context.git()?;
    let save = numbered(save::list(&git)?, args.save)?;
    let state = State::of(&save);
    let own = own::of(&git, &Baselines::read(&git)?, &[state])?
        .pop()
        .flatten();
    let all = entries(&git, &save.name)?;
    let chosen = match &args.file {
        Some(file) => Some(chosen(context, args.save, file, &all, own.as_ref())?),
        None => None,
    };
    let at = save.at.as_deref().unwrap_or("no checkpoint");
    if args.diff {
        let paths: Vec<Vec<u8>> = chosen.into_iter().collect();
        let (from, _) = match own {
            Some(own) => own,
            None => (git.empty_tree()?, Own::default()),
        };
        let how = if stdout().is_terminal() {
            Show::Lines
        } else {
            Show::Patch
        };
        return git.print_difference((&from, &save.name), how, output::colour(), &paths);
    }
    if let Some(chosen) = chosen {
        let file = all.iter().find(|entry| entry.path == chosen);
        if let Some(file) = file {
            let bytes = git.bytes(&file.id)?;
            return stdout()
                .write_all(&bytes)
                .or_else(output::if_reader_gone)
                .map_err(Error::io("write", "stdout".as_ref()));
        }
        // A folder, or a file that was deleted: its files.
        return below(&all, &chosen, own.as_ref());
    }
    println!("save {}: {at}, {}", args.save, save.why);
    match own {
        None => all
            .iter()
            .for_each(|entry| println!("         {}", shown(&entry.path))),
        Some((_, own)) if own == Own::default() => println!("{own}"),
        Some((_, own)) => listed(&own, b""),
    }
    println!(
        "`stage saves show {} FILE` prints a file, `stage saves restore {} FILE` brings it back",
        args.save, args.save
    );
    Ok(())
}

fn below(all: &[Entry], folder: &[u8], own: Option<&(String, Own)>) -> Result<()> {
    match own {
        Some((_, own)) => listed(own, folder),
        None => {
            let inside = all.iter().filter(|entry| own::is_in(&entry.path, folder));
            inside.for_each(|entry| println!("         {}", shown(&entry.path)));
        }
    }
    Ok(())
}

fn listed(own: &Own, folder: &[u8]) {
    let kinds = [
        ("edited", &own.edited),
        ("new", &own.new),
        ("deleted", &own.deleted),
    ];
    for (word, paths) in kinds {
        for path in paths.iter().filter(|path| own::is_in(path, folder)) {
            println!("{word:<7}  {}", shown(path));
        }
    }
}

fn restore(context: &Context, args: &RestoreArgs) -> Result<()> {
    let git = context.git()?;
    let _lock = lock::of_moves(&git)?;
    let saves = save::list(&git)?;
    let number = saves.len() + 1;
    let save = numbered(saves, args.save)?;
    let unsaved = context.unsaved();
    let on_stage = place::on_stage(&git)?.map(|at| at.to_string());
    if args.files.is_empty() {
        let name = save.at.clone().unwrap_or_else(|| "unknown".into());
        let moved = moves::to_tree(
            &git,
            &context.repo,
            &save.name,
            &name,
            on_stage.as_deref(),
            Purpose::Restore,
        )?;
        let at = save.at.as_deref().unwrap_or("no checkpoint");
        println!("`live/` is as in save {} ({at} on stage)", args.save);
        after(&moved, number);
        output::warn_of(&unsaved, "stage undo", "the same command again");
        return Ok(());
    }
    let all = entries(&git, &save.name)?;
    let mut wanted: Vec<&Entry> = Vec::new();
    for file in &args.files {
        let path = chosen(context, args.save, file, &all, None)?;
        wanted.extend(all.iter().filter(|entry| own::is_in(&entry.path, &path)));
    }
    let commit = with(context, &git, &wanted)?;
    let name = on_stage.clone().unwrap_or_else(|| "unknown".into());
    let moved = moves::to_tree(
        &git,
        &context.repo,
        &commit,
        &name,
        on_stage.as_deref(),
        Purpose::Restore,
    )?;
    let mut paths: Vec<String> = wanted.iter().map(|entry| shown(&entry.path)).collect();
    paths.sort();
    paths.dedup();
    println!("as in save {}: {}", args.save, output::some_of(&paths));
    after(&moved, number);
    output::warn_of(&unsaved, "stage undo", "the same command again");
    Ok(())
}

/// `live/` with these files in the place of its own. Of a move that was cut off,
/// what was there before it counts: the rest is half-made, and in no state that
/// anybody wants back.
fn with(context: &Context, git: &Git, wanted: &[&Entry]) -> Result<Oid> {
    if let Some(cut_off) = moves::journal(git) {
        let before = entries(git, &cut_off.save)?;
        let files: Vec<&Entry> = before.iter().chain(wanted.iter().copied()).collect();
        return git.commit_with(b"", &files);
    }
    let memory = moves::memory(git);
    let here = survey::read(git, &context.repo, &memory, &BTreeSet::new())?;
    git.commit_with(&here.stream, wanted)
}

fn after(moved: &moves::Moved, number: usize) {
    if moved.written == 0 && moved.put_away.is_empty() {
        println!("`live/` was so already");
        return;
    }
    println!("what was there is save {number}; `stage undo` brings it back");
}

fn numbered(saves: Vec<Save>, number: usize) -> Result<Save> {
    let unknown = || Error::NoSave {
        name: number.to_string(),
    };
    let at = number.checked_sub(1).ok_or_else(unknown)?;
    saves.into_iter().nth(at).ok_or_else(unknown)
}

/// The files of `live/` as a save has them, by path from there.
fn entries(git: &Git, commit: &str) -> Result<Vec<Entry>> {
    let mut entries = git.tree(commit, &["live/"])?;
    for entry in &mut entries {
        entry.path.drain(.."live/".len());
    }
    Ok(entries)
}

/// Which path in the save is meant.
fn chosen(
    context: &Context,
    number: usize,
    file: &std::path::Path,
    all: &[Entry],
    own: Option<&(String, Own)>,
) -> Result<Vec<u8>> {
    let deleted = own.map_or(&[][..], |(_, own)| &own.deleted);
    let mut paths = all.iter().map(|entry| &entry.path).chain(deleted);
    let meant = own::below_live(&context.repo, &context.here, file);
    let is_there = |asked: &Vec<u8>| paths.any(|path| own::is_in(path, asked));
    let found = meant.iter().position(is_there);
    found.map(|at| meant[at].clone()).ok_or_else(|| {
        let name = file.display().to_string();
        let names = all.iter().map(|entry| text(&entry.path));
        Error::NoFile {
            nearest: nearest(&name, names),
            name,
            place: format!("save {number}"),
            mend: format!("`stage saves show {number}` says what is in it"),
        }
    })
}

fn text(path: &[u8]) -> String {
    String::from_utf8_lossy(path).into_owned()
}

/// As a line of a list: a name may have a line's end in it.
fn shown(path: &[u8]) -> String {
    output::on_one_line(&text(path))
}

fn ago(seconds: u64) -> String {
    match seconds {
        0..60 => "less than a minute ago".into(),
        60..3_600 => format!("{} min ago", seconds / 60),
        3_600..86_400 => format!("{} h ago", seconds / 3_600),
        86_400..172_800 => "1 day ago".into(),
        _ => format!("{} days ago", seconds / 86_400),
    }
}
