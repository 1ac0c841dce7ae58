//! Which checkpoint is on stage, whatever plain git has done since the last move.

use crate::room::Room;

/// At the start of section 3, with an own edit that is committed.
fn committed() -> Room {
    let room = Room::tagged();
    room.stage(&["go", "3"]).shown();
    room.write("live/names.py", "# mine\n");
    room.commit("mine");
    room
}

#[track_caller]
fn is_on_stage(room: &Room, tag: &str) {
    room.stage(&["where"]).ok(&format!("{tag}\n"));
}

#[test]
fn an_undo_that_brings_own_commits_back_knows_the_checkpoint() {
    for branch in ["main", "mine"] {
        let room = committed();
        room.git(&["checkout", "-q", "-B", branch]);
        room.stage(&["go", "3d"]).shown();
        room.stage(&["undo"]).shown();
        is_on_stage(&room, "03-classes-start");
        // Clean, and what was moved to: not something that git checked out.
        assert_eq!(room.git(&["status", "--porcelain"]), "");
    }
}

#[test]
fn a_commit_that_is_taken_back_or_made_again_changes_no_checkpoint() {
    let room = committed();
    room.stage(&["go", "3.2"]).shown();
    room.write("live/names.py", "# mine, at a step\n");
    room.git(&["reset", "-q", "HEAD~1"]);
    is_on_stage(&room, "03-classes-2");

    let room = committed();
    room.stage(&["go", "3.2"]).shown();
    room.write("live/names.py", "# mine, at a step\n");
    room.git(&["add", "-A", "live"]);
    room.git(&["commit", "-q", "--amend", "-m", "mine, again"]);
    is_on_stage(&room, "03-classes-2");
}

#[test]
fn a_live_that_git_checked_out_is_heads_own_also_when_head_goes_on() {
    let room = Room::tagged();
    room.stage(&["go", "3.2"]).shown();
    room.git(&["checkout", "-q", "live"]);
    room.git(&["clean", "-q", "-fd", "live"]);
    is_on_stage(&room, "01-why-done");
    room.write("elsewhere.md", "new\n");
    room.commit("new material");
    is_on_stage(&room, "01-why-done");
}

#[test]
fn after_a_reset_to_another_checkpoint_it_is_that_one() {
    let room = committed();
    room.stage(&["go", "3.2"]).shown();
    room.git(&["reset", "-q", "--hard", "02-hello-done"]);
    room.git(&["clean", "-q", "-fd", "live"]);
    is_on_stage(&room, "02-hello-done");
}
