//! The command line: one file per subcommand, the only code that prints.

mod back;
#[cfg(feature = "present")]
mod bench;
#[cfg(feature = "present")]
mod check;
mod completions;
#[cfg(feature = "present")]
mod deck;
mod diff;
mod doctor;
mod go;
mod hint;
mod list;
mod next;
mod output;
mod place;
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
mod update;
mod watch;
#[cfg(feature = "present")]
mod wrong;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::checkpoint::Order;
use crate::course;
use crate::editors;
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
    /// List what was saved before each move; look into it, get it back
    Saves(saves::Args),
    /// Show how `live/` differs from a checkpoint or a save
    Diff(diff::Args),
    /// Fetch new material; what you are at work in stays as it is
    Update(update::Args),
    /// Print the checkpoint on stage, and nothing else
    Where(place::Args),
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
    /// Print what a shell needs to complete names of checkpoints
    Completions(completions::Args),
    #[command(hide = true)]
    Complete(completions::Words),
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
    /// The folder that the user is in.
    here: PathBuf,
}

impl Context {
    fn git(&self) -> Result<Git> {
        Git::open(&self.repo.root)
    }

    /// Files of `live/` that an editor has unsaved edits of.
    fn unsaved(&self) -> BTreeMap<String, &'static str> {
        let folder = |name| std::env::var_os(name).filter(|folder| !folder.is_empty());
        let state = folder("XDG_STATE_HOME").map(PathBuf::from);
        let state =
            state.or_else(|| folder("HOME").map(|home| PathBuf::from(home).join(".local/state")));
        let nvim = state.map(|state| state.join("nvim/swap"));
        editors::unsaved(&self.repo.live(), nvim.as_deref())
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
        Command::List(_)
            | Command::Where(_)
            | Command::Diff(_)
            | Command::Doctor(_)
            | Command::Completions(_)
            | Command::Complete(_)
    ) || matches!(command, Command::Saves(args) if args.looks());
    if looks || std::env::var_os("STAGE_MOVES_NOTHING").is_none() {
        return Ok(());
    }
    Err(Error::Usage {
        message: "a command of a slide may show, and changes nothing".into(),
        mend: "show what to type in a `console` fence".into(),
    })
}

/// Do what the command line says, and say how it ended.
pub fn main() -> ExitCode {
    #[cfg(unix)]
    if let Some(error) = crate::tools::stand_in() {
        eprintln!("{error}");
        return ExitCode::from(error.code());
    }
    output::end_with_its_reader();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) if error.use_stderr() && asks_for_json() => {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            let error = Error::Usage {
                message: first.trim_start_matches("error: ").into(),
                mend: "`stage --help` shows the commands, `stage COMMAND --help` its words".into(),
            };
            println!("{}", output::error_as_json(&error));
            return ExitCode::from(error.code());
        }
        Err(error) => error.exit(),
    };
    let json = cli.command.prints_json();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            match error {
                Error::Said { .. } => {}
                _ if json => println!("{}", output::error_as_json(&error)),
                _ => eprintln!("{error}"),
            }
            ExitCode::from(error.code())
        }
    }
}

/// Whether the words, which could not be read, ask for JSON.
fn asks_for_json() -> bool {
    let mut words = std::env::args_os().take_while(|word| word != "--");
    words.any(|word| word == "--json")
}

impl Command {
    fn prints_json(&self) -> bool {
        match self {
            Self::List(args) => args.json,
            Self::Saves(args) => args.json,
            Self::Where(args) => args.json,
            Self::Doctor(args) => args.json,
            _ => false,
        }
    }
}

/// The folder that the user is in; of one that left with a move, the nearest that
/// is there by the name that the shell still has.
fn working_folder() -> Result<PathBuf> {
    let gone = match std::env::current_dir() {
        Ok(here) => return Ok(here),
        Err(gone) => gone,
    };
    let was = PathBuf::from(std::env::var_os("PWD").unwrap_or_default());
    let mut above = was.ancestors();
    let there = above.find(|folder| folder.is_absolute() && folder.is_dir());
    let there = there.ok_or(gone).and_then(|there| {
        // What we start must be somewhere, too.
        std::env::set_current_dir(there)?;
        Ok(there.to_path_buf())
    });
    let there = there.map_err(Error::io("read", ".".as_ref()))?;
    output::warn_of_gone_folder(&there);
    Ok(there)
}

fn run(cli: Cli) -> Result<()> {
    refuse_to_move(&cli.command)?;
    let start = match cli.folder {
        Some(folder) => folder,
        None => working_folder()?,
    };
    let here = start.canonicalize().map_err(Error::io("read", &start))?;
    match &cli.command {
        Command::Completions(args) => return completions::run(args),
        Command::Complete(args) => return completions::complete(&here, args),
        _ => {}
    }
    let context = Context {
        repo: Repo::find(&here)?,
        here,
    };
    match cli.command {
        Command::Completions(_) | Command::Complete(_) => Ok(()),
        Command::List(args) => list::run(&context, &args),
        Command::Go(args) => go::run(&context, &args),
        Command::Next(args) => next::run(&context, &args),
        Command::Back(args) => back::run(&context, &args),
        Command::Undo(args) => undo::run(&context, &args),
        Command::Saves(args) => saves::run(&context, &args),
        Command::Diff(args) => diff::run(&context, &args),
        Command::Update(args) => update::run(&context, &args),
        Command::Where(args) => place::run(&context, &args),
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
