use std::collections::HashSet;

use pyo3::exceptions::PyIndexError;
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyIterator, PyList, PySlice, PyTuple};

use crate::money::Money;
use crate::order::Order;

/// The orders of a branch, and who checks them.
///
/// Attributes
/// ----------
/// auditor : object or None
///     Anybody; not used by the ledger itself.
#[pyclass(sequence, module = "dunder")]
#[derive(Default)]
pub struct Ledger {
    orders: Vec<Py<Order>>,
    #[pyo3(get, set)]
    auditor: Option<Py<PyAny>>,
    /// How many orders there were at each `with`.
    marks: Vec<usize>,
}

#[derive(IntoPyObject)]
struct Summary {
    orders: usize,
    customers: HashSet<String>,
    total: Money,
    largest: Option<Py<Order>>,
}

#[pymethods]
impl Ledger {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// tuple of Order: The orders themselves, oldest first.
    #[getter]
    pub fn orders<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.orders)
    }

    /// Add an order. It is shared, not copied.
    ///
    /// Parameters
    /// ----------
    /// order : Order
    ///     Any order; the same one may stand twice.
    ///
    /// Raises
    /// ------
    /// TypeError
    ///     If it is not an `Order`.
    fn add(&mut self, order: Py<Order>) {
        self.orders.push(order);
    }

    /// Return what all orders come to now.
    ///
    /// Returns
    /// -------
    /// Money
    ///     The sum of their totals, each asked of the order.
    ///
    /// Raises
    /// ------
    /// OverflowError
    ///     If it is more than a `Money` holds.
    fn total(&self, py: Python<'_>) -> PyResult<Money> {
        let mut total = Money { cents: 0 };
        for order in &self.orders {
            let asked = order.call_method0(py, "total_cents")?;
            let cents = asked.extract(py)?;
            total = total.__add__(&Money { cents })?;
        }
        Ok(total)
    }

    /// Return the ledger in a few words.
    ///
    /// Returns
    /// -------
    /// dict
    ///     `orders` (int), `customers` (set of str), `total` (Money),
    ///     `largest` (Order or None): the dearest, of equals the first.
    fn summary(&self, py: Python<'_>) -> PyResult<Summary> {
        let mut customers = HashSet::new();
        let mut largest: Option<(i64, &Py<Order>)> = None;
        for order in &self.orders {
            let this = order.bind(py);
            customers.insert(this.try_borrow()?.customer.clone());
            let asked = this.call_method0("total_cents")?;
            let cents = asked.extract::<i64>()?;
            if largest.is_none_or(|(most, _)| cents > most) {
                largest = Some((cents, order));
            }
        }
        Ok(Summary {
            orders: self.orders.len(),
            customers,
            total: self.total(py)?,
            largest: largest.map(|(_, order)| order.clone_ref(py)),
        })
    }

    fn __len__(&self) -> usize {
        self.orders.len()
    }

    fn __getitem__(
        &self,
        place: &Bound<'_, PyAny>,
    ) -> PyResult<Py<PyAny>> {
        match place.cast::<PySlice>() {
            Ok(slice) => self.cut(slice),
            Err(_) => self.one(place.py(), place.extract()?),
        }
    }

    fn __contains__(&self, asked: &Bound<'_, PyAny>) -> bool {
        self.orders.iter().any(|order| order.is(asked))
    }

    fn __iter__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<Bound<'py, PyIterator>> {
        self.orders(py)?.try_iter()
    }

    fn __enter__(mut slf: PyRefMut<'_, Self>) -> PyRefMut<'_, Self> {
        let length = slf.orders.len();
        slf.marks.push(length);
        slf
    }

    fn __exit__(
        &mut self,
        kind: Option<Bound<'_, PyAny>>,
        _error: Option<Bound<'_, PyAny>>,
        _traceback: Option<Bound<'_, PyAny>>,
    ) {
        let mark = self.marks.pop();
        if let (Some(mark), Some(_)) = (mark, kind) {
            self.orders.truncate(mark);
        }
    }

    fn __traverse__(
        &self,
        visit: PyVisit<'_>,
    ) -> Result<(), PyTraverseError> {
        for order in &self.orders {
            visit.call(order)?;
        }
        visit.call(&self.auditor)
    }

    fn __clear__(&mut self) {
        self.orders.clear();
        self.auditor = None;
    }
}

impl Ledger {
    pub fn nameless(&self, py: Python<'_>) -> PyResult<usize> {
        let mut found = 0;
        for order in &self.orders {
            let order = order.bind(py).try_borrow()?;
            found += usize::from(order.customer.trim().is_empty());
        }
        Ok(found)
    }

    fn one(
        &self,
        py: Python<'_>,
        index: isize,
    ) -> PyResult<Py<PyAny>> {
        let length = self.orders.len() as isize;
        let place = if index < 0 { index + length } else { index };
        match self.orders.get(place as usize) {
            Some(order) => Ok(order.clone_ref(py).into_any()),
            None => Err(PyIndexError::new_err(format!(
                "no place {index} in a ledger of {length}"
            ))),
        }
    }

    fn cut(&self, slice: &Bound<'_, PySlice>) -> PyResult<Py<PyAny>> {
        let all = PyList::new(slice.py(), &self.orders)?;
        Ok(all.as_any().get_item(slice)?.unbind())
    }
}
