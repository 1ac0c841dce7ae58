//! Wrong solutions are proved by `stage check`, and what is no wrong solution is
//! refused; this repository has enough of them.

#![cfg(unix)]

use std::path::Path;

use crate::wrong::{DEARER, PATCH, PYTEST, findings, room};

#[test]
fn check_proves_that_the_named_tests_reject_it_and_no_other() {
    let room = room();
    room.write(DEARER, PATCH);
    let (_, printed, _) = room.stage(&["check", "3"]).shown();
    assert!(
        printed.contains("\nnot dearer               rejected by 1 test\n"),
        "{printed}"
    );
    assert_eq!(findings(&room), [""; 0]);
    let what = "03-classes/dearer.patch: the tests that it names are not those that reject it: `stage wrong record`";
    let passing = "\n    named, and not failing:";
    let unnamed = "\n    failing, and not named:\n    tests/test_order.py::test_total[2]";
    let rejected = "Rejected: tests/test_order.py::test_total[2]\n";
    for (head, detail) in [
        (
            "Rejected: tests/test_order.py\n",
            format!("{passing}\n    tests/test_order.py"),
        ),
        (
            "Rejected: tests/test_order.py::test_tot\n",
            format!("{passing}\n    tests/test_order.py::test_tot{unnamed}"),
        ),
        (
            "Rejected: tests/test_hello.py::test_hello\n",
            format!("{passing}\n    tests/test_hello.py::test_hello{unnamed}"),
        ),
        ("", unnamed.to_string()),
    ] {
        room.write(DEARER, PATCH.replace(rejected, head));
        assert_eq!(findings(&room), [format!("{what}{detail}")]);
        room.stage(&["wrong", "record", "3"])
            .ok(&format!("wrote {DEARER}\n"));
        assert_eq!(room.read(DEARER), PATCH);
    }
    room.stage(&["wrong", "record"])
        .ok("the wrong solutions were so already\n");
    room.stage(&["wrong", "record", "2"])
        .ok("the wrong solutions were so already\n");
}

#[test]
fn of_tests_that_were_green_before_only_the_files_of_those_it_names_are_asked() {
    let room = room();
    let log = room.path("asked");
    let pytest = format!("echo \"$*\" >>'{}'\n{PYTEST}", log.display());
    room.program(".venv/bin/python", &pytest);
    let both = PATCH.replace(
        "Rejected: ",
        "Rejected: tests/test_hello.py::test_hello\nRejected: ",
    );
    for (patch, files) in [
        (PATCH, "tests/test_order.py"),
        (both.as_str(), "tests/test_hello.py tests/test_order.py"),
    ] {
        room.write(DEARER, patch);
        let _ = std::fs::remove_file(&log);
        findings(&room);
        let asked = room.read("asked");
        let those: Vec<&str> = asked.lines().filter(|line| line.contains(".py")).collect();
        assert_eq!(those.len(), 1, "{asked}");
        let asked_for = format!(" --continue-on-collection-errors {files} --color=no");
        assert!(those[0].ends_with(&asked_for), "{asked}");
    }
}

#[test]
fn check_finds_one_that_the_tests_accept() {
    let room = room();
    room.write(
        DEARER,
        PATCH.replace("+        return 600", "+        return 1 * 599"),
    );
    assert_eq!(
        findings(&room),
        ["03-classes/dearer.patch: the tests accept it: write the test that rejects it first"]
    );
    let (code, printed, complaint) = room.stage(&["wrong", "record"]).shown();
    assert_eq!((code, printed.as_str()), (Some(1), ""));
    assert!(complaint.contains("the tests accept it"), "{complaint}");
}

#[test]
fn what_does_not_belong_there_stops_the_check() {
    let again = "`stage go 03-classes-done`, make the mistake in `live/`, `stage wrong save 03-classes dearer`";
    let named = "call it like `tests/wrong/03-classes/rounds-down.patch`, or move it away";
    let words = "write it like `10 percent off 599 gives 539, a cent too little`";
    let same = PATCH.replace(
        "+        return 600 * self.reams\n",
        "+        return 599 * self.reams\n",
    );
    let test = "one line\n\nRejected: tests/test_order.py\n\ndiff --git a/tests/test_order.py b/tests/test_order.py\n--- a/tests/test_order.py\n+++ b/tests/test_order.py\n@@ -1,2 +1,2 @@\n def test_order():\n-    pass\n+    return\n";
    let empty = "a ream costs 599 cents\n\nRejected: tests/test_order.py\n";
    for (path, text, line, what, mend) in [
        (
            "tests/wrong/README.md",
            "x",
            1,
            "it is no wrong solution",
            named,
        ),
        (
            "tests/wrong/03-classes/notes.txt",
            "x",
            1,
            "it is no wrong solution",
            named,
        ),
        (
            "tests/wrong/03-classes/Dearer.patch",
            PATCH,
            1,
            "it is no wrong solution",
            named,
        ),
        (
            "tests/wrong/03-classes/a/b.patch",
            PATCH,
            1,
            "it is no wrong solution",
            named,
        ),
        (
            "tests/wrong/03-clases/dearer.patch",
            PATCH,
            1,
            "no section is called `03-clases`; did you mean `03-classes`?",
            "rename the folder, or delete it",
        ),
        (
            DEARER,
            "",
            1,
            "cannot read the wrong solution: its first line must say why it is wrong",
            words,
        ),
        (
            DEARER,
            "one\ntwo\n",
            2,
            "cannot read the wrong solution: only a title and `Rejected: …` lines stand above the diff",
            words,
        ),
        (DEARER, empty, 1, "it has no diff", again),
        (
            DEARER,
            &same,
            1,
            "it changes nothing: it is the solution",
            again,
        ),
        (
            DEARER,
            test,
            1,
            "it changes `tests/test_order.py`: tests that are changed reject nothing",
            again,
        ),
    ] {
        let room = room();
        room.write(path, text);
        room.stage(&["check"]).fails(
            1,
            &format!("error: {what}\n where: {path}:{line}\n  mend: {mend}\n"),
        );
    }
    let room = room();
    room.write(DEARER, b"\xff");
    room.stage(&["check"]).fails(
        1,
        &format!("error: it is not UTF-8\n where: {DEARER}:1\n  mend: save it as UTF-8\n"),
    );
    room.write(
        DEARER,
        PATCH.replace("599 * self.reams", "299 * self.reams"),
    );
    let (code, _, complaint) = room.stage(&["check"]).shown();
    assert_eq!(code, Some(1));
    assert!(
        complaint.starts_with(
            "error: the wrong solution does not fit `solutions/03-classes/order.py`: "
        ),
        "{complaint}"
    );
    assert!(complaint.ends_with(&format!(" where: {DEARER}:1\n  mend: `stage steps refresh` after an edit of the solution; or {again}\n")), "{complaint}");
    room.write(DEARER, PATCH);
    room.write(
        "tests/wrong/03-classes/twin.patch",
        PATCH.replace("a ream", "600? A ream"),
    );
    room.stage(&["check"]).fails(
        1,
        &format!("error: it is the same wrong solution as `{DEARER}`\n where: tests/wrong/03-classes/twin.patch:1\n  mend: delete one of the two\n"),
    );
}

#[test]
fn nothing_is_tried_where_the_solution_itself_is_red() {
    let room = room();
    room.write(DEARER, PATCH);
    room.write("solutions/03-classes/hello.py", "def hello(): pass\n");
    assert_eq!(
        findings(&room),
        ["03-classes: nothing was tried: the solution itself is red"]
    );
}

#[test]
fn each_section_of_this_repository_has_three_wrong_solutions() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let names = |folder: &Path| -> Vec<String> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries
            .map(|entry| entry.file_name().into_string().unwrap())
            .collect()
    };
    let stems = names(&root.join("solutions"));
    assert!(stems.len() >= 3, "{stems:?}");
    for stem in stems {
        let wrong = names(&root.join("tests/wrong").join(&stem));
        assert!(
            wrong.len() >= 3,
            "{stem} has {} wrong solutions: {wrong:?}",
            wrong.len()
        );
    }
}
