//! `stage present`: serve the deck and reload it when a slide is saved.

use std::path::Path;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::watch;

use super::{Context, deck as deck_command};
use crate::deck::{Folders, Server};
use crate::error::{Error, Result};
use crate::place;

#[derive(clap::Args)]
pub struct Args {
    /// Serve on this port instead of one that is free
    #[arg(long)]
    port: Option<u16>,
    /// Do not open a browser
    #[arg(long)]
    no_open: bool,
    /// Where attendees clone from, for the banner; origin by default
    #[arg(long)]
    repository: Option<String>,
}

pub fn run(context: &Context, args: &Args) -> Result<()> {
    let folder = context.repo.root.join("deck");
    // Before anything is built: what is saved from now on is not missed.
    let watching = watch_sources(&context.repo.root);
    deck_command::build(context, &folder, args.repository.as_deref())?;
    // From the clock: a page of yesterday's server must see that this is another.
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let (tell, version) = watch::channel(now.map_or(1, |now| now.as_secs()));
    let failed = |error: std::io::Error| Error::Tool {
        command: "stage present".into(),
        place: format!("127.0.0.1:{}", args.port.unwrap_or(0)),
        status: error.to_string(),
        tail: String::new(),
        mend: "leave `--port` out: a free port is found then".into(),
    };
    let folders = Folders {
        deck: folder.clone(),
        solutions: context.repo.root.join("solutions"),
    };
    let server = Server::bind(folders, args.port, version).map_err(failed)?;
    let address = format!("http://{}/", server.address().map_err(failed)?);
    let on_stage = place::on_stage(&context.git()?)?;
    println!("deck:     {address}");
    match on_stage {
        Some(at) => println!("on stage: {at} (in `live/`)"),
        None => println!("on stage: no checkpoint yet; `stage go 1` goes to the first"),
    }
    println!("step:     `stage next` and `stage back` in another terminal; arrow keys and S here");
    if !args.no_open && has_screen() {
        // Without a browser the address above is enough.
        let _ = open::that_detached(&address);
    }
    let (_watcher, events) = match watching {
        Ok((watcher, events)) => (Some(watcher), Some(events)),
        Err(error) => {
            eprintln!("slides are not watched: {error}");
            (None, None)
        }
    };
    let repository = args.repository.as_deref();
    std::thread::scope(|scope| {
        if let Some(events) = events {
            scope.spawn(|| rebuild_on_change(context, events, &folder, repository, &tell));
        }
        server.run().map_err(failed)
    })
}

/// An event for each change of a slide, the theme or a solution, as long as
/// the watcher lives.
fn watch_sources(root: &Path) -> notify::Result<(RecommendedWatcher, Receiver<()>)> {
    let (sender, events) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| !event.kind.is_access()) {
            let _ = sender.send(());
        }
    })?;
    for name in ["slides", "solutions"] {
        watcher.watch(&root.join(name), RecursiveMode::Recursive)?;
    }
    Ok((watcher, events))
}

/// Build again after each change. A slide with a mistake is named; the deck
/// stays as it was.
fn rebuild_on_change(
    context: &Context,
    events: Receiver<()>,
    folder: &Path,
    repository: Option<&str>,
    tell: &watch::Sender<u64>,
) {
    while events.recv().is_ok() {
        // Editors write a file in several goes; some programs never stop.
        let first = Instant::now();
        while first.elapsed() < Duration::from_secs(1)
            && events.recv_timeout(Duration::from_millis(80)).is_ok()
        {}
        match deck_command::build(context, folder, repository) {
            Ok(slides) => {
                println!("built: {slides} slides");
                tell.send_modify(|version| *version += 1);
            }
            Err(error) => eprintln!("{error}"),
        }
    }
}

/// Whether a browser could show: `xdg-open` in a bare terminal would start a
/// text browser over our own words.
fn has_screen() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}
