use pyo3::prelude::*;

use crate::entry::Branch;
use crate::revenue::Sale;

/// Paper that went out; it never changes.
///
/// Parameters
/// ----------
/// branch : Branch
///     Who delivered.
/// reams : int
///     Whole reams, -2**63 to 2**63 - 1.
/// unit_price_cents : int
///     Price of a ream in cents, -2**63 to 2**63 - 1.
///
/// Raises
/// ------
/// TypeError
///     If `branch` is not a `Branch`, or a number is not an integer.
/// OverflowError
///     If a number is out of its range.
///
/// Examples
/// --------
/// >>> from dunder import Branch
/// >>> Delivery(Branch.Utica, 12, 599).reams
/// 12
#[pyclass(frozen, get_all, module = "dunder.ladder")]
pub struct Delivery {
    branch: Branch,
    reams: i64,
    unit_price_cents: i64,
}

#[pymethods]
impl Delivery {
    #[new]
    fn new(
        branch: Branch,
        reams: i64,
        unit_price_cents: i64,
    ) -> Self {
        Self {
            branch,
            reams,
            unit_price_cents,
        }
    }
}

impl Delivery {
    /// What `revenue.rs` adds up.
    pub fn sale(&self) -> Sale {
        let branch = self.branch.clone() as usize;
        (branch, self.reams, self.unit_price_cents)
    }
}
