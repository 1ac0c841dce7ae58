//! `stage check`, as far as it needs no build: what the text alone shows.

#![cfg(unix)]

use crate::room::Room;

#[test]
fn check_finds_a_stale_snippet_and_stale_tags() {
    let room = Room::tagged();
    room.program(".venv/bin/python", "echo .so");
    let text = room
        .read("slides/02-hello.md")
        .replace("Hello from Scranton", "Hello from Stamford");
    room.write("slides/02-hello.md", text);
    room.git(&["tag", "-d", "02-hello-1"]);
    let (code, printed, complaint) = room.stage(&["check", "1"]).shown();
    assert_eq!(code, Some(1), "{complaint}");
    let stale = printed
        .split("\n\n")
        .find(|finding| finding.starts_with("wrong: slides/02-hello.md:9: "));
    let stale = stale.unwrap_or_else(|| panic!("{printed}{complaint}"));
    assert!(
        stale.contains("-    return \"Hello from Stamford\"\n")
            && stale.contains("+    return \"Hello from Scranton\""),
        "{stale}"
    );
    assert!(printed.contains("missing: `02-hello-1`"), "{printed}");
    assert!(
        printed.contains("    | [03-classes](slides/03-classes.md) | 10 | `stage go 3` |\n"),
        "{printed}"
    );
    assert_eq!(
        room.git(&["tag", "--list", "02-hello-1"]),
        "",
        "check changes nothing"
    );
}
