//! `stage bench ladder`, and what slides and `stage check` make of its run.

#![cfg(unix)]

use crate::picture::{Picture, assert_same};
use crate::room::Room;

/// A run that meets all aims; the nanoseconds of `maps` are `MAPS`.
const RUN: &str = r#"{ "what": "CPU ns an order", "date": "2026-11-23", "machine": "2 cores, Linux",
  "versions": { "Python": "3.11.7" }, "orders": 1000000, "rounds": 15, "forms": [
  { "id": "python-dicts", "label": "Python, a loop", "input": "a list of dicts",
    "against": "python-dicts", "bytes": 0, "drawn": true, "nanoseconds": 80.0 },
  { "id": "maps", "label": "Rust, HashMap", "input": "a list of dicts",
    "against": "python-dicts", "bytes": 0, "drawn": true, "nanoseconds": MAPS },
  { "id": "python-lists", "label": "Python, a loop", "input": "three lists",
    "against": "python-lists", "bytes": 0, "drawn": true, "nanoseconds": 40.0 },
  { "id": "columns", "label": "Rust, columns", "input": "three arrays",
    "against": "python-lists", "bytes": 17, "drawn": true, "nanoseconds": 0.7 },
  { "id": "numpy-sum", "label": "NumPy, sum", "input": "beside",
    "against": "numpy-sum", "bytes": 16, "drawn": false, "nanoseconds": 0.55 } ] }
"#;

const SHOWN: &str = "\
a list of dicts
  Python, a loop                        80.0 ns
  Rust, HashMap                          320 ns     4.0 x slower
three lists
  Python, a loop                        40.0 ns
three arrays
  Rust, columns                         0.70 ns      57 x faster
beside
  NumPy, sum                            0.55 ns
2 cores, Linux, 2026-11-23

Python 3.11.7

met     hash maps in Rust, times slower than a loop in Python: at least 3, is 4.00
met     columns without a copy, times faster than a loop in Python: at least 35, is 57.14
met     bytes a CPU-second without a copy, of those of NumPy's sum: at least 0.75, is 0.83
";

/// A room whose Python says that this is what it has measured.
fn measuring(maps: &str) -> Room {
    let room = Room::tagged();
    room.write("run.json", RUN.replace("MAPS", maps));
    room.program(
        ".venv/bin/python",
        "case $1 in */tests/bench/ladder.py) cat run.json ;; *) exit 3 ;; esac",
    );
    room
}

/// The same, with the run recorded and one more slide.
fn with_slide(slide: &str) -> Room {
    let room = measuring("320.0");
    room.stage(&["bench", "ladder"])
        .ok(&format!("{WROTE}{SHOWN}"));
    let text = room.read("slides/02-hello.md");
    room.write(
        "slides/02-hello.md",
        format!("{text}\n---\n\n<!-- slide id=more min=1 at=02-hello-1 -->\n{slide}\n"),
    );
    room
}

const WROTE: &str = "wrote slides/bench/ladder.json\nwrote slides/images/ladder.svg\n";

#[test]
fn a_run_is_kept_drawn_and_shown() {
    let room = measuring("320.0");
    room.stage(&["bench", "ladder"])
        .ok(&format!("{WROTE}{SHOWN}"));
    assert_eq!(room.read("slides/bench/ladder.json"), room.read("run.json"));
    let picture = room.read("slides/images/ladder.svg");
    assert!(picture.contains(">Rust, HashMap</text>") && picture.contains(">320 ns</text>"));
    assert!(!picture.contains("NumPy, sum"), "it is not drawn");
}

#[test]
fn what_was_recorded_is_drawn_again_without_measuring() {
    let room = measuring("320.0");
    room.stage(&["bench", "ladder"])
        .ok(&format!("{WROTE}{SHOWN}"));
    let picture = room.read("slides/images/ladder.svg");
    room.write("slides/images/ladder.svg", "<svg/>");
    room.remove(".venv/bin/python");
    room.stage(&["bench", "ladder", "--draw"])
        .ok(&format!("wrote slides/images/ladder.svg\n{SHOWN}"));
    assert_eq!(room.read("slides/images/ladder.svg"), picture);
    room.stage(&["bench", "ladder", "--draw"])
        .ok(&format!("slides/images/ladder.svg was so already\n{SHOWN}"));
}

#[test]
fn a_missed_aim_is_an_error_and_the_run_is_kept_all_the_same() {
    let room = measuring("200.0");
    let (code, printed, complaint) = room.stage(&["bench", "ladder"]).shown();
    assert_eq!(code, Some(1), "{complaint}");
    assert!(
        printed.contains(
            "\nmissed  hash maps in Rust, times slower than a loop in Python: at least 3, is 2.50\n"
        ),
        "{printed}"
    );
    assert!(complaint.starts_with("error: 1 thing is not so\n"));
    assert_eq!(room.read("slides/bench/ladder.json"), room.read("run.json"));
}

#[test]
fn a_measurement_that_fails_changes_nothing() {
    let room = measuring("320.0");
    for (script, reason) in [
        (
            "echo 'sums differ' >&2; exit 1",
            "`python tests/bench/ladder.py` failed",
        ),
        ("echo nonsense", "it is not JSON"),
        ("echo '{}'", "it has no `versions`"),
    ] {
        room.program(".venv/bin/python", script);
        let before = Picture::of(&room.path("slides"));
        let (code, _, complaint) = room.stage(&["bench", "ladder"]).shown();
        assert_eq!(code, Some(1));
        assert!(complaint.contains(reason), "{complaint}");
        assert_same(&Picture::of(&room.path("slides")), &before);
    }
}

#[test]
fn a_run_that_was_never_recorded_cannot_be_drawn() {
    let room = Room::tagged();
    let (code, _, complaint) = room.stage(&["bench", "ladder", "--draw"]).shown();
    assert_eq!(code, Some(1));
    assert!(
        complaint.contains("slides/bench/ladder.json"),
        "{complaint}"
    );
}

#[test]
fn a_slide_shows_the_forms_that_it_names() {
    let room = with_slide("```text bench=ladder#python-dicts,maps\n```");
    room.stage(&["deck", "sync"])
        .ok("wrote slides/02-hello.md\n");
    assert!(room.read("slides/02-hello.md").ends_with(
        "\n```text bench=ladder#python-dicts,maps\n\
         a list of dicts\n\
         \x20 Python, a loop                        80.0 ns\n\
         \x20 Rust, HashMap                          320 ns     4.0 x slower\n\
         ```\n"
    ));
    room.stage(&["deck", "sync"])
        .ok("every snippet was so already\n");
}

#[test]
fn a_form_or_a_run_that_there_is_not_gets_the_nearest() {
    for (word, complaint) in [
        (
            "ladder#map",
            "error: the run has no form `map`; did you mean `maps`?\n where: slides/02-hello.md:17:22\n",
        ),
        (
            "lader",
            "error: no run of `lader` is recorded; did you mean `ladder`?\n where: slides/02-hello.md:17:15\n",
        ),
    ] {
        let room = with_slide(&format!("```text bench={word}\n```"));
        let (code, _, found) = room.stage(&["deck", "sync"]).shown();
        assert_eq!(code, Some(1));
        assert!(found.starts_with(complaint), "{found}");
    }
}

/// What `check` finds, one finding each.
fn checked(room: &Room) -> String {
    room.program(".venv/bin/python", "echo .so");
    let (code, printed, complaint) = room.stage(&["check", "1"]).shown();
    assert_eq!(code, Some(1), "{complaint}");
    printed
}

#[test]
fn check_finds_a_figure_and_a_picture_that_are_not_the_runs() {
    let room = with_slide("```text bench=ladder#maps\n```");
    room.stage(&["deck", "sync"])
        .ok("wrote slides/02-hello.md\n");
    let printed = checked(&room);
    assert!(!printed.contains("ladder"), "{printed}");

    let bent = room
        .read("slides/02-hello.md")
        .replace("4.0 x slower", "4.0 x faster");
    room.write("slides/02-hello.md", bent);
    let bent = room
        .read("slides/images/ladder.svg")
        .replace("320 ns", "3.20 ns");
    room.write("slides/images/ladder.svg", bent);
    let printed = checked(&room);
    for finding in [
        "wrong: slides/02-hello.md:17: the code is not what its source says: `stage deck sync`\n",
        "wrong: slides/images/ladder.svg: it is not what `slides/bench/ladder.json` says\n    \
         `stage bench ladder --draw` draws it\n",
    ] {
        assert!(printed.contains(finding), "{printed}");
    }
}

#[test]
fn check_finds_a_run_that_misses_its_aim() {
    let room = with_slide("");
    let bent = room
        .read("slides/bench/ladder.json")
        .replace("320.0", "100.0");
    room.write("slides/bench/ladder.json", bent);
    let printed = checked(&room);
    assert!(
        printed.contains(
            "wrong: slides/bench/ladder.json: the run misses an aim, and slides build on it\n"
        ),
        "{printed}"
    );
}
