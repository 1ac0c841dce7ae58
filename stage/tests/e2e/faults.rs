//! What can happen to a move from outside: no room on the disk, Ctrl-C, an
//! editor that saves at the worst moment, files of somebody else, a second
//! `stage`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Stdio;

use crate::fault::{Copy, Ended, Fault, Standing, git_folder, stage_with};
use crate::fixtures::make_a_mess;
use crate::picture::assert_same;
use crate::room::{Room, STAGE};

/// Let a fault happen at `tries` moments of a move, or as many as `KILLS` says.
fn at_moments(room: &Room, tries: usize, mut check: impl FnMut(usize)) {
    let start = Copy::of(room);
    let none = Fault {
        action: "none",
        at: 0,
    };
    let changes = stage_with(room, none, "", &["go", "3d"]).changes;
    let stride = match std::env::var("KILLS").as_deref() {
        Ok("every") => 1,
        Ok(number) => number.parse().unwrap(),
        Err(_) => changes / tries,
    };
    for at in (1 + changes % stride..=changes).step_by(stride) {
        start.lay_out(room);
        check(at);
    }
}

/// Whatever happened: nothing had changed, or `undo` brings everything back.
fn all_is_there(room: &Room, before: &Standing, what: &str) {
    let journal = git_folder(room).join("stage/journal");
    let is_begun = journal.exists() && room.stage(&["list"]).shown().1.contains("was interrupted");
    // The last change may have been carried out before anybody died of it.
    if is_begun || room.picture() != before.live {
        let (code, _, complaint) = room.stage(&["undo"]).shown();
        assert_eq!(code, Some(0), "{what}: {complaint}");
    }
    Standing::of(room).assert_is(before);
}

#[test]
fn a_disk_that_is_full_loses_nothing() {
    let room = Room::tagged();
    make_a_mess(&room);
    let before = Standing::of(&room);
    at_moments(&room, 5, |at| {
        let fault = Fault { action: "full", at };
        let Ended {
            code, complaint, ..
        } = stage_with(&room, fault, "", &["go", "3d"]);
        if code == Some(0) {
            // Nothing more needed any room.
            room.stage(&["undo"]).shown();
            return Standing::of(&room).assert_is(&before);
        }
        assert_eq!(code, Some(1), "{at}: {complaint}");
        assert!(complaint.starts_with("error: "), "{at}: {complaint}");
        all_is_there(&room, &before, &complaint);
        let (code, _, complaint) = room.stage(&["go", "3d"]).shown();
        assert_eq!(code, Some(0), "{at}: {complaint}");
    });
}

#[test]
fn an_interrupt_loses_nothing() {
    let room = Room::tagged();
    make_a_mess(&room);
    let before = Standing::of(&room);
    at_moments(&room, 3, |at| {
        let fault = Fault { action: "int", at };
        let ended = stage_with(&room, fault, "", &["go", "3d"]);
        if ended.changes < at {
            // Git and the clock may need a change less than they did before.
            return assert_eq!(ended.code, Some(0));
        }
        assert_eq!(ended.code, Some(130), "{at}: {}", ended.complaint);
        all_is_there(&room, &before, "interrupted");
    });
}

/// An editor saves: in place, or by a new file that takes the old one's place.
#[test]
fn what_an_editor_saves_at_any_moment_of_a_move_is_not_lost() {
    let edits = [
        ("names.py", "echo typed >>live/names.py"),
        ("names.py", "echo typed >.new && mv .new live/names.py"),
        (
            "tests/test_names.py",
            "mkdir -p live/tests; echo typed >>live/tests/test_names.py",
        ),
        ("order.py", "echo typed >>live/order.py"),
        (
            "order.py/inside",
            "mkdir -p live/order.py && echo typed >live/order.py/inside || true",
        ),
        ("large.csv", "echo typed >>live/large.csv"),
    ];
    let room = Room::tagged();
    room.write("live/names.py", "# mine\n");
    room.write("live/large.csv", "reams\n".repeat(200_000));
    let mut number = 0;
    at_moments(&room, 12, |at| {
        let (path, typed) = edits[number % edits.len()];
        number += 1;
        let fault = Fault { action: "run", at };
        let ended = stage_with(&room, fault, typed, &["go", "3d"]);
        assert!(matches!(ended.code, Some(0 | 1)), "{}", ended.complaint);
        if path.contains("inside") && room.path("live/order.py").is_file() {
            // It came too late to be a folder.
            return;
        }
        let is_kept = |text: &str| text.contains("typed\n");
        let on_disk = fs::read_to_string(room.path(&format!("live/{path}"))).unwrap_or_default();
        let saves = room.git(&["for-each-ref", "--format=%(refname)", "refs/stage/save"]);
        let in_saves = saves.lines().any(|save| {
            let kept = room.try_git(&room.root, &["show", &format!("{save}:live/{path}")]);
            is_kept(&String::from_utf8_lossy(&kept.stdout))
        });
        assert!(
            is_kept(&on_disk) || in_saves,
            "`{typed}` at change {at}: {on_disk:?} {}",
            ended.complaint
        );
        // It is not in the way for ever, either.
        let (code, _, complaint) = room.stage(&["go", "3d"]).shown();
        assert_eq!(code, Some(0), "`{typed}` at change {at}: {complaint}");
    });
}

#[test]
fn of_two_at_once_one_waits_for_nobody_and_nothing_is_lost() {
    let room = Room::tagged();
    make_a_mess(&room);
    let before = Standing::of(&room);
    let start = |target: &str| {
        let mut stage = room.command(STAGE);
        stage.args(["go", target]).current_dir(&room.root);
        stage.stdout(Stdio::null()).stderr(Stdio::piped());
        stage.spawn().unwrap()
    };
    for _ in 0..4 {
        let both = [start("3d"), start("2d")];
        let mut moves = 0;
        for one in both {
            let ended = one.wait_with_output().unwrap();
            let complaint = String::from_utf8_lossy(&ended.stderr).into_owned();
            let is_busy = complaint.starts_with("error: another `stage` is at work");
            assert!(ended.status.success() || is_busy, "{complaint}");
            moves += usize::from(ended.status.success());
        }
        for _ in 0..moves {
            room.stage(&["undo"]).shown();
        }
        Standing::of(&room).assert_is(&before);
    }
}

// --- not as root: rights that bind ---

/// Run `stage` as a user whom rights bind; all of the room is theirs.
fn as_nobody(room: &Room, args: &[&str]) -> (Option<i32>, String) {
    // Where they may run it. Written by another process: see `Room::program`.
    let stage = room.folder().join("stage");
    let copied = room.command("cp").arg(STAGE).arg(&stage).status();
    assert!(copied.unwrap().success());
    let mut command = room.command(&stage);
    if is_root() {
        give(room.folder());
        command.uid(NOBODY).gid(NOBODY);
    }
    let ended = command.args(args).current_dir(&room.root).output().unwrap();
    let words = [ended.stdout, ended.stderr].concat();
    let parent = room.root.parent().unwrap().display().to_string();
    let words = String::from_utf8(words).unwrap().replace(&parent, "ROOM");
    (ended.status.code(), words)
}

const NOBODY: u32 = 65_534;

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn give(path: &Path) {
    std::os::unix::fs::lchown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    if fs::symlink_metadata(path).unwrap().is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            give(&entry.unwrap().path());
        }
    }
}

#[test]
fn what_cannot_be_read_stops_the_move_before_anything_changes() {
    for (path, mode, what) in [
        ("live/secret.txt", 0o000, "live/secret.txt"),
        ("live/large.csv", 0o000, "live/large.csv"),
        ("live/tests", 0o000, "live/tests"),
        ("live/tests", 0o444, "live/tests/test_names.py"),
    ] {
        let room = Room::tagged();
        room.write("live/secret.txt", "mine\n");
        room.write("live/large.csv", "reams\n".repeat(200_000));
        let (before, refs) = (room.picture(), room.refs("refs"));
        let rights = fs::metadata(room.path(path)).unwrap().permissions();
        room.chmod(path, mode);
        let (code, words) = as_nobody(&room, &["go", "3d"]);
        assert_eq!(code, Some(1), "{words}");
        let complaint =
            format!("error: cannot read `ROOM/paper company/{what}`: Permission denied");
        assert!(words.starts_with(&complaint), "{words}");
        fs::set_permissions(room.path(path), rights).unwrap();
        assert_same(&room.picture(), &before);
        assert_eq!(room.try_refs(), refs);
    }
}

#[test]
fn a_folder_that_may_not_be_changed_stops_the_move_before_anything_changes() {
    for path in ["live/tests", "live"] {
        let room = Room::tagged();
        room.write("live/mine.txt", "mine\n");
        let (before, refs) = (room.picture(), room.refs("refs"));
        room.chmod(path, 0o555);
        let (code, words) = as_nobody(&room, &["go", "3d"]);
        assert_eq!(code, Some(1), "{words}");
        let complaint = format!(
            "error: cannot change files in `ROOM/paper company/{path}`: Permission denied (os error 13)\n"
        );
        assert!(words.starts_with(&complaint), "{words}");
        assert_same(&room.picture(), &before);
        assert_eq!(room.try_refs(), refs);
        room.chmod(path, 0o755);
        let (code, words) = as_nobody(&room, &["go", "3d"]);
        assert_eq!(code, Some(0), "{words}");
    }
}

#[test]
fn files_that_may_only_be_read_move_all_the_same() {
    let room = Room::tagged();
    room.write("live/names.py", "# mine\n");
    room.chmod("live/names.py", 0o400);
    room.chmod("live/tests/test_names.py", 0o444);
    let before = (room.picture(), mode(&room, "live/names.py"));
    for args in [&["go", "3d"][..], &["undo"]] {
        let (code, words) = as_nobody(&room, args);
        assert_eq!(code, Some(0), "{words}");
    }
    assert_same(&room.picture(), &before.0);
    assert_eq!(mode(&room, "live/names.py"), before.1);
}

fn mode(room: &Room, path: &str) -> u32 {
    fs::metadata(room.path(path)).unwrap().permissions().mode()
}

#[test]
fn a_git_folder_that_may_not_be_written_stops_the_move() {
    let room = Room::tagged();
    room.write("live/names.py", "# mine\n");
    let before = room.picture();
    for path in [".git/objects", ".git/refs", ".git/stage"] {
        let rights = |change: &str| {
            let mut chmod = room.command("chmod");
            chmod.args(["-R", change]).arg(room.path(path));
            assert!(chmod.status().unwrap().success());
        };
        rights("a-w");
        let (code, words) = as_nobody(&room, &["go", "3d"]);
        assert_eq!(code, Some(1), "{path}: {words}");
        assert!(words.starts_with("error: "), "{words}");
        rights("u+w");
        assert_same(&room.picture(), &before);
        let (code, words) = as_nobody(&room, &["undo"]);
        assert_eq!(code, Some(1), "{words}");
        assert!(
            words.starts_with("error: there is no move to undo"),
            "{words}"
        );
    }
}
