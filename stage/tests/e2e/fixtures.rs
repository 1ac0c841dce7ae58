//! The states in which an attendee's clone can be when `stage` is called.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;

use crate::room::Room;

type Make = fn() -> Room;

/// Each with its name.
pub const FIXTURES: [(&str, Make); 18] = [
    ("everything at once", everything_at_once),
    ("merge conflict", merge_conflict),
    ("rebase under way", rebase_under_way),
    ("cherry-pick under way", cherry_pick_under_way),
    ("detached, own commits", detached_with_own_commits),
    ("linked worktree", linked_worktree),
    ("shallow clone", shallow_clone),
    ("sha256", sha256),
    ("sparse checkout", sparse_checkout),
    ("line endings", line_endings),
    ("embedded repository", embedded_repository),
    ("read-only and secret", read_only_and_secret),
    ("case-only rename", case_only_rename),
    ("no commit yet", no_commit_yet),
    ("large file", large_file),
    ("split index", split_index),
    ("empty live", empty_live),
    ("links and folders", links_and_folders),
];

fn everything_at_once() -> Room {
    let room = Room::tagged();
    make_a_mess(&room);
    room
}

/// Everything at once that an attendee's `live/` can be in.
pub fn make_a_mess(room: &Room) {
    let live = |path: &str| format!("live/{path}");
    room.git(&["checkout", "-q", "02-hello-1"]);
    for name in [
        "hidden.py",
        "gone.py",
        "kept.py",
        "script.sh",
        "old name.py",
    ] {
        room.write(&live(name), format!("# {name}\n"));
    }
    room.chmod("live/script.sh", 0o755);
    room.commit("my own files");

    room.write("live/names.py", "# staged\n");
    room.git(&["add", "live/names.py"]);
    room.write("live/names.py", "# staged, then edited\n");
    room.write("live/hello.py", "# edited\n");
    room.chmod("live/hello.py", 0o755);
    room.chmod("live/script.sh", 0o644);
    room.remove("live/pyproject.toml");
    room.git(&["rm", "-q", "live/gone.py"]);
    room.git(&["rm", "-q", "--cached", "live/kept.py"]);
    room.git(&["mv", "live/old name.py", "live/new name.py"]);
    room.write("live/new.py", "# staged and new\n");
    room.git(&["add", "live/new.py"]);
    room.write("live/meant.py", "# only meant to be added\n");
    room.git(&["add", "-N", "live/meant.py"]);
    room.git(&["update-index", "--skip-worktree", "live/hidden.py"]);
    room.write("live/hidden.py", "# edited behind git's back\n");
    room.write("live/untracked.txt", "notes to myself\n");
    // In the way of 03-classes-done: a file, a file for a folder, a folder for a file.
    room.write("live/order.py", "# my own order\n");
    room.write("live/notes", "a file\n");
    room.write("live/run.sh/inner/deep.txt", "a folder\n");
    room.write("live/empty", "");
    room.write(
        "live/large.bin",
        (0..1 << 20)
            .map(|n: u32| ((n * 31) >> 3) as u8)
            .collect::<Vec<_>>(),
    );
    room.write("live/.gitattributes", "*.txt text eol=lf\n");
    room.write("live/crlf.txt", "one\r\ntwo\r\n");
    room.write("live/crlf.md", "one\r\ntwo\nthree\r\n");
    for name in [
        "with space",
        "-rf",
        "quo\"te'",
        "new\nline",
        "back\\slash",
        "tab\there",
        "é",
        "e\u{301}",
        ":(top)x",
        "*",
        ".stage-tmp-1-0",
    ] {
        room.write(&live(name), name);
    }
    room.write(&live(&"long".repeat(60)), "a long name\n");
    fs::write(
        room.live().join(OsStr::from_bytes(b"caf\xe9")),
        "not UTF-8\n",
    )
    .unwrap();
    symlink("names.py", room.path("live/link")).unwrap();
    symlink("nowhere", room.path("live/dangling")).unwrap();
    symlink(OsStr::from_bytes(b"to\xff"), room.path("live/odd link")).unwrap();
    symlink("../slides", room.path("live/outside")).unwrap();
    room.write("live/inner repository/mine.txt", "embedded\n");
    room.try_git(&room.path("live/inner repository"), &["init", "-q"]);
    room.write("live/secret.so", "ignored\n");
    room.write("live/target/debug/built", "ignored\n");
    room.write(
        "live/tests/target/built",
        "ignored, in a folder that is not\n",
    );
}

/// What git ignores there stays; so does an embedded repository's own `.git`.
pub const LEFT: [&str; 4] = [
    "secret.so",
    "target",
    "tests/target",
    "inner repository/.git",
];

/// Two branches that changed the same line, `main` checked out.
fn two_branches() -> Room {
    let room = Room::tagged();
    room.git(&["checkout", "-q", "-b", "theirs"]);
    room.write("live/names.py", "# theirs\n");
    room.write("live/theirs.py", "# theirs\n");
    room.commit("theirs");
    room.git(&["checkout", "-q", "main"]);
    room.write("live/names.py", "# mine\n");
    room.commit("mine");
    room
}

fn conflict(args: &[&str]) -> Room {
    let room = two_branches();
    assert!(!room.try_git(&room.root, args).status.success());
    room.write("live/names.py", "# half resolved\n<<<<<<< HEAD\n");
    room
}

fn merge_conflict() -> Room {
    conflict(&["merge", "theirs"])
}

fn rebase_under_way() -> Room {
    conflict(&["rebase", "theirs"])
}

fn cherry_pick_under_way() -> Room {
    conflict(&["cherry-pick", "theirs"])
}

fn detached_with_own_commits() -> Room {
    let room = Room::tagged();
    room.git(&["checkout", "-q", "02-hello-start"]);
    for text in ["# one\n", "# two\n"] {
        room.write("live/hello.py", text);
        room.commit("mine, on no branch");
    }
    room.write("live/hello.py", "# three, not committed\n");
    room
}

fn linked_worktree() -> Room {
    let mut room = Room::tagged();
    room.git(&["worktree", "add", "-q", "-b", "second", "../second"]);
    room.root = room.root.with_file_name("second");
    edit(&room);
    room
}

fn shallow_clone() -> Room {
    let mut room = Room::tagged();
    room.root = room.cloned(&["--depth", "1"]).root.clone();
    room.stage(&["tags"])
        .ok("10 tags: 10 made, 0 changed, 0 removed\n");
    edit(&room);
    room
}

fn sha256() -> Room {
    let room = Room::with_format("sha256");
    room.stage(&["tags"])
        .ok("10 tags: 10 made, 0 changed, 0 removed\n");
    edit(&room);
    room
}

fn sparse_checkout() -> Room {
    let room = Room::tagged();
    room.git(&[
        "sparse-checkout",
        "set",
        "live/tests",
        "slides",
        "solutions",
    ]);
    room.write("live/names.py", "# there although it should not\n");
    edit(&room);
    room
}

fn line_endings() -> Room {
    let room = Room::tagged();
    room.config("core.autocrlf", "true");
    room.config("core.safecrlf", "false");
    room.write(
        "live/.gitattributes",
        "*.py text eol=crlf\n*.txt ident working-tree-encoding=UTF-16\n",
    );
    room.write("live/names.py", "one\r\ntwo\nthree\r\n");
    room.write("live/odd.txt", "$Id$\r\n");
    room
}

pub fn embedded_repository() -> Room {
    let room = Room::tagged();
    let inner = room.path("live/inner");
    room.try_git(&inner, &["init", "-q"]);
    room.write("live/inner/mine.txt", "one\n");
    room.try_git(&inner, &["add", "."]);
    room.try_git(&inner, &["commit", "-qm", "inside"]);
    room.write("live/inner/mine.txt", "two\n");
    room.write("live/inner/new.txt", "untracked there\n");
    room.write("live/names.py", "# mine\n");
    room
}

fn read_only_and_secret() -> Room {
    let room = Room::tagged();
    for (path, mode) in [
        ("live/names.py", 0o444),
        ("live/password", 0o600),
        ("live/hello.py", 0o700),
        ("live/tests/test_names.py", 0o640),
    ] {
        room.write(path, format!("# {mode:o}\n"));
        room.chmod(path, mode);
    }
    room
}

fn case_only_rename() -> Room {
    let room = Room::tagged();
    room.git(&["mv", "live/names.py", "live/Names.py"]);
    room.write("live/ORDER.py", "# mine\n");
    room.write("live/Notes", "# mine\n");
    room
}

fn no_commit_yet() -> Room {
    let room = Room::tagged();
    room.git(&["checkout", "-q", "--orphan", "nothing"]);
    edit(&room);
    room
}

fn large_file() -> Room {
    let room = Room::tagged();
    room.write("live/data.csv", "reams,price\n".repeat(200_000));
    room.write("live/names.py", "# large\n".repeat(200_000));
    room
}

fn split_index() -> Room {
    let room = Room::tagged();
    room.git(&["update-index", "--split-index"]);
    room.write("live/staged.py", "# staged\n");
    room.git(&["add", "live/staged.py"]);
    edit(&room);
    room
}

fn empty_live() -> Room {
    let room = Room::tagged();
    fs::remove_dir_all(room.live()).unwrap();
    fs::create_dir(room.live()).unwrap();
    room
}

fn links_and_folders() -> Room {
    let room = Room::tagged();
    fs::remove_dir_all(room.path("live/tests")).unwrap();
    symlink("../slides", room.path("live/tests")).unwrap();
    room.remove("live/names.py");
    room.write("live/names.py/inside/deep.py", "# a folder now\n");
    symlink("/dev/null", room.path("live/order.py")).unwrap();
    room
}

/// An edit, a new file, a deleted one.
fn edit(room: &Room) {
    room.write("live/names.py", "# edited\n");
    room.write("live/mine.py", "# mine\n");
    let _ = fs::remove_file(room.path("live/pyproject.toml"));
}
