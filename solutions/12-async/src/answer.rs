//! A rule: whatever can be called, and answers in cents.

use pyo3::call::PyCallArgs;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

/// What the rule makes of it.
pub fn cents<'py>(
    rule: &Bound<'py, PyAny>,
    about: impl PyCallArgs<'py>,
) -> PyResult<i64> {
    let answer = rule.call1(about)?;
    answer.extract().map_err(|error: PyErr| {
        if !error.is_instance_of::<PyTypeError>(rule.py()) {
            return error;
        }
        PyTypeError::new_err(format!(
            "rule must return cents as an int, not {answer:?}"
        ))
    })
}
