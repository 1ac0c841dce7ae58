//! `stage` killed at any change of the file system, its own and git's: `undo`
//! brings every byte back, and the same command again completes it.
//!
//! `cargo test` tries one kill for each fixture, of one command. All of them:
//! `KILLS=every cargo test -p stage --test e2e kill:: -- --nocapture`
//! (`KILLS=7` tries every seventh; `TMPDIR=/dev/shm` spares the disk).

use crate::fault::{Copy, Fault, Standing, git_folder, stage_with};
use crate::fixtures::FIXTURES;
use crate::picture::assert_same;
use crate::room::Room;

const GO: &[&str] = &["go", "3d"];
const UNDO: &[&str] = &["undo"];
const BACK_TO: &[&str] = &["undo", "1"];
const RESTORE: &[&str] = &["saves", "restore", "1"];

/// A command in a room, and how all stands before it and after.
struct Case<'a> {
    what: String,
    room: &'a Room,
    args: &'a [&'a str],
    start: Copy,
    before: Standing,
    after: Standing,
    changes: usize,
    /// What `live/` is before, as git has it in a save.
    kept: String,
}

impl<'a> Case<'a> {
    fn new(name: &str, room: &'a Room, args: &'a [&'a str]) -> Self {
        let start = Copy::of(room);
        let before = Standing::of(room);
        let fault = Fault {
            action: "none",
            at: 0,
        };
        let ended = stage_with(room, fault, "", args);
        assert_eq!(ended.code, Some(0), "{name}: {}", ended.complaint);
        let after = Standing::of(room);
        after.assert_git_is(&before);
        // The save that the kills' saves are compared with is itself right.
        let save = saves(room).pop().unwrap();
        if before.live != crate::picture::Picture::empty() {
            let ignored = [
                "secret.so",
                "target",
                "tests/target",
                "inner repository/.git",
            ];
            let kept = before.live.clone().without(&ignored);
            assert_same(&room.picture_in(&save), &kept.without(&["inner/.git"]));
        }
        Self {
            what: format!("{name}: stage {}", args.join(" ")),
            kept: live_of(room, &save),
            room,
            args,
            start,
            before,
            after,
            changes: ended.changes,
        }
    }

    fn kill_at(&self, at: usize) {
        let room = self.room;
        self.start.lay_out(room);
        let fault = Fault { action: "kill", at };
        let ended = stage_with(room, fault, "", self.args);
        if ended.changes < at {
            // Git and the clock may need a change less than they did before.
            return assert_eq!(ended.code, Some(0));
        }
        assert_eq!(ended.code, Some(137), "{}", self.what);
        if !is_interrupted(room) {
            let now = Standing::of(room);
            if now.live != self.before.live {
                // All was done but taking away the sign of our lock.
                return self.is_done_and_can_be_undone(&now);
            }
            now.assert_is(&self.before);
            return self.is_completed();
        }
        let killed = Copy::of(room);
        self.succeeds(&["undo"]);
        Standing::of(room).assert_is(if self.args == UNDO {
            &self.after
        } else {
            &self.before
        });
        assert!(!is_interrupted(room));
        self.has_kept_what_was_there();
        killed.lay_out(room);
        self.is_completed();
        self.has_kept_what_was_there();
        if self.args != UNDO {
            self.succeeds(&["undo"]);
            Standing::of(room).assert_is(&self.before);
        }
        if at % 10 == 0 {
            room.assert_sound();
        }
    }

    fn is_done_and_can_be_undone(&self, now: &Standing) {
        now.assert_is(&self.after);
        self.has_kept_what_was_there();
        if self.args != UNDO {
            self.succeeds(&["undo"]);
            Standing::of(self.room).assert_is(&self.before);
        }
    }

    fn is_completed(&self) {
        self.succeeds(self.args);
        let now = Standing::of(self.room);
        assert_same(&now.live, &self.after.live);
        now.assert_git_is(&self.before);
        assert!(!is_interrupted(self.room));
    }

    fn succeeds(&self, args: &[&str]) {
        let (code, printed, complaint) = self.room.stage(args).shown();
        assert_eq!(code, Some(0), "{args:?}: {printed}{complaint}");
    }

    fn has_kept_what_was_there(&self) {
        let kept = saves(self.room);
        let found = kept
            .iter()
            .any(|save| live_of(self.room, save) == self.kept);
        assert!(found, "no save has it: {kept:?}");
    }
}

pub fn is_interrupted(room: &Room) -> bool {
    let journal = git_folder(room).join("stage/journal");
    journal.exists() && room.stage(&["list"]).shown().1.contains("was interrupted")
}

fn saves(room: &Room) -> Vec<String> {
    let listed = room.git(&["for-each-ref", "--format=%(refname)", "refs/stage"]);
    listed.lines().map(String::from).collect()
}

/// The tree `live` of a save; nothing for an empty folder.
fn live_of(room: &Room, save: &str) -> String {
    room.git(&["ls-tree", save, "--", "live"])
}

/// Every how many changes to kill: `KILLS`, or one kill in all.
pub fn stride() -> Option<usize> {
    let kills = std::env::var("KILLS").ok()?;
    Some(if kills == "every" {
        1
    } else {
        kills.parse().unwrap()
    })
}

pub fn moments(what: &str, changes: usize) -> Vec<usize> {
    let number = what.bytes().fold(7_usize, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.into())
    });
    if let Some(stride) = stride() {
        return (1 + number % stride..=changes).step_by(stride).collect();
    }
    // While git writes objects, or rather when the save is there.
    let late = changes * 2 / 3;
    vec![match number % 3 {
        0 => 1 + number / 3 % late,
        _ => 1 + late + number / 3 % (changes - late),
    }]
}

fn kills(name: &str) {
    let number = FIXTURES
        .iter()
        .position(|(other, _)| *other == name)
        .unwrap();
    let room = FIXTURES[number].1();
    let all = [GO, UNDO, BACK_TO, RESTORE];
    // Without KILLS, each fixture tries one of the commands.
    let chosen = if stride().is_some() {
        &all[..]
    } else {
        &all[number % all.len()..][..1]
    };
    if chosen.contains(&GO) {
        let start = Copy::of(&room);
        kills_of(name, &room, GO);
        start.lay_out(&room);
    }
    // The others start from a checkpoint that was edited.
    assert_eq!(room.stage(GO).shown().0, Some(0));
    room.write("live/order.py", "# typed after the move\n");
    room.write("live/later.txt", "typed after the move\n");
    for args in chosen.iter().filter(|args| **args != GO) {
        kills_of(name, &room, args);
    }
    // One file of the first save that is not as it was, if its name is easily typed.
    let first = saves(&room).remove(0);
    let listed = room.git(&["ls-tree", "-r", "--name-only", &first, "live/"]);
    let is_other = |path: &&str| {
        let then = room.git(&["rev-parse", &format!("{first}:{path}")]);
        let mut now = room.command("git");
        now.current_dir(&room.root).args(["hash-object", path]);
        String::from_utf8_lossy(&now.output().unwrap().stdout).trim() != then.trim()
    };
    let mut easy = listed.lines().filter(|path| !path.contains(['"', ' ']));
    if let Some(path) = easy.rfind(is_other)
        && chosen.contains(&RESTORE)
    {
        kills_of(name, &room, &["saves", "restore", "1", path]);
    }
}

fn kills_of(name: &str, room: &Room, args: &[&str]) {
    let case = Case::new(name, room, args);
    let moments = moments(&case.what, case.changes);
    for at in &moments {
        let tried = std::panic::AssertUnwindSafe(|| case.kill_at(*at));
        if let Err(panic) = std::panic::catch_unwind(tried) {
            eprintln!("killed at change {at} of {}: {}", case.changes, case.what);
            std::panic::resume_unwind(panic);
        }
    }
    println!("{} of {} kills: {}", moments.len(), case.changes, case.what);
    case.start.lay_out(room);
}

macro_rules! each_fixture {
    ($($test:ident $name:literal)*) => {
        $(#[test]
        fn $test() {
            kills($name);
        })*

        #[test]
        fn every_fixture_is_tried() {
            let tried = [$($name),*];
            assert_eq!(tried, FIXTURES.map(|(name, _)| name));
        }
    };
}

each_fixture! {
    no_kill_loses_a_byte_of_everything_at_once "everything at once"
    no_kill_loses_a_merge_conflict "merge conflict"
    no_kill_loses_a_rebase_under_way "rebase under way"
    no_kill_loses_a_cherry_pick_under_way "cherry-pick under way"
    no_kill_loses_own_commits_on_no_branch "detached, own commits"
    no_kill_loses_a_byte_in_a_linked_worktree "linked worktree"
    no_kill_loses_a_byte_in_a_shallow_clone "shallow clone"
    no_kill_loses_a_byte_under_sha256 "sha256"
    no_kill_loses_a_byte_in_a_sparse_checkout "sparse checkout"
    no_kill_turns_line_endings "line endings"
    no_kill_loses_an_embedded_repository "embedded repository"
    no_kill_loses_rights "read-only and secret"
    no_kill_loses_a_case_only_rename "case-only rename"
    no_kill_loses_a_byte_before_the_first_commit "no commit yet"
    no_kill_loses_a_large_file "large file"
    no_kill_loses_a_byte_beside_a_split_index "split index"
    no_kill_fills_an_empty_live "empty live"
    no_kill_follows_a_link "links and folders"
}
