//! `stage doctor`: each thing that is wrong, in three parts.

#![cfg(unix)]

use std::path::PathBuf;

use crate::room::{Room, Run};

/// A machine of our own making: a folder of programs, and nothing else on PATH.
struct Machine {
    room: Room,
}

impl Machine {
    /// A machine that has everything, and a room that set-up has been through.
    fn complete() -> Self {
        let machine = Self {
            room: Room::tagged(),
        };
        let git = std::env::split_paths(&std::env::var_os("PATH").unwrap())
            .map(|folder| folder.join("git"))
            .find(|git| git.is_file())
            .unwrap();
        std::fs::create_dir_all(machine.programs()).unwrap();
        std::os::unix::fs::symlink(git, machine.programs().join("git")).unwrap();
        machine.has("rustc", "echo 'rustc 1.85.0 (4d91de4e4 2025-02-17)'");
        machine.has("cargo", "echo 'cargo 1.85.0'");
        machine.has("cc", "echo 'cc 12.2.0'");
        machine.has_in_venv("python", "case $2 in *version_info*) echo '3.12.1 True' ;; *) echo 'pytest 9.2.0 numpy 2.3.5' ;; esac");
        machine.has_in_venv("maturin", "echo 'maturin 1.16.0'");
        machine.has_in_venv("uv", "echo 'uv 0.13.9'");
        machine.room.write(
            ".cargo/config.toml",
            "[env]\nPYO3_PYTHON = \"\"\nPYO3_BUILD_EXTENSION_MODULE = \"1\"\nPYO3_ENVIRONMENT_SIGNATURE = \"\"\n",
        );
        machine
    }

    fn programs(&self) -> PathBuf {
        self.room.root.with_file_name("programs")
    }

    fn has(&self, program: &str, script: &str) {
        self.room.program(&format!("../programs/{program}"), script);
    }

    fn has_in_venv(&self, program: &str, script: &str) {
        self.room.program(&format!(".venv/bin/{program}"), script);
    }

    fn lacks(&self, path: &str) {
        self.room.remove(path);
    }

    fn doctor(&self) -> Run {
        self.room.stage(&["doctor"]).env("PATH", self.programs())
    }

    /// Exactly one thing is wrong, and it is said like this.
    #[track_caller]
    fn is_told(&self, finding: &str) {
        let (code, printed, complaint) = self.doctor().shown();
        assert!(printed.contains(finding), "{printed}");
        assert_eq!(
            printed
                .lines()
                .filter(|line| line.starts_with("wrong"))
                .count(),
            1,
            "{printed}"
        );
        assert_eq!(
            (code, complaint.as_str()),
            (
                Some(1),
                "error: 1 thing is not so\n  mend: mend them, then run the same command again\n"
            )
        );
    }
}

#[test]
fn a_machine_that_has_everything_is_well() {
    let machine = Machine::complete();
    let git = machine.room.git(&["--version"]);
    machine.doctor().ok(&format!(
        "ok     git           {git}\
         ok     Rust          rustc 1.85.0 (4d91de4e4 2025-02-17)\n\
         ok     C compiler    cc 12.2.0\n\
         ok     Python        3.12.1 in .venv\n\
         ok     packages      maturin 1.16.0, pytest 9.2.0 numpy 2.3.5\n\
         ok     one setting   cargo and maturin build alike\n\
         ok     offline       every checkpoint's crates are here\n\
         ok     tags          10, all as the folders say\n\
         ok     certificates  no proxy stands between\n"
    ));
    assert!(
        machine
            .room
            .git(&["status", "--porcelain", "--", "live", "slides", "solutions"])
            .is_empty()
    );
}

#[test]
fn in_a_bare_clone_everything_that_set_up_makes_is_missing() {
    let machine = Machine::complete();
    std::fs::remove_dir_all(machine.room.path(".venv")).unwrap();
    machine.lacks(".cargo/config.toml");
    machine.room.git(&["tag", "-d", "02-hello-1"]);
    let (code, printed, complaint) = machine.doctor().shown();
    let rest = printed.split_once("wrong").unwrap().1;
    assert_eq!(
        rest,
        "  Python        there is no `.venv`\n\
         \x20      where: ROOM/paper company/.venv\n\
         \x20       mend: `./setup.sh` makes it\n\
         wrong  packages      pytest or NumPy is missing\n\
         \x20      where: `.venv`\n\
         \x20       mend: `./setup.sh` installs them\n\
         wrong  one setting   `PYO3_PYTHON` is not set: cargo and maturin would compile PyO3 in turns\n\
         \x20      where: ROOM/paper company/.cargo/config.toml\n\
         \x20       mend: `./setup.sh` writes it\n\
         ok     offline       every checkpoint's crates are here\n\
         wrong  tags          the tags are not what the folders say; missing: `02-hello-1`\n\
         \x20      where: `refs/tags`\n\
         \x20       mend: `stage tags` makes them again\n\
         ok     certificates  no proxy stands between\n"
    );
    assert_eq!(
        (code, complaint.as_str()),
        (
            Some(1),
            "error: 4 things are not so\n  mend: mend them, then run the same command again\n"
        )
    );
}

#[test]
fn no_rust_is_named() {
    let machine = Machine::complete();
    machine.lacks("../programs/rustc");
    machine.is_told(
        "wrong  Rust          cannot run `rustc`\n       where: PATH\n        mend: install Rust with rustup, then run `./setup.sh`\n",
    );
}

#[test]
fn an_old_rust_is_named_with_its_version() {
    let machine = Machine::complete();
    machine.has("rustc", "echo 'rustc 1.84.1 (e71f9a9a9 2025-01-27)'");
    machine.is_told(
        "wrong  Rust          Rust 1.84.1 is too old: edition 2024 and PyO3 need 1.85\n       where: `rustc --version`\n        mend: `rustup update stable`\n",
    );
}

#[test]
fn no_c_compiler_is_named() {
    let machine = Machine::complete();
    machine.lacks("../programs/cc");
    machine.is_told(
        "wrong  C compiler    there is no C compiler, and Rust links with it\n       where: `cc` on PATH\n        mend: Debian: `apt-get install gcc libc6-dev`; macOS: `xcode-select --install`\n",
    );
}

#[test]
fn a_compiler_that_cannot_link_is_named_with_its_own_words() {
    let machine = Machine::complete();
    machine.has(
        "cc",
        "echo '/usr/bin/ld: cannot find Scrt1.o: No such file or directory' >&2; exit 1",
    );
    machine.is_told(
        "wrong  C compiler    `cc` cannot link a program: libc's own files are missing\n       where: /usr/bin/ld: cannot find Scrt1.o: No such file or directory\n",
    );
}

#[test]
fn a_python_that_is_too_old_or_too_new_is_named() {
    for version in ["3.8.10", "3.10.9", "3.16.0", "2.7.18"] {
        let machine = Machine::complete();
        machine.has_in_venv(
            "python",
            &format!(
                "case $2 in *version_info*) echo '{version} True' ;; *) echo 'pytest' ;; esac"
            ),
        );
        machine.is_told(&format!(
            "wrong  Python        Python {version} is not one of 3.11 to 3.15\n       where: ROOM/paper company/.venv\n        mend: delete `.venv`, then run `./setup.sh`\n"
        ));
    }
}

#[test]
fn a_python_that_does_not_start_is_named() {
    let machine = Machine::complete();
    machine.has_in_venv(
        "python",
        "case $2 in *version_info*) exit 127 ;; *) echo 'pytest' ;; esac",
    );
    machine.is_told("wrong  Python        `.venv` has a Python that does not start\n");
}

#[test]
fn a_missing_maturin_or_uv_is_named() {
    let machine = Machine::complete();
    machine.lacks(".venv/bin/maturin");
    machine.is_told("wrong  packages      maturin is missing\n       where: `.venv`\n        mend: `./setup.sh` installs it\n");
    machine.has_in_venv("maturin", "echo 'maturin 1.16.0'");
    machine.lacks(".venv/bin/uv");
    machine.is_told("wrong  packages      uv is missing, and `maturin develop` needs it\n");
}

#[test]
fn crates_that_were_never_fetched_are_named() {
    let machine = Machine::complete();
    machine
        .room
        .write("solutions/02-hello/Cargo.toml", "[package]\n");
    machine.room.commit("A crate");
    machine.room.stage(&["tags"]).shown();
    machine.has("cargo", "case $1 in metadata) echo 'error: no matching package named `pyo3` found' >&2; exit 101 ;; esac; echo 'cargo 1.85.0'");
    machine.is_told(
        "wrong  offline       crates of 02-hello are not on this machine\n       where: error: no matching package named `pyo3` found\n        mend: `stage prepare`, with a network\n",
    );
}

#[test]
fn no_git_and_no_repository_are_named() {
    let machine = Machine::complete();
    machine.lacks("../programs/git");
    let (code, printed, _) = machine.doctor().shown();
    assert_eq!(code, Some(1));
    assert!(
        printed.starts_with(
            "wrong  git           cannot run `git`\n       where: PATH\n        mend: install git\n"
        ),
        "{printed}"
    );

    let room = Room::without_git();
    let (code, printed, _) = room.stage(&["doctor"]).shown();
    assert_eq!(code, Some(1));
    assert!(printed.starts_with(
        "wrong  git           checkpoints are git tags, and this folder is not a git repository\n\
         \x20      where: ROOM/paper company\n\
         \x20       mend: a ZIP download has no checkpoints: use `git clone` and run `./setup.sh` there\n"
    ), "{printed}");
}

#[test]
fn a_move_that_was_cut_off_is_named() {
    let machine = Machine::complete();
    let save = "refs/stage/save/00000000000000000001";
    let head = machine.room.id("HEAD");
    machine.room.write(
        ".git/stage/journal",
        format!("{save}\n03-classes-done\n{save}\n{head}\n"),
    );
    // Without its save nothing had changed: nothing is wrong.
    let (_, printed, _) = machine.doctor().shown();
    assert!(!printed.contains("interrupted"), "{printed}");
    machine.room.git(&["update-ref", save, "HEAD"]);
    machine.is_told(
        "wrong  git           the move to `03-classes-done` was interrupted half-way\n       where: `live/`\n        mend: `stage undo` brings everything back; `stage go 03-classes-done` finishes the move\n",
    );
}

#[test]
fn a_proxy_is_mentioned() {
    let machine = Machine::complete();
    let (code, printed, _) = machine
        .doctor()
        .env("HTTPS_PROXY", "http://proxy.example:3128")
        .shown();
    assert_eq!(code, Some(0));
    assert!(printed.ends_with("ok     certificates  `HTTPS_PROXY` is set; if set-up says UnknownIssuer: `export UV_SYSTEM_CERTS=1`\n"), "{printed}");
}
