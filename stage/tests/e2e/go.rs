//! `stage go`, `next` and `back`: where to, and a step at a time.

use crate::picture::assert_same;
use crate::room::Room;
use crate::workshop::TAGS;

pub const SAVED: &str =
    "what was in `live/` is saved; `stage undo` brings it back\nbuild and test it: `stage test`\n";
pub const PUT_AWAY: &str = "your own, put away with the rest: ";

/// Nothing of `act` shows: neither on disk nor in git.
#[track_caller]
pub fn nothing_changes(room: &Room, act: impl FnOnce(&Room)) {
    let before = (room.index_and_head(), room.refs("refs"));
    let picture = room.picture();
    act(room);
    assert_same(&room.picture(), &picture);
    assert!(before == (room.index_and_head(), room.refs("refs")));
    assert!(!room.path(".git/stage/journal").exists());
    room.assert_no_leftovers();
}

// --- where to ---

#[test]
fn a_checkpoint_is_called_in_many_ways() {
    let room = Room::tagged();
    for (name, tag) in [
        ("2", "02-hello-start"),
        ("02", "02-hello-start"),
        ("2s", "02-hello-start"),
        ("2.1", "02-hello-1"),
        ("2d", "02-hello-done"),
        ("hello", "02-hello-start"),
        ("Classes", "03-classes-start"),
        ("cl", "03-classes-start"),
        ("03-classes-2", "03-classes-2"),
        ("classes-done", "03-classes-done"),
        ("classes.1", "03-classes-1"),
    ] {
        let (code, printed, complaint) = room.stage(&["go", name]).shown();
        assert_eq!((code, complaint.as_str()), (Some(0), ""), "{name}");
        assert!(
            printed.starts_with(&format!("on stage: {tag} (")),
            "{name}: {printed}"
        );
        room.assert_live_is(tag, &[]);
    }
}

#[test]
fn an_unknown_checkpoint_gets_the_nearest() {
    nothing_changes(&Room::tagged(), |room| {
        room.stage(&["go", "clases"]).fails(
            2,
            "error: no checkpoint is called `clases`; did you mean `classes`?\n\
             \x20 mend: `stage list --all` shows them\n",
        );
        room.stage(&["go", "99"]).fails(
            2,
            "error: no checkpoint is called `99`\n  mend: `stage list --all` shows them\n",
        );
        for name in ["", "-", ".", "é", "3.x", "-done", "../live"] {
            let (code, printed, complaint) = room.stage(&["go", "--", name]).shown();
            assert_eq!(
                (code, printed.as_str()),
                (Some(2), ""),
                "{name}: {complaint}"
            );
            assert!(
                complaint.starts_with(&format!("error: no checkpoint is called `{name}`")),
                "{complaint}"
            );
        }
    });
}

#[test]
fn an_ambiguous_name_lists_what_it_could_be() {
    let room = Room::tagged();
    room.write("solutions/04-clients/x", "x\n");
    nothing_changes(&room, |room| {
        room.stage(&["go", "cl"]).fails(
            2,
            "error: `cl` could be any of `03-classes`, `04-clients`\n\
             \x20 mend: say which: `stage go 03-classes`\n",
        );
    });
}

#[test]
fn a_step_that_is_not_there_says_how_many_are() {
    nothing_changes(&Room::tagged(), |room| {
        room.stage(&["go", "3.7"]).fails(
            2,
            "error: `03-classes` has 2 steps, so no step 7\n  mend: `stage list --all` shows them\n",
        );
        room.stage(&["go", "2.0"]).fails(
            2,
            "error: `02-hello` has 1 step, so no step 0\n  mend: `stage list --all` shows them\n",
        );
    });
}

#[test]
fn without_tags_it_says_how_to_make_them() {
    nothing_changes(&Room::new(), |room| {
        room.stage(&["go", "2"]).fails(
            1,
            "error: the tag `02-hello-start` is missing\n  mend: `stage tags` makes them again\n",
        );
        room.stage(&["next"]).fails(
            2,
            "error: cannot tell which checkpoint is on stage\n\
             \x20 mend: say where to go: `stage go 3`; `stage tags` if there are no tags yet\n",
        );
    });
}

#[test]
fn a_tag_of_somebody_elses_is_not_gone_to() {
    let room = Room::tagged();
    let empty = room.git(&[
        "commit-tree",
        "-m",
        "mine",
        "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    ]);
    room.git(&["tag", "-f", "02-hello-1", empty.trim_end()]);
    nothing_changes(&room, |room| {
        let (code, printed, complaint) = room.stage(&["go", "2.1"]).shown();
        assert_eq!((code, printed.as_str()), (Some(1), ""));
        assert!(
            complaint.starts_with(
                "error: the tag `02-hello-1` is in the way: it was not made by `stage tags`\n"
            ),
            "{complaint}"
        );
    });
    room.git(&["tag", "-d", "02-hello-1"]);
    room.git(&["tag", "02-hello-1/mine"]);
    nothing_changes(&room, |room| {
        room.stage(&["go", "2.1"]).fails(
            1,
            "error: the tag `02-hello-1` is missing\n  mend: `stage tags` makes them again\n",
        );
    });
}

// --- a step at a time ---

#[test]
fn next_and_back_go_through_every_checkpoint() {
    let room = Room::tagged();
    room.stage(&["go", "1"]).ok(&format!(
        "on stage: 01-why-start (the section's tests, red)\n{SAVED}"
    ));
    room.stage(&["back"]).fails(
        1,
        "error: `01-why-start` is the first checkpoint\n  mend: `stage list --all` shows them\n",
    );
    for tag in &TAGS[1..] {
        let (code, printed, _) = room.stage(&["next"]).shown();
        assert!(
            code == Some(0) && printed.starts_with(&format!("on stage: {tag} (")),
            "{printed}"
        );
        room.assert_live_is(tag, &[]);
    }
    room.stage(&["next"]).fails(
        1,
        "error: `03-classes-done` is the last checkpoint\n  mend: `stage list --all` shows them\n",
    );
    for tag in TAGS.iter().rev().skip(1) {
        let (code, printed, _) = room.stage(&["back"]).shown();
        assert!(
            code == Some(0) && printed.starts_with(&format!("on stage: {tag} (")),
            "{printed}"
        );
        room.assert_live_is(tag, &[]);
    }
}

#[test]
fn a_fresh_clone_stands_at_the_end_of_section_1() {
    let room = Room::tagged();
    let (_, printed, _) = room.stage(&["next"]).shown();
    assert!(
        printed.starts_with("on stage: 02-hello-start ("),
        "{printed}"
    );
}

#[test]
fn after_a_checkout_by_hand_next_goes_on_from_there() {
    let room = Room::tagged();
    room.stage(&["go", "3"]).shown();
    room.git(&["checkout", "-q", "-f", "01-why-start"]);
    room.git(&["clean", "-fdq", "live"]);
    room.stage(&["next"])
        .ok(&format!("on stage: 01-why-1 (letter by letter)\n{SAVED}"));
    room.assert_live_is("01-why-1", &[]);
    assert_eq!(
        room.git(&["rev-parse", "HEAD"]),
        room.git(&["rev-parse", "01-why-start"])
    );
}

#[test]
fn own_commits_do_not_hide_which_checkpoint_is_on_stage() {
    let room = Room::tagged();
    room.stage(&["go", "2d"]).shown();
    room.write("live/mine.py", "x = 1\n");
    room.commit("my work, on main");
    let (_, printed, complaint) = room.stage(&["next"]).shown();
    assert!(
        printed.starts_with("on stage: 03-classes-start ("),
        "{printed}{complaint}"
    );
    room.git(&["checkout", "-q", "-f", "02-hello-start"]);
    room.write("live/mine.py", "x = 1\n");
    room.commit("my work, on a checkpoint");
    let (_, printed, complaint) = room.stage(&["next"]).shown();
    assert!(
        printed.starts_with("on stage: 02-hello-1 ("),
        "{printed}{complaint}"
    );
}

#[test]
fn after_a_checkout_away_and_back_the_move_is_forgotten() {
    let room = Room::tagged();
    room.stage(&["go", "3d"]).shown();
    for commit in ["02-hello-start", "main"] {
        room.git(&["checkout", "-q", "-f", commit]);
        room.git(&["clean", "-fdq", "live"]);
    }
    room.stage(&["next"]).ok(&format!(
        "on stage: 02-hello-start (the section's tests, red)\n{SAVED}"
    ));
}
