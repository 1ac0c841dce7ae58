//! `stage update` killed at any change of the file system, its own and git's: what
//! is somebody's own is there at once, and the same command again completes it.
//!
//! As in `kill.rs`, `KILLS=every` tries all of them.

use std::fs;

use crate::fault::{Copy, Fault, stage_with};
use crate::kill::{is_interrupted, moments};
use crate::picture::{Picture, assert_same};
use crate::room::Room;
use crate::update::publish;

/// A clone in which somebody may be at work, and what of it is their own.
struct Clone {
    room: Room,
    own: &'static [&'static str],
}

/// Everything that an update may change, and what it must not.
struct Standing {
    live: Picture,
    outside: Picture,
    own: Picture,
    head: String,
    refs: String,
    index: String,
    status: String,
}

impl Standing {
    fn of(clone: &Clone) -> Self {
        let room = &clone.room;
        let outside = Picture::of(&room.root).without(&[".git", "live"]);
        Self {
            live: room.picture(),
            own: Picture::of(&room.root).only(clone.own),
            outside,
            head: fs::read_to_string(room.path(".git/HEAD")).unwrap(),
            refs: room.git(&[
                "for-each-ref",
                "--format=%(refname) %(objectname)",
                "--exclude=refs/stage",
            ]),
            index: room.git(&["ls-files", "--stage", "-v", "-z"]),
            status: room.git(&["status", "--porcelain", "-z"]),
        }
    }

    #[track_caller]
    fn assert_is(&self, after: &Self) {
        assert_same(&self.live, &after.live);
        assert_same(&self.outside, &after.outside);
        assert_eq!(self.head, after.head);
        assert_eq!(self.refs, after.refs);
        assert_eq!(self.index, after.index);
        assert_eq!(self.status, after.status);
    }
}

/// An update in a clone, and how all stands before it and after.
struct Case {
    clone: Clone,
    start: Copy,
    before: Standing,
    after: Standing,
    code: Option<i32>,
    changes: usize,
}

impl Case {
    fn new(clone: Clone) -> Self {
        let start = Copy::of(&clone.room);
        let before = Standing::of(&clone);
        let never = Fault {
            action: "none",
            at: 0,
        };
        let ended = stage_with(&clone.room, never, "", &["update"]);
        let after = Standing::of(&clone);
        assert_same(&after.own, &before.own);
        assert_ne!(after.refs, before.refs, "{}", ended.complaint);
        Self {
            start,
            before,
            after,
            code: ended.code,
            changes: ended.changes,
            clone,
        }
    }

    fn kill_at(&self, at: usize) {
        let room = &self.clone.room;
        self.start.lay_out(room);
        let fault = Fault { action: "kill", at };
        let ended = stage_with(room, fault, "", &["update"]);
        if ended.changes < at {
            // Git and the clock may need a change less than they did before.
            return assert_eq!(ended.code, self.code);
        }
        assert_eq!(ended.code, Some(137), "{}", ended.complaint);
        let now = Standing::of(&self.clone);
        assert_same(&now.own, &self.before.own);
        assert_eq!(now.head, self.before.head);
        if is_interrupted(room) {
            let (code, printed, complaint) = room.stage(&["undo"]).shown();
            assert_eq!(code, Some(0), "{printed}{complaint}");
            assert_same(&room.picture(), &self.before.live);
        } else if now.live != self.after.live {
            assert_same(&now.live, &self.before.live);
        }
        let (code, printed, complaint) = room.stage(&["update"]).shown();
        assert_eq!(code, self.code, "{printed}{complaint}");
        Standing::of(&self.clone).assert_is(&self.after);
        assert!(!is_interrupted(room));
        if at % 10 == 0 {
            room.assert_sound();
        }
    }
}

fn kills(what: &str, clone: Clone) {
    let case = Case::new(clone);
    let moments = moments(what, case.changes);
    for at in &moments {
        let tried = std::panic::AssertUnwindSafe(|| case.kill_at(*at));
        if let Err(panic) = std::panic::catch_unwind(tried) {
            eprintln!("killed at change {at} of {}: update, {what}", case.changes);
            std::panic::resume_unwind(panic);
        }
    }
    println!(
        "{} of {} kills: {what}: stage update",
        moments.len(),
        case.changes
    );
}

/// A clone with tags, made with these options; then new material is published.
fn cloned(options: &[&str], own: &'static [&'static str], work: fn(&Room)) -> Clone {
    let mut room = Room::new();
    let over_there = room.root.clone();
    room.root = room.cloned(options).root.clone();
    let (code, printed, complaint) = room.stage(&["tags"]).shown();
    assert_eq!(code, Some(0), "{printed}{complaint}");
    work(&room);
    let here = std::mem::replace(&mut room.root, over_there);
    publish(&room);
    room.root = here;
    Clone { room, own }
}

/// Somebody went to a step and typed.
fn at_work(room: &Room) {
    assert_eq!(room.stage(&["go", "2.1"]).shown().0, Some(0));
    room.write("live/names.py", "# mine\n");
    room.write("live/mine.py", "# mine\n");
    room.write("live/caf\u{e9}\n.txt", "mine\r\n");
}

const LIVE: &[&str] = &["live"];

#[test]
fn a_clean_clone() {
    kills("a clean clone", cloned(&[], &[], |_| ()));
}

#[test]
fn at_a_step_with_edits() {
    kills("at a step with edits", cloned(&[], LIVE, at_work));
}

#[test]
fn with_something_staged_and_edits_elsewhere() {
    let work = |room: &Room| {
        at_work(room);
        room.git(&["add", "live/mine.py"]);
        room.write("live/mine.py", "# staged, then edited\n");
        room.write("notes.txt", "untracked, outside `live/`\n");
        room.write("slides/mine.md", "# mine\n");
        room.git(&["tag", "mine"]);
        room.git(&["branch", "mine"]);
    };
    let own = &["live", "notes.txt", "slides/deck.toml"];
    kills("staged, and edits elsewhere", cloned(&[], own, work));
}

#[test]
fn in_a_shallow_clone() {
    let clone = cloned(&["--depth", "1"], LIVE, at_work);
    kills("shallow clone", clone);
}

#[test]
fn on_a_commit_of_their_own() {
    let work = |room: &Room| {
        room.git(&["checkout", "-q", "02-hello-start"]);
        room.write("live/hello.py", "# mine\n");
        room.commit("mine, on no branch");
        room.write("live/hello.py", "# mine, not committed\n");
    };
    kills("on a commit of their own", cloned(&[], LIVE, work));
}

#[test]
fn with_crlf_turned_on() {
    let work = |room: &Room| {
        room.git(&["config", "core.autocrlf", "true"]);
        at_work(room);
    };
    kills("line endings", cloned(&[], LIVE, work));
}
