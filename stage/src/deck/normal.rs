//! What differs from run to run and from machine to machine, in one place.

use regex::Regex;

/// Each pattern, and what stands for it on a slide.
const PATTERNS: [(&str, &str); 4] = [
    // Durations: `1.958 s`, `in 0.25s`.
    (r"\b\d+\.\d{2,3}( ?)s\b", "#.##${1}s"),
    // Addresses of objects.
    (r"\b0x[0-9a-f]{6,}\b", "0x…"),
    // Process and thread ids in a panic's first line.
    (r"thread '([^']*)' \(\d+\)", "thread '$1' (…)"),
    // Python's own version in a line of pytest.
    (r"Python 3\.\d+\.\d+", "Python 3"),
];

/// The text with everything of the moment taken out of it; `folder` is where
/// the command ran, and becomes `.`.
pub fn normal(text: &str, folder: &str) -> String {
    let mut text = text.replace(folder, ".");
    for (pattern, instead) in PATTERNS {
        if let Ok(pattern) = Regex::new(pattern) {
            text = pattern.replace_all(&text, instead).into_owned();
        }
    }
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_end().to_string()
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn times_addresses_threads_and_folders_are_taken_out() {
        let text = "duplicates    1.958 s\n3 passed in 0.25s\n<Order object at 0x7f4e32733d30>\nthread 'main' (123) panicked at /x/y/src/lib.rs \n\n";
        let expected = "duplicates    #.## s\n3 passed in #.##s\n<Order object at 0x…>\nthread 'main' (…) panicked at ./src/lib.rs";
        assert_eq!(normal(text, "/x/y"), expected);
    }

    #[test]
    fn numbers_that_are_no_time_stay() {
        assert_eq!(
            normal("7188 cents, 5.99, 12 s", "/x"),
            "7188 cents, 5.99, 12 s"
        );
    }
}
