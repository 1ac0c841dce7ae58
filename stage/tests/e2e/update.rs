//! `stage update`: new material comes, and nothing of anybody's goes.
//!
//! The file is long because each way in which a clone may differ from the one it
//! came from is a test here.

use crate::picture::{Picture, assert_same};
use crate::room::{Clone, Room};

const TAGS: &str = "10 tags, all as the folders say\n";

/// What an attendee has: a clone of the room, with tags.
fn attendee(room: &Room) -> Clone<'_> {
    let clone = room.cloned(&[]);
    clone.stage(&["tags"]).shown();
    clone
}

/// The author changes section 1 and the README, and publishes.
pub fn publish(room: &Room) {
    let text = "def near(a, b):\n    return a.lower() == b.lower()  # new\n";
    room.write("solutions/01-why/names.py", text);
    room.write("live/names.py", text);
    room.write(
        "slides/steps/01-why/start.patch",
        "x\n\ndiff --git a/names.py b/names.py\n--- a/names.py\n+++ b/names.py\n@@ -1,2 +1,2 @@\n def near(a, b):\n-    return a.lower() == b.lower()  # new\n+    raise NotImplementedError\n",
    );
    room.write(
        "slides/steps/02-hello/1.patch",
        "a greeting\n\ndiff --git a/hello.py b/hello.py\nnew file mode 100644\n--- /dev/null\n+++ b/hello.py\n@@ -0,0 +1,2 @@\n+def hello():\n+    return \"\"\n",
    );
    room.write("README.md", "# Dunder Mifflin, new\n");
    room.write("slides/new.txt", "new\n");
    room.commit("New material");
}

fn picture(clone: &Clone<'_>) -> Picture {
    Picture::of(&clone.root.join("live"))
}

fn write(clone: &Clone<'_>, path: &str, text: &str) {
    std::fs::write(clone.root.join(path), text).unwrap();
}

fn read(clone: &Clone<'_>, path: &str) -> String {
    std::fs::read_to_string(clone.root.join(path)).unwrap()
}

const FETCHING: &str = "fetching `main` from file://ROOM/paper company\n";

#[track_caller]
fn assert_sound(clone: &Clone<'_>) {
    clone.git(&["fsck", "--strict", "--no-dangling", "--no-progress"]);
    clone.stage(&["tags", "--check"]).ok(TAGS);
}

#[test]
fn without_anything_new_it_says_so() {
    let room = Room::new();
    let clone = attendee(&room);
    let refs = clone.refs("refs/tags");
    clone
        .stage(&["update"])
        .ok(&format!("{}nothing new\n{TAGS}", FETCHING));
    assert_eq!(clone.refs("refs/tags"), refs);
}

#[test]
fn a_clean_clone_goes_along_and_the_tags_with_it() {
    let room = Room::new();
    let clone = attendee(&room);
    publish(&room);
    clone.stage(&["update"]).ok(&format!(
        "{}`main` went forward by 1 commit: 01-why, 02-hello\n\
         10 tags: 0 made, 10 changed, 0 removed\n\
         `live/` went along; what was in it is saved: `stage undo` brings it back\n",
        FETCHING
    ));
    assert_eq!(
        clone.git(&["rev-parse", "HEAD"]),
        room.git(&["rev-parse", "HEAD"])
    );
    assert_eq!(clone.git(&["status", "--porcelain"]), "");
    assert!(read(&clone, "live/names.py").ends_with("# new\n"));
    clone.stage(&["where"]).ok("01-why-done\n");
    assert_sound(&clone);
}

#[test]
fn who_is_at_work_stays_at_work() {
    let room = Room::new();
    let clone = attendee(&room);
    clone.stage(&["go", "2.1"]).shown();
    write(&clone, "live/mine.py", "mine\n");
    write(&clone, "live/names.py", "# mine\n");
    let before = picture(&clone);
    publish(&room);
    clone.stage(&["update"]).ok(&format!(
        "{}`main` went forward by 1 commit: 01-why, 02-hello\n\
         10 tags: 0 made, 10 changed, 0 removed\n\
         `live/` stays as it is: 02-hello-1, with what is yours\n\
         to have the new 02-hello-1: `stage go 02-hello-1`; your own work is saved first\n",
        FETCHING
    ));
    assert_same(&picture(&clone), &before);
    assert_eq!(read(&clone, "README.md"), "# Dunder Mifflin, new\n");
    // Outside `live/` all is as committed, and the index knows the new `live/`.
    assert_eq!(
        clone.git(&["status", "--porcelain", "--", ".", ":!live"]),
        ""
    );
    assert_eq!(clone.git(&["diff", "--cached", "--stat"]), "");
    clone.stage(&["where"]).ok("02-hello-1\n");
    clone
        .stage(&["diff", "--name-only"])
        .ok("live/mine.py\nlive/names.py\n");
    assert_sound(&clone);
}

#[test]
fn what_was_staged_stays_staged() {
    let room = Room::new();
    let clone = attendee(&room);
    write(&clone, "live/names.py", "# staged\n");
    clone.git(&["add", "live/names.py"]);
    write(&clone, "live/names.py", "# and edited since\n");
    publish(&room);
    assert_eq!(clone.stage(&["update"]).shown().0, Some(0));
    assert_eq!(clone.git(&["show", ":live/names.py"]), "# staged\n");
    assert_eq!(read(&clone, "live/names.py"), "# and edited since\n");
    assert_sound(&clone);
}

#[test]
fn own_tags_and_branches_are_never_touched() {
    let room = Room::new();
    let clone = attendee(&room);
    publish(&room);
    room.git(&["tag", "v1"]);
    room.git(&["tag", "lunch", "HEAD~1"]);
    clone.git(&["tag", "lunch"]);
    clone.git(&["tag", "-a", "-m", "x", "mine", "03-classes-done"]);
    clone.git(&["branch", "my-try", "02-hello-done"]);
    let own = || {
        let tags = ["refs/tags/lunch", "refs/tags/mine", "refs/heads/my-try"];
        tags.map(|name| clone.git(&["rev-parse", name]))
    };
    let before = own();
    assert_eq!(clone.stage(&["update"]).shown().0, Some(0));
    assert_eq!(own(), before);
    assert_eq!(clone.refs("refs/tags/v1"), "");
    assert_sound(&clone);
}

#[test]
fn an_own_tag_that_is_in_the_way_is_named_and_a_second_run_completes() {
    let room = Room::new();
    let clone = room.cloned(&[]);
    clone.git(&["tag", "02-hello-done"]);
    let tag = clone.git(&["rev-parse", "02-hello-done"]);
    publish(&room);
    let (code, _, complaint) = clone.stage(&["update"]).shown();
    assert_eq!(code, Some(1));
    assert!(
        complaint.starts_with("error: the tag `02-hello-done` is in the way"),
        "{complaint}"
    );
    assert_eq!(clone.git(&["rev-parse", "02-hello-done"]), tag);
    clone.git(&["tag", "my-02", "02-hello-done"]);
    clone.git(&["tag", "-d", "02-hello-done"]);
    assert_eq!(clone.stage(&["update"]).shown().0, Some(0));
    assert_sound(&clone);
}

/// Nothing of the attendee's has changed.
fn untouched(clone: &Clone<'_>) -> (Picture, String, String, Vec<u8>) {
    (
        Picture::of(&clone.root.join("live")),
        clone.refs("refs/heads") + &clone.refs("refs/tags") + &clone.refs("refs/stage"),
        clone.git(&["status", "--porcelain=v2"]),
        std::fs::read(clone.root.join(".git/HEAD")).unwrap(),
    )
}

#[track_caller]
fn assert_untouched(clone: &Clone<'_>, before: (Picture, String, String, Vec<u8>)) {
    let now = untouched(clone);
    assert_same(&now.0, &before.0);
    assert_eq!((now.1, now.2, now.3), (before.1, before.2, before.3));
}

#[test]
fn own_commits_that_went_another_way_stay_and_the_way_is_said() {
    let room = Room::new();
    let clone = attendee(&room);
    write(&clone, "README.md", "# mine\n");
    clone.git(&["commit", "-qam", "mine"]);
    publish(&room);
    let before = untouched(&clone);
    clone.stage(&["update"]).prints(
        1,
        FETCHING,
        "error: `main` and `origin/main` have gone apart\n \
         where: 1 commit on `main` that the other has not, 1 new one there; nothing was changed\n  \
         mend: `git merge origin/main` joins both; then `stage tags`\n",
    );
    assert_untouched(&clone, before);
}

#[test]
fn own_commits_on_top_of_what_there_is_are_nothing_new() {
    let room = Room::new();
    let clone = attendee(&room);
    write(&clone, "live/names.py", "# mine\n");
    clone.git(&["commit", "-qam", "mine"]);
    clone
        .stage(&["update"])
        .ok(&format!("{}nothing new\n{TAGS}", FETCHING));
}

#[test]
fn a_branch_that_was_rewritten_is_not_followed() {
    let room = Room::new();
    publish(&room);
    let clone = attendee(&room);
    room.git(&["reset", "-q", "--hard", "HEAD~1"]);
    room.write("README.md", "# Another history\n");
    room.commit("Rewritten");
    let before = untouched(&clone);
    clone.stage(&["update"]).prints(
        1,
        FETCHING,
        "error: `origin/main` was rewritten, so `main` cannot go forward to it\n \
         where: 1 commit on `main` that the other has not, 1 new one there; nothing was changed\n  \
         mend: `git switch -c new-material --no-track origin/main` takes it on a branch of its own, then `stage tags`\n",
    );
    assert_untouched(&clone, before);
    // What is said to type does what it says.
    clone.git(&[
        "switch",
        "-q",
        "-c",
        "new-material",
        "--no-track",
        "origin/main",
    ]);
    clone.stage(&["tags"]).shown();
    assert_sound(&clone);
}

#[test]
fn elsewhere_the_branch_goes_forward_and_head_stays() {
    for (place, said) in [
        ("mine", "HEAD is on `mine`, not on `main`"),
        ("02-hello-done", "HEAD is detached, not on `main`"),
    ] {
        let room = Room::new();
        let clone = attendee(&room);
        clone.git(&["branch", "mine"]);
        clone.git(&["checkout", "-q", place]);
        write(&clone, "live/mine.py", "mine\n");
        let (picture_before, head) = (picture(&clone), clone.git(&["rev-parse", "HEAD"]));
        publish(&room);
        clone.stage(&["update"]).prints(
            1,
            FETCHING,
            &format!(
                "error: the new material is here, but {said}\n \
                 where: `main` went forward to it; HEAD and `live/` stay as they are\n  \
                 mend: `git switch main`, then `stage update`\n"
            ),
        );
        assert_same(&picture(&clone), &picture_before);
        assert_eq!(clone.git(&["rev-parse", "HEAD"]), head);
        assert_eq!(
            clone.git(&["rev-parse", "main"]),
            room.git(&["rev-parse", "main"])
        );
        std::fs::remove_file(clone.root.join("live/mine.py")).unwrap();
        clone.git(&["switch", "-q", "main"]);
        assert_eq!(clone.stage(&["update"]).shown().0, Some(0));
        assert_sound(&clone);
    }
}

#[test]
fn a_branch_that_another_work_tree_has_open_stays() {
    let room = Room::new();
    let clone = attendee(&room);
    clone.git(&["switch", "-q", "-c", "mine"]);
    clone.git(&["worktree", "add", "-q", "../other tree", "main"]);
    publish(&room);
    let main = clone.git(&["rev-parse", "main"]);
    let (code, _, complaint) = clone.stage(&["update"]).shown();
    assert_eq!(code, Some(1));
    assert!(
        complaint.contains(
            " where: `origin/main` has it; another work tree has `main` open, so it stays\n"
        ),
        "{complaint}"
    );
    assert_eq!(clone.git(&["rev-parse", "main"]), main);
}

#[test]
fn edits_outside_live_are_never_overwritten() {
    let room = Room::new();
    let clone = attendee(&room);
    publish(&room);
    let mends = |file: &str| {
        format!("  mend: `git stash push -u -- '{file}'`, `stage update`, `git stash pop`\n")
    };
    for (file, text) in [("README.md", "# mine\n"), ("slides/new.txt", "mine\n")] {
        write(&clone, file, text);
        let before = untouched(&clone);
        let (code, printed, complaint) = clone.stage(&["update"]).shown();
        assert_eq!((code, printed), (Some(1), FETCHING.into()));
        assert!(
            complaint.starts_with(
                "error: edits of yours outside `live/` are in the way\n where: error: "
            ),
            "{complaint}"
        );
        assert!(complaint.ends_with(&mends(file)), "{complaint}");
        assert_untouched(&clone, before);
        assert_eq!(read(&clone, file), text);
        clone.git(&["stash", "push", "-q", "-u", "--", file]);
    }
    assert_eq!(clone.stage(&["update"]).shown().0, Some(0));
    assert_sound(&clone);
}

#[test]
fn edits_elsewhere_outside_live_come_along() {
    let room = Room::new();
    let clone = attendee(&room);
    write(&clone, "slides/02-hello.md", "# my notes\n");
    publish(&room);
    assert_eq!(clone.stage(&["update"]).shown().0, Some(0));
    assert_eq!(read(&clone, "slides/02-hello.md"), "# my notes\n");
    assert_eq!(
        clone.git(&["status", "--porcelain"]),
        " M slides/02-hello.md\n"
    );
}

#[test]
fn without_a_network_or_a_remote_nothing_changes() {
    let room = Room::new();
    let clone = attendee(&room);
    let address = "https://pam:s3cret@localhost:1/workshop";
    clone.git(&["remote", "set-url", "origin", address]);
    let before = untouched(&clone);
    let (code, printed, complaint) = clone.stage(&["update"]).shown();
    assert_eq!(code, Some(1));
    assert_eq!(
        printed,
        "fetching `main` from https://localhost:1/workshop\n"
    );
    assert!(
        complaint.starts_with(
            "error: cannot fetch `main` from `https://localhost:1/workshop`\n where: fatal: "
        ),
        "{complaint}"
    );
    assert!(
        complaint.ends_with("        nothing was changed\n  mend: nothing needs it: go on, and run `stage update` when that is mended\n"),
        "{complaint}"
    );
    assert!(!complaint.contains("s3cret"), "{complaint}");
    clone.git(&["remote", "set-url", "origin", "../nowhere"]);
    assert_eq!(clone.stage(&["update"]).shown().0, Some(1));
    assert_untouched(&clone, before);
    clone.git(&["remote", "remove", "origin"]);
    clone.stage(&["update"]).fails(
        1,
        "error: this clone does not know where it came from: it has no remote\n \
         where: `git remote` prints nothing; nothing was changed\n  \
         mend: say where: `git remote add origin ADDRESS`, then `stage update` again\n",
    );
}

#[test]
fn a_merge_under_way_is_not_mixed_with() {
    let room = Room::new();
    let clone = attendee(&room);
    clone.git(&["switch", "-q", "-c", "mine"]);
    write(&clone, "README.md", "# mine\n");
    clone.git(&["commit", "-qam", "mine"]);
    clone.git(&["switch", "-q", "main"]);
    write(&clone, "README.md", "# also mine\n");
    clone.git(&["commit", "-qam", "also"]);
    let _ = room.try_git(&clone.root, &["merge", "-q", "mine"]);
    let before = untouched(&clone);
    clone.stage(&["update"]).fails(
        1,
        "error: a merge is under way, and an update would mix with it\n \
         where: nothing was changed\n  mend: finish it, or `git merge --abort`; then `stage update` again\n",
    );
    assert_untouched(&clone, before);
}

#[test]
fn a_shallow_clone_and_a_renamed_branch_are_updated() {
    let room = Room::new();
    room.commit("one more");
    let clone = room.cloned(&["--depth=1"]);
    clone.git(&["branch", "-m", "main", "workshop"]);
    clone.stage(&["tags"]).shown();
    publish(&room);
    let (code, printed, complaint) = clone.stage(&["update"]).shown();
    assert_eq!((code, complaint.as_str()), (Some(0), ""), "{printed}");
    assert!(
        printed.contains("`workshop` went forward by 1 commit"),
        "{printed}"
    );
    assert_eq!(
        clone.git(&["rev-parse", "HEAD"]),
        room.git(&["rev-parse", "HEAD"])
    );
    assert_sound(&clone);
}

#[test]
fn after_merges_over_there_it_is_still_known_what_is_on_stage() {
    let room = Room::new();
    let clone = attendee(&room);
    clone.stage(&["go", "2.1"]).shown();
    // The attendee's commit is no first parent of what comes.
    room.git(&["switch", "-q", "-c", "side"]);
    room.git(&["commit", "-q", "--allow-empty", "-m", "side"]);
    room.git(&["switch", "-q", "--orphan", "other"]);
    room.git(&["commit", "-q", "--allow-empty", "-m", "other"]);
    room.git(&[
        "merge",
        "-q",
        "--allow-unrelated-histories",
        "-m",
        "joined",
        "side",
    ]);
    room.git(&["branch", "-f", "main", "HEAD"]);
    assert_eq!(clone.stage(&["update"]).shown().0, Some(0));
    clone.stage(&["where"]).ok("02-hello-1\n");
}

/// git itself died while it wrote the files.
#[test]
fn files_that_came_already_are_taken_up() {
    let room = Room::new();
    let clone = attendee(&room);
    publish(&room);
    for path in ["README.md", "slides/new.txt", "solutions/01-why/names.py"] {
        write(&clone, path, &room.read(path));
    }
    assert_eq!(clone.stage(&["update"]).shown().0, Some(0));
    assert_eq!(clone.git(&["status", "--porcelain"]), "");
    assert_sound(&clone);
}

#[test]
fn what_set_up_makes_is_said_when_it_is_new() {
    let room = Room::new();
    let clone = attendee(&room);
    room.write("setup.sh", "echo\n");
    room.commit("A new tool");
    let (_, printed, _) = clone.stage(&["update"]).shown();
    assert!(
        printed.ends_with(
            "the tool or what it installs is new: `./setup.sh` now, while there is a network\n"
        ),
        "{printed}"
    );
}
