//! `stage tags`: what they hold, all or nothing, nobody else's touched.
//!
//! The file is long because each thing that can stand in the way is a test.

use std::fs;
use std::process::Command;
use std::sync::OnceLock;

use fs4::FileExt;

use crate::room::Room;
use crate::workshop::TAGS;

pub const MADE: &str = "10 tags: 10 made, 0 changed, 0 removed\n";
pub const SO: &str = "10 tags, all as the folders say\n";

/// The tags that a plain clone makes.
pub fn plain() -> &'static str {
    static TAGS: OnceLock<String> = OnceLock::new();
    TAGS.get_or_init(|| Room::tagged().tags())
}

// --- what the tags hold ---

#[test]
fn done_is_the_solution_and_start_is_the_done_before_with_new_tests() {
    let room = Room::tagged();
    for stem in ["01-why", "02-hello", "03-classes"] {
        assert_eq!(
            room.id(&format!("{stem}-done:live")),
            room.id(&format!("main:solutions/{stem}"))
        );
        assert_eq!(
            room.id(&format!("{stem}-start:live/tests")),
            room.id(&format!("main:solutions/{stem}/tests"))
        );
    }
    for (before, stem) in [("01-why", "02-hello"), ("02-hello", "03-classes")] {
        let outside_tests = |tag: String| {
            room.git(&["ls-tree", &tag, "live/"])
                .replace(&room.id(&format!("{tag}:live/tests")), "")
        };
        assert_eq!(
            outside_tests(format!("{stem}-start")),
            outside_tests(format!("{before}-done"))
        );
    }
}

#[test]
fn the_tags_are_a_chain_and_each_changes_only_live() {
    let room = Room::tagged();
    let mut parent = room.id("main");
    for tag in TAGS {
        assert_eq!(
            room.git(&["rev-list", "--parents", "-1", tag]),
            format!("{} {parent}\n", room.id(tag))
        );
        let changed = room.git(&["diff-tree", "-r", "--name-only", "--no-commit-id", tag]);
        assert!(
            !changed.is_empty() && changed.lines().all(|path| path.starts_with("live/")),
            "{tag}: {changed}"
        );
        assert_eq!(room.git(&["cat-file", "-t", tag]), "commit\n");
        parent = room.id(tag);
    }
    let changed = room.git(&[
        "diff-tree",
        "-r",
        "--name-only",
        "--no-commit-id",
        "03-classes-2",
    ]);
    assert_eq!(changed, "live/order.py\n");
}

#[test]
fn a_checkpoints_commit_says_what_it_is() {
    let room = Room::tagged();
    assert_eq!(
        room.git(&[
            "log",
            "-1",
            "--format=%an <%ae> %ad%n%cn <%ce> %cd%n%B",
            "--date=raw",
            "03-classes-2"
        ]),
        "Rust under Python <checkpoints@rust-under-python.invalid> 1700000009 +0000\n\
         Rust under Python <checkpoints@rust-under-python.invalid> 1700000009 +0000\n\
         03-classes-2: an order knows its reams\n\nCheckpoint: 03-classes-2\n\n"
    );
}

// --- nobody's tags but ours ---

#[test]
fn tags_of_the_users_own_stay() {
    let room = Room::new();
    room.git(&["tag", "v1.0"]);
    room.git(&["tag", "-a", "-m", "mine", "04-mine-done"]);
    let own = room.tags();
    room.stage(&["tags"]).ok(MADE);
    // Named like a checkpoint and on one, but not made by us.
    room.git(&["tag", "09-friday-done", "03-classes-done"]);
    room.stage(&["tags"]).ok(SO);
    for line in own.lines() {
        assert!(room.tags().contains(line), "{line}");
    }
    assert_eq!(room.id("09-friday-done"), room.id("03-classes-done"));
}

#[test]
fn a_tag_of_somebody_elses_with_our_name_stops_everything() {
    let room = Room::new();
    room.git(&["tag", "02-hello-1"]);
    let before = room.tags();
    let message = format!(
        "error: the tag `02-hello-1` is in the way: it was not made by `stage tags`\n\
         \x20where: it points to {}; no tag was changed\n\
         \x20 mend: keep it under another name: `git tag my-02-hello-1 02-hello-1`, `git tag -d 02-hello-1`, `stage tags`\n",
        room.id("HEAD")
    );
    room.stage(&["tags"]).fails(1, &message);
    room.stage(&["tags", "--check"]).fails(1, &message);
    assert_eq!(room.tags(), before);
    // The three commands of the message are the cure.
    room.git(&["tag", "my-02-hello-1", "02-hello-1"]);
    room.git(&["tag", "-d", "02-hello-1"]);
    room.stage(&["tags"]).ok(MADE);
    assert_eq!(room.id("my-02-hello-1"), room.id("main"));
}

#[test]
fn an_annotated_tag_with_our_name_is_not_ours_either() {
    let room = Room::tagged();
    room.git(&["tag", "-f", "-a", "-m", "mine", "02-hello-1", "02-hello-1"]);
    let before = room.tags();
    let (code, _, complaint) = room.stage(&["tags"]).shown();
    assert_eq!(code, Some(1));
    assert!(
        complaint.starts_with("error: the tag `02-hello-1` is in the way"),
        "{complaint}"
    );
    assert_eq!(room.tags(), before);
}

// --- keeping them right ---

#[test]
fn a_tag_moved_by_hand_is_named_and_put_back() {
    let room = Room::tagged();
    room.git(&["tag", "-f", "02-hello-1", "01-why-1"]);
    let moved = room.tags();
    room.stage(&["tags", "--check"]).fails(
        1,
        "error: the tags are not what the folders say; moved: `02-hello-1`\n\
         \x20where: `refs/tags`\n\
         \x20 mend: `stage tags` makes them again\n",
    );
    assert_eq!(room.tags(), moved);
    room.stage(&["tags"])
        .ok("10 tags: 0 made, 1 changed, 0 removed\n");
    assert_eq!(room.tags(), plain());
}

#[test]
fn a_removed_section_takes_its_tags_along() {
    let room = Room::tagged();
    room.git(&[
        "rm",
        "-rq",
        "solutions/03-classes",
        "slides/steps/03-classes",
        "slides/03-classes.md",
    ]);
    room.commit("Without classes");
    room.stage(&["tags", "--check"]).fails(
        1,
        "error: the tags are not what the folders say; moved: `01-why-start`, `01-why-1`, `01-why-done`, `02-hello-start`, `02-hello-1`, `02-hello-done`; left over: `03-classes-1`, `03-classes-2`, `03-classes-done`, `03-classes-start`\n\
         \x20where: `refs/tags`\n\
         \x20 mend: `stage tags` makes them again\n",
    );
    room.stage(&["tags"])
        .ok("6 tags: 0 made, 6 changed, 4 removed\n");
    assert_eq!(room.git(&["tag", "--list", "03-*"]), "");
}

#[test]
fn a_new_commit_on_main_moves_the_whole_chain() {
    let room = Room::tagged();
    room.write("README.md", "# Dunder Mifflin Paper\n");
    room.commit("The full name");
    room.stage(&["tags"])
        .ok("10 tags: 0 made, 10 changed, 0 removed\n");
    assert_eq!(room.id("01-why-start~1"), room.id("main"));
}

#[test]
fn uncommitted_changes_are_mentioned_and_left_out() {
    let room = Room::tagged();
    room.write("solutions/02-hello/new.py", "x = 1\n");
    room.stage(&["tags"]).ok("10 tags, all as the folders say\n\
         note: uncommitted changes in `solutions/` or `slides/steps/` are not in the tags\n");
    assert_eq!(room.tags(), plain());
}

// --- all or nothing ---

#[test]
fn one_locked_ref_and_no_tag_changes() {
    let room = Room::new();
    room.write(".git/refs/tags/02-hello-1.lock", "");
    let (code, printed, complaint) = room.stage(&["tags"]).shown();
    assert_eq!((code, printed.as_str()), (Some(1), ""));
    assert!(complaint.starts_with("error: `git update-ref --stdin -z --no-deref` failed (exit status: 128)\n where: fatal: "), "{complaint}");
    assert!(
        complaint.contains("refs/tags/02-hello-1.lock': File exists"),
        "{complaint}"
    );
    assert_eq!(room.tags(), "");
    room.remove(".git/refs/tags/02-hello-1.lock");
    room.stage(&["tags"]).ok(MADE);
    assert_eq!(room.tags(), plain());
}

#[cfg(unix)]
#[test]
fn a_write_that_fails_makes_no_tag_and_says_why() {
    let room = Room::new();
    let run = || {
        room.stage_after("trap '' XFSZ; ulimit -f 0", &["tags"])
            .shown()
    };
    let (code, printed, complaint) = run();
    assert_eq!((code, printed.as_str()), (Some(1), ""));
    assert!(
        complaint.starts_with("error: `git fast-import"),
        "{complaint}"
    );
    assert!(complaint.contains("File too large"), "{complaint}");
    assert_eq!(room.tags(), "");
    room.assert_no_leftovers();
    room.stage(&["tags"]).ok(MADE);
    assert_eq!(room.tags(), plain());
}

#[cfg(unix)]
#[test]
fn a_git_that_is_killed_makes_no_tag_and_is_named() {
    let room = Room::new();
    // Without the trap the limit kills git, and there are no last words.
    let (code, _, complaint) = room
        .stage_after("ulimit -c 0; ulimit -f 0", &["tags"])
        .shown();
    assert_eq!(code, Some(1));
    assert!(
        complaint.starts_with("error: `git fast-import"),
        "{complaint}"
    );
    assert!(complaint.contains("(signal: 25"), "{complaint}");
    assert!(
        !complaint.contains("in git's own words above"),
        "{complaint}"
    );
    assert_eq!(room.tags(), "");
    room.assert_no_leftovers();
}

/// On a real full disk, where the system lets a test mount one.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_makes_no_tag_and_is_named() {
    let unshare = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(["-rm", "sh", "-c", script]);
        command
    };
    let disk = tempfile::TempDir::new().unwrap();
    let mounted = format!("mount -t tmpfs -o size=2m none '{}'", disk.path().display());
    if !unshare(&mounted)
        .status()
        .is_ok_and(|status| status.success())
    {
        eprintln!("no disk can be mounted here");
        return;
    }
    let room = Room::new();
    let script = format!(
        "set -e; {mounted}; cd '{}'; cp -a '{}/.' .; cat /dev/zero >fills 2>/dev/null || true\n\
         '{}' tags || echo \"exit $?\"; git for-each-ref refs/tags; ls .git | grep crash || true\n\
         rm fills; '{}' tags",
        disk.path().display(),
        room.root.display(),
        crate::room::STAGE,
        crate::room::STAGE,
    );
    let mut command = room.command("unshare");
    let ran = command.args(["-rm", "sh", "-c", &script]).output().unwrap();
    let complaint = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(
        String::from_utf8(ran.stdout).unwrap(),
        format!("exit 1\n{MADE}"),
        "{complaint}"
    );
    assert!(
        complaint.contains("Out of diskspace") || complaint.contains("No space left on device"),
        "{complaint}"
    );
    assert!(
        complaint.ends_with("  mend: make room on the disk, then run the same command again\n"),
        "{complaint}"
    );
}

#[test]
fn a_second_stage_waits_for_nobody() {
    let room = Room::new();
    room.write(".git/stage/lock", "");
    let held = fs::File::open(room.path(".git/stage/lock")).unwrap();
    FileExt::lock(&held).unwrap();
    let busy = "error: another `stage` is at work in this repository\n\
         \x20where: `ROOM/paper company/.git/stage/lock` is locked\n\
         \x20 mend: wait until it has finished, then run the same command again\n";
    room.stage(&["tags"]).fails(1, busy);
    assert_eq!(room.tags(), "");
    drop(held);
    room.stage(&["tags"]).ok(MADE);
}

// --- what cannot work says so ---

/// Only root may give a folder away.
#[cfg(unix)]
#[test]
fn somebody_elses_repository_gets_gits_own_words() {
    let room = Room::new();
    let given = Command::new("chown")
        .args(["-R", "12345"])
        .arg(&room.root)
        .output()
        .unwrap();
    if !given.status.success() {
        return;
    }
    let (code, _, complaint) = room.stage(&["tags"]).shown();
    assert_eq!(code, Some(1));
    assert!(complaint.starts_with("error: `git rev-parse --show-toplevel` failed (exit status: 128)\n where: fatal: detected dubious ownership"), "{complaint}");
    assert!(
        complaint.contains("git config --global --add safe.directory"),
        "{complaint}"
    );
}

#[test]
fn a_tag_below_one_of_ours_stops_everything() {
    let room = Room::new();
    room.git(&["tag", "02-hello-1/mine"]);
    let before = room.tags();
    let (code, _, complaint) = room.stage(&["tags"]).shown();
    assert_eq!(code, Some(1));
    assert!(
        complaint
            .contains("'refs/tags/02-hello-1/mine' exists; cannot create 'refs/tags/02-hello-1'"),
        "{complaint}"
    );
    assert_eq!(room.tags(), before);
}

#[test]
fn a_zip_download_is_told_to_clone() {
    let room = Room::without_git();
    let told = "error: checkpoints are git tags, and this folder is not a git repository\n\
         \x20where: `ROOM/paper company`\n\
         \x20 mend: a ZIP download has no checkpoints: use `git clone` and run `./setup.sh` there\n";
    for args in [
        &["tags"][..],
        &["go", "2"],
        &["undo"],
        &["saves"],
        &["next"],
    ] {
        room.stage(args).fails(1, told);
    }
}

#[test]
fn a_zip_download_inside_another_repository_does_not_tag_that_one() {
    let room = Room::without_git();
    let outer = room.root.parent().unwrap();
    room.try_git(outer, &["init", "-q"]);
    let (code, _, complaint) = room.stage(&["tags"]).shown();
    assert_eq!(code, Some(1));
    assert!(
        complaint.starts_with(
            "error: checkpoints are git tags, and this folder is not a git repository\n"
        ),
        "{complaint}"
    );
    assert!(room.try_git(outer, &["for-each-ref"]).stdout.is_empty());
}

#[test]
fn without_git_it_says_so() {
    let room = Room::new();
    let message = "error: cannot run `git`\n  mend: install git, then run `./setup.sh` again\n";
    room.stage(&["tags"])
        .env("PATH", room.home())
        .fails(1, message);
}

#[test]
fn outside_a_workshop_it_says_where_it_looked() {
    let room = Room::new();
    room.stage(&["tags"]).from(room.home()).fails(
        2,
        "error: this is not the workshop's folder\n\
         \x20where: looked upwards from `ROOM/home`\n\
         \x20 mend: go into the clone and run it again\n",
    );
}

#[test]
fn a_repository_without_commits_says_so() {
    let room = Room::without_git();
    room.git(&["init", "-q"]);
    room.stage(&["tags"]).fails(
        2,
        "error: the repository has no commit to make tags from\n\
         \x20 mend: commit `solutions/` and `slides/`, then run `stage tags` again\n",
    );
}

#[test]
fn a_step_that_does_not_fit_is_named_with_its_file() {
    let room = Room::tagged();
    let before = room.tags();
    let broken = room
        .read("slides/steps/03-classes/2.patch")
        .replace("customer = customer", "client = client");
    room.write("slides/steps/03-classes/2.patch", broken);
    room.commit("A step that does not fit");
    room.stage(&["tags"]).fails(
        1,
        "error: the step `slides/steps/03-classes/2.patch` does not fit `order.py`: error applying hunk #1\n\
         \x20where: slides/steps/03-classes/2.patch\n\
         \x20 mend: `stage steps refresh` carries the steps along after an edit of a solution\n",
    );
    assert_eq!(room.tags(), before);
}

#[test]
fn a_solution_with_a_bad_name_is_named() {
    let room = Room::new();
    room.write("solutions/Four/x", "x\n");
    room.commit("A bad name");
    room.stage(&["tags"]).fails(
        1,
        "error: `solutions/Four` is not named like `03-classes`\n\
         \x20 mend: rename it: two digits, a hyphen, lower-case words\n",
    );
    assert_eq!(room.tags(), "");
}
