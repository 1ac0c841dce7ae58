use numpy::ndarray::ArrayView1;
use numpy::{Element, PyArray1};
use pyo3::prelude::*;
use pyo3::types::PyList;

use crate::ladder::{read, slices};
use crate::revenue::Revenue;

/// A ledger's three columns, kept by Rust.
///
/// Parameters
/// ----------
/// rows : list of dict
///     As `maps` takes them; read once.
///
/// Raises
/// ------
/// KeyError, ValueError, OverflowError
///     As `maps` does.
///
/// Examples
/// --------
/// >>> row = {"branch": "Utica", "reams": 12, "unit_price_cents": 599}
/// >>> kept = Columns([row])
/// >>> kept.revenue()["Utica"], kept.reams
/// (7188, array([12]))
#[pyclass(frozen, module = "dunder.columns")]
pub struct Columns {
    branches: Vec<u8>,
    reams: Vec<i64>,
    prices: Vec<i64>,
}

#[pymethods]
impl Columns {
    #[new]
    fn new(rows: &Bound<'_, PyList>) -> PyResult<Self> {
        let (mut branches, mut reams) = (Vec::new(), Vec::new());
        let mut prices = Vec::new();
        for row in rows {
            let sale = read(&row)?;
            branches.push(sale.0 as u8);
            reams.push(sale.1);
            prices.push(sale.2);
        }
        Ok(Self {
            branches,
            reams,
            prices,
        })
    }

    /// ndarray of uint8: The branches' numbers. A view, read-only.
    #[getter]
    fn branches<'py>(
        slf: &Bound<'py, Self>,
    ) -> PyResult<Bound<'py, PyArray1<u8>>> {
        let column = ArrayView1::from(&slf.get().branches);
        lend(column, slf.clone())
    }

    /// ndarray of int64: Reams. A view, read-only.
    #[getter]
    fn reams<'py>(
        slf: &Bound<'py, Self>,
    ) -> PyResult<Bound<'py, PyArray1<i64>>> {
        let column = ArrayView1::from(&slf.get().reams);
        lend(column, slf.clone())
    }

    /// ndarray of int64: Prices of a ream in cents. A view, read-only.
    #[getter]
    fn prices<'py>(
        slf: &Bound<'py, Self>,
    ) -> PyResult<Bound<'py, PyArray1<i64>>> {
        let column = ArrayView1::from(&slf.get().prices);
        lend(column, slf.clone())
    }

    /// Return what each branch earned.
    ///
    /// Returns
    /// -------
    /// dict of str to int
    ///     Every branch of the company, and its revenue in cents.
    ///
    /// Raises
    /// ------
    /// OverflowError
    ///     If a sum on the way does not fit 64 bits.
    fn revenue(&self) -> PyResult<Revenue> {
        slices(&self.branches, &self.reams, &self.prices)
    }
}

/// A view of a column, which keeps its ledger alive.
fn lend<'py, T: Element>(
    column: ArrayView1<'_, T>,
    ledger: Bound<'py, Columns>,
) -> PyResult<Bound<'py, PyArray1<T>>> {
    // SAFETY: the ledger is frozen, so its column never moves or
    // changes; and the view keeps the ledger as long as it lives.
    let view = unsafe {
        PyArray1::borrow_from_array(&column, ledger.into_any())
    };
    view.call_method1("setflags", (false,))?;
    Ok(view)
}
