//! `stage go` and `undo` in clones that few people have.

use std::fs;

use crate::fixtures::embedded_repository;
use crate::picture::{Picture, assert_same};
use crate::room::Room;

/// A move and its undo: all of `live/` comes back, `left` stays all the time.
#[track_caller]
fn go_and_come_back(room: &Room, left: &[&str]) {
    let before = (room.picture(), room.git(&["status", "--porcelain"]));
    let (code, printed, complaint) = room.stage(&["go", "3d"]).shown();
    assert_eq!((code, complaint.as_str()), (Some(0), ""), "{printed}");
    room.assert_live_is("03-classes-done", left);
    let (code, printed, complaint) = room.stage(&["undo"]).shown();
    assert_eq!((code, complaint.as_str()), (Some(0), ""), "{printed}");
    assert_same(&room.picture(), &before.0);
    assert_eq!(room.git(&["status", "--porcelain"]), before.1);
    room.assert_sound();
}

#[test]
fn an_edit_that_git_was_told_not_to_see_comes_back() {
    let room = Room::tagged();
    room.git(&["update-index", "--assume-unchanged", "live/names.py"]);
    room.write("live/names.py", "# behind git's back\n");
    go_and_come_back(&room, &[]);
    assert_eq!(room.read("live/names.py"), "# behind git's back\n");
}

#[test]
fn a_file_system_watcher_and_an_untracked_cache_do_not_matter() {
    let room = Room::tagged();
    // A watcher that never reports a change.
    room.program("../programs/watcher", "printf 'token\\0'");
    let watcher = room.root.with_file_name("programs").join("watcher");
    room.git(&["config", "core.fsmonitor", watcher.to_str().unwrap()]);
    room.git(&["update-index", "--fsmonitor"]);
    room.git(&["update-index", "--force-untracked-cache"]);
    room.git(&["status"]);
    room.write("live/names.py", "# mine\n");
    room.write("live/new.py", "# mine\n");
    let before = room.picture();
    room.stage(&["go", "3d"]).shown();
    room.assert_live_is("03-classes-done", &[]);
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &before);
}

#[test]
fn a_submodule_in_live_is_left_standing() {
    let room = Room::tagged();
    let other = room.root.with_file_name("other");
    room.try_git(&other, &["init", "-q"]);
    fs::write(other.join("theirs.txt"), "theirs\n").unwrap();
    room.try_git(&other, &["add", "."]);
    room.try_git(&other, &["commit", "-qm", "theirs"]);
    let add = ["-c", "protocol.file.allow=always", "submodule", "add", "-q"];
    let place = other.display().to_string();
    room.git(&[&add[..], &[&place, "live/sub"]].concat());
    room.commit("with a submodule");
    room.write("live/sub/theirs.txt", "edited\n");
    go_and_come_back(&room, &["sub/.git"]);
}

#[test]
fn an_embedded_repository_keeps_its_history_while_its_files_are_away() {
    let room = embedded_repository();
    let inner = room.path("live/inner");
    let history = Picture::of(&inner.join(".git"));
    room.stage(&["go", "3d"]).shown();
    assert!(!room.path("live/inner/mine.txt").exists());
    assert_same(&Picture::of(&inner.join(".git")), &history);
    room.stage(&["undo"]).shown();
    assert_same(&Picture::of(&inner.join(".git")), &history);
    let changed = room.try_git(&inner, &["diff", "--name-only"]).stdout;
    assert_eq!(changed, b"mine.txt\n");
}

#[test]
fn without_blobs_and_without_a_network_it_works_all_the_same() {
    let mut room = Room::tagged();
    let root = room.cloned(&["--filter=blob:none"]).root.clone();
    let origin = std::mem::replace(&mut room.root, root);
    room.stage(&["tags"]).shown();
    room.write("live/names.py", "# mine\n");
    // One blob that this clone never saw is meant to be added.
    fs::rename(origin, room.folder().join("gone")).unwrap();
    let unseen = "100644,1234567890123456789012345678901234567890,live/unseen.py";
    room.git(&["update-index", "--add", "--cacheinfo", unseen]);
    let before = room.picture();
    room.stage(&["go", "3d"]).shown();
    room.assert_live_is("03-classes-done", &[]);
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &before);
}

#[test]
fn where_refs_are_kept_in_a_table_it_works_all_the_same() {
    let room = Room::without_git();
    let init = ["init", "-q", "--ref-format=reftable"];
    if !room.try_git(&room.root, &init).status.success() {
        // A git older than 2.45 knows no such thing.
        assert!(room.git(&["--version"]) < "git version 2.45".into());
        return;
    }
    room.commit("The workshop");
    room.stage(&["tags"]).shown();
    room.write("live/names.py", "# mine\n");
    go_and_come_back(&room, &[]);
}

#[test]
fn a_branch_named_like_a_tag_is_not_mistaken_for_it() {
    let room = Room::tagged();
    room.git(&["checkout", "-q", "-b", "03-classes-done"]);
    room.write("live/names.py", "# on a branch\n");
    room.commit("own");
    let head = room.id("HEAD");
    room.stage(&["go", "3d"]).shown();
    let picture = room.picture_in("refs/tags/03-classes-done");
    assert_same(&room.picture(), &picture);
    assert_eq!(room.id("refs/heads/03-classes-done"), head);
    room.stage(&["undo"]).shown();
    assert_eq!(room.read("live/names.py"), "# on a branch\n");
}

#[test]
fn a_bisection_goes_on_after_undo() {
    let room = Room::tagged();
    room.git(&["bisect", "start", "03-classes-done", "main"]);
    room.write("live/names.py", "# mine\n");
    let log = room.read(".git/BISECT_LOG");
    go_and_come_back(&room, &[]);
    assert_eq!(room.read(".git/BISECT_LOG"), log);
}

#[test]
fn with_a_thousand_saves_the_first_comes_back() {
    let room = Room::tagged();
    room.write("live/mine.py", "mine\n");
    let before = room.picture();
    room.stage(&["go", "2"]).shown();
    let save = room.git(&["for-each-ref", "--format=%(refname)", "refs/stage/save"]);
    let id = room.id(save.trim_end());
    let first: u128 = save.trim_end().rsplit('/').next().unwrap().parse().unwrap();
    let more = (1..1_000).map(|number| {
        let name = format!("refs/stage/save/{:020}", first + number);
        format!("create {name} {id}\n")
    });
    room.write("more", more.collect::<String>());
    let mut git = room.command("git");
    git.args(["update-ref", "--stdin"]).current_dir(&room.root);
    git.stdin(fs::File::open(room.path("more")).unwrap());
    assert!(git.status().unwrap().success());
    room.stage(&["go", "3d"]).shown();
    room.assert_live_is("03-classes-done", &[]);
    let listed = room.stage(&["saves"]).shown().1;
    assert_eq!(listed.lines().count(), 1_002);
    room.stage(&["undo", "1"]).shown();
    assert_same(&room.picture(), &before);
}

#[test]
fn an_undo_and_its_undo_after_own_commits_keep_both() {
    let room = Room::tagged();
    room.write("live/mine.py", "mine\n");
    let first = room.picture();
    room.stage(&["go", "2"]).shown();
    room.write("live/hello.py", "# typed at the checkpoint\n");
    room.commit("own");
    let (second, head) = (room.picture(), room.id("HEAD"));
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &first);
    room.commit("another of my own");
    room.stage(&["undo", "2"]).shown();
    assert_same(&room.picture(), &second);
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &first);
    room.git(&["merge-base", "--is-ancestor", &head, "HEAD"]);
}
