//! Every section at once, as many as the cores can keep up with.
//!
//! Each worker has a scratch folder of its own and takes section after section;
//! what must be compared across sections is compared when all of them are seen.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::scratch::Understands;
use super::section::{Seen, judge, see, see_done};
use super::wrong::wrong;
use super::{Finding, Say, Scratch, Tests};
use crate::deck::Page;
use crate::error::Result;
use crate::material::Section;
use crate::outline::Outline;
use crate::repo::Repo;
use crate::wrong::Wrong;

/// A section, and what there is to prove of it.
pub struct Part<'a> {
    pub section: &'a Section,
    pub outline: &'a Outline,
    pub wrongs: Vec<&'a Wrong>,
    /// Only its solution is asked for, as the start of the next section.
    pub is_before: bool,
}

impl Part<'_> {
    /// How long it takes: states to be built and tested, times the files of tests.
    fn weight(&self) -> usize {
        let states = match self.is_before {
            true => 1,
            false => self.section.steps.len() + 2 + self.wrongs.len(),
        };
        let tests = self.section.done.below("tests");
        states * tests.len()
    }
}

/// Sections at once are one more than there are cores: tests wait, for clocks and for
/// each other. More than this wait for the disk.
const MOST: usize = 5;

/// Prove sections, which follow each other; returns what is wrong, in their order.
///
/// # Errors
/// When a program cannot be run or a file not be written: what is wrong with
/// the material is a finding, not an error.
pub fn all(
    repo: &Repo,
    understands: &Understands,
    parts: &[Part],
    pages: &[Page],
    said: &Say,
) -> Result<Vec<Finding>> {
    let mut order: Vec<usize> = (0..parts.len()).collect();
    // The longest first, so that no worker is left alone with it at the end.
    order.sort_by_key(|at| std::cmp::Reverse(parts[*at].weight()));
    let workers = thread::available_parallelism().map_or(1, usize::from) + 1;
    let next = AtomicUsize::new(0);
    let seen = Mutex::new(parts.iter().map(|_| None).collect::<Vec<_>>());
    thread::scope(|scope| {
        for number in 0..workers.min(MOST).min(parts.len()) {
            let (next, seen, order) = (&next, &seen, &order);
            scope.spawn(move || {
                let scratch = Scratch::beside(repo, number).knowing(understands);
                while let Some(at) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let one = prove(&scratch, &parts[*at], pages, said);
                    if one.is_err() {
                        next.store(order.len(), Ordering::Relaxed);
                    }
                    seen.lock().expect("nobody panics with it")[*at] = Some(one);
                }
            });
        }
    });
    let seen = seen.into_inner().expect("nobody panics with it");
    let mut findings = Vec::new();
    let mut before = Tests::default();
    for (part, one) in parts.iter().zip(seen) {
        // One is missing only behind an error, which the loop meets as well.
        let Some(one) = one else { continue };
        let (seen, wrong) = one?;
        let done = seen.done();
        if !part.is_before {
            findings.extend(judge(part.section, &before, part.outline, seen));
            findings.extend(wrong);
        }
        before = done;
    }
    Ok(findings)
}

fn prove(
    scratch: &Scratch,
    part: &Part,
    pages: &[Page],
    said: &Say,
) -> Result<(Seen, Vec<Finding>)> {
    scratch.seed()?;
    if part.is_before {
        return Ok((see_done(scratch, part.section)?, Vec::new()));
    }
    let seen = see(scratch, part.section, pages, said)?;
    let findings = wrong(scratch, &part.wrongs, (&seen.start(), &seen.done()), said)?;
    Ok((seen, findings))
}
