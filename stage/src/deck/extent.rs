//! Where a fence's body begins and ends, and whether that can be told.

use std::ops::Range;

/// Why the body cannot be told from what stands around it: `sync` would
/// overwrite slides, or the marks of a list or a quotation.
pub fn broken(text: &str, range: Range<usize>) -> Option<(String, &'static str)> {
    let above = text[..range.start].rsplit('\n').next().unwrap_or("");
    if !above.is_empty() {
        let reason = "an indented or quoted fence cannot be kept up to date".into();
        return Some((reason, "move it to the left margin"));
    }
    let fence = text[range].trim_end();
    let mark = fence.chars().next().unwrap_or('`');
    let opening = &fence[..fence.len() - fence.trim_start_matches(mark).len()];
    let mut inside = fence.split('\n').map(str::trim);
    let (_, last) = (inside.next(), inside.next_back().unwrap_or(""));
    let is_closed = last.starts_with(opening) && last.trim_matches(mark).is_empty();
    if !is_closed || inside.any(|line| line.starts_with(opening)) {
        let reason = format!("no line {opening} closes the fence before the next one or the end");
        return Some((reason, "close it on a line of its own"));
    }
    None
}

/// What stands between the opening and the closing line.
pub fn body(text: &str, range: Range<usize>) -> Range<usize> {
    let fence = &text[range.clone()];
    let start = fence.find('\n').map_or(fence.len(), |at| at + 1);
    let end = fence
        .trim_end()
        .rfind('\n')
        .map_or(start, |at| at + 1)
        .max(start);
    range.start + start..range.start + end
}
