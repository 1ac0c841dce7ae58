//! One sum, and six ways for its rows to cross.

use std::collections::HashMap;

use pyo3::exceptions::{PyKeyError, PyOverflowError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString};

use crate::column::Column;
use crate::columns::same_length;
use crate::delivery::Delivery;
use crate::revenue::{BadSale, Revenue, Sale, by_branch, number};

type Map = HashMap<String, Py<PyAny>>;

/// Return what each branch earned, from rows that become hash maps.
///
/// Parameters
/// ----------
/// rows : list of dict
///     Each with `branch` (str), `reams` (int) and `unit_price_cents`
///     (int). Everything in them is copied.
///
/// Returns
/// -------
/// dict of str to int
///     Every branch of the company, and its revenue in cents.
///
/// Raises
/// ------
/// KeyError
///     If a row lacks one of the three.
/// ValueError
///     If there is no such branch.
/// OverflowError
///     If a number, or a sum on the way, does not fit 64 bits.
///
/// Examples
/// --------
/// >>> row = {"branch": "Utica", "reams": 12, "unit_price_cents": 599}
/// >>> maps([row])["Utica"]
/// 7188
#[pyfunction]
pub fn maps(py: Python<'_>, rows: Vec<Map>) -> PyResult<Revenue> {
    by_branch(rows.iter().map(|row| {
        let get = |key| field(py, row, key);
        let name: String = get("branch")?.extract()?;
        let reams = get("reams")?.extract()?;
        let price = get("unit_price_cents")?.extract()?;
        Ok((number(&name)?, reams, price))
    }))
}

fn field<'a, 'py>(
    py: Python<'py>,
    row: &'a Map,
    key: &'static str,
) -> PyResult<&'a Bound<'py, PyAny>> {
    let missing = || PyKeyError::new_err(key);
    Ok(row.get(key).ok_or_else(missing)?.bind(py))
}

#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Row {
    branch: String,
    reams: i64,
    unit_price_cents: i64,
}

/// Return what each branch earned, from rows that become structs.
///
/// Parameters
/// ----------
/// rows : list of dict
///     As `maps` takes them; only the three fields are copied.
///
/// Returns
/// -------
/// dict of str to int
///     Every branch of the company, and its revenue in cents.
///
/// Raises
/// ------
/// KeyError, ValueError, OverflowError
///     As `maps` does.
///
/// Examples
/// --------
/// >>> row = {"branch": "Utica", "reams": 12, "unit_price_cents": 599}
/// >>> structs([row, row])["Utica"]
/// 14376
#[pyfunction]
pub fn structs(rows: Vec<Row>) -> PyResult<Revenue> {
    by_branch(rows.iter().map(|row| {
        let branch = number(&row.branch)?;
        Ok((branch, row.reams, row.unit_price_cents))
    }))
}

/// Return what each branch earned, from rows that stay in Python.
///
/// Parameters
/// ----------
/// rows : list of dict
///     As `maps` takes them; no row and no name is copied.
///
/// Returns
/// -------
/// dict of str to int
///     Every branch of the company, and its revenue in cents.
///
/// Raises
/// ------
/// KeyError, ValueError, OverflowError
///     As `maps` does.
///
/// Examples
/// --------
/// >>> borrowed([{"branch": "Utica", "reams": 12}])
/// Traceback (most recent call last):
/// KeyError: 'unit_price_cents'
#[pyfunction]
pub fn borrowed(rows: &Bound<'_, PyList>) -> PyResult<Revenue> {
    by_branch(rows.iter().map(|row| read(&row)))
}

/// The three fields of a row, asked for one by one.
pub fn read(row: &Bound<'_, PyAny>) -> PyResult<Sale> {
    let py = row.py();
    let branch = row.get_item(intern!(py, "branch"))?;
    let name = branch.cast::<PyString>()?.to_str()?;
    let reams = row.get_item(intern!(py, "reams"))?;
    let price = row.get_item(intern!(py, "unit_price_cents"))?;
    Ok((number(name)?, reams.extract()?, price.extract()?))
}

/// Return what each branch earned, from objects that are ours.
///
/// Parameters
/// ----------
/// rows : list of Delivery
///     Read where they are.
///
/// Returns
/// -------
/// dict of str to int
///     Every branch of the company, and its revenue in cents.
///
/// Raises
/// ------
/// TypeError
///     If something else is in the list.
/// OverflowError
///     If a sum on the way does not fit 64 bits.
///
/// Examples
/// --------
/// >>> frozen([Delivery(Branch.Utica, 12, 599)])["Utica"]
/// 7188
#[pyfunction]
pub fn frozen(rows: &Bound<'_, PyList>) -> PyResult<Revenue> {
    by_branch(rows.iter().map(|row| {
        let delivery = row.cast::<Delivery>()?.get();
        Ok(delivery.sale())
    }))
}

/// Return what each branch earned, from lists that become vectors.
///
/// Parameters
/// ----------
/// branches : list of int
///     Scranton 0, Utica 1, Nashua 2, Akron 3.
/// reams, prices : list of int
///     Reams, and cents for a ream.
///
/// Returns
/// -------
/// dict of str to int
///     Every branch of the company, and its revenue in cents.
///
/// Raises
/// ------
/// ValueError
///     If the lists are not of one length, or there is no such branch.
/// OverflowError
///     If a number, or a sum on the way, does not fit 64 bits.
///
/// Examples
/// --------
/// >>> lists([1, 1], [12, 1], [599, 899])["Utica"]
/// 8087
#[pyfunction]
pub fn lists(
    branches: Vec<u8>,
    reams: Vec<i64>,
    prices: Vec<i64>,
) -> PyResult<Revenue> {
    slices(&branches, &reams, &prices)
}

/// Return what each branch earned, from NumPy's own memory.
///
/// Parameters
/// ----------
/// branches : ndarray of uint8, shape (n_orders,)
///     Scranton 0, Utica 1, Nashua 2, Akron 3.
/// reams, prices : ndarray of int64, shape (n_orders,)
///     Reams, and cents for a ream. None is copied if it is in one
///     piece.
///
/// Returns
/// -------
/// dict of str to int
///     Every branch of the company, and its revenue in cents.
///
/// Raises
/// ------
/// TypeError
///     If a column is no array of that dtype and shape.
/// ValueError
///     If they are not of one length, or there is no such branch.
/// OverflowError
///     If a sum on the way does not fit 64 bits.
///
/// Examples
/// --------
/// >>> import numpy as np
/// >>> utica = np.array([1, 1], dtype=np.uint8)
/// >>> columns(utica, np.array([12, 1]), np.array([599, 899]))["Utica"]
/// 8087
#[pyfunction]
pub fn columns(
    branches: Column<'_, u8>,
    reams: Column<'_, i64>,
    prices: Column<'_, i64>,
) -> PyResult<Revenue> {
    let reams = reams.as_slice();
    slices(branches.as_slice(), reams, prices.as_slice())
}

/// Columns, walked through side by side.
pub fn slices(
    branches: &[u8],
    reams: &[i64],
    prices: &[i64],
) -> PyResult<Revenue> {
    same_length(&[branches.len(), reams.len(), prices.len()])?;
    let rows = branches.iter().zip(reams).zip(prices);
    by_branch(rows.map(|((branch, reams), price)| {
        Ok((usize::from(*branch), *reams, *price))
    }))
}

impl From<BadSale> for PyErr {
    fn from(bad: BadSale) -> Self {
        match bad {
            BadSale::TooMuch => {
                PyOverflowError::new_err(bad.to_string())
            }
            _ => PyValueError::new_err(bad.to_string()),
        }
    }
}
