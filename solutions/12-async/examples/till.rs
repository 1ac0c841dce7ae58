//! A Rust program that asks Dwight: `cargo run --example till`.
//!
//! It needs `libpython`. In the workshop's folder it does not link: there,
//! PyO3 is told to build extensions, which get Python from whoever loads them.

use std::ffi::CStr;

use pyo3::ffi::c_str;
use pyo3::prelude::*;

const RULE: &CStr = c_str!(include_str!("../tests/rules/dwight.py"));

/// What the rule may ask: whose sale it is, and its cents.
#[pyclass(frozen)]
struct Sale(&'static str, i64);

#[pymethods]
impl Sale {
    #[getter]
    fn customer(&self) -> &str {
        self.0
    }

    fn total_cents(&self) -> i64 {
        self.1
    }
}

fn main() -> PyResult<()> {
    Python::initialize();
    Python::attach(|py| {
        let (file, name) = (c"dwight.py", c"dwight");
        let rule = PyModule::from_code(py, RULE, file, name)?;
        let sale = Sale("Acme", 7188);
        let price = rule.getattr("price")?.call1((sale,))?;
        println!("Acme pays {price} instead of 7188 cents");
        Ok(())
    })
}
