//! `stage check`: prove the material.

use std::time::{SystemTime, UNIX_EPOCH};

use super::{Context, schedule, wrong};
use crate::authoring::files_on_disk;
use crate::deck::Page;
use crate::error::{Error, Result};
use crate::files::Files;
use crate::git::Git;
use crate::proof::{self, Finding, Part};
use crate::{deck, lock, material, tags};

#[derive(clap::Args)]
pub struct Args {
    /// Build and test only this section (`3`, `classes`); all by default
    section: Option<String>,
}

pub fn run(context: &Context, args: &Args) -> Result<()> {
    let git = context.git()?;
    let only = match &args.section {
        Some(name) => Some(context.order().resolve(name)?.stem),
        None => None,
    };
    let mut files = files_on_disk(&git, &context.repo, &["slides", "solutions", "README.md"])?;
    let readme = files.remove("README.md");
    let sections = material::sections(&files)?;
    let source = deck::source(&files)?;
    let pages = deck::pages(&files, &source)?;
    let mut findings = proof::text(&pages, &source, &sections, &today())?;
    let order = context.order();
    let understands = |words: &[String]| super::understands(&order, words);
    findings.extend(proof::mentioned(&pages, &understands));
    let readme = readme
        .as_ref()
        .and_then(|file| file.as_str())
        .unwrap_or_default();
    findings.extend(proof::hints(&pages));
    findings.extend(proof::benches(&files)?);
    let wrongs = wrong::all(context, &sections)?;
    findings.extend(in_readme(&pages, readme));
    findings.extend(schedule::findings(context, &pages, &sections)?);
    findings.extend(committed(&git, &files)?);

    let mut parts = Vec::new();
    for (at, (section, page)) in sections.iter().zip(&pages).enumerate() {
        let is_asked = |stem: &String| only.as_ref().is_none_or(|only| only == stem);
        // Its solution is the start of the one that is asked for.
        let next = sections.get(at + 1).map(|next| &next.stem);
        let is_before = !is_asked(&section.stem);
        if is_before && !next.is_some_and(is_asked) {
            continue;
        }
        parts.push(Part {
            section,
            outline: &page.outline,
            wrongs: wrongs.iter().filter(|it| it.stem == section.stem).collect(),
            is_before,
        });
    }
    let said = |tag: &str, what: &str| println!("{tag:<24} {what}");
    findings.extend(proof::all(
        &context.repo,
        &understands,
        &parts,
        &pages,
        &said,
    )?);
    report(&findings)
}

/// Print what is wrong; an error if anything is.
pub fn report(findings: &[Finding]) -> Result<()> {
    for Finding {
        place,
        what,
        detail,
    } in findings
    {
        println!("\nwrong: {place}: {what}");
        for line in detail.lines() {
            println!("    {line}");
        }
    }
    match findings.len() {
        0 => {
            println!("\neverything is so");
            Ok(())
        }
        failures => Err(Error::NotSo { failures }),
    }
}

/// The day after this one in UTC, which has begun somewhere: `2026-11-24`.
fn today() -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let mut day = now.map_or(0, |now| now.as_secs() / 86_400) + 1;
    let mut year = 1970;
    let is_leap = |year: u64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    while day >= 365 + u64::from(is_leap(year)) {
        day -= 365 + u64::from(is_leap(year));
        year += 1;
    }
    let february = 28 + u64::from(is_leap(year));
    let months = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while day >= months[month] {
        day -= months[month];
        month += 1;
    }
    format!("{year}-{:02}-{:02}", month + 1, day + 1)
}

/// What only commits can show: `live/` is where the workshop begins, and the
/// tags are fresh. Uncommitted work has no tags yet, and that is no fault.
fn committed(git: &Git, files: &Files) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let Some((base, _)) = git.base()? else {
        return Ok(findings);
    };
    if let Some(first) = files.names_in("solutions").first() {
        let path = format!("solutions/{first}");
        if git.id_in(&base, "live")? != git.id_in(&base, &path)? {
            let what = format!("it is not `{path}`, where the workshop begins");
            findings.push(Finding::new(
                "live/ on main",
                what,
                format!("in the commit {base}"),
            ));
        }
    }
    let _lock = lock::of_moves(git)?;
    let wanted = tags::derive(git)?;
    if let Err(error) = fresh(git, &wanted) {
        findings.push(Finding::new(
            "tags",
            "they are not what the folders say",
            error.to_string(),
        ));
    }
    Ok(findings)
}

fn fresh(git: &Git, wanted: &[(String, String)]) -> Result<()> {
    let tags::Difference {
        missing,
        moved,
        extra,
        ..
    } = tags::compare(git, wanted)?;
    if missing.is_empty() && moved.is_empty() && extra.is_empty() {
        return Ok(());
    }
    Err(Error::StaleTags {
        missing,
        moved,
        extra,
    })
}

/// The README's table has each section once, with its minutes and how to get
/// there, in order, and no other.
fn in_readme(pages: &[Page], readme: &str) -> Vec<Finding> {
    let table = readme
        .split_once("<!-- sections -->")
        .and_then(|(_, rest)| rest.split_once("<!-- /sections -->"))
        .map_or("", |(table, _)| table);
    let rows: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| line.starts_with("| ["))
        .map(|line| line.split('|').map(str::trim).skip(1).take(3).collect())
        .collect();
    let expected: Vec<Vec<String>> = pages
        .iter()
        .enumerate()
        .map(|(at, page)| {
            let stem = &page.outline.stem;
            vec![
                format!("[{stem}](slides/{stem}.md)"),
                page.outline.minutes().to_string(),
                format!("`stage go {}`", at + 1),
            ]
        })
        .collect();
    if rows == expected {
        return Vec::new();
    }
    let shown = |row: Vec<String>| format!("| {} |\n", row.join(" | "));
    let detail: String = expected.into_iter().map(shown).collect();
    vec![Finding::new(
        "README.md",
        "the table of sections is not what the slides say; its rows must begin",
        detail,
    )]
}
