//! Commands, sessions and consoles that would pass unproved, leave something
//! behind, or never end.

#![cfg(unix)]

use std::fs::File;
use std::io::{BufRead, BufReader, Read};

use crate::picture::{Picture, assert_same};
use crate::prove::{with_slide, wrong};
use crate::room::{Room, STAGE};

/// What is wrong with a slide that a real Python proves.
fn wrong_in_python(slide: &str) -> Vec<String> {
    let room = with_slide("", slide);
    room.program(".venv/bin/python", "exec python3 \"$@\"");
    wrong(&room)
}

fn session(lines: &str) -> String {
    format!("```pycon\n{lines}\n```")
}

#[track_caller]
fn assert_found(found: &[String], what: &str) {
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].starts_with(what), "{found:?}");
}

// --- sessions ---

#[test]
fn a_session_that_is_so_passes_even_if_it_prints_nothing() {
    let slide =
        session(">>> reams = 12\n\n>>> reams * 500\n6000\n>>> sorted({'a', 'b'})\n['a', 'b']");
    assert_eq!(wrong_in_python(&slide), [""; 0]);
}

#[test]
fn a_session_that_ends_python_proves_nothing() {
    let otherwise = "17: Python says otherwise";
    let early = "17: Python ended before the session did";
    for (lines, what) in [
        (">>> import os\n>>> os._exit(0)\n>>> 1\n7000", early),
        (
            ">>> import os\n>>> os.execvp('true', ['true'])\n>>> 1\n7000",
            early,
        ),
        (">>> raise SystemExit\n>>> 1\n7000", otherwise),
        (">>> True\n1", otherwise),
        (">>> # nothing", otherwise),
        (
            ">>> import subprocess\n>>> child = subprocess.Popen(['sleep', '600'])",
            "17: the session leaves something running that holds its output; it was stopped",
        ),
    ] {
        assert_found(&wrong_in_python(&session(lines)), what);
    }
}

#[test]
fn a_session_that_hangs_is_stopped_and_named() {
    let found = wrong_in_python("```pycon limit=2\n>>> while True: pass\n```");
    assert_found(
        &found,
        "17: the session did not end within 2 s, and was stopped",
    );
}

#[test]
fn an_order_that_changes_with_the_seed_is_found() {
    let letters = "{letter for letter in 'dunder mifflin'}";
    let order = format!(">>> list({letters})\n['d', 'u', 'n', 'e', 'r', ' ', 'm', 'i', 'f', 'l']");
    assert_found(
        &wrong_in_python(&session(&order)),
        "17: Python says otherwise",
    );
    let slide = "```text run=\"python -c 'print({*map(str, range(50))})'\"\n```";
    let found = wrong_in_python(slide);
    assert_found(
        &found,
        "17: `python -c 'print({*map(str, range(50))})'` prints something else each time",
    );
}

#[test]
fn a_session_starts_from_the_checkpoint_and_leaves_nothing() {
    let first = session(
        ">>> import os\n>>> os.mkdir('new'); os.chdir('new')\n>>> with open('../new.txt', 'w') as file:\n...     _ = file.write('x')\n>>> with open('../hello.py', 'w') as file:\n...     _ = file.write('x')",
    );
    let second = session(
        ">>> import os\n>>> os.path.exists('new.txt'), open('hello.py').read(1)\n(False, 'd')",
    );
    assert_eq!(wrong_in_python(&format!("{first}\n\n{second}")), [""; 0]);
}

#[test]
fn words_that_python_never_printed_are_refused() {
    for (lines, line) in [
        ("It prints:\n>>> 1\n1", 18),
        (">>> 1\n1\n\nand 7000", 21),
        (
            ">>> f()\nTraceback (most recent call last):\n  File \"dwight.py\", line 1\nTypeError: no",
            20,
        ),
    ] {
        let room = with_slide("", &session(lines));
        let (code, _, complaint) = room.stage(&["deck", "build"]).shown();
        assert_eq!(code, Some(1));
        assert!(
            complaint.contains(&format!("\n where: slides/02-hello.md:{line}:1\n")),
            "{complaint}"
        );
    }
}

// --- commands ---

#[test]
fn a_command_finds_the_state_as_it_is_and_nothing_of_one_before() {
    let outside = with_slide("", "");
    outside.write("precious", "Ask Pam.\n");
    let link = format!(
        "ln -s '{}' outside; ls -d outside; echo x >notes",
        outside.root.display()
    );
    let slide = format!(
        "```text run=\"{link}\"\noutside\n```\n\n```text run=\"cat notes; ls outside new 2>/dev/null\" exit=2\nAsk Pam.\n```"
    );
    let room = with_slide("", &slide);
    let before = Picture::of(&outside.root);
    assert_eq!(wrong(&room), [""; 0]);
    assert_same(&Picture::of(&outside.root), &before);
}

#[test]
fn a_command_says_the_same_for_every_user() {
    let slide = "```text run=\"echo $NO_COLOR $FORCE_COLOR $TERM $COLUMNS $LC_ALL $TZ; date -d @0 +%c%Z 2>/dev/null || date -r 0 +%c%Z\"\n1 dumb 80 C.UTF-8 UTC\nThu Jan  1 00:00:00 1970UTC\n```";
    let room = with_slide("", slide);
    let run = room.stage(&["check", "2"]);
    let run = run
        .env("FORCE_COLOR", "1")
        .env("TZ", "Asia/Tokyo")
        .env("LC_ALL", "de_DE.UTF-8")
        .env("COLUMNS", "40");
    let (_, printed, _) = run.env("LANGUAGE", "de").shown();
    assert!(!printed.contains("slides/02-hello.md:17"), "{printed}");
}

#[test]
fn colours_are_refused_and_not_recorded() {
    let room = with_slide("", "```text run=\"printf '\\033[31mred\\033[0m'\"\n```");
    let before = Picture::of(&room.root.join("slides"));
    let (code, printed, _) = room.stage(&["deck", "record"]).shown();
    assert_eq!(code, Some(1));
    assert!(
        printed.contains(
            "wrong: slides/02-hello.md:17: the code has a character that nobody sees: U+001B\n"
        ),
        "{printed}"
    );
    assert_same(&Picture::of(&room.root.join("slides")), &before);
}

#[test]
fn a_command_reaches_neither_the_repository_nor_what_is_on_stage() {
    let stage = STAGE.replace('\\', "/");
    let slide = format!(
        "```text run=\"git status 2>&1 | head -1 | cut -c1-26\"\nfatal: not a git repository\n```\n\n```text run=\"'{stage}' go 3 2>&1 | head -1; exit 2\" exit=2\nerror: a command of a slide may show, and changes nothing\n```\n\n```text run=\"'{stage}' list | head -1\"\n```"
    );
    let room = with_slide("", &slide.replace("cut -c1-26", "cut -c1-27"));
    let before = Picture::of(&room.live());
    let found = wrong(&room);
    assert_found(&found, "25: `'");
    assert!(
        found[0].contains("list | head -1` prints something else"),
        "{found:?}"
    );
    assert_same(&Picture::of(&room.live()), &before);
}

#[test]
fn an_interrupt_ends_what_was_started() {
    for signal in ["INT", "TERM", "KILL"] {
        // Whoever lives holds the pipe open, and says so after a while.
        let pipe = "../../../pipe";
        let hang = format!("exec 3>{pipe}; (sleep 40; echo survived >&3) & echo ready >&3; wait");
        let room = with_slide("", &format!("```text run=\"{hang}\" limit=60\n```"));
        let made = room
            .command("mkfifo")
            .arg(room.path("pipe"))
            .status()
            .unwrap();
        assert!(made.success());
        let mut check = room.command(STAGE);
        check.args(["check", "2"]).current_dir(&room.root);
        check
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null());
        let mut check = check.spawn().unwrap();
        let mut said = BufReader::new(File::open(room.path("pipe")).unwrap());
        let mut ready = String::new();
        said.read_line(&mut ready).unwrap();
        assert_eq!(ready, "ready\n");
        let id = check.id().to_string();
        let sent = room
            .command("kill")
            .args([&format!("-{signal}"), &id])
            .status()
            .unwrap();
        assert!(sent.success() && !check.wait().unwrap().success());
        let mut rest = String::new();
        said.read_to_string(&mut rest).unwrap();
        assert_eq!(rest, "", "{signal}");
    }
}

// --- consoles ---

#[test]
fn a_command_to_type_has_the_words_that_it_is_typed_with() {
    for (typed, what) in [
        ("stage og 3", "`stage og 3`: unrecognized subcommand `og`"),
        ("stage go 9", "`stage go 9`: no checkpoint is called `9`"),
        (
            "stage go 2 3",
            "`stage go 2 3`: unexpected argument `3` found",
        ),
        (
            "stage list --al",
            "`stage list --al`: unexpected argument `--al` found",
        ),
        ("cd live && git comit", "`git` knows no `comit`"),
        ("git commit --ammend", "`git commit` knows no `--ammend`"),
        ("git switch -y x", "`git switch` knows no `-y`"),
        ("./setup.sh tset", "`./setup.sh` knows no `tset`"),
        ("A=1 dunder-mifflin | cat", "`dunder-mifflin` is no command"),
        (
            "for name in a b; do\n> lss $name\n> done",
            "`lss` is no command",
        ),
        ("echo 'open", "no shell understands `echo 'open`"),
        (
            "python -m no_such_module",
            "`python -m no_such_module` runs no module at `02-hello-done`",
        ),
        (
            "python -m json.tool --sortkeys",
            "`python -m json.tool` knows no `--sortkeys`",
        ),
        (
            "python hallo.py",
            "there is no `hallo.py` at `02-hello-done`",
        ),
    ] {
        let room = consoles(typed);
        assert_found(&wrong(&room), &format!("17: {what}"));
    }
}

#[test]
fn commands_that_there_are_pass() {
    let room = consoles(
        "stage go 2d && stage list --all\n$ git commit --amend --no-edit -m 'x -- y'  # why\n$ git log --oneline\n$ ./setup.sh test\n$ python -m json.tool --sort-keys <x.json >y.json\n$ python hello.py --any\n$ for name in a b; do\n>   ls -l \"$name\"\n> done",
    );
    assert_eq!(wrong(&room), [""; 0]);
}

fn consoles(typed: &str) -> Room {
    let room = with_slide("", &format!("```console\n$ {typed}\n```"));
    room.program(".venv/bin/python", "exec python3 \"$@\"");
    room.program(
        "setup.sh",
        "echo 'Usage: ./setup.sh [test | present [--port N]]'",
    );
    room
}

#[test]
fn a_command_of_ours_in_a_sentence_or_in_the_notes_is_one() {
    let notes =
        "<details><summary>Speaker notes</summary>\n\n- `stage go 02-hello-7`\n\n</details>";
    let room = with_slide("", &format!("Type `stage next`, `stage og`.\n\n{notes}"));
    assert_eq!(
        wrong(&room),
        [
            "17: `stage og`: unrecognized subcommand `og`",
            "21: `stage go 02-hello-7`: `02-hello` has 1 step, so no step 7",
        ]
    );
}
