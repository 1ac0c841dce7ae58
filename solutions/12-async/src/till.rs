use std::sync::{Mutex, MutexGuard, PoisonError};

use pyo3::prelude::*;
use pyo3::sync::MutexExt;

use crate::answer;

/// A till that many threads may use.
///
/// Examples
/// --------
/// >>> till = Till()
/// >>> till.update(lambda cents: cents + 599)
/// 599
/// >>> till.cents
/// 599
#[pyclass(frozen, module = "dunder")]
#[derive(Default)]
pub struct Till {
    cents: Mutex<i64>,
}

#[pymethods]
impl Till {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// int: What is in it.
    #[getter]
    fn cents(&self, py: Python<'_>) -> i64 {
        *self.lock(py)
    }

    /// Replace what is in it by what a rule says.
    ///
    /// Parameters
    /// ----------
    /// rule : callable
    ///     Asked with the cents that are in it; returns those that shall be.
    ///
    /// Returns
    /// -------
    /// int
    ///     The cents that are in it now.
    ///
    /// Raises
    /// ------
    /// TypeError
    ///     If `rule` returns something that is not an integer.
    /// OverflowError
    ///     If `rule` returns an integer outside -2**63 to 2**63 - 1.
    ///
    /// Notes
    /// -----
    /// Other threads that use the till wait until the rule has answered.
    /// A rule that uses the same till waits for itself, for ever. If the
    /// rule raises, nothing is changed.
    fn update(&self, rule: &Bound<'_, PyAny>) -> PyResult<i64> {
        let mut cents = self.lock(rule.py());
        *cents = answer::cents(rule, (*cents,))?;
        Ok(*cents)
    }
}

impl Till {
    /// A panic in another thread changes nothing in here.
    fn lock(&self, py: Python<'_>) -> MutexGuard<'_, i64> {
        let locked = self.cents.lock_py_attached(py);
        locked.unwrap_or_else(PoisonError::into_inner)
    }
}
