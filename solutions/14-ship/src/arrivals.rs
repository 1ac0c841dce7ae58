use std::sync::Arc;

use pyo3::exceptions::PyStopAsyncIteration;
use pyo3::prelude::*;
use pyo3_async_runtimes::tokio::get_runtime;
use tokio::sync::Mutex;

use crate::branch::{self, Reading};
use crate::runtime::future_into_py;
use crate::wire::raised;

/// The ledgers of many branches, as they come: an asynchronous iterator.
///
/// Parameters
/// ----------
/// addresses : sequence of str
///     As for `read_ledger`. All are read from now on, at once.
///
/// Yields
/// ------
/// tuple of (str, str)
///     An address and its ledger. Who answers first comes first.
///
/// Raises
/// ------
/// ValueError, ConnectionError, OSError
///     As `read_ledger`, when it is a failed one's turn. `anext` goes on
///     to the others.
///
/// Notes
/// -----
/// Whoever cancels a wait may lose the ledger that comes in that very
/// moment, and no other. When nobody holds the iterator any more, it
/// hangs up on those that have not come.
///
/// Examples
/// --------
/// >>> import asyncio
/// >>> from dunder.loopback import answering
/// >>> async def main():
/// ...     async with answering("Acme;Utica;12;599") as utica:
/// ...         return [text async for _, text in Arrivals([utica])]
/// >>> asyncio.run(main())
/// ['Acme;Utica;12;599\n']
#[pyclass(frozen, module = "dunder.wire")]
pub struct Arrivals {
    reading: Arc<Mutex<Reading>>,
}

#[pymethods]
impl Arrivals {
    #[new]
    fn new(addresses: Vec<String>) -> Self {
        // Whoever starts a task does so inside tokio.
        let _inside = get_runtime().enter();
        let reading = branch::start(addresses);
        Self {
            reading: Arc::new(Mutex::new(reading)),
        }
    }

    fn __aiter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __anext__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let reading = Arc::clone(&self.reading);
        future_into_py(py, async move {
            let mut reading = reading.lock().await;
            match branch::next(&mut reading).await {
                Some(come) => come.map_err(raised),
                None => Err(PyStopAsyncIteration::new_err(())),
            }
        })
    }
}
