//! `stage deck schedule` and `stage deck runsheet`: the tracks by the clock.

use std::fs;
use std::path::Path;

use super::{Context, deck as deck_command};
use crate::authoring::files_on_disk;
use crate::deck::schedule::{Session, clock, minutes, overrun, sessions};
use crate::deck::track::{self, Track, none, track};
use crate::deck::{self, Page};
use crate::error::{Error, Result};
use crate::material::{self, Section};
use crate::proof::Finding;

/// Show each track, or the one that is asked for.
pub fn run(context: &Context, name: Option<&str>) -> Result<()> {
    let pages = deck_command::pages(context)?;
    let all = deck::settings(&context.repo)?.tracks;
    let asked: Vec<&Track> = match name {
        Some(name) => vec![track(&all, name)?],
        None if all.is_empty() => return Err(none()),
        None => all.iter().collect(),
    };
    for track in &asked {
        let sessions = sessions(track, &pages);
        for (at, session) in sessions.iter().enumerate() {
            let slot = match sessions.len() {
                1 => String::new(),
                many => format!(" (slot {} of {many})", at + 1),
            };
            show(&format!("{}{slot}", track.name), session);
        }
    }
    match asked.iter().find_map(|track| overrun(track, &pages)) {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

fn show(name: &str, session: &Session) {
    let spare = match session.over() {
        over if over > 0.0 => format!("{} too long", minutes(over)),
        _ => format!("{} to spare", minutes(session.slot - session.used())),
    };
    let used = minutes(session.used());
    println!("{name}: {used} of {}, {spare}", session.slot);
    for row in &session.rows {
        let stem = row.stem.as_deref().unwrap_or("break");
        let slides = match row.slides {
            0 => String::new(),
            1 => "1 slide".into(),
            many => format!("{many} slides"),
        };
        let line = format!(
            "{:>6}  {stem:<16}{:>6}  {slides}",
            clock(row.from),
            row.minutes
        );
        println!("{}", line.trim_end());
    }
}

/// Write the run sheet, unless it is so already.
pub fn write_sheet(context: &Context) -> Result<()> {
    let pages = deck_command::pages(context)?;
    let path = context.repo.root.join(deck::SHEET);
    let text = sheet(context, &pages, &sections(context)?)?.ok_or_else(|| Error::BadText {
        path: deck::TEMPLATE.into(),
        line: 1,
        reason: "the run sheet's frame is missing".into(),
        mend: format!("`git checkout {}` brings it back", deck::TEMPLATE),
    })?;
    if fs::read_to_string(&path).is_ok_and(|old| old == text) {
        println!("{} was so already", deck::SHEET);
        return Ok(());
    }
    let folder = context.repo.root.join("docs");
    fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
    fs::write(&path, text).map_err(Error::io("write", &path))?;
    println!("wrote {}", deck::SHEET);
    Ok(())
}

/// Write what the speaker view reads besides the slides, into the built deck.
pub fn write_data(context: &Context, pages: &[Page], tracks: &[Track], out: &Path) -> Result<()> {
    let text = deck::data(&sections(context)?, pages, tracks);
    deck::write(&out.join("data.js"), text.as_bytes())
}

/// What `stage check` finds: a track that overruns, a run sheet that is stale.
pub fn findings(context: &Context, pages: &[Page], sections: &[Section]) -> Result<Vec<Finding>> {
    let tracks = deck::settings(&context.repo)?.tracks;
    let over = tracks
        .iter()
        .filter_map(|track| overrun(track, pages).map(|error| (track.line, error)));
    let mut findings: Vec<Finding> = over
        .map(|(line, error)| {
            let place = format!("{}:{line}", track::FILE);
            Finding::new(place, error.what(), error.mend())
        })
        .collect();
    if let Some(wanted) = sheet(context, pages, sections)? {
        let found = fs::read_to_string(context.repo.root.join(deck::SHEET)).unwrap_or_default();
        if found != wanted {
            let difference = diffy::create_patch(&found, &wanted).to_string();
            let what = "it is not what the slides say: `stage deck runsheet`";
            findings.push(Finding::new(deck::SHEET, what, difference));
        }
    }
    Ok(findings)
}

/// The run sheet as it should be; none where no frame for it was written.
fn sheet(context: &Context, pages: &[Page], sections: &[Section]) -> Result<Option<String>> {
    if !context.repo.root.join(deck::TEMPLATE).is_file() {
        return Ok(None);
    }
    let path = context.repo.root.join(deck::TEMPLATE);
    let template = crate::course::read_text(&path, deck::TEMPLATE)?;
    let tracks = deck::settings(&context.repo)?.tracks;
    deck::runsheet(&template, pages, sections, &tracks).map(Some)
}

fn sections(context: &Context) -> Result<Vec<Section>> {
    let files = files_on_disk(&context.git()?, &context.repo, &material::FOLDERS)?;
    material::sections(&files)
}
