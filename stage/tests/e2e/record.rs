//! `stage deck record`, and what `stage check` says about recorded output.

#![cfg(unix)]

use std::fs;

use crate::picture::{Picture, assert_same};
use crate::prove::{with_slide, wrong};

#[test]
fn output_is_recorded_once_and_a_lie_in_it_is_found() {
    let room = with_slide(
        "",
        "```text run=\"cat notes; echo 0.25 s; pwd; echo at 0xdeadbeef\"\n```",
    );
    room.stage(&["deck", "record"])
        .ok("02-hello-done            1 output\nwrote slides/02-hello.md\n");
    let recorded = room.read("slides/02-hello.md");
    assert!(
        recorded.ends_with("\"\nAsk Pam.\n0.25 s\n.\nat 0x…\n```\n"),
        "{recorded}"
    );
    // Seconds stay as they were measured.
    let other = recorded.replace("\n0.25 s\n", "\n1.99 s\n");
    room.write("slides/02-hello.md", &other);
    room.stage(&["deck", "record"])
        .ok("02-hello-done            1 output\nevery output was so already\n");
    assert_eq!(room.read("slides/02-hello.md"), other);

    room.write(
        "slides/02-hello.md",
        recorded.replace("Ask Pam.", "Ask Dwight."),
    );
    let found = wrong(&room).concat();
    assert!(found.starts_with("17: `cat notes; echo 0.25 s; pwd; echo at 0xdeadbeef` prints something else: `stage deck record`"), "{found}");
    assert!(
        found.contains("\n    -Ask Dwight.\n    +Ask Pam.\n"),
        "{found}"
    );
    room.stage(&["deck", "record", "1"])
        .ok("every output was so already\n");
    room.stage(&["deck", "record", "hello"])
        .ok("02-hello-done            1 output\nwrote slides/02-hello.md\n");
    assert_eq!(room.read("slides/02-hello.md"), recorded);
}

#[test]
fn a_command_that_ends_otherwise_is_named_and_nothing_is_recorded() {
    for (fence, what) in [
        (
            "run=\"echo no; exit 3\"",
            "`echo no; exit 3` ends with exit status 3, not 0",
        ),
        ("run=true exit=1", "`true` ends with exit status 0, not 1"),
        (
            "run=\"kill -SEGV $$\"",
            "`kill -SEGV $$` was ended by signal 11 (exit status 139), not by exit status 0",
        ),
        (
            "run=yes",
            "`yes` prints more than any slide can hold, and was stopped",
        ),
        (
            "run=dunder-mifflin",
            "`dunder-mifflin` ends with exit status 127, not 0",
        ),
        ("run=\"seq 600\"", "600 lines of code; a slide holds 16"),
        (
            "run=\"printf '\\140\\140\\140'\"",
            "a line begins with three backticks, which would end the fence",
        ),
    ] {
        let room = with_slide(
            "",
            &format!("```text {fence}\n```\n\n```text run=\"echo ok\"\n```"),
        );
        let before = Picture::of(&room.root.join("slides"));
        let (code, printed, complaint) = room.stage(&["deck", "record"]).shown();
        assert_eq!(code, Some(1), "{printed}");
        assert!(
            printed.contains(&format!("\nwrong: slides/02-hello.md:17: {what}\n")),
            "{printed}"
        );
        assert!(
            complaint.starts_with("error: 1 thing is not so\n"),
            "{complaint}"
        );
        assert_same(&Picture::of(&room.root.join("slides")), &before);
    }
    // A signal may be what the slide is about; the shell's own number is shown.
    let room = with_slide("", "```text run=\"kill -KILL $$\" exit=137\n```");
    assert_eq!(wrong(&room), [""; 0]);
}

#[test]
fn a_command_that_hangs_is_stopped_with_all_that_it_started() {
    let hang = "echo $$ >pid; (sleep 600 & echo $! >>pid; wait) | cat";
    let room = with_slide("", &format!("```text run=\"{hang}\" limit=1\n```"));
    let found = wrong(&room);
    let what =
        format!("17: `{hang}` did not end within 1 s, and was stopped; `limit=` gives it longer");
    assert_eq!(found, [what]);
    // Each worker has a scratch tree, and any may have had this section.
    let mut trees = fs::read_dir(room.path(".stage")).unwrap();
    let pids = trees
        .find_map(|tree| fs::read_to_string(tree.unwrap().path().join("live/pid")).ok())
        .unwrap();
    assert_eq!(pids.lines().count(), 2);
    for pid in pids.lines() {
        // Where nobody waits for orphans, a dead one is still listed.
        let alive = format!("kill -0 {pid} && ! grep -q '^State:.Z' /proc/{pid}/status");
        let alive = room.command("sh").args(["-c", &alive]).output().unwrap();
        assert!(!alive.status.success(), "{pid} is still there");
    }
}

#[test]
fn a_command_gets_no_input_and_no_open_end() {
    // Waiting for a person, and leaving somebody behind that holds the output.
    let room = with_slide(
        "",
        "```text run=\"cat; echo end\"\nend\n```\n\n```text run=\"sleep 600 &\"\n```",
    );
    let found = wrong(&room);
    assert_eq!(
        found,
        ["21: `sleep 600 &` leaves something running that holds its output; it was stopped"]
    );
}
