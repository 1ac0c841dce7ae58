use std::ops::RangeInclusive;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyString, PyTuple, PyType};

use crate::receipt::Receipt;
use crate::{line, paper};

const MOST: i64 = 1_000_000;

/// An order of paper.
///
/// Parameters
/// ----------
/// customer : str
///     Who ordered.
/// reams : int
///     Whole reams, 1 to 1,000,000.
/// unit_price_cents : int
///     Price of a ream in cents, 1 to 1,000,000.
///
/// Raises
/// ------
/// ValueError
///     If `reams` or `unit_price_cents` is out of its range.
/// TypeError
///     If either is not an integer.
///
/// Examples
/// --------
/// >>> Order("Lackawanna County", 12, 599).total_cents()
/// 7188
#[pyclass(subclass, module = "dunder")]
#[derive(PartialEq)]
pub struct Order {
    #[pyo3(get)]
    pub customer: String,
    #[pyo3(get)]
    reams: i64,
    #[pyo3(get)]
    unit_price_cents: i64,
    notes: Vec<String>,
}

#[pymethods]
impl Order {
    #[new]
    pub fn new(
        customer: String,
        reams: i64,
        unit_price_cents: i64,
    ) -> PyResult<Self> {
        Ok(Self {
            customer,
            reams: Self::checked("reams", reams, 1..=MOST)?,
            unit_price_cents: Self::checked(
                "unit_price_cents",
                unit_price_cents,
                1..=MOST,
            )?,
            notes: Vec::new(),
        })
    }

    /// int: The most reams, and the most cents for one.
    #[classattr]
    const MOST: i64 = MOST;

    /// Make an order from a ledger line.
    ///
    /// Parameters
    /// ----------
    /// line : str
    ///     As `read_row` takes it.
    ///
    /// Returns
    /// -------
    /// Order
    ///     Of the class that was asked.
    ///
    /// Raises
    /// ------
    /// LineError
    ///     If the line cannot be read.
    /// ValueError
    ///     If the order would be refused.
    #[classmethod]
    fn from_line<'py>(
        cls: &Bound<'py, PyType>,
        line: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let (customer, _, reams, cents) = line::parse(line, ';')?;
        cls.call1((customer, reams, cents))
    }

    /// Return how many reams so many full boxes hold: 5 each.
    #[staticmethod]
    fn reams_in(boxes: u32) -> u64 {
        u64::from(boxes) * 5
    }

    /// int: Sheets in the whole order, 500 for each ream.
    #[getter]
    fn sheets(&self) -> u64 {
        paper::sheets(self.reams as u32)
    }

    /// Return the price of the whole order in cents.
    ///
    /// Returns
    /// -------
    /// int
    ///     Cents: reams times the price of a ream.
    pub fn total_cents(&self) -> i64 {
        self.reams * self.unit_price_cents
    }

    /// Add `more` reams.
    ///
    /// Parameters
    /// ----------
    /// more : int
    ///     Whole reams; below 0 takes reams away.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If the order would leave 1 to 1,000,000 reams. It stays as it was.
    /// TypeError
    ///     If `more` is not an integer.
    fn add_reams(&mut self, more: i64) -> PyResult<()> {
        let reams = self.reams.saturating_add(more);
        self.reams = Self::checked("reams", reams, 1..=MOST)?;
        Ok(())
    }

    /// Take `percent` off the price, rounded up to whole cents.
    ///
    /// Parameters
    /// ----------
    /// percent : int
    ///     Whole percent, 0 to 99.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If `percent` is not 0 to 99. The price stays as it was.
    /// TypeError
    ///     If `percent` is not an integer.
    fn discount(&mut self, percent: i64) -> PyResult<()> {
        let rest = 100 - Self::checked("percent", percent, 0..=99)?;
        let hundredths = self.unit_price_cents * rest;
        self.unit_price_cents = (hundredths + 99) / 100;
        Ok(())
    }

    /// tuple of str: What was noted, oldest first.
    #[getter]
    fn notes<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.notes)
    }

    /// Write `note` down.
    ///
    /// Parameters
    /// ----------
    /// note : str
    ///     Any text; notes are kept oldest first.
    ///
    /// Raises
    /// ------
    /// TypeError
    ///     If `note` is not a string.
    fn add_note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// Take over the reams of `other`, which stays as it is.
    ///
    /// Parameters
    /// ----------
    /// other : Order
    ///     Any order, also this one: its reams are then doubled.
    ///
    /// Raises
    /// ------
    /// ValueError
    ///     If this order would leave 1 to 1,000,000 reams. It stays as it was.
    /// TypeError
    ///     If `other` is not an `Order`.
    fn merge(
        slf: &Bound<'_, Self>,
        other: &Bound<'_, Self>,
    ) -> PyResult<()> {
        let more = other.try_borrow()?.reams;
        slf.try_borrow_mut()?.add_reams(more)
    }

    /// Return what the order comes to now.
    ///
    /// Returns
    /// -------
    /// Receipt
    ///     A copy: later changes of the order leave it alone.
    fn receipt(slf: &Bound<'_, Self>) -> PyResult<Receipt> {
        let total = slf.call_method0("total_cents")?;
        let order = slf.try_borrow()?;
        Ok(Receipt {
            customer: order.customer.clone(),
            reams: order.reams,
            total_cents: total.extract()?,
        })
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let order = slf.try_borrow()?;
        let customer =
            PyString::new(slf.py(), &order.customer).repr()?;
        let (reams, cents) = (order.reams, order.unit_price_cents);
        let text = format!("Order({customer}, {reams}, {cents})");
        if slf.is_exact_instance_of::<Self>() {
            return Ok(text);
        }
        Ok(format!("<{} as {text}>", slf.get_type().name()?))
    }

    fn __eq__(
        slf: &Bound<'_, Self>,
        other: &Bound<'_, Self>,
    ) -> PyResult<bool> {
        if slf.is_exact_instance_of::<Self>()
            && other.is_exact_instance_of::<Self>()
        {
            return Ok(*slf.try_borrow()? == *other.try_borrow()?);
        }
        Ok(slf.is(other))
    }
}

/// Not in `#[pymethods]`, so Python never sees it.
impl Order {
    pub fn checked(
        name: &str,
        value: i64,
        allowed: RangeInclusive<i64>,
    ) -> PyResult<i64> {
        if allowed.contains(&value) {
            return Ok(value);
        }
        let (least, most) = (allowed.start(), allowed.end());
        Err(PyValueError::new_err(format!(
            "{name} must be {least} to {most}, not {value}"
        )))
    }
}
