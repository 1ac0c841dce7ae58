//! What Python sees: a thin layer over the plain Rust beside it.

mod order;
mod paper;
mod receipt;

/// The extension module of the package `dunder`.
#[pyo3::pymodule]
mod _dunder {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::order::Order;
    use crate::paper;
    #[pymodule_export]
    use crate::receipt::Receipt;

    /// Return the number of sheets in so many reams.
    ///
    /// Parameters
    /// ----------
    /// reams : int
    ///     Whole reams, 0 to 4,294,967,295.
    ///
    /// Returns
    /// -------
    /// int
    ///     Sheets: 500 for each ream.
    ///
    /// Raises
    /// ------
    /// OverflowError
    ///     If `reams` is negative or above 4,294,967,295.
    /// TypeError
    ///     If `reams` is not an integer.
    ///
    /// Examples
    /// --------
    /// >>> sheets(12)
    /// 6000
    #[pyfunction]
    fn sheets(reams: u32) -> u64 {
        paper::sheets(reams)
    }

    /// Return how many reams hold so many sheets, rounded up.
    ///
    /// Parameters
    /// ----------
    /// sheets : int
    ///     Sheets, 0 to 4,294,967,295.
    ///
    /// Returns
    /// -------
    /// int
    ///     Whole reams of 500 sheets, rounded up.
    ///
    /// Raises
    /// ------
    /// OverflowError
    ///     If `sheets` is negative or above 4,294,967,295.
    /// TypeError
    ///     If `sheets` is not an integer.
    ///
    /// Examples
    /// --------
    /// >>> reams(501)
    /// 2
    #[pyfunction]
    fn reams(sheets: u32) -> u32 {
        paper::reams(sheets)
    }
}
