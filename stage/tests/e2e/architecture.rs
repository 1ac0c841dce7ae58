//! The rules of `docs/ARCHITECTURE.md` that a test can hold.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// An attendee compiles `stage` before anything else works.
const MOST_CRATES: usize = 30;

/// Every source file: its path from the package, and its text without tests.
fn sources(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<PathBuf> = vec![root.join(folder)];
    let mut sources = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap();
                let name = name.replace('\\', "/");
                sources.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!sources.is_empty());
    sources.sort();
    sources
}

/// The lines of `src` with one of `words`, outside the files that may have it.
fn lines_with(words: &[&str], may: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in sources("src").into_iter().filter(|(path, _)| !may(path)) {
        // Tests that others borrow from are public.
        let tests = ["#[cfg(test)]\nmod tests", "#[cfg(test)]\npub mod tests"];
        let end = tests.iter().filter_map(|tests| text.find(tests)).min();
        let code = &text[..end.unwrap_or(text.len())];
        for (number, line) in code.lines().enumerate() {
            if words.iter().any(|word| line.contains(word)) {
                found.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    found
}

#[test]
fn only_git_and_tools_start_programs() {
    let words = [".spawn()", ".output()", ".status()"];
    let started = lines_with(&words, |path| {
        path.starts_with("src/git") || path.starts_with("src/tools")
    });
    assert_eq!(started, [""; 0]);
}

#[test]
fn only_git_knows_git() {
    // A name in front of a finding is no program.
    let words = [
        "new(\"git\")",
        "repo, \"git\"",
        "\"update-ref\"",
        "\"ls-tree\"",
        "\"fast-import\"",
        "\"rev-parse\"",
    ];
    assert_eq!(
        lines_with(&words, |path| path.starts_with("src/git")),
        [""; 0]
    );
}

#[test]
fn only_tools_knows_cargo_and_pytest() {
    let words = ["\"pytest\"", "[\"build\"", "\"maturin\", \"develop\""];
    let may = |path: &str| path.starts_with("src/tools");
    assert_eq!(lines_with(&words, may), [""; 0]);
}

#[test]
fn only_commands_print() {
    let may = |path: &str| path.starts_with("src/cmd/") || path == "src/main.rs";
    let words = ["print!(", "println!(", "dbg!("];
    assert_eq!(lines_with(&words, may), [""; 0]);
}

#[test]
fn the_core_knows_neither_environment_nor_exit_code() {
    let edges = [
        "src/git.rs",
        "src/git/remote.rs",
        "src/tools.rs",
        "src/tools/again.rs",
        "src/tools/browser.rs",
        "src/tools/compiler.rs",
        "src/tools/key.rs",
        "src/tools/terminal.rs",
        "src/tools/warm.rs",
        "src/main.rs",
    ];
    let may = |path: &str| path.starts_with("src/cmd/") || edges.contains(&path);
    let words = ["env::var", "env::current_dir", "process::exit", "ExitCode"];
    assert_eq!(lines_with(&words, may), [""; 0]);
}

#[test]
fn the_code_that_everybody_trusts_is_safe_and_has_no_loose_ends() {
    let words = [
        "unsafe ",
        "todo!(",
        "unimplemented!(",
        "TODO",
        "FIXME",
        ".unwrap()",
    ];
    assert_eq!(lines_with(&words, |_| false), [""; 0]);
}

#[test]
fn a_compiler_as_old_as_the_manifest_says_can_read_it() {
    // `if a && let …` came with 1.88, and no lint tells.
    let manifest = include_str!("../../Cargo.toml");
    assert!(manifest.contains("rust-version = \"1.85\""));
    let mut chains = Vec::new();
    for (path, text) in sources("src") {
        for (at, word) in [" if ", " while "]
            .into_iter()
            .flat_map(|w| text.match_indices(w))
        {
            // What stands in brackets is another expression.
            let (mut depth, mut condition) = (0, String::new());
            for letter in text[at + word.len()..].chars() {
                match letter {
                    '{' | ';' if depth == 0 => break,
                    '(' | '[' => depth += 1,
                    ')' | ']' => depth -= 1,
                    _ if depth == 0 => condition.push(letter),
                    _ => {}
                }
            }
            let has_let = condition.starts_with("let ") || condition.contains("&& let ");
            if has_let && condition.contains("&&") {
                chains.push(format!("{path}: {condition}"));
            }
        }
    }
    assert_eq!(chains, [""; 0]);
}

#[test]
fn an_attendee_compiles_few_crates() {
    let listed = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--locked",
            "--offline",
            "-p",
            "stage",
            "-e",
            "normal,build",
            "--prefix",
            "none",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&listed.stderr);
    assert!(listed.status.success(), "cargo tree: {words}");
    let printed = String::from_utf8(listed.stdout).unwrap();
    // A crate that was listed already has a `(*)` behind it.
    let crates: BTreeSet<String> = printed
        .lines()
        .map(|line| line.split(' ').take(2).collect::<Vec<_>>().join(" "))
        .filter(|name| !name.is_empty() && !name.starts_with("stage "))
        .collect();
    assert!(
        crates.len() <= MOST_CRATES,
        "{} crates: {crates:#?}",
        crates.len()
    );
    assert!(crates.len() > 5, "{printed}");
    let runtimes = ["tokio", "axum", "hyper", "tree-sitter", "mio"];
    let heavy: Vec<_> = crates
        .iter()
        .filter(|name| runtimes.iter().any(|heavy| name.starts_with(heavy)))
        .collect();
    assert!(heavy.is_empty(), "{heavy:?}");
}

#[test]
fn main_is_short() {
    let (_, text) = sources("src")
        .into_iter()
        .find(|(path, _)| path == "src/main.rs")
        .unwrap();
    assert!(text.lines().count() < 60);
}

#[test]
fn a_long_file_says_why_in_its_head() {
    for (path, text) in [sources("src"), sources("tests")].concat() {
        let head: String = text
            .lines()
            .map_while(|line| line.strip_prefix("//!"))
            .collect();
        let is_long = text.lines().count() > 400;
        assert!(!is_long || head.contains("long because"), "{path}");
        assert!(!head.is_empty(), "{path} does not say what it is");
    }
}
