//! What a person types into a fence by hand: lines that nothing would prove.

use super::Kind;

/// The first line of a body, from 0, that nothing would prove, and why not.
pub fn unproved(kind: &Kind, body: &str) -> Option<(usize, String)> {
    match kind {
        Kind::Console => console(body),
        Kind::Session => session(body),
        _ => None,
    }
}

/// Commands after `$ `, and their further lines after `> `.
fn console(body: &str) -> Option<(usize, String)> {
    let mut above = "";
    for (at, line) in body.lines().enumerate() {
        let is_more =
            line.starts_with("> ") && (above.starts_with("$ ") || above.starts_with("> "));
        if !line.is_empty() && !line.starts_with("$ ") && !is_more {
            let reason = format!("a console shows what is typed, after `$ `: `{line}`");
            return Some((at, reason));
        }
        above = line;
    }
    None
}

/// What doctest passes over: words outside of any example, directives, and
/// what stands between a traceback's first line and its last.
fn session(body: &str) -> Option<(usize, String)> {
    enum After {
        Nothing,
        Prompt,
        Output,
        Traceback,
    }
    let mut after = After::Nothing;
    for (at, line) in body.lines().enumerate() {
        if line.contains("doctest:") {
            return Some((at, "a doctest directive would let anything pass".into()));
        }
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        after = match after {
            _ if line == ">>>" || line.starts_with(">>> ") => After::Prompt,
            After::Prompt if line == "..." || line.starts_with("... ") => After::Prompt,
            _ if line.trim().is_empty() => After::Nothing,
            After::Nothing => {
                let reason = format!("a session begins with `>>> `; nobody proves `{line}`");
                return Some((at, reason));
            }
            After::Prompt if line.starts_with("Traceback (") => After::Traceback,
            After::Traceback if line.starts_with(is_word) => After::Output,
            After::Traceback if line.trim() == "..." => After::Traceback,
            After::Traceback => {
                let line = line.trim();
                let reason = format!("nobody compares the inside of a traceback: `{line}`");
                return Some((at, reason));
            }
            After::Prompt | After::Output => After::Output,
        };
    }
    body.is_empty()
        .then(|| (0, "a session in which nothing is typed".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(kind: Kind, body: &str) -> Option<usize> {
        unproved(&kind, body).map(|(at, _)| at)
    }

    #[test]
    fn a_session_has_what_is_typed_and_what_is_printed() {
        for body in [
            ">>> x = 1\n>>> x\n1\n\n>>> def f():\n...     return 1\n...\n>>> f()\n1\nand so on\n",
            ">>> f()\nTraceback (most recent call last):\nTypeError: no\nwhile processing 'x'\n",
            ">>> f()\nTraceback (most recent call last):\n    ...\nTypeError: no\n",
        ] {
            assert_eq!(found(Kind::Session, body), None, "{body}");
        }
    }

    #[test]
    fn what_doctest_passes_over_is_found() {
        for (body, at) in [
            ("It prints 7000:\n>>> 1\n1\n", 0),
            (">>> 1\n1\n\nIt prints 7000, too.\n", 3),
            (" >>> 1\n 1\n", 0),
            (
                ">>> f()\nTraceback (most recent call last):\n  File \"x\", line 9\nTypeError: no\n",
                2,
            ),
            (">>> 1  # doctest: +SKIP\n2\n", 0),
            ("", 0),
        ] {
            assert_eq!(found(Kind::Session, body), Some(at), "{body}");
        }
    }

    #[test]
    fn a_console_has_commands_only() {
        assert_eq!(found(Kind::Console, "$ ls \\\n> -l\n\n$ ls\n"), None);
        assert_eq!(found(Kind::Console, "$ ls\nnotes\n"), Some(1));
        assert_eq!(found(Kind::Console, "> 3 passed\n"), Some(0));
        assert_eq!(found(Kind::Console, "$ ls\n\n> 3 passed\n"), Some(2));
    }
}
