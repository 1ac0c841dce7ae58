//! Awaitables for Python. tokio's threads read meanwhile.

use std::io::{Error, ErrorKind};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use crate::branch;
use crate::runtime::future_into_py;

/// Start to read a ledger: a future of the loop that runs.
#[pyfunction]
pub fn read_ledger(
    py: Python<'_>,
    address: String,
) -> PyResult<Bound<'_, PyAny>> {
    future_into_py(py, async move {
        branch::read(&address).await.map_err(raised)
    })
}

/// Start to read many ledgers: a future of the loop that runs.
#[pyfunction]
pub fn read_ledgers(
    py: Python<'_>,
    addresses: Vec<String>,
) -> PyResult<Bound<'_, PyAny>> {
    future_into_py(py, async move {
        branch::read_all(addresses).await.map_err(raised)
    })
}

/// The kind of an error decides its class.
pub fn raised(error: Error) -> PyErr {
    match error.kind() {
        ErrorKind::InvalidInput => PyValueError::new_err(format!(
            "address must be host:port, not {error}"
        )),
        _ => error.into(),
    }
}
