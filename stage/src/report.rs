//! What pytest and the compiler printed, in few words for a room.

use std::path::Path;

use crate::tools::without_colour;

/// More lines of one failure than this are read by nobody from afar.
const MOST_LINES: usize = 12;

/// The tests, or files of tests, that pytest's short summary calls red.
pub fn red(printed: &str) -> Vec<String> {
    let lines = printed
        .lines()
        .skip_while(|line| !line.contains("short test summary info"));
    let name = |line: &str| {
        let rest = line
            .strip_prefix("FAILED ")
            .or_else(|| line.strip_prefix("ERROR "))?;
        Some(rest.split(" - ").next().unwrap_or(rest).to_string())
    };
    lines.filter_map(name).collect()
}

/// How many tests passed, by pytest's last line.
pub fn passed(printed: &str) -> Option<usize> {
    let last = printed.lines().rev().find(|line| line.contains(" in "))?;
    let words: Vec<&str> = last.trim_matches('=').split_whitespace().collect();
    let at = words
        .iter()
        .position(|word| word.trim_end_matches(',') == "passed")?;
    words.get(at.checked_sub(1)?)?.parse().ok()
}

/// A failure, in pytest's order the first, or of this `test` if it is there: the
/// test's name as a sentence, what was found, and where. `printed` is pytest's, with
/// `--tb=short`.
pub fn failure(printed: &str, test: Option<&str>) -> Option<String> {
    let mut lines = printed
        .lines()
        .skip_while(|line| !is_chapter(line, "ERRORS") && !is_chapter(line, "FAILURES"))
        .skip(1);
    let of_test = |name: &&str| test.is_some_and(|test| is_of(name, test));
    let name = match lines.clone().filter_map(heading).find(of_test) {
        Some(name) => lines.find_map(|line| heading(line).filter(|it| *it == name))?,
        None => lines.find_map(heading)?,
    };
    let body: Vec<&str> = lines
        .take_while(|line| heading(line).is_none() && !line.starts_with("=="))
        .collect();
    let mut found: Vec<&str> = body
        .iter()
        .filter_map(|line| line.strip_prefix("E  "))
        .collect();
    let slip = found.first().and_then(|line| place_of_slip(line, name));
    if slip.is_some() {
        found.remove(0);
    }
    let place = slip.or_else(|| body.iter().find_map(|line| place(line)).map(String::from));
    let mut said = vec![sentence(name)];
    let mut above = 0;
    for line in found.into_iter().take(MOST_LINES) {
        let text = line.trim_start_matches(' ');
        let indent = line.len() - text.len();
        // What points at a place in the line above stays below it.
        let points = !text.is_empty() && text.trim_matches(['^', '~']).is_empty();
        let more = if points {
            indent.saturating_sub(above)
        } else {
            0
        };
        said.push(format!("  {}{text}", " ".repeat(more)));
        above = indent;
    }
    said.extend(place.map(|place| format!("  {place}")));
    Some(said.join("\n"))
}

/// What a run left that was cut off: what Python says when it crashes, from the line that was
/// run on; else the end.
pub fn last_words(printed: &str) -> String {
    let lines: Vec<&str> = printed.trim_end().lines().collect();
    let crash = lines
        .iter()
        .position(|line| line.starts_with("Fatal Python error"));
    let from = crash.unwrap_or(lines.len().saturating_sub(MOST_LINES));
    let to = lines.len().min(from + MOST_LINES);
    lines[from..to].join("\n")
}

/// A compiler's first error, colours and all, up to what it notes besides;
/// everything, if there is none.
pub fn first_error(printed: &str) -> String {
    let begins = |line: &&str, words: &[&str]| {
        let line = without_colour(line);
        let line = line.trim_start();
        words.iter().any(|word| line.starts_with(word))
    };
    let mut lines: Vec<&str> = printed
        .lines()
        .skip_while(|line| !begins(line, &["error"]))
        .take_while(|line| !line.trim().is_empty())
        .take_while(|line| !begins(line, &["note:", "help:", "= "]))
        .collect();
    // The bar that leads on to what is left out.
    while lines
        .last()
        .is_some_and(|line| without_colour(line).trim() == "|")
    {
        lines.pop();
    }
    match lines.is_empty() {
        true => printed.trim_end().into(),
        false => lines.join("\n"),
    }
}

fn is_chapter(line: &str, name: &str) -> bool {
    line.starts_with("==") && line.trim_matches('=').trim() == name
}

/// Whether a heading is about a test, or a file of tests, as pytest's summary names it.
fn is_of(heading: &str, test: &str) -> bool {
    let (_, about) = heading.rsplit_once(' ').unwrap_or(("", heading));
    match test.split_once("::") {
        Some((_, name)) => about == name.replace("::", "."),
        None => about == test,
    }
}

/// The name in `_____ test_notes_are_kept _____`.
fn heading(line: &str) -> Option<&str> {
    let inside = line.strip_prefix("__")?.strip_suffix('_')?;
    let name = inside.trim_matches('_').trim();
    (inside.contains(' ') && !name.is_empty()).then_some(name)
}

/// `tests/test_notes.py:12` at the beginning of a line of a traceback.
fn place(line: &str) -> Option<&str> {
    let (place, _) = line.split_once(": ")?;
    let (path, number) = place.rsplit_once(':')?;
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    // Python's own files, and pytest's, say nothing about ours.
    let is_ours = !path.starts_with(['/', '<', ' ', 'E']) && !path.starts_with("..");
    (is_number && is_ours).then_some(place)
}

/// `tests/test_order.py:3` of `File "/…/tests/test_order.py", line 3`, if that is the file
/// that could not be read: the traceback of such an error ends in pytest.
fn place_of_slip(line: &str, heading: &str) -> Option<String> {
    let (_, file) = heading.rsplit_once(' ')?;
    let (path, rest) = line
        .trim()
        .strip_prefix("File \"")?
        .split_once("\", line ")?;
    let number = rest.split(|letter: char| !letter.is_ascii_digit()).next()?;
    Path::new(path)
        .ends_with(file)
        .then(|| format!("{file}:{number}"))
}

/// `test_a_note_is_text[12]` as `a note is text [12]`.
fn sentence(name: &str) -> String {
    if let Some(file) = name.strip_prefix("ERROR collecting ") {
        return format!("pytest cannot read {file}");
    }
    let (before, name) = match name.rsplit_once(' ') {
        Some((before, name)) if before.starts_with("ERROR at ") => (Some(before), name),
        _ => (None, name),
    };
    let (name, cases) = match name.find('[') {
        Some(at) => name.split_at(at),
        None => (name, ""),
    };
    let name = name.rsplit('.').next().unwrap_or(name);
    let words = name.strip_prefix("test_").unwrap_or(name).replace('_', " ");
    let cases = if cases.is_empty() {
        String::new()
    } else {
        format!(" {cases}")
    };
    let before = before.map_or(String::new(), |before| {
        format!(
            " ({})",
            before.trim_start_matches("ERROR ").trim_end_matches(" of")
        )
    });
    format!("{words}{cases}{before}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "\
.F.E                                           [100%]
==================== ERRORS ====================
____ ERROR at setup of test_an_order_knows[12] ____
tests/test_order.py:9: in order
    return Order(12)
E   TypeError: cannot create
==================== FAILURES ====================
________ test_a_note_is_text ________
tests/test_notes.py:12: in test_a_note_is_text
    assert order.notes == []
E   AssertionError: assert ['x'] == []
E     Left contains one more item: 'x'
________ test_b ________
E   no
=========== short test summary info ===========
FAILED tests/test_notes.py::test_a_note_is_text - AssertionError: assert ['x...
ERROR tests/test_order.py::test_an_order_knows[12] - TypeError: cannot create
1 failed, 31 passed, 1 error in 0.30s
";

    #[test]
    fn the_first_failure_is_said_as_a_sentence() {
        assert_eq!(
            failure(PRINTED, None).unwrap(),
            "an order knows [12] (at setup)\n  TypeError: cannot create\n  tests/test_order.py:9"
        );
        let rest = PRINTED.split_once("____ ERROR").unwrap().1;
        let rest = rest.split_once("cannot create\n").unwrap().1;
        assert_eq!(
            failure(rest, None).unwrap(),
            "a note is text\n  AssertionError: assert ['x'] == []\n  Left contains one more item: 'x'\n  tests/test_notes.py:12"
        );
        assert_eq!(failure("31 passed in 0.30s\n", None), None);
    }

    #[test]
    fn a_test_that_is_asked_for_comes_before_the_first() {
        let said = |test| failure(PRINTED, Some(test)).unwrap();
        assert_eq!(said("tests/test_b.py::test_b"), "b\n  no");
        let order = "an order knows [12] (at setup)";
        assert!(said("tests/test_order.py::test_an_order_knows[12]").starts_with(order));
        // One that printed nothing is not there.
        assert!(said("tests/test_c.py::test_c").starts_with(order));
    }

    #[test]
    fn a_file_that_cannot_be_read_is_named() {
        let printed = "=== ERRORS ===\n____ ERROR collecting tests/test_order.py ____\nImportError while importing test module '/x'.\n\
                       /usr/lib/python3/importlib/__init__.py:126: in import_module\n    return 1\ntests/test_order.py:6: in <module>\n\
                       E   ImportError: cannot import name 'Order'\n=== short\n";
        assert_eq!(
            failure(printed, None).unwrap(),
            "pytest cannot read tests/test_order.py\n  ImportError: cannot import name 'Order'\n  tests/test_order.py:6"
        );
    }

    #[test]
    fn a_slip_in_a_test_is_where_it_is_and_not_in_pytest() {
        let printed = "=== ERRORS ===\n____ ERROR collecting tests/test_order.py ____\n\
                       ../.venv/lib/python3.11/site-packages/_pytest/python.py:508: in importtestmodule\n    mod = import_path(\n\
                       E     File \"/home/pam/live/tests/test_order.py\", line 3\n\
                       E       def test_(:\nE                 ^\nE   SyntaxError: invalid syntax\n=== short\n";
        assert_eq!(
            failure(printed, None).unwrap(),
            "pytest cannot read tests/test_order.py\n  def test_(:\n            ^\n  SyntaxError: invalid syntax\n  tests/test_order.py:3"
        );
        // One that another file makes is told as it is.
        let other = printed.replace("live/tests/test_order.py", "live/python/order.py");
        let said = failure(&other, None).unwrap();
        assert!(said.contains("\n  File \"/home/pam/live/python/order.py\", line 3\n"));
        assert!(!said.contains("_pytest"));
    }

    #[test]
    fn of_a_crash_the_line_is_told_that_was_run() {
        let frames: String = (1..40)
            .map(|n| format!("  File \"x\", line {n}\n"))
            .collect();
        let crash = format!("..Fatal\nFatal Python error: Segmentation fault\n\n{frames}");
        let said = last_words(&crash);
        assert!(
            said.starts_with("Fatal Python error: Segmentation fault\n\n  File \"x\", line 1\n")
        );
        assert_eq!(said.lines().count(), MOST_LINES);
        assert!(last_words(&frames).ends_with("line 39"));
        assert_eq!(last_words("killed\n"), "killed");
    }

    #[test]
    fn tests_are_counted_and_named() {
        assert_eq!(passed(PRINTED), Some(31));
        assert_eq!(passed("287 passed in 0.19s\n"), Some(287));
        assert_eq!(passed("no tests ran in 0.01s\n"), None);
        assert_eq!(
            red(PRINTED),
            [
                "tests/test_notes.py::test_a_note_is_text",
                "tests/test_order.py::test_an_order_knows[12]"
            ]
        );
    }

    #[test]
    fn of_the_compilers_words_the_first_error_is_left() {
        let printed = "warning: unused\n --> src/lib.rs:1:1\n\n\x1b[1m\x1b[91merror[E0308]\x1b[0m: mismatched types\n --> src/lib.rs:7:5\n  |\n7 |     true\n  |\n  = note: so\n\nerror: aborting\n";
        assert_eq!(
            first_error(printed),
            "\x1b[1m\x1b[91merror[E0308]\x1b[0m: mismatched types\n --> src/lib.rs:7:5\n  |\n7 |     true"
        );
        assert_eq!(first_error("cannot run\n"), "cannot run");
    }
}
