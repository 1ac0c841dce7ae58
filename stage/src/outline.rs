//! What a section's Markdown says about itself: title, slides, minutes.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::checkpoint::{Checkpoint, nearest};
use crate::error::{Error, Result};
use crate::words;

/// The tracks that a slide may be in.
pub const TRACKS: [&str; 3] = ["hour", "half", "day"];

/// A section of the deck: one `slides/NN-slug.md`.
#[derive(Debug, Clone)]
pub struct Outline {
    pub stem: String,
    pub title: String,
    /// A piece of what pytest prints at the section's start.
    pub red: String,
    /// Tests of the section that pass from its start on: they show what is so
    /// without us. Node ids or their beginnings.
    pub green: Vec<String>,
    pub slides: Vec<Slide>,
}

/// What a slide's first comment says, and where its text stands.
#[derive(Debug, Clone)]
pub struct Slide {
    pub id: String,
    pub minutes: f64,
    pub at: Checkpoint,
    pub tracks: Vec<String>,
    pub optional: bool,
    pub factual: bool,
    /// The comment's line, counted from 1.
    pub line: usize,
    /// The slide's Markdown, as a range of the file.
    pub text: Range<usize>,
}

impl Outline {
    pub fn minutes(&self) -> f64 {
        self.slides.iter().map(|slide| slide.minutes).sum()
    }

    /// Read a section's Markdown.
    ///
    /// # Errors
    /// The first of what `read` finds.
    pub fn parse(path: &str, text: &str) -> Result<Self> {
        let (outline, problems) = Self::read(path, text);
        match problems.into_iter().next() {
            Some(problem) => Err(problem),
            None => Ok(outline),
        }
    }

    /// Read a section's Markdown: the slides that can be read, and `BadPlace`
    /// for everything that is missing, unknown or ambiguous.
    ///
    /// Slides are split at thematic breaks that the Markdown parser finds at the
    /// top level, so a `---` inside a fence splits nothing.
    pub fn read(path: &str, text: &str) -> (Self, Vec<Error>) {
        let file = Source { path, text };
        let mut outline = Self {
            stem: path
                .rsplit('/')
                .next()
                .unwrap_or(path)
                .trim_end_matches(".md")
                .to_string(),
            title: String::new(),
            red: String::new(),
            green: Vec::new(),
            slides: Vec::new(),
        };
        if text.starts_with('\u{feff}') {
            let reason = "the file begins with a byte order mark";
            let problem = file.bad(0, reason, "save it as plain UTF-8");
            return (outline, vec![problem]);
        }
        let (header, breaks, mut problems) = split(&file);
        let Some(header) = header else {
            let mend = "begin the file with `---`, `title: …`, `red: …`, `---`";
            problems.insert(0, file.bad(0, "the section has no front matter", mend));
            return (outline, problems);
        };
        match front_matter(&file, header.clone()) {
            Ok((title, red, green)) => {
                (outline.title, outline.red, outline.green) = (title, red, green);
            }
            Err(problem) => problems.push(problem),
        }
        let starts = std::iter::once(header.end).chain(breaks.iter().map(|range| range.end));
        let ends = breaks.iter().map(|range| range.start).chain([text.len()]);
        for range in starts.zip(ends) {
            match slide(&file, range.0..range.1) {
                Ok(slide) => outline.slides.push(slide),
                Err(problem) => problems.push(problem),
            }
        }
        (outline, problems)
    }
}

/// The front matter, the breaks between slides, and what would swallow one.
#[allow(clippy::type_complexity)]
fn split(file: &Source) -> (Option<Range<usize>>, Vec<Range<usize>>, Vec<Error>) {
    let (mut header, mut breaks, mut problems) = (None, Vec::new(), Vec::new());
    let mut depth = 0_usize;
    for (event, range) in parser(file.text).into_offset_iter() {
        match event {
            Event::Start(Tag::MetadataBlock(_)) if range.start == 0 => header = Some(range),
            Event::Start(Tag::MetadataBlock(_)) => {
                let reason = "`---` without an empty line below it hides the text up to the next";
                problems.push(file.bad(range.start, reason, "put an empty line below it"));
            }
            Event::Start(Tag::Heading { .. }) if is_underlined(&file.text[range.clone()]) => {
                let reason = "`---` under a line of text makes a heading, not a new slide";
                problems.push(file.bad(range.start, reason, "put an empty line above it"));
            }
            Event::Rule if depth == 0 => breaks.push(range),
            _ => {}
        }
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    (header, breaks, problems)
}

/// The Markdown that slides are written in.
pub fn parser(text: &str) -> Parser<'_> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    Parser::new_ext(text, options)
}

/// A file's path and text, for saying where something stands.
pub struct Source<'a> {
    pub path: &'a str,
    pub text: &'a str,
}

impl Source<'_> {
    /// The line, from 1, in which the byte `at` stands.
    pub fn line(&self, at: usize) -> usize {
        self.text[..at.min(self.text.len())].matches('\n').count() + 1
    }

    pub fn bad(&self, at: usize, reason: impl Into<String>, mend: impl Into<String>) -> Error {
        let begin = self.text[..at].rfind('\n').map_or(0, |end| end + 1);
        Error::BadPlace {
            path: self.path.into(),
            line: self.line(at),
            column: self.text[begin..at].chars().count() + 1,
            reason: reason.into(),
            mend: mend.into(),
        }
    }
}

fn is_underlined(heading: &str) -> bool {
    let last = heading.trim_end().rsplit('\n').next().unwrap_or("");
    !heading.starts_with('#') && last.trim().bytes().all(|byte| byte == b'-')
}

fn front_matter(file: &Source, range: Range<usize>) -> Result<(String, String, Vec<String>)> {
    let (mut title, mut red, mut green) = (None, None, Vec::new());
    let mut at = range.start;
    for line in file.text[range].split_inclusive('\n') {
        let here = at;
        at += line.len();
        match line.trim_end().split_once(':') {
            None if line.trim_end() == "---" || line.trim().is_empty() => {}
            Some(("title", _)) if title.is_some() => return Err(twice(file, here, "title")),
            Some(("red", _)) if red.is_some() => return Err(twice(file, here, "red")),
            Some(("title", value)) => title = Some(value.trim().to_string()),
            Some(("red", value)) => red = Some(value.trim().to_string()),
            Some(("green", value)) => green.push(value.trim().to_string()),
            _ => {
                let reason = format!("the front matter knows no `{}`", line.trim_end());
                return Err(file.bad(
                    here,
                    reason,
                    "it has `title:`, `red:` and, where tests pass from the start, `green:`",
                ));
            }
        }
    }
    let title = title.filter(|title: &String| !title.is_empty());
    let red = red.filter(|red: &String| !red.is_empty());
    let missing = |key: &str| {
        file.bad(
            0,
            format!("the front matter has no `{key}:`"),
            format!("add `{key}: …`"),
        )
    };
    Ok((
        title.ok_or_else(|| missing("title"))?,
        red.ok_or_else(|| missing("red"))?,
        green,
    ))
}

fn twice(file: &Source, at: usize, key: &str) -> Error {
    let reason = format!("the front matter has `{key}:` twice");
    file.bad(at, reason, "take one away")
}

fn slide(file: &Source, range: Range<usize>) -> Result<Slide> {
    let text = &file.text[range.clone()];
    let start = range.start + (text.len() - text.trim_start().len());
    let comment = file.text[start..range.end]
        .strip_prefix("<!-- slide ")
        .and_then(|rest| {
            let end = rest.find("-->")?;
            Some((
                &rest[..end],
                start + "<!-- slide ".len() + end + "-->".len(),
            ))
        });
    let Some((comment, body)) = comment else {
        let mend = "begin it with `<!-- slide id=… min=… at=… -->`";
        return Err(file.bad(
            start,
            "the slide does not say its id, minutes and checkpoint",
            mend,
        ));
    };
    let bad = |reason: String, mend: &str| file.bad(start, reason, mend);
    let (mut id, mut minutes, mut at) = (None, None, None);
    let mut tracks: Vec<String> = TRACKS.map(String::from).to_vec();
    let (mut optional, mut factual) = (false, false);
    let words = words::parse(comment).map_err(|reason| bad(reason, "close it"))?;
    for (at, (name, _)) in words.iter().enumerate() {
        if words[..at].iter().any(|(other, _)| other == name) {
            let reason = format!("`{name}` stands there twice");
            return Err(bad(reason, "take one away"));
        }
    }
    for (name, value) in words {
        match (name.as_str(), value) {
            ("id", Some(value)) if is_id(&value) => id = Some(value),
            ("id", Some(value)) => {
                let mend = "use lower-case letters, digits, hyphens";
                return Err(bad(format!("`{value}` is no id"), mend));
            }
            ("min", Some(value)) => {
                let is_length = |minutes: &f64| minutes.is_finite() && *minutes > 0.0;
                minutes = value.parse().ok().filter(is_length);
            }
            ("at", Some(value)) => {
                let unknown = || {
                    bad(
                        format!("`{value}` is no checkpoint"),
                        "name one like `03-classes-done`",
                    )
                };
                at = Some(Checkpoint::parse(&value).ok_or_else(unknown)?);
            }
            // For readers, and for questions: shown where no track is chosen.
            ("track", Some(value)) if value == "none" => tracks.clear(),
            ("track", Some(value)) => {
                tracks = value.split(',').map(String::from).collect();
                if let Some(track) = tracks
                    .iter()
                    .find(|track| !TRACKS.contains(&track.as_str()))
                {
                    let near = nearest(track, TRACKS.iter().map(|track| track.to_string()));
                    let hint =
                        near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                    return Err(bad(
                        format!("no track is called `{track}`{hint}"),
                        "use hour, half or day; or none",
                    ));
                }
            }
            ("optional", None) => optional = true,
            ("factual", None) => factual = true,
            (name, _) => {
                let known = ["id=", "min=", "at=", "track=", "optional", "factual"];
                return Err(bad(
                    format!("a slide knows no `{name}` like this"),
                    &format!("it has {}", known.join(", ")),
                ));
            }
        }
    }
    let missing = |what: &str, mend: &str| bad(format!("the slide has no {what}"), mend);
    Ok(Slide {
        id: id.ok_or_else(|| missing("id", "add `id=…`: lower-case letters, digits, hyphens"))?,
        minutes: minutes.ok_or_else(|| missing("minutes", "add `min=3`"))?,
        at: at.ok_or_else(|| missing("checkpoint", "add `at=03-classes-done`"))?,
        tracks,
        optional,
        factual,
        line: file.line(start),
        text: body..range.end,
    })
}

fn is_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    text.starts_with(|first: char| first.is_ascii_lowercase()) && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "---\ntitle: Classes\nred: cannot import\n---\n\n";

    fn parsed(body: &str) -> Result<Outline> {
        Outline::parse("slides/03-classes.md", &format!("{HEAD}{body}"))
    }

    fn refused(body: &str) -> String {
        parsed(body).unwrap_err().to_string()
    }

    #[test]
    fn slides_are_split_at_thematic_breaks_only() {
        let outline = parsed(
            "<!-- slide id=one min=2 at=03-classes-1 -->\n## One\n\n```yaml\na: 1\n---\nb: 2\n```\n\n---\n\n\
             <!-- slide id=two min=0.5 at=03-classes-done track=half,day optional -->\n## Two\n\nNote: not a note\n",
        )
        .unwrap();
        assert_eq!(outline.title, "Classes");
        assert_eq!(outline.minutes(), 2.5);
        let ids: Vec<&str> = outline
            .slides
            .iter()
            .map(|slide| slide.id.as_str())
            .collect();
        assert_eq!(ids, ["one", "two"]);
        assert!(outline.slides[1].optional);
        assert_eq!(outline.slides[1].tracks, ["half", "day"]);
        let alone = "<!-- slide id=one min=1 at=03-classes-1 track=none -->\n## One\n";
        assert!(parsed(alone).unwrap().slides[0].tracks.is_empty());
        assert_eq!(outline.slides[1].line, 17);
    }

    #[test]
    fn a_slide_without_minutes_says_where_it_is() {
        let error = refused("<!-- slide id=one at=03-classes-1 -->\n");
        assert_eq!(
            error,
            "error: the slide has no minutes\n where: slides/03-classes.md:6:1\n  mend: add `min=3`"
        );
    }

    #[test]
    fn an_unknown_track_gets_the_nearest() {
        let error = refused("<!-- slide id=one min=1 at=03-classes-1 track=hours -->\n");
        assert!(
            error.contains("no track is called `hours`; did you mean `hour`?"),
            "{error}"
        );
    }

    #[test]
    fn an_underlined_line_is_no_new_slide() {
        let error = refused("<!-- slide id=one min=1 at=03-classes-1 -->\nlast words\n---\n");
        assert!(error.contains("put an empty line above it"), "{error}");
    }

    #[test]
    fn a_section_without_front_matter_is_refused() {
        let error = Outline::parse("slides/03-classes.md", "## One\n")
            .unwrap_err()
            .to_string();
        assert!(error.contains("no front matter"), "{error}");
    }
}
