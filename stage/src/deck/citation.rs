//! Who says so: the citations of a slide, read from `<small class="source">`.

use std::ops::Range;

use pulldown_cmark::{Event, Tag};
use regex::Regex;

use super::Page;
use super::html::NOTES;
use crate::error::{Error, Result};
use crate::outline::{Slide, parser};

/// One source of facts on a slide.
#[derive(Debug, Clone, PartialEq)]
pub struct Citation {
    /// Line of the citation's beginning, from 1.
    pub line: usize,
    pub who: String,
    pub what: Option<String>,
    pub address: Option<String>,
    /// When it was published, if the citation says so.
    pub dated: bool,
    /// `2026-11-23`: when somebody looked.
    pub seen: String,
}

const OPEN: &str = "<small class=\"source\">";
const CLOSE: &str = "</small>";
const MEND: &str = "write it like `Source: who, \"what\", <https://…>, date; seen 2026-11-23.`";

/// The citations of a slide, each with an address or a named release, and the
/// date on which it was seen.
///
/// # Errors
/// `BadText` with the line of the first citation that lacks something.
pub fn citations(page: &Page, slide: &Slide) -> Result<Vec<Citation>> {
    let mut all = Vec::new();
    for range in small_prints(page, slide)? {
        all.extend(small_print(page, range)?);
    }
    Ok(all)
}

/// Whether the text that a room sees says as of when it holds: words, not
/// what stands in an address or beside a picture.
pub fn says_as_of(page: &Page, slide: &Slide) -> bool {
    let mut seen = String::new();
    let mut is_small = false;
    for (event, _) in parser(&page.text[slide.text.clone()]).into_offset_iter() {
        match event {
            Event::Html(html) if html.starts_with(NOTES) => break,
            Event::InlineHtml(tag) if *tag == *OPEN => is_small = true,
            Event::InlineHtml(tag) if *tag == *CLOSE => is_small = false,
            Event::Text(words) if !is_small => seen.push_str(&words),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => seen.push(' '),
            _ => {}
        }
    }
    pattern(r"\b[Aa]s of (?:\w+ ){0,2}20\d\d\b").is_match(&seen)
}

/// Where the small prints stand in the file, their tags excluded.
fn small_prints(page: &Page, slide: &Slide) -> Result<Vec<Range<usize>>> {
    let text = blanked(page, slide);
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(open) = text[from..].find(OPEN).map(|at| from + at) {
        let start = open + OPEN.len();
        let close = text[start..].find(CLOSE);
        let end = close.map(|at| start + at).ok_or_else(|| Error::BadText {
            path: page.path.clone(),
            line: line(page, slide.text.start + open),
            reason: format!("the source on the slide `{}` is never closed", slide.id),
            mend: "add `</small>`".into(),
        })?;
        found.push(slide.text.start + start..slide.text.start + end);
        from = end;
    }
    Ok(found)
}

/// The slide's Markdown, byte for byte, with spaces where code stands.
fn blanked(page: &Page, slide: &Slide) -> String {
    let mut text = page.text[slide.text.clone()].to_string();
    for (event, range) in parser(&page.text[slide.text.clone()]).into_offset_iter() {
        if matches!(event, Event::Start(Tag::CodeBlock(_)) | Event::Code(_)) {
            let blanks = " ".repeat(range.len());
            text.replace_range(range, &blanks);
        }
    }
    text
}

fn small_print(page: &Page, range: Range<usize>) -> Result<Vec<Citation>> {
    let seen_date = pattern(r"\b(?:all )?seen (\S+?)[.,;]?(?:\s|$)");
    let mut cited: Vec<(usize, &str, Option<String>)> = Vec::new();
    for (at, part) in parts(&page.text[range.clone()]) {
        let line = line(page, range.start + at);
        let seen = seen_date.captures(part).map(|found| found[1].to_string());
        let rest = seen_date.replace(part, "");
        let rest =
            rest.trim_matches(|letter: char| letter.is_whitespace() || ",.".contains(letter));
        match seen {
            // `; seen …` by itself holds for all before it.
            Some(seen) if rest.is_empty() => {
                for (_, _, missing) in cited.iter_mut().filter(|(_, _, seen)| seen.is_none()) {
                    *missing = Some(seen.clone());
                }
            }
            seen => cited.push((line, part, seen)),
        }
    }
    let read = |(line, part, seen)| citation(part, line, seen);
    let read: Result<Vec<Citation>, (usize, String)> = cited.into_iter().map(read).collect();
    let bad = |line, reason| Error::BadText {
        path: page.path.clone(),
        line,
        reason,
        mend: MEND.into(),
    };
    match read {
        Ok(all) if all.is_empty() => Err(bad(
            line(page, range.start),
            "a source that names nobody".into(),
        )),
        read => read.map_err(|(line, reason)| bad(line, reason)),
    }
}

fn citation(part: &str, line: usize, seen: Option<String>) -> Result<Citation, (usize, String)> {
    let bad = |reason: String| (line, reason);
    let found = |wanted: &str| {
        pattern(wanted)
            .captures(part)
            .map(|found| found[1].to_string())
    };
    let what = found(r#""([^"]+)""#);
    let address = found(r"(https?://[^\s<>]+)");
    let bare = pattern(r#""[^"]*"|<[^>]*>|https?://\S+|\bseen \S+"#).replace_all(part, "");
    let is_release = pattern(r"\b[\w-]*[A-Za-z][\w-]* v?\d+(\.\d+)+").is_match(&bare);
    let who = match address {
        None if is_release => bare
            .trim_matches(|letter| " ,\n".contains(letter))
            .to_string(),
        _ => bare
            .split(',')
            .next()
            .unwrap_or_default()
            .trim()
            .to_string(),
    };
    if !who.contains(char::is_alphabetic) {
        return Err(bad(format!("a source without a name: `{}`", part.trim())));
    }
    if address.is_none() && !is_release {
        return Err(bad(format!(
            "the source `{who}` has neither an address nor a release"
        )));
    }
    if let Some(address) = address.as_ref().filter(|address| !is_address(address)) {
        return Err(bad(format!(
            "the source `{who}` has the address `{address}`, which is none"
        )));
    }
    let seen =
        seen.ok_or_else(|| bad(format!("the source `{who}` does not say when it was seen")))?;
    if !is_date(&seen) {
        return Err(bad(format!(
            "the source `{who}` was seen `{seen}`, which is no date"
        )));
    }
    let dated = pattern(r"\b(?:19|20)\d\d\b").is_match(&bare);
    Ok(Citation {
        line,
        who,
        what,
        address,
        dated,
        seen,
    })
}

/// The pieces between the semicolons that stand in no quotes and no address,
/// each with where it begins.
fn parts(text: &str) -> Vec<(usize, &str)> {
    let start = pattern(r"^\s*Sources?:\s*")
        .find(text)
        .map_or(0, |found| found.end());
    let (mut quoted, mut address, mut from) = (false, false, start);
    let mut parts = Vec::new();
    for (at, letter) in text.char_indices().filter(|(at, _)| *at >= start) {
        match letter {
            '"' => quoted = !quoted,
            '<' => address = true,
            '>' => address = false,
            ';' if !quoted && !address => {
                parts.push((from, &text[from..at]));
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push((from, &text[from..]));
    parts.retain(|(_, part)| {
        !part
            .trim_matches(|letter| " .\n".contains(letter))
            .is_empty()
    });
    let spaces = |part: &str| part.len() - part.trim_start().len();
    parts
        .into_iter()
        .map(|(at, part)| (at + spaces(part), part.trim()))
        .collect()
}

/// Whether `2026-11-23` is a day that there was, or will be.
fn is_date(text: &str) -> bool {
    if !pattern(r"^\d{4}-\d{2}-\d{2}$").is_match(text) {
        return false;
    }
    let numbers: Vec<u32> = text.split('-').flat_map(str::parse).collect();
    let [year, month, day] = numbers[..] else {
        return false;
    };
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// Whether text could be an address: a host with a dot in it, and nothing odd.
fn is_address(text: &str) -> bool {
    pattern(r#"^https?://([A-Za-z0-9-]+\.)+[A-Za-z][A-Za-z0-9-]*(:\d+)?([/?#][^\s"`{}|\\^]*)?$"#)
        .is_match(text)
}

fn line(page: &Page, at: usize) -> usize {
    page.text[..at].matches('\n').count() + 1
}

/// The patterns are ours, and each is run by a test.
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outline::Outline;

    fn page(slide: &str) -> Page {
        let path = "slides/03-classes.md".to_string();
        let text = format!(
            "---\ntitle: t\nred: r\n---\n\n<!-- slide id=a min=1 at=03-classes-1 factual -->\n{slide}\n"
        );
        let outline = Outline::parse(&path, &text).unwrap();
        Page {
            path,
            text,
            outline,
        }
    }

    fn read(small: &str) -> Result<Vec<Citation>> {
        let page = page(&format!("## A\n\n<small class=\"source\">{small}</small>"));
        citations(&page, &page.outline.slides[0])
    }

    #[test]
    fn a_citation_has_who_what_address_and_date() {
        let cited = read(
            "Sources: LWN, \"Rust; eventually\", <https://lwn.net/Articles/1;a>, 2025-11-17, seen 2026-11-22; uv 0.13.9 and ruff 0.17.6, as released; A. B, <https://a.b>; all seen 2026-11-23.",
        )
        .unwrap();
        assert_eq!(
            cited[0],
            Citation {
                line: 9,
                who: "LWN".into(),
                what: Some("Rust; eventually".into()),
                address: Some("https://lwn.net/Articles/1;a".into()),
                dated: true,
                seen: "2026-11-22".into(),
            }
        );
        assert_eq!(cited[1].who, "uv 0.13.9 and ruff 0.17.6, as released");
        assert_eq!(
            (cited[1].dated, cited[1].seen.as_str()),
            (false, "2026-11-23")
        );
        assert_eq!(cited[2].address.as_deref(), Some("https://a.b"));
    }

    #[test]
    fn a_citation_that_lacks_something_says_what_and_where() {
        for (small, reason) in [
            (
                "Source: LWN, \"Rust\", <https://lwn.net>.",
                "`LWN` does not say when it was seen",
            ),
            (
                "Source: LWN, \"Rust\"; seen 2026-11-23.",
                "`LWN` has neither an address nor a release",
            ),
            (
                "Source: LWN, <https://lwn.net>; seen 2026-13-23.",
                "`2026-13-23`, which is no date",
            ),
            (
                "Source: LWN, <https://lwn.net>; seen 2026-02-30.",
                "`2026-02-30`, which is no date",
            ),
            (
                "Source: LWN, <https://lwn>; seen 2026-02-20.",
                "has the address `https://lwn`, which is none",
            ),
            (
                "Source: LWN, https://; seen 2026-02-20.",
                "has neither an address nor a release",
            ),
            (
                "Source: LWN, <https://lwn.net>; seen yesterday.",
                "`yesterday`, which is no date",
            ),
            (
                "Source: <https://lwn.net>; seen 2026-11-23.",
                "a source without a name",
            ),
            ("Source: seen 2026-11-23.", "a source that names nobody"),
            ("", "a source that names nobody"),
        ] {
            let error = read(small).unwrap_err().to_string();
            assert!(error.contains(reason), "{small}: {error}");
            assert!(error.contains("slides/03-classes.md:9\n"), "{error}");
        }
    }

    #[test]
    fn a_source_in_code_is_no_source_and_an_open_one_is_refused() {
        let page =
            page("```text run=x\n<small class=\"source\">\n```\n\n`<small class=\"source\">`");
        assert_eq!(citations(&page, &page.outline.slides[0]).unwrap(), []);
        let open = super::tests::page("<small class=\"source\">LWN");
        let error = citations(&open, &open.outline.slides[0]).unwrap_err();
        assert!(error.to_string().contains("is never closed"), "{error}");
    }

    #[test]
    fn as_of_counts_where_the_room_can_see_it() {
        let says = |slide: &str| {
            let page = page(slide);
            says_as_of(&page, &page.outline.slides[0])
        };
        assert!(says("| they say | as of November 2026 |\n|---|---|"));
        assert!(says("As of 2026-09-30: **no** number"));
        assert!(says("## A title as of\nNovember 2026\n===") && says("_As of 2026_"));
        assert!(!says("[a](https://b.c \"as of 2026\")"));
        assert!(!says("[a]\n\n[a]: https://b.c \"as of 2026\""));
        assert!(!says("As of late: in 2026"));
        assert!(!says("<small class=\"source\">as of 2026</small>"));
        assert!(!says(
            "<details><summary>Speaker notes</summary>\n\nas of 2026\n\n</details>"
        ));
    }
}
