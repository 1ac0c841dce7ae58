//! The fences of a slide: what each shows, and how that is proved.
//!
//! The file is long because every way of being wrong says what, where and how
//! to mend it.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use pulldown_cmark::{CodeBlockKind, Event, Tag};

use super::Page;
use super::lines::Steps;
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
    /// What the fence's checkpoint changes in a file, or in an item of it;
    /// since the checkpoint before it, if none is named.
    Change {
        file: String,
        item: Option<String>,
        since: Option<Checkpoint>,
    },
    /// Typed code that the compiler must refuse with this code, in this file.
    Refused { code: String, file: String },
    /// What the compiler said of the refused fence in line `of`.
    Message {
        code: String,
        of: usize,
        /// Whose words were recorded: `rustc 1.95.0`.
        with: Option<String>,
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
    /// The lines to look at one step after the other.
    pub steps: Option<Steps>,
    /// How long what it runs may take.
    pub limit: Duration,
    /// The opening line, as a range of the file, its end excluded.
    pub head: Range<usize>,
    /// The lines between the two fence lines, as a range of the file.
    pub body: Range<usize>,
    /// The opening line, from 1.
    pub line: usize,
}

/// What can be read from the last row.
pub const LINES: usize = 16;
pub const COLUMNS: usize = 66;
/// Beyond this it is a mistake, and nothing is done with it.
const MOST_LINES: usize = 500;

/// How long a command on a slide may take unless its fence says otherwise.
const LIMIT: Duration = Duration::from_secs(20);

/// Languages whose code must name its source.
const SOURCED: [&str; 3] = ["rust", "python", "toml"];

/// Each language and the attributes that its fences may have.
const LANGUAGES: [(&str, &[&str]); 7] = [
    (
        "rust",
        &["src=", "sig", "at=", "lines=", "compile_fail=", "file="],
    ),
    ("python", &["src=", "sig", "at=", "lines="]),
    ("toml", &["src=", "sig", "at=", "lines="]),
    ("diff", &["src=", "diff", "diff=", "at=", "lines="]),
    ("pycon", &["at=", "lines=", "limit="]),
    (
        "text",
        &[
            "run=",
            "exit=",
            "at=",
            "lines=",
            "limit=",
            "error-of=",
            "with=",
        ],
    ),
    ("console", &["at=", "lines="]),
];

/// Read every fence of a section.
///
/// # Errors
/// `BadText` or `BadPlace`: an unknown language, code without a source, a word
/// that no fence knows, too much code for any slide.
pub fn fences(page: &Page) -> Result<Vec<Fence>> {
    let mut all: Vec<Fence> = Vec::new();
    for slide in &page.outline.slides {
        let text = &page.text[slide.text.clone()];
        let first = all.len();
        for (event, range) in parser(text).into_offset_iter() {
            if let Event::Start(Tag::CodeBlock(kind)) = event {
                let range = slide.text.start + range.start..slide.text.start + range.end;
                let mut fence = fence(page, slide, &kind, range)?;
                join_message(page, &all[first..], &mut fence)?;
                all.push(fence);
            }
        }
    }
    Ok(all)
}

impl Fence {
    /// Something wrong in the opening line, at `word` if that stands there.
    pub fn bad(
        &self,
        page: &Page,
        word: &str,
        reason: impl Into<String>,
        mend: impl Into<String>,
    ) -> Error {
        bad_place(page, self.head.clone(), self.line, word, reason, mend)
    }

    /// Whether code of `count` lines has the lines that are stepped through.
    ///
    /// # Errors
    /// `BadPlace`.
    pub fn check_steps(&self, page: &Page, count: usize) -> Result<()> {
        let wrong = self
            .steps
            .as_ref()
            .and_then(|steps| steps.check(count).err());
        wrong.map_or(Ok(()), |reason| {
            Err(self.bad(
                page,
                "lines=",
                reason,
                "name lines that it has: `lines=1-3|5`",
            ))
        })
    }

    /// Whether `body` may stand in the fence: it is not far too long, and no
    /// line would end it.
    ///
    /// # Errors
    /// `BadPlace`.
    pub fn check_body(&self, page: &Page, body: &str) -> Result<()> {
        let count = body.lines().count();
        if count > MOST_LINES {
            let reason = format!("{count} lines of code; a slide holds {LINES}");
            return Err(self.bad(page, "", reason, "show an item of it, or a shorter piece"));
        }
        if body
            .lines()
            .any(|line| line.trim_start().starts_with("```"))
        {
            let reason = "a line begins with three backticks, which would end the fence";
            return Err(self.bad(page, "", reason, "show something without that line"));
        }
        Ok(())
    }
}

fn bad_place(
    page: &Page,
    head: Range<usize>,
    line: usize,
    word: &str,
    reason: impl Into<String>,
    mend: impl Into<String>,
) -> Error {
    let start = page.text[..head.start].rfind('\n').map_or(0, |at| at + 1);
    let text = &page.text[start..head.end];
    let before = match word {
        "" => head.start - start,
        word => match text.find(word) {
            // The item is what is wrong, not the hash before it.
            Some(at) => at + usize::from(word.starts_with('#')),
            None => head.start - start,
        },
    };
    Error::BadPlace {
        path: page.path.clone(),
        line,
        column: text[..before].chars().count() + 1,
        reason: reason.into(),
        mend: mend.into(),
    }
}

fn fence(page: &Page, slide: &Slide, kind: &CodeBlockKind, range: Range<usize>) -> Result<Fence> {
    let line = page.text[..range.start].matches('\n').count() + 1;
    let head = range.start
        ..page.text[range.clone()]
            .find('\n')
            .map_or(range.end, |at| range.start + at);
    let body = body(&page.text, range.clone());
    let bad = |word: &str, reason: String, mend: &str| {
        bad_place(page, head.clone(), line, word, reason, mend)
    };
    let CodeBlockKind::Fenced(info) = kind else {
        let reason = "indented text is code here by accident".to_string();
        return Err(bad("", reason, "take the four spaces away, or fence it"));
    };
    let (language, rest) = info.split_once(' ').unwrap_or((info, ""));
    let Some((_, known)) = LANGUAGES.iter().find(|(name, _)| *name == language) else {
        let names = LANGUAGES.map(|(name, _)| name);
        let near = near(language, &names);
        return Err(bad(
            language,
            format!("no fence is in `{language}`{near}"),
            &format!("use one of {}", names.join(", ")),
        ));
    };
    let mut said: BTreeMap<String, Option<String>> = BTreeMap::new();
    for (name, value) in words::parse(rest).map_err(|reason| bad("", reason, "close it"))? {
        let written = if value.is_some() {
            format!("{name}=")
        } else {
            name.clone()
        };
        if !known.contains(&written.as_str()) {
            return Err(bad(
                &written,
                format!(
                    "a {language} fence knows no `{written}`{}",
                    near(&written, known)
                ),
                &format!("it has {}", known.join(", ")),
            ));
        }
        if said.insert(name, value).is_some() {
            return Err(bad(
                &written,
                format!("`{written}` stands there twice"),
                "take one away",
            ));
        }
    }
    let mut value = |name: &str| said.remove(name).flatten();
    let checkpoint = |tag: String| {
        let reason = format!("`{tag}` is no checkpoint");
        Checkpoint::parse(&tag).ok_or_else(|| bad(&tag, reason, "name one like `03-classes-done`"))
    };
    let number = |name: &str, text: String| -> Result<u32> {
        let reason = format!("`{name}{text}` is no number");
        text.parse()
            .map_err(|_| bad(name, reason, &format!("write `{name}1`")))
    };
    let at = value("at").map_or(Ok(slide.at.clone()), checkpoint)?;
    let since = value("diff").map(checkpoint).transpose()?;
    let exit = value("exit").map_or(Ok(0), |text| number("exit=", text))? as i32;
    let limit = match value("limit") {
        Some(text) => Duration::from_secs(number("limit=", text)?.max(1).into()),
        None => LIMIT,
    };
    let steps = value("lines").map(|text| Steps::parse(&text)).transpose();
    let steps = steps.map_err(|reason| bad("lines=", reason, "write it like `lines=1-3|5`"))?;
    let source = value("src").map(|source| match source.split_once('#') {
        Some((file, item)) => (file.to_string(), Some(item.to_string())),
        None => (source, None),
    });
    let (run, refused, file) = (value("run"), value("compile_fail"), value("file"));
    let (error_of, with) = (value("error-of"), value("with"));
    let docs = !said.contains_key("sig");
    let kind = match (language, source, run, refused, error_of) {
        ("diff", Some((file, item)), ..) => Kind::Change { file, item, since },
        ("diff", None, ..) => {
            let reason = "a diff without a file: nobody knows of what".to_string();
            return Err(bad("", reason, "name it: `src=src/lib.rs`"));
        }
        (_, Some((file, item)), _, None, _) => Kind::Source { file, item, docs },
        ("rust", None, _, Some(code), _) => {
            if !is_error_code(&code) {
                let reason = format!("`{code}` is no error of the compiler");
                return Err(bad(&code, reason, "name one like `compile_fail=E0616`"));
            }
            let file = file.unwrap_or_else(|| "src/slide.rs".into());
            Kind::Refused { code, file }
        }
        ("rust", Some(_), _, Some(_), _) => {
            let reason = "code from a checkpoint compiles; `compile_fail=` is typed".to_string();
            return Err(bad(
                "compile_fail=",
                reason,
                "take `src=` or `compile_fail=` away",
            ));
        }
        (language, ..) if SOURCED.contains(&language) => {
            return Err(bad(
                "",
                format!("{language} without a source: nobody has compiled it"),
                "name where it comes from: `src=src/order.rs#Order`",
            ));
        }
        ("pycon", ..) => Kind::Session,
        ("text", _, Some(command), _, None) => Kind::Output { command, exit },
        ("text", _, None, _, Some(code)) => Kind::Message { code, of: 0, with },
        ("text", ..) => {
            return Err(bad(
                "",
                "output without the command that printed it".into(),
                "say it: `run=\"…\"`, or `error-of=E0616` for what the compiler said",
            ));
        }
        _ => Kind::Console,
    };
    if let Some((reason, mend)) = broken(&page.text, range) {
        return Err(bad("", reason, mend));
    }
    let fence = Fence {
        language: language.into(),
        kind,
        at,
        steps,
        limit,
        head: head.clone(),
        body: body.clone(),
        line,
    };
    let body = &page.text[body];
    fence.check_body(page, body)?;
    if let Some((at, reason)) = unproved(&fence.kind, body) {
        let mend = "show what a command prints in a `text run=\"…\"` fence";
        return Err(Error::BadText {
            path: page.path.clone(),
            line: line + 1 + at,
            reason,
            mend: mend.into(),
        });
    }
    Ok(fence)
}

/// A message belongs to the refused code above it on the slide, and is as old.
fn join_message(page: &Page, above: &[Fence], fence: &mut Fence) -> Result<()> {
    let Kind::Message { code, with, .. } = &fence.kind else {
        return Ok(());
    };
    let refused = above.iter().filter_map(|fence| match &fence.kind {
        Kind::Refused { code, .. } => Some((code, fence)),
        _ => None,
    });
    let all: Vec<(&String, &Fence)> = refused.collect();
    let Some((_, of)) = all.iter().rev().find(|(other, _)| *other == code) else {
        let names: Vec<&str> = all.iter().map(|(code, _)| code.as_str()).collect();
        let near = near(code, &names);
        let reason = format!("no fence above it on this slide has `compile_fail={code}`{near}");
        return Err(fence.bad(
            page,
            "error-of=",
            reason,
            "put the refused code above its message",
        ));
    };
    fence.at = of.at.clone();
    fence.kind = Kind::Message {
        code: code.clone(),
        of: of.line,
        with: with.clone(),
    };
    Ok(())
}

/// The line of a body, from 0, that nothing would prove.
fn unproved(kind: &Kind, body: &str) -> Option<(usize, String)> {
    let lines = body.lines().enumerate();
    match kind {
        Kind::Console => lines
            .filter(|(_, line)| {
                !line.is_empty() && !line.starts_with("$ ") && !line.starts_with("> ")
            })
            .map(|(at, line)| {
                (
                    at,
                    format!("a console shows what is typed, after `$ `: `{line}`"),
                )
            })
            .next(),
        Kind::Session => lines
            .filter(|(_, line)| line.contains("doctest:"))
            .map(|(at, _)| (at, "a doctest directive would let anything pass".into()))
            .next(),
        _ => None,
    }
}

fn near(name: &str, names: &[&str]) -> String {
    let near = nearest(name, names.iter().map(|name| name.to_string()));
    near.map_or(String::new(), |near| format!("; did you mean `{near}`?"))
}

fn is_error_code(code: &str) -> bool {
    let digits = code.strip_prefix('E').unwrap_or_default();
    digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit())
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

    fn refused(fence: &str) -> String {
        fences(&page(fence)).unwrap_err().to_string()
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
        let error = refused("```rust\nfn main() {}\n```");
        assert!(error.contains("nobody has compiled it"), "{error}");
        assert!(error.contains("slides/03-classes.md:8:1\n"), "{error}");
    }

    #[test]
    fn an_unknown_language_or_word_gets_the_nearest_and_its_column() {
        let error = refused("```pythn\nx\n```");
        assert!(error.contains("did you mean `python`?"), "{error}");
        assert!(error.contains("slides/03-classes.md:8:4\n"), "{error}");
        let error = refused("```rust scr=src/lib.rs\n```");
        assert!(
            error.contains("knows no `scr=`; did you mean `src=`?"),
            "{error}"
        );
        assert!(error.contains("slides/03-classes.md:8:9\n"), "{error}");
    }

    #[test]
    fn a_word_that_belongs_to_another_language_is_refused() {
        for fence in [
            "```pycon run=ls\n```",
            "```text src=src/lib.rs\n```",
            "```rust src\n```",
            "```console limit=3\n```",
        ] {
            assert!(refused(fence).contains("fence knows no `"), "{fence}");
        }
        assert!(refused("```rust src=a at=01-why-1 at=01-why-2\n```").contains("twice"));
        assert!(refused("```text run=ls exit=one\n```").contains("`exit=one` is no number"));
        assert!(refused("```diff diff=02-hello\n```").contains("`02-hello` is no checkpoint"));
        assert!(refused("```diff\n```").contains("a diff without a file"));
    }

    #[test]
    fn refused_code_and_its_message_belong_together() {
        let page = page(
            "```rust compile_fail=E0616 at=03-classes-2\nx\n```\n\n```text error-of=E0616 with=\"rustc 1.95.0\"\n```",
        );
        let fences = fences(&page).unwrap();
        let (code, file) = ("E0616".to_string(), "src/slide.rs".to_string());
        assert_eq!(
            fences[0].kind,
            Kind::Refused {
                code: code.clone(),
                file
            }
        );
        let with = Some("rustc 1.95.0".to_string());
        assert_eq!(fences[1].kind, Kind::Message { code, of: 8, with });
        assert_eq!(fences[1].at.to_string(), "03-classes-2");
    }

    #[test]
    fn a_message_without_its_code_is_refused() {
        let error = refused("```rust compile_fail=E0616\n```\n\n```text error-of=E0661\n```");
        assert!(error.contains("did you mean `E0616`?"), "{error}");
        assert!(error.contains(":11:9\n"), "{error}");
        assert!(refused("```rust compile_fail=616\n```").contains("no error of the compiler"));
        let both = "```rust src=src/lib.rs compile_fail=E0616\n```";
        assert!(refused(both).contains("code from a checkpoint compiles"));
    }

    #[test]
    fn what_nobody_would_run_is_refused() {
        let error = refused("```console\n$ pytest\n16 passed\n```");
        assert!(error.contains("after `$ `: `16 passed`"), "{error}");
        assert!(error.contains("slides/03-classes.md:10\n"), "{error}");
        let error = refused("```pycon\n>>> 1 + 1  # doctest: +SKIP\n3\n```");
        assert!(error.contains("let anything pass"), "{error}");
    }

    #[test]
    fn ten_thousand_lines_are_refused_before_anything_else() {
        let error = refused(&format!("```text run=yes\n{}```", "y\n".repeat(10_000)));
        assert!(
            error.contains("10000 lines of code; a slide holds 16"),
            "{error}"
        );
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
