//! The room a test runs in: a git repository with a small workshop, a home of
//! its own, and the real program.
//!
//! The file is long because all that tests do to a repository, and ask of it,
//! stands together here.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::picture::{Picture, assert_same};
use crate::workshop::{EXECUTABLE, FILES};

pub const STAGE: &str = env!("CARGO_BIN_EXE_stage");

/// A repository and everything that a user has around it.
pub struct Room {
    /// Deleted with the room; other clones may stand in it, too.
    folder: TempDir,
    pub root: PathBuf,
}

impl Room {
    /// A fresh clone: the workshop in one commit on `main`, no tags.
    pub fn new() -> Self {
        Self::with_format("sha1")
    }

    pub fn with_format(hash: &str) -> Self {
        let room = Self::without_git();
        room.git(&[
            "init",
            "-q",
            "--template=",
            &format!("--object-format={hash}"),
        ]);
        room.commit("The workshop");
        room
    }

    /// What a ZIP download holds.
    pub fn without_git() -> Self {
        let folder = TempDir::new().unwrap();
        // Links on the way (macOS has /tmp as one) would show in messages.
        let root = folder.path().canonicalize().unwrap().join("paper company");
        let room = Self { folder, root };
        fs::create_dir_all(room.home()).unwrap();
        let config = "[user]\n\tname = Pam Beesly\n\temail = pam@dundermifflin.example\n[init]\n\tdefaultBranch = main\n[advice]\n\tdetachedHead = false\n[uploadpack]\n\tallowFilter = true\n";
        fs::write(room.home().join(".gitconfig"), config).unwrap();
        for (path, text) in FILES {
            room.write(path, text);
            if let Some(path) = path.strip_prefix("solutions/01-why/") {
                room.write(&format!("live/{path}"), text);
            }
        }
        EXECUTABLE.iter().for_each(|path| room.chmod(path, 0o755));
        room
    }

    /// A room after `stage tags`.
    pub fn tagged() -> Self {
        let room = Self::new();
        room.stage(&["tags"])
            .ok("10 tags: 10 made, 0 changed, 0 removed\n");
        room
    }

    /// Another work tree of the same room (a clone, a worktree) at `root`.
    pub fn at(&self, root: PathBuf) -> Clone<'_> {
        Clone { room: self, root }
    }

    /// Clone the room beside itself.
    pub fn cloned(&self, options: &[&str]) -> Clone<'_> {
        let root = self.root.with_file_name("a clone");
        let source = format!("file://{}", self.root.display());
        let args = [
            &["clone", "-q"],
            options,
            &["--no-tags", &source, "../a clone"],
        ]
        .concat();
        self.git(&args);
        self.at(root)
    }

    /// All that there is: the clone, what stands beside it, and the home.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn home(&self) -> PathBuf {
        self.root.with_file_name("home")
    }

    pub fn live(&self) -> PathBuf {
        self.root.join("live")
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.root.join(path)).unwrap()
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.root.join(path)).unwrap();
    }

    /// Write a shell script that can be run.
    ///
    /// A shell writes it: a file that this process has open for writing, if only
    /// by a child that another test is starting, cannot be run ("text file busy").
    #[cfg(unix)]
    pub fn program(&self, path: &str, script: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut shell = self.command("sh");
        let write = "rm -f \"$0\"; printf '#!/bin/sh\\n%s\\n' \"$1\" >\"$0\" && chmod 755 \"$0\"";
        let written = shell.args(["-c", write]).arg(path).arg(script).status();
        assert!(written.unwrap().success());
    }

    pub fn chmod(&self, path: &str, mode: u32) {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::Permissions::from_mode(mode);
            fs::set_permissions(self.root.join(path), mode).unwrap();
        }
    }

    /// Change the user's own configuration.
    pub fn config(&self, key: &str, value: &str) {
        self.git(&["config", "--global", key, value]);
    }

    /// Commit everything.
    pub fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
    }

    /// What git prints; it must succeed.
    #[track_caller]
    pub fn git(&self, args: &[&str]) -> String {
        String::from_utf8(self.git_bytes(&self.root, args)).unwrap()
    }

    #[track_caller]
    fn git_bytes(&self, root: &Path, args: &[&str]) -> Vec<u8> {
        let printed = self.try_git(root, args);
        let words = String::from_utf8_lossy(&printed.stderr);
        assert!(printed.status.success(), "git {args:?}: {words}");
        printed.stdout
    }

    /// What blobs hold, in this order.
    fn blobs(&self, root: &Path, ids: &[&str]) -> Vec<Vec<u8>> {
        let mut git = self.command("git");
        git.args(["cat-file", "--batch"]).current_dir(root);
        let mut git = git
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let asked: String = ids.iter().map(|id| format!("{id}\n")).collect();
        // It fits into the pipe, however much comes back.
        assert!(asked.len() < 60_000);
        git.stdin
            .take()
            .unwrap()
            .write_all(asked.as_bytes())
            .unwrap();
        let printed = git.wait_with_output().unwrap().stdout;
        let mut rest = &printed[..];
        let mut blobs = Vec::new();
        for id in ids {
            let end = rest.iter().position(|&byte| byte == b'\n').unwrap();
            let head = std::str::from_utf8(&rest[..end]).unwrap();
            let size = head.strip_prefix(&format!("{id} blob ")).unwrap();
            let size: usize = size.parse().unwrap();
            blobs.push(rest[end + 1..][..size].to_vec());
            rest = &rest[end + 1 + size + 1..];
        }
        blobs
    }

    /// Run git, whatever comes of it.
    pub fn try_git(&self, root: &Path, args: &[&str]) -> Output {
        fs::create_dir_all(root).unwrap();
        let mut git = self.command("git");
        git.args(args).current_dir(root);
        git.output().unwrap()
    }

    /// Run `stage` in the room's folder.
    pub fn stage(&self, args: &[&str]) -> Run {
        self.run_in(&self.root, args)
    }

    fn run_in(&self, root: &Path, args: &[&str]) -> Run {
        let mut command = self.command(STAGE);
        command.args(args).current_dir(root);
        Run {
            command,
            parent: root.parent().unwrap().display().to_string(),
        }
    }

    /// Run `stage` after `prepare`, a piece of shell such as `ulimit -f 0`.
    #[cfg(unix)]
    pub fn stage_after(&self, prepare: &str, args: &[&str]) -> Run {
        let mut run = self.run_in(&self.root, &[]);
        run.command = self.command("sh");
        let script = format!("{prepare}; exec \"$0\" \"$@\"");
        run.command.args(["-c", &script, STAGE]).args(args);
        run.command.current_dir(&self.root);
        run
    }

    /// A program with nothing of the tester's environment but PATH.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().stdin(Stdio::null());
        for name in ["PATH", "SystemRoot", "TEMP"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
            .env("HOME", self.home())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_DATE", "1700000000 +0000")
            .env("GIT_COMMITTER_DATE", "1700000000 +0000");
        command
    }

    /// Every ref below `prefix` with its id, one to a line.
    pub fn refs(&self, prefix: &str) -> String {
        self.at(self.root.clone()).refs(prefix)
    }

    /// The same for a room that was given to somebody else.
    pub fn try_refs(&self) -> String {
        let safe = format!("safe.directory={}", self.root.display());
        let format = "--format=%(refname) %(objectname)";
        self.git(&["-c", &safe, "for-each-ref", format, "refs"])
    }

    pub fn tags(&self) -> String {
        self.refs("refs/tags")
    }

    pub fn id(&self, name: &str) -> String {
        self.git(&["rev-parse", "--verify", name]).trim_end().into()
    }

    /// `live/` as it stands on disk.
    pub fn picture(&self) -> Picture {
        Picture::of(&self.live())
    }

    /// The folder `live` of a commit, as git has it.
    pub fn picture_in(&self, commit: &str) -> Picture {
        self.at(self.root.clone()).picture_in(commit)
    }

    /// `live/` is what the checkpoint says, but for `left`, which git ignores.
    #[track_caller]
    pub fn assert_live_is(&self, tag: &str, left: &[&str]) {
        assert_same(&self.picture().without(left), &self.picture_in(tag));
    }

    /// The index, byte for byte, and where HEAD points.
    pub fn index_and_head(&self) -> (Vec<u8>, String) {
        let head = fs::read_to_string(self.root.join(".git/HEAD")).unwrap();
        (fs::read(self.root.join(".git/index")).unwrap(), head)
    }

    /// git finds nothing to object to in its object store.
    #[track_caller]
    pub fn assert_sound(&self) {
        let found = self.try_git(
            &self.root,
            &["fsck", "--strict", "--no-dangling", "--no-progress"],
        );
        let words = [found.stdout, found.stderr].concat();
        let is_new = |line: &&str| !line.starts_with("notice: HEAD points to an unborn branch");
        let words = String::from_utf8_lossy(&words);
        let words: String = words.lines().filter(is_new).collect();
        assert!(found.status.success() && words.is_empty(), "fsck: {words}");
    }

    /// Neither `stage` nor git left anything half-made behind.
    #[track_caller]
    pub fn assert_no_leftovers(&self) {
        let mut names = Vec::new();
        for folder in [".git", ".git/stage", ".git/refs/tags"] {
            for entry in fs::read_dir(self.root.join(folder)).into_iter().flatten() {
                names.push(entry.unwrap().file_name().into_string().unwrap());
            }
        }
        let is_left = |name: &&String| {
            name.starts_with("fast_import_crash") || name.ends_with(".lock") || name.contains("tmp")
        };
        let left: Vec<_> = names.iter().filter(is_left).collect();
        assert!(left.is_empty(), "{left:?}");
        assert_eq!(self.refs("refs/stage/chain"), "");
        assert_eq!(self.refs("refs/stage/saving"), "");
        assert_eq!(self.refs("refs/stage/state"), "");
    }
}

/// Another work tree that shares the room's home.
pub struct Clone<'a> {
    room: &'a Room,
    pub root: PathBuf,
}

impl Clone<'_> {
    pub fn stage(&self, args: &[&str]) -> Run {
        self.room.run_in(&self.root, args)
    }

    #[track_caller]
    pub fn git(&self, args: &[&str]) -> String {
        String::from_utf8(self.room.git_bytes(&self.root, args)).unwrap()
    }

    #[track_caller]
    pub fn refs(&self, prefix: &str) -> String {
        self.git(&["for-each-ref", "--format=%(refname) %(objectname)", prefix])
    }

    pub fn picture_in(&self, commit: &str) -> Picture {
        let mut picture = Picture::empty();
        // Not `commit:live`: a save of a folder that was empty has no such tree.
        let listed = ["ls-tree", "-r", "-z", "--full-tree", commit, "--", "live/"];
        let listed = self.room.git_bytes(&self.root, &listed);
        let mut found = Vec::new();
        for line in listed
            .split(|&byte| byte == 0)
            .filter(|line| !line.is_empty())
        {
            let tab = line.iter().position(|&byte| byte == b'\t').unwrap();
            let head = std::str::from_utf8(&line[..tab]).unwrap();
            let words: Vec<&str> = head.split(' ').collect();
            found.push((words[0], words[2], &line[tab + 1 + "live/".len()..]));
        }
        let ids: Vec<&str> = found.iter().map(|(_, id, _)| *id).collect();
        let blobs = self.room.blobs(&self.root, &ids);
        for ((mode, _, path), bytes) in found.into_iter().zip(blobs) {
            picture.add(path, mode, bytes);
        }
        picture
    }
}

/// A run of `stage`, still to be started.
pub struct Run {
    command: Command,
    /// Shown as `ROOM` in what it prints.
    parent: String,
}

impl Run {
    pub fn from(mut self, folder: impl AsRef<Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    pub fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// It succeeds, prints exactly this, and complains about nothing.
    #[track_caller]
    pub fn ok(self, stdout: &str) {
        self.prints(0, stdout, "");
    }

    /// It ends with this code, prints nothing but this complaint.
    #[track_caller]
    pub fn fails(self, code: i32, stderr: &str) {
        self.prints(code, "", stderr);
    }

    #[track_caller]
    pub fn prints(mut self, code: i32, stdout: &str, stderr: &str) {
        let (found, out, err) = self.shown();
        assert_eq!(
            format!("{out}{err}[exit {found:?}]"),
            format!("{stdout}{stderr}[exit {:?}]", Some(code)),
        );
        assert_eq!(out, stdout);
    }

    /// Exit code (none after a signal), stdout and stderr.
    pub fn shown(&mut self) -> (Option<i32>, String, String) {
        let Output {
            status,
            stdout,
            stderr,
        } = self.command.output().unwrap();
        let show = |bytes: Vec<u8>| {
            String::from_utf8(bytes)
                .unwrap()
                .replace(&self.parent, "ROOM")
        };
        (status.code(), show(stdout), show(stderr))
    }
}
