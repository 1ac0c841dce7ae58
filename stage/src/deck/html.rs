//! The HTML that a slide may have: a few tags, each closed where it was opened.
//!
//! Whatever else a browser would make of it could hide text, show code that
//! nobody compiled, or end the slide before its end. The file is long because
//! of its tests: each disguise has one.

use std::ops::Range;
use std::sync::LazyLock;

use pulldown_cmark::{Event, Tag, TagEnd};
use regex::Regex;

use super::Page;
use super::outside::{Wrong, has_alt, local};
use crate::error::Error;
use crate::files::Files;
use crate::outline::{Slide, Source, parser};

/// The line that begins speaker notes.
pub const NOTES: &str = "<details><summary>Speaker notes</summary>";

/// Tags that a slide may have, with the attributes that each may have.
const TAGS: [(&str, &[&str]); 21] = [
    ("a", &["href", "title"]),
    ("abbr", &["title"]),
    ("b", &[]),
    ("br", &[]),
    ("cite", &[]),
    ("del", &[]),
    ("details", &["open"]),
    ("em", &[]),
    ("i", &[]),
    ("img", &["src", "alt", "title", "width", "height"]),
    ("ins", &[]),
    ("kbd", &[]),
    ("mark", &[]),
    ("q", &[]),
    ("s", &[]),
    ("small", &["class"]),
    ("strong", &[]),
    ("sub", &[]),
    ("summary", &[]),
    ("sup", &[]),
    ("wbr", &[]),
];

/// Tags that are never closed.
const VOID: [&str; 3] = ["br", "img", "wbr"];

// Compiled once: a deck has thousands of tags.
static TAG: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"^<(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-zA-Z:-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+))?)*)\s*/?>"#,
    )
});
static ATTRIBUTE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"([a-zA-Z:-]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'=<>`]+))?"#));

/// What is wrong with the HTML of a section's slides.
pub fn problems(page: &Page, files: &Files) -> Vec<Error> {
    let mut problems = Vec::new();
    for slide in &page.outline.slides {
        let mut reader = Reader {
            page,
            files,
            open: Vec::new(),
            notes: false,
        };
        if let Err((at, (reason, mend))) = reader.read(slide) {
            let source = Source {
                path: &page.path,
                text: &page.text,
            };
            problems.push(source.bad(at, reason, mend));
        }
    }
    problems
}

/// A tag that is open.
struct Open {
    name: String,
    /// Where the piece of Markdown around it begins: the next item of a list
    /// cannot close it.
    around: usize,
    at: usize,
    is_notes: bool,
}

struct Reader<'a> {
    page: &'a Page,
    files: &'a Files,
    open: Vec<Open>,
    /// Whether the slide has speaker notes already.
    notes: bool,
}

impl Reader<'_> {
    fn read(&mut self, slide: &Slide) -> Result<(), (usize, Wrong)> {
        let text = &self.page.text[slide.text.clone()];
        let mut around: Vec<usize> = Vec::new();
        for (event, range) in parser(text).into_offset_iter() {
            let range = slide.text.start + range.start..slide.text.start + range.end;
            match event {
                Event::Start(Tag::HtmlBlock) => self.piece(range, &around, true)?,
                Event::End(TagEnd::HtmlBlock) => {}
                Event::InlineHtml(_) => self.piece(range, &around, false)?,
                Event::Start(_) => around.push(range.start),
                Event::End(_) => drop(around.pop()),
                _ => {}
            }
        }
        let Some(open) = self.open.first() else {
            return Ok(());
        };
        let name = &open.name;
        if name == "details" {
            let reason = format!("a `<details>` on the slide `{}` is never closed", slide.id);
            let mend = "add `</details>` on a line of its own".to_string();
            return Err((self.line_start(slide), (reason, mend)));
        }
        let wrong = (
            format!("`<{name}>` is never closed"),
            format!("add `</{name}>`"),
        );
        Err((open.at, wrong))
    }

    /// Where the slide's comment stands.
    fn line_start(&self, slide: &Slide) -> usize {
        let lines = self.page.text.split_inclusive('\n');
        lines.take(slide.line - 1).map(str::len).sum()
    }

    /// A block of HTML, or one tag within a line.
    fn piece(
        &mut self,
        range: Range<usize>,
        around: &[usize],
        is_block: bool,
    ) -> Result<(), (usize, Wrong)> {
        let text = &self.page.text[range.clone()];
        let mut from = 0;
        while let Some(at) = text[from..].find('<').map(|at| from + at) {
            let place = range.start + at;
            let fail = |wrong: Wrong| (place, wrong);
            let rest = &text[at..];
            if rest.starts_with("<!--") {
                return Err(fail(comment(rest)));
            }
            let Some(tag) = TAG.captures(rest) else {
                let wrong = (
                    "`<` that begins no tag".into(),
                    "write `&lt;`, or mend the tag".into(),
                );
                return Err(fail(wrong));
            };
            let name = tag[2].to_lowercase();
            let Some((_, may)) = TAGS.iter().find(|(known, _)| *known == name) else {
                return Err(fail(unknown(&name)));
            };
            if tag[1].is_empty() {
                self.attributes(&name, may, &tag[3]).map_err(fail)?;
                if !VOID.contains(&name.as_str()) {
                    let is_notes = self.is_notes(place, around, is_block).map_err(fail)?;
                    self.open.push(Open {
                        name,
                        around: around.last().copied().unwrap_or(0),
                        at: place,
                        is_notes,
                    });
                }
            } else {
                self.close(&name, place, around, is_block).map_err(fail)?;
            }
            from = at + tag[0].len();
        }
        Ok(())
    }

    fn attributes(&self, name: &str, may: &[&str], text: &str) -> Result<(), Wrong> {
        let mut alt = "";
        for attribute in ATTRIBUTE.captures_iter(text) {
            let key = attribute[1].to_lowercase();
            let value = attribute.get(2).map_or("", |value| value.as_str());
            let value = value.trim_matches(['"', '\'']);
            if !may.contains(&key.as_str()) {
                let elsewhere = "put it into the theme, `slides/theme/`".to_string();
                return Err((format!("`{key}=` on a slide"), elsewhere));
            }
            match (name, key.as_str()) {
                ("img", "src") => local(value, self.files)?,
                ("img", "alt") => alt = value,
                ("a", "href") => super::outside::link(value)?,
                ("small", _) if attribute[0].trim() != "class=\"source\"" => {
                    let mend = "write `<small class=\"source\">`, or `<small>`";
                    return Err((format!("`{}` on a slide", attribute[0].trim()), mend.into()));
                }
                _ => {}
            }
        }
        if name == "img" { has_alt(alt) } else { Ok(()) }
    }

    /// Whether speaker notes begin here; refused where something looks like them.
    fn is_notes(&mut self, at: usize, around: &[usize], is_block: bool) -> Result<bool, Wrong> {
        let rest = &self.page.text[at..];
        let mut words = rest.split('<').filter(|piece| !piece.trim().is_empty());
        let opens = |piece: Option<&str>, name: &str| {
            let text = piece?.to_lowercase().split_once('>').map(|(tag, text)| {
                (tag.split_whitespace().next() == Some(name)).then(|| text.trim().to_string())
            });
            text.flatten()
        };
        let details = opens(words.next(), "details");
        let summary = details.and_then(|_| opens(words.next(), "summary"));
        if !summary.is_some_and(|text| text.trim_end_matches(':').ends_with("notes")) {
            return Ok(false);
        }
        let begins = self.page.text[..at].ends_with('\n');
        if !(begins && is_block && around.is_empty() && rest.starts_with(NOTES)) {
            let reason = "these speaker notes would stand on the slide".to_string();
            return Err((reason, format!("begin them with the line `{NOTES}`")));
        }
        if !self.open.is_empty() || self.notes {
            let reason = "a slide has its speaker notes once, and not inside of something else";
            return Err((reason.into(), "close what is open, and join them".into()));
        }
        self.notes = true;
        Ok(true)
    }

    fn close(
        &mut self,
        name: &str,
        at: usize,
        around: &[usize],
        is_block: bool,
    ) -> Result<(), Wrong> {
        let closes =
            |open: &Open| open.name == name && open.around == around.last().copied().unwrap_or(0);
        let Some(open) = self.open.pop().filter(closes) else {
            let reason = format!("`</{name}>` closes nothing that was opened beside it");
            return Err((
                reason,
                "close each tag where it was opened, the last one first".into(),
            ));
        };
        let text = &self.page.text;
        let begin = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
        let line = text[begin..end].trim();
        let is_one_line = open.at >= begin && line.ends_with("</details>");
        if open.is_notes && (!is_block || (line != "</details>" && !is_one_line)) {
            let reason = "the speaker notes end within a line".to_string();
            return Err((reason, "put `</details>` on a line of its own".into()));
        }
        Ok(())
    }
}

fn comment(rest: &str) -> Wrong {
    if rest
        .trim_start_matches("<!--")
        .trim_start()
        .starts_with("slide ")
    {
        let reason = "a second slide begins within this one".to_string();
        return (reason, "put `---` between empty lines above it".into());
    }
    let reason = "a comment goes into the deck, for everybody to read".to_string();
    (reason, "put it into the speaker notes, or delete it".into())
}

fn unknown(name: &str) -> Wrong {
    match name {
        "pre" | "code" | "samp" | "textarea" | "xmp" | "listing" | "plaintext" => {
            let reason = format!("code in `<{name}>`: nobody has compiled it");
            (reason, "put it into a fence".into())
        }
        _ => {
            let mend = match name {
                "script" | "style" | "link" | "meta" | "base" => {
                    "put it into the theme, `slides/theme/`".into()
                }
                _ => {
                    let names: Vec<&str> = TAGS.iter().map(|(name, _)| *name).collect();
                    format!("write it in Markdown; the tags are {}", names.join(", "))
                }
            };
            (format!("`<{name}>` on a slide"), mend)
        }
    }
}

/// The patterns are ours, and each is run by a test.
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outline::Outline;

    fn found(slide: &str) -> Vec<String> {
        let path = "slides/03-classes.md".to_string();
        let text = format!(
            "---\ntitle: t\nred: r\n---\n\n<!-- slide id=a min=1 at=03-classes-1 -->\n\n{slide}\n"
        );
        let outline = Outline::parse(&path, &text).unwrap();
        let page = Page {
            path,
            text,
            outline,
        };
        let problems = problems(&page, &Files::default());
        problems
            .iter()
            .map(|problem| format!("{} {}", problem.place(), problem.what()))
            .collect()
    }

    #[test]
    fn a_few_tags_may_stand_on_a_slide() {
        for slide in [
            "<kbd>S</kbd> 2<sup>62</sup><br>a <b><i>b</i></b>",
            "<small class=\"source\">Source</small>",
            "<details><summary>Hint 1</summary>Look.</details>\n<details><summary>Hint 2</summary>Look.</details>",
            "<details><summary>Speaker notes</summary>\n\n- a\n\n<details><summary>Hint</summary>\n\nb\n\n</details>\n\n</details>",
            "<details><summary>Speaker notes</summary>Say it.</details>",
            "<a href=\"https://a.b\">a</a> <A HREF='https://a.b'>a</A> <https://a.b>",
            "`</section><script>` and a &lt; b, a < b",
            "```text run=x\n<!-- </section> <script>\n```",
        ] {
            assert_eq!(found(slide), [""; 0], "{slide}");
        }
    }

    #[test]
    fn each_disguise_is_refused_where_it_stands() {
        for (slide, place, reason) in [
            ("a </section> b", "8:3", "`<section>` on a slide"),
            ("</div></section><section>", "8:1", "`<div>` on a slide"),
            ("a </b> b", "8:3", "`</b>` closes nothing"),
            ("<b><i>x</b></i>", "8:8", "`</b>` closes nothing"),
            ("- <b>x\n\n- y</b>", "10:4", "`</b>` closes nothing"),
            ("a <b>x", "8:3", "`<b>` is never closed"),
            (
                "a <small class='source'>x</small>",
                "8:3",
                "`class='source'` on a slide",
            ),
            (
                "a <small class=notes>x</small>",
                "8:3",
                "`class=notes` on a slide",
            ),
            ("a <b id=deck>x</b>", "8:3", "`id=` on a slide"),
            ("a <b class=slide>x</b>", "8:3", "`class=` on a slide"),
            ("a <B OnClick=x()>x</B>", "8:3", "`onclick=` on a slide"),
            (
                "<details ontoggle=x()>\n\n</details>",
                "8:1",
                "`ontoggle=` on a slide",
            ),
            (
                "<details <img src=x>\n\n</details>",
                "8:1",
                "`<` that begins no tag",
            ),
            ("a <code>1 passed</code>", "8:3", "code in `<code>`"),
            ("<samp>1 passed</samp>", "8:1", "code in `<samp>`"),
            (
                "<textarea>\n1 passed\n</textarea>",
                "8:1",
                "code in `<textarea>`",
            ),
            ("<svg><script>x</script></svg>", "8:1", "`<svg>` on a slide"),
            ("<iframe src=x></iframe>", "8:1", "`<iframe>` on a slide"),
            ("<!-- secret -->", "8:1", "a comment goes into the deck"),
            (
                "a <!-- as of 2026 --> b",
                "8:3",
                "a comment goes into the deck",
            ),
            ("<!-- never closed", "8:1", "a comment goes into the deck"),
            (
                "x\n\n<!-- slide id=b min=1 at=03-classes-1 -->",
                "10:1",
                "a second slide begins",
            ),
            ("<?php x ?>", "8:1", "`<` that begins no tag"),
            ("<![CDATA[x]]>", "8:1", "`<` that begins no tag"),
            ("<!DOCTYPE html>", "8:1", "`<` that begins no tag"),
            (
                "a <a href=\"java&#115;cript:x()\">x</a>",
                "8:3",
                "leads nowhere",
            ),
            (
                "a <a href=\" JavaScript:x()\">x</a>",
                "8:3",
                "leads nowhere",
            ),
            ("a <a href=\"../x.html\">x</a>", "8:3", "leads nowhere"),
            ("<details>\n\nx", "6:1", "is never closed"),
            (
                "a <details><summary>x</summary> b",
                "6:1",
                "is never closed",
            ),
        ] {
            let found = found(slide);
            assert_eq!(found.len(), 1, "{slide}: {found:?}");
            assert!(
                found[0].starts_with(&format!("slides/03-classes.md:{place} ")),
                "{slide}: {found:?}"
            );
            assert!(found[0].contains(reason), "{slide}: {found:?}");
        }
    }

    #[test]
    fn notes_that_would_stand_on_the_slide_are_refused() {
        let stay = "these speaker notes would stand on the slide";
        let once = "a slide has its speaker notes once";
        let within = "the speaker notes end within a line";
        for (slide, reason) in [
            (
                "<details>\n<summary>Speaker notes</summary>\n\nx\n\n</details>",
                stay,
            ),
            (
                "<details><summary>speaker notes</summary>\n\nx\n\n</details>",
                stay,
            ),
            (
                "<details open><summary>Notes:</summary>\n\nx\n\n</details>",
                stay,
            ),
            (
                "<DETAILS><summary>Speaker notes</summary>\n\nx\n\n</DETAILS>",
                stay,
            ),
            (
                "- <details><summary>Speaker notes</summary>x</details>",
                stay,
            ),
            (
                "a <details><summary>Speaker notes</summary>x</details>",
                stay,
            ),
            (
                "<details><summary>Hint</summary>\n\n<details><summary>Speaker notes</summary>\n\nx\n\n</details>\n\n</details>",
                once,
            ),
            (
                "<details><summary>Speaker notes</summary>\n\nx\n\n</details>\n\n<details><summary>Speaker notes</summary>\n\nx\n\n</details>",
                once,
            ),
            (
                "<details><summary>Speaker notes</summary>\nx</details> y",
                within,
            ),
            (
                "<details><summary>Speaker notes</summary>\n\n<b>x</b></details> y",
                "closes nothing",
            ),
        ] {
            let found = found(slide);
            assert_eq!(found.len(), 1, "{slide}: {found:?}");
            assert!(found[0].contains(reason), "{slide}: {found:?}");
        }
    }
}
