//! What a slide shows from outside of its text: images, which must be ours and
//! say what they show, and everything else, which is refused.
//!
//! The deck works without a network, and under a content security policy that
//! allows nothing inline.

use std::sync::LazyLock;

use pulldown_cmark::{Event, Tag, TagEnd};
use regex::Regex;

use super::Page;
use crate::checkpoint::nearest;
use crate::error::{Error, Result};
use crate::files::Files;
use crate::outline::parser;

/// Where images lie, from `slides/`.
const IMAGES: &str = "images/";

/// Refuse what would be fetched from elsewhere, what is inline, and images
/// that are missing or say nothing to whom cannot see them.
///
/// # Errors
/// `BadText` with the line.
pub fn refuse(pages: &[Page], files: &Files) -> Result<()> {
    for page in pages {
        for slide in &page.outline.slides {
            let text = &page.text[slide.text.clone()];
            let mut image: Option<(usize, String)> = None;
            for (event, range) in parser(text).into_offset_iter() {
                let at = slide.text.start + range.start;
                let found = match event {
                    Event::Start(Tag::Image { dest_url, .. }) => {
                        image = Some((at, String::new()));
                        local(&dest_url, files)
                    }
                    Event::Text(text) | Event::Code(text) if image.is_some() => {
                        image.iter_mut().for_each(|(_, alt)| alt.push_str(&text));
                        Ok(())
                    }
                    Event::End(TagEnd::Image) => {
                        image.take().map_or(Ok(()), |(_, alt)| has_alt(&alt))
                    }
                    Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => {
                        html(&text[range], files)
                    }
                    _ => Ok(()),
                };
                found.map_err(|(reason, mend)| bad(&page.path, &page.text, at, reason, mend))?;
            }
        }
    }
    theme(files)
}

type Wrong = (String, String);

// Compiled once: a deck has thousands of tags.
static TAG: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"<([a-zA-Z][a-zA-Z0-9-]*)((?:[^>"']|"[^"]*"|'[^']*')*)>"#));
static ATTRIBUTE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"([a-zA-Z:-]+)\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)"#));

fn bad(path: &str, text: &str, at: usize, reason: String, mend: String) -> Error {
    let line = text[..at].matches('\n').count() + 1;
    Error::BadText {
        path: path.into(),
        line,
        reason,
        mend,
    }
}

fn has_alt(alt: &str) -> Result<(), Wrong> {
    if alt.trim().is_empty() {
        let mend = "say what it shows: `![A ream of paper](images/ream.svg)`";
        return Err(("an image without alt text".into(), mend.into()));
    }
    Ok(())
}

fn local(address: &str, files: &Files) -> Result<(), Wrong> {
    let mend = "put the file into `slides/images/` and write `![…](images/NAME)`";
    if is_remote(address) {
        return Err((
            format!("`{address}` would be fetched from elsewhere"),
            mend.into(),
        ));
    }
    let path = format!("slides/{address}");
    if address.starts_with(IMAGES) && files.contains_key(&path) {
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

fn html(text: &str, files: &Files) -> Result<(), Wrong> {
    for tag in TAG.captures_iter(text) {
        let name = tag[1].to_lowercase();
        if name == "pre" {
            let reason = "code in `<pre>`: nobody has compiled it".to_string();
            return Err((reason, "put it into a fence".into()));
        }
        let elsewhere = "put it into the theme, `slides/theme/`";
        if [
            "script", "style", "link", "iframe", "object", "embed", "base", "meta",
        ]
        .contains(&name.as_str())
        {
            return Err((format!("`<{name}>` on a slide"), elsewhere.into()));
        }
        let mut alt = String::new();
        for attribute in ATTRIBUTE.captures_iter(&tag[2]) {
            let key = attribute[1].to_lowercase();
            let value = attribute[2].trim_matches(|letter| letter == '"' || letter == '\'');
            match (name.as_str(), key.as_str()) {
                ("a", "href") if !value.trim_start().starts_with("javascript:") => {}
                (_, "style") => return Err((format!("`{key}=` on a slide"), elsewhere.into())),
                (_, key) if key.starts_with("on") => {
                    return Err((format!("`{key}=` on a slide"), elsewhere.into()));
                }
                ("img", "src") => local(value, files)?,
                (_, "alt") => alt = value.into(),
                (
                    _,
                    "href" | "src" | "srcset" | "poster" | "data" | "xlink:href" | "background",
                ) => {
                    let mend = "take it away, or put it into `slides/images/`";
                    return Err((format!("`{key}=\"{value}\"` on a slide"), mend.into()));
                }
                _ => {}
            }
        }
        if name == "img" {
            has_alt(&alt)?;
        }
    }
    Ok(())
}

/// Styles and pages of the theme name nothing outside of their folder.
fn theme(files: &Files) -> Result<()> {
    let outside = [
        (".css", r#"@import|url\(\s*["']?\s*(?:https?:)?//"#),
        (".html", r#"(?:src|href)\s*=\s*["']?\s*(?:https?:)?//"#),
        (
            ".js",
            r#"(?:from|import|import\(|fetch\()\s*["'`](?:https?:)?//"#,
        ),
    ];
    for (name, file) in files.below("slides/theme").iter() {
        let end = outside.iter().find(|(end, _)| name.ends_with(end));
        let (Some((_, wanted)), Some(text)) = (end, file.as_str()) else {
            continue;
        };
        if let Some(found) = pattern(wanted).find(text) {
            let reason = "the theme fetches something from elsewhere".to_string();
            let mend = "put the file beside it, in `slides/theme/`".to_string();
            return Err(bad(
                &format!("slides/theme/{name}"),
                text,
                found.start(),
                reason,
                mend,
            ));
        }
    }
    Ok(())
}

/// The patterns are ours, and each is run by a test.
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a pattern")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::File;
    use crate::outline::Outline;

    fn checked(slide: &str, others: &[(&str, &str)]) -> Result<()> {
        let path = "slides/03-classes.md".to_string();
        let text = format!(
            "---\ntitle: t\nred: r\n---\n\n<!-- slide id=a min=1 at=03-classes-1 -->\n{slide}\n"
        );
        let outline = Outline::parse(&path, &text)?;
        let mut files = Files::default();
        files.insert("slides/images/ream.svg".into(), File::text("<svg/>"));
        for (path, text) in others {
            files.insert((*path).into(), File::text(*text));
        }
        refuse(
            &[Page {
                path,
                text,
                outline,
            }],
            &files,
        )
    }

    #[test]
    fn what_is_ours_may_stand_on_a_slide() {
        for slide in [
            "![A ream](images/ream.svg)",
            "<img src=\"images/ream.svg\" alt=\"A ream\">",
            "<https://a.b> and [a link](https://a.b) and <a href=\"https://a.b\">one</a>",
            "```text run=x\n<script src=\"https://a.b\"></script> ![](http://a.b)\n```",
            "`<script>` and <kbd>S</kbd>",
        ] {
            assert!(checked(slide, &[]).is_ok(), "{slide}");
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
                "`src=\"https://a.b/x\"` on a slide",
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
            let error = checked(&format!("one\n\n{slide}"), &[])
                .unwrap_err()
                .to_string();
            assert!(error.contains(reason), "{slide}: {error}");
            assert!(error.contains("slides/03-classes.md:9\n"), "{error}");
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
            let error = checked("x", &[(path, text)]).unwrap_err().to_string();
            assert!(
                error.contains(&format!("where: {path}:2\n")),
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
            .is_ok()
        );
    }
}
