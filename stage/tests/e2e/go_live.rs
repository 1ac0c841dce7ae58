//! `stage go`: no byte of the attendee's is lost, whatever `live/` holds.
//!
//! The file is long because each thing that can stand in `live/` is a test.

use std::fs;

#[cfg(unix)]
use crate::fixtures::{LEFT, make_a_mess};
use crate::go::{PUT_AWAY, SAVED, nothing_changes};
use crate::picture::{Picture, assert_same};
use crate::room::Room;

#[test]
fn go_changes_live_and_nothing_else() {
    let room = Room::tagged();
    let before = room.index_and_head();
    let tags = room.tags();
    room.stage(&["go", "02-hello-done"])
        .ok(&format!("on stage: 02-hello-done (the solution)\n{SAVED}"));
    room.assert_live_is("02-hello-done", &[]);
    assert!(before == room.index_and_head());
    assert_eq!(room.tags(), tags);
    assert_eq!(
        room.git(&["status", "--porcelain", "--", ".", ":(exclude)live"]),
        ""
    );
    room.assert_sound();
    room.assert_no_leftovers();
}

#[test]
fn going_where_one_is_writes_nothing() {
    let room = Room::tagged();
    room.stage(&["go", "2d"]).shown();
    let made = |path: &str| fs::metadata(room.path(path)).unwrap().modified().unwrap();
    let before = made("live/hello.py");
    room.stage(&["go", "2d"])
        .ok("on stage: 02-hello-done (the solution)\n`live/` was so already\n");
    assert_eq!(made("live/hello.py"), before);
    // A file that both checkpoints have is not written again: nothing rebuilds.
    room.stage(&["go", "3d"]).shown();
    assert_eq!(made("live/hello.py"), before);
}

#[cfg(unix)]
#[test]
fn a_file_of_which_only_the_executable_bit_differs_is_mended() {
    let room = Room::tagged();
    room.stage(&["go", "2d"]).shown();
    room.chmod("live/run.sh", 0o644);
    room.chmod("live/hello.py", 0o755);
    let before = room.picture();
    room.stage(&["go", "2d"]).shown();
    room.assert_live_is("02-hello-done", &[]);
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &before);
}

#[test]
fn many_files_put_away_are_counted() {
    let room = Room::tagged();
    for name in ["a", "b", "c", "d", "e", "f", "g"] {
        room.write(&format!("live/{name}.txt"), name);
    }
    room.stage(&["go", "1"]).ok(&format!(
        "on stage: 01-why-start (the section's tests, red)\n{PUT_AWAY}a.txt, b.txt, c.txt, d.txt, e.txt and 2 more\n{SAVED}"
    ));
}

#[test]
fn a_live_that_was_deleted_comes_back() {
    let room = Room::tagged();
    fs::remove_dir_all(room.live()).unwrap();
    room.stage(&["go", "2d"])
        .ok(&format!("on stage: 02-hello-done (the solution)\n{SAVED}"));
    room.assert_live_is("02-hello-done", &[]);
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &Picture::empty());
}

#[cfg(unix)]
#[track_caller]
fn go_and_undo_lose_nothing(room: &Room) {
    let mess = room.picture();
    let before = (room.index_and_head(), room.git(&["status", "--porcelain"]));
    let slides = Picture::of(&room.path("slides"));

    let (code, printed, complaint) = room.stage(&["go", "03-classes-done"]).shown();
    assert_eq!((code, complaint.as_str()), (Some(0), ""), "{printed}");
    room.assert_live_is("03-classes-done", &LEFT);
    assert!(room.index_and_head() == before.0);
    assert_same(&Picture::of(&room.path("slides")), &slides);
    room.assert_sound();

    let (code, printed, complaint) = room.stage(&["undo"]).shown();
    assert_eq!((code, complaint.as_str()), (Some(0), ""), "{printed}");
    assert_same(&room.picture(), &mess);
    assert!((room.index_and_head(), room.git(&["status", "--porcelain"])) == before);
    room.assert_no_leftovers();
}

#[cfg(unix)]
#[test]
fn no_byte_of_the_worst_mess_is_lost() {
    let room = Room::tagged();
    make_a_mess(&room);
    go_and_undo_lose_nothing(&room);
}

#[cfg(unix)]
#[test]
fn no_byte_of_it_is_lost_where_line_endings_are_turned() {
    let room = Room::tagged();
    room.config("core.autocrlf", "true");
    room.config("core.safecrlf", "false");
    make_a_mess(&room);
    go_and_undo_lose_nothing(&room);
}

#[cfg(unix)]
#[test]
fn no_byte_of_it_is_lost_under_a_filter_that_fails() {
    let room = Room::tagged();
    make_a_mess(&room);
    room.write(
        "live/.gitattributes",
        "* filter=broken ident working-tree-encoding=UTF-16\n",
    );
    let mess = room.picture();
    room.config("filter.broken.clean", "false");
    room.config("filter.broken.smudge", "false");
    room.config("filter.broken.required", "true");
    room.stage(&["go", "3d"]).shown();
    room.assert_live_is("03-classes-done", &LEFT);
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &mess);
}

#[test]
fn what_the_attendee_chose_to_ignore_comes_back_too() {
    let room = Room::tagged();
    room.write("live/.gitignore", "secret.txt\norder.py\ndata/\n");
    room.write("live/secret.txt", "only here\n");
    room.write("live/data/rows.csv", "only here\n");
    room.write("live/order.py", "# ignored, and in the way\n");
    let before = room.picture();
    room.stage(&["go", "3d"]).shown();
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &before);
    room.stage(&["go", "3d"]).shown();
    room.stage(&["back"]).shown();
    room.stage(&["undo"]).shown();
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &before);
}

#[test]
fn an_ignored_file_in_the_way_is_saved_first() {
    let room = Room::new();
    room.write("solutions/03-classes/data.so", "the workshop's\n");
    room.git(&["add", "-f", "solutions/03-classes/data.so"]);
    room.commit("A file that is ignored and tracked");
    room.stage(&["tags"]).shown();
    room.write("live/data.so", "mine\n");
    let before = room.picture();
    room.stage(&["go", "3d"]).shown();
    room.assert_live_is("03-classes-done", &[]);
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &before);
}

#[test]
fn a_folder_of_ignored_files_in_the_way_stops_the_move() {
    let room = Room::tagged();
    room.write("live/order.py/target/built", "ignored\n");
    room.write("live/mine.txt", "mine\n");
    nothing_changes(&room, |room| {
        room.stage(&["go", "3d"]).fails(
            1,
            "error: `ROOM/paper company/live/order.py` is in the way and not saved: git ignores it, or something in it\n\
             \x20where: nothing was changed\n\
             \x20 mend: move it out of `live/`, then run the same command again\n",
        );
    });
}

#[test]
fn an_empty_folder_in_the_way_gives_way() {
    let room = Room::tagged();
    fs::create_dir_all(room.path("live/order.py/empty/emptier")).unwrap();
    room.stage(&["go", "3d"]).shown();
    room.assert_live_is("03-classes-done", &[]);
}

#[test]
fn an_ignored_file_where_a_folder_must_be_stops_the_move() {
    let room = Room::tagged();
    room.write(".git/info/exclude", "/live/notes\n");
    room.write("live/notes", "mine\n");
    nothing_changes(&room, |room| {
        room.stage(&["go", "3d"]).fails(
            1,
            "error: `ROOM/paper company/live/notes` is in the way and not saved: git ignores it, or something in it\n\
             \x20where: nothing was changed\n\
             \x20 mend: move it out of `live/`, then run the same command again\n",
        );
    });
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_an_ignored_link_either() {
    let room = Room::tagged();
    let elsewhere = room.root.with_file_name("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    room.write(".git/info/exclude", "/live/notes\n");
    std::os::unix::fs::symlink(&elsewhere, room.path("live/notes")).unwrap();
    nothing_changes(&room, |room| {
        let (code, _, complaint) = room.stage(&["go", "3d"]).shown();
        assert_eq!(code, Some(1));
        assert!(
            complaint.starts_with("error: `ROOM/paper company/live/notes` is a symbolic link, and none is followed here\n"),
            "{complaint}"
        );
    });
    assert_same(&Picture::of(&elsewhere), &Picture::empty());
}

#[test]
fn a_repository_in_the_way_stops_the_move() {
    let room = Room::tagged();
    room.try_git(&room.path("live/order.py"), &["init", "-q"]);
    nothing_changes(&room, |room| {
        let (code, _, complaint) = room.stage(&["go", "3d"]).shown();
        assert_eq!(code, Some(1));
        assert!(
            complaint.starts_with("error: `ROOM/paper company/live/order.py` is in the way"),
            "{complaint}"
        );
    });
}

#[test]
fn a_worktree_inside_live_is_left_standing() {
    let room = Room::tagged();
    room.git(&[
        "worktree",
        "add",
        "-q",
        "--detach",
        "live/second",
        "01-why-start",
    ]);
    let before = room.picture();
    let (code, _, complaint) = room.stage(&["go", "3d"]).shown();
    assert_eq!((code, complaint.as_str()), (Some(0), ""));
    room.assert_live_is("03-classes-done", &["second/.git"]);
    room.assert_sound();
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &before);
}

#[test]
fn a_live_that_is_ignored_whole_keeps_its_built_files() {
    let room = Room::tagged();
    room.git(&["rm", "-rq", "--cached", "live"]);
    room.write(".git/info/exclude", "/live/\n");
    room.write("live/target/built", "built\n");
    let before = room.picture();
    room.stage(&["go", "3d"]).shown();
    assert_eq!(room.read("live/target/built"), "built\n");
    room.stage(&["undo"]).shown();
    // What the move wrote in between is ignored, too, and left alone.
    let later = [
        "hello.py",
        "notes",
        "order.py",
        "run.sh",
        "tests/test_hello.py",
        "tests/test_order.py",
    ];
    assert_same(&room.picture().without(&later), &before);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_linked_live() {
    let room = Room::tagged();
    let elsewhere = room.root.with_file_name("elsewhere");
    fs::rename(room.live(), &elsewhere).unwrap();
    std::os::unix::fs::symlink(&elsewhere, room.live()).unwrap();
    nothing_changes(&room, |room| {
        room.stage(&["go", "3d"]).fails(
            1,
            "error: `ROOM/paper company/live` is a symbolic link, and none is followed here\n\
             \x20where: nothing was changed\n\
             \x20 mend: put a real file or folder in its place\n",
        );
    });
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_linked_folder_in_live() {
    use std::os::unix::fs::symlink;
    let room = Room::tagged();
    let elsewhere = room.root.with_file_name("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    fs::write(elsewhere.join("test_hello.py"), "not ours\n").unwrap();
    fs::remove_dir_all(room.path("live/tests")).unwrap();
    symlink(&elsewhere, room.path("live/tests")).unwrap();
    symlink("/dev/null", room.path("live/hello.py")).unwrap();
    let (before, outside) = (room.picture(), Picture::of(&elsewhere));
    room.stage(&["go", "3d"]).shown();
    room.assert_live_is("03-classes-done", &[]);
    assert_same(&Picture::of(&elsewhere), &outside);
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &before);
    assert_same(&Picture::of(&elsewhere), &outside);
}

#[cfg(unix)]
#[test]
fn a_pipe_in_live_stops_the_move() {
    let room = Room::tagged();
    let made = room.command("mkfifo").arg(room.path("live/pipe")).status();
    assert!(made.unwrap().success());
    let refs = room.refs("refs");
    room.stage(&["go", "3d"]).fails(
        1,
        "error: `ROOM/paper company/live/pipe` is neither a file, a folder nor a link\n\
         \x20where: nothing was changed\n\
         \x20 mend: move it away, then run the same command again\n",
    );
    assert_eq!(room.refs("refs"), refs);
    assert!(!room.path("live/order.py").exists());
}

/// What an editor saves between the save and the move stays on disk.
#[cfg(unix)]
#[test]
fn what_is_typed_while_the_move_is_under_way_is_not_overwritten() {
    // One that would be written, one that would be removed, one that was not there.
    for path in ["names.py", "tests/test_names.py", "order.py"] {
        let room = Room::tagged();
        let git = std::env::split_paths(&std::env::var_os("PATH").unwrap())
            .map(|folder| folder.join("git"))
            .find(|git| git.is_file())
            .unwrap();
        // A git that lets somebody type as soon as the save is made.
        let script = format!(
            "git='{}'; \"$git\" \"$@\"; code=$?\ncase $* in *fast-import*) echo typed >live/{path} ;; esac; exit $code",
            git.display()
        );
        room.program("../programs/git", &script);
        let path_variable = std::env::join_paths(
            std::iter::once(room.root.with_file_name("programs"))
                .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
        );
        room.stage(&["go", "3d"])
            .env("PATH", path_variable.unwrap())
            .fails(
                1,
                &format!(
                    "error: `ROOM/paper company/live/{path}` changed while it was being saved\n\
                     \x20where: half-way to `03-classes-done`; what was in `live/` before is saved\n\
                     \x20 mend: `stage undo` brings everything back; the same command again goes on\n"
                ),
            );
        assert_eq!(room.read(&format!("live/{path}")), "typed\n");
        let before = room.picture();
        room.stage(&["go", "3d"]).shown();
        room.assert_live_is("03-classes-done", &[]);
        // The second save has what was typed.
        room.stage(&["undo", "2"]).shown();
        assert_same(&room.picture(), &before);
    }
}
