//! `stage completions SHELL`: what a shell needs to complete `stage go 05<Tab>`.
//!
//! The script asks `stage complete` at each press, so names of checkpoints are
//! those of the clone that one is in, and a new flag needs no new script.

use std::ffi::OsString;
use std::path::Path;

use clap::{Command, CommandFactory, ValueEnum};

use super::{Cli, output};
use crate::checkpoint::{Order, Point};
use crate::error::Result;
use crate::git::Git;
use crate::repo::Repo;
use crate::{material, own, save};

/// How each shell takes it.
const TAKEN: &str = "\
bash  in ~/.bashrc:                  eval \"$(stage completions bash)\"
zsh   in ~/.zshrc, behind compinit:  eval \"$(stage completions zsh)\"
fish  in config.fish:                stage completions fish | source";

#[derive(clap::Args)]
#[command(after_help = TAKEN)]
pub struct Args {
    shell: Shell,
}

#[derive(Clone, Copy, ValueEnum)]
enum Shell {
    Bash,
    Zsh,
    Fish,
}

/// What the scripts call.
#[derive(clap::Args)]
pub struct Words {
    /// What was typed behind `stage`; the last word is being typed
    #[arg(last = true)]
    words: Vec<OsString>,
}

pub fn run(args: &Args) -> Result<()> {
    print!(
        "{}",
        match args.shell {
            Shell::Bash => BASH,
            Shell::Zsh => ZSH,
            Shell::Fish => FISH,
        }
    );
    Ok(())
}

/// Print what the last word may become, each with a tab and what it is; outside
/// the workshop, what is always so.
pub fn complete(here: &Path, args: &Words) -> Result<()> {
    let words: Vec<String> = args
        .words
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let repo = Repo::find(here).ok();
    for (word, what) in candidates(&words, here, repo.as_ref()) {
        println!("{}\t{what}", output::on_one_line(&word));
    }
    Ok(())
}

fn candidates(words: &[String], here: &Path, repo: Option<&Repo>) -> Vec<(String, String)> {
    let Some((typed, before)) = words.split_last() else {
        return Vec::new();
    };
    let root = Cli::command();
    let mut command = &root;
    let (mut path, mut given) = (Vec::new(), Vec::new());
    let mut before = before.iter();
    let mut only_values = false;
    while let Some(word) = before.next() {
        if word == "-C" {
            before.next();
        } else if word == "--" {
            only_values = true;
        } else if word.starts_with('-') && !only_values {
        } else if let Some(found) = command.find_subcommand(word).filter(|_| given.is_empty()) {
            command = found;
            path.push(found.get_name());
        } else {
            given.push(word.as_str());
        }
    }
    let flags = typed.starts_with('-') && !only_values;
    let mut found = if flags {
        flags_of(command)
    } else {
        let mut found = values(&path, &given, typed, here, repo);
        if given.is_empty() {
            found.extend(subcommands(command));
        }
        found
    };
    found.retain(|(word, _)| word.starts_with(typed.as_str()));
    found
}

fn subcommands(command: &Command) -> Vec<(String, String)> {
    let shown = command.get_subcommands().filter(|one| !one.is_hide_set());
    let about = |one: &Command| one.get_about().map_or(String::new(), ToString::to_string);
    shown
        .map(|one| (one.get_name().to_string(), about(one)))
        .collect()
}

fn flags_of(command: &Command) -> Vec<(String, String)> {
    let shown = command.get_arguments().filter(|one| !one.is_hide_set());
    let flag = |one: &clap::Arg| {
        let help = one.get_help().map_or(String::new(), ToString::to_string);
        let first = help.lines().next().unwrap_or_default().to_string();
        Some((format!("--{}", one.get_long()?), first))
    };
    let help = ("--help".to_string(), "Print help".to_string());
    shown.filter_map(flag).chain([help]).collect()
}

/// What may stand where a value is wanted; nothing where a file is, which the
/// shell knows better.
fn values(
    path: &[&str],
    given: &[&str],
    typed: &str,
    here: &Path,
    repo: Option<&Repo>,
) -> Vec<(String, String)> {
    let named = |names: &[&str]| -> Vec<(String, String)> {
        let pair = |name: &&str| (name.to_string(), String::new());
        names.iter().map(pair).collect()
    };
    if path == ["completions"] && given.is_empty() {
        return named(&["bash", "fish", "zsh"]);
    }
    let Some(repo) = repo else {
        return Vec::new();
    };
    match (path, given) {
        (["go"], []) => checkpoints(repo, typed),
        (["diff"], []) => {
            let mut found = named(&["start", "done"]);
            found.extend(saves(repo));
            found.extend(checkpoints(repo, typed));
            found
        }
        (["undo"] | ["saves", "show"] | ["saves", "restore"], []) => saves(repo),
        (["saves", "show"], [number]) | (["saves", "restore"], [number, ..]) => {
            files(repo, here, number)
        }
        _ => Vec::new(),
    }
}

/// Every checkpoint by its tag; by the way in which `typed` begins where that is
/// another one: `3.2`, `classes-2`.
fn checkpoints(repo: &Repo, typed: &str) -> Vec<(String, String)> {
    let names = |folder: &str| crate::course::names(&repo.root.join(folder));
    let order: Order = material::order(&names("solutions"), |stem| {
        names(&format!("slides/steps/{stem}"))
    });
    let by_number = typed.starts_with(|first: char| ('1'..='9').contains(&first));
    let by_word = typed.starts_with(|first: char| first.is_ascii_lowercase());
    let mut found = Vec::new();
    for checkpoint in order.checkpoints() {
        let tag = checkpoint.to_string();
        let number = checkpoint.stem[..2].trim_start_matches('0');
        let short = match checkpoint.point {
            Point::Start => format!("{number}s"),
            Point::Step(step) => format!("{number}.{step}"),
            Point::Done => format!("{number}d"),
        };
        if by_number {
            found.push((short, tag.clone()));
        } else if by_word {
            found.push((tag[3..].to_string(), tag.clone()));
        }
        found.push((tag, String::new()));
    }
    found
}

fn saves(repo: &Repo) -> Vec<(String, String)> {
    let saves = Git::open(&repo.root).and_then(|git| save::list(&git));
    let saves = saves.unwrap_or_default().into_iter().enumerate();
    saves
        .map(|(at, save)| ((at + 1).to_string(), save.at.unwrap_or_default()))
        .collect()
}

/// What is in a save, as one would type it from here.
fn files(repo: &Repo, here: &Path, number: &str) -> Vec<(String, String)> {
    let listed = || -> Result<Vec<(String, String)>> {
        let git = Git::open(&repo.root)?;
        let at = number
            .parse::<usize>()
            .ok()
            .and_then(|at| at.checked_sub(1));
        let Some(save) = at.and_then(|at| save::list(&git).ok()?.into_iter().nth(at)) else {
            return Ok(Vec::new());
        };
        let inside = here.strip_prefix(repo.live()).ok();
        let inside = inside.map(|path| crate::survey::name_bytes(path.as_os_str()));
        let inside = inside.unwrap_or_default();
        let entries = git.tree(&save.name, &["live/"])?.into_iter();
        let from_here = |path: &[u8]| {
            let rest = path.strip_prefix(b"live/")?;
            let rest = rest
                .get(inside.len()..)
                .filter(|_| own::is_in(rest, &inside))?;
            let rest = rest.strip_prefix(b"/").unwrap_or(rest);
            Some((String::from_utf8_lossy(rest).into_owned(), String::new()))
        };
        Ok(entries.filter_map(|entry| from_here(&entry.path)).collect())
    };
    listed().unwrap_or_default()
}

const BASH: &str = r#"# eval "$(stage completions bash)" in ~/.bashrc
_stage_complete() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    printf -v line '%q' "${line%%$'\t'*}"
    COMPREPLY+=("$line")
  done < <(stage complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _stage_complete stage
"#;

const ZSH: &str = r#"#compdef stage
# eval "$(stage completions zsh)" in ~/.zshrc, behind compinit
_stage_complete() {
  local line
  local -a found
  while IFS= read -r line; do
    found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
  done < <(stage complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( $#found )); then
    _describe stage found
  else
    _files
  fi
}
compdef _stage_complete stage
"#;

const FISH: &str = r#"# stage completions fish | source
function __stage_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l found (stage complete -- $words[2..-1] "$typed" 2>/dev/null)
    if set -q found[1]
        printf '%s\n' $found
    else
        __fish_complete_path "$typed"
    end
end
complete -c stage -f -a '(__stage_complete)'
"#;
