//! Libraries kept by content: which one `stage test` puts back, and when it asks cargo.
//!
//! cargo, rustc and Python are scripts here: cargo's library is the text of the
//! sources, and pytest prints the library that it finds. The file is long because all
//! of it stands on that one bench.

#![cfg(unix)]

use std::fs;
use std::path::PathBuf;

use crate::room::Room;

const KEPT: &str = "built before: nothing to compile\n";

/// Compiles as cargo does, as far as anybody can see, and does what `also` says.
const CARGO: &str = r#"echo cargo >>"$HOME/calls"
target=$4
mkdir -p "$target/debug/deps"
cat src/*.rs >"$target/debug/deps/lib_dunder.so"
echo 'lib_dunder.so: src/lib.rs' >"$target/debug/deps/_dunder.d"
space() { printf '%s' "$1" | sed 's/ /\\ /g'; }
echo "$(space "$target/debug/lib_dunder.so"): $(space "$PWD/src/lib.rs")" >"$target/debug/lib_dunder.d"
[ ! -f "$HOME/also" ] || . "$HOME/also"
ln -f "$target/debug/deps/lib_dunder.so" "$target/debug/lib_dunder.so""#;

const PYTHON: &str = r#"case $2 in
*sysconfig*) printf .so ;;
pytest) echo "tested: $(cat python/dunder/_dunder.so)" ;;
esac"#;

struct Bench {
    room: Room,
}

impl Bench {
    fn new() -> Self {
        let bench = Self {
            room: Room::tagged(),
        };
        let room = &bench.room;
        room.program("../programs/cargo", CARGO);
        room.program("../programs/rustc", "cat \"$HOME/rustc\"");
        room.program(".venv/bin/python", PYTHON);
        room.write("../home/rustc", "rustc 1.85.0\n");
        room.write(".venv/pyvenv.cfg", "version = 3.12.1\n");
        room.write(".cargo/config.toml", "[env]\n");
        let manifest = "[package]\nname = \"dunder\"\n[lib]\nname = \"_dunder\"\n";
        room.write("live/Cargo.toml", manifest);
        let project =
            "[tool.maturin]\nmodule-name = \"dunder._dunder\"\npython-source = \"python\"\n";
        room.write("live/pyproject.toml", project);
        room.write("live/python/dunder/rows.py", "");
        bench.edit("one");
        bench
    }

    fn edit(&self, source: &str) {
        self.room.write("live/src/lib.rs", source);
    }

    /// What cargo does besides, in words of the shell.
    fn cargo_also(&self, script: &str) {
        self.room.write("../home/also", script);
    }

    fn run(&self, variables: &[(&str, &str)]) -> crate::room::Run {
        let path = std::env::var("PATH").unwrap();
        let programs = self.room.root.with_file_name("programs");
        let path = format!("{}:{path}", programs.display());
        let run = self.room.stage(&["test"]).env("PATH", path);
        variables
            .iter()
            .fold(run, |run, (name, value)| run.env(name, value))
    }

    /// The tests see `library`, and cargo was asked for it.
    #[track_caller]
    fn compiles(&self, library: &str) {
        self.compiles_with(&[], library);
    }

    #[track_caller]
    fn compiles_with(&self, variables: &[(&str, &str)], library: &str) {
        let before = self.calls();
        self.run(variables).ok(&format!("tested: {library}\n"));
        assert_eq!(self.calls(), before + 1);
    }

    /// The tests see `library`, and cargo was not asked.
    #[track_caller]
    fn puts_back(&self, library: &str) {
        self.puts_back_with(&[], library);
    }

    #[track_caller]
    fn puts_back_with(&self, variables: &[(&str, &str)], library: &str) {
        let before = self.calls();
        self.run(variables)
            .ok(&format!("{KEPT}tested: {library}\n"));
        assert_eq!(self.calls(), before);
    }

    fn calls(&self) -> usize {
        let calls = fs::read_to_string(self.room.path("../home/calls"));
        calls.unwrap_or_default().lines().count()
    }

    /// What the store holds for edits.
    fn kept(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.room.path(".stage/libraries/edits"));
        let entries = entries.into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).collect()
    }
}

#[test]
fn sources_that_were_compiled_before_need_no_compiler() {
    let bench = Bench::new();
    bench.compiles("one");
    bench.edit("two");
    bench.compiles("two");
    bench.edit("one");
    bench.puts_back("one");
    bench.room.write("live/src/more.rs", " and more");
    bench.compiles("one and more");
    bench.room.remove("live/src/more.rs");
    bench.puts_back("one");
}

#[test]
fn an_edit_of_python_or_of_a_test_needs_no_compiler() {
    let bench = Bench::new();
    bench.compiles("one");
    bench
        .room
        .write("live/python/dunder/rows.py", "ROWS = 12\n");
    bench.room.write("live/tests/test_rows.py", "");
    bench.puts_back("one");
}

#[test]
fn whatever_cargo_goes_by_counts() {
    let bench = Bench::new();
    bench.compiles("one");
    for (path, text) in [
        ("../home/rustc", "rustc 1.86.0\n"),
        (".venv/pyvenv.cfg", "version = 3.13.0\n"),
        (".cargo/config.toml", "[env]\nPYO3_PYTHON = \"x\"\n"),
        ("live/.cargo/config.toml", "[build]\n"),
        ("live/Cargo.lock", "version = 4\n"),
        ("../home/.cargo/config.toml", "[build]\n"),
    ] {
        bench.room.write(path, text);
        bench.compiles("one");
        bench.puts_back("one");
    }
    for name in ["RUSTFLAGS", "CARGO_PROFILE_DEV_OPT_LEVEL", "PYO3_CROSS"] {
        bench.compiles_with(&[(name, "1")], "one");
        bench.puts_back_with(&[(name, "1")], "one");
    }
    bench.puts_back_with(&[("CARGO_NET_OFFLINE", "false")], "one");
}

/// Says which compiler it is, and tells how often it was asked.
const RUSTC: &str = r#"echo rustc >>"$HOME/asked"
case $1 in
--print) echo "$HOME/toolchain" ;;
*) cat "$HOME/rustc" ;;
esac"#;

impl Bench {
    /// With a compiler below what it calls its root, and rustup in front of it or not.
    fn with_compiler(rustup: bool) -> Self {
        let bench = Self::new();
        let room = &bench.room;
        room.program("../home/toolchain/bin/rustc", RUSTC);
        room.program("../programs/rustup", RUSTC);
        room.write("../home/.rustup/settings.toml", "default = \"stable\"\n");
        let stands = room.path("../programs/rustc");
        fs::remove_file(&stands).unwrap();
        let behind = if rustup {
            "rustup"
        } else {
            "../home/toolchain/bin/rustc"
        };
        std::os::unix::fs::symlink(behind, stands).unwrap();
        bench
    }

    /// The compiler is asked again, and so its answer is believed.
    #[track_caller]
    fn asks_after(&self, variables: &[(&str, &str)], change: &dyn Fn(&Room)) {
        let asked = || fs::read_to_string(self.room.path("../home/asked")).unwrap();
        let before = asked();
        self.puts_back("one");
        assert_eq!(asked(), before);
        self.room
            .write("../home/rustc", format!("rustc {}\n", before.len()));
        change(&self.room);
        self.compiles_with(variables, "one");
        assert_ne!(asked(), before);
        // Back to one that need not be asked.
        self.run(&[]).shown();
    }
}

#[test]
fn the_compiler_is_asked_only_if_another_might_answer() {
    let bench = Bench::with_compiler(true);
    bench.compiles("one");
    bench.asks_after(&[], &|room| {
        room.write("rust-toolchain.toml", "[toolchain]\n")
    });
    bench.asks_after(&[], &|room| room.write("rust-toolchain", "nightly\n"));
    let settings = "default = \"nightly\"\n";
    bench.asks_after(&[], &|room| {
        room.write("../home/.rustup/settings.toml", settings)
    });
    for program in ["../home/toolchain/bin/rustc", "../programs/rustup"] {
        bench.asks_after(&[], &|room| room.program(program, &format!("{RUSTC}\n")));
    }
    bench.asks_after(&[("RUSTUP_TOOLCHAIN", "nightly")], &|_| {});
    let elsewhere = bench.room.path("../home").display().to_string();
    bench.asks_after(&[("RUSTUP_HOME", &elsewhere)], &|_| {});

    let bench = Bench::with_compiler(false);
    bench.compiles("one");
    bench.asks_after(&[], &|room| {
        room.program("../home/toolchain/bin/rustc", &format!("{RUSTC}\n"));
    });
}

#[test]
fn a_compiler_that_something_stands_before_is_always_asked() {
    let bench = Bench::with_compiler(false);
    let wrapper = "exec \"$HOME/toolchain/bin/rustc\" \"$@\"";
    bench.room.program("../programs/rustc", wrapper);
    bench.compiles("one");
    bench.puts_back("one");
    bench.room.write("../home/rustc", "rustc 1.86.0\n");
    bench.compiles("one");
}

#[test]
fn a_configuration_that_takes_in_others_is_cargos_affair() {
    let bench = Bench::new();
    for place in [".cargo/config.toml", "live/.cargo/config.toml"] {
        bench.room.write(place, "include = [\"more.toml\"]\n");
        bench.compiles("one");
        bench.compiles("one");
        bench.room.remove(place);
    }
    assert!(bench.kept().is_empty());
}

#[test]
fn a_library_of_another_name_does_not_stay() {
    let bench = Bench::new();
    bench.compiles("one");
    let project = bench.room.read("live/pyproject.toml");
    let other = project.replace("dunder._dunder", "dunder._mifflin");
    bench.room.write("live/pyproject.toml", other);
    bench.edit("two");
    bench.run(&[]).shown();
    let named = |name: &str| bench.room.path("live/python/dunder").join(name).exists();
    assert!(named("_mifflin.so") && !named("_dunder.so"));
    bench.room.write("live/pyproject.toml", project);
    bench.edit("three");
    bench.compiles("three");
    assert!(!named("_mifflin.so"));
}

#[test]
fn what_is_somebodys_own_is_never_removed_as_a_library_of_ours() {
    let bench = Bench::new();
    bench.compiles("one");
    let project = bench.room.read("live/pyproject.toml");
    let elsewhere = bench.room.path("../elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, bench.room.path("live/python/linked")).unwrap();
    let own = [
        "live/python/mine/own.so",
        "live/python/linked/own.so",
        "live/python/linked/_linked.so",
        "live/python/dunder/fast.so",
    ];
    own.iter().for_each(|path| bench.room.write(path, "own"));
    for module in ["mine.own", "linked.own"] {
        // It does not compile, so nothing of ours comes there.
        let other = project.replace("dunder._dunder", module);
        bench.room.write("live/pyproject.toml", other);
        bench.cargo_also("exit 1");
        bench.edit(module);
        bench.run(&[]).shown();
        bench.room.remove("../home/also");
        bench.room.write("live/pyproject.toml", &project);
        bench.run(&[]).shown();
    }
    // Ours was there, and somebody has put another in its place.
    let other = project.replace("dunder._dunder", "yours.own");
    bench.room.write("live/pyproject.toml", other);
    bench.run(&[]).shown();
    bench.room.write("live/python/yours/own.so", "theirs");
    bench.room.write("live/pyproject.toml", &project);
    bench.run(&[]).shown();
    assert_eq!(bench.room.read("live/python/yours/own.so"), "theirs");
    bench.room.remove("live/Cargo.toml");
    bench.run(&[]).shown();
    assert!(!bench.room.path("live/python/dunder/_dunder.so").exists());
    for path in own {
        assert_eq!(bench.room.read(path), "own", "{path}");
    }
}

#[test]
fn code_with_a_warning_is_not_compiled_anew_while_nobody_touches_it() {
    let bench = Bench::new();
    let record = "live/target/debug/.fingerprint/dunder-0/dep-lib-_dunder";
    bench.cargo_also("echo 'warning: unused variable' >&2");
    bench.run(&[]).shown();
    bench.room.write("live/target/debug/.cargo-lock", "");
    bench.room.write(record, "");
    bench.run(&[]).shown();
    assert!(bench.room.path(record).exists());
    bench.edit("two");
    bench.run(&[]).shown();
    assert!(!bench.room.path(record).exists());
}

#[test]
fn where_stamps_cannot_be_had_cargo_is_not_believed_either() {
    let bench = Bench::new();
    // A link to a folder is beyond reading, so nothing can be told of the files.
    let linked = bench.room.path("live/src/linked");
    std::os::unix::fs::symlink(bench.room.path("../home"), linked).unwrap();
    let record = "live/target/debug/.fingerprint/dunder-0/dep-lib-_dunder";
    for _ in 0..2 {
        bench.room.write("live/target/debug/.cargo-lock", "");
        bench.room.write(record, "");
        bench.run(&[]).shown();
        assert!(!bench.room.path(record).exists());
    }
}

#[test]
fn a_lock_file_that_cargo_writes_is_no_edit() {
    let bench = Bench::new();
    bench.cargo_also("echo version = 4 >Cargo.lock");
    bench.compiles("one");
    let (_, listed, _) = bench.room.stage(&["list"]).shown();
    assert!(listed.contains(", green"), "{listed}");
    bench.edit("two");
    let (_, listed, _) = bench.room.stage(&["list"]).shown();
    assert!(
        listed.contains("not tested since the last change"),
        "{listed}"
    );
}

#[test]
fn who_waits_for_another_stage_is_told() {
    let bench = Bench::new();
    bench.compiles("one");
    let turn = fs::File::create(bench.room.path("live/target/.stage-turn")).unwrap();
    fs4::FileExt::lock(&turn).unwrap();
    let (_, _, errors) = std::thread::scope(|scope| {
        let run = scope.spawn(|| bench.run(&[]).shown());
        // Longer than it waits without a word.
        std::thread::sleep(std::time::Duration::from_millis(1500));
        fs4::FileExt::unlock(&turn).unwrap();
        run.join().unwrap()
    });
    let words = "waiting for another `stage` that compiles `live/`; Ctrl-C ends this one\n";
    assert_eq!(errors, words);
}

/// Says that it has compiled, and waits for the file that lets it end.
const SLOWLY: &str = "touch \"$HOME/compiled\"; while [ ! -f \"$HOME/go\" ]; do sleep 0.02; done";

#[test]
fn who_compiled_older_sources_does_not_come_last() {
    let bench = Bench::new();
    bench.compiles("one");
    bench.edit("two");
    bench.cargo_also(SLOWLY);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| bench.run(&[]).shown());
        let compiled = bench.room.path("../home/compiled");
        while !compiled.exists() && !first.is_finished() {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        bench.edit("one");
        let second = scope.spawn(|| bench.run(&[]).shown());
        // Long enough for one that does not wait for its turn.
        std::thread::sleep(std::time::Duration::from_millis(300));
        bench.room.write("../home/go", "");
        first.join().unwrap();
        let (_, printed, _) = second.join().unwrap();
        assert_eq!(printed, format!("{KEPT}tested: one\n"));
    });
    assert_eq!(bench.room.read("live/python/dunder/_dunder.so"), "one");
}

#[test]
fn sources_that_changed_there_and_back_while_they_were_compiled_are_not_kept() {
    let bench = Bench::new();
    // What is compiled is not what the key was made of before, nor after.
    let there_and_back = "printf one >src/lib.rs";
    bench.cargo_also(there_and_back);
    bench.room.program(
        "../programs/cargo",
        &format!("printf two >src/lib.rs\n{CARGO}"),
    );
    bench.compiles("two");
    assert!(bench.kept().is_empty());
    bench.room.program("../programs/cargo", CARGO);
    bench.compiles("one");
}

#[test]
fn a_library_made_of_more_than_its_key_says_is_never_kept() {
    let reasons = [
        // A file that the key leaves out: `include_str!("../python/…")`.
        "echo \"x: $(space \"$PWD/src/lib.rs\") $(space \"$PWD/python/dunder/rows.py\")\" >\"$target/debug/lib_dunder.d\"",
        "echo 'x: /etc/hostname' >\"$target/debug/lib_dunder.d\"",
        "rm \"$target/debug/lib_dunder.d\"",
        "echo '# env-dep:HOME=/root' >>\"$target/debug/deps/_dunder.d\"",
        // A warning must be printed again; a lock file that changed was not held to.
        "echo 'warning: unused variable' >&2",
        "echo \"$(date +%N)\" >Cargo.lock",
        // cargo took old sources for compiled: `cp -p` put them back.
        "touch -d '2000-01-01' \"$target/debug/deps/_dunder.d\"",
    ];
    for reason in reasons {
        let bench = Bench::new();
        bench.cargo_also(reason);
        for _ in 0..2 {
            let (code, printed, _) = bench.run(&[]).shown();
            assert_eq!(
                (code, printed.as_str()),
                (Some(0), "tested: one\n"),
                "{reason}"
            );
        }
        assert_eq!((bench.calls(), bench.kept().len()), (2, 0), "{reason}");
    }
}

#[test]
fn a_build_script_may_look_at_anything_so_nothing_is_kept() {
    let bench = Bench::new();
    bench.room.write("live/build.rs", "fn main() {}\n");
    bench.compiles("one");
    bench.compiles("one");
    assert!(bench.kept().is_empty());
}

#[test]
fn a_damaged_library_is_compiled_again() {
    let bench = Bench::new();
    bench.compiles("one");
    let kept = bench.kept().pop().unwrap();
    let whole = fs::read(&kept).unwrap();
    for damaged in [&whole[..whole.len() - 1], b"", b"another library"] {
        fs::write(&kept, damaged).unwrap();
        bench.compiles("one");
        bench.puts_back("one");
    }
}

#[test]
fn who_writes_into_the_library_in_live_does_not_reach_the_one_kept() {
    let bench = Bench::new();
    bench.compiles("one");
    bench.puts_back("one");
    // As `maturin develop` does: in place, through every link to it.
    bench.room.write("live/python/dunder/_dunder.so", "two");
    bench.room.write("live/target/debug/lib_dunder.so", "two");
    bench.puts_back("one");
}

#[test]
fn a_store_that_cannot_be_written_stops_nobody() {
    let bench = Bench::new();
    bench.room.write(".stage/libraries", "in the way");
    bench.compiles("one");
    bench.compiles("one");
}

#[test]
fn a_checkpoint_without_rust_is_left_without_a_library() {
    let bench = Bench::new();
    bench.compiles("one");
    bench.room.remove("live/Cargo.toml");
    bench.room.write("live/python/dunder/x.so", "one");
    let (_, printed, _) = bench.run(&[]).shown();
    assert_eq!(printed, "tested: \n");
    assert!(!bench.room.path("live/python/dunder/_dunder.so").exists());
}

impl Bench {
    /// Section 3 in Rust: its step 2 and its solution have a library each.
    fn with_checkpoints() -> Self {
        let bench = Self::new();
        let manifest = bench.room.read("live/Cargo.toml");
        bench
            .room
            .write("solutions/03-classes/Cargo.toml", &manifest);
        for stem in ["02-hello", "03-classes"] {
            let project = bench.room.read("live/pyproject.toml");
            let path = format!("solutions/{stem}/pyproject.toml");
            bench.room.write(&path, project);
        }
        bench
            .room
            .write("solutions/03-classes/src/lib.rs", "classes\n");
        let add = |name: &str, text: &str| {
            let lines: String = text.lines().map(|line| format!("+{line}\n")).collect();
            let count = text.lines().count();
            format!(
                "diff --git a/{name} b/{name}\nnew file mode 100644\n--- /dev/null\n+++ b/{name}\n@@ -0,0 +1,{count} @@\n{lines}\n"
            )
        };
        let step = bench.room.read("slides/steps/03-classes/2.patch");
        let more = add("Cargo.toml", &manifest) + &add("src/lib.rs", "half of the classes\n");
        bench.room.write(
            "slides/steps/03-classes/2.patch",
            step + "\n" + more.trim_end() + "\n",
        );
        bench.room.git(&["checkout", "-q", "--", "live"]);
        bench.room.git(&["clean", "-qfdx", "live"]);
        bench.room.commit("Section 3 is written in Rust");
        bench.room.stage(&["tags"]).shown();
        bench
    }

    fn prepare(&self) -> (Option<i32>, String, String) {
        let path = std::env::var("PATH").unwrap();
        let programs = self.room.root.with_file_name("programs");
        let path = format!("{}:{path}", programs.display());
        let mut run = self
            .room
            .stage(&["prepare", "--libraries"])
            .env("PATH", path);
        run.shown()
    }
}

#[test]
fn prepared_checkpoints_need_no_compiler() {
    let bench = Bench::with_checkpoints();
    let (code, printed, complaint) = bench.prepare();
    assert_eq!((code, complaint.as_str()), (Some(0), ""), "{printed}");
    assert!(printed.ends_with("library 2 of 2\nlibraries of all checkpoints: 2, 2 compiled now\n"));
    let calls = bench.calls();
    let (_, printed, _) = bench.prepare();
    assert_eq!(printed, "libraries of all checkpoints: 2, 0 compiled now\n");
    for (target, library) in [
        ("3d", "classes"),
        ("3.2", "half of the classes"),
        ("3d", "classes"),
    ] {
        let (code, _, complaint) = bench.room.stage(&["go", target]).shown();
        assert_eq!((code, complaint.as_str()), (Some(0), ""));
        bench.puts_back(library);
    }
    assert_eq!(bench.calls(), calls);
    assert!(!bench.room.path(".stage/libraries/work").exists());
}

#[test]
fn preparing_goes_on_where_it_was_killed() {
    let bench = Bench::with_checkpoints();
    bench.cargo_also("[ $(wc -l <\"$HOME/calls\") -lt 2 ] || kill -s KILL $PPID");
    let (code, _, _) = bench.prepare();
    assert_eq!(code, None);
    bench.cargo_also("");
    let (code, printed, _) = bench.prepare();
    assert_eq!(code, Some(0));
    assert!(
        printed.contains("libraries of all checkpoints: 2, "),
        "{printed}"
    );
    bench.room.stage(&["go", "3d"]).shown();
    bench.puts_back("classes");
}

#[test]
fn a_checkpoint_that_has_no_library_is_named_with_the_reason_and_stops_nothing() {
    for (also, because) in [
        ("echo 'warning: half' >&2", "cargo warns of them, each time"),
        ("exit 101", "cargo refuses to compile them"),
    ] {
        let bench = Bench::with_checkpoints();
        bench.cargo_also(&format!("! grep -q half src/lib.rs || {also}"));
        let (code, printed, _) = bench.prepare();
        assert_eq!(code, Some(0));
        assert!(
            printed.ends_with(&format!(
                "libraries of all checkpoints: 2, 1 compiled now\n\
                 not kept, since {because}: 03-classes-2\n"
            )),
            "{printed}"
        );
    }
}
