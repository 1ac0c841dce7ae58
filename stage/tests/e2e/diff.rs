//! `stage diff`: mine against a checkpoint or a save, in git's own words.

use crate::picture::assert_same;
use crate::room::Room;

/// A room at `02-hello-1` with an edit, a new file and one that is gone.
fn edited() -> Room {
    let room = Room::tagged();
    room.stage(&["go", "2.1"]).shown();
    room.write("live/names.py", "# mine\n");
    room.write("live/my notes/one.txt", "mine\n");
    room.remove("live/pyproject.toml");
    room
}

#[test]
fn without_a_word_it_is_against_the_checkpoint_on_stage() {
    let room = edited();
    room.stage(&["diff", "--name-only"])
        .ok("live/my notes/one.txt\nlive/names.py\nlive/pyproject.toml\n");
    room.stage(&["diff", "--stat", "names.py"])
        .ok(" live/names.py | 3 +--\n 1 file changed, 1 insertion(+), 2 deletions(-)\n");
    room.stage(&["go", "3"]).shown();
    room.stage(&["diff"])
        .ok("`live/` is as in 03-classes-start\n");
    room.stage(&["diff", "names.py"])
        .ok("these files are as in 03-classes-start\n");
}

#[test]
fn it_is_what_git_says_of_the_same_two_states() {
    let room = edited();
    for (word, tag) in [
        ("start", "02-hello-start"),
        ("done", "02-hello-done"),
        ("3d", "03-classes-done"),
        ("classes.2", "03-classes-2"),
        ("02-hello-1", "02-hello-1"),
    ] {
        let (code, said, complaint) = room.stage(&["diff", word]).shown();
        assert_eq!((code, complaint.as_str()), (Some(0), ""), "{word}");
        // git sees it once it is all in the index.
        room.git(&["add", "-A", "live"]);
        let gits = ["diff", "--cached", "--binary", "--full-index", tag];
        assert_eq!(
            said,
            room.git(&[&gits[..], &["--", "live"]].concat()),
            "{word}"
        );
        room.git(&["reset", "-q"]);
    }
}

#[cfg(unix)]
#[test]
fn redirected_it_is_a_patch_that_git_takes_binary_files_and_all() {
    use std::os::unix::ffi::OsStrExt;
    let room = edited();
    room.write("live/ream.bin", b"\0\x01\xff\n");
    room.write("live/crlf.txt", "one\r\ntwo");
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9 \"q\"");
    std::fs::write(room.live().join(name), "x\n").unwrap();
    std::os::unix::fs::symlink("nowhere", room.path("live/link")).unwrap();
    room.chmod("live/ream.bin", 0o755);
    let mine = room.picture();
    let mut diff = room.command(crate::room::STAGE);
    let patch = diff.arg("diff").current_dir(&room.root).output().unwrap();
    std::fs::write(room.path(".git/mine.patch"), patch.stdout).unwrap();
    room.stage(&["go", "2.1"]).shown();
    assert!(room.picture() != mine);
    room.git(&["apply", "--whitespace=nowarn", ".git/mine.patch"]);
    assert_same(&room.picture(), &mine);
}

#[test]
fn looking_changes_nothing_and_leaves_nothing() {
    let room = edited();
    let count = |room: &Room| room.git(&["count-objects", "-v"]);
    let (picture, git) = (room.picture(), room.index_and_head());
    let (refs, objects) = (room.refs("refs"), count(&room));
    for words in [
        &["diff"][..],
        &["diff", "done"],
        &["diff", "1"],
        &["diff", "no"],
    ] {
        room.stage(words).shown();
    }
    assert_same(&room.picture(), &picture);
    assert!(room.index_and_head() == git);
    assert_eq!(room.refs("refs"), refs);
    assert_eq!(count(&room), objects);
    let left: Vec<_> = std::fs::read_dir(room.path(".git/stage"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| name.to_string_lossy().starts_with("passing"))
        .collect();
    assert_eq!(left.len(), 0);
}

#[test]
fn a_number_is_a_save_and_a_file_may_stand_alone() {
    let room = edited();
    room.stage(&["go", "3"]).shown();
    room.stage(&["diff", "2", "--name-only", "names.py", "my notes"])
        .ok("live/my notes/one.txt\nlive/names.py\n");
    room.write("live/names.py", "# again\n");
    let whole = room.stage(&["diff"]).shown();
    for word in ["names.py", "live/names.py"] {
        assert_eq!(room.stage(&["diff", word]).shown(), whole);
    }
    let inside = room.stage(&["diff", "names.py"]).from(room.live()).shown();
    assert_eq!(inside, whole);
}

#[test]
fn what_cannot_be_compared_with_is_said() {
    let room = edited();
    room.stage(&["diff", "9"]).fails(
        2,
        "error: no save is called `9`\n  mend: `stage saves` shows them all\n",
    );
    room.stage(&["diff", "3"]).fails(
        2,
        "error: no save is called `3`\n  mend: `stage saves` shows them all; `stage diff 3s` is 03-classes-start\n",
    );
    room.stage(&["diff", "clases"]).fails(
        2,
        "error: no checkpoint is called `clases`; did you mean `classes`?\n  mend: `stage list --all` shows them\n",
    );
    room.stage(&["diff", "done", "naems.py"]).fails(
        2,
        "error: there is no file `naems.py`; did you mean `names.py`?\n \
         where: neither in `live/` nor in 02-hello-done\n  mend: name it from here, or from `live/`\n",
    );
    let untagged = Room::new();
    untagged.stage(&["diff"]).fails(
        2,
        "error: cannot tell which checkpoint is on stage\n  mend: say what to compare with: `stage diff 3d`; `stage saves` lists saves\n",
    );
    untagged.stage(&["diff", "3d"]).fails(
        1,
        "error: the tag `03-classes-done` is missing\n  mend: `stage tags` makes them again\n",
    );
}

#[test]
fn the_users_own_taste_in_diffs_does_not_break_it() {
    let room = edited();
    let plain = room.stage(&["diff"]).shown();
    for (key, value) in [
        ("diff.external", "/bin/false"),
        ("diff.noprefix", "true"),
        ("diff.mnemonicPrefix", "true"),
        ("core.pager", "/bin/false"),
        ("core.autocrlf", "true"),
        ("safe.bareRepository", "explicit"),
        ("init.defaultBranch", "a b"),
    ] {
        room.config(key, value);
    }
    assert_eq!(room.stage(&["diff"]).shown(), plain);
}

#[test]
fn an_emptied_live_and_sha256_are_compared_too() {
    let room = Room::with_format("sha256");
    room.stage(&["tags"]).shown();
    std::fs::remove_dir_all(room.live()).unwrap();
    room.stage(&["diff", "--name-only"])
        .ok("live/names.py\nlive/pyproject.toml\nlive/tests/test_names.py\n");
}
