//! What a reader needs and a room does not: the way round the page, and the
//! way from a slide to its source.

use std::collections::BTreeSet;
use std::path::Path;

use super::highlight::escape;
use super::{Fence, Kind, Page, Settings};
use crate::outline::Slide;

/// Sheets of paper in a ream.
const REAM: usize = 500;

/// The article's first lines. Slides do not show them. They know the tracks
/// that have time of their own, which an address may ask for (present.js).
pub fn masthead(pages: &[Page], settings: &Settings) -> String {
    let slides: usize = pages.iter().map(|page| page.outline.slides.len()).sum();
    let tracks: Vec<&str> = settings
        .tracks
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    format!(
        "<header class=\"masthead\" data-tracks=\"{tracks}\"><h1>{title}</h1>\n\
         <p><span class=\"size\">{} in {}</span>, to be presented, read or printed.</p></header>\n",
        counted(slides, "sheet"),
        counted(pages.len(), "section"),
        tracks = escape(&tracks.join(" ")),
        title = escape(&settings.title),
    )
}

/// The list of contents, a fold for each section. `headings` are those of all
/// slides, in order, as HTML.
pub fn contents(pages: &[Page], headings: &[String]) -> String {
    let mut list = String::new();
    let mut number = 0;
    for page in pages {
        let outline = &page.outline;
        list.push_str(&format!(
            "<li><details><summary>{} <small>{:.0} min</small></summary>\n<ol start=\"{}\">\n",
            escape(&outline.title),
            outline.minutes(),
            number + 1,
        ));
        for slide in &outline.slides {
            let heading = headings.get(number).map_or("", String::as_str);
            list.push_str(&format!(
                "<li><a href=\"#{}\">{heading}</a></li>\n",
                slide.id
            ));
            number += 1;
        }
        list.push_str("</ol></details></li>\n");
    }
    format!(
        "<nav class=\"contents\" id=\"contents\" aria-label=\"Contents\">\n<h2>Contents</h2>\n\
         <ol class=\"sections\">\n{list}</ol>\n</nav>\n"
    )
}

/// A section's title, above its first slide in the article.
pub fn chapter(page: &Page) -> String {
    let title = escape(&page.outline.title);
    let number = page.outline.stem.split('-').next().unwrap_or_default();
    let number = number.trim_start_matches('0');
    format!("<h2 class=\"chapter\"><span>Section {number}</span> {title}</h2>\n")
}

/// From a slide to what it was made of: the solution's files and the tag.
pub fn trail(slide: &Slide, fences: &[Fence], settings: &Settings) -> String {
    let inside = |fence: &&Fence| slide.text.contains(&fence.body.start);
    let files: BTreeSet<(&str, &str)> = fences
        .iter()
        .filter(inside)
        .filter_map(|fence| match &fence.kind {
            Kind::Source { file, .. } => Some((fence.at.stem.as_str(), file.as_str())),
            _ => None,
        })
        .collect();
    let mut links = String::new();
    for (stem, file) in files {
        let name = escape(&format!("solutions/{stem}/{file}"));
        let base = escape(&settings.solutions);
        links.push_str(&if base.is_empty() {
            format!("<code>{name}</code> ")
        } else {
            let file = escape(file);
            format!("<a class=\"solution\" href=\"{base}/{stem}/{file}\"><code>{name}</code></a> ")
        });
    }
    let at = &slide.at;
    format!("<p class=\"trail\">{links}<code>git checkout {at}</code></p>\n")
}

/// The article's last line.
pub fn colophon(slides: usize) -> String {
    let words = match REAM.checked_sub(slides) {
        Some(0) => "Exactly a ream.".into(),
        Some(short) => format!("{short} short of a ream."),
        None => "More than a ream.".into(),
    };
    let sheets = counted(slides, "sheet");
    format!("<footer class=\"colophon\"><p>End. {sheets}: {words}</p></footer>\n")
}

/// Where links to solutions begin: at the repository's web pages if they are
/// of a kind that we know, else in the clone that holds `out`; else nowhere.
pub fn solutions(repository: &str, root: &Path, out: &Path) -> String {
    let address = repository.trim_end_matches('/').trim_end_matches(".git");
    let host = address.strip_prefix("https://").unwrap_or_default();
    if host.starts_with("github.com/") {
        return format!("{address}/blob/HEAD/solutions");
    }
    if host.starts_with("gitlab.") {
        return format!("{address}/-/blob/HEAD/solutions");
    }
    match out.strip_prefix(root) {
        Ok(below) => format!("{}solutions", "../".repeat(below.components().count())),
        Err(_) => String::new(),
    }
}

fn counted(count: usize, thing: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solutions_are_linked_where_they_can_be_found() {
        let at = |repository, out| solutions(repository, Path::new("/clone"), Path::new(out));
        let web = "https://github.com/paper/dunder/blob/HEAD/solutions";
        assert_eq!(at("https://github.com/paper/dunder.git", "/x"), web);
        assert_eq!(at("https://github.com/paper/dunder/", "/x"), web);
        assert_eq!(
            at("https://gitlab.com/a/b", "/x"),
            "https://gitlab.com/a/b/-/blob/HEAD/solutions"
        );
        assert_eq!(at("", "/clone/deck"), "../solutions");
        assert_eq!(
            at("https://git.example/a", "/clone/.stage/d"),
            "../../solutions"
        );
        assert_eq!(at("", "/elsewhere/deck"), "");
    }

    #[test]
    fn the_last_line_counts_the_paper() {
        assert!(colophon(42).contains("42 sheets: 458 short of a ream."));
        assert!(colophon(1).contains("1 sheet: 499 short"));
        assert!(colophon(500).contains("Exactly"));
        assert!(colophon(501).contains("More"));
    }
}
