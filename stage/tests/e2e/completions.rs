//! `stage completions`: what Tab offers, asked the way a shell asks.

use crate::room::Room;

/// What is offered for the last of these words.
fn offered(room: &Room, words: &[&str]) -> Vec<String> {
    let asked = [&["complete", "--"], words].concat();
    let (code, printed, complaint) = room.stage(&asked).shown();
    assert_eq!((code, complaint.as_str()), (Some(0), ""));
    let word = |line: &str| line.split('\t').next().unwrap().to_string();
    printed.lines().map(word).collect()
}

#[test]
fn a_checkpoint_is_offered_by_every_way_to_call_it() {
    let room = Room::tagged();
    assert_eq!(
        offered(&room, &["go", "03"]),
        [
            "03-classes-start",
            "03-classes-1",
            "03-classes-2",
            "03-classes-done"
        ]
    );
    assert_eq!(offered(&room, &["go", "3"]), ["3s", "3.1", "3.2", "3d"]);
    assert_eq!(
        offered(&room, &["go", "cl"]),
        ["classes-start", "classes-1", "classes-2", "classes-done"]
    );
    assert_eq!(offered(&room, &["go", ""]).len(), 10);
    assert_eq!(offered(&room, &["go", "3d", ""]), [""; 0]);
    // Whatever is offered is understood.
    for word in offered(&room, &["go", "3"])
        .iter()
        .chain(&offered(&room, &["go", "cl"]))
    {
        assert_eq!(room.stage(&["go", word]).shown().0, Some(0), "{word}");
    }
}

#[test]
fn commands_flags_and_saves_are_offered() {
    let room = Room::tagged();
    room.write("live/my notes.txt", "mine\n");
    room.stage(&["go", "2"]).shown();
    room.stage(&["go", "3"]).shown();
    assert_eq!(offered(&room, &["sa"]), ["saves"]);
    assert!(!offered(&room, &[""]).contains(&"complete".to_string()));
    assert_eq!(offered(&room, &["-C", "x", "und"]), ["undo"]);
    assert_eq!(offered(&room, &["saves", "re"]), ["restore"]);
    assert_eq!(offered(&room, &["saves", "restore", ""]), ["1", "2"]);
    assert_eq!(
        offered(&room, &["saves", "restore", "1", "my"]),
        ["my notes.txt"]
    );
    assert_eq!(offered(&room, &["undo", ""]), ["1", "2"]);
    assert_eq!(offered(&room, &["diff", "st"]), ["start"]);
    assert_eq!(offered(&room, &["diff", "--n"]), ["--name-only"]);
    assert_eq!(
        offered(&room, &["list", "--"]),
        ["--all", "--json", "--help"]
    );
    assert_eq!(
        offered(&room, &["completions", ""]),
        ["bash", "fish", "zsh"]
    );
    assert_eq!(offered(&room, &["no-such-command", ""]), [""; 0]);
}

#[test]
fn outside_the_workshop_the_commands_are_offered() {
    let room = Room::tagged();
    let mut run = room.stage(&["complete", "--", "up"]).from(room.home());
    let (code, printed, _) = run.shown();
    assert_eq!(code, Some(0));
    assert!(printed.starts_with("update\t"), "{printed}");
    room.stage(&["complete", "--", "go", ""])
        .from(room.home())
        .ok("");
    let script = room
        .stage(&["completions", "bash"])
        .from(room.home())
        .shown();
    assert_eq!(script.0, Some(0));
}

/// What bash puts into COMPREPLY for these words, with our script.
#[cfg(unix)]
fn in_bash(room: &Room, words: &[&str]) -> Vec<String> {
    let script = "stage() { \"$STAGE\" \"$@\"; }; eval \"$(stage completions bash)\"; \
                  COMP_WORDS=(stage \"$@\"); COMP_CWORD=$#; _stage_complete; \
                  for word in \"${COMPREPLY[@]}\"; do printf '%s\\n' \"$word\"; done";
    let mut bash = room.command("bash");
    bash.args(["-c", script, "bash"]).args(words);
    bash.env("STAGE", crate::room::STAGE)
        .current_dir(&room.root);
    let said = bash.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&said.stderr), "");
    let said = String::from_utf8(said.stdout).unwrap();
    said.lines().map(String::from).collect()
}

#[cfg(unix)]
#[test]
fn bash_completes_with_our_script_and_quotes_what_needs_it() {
    let room = Room::tagged();
    room.write("live/my notes.txt", "mine\n");
    room.write("live/$HOME.txt", "mine\n");
    room.stage(&["go", "2"]).shown();
    assert_eq!(in_bash(&room, &["go", "02-hello-d"]), ["02-hello-done"]);
    assert_eq!(in_bash(&room, &["ne"]), ["next"]);
    assert_eq!(
        in_bash(&room, &["saves", "show", "1", "my"]),
        ["my\\ notes.txt"]
    );
    assert_eq!(
        in_bash(&room, &["saves", "show", "1", "$"]),
        ["\\$HOME.txt"]
    );
    assert_eq!(in_bash(&room, &["test", "li"]), [""; 0]);
}
