//! What a save holds beside the files of `live/`: the index, a merge under way,
//! rights, large files; and what plain git can read of it.

use std::fs;

use crate::fixtures::FIXTURES;
use crate::picture::assert_same;
use crate::room::Room;

/// A room in one of the states that are killed in, too.
fn fixture(name: &str) -> Room {
    let (_, make) = FIXTURES
        .into_iter()
        .find(|(other, _)| *other == name)
        .unwrap();
    make()
}

/// The only save there is.
fn save(room: &Room) -> String {
    let listed = room.git(&["for-each-ref", "--format=%(refname)", "refs/stage/save"]);
    assert_eq!(listed.lines().count(), 1, "{listed}");
    listed.trim_end().into()
}

fn forget_all_that_nothing_names(room: &Room) {
    room.git(&["reflog", "expire", "--expire=now", "--all"]);
    room.git(&["gc", "-q", "--prune=now"]);
}

#[test]
fn a_merge_that_is_given_up_after_the_move_can_be_read_back() {
    let room = fixture("merge conflict");
    let index = fs::read(room.path(".git/index")).unwrap();
    let message = room.read(".git/MERGE_MSG");
    let theirs = room.id("theirs");
    let stages: Vec<String> = ["1", "2", "3"]
        .map(|stage| room.git(&["show", &format!(":{stage}:live/names.py")]))
        .into();
    room.stage(&["go", "3d"]).shown();
    room.stage(&["undo"]).shown();
    let save = save_before(&room);
    // The files are the same, and newer than the index thinks: git must look.
    room.git(&["status"]);
    room.git(&["merge", "--abort"]);
    room.git(&["branch", "-D", "theirs"]);
    forget_all_that_nothing_names(&room);

    let kept = |path: &str| {
        room.try_git(&room.root, &["show", &format!("{save}^2:{path}")])
            .stdout
    };
    assert!(kept("git/index") == index);
    assert_eq!(kept("git/MERGE_HEAD"), format!("{theirs}\n").as_bytes());
    assert_eq!(kept("git/MERGE_MSG"), message.as_bytes());
    for (number, text) in (1..).zip(stages) {
        assert_eq!(
            kept(&format!("stage-{number}/live/names.py")),
            text.as_bytes()
        );
    }
    // The commit that was being merged is there, too.
    assert_eq!(
        room.git(&["show", &format!("{theirs}:live/theirs.py")]),
        "# theirs\n"
    );
    room.assert_sound();
}

/// The save of the move, not of the undo after it.
fn save_before(room: &Room) -> String {
    let listed = room.git(&["for-each-ref", "--format=%(refname)", "refs/stage/save"]);
    listed.lines().next().unwrap().into()
}

#[test]
fn a_rebase_and_a_cherry_pick_under_way_are_in_the_save() {
    for (name, paths) in [
        (
            "rebase under way",
            &["rebase-merge/onto", "rebase-merge/orig-head", "REBASE_HEAD"][..],
        ),
        ("cherry-pick under way", &["CHERRY_PICK_HEAD"]),
    ] {
        let room = fixture(name);
        room.stage(&["go", "3d"]).shown();
        let save = save(&room);
        for path in paths {
            let kept = room.git(&["show", &format!("{save}^2:git/{path}")]);
            assert_eq!(kept, room.read(&format!(".git/{path}")));
            // What it names outlives the branches.
            let id = kept.trim_end();
            let found = room.git(&["rev-list", &format!("{save}^2")]);
            assert!(found.contains(id), "{path}: {id}");
        }
    }
}

#[test]
fn what_was_staged_and_then_edited_can_be_read_back() {
    let room = Room::tagged();
    for path in ["live/names.py", "README.md"] {
        room.write(path, format!("# {path}, staged\n"));
        room.git(&["add", path]);
        room.write(path, "# edited\n");
    }
    room.stage(&["go", "3d"]).shown();
    room.git(&["reset", "-q"]);
    forget_all_that_nothing_names(&room);
    let save = save(&room);
    for path in ["live/names.py", "README.md"] {
        let kept = room.git(&["show", &format!("{save}^2:stage-0/{path}")]);
        assert_eq!(kept, format!("# {path}, staged\n"));
    }
}

#[test]
fn plain_git_shows_what_was_edited() {
    let room = Room::tagged();
    room.write("live/names.py", "# mine\n");
    room.stage(&["go", "3d"]).shown();
    let save = save(&room);
    let changed = room.git(&["diff", "--name-status", "HEAD", &save]);
    assert_eq!(changed, "M\tlive/names.py\n");
    assert_eq!(room.id(&format!("{save}^1")), room.id("HEAD"));
}

#[test]
fn what_stands_outside_live_is_neither_saved_nor_touched() {
    let room = Room::tagged();
    room.write("README.md", "# edited\n");
    room.write("slides/own.txt", "mine\n");
    room.write("live/names.py", "# mine\n");
    let status = room.git(&["status", "--porcelain", "--", ".", ":(exclude)live"]);
    room.stage(&["go", "3d"]).shown();
    let after = room.git(&["status", "--porcelain", "--", ".", ":(exclude)live"]);
    assert_eq!(after, status);
    assert_eq!(room.read("README.md"), "# edited\n");
    let changed = room.git(&["diff", "--name-only", "HEAD", &save(&room)]);
    assert_eq!(changed, "live/names.py\n");
}

#[cfg(unix)]
#[test]
fn rights_come_back_with_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let room = fixture("read-only and secret");
    let mode = |path: &str| {
        let found = fs::metadata(room.path(path)).unwrap();
        found.permissions().mode() & 0o7777
    };
    let paths = [
        "live/names.py",
        "live/password",
        "live/hello.py",
        "live/tests/test_names.py",
    ];
    let before = paths.map(mode);
    assert_eq!(before, [0o444, 0o600, 0o700, 0o640]);
    room.stage(&["go", "3d"]).shown();
    assert_eq!(mode("live/hello.py"), 0o644);
    room.stage(&["undo"]).shown();
    assert_eq!(paths.map(mode), before);
    // Rights alone are a reason to write a file again.
    room.chmod("live/password", 0o644);
    room.stage(&["undo", "1"]).shown();
    assert_eq!(paths.map(mode), before);
}

// --- large files ---

/// A room with a file of 3 MB that is not the checkpoints'.
fn room_with_data() -> Room {
    let room = Room::tagged();
    room.write("live/data.bin", noise(3_000_000));
    room
}

/// Bytes that do not compress.
pub fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let noise = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    });
    noise.take(length).collect()
}

#[test]
fn a_large_file_comes_back_and_is_kept_once() {
    let room = room_with_data();
    let before = room.picture();
    for _ in 0..5 {
        room.stage(&["go", "3d"]).shown();
        assert!(!room.path("live/data.bin").exists());
        room.stage(&["undo"]).shown();
        assert_same(&room.picture(), &before);
    }
    let counted = room.git(&["count-objects", "-v"]);
    let size = |key: &str| {
        let line = counted.lines().find_map(|line| line.strip_prefix(key));
        line.unwrap().parse::<u64>().unwrap()
    };
    let kilobytes = size("size: ") + size("size-pack: ");
    assert!(kilobytes < 4_000, "{counted}");
    room.assert_sound();
}

#[test]
fn a_file_of_many_megabytes_is_kept_as_it_is() {
    let room = Room::tagged();
    let bytes = noise(9_000_000);
    room.write("live/data.bin", &bytes);
    room.chmod("live/data.bin", 0o755);
    let before = room.picture();
    room.stage(&["go", "3d"]).shown();
    forget_all_that_nothing_names(&room);
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &before);
    room.assert_sound();
}

#[test]
fn a_large_file_that_a_checkpoint_has_is_written() {
    let room = Room::new();
    room.write("solutions/03-classes/paper.bin", noise(2_000_000));
    room.commit("A large file");
    room.stage(&["tags"]).shown();
    room.write("live/paper.bin", noise(2_000_001));
    let before = room.picture();
    room.stage(&["go", "3d"]).shown();
    room.assert_live_is("03-classes-done", &[]);
    room.stage(&["go", "3d"])
        .ok("on stage: 03-classes-done (the solution)\n`live/` was so already\n");
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &before);
}

/// Of the same length, with the old time: only the change's own time tells.
#[cfg(unix)]
#[test]
fn a_large_file_that_was_changed_behind_its_times_is_read_again() {
    let room = room_with_data();
    let place = room.path("live/data.bin");
    room.stage(&["go", "3d"]).shown();
    room.stage(&["undo"]).shown();
    let written = fs::metadata(&place).unwrap().modified().unwrap();
    let mut bytes = noise(3_000_000);
    bytes[1_500_000] ^= 1;
    fs::write(&place, &bytes).unwrap();
    let file = fs::File::options().write(true).open(&place).unwrap();
    file.set_modified(written).unwrap();
    drop(file);
    let before = room.picture();
    room.stage(&["go", "3d"]).shown();
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &before);
}

/// A stamp that is known is believed: the file is not read. The blob that the
/// table names here is another one, which shows it.
#[cfg(unix)]
#[test]
fn a_large_file_that_nobody_touched_is_not_read_again() {
    use std::os::unix::fs::MetadataExt;
    let room = room_with_data();
    let remember = |blob: &str| {
        let found = fs::metadata(room.path("live/data.bin")).unwrap();
        let modified = found.mtime() as i128 * 1_000_000_000 + found.mtime_nsec() as i128;
        let line = format!(
            "{blob} {} {} {} {modified} {}.{:09} {:o}\n",
            found.dev(),
            found.ino(),
            found.len(),
            found.ctime(),
            found.ctime_nsec(),
            found.mode()
        );
        room.write(".git/stage/large", line);
    };
    room.write("another", "another blob\n");
    let blob = room.git(&["hash-object", "-w", "another"]);
    remember(blob.trim_end());
    room.stage(&["go", "3d"]).shown();
    let kept = room.git(&["show", &format!("{}:live/data.bin", save(&room))]);
    assert_eq!(kept, "another blob\n");
    // One that is no longer there is not believed in.
    room.write("live/data.bin", noise(3_000_000));
    let before = room.picture();
    remember(&"0123456789".repeat(4));
    room.stage(&["go", "2d"]).shown();
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &before);
}
