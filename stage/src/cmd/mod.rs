//! The command line: one file per subcommand, the only code that prints.

mod back;
#[cfg(feature = "present")]
mod bench;
#[cfg(feature = "present")]
mod check;
#[cfg(feature = "present")]
mod deck;
mod doctor;
mod go;
mod hint;
mod list;
mod next;
mod output;
mod prepare;
#[cfg(feature = "present")]
mod present;
#[cfg(not(feature = "present"))]
mod presenter;
mod saves;
#[cfg(feature = "present")]
mod schedule;
#[cfg(feature = "present")]
mod steps;
mod tags;
mod test;
mod undo;
mod watch;
#[cfg(feature = "present")]
mod wrong;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::checkpoint::Order;
use crate::course;
use crate::error::{Error, Result};
use crate::git::Git;
use crate::material;
use crate::repo::Repo;

/// Step through the workshop Rust under Python.
#[derive(Parser)]
#[command(name = "stage", version, arg_required_else_help = true)]
pub struct Cli {
    /// Work in this folder instead of the current one.
    #[arg(short = 'C', value_name = "FOLDER", global = true)]
    folder: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show the sections, their minutes, and which checkpoint is on stage
    List(list::Args),
    /// Put a checkpoint into `live/`; your own work is saved first
    Go(go::Args),
    /// Go to the next checkpoint: a step at a time
    Next(next::Args),
    /// Go to the checkpoint before
    Back(back::Args),
    /// Take the last move back: `live/` as it was, your edits and all
    Undo(undo::Args),
    /// List what was saved before each move
    Saves(saves::Args),
    /// Build and test what is in `live/`
    Test(test::Args),
    /// Build and test `live/` after each save, and say how it stands
    Watch(watch::Args),
    /// Show the next hint for the exercise that `live/` is at
    Hint(hint::Args),
    /// Say what this machine lacks, and how to mend it
    Doctor(doctor::Args),
    /// Make the checkpoint tags from `solutions/` and `slides/steps/`
    Tags(tags::Args),
    /// Fetch and compile the crates of every checkpoint (set-up does this)
    Prepare(prepare::Args),
    /// Write a section's steps, or carry them along after an edit
    #[cfg(feature = "present")]
    Steps(steps::Args),
    /// Write wrong solutions down, with the tests that reject them
    #[cfg(feature = "present")]
    Wrong(wrong::Args),
    /// Build the deck, or bring its snippets up to date
    #[cfg(feature = "present")]
    Deck(deck::Args),
    /// Prove the material: every state, step, snippet and tag
    #[cfg(feature = "present")]
    Check(check::Args),
    /// Measure what slides state, keep the run, and draw it
    #[cfg(feature = "present")]
    Bench(bench::Args),
    /// Serve the deck and reload it when a slide is saved
    #[cfg(feature = "present")]
    Present(present::Args),
    #[cfg(not(feature = "present"))]
    #[command(name = "present", aliases = ["bench", "check", "deck", "steps", "wrong"], hide = true)]
    Presenter(presenter::Args),
}

/// What every command starts from.
struct Context {
    repo: Repo,
}

impl Context {
    fn git(&self) -> Result<Git> {
        Git::open(&self.repo.root)
    }

    /// The sections and their steps, from the names on disk alone.
    fn order(&self) -> Order {
        let names = |folder: &str| course::names(&self.repo.root.join(folder));
        material::order(&names("solutions"), |stem| {
            names(&format!("slides/steps/{stem}"))
        })
    }
}

/// Whether these words behind `stage` are understood, and name a checkpoint
/// that there is; if not, why.
#[cfg(feature = "present")]
fn understands(order: &Order, words: &[String]) -> Result<(), String> {
    let typed = || format!("`stage {}`", words.join(" "));
    let all = std::iter::once("stage").chain(words.iter().map(String::as_str));
    match Cli::try_parse_from(all) {
        Ok(cli) => match cli.command {
            Command::Go(args) => order.resolve(&args.target).map(drop),
            _ => Ok(()),
        }
        .map_err(|error| format!("{}: {}", typed(), error.what())),
        Err(error) if !error.use_stderr() => Ok(()),
        Err(error) => {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            let why = first.trim_start_matches("error: ").replace('\'', "`");
            Err(format!("{}: {why}", typed()))
        }
    }
}

/// A command of a slide, while it is proved, looks and changes nothing.
fn refuse_to_move(command: &Command) -> Result<()> {
    let looks = matches!(
        command,
        Command::List(_) | Command::Saves(_) | Command::Doctor(_)
    );
    if looks || std::env::var_os("STAGE_MOVES_NOTHING").is_none() {
        return Ok(());
    }
    Err(Error::Usage {
        message: "a command of a slide may show, and changes nothing".into(),
        mend: "show what to type in a `console` fence".into(),
    })
}

pub fn run(cli: Cli) -> Result<()> {
    output::end_with_its_reader();
    refuse_to_move(&cli.command)?;
    let start = match cli.folder {
        Some(folder) => folder,
        None => std::env::current_dir().map_err(Error::io("read", ".".as_ref()))?,
    };
    let start = start.canonicalize().map_err(Error::io("read", &start))?;
    let context = Context {
        repo: Repo::find(&start)?,
    };
    match cli.command {
        Command::List(args) => list::run(&context, &args),
        Command::Go(args) => go::run(&context, &args),
        Command::Next(args) => next::run(&context, &args),
        Command::Back(args) => back::run(&context, &args),
        Command::Undo(args) => undo::run(&context, &args),
        Command::Saves(args) => saves::run(&context, &args),
        Command::Test(args) => test::run(&context, &args),
        Command::Watch(args) => watch::run(&context, &args),
        Command::Hint(args) => hint::run(&context, &args),
        Command::Doctor(args) => doctor::run(&context, &args),
        Command::Tags(args) => tags::run(&context, &args),
        Command::Prepare(args) => prepare::run(&context, &args),
        #[cfg(feature = "present")]
        Command::Steps(args) => steps::run(&context, &args),
        #[cfg(feature = "present")]
        Command::Wrong(args) => wrong::run(&context, &args),
        #[cfg(feature = "present")]
        Command::Deck(args) => deck::run(&context, &args),
        #[cfg(feature = "present")]
        Command::Check(args) => check::run(&context, &args),
        #[cfg(feature = "present")]
        Command::Bench(args) => bench::run(&context, &args),
        #[cfg(feature = "present")]
        Command::Present(args) => present::run(&context, &args),
        #[cfg(not(feature = "present"))]
        Command::Presenter(args) => presenter::run(&args),
    }
}
