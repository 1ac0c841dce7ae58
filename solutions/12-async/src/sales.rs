//! What each branch sold. Plain Rust: nothing here knows Python.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::line::{self, BadLine};

/// Cents by branch. In 128 bits no ledger is too long.
pub type Sums<'a> = BTreeMap<&'a str, i128>;

/// So many lines are read before anybody is asked anything.
const BLOCK: usize = 10_000;
/// So many of them by one core in one go.
const PART: usize = 1_000;

/// What a line sold, and where.
pub fn sale(line: &str) -> Result<(&str, i64), BadLine> {
    let (_, branch, reams, cents) = line::parse(line, ';')?;
    match reams.checked_mul(cents) {
        Some(total) => Ok((branch, total)),
        None => Err(BadLine {
            field: "line",
            reason: "must come to less than 2**63 cents".into(),
        }),
    }
}

/// Blocks of lines, each with the number of its first.
pub fn blocks<'l, 'a>(
    lines: &'l [&'a str],
) -> impl Iterator<Item = (usize, &'l [&'a str])> {
    (1..).step_by(BLOCK).zip(lines.chunks(BLOCK))
}

/// Add up what `read` makes of each line that is not empty.
pub fn add_up<'a, E>(
    first: usize,
    lines: &[&'a str],
    read: impl Fn(usize, &'a str) -> Result<(&'a str, i64), E>,
) -> Result<Sums<'a>, E> {
    let mut sums = Sums::new();
    for (number, line) in (first..).zip(lines) {
        if !line.trim().is_empty() {
            let (branch, cents) = read(number, line)?;
            *sums.entry(branch).or_default() += i128::from(cents);
        }
    }
    Ok(sums)
}

pub fn merge<'a>(mut left: Sums<'a>, right: Sums<'a>) -> Sums<'a> {
    for (branch, cents) in right {
        *left.entry(branch).or_default() += cents;
    }
    left
}

/// Let all cores do it, part by part; of several errors the first.
pub fn on_all_cores<'a, E: Send>(
    first: usize,
    lines: &[&'a str],
    part: impl Fn(usize, &[&'a str]) -> Result<Sums<'a>, E> + Sync,
) -> Result<Sums<'a>, E> {
    (lines.par_chunks(PART).enumerate())
        .map(|(index, lines)| part(first + index * PART, lines))
        .reduce(
            || Ok(Sums::new()),
            |left, right| Ok(merge(left?, right?)),
        )
}
