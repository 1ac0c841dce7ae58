use std::fmt;

use pyo3::exceptions::{PyOverflowError, PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyInt, PyString, PyType};

use crate::price;

static DECIMAL: PyOnceLock<Py<PyType>> = PyOnceLock::new();

/// An amount of money, exact to the cent.
///
/// Parameters
/// ----------
/// price : int or str or decimal.Decimal
///     Cents as an integer; units as text or decimal, written with at
///     most two decimals and no exponent. Never a float.
///
/// Attributes
/// ----------
/// cents : int
///     The amount in cents.
///
/// Raises
/// ------
/// TypeError
///     If `price` is something else.
/// ValueError
///     If text or decimal is not an amount in whole cents.
/// OverflowError
///     If an integer is outside -2**63 to 2**63 - 1.
#[pyclass(frozen, eq, ord, hash, str, module = "dunder")]
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money {
    #[pyo3(get)]
    pub cents: i64,
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&price::text(self.cents))
    }
}

/// Cents, from whatever Python calls a price.
struct Price(i64);

impl<'py> FromPyObject<'_, 'py> for Price {
    type Error = PyErr;

    fn extract(obj: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if obj.is_instance_of::<PyInt>() {
            return obj.extract().map(Self);
        }
        let text = text_of(&obj)?;
        price::cents(&text).map(Self).ok_or_else(|| {
            PyValueError::new_err(format!(
                "price must be like 5.99, not {text:?}"
            ))
        })
    }
}

fn text_of(obj: &Bound<'_, PyAny>) -> PyResult<String> {
    let decimal = DECIMAL.import(obj.py(), "decimal", "Decimal")?;
    if obj.is_instance_of::<PyString>() || obj.is_instance(decimal)? {
        return Ok(obj.str()?.to_string());
    }
    let found = obj.get_type().name()?;
    Err(PyTypeError::new_err(format!(
        "price must be int, str or Decimal, not {found}"
    )))
}

/// Cents, on their way to a `decimal.Decimal`.
struct Amount(i64);

impl<'py> IntoPyObject<'py> for Amount {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(
        self,
        py: Python<'py>,
    ) -> PyResult<Self::Output> {
        let decimal = DECIMAL.import(py, "decimal", "Decimal")?;
        decimal.call1((price::text(self.0),))
    }
}

#[pymethods]
impl Money {
    #[new]
    fn new(price: Price) -> Self {
        Self { cents: price.0 }
    }

    /// decimal.Decimal: The amount in units, with two decimals.
    #[getter]
    fn amount(&self) -> Amount {
        Amount(self.cents)
    }

    fn __repr__(&self) -> String {
        format!("Money('{self}')")
    }

    fn __bool__(&self) -> bool {
        self.cents != 0
    }

    fn __format__<'py>(
        &self,
        py: Python<'py>,
        spec: &str,
    ) -> PyResult<Bound<'py, PyAny>> {
        let text = PyString::new(py, &self.to_string());
        text.call_method1("__format__", (spec,))
    }

    fn __getnewargs__(&self) -> (i64,) {
        (self.cents,)
    }

    pub fn __add__(&self, other: &Money) -> PyResult<Money> {
        Self::checked(self.cents.checked_add(other.cents))
    }

    pub fn __mul__(&self, times: i64) -> PyResult<Money> {
        Self::checked(self.cents.checked_mul(times))
    }

    fn __rmul__(&self, times: i64) -> PyResult<Money> {
        self.__mul__(times)
    }
}

impl Money {
    fn checked(cents: Option<i64>) -> PyResult<Money> {
        cents.map(|cents| Money { cents }).ok_or_else(|| {
            let (least, most) =
                (price::text(i64::MIN), price::text(i64::MAX));
            PyOverflowError::new_err(format!(
                "an amount is {least} to {most}"
            ))
        })
    }
}
