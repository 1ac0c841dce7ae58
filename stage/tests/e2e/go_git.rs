//! `stage go`: no byte of the attendee's is lost, whatever state git is in.

use std::fs;

use crate::go::nothing_changes;
use crate::picture::{Picture, assert_same};
use crate::room::Room;

#[test]
fn a_merge_under_way_goes_on_after_undo() {
    let room = Room::tagged();
    room.git(&["checkout", "-q", "-b", "theirs"]);
    room.write("live/names.py", "# theirs\n");
    room.commit("theirs");
    room.git(&["checkout", "-q", "main"]);
    room.write("live/names.py", "# mine\n");
    room.commit("mine");
    assert!(
        !room
            .try_git(&room.root, &["merge", "theirs"])
            .status
            .success()
    );
    let before = (room.picture(), room.index_and_head());
    let status = room.git(&["status"]);
    room.stage(&["go", "3d"]).shown();
    room.assert_live_is("03-classes-done", &[]);
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &before.0);
    assert!(room.index_and_head() == before.1);
    assert_eq!(room.git(&["status"]), status);
}

#[test]
fn a_rebase_under_way_goes_on_after_undo() {
    let room = Room::tagged();
    room.git(&["checkout", "-q", "-b", "theirs"]);
    room.write("live/names.py", "# theirs\n");
    room.commit("theirs");
    room.git(&["checkout", "-q", "main"]);
    room.write("live/names.py", "# mine\n");
    room.commit("mine");
    assert!(
        !room
            .try_git(&room.root, &["rebase", "theirs"])
            .status
            .success()
    );
    let (picture, status) = (room.picture(), room.git(&["status"]));
    room.stage(&["go", "3d"]).shown();
    room.assert_live_is("03-classes-done", &[]);
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &picture);
    assert_eq!(room.git(&["status"]), status);
}

#[test]
fn an_index_lock_that_was_left_does_not_matter() {
    let room = Room::tagged();
    room.write(".git/index.lock", "");
    room.stage(&["go", "3d"]).shown();
    room.assert_live_is("03-classes-done", &[]);
}

#[test]
fn without_a_commit_on_the_branch_work_is_saved_all_the_same() {
    let room = Room::tagged();
    room.git(&["checkout", "-q", "--orphan", "nothing"]);
    room.write("live/mine.py", "mine\n");
    let before = (room.picture(), room.index_and_head());
    room.stage(&["go", "3d"]).shown();
    room.assert_live_is("03-classes-done", &[]);
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &before.0);
    assert!(room.index_and_head() == before.1);
}

#[test]
fn a_linked_worktree_has_its_own_stage() {
    let room = Room::tagged();
    room.git(&["worktree", "add", "-q", "-b", "second", "../second"]);
    let second = room.at(room.root.with_file_name("second"));
    room.write("live/mine.py", "in the first\n");
    let first = room.picture();
    room.stage(&["go", "3d"]).shown();
    // The second has not moved: it has nothing to undo, and stands elsewhere.
    second
        .stage(&["saves"])
        .ok("nothing is saved yet: `stage go` saves `live/` before it changes it\n");
    second.stage(&["undo"]).fails(
        1,
        "error: there is no move to undo\n  mend: `stage list` shows where you are\n",
    );
    let (_, printed, _) = second.stage(&["next"]).shown();
    assert!(
        printed.starts_with("on stage: 02-hello-start ("),
        "{printed}"
    );
    assert_same(
        &Picture::of(&second.root.join("live")),
        &second.picture_in("02-hello-start"),
    );
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &first);
    assert_same(
        &Picture::of(&second.root.join("live")),
        &second.picture_in("02-hello-start"),
    );
    // Their work survives that git forgets what nothing names.
    room.git(&["gc", "-q", "--prune=now"]);
    second.stage(&["undo"]).shown();
    assert_same(
        &Picture::of(&second.root.join("live")),
        &second.picture_in("second"),
    );
}

#[test]
fn saves_survive_a_cleaning_of_the_repository() {
    let room = Room::tagged();
    room.write("live/mine.py", "mine\n");
    let before = room.picture();
    room.stage(&["go", "3d"]).shown();
    room.git(&["reflog", "expire", "--expire=now", "--all"]);
    room.git(&["gc", "-q", "--prune=now"]);
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &before);
}

#[cfg(unix)]
#[test]
fn from_a_folder_that_vanishes_it_works() {
    let room = Room::tagged();
    room.write("live/mine/deep/x.py", "x\n");
    let before = room.picture();
    let (code, _, complaint) = room
        .stage(&["go", "3d"])
        .from(room.path("live/mine/deep"))
        .shown();
    assert_eq!((code, complaint.as_str()), (Some(0), ""));
    room.assert_live_is("03-classes-done", &[]);
    assert!(!room.path("live/mine").exists());
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &before);
}

#[cfg(target_os = "linux")]
#[test]
fn in_a_folder_that_is_gone_undo_works_and_says_where_to_go() {
    let room = Room::tagged();
    room.write("live/mine/x.py", "x\n");
    let before = room.picture();
    let mut shell = room.command("sh");
    let script = "cd \"$1/live/mine\" && \"$2\" go 3d >/dev/null && \"$2\" where && \"$2\" undo";
    let ended = shell
        .args(["-c", script, "sh"])
        .args([room.root.as_os_str(), crate::room::STAGE.as_ref()])
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(ended.status.success(), "{complaint}");
    assert!(
        ended
            .stdout
            .starts_with(b"03-classes-done\n`live/` is as it was before `03-classes-done`")
    );
    let live = room.live().display().to_string();
    let gone =
        format!("warning: the folder that you are in is no longer there\n  mend: `cd {live}`\n");
    assert_eq!(complaint, gone.repeat(2));
    assert_same(&room.picture(), &before);
}

#[cfg(unix)]
#[test]
fn two_names_of_one_file_leave_together_and_come_back() {
    let room = Room::tagged();
    room.write("live/a.txt", "once\n");
    fs::hard_link(room.path("live/a.txt"), room.path("live/b.txt")).unwrap();
    let before = room.picture();
    let (code, _, complaint) = room.stage(&["go", "3d"]).shown();
    assert_eq!((code, complaint.as_str()), (Some(0), ""));
    room.assert_live_is("03-classes-done", &[]);
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &before);
}

#[cfg(unix)]
#[test]
fn neither_signing_nor_hooks_nor_a_missing_name_stop_a_save() {
    let room = Room::tagged();
    let config =
        "[user]\n\tuseConfigOnly = true\n[commit]\n\tgpgSign = true\n[gpg]\n\tprogram = false\n";
    fs::write(room.home().join(".gitconfig"), config).unwrap();
    room.program(".git/hooks/reference-transaction", "exit 1");
    room.write("live/mine.py", "mine\n");
    let before = room.picture();
    room.stage(&["go", "3d"]).shown();
    room.assert_live_is("03-classes-done", &[]);
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &before);
}

#[test]
fn while_another_stage_works_nothing_moves() {
    use fs4::FileExt;
    let room = Room::tagged();
    let held = fs::File::open(room.path(".git/stage/lock")).unwrap();
    FileExt::lock(&held).unwrap();
    nothing_changes(&room, |room| {
        for args in [&["go", "3d"][..], &["next"], &["undo"]] {
            let (code, _, complaint) = room.stage(args).shown();
            assert_eq!(code, Some(1));
            assert!(
                complaint.starts_with("error: another `stage` is at work in this repository\n"),
                "{complaint}"
            );
        }
    });
}
