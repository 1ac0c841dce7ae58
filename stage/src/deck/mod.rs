//! The deck: Markdown with code taken from the checkpoints, rendered ahead.

mod build;
mod citation;
mod contents;
mod data;
mod fence;
mod highlight;
mod item;
mod lines;
mod normal;
mod outside;
mod pdf;
mod render;
mod runsheet;
pub mod schedule;
mod server;
mod single;
mod source;
mod sync;
pub mod track;

pub use build::{Settings, build, settings, write};
pub use citation::{citations, says_as_of};
pub use data::data;
pub use fence::{COLUMNS, Fence, Kind, LINES, fences};
pub use normal::{Normal, compiler_words};
pub use pdf::{Paper, print};
pub use render::page as rendered;
pub use runsheet::{SHEET, TEMPLATE, runsheet};
pub use server::{Folders, Server};
pub use single::single;
pub use source::Source;
pub use sync::{stale, synced};

use crate::error::{Error, Result};
use crate::files::Files;
use crate::material;
use crate::outline::Outline;

/// A section's file: path, text, and what it says about itself.
#[derive(Debug, Clone)]
pub struct Page {
    pub path: String,
    pub text: String,
    pub outline: Outline,
}

/// Read the sections' Markdown out of `files`, in order, and check what can
/// only be seen across sections: that ids are unique.
///
/// # Errors
/// `MissingSlides`, `MissingSolution`, `BadText`.
pub fn pages(files: &Files) -> Result<Vec<Page>> {
    let stems = files.names_in("solutions");
    let mut pages = Vec::new();
    for stem in &stems {
        let path = format!("slides/{stem}.md");
        let file = files
            .get(&path)
            .ok_or_else(|| Error::MissingSlides { stem: stem.clone() })?;
        let text = crate::course::text(&path, file.bytes.clone())?;
        if let Some(at) = text.find('\r') {
            return Err(Error::BadText {
                path,
                line: text[..at].matches('\n').count() + 1,
                reason: "the line ends as on Windows".into(),
                mend: "save the file with LF line ends".into(),
            });
        }
        let outline = Outline::parse(&path, &text)?;
        pages.push(Page {
            path,
            text,
            outline,
        });
    }
    for name in files.names_in("slides") {
        let Some(stem) = name
            .strip_suffix(".md")
            .filter(|stem| crate::checkpoint::is_stem(stem))
        else {
            continue;
        };
        if !stems.iter().any(|other| other == stem) {
            return Err(Error::MissingSolution { stem: stem.into() });
        }
    }
    unique_ids(&pages)?;
    outside::refuse(&pages, files)?;
    Ok(pages)
}

/// The folders that the deck is made from.
pub const FOLDERS: [&str; 2] = ["slides", "solutions"];

/// Every checkpoint's files, to take snippets from.
///
/// # Errors
/// What working out the material can give.
pub fn source(files: &Files) -> Result<Source> {
    Ok(Source::new(&material::sections(files)?))
}

fn unique_ids(pages: &[Page]) -> Result<()> {
    let mut seen: std::collections::BTreeMap<&str, (&str, usize)> = Default::default();
    for page in pages {
        for slide in &page.outline.slides {
            if let Some((path, line)) = seen.insert(&slide.id, (&page.path, slide.line)) {
                return Err(Error::BadText {
                    path: page.path.clone(),
                    line: slide.line,
                    reason: format!("the id `{}` is taken by {path}:{line}", slide.id),
                    mend: "give one of the two another id".into(),
                });
            }
        }
    }
    Ok(())
}
