//! Code that stands on a slide without a fence, so that nothing proves it.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::Page;
use crate::error::Error;
use crate::outline::{Slide, Source, parser};

/// Lines of code made of `inline code`, and fences that Markdown does not see
/// because they stand inside HTML.
pub fn problems(page: &Page) -> Vec<Error> {
    let source = Source {
        path: &page.path,
        text: &page.text,
    };
    let mut problems = Vec::new();
    let whole = parser(&page.text);
    let names: Vec<&str> = whole
        .reference_definitions()
        .iter()
        .map(|(name, _)| name)
        .collect();
    for slide in &page.outline.slides {
        for (at, reason, mend) in found(&page.text[slide.text.clone()]) {
            problems.push(source.bad(slide.text.start + at, reason, mend));
        }
        if !names.is_empty() {
            problems.extend(lost_links(page, slide, &source, &names));
        }
    }
    problems
}

fn found(text: &str) -> Vec<(usize, String, &'static str)> {
    let mut found = Vec::new();
    // A paragraph's beginning, its pieces of code, its lines; none with words in it.
    let mut paragraph: Option<(usize, usize, usize)> = None;
    for (event, range) in parser(text).into_offset_iter() {
        match event {
            Event::Start(Tag::Paragraph) => paragraph = Some((range.start, 0, 1)),
            Event::Code(_) => paragraph = paragraph.map(|(at, code, lines)| (at, code + 1, lines)),
            Event::SoftBreak | Event::HardBreak => {
                paragraph = paragraph.map(|(at, code, lines)| (at, code, lines + 1));
            }
            Event::InlineHtml(tag) if tag.starts_with("<br") => {
                paragraph = paragraph.map(|(at, code, lines)| (at, code, lines + 1));
            }
            Event::Text(words) if words.trim().is_empty() => {}
            Event::Text(_) | Event::Start(Tag::Image { .. }) => paragraph = None,
            Event::End(TagEnd::Paragraph) => {
                if let Some((at, _, _)) =
                    paragraph.filter(|(_, code, lines)| *code > 1 && *lines > 1)
                {
                    let reason = "lines of code, and nothing proves them".to_string();
                    found.push((at, reason, "put them into a fence"));
                }
                paragraph = None;
            }
            Event::Start(Tag::HtmlBlock) => {
                let mut at = range.start;
                for line in text[range].split_inclusive('\n') {
                    if ["```", "~~~"]
                        .iter()
                        .any(|mark| line.trim_start().starts_with(mark))
                    {
                        let reason =
                            "a fence inside HTML is no fence: nothing proves it".to_string();
                        found.push((at, reason, "put an empty line above it"));
                        break;
                    }
                    at += line.len();
                }
            }
            _ => {}
        }
    }
    found
}

/// `[words][name]` whose address stands on another slide: each slide is read by
/// itself, so the brackets would be shown.
fn lost_links(page: &Page, slide: &Slide, source: &Source, names: &[&str]) -> Vec<Error> {
    let text = &page.text[slide.text.clone()];
    let here = parser(text);
    let here = here.reference_definitions();
    let lost = names.iter().filter(|name| here.get(name).is_none());
    let lost = lost.filter_map(|name| {
        let at = text.find(&format!("][{name}]"))?;
        let reason = format!("the address of `[{name}]` stands on another slide");
        Some(source.bad(
            slide.text.start + at + 1,
            reason,
            "write it on this one, too",
        ))
    });
    lost.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outline::Outline;

    fn places(slides: &str) -> Vec<String> {
        let path = "slides/03-classes.md".to_string();
        let head = "<!-- slide id=a min=1 at=03-classes-1 -->";
        let text = format!("---\ntitle: t\nred: r\n---\n\n{head}\n{slides}\n");
        let outline = Outline::parse(&path, &text).unwrap();
        let page = Page {
            path,
            text,
            outline,
        };
        problems(&page).iter().map(Error::place).collect()
    }

    #[test]
    fn lines_of_inline_code_are_code() {
        for slide in [
            "`fn main() {`  \n`}`",
            "`>>> sheets(12)`<br>`7000`",
            "> `>>> sheets(12)`\n> `7000`",
        ] {
            assert_eq!(places(slide).len(), 1, "{slide}");
        }
        for slide in [
            "`a` and\n`b`",
            "`a`, `b`",
            "- `a`\n- `b`",
            "`a`",
            "| `a` |\n|---|\n| `b` |",
        ] {
            assert_eq!(places(slide), [""; 0], "{slide}");
        }
    }

    #[test]
    fn a_fence_inside_of_html_is_none() {
        let slide = "<details><summary>Hint</summary>\n```rust\nfn f() {}\n```\n\n</details>";
        assert_eq!(places(slide), ["slides/03-classes.md:8:1"]);
        assert_eq!(
            places("<details>\n\n```console\n$ ls\n```\n\n</details>"),
            [""; 0]
        );
    }

    #[test]
    fn a_link_whose_address_is_on_another_slide_is_lost() {
        let next = "\n\n---\n\n<!-- slide id=b min=1 at=03-classes-1 -->\n";
        let there = format!("[x]: https://a.b{next}[the words][x]");
        assert_eq!(places(&there), ["slides/03-classes.md:12:12"]);
        assert_eq!(places("[the words][x]\n\n[x]: https://a.b"), [""; 0]);
    }
}
