//! Loops that call Python, and one that does not: `../callback.py` times them.

#[pyo3::pymodule]
mod callback {
    use pyo3::intern;
    use pyo3::prelude::*;
    use pyo3::sync::PyOnceLock;
    use pyo3::types::PyList;

    /// Ten percent off, reckoned here.
    #[pyfunction]
    fn no_call(cents: &Bound<'_, PyList>) -> PyResult<i64> {
        let mut sum = 0;
        for one in cents {
            sum += one.extract::<i64>()? * 9 / 10;
        }
        Ok(sum)
    }

    #[pyfunction]
    fn each(
        rule: &Bound<'_, PyAny>,
        cents: &Bound<'_, PyList>,
    ) -> PyResult<i64> {
        let mut sum = 0;
        for one in cents {
            sum += rule.call1((one,))?.extract::<i64>()?;
        }
        Ok(sum)
    }

    #[pyfunction]
    fn batches(
        rule: &Bound<'_, PyAny>,
        cents: &Bound<'_, PyList>,
        size: usize,
    ) -> PyResult<i64> {
        let mut sum = 0;
        for start in (0..cents.len()).step_by(size) {
            let batch = cents.get_slice(start, start + size);
            for one in rule.call1((batch,))?.cast::<PyList>()? {
                sum += one.extract::<i64>()?;
            }
        }
        Ok(sum)
    }

    #[pyfunction]
    fn method(
        object: &Bound<'_, PyAny>,
        times: usize,
    ) -> PyResult<()> {
        for _ in 0..times {
            object.call_method0("total_cents")?;
        }
        Ok(())
    }

    #[pyfunction]
    fn method_interned(
        object: &Bound<'_, PyAny>,
        times: usize,
    ) -> PyResult<()> {
        for _ in 0..times {
            object
                .call_method0(intern!(object.py(), "total_cents"))?;
        }
        Ok(())
    }

    #[pyfunction]
    fn import(py: Python<'_>, times: usize) -> PyResult<()> {
        for _ in 0..times {
            py.import("logging")?.getattr("getLogger")?;
        }
        Ok(())
    }

    #[pyfunction]
    fn import_once(py: Python<'_>, times: usize) -> PyResult<()> {
        static GET: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
        for _ in 0..times {
            GET.import(py, "logging", "getLogger")?;
        }
        Ok(())
    }
}
