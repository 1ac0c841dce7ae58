//! Hints: what an exercise slide tells whoever is stuck, one at a time.

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use crate::checkpoint::Checkpoint;
use crate::outline::{Outline, Slide, parser};

/// What a slide's id begins with if it is an exercise.
pub const EXERCISE: &str = "exercise-";

/// One `<details><summary>Hint 1</summary>…</details>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// What stands behind the word "Hint".
    pub number: String,
    /// Its Markdown, from the end of the summary on.
    pub text: String,
}

/// The hints of a slide, from its Markdown. What stands in a fence or in the
/// speaker notes is none.
pub fn of(slide: &str) -> Vec<Hint> {
    let mut hints = Vec::new();
    // Where the open `<details>` have their text, and what their summary says.
    let mut open: Vec<(usize, Option<String>)> = Vec::new();
    let is_hidden =
        |open: &[(usize, Option<String>)]| open.iter().any(|(_, number)| number.is_none());
    for tag in tags(slide) {
        let rest = &slide[tag..];
        if let Some(inside) = rest.strip_prefix("<details") {
            let summary = inside
                .split_once('>')
                .map_or("", |(_, after)| after.trim_start());
            let number = summary.strip_prefix("<summary>").and_then(|words| {
                let (words, _) = words.split_once("</summary>")?;
                let word = words.trim();
                let is_hint = word
                    .get(..4)
                    .is_some_and(|word| word.eq_ignore_ascii_case("hint"));
                is_hint.then(|| word[4..].trim().to_string())
            });
            let text = rest
                .find("</summary>")
                .map_or(tag, |at| tag + at + "</summary>".len());
            open.push((text, number));
        } else if let Some((start, number)) = open.pop() {
            if let Some(number) = number.filter(|_| !is_hidden(&open)) {
                let text = slide[start.min(tag)..tag].to_string();
                hints.push(Hint { number, text });
            }
        }
    }
    hints
}

/// Where `<details` and `</details>` stand in a slide, as HTML and not as code.
fn tags(slide: &str) -> Vec<usize> {
    let mut tags = Vec::new();
    for (event, range) in parser(slide).into_offset_iter() {
        if let Event::Html(_) | Event::InlineHtml(_) = event {
            let html = &slide[range.clone()];
            let opening = html.match_indices("<details");
            let found = opening.chain(html.match_indices("</details>"));
            tags.extend(found.map(|(at, _)| range.start + at));
        }
    }
    tags.sort_unstable();
    tags
}

/// A section's exercises, in order.
pub fn exercises(outline: &Outline) -> impl Iterator<Item = &Slide> {
    let is_exercise = |slide: &&Slide| slide.id.starts_with(EXERCISE);
    outline.slides.iter().filter(is_exercise)
}

/// The exercise that `at` is at, or comes to next in its section.
pub fn exercise<'a>(outlines: &'a [Outline], at: &Checkpoint) -> Option<(&'a Outline, &'a Slide)> {
    let is_ahead =
        |(_, slide): &(&Outline, &Slide)| slide.at.stem == at.stem && slide.at.point >= at.point;
    all(outlines).find(is_ahead)
}

/// The first exercise after `at`, in whichever section.
pub fn after<'a>(outlines: &'a [Outline], at: &Checkpoint) -> Option<&'a Slide> {
    let place = |checkpoint: &Checkpoint| (checkpoint.stem.clone(), checkpoint.point);
    let mut slides = all(outlines).map(|(_, slide)| slide);
    slides.find(|slide| place(&slide.at) > place(at))
}

fn all(outlines: &[Outline]) -> impl Iterator<Item = (&Outline, &Slide)> {
    let of = |outline| exercises(outline).map(move |slide| (outline, slide));
    outlines.iter().flat_map(of)
}

/// The words of a slide's first heading.
pub fn heading(slide: &str) -> String {
    let mut words = String::new();
    for event in parser(slide) {
        match event {
            Event::End(TagEnd::Heading(_)) => break,
            Event::Text(text) | Event::Code(text) => words.push_str(&text),
            _ => {}
        }
    }
    words
}

/// A hint's Markdown as lines for a terminal, `width` columns at most; code
/// keeps its own lines. As in the deck, nothing is Markdown before the first
/// empty line.
pub fn lines(markdown: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut words = String::new();
    let mut item = String::new();
    let mut in_code = false;
    // Lists that are open, each with the number of its next item if it has one.
    let mut lists: Vec<Option<u64>> = Vec::new();
    let end = |words: &mut String, item: &mut String, lines: &mut Vec<String>| {
        lines.extend(wrapped(words, item, width));
        *item = " ".repeat(item.chars().count());
        words.clear();
    };
    let gap = |lines: &mut Vec<String>| {
        if lines.last().is_some_and(|line| !line.is_empty()) {
            lines.push(String::new());
        }
    };
    for event in parser(&format!("<details>{markdown}")) {
        match event {
            Event::Start(Tag::Paragraph | Tag::Heading { .. }) if lists.is_empty() => {
                gap(&mut lines)
            }
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented)) => {
                end(&mut words, &mut item, &mut lines);
                gap(&mut lines);
                in_code = true;
            }
            Event::End(TagEnd::CodeBlock) => {
                in_code = false;
                lines.push(String::new());
            }
            Event::Start(Tag::List(number)) => {
                end(&mut words, &mut item, &mut lines);
                if lists.is_empty() {
                    gap(&mut lines);
                }
                lists.push(number);
            }
            Event::Start(Tag::Item) => {
                let indent = "  ".repeat(lists.len().saturating_sub(1));
                let mark = match lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}.", *number - 1)
                    }
                    _ => "-".into(),
                };
                item = format!("{indent}{mark} ");
            }
            Event::End(TagEnd::List(_)) => {
                lists.pop();
                item.clear();
                if lists.is_empty() {
                    lines.push(String::new());
                }
            }
            Event::End(
                TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::HtmlBlock,
            ) => {
                end(&mut words, &mut item, &mut lines);
            }
            Event::Text(text) if in_code => {
                lines.extend(text.lines().map(|line| format!("    {line}")));
            }
            Event::Text(text) => words.push_str(&text),
            Event::Code(code) => words.push_str(&format!("`{code}`")),
            Event::Html(html) | Event::InlineHtml(html) => words.push_str(&without_tags(&html)),
            Event::SoftBreak => words.push(' '),
            Event::HardBreak => end(&mut words, &mut item, &mut lines),
            _ => {}
        }
    }
    end(&mut words, &mut item, &mut lines);
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// HTML's text: code in backticks, other tags gone, entities as letters.
fn without_tags(html: &str) -> String {
    let html = html.replace("<code>", "`").replace("</code>", "`");
    let mut parts = html.split('<');
    let mut text = parts.next().unwrap_or_default().to_string();
    for part in parts {
        text.push_str(part.split_once('>').map_or("", |(_, after)| after));
    }
    let entities = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ];
    entities
        .into_iter()
        .fold(text, |text, (entity, letter)| text.replace(entity, letter))
}

/// Words in lines; the first begins with `item`, the others with as many spaces.
fn wrapped(words: &str, item: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in words.split_whitespace() {
        let length = item.chars().count() + line.chars().count() + 1 + word.chars().count();
        if !line.is_empty() && length > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    let blank = " ".repeat(item.chars().count());
    let begin = |at: usize| if at == 0 { item } else { blank.as_str() };
    lines
        .iter()
        .enumerate()
        .map(|(at, line)| format!("{}{line}", begin(at)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(slide: &str) -> Vec<(String, String)> {
        of(slide)
            .into_iter()
            .map(|hint| (hint.number, hint.text))
            .collect()
    }

    fn pair(number: &str, text: &str) -> (String, String) {
        (number.into(), text.into())
    }

    #[test]
    fn hints_stand_on_a_line_or_between_lines() {
        let slide = "## Yours\n\n<details><summary>Hint 1</summary>Look.</details>\n\
            <details><summary>Hint 2</summary>\n\nLook `there`.\n\n- and there\n\n</details>\n";
        assert_eq!(
            found(slide),
            [
                pair("1", "Look."),
                pair("2", "\n\nLook `there`.\n\n- and there\n\n")
            ]
        );
    }

    #[test]
    fn code_and_speaker_notes_hold_no_hints() {
        let slide = "```html\n<details><summary>Hint 1</summary>no</details>\n```\n\n\
            `<details><summary>Hint 2</summary>no</details>`\n\n\
            <details><summary>Speaker notes</summary>\n\n\
            <details><summary>Hint 3</summary>no</details>\n\n</details>\n";
        assert_eq!(found(slide), []);
    }

    #[test]
    fn a_hint_is_told_by_its_word_whatever_follows() {
        let slide = "<details open><summary>hint one</summary>A</details>\n\
            <details>\n<summary>Hint</summary>B</details>\n\
            <details><summary>Answer</summary>C</details>\n";
        assert_eq!(found(slide), [pair("one", "A"), pair("", "B")]);
    }

    #[test]
    fn a_hint_is_wrapped_and_keeps_its_code() {
        let text = "\n\nWhich numbers does `checked` *allow*, and why?\n\nTry\n\n```rust\nlet rest = 100 - percent;\n```\n\n- one\n- two words more than fit\n";
        let expected = [
            "Which numbers does",
            "`checked` allow, and",
            "why?",
            "",
            "Try",
            "",
            "    let rest = 100 - percent;",
            "",
            "- one",
            "- two words more",
            "  than fit",
        ];
        assert_eq!(lines(text, 20), expected);
    }

    #[test]
    fn on_the_summarys_own_line_nothing_is_markdown() {
        let html = "`a` &lt; b, <em>not</em> <code>&lt;=</code>; see __init__.py";
        let expected = ["`a` < b, not `<=`; see __init__.py"];
        assert_eq!(lines(html, 80), expected);
        let expected = ["`a` < b, not `<=`; see init.py"];
        assert_eq!(lines(&format!("\n\n{html}"), 80), expected);
        assert_eq!(
            lines("one\ntwo\n\n*three*\n\n", 80),
            ["one two", "", "three"]
        );
        assert_eq!(lines("\n\n \n<!-- later -->", 80), [""; 0]);
    }

    #[test]
    fn a_word_longer_than_the_line_stands_alone() {
        assert_eq!(
            lines("a supercalifragilistic b", 10),
            ["a", "supercalifragilistic", "b"]
        );
    }
}
