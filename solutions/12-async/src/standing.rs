use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::PyType;

use crate::money::Money;
use crate::order::Order;

/// An order that is delivered again and again.
///
/// Parameters
/// ----------
/// order : Order
///     What is delivered. It is shared, not copied.
/// times : int
///     How often in a year, 1 to 366.
///
/// Raises
/// ------
/// ValueError
///     If `times` is out of its range.
/// TypeError
///     If `order` is not an `Order`.
#[pyclass(frozen, subclass, module = "dunder")]
pub struct Standing {
    #[pyo3(get)]
    order: Py<Order>,
    #[pyo3(get)]
    times: i64,
}

#[pymethods]
impl Standing {
    /// int: The most deliveries in a year.
    #[classattr]
    const MOST: i64 = 366;

    #[new]
    fn new(order: Py<Order>, times: i64) -> PyResult<Self> {
        let times = Order::checked("times", times, 1..=Self::MOST)?;
        Ok(Self { order, times })
    }

    /// Make one that is delivered every week: 52 times.
    #[classmethod]
    fn weekly<'py>(
        cls: &Bound<'py, PyType>,
        order: Py<Order>,
    ) -> PyResult<Bound<'py, PyAny>> {
        cls.call1((order, 52))
    }

    /// Return what a year of it comes to.
    ///
    /// Returns
    /// -------
    /// Money
    ///     The order's own total, so many times.
    ///
    /// Raises
    /// ------
    /// OverflowError
    ///     If it is more than there is.
    fn total(&self, py: Python<'_>) -> PyResult<Money> {
        let cents = self.order.call_method0(py, "total_cents")?;
        let once = Money {
            cents: cents.extract(py)?,
        };
        once.__mul__(self.times)
    }

    fn __traverse__(
        &self,
        visit: PyVisit<'_>,
    ) -> Result<(), PyTraverseError> {
        visit.call(&self.order)
    }
}
