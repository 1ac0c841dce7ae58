use pyo3::create_exception;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::types::PyList;

use crate::ledger::Ledger;
use crate::money::Money;
use crate::offer;
use crate::order::Order;

create_exception!(
    dunder,
    RuleError,
    PyException,
    "A rule that failed, or gave what is no price.

It says for which order; `__cause__` is what the rule raised, if it did."
);

/// Return what a rule asks for each order of a ledger.
///
/// Parameters
/// ----------
/// ledger : Ledger
///     Any ledger. The rule may add to it; what it adds is not asked for.
/// rule : callable
///     Called with each `Order`, oldest first. Returns cents as an int, from
///     0 to what the order came to before the call.
///
/// Returns
/// -------
/// list of Money
///     One price for each order. The orders are left as they are, unless
///     the rule itself changes them.
///
/// Raises
/// ------
/// RuleError
///     If the rule raises an Exception, which is then the cause, or gives
///     anything else. Nothing is asked after that. What is no Exception,
///     like KeyboardInterrupt, is passed on.
///
/// Notes
/// -----
/// A price of 0 is logged as a warning by `dunder.rule`, with the order as
/// the record's `order`.
///
/// Examples
/// --------
/// >>> ledger = Ledger()
/// >>> ledger.add(Order("Acme", 12, 599))
/// >>> discounted(ledger, lambda order: order.total_cents() - 100)
/// [Money('70.88')]
#[pyfunction]
pub fn discounted(
    ledger: &Bound<'_, Ledger>,
    rule: &Bound<'_, PyAny>,
) -> PyResult<Vec<Money>> {
    let orders = ledger.try_borrow()?.orders(rule.py())?;
    let mut prices = Vec::new();
    for order in orders {
        let most = offer::total(&order)?;
        let gave = rule.call1((&order,));
        let gave = gave.map_err(|error| blame(&order, error))?;
        prices.push(offer::checked(&order, most, &gave)?);
    }
    Ok(prices)
}

/// Say which order it was. Ctrl-C is nobody's fault.
fn blame(order: &Bound<'_, PyAny>, error: PyErr) -> PyErr {
    let py = order.py();
    if !error.is_instance_of::<PyException>(py) {
        return error;
    }
    let named = RuleError::new_err(format!("{order:?}: {error}"));
    named.set_cause(py, Some(error));
    named
}

/// Return what a rule asks for the orders of a ledger, a batch at a time.
///
/// Parameters
/// ----------
/// ledger : Ledger
///     As for `discounted`.
/// rule : callable
///     Called with a list of orders, oldest first. Returns a list of as many
///     prices, each as for `discounted`.
/// size : int, default 1000
///     Orders in a batch, 1 to 1,000,000. The last one may have fewer.
///
/// Returns
/// -------
/// list of Money
///     One price for each order.
///
/// Raises
/// ------
/// RuleError
///     As for `discounted`; also if the rule gives anything but a list of as
///     many prices as it got orders. What is wrong with a whole batch is
///     blamed on its first order.
/// ValueError
///     If `size` is out of its range.
///
/// Examples
/// --------
/// >>> ledger = Ledger()
/// >>> ledger.add(Order("Acme", 12, 599))
/// >>> discounted_in_batches(ledger, lambda orders: [5000] * len(orders))
/// [Money('50.00')]
#[pyfunction(signature = (ledger, rule, size=1000))]
pub fn discounted_in_batches(
    ledger: &Bound<'_, Ledger>,
    rule: &Bound<'_, PyAny>,
    size: i64,
) -> PyResult<Vec<Money>> {
    let size = Order::checked("size", size, 1..=1_000_000)?;
    let orders = ledger.try_borrow()?.orders(rule.py())?;
    let orders: Vec<_> = orders.iter().collect();
    let mut prices = Vec::new();
    for batch in orders.chunks(size as usize) {
        prices.extend(ask_batch(rule, batch)?);
    }
    Ok(prices)
}

fn ask_batch(
    rule: &Bound<'_, PyAny>,
    batch: &[Bound<'_, PyAny>],
) -> PyResult<Vec<Money>> {
    let most = batch.iter().map(offer::total);
    let most = most.collect::<PyResult<Vec<_>>>()?;
    let gave = rule.call1((batch.to_vec(),));
    let gave = gave.map_err(|error| blame(&batch[0], error))?;
    let gave = one_each(batch, &gave)?;
    let asked = batch.iter().zip(most).zip(&gave);
    asked
        .map(|((order, most), gave)| {
            offer::checked(order, most, gave)
        })
        .collect()
}

/// What a rule gave for each order of a batch.
fn one_each<'py>(
    batch: &[Bound<'py, PyAny>],
    gave: &Bound<'py, PyAny>,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let (first, n) = (&batch[0], batch.len());
    match gave.cast::<PyList>() {
        Ok(list) if list.len() == n => Ok(list.iter().collect()),
        _ => Err(RuleError::new_err(format!(
            "{first:?}: prices must be a list of {n}, \
             not {gave:?}"
        ))),
    }
}
