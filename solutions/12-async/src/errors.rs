use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::line::BadLine;

/// A ledger line that cannot be read.
///
/// Attributes
/// ----------
/// number : int
///     Which line, from 1.
/// field : str
///     The part that is wrong: a column, or "line" for the whole.
/// reason : str
///     What it must be, and what it was.
#[pyclass(
    extends = PyValueError,
    frozen,
    get_all,
    module = "dunder",
    str = "line {number}: {field} {reason}"
)]
pub struct LineError {
    number: usize,
    field: String,
    reason: String,
}

#[pymethods]
impl LineError {
    #[new]
    fn new(number: usize, field: String, reason: String) -> Self {
        Self {
            number,
            field,
            reason,
        }
    }
}

impl LineError {
    /// The Python exception for the line with this number.
    pub fn at(number: usize, error: BadLine) -> PyErr {
        let BadLine { field, reason } = error;
        PyErr::new::<LineError, _>((number, field, reason))
    }
}

impl From<BadLine> for PyErr {
    fn from(error: BadLine) -> Self {
        LineError::at(1, error)
    }
}
