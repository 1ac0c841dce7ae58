//! What Python sees: a thin layer over the plain Rust beside it.

mod answer;
mod arrivals;
mod board;
mod branch;
mod column;
mod columns;
mod contract;
mod delivery;
mod entry;
mod errors;
mod kept;
mod label;
mod ladder;
mod ledger;
mod line;
mod load;
mod money;
mod names;
mod offer;
mod order;
mod paper;
mod places;
mod price;
mod prize;
mod progress;
mod receipt;
mod revenue;
mod rule;
mod runtime;
mod sales;
mod sold;
mod spelling;
mod standing;
mod sums;
mod tally;
mod till;
mod wire;

/// The extension module of the package `dunder`.
#[pyo3::pymodule]
mod _dunder {
    use std::collections::BTreeMap;

    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::arrivals::Arrivals;
    #[pymodule_export]
    use crate::board::Board;
    #[pymodule_export]
    use crate::columns::{
        counted, discount, flag, restock, totals, yearly,
    };
    #[pymodule_export]
    use crate::contract::ContractOrder;
    #[pymodule_export]
    use crate::delivery::Delivery;
    #[pymodule_export]
    use crate::entry::{Branch, Entry};
    #[pymodule_export]
    use crate::errors::LineError;
    #[pymodule_export]
    use crate::kept::Columns;
    #[pymodule_export]
    use crate::ladder::{
        borrowed, columns, frozen, lists, maps, structs,
    };
    #[pymodule_export]
    use crate::ledger::Ledger;
    use crate::line::{BadLine, Row};
    #[pymodule_export]
    use crate::load::load_rule;
    #[pymodule_export]
    use crate::money::Money;
    #[pymodule_export]
    use crate::names::{edit_distance, near_duplicates};
    #[pymodule_export]
    use crate::order::Order;
    #[pymodule_export]
    use crate::prize::winner;
    #[pymodule_export]
    use crate::progress::Progress;
    #[pymodule_export]
    use crate::receipt::Receipt;
    #[pymodule_export]
    use crate::rule::{RuleError, discounted, discounted_in_batches};
    #[pymodule_export]
    use crate::runtime::end;
    #[pymodule_export]
    use crate::standing::Standing;
    #[pymodule_export]
    use crate::tally::tally;
    #[pymodule_export]
    use crate::till::Till;
    #[pymodule_export]
    use crate::wire::{read_ledger, read_ledgers};
    use crate::{label, line, paper};

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

    /// Read one line of the ledger.
    ///
    /// Parameters
    /// ----------
    /// line : str
    ///     Customer, branch, reams and price of a ream in cents, with `;`
    ///     between them.
    ///
    /// Returns
    /// -------
    /// tuple of (str, str, int, int)
    ///     The four fields, in the order of `Row`.
    ///
    /// Raises
    /// ------
    /// LineError
    ///     If there are not 4 fields, or if reams or price are not whole
    ///     numbers below 2**63. It is a ValueError.
    ///
    /// Examples
    /// --------
    /// >>> read_row("Acme; Utica; 12; 599")
    /// ('Acme', 'Utica', 12, 599)
    #[pyfunction]
    fn read_row(line: &str) -> Result<Row<'_>, BadLine> {
        line::parse(line, ';')
    }

    /// Return the lines of a delivery's label.
    ///
    /// Parameters
    /// ----------
    /// customer : str
    ///     Who gets it.
    /// *boxes : int
    ///     Reams in each box, 0 to 4,294,967,295.
    /// carrier : str, optional
    ///     Who brings it.
    /// number : int, optional
    ///     The label's number; the next one if not given.
    /// **marks : str
    ///     Anything else that goes on the label, ordered by name.
    ///
    /// Returns
    /// -------
    /// list of str
    ///     One line for the delivery, each box, the carrier, each mark.
    ///
    /// Raises
    /// ------
    /// TypeError
    ///     If a box is not an integer or a mark is not a string.
    /// OverflowError
    ///     If a box is negative or above 4,294,967,295.
    ///
    /// Examples
    /// --------
    /// >>> label("Utica", 12, 3, number=7, fragile="yes")
    /// ['No. 7, Utica: 15 reams', 'box of 12', 'box of 3', 'fragile: yes']
    #[pyfunction(name = "label")]
    #[pyo3(signature = (
        customer, /, *boxes, carrier=None,
        number=label::next_number(), **marks
    ))]
    fn label_lines(
        customer: &str,
        boxes: Vec<u32>,
        carrier: Option<&str>,
        number: u64,
        marks: Option<BTreeMap<String, String>>,
    ) -> Vec<String> {
        label::lines(customer, &boxes, carrier, number, marks)
    }

    /// Read a ledger, line by line.
    ///
    /// Parameters
    /// ----------
    /// text : str
    ///     Lines as `read_row` takes them. Empty lines are passed over.
    /// separator : str, default ";"
    ///     What stands between the fields: one character.
    /// first : int, default 1
    ///     The number of the first line, for errors: 0 to 4,294,967,295.
    ///
    /// Returns
    /// -------
    /// list of tuple of (str, str, int, int)
    ///     The fields of each line, in the order of `Row`.
    ///
    /// Raises
    /// ------
    /// LineError
    ///     At the first line that cannot be read, with its number. Empty
    ///     lines are counted.
    /// ValueError
    ///     If `separator` is not one character.
    /// OverflowError
    ///     If `first` is out of its range.
    ///
    /// Examples
    /// --------
    /// >>> read_rows("Acme|Utica|12|599", separator="|")
    /// [('Acme', 'Utica', 12, 599)]
    #[pyfunction(signature = (text, /, *, separator=';', first=1))]
    fn read_rows(
        text: &str,
        separator: char,
        first: u32,
    ) -> PyResult<Vec<Row<'_>>> {
        (first as usize..)
            .zip(text.lines())
            .filter(|(_, line)| !line.trim().is_empty())
            .map(|(number, line)| {
                line::parse(line, separator)
                    .map_err(|error| LineError::at(number, error))
            })
            .collect()
    }

    /// What an auditor asks of a ledger.
    #[pymodule(name = "_audit")]
    mod audit {
        use pyo3::prelude::*;

        use crate::ledger::Ledger;

        /// Return how many orders name no customer.
        ///
        /// Parameters
        /// ----------
        /// ledger : Ledger
        ///     Any ledger.
        ///
        /// Returns
        /// -------
        /// int
        ///     Orders whose customer is empty or blank.
        #[pyfunction]
        fn nameless(
            ledger: &Ledger,
            py: Python<'_>,
        ) -> PyResult<usize> {
            ledger.nameless(py)
        }
    }
}
