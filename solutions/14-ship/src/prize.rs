use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::board::Board;

/// Return who sold most this month.
///
/// Parameters
/// ----------
/// boards : list of Board
///     One board of each seller, at least one.
///
/// Returns
/// -------
/// str
///     The seller; of equals the first.
///
/// Raises
/// ------
/// ValueError
///     If there is no board.
/// TypeError
///     If something in the list is no `Board`.
///
/// Examples
/// --------
/// >>> winner([Board("Phyllis", [7188]), Board("Dwight", [599])])
/// 'Phyllis'
#[pyfunction]
pub fn winner(boards: Vec<Bound<'_, Board>>) -> PyResult<String> {
    let best = boards.iter().map(Bound::get).reduce(|best, next| {
        if next.total_cents() > best.total_cents() {
            return next;
        }
        best
    });
    best.map(|board| board.seller.clone()).ok_or_else(|| {
        PyValueError::new_err("boards must be at least 1, not 0")
    })
}
