//! The label on a delivery. Plain Rust: nothing here knows Python.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

static LAST: AtomicU64 = AtomicU64::new(0);

pub fn next_number() -> u64 {
    LAST.fetch_add(1, Ordering::Relaxed) + 1
}

pub fn lines(
    customer: &str,
    boxes: &[u32],
    carrier: Option<&str>,
    number: u64,
    marks: Option<BTreeMap<String, String>>,
) -> Vec<String> {
    let reams: u64 = boxes.iter().copied().map(u64::from).sum();
    let mut lines =
        vec![format!("No. {number}, {customer}: {reams} reams")];
    lines.extend(boxes.iter().map(|n| format!("box of {n}")));
    lines.extend(carrier.map(|name| format!("by {name}")));
    let marks = marks.into_iter().flatten();
    lines.extend(marks.map(|(k, v)| format!("{k}: {v}")));
    lines
}
