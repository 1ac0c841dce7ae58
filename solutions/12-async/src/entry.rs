use pyo3::prelude::*;

use crate::money::Money;

/// A branch of the company.
#[pyclass(eq, hash, frozen, from_py_object, module = "dunder")]
#[derive(Clone, PartialEq, Hash)]
pub enum Branch {
    Scranton,
    Utica,
    Nashua,
    Akron,
}

/// Something that happened: `Entry.Sale` or `Entry.Refund`.
///
/// Sale has `branch` (Branch) and `reams` (int); Refund has `amount`
/// (Money) and `reason` (str or None).
#[pyclass(frozen, module = "dunder")]
pub enum Entry {
    Sale {
        branch: Branch,
        reams: u32,
    },
    Refund {
        amount: Py<Money>,
        reason: Option<String>,
    },
}
