//! Reading the slides: every section that can be read, and every problem of
//! every section at once.

use std::collections::BTreeMap;

use super::{Page, Source, disguise, fences, hidden, html, outside};
use crate::error::{Error, Result};
use crate::files::{File, Files};
use crate::outline::{self, Outline};

/// Read the sections' Markdown out of `files`, in order, with what can be known
/// about it without running anything.
///
/// # Errors
/// `MissingSolution`; the one problem that there is, or `Slides` with all.
pub fn pages(files: &Files, source: &Source) -> Result<Vec<Page>> {
    let stems = files.names_in("solutions");
    for name in files.names_in("slides") {
        let stem = name.strip_suffix(".md").unwrap_or_default();
        let is_section = crate::checkpoint::is_stem(stem);
        if is_section && !stems.iter().any(|other| other == stem) {
            return Err(Error::MissingSolution { stem: stem.into() });
        }
    }
    let mut problems = Vec::new();
    let mut pages = Vec::new();
    for stem in &stems {
        let path = format!("slides/{stem}.md");
        match files.get(&path) {
            Some(file) => pages.extend(page(path, file, &mut problems)),
            None => problems.push(Error::MissingSlides { stem: stem.clone() }),
        }
    }
    problems.extend(taken_ids(&pages));
    let slides = pages.iter().flat_map(|page| &page.outline.slides);
    let ids: Vec<&str> = slides.map(|slide| slide.id.as_str()).collect();
    for page in &pages {
        problems.extend(outside::problems(page, files, &ids));
        problems.extend(html::problems(page, files));
        problems.extend(disguise::problems(page));
        problems.extend(unknown_checkpoints(page, source));
        let (fences, wrong) = fences::read(page);
        problems.extend(wrong);
        problems.extend(
            fences
                .iter()
                .filter_map(|fence| source.code(page, fence).err()),
        );
    }
    problems.extend(outside::theme(files));
    all(pages, problems)
}

/// The value, if nothing is wrong.
///
/// # Errors
/// The one problem that there is; `Slides` with all, in the slides' order.
fn all<T>(value: T, mut problems: Vec<Error>) -> Result<T> {
    match problems.len() {
        0 => Ok(value),
        1 => Err(problems.remove(0)),
        _ => {
            problems.sort_by_key(Error::position);
            Err(Error::Slides { problems })
        }
    }
}

/// One section, unless nothing of it can be read.
fn page(path: String, file: &File, problems: &mut Vec<Error>) -> Option<Page> {
    let text = match crate::course::text(&path, file.bytes.clone()) {
        Ok(text) => text,
        Err(problem) => {
            problems.push(problem);
            return None;
        }
    };
    let source = outline::Source {
        path: &path,
        text: &text,
    };
    if let Some(at) = text.find('\r') {
        let reason = "the line ends as on Windows";
        problems.push(source.bad(at, reason, "save the file with LF line ends"));
        return None;
    }
    let (outline, wrong) = Outline::read(&path, &text);
    problems.extend(wrong);
    let from = text.len() - text.trim_start_matches('\u{feff}').len();
    if let Some((at, letter)) = hidden(&text[from..]) {
        let reason = format!("a character that nobody sees: U+{:04X}", u32::from(letter));
        problems.push(source.bad(from + at, reason, "delete it"));
    }
    Some(Page {
        path,
        text,
        outline,
    })
}

/// Names that the page itself has, besides those of its slides.
const OWN_IDS: [&str; 2] = ["contents", "deck"];

fn taken_ids(pages: &[Page]) -> Vec<Error> {
    let mut problems = Vec::new();
    let mut seen: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
    for page in pages {
        for slide in &page.outline.slides {
            let bad = |reason, mend: &str| Error::BadPlace {
                path: page.path.clone(),
                line: slide.line,
                column: 1,
                reason,
                mend: mend.into(),
            };
            if OWN_IDS.contains(&slide.id.as_str()) {
                let reason = format!("the id `{}` is the page's own", slide.id);
                problems.push(bad(reason, "give the slide another id"));
            }
            match seen.get(slide.id.as_str()) {
                Some((path, line)) => {
                    let reason = format!("the id `{}` is taken by {path}:{line}", slide.id);
                    problems.push(bad(reason, "give one of the two another id"));
                }
                None => drop(seen.insert(&slide.id, (&page.path, slide.line))),
            }
        }
    }
    problems
}

fn unknown_checkpoints(page: &Page, source: &Source) -> Vec<Error> {
    let unknown = page.outline.slides.iter().filter_map(|slide| {
        let reason = source.check_tag(&slide.at.to_string()).err()?;
        Some(Error::BadPlace {
            path: page.path.clone(),
            line: slide.line,
            column: 1,
            reason,
            mend: "`stage list --all` shows them".into(),
        })
    });
    unknown.collect()
}
