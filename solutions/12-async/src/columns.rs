//! What is done with whole columns.

use std::ops::RangeInclusive;

use numpy::PyArray1;
use numpy::ndarray::{Array1, Ix2};
use numpy::prelude::*;
use pyo3::buffer::PyUntypedBuffer;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::column::{Column, ColumnMut};
use crate::order::Order;
use crate::revenue::BadSale;
use crate::sums::{products, sums, total};

/// Return what each order comes to.
///
/// Parameters
/// ----------
/// reams : ndarray of int64, shape (n_orders,)
///     Whole reams.
/// prices : ndarray of int64, shape (n_orders,)
///     Price of a ream in cents.
///
/// Returns
/// -------
/// ndarray of int64, shape (n_orders,)
///     Cents. The memory is Rust's, and freed with the array.
///
/// Raises
/// ------
/// TypeError
///     If a column is no array of that dtype and shape.
/// ValueError
///     If the columns are not of one length.
/// OverflowError
///     If a product does not fit 64 bits.
///
/// Examples
/// --------
/// >>> import numpy as np
/// >>> totals(np.array([12, 3]), np.array([599, 799]))
/// array([7188, 2397])
#[pyfunction]
pub fn totals<'py>(
    py: Python<'py>,
    reams: Column<'_, i64>,
    prices: Column<'_, i64>,
) -> PyResult<Bound<'py, PyArray1<i64>>> {
    let (reams, prices) = (reams.as_slice(), prices.as_slice());
    same_length(&[reams.len(), prices.len()])?;
    Ok(products(reams, prices)?.into_pyarray(py))
}

/// Columns that belong together are of one length.
pub fn same_length(lengths: &[usize]) -> PyResult<()> {
    if lengths.iter().all(|length| *length == lengths[0]) {
        return Ok(());
    }
    Err(PyValueError::new_err(format!(
        "columns must be of one length, not {lengths:?}"
    )))
}

/// Return the sum of each row.
///
/// Parameters
/// ----------
/// table : ndarray of int64, shape (n_branches, n_months)
///     In any order in memory.
///
/// Returns
/// -------
/// ndarray of int64, shape (n_branches,)
///     The year of each branch.
///
/// Raises
/// ------
/// TypeError
///     If it is no array of that dtype and shape.
/// OverflowError
///     If a sum does not fit 64 bits.
///
/// Examples
/// --------
/// >>> import numpy as np
/// >>> yearly(np.array([[1, 2, 3], [10, 20, 30]]))
/// array([ 6, 60])
#[pyfunction]
pub fn yearly<'py>(
    py: Python<'py>,
    table: Column<'_, i64, Ix2>,
) -> PyResult<Bound<'py, PyArray1<i64>>> {
    let table = table.view();
    let rows = table.rows().into_iter();
    let years: Result<Vec<i64>, BadSale> =
        rows.map(|row| total(row.iter())).collect();
    Ok(years?.into_pyarray(py))
}

/// Tell of every price above a limit.
///
/// Parameters
/// ----------
/// prices : ndarray of int64, shape (n_orders,)
///     Cents.
/// limit : int
///     Cents; a price of just as much is not told.
/// tell : callable
///     Called with the place of each, an int, from the first on.
///
/// Returns
/// -------
/// int
///     How many there are.
///
/// Raises
/// ------
/// TypeError
///     If `prices` is no array of that dtype and shape.
/// Exception
///     What `tell` raises.
///
/// Examples
/// --------
/// >>> import numpy as np
/// >>> flag(np.array([599, 899, 799]), 700, print)
/// 1
/// 2
/// 2
#[pyfunction]
pub fn flag(
    prices: Column<'_, i64>,
    limit: i64,
    tell: &Bound<'_, PyAny>,
) -> PyResult<usize> {
    let places: Vec<usize> = above(&prices, limit).collect();
    drop(prices);
    for place in &places {
        tell.call1((place,))?;
    }
    Ok(places.len())
}

fn above(
    prices: &Column<'_, i64>,
    limit: i64,
) -> impl Iterator<Item = usize> {
    let all = prices.as_slice().iter().enumerate();
    all.filter(move |(_, price)| **price > limit)
        .map(|(place, _)| place)
}

/// Return how many reams were counted.
///
/// Parameters
/// ----------
/// stock : object with the buffer protocol, of 64-bit integers
///     An `array.array("q")`, a memoryview, an array of NumPy. It is
///     copied once, in the order of its places.
///
/// Returns
/// -------
/// int
///     The sum.
///
/// Raises
/// ------
/// TypeError
///     If it has no buffer.
/// BufferError
///     If its items are something else, or not aligned.
/// OverflowError
///     If the sum does not fit 64 bits.
///
/// Examples
/// --------
/// >>> from array import array
/// >>> counted(array("q", [12, 30]))
/// 42
#[pyfunction]
pub fn counted(stock: &Bound<'_, PyAny>) -> PyResult<i64> {
    let buffer = PyUntypedBuffer::get(stock)?;
    // An empty one need not be aligned, and PyO3 0.30 wants it so.
    if buffer.item_count() == 0 {
        return Ok(0);
    }
    let reams = buffer.as_typed::<i64>()?.to_vec(stock.py())?;
    Ok(total(reams.iter())?)
}

/// Add what was delivered to the stock, in place.
///
/// Parameters
/// ----------
/// stock : ndarray of int64, shape (n_branches,)
///     Reams. Changed in place; strides of any size.
/// delivered : ndarray of int64, shape (n_branches,)
///     Reams; below 0 takes away.
///
/// Raises
/// ------
/// TypeError
///     If a column is no array of that dtype and shape.
/// ValueError
///     If the columns are not of one length, or `stock` is read-only,
///     in use or not aligned.
/// OverflowError
///     If a sum does not fit 64 bits. No number has changed then.
///
/// Examples
/// --------
/// >>> import numpy as np
/// >>> stock = np.array([100, 20])
/// >>> restock(stock, np.array([12, -3]))
/// >>> stock
/// array([112,  17])
#[pyfunction]
pub fn restock(
    mut stock: ColumnMut<'_, i64>,
    delivered: Column<'_, i64>,
) -> PyResult<()> {
    let (mut stock, more) = (stock.view(), delivered.as_slice());
    same_length(&[stock.len(), more.len()])?;
    let sums = sums(stock.iter(), more)?;
    stock.assign(&Array1::from(sums));
    Ok(())
}

/// Take percents off prices, in place, rounded up to whole cents.
///
/// Parameters
/// ----------
/// prices : ndarray of int64, shape (n_orders,)
///     Cents, 1 to 1,000,000. Changed in place; strides of any size.
/// percents : ndarray of int64, shape (n_orders,)
///     Whole percents, 0 to 99.
///
/// Raises
/// ------
/// TypeError
///     If a column is no array of that dtype and shape.
/// ValueError
///     If the columns are not of one length, a number is out of its
///     range, or `prices` is read-only, in use or not aligned. No price
///     has changed then.
///
/// Examples
/// --------
/// >>> import numpy as np
/// >>> prices = np.array([599, 899])
/// >>> discount(prices, np.array([10, 0]))
/// >>> prices
/// array([540, 899])
#[pyfunction]
pub fn discount(
    mut prices: ColumnMut<'_, i64>,
    percents: Column<'_, i64>,
) -> PyResult<()> {
    let (mut prices, off) = (prices.view(), percents.as_slice());
    same_length(&[prices.len(), off.len()])?;
    all_checked("price", prices.iter(), 1..=1_000_000)?;
    all_checked("percent", off.iter(), 0..=99)?;
    for (price, off) in prices.iter_mut().zip(off) {
        *price = (*price * (100 - off) + 99) / 100;
    }
    Ok(())
}

fn all_checked<'a>(
    name: &str,
    numbers: impl Iterator<Item = &'a i64>,
    allowed: RangeInclusive<i64>,
) -> PyResult<()> {
    for number in numbers {
        Order::checked(name, *number, allowed.clone())?;
    }
    Ok(())
}
