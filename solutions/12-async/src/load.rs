use std::ffi::CString;

use pyo3::prelude::*;
use pyo3::types::IntoPyDict;

/// Return the function `price` of a Python file, after running it.
///
/// Parameters
/// ----------
/// path : str or os.PathLike
///     A Python file, in UTF-8. It is run with all that you may do.
///
/// Returns
/// -------
/// object
///     What the file calls `price`. Files share no names, and the same file
///     loaded again begins anew.
///
/// Raises
/// ------
/// OSError
///     If the file cannot be read.
/// AttributeError
///     If it has no `price`.
/// Exception
///     Whatever the file raises, SyntaxError included, as it is.
///
/// Examples
/// --------
/// >>> load_rule("tests/rules/dwight.py").__doc__
/// 'Return what the order shall cost, in cents.'
#[pyfunction]
pub fn load_rule<'py>(
    path: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyAny>> {
    let (py, text) = (path.py(), read(path)?);
    let file = CString::new(path.to_string())?;
    let name = CString::new(format!("rule in {path}"))?;
    let module = PyModule::from_code(py, &text, &file, &name)?;
    forget(&module)?;
    module.getattr("price")
}

/// The text of a file. If there is none, Python's error names it.
fn read(path: &Bound<'_, PyAny>) -> PyResult<CString> {
    let py = path.py();
    let path = py.import("pathlib")?.call_method1("Path", (path,))?;
    let named = [("encoding", "utf-8")].into_py_dict(py)?;
    let text = path.call_method("read_text", (), Some(&named))?;
    Ok(CString::new(text.extract::<String>()?)?)
}

/// Else the next module of this name would find what is in this one.
fn forget(module: &Bound<'_, PyModule>) -> PyResult<()> {
    let modules = module.py().import("sys")?.getattr("modules")?;
    modules.del_item(module.name()?)
}
