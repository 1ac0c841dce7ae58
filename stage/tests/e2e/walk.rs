//! An attendee who does anything at all, in any order: edits, git, `stage`, and
//! a `stage` that is killed. Whatever stood in `live/` when a move began can be
//! read back ever after.
//!
//! `cargo test` walks 60 steps. `WALK=2000 cargo test -p stage --test e2e walk::`
//! goes further, `SEED=7` another way.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;

use crate::fault::{Fault, Standing, stage_with};
use crate::picture::{Picture, assert_same};
use crate::room::Room;
use crate::workshop::TAGS;

const PATHS: [&str; 18] = [
    "names.py",
    "hello.py",
    "order.py",
    "notes",
    "notes/first.txt",
    "run.sh",
    "tests/test_hello.py",
    "tests/test_names.py",
    "tests/own/deep.py",
    "pyproject.toml",
    "mine.txt",
    "new\nline",
    "-rf",
    "Names.py",
    "inner/mine.txt",
    "data.csv",
    "built.so",
    "target/debug/built",
];

struct Walk {
    room: Room,
    state: u64,
    /// Every save that was ever made: its commit, and `live/` at that time.
    saves: BTreeMap<String, (String, Picture)>,
    done: Vec<String>,
}

#[test]
fn a_walk_of_edits_git_commands_moves_and_kills_loses_nothing() {
    let number = |name: &str| std::env::var(name).ok()?.parse().ok();
    let steps = number("WALK").unwrap_or(60);
    let seed = number("SEED").unwrap_or(1);
    let mut walk = Walk {
        room: Room::tagged(),
        state: 0x9e37_79b9_7f4a_7c15 ^ seed,
        saves: BTreeMap::new(),
        done: Vec::new(),
    };
    let inner = walk.room.path("live/inner");
    walk.room.try_git(&inner, &["init", "-q"]);
    let tried = std::panic::AssertUnwindSafe(|| {
        (0..steps).for_each(|_| walk.step());
        walk.end();
    });
    if let Err(panic) = std::panic::catch_unwind(tried) {
        let last = walk.done.len().saturating_sub(12);
        eprintln!("seed {seed}, the last of {} steps:", walk.done.len());
        walk.done[last..]
            .iter()
            .for_each(|step| eprintln!("  {step}"));
        std::panic::resume_unwind(panic);
    }
    println!("{} steps, {} saves, all there", steps, walk.saves.len());
}

impl Walk {
    fn below(&mut self, end: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state % end as u64) as usize
    }

    fn any<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn step(&mut self) {
        match self.below(10) {
            0..5 => self.edit(),
            5..7 => self.git(),
            _ => self.stage(),
        }
    }

    fn edit(&mut self) {
        let path = self.any(&PATHS);
        let place = self.room.live().join(path);
        let what = self.below(10);
        self.done.push(format!("edit {what} of {path:?}"));
        match what {
            0 => drop(fs::remove_file(&place)),
            1 => drop(fs::remove_dir_all(&place).or_else(|_| fs::remove_file(&place))),
            2 => {
                let to = self.any(&PATHS);
                drop(fs::rename(&place, self.room.live().join(to)));
            }
            3 => {
                let mode = [0o755, 0o644, 0o600, 0o444][self.below(4)];
                if place.is_file() && !place.is_symlink() {
                    self.room.chmod(&format!("live/{path}"), mode);
                }
            }
            4 => {
                drop(fs::remove_file(&place));
                let to = self.any(&["names.py", "../slides", "nowhere", "/dev/null"]);
                drop(symlink(to, &place));
            }
            _ => {
                let number = self.below(1_000_000);
                let text = match what {
                    5 => format!("{number}\r\n\0\u{fffd}"),
                    6 if path == "data.csv" => format!("{number}\n").repeat(170_000),
                    _ => format!("# {number}\n"),
                };
                // Never through a link: that would be another's file.
                if !place.is_symlink() {
                    drop(place.parent().map(fs::create_dir_all));
                    drop(fs::write(&place, text));
                }
            }
        }
    }

    fn git(&mut self) {
        let number = self.below(8);
        let path = format!(":(literal)live/{}", self.any(&PATHS));
        let branch = format!("own-{number}");
        let tag = self.any(&TAGS);
        let args: &[&str] = match self.below(16) {
            0 | 1 => &["add", "-A", "live"],
            2 => &["add", "--", &path],
            3 | 4 => &["commit", "-qam", "own"],
            5 => &["checkout", "-q", tag],
            6 => &["checkout", "-q", "main"],
            7 => &["checkout", "-q", "-b", &branch],
            8 => &["checkout", "-q", &branch],
            9 => &["merge", "-q", "-m", "merged", &branch],
            10 => &["rebase", "-q", &branch],
            11 => self.any_of(&[&["merge", "--abort"], &["rebase", "--abort"]]),
            12 => &["stash", "-q", "-u"],
            13 => &["stash", "pop", "-q"],
            14 => &["rm", "-q", "--cached", "--", &path],
            _ => &["gc", "-q", "--prune=now"],
        };
        let ended = self.room.try_git(&self.room.root, args);
        self.done.push(format!("git {args:?}: {}", ended.status));
    }

    fn any_of<'a>(&mut self, of: &[&'a [&'a str]]) -> &'a [&'a str] {
        of[self.below(of.len())]
    }

    fn stage(&mut self) {
        let number = (1 + self.below(self.saves.len() + 1)).to_string();
        let tag = self.any(&TAGS);
        let args: &[&str] = match self.below(12) {
            0..5 => &["go", tag],
            5..8 => &["undo"],
            8 => &["undo", &number],
            9 => &["next"],
            10 => &["back"],
            _ => &["saves"],
        };
        let before = Standing::of(&self.room);
        let is_killed = self.below(3) == 0;
        let at = if is_killed { 1 + self.below(260) } else { 0 };
        let ended = stage_with(&self.room, Fault { action: "kill", at }, "", args);
        self.done
            .push(format!("stage {args:?} killed at {at}: {:?}", ended.code));
        let is_expected = matches!(ended.code, Some(0..=2)) || is_killed && ended.code == Some(137);
        assert!(is_expected, "{}", ended.complaint);
        let after = Standing::of(&self.room);
        after.assert_git_is(&before);
        assert_same(&left(&after.live), &left(&before.live));
        let new = self.new_saves(&before.live);
        if after.live != before.live {
            // All of it stands on the disk or in the save made for it.
            assert!(ended.code == Some(137) || new > 0, "{}", ended.complaint);
        }
        if new == 0 {
            assert_same(&own(&after.live), &own(&before.live));
        }
        if ended.code == Some(0) && args[0] == "go" && new > 0 && self.below(3) == 0 {
            self.done.push("stage [\"undo\"] at once".into());
            let (code, _, complaint) = self.room.stage(&["undo"]).shown();
            assert_eq!(code, Some(0), "{complaint}");
            let undone = Standing::of(&self.room);
            self.new_saves(&after.live);
            undone.assert_git_is(&before);
            // After a move that was cut off, `undo` goes further back.
            if !complaint.contains("interrupted") && self.was_whole(&before) {
                undone.assert_is(&before);
            }
        }
    }

    /// Whether the newest move did not go on with one that was cut off.
    fn was_whole(&self, _: &Standing) -> bool {
        let newest = self.saves.keys().rev().nth(1);
        newest.is_some_and(|name| {
            let words = self.room.git(&["log", "-1", "--format=%B", name]);
            words.contains("Kind: move")
        })
    }

    /// How many saves there are more; each has what stood in `live/`.
    #[track_caller]
    fn new_saves(&mut self, before: &Picture) -> usize {
        let listed = self.room.refs("refs/stage");
        let mut new = 0;
        let mut there = 0;
        for line in listed.lines() {
            let (name, id) = line.split_once(' ').unwrap();
            match self.saves.get(name) {
                Some((known, _)) => assert_eq!(known, id, "{name}"),
                None => {
                    assert_same(&self.room.picture_in(name), &own(before));
                    let kept = (id.to_string(), own(before));
                    self.saves.insert(name.into(), kept);
                    new += 1;
                }
            }
            there += 1;
        }
        assert_eq!(there, self.saves.len(), "a save is gone");
        new
    }

    /// Git forgets what nothing names; then every save is read back.
    fn end(&mut self) {
        let room = &self.room;
        room.git(&["reflog", "expire", "--expire=now", "--all"]);
        room.git(&["gc", "-q", "--prune=now"]);
        room.assert_sound();
        for (name, (_, picture)) in &self.saves {
            assert_same(&room.picture_in(name), picture);
        }
        let saves: Vec<(usize, Picture)> = (self.saves.values().enumerate())
            .map(|(at, (_, picture))| (at + 1, picture.clone()))
            .collect();
        for (number, picture) in saves.iter().rev().take(5) {
            let (code, _, complaint) = room.stage(&["undo", &number.to_string()]).shown();
            assert_eq!(code, Some(0), "{complaint}");
            assert_same(&own(&room.picture()), picture);
        }
    }
}

const LEFT: [&str; 4] = ["built.so", "target", "inner/.git", "data.csv.so"];

/// What moves leave alone: ignored files, an embedded repository's own.
fn left(picture: &Picture) -> Picture {
    picture.only(&LEFT)
}

fn own(picture: &Picture) -> Picture {
    picture.clone().without(&LEFT)
}
