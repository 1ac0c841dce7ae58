//! What a rule may give.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{IntoPyDict, PyInt};

use crate::money::Money;
use crate::rule::RuleError;

/// What an order comes to, whatever kind it is.
pub fn total(order: &Bound<'_, PyAny>) -> PyResult<i64> {
    let name = intern!(order.py(), "total_cents");
    order.call_method0(name)?.extract()
}

/// The price that a rule gave for an order that came to `most` cents.
pub fn checked(
    order: &Bound<'_, PyAny>,
    most: i64,
    gave: &Bound<'_, PyAny>,
) -> PyResult<Money> {
    let Some(cents) = fair(gave, most) else {
        return Err(RuleError::new_err(format!(
            "{order:?}: price must be an int of 0 to {most} cents, \
             not {gave:?}"
        )));
    };
    if cents == 0 {
        write_down(order)?;
    }
    Ok(Money { cents })
}

fn fair(gave: &Bound<'_, PyAny>, most: i64) -> Option<i64> {
    // `extract` alone would run the rule's `__index__`.
    let whole = gave.cast::<PyInt>().ok()?;
    let cents = whole.extract().ok()?;
    (0..=most).contains(&cents).then_some(cents)
}

static LOGGER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

fn write_down(order: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = order.py();
    let logger = LOGGER.get_or_try_init(py, || {
        let get = py.import("logging")?.getattr("getLogger")?;
        get.call1(("dunder.rule",)).map(Bound::unbind)
    })?;
    let extra = [("order", order)].into_py_dict(py)?;
    let named = [("extra", extra)].into_py_dict(py)?;
    let words = ("given away: %r", order);
    let warning = intern!(py, "warning");
    logger.call_method(py, warning, words, Some(&named))?;
    Ok(())
}
