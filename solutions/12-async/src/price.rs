//! Prices as text. Plain Rust: nothing here knows Python.

/// The cents in text like `5.99`, `-0.05` or `12`.
pub fn cents(text: &str) -> Option<i64> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text),
    };
    let (units, rest) =
        digits.split_once('.').unwrap_or((digits, "0"));
    let is_digits = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit())
    };
    if !is_digits(units) || !is_digits(rest) || rest.len() > 2 {
        return None;
    }
    let units: i64 = units.parse().ok()?;
    let cents: i64 = format!("{rest:0<2}").parse().ok()?;
    (sign * units).checked_mul(100)?.checked_add(sign * cents)
}

/// Cents as text with two decimals.
pub fn text(cents: i64) -> String {
    let sign = if cents < 0 { "-" } else { "" };
    let cents = cents.unsigned_abs();
    format!("{sign}{}.{:02}", cents / 100, cents % 100)
}
