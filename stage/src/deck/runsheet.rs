//! The run sheet: the slides by the clock, for whoever presents them.

use super::Page;
use super::schedule::{clock, minutes, sessions, shown};
use super::track::{Track, none};
use crate::checkpoint::Point;
use crate::error::{Error, Result};
use crate::material::Section;
use crate::outline::Slide;

/// What people write, and what is made of it.
pub const TEMPLATE: &str = "slides/presenting.md";
pub const SHEET: &str = "docs/presenting.md";

const HEAD: &str = "<!-- Made by `stage deck runsheet` from slides/presenting.md and the slides: edit those. -->\n";

/// Fill the template's places with what the slides say.
///
/// # Errors
/// `BadText` if there is no track, or the template lacks a place.
pub fn runsheet(
    template: &str,
    pages: &[Page],
    sections: &[Section],
    tracks: &[Track],
) -> Result<String> {
    if tracks.is_empty() {
        return Err(none());
    }
    let clocks: Vec<Clock> = tracks
        .iter()
        .map(|track| Clock::new(track, pages))
        .collect();
    let slides: Vec<(&Page, &Slide)> = pages
        .iter()
        .flat_map(|page| page.outline.slides.iter().map(move |slide| (page, slide)))
        .collect();
    let mut text = format!("{HEAD}{template}");
    for (place, filling) in [
        ("<!-- tracks -->", lengths(&clocks)),
        ("<!-- slides -->", table(pages, sections, &clocks)),
        ("<!-- checkpoints -->", checkpoints(&slides, &clocks)),
        ("<!-- cuts -->", cuts(&slides, &clocks)),
    ] {
        if !template.contains(place) {
            return Err(Error::BadText {
                path: TEMPLATE.into(),
                line: template.lines().count(),
                reason: format!("the run sheet has no place for `{place}`"),
                mend: "add that line where the table shall stand".into(),
            });
        }
        text = text.replace(place, filling.trim_end());
    }
    Ok(text)
}

/// A track and the minute at which each of its slides begins.
struct Clock<'a> {
    track: &'a Track,
    length: String,
    slides: Vec<(&'a str, usize, f64)>,
    slots: usize,
}

impl<'a> Clock<'a> {
    fn new(track: &'a Track, pages: &'a [Page]) -> Self {
        let sessions = sessions(track, pages);
        let mut slides = Vec::new();
        let mut lengths = Vec::new();
        for (slot, session) in sessions.iter().enumerate() {
            if session.rows.is_empty() {
                lengths.push(format!("{} to spare", minutes(session.slot)));
                continue;
            }
            for row in &session.rows {
                let page = pages
                    .iter()
                    .find(|page| Some(&page.outline.stem) == row.stem.as_ref());
                let mut at = row.from;
                for slide in page.into_iter().flat_map(|page| shown(track, page)) {
                    slides.push((slide.id.as_str(), slot, at));
                    at += slide.minutes;
                }
            }
            let breaks = session.rows.iter().filter(|row| row.stem.is_none()).count();
            lengths.push(format!(
                "{} of {}{}",
                minutes(session.used()).trim_end_matches(" minutes"),
                minutes(session.slot),
                match breaks {
                    0 => String::new(),
                    1 => ", one break".into(),
                    more => format!(", {more} breaks"),
                }
            ));
        }
        Self {
            track,
            length: lengths.join("; then "),
            slides,
            slots: sessions
                .iter()
                .filter(|session| !session.rows.is_empty())
                .count(),
        }
    }

    /// When `slide` has been on for `after` minutes; `–` where it is not shown.
    fn at(&self, slide: &str, after: f64) -> String {
        match self.slides.iter().find(|(id, ..)| *id == slide) {
            None => "–".into(),
            Some((_, _, minute)) if self.slots == 1 => clock(minute + after),
            Some((_, slot, minute)) => format!("{}. {}", slot + 1, clock(minute + after)),
        }
    }

    /// When the last of `slides` that the track shows is over.
    fn end(&self, slides: &[&Slide]) -> String {
        let is_shown = |slide: &&&Slide| self.slides.iter().any(|(id, ..)| *id == slide.id);
        match slides.iter().rfind(is_shown) {
            Some(slide) => self.at(&slide.id, slide.minutes),
            None => "–".into(),
        }
    }
}

fn lengths(clocks: &[Clock]) -> String {
    let row = |of: &Clock| {
        format!(
            "| {} | {} | `?track={}` |\n",
            of.track.name, of.length, of.track.name
        )
    };
    let rows: String = clocks.iter().map(row).collect();
    format!("| Track | Time | The deck's address ends in |\n|---|---|---|\n{rows}")
}

/// The heads and the rule of a table whose first columns are the tracks.
fn heads(clocks: &[Clock], others: &[&str]) -> String {
    let names = clocks.iter().map(|of| of.track.name.as_str());
    let all: Vec<&str> = names.chain(others.iter().copied()).collect();
    format!("| {} |\n|{}\n", all.join(" | "), "---|".repeat(all.len()))
}

fn row(clocks: &[Clock], slide: &str, after: f64, others: &[String]) -> String {
    let times = clocks.iter().map(|of| of.at(slide, after));
    let all: Vec<String> = times.chain(others.iter().cloned()).collect();
    format!("| {} |\n", all.join(" | "))
}

fn table(pages: &[Page], sections: &[Section], clocks: &[Clock]) -> String {
    let mut text = String::new();
    let mut before = None;
    for page in pages {
        let (stem, title) = (&page.outline.stem, &page.outline.title);
        text.push_str(&format!("### {}: {title}\n\n", &stem[..2]));
        text.push_str(&heads(clocks, &["min", "slide", "type, or catch up"]));
        for slide in &page.outline.slides {
            let command = if before == Some(&slide.at) {
                String::new()
            } else {
                to_type(slide, sections)
            };
            before = Some(&slide.at);
            let optional = if slide.optional { ", optional" } else { "" };
            let name = format!("`{}`{optional}", slide.id);
            text.push_str(&row(
                clocks,
                &slide.id,
                0.0,
                &[slide.minutes.to_string(), name, command],
            ));
        }
        text.push('\n');
    }
    text
}

/// What moves `live/` to the slide's checkpoint.
fn to_type(slide: &Slide, sections: &[Section]) -> String {
    let section = sections
        .iter()
        .find(|section| section.stem == slide.at.stem);
    match (slide.at.point, section) {
        (Point::Step(number), Some(section)) if number <= section.steps.len() => {
            let title = section.steps[number - 1].0.title.replace('|', "\\|");
            format!("{title}; or `stage go {}`", slide.at)
        }
        _ => format!("`stage go {}`", slide.at),
    }
}

/// By when each typed step must be green: the end of its last slide. What an
/// exercise asks for stands at the checkpoint after its own, so it has no say.
fn checkpoints(slides: &[(&Page, &Slide)], clocks: &[Clock]) -> String {
    let mut text = heads(clocks, &["by then", "if not"]);
    for run in slides.chunk_by(|(_, one), (_, next)| one.at == next.at) {
        let typed: Vec<&Slide> = run.iter().map(|(_, slide)| *slide).collect();
        let typed: Vec<&Slide> = typed
            .into_iter()
            .filter(|slide| !is_exercise(slide))
            .collect();
        let Some(at) = typed.last().map(|slide| &slide.at) else {
            continue;
        };
        let others = match at.point {
            Point::Start => continue,
            Point::Step(_) => [format!("`{at}` is green"), format!("`stage go {at}`")],
            Point::Done => [
                format!("section {} is over", &at.stem[..2]),
                "cut ahead, as below".into(),
            ],
        };
        let times = clocks.iter().map(|of| of.end(&typed));
        let all: Vec<String> = times.chain(others).collect();
        text.push_str(&format!("| {} |\n", all.join(" | ")));
    }
    text
}

/// What to leave out, and by when one must have decided.
fn cuts(slides: &[(&Page, &Slide)], clocks: &[Clock]) -> String {
    let mut text = heads(clocks, &["if by then", "do this", "saves"]);
    for (at, (_, slide)) in slides.iter().enumerate() {
        // What no track has cannot be cut from one.
        if slide.tracks.is_empty() {
            continue;
        }
        let rule = if is_exercise(slide) {
            let is_given = |(_, next): &&(&Page, &Slide)| !next.tracks.is_empty();
            let next = slides[at + 1..].iter().find(is_given);
            let next = next.map_or(&slide.at, |(_, next)| &next.at);
            Some((
                slide.minutes / 2.0,
                format!("`{}` has not begun", slide.id),
                format!("skip it, go on with `stage go {next}`"),
            ))
        } else if slide.optional {
            let late = format!("you are late at `{}`", slide.id);
            Some((0.0, late, "skip it: it is optional".into()))
        } else {
            None
        };
        if let Some((after, late, cut)) = rule {
            let saves = slide.minutes.to_string();
            text.push_str(&row(clocks, &slide.id, after, &[late, cut, saves]));
        }
    }
    text
}

/// Exercises are slides whose id says so.
fn is_exercise(slide: &Slide) -> bool {
    slide.id.starts_with("exercise-")
}

#[cfg(test)]
mod tests {
    use super::super::track::tracks;
    use super::*;
    use crate::outline::Outline;

    const SLIDES: &str = "---\ntitle: t\nred: r\n---\n\n\
        <!-- slide id=a min=2 at=01-why-start -->\n\n---\n\n\
        <!-- slide id=b min=3.5 at=01-why-1 -->\n\n---\n\n\
        <!-- slide id=c min=1 at=01-why-1 track=day optional -->\n\n---\n\n\
        <!-- slide id=exercise-d min=4 at=01-why-1 track=day -->\n\n---\n\n\
        <!-- slide id=x min=2 at=01-why-1 track=none optional -->\n\n---\n\n\
        <!-- slide id=e min=1 at=01-why-done -->\n";
    const TEMPLATE: &str =
        "<!-- tracks -->\n<!-- slides -->\n<!-- checkpoints -->\n<!-- cuts -->\n";

    fn sheet(template: &str, time: &str) -> Result<String> {
        let path = "slides/01-why.md".to_string();
        let outline = Outline::parse(&path, SLIDES)?;
        let text = SLIDES.to_string();
        let page = Page {
            path,
            text,
            outline,
        };
        runsheet(template, &[page], &[], &tracks(time)?)
    }

    const TIME: &str = "[track.hour]\nslots = [60]\n[track.day]\nslots = [9, 9]\n";

    #[test]
    fn each_slide_has_its_minute_in_each_track() {
        let text = sheet(TEMPLATE, TIME).unwrap();
        for row in [
            "| hour | 6.5 of 60 minutes | `?track=hour` |",
            "| day | 11.5 of 9 minutes; then 9 minutes to spare | `?track=day` |",
            "| 0:00 | 0:00 | 2 | `a` | `stage go 01-why-start` |",
            "| 0:02 | 0:02 | 3.5 | `b` | `stage go 01-why-1` |",
            "| – | 0:05 | 1 | `c`, optional |  |",
            "| 0:05 | 0:10 | 1 | `e` | `stage go 01-why-done` |",
        ] {
            assert!(text.contains(&format!("{row}\n")), "{row}\n{text}");
        }
    }

    #[test]
    fn a_step_is_due_when_its_last_slide_ends_and_an_exercise_at_half_its_time() {
        let text = sheet(TEMPLATE, TIME).unwrap();
        for row in [
            "| 0:05 | 0:06 | `01-why-1` is green | `stage go 01-why-1` |",
            "| 0:06 | 0:11 | section 01 is over | cut ahead, as below |",
            "| – | 0:05 | you are late at `c` | skip it: it is optional | 1 |",
            "| – | 0:08 | `exercise-d` has not begun | skip it, go on with `stage go 01-why-done` | 4 |",
        ] {
            assert!(
                text.contains(&format!("{row}\n")) || text.ends_with(row),
                "{row}\n{text}"
            );
        }
    }

    #[test]
    fn a_frame_without_a_place_or_a_deck_without_tracks_is_refused() {
        let error = sheet("<!-- tracks -->\n", TIME).unwrap_err().to_string();
        assert!(error.contains("no place for `<!-- slides -->`"), "{error}");
        let error = sheet(TEMPLATE, "").unwrap_err().to_string();
        assert!(error.contains("no track has a slot"), "{error}");
    }
}
