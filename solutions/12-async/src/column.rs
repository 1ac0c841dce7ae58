//! Columns of NumPy, as our functions want them.

use numpy::ndarray::{ArrayView, ArrayViewMut1, Dimension, Ix1};
use numpy::prelude::*;
use numpy::{
    BorrowError, Element, PyArray, PyArray1, PyReadonlyArray,
    PyReadwriteArray1, PyUntypedArray,
};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;

/// An array to read, in one piece and row by row.
///
/// It is NumPy's own memory where that is so, else NumPy's copy.
pub struct Column<'py, T: Element, D: Dimension = Ix1>(
    PyReadonlyArray<'py, T, D>,
);

/// A column to change in place, so it is never a copy.
pub struct ColumnMut<'py, T: Element>(PyReadwriteArray1<'py, T>);

impl<'py, T: Element, D: Dimension> FromPyObject<'_, 'py>
    for Column<'py, T, D>
{
    type Error = PyErr;

    fn extract(obj: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let mut array = fitting::<T, D>(&obj)?;
        if !(array.is_aligned() && array.is_c_contiguous()) {
            array = array.call_method0("copy")?.cast_into()?;
        }
        array.try_readonly().map(Self).map_err(refused)
    }
}

impl<'py, T: Element> FromPyObject<'_, 'py> for ColumnMut<'py, T> {
    type Error = PyErr;

    fn extract(obj: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let array: Bound<'_, PyArray1<T>> = fitting(&obj)?;
        if !array.is_aligned() {
            return Err(PyValueError::new_err(
                "must be aligned, not a field of packed records",
            ));
        }
        if array.strides()[0] == 0 && array.len() > 1 {
            return Err(PyValueError::new_err(
                "must have its elements each in its own place",
            ));
        }
        array.try_readwrite().map(Self).map_err(refused)
    }
}

impl<T: Element, D: Dimension> Column<'_, T, D> {
    pub fn as_slice(&self) -> &[T] {
        self.0.as_slice().expect("it was copied if it was not")
    }

    pub fn view(&self) -> ArrayView<'_, T, D> {
        self.0.as_array()
    }
}

impl<T: Element> ColumnMut<'_, T> {
    pub fn view(&mut self) -> ArrayViewMut1<'_, T> {
        self.0.as_array_mut()
    }
}

/// The array, if its dtype and its dimensions are what we ask for.
fn fitting<'py, T: Element, D: Dimension>(
    obj: &Bound<'py, PyAny>,
) -> PyResult<Bound<'py, PyArray<T, D>>> {
    if let Ok(array) = obj.cast::<PyArray<T, D>>() {
        return Ok(array.clone());
    }
    let found = match obj.cast::<PyUntypedArray>() {
        Ok(array) => {
            format!("{}-d of {}", array.ndim(), array.dtype())
        }
        Err(_) => obj.get_type().name()?.to_string(),
    };
    let (axes, dtype) =
        (D::NDIM.unwrap_or(0), T::get_dtype(obj.py()));
    Err(PyTypeError::new_err(format!(
        "must be a NumPy array, {axes}-d of {dtype}, not {found}"
    )))
}

fn refused(error: BorrowError) -> PyErr {
    PyValueError::new_err(match error {
        BorrowError::NotWriteable => "must be writeable",
        _ => {
            "must not be in use: another argument, or a call, has it"
        }
    })
}
