//! `stage wrong save`: what is in `live/`, with the tests that reject it.
//!
//! A script stands in for pytest: what it says is told by the files.

#![cfg(unix)]

use crate::picture::{Picture, assert_same};
use crate::room::Room;

pub const PYTEST: &str = r#"[ "$1" = -m ] || { printf .so; exit; }
judge() { grep -qs "$2" "$3" && echo "PASSED tests/$1" || echo "FAILED tests/$1 - assert"; }
grep -qs ENDLESS order.py && head -c 2000000 /dev/zero
echo '== short test summary info =='
grep -qs 'import nothing' order.py && { echo 'ERROR tests/test_order.py'; exit; }
judge 'test_order.py::test_total[1]' '\* self.reams' order.py
judge 'test_order.py::test_total[2]' 599 order.py
grep -qs FEWER order.py || judge test_hello.py::test_hello Scranton hello.py"#;

pub const DEARER: &str = "tests/wrong/03-classes/dearer.patch";

/// What `stage wrong save` makes of 600 cents for a ream.
pub const PATCH: &str = "a ream costs 599 cents\n\nRejected: tests/test_order.py::test_total[2]\n\n\
    diff --git a/order.py b/order.py\n--- a/order.py\n+++ b/order.py\n@@ -4,4 +4,4 @@\n\
    \x20        self.reams = reams\n\n     def total(self):\n\
    -        return 599 * self.reams\n+        return 600 * self.reams\n";

/// A room at the end of section 3, with our pytest.
pub fn room() -> Room {
    let room = Room::tagged();
    room.program(".venv/bin/python", PYTEST);
    room.write("tests/run.sh", "true\n");
    assert_eq!(room.stage(&["go", "3d"]).shown().0, Some(0));
    room
}

/// Replace `old` in `live/order.py`.
fn mistake(room: &Room, old: &str, new: &str) {
    let text = room.read("live/order.py");
    assert!(text.contains(old), "{text}");
    room.write("live/order.py", text.replace(old, new));
}

fn save(room: &Room, name: &str) -> (Option<i32>, String, String) {
    room.stage(&["wrong", "save", "3", name, "a ream costs 599 cents"])
        .shown()
}

/// It is refused with this complaint, and nothing is written.
#[track_caller]
fn save_fails(room: &Room, words: &[&str], code: i32, complaint: &str) {
    let before = Picture::of(&room.path("tests"));
    room.stage(&[&["wrong", "save"], words].concat())
        .fails(code, complaint);
    assert_same(&Picture::of(&room.path("tests")), &before);
}

/// What `stage check` finds wrong with the wrong solutions.
pub fn findings(room: &Room) -> Vec<String> {
    let (code, printed, complaint) = room.stage(&["check", "3"]).shown();
    assert_eq!(
        (code, complaint.lines().count()),
        (Some(1), 2),
        "{complaint}"
    );
    let finding = |finding: &str| {
        let finding = finding.strip_prefix("wrong: tests/wrong/")?;
        Some(finding.trim_end().to_string())
    };
    printed.split("\n\n").filter_map(finding).collect()
}

#[test]
fn a_wrong_solution_is_saved_with_the_tests_that_reject_it() {
    let room = room();
    mistake(&room, "599", "600");
    room.stage(&["wrong", "save", "3", "dearer", "a ream costs 599 cents"])
        .ok(&format!(
            "wrote {DEARER}\nrejected by tests/test_order.py::test_total[2]\n"
        ));
    assert_eq!(room.read(DEARER), PATCH);
    // The words stay; a test whose every case fails goes by its own name.
    mistake(&room, "600 * self.reams", "0");
    room.stage(&["wrong", "save", "03-classes", "dearer"])
        .ok(&format!(
            "wrote {DEARER}\nrejected by tests/test_order.py::test_total\n"
        ));
    assert!(room.read(DEARER).starts_with(
        "a ream costs 599 cents\n\nRejected: tests/test_order.py::test_total\n\ndiff "
    ));
    room.stage(&["wrong", "save", "classes", "dearer"])
        .ok("it was so already\nrejected by tests/test_order.py::test_total\n");
    assert!(
        room.git(&["apply", "--numstat", DEARER])
            .contains("order.py")
    );
}

#[test]
fn what_proves_nothing_is_not_saved() {
    let why = "a ream costs 599 cents";
    let mend =
        "mend that, then run the same command again; the tests are in `solutions/03-classes/tests`";
    for (new, reason, place) in [
        (
            "599 * self.reams + 1",
            "the tests accept it: write the test that rejects it first",
            "nothing was written",
        ),
        (
            "import nothing",
            "its tests cannot be collected, which is not a test that fails",
            "tests/test_order.py\n        == short test summary info ==\n        ERROR tests/test_order.py",
        ),
        (
            "0 # FEWER",
            "tests that the solution passes are not run at all",
            "tests/test_hello.py::test_hello\n        == short test summary info ==\n        FAILED tests/test_order.py::test_total[1] - assert\n        FAILED tests/test_order.py::test_total[2] - assert",
        ),
    ] {
        let room = room();
        mistake(&room, "599 * self.reams", new);
        let complaint = format!(
            "error: `{DEARER}` proves nothing: {reason}\n where: {place}\n  mend: {mend}\n"
        );
        save_fails(&room, &["3", "dearer", why], 1, &complaint);
    }
    let room = room();
    mistake(&room, "599", "0 # ENDLESS");
    let (code, _, complaint) = save(&room, "dearer");
    assert_eq!(code, Some(1));
    assert!(
        complaint.contains("proves nothing: its tests print without end\n"),
        "{complaint}"
    );
    room.write("solutions/03-classes/hello.py", "def hello(): pass\n");
    save_fails(
        &room,
        &["3", "dearer", why],
        1,
        &format!(
            "error: `{DEARER}` proves nothing: the solution itself is red\n where: tests/test_hello.py::test_hello\n  mend: {mend}\n"
        ),
    );
}

#[test]
fn what_does_not_compile_is_refused_with_the_compilers_words() {
    let room = room();
    room.program(
        ".venv/bin/cargo",
        "grep -q mistyped order.py && { echo 'error[E0308]: mismatched types' >&2; exit 101; }\n\
         mkdir -p \"$4/debug\"; for end in so dylib; do : >\"$4/debug/libdunder.$end\"; done",
    );
    for folder in ["solutions/03-classes", "live"] {
        room.write(
            &format!("{folder}/Cargo.toml"),
            "[package]\nname = \"dunder\"\n",
        );
    }
    mistake(&room, "599", "600 # mistyped");
    save_fails(
        &room,
        &["3", "dearer", "a ream costs 599 cents"],
        1,
        &format!(
            "error: `{DEARER}` proves nothing: it does not compile, so no test is asked\n\
             \x20where: error[E0308]: mismatched types\n\
             \x20 mend: mend that, then run the same command again; the tests are in `solutions/03-classes/tests`\n"
        ),
    );
    room.write(DEARER, PATCH.replace("600", "600 # mistyped"));
    assert_eq!(
        findings(&room),
        [
            "03-classes/dearer.patch: it does not compile, so no test is asked\n    error[E0308]: mismatched types"
        ]
    );
}

#[test]
fn what_is_no_wrong_solution_of_the_section_is_not_saved() {
    let room = room();
    let why = "a ream costs 599 cents";
    let nothing = |reason: &str, mend: &str| {
        format!(
            "error: `{DEARER}` proves nothing: {reason}\n where: nothing was written\n  mend: {mend}\n"
        )
    };
    save_fails(
        &room,
        &["3", "dearer", why],
        1,
        &nothing(
            "`live/` is `solutions/03-classes`",
            "make the mistake in `live/` first",
        ),
    );
    mistake(&room, "599", "600");
    save_fails(
        &room,
        &["3", "dearer"],
        2,
        "error: the wrong solution `dearer` is new and does not say why it is wrong\n  mend: say it: `stage wrong save 03-classes dearer \"599 less 10 percent is 539\"`\n",
    );
    save_fails(
        &room,
        &["3", "dearer", "one\ntwo"],
        2,
        "error: why it is wrong is one line of words\n  mend: say the rest on a slide or in its notes\n",
    );
    save_fails(
        &room,
        &["3", "Dearer", why],
        2,
        "error: `Dearer` is no name for a wrong solution\n  mend: use lower-case letters, digits, hyphens: `rounds-down`\n",
    );
    save_fails(
        &room,
        &["4", "dearer", why],
        2,
        "error: no checkpoint is called `4`\n  mend: `stage list --all` shows them\n",
    );
    let put = "`stage go 03-classes-done` puts the solution there; then make the mistake";
    room.write(
        "live/tests/test_order.py",
        "def test_order(): assert False\n",
    );
    save_fails(
        &room,
        &["3", "dearer", why],
        1,
        &nothing("`live/tests` is not `solutions/03-classes/tests`", put),
    );
    room.write(
        "live/tests/test_order.py",
        room.read("solutions/03-classes/tests/test_order.py"),
    );
    assert_eq!(save(&room, "six-hundred").0, Some(0));
    save_fails(
        &room,
        &["3", "dearer", why],
        1,
        &nothing(
            "`tests/wrong/03-classes/six-hundred.patch` is the same",
            "make another mistake",
        ),
    );
}
