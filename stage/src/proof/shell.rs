//! What a line of shell starts: each program with its words.
//!
//! As much of the shell's grammar as slides have. A word whose value only the
//! shell knows (`$NAME`, `$(…)`, `*`) is left as it is written.

/// Words after which a command begins.
const RESERVED: [&str; 9] = [
    "do", "done", "then", "else", "elif", "if", "fi", "while", "!",
];

/// The simple commands of a line, without assignments, redirections, comments.
pub fn commands(line: &str) -> Vec<Vec<String>> {
    let mut all = vec![Vec::new()];
    let mut is_file = false;
    let mut is_loop = false;
    for word in words(line) {
        let current = all.last_mut().expect("it is never empty");
        match word {
            Word::End => {
                all.push(Vec::new());
                is_loop = false;
            }
            Word::Redirection => is_file = true,
            Word::Plain(_) if std::mem::take(&mut is_file) || is_loop => {}
            Word::Plain(word) if current.is_empty() && is_skipped(&word) => {}
            // `for name in words`: they are no commands.
            Word::Plain(word) if current.is_empty() && ["for", "case"].contains(&word.as_str()) => {
                is_loop = true;
            }
            Word::Plain(word) => current.push(word),
        }
    }
    all.retain(|words| !words.is_empty());
    all
}

fn is_skipped(word: &str) -> bool {
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    let is_assignment = word
        .split_once('=')
        .is_some_and(|(name, _)| !name.is_empty() && name.chars().all(is_name));
    is_assignment || RESERVED.contains(&word) || word == "{" || word == "}"
}

enum Word {
    Plain(String),
    /// A file is named next.
    Redirection,
    /// The next command begins.
    End,
}

fn words(line: &str) -> Vec<Word> {
    let mut all = Vec::new();
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\n' | ';' | '&' | '|' | '(' | ')' => all.push(Word::End),
            ' ' | '\t' => {}
            '#' => while letters.next_if(|letter| *letter != '\n').is_some() {},
            '<' | '>' => {
                while letters
                    .next_if(|letter| ['>', '<', '&'].contains(letter))
                    .is_some()
                {}
                all.push(Word::Redirection);
            }
            first => {
                let mut word = String::new();
                let mut next = Some(first);
                while let Some(letter) = next {
                    match letter {
                        '\\' => word.extend(letters.next().filter(|letter| *letter != '\n')),
                        '\'' | '"' => {
                            while let Some(inside) = letters.next_if(|inside| *inside != letter) {
                                match inside {
                                    '\\' if letter == '"' => word.extend(letters.next()),
                                    inside => word.push(inside),
                                }
                            }
                            letters.next();
                        }
                        letter => word.push(letter),
                    }
                    next = letters.next_if(|letter| !" \t\n;&|()<>".contains(*letter));
                }
                // `2>&1`: the number belongs to the redirection.
                let is_number = word.bytes().all(|byte| byte.is_ascii_digit());
                let is_part = is_number && matches!(letters.peek(), Some('<' | '>'));
                if !is_part && !word.is_empty() {
                    all.push(Word::Plain(word));
                }
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_program_comes_with_its_words() {
        for (line, expected) in [
            ("pytest -q", "pytest -q"),
            (
                "cd live && maturin develop; pytest",
                "cd live/maturin develop/pytest",
            ),
            (
                "A=1 B=2 python -m dunder >out.txt 2>&1 | tail -1",
                "python -m dunder/tail -1",
            ),
            (
                "grep -l \"^Generator: maturin\" a/*/b",
                "grep -l ^Generator: maturin a/*/b",
            ),
            (
                "for name in uv test; do\nuv pip compile $name.in -o $name.txt\ndone",
                "uv pip compile $name.in -o $name.txt",
            ),
            ("git add a   # git rm a", "git add a"),
            (
                "if ! stage check; then echo 'a | b'; fi",
                "stage check/echo a | b",
            ),
            ("stage go 3 \\\n  --x", "stage go 3 --x"),
            ("echo \"a \\\" b\" '\\'", "echo a \" b \\"),
            ("", ""),
        ] {
            let found: Vec<String> = commands(line).iter().map(|words| words.join(" ")).collect();
            assert_eq!(found.join("/"), expected, "{line}");
        }
    }
}
