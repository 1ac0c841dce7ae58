//! The fences of a slide: what each shows, and where it says it comes from.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Tag};

use super::Page;
use crate::checkpoint::{Checkpoint, nearest};
use crate::error::{Error, Result};
use crate::outline::{Slide, parser};
use crate::words;

/// What a fence shows and how it is proved.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Code taken from a checkpoint: a file, an item of it, with its docs or without.
    Source {
        file: String,
        item: Option<String>,
        docs: bool,
    },
    /// A session with Python's prompt, run as a doctest.
    Session,
    /// What a command prints, run at the checkpoint.
    Output { command: String, exit: i32 },
    /// Commands that a person types.
    Console,
}

/// One fence, and where it stands in its file.
#[derive(Debug, Clone)]
pub struct Fence {
    pub language: String,
    pub kind: Kind,
    pub at: Checkpoint,
    /// The lines between the two fence lines, as a range of the file.
    pub body: Range<usize>,
    /// The opening line, from 1.
    pub line: usize,
}

/// Languages whose code must name its source.
const SOURCED: [&str; 3] = ["rust", "python", "toml"];
const LANGUAGES: [&str; 6] = ["rust", "python", "toml", "pycon", "text", "console"];

/// Read every fence of a section.
///
/// # Errors
/// `BadText` with the line: an unknown language, code without a source, a word
/// that no fence knows.
pub fn fences(page: &Page) -> Result<Vec<Fence>> {
    let mut all = Vec::new();
    for slide in &page.outline.slides {
        let text = &page.text[slide.text.clone()];
        for (event, range) in parser(text).into_offset_iter() {
            if let Event::Start(Tag::CodeBlock(kind)) = event {
                let range = slide.text.start + range.start..slide.text.start + range.end;
                all.push(fence(page, slide, &kind, range)?);
            }
        }
    }
    Ok(all)
}

fn fence(page: &Page, slide: &Slide, kind: &CodeBlockKind, range: Range<usize>) -> Result<Fence> {
    let line = page.text[..range.start].matches('\n').count() + 1;
    let bad = |reason: String, mend: &str| Error::BadText {
        path: page.path.clone(),
        line,
        reason,
        mend: mend.into(),
    };
    let CodeBlockKind::Fenced(info) = kind else {
        return Err(bad(
            "indented text is code here by accident".into(),
            "take the four spaces away, or fence it",
        ));
    };
    let (language, rest) = info.split_once(' ').unwrap_or((info, ""));
    if !LANGUAGES.contains(&language) {
        let near = nearest(language, LANGUAGES.iter().map(|name| name.to_string()));
        let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
        return Err(bad(
            format!("no fence is in `{language}`{hint}"),
            &format!("use one of {}", LANGUAGES.join(", ")),
        ));
    }
    let (mut source, mut docs, mut run, mut exit, mut at) = (None, true, None, 0, slide.at.clone());
    for (name, value) in words::parse(rest).map_err(|reason| bad(reason, "close it"))? {
        match (name.as_str(), value) {
            ("src", Some(value)) => source = Some(value),
            ("sig", None) => docs = false,
            ("run", Some(value)) => run = Some(value),
            ("exit", Some(value)) => {
                exit = value
                    .parse()
                    .map_err(|_| bad(format!("`exit={value}` is no number"), "write `exit=1`"))?;
            }
            ("at", Some(value)) => {
                let unknown = || {
                    bad(
                        format!("`{value}` is no checkpoint"),
                        "name one like `03-classes-done`",
                    )
                };
                at = Checkpoint::parse(&value).ok_or_else(unknown)?;
            }
            (name, _) => {
                return Err(bad(
                    format!("a fence knows no `{name}` like this"),
                    "it has src=, sig, run=, exit=, at=",
                ));
            }
        }
    }
    let kind = match (language, source, run) {
        (_, Some(source), None) if SOURCED.contains(&language) => {
            let (file, item) = match source.split_once('#') {
                Some((file, item)) => (file.to_string(), Some(item.to_string())),
                None => (source, None),
            };
            Kind::Source { file, item, docs }
        }
        (language, None, None) if SOURCED.contains(&language) => {
            let mend = "name where it comes from: `src=src/order.rs#Order`";
            return Err(bad(
                format!("{language} without a source: nobody has compiled it"),
                mend,
            ));
        }
        ("pycon", None, None) => Kind::Session,
        ("text", None, Some(command)) => Kind::Output { command, exit },
        ("text", None, None) => {
            return Err(bad(
                "output without the command that printed it".into(),
                "say it: `run=\"…\"`",
            ));
        }
        ("console", None, None) => Kind::Console,
        _ => {
            return Err(bad(
                format!("`src=` and `run=` do not go with `{language}` here"),
                "take one away",
            ));
        }
    };
    if let Some((reason, mend)) = broken(&page.text, range.clone()) {
        return Err(bad(reason, mend));
    }
    Ok(Fence {
        language: language.into(),
        kind,
        at,
        body: body(&page.text, range),
        line,
    })
}

/// Why the body cannot be told from what stands around it: `sync` would
/// overwrite slides, or the marks of a list or a quotation.
fn broken(text: &str, range: Range<usize>) -> Option<(String, &'static str)> {
    let above = text[..range.start].rsplit('\n').next().unwrap_or("");
    if !above.is_empty() {
        let reason = "an indented or quoted fence cannot be kept up to date".into();
        return Some((reason, "move it to the left margin"));
    }
    let fence = text[range].trim_end();
    let mark = fence.chars().next().unwrap_or('`');
    let opening = &fence[..fence.len() - fence.trim_start_matches(mark).len()];
    let mut inside = fence.split('\n').map(str::trim);
    let (_, last) = (inside.next(), inside.next_back().unwrap_or(""));
    let is_closed = last.starts_with(opening) && last.trim_matches(mark).is_empty();
    if !is_closed || inside.any(|line| line.starts_with(opening)) {
        let reason = format!("no line {opening} closes the fence before the next one or the end");
        return Some((reason, "close it on a line of its own"));
    }
    None
}

/// What stands between the opening and the closing line.
fn body(text: &str, range: Range<usize>) -> Range<usize> {
    let fence = &text[range.clone()];
    let start = fence.find('\n').map_or(fence.len(), |at| at + 1);
    let end = fence
        .trim_end()
        .rfind('\n')
        .map_or(start, |at| at + 1)
        .max(start);
    range.start + start..range.start + end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outline::Outline;

    fn page(fence: &str) -> Page {
        let text = format!(
            "---\ntitle: t\nred: r\n---\n\n<!-- slide id=a min=1 at=03-classes-1 -->\n\n{fence}\n"
        );
        let path = "slides/03-classes.md".to_string();
        let outline = Outline::parse(&path, &text).unwrap();
        Page {
            path,
            text,
            outline,
        }
    }

    #[test]
    fn a_fence_names_file_item_and_checkpoint() {
        let page = page("```rust src=src/order.rs#Order::new sig at=03-classes-2\nfn new()\n```");
        let fences = fences(&page).unwrap();
        let file = "src/order.rs".to_string();
        assert_eq!(
            fences[0].kind,
            Kind::Source {
                file,
                item: Some("Order::new".into()),
                docs: false
            }
        );
        assert_eq!(fences[0].at.to_string(), "03-classes-2");
        assert_eq!(&page.text[fences[0].body.clone()], "fn new()\n");
    }

    #[test]
    fn an_empty_fence_has_an_empty_body() {
        let page = page("```rust src=src/order.rs\n```");
        assert!(fences(&page).unwrap()[0].body.is_empty());
    }

    #[test]
    fn code_without_a_source_is_refused() {
        let error = fences(&page("```rust\nfn main() {}\n```"))
            .unwrap_err()
            .to_string();
        assert!(error.contains("nobody has compiled it"), "{error}");
        assert!(error.contains("slides/03-classes.md:8"), "{error}");
    }

    #[test]
    fn an_unknown_language_gets_the_nearest() {
        let error = fences(&page("```pythn\nx\n```")).unwrap_err().to_string();
        assert!(error.contains("did you mean `python`?"), "{error}");
    }

    fn refused(text: &str) -> String {
        fences(&page(text)).unwrap_err().to_string()
    }

    #[test]
    fn a_fence_that_is_not_closed_is_refused_before_anything_is_overwritten() {
        let error = refused("```rust src=src/order.rs\nfn a() {}\n\ntext\n\n```pycon\n>>> 1\n```");
        assert!(error.contains("no line ``` closes the fence"), "{error}");
        let error = refused("```rust src=src/order.rs\nfn a() {}\n");
        assert!(error.contains("no line ``` closes the fence"), "{error}");
    }

    #[test]
    fn a_fence_in_a_list_or_a_quotation_is_refused() {
        for text in [
            "- a\n\n  ```rust src=a.rs\n  ```",
            "> ```rust src=a.rs\n> ```",
        ] {
            let error = refused(text);
            assert!(error.contains("move it to the left margin"), "{error}");
        }
    }
}
