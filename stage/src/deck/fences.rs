//! The fences of a section, and which belong together.

use pulldown_cmark::{Event, Tag};

use super::{Fence, Kind, Page, head};
use crate::error::{Error, Result};
use crate::outline::parser;

/// Read every fence of a section.
///
/// # Errors
/// The first of what `read` finds.
pub fn fences(page: &Page) -> Result<Vec<Fence>> {
    let (fences, problems) = read(page);
    match problems.into_iter().next() {
        Some(problem) => Err(problem),
        None => Ok(fences),
    }
}

/// The fences that can be read, and `BadPlace` for each other: an unknown
/// language, code without a source, a word that no fence knows, too much code
/// for any slide.
pub fn read(page: &Page) -> (Vec<Fence>, Vec<Error>) {
    let (mut all, mut problems) = (Vec::new(), Vec::new());
    // Counted on from fence to fence: a deck has hundreds.
    let (mut line, mut counted) = (1, 0);
    for slide in &page.outline.slides {
        let text = &page.text[slide.text.clone()];
        let first = all.len();
        let mut unread = false;
        for (event, range) in parser(text).into_offset_iter() {
            let Event::Start(Tag::CodeBlock(kind)) = event else {
                continue;
            };
            let range = slide.text.start + range.start..slide.text.start + range.end;
            line += page.text[counted..range.start].matches('\n').count();
            counted = range.start;
            let fence = head::fence(page, slide, &kind, (range, line))
                .and_then(|fence| join_message(page, &all[first..], fence, unread));
            match fence {
                Ok(fence) => all.extend(fence),
                Err(problem) => {
                    unread = true;
                    problems.push(problem);
                }
            }
        }
    }
    (all, problems)
}

/// A message belongs to the refused code above it on the slide, and is as old.
/// Where a fence above could not be read it may belong to that one: then there
/// is one problem, not two.
fn join_message(
    page: &Page,
    above: &[Fence],
    mut fence: Fence,
    unread: bool,
) -> Result<Option<Fence>> {
    let Kind::Message {
        code, with, first, ..
    } = &fence.kind
    else {
        return Ok(Some(fence));
    };
    let refused = above.iter().filter_map(|fence| match &fence.kind {
        Kind::Refused { code, .. } => Some((code, fence)),
        _ => None,
    });
    let all: Vec<(&String, &Fence)> = refused.collect();
    let Some((_, of)) = all.iter().rev().find(|(other, _)| *other == code) else {
        if unread {
            return Ok(None);
        }
        let names: Vec<&str> = all.iter().map(|(code, _)| code.as_str()).collect();
        let near = head::near(code, &names);
        let reason = format!("no fence above it on this slide has `compile_fail={code}`{near}");
        let mend = "put the refused code above its message";
        return Err(fence.bad(page, "error-of=", reason, mend));
    };
    fence.kind = Kind::Message {
        code: code.clone(),
        of: of.line,
        with: with.clone(),
        first: *first,
    };
    fence.at = of.at.clone();
    Ok(Some(fence))
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
    fn a_benchmark_is_shown_whole_or_by_its_forms() {
        for (word, forms) in [
            ("ladder", &[][..]),
            ("ladder#maps,lists", &["maps", "lists"]),
        ] {
            let page = page(&format!("```text bench={word}\n```"));
            let ids = forms.iter().map(|id| id.to_string()).collect();
            let name = "ladder".to_string();
            assert_eq!(fences(&page).unwrap()[0].kind, Kind::Bench { name, ids });
        }
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
        assert!(
            refused("```text run=ls exit=one\n```")
                .contains("`exit=one` is no number from 0 to 255")
        );
        assert!(
            refused("```diff src=a diff=02-hello\n```").contains("`02-hello` is no checkpoint")
        );
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
        assert_eq!(
            fences[1].kind,
            Kind::Message {
                code,
                of: 8,
                with,
                first: false,
            }
        );
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
        assert!(error.contains("slides/03-classes.md:10:1\n"), "{error}");
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

    #[test]
    fn a_word_that_would_do_nothing_is_refused() {
        for (fence, reason) in [
            (
                "text run=ls with=\"rustc 1.95.0\"",
                "a fence with `run=` has no use for `with=`",
            ),
            (
                "text run=ls error-of=E0616",
                "a command prints it, or the compiler, or a benchmark: one of them",
            ),
            (
                "text bench=ladder run=ls",
                "a command prints it, or the compiler, or a benchmark: one of them",
            ),
            (
                "text bench=ladder at=01-why-1",
                "a fence with `bench=` has no use for `at=`",
            ),
            ("text bench=", "`bench=` has no value"),
            (
                "text error-of=E0616 exit=1",
                "a fence with `error-of=` has no use for `exit=`",
            ),
            (
                "text error-of=E0616 at=01-why-1",
                "a fence with `error-of=` has no use for `at=`",
            ),
            ("text exit=1", "output without the command"),
            (
                "rust src=a.rs file=src/b.rs",
                "a fence with `src=` has no use for `file=`",
            ),
            (
                "rust compile_fail=E0616 sig",
                "a fence with `compile_fail=` has no use for `sig`",
            ),
            (
                "rust compile_fail=E0616 file=build.rs",
                "`build.rs` is no file of the crate",
            ),
            (
                "rust compile_fail=E0616 file=src/../a.rs",
                "`src/../a.rs` is no file of the crate",
            ),
            ("rust src=a.rs sig", "a whole file is shown"),
            ("rust src=a.rs#", "an item without a name"),
            ("rust src=", "`src=` has no value"),
            ("rust src=\"\"", "`src=` has no value"),
            ("rust src", "did you mean `src=`?"),
            ("rust src=a.py", "`a.py` is not rust"),
            ("python src=Cargo.toml", "`Cargo.toml` is not python"),
            ("toml src=a.rs", "`a.rs` is not toml"),
            ("diff src=a.rs sig", "a diff fence knows no `sig`"),
            ("diff src=a.rs diff diff=01-why-1", "stands there twice"),
            (
                "text run=ls exit=256",
                "`exit=256` is no number from 0 to 255",
            ),
            ("text run=ls exit=-1", "`exit=-1` is no number"),
            (
                "text run=ls limit=0",
                "`limit=0` is no number from 1 to 600",
            ),
            (
                "text run=ls limit=601",
                "`limit=601` is no number from 1 to 600",
            ),
            ("text run=ls lines=3-1", "`3-1` is no line of code"),
            ("text run=ls lines=1-3,2", "line 2 is named twice"),
            ("text run=ls at=", "`at=` has no value"),
            ("text run=\"ls", "is never closed"),
            (
                "text error-of=E0616 with=\"gcc 14\"",
                "`gcc 14` is no version of the compiler",
            ),
        ] {
            let error = refused(&format!("```{fence}\n```"));
            assert!(error.contains(reason), "{fence}: {error}");
        }
    }

    #[test]
    fn every_unreadable_fence_is_named() {
        let page = page("```rust\n```\n\n```text error-of=E0616\n```\n\n```console\nx\n```");
        let (fences, problems) = read(&page);
        assert_eq!(fences.len(), 0);
        let places: Vec<String> = problems.iter().map(Error::place).collect();
        assert_eq!(
            places,
            ["slides/03-classes.md:8:1", "slides/03-classes.md:15:1"]
        );
    }

    #[test]
    fn tildes_make_a_fence_and_longer_ones_hold_shorter() {
        let fences = |text: &str| fences(&page(text)).map(|fences| fences.len());
        assert_eq!(fences("~~~rust src=a.rs\n```\n~~~").unwrap(), 1);
        assert_eq!(fences("````text run=x\n```\n````").unwrap(), 1);
        assert!(refused("~~~text run=x\n ~~~~ a\n~~~").contains("closes the fence"));
        let page = page("~~~text run=x\n~~~");
        let fence = &super::fences(&page).unwrap()[0];
        assert!(
            fence.check_body(&page, "~~~\n").is_err() && fence.check_body(&page, "```\n").is_ok()
        );
        let colour = fence
            .check_new_body(&page, "a \u{1b}[31mred\n")
            .unwrap_err()
            .to_string();
        assert!(colour.contains("nobody sees: U+001B"), "{colour}");
    }
}
