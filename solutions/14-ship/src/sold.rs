//! What a seller sold. Plain Rust: nothing here knows Python.

/// The most cents of one sale: the largest order.
const MOST: i64 = 1_000_000_000_000;

/// The cents of each sale, if all of them are in range.
pub fn checked(sales: Vec<i64>) -> Result<Vec<i64>, String> {
    match sales.iter().find(|cents| !(1..=MOST).contains(cents)) {
        Some(cents) => Err(format!(
            "each sale must be 1 to {MOST} cents, not {cents}"
        )),
        None => Ok(sales),
    }
}

pub fn total(sales: &[i64]) -> i128 {
    sales.iter().copied().map(i128::from).sum()
}
