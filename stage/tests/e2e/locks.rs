//! What a killed git leaves locked, and whose it may be.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, SystemTime};

use crate::room::Room;

const MADE: &str = "10 tags: 10 made, 0 changed, 0 removed\n";

/// A room in which `stage` was killed a while ago, and git with it, `later`
/// seconds after it began.
fn cut_off(later: i64) -> Room {
    let room = Room::new();
    room.write(".git/stage/lock-held", "");
    room.write(".git/refs/tags/01-why-start.lock", "");
    room.write(".git/index.lock", "");
    let began = SystemTime::now() - Duration::from_secs(100);
    let set = |path: &str, time: SystemTime| {
        let file = fs::File::options()
            .write(true)
            .open(room.path(path))
            .unwrap();
        file.set_times(fs::FileTimes::new().set_modified(time))
            .unwrap();
    };
    set(".git/stage/lock-held", began);
    let made = match later {
        0.. => began + Duration::from_secs(later.unsigned_abs()),
        _ => began - Duration::from_secs(later.unsigned_abs()),
    };
    for path in [".git/refs/tags/01-why-start.lock", ".git/index.lock"] {
        set(path, made);
    }
    room
}

fn is_locked(room: &Room) -> bool {
    room.path(".git/refs/tags/01-why-start.lock").exists()
}

#[test]
fn what_was_locked_by_a_run_that_was_cut_off_is_free_again() {
    let room = cut_off(3);
    room.stage(&["tags"]).ok(MADE);
    assert!(!is_locked(&room));
    assert!(!room.path(".git/index.lock").exists());
    assert!(!room.path(".git/stage/lock-held").exists());
}

#[test]
fn what_was_locked_before_is_somebody_elses() {
    let room = cut_off(-3);
    let (code, _, complaint) = room.stage(&["tags"]).shown();
    assert_eq!(code, Some(1));
    assert!(complaint.contains("File exists"), "{complaint}");
    assert!(is_locked(&room));
}

#[test]
fn without_a_run_that_was_cut_off_no_lock_is_touched() {
    let room = cut_off(3);
    room.remove(".git/stage/lock-held");
    let (code, _, complaint) = room.stage(&["tags"]).shown();
    assert_eq!(code, Some(1));
    assert!(complaint.contains("File exists"), "{complaint}");
    assert!(is_locked(&room));
}

#[test]
fn while_a_git_is_running_here_every_lock_may_be_its() {
    let room = cut_off(3);
    let mut git = room
        .command("git")
        .args(["cat-file", "--batch"])
        .current_dir(&room.root)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let (code, _, complaint) = room.stage(&["tags"]).shown();
    drop(git.stdin.take());
    git.wait().unwrap();
    assert_eq!(code, Some(1));
    assert!(complaint.contains("File exists"), "{complaint}");
    assert!(is_locked(&room));
    room.stage(&["tags"]).ok(MADE);
}
