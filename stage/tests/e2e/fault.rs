//! Faults at an exact moment: `fault.c` runs `stage` and lets something happen
//! at its nth change of the file system, git's own changes included.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::picture::{Picture, assert_same};
use crate::room::{Room, STAGE};

/// What happens, and at which change; 0 is never.
#[derive(Clone, Copy)]
pub struct Fault<'a> {
    pub action: &'a str,
    pub at: usize,
}

/// How a run with a fault ended, and how many changes it made.
pub struct Ended {
    pub code: Option<i32>,
    pub changes: usize,
    pub complaint: String,
}

/// Run `stage` with a fault; `typed` is what the action `run` runs.
pub fn stage_with(room: &Room, fault: Fault, typed: &str, args: &[&str]) -> Ended {
    let report = room.root.with_file_name("report");
    let mut command = room.command(program());
    command
        .env("FAULT_RUN", typed)
        .current_dir(&room.root)
        .arg(&report)
        .args([fault.action, &fault.at.to_string(), STAGE])
        .args(args);
    let ended = command.output().unwrap();
    let complaint = String::from_utf8_lossy(&ended.stderr).into_owned();
    let changes = fs::read_to_string(&report).unwrap_or_else(|_| panic!("{complaint}"));
    Ended {
        code: ended.status.code(),
        changes: changes.trim_end().parse().unwrap(),
        complaint,
    }
}

/// The compiled `fault.c`.
fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let (made, place) = (
            folder.join(format!("fault-{}", std::process::id())),
            folder.join("fault"),
        );
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e/fault.c");
        let mut cc = Command::new("cc");
        cc.args(["-O1", "-Wall", "-Werror", "-o"])
            .arg(&made)
            .arg(source);
        assert!(cc.status().unwrap().success());
        fs::rename(made, &place).unwrap();
        place
    })
}

/// All that must come back: `live/` with its rights, and what git remembers.
#[derive(Clone)]
pub struct Standing {
    pub live: Picture,
    rights: Vec<(PathBuf, u32)>,
    git: Picture,
    refs: String,
}

impl Standing {
    pub fn of(room: &Room) -> Self {
        let mut rights = Vec::new();
        look(&room.live(), &mut rights);
        rights.sort();
        Self {
            live: room.picture(),
            rights,
            git: remembered(room),
            refs: room.git(&[
                "for-each-ref",
                "--format=%(refname) %(objectname)",
                "--exclude=refs/stage",
            ]),
        }
    }

    #[track_caller]
    pub fn assert_is(&self, before: &Self) {
        assert_same(&self.live, &before.live);
        assert_eq!(self.rights, before.rights);
        self.assert_git_is(before);
    }

    /// HEAD, index, a merge under way, branches and tags are as they were.
    #[track_caller]
    pub fn assert_git_is(&self, before: &Self) {
        assert_same(&self.git, &before.git);
        assert_eq!(self.refs, before.refs);
    }
}

/// Where HEAD stands; a linked worktree has a file that says where.
pub fn git_folder(room: &Room) -> PathBuf {
    let git = room.path(".git");
    match fs::read_to_string(&git) {
        Ok(text) => text.trim_start_matches("gitdir: ").trim_end().into(),
        Err(_) => git,
    }
}

/// The git folder but for what grows by any save.
fn remembered(room: &Room) -> Picture {
    let folder = git_folder(room);
    let grows = [
        "objects",
        "refs",
        "logs",
        "stage",
        "hooks",
        "reftable",
        "worktrees",
        "rr-cache",
    ];
    let mut picture = Picture::empty();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if grows.contains(&name.as_str()) {
            continue;
        }
        if entry.file_type().unwrap().is_dir() {
            picture.add_folder(&name, &entry.path());
        } else {
            picture.add(name.as_bytes(), "100644", fs::read(entry.path()).unwrap());
        }
    }
    picture
}

fn look(folder: &Path, rights: &mut Vec<(PathBuf, u32)>) {
    use std::os::unix::fs::MetadataExt;
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let found = fs::symlink_metadata(entry.path()).unwrap();
        if found.is_dir() {
            look(&entry.path(), rights);
        } else {
            rights.push((entry.path(), found.mode()));
        }
    }
}

/// A room's whole folder, to be laid out again and again in the same place.
pub struct Copy(tempfile::TempDir);

impl Copy {
    pub fn of(room: &Room) -> Self {
        let copy = Self(tempfile::TempDir::new().unwrap());
        lay_out(room.folder(), copy.0.path());
        copy
    }

    pub fn lay_out(&self, room: &Room) {
        for entry in fs::read_dir(room.folder()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                fs::remove_dir_all(path).unwrap();
            } else {
                fs::remove_file(path).unwrap();
            }
        }
        lay_out(self.0.path(), room.folder());
    }
}

fn lay_out(from: &Path, to: &Path) {
    let mut copy = Command::new("cp");
    copy.arg("-a").arg(from.join(".")).arg(to);
    assert!(copy.status().unwrap().success());
}
