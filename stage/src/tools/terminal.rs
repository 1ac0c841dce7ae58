//! How wide the terminal is.

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
