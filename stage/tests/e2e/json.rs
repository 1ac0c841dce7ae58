//! `--json`: what programs read, read by Python's own parser.

use std::io::Write;
use std::process::Stdio;

use crate::room::{Room, Run};

/// What a run prints, as Python reads it and prints it again: keys in order.
#[track_caller]
fn by_python(room: &Room, mut run: Run, code: i32) -> String {
    let (found, printed, complaint) = run.shown();
    assert_eq!((found, complaint.as_str()), (Some(code), ""), "{printed}");
    assert_eq!(printed.lines().count(), 1, "{printed}");
    let mut python = room.command("python3");
    let script = "import json, sys; print(json.dumps(json.load(sys.stdin)))";
    python.args(["-c", script]).stdin(Stdio::piped());
    let mut child = python.stdout(Stdio::piped()).spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(printed.as_bytes())
        .unwrap();
    let said = child.wait_with_output().unwrap();
    assert!(said.status.success(), "{printed}");
    String::from_utf8(said.stdout).unwrap().trim_end().into()
}

#[test]
fn where_and_list_have_stable_keys() {
    let room = Room::tagged();
    room.stage(&["go", "2.1"]).shown();
    assert_eq!(
        by_python(&room, room.stage(&["where", "--json"]), 0),
        r#"{"at": "02-hello-1", "section": "02-hello", "point": "1", "interrupted": false, "tested": null}"#
    );
    let listed = by_python(&room, room.stage(&["list", "--json"]), 0);
    assert!(
        listed.starts_with(r#"{"sections": [{"section": "01-why", "title": "Why Rust", "minutes": 3.5, "checkpoints": ["01-why-start", "01-why-1", "01-why-done"]}, "#),
        "{listed}"
    );
    assert!(
        listed.ends_with(r#"], "at": "02-hello-1", "tested": null, "interrupted": null}"#),
        "{listed}"
    );
    let untagged = Room::new();
    assert_eq!(
        by_python(&untagged, untagged.stage(&["where", "--json"]), 0),
        r#"{"at": null, "section": null, "point": null, "interrupted": false, "tested": null}"#
    );
}

#[test]
fn hostile_names_come_through() {
    let room = Room::tagged();
    let names = [
        "a \"b\" \\",
        "line\nend",
        "tab\t\u{1b}[31m",
        "é 📎 \u{2028}",
        "\u{7f}",
    ];
    for name in names {
        room.write(&format!("live/{name}"), "mine\n");
    }
    room.stage(&["go", "2"]).shown();
    let said = by_python(&room, room.stage(&["saves", "--json"]), 0);
    // As Python writes them.
    for written in [
        r#""a \"b\" \\""#,
        r#""line\nend""#,
        r#""tab\t\u001b[31m""#,
        r#""\u00e9 \ud83d\udcce \u2028""#,
        r#""\u007f""#,
    ] {
        assert!(said.contains(written), "{written}: {said}");
    }
}

#[test]
fn errors_are_json_with_the_same_codes() {
    let room = Room::without_git();
    assert_eq!(
        by_python(&room, room.stage(&["saves", "--json"]), 1),
        format!(
            "{{\"error\": {{\"what\": \"checkpoints are git tags, and this folder is not a git repository\", \
             \"where\": \"`{}`\", \"mend\": \"a ZIP download has no checkpoints: use `git clone` and run `./setup.sh` there\"}}}}",
            "ROOM/paper company"
        )
    );
    let outside = room.stage(&["list", "--json"]).from(room.home());
    let said = by_python(&room, outside, 2);
    assert!(
        said.starts_with(r#"{"error": {"what": "this is not the workshop's folder", "#),
        "{said}"
    );
    let said = by_python(&room, room.stage(&["list", "--json", "--no"]), 2);
    assert!(
        said.starts_with(
            r#"{"error": {"what": "unexpected argument '--no' found", "where": null, "#
        ),
        "{said}"
    );
}

#[test]
fn what_doctor_finds_wrong_is_one_object_and_one_code() {
    let room = Room::without_git();
    let said = by_python(&room, room.stage(&["doctor", "--json"]), 1);
    assert!(
        said.starts_with(r#"{"ok": false, "checks": [{"name": "git", "ok": false, "what": "#),
        "{said}"
    );
}
