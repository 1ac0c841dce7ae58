//! From Markdown to the deck's HTML.

use pulldown_cmark::{CowStr, Event, Tag, TagEnd, html};

use super::highlight::{Painter, escape};
use super::html::NOTES;
use super::lines::wrapped;
use super::{Fence, Kind, Page, Settings, contents, fences};
use crate::error::{Error, Result};
use crate::outline::{Slide, parser};

/// The whole deck as one HTML page.
///
/// # Errors
/// `BadText` for what cannot be read, or a `<details>` that is never closed.
pub fn page(pages: &[Page], settings: &Settings) -> Result<String> {
    let mut painter = Painter::new();
    let mut slides = String::new();
    let mut number = 0;
    let mut headings = Vec::new();
    for page in pages {
        let fences = fences(page)?;
        slides.push_str(&contents::chapter(page));
        for slide in &page.outline.slides {
            number += 1;
            let html = section(page, slide, &fences, number, settings, &mut painter)?;
            headings.push(heading(&html));
            slides.push_str(&html);
        }
    }
    let masthead = contents::masthead(pages, settings);
    let contents_list = contents::contents(pages, &headings);
    let colophon = contents::colophon(number);
    let (title, language) = (escape(&settings.title), escape(&settings.language));
    Ok(format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n\
         <link rel=\"icon\" href=\"icon.svg\" type=\"image/svg+xml\">\n\
         <script src=\"mode.js\"></script>\n\
         <link rel=\"stylesheet\" href=\"reveal.css\" media=\"screen\">\n\
         <link rel=\"stylesheet\" href=\"theme.css\">\n\
         <link rel=\"stylesheet\" href=\"tools.css\">\n\
         <link rel=\"stylesheet\" href=\"read.css\">\n\
         <link rel=\"stylesheet\" href=\"print.css\">\n</head>\n<body>\n\
         <a class=\"skip\" href=\"#deck\">Skip to the slides</a>\n{masthead}{contents_list}\
         <main id=\"deck\"><div class=\"slides\">\n{slides}</div></main>\n{colophon}\
         <script src=\"reveal.js\"></script>\n<script src=\"pacing.js\"></script>\n\
         <script src=\"present.js\"></script>\n\
         <script src=\"lines.js\"></script>\n<script src=\"deck.js\"></script>\n\
         <script src=\"tools.js\"></script>\n<script src=\"find.js\"></script>\n\
         </body>\n</html>\n"
    ))
}

/// The first heading of a slide, as HTML without its tags.
fn heading(slide: &str) -> String {
    let inside = slide
        .split_once("<h2>")
        .and_then(|(_, rest)| rest.split_once("</h2>"));
    inside.map_or(String::new(), |(heading, _)| heading.trim().into())
}

fn section(
    page: &Page,
    slide: &Slide,
    fences: &[Fence],
    number: usize,
    settings: &Settings,
    painter: &mut Painter,
) -> Result<String> {
    let (body, notes) = halves(page, slide, fences, settings, painter)?;
    let optional = if slide.optional { " data-optional" } else { "" };
    let notes = if notes.is_empty() {
        notes
    } else {
        format!("<aside class=\"notes\">\n{notes}</aside>\n")
    };
    Ok(format!(
        "<section id=\"{id}\" class=\"slide\" data-section=\"{stem}\" data-at=\"{at}\" \
         data-minutes=\"{minutes}\" data-track=\"{tracks}\"{optional}>\n\
         <div class=\"body\">\n{body}</div>\n{banner}{notes}{trail}</section>\n",
        id = slide.id,
        stem = page.outline.stem,
        at = slide.at,
        minutes = slide.minutes,
        tracks = slide.tracks.join(" "),
        banner = banner(slide, number, settings),
        trail = contents::trail(slide, fences, settings),
    ))
}

/// What an attendee needs at any moment: where the repository is, how to set
/// up, and the command that brings them here.
fn banner(slide: &Slide, number: usize, settings: &Settings) -> String {
    let repository = escape(&settings.repository);
    let repository = if repository.is_empty() {
        String::new()
    } else {
        format!("<span class=\"repo\">{repository}</span>")
    };
    format!(
        "<footer class=\"banner\">{repository}<span class=\"setup\"><code>./setup.sh</code></span>\
         <span class=\"catch-up\"><code>stage go {at}</code></span>\
         <span class=\"number\">{number}</span></footer>\n",
        at = slide.at,
    )
}

/// The slide's body and its speaker notes, as HTML.
fn halves(
    page: &Page,
    slide: &Slide,
    fences: &[Fence],
    settings: &Settings,
    painter: &mut Painter,
) -> Result<(String, String)> {
    let text = &page.text[slide.text.clone()];
    let (mut body, mut notes): (Vec<Event>, Vec<Event>) = (Vec::new(), Vec::new());
    let mut in_notes = false;
    // How many `<details>` are open, the notes' own included.
    let mut open = 0_usize;
    let mut skipping = false;
    for (event, range) in parser(text).into_offset_iter() {
        let event = match event {
            Event::Start(Tag::CodeBlock(_)) => {
                skipping = true;
                let at = slide.text.start + range.start;
                let fence = fences.iter().find(|fence| fence.head.start == at);
                let figure = fence
                    .map(|fence| figure(page, fence, settings, painter, !in_notes))
                    .transpose()?;
                Event::Html(figure.unwrap_or_default().into())
            }
            Event::End(TagEnd::CodeBlock) => {
                skipping = false;
                continue;
            }
            _ if skipping => continue,
            Event::Html(html) => {
                let opens = html.matches("<details").count();
                let closes = html.matches("</details>").count();
                if html.trim_start().starts_with(NOTES) {
                    in_notes = true;
                    open = 1 - closes.min(1);
                    if closes > 0 {
                        in_notes = false;
                    }
                    let inside = html
                        .trim()
                        .trim_start_matches(NOTES)
                        .trim_end_matches("</details>")
                        .to_string();
                    notes.push(Event::Html(inside.into()));
                    continue;
                }
                open = (open + opens).saturating_sub(closes);
                if in_notes && open == 0 {
                    in_notes = false;
                    let before = html.trim_end().trim_end_matches("</details>").to_string();
                    notes.push(Event::Html(CowStr::from(before)));
                    continue;
                }
                Event::Html(html)
            }
            other => other,
        };
        if in_notes {
            notes.push(event)
        } else {
            body.push(event)
        }
    }
    if open > 0 {
        return Err(Error::BadText {
            path: page.path.clone(),
            line: slide.line,
            reason: format!("a `<details>` on the slide `{}` is never closed", slide.id),
            mend: "add `</details>` on a line of its own".into(),
        });
    }
    let render = |events: Vec<Event>| {
        let mut text = String::new();
        html::push_html(&mut text, events.into_iter());
        text
    };
    Ok((render(body), render(notes)))
}

/// A fence; its lines are walked through `on_slide` only, not in the notes.
fn figure(
    page: &Page,
    fence: &Fence,
    settings: &Settings,
    painter: &mut Painter,
    on_slide: bool,
) -> Result<String> {
    let body = &page.text[fence.body.clone()];
    fence.check_steps(page, body.lines().count())?;
    let mut code = painter.html(&fence.language, body);
    if let Kind::Change { .. } = fence.kind {
        let lines: Vec<&str> = body.lines().collect();
        code = wrapped(&code, |line| change(lines.get(line)));
    } else if fence.steps.is_some() {
        code = wrapped(&code, |_| "");
    }
    // The first lines are marked by the theme's script, the others step by step.
    let (mut marked, mut fragments) = (String::new(), String::new());
    if let Some((first, rest)) = fence
        .steps
        .as_ref()
        .filter(|_| on_slide)
        .and_then(|steps| steps.groups.split_first())
    {
        marked = format!(" data-lines=\"{first}\"");
        for group in rest {
            fragments.push_str(&format!(
                "<span class=\"fragment\" data-lines=\"{group}\"></span>"
            ));
        }
    }
    let caption = match &fence.kind {
        Kind::Source { file, .. } => format!("{} · {}", escape(file), fence.at),
        Kind::Change { file, since, .. } => {
            let since = since.as_ref().map(ToString::to_string);
            let since = since.or_else(|| settings.before(&fence.at.to_string()));
            let since = since.map_or(String::new(), |since| format!("{since} → "));
            format!("{} · {since}{}", escape(file), fence.at)
        }
        Kind::Refused { code, file } => {
            format!("{} · {} · refused: {code}", escape(file), fence.at)
        }
        Kind::Message { with, .. } => escape(with.as_deref().unwrap_or_default()),
        Kind::Output { command, .. } => format!("<code>{}</code>", escape(command)),
        Kind::Bench { name, .. } => format!("<code>stage bench {}</code>", escape(name)),
        Kind::Session | Kind::Console => String::new(),
    };
    let caption = match caption.as_str() {
        "" => caption,
        caption => format!("<figcaption>{caption}</figcaption>"),
    };
    let language = &fence.language;
    Ok(format!(
        "<figure class=\"code\"{marked}><pre><code class=\"language-{language}\">{code}</code></pre>{fragments}{caption}</figure>\n"
    ))
}

/// How a line of a difference is marked, besides its own + or -.
fn change(line: Option<&&str>) -> &'static str {
    match line.and_then(|line| line.chars().next()) {
        Some('+') => " added",
        Some('-') => " removed",
        Some('@') => " hunk",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outline::Outline;

    fn rendered(slide: &str) -> Result<String> {
        let text = format!(
            "---\ntitle: t\nred: r\n---\n\n<!-- slide id=a min=1.5 at=03-classes-1 -->\n{slide}\n"
        );
        let path = "slides/03-classes.md".to_string();
        let outline = Outline::parse(&path, &text)?;
        page(
            &[Page {
                path,
                text,
                outline,
            }],
            &Settings::default(),
        )
    }

    #[test]
    fn speaker_notes_leave_the_slide() {
        let html = rendered("## One\n\ntext\n\n<details><summary>Speaker notes</summary>\n\n- **Say** hello\n\n</details>\n").unwrap();
        let (body, notes) = html.split_once("<aside class=\"notes\">").unwrap();
        assert!(body.contains("<p>text</p>") && !body.contains("hello"));
        assert!(notes.contains("<strong>Say</strong> hello"));
        assert!(!html.contains("Speaker notes"));
    }

    #[test]
    fn a_hint_stays_on_the_slide() {
        let html = rendered("## One\n\n<details><summary>Hint 1</summary>Look.</details>\n\n<details><summary>Speaker notes</summary>\n\nN\n\n</details>\n").unwrap();
        assert!(html.contains("<summary>Hint 1</summary>Look.</details>"));
        assert!(html.contains("<aside class=\"notes\">"));
    }

    #[test]
    fn nothing_in_a_fence_splits_or_leaks() {
        let html = rendered("```text run=\"x\"\n---\nNote: not a note\n</details><script>\n<details><summary>Speaker notes</summary>\n```\n").unwrap();
        assert_eq!(html.matches("<section").count(), 1);
        assert!(html.contains("&lt;/details&gt;&lt;script&gt;"));
        assert!(!html.contains("<aside"));
    }

    #[test]
    fn code_is_walked_through_on_the_slide_and_not_in_the_notes() {
        let fence = "```console lines=1|2\n$ ls\n$ ls\n```\n";
        let notes = "<details><summary>Speaker notes</summary>\n\n";
        let html = rendered(&format!("{fence}\n{notes}{fence}\n</details>\n")).unwrap();
        let (body, notes) = html.split_once("<aside").unwrap();
        assert!(body.contains("<span class=\"fragment\" data-lines=\"2\"></span>"));
        assert!(!notes.contains("data-lines"), "{notes}");
    }

    #[test]
    fn an_open_details_is_refused_with_its_slide() {
        let error = rendered("<details><summary>Speaker notes</summary>\n\nN\n")
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("on the slide `a` is never closed"),
            "{error}"
        );
    }

    #[test]
    fn a_difference_says_from_which_checkpoint_it_is() {
        let text = "---\ntitle: t\nred: r\n---\n\n<!-- slide id=a min=1 at=03-classes-1 -->\n```diff src=a.py\n```\n\n```diff src=a.py diff\n```\n\n```diff src=a.py diff=02-hello-1\n```\n";
        let path = "slides/03-classes.md".to_string();
        let pages = [Page {
            outline: Outline::parse(&path, text).unwrap(),
            path,
            text: text.into(),
        }];
        let settings = Settings {
            checkpoints: ["02-hello-done", "03-classes-1"].map(String::from).into(),
            ..Settings::default()
        };
        let html = page(&pages, &settings).unwrap();
        let named = |since: &str| {
            html.matches(&format!("<figcaption>a.py · {since} → 03-classes-1<"))
                .count()
        };
        assert_eq!(
            (named("02-hello-done"), named("02-hello-1")),
            (2, 1),
            "{html}"
        );
    }

    #[test]
    fn every_slide_has_the_banner_with_its_tag() {
        let html = rendered("## One\n").unwrap();
        assert!(html.contains("<code>stage go 03-classes-1</code>"));
    }
}
