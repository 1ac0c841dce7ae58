//! `stage list`: the sections, what is on stage, whether it is green.

use crate::room::Room;

const TABLE: &str = "  section     min  steps  title\n\
    > 01-why      3.5      1  Why Rust\n\
    \x20 02-hello      4      1  Hello\n\
    \x20 03-classes   10      2  Classes\n";
const UNTESTED: &str = "not tested since the last change: `stage test`";

/// A room whose Python is ours: its tests fail while there is a file `fails`.
#[cfg(unix)]
fn with_python() -> Room {
    let room = Room::tagged();
    room.program(
        ".venv/bin/python",
        "case $1 in\n-c) printf .so ;;\n-m) if [ -e ../fails ]; then echo '1 failed'; exit 1; fi; if [ -e ../code ]; then exit \"$(cat ../code)\"; fi; echo '1 passed' ;;\nesac",
    );
    room
}

#[test]
fn the_table_has_minutes_steps_and_a_mark() {
    let room = Room::tagged();
    room.stage(&["list"])
        .ok(&format!("{TABLE}\non stage: 01-why-done, {UNTESTED}\n"));
    room.stage(&["go", "3.2"]).shown();
    let moved = TABLE
        .replace("> 01-why ", "  01-why ")
        .replace("  03-classes ", "> 03-classes ");
    room.stage(&["list"])
        .ok(&format!("{moved}\non stage: 03-classes-2, {UNTESTED}\n"));
}

#[test]
fn all_shows_every_checkpoint() {
    let room = Room::tagged();
    room.stage(&["go", "2.1"]).shown();
    room.stage(&["list", "--all"]).ok(&format!(
        "  section     min  steps  title\n\
         \x20 01-why      3.5      1  Why Rust\n\
         \x20   01-why-start\n\
         \x20   01-why-1\n\
         \x20   01-why-done\n\
         > 02-hello      4      1  Hello\n\
         \x20   02-hello-start\n\
         >   02-hello-1\n\
         \x20   02-hello-done\n\
         \x20 03-classes   10      2  Classes\n\
         \x20   03-classes-start\n\
         \x20   03-classes-1\n\
         \x20   03-classes-2\n\
         \x20   03-classes-done\n\
         \non stage: 02-hello-1, {UNTESTED}\n"
    ));
}

#[test]
fn without_tags_or_without_git_the_sections_are_listed() {
    let none = "\non stage: no checkpoint; `stage tags` makes them, `stage go 1` goes to one\n";
    for room in [Room::new(), Room::without_git()] {
        let unmarked = TABLE.replace('>', " ");
        room.stage(&["list"]).ok(&format!("{unmarked}{none}"));
    }
}

#[test]
fn a_clone_that_turns_line_endings_is_listed_alike() {
    let room = Room::new();
    room.config("core.autocrlf", "true");
    let clone = room.cloned(&[]);
    clone.stage(&["tags"]).shown();
    clone
        .stage(&["list"])
        .ok(&format!("{TABLE}\non stage: 01-why-done, {UNTESTED}\n"));
}

#[cfg(unix)]
#[test]
fn a_test_is_remembered_until_something_changes() {
    let room = with_python();
    let says = |word: &str| {
        room.stage(&["list"])
            .ok(&format!("{TABLE}\non stage: 01-why-done, {word}\n"))
    };
    room.stage(&["test"]).ok("1 passed\n");
    says("green");
    room.write("live/names.py", "edited\n");
    says(UNTESTED);
    room.write("fails", "");
    room.stage(&["test"]).prints(
        1,
        "1 failed\n",
        "error: the tests are red\n where: `pytest` in `live/`\n  mend: read the first failure above\n",
    );
    says("red");
    room.remove("fails");
    room.stage(&["test"]).ok("1 passed\n");
    // Some of the tests say nothing about all of them.
    room.write("live/names.py", "edited again\n");
    room.stage(&["test", "-k", "near"]).ok("1 passed\n");
    says(UNTESTED);
}

#[cfg(unix)]
#[test]
fn what_runs_no_test_makes_nothing_red() {
    let room = with_python();
    room.stage(&["test"]).ok("1 passed\n");
    let no_test = |words: &str, mend: &str| {
        format!("error: no test was run\n where: `pytest{words}` in `live/`\n  mend: {mend}\n")
    };
    let check = "check the words behind `stage test`: paths count from here, or from `live/`";
    for code in ["4", "5"] {
        room.write("code", code);
        room.stage(&["test", "-k", "zzz"])
            .fails(1, &no_test(" -k zzz", check));
    }
    let gone = "`stage diff` says what is gone from `live/tests/`";
    room.stage(&["test"]).fails(1, &no_test("", gone));
    room.write("code", "3");
    room.stage(&["test"]).fails(
        1,
        "error: the tests did not run to their end\n \
         where: `pytest` in `live/` ended with exit status: 3\n  mend: read the last lines above\n",
    );
    let green = format!("{TABLE}\non stage: 01-why-done, green\n");
    room.stage(&["list"]).ok(&green);
    // Set-up does not fail for what somebody is at work in.
    room.write("live/names.py", "edited\n");
    for code in ["3", "5"] {
        room.write("code", code);
        room.stage(&["test", "--set-up"])
            .ok("`live/` is red, and may be: somebody is at work in it\n");
    }
}

#[cfg(unix)]
#[test]
fn a_file_of_tests_is_named_from_where_one_is() {
    let room = with_python();
    room.write("live/tests/test_mine.py", "");
    room.program(
        ".venv/bin/python",
        "case $1 in\n-c) printf .so ;;\n-m) shift 3; echo \"$@\" ;;\nesac",
    );
    let names = |folder: &str, word: &str, told: &str| {
        let words = ["test", word];
        room.stage(&words)
            .from(room.path(folder))
            .ok(&format!("{told}\n"));
    };
    names(
        ".",
        "live/tests/test_mine.py::test_a",
        "tests/test_mine.py::test_a",
    );
    names("live/tests", "test_mine.py", "tests/test_mine.py");
    names(".", "tests/test_mine.py", "tests/test_mine.py");
    names(".", "-x", "-x");
}

#[test]
fn a_git_that_refuses_is_no_missing_tag() {
    let room = Room::tagged();
    room.write(".git/config", "[core\n");
    let (code, printed, complaint) = room.stage(&["list"]).shown();
    assert_eq!((code, complaint.as_str()), (Some(0), ""));
    let end = printed.split_once("on stage: ").unwrap().1;
    assert!(end.starts_with("nobody can tell, since git refuses\nerror: `git rev-parse"));
    assert!(end.contains("bad config line 1"), "{end}");
}

#[test]
fn testing_without_a_venv_says_what_makes_it() {
    let room = Room::tagged();
    room.stage(&["test"]).fails(
        1,
        "error: cannot run `.venv/bin/python`\n\
         \x20 mend: `./setup.sh` installs what is missing; `stage doctor` says what\n",
    );
}

#[test]
fn a_solution_without_slides_is_named() {
    let room = Room::new();
    room.write("solutions/04-types/x.py", "x = 1\n");
    room.stage(&["list"]).fails(
        1,
        "error: the solution `04-types` has no slides\n\
         \x20where: `slides/04-types.md`\n\
         \x20 mend: write them, or delete the solution\n",
    );
}

#[test]
fn slides_without_a_solution_are_named() {
    let room = Room::new();
    room.write("slides/04-types.md", room.read("slides/01-why.md"));
    room.stage(&["list"]).fails(
        1,
        "error: the slides `04-types` have no solution\n\
         \x20where: `solutions/04-types/`\n\
         \x20 mend: add it, or delete the slides\n",
    );
}

/// `list` refuses section 1 with `from` replaced by `to`.
#[track_caller]
fn refused(from: &str, to: &str, complaint: &str) {
    let room = Room::new();
    let text = room.read("slides/01-why.md");
    assert!(text.contains(from));
    room.write("slides/01-why.md", text.replacen(from, to, 1));
    room.stage(&["list"]).fails(1, complaint);
}

#[test]
fn a_slide_that_says_too_little_or_too_much_is_named_with_its_line() {
    refused(
        " min=2",
        "",
        "error: the slide has no minutes\n where: slides/01-why.md:6:1\n  mend: add `min=3`\n",
    );
    for minutes in ["0", "-1", "NaN", "inf", "two"] {
        refused(
            "min=2",
            &format!("min={minutes}"),
            "error: the slide has no minutes\n where: slides/01-why.md:6:1\n  mend: add `min=3`\n",
        );
    }
    refused(
        "id=names-done",
        "id=Names",
        "error: `Names` is no id\n where: slides/01-why.md:22:1\n  mend: use lower-case letters, digits, hyphens\n",
    );
    refused(
        "id=names-done ",
        "",
        "error: the slide has no id\n where: slides/01-why.md:22:1\n  mend: add `id=…`: lower-case letters, digits, hyphens\n",
    );
    refused(
        "at=01-why-start",
        "at=01-why-begin",
        "error: `01-why-begin` is no checkpoint\n where: slides/01-why.md:6:1\n  mend: name one like `03-classes-done`\n",
    );
    refused(
        "optional -->",
        "optionl -->",
        "error: a slide knows no `optionl` like this\n where: slides/01-why.md:22:1\n  mend: it has id=, min=, at=, track=, optional, factual\n",
    );
    refused(
        "optional -->",
        "track=\"half -->",
        "error: the quote after `track=` is never closed\n where: slides/01-why.md:22:1\n  mend: close it\n",
    );
    refused(
        "<!-- slide id=names-done min=1.5 at=01-why-done optional -->",
        "",
        "error: the slide does not say its id, minutes and checkpoint\n where: slides/01-why.md:23:1\n  mend: begin it with `<!-- slide id=… min=… at=… -->`\n",
    );
}

#[test]
fn front_matter_that_is_wrong_is_named() {
    refused(
        "---\ntitle: Why Rust\nred: NotImplementedError\n---\n",
        "",
        "error: the section has no front matter\n where: slides/01-why.md:1:1\n  mend: begin the file with `---`, `title: …`, `red: …`, `---`\n",
    );
    refused(
        "red: NotImplementedError\n",
        "",
        "error: the front matter has no `red:`\n where: slides/01-why.md:1:1\n  mend: add `red: …`\n",
    );
    refused(
        "red: ",
        "rde: ",
        "error: the front matter knows no `rde: NotImplementedError`\n where: slides/01-why.md:3:1\n  mend: it has `title:`, `red:` and, where tests pass from the start, `green:`\n",
    );
}

#[test]
fn slides_that_are_not_utf8_are_named_with_the_line() {
    let room = Room::new();
    room.write("slides/02-hello.md", b"---\ntitle: caf\xe9\n");
    room.stage(&["list"]).fails(
        1,
        "error: the file is not UTF-8\n where: slides/02-hello.md:2:11\n  mend: save it as UTF-8\n",
    );
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_failure_to_speak_of() {
    let room = Room::tagged();
    // The pipe's other end is closed before the first word.
    let gone = "mkfifo pipe; exec 3<>pipe 4>pipe 3<&-; exec >&4";
    let (code, printed, complaint) = room.stage_after(gone, &["list", "--all"]).shown();
    assert_eq!(
        (code, printed.as_str(), complaint.as_str()),
        (Some(141), "", "")
    );
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_says_so() {
    let room = Room::tagged();
    room.stage_after("exec >/dev/full", &["list"]).fails(
        1,
        "error: failed printing to stdout: No space left on device (os error 28)\n\
         \x20 mend: print to somewhere else, then run the same command again\n",
    );
}
