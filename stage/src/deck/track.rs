//! The tracks: what `slides/deck.toml` says about the time that each has.

use toml::de::{DeTable, DeValue};

use crate::checkpoint::nearest;
use crate::error::{Error, Result};
use crate::outline::TRACKS;

pub const FILE: &str = "slides/deck.toml";

/// A track as `slides/deck.toml` has it; all times are minutes.
#[derive(Debug, Clone, PartialEq)]
pub struct Track {
    pub name: String,
    pub slots: Vec<f64>,
    /// A break of so many minutes once so many were worked, at a section's end.
    pub pause: Option<Pause>,
    /// Where it stands in the file.
    pub line: usize,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pause {
    pub minutes: f64,
    pub after: f64,
}

/// Read the `[track.…]` tables of `slides/deck.toml`, in the tracks' own order.
///
/// # Errors
/// `BadText` with the line, for whatever is missing, unknown or no time.
pub fn tracks(text: &str) -> Result<Vec<Track>> {
    let line = |at: usize| text[..at].matches('\n').count() + 1;
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        bad(line(at), error.message().into(), "it is not TOML")
    })?;
    let Some(found) = table.get_ref().get("track") else {
        return Ok(Vec::new());
    };
    let mend = "write `[track.day]`, and below it `slots = [180, 180]`";
    let tables = found.get_ref().as_table().ok_or_else(|| {
        bad(
            line(found.span().start),
            "`track` is not a table".into(),
            mend,
        )
    })?;
    let mut tracks = Vec::new();
    for (name, value) in tables {
        let here = line(name.span().start);
        let name = name.get_ref().to_string();
        if !TRACKS.contains(&name.as_str()) {
            let near = nearest(&name, TRACKS.iter().map(|track| track.to_string()));
            let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            let reason = format!("no track is called `{name}`{hint}");
            return Err(bad(here, reason, "use hour, half or day"));
        }
        let not_a_table = || bad(here, format!("`{name}` is not a table"), mend);
        let keys = value.get_ref().as_table().ok_or_else(not_a_table)?;
        tracks.push(read(&name, here, keys, &line)?);
    }
    tracks.sort_by_key(|track| TRACKS.iter().position(|name| *name == track.name));
    Ok(tracks)
}

fn read(name: &str, here: usize, keys: &DeTable, line: &dyn Fn(usize) -> usize) -> Result<Track> {
    let (mut slots, mut pause, mut after) = (Vec::new(), None, None);
    for (key, value) in keys {
        let at = line(key.span().start);
        let mend = "write minutes, more than 0: `slots = [180, 180]`, `break = 10`, `after = 50`";
        let time = |value: &DeValue| {
            number(value).ok_or_else(|| bad(at, format!("`{}` is no time", key.get_ref()), mend))
        };
        match key.get_ref().as_ref() {
            "slots" => {
                let list = value.get_ref().as_array();
                let list = list.ok_or_else(|| bad(at, "`slots` is not a list".into(), mend))?;
                for slot in list {
                    slots.push(time(slot.get_ref())?);
                }
            }
            "break" => pause = Some(time(value.get_ref())?),
            "after" => after = Some(time(value.get_ref())?),
            key => {
                let known = ["slots", "break", "after"];
                let near = nearest(key, known.iter().map(|key| key.to_string()));
                let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                let reason = format!("a track knows no `{key}`{hint}");
                return Err(bad(at, reason, "it has `slots`, `break` and `after`"));
            }
        }
    }
    if slots.is_empty() {
        let reason = format!("the track `{name}` has no slot");
        return Err(bad(here, reason, "add `slots = [180]`"));
    }
    let pause = match (pause, after) {
        (Some(minutes), Some(after)) => Some(Pause { minutes, after }),
        (None, None) => None,
        _ => {
            let reason = format!("the track `{name}` has one of `break` and `after`");
            let mend = "give both: a `break` of so many minutes `after` so many of work";
            return Err(bad(here, reason, mend));
        }
    };
    Ok(Track {
        name: name.into(),
        slots,
        pause,
        line: here,
    })
}

fn number(value: &DeValue) -> Option<f64> {
    let text = match value {
        DeValue::Integer(number) => number.as_str(),
        DeValue::Float(number) => number.as_str(),
        _ => return None,
    };
    let number: f64 = text.parse().ok()?;
    (number.is_finite() && number > 0.0).then_some(number)
}

fn bad(line: usize, reason: String, mend: &str) -> Error {
    Error::BadText {
        path: FILE.into(),
        line,
        reason,
        mend: mend.into(),
    }
}

/// The track of that name.
///
/// # Errors
/// `Usage`, with the nearest name; `BadText` if there is no track at all.
pub fn track<'a>(tracks: &'a [Track], name: &str) -> Result<&'a Track> {
    if tracks.is_empty() {
        return Err(none());
    }
    let found = tracks.iter().find(|track| track.name == name);
    found.ok_or_else(|| {
        let names = || tracks.iter().map(|track| track.name.clone());
        let hint = nearest(name, names())
            .map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        Error::Usage {
            message: format!("no track is called `{name}`{hint}"),
            mend: format!("use one of {}", names().collect::<Vec<_>>().join(", ")),
        }
    })
}

/// The complaint that `slides/deck.toml` gives no track any time.
pub fn none() -> Error {
    bad(
        1,
        "no track has a slot".into(),
        "add one: `[track.day]` and below it `slots = [180, 180]`",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_in_a_track_is_named_with_its_line() {
        for (text, reason, line) in [
            (
                "[track.hafl]\nslots = [1]",
                "no track is called `hafl`; did you mean `half`?",
                1,
            ),
            (
                "\n[track.day]\nslot = [1]",
                "a track knows no `slot`; did you mean `slots`?",
                3,
            ),
            ("[track.day]\nslots = 180", "`slots` is not a list", 2),
            ("[track.day]\nslots = [180, -1]", "`slots` is no time", 2),
            ("[track.day]\nslots = [\"180\"]", "`slots` is no time", 2),
            ("[track.day]\nslots = [nan]", "`slots` is no time", 2),
            ("[track.day]\nslots = []", "the track `day` has no slot", 1),
            (
                "a = 1\n[track.day]\nslots = [1]\nbreak = 1",
                "the track `day` has one of `break` and `after`",
                2,
            ),
            ("a = 1\ntrack = 3", "`track` is not a table", 2),
            ("[track]\nday = 3", "`day` is not a table", 2),
        ] {
            let error = tracks(text).unwrap_err().to_string();
            let start = format!("error: {reason}\n where: slides/deck.toml:{line}\n");
            assert!(error.starts_with(&start), "{text}: {error}");
        }
    }
}
