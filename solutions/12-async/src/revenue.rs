//! What each branch earned. Plain Rust: nothing here knows Python.

use std::collections::BTreeMap;
use std::fmt;

/// A branch's number is its place in this list.
pub const BRANCHES: [&str; 4] =
    ["Scranton", "Utica", "Nashua", "Akron"];

/// The branch's number, reams, price of a ream in cents.
pub type Sale = (usize, i64, i64);

/// Branch to cents.
pub type Revenue = BTreeMap<&'static str, i64>;

/// Four sums, one for each branch.
type Sums = [i64; BRANCHES.len()];

/// Why sales cannot be added up.
#[derive(Debug)]
pub enum BadSale {
    Name(String),
    Number(usize),
    TooMuch,
}

/// Add up. Whatever the sales come from, this loop stays as it is.
///
/// It fills four sets of sums in turn: an addition need not wait for
/// the one just before it.
pub fn by_branch<E: From<BadSale>>(
    mut sales: impl Iterator<Item = Result<Sale, E>>,
) -> Result<Revenue, E> {
    let mut sets = [Sums::default(); 4];
    'all: loop {
        for sums in &mut sets {
            let Some(sale) = sales.next() else {
                break 'all;
            };
            add(sums, sale?)?;
        }
    }
    let mut all = Sums::default();
    for sums in sets {
        for (branch, cents) in sums.into_iter().enumerate() {
            add(&mut all, (branch, 1, cents))?;
        }
    }
    Ok(BRANCHES.into_iter().zip(all).collect())
}

fn add(sums: &mut Sums, sale: Sale) -> Result<(), BadSale> {
    let (branch, reams, price) = sale;
    let sum = sums.get_mut(branch);
    let sum = sum.ok_or(BadSale::Number(branch))?;
    *sum = reams
        .checked_mul(price)
        .and_then(|earned| sum.checked_add(earned))
        .ok_or(BadSale::TooMuch)?;
    Ok(())
}

/// The number of the branch with this name.
pub fn number(name: &str) -> Result<usize, BadSale> {
    let found = BRANCHES.iter().position(|branch| *branch == name);
    found.ok_or_else(|| BadSale::Name(name.into()))
}

impl fmt::Display for BadSale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = BRANCHES.join(", ");
        let most = BRANCHES.len() - 1;
        match self {
            Self::Name(name) => {
                write!(f, "branch must be of {names}, not {name:?}")
            }
            Self::Number(number) => {
                write!(f, "branch must be 0 to {most}, not {number}")
            }
            Self::TooMuch => {
                write!(f, "more than {}", i64::MAX)
            }
        }
    }
}
