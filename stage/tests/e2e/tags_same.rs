//! `stage tags`: the same ids in every clone, whatever the user configured.

use std::fs;

use crate::room::Room;
use crate::tags::{MADE, SO, plain};
use crate::workshop::TAGS;

/// A fresh clone of a user with this configuration makes the same tags.
#[track_caller]
fn same_with(settings: &[(&str, &str)]) {
    let room = Room::new();
    for (key, value) in settings {
        room.config(key, value);
    }
    room.stage(&["tags"]).ok(MADE);
    assert_eq!(room.tags(), plain());
    assert!(room.git(&["status", "--porcelain"]).is_empty());
}

#[test]
fn a_fresh_clone_gets_every_tag_and_nothing_else() {
    let room = Room::new();
    room.stage(&["tags"]).ok(MADE);
    let names = room.git(&["tag", "--list"]);
    let mut expected = TAGS.to_vec();
    expected.sort_unstable();
    assert_eq!(names.lines().collect::<Vec<_>>(), expected);
    assert_eq!(room.refs("refs/stage"), "");
    assert_eq!(
        room.refs("refs/heads"),
        format!("refs/heads/main {}\n", room.id("HEAD"))
    );
    assert!(room.git(&["status", "--porcelain"]).is_empty());
    room.assert_sound();
    room.assert_no_leftovers();
}

#[test]
fn a_second_run_changes_nothing() {
    let room = Room::tagged();
    let before = room.tags();
    room.stage(&["tags"]).ok(SO);
    room.stage(&["tags", "--check"]).ok(SO);
    assert_eq!(room.tags(), before);
}

#[test]
fn two_clones_have_the_same_tags() {
    let room = Room::tagged();
    let clone = room.cloned(&[]);
    clone.stage(&["tags"]).ok(MADE);
    assert_eq!(clone.refs("refs/tags"), room.tags());
}

#[test]
fn a_clone_that_turns_line_endings_has_the_same_tags() {
    let room = Room::tagged();
    room.config("core.autocrlf", "true");
    let clone = room.cloned(&[]);
    let checked_out = fs::read(clone.root.join("live/names.py")).unwrap();
    assert!(checked_out.ends_with(b"\r\n"), "the case is not tried");
    clone.stage(&["tags"]).ok(MADE);
    assert_eq!(clone.refs("refs/tags"), room.tags());
}

#[test]
fn signing_with_a_broken_key_does_not_matter() {
    same_with(&[
        ("commit.gpgSign", "true"),
        ("tag.gpgSign", "true"),
        ("tag.forceSignAnnotated", "true"),
        ("gpg.program", "false"),
    ]);
}

#[test]
fn nobody_needs_a_name() {
    let room = Room::new();
    fs::write(
        room.home().join(".gitconfig"),
        "[user]\n\tuseConfigOnly = true\n",
    )
    .unwrap();
    room.stage(&["tags"]).ok(MADE);
    assert_eq!(room.tags(), plain());
}

#[test]
fn another_commit_encoding_does_not_matter() {
    same_with(&[
        ("i18n.commitEncoding", "ISO-8859-1"),
        ("i18n.logOutputEncoding", "ISO-8859-1"),
    ]);
}

#[test]
fn other_settings_that_change_what_git_prints_do_not_matter() {
    same_with(&[
        ("core.quotePath", "true"),
        ("core.ignoreCase", "true"),
        ("color.ui", "always"),
        ("status.showUntrackedFiles", "no"),
        ("fastimport.unpackLimit", "1"),
        ("log.showSignature", "true"),
        ("core.pager", "false"),
    ]);
}

#[cfg(unix)]
#[test]
fn a_hook_that_refuses_every_ref_is_not_asked() {
    let room = Room::new();
    room.program(".git/hooks/reference-transaction", "exit 1");
    let hooks = room.path(".git/hooks");
    room.config("core.hooksPath", hooks.to_str().unwrap());
    assert!(
        !room.try_git(&room.root, &["tag", "mine"]).status.success(),
        "the case is not tried"
    );
    room.stage(&["tags"]).ok(MADE);
    assert_eq!(room.tags(), plain());
}

#[test]
fn a_shallow_clone_has_the_same_tags() {
    let room = Room::new();
    room.write("README.md", "# Dunder Mifflin Paper\n");
    room.commit("A second commit");
    room.stage(&["tags"]).ok(MADE);
    let clone = room.cloned(&["--depth", "1"]);
    assert_eq!(clone.git(&["rev-list", "--count", "HEAD"]), "1\n");
    clone.stage(&["tags"]).ok(MADE);
    assert_eq!(clone.refs("refs/tags"), room.tags());
}

#[test]
fn a_clone_without_blobs_has_the_same_tags() {
    let room = Room::tagged();
    let clone = room.cloned(&["--filter=blob:none", "--no-checkout"]);
    // The folders tell stage where it is; their files stay on the other side.
    clone.git(&[
        "checkout",
        "HEAD",
        "--",
        "slides/deck.toml",
        "solutions/01-why",
        "live",
    ]);
    clone.stage(&["tags"]).ok("10 tags: 10 made, 0 changed, 0 removed\nnote: uncommitted changes in `solutions/` or `slides/steps/` are not in the tags\n");
    assert_eq!(clone.refs("refs/tags"), room.tags());
}

#[test]
fn a_linked_worktree_makes_the_same_tags() {
    let room = Room::new();
    room.git(&[
        "worktree",
        "add",
        "-q",
        "../second work tree",
        "-b",
        "second",
    ]);
    let second = room.at(room.root.with_file_name("second work tree"));
    second.stage(&["tags"]).ok(MADE);
    assert_eq!(room.tags(), plain());
    room.stage(&["tags"]).ok(SO);
}

#[test]
fn a_repository_that_leaked_into_the_environment_is_left_alone() {
    let (room, other) = (Room::new(), Room::new());
    let git = other.path(".git");
    let index = fs::read(git.join("index")).unwrap();
    let run = room
        .stage(&["tags"])
        .env("GIT_DIR", &git)
        .env("GIT_INDEX_FILE", git.join("index"))
        .env("GIT_WORK_TREE", &other.root)
        .env("GIT_OBJECT_DIRECTORY", git.join("objects"))
        .env("GIT_COMMON_DIR", &git)
        .env("GIT_NAMESPACE", "elsewhere")
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "core.bare")
        .env("GIT_CONFIG_VALUE_0", "true");
    run.ok(MADE);
    assert_eq!(room.tags(), plain());
    assert_eq!(other.tags(), "");
    assert_eq!(fs::read(git.join("index")).unwrap(), index);
}

#[test]
fn neither_time_zone_nor_language_matters() {
    let room = Room::new();
    let run = room
        .stage(&["tags"])
        .env("TZ", "Pacific/Kiritimati")
        .env("LC_ALL", "tr_TR.ISO-8859-9")
        .env("LANGUAGE", "de");
    run.ok(MADE);
    assert_eq!(room.tags(), plain());
}

#[test]
fn from_inside_live_it_finds_the_workshop() {
    let room = Room::new();
    room.stage(&["tags"]).from(room.path("live/tests")).ok(MADE);
    room.stage(&["-C", "live", "tags"]).ok(SO);
    assert_eq!(room.tags(), plain());
}

#[test]
fn on_every_checkpoint_the_tags_stay_as_they_are() {
    let room = Room::tagged();
    for tag in TAGS {
        room.git(&["checkout", "-q", tag]);
        room.stage(&["tags"]).ok(SO);
    }
    assert_eq!(room.tags(), plain());
}

#[test]
fn own_commits_in_live_move_no_tag() {
    for below in ["main", "02-hello-1"] {
        let room = Room::tagged();
        room.git(&["checkout", "-q", below]);
        for text in ["one\n", "two\n"] {
            room.write("live/mine.txt", text);
            room.commit("my work");
        }
        room.stage(&["tags"]).ok(SO);
        assert_eq!(room.tags(), plain());
    }
}

#[test]
fn a_replaced_commit_does_not_matter() {
    let room = Room::new();
    let empty = room.git(&["commit-tree", "-m", "other", "HEAD:solutions"]);
    room.git(&["replace", "HEAD", empty.trim_end()]);
    room.stage(&["tags"]).ok(MADE);
    assert_eq!(room.tags(), plain());
}

#[test]
fn a_repository_with_sha256_works_and_agrees_with_itself() {
    let room = Room::with_format("sha256");
    room.stage(&["tags"]).ok(MADE);
    room.stage(&["tags"]).ok(SO);
    assert_eq!(
        room.id("01-why-done:live"),
        room.id("main:solutions/01-why")
    );
    assert_eq!(room.id("HEAD").len(), 64);
    room.assert_sound();
}
