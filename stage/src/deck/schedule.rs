//! The schedule: which minute of a track each section stands at.

use super::Page;
use super::track::{FILE, Track};
use crate::error::Error;
use crate::outline::Slide;

/// What one slot of a track holds, in order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Session {
    pub slot: f64,
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The section, or none: a break.
    pub stem: Option<String>,
    pub from: f64,
    pub minutes: f64,
    pub slides: usize,
}

impl Session {
    pub fn used(&self) -> f64 {
        // An empty sum of floats is minus nought, and prints so.
        self.rows.iter().fold(0.0, |sum, row| sum + row.minutes)
    }

    /// By how much it is too long.
    pub fn over(&self) -> f64 {
        let over = self.used() - self.slot;
        // Minutes such as 0.1 do not add up exactly.
        if over < 1e-6 { 0.0 } else { over }
    }
}

/// Lay a track's sections out: each goes whole into the first slot that has
/// room, and never before the section that precedes it.
pub fn sessions(track: &Track, pages: &[Page]) -> Vec<Session> {
    let mut slots = track.slots.iter().map(|slot| Session {
        slot: *slot,
        rows: Vec::new(),
    });
    let mut all = Vec::from_iter(slots.next());
    let mut worked = 0.0;
    for page in pages {
        let slides: Vec<&Slide> = shown(track, page).collect();
        let minutes: f64 = slides.iter().map(|slide| slide.minutes).sum();
        let Some(mut session) = all.pop() else { break };
        if slides.is_empty() {
            all.push(session);
            continue;
        }
        let pause = track.pause.filter(|pause| worked >= pause.after);
        let pause = pause.map_or(0.0, |pause| pause.minutes);
        let needed = session.used() + pause + minutes;
        let fits = session.rows.is_empty() || needed <= session.slot + 1e-6;
        if let Some(next) = (!fits).then(|| slots.next()).flatten() {
            all.push(std::mem::replace(&mut session, next));
            worked = 0.0;
        } else if pause > 0.0 {
            session.rows.push(Row {
                stem: None,
                from: session.used(),
                minutes: pause,
                slides: 0,
            });
            worked = 0.0;
        }
        session.rows.push(Row {
            stem: Some(page.outline.stem.clone()),
            from: session.used(),
            minutes,
            slides: slides.len(),
        });
        worked += minutes;
        all.push(session);
    }
    // A slot that nothing reaches is time to spare.
    all.extend(slots);
    all
}

/// The slides of a section that a track shows.
pub fn shown<'a>(track: &'a Track, page: &'a Page) -> impl Iterator<Item = &'a Slide> {
    let is_in = |slide: &&Slide| slide.tracks.contains(&track.name);
    page.outline.slides.iter().filter(is_in)
}

/// What is wrong with a track that is longer than its time, as an error.
pub fn overrun(track: &Track, pages: &[Page]) -> Option<Error> {
    let sessions = sessions(track, pages);
    let over: f64 = sessions.iter().map(Session::over).sum();
    (over > 0.0).then(|| Error::BadText {
        path: FILE.into(),
        line: track.line,
        reason: format!(
            "the track `{}` is {} too long for its time",
            track.name,
            minutes(over)
        ),
        mend:
            "take slides out of it (`track=`), or give it more time; `stage deck schedule` shows it"
                .into(),
    })
}

/// `1 minute`, `52.5 minutes`.
pub fn minutes(minutes: f64) -> String {
    let rounded = (minutes * 100.0).round() / 100.0;
    let plural = if rounded == 1.0 { "" } else { "s" };
    format!("{rounded} minute{plural}")
}

/// A minute of the session as hours and minutes, `1:05`.
pub fn clock(minute: f64) -> String {
    let whole = (minute + 1e-6).floor();
    format!("{}:{:02}", (whole / 60.0).floor(), whole % 60.0)
}

#[cfg(test)]
mod tests {
    use super::super::track::tracks;
    use super::*;
    use crate::outline::Outline;

    fn page(stem: &str, slides: &[(f64, &str)]) -> Page {
        let slides: Vec<String> = slides
            .iter()
            .enumerate()
            .map(|(at, (minutes, track))| {
                format!("<!-- slide id=s{at} min={minutes} at={stem}-done track={track} -->\n")
            })
            .collect();
        let text = format!("---\ntitle: t\nred: r\n---\n\n{}", slides.join("\n---\n\n"));
        let path = format!("slides/{stem}.md");
        let outline = Outline::parse(&path, &text).unwrap();
        Page {
            path,
            text,
            outline,
        }
    }

    fn rows(track: &str, pages: &[Page]) -> String {
        let row = |row: &Row| {
            let name = row.stem.as_deref().unwrap_or("break");
            format!("{} {name} {}", clock(row.from), row.minutes)
        };
        let session = |session: &Session| {
            let rows: Vec<String> = session.rows.iter().map(row).collect();
            rows.join(", ")
        };
        let sessions = sessions(&tracks(track).unwrap()[0], pages);
        sessions.iter().map(session).collect::<Vec<_>>().join("; ")
    }

    fn three() -> [Page; 3] {
        [
            page("01-a", &[(40.0, "day"), (5.0, "half,day")]),
            page("02-b", &[(30.0, "day")]),
            page("03-c", &[(20.5, "day,hour")]),
        ]
    }

    #[test]
    fn a_break_stands_at_the_end_of_the_section_that_has_earned_it() {
        let track = "[track.day]\nslots = [180]\nbreak = 10\nafter = 45\n";
        assert_eq!(
            rows(track, &three()),
            "0:00 01-a 45, 0:45 break 10, 0:55 02-b 30, 1:25 03-c 20.5"
        );
    }

    #[test]
    fn a_section_without_room_opens_the_next_slot_and_needs_no_break_before_it() {
        let track = "[track.day]\nslots = [80, 60]\nbreak = 10\nafter = 45\n";
        assert_eq!(
            rows(track, &three()),
            "0:00 01-a 45; 0:00 02-b 30, 0:30 03-c 20.5"
        );
    }

    #[test]
    fn a_section_that_a_track_does_not_show_takes_no_time() {
        assert_eq!(
            rows("[track.hour]\nslots = [60]\n", &three()),
            "0:00 03-c 20.5"
        );
        assert_eq!(
            rows("[track.half]\nslots = [9, 9]\n", &three()),
            "0:00 01-a 5; "
        );
    }

    #[test]
    fn the_last_slot_overruns_and_says_by_how_much() {
        let track = &tracks("\n[track.day]\nslots = [50, 50]\n").unwrap()[0];
        let error = overrun(track, &three()).unwrap().to_string();
        assert!(
            error.contains("`day` is 0.5 minutes too long") && error.contains("deck.toml:2"),
            "{error}"
        );
        let track = &tracks("[track.day]\nslots = [50, 50.5]\n").unwrap()[0];
        assert!(overrun(track, &three()).is_none());
    }

    #[test]
    fn tenths_of_minutes_that_fill_a_slot_exactly_fit() {
        let page = page("01-a", &[(0.1, "day"), (0.2, "day")]);
        let track = &tracks("[track.day]\nslots = [0.3]\n").unwrap()[0];
        assert!(overrun(track, &[page]).is_none());
    }
}
