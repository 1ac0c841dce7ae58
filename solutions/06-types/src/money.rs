use pyo3::exceptions::{PyTypeError, PyValueError};
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
#[pyclass(frozen, module = "dunder")]
pub struct Money {
    #[pyo3(get)]
    pub cents: i64,
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
}
