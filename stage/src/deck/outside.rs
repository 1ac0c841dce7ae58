//! What a slide shows from outside of its text: images, which must be ours and
//! say what they show, and everything else, which is refused.
//!
//! The deck works without a network, and under a content security policy that
//! allows nothing inline.

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};
use regex::Regex;

use super::Page;
use crate::checkpoint::nearest;
use crate::error::Error;
use crate::files::Files;
use crate::outline::{Source, parser};

/// Where images lie, from `slides/`.
const IMAGES: &str = "images/";

/// What is wrong: what would be fetched from elsewhere, images that are missing
/// or say nothing to whom cannot see them, links that lead nowhere.
pub fn problems(page: &Page, files: &Files, ids: &[&str]) -> Vec<Error> {
    let source = Source {
        path: &page.path,
        text: &page.text,
    };
    let mut problems = Vec::new();
    for slide in &page.outline.slides {
        let text = &page.text[slide.text.clone()];
        let mut image: Option<(usize, String)> = None;
        for (event, range) in parser(text).into_offset_iter() {
            let mut at = slide.text.start + range.start;
            let found = match event {
                Event::Start(Tag::Image { dest_url, .. }) => {
                    image = Some((at, String::new()));
                    local(&dest_url, files)
                }
                Event::Text(text) | Event::Code(text) if image.is_some() => {
                    image.iter_mut().for_each(|(_, alt)| alt.push_str(&text));
                    Ok(())
                }
                Event::End(TagEnd::Image) => image.take().map_or(Ok(()), |(begin, alt)| {
                    at = begin;
                    has_alt(&alt)
                }),
                Event::Start(Tag::Link {
                    link_type,
                    dest_url,
                    ..
                }) if link_type != LinkType::Email => {
                    link(&dest_url).and_then(|()| slide_of(&dest_url, ids))
                }
                _ => Ok(()),
            };
            problems.extend(
                found
                    .err()
                    .map(|(reason, mend)| source.bad(at, reason, mend)),
            );
        }
    }
    problems
}

/// What is wrong, and how to mend it.
pub type Wrong = (String, String);

/// Whether a link leads to a page or to a slide: from the deck's folder, and
/// from a USB stick, there is nothing else.
///
/// # Errors
/// What is wrong with it.
pub fn link(address: &str) -> Result<(), Wrong> {
    let is_page = ["https://", "http://"].iter().any(|start| {
        address
            .strip_prefix(start)
            .is_some_and(|rest| rest.starts_with(char::is_alphanumeric))
    });
    if is_page || address.starts_with("#/") {
        return Ok(());
    }
    let mend = "write `https://…`, or `#/ID` for a slide";
    Err((format!("the link `{address}` leads nowhere"), mend.into()))
}

fn slide_of(address: &str, ids: &[&str]) -> Result<(), Wrong> {
    let Some(id) = address.strip_prefix("#/").filter(|id| !ids.contains(id)) else {
        return Ok(());
    };
    let near = nearest(id, ids.iter().map(|id| id.to_string()));
    let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    Err((
        format!("no slide is called `{id}`{near}"),
        "name a slide's id".into(),
    ))
}

/// Whether an image says what it shows.
///
/// # Errors
/// What is wrong with it.
pub fn has_alt(alt: &str) -> Result<(), Wrong> {
    if alt.trim().is_empty() {
        let mend = "say what it shows: `![A ream of paper](images/ream.svg)`";
        return Err(("an image without alt text".into(), mend.into()));
    }
    Ok(())
}

/// Whether an image is one of ours.
///
/// # Errors
/// What is wrong with its address.
pub fn local(address: &str, files: &Files) -> Result<(), Wrong> {
    let mend = "put the file into `slides/images/` and write `![…](images/NAME)`";
    if is_remote(address) {
        return Err((
            format!("`{address}` would be fetched from elsewhere"),
            mend.into(),
        ));
    }
    let path = format!("slides/{address}");
    let name = address.strip_prefix(IMAGES).unwrap_or_default();
    if !name.is_empty() && !name.contains('/') && files.contains_key(&path) {
        return Ok(());
    }
    let names = files.below("slides");
    let images = names
        .keys()
        .filter(|name| name.starts_with(IMAGES))
        .cloned();
    let near = nearest(address, images);
    let near = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
    Err((format!("there is no image `{address}`{near}"), mend.into()))
}

fn is_remote(address: &str) -> bool {
    let address = address.trim();
    address.starts_with("//") || address.contains("://")
}

/// Styles and pages of the theme name nothing outside of their folder.
pub fn theme(files: &Files) -> Vec<Error> {
    let outside = [
        (".css", r#"@import|url\(\s*["']?\s*(?:https?:)?//"#),
        (".html", r#"(?:src|href)\s*=\s*["']?\s*(?:https?:)?//"#),
        (
            ".js",
            r#"(?:from|import|import\(|fetch\()\s*["'`](?:https?:)?//"#,
        ),
    ];
    let mut problems = Vec::new();
    for (name, file) in files.below("slides/theme").iter() {
        let end = outside.iter().find(|(end, _)| name.ends_with(end));
        let (Some((_, wanted)), Some(text)) = (end, file.as_str()) else {
            continue;
        };
        let path = format!("slides/theme/{name}");
        if let Some(found) = pattern(wanted).find(text) {
            let mend = "put the file beside it, in `slides/theme/`";
            let source = Source { path: &path, text };
            let reason = "the theme fetches something from elsewhere";
            problems.push(source.bad(found.start(), reason, mend));
        }
    }
    problems
}

/// The patterns are ours, and each is run by a test.
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deck::html;
    use crate::files::File;
    use crate::outline::Outline;

    fn checked(slide: &str, others: &[(&str, &str)]) -> Option<String> {
        let path = "slides/03-classes.md".to_string();
        let text = format!(
            "---\ntitle: t\nred: r\n---\n\n<!-- slide id=a min=1 at=03-classes-1 -->\n{slide}\n"
        );
        let outline = Outline::parse(&path, &text).unwrap();
        let mut files = Files::default();
        files.insert("slides/images/ream.svg".into(), File::text("<svg/>"));
        for (path, text) in others {
            files.insert((*path).into(), File::text(*text));
        }
        let page = Page {
            path,
            text,
            outline,
        };
        let mut found = problems(&page, &files, &["a"]);
        found.extend(html::problems(&page, &files));
        found.extend(theme(&files));
        assert!(found.len() < 2, "{found:?}");
        found.pop().map(|found| found.to_string())
    }

    #[test]
    fn what_is_ours_may_stand_on_a_slide() {
        for slide in [
            "![A ream](images/ream.svg)",
            "<img src=\"images/ream.svg\" alt=\"A ream\">",
            "<pam@a.b>, [this slide](#/a)",
            "<https://a.b> and [a link](https://a.b) and <a href=\"https://a.b\">one</a>",
            "```text run=x\n<script src=\"https://a.b\"></script> ![](http://a.b)\n```",
            "`<script>` and <kbd>S</kbd>",
        ] {
            assert_eq!(checked(slide, &[]), None, "{slide}");
        }
    }

    #[test]
    fn what_is_fetched_inline_or_mute_is_refused_with_its_line() {
        for (slide, reason) in [
            (
                "![A ream](https://a.b/ream.svg)",
                "`https://a.b/ream.svg` would be fetched from elsewhere",
            ),
            ("![A ream](//a.b/ream.svg)", "fetched from elsewhere"),
            ("![ ](images/ream.svg)", "an image without alt text"),
            ("![A ream](images/../theme/a.svg)", "there is no image"),
            ("![A ream](/etc/ream.svg)", "there is no image"),
            (
                "![A ream][r]\n\n[r]: http://a.b/ream.svg",
                "fetched from elsewhere",
            ),
            (
                "[x](javascript:alert(1))",
                "the link `javascript:alert(1)` leads nowhere",
            ),
            ("[x](JAVASCRIPT:alert(1))", "leads nowhere"),
            ("[x](data:text/html,x)", "leads nowhere"),
            ("[x](../README.md)", "leads nowhere"),
            ("x[^1]\n\n[^1]: Dwight", "the link `Dwight` leads nowhere"),
            ("[x](#/b)", "no slide is called `b`"),
            ("[x](https://)", "leads nowhere"),
            (
                "![A ream](images/raem.svg)",
                "did you mean `images/ream.svg`?",
            ),
            ("![A ream](data:image/png;base64,AAAA)", "there is no image"),
            (
                "<img\nsrc=\"images/ream.svg\">",
                "an image without alt text",
            ),
            (
                "<img src='http://a.b/x.png' alt='x'>",
                "fetched from elsewhere",
            ),
            (
                "text <img src=\"https://a.b/x.png\" alt=\"x\"> text",
                "fetched from elsewhere",
            ),
            (
                "<video src=\"https://a.b/x\"></video>",
                "`<video>` on a slide",
            ),
            (
                "<script src=\"https://a.b/x.js\"></script>",
                "`<script>` on a slide",
            ),
            (
                "<link rel=\"stylesheet\" href=\"https://a.b/font.css\">",
                "`<link>` on a slide",
            ),
            ("<b style=\"color: red\">x</b>", "`style=` on a slide"),
            (
                "<pre>fn main() {}</pre>",
                "code in `<pre>`: nobody has compiled it",
            ),
            ("<b onclick=\"x()\">x</b>", "`onclick=` on a slide"),
        ] {
            let error = checked(&format!("one\n\n{slide}"), &[]).unwrap();
            assert!(error.contains(reason), "{slide}: {error}");
            assert!(error.contains("slides/03-classes.md:9:"), "{error}");
        }
    }

    #[test]
    fn the_theme_names_nothing_outside() {
        for (path, text) in [
            (
                "slides/theme/a.css",
                "a {}\n@font-face { src: url(https://a.b/f.woff2) }",
            ),
            ("slides/theme/a.css", "\n@import \"b.css\";"),
            (
                "slides/theme/a.html",
                "\n<script src=\"//a.b/x.js\"></script>",
            ),
            ("slides/theme/a.js", "\nimport x from \"https://a.b/x.js\";"),
        ] {
            let error = checked("x", &[(path, text)]).unwrap();
            assert!(
                error.contains(&format!("where: {path}:2:")),
                "{text}: {error}"
            );
        }
        assert!(
            checked(
                "x",
                &[(
                    "slides/theme/a.css",
                    "a { b: url(c.svg) } /* https://a.b */"
                )]
            )
            .is_none()
        );
    }
}
