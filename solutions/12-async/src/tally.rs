use pyo3::prelude::*;

use crate::answer;
use crate::errors::LineError;
use crate::progress::Progress;
use crate::sales::{self, Sums};

/// Add up a ledger by branch, on all cores.
///
/// Parameters
/// ----------
/// text : str
///     Lines as `read_row` takes them. Empty lines are passed over.
/// progress : Progress, optional
///     Counts the lines, and can pause; looked at after each block of
///     10,000 lines.
/// rule : callable, optional
///     Asked with branch (str) and cents (int) of each line; returns the
///     cents that count. Other threads than the caller's may ask it, at once.
///
/// Returns
/// -------
/// dict of str to int
///     Cents by branch, ordered by name.
///
/// Raises
/// ------
/// LineError
///     At the first line that cannot be read, with its number, or that
///     comes to 2**63 cents or more. Empty lines are counted.
/// TypeError
///     If `rule` returns something that is not an integer.
/// OverflowError
///     If `rule` returns an integer outside -2**63 to 2**63 - 1.
/// KeyboardInterrupt
///     If Ctrl-C was pressed: after the block under way, paused or not.
///
/// Notes
/// -----
/// Other threads run Python meanwhile. An error of `rule` ends the
/// tally after the block; of several, the first line's is raised.
///
/// Examples
/// --------
/// >>> tally("Acme;Utica;12;599\nVance;Utica;1;500")
/// {'Utica': 7688}
/// >>> tally("Acme;Utica;12;599", rule=lambda branch, cents: cents // 2)
/// {'Utica': 3594}
#[pyfunction(signature = (text, *, progress=None, rule=None))]
pub fn tally<'a>(
    py: Python<'_>,
    text: &'a str,
    progress: Option<&Progress>,
    rule: Option<Py<PyAny>>,
) -> PyResult<Sums<'a>> {
    let unseen = Progress::default();
    let progress = progress.unwrap_or(&unseen);
    py.detach(|| by_block(text, progress, &rule))
}

/// Block by block; between two of them others may say something.
fn by_block<'a>(
    text: &'a str,
    progress: &Progress,
    rule: &Option<Py<PyAny>>,
) -> PyResult<Sums<'a>> {
    let lines: Vec<&str> = text.lines().collect();
    let part = |first, lines: &[_]| match rule {
        Some(rule) => by_rule(first, lines, rule),
        None => sales::add_up(first, lines, sold),
    };
    let mut sums = Sums::new();
    for (first, block) in sales::blocks(&lines) {
        let more = sales::on_all_cores(first, block, part)?;
        sums = sales::merge(sums, more);
        progress.advance(block.len())?;
    }
    Ok(sums)
}

/// Part of a ledger, by a rule: attached for all of it.
fn by_rule<'a>(
    first: usize,
    lines: &[&'a str],
    rule: &Py<PyAny>,
) -> PyResult<Sums<'a>> {
    Python::attach(|py| {
        let rule = rule.bind(py);
        sales::add_up(first, lines, |number, line| {
            let (branch, cents) = sold(number, line)?;
            Ok((branch, answer::cents(rule, (branch, cents))?))
        })
    })
}

fn sold(number: usize, line: &str) -> PyResult<(&str, i64)> {
    sales::sale(line).map_err(|error| LineError::at(number, error))
}
