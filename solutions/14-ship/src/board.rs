use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::sold;

/// The board of a seller: what was sold this month.
///
/// Parameters
/// ----------
/// seller : str
///     Who sold.
/// sales : list of int
///     Each sale in cents, 1 to 1,000,000,000,000.
///
/// Raises
/// ------
/// ValueError
///     If a sale is out of its range.
/// TypeError
///     If a sale is not an integer.
///
/// Examples
/// --------
/// >>> Board("Dwight", [7188, 599]).total_cents()
/// 7787
#[pyclass(frozen, immutable_type, module = "dunder")]
pub struct Board {
    #[pyo3(get)]
    pub seller: String,
    sales: Vec<i64>,
}

#[pymethods]
impl Board {
    #[new]
    fn new(seller: String, sales: Vec<i64>) -> PyResult<Self> {
        let sales =
            sold::checked(sales).map_err(PyValueError::new_err)?;
        Ok(Self { seller, sales })
    }

    /// tuple of int: Each sale in cents, as they were made.
    #[getter]
    fn sales<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.sales)
    }

    /// Return what all sales come to.
    ///
    /// Returns
    /// -------
    /// int
    ///     Cents; 0 if nothing was sold.
    pub fn total_cents(&self) -> i128 {
        sold::total(&self.sales)
    }

    /// What pickle calls the class with.
    fn __getnewargs__(&self) -> (String, Vec<i64>) {
        (self.seller.clone(), self.sales.clone())
    }
}
