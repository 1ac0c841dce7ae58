use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::spelling;

/// Return how many single-letter edits turn `a` into `b`.
///
/// Parameters
/// ----------
/// a, b : str
///     Two names. Upper and lower case are different letters.
///
/// Returns
/// -------
/// int
///     Insertions, deletions and replacements needed: at least 0.
///
/// Raises
/// ------
/// UnicodeEncodeError
///     If a name has half a surrogate pair: it is no text for Rust.
///
/// Notes
/// -----
/// Levenshtein's distance, row by row: time `len(a) * len(b)`, memory
/// `len(b)`. After R. Wagner and M. Fischer, "The String-to-String
/// Correction Problem", Journal of the ACM 21 (1), 1974.
///
/// Examples
/// --------
/// >>> edit_distance("Lackawanna", "Lakawana")
/// 2
#[pyfunction]
pub fn edit_distance(a: &str, b: &str) -> usize {
    spelling::distance(&letters(a), &letters(b))
}

/// Return the pairs of names that are at most `limit` edits apart.
///
/// Parameters
/// ----------
/// names : sequence of str
///     Customer names, each once.
/// limit : int, default 2
///     Edits allowed, 0 to 2**63 - 1.
///
/// Returns
/// -------
/// list of tuple of (str, str)
///     Pairs in the order of `names`; never a name with itself.
///
/// Raises
/// ------
/// ValueError
///     If `limit` is below 0.
/// TypeError
///     If `names` is one str, or something in it is no str.
/// UnicodeEncodeError
///     If a name has half a surrogate pair: it is no text for Rust.
/// OverflowError
///     If `limit` is outside -2**63 to 2**63 - 1.
///
/// Notes
/// -----
/// Looks at every pair: `n * (n - 1) / 2` for `n` names. Detached: other
/// threads run Python meanwhile. The strings returned are those given.
///
/// Examples
/// --------
/// >>> near_duplicates(["Vance", "Vanse", "Schrute"])
/// [('Vance', 'Vanse')]
#[pyfunction]
#[pyo3(signature = (names, limit=2))]
pub fn near_duplicates<'py>(
    py: Python<'py>,
    names: Vec<Bound<'py, PyString>>,
    limit: i64,
) -> PyResult<Vec<(Bound<'py, PyString>, Bound<'py, PyString>)>> {
    let limit = usize::try_from(limit).map_err(|_| {
        PyValueError::new_err(format!(
            "limit must be at least 0 edits, not {limit}"
        ))
    })?;
    let spelt = names
        .iter()
        .map(|name| Ok(letters(name.to_str()?)))
        .collect::<PyResult<Vec<_>>>()?;
    let near = py.detach(|| spelling::near(&spelt, limit));
    Ok(near
        .into_iter()
        .map(|(i, j)| (names[i].clone(), names[j].clone()))
        .collect())
}

fn letters(name: &str) -> Vec<char> {
    name.chars().collect()
}
