//! Edits that rustc compiles without cargo: when, and with what outcome.
//!
//! cargo and rustc are the real ones, the extension a library without Python in it:
//! it holds a word, and pytest, which is a script, prints the word that it finds.
//! The file is long because every way to a wrong library stands on that one bench.

#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::room::Room;

const AGAIN: &str = "compiled by rustc alone: nothing else had changed\n";

const MANIFEST: &str = "[package]\nname = \"dunder\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[lib]\nname = \"_dunder\"\ncrate-type = [\"cdylib\"]\n";

const PYTHON: &str = r#"case $2 in
*sysconfig*) printf .so ;;
pytest) grep -ao 'word-[a-z]*' python/dunder/_dunder.so ;;
esac"#;

struct Bench {
    room: Room,
}

impl Bench {
    /// A project that cargo has compiled once, with the word "one" in it.
    fn new() -> Self {
        let bench = Self::with_files(&[]);
        bench.compiles("one");
        bench
    }

    fn with_files(files: &[(&str, &str)]) -> Self {
        let room = Room::tagged();
        let cargo = format!(
            "echo cargo >>\"$HOME/calls\"\nexec {} \"$@\"",
            env!("CARGO")
        );
        room.program("../programs/cargo", &cargo);
        room.program(".venv/bin/python", PYTHON);
        room.write(".venv/pyvenv.cfg", "version = 3.12.1\n");
        room.write("live/Cargo.toml", MANIFEST);
        let project =
            "[tool.maturin]\nmodule-name = \"dunder._dunder\"\npython-source = \"python\"\n";
        room.write("live/pyproject.toml", project);
        for (path, text) in files {
            room.write(path, text);
        }
        let bench = Self { room };
        bench.says("one");
        bench.cargo(&["generate-lockfile", "--offline"]);
        bench
    }

    /// The code has this word in it from now on.
    fn says(&self, word: &str) {
        self.room.write("live/src/lib.rs", code(word));
    }

    fn run(&self, variables: &[(&str, &str)]) -> (Option<i32>, String, String) {
        self.run_in(".", variables)
    }

    /// In another folder than the room's.
    fn run_in(&self, folder: &str, variables: &[(&str, &str)]) -> (Option<i32>, String, String) {
        // The toolchain that compiles this test, with no rustup in front of it.
        let tools = Path::new(env!("CARGO")).parent().unwrap();
        let programs = self.room.root.with_file_name("programs");
        let path = std::env::var("PATH").unwrap();
        let path = format!("{}:{}:{path}", programs.display(), tools.display());
        let run = self.room.stage(&["-C", folder, "test"]).env("PATH", path);
        let mut run = variables
            .iter()
            .fold(run, |run, (name, value)| run.env(name, value));
        run.shown()
    }

    fn calls(&self) -> usize {
        let calls = fs::read_to_string(self.room.path("../home/calls"));
        calls.unwrap_or_default().lines().count()
    }

    /// cargo compiles, and the tests see the word.
    #[track_caller]
    fn compiles(&self, word: &str) {
        self.compiles_with(&[], word);
    }

    #[track_caller]
    fn compiles_with(&self, variables: &[(&str, &str)], word: &str) {
        let before = self.calls();
        let (code, printed, errors) = self.run(variables);
        assert_eq!(
            (code, printed),
            (Some(0), format!("word-{word}\n")),
            "{errors}"
        );
        assert_eq!(self.calls(), before + 1);
    }

    /// rustc compiles by itself, and the tests see the word.
    #[track_caller]
    fn compiles_again(&self, word: &str) {
        self.compiles_again_with(&[], word);
    }

    #[track_caller]
    fn compiles_again_with(&self, variables: &[(&str, &str)], word: &str) {
        let before = self.calls();
        let (code, printed, errors) = self.run(variables);
        assert_eq!(
            (code, printed, errors.as_str()),
            (Some(0), format!("{AGAIN}word-{word}\n"), "")
        );
        assert_eq!(self.calls(), before);
    }

    /// What somebody does by hand.
    #[track_caller]
    fn cargo(&self, words: &[&str]) {
        let mut cargo = Command::new(env!("CARGO"));
        let ended = cargo
            .args(words)
            .arg("--quiet")
            .current_dir(self.room.live())
            .env("HOME", self.room.home())
            .env_remove("CARGO_TARGET_DIR")
            .status();
        assert!(ended.unwrap().success());
    }

    /// What somebody gets who calls cargo, not `stage`.
    fn cargos_own(&self) -> String {
        self.cargo(&["build", "--lib", "--offline"]);
        let library = fs::read(self.room.path("live/target/debug/lib_dunder.so")).unwrap();
        let text = String::from_utf8_lossy(&library);
        let word = text.split("word-").nth(1).unwrap();
        word.chars().take_while(char::is_ascii_lowercase).collect()
    }
}

fn code(word: &str) -> String {
    let bytes = format!("word-{word}\\0");
    format!(
        "#[unsafe(no_mangle)]\npub static WORD: [u8; {}] = *b\"{bytes}\";\n",
        word.len() + 6
    )
}

fn touch(path: &Path, modified: SystemTime) {
    let times = fs::FileTimes::new().set_modified(modified);
    let mut file = fs::File::options();
    let file = file.write(true).open(path).unwrap();
    file.set_times(times).unwrap();
}

#[test]
fn an_edit_of_what_rustc_reads_needs_no_cargo() {
    let bench = Bench::new();
    for word in ["two", "three"] {
        bench.says(word);
        bench.compiles_again(word);
    }
    // Python and tests are no part of the library.
    bench.says("four");
    bench
        .room
        .write("live/python/dunder/rows.py", "ROWS = 12\n");
    bench.compiles_again("four");
    // What it made is kept like cargo's own.
    bench.says("two");
    let (_, printed, _) = bench.run(&[]);
    assert_eq!(printed, "built before: nothing to compile\nword-two\n");
}

#[test]
fn a_new_module_is_cargos_once_and_then_like_any_other() {
    let bench = Bench::new();
    let with_module = |word: &str| format!("{}mod more;\n", code(word));
    bench.room.write("live/src/more.rs", "");
    bench.room.write("live/src/lib.rs", with_module("two"));
    bench.compiles("two");
    bench.room.write("live/src/lib.rs", "mod more;\n");
    bench.room.write("live/src/more.rs", code("three"));
    bench.compiles_again("three");
    bench.room.remove("live/src/more.rs");
    let before = bench.calls();
    let (code, _, errors) = bench.run(&[]);
    assert_eq!((code, bench.calls()), (Some(1), before + 1));
    assert!(
        errors.contains("file not found for module `more`"),
        "{errors}"
    );
}

#[test]
fn cargo_is_asked_where_anything_else_has_changed() {
    let bench = Bench::new();
    let manifest = format!("{MANIFEST}[features]\nmore = []\n");
    let changes = [
        ("live/Cargo.toml", manifest.as_str()),
        (".cargo/config.toml", "[env]\nSHEETS = \"500\"\n"),
        (
            "live/.cargo/config.toml",
            "[build]\nrustflags = [\"--cfg=x\"]\n",
        ),
        (".venv/pyvenv.cfg", "version = 3.13.0\n"),
        ("live/src/notes.txt", "not read by anybody\n"),
    ];
    for (number, (path, text)) in changes.into_iter().enumerate() {
        let word = |letter: char| String::from(letter).repeat(number + 1);
        bench.room.write(path, text);
        bench.says(&word('a'));
        bench.compiles(&word('a'));
        bench.says(&word('b'));
        bench.compiles_again(&word('b'));
    }
    let variables = [("RUSTFLAGS", "--cfg=y")];
    bench.says("flags");
    bench.compiles_with(&variables, "flags");
    bench.says("more");
    bench.compiles_again_with(&variables, "more");
    bench.says("none");
    bench.compiles("none");
}

#[test]
fn a_crate_beside_it_is_cargos() {
    let part = "[package]\nname = \"part\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    let manifest = format!("{MANIFEST}[dependencies]\npart = {{ path = \"part\" }}\n");
    let other = |word: &str| format!("pub const OTHER: [u8; 9] = *b\"word-{word}\\0\";\n");
    let bench = Bench::with_files(&[
        ("live/Cargo.toml", &manifest),
        ("live/part/Cargo.toml", part),
        ("live/part/src/lib.rs", &other("one")),
    ]);
    let user = "#[unsafe(no_mangle)]\npub static WORD: [u8; 9] = part::OTHER;\n";
    bench.room.write("live/src/lib.rs", user);
    bench.compiles("one");
    bench.room.write("live/src/lib.rs", format!("{user}\n"));
    bench.compiles_again("one");
    bench.room.write("live/part/src/lib.rs", other("two"));
    bench.compiles("two");
    bench.room.write("live/src/lib.rs", user);
    bench.compiles_again("two");
    // Somebody has compiled it by hand since.
    let crates = fs::read_dir(bench.room.path("live/target/debug/deps")).unwrap();
    for file in crates.map(|entry| entry.unwrap().path()) {
        if file.extension().is_some_and(|end| end == "rlib") {
            touch(&file, SystemTime::now());
        }
    }
    bench.room.write("live/src/lib.rs", format!("{user}\n\n"));
    bench.compiles("two");
}

#[test]
fn what_rustc_has_a_word_about_cargo_says_each_time() {
    let bench = Bench::new();
    for (number, word) in ["two", "three", "four"].into_iter().enumerate() {
        let unused = format!("{}fn unused() {{}}\n", code(word));
        bench.room.write("live/src/lib.rs", unused);
        for _ in 0..2 {
            let before = bench.calls();
            let (code, printed, errors) = bench.run(&[]);
            assert_eq!((code, printed), (Some(0), format!("word-{word}\n")));
            assert!(
                errors.contains("function `unused` is never used"),
                "{errors}"
            );
            assert!(errors.contains("generated 1 warning"), "{errors}");
            assert_eq!(bench.calls(), before + 1, "{number}");
        }
    }
    bench.says("five");
    bench.compiles("five");
    bench.says("six");
    bench.compiles_again("six");
}

#[test]
fn a_refusal_is_cargos_to_tell_and_nothing_old_is_tested() {
    let bench = Bench::new();
    bench
        .room
        .write("live/src/lib.rs", "fn f() -> u64 { true }\n");
    for _ in 0..2 {
        let (code, printed, errors) = bench.run(&[]);
        assert_eq!((code, printed.as_str()), (Some(1), ""));
        assert_eq!(errors.matches("error[E0308]").count(), 1, "{errors}");
        assert!(errors.contains("could not compile `dunder`"), "{errors}");
    }
    bench.says("two");
    bench.compiles("two");
    bench.says("three");
    bench.compiles_again("three");
}

#[test]
fn cargo_by_hand_never_takes_our_library_for_its_own() {
    let bench = Bench::new();
    let source = bench.room.path("live/src/lib.rs");
    bench.says("two");
    bench.compiles_again("two");
    // As `cp -p` or an editor's backup puts a file back: to cargo, it has not changed.
    bench.says("one");
    let long_ago = SystemTime::now() - Duration::from_secs(3600);
    touch(&source, long_ago);
    assert_eq!(bench.cargos_own(), "one");
    bench.says("three");
    bench.compiles_again("three");
    assert_eq!(bench.cargos_own(), "three");
}

#[test]
fn cargo_compiles_a_file_that_comes_with_an_old_time() {
    let bench = Bench::new();
    // With a warning nothing is kept or taken down, so it is cargo's turn each time.
    let unused = |word: &str| format!("{}fn unused() {{}}\n", code(word));
    bench.room.write("live/src/lib.rs", unused("two"));
    bench.compiles("two");
    let source = bench.room.path("live/src/lib.rs");
    bench.room.write("live/src/lib.rs", unused("old"));
    let long_ago = SystemTime::now() - Duration::from_secs(3600);
    touch(&source, long_ago);
    bench.compiles("old");
}

#[test]
fn a_copied_clone_compiles_what_is_in_it() {
    let bench = Bench::new();
    bench.says("two");
    bench.compiles_again("two");
    let copy = bench.room.root.with_file_name("a copy");
    let copied = Command::new("cp")
        .arg("-a")
        .args([&bench.room.root, &copy])
        .status();
    assert!(copied.unwrap().success());
    fs::write(copy.join("live/src/lib.rs"), code("three")).unwrap();
    let there = copy.display().to_string();
    let written = bench.room.path("live/target/debug/deps/lib_dunder.so");
    let changed = || fs::metadata(&written).unwrap().modified().unwrap();
    let before_copy = changed();
    for (word, calls) in [("three", 1), ("four", 0)] {
        fs::write(copy.join("live/src/lib.rs"), code(word)).unwrap();
        let before = bench.calls();
        let (code, printed, errors) = bench.run_in(&there, &[]);
        assert_eq!(code, Some(0), "{errors}");
        assert!(printed.ends_with(&format!("word-{word}\n")), "{printed}");
        assert_eq!(bench.calls(), before + calls);
    }
    assert_eq!(changed(), before_copy, "the copy writes into the original");
    bench.says("five");
    bench.compiles_again("five");
}

#[test]
fn code_that_asks_for_a_variable_is_cargos() {
    let bench = Bench::new();
    for word in ["two", "three"] {
        let asks = "pub const HOME: Option<&str> = option_env!(\"HOME\");\n";
        bench.room.write("live/src/lib.rs", code(word) + asks);
        bench.compiles(word);
    }
}

#[test]
fn where_somebody_compiles_already_cargo_waits() {
    let bench = Bench::new();
    let lock = fs::File::open(bench.room.path("live/target/debug/.cargo-lock")).unwrap();
    fs4::FileExt::lock(&lock).unwrap();
    bench.says("two");
    let waiting = std::thread::scope(|scope| {
        let run = scope.spawn(|| bench.run(&[]));
        // The first was before the lock was taken.
        while bench.calls() < 2 && !run.is_finished() {
            std::thread::sleep(Duration::from_millis(5));
        }
        fs4::FileExt::unlock(&lock).unwrap();
        run.join().unwrap()
    });
    assert_eq!((waiting.0, waiting.1.as_str()), (Some(0), "word-two\n"));
}

#[test]
fn somebody_elses_wrapper_keeps_its_place() {
    let bench = Bench::with_files(&[]);
    let wrapper = bench.room.path("../programs/wrapper");
    bench.room.program(
        "../programs/wrapper",
        "echo wrapped >>\"$HOME/wrapped\"\nexec \"$@\"",
    );
    let wrapper = wrapper.to_str().unwrap();
    let configured = format!("[build]\nrustc-wrapper = \"{wrapper}\"\n");
    let wrapped = || {
        let lines = fs::read_to_string(bench.room.path("../home/wrapped"));
        lines.unwrap_or_default().lines().count()
    };
    for (place, variables) in [
        ("", vec![("RUSTC_WRAPPER", wrapper)]),
        (".cargo/config.toml", vec![]),
        ("live/.cargo/config.toml", vec![]),
    ] {
        if !place.is_empty() {
            bench.room.write(place, &configured);
        }
        for _ in 0..2 {
            let before = wrapped();
            let word = "x".repeat(before + 1);
            bench.says(&word);
            bench.compiles_with(&variables, &word);
            assert!(wrapped() > before, "{place}");
        }
        if !place.is_empty() {
            bench.room.remove(place);
        }
    }
}

#[test]
fn what_was_taken_down_and_is_damaged_is_of_no_use() {
    let bench = Bench::new();
    let taken = bench.room.path("live/target/.stage-rustc");
    let whole = fs::read(&taken).unwrap();
    for (number, damaged) in [&whole[..whole.len() / 2], b"", b"\0\0\0"]
        .into_iter()
        .enumerate()
    {
        fs::write(&taken, damaged).unwrap();
        let word = "d".repeat(number + 1);
        bench.says(&word);
        bench.compiles(&word);
    }
    let names = fs::read_dir(bench.room.path("live/target")).unwrap();
    let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let ours: Vec<String> = names.filter(|name| name.contains("rustc-")).collect();
    assert_eq!(ours, [""; 0], "half a note is left behind");
}
