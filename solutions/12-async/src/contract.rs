use pyo3::prelude::*;

use crate::order::Order;

/// An order of a customer who has a contract.
///
/// Parameters
/// ----------
/// customer, reams, unit_price_cents
///     As for `Order`.
/// percent : int
///     Taken off the total, 0 to 99.
///
/// Raises
/// ------
/// ValueError
///     If `percent`, or what an `Order` takes, is out of its range.
#[pyclass(extends = Order, module = "dunder")]
pub struct ContractOrder {
    #[pyo3(get)]
    percent: i64,
}

#[pymethods]
impl ContractOrder {
    #[new]
    fn new(
        customer: String,
        reams: i64,
        unit_price_cents: i64,
        percent: i64,
    ) -> PyResult<PyClassInitializer<Self>> {
        let percent = Order::checked("percent", percent, 0..=99)?;
        let order = Order::new(customer, reams, unit_price_cents)?;
        let base = PyClassInitializer::from(order);
        Ok(base.add_subclass(Self { percent }))
    }

    /// Return the price in cents, less the contract's percent, rounded up.
    fn total_cents(slf: PyRef<'_, Self>) -> i64 {
        let rest = 100 - slf.percent;
        let full = slf.as_super().total_cents();
        (full * rest + 99) / 100
    }
}
