//! A ledger line, taken apart. Plain Rust: nothing here knows Python.

/// Customer, branch, reams, price of a ream in cents.
pub type Row<'a> = (&'a str, &'a str, i64, i64);

/// Which part of a line is wrong, and why.
pub struct BadLine {
    pub field: &'static str,
    pub reason: String,
}

pub fn parse(
    line: &str,
    separator: char,
) -> Result<Row<'_>, BadLine> {
    let fields: Vec<&str> =
        line.split(separator).map(str::trim).collect();
    let found = fields.len();
    let [customer, branch, reams, cents] = fields[..] else {
        return Err(BadLine {
            field: "line",
            reason: format!("must have 4 fields, not {found}"),
        });
    };
    let reams = int("reams", reams)?;
    let cents = int("unit_price_cents", cents)?;
    Ok((customer, branch, reams, cents))
}

fn int(field: &'static str, text: &str) -> Result<i64, BadLine> {
    text.parse().map_err(|_| BadLine {
        field,
        reason: format!("must be a whole number, not {text:?}"),
    })
}
