//! Sums that say when they are too much. Plain Rust, without Python.

use crate::revenue::BadSale;

/// The sum of all numbers.
pub fn total<'a>(
    numbers: impl Iterator<Item = &'a i64>,
) -> Result<i64, BadSale> {
    numbers
        .copied()
        .try_fold(0, i64::checked_add)
        .ok_or(BadSale::TooMuch)
}

/// Each of the one times each of the other.
pub fn products(
    some: &[i64],
    others: &[i64],
) -> Result<Vec<i64>, BadSale> {
    let pairs = some.iter().zip(others);
    let all: Option<_> =
        pairs.map(|(one, other)| one.checked_mul(*other)).collect();
    all.ok_or(BadSale::TooMuch)
}

/// Each of the one and each of the other.
pub fn sums<'a>(
    some: impl Iterator<Item = &'a i64>,
    others: &[i64],
) -> Result<Vec<i64>, BadSale> {
    let pairs = some.zip(others);
    let all: Option<_> =
        pairs.map(|(one, other)| one.checked_add(*other)).collect();
    all.ok_or(BadSale::TooMuch)
}
