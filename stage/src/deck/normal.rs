//! What differs from run to run and from machine to machine, in one place.

use regex::Regex;

use super::fence::COLUMNS;

/// What is never shown: each pattern, and what stands for it on a slide.
const HIDDEN: [(&str, &str); 3] = [
    // Where cargo keeps the sources of other crates.
    (r"(?:/[^\s:]*)?/registry/src/[^/\s]+/", "…/"),
    // Addresses of objects.
    (r"\b0x[0-9a-f]{6,}\b", "0x…"),
    // Process and thread ids in a panic's first line.
    (r"thread '([^']*)' \(\d+\)", "thread '$1' (…)"),
];

/// What is shown as it was measured, and not compared.
const LOOSE: [(&str, &str); 5] = [
    // Durations: `1.958 s`, `in 0.25s`.
    (r"\b\d+\.\d{2,3}( ?)s\b", "#.##${1}s"),
    // The four columns of seconds in a profile by `cProfile`.
    (r"(?:[ \t]+\d+\.\d{3}){4}\b", " #.###"),
    // Python's own version: in a line of pytest, in the path of a module.
    (r"Python 3\.\d+\.\d+", "Python 3"),
    (r"\bpython3\.\d+\b", "python3"),
    // The marks below a line of a traceback: each Python draws its own.
    (r"(?m)^ *[~^]+ *\n", ""),
];

/// Takes out what is of one run and one machine only.
#[derive(Debug)]
pub struct Normal {
    /// Folders, and what stands for each: the longest first.
    folders: Vec<(String, &'static str)>,
}

impl Normal {
    /// For what is printed in the folder `live` of the repository at `root`.
    pub fn new(live: &str, root: &str) -> Self {
        Self {
            folders: vec![(live.into(), "."), (root.into(), "..")],
        }
    }

    /// What a slide shows: no folder of this machine, no address, no id of a
    /// thread. Seconds stay as they were measured.
    pub fn shown(&self, printed: &str) -> String {
        let mut text = printed.to_string();
        for (folder, instead) in &self.folders {
            text = text.replace(folder, instead);
        }
        let text = replaced(text, &HIDDEN);
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        let text = lines.join("\n");
        let text = text.trim_end();
        if text.is_empty() {
            String::new()
        } else {
            format!("{text}\n")
        }
    }

    /// What is compared: less what differs each time, or with each Python.
    pub fn compared(&self, text: &str) -> String {
        replaced(self.shown(text), &LOOSE)
    }
}

fn replaced(mut text: String, patterns: &[(&str, &str)]) -> String {
    for (pattern, instead) in patterns {
        if let Ok(pattern) = Regex::new(pattern) {
            text = pattern.replace_all(&text, *instead).into_owned();
        }
    }
    text
}

/// What the compiler says about the code, less what it says about itself.
pub fn compiler_words(printed: &str) -> String {
    let about_itself = [
        "error: could not compile",
        "error: aborting due to",
        "For more information about",
        "Some errors have detailed explanations",
    ];
    let is_about_code = |line: &&str| !about_itself.iter().any(|start| line.starts_with(start));
    let lines: Vec<String> = printed.lines().filter(is_about_code).map(broken).collect();
    format!("{}\n", lines.join("\n").trim_end())
}

/// The first error of all, up to what the compiler notes besides.
pub fn first_error(text: &str) -> String {
    let is_besides = |line: &str| {
        let line = line.trim_start();
        ["note:", "help:", "= ", "error"]
            .iter()
            .any(|word| line.starts_with(word))
    };
    let (mut lines, mut rest) = (Vec::new(), text.lines());
    lines.extend(rest.next());
    lines.extend(rest.take_while(|line| !line.is_empty() && !is_besides(line)));
    // The bar that leads on to what is left out.
    while lines.last().is_some_and(|line| line.trim() == "|") {
        lines.pop();
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

/// A line as long as the compiler makes it, broken at spaces where a slide ends.
fn broken(line: &str) -> String {
    let width = |text: &str| text.chars().count();
    if width(line) <= COLUMNS {
        return line.into();
    }
    // Below code, what is said goes on below where it began.
    let gutter = line.split_once(" |").filter(|(number, _)| {
        number
            .chars()
            .all(|letter| letter == ' ' || letter.is_ascii_digit())
    });
    let begin = gutter.and_then(|(number, marks)| {
        let mark = marks.rfind(['^', '-', '~'])?;
        Some((width(number), width(number) + 2 + width(&marks[..mark]) + 2))
    });
    let next = match begin {
        Some((number, begin)) if begin < COLUMNS / 2 => {
            let bar = format!("{} |", " ".repeat(number));
            format!("{bar:begin$}")
        }
        _ => "    ".to_string(),
    };
    let (mut lines, mut current) = (Vec::new(), String::new());
    for word in line.split_inclusive(' ') {
        let is_full = width(&current) + width(word.trim_end()) > COLUMNS;
        if is_full && current.trim() != next.trim() {
            lines.push(current.trim_end().to_string());
            current = next.clone();
        }
        current.push_str(word);
    }
    lines.push(current);
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_addresses_threads_and_folders_are_taken_out() {
        let normal = Normal::new("/r/x/live", "/r");
        let text = "duplicates    1.958 s\n3 passed in 0.25s\n<Order object at 0x7f4e32733d30>\nthread 'main' (123) panicked at /r/x/live/src/lib.rs \n/r/.venv/lib/python3.13/x.py\n\n";
        let shown = "duplicates    1.958 s\n3 passed in 0.25s\n<Order object at 0x…>\nthread 'main' (…) panicked at ./src/lib.rs\n../.venv/lib/python3.13/x.py\n";
        let compared = "duplicates    #.## s\n3 passed in #.##s\n<Order object at 0x…>\nthread 'main' (…) panicked at ./src/lib.rs\n../.venv/lib/python3/x.py\n";
        assert_eq!(normal.shown(text), shown);
        assert_eq!(normal.compared(text), compared);
        assert_eq!(normal.compared(shown), compared);
    }

    #[test]
    fn a_profile_is_compared_by_its_calls() {
        let normal = Normal::new("/x/y", "/x");
        let one = " 1770    0.345    0.000    0.517    0.000 names.py:6(edit)\n";
        let other = " 1770    0.9    0.000    0.517    0.000 names.py:6(edit)\n";
        let again = " 1770   12.345    0.007    0.511    0.003 names.py:6(edit)\n";
        assert_eq!(normal.compared(one), normal.compared(again));
        assert_ne!(normal.compared(one), normal.compared(other));
        assert_ne!(
            normal.compared(one),
            normal.compared(&again.replace("1770", "1771"))
        );
    }

    #[test]
    fn numbers_that_are_no_time_stay() {
        let text = "7188 cents, 5.99, 12 s\n";
        assert_eq!(Normal::new("/x/y", "/x").compared(text), text);
    }

    #[test]
    fn the_marks_of_a_traceback_are_each_pythons_own() {
        let normal = Normal::new("/x/y", "/x");
        let one = "    f(1)\n    ^^^^\nTypeError: no\n";
        let other = "    f(1)\n    ~^^^\nTypeError: no\n";
        assert_eq!(normal.compared(one), normal.compared(other));
        let rust = "  |           ^^^^^ private field\n";
        assert_eq!(normal.compared(rust), rust);
    }

    #[test]
    fn the_compiler_is_quoted_about_the_code_only() {
        let printed = "error[E0616]: field `reams` of struct `Order` is private\n --> src/slide.rs:4:11\n\nFor more information about this error, try `rustc --explain E0616`.\nerror: could not compile `dunder` (lib) due to 1 previous error\n";
        assert_eq!(
            compiler_words(printed),
            "error[E0616]: field `reams` of struct `Order` is private\n --> src/slide.rs:4:11\n"
        );
    }

    #[test]
    fn the_first_error_is_without_its_notes() {
        let text = "error[E0277]: `Rc<str>` cannot be sent\n --> src/a.rs:5:8\n  |\n5 | struct A {\n  |        ^ here\n  |\n  = help: within\nnote: required\n\nerror[E0277]: again\n";
        let first = "error[E0277]: `Rc<str>` cannot be sent\n --> src/a.rs:5:8\n  |\n5 | struct A {\n  |        ^ here\n";
        assert_eq!(first_error(text), first);
        assert_eq!(first_error(first), first);
    }

    #[test]
    fn where_cargo_keeps_its_sources_is_not_shown() {
        let text = " --> /home/d/.cargo/registry/src/index-19/pyo3-0.30.1/src/a.rs:6:8\n";
        assert_eq!(
            Normal::new("/x/y", "/x").shown(text),
            " --> …/pyo3-0.30.1/src/a.rs:6:8\n"
        );
    }

    #[test]
    fn what_is_wider_than_a_slide_is_broken_at_a_space() {
        let printed = "error[E0594]: cannot assign to `self.reams`, which is behind a `&` reference\n90 |         self.reams += more;\n   |         ^^^^^^^^^^^^^^^^^^ `self` is a `&` reference, so it cannot be written\n";
        assert_eq!(
            compiler_words(printed),
            "error[E0594]: cannot assign to `self.reams`, which is behind a `&`\n    reference\n90 |         self.reams += more;\n   |         ^^^^^^^^^^^^^^^^^^ `self` is a `&` reference, so it\n   |                            cannot be written\n"
        );
    }
}
