//! What the terminal is like.

use std::io::{IsTerminal, stdout};
use std::process::{Command, Stdio};

/// The columns of the terminal that we print to; none if it is no terminal, or
/// nobody can say.
pub fn columns() -> Option<usize> {
    if !stdout().is_terminal() {
        return None;
    }
    let mut stty = Command::new("stty");
    stty.arg("size")
        .stdin(Stdio::inherit())
        .stderr(Stdio::null());
    let printed = stty.output().ok()?.stdout;
    let printed = String::from_utf8(printed).ok()?;
    let columns: usize = printed.split_whitespace().nth(1)?.parse().ok()?;
    // A terminal that was never told its size says 0.
    (columns > 0).then_some(columns)
}

/// Whether words that a person reads may be coloured.
pub fn wants_colour() -> bool {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    set("NO_COLOR").is_none()
        && set("CARGO_TERM_COLOR").is_none()
        && set("TERM").is_none_or(|term| term != "dumb")
}
