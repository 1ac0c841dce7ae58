use pyo3::prelude::*;

/// What an order came to when this was printed.
///
/// Made by `Order.receipt`; later changes of the order leave it alone.
///
/// Attributes
/// ----------
/// customer : str
///     Who ordered.
/// reams : int
///     Whole reams.
/// total_cents : int
///     Price of the whole order in cents.
#[pyclass(frozen, get_all, module = "dunder")]
pub struct Receipt {
    pub customer: String,
    pub reams: i64,
    pub total_cents: i64,
}
