//! `stage deck`: bring snippets and outputs up to date, build the deck.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use clap::Subcommand;

use super::{Context, schedule};
use crate::authoring::files_on_disk;
use crate::deck::{self, Page, Paper, Settings, Source};
use crate::error::{Error, Result};
use crate::material;
use crate::proof::{self, Recording, Scratch};
use crate::tools;

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the deck to a folder that opens in any browser, without a server
    Build {
        /// The folder
        #[arg(long, default_value = "deck")]
        out: PathBuf,
        /// Where attendees clone from, for the banner; origin by default
        #[arg(long)]
        repository: Option<String>,
        /// Write the deck as one file, too: FOLDER/deck.html, for a USB stick
        #[arg(long)]
        single: bool,
    },
    /// Print the deck to FOLDER/handout.pdf, one slide a page, with Chromium
    Pdf {
        /// Print the article with its speaker notes instead, to FOLDER/article.pdf
        #[arg(long)]
        read: bool,
        /// The file
        #[arg(long)]
        out: Option<PathBuf>,
        /// Stop a browser that is not done after so many seconds
        #[arg(long, default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..))]
        limit: u64,
    },
    /// Bring the code on the slides up to date with its sources
    Sync,
    /// Run the commands on the slides and write down what they print
    Record {
        /// Only those on this section's slides (`3`, `classes`); all by default
        section: Option<String>,
    },
    /// List who is cited on which slide
    Sources,
    /// Show sections, minutes and breaks; fail when a track overruns its time
    Schedule {
        /// Only this track: hour, half or day
        #[arg(long)]
        track: Option<String>,
    },
    /// Write the run sheet, docs/presenting.md
    Runsheet,
}

pub fn run(context: &Context, args: &Args) -> Result<()> {
    match &args.command {
        Command::Build {
            out,
            repository,
            single,
        } => {
            let out = context.repo.root.join(out);
            let slides = build(context, &out, repository.as_deref())?;
            let mut page = out.join("index.html");
            if *single {
                page = out.join("deck.html");
                let (pages, source) = read(context)?;
                let mut settings = settings(context, repository.as_deref())?;
                settings.checkpoints = source.checkpoints().to_vec();
                let html = deck::single(&pages, &settings, &out)?;
                fs::write(&page, html).map_err(Error::io("write", &page))?;
            }
            println!("{slides} slides: {}", page.display());
            Ok(())
        }
        Command::Pdf { read, out, limit } => {
            pdf(context, *read, out.as_deref(), Duration::from_secs(*limit))
        }
        Command::Sync => sync(context),
        Command::Record { section } => record(context, section.as_deref()),
        Command::Sources => sources(context),
        Command::Schedule { track } => schedule::run(context, track.as_deref()),
        Command::Runsheet => schedule::write_sheet(context),
    }
}

/// Build the deck into `out` and return how many slides it has.
pub fn build(context: &Context, out: &std::path::Path, repository: Option<&str>) -> Result<usize> {
    let (pages, source) = read(context)?;
    let mut settings = settings(context, repository)?;
    settings.checkpoints = source.checkpoints().to_vec();
    deck::build(&context.repo, &pages, &settings, out)?;
    schedule::write_data(context, &pages, &settings.tracks, out)?;
    Ok(pages.iter().map(|page| page.outline.slides.len()).sum())
}

fn pdf(
    context: &Context,
    read: bool,
    out: Option<&std::path::Path>,
    limit: Duration,
) -> Result<()> {
    let folder = context.repo.root.join("deck");
    build(context, &folder, None)?;
    let paper = if read { Paper::Article } else { Paper::Handout };
    let out = context
        .repo
        .root
        .join(out.map_or_else(|| folder.join(paper.name()), PathBuf::from));
    deck::print(tools::browser().as_deref(), &folder, paper, &out, limit)?;
    println!("printed: {}", out.display());
    Ok(())
}

pub fn pages(context: &Context) -> Result<Vec<Page>> {
    Ok(read(context)?.0)
}

/// The slides, and the checkpoints that they take their code from.
fn read(context: &Context) -> Result<(Vec<Page>, Source)> {
    let files = files_on_disk(&context.git()?, &context.repo, &deck::FOLDERS)?;
    let source = deck::source(&files)?;
    Ok((deck::pages(&files, &source)?, source))
}

fn settings(context: &Context, repository: Option<&str>) -> Result<Settings> {
    let mut settings = deck::settings(&context.repo)?;
    if let Some(repository) = repository {
        settings.repository = repository.into();
    } else if settings.repository.is_empty() {
        // A folder of this machine is no use to an attendee.
        let is_address =
            |origin: &String| origin.starts_with("https://") || origin.starts_with("http://");
        settings.repository = context
            .git()?
            .origin()
            .filter(is_address)
            .map(|origin| without_user(&origin))
            .unwrap_or_default();
    }
    Ok(settings)
}

/// An address without `user:token@`, which must not get on a slide.
fn without_user(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return address.into();
    };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = host.rsplit('@').next().unwrap_or(host);
    format!("{scheme}://{host}{path}")
}

fn sync(context: &Context) -> Result<()> {
    let (pages, source) = read(context)?;
    let mut changed = Vec::new();
    for page in pages {
        let text = deck::synced(&page, &source)?;
        if text != page.text {
            changed.push((page.path, text));
        }
    }
    // Not before every section was read: a mistake leaves all as they were.
    for (name, text) in &changed {
        let path = context.repo.root.join(name);
        fs::write(&path, text).map_err(Error::io("write", &path))?;
        println!("wrote {name}");
    }
    if changed.is_empty() {
        println!("every snippet was so already");
    }
    Ok(())
}

fn record(context: &Context, section: Option<&str>) -> Result<()> {
    let only = match section {
        Some(name) => Some(context.order().resolve(name)?.stem),
        None => None,
    };
    let files = files_on_disk(&context.git()?, &context.repo, &deck::FOLDERS)?;
    let sections = material::sections(&files)?;
    let mut pages = deck::pages(&files, &deck::source(&files)?)?;
    pages.retain(|page| only.as_ref().is_none_or(|only| page.outline.stem == *only));
    let mut said = |tag: &str, what: &str| println!("{tag:<24} {what}");
    let scratch = Scratch::new(&context.repo);
    let Recording { changed, findings } = proof::record(&scratch, &sections, &pages, &mut said)?;
    if !findings.is_empty() {
        return super::check::report(&findings);
    }
    for (name, text) in &changed {
        let path = context.repo.root.join(name);
        fs::write(&path, text).map_err(Error::io("write", &path))?;
        println!("wrote {name}");
    }
    if changed.is_empty() {
        println!("every output was so already");
    }
    Ok(())
}

fn sources(context: &Context) -> Result<()> {
    for page in pages(context)? {
        for slide in &page.outline.slides {
            for cited in deck::citations(&page, slide)? {
                println!("{}:{} {}", page.path, cited.line, slide.id);
                let what = cited
                    .what
                    .map_or(String::new(), |what| format!(", \"{what}\""));
                println!("    {}{what}", cited.who);
                let address = cited
                    .address
                    .map_or(String::new(), |address| format!("{address}, "));
                println!("    {address}seen {}", cited.seen);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::without_user;

    #[test]
    fn a_token_in_an_address_is_not_shown() {
        assert_eq!(
            without_user("https://jim:ghp_x@host.example/a/b@c.git"),
            "https://host.example/a/b@c.git"
        );
        assert_eq!(
            without_user("https://host.example/a.git"),
            "https://host.example/a.git"
        );
    }
}
