//! `stage undo`: everything comes back, also after a move
//! that was cut off.

use crate::picture::{Picture, assert_same};
use crate::room::Room;

const NOTHING: &str = "error: there is no move to undo\n  mend: `stage list` shows where you are\n";

/// A room whose last checkpoint has a file that is too large for a small limit,
/// between others that are not.
#[cfg(unix)]
fn room_with_a_large_file() -> Room {
    let room = Room::new();
    room.write("solutions/03-classes/paper.txt", "Sabre\n".repeat(60_000));
    room.write("solutions/03-classes/zebra.txt", "stripes\n");
    room.commit("A large file");
    room.stage(&["tags"])
        .ok("10 tags: 10 made, 0 changed, 0 removed\n");
    room.write("live/names.py", "# mine\n");
    room.write("live/my notes/one.txt", "mine\n");
    room
}

#[test]
fn without_a_move_there_is_nothing_to_undo() {
    let room = Room::tagged();
    room.stage(&["undo"]).fails(1, NOTHING);
    room.stage(&["saves"])
        .ok("nothing is saved yet: `stage go` saves `live/` before it changes it\n");
    room.stage(&["undo", "1"]).fails(
        2,
        "error: no save is called `1`\n  mend: `stage saves` shows them all\n",
    );
    room.stage(&["undo", "0"]).fails(
        2,
        "error: no save is called `0`\n  mend: `stage saves` shows them all\n",
    );
}

#[test]
fn undo_takes_moves_back_one_by_one() {
    let room = Room::tagged();
    room.write("live/one.py", "1\n");
    let one = room.picture();
    room.stage(&["go", "2"]).shown();
    room.write("live/two.py", "2\n");
    let two = room.picture();
    room.stage(&["go", "3"]).shown();
    let three = room.picture();
    room.stage(&["undo"]).ok(
        "`live/` is as it was before `03-classes-start` (02-hello-start on stage)\n\
         what the undo replaced is saved too: `stage undo 3` brings that back\n",
    );
    assert_same(&room.picture(), &two);
    room.stage(&["undo"]).ok(
        "`live/` is as it was before `02-hello-start` (01-why-done on stage)\n\
         what the undo replaced is saved too: `stage undo 4` brings that back\n",
    );
    assert_same(&room.picture(), &one);
    room.stage(&["undo"]).fails(1, NOTHING);
    assert_same(&room.picture(), &one);
    room.stage(&["undo", "3"]).ok(
        "`live/` is as it was before an undo (03-classes-start on stage)\n\
         what the undo replaced is saved too: `stage undo 5` brings that back\n",
    );
    assert_same(&room.picture(), &three);
    room.assert_sound();
}

#[test]
fn bringing_a_save_back_can_itself_be_undone() {
    let room = Room::tagged();
    room.write("live/one.py", "1\n");
    let one = room.picture();
    room.stage(&["go", "2"]).shown();
    let two = room.picture();
    room.stage(&["go", "3"]).shown();
    let three = room.picture();
    room.stage(&["undo", "1"]).shown();
    assert_same(&room.picture(), &one);
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &three);
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &two);
}

#[test]
fn a_move_that_was_refused_leaves_nothing_to_undo() {
    let room = Room::tagged();
    let before = room.picture();
    room.stage(&["go", "2"]).shown();
    room.write("live/order.py/target/built", "ignored\n");
    assert_eq!(room.stage(&["go", "3d"]).shown().0, Some(1));
    room.stage(&["undo"]).shown();
    assert_same(&room.picture().without(&["order.py"]), &before);
}

#[test]
fn going_where_one_is_leaves_nothing_to_undo() {
    let room = Room::tagged();
    let before = room.picture();
    room.stage(&["go", "2"]).shown();
    room.stage(&["go", "2"]).shown();
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &before);
}

#[test]
fn a_clock_that_goes_backwards_still_makes_the_later_save() {
    let room = Room::tagged();
    room.stage(&["go", "2"]).shown();
    let save = room.refs("refs/stage/save");
    let (name, id) = save.trim_end().split_once(' ').unwrap();
    room.git(&["update-ref", "refs/stage/save/00009999999999999999", id]);
    room.git(&["update-ref", "-d", name]);
    let before = room.picture();
    room.stage(&["go", "3"]).shown();
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &before);
}

/// A git that is killed while it changes a ref leaves a lock on its name.
#[test]
fn a_lock_that_a_killed_git_left_stops_neither_tags_nor_saves() {
    let room = Room::tagged();
    for name in ["chain", "saving", "state", "save/00009999999999999999"] {
        room.write(&format!(".git/refs/stage/{name}.lock"), "");
    }
    // A clock that was put back: the locked name is the next one.
    room.git(&["update-ref", "refs/stage/save/00009999999999999998", "HEAD"]);
    let before = (room.picture(), room.tags());
    room.stage(&["tags"])
        .ok("10 tags, all as the folders say\n");
    room.stage(&["go", "2"]).shown();
    room.assert_live_is("02-hello-start", &[]);
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &before.0);
    assert_eq!(room.tags(), before.1);
}

#[test]
fn after_an_undo_next_goes_on_from_there() {
    let room = Room::tagged();
    room.stage(&["go", "2"]).shown();
    room.stage(&["go", "3d"]).shown();
    room.stage(&["undo"]).shown();
    let (_, printed, _) = room.stage(&["next"]).shown();
    assert!(printed.starts_with("on stage: 02-hello-1 ("), "{printed}");
}

#[test]
fn undo_after_a_commit_brings_the_files_back_and_keeps_the_commit() {
    let room = Room::tagged();
    room.write("live/mine.py", "mine\n");
    let before = room.picture();
    room.stage(&["go", "2"]).shown();
    room.commit("what the presenter showed");
    let head = room.id("HEAD");
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &before);
    assert_eq!(room.id("HEAD"), head);
}

#[test]
fn a_live_that_was_emptied_is_empty_again() {
    let room = Room::tagged();
    std::fs::remove_dir_all(room.live()).unwrap();
    std::fs::create_dir(room.live()).unwrap();
    room.stage(&["go", "3d"]).shown();
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &Picture::empty());
}

#[test]
fn without_what_stage_remembers_undo_goes_by_the_saves() {
    let room = Room::tagged();
    room.write("live/one.py", "1\n");
    let one = room.picture();
    room.stage(&["go", "2"]).shown();
    let two = room.picture();
    room.stage(&["go", "3"]).shown();
    for before in [two, one] {
        std::fs::remove_dir_all(room.path(".git/stage")).unwrap();
        room.stage(&["undo"]).shown();
        assert_same(&room.picture(), &before);
    }
}

// --- cut off half-way ---

/// A killed undo that had saved and not begun must not count as one.
#[cfg(target_os = "linux")]
#[test]
fn an_undo_that_was_killed_before_it_changed_anything_is_still_to_be_done() {
    use crate::fault::{Copy, Fault, stage_with};
    let room = Room::tagged();
    room.write("live/mine.py", "mine\n");
    let before = room.picture();
    room.stage(&["go", "3d"]).shown();
    let (start, after) = (Copy::of(&room), room.picture());
    let mut tried = 0;
    for at in 1.. {
        start.lay_out(&room);
        stage_with(&room, Fault { action: "kill", at }, "", &["undo"]);
        if room.picture() != after {
            break;
        }
        if room.stage(&["list"]).shown().1.contains("was interrupted") {
            tried += 1;
            room.stage(&["go", "3d"])
                .ok("on stage: 03-classes-done (the solution)\n`live/` was so already\n");
            room.stage(&["undo"]).shown();
            assert_same(&room.picture(), &before);
        }
    }
    assert!(tried > 0);
}

/// Cut a move off in the middle; `trap` decides whether `stage` is killed or
/// sees the write fail.
#[cfg(unix)]
fn cut_off(room: &Room, trap: &str) -> Option<i32> {
    let limit = format!("{trap} ulimit -c 0; ulimit -f 200");
    let (code, printed, complaint) = room.stage_after(&limit, &["go", "3d"]).shown();
    assert_eq!(printed, "");
    if code.is_some() {
        assert_eq!(
            complaint,
            "error: cannot write `ROOM/paper company/live/paper.txt`: File too large (os error 27)\n\
             \x20where: half-way to `03-classes-done`; what was in `live/` before is saved\n\
             \x20 mend: `stage undo` brings everything back; the same command again goes on\n"
        );
    }
    // It was in the middle of it.
    assert!(room.path("live/order.py").exists() && !room.path("live/zebra.txt").exists());
    code
}

#[cfg(unix)]
#[test]
fn a_move_that_was_cut_off_is_undone_byte_for_byte() {
    for trap in ["trap '' XFSZ;", ""] {
        let room = room_with_a_large_file();
        let (before, git) = (room.picture(), room.index_and_head());
        cut_off(&room, trap);
        let (_, printed, _) = room.stage(&["list"]).shown();
        assert!(printed.ends_with("the move to `03-classes-done` was interrupted: `stage undo` brings everything back\n"), "{printed}");
        room.stage(&["undo"]).ok(
            "`live/` is as it was before `03-classes-done` (01-why-done on stage)\n\
             what the undo replaced is saved too: `stage undo 2` brings that back\n",
        );
        assert_same(&room.picture(), &before);
        assert!(room.index_and_head() == git);
        assert!(!room.stage(&["list"]).shown().1.contains("interrupted"));
        room.stage(&["undo"]).fails(1, NOTHING);
        room.assert_sound();
    }
}

#[cfg(unix)]
#[test]
fn a_move_that_was_cut_off_is_finished_by_the_same_command() {
    for trap in ["trap '' XFSZ;", ""] {
        let room = room_with_a_large_file();
        let before = room.picture();
        assert_eq!(cut_off(&room, trap).is_some(), !trap.is_empty());
        cut_off(&room, trap);
        assert_eq!(room.stage(&["go", "3d"]).shown().0, Some(0));
        room.assert_live_is("03-classes-done", &[]);
        assert!(!room.stage(&["list"]).shown().1.contains("interrupted"));
        // One undo takes the whole of it back.
        room.stage(&["undo"]).shown();
        assert_same(&room.picture(), &before);
        room.stage(&["undo"]).fails(1, NOTHING);
    }
}

#[cfg(unix)]
#[test]
fn a_move_that_was_cut_off_twice_is_undone_to_before_the_first() {
    let room = room_with_a_large_file();
    let before = room.picture();
    cut_off(&room, "");
    room.write("live/meanwhile.py", "typed in between\n");
    cut_off(&room, "trap '' XFSZ;");
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &before);
    // What was typed in between is in the second save.
    room.stage(&["undo", "2"]).shown();
    assert_eq!(room.read("live/meanwhile.py"), "typed in between\n");
}

#[cfg(unix)]
#[test]
fn an_undo_that_was_cut_off_counts_once() {
    let room = room_with_a_large_file();
    let first = room.picture();
    room.stage(&["go", "3d"]).shown();
    room.write("live/mine.py", "mine\n");
    let second = room.picture();
    room.stage(&["go", "1"]).shown();
    // This undo would write the large file.
    assert_eq!(
        room.stage_after("ulimit -c 0; ulimit -f 200", &["undo"])
            .shown()
            .0,
        None
    );
    assert!(room.stage(&["list"]).shown().1.contains("was interrupted"));
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &second);
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &first);
}

#[cfg(unix)]
#[test]
fn a_save_that_fails_changes_nothing() {
    let room = Room::tagged();
    // Bytes that do not compress: the save itself is too large.
    room.write("live/noise.bin", crate::saved::noise(300_000));
    let (before, refs) = (room.picture(), room.refs("refs"));
    for trap in ["trap '' XFSZ;", ""] {
        let limit = format!("{trap} ulimit -c 0; ulimit -f 200");
        let (code, _, complaint) = room.stage_after(&limit, &["go", "3d"]).shown();
        assert_eq!(code, Some(1), "{complaint}");
        assert!(
            complaint.starts_with("error: `git fast-import"),
            "{complaint}"
        );
        assert_same(&room.picture(), &before);
        assert_eq!(room.refs("refs"), refs);
        room.assert_no_leftovers();
    }
    room.stage(&["undo"]).fails(1, NOTHING);
    assert_same(&Picture::of(&room.live()), &before);
}
