//! What needs no state to be built: snippets, citations, sizes, lock files.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::Event;

use super::{Finding, Understands};
use crate::deck::{self, Page, Settings, Source};
use crate::error::Result;
use crate::files::File;
use crate::material::Section;
use crate::outline::{Slide, parser};

/// Findings that need no state to be built: stale snippets, code too large for
/// a slide, lock files that disagree.
///
/// # Errors
/// `BadText` for a fence that cannot be read or has no source.
pub fn text(
    pages: &[Page],
    source: &Source,
    sections: &[Section],
    today: &str,
) -> Result<Vec<Finding>> {
    // What cannot be rendered cannot be shown.
    deck::rendered(pages, &Settings::default())?;
    let mut findings = Vec::new();
    for page in pages {
        for stale in deck::stale(page, source)? {
            let place = format!("{}:{}", stale.path, stale.line);
            findings.push(Finding::new(
                place,
                "the code is not what its source says: `stage deck sync`",
                stale.difference,
            ));
        }
        for slide in &page.outline.slides {
            findings.extend(cited(page, slide, today));
        }
        for fence in deck::fences(page)? {
            let body = &page.text[fence.body.clone()];
            let (lines, columns) = (
                body.lines().count(),
                body.lines().map(deck::width).max().unwrap_or(0),
            );
            if lines > deck::LINES || columns > deck::COLUMNS {
                let what = format!(
                    "{lines} lines by {columns} columns; a slide holds {} by {}",
                    deck::LINES,
                    deck::COLUMNS,
                );
                findings.push(Finding::new(
                    format!("{}:{}", page.path, fence.line),
                    what,
                    String::new(),
                ));
            }
        }
    }
    findings.extend(locks(sections));
    Ok(findings)
}

/// A factual slide says who says so, and as of when it holds.
fn cited(page: &Page, slide: &Slide, today: &str) -> Option<Finding> {
    let place = format!("{}:{}", page.path, slide.line);
    match deck::citations(page, slide) {
        Err(error) => {
            let place = error.place();
            Some(Finding::new(place, error.what(), error.mend()))
        }
        Ok(cited) if cited.iter().any(|citation| *citation.seen > *today) => {
            let early = cited.iter().find(|citation| *citation.seen > *today)?;
            let place = format!("{}:{}", page.path, early.line);
            let what = format!(
                "the source `{}` was seen on {}, which is to come",
                early.who, early.seen
            );
            Some(Finding::new(
                place,
                what,
                "write the day on which you looked",
            ))
        }
        Ok(cited) if slide.factual && cited.is_empty() => {
            let what = "it states facts about the world and cites nobody";
            let mend = "add `<small class=\"source\">Source: who, \"what\", <https://…>, date; seen 2026-11-23.</small>`";
            Some(Finding::new(place, what, mend))
        }
        Ok(cited) if slide.factual && !deck::says_as_of(page, slide) => {
            cited.iter().any(|citation| !citation.dated).then(|| {
                let what = "it states facts and does not say as of when";
                Finding::new(
                    place,
                    what,
                    "write `as of November 2026` on the slide, or date every source",
                )
            })
        }
        Ok(_) => None,
    }
}

/// Commands of `stage` that prose and notes mention are understood, too.
pub fn mentioned(pages: &[Page], understands: &Understands) -> Vec<Finding> {
    let mut findings = Vec::new();
    for page in pages {
        for slide in &page.outline.slides {
            let text = &page.text[slide.text.clone()];
            for (event, range) in parser(text).into_offset_iter() {
                let Event::Code(code) = event else { continue };
                let Some(rest) = code.strip_prefix("stage ") else {
                    continue;
                };
                let words: Vec<String> = rest.split_whitespace().map(String::from).collect();
                if let Err(what) = understands(&words) {
                    let at = slide.text.start + range.start;
                    let line = page.text[..at].matches('\n').count() + 1;
                    findings.push(Finding::new(format!("{}:{line}", page.path), what, ""));
                }
            }
        }
    }
    findings
}

/// A crate that two checkpoints use has the same versions in both.
fn locks(sections: &[Section]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut known: BTreeMap<String, (BTreeSet<String>, String)> = Default::default();
    for section in sections {
        let Some(lock) = section.done.get("Cargo.lock").and_then(File::as_str) else {
            continue;
        };
        let mut versions: BTreeMap<String, BTreeSet<String>> = Default::default();
        let table: toml::Table = lock.parse().unwrap_or_default();
        for package in table
            .get("package")
            .and_then(|list| list.as_array())
            .into_iter()
            .flatten()
        {
            let word = |key| {
                package
                    .get(key)
                    .and_then(|value| value.as_str())
                    .unwrap_or_default()
                    .to_string()
            };
            versions
                .entry(word("name"))
                .or_default()
                .insert(word("version"));
        }
        for (name, here) in versions {
            match known.get(&name) {
                Some((there, stem)) if *there != here => {
                    let what = format!(
                        "`{name}` is {} here and {} in {stem}",
                        join(&here),
                        join(there)
                    );
                    findings.push(Finding::new(
                        format!("solutions/{}/Cargo.lock", section.stem),
                        what,
                        String::new(),
                    ));
                }
                Some(_) => {}
                None => {
                    known.insert(name, (here, section.stem.clone()));
                }
            }
        }
    }
    findings
}

fn join(names: &BTreeSet<String>) -> String {
    names.iter().cloned().collect::<Vec<_>>().join(" and ")
}
