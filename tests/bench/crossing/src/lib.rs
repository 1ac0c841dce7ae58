//! Functions that do nothing but take or give a value: `../crossing.py` times them.

#[pyo3::pymodule]
mod crossing {
    use std::collections::HashMap;

    use pyo3::prelude::*;
    use pyo3::pybacked::PyBackedStr;
    use pyo3::types::{PyList, PyString};

    #[pyfunction]
    fn nothing() {}

    #[pyfunction]
    fn int(_value: i64) {}

    #[pyfunction]
    fn float(_value: f64) {}

    #[pyfunction]
    fn text_borrowed(value: &str) -> usize {
        value.len()
    }

    #[pyfunction]
    fn text_backed(value: PyBackedStr) -> usize {
        value.len()
    }

    #[pyfunction]
    fn text_owned(value: String) -> usize {
        value.len()
    }

    #[pyfunction]
    fn bytes_borrowed(value: &[u8]) -> usize {
        value.len()
    }

    #[pyfunction]
    fn bytes_owned(value: Vec<u8>) -> usize {
        value.len()
    }

    #[pyfunction]
    fn list_owned(values: Vec<i64>) -> i64 {
        values.iter().sum()
    }

    #[pyfunction]
    fn list_bound(values: &Bound<'_, PyList>) -> PyResult<i64> {
        values.iter().map(|value| value.extract::<i64>()).sum()
    }

    #[pyfunction]
    fn names_owned(values: Vec<String>) -> usize {
        values.iter().map(String::len).sum()
    }

    #[pyfunction]
    fn names_bound(values: &Bound<'_, PyList>) -> PyResult<usize> {
        let mut length = 0;
        for value in values {
            length += value.cast::<PyString>()?.to_str()?.len();
        }
        Ok(length)
    }

    #[pyfunction]
    fn dict_owned(values: HashMap<String, i64>) -> i64 {
        values.values().sum()
    }

    #[pyfunction]
    fn give_list(length: i64) -> Vec<i64> {
        (0..length).collect()
    }

    #[pyfunction]
    fn give_bytes(length: usize) -> Vec<u8> {
        vec![0; length]
    }
}
