//! What is wrong with slides before anything runs: all of it at once, and what
//! no reader could see.

#![cfg(unix)]

use crate::picture::{Picture, assert_same};
use crate::prove::{refused, with_slide};

// --- all that is wrong, at once ---

#[test]
fn every_problem_of_every_section_is_named_in_order() {
    let room = with_slide(
        "",
        "```rust\nfn f() {}\n```\n\n```python src=hello.py#helo\n```\n\na </b> b\n\n---\n\n<!-- slide id=names at=02-hello-1 -->",
    );
    let why = room.read("slides/01-why.md");
    room.write(
        "slides/01-why.md",
        why.replace("```python src", "```pyhton src"),
    );
    room.write("slides/03-classes.md", "# An order\n");
    let before = Picture::of(&room.root.join("slides"));
    for command in [
        &["deck", "build"][..],
        &["deck", "sync"],
        &["deck", "record"],
        &["deck", "sources"],
        &["check"],
    ] {
        room.stage(command).fails(
            1,
            "error: no fence is in `pyhton`; did you mean `python`?\n where: slides/01-why.md:9:4\n  mend: use one of rust, python, toml, diff, pycon, text, console\n\n\
             error: rust without a source: nobody has compiled it\n where: slides/02-hello.md:17:1\n  mend: name where it comes from: `src=src/order.rs#Order`\n\n\
             error: `hello.py` at `02-hello-done`: it has no `helo`; did you mean `hello`?\n where: slides/02-hello.md:21:24\n  mend: name a file and an item that the checkpoint has\n\n\
             error: `</b>` closes nothing that was opened beside it\n where: slides/02-hello.md:24:3\n  mend: close each tag where it was opened, the last one first\n\n\
             error: the slide has no minutes\n where: slides/02-hello.md:28:1\n  mend: add `min=3`\n\n\
             error: the section has no front matter\n where: slides/03-classes.md:1:1\n  mend: begin the file with `---`, `title: …`, `red: …`, `---`\n\n\
             error: 6 things on the slides are wrong\n  mend: mend them, then run the same command again\n",
        );
    }
    assert!(!room.path("deck").exists());
    assert_same(&Picture::of(&room.root.join("slides")), &before);
}

#[test]
fn code_from_outside_of_the_checkpoint_is_refused() {
    for (src, column, what) in [
        (
            "../01-why/names.py",
            15,
            "`02-hello-done` has no file `../01-why/names.py`",
        ),
        (
            "/etc/hosts.py",
            15,
            "`02-hello-done` has no file `/etc/hosts.py`",
        ),
        (
            "./hello.py",
            15,
            "`02-hello-done` has no file `./hello.py`; did you mean `hello.py`?",
        ),
        ("tests.py", 15, "`02-hello-done` has no file `tests.py`"),
        ("tests/", 15, "`tests/` is not python"),
    ] {
        let mend = if src == "tests/" {
            "name a file that ends in .py or .pyi"
        } else {
            "name a file and an item that the checkpoint has"
        };
        refused(
            &format!("```python src={src}\n```"),
            &format!("error: {what}\n where: slides/02-hello.md:17:{column}\n  mend: {mend}\n"),
        );
    }
    let room = with_slide("", "```python src=leak.py\n```");
    std::os::unix::fs::symlink("/etc/passwd", room.path("solutions/02-hello/leak.py")).unwrap();
    let (code, _, complaint) = room.stage(&["deck", "sync"]).shown();
    assert_eq!(code, Some(1));
    assert!(
        complaint.contains("leak.py` is a symbolic link, and none is followed here"),
        "{complaint}"
    );
}

// --- what nobody can see ---

#[test]
fn a_file_with_other_ends_of_lines_or_unseen_letters_is_refused() {
    for (from, to, what) in [
        (
            "## Hello\n",
            "## Hello\r\n",
            "the line ends as on Windows\n where: slides/02-hello.md:7:9",
        ),
        (
            "---\ntitle",
            "\u{feff}---\ntitle",
            "the file begins with a byte order mark\n where: slides/02-hello.md:1:1",
        ),
        (
            "## Hello",
            "## He\u{202e}llo",
            "a character that nobody sees: U+202E\n where: slides/02-hello.md:7:6",
        ),
        (
            "## Hello",
            "## He\u{200b}llo",
            "a character that nobody sees: U+200B\n where: slides/02-hello.md:7:6",
        ),
        (
            "Scranton",
            "Scran\u{2066}ton",
            "a character that nobody sees: U+2066\n where: slides/02-hello.md:11:29",
        ),
    ] {
        let room = with_slide("", "");
        let text = room.read("slides/02-hello.md").replacen(from, to, 1);
        room.write("slides/02-hello.md", text);
        for command in [&["deck", "build"][..], &["deck", "sync"], &["check"]] {
            let (code, _, complaint) = room.stage(command).shown();
            assert!(
                complaint.contains(&format!("error: {what}\n")),
                "{complaint}"
            );
            assert_eq!(code, Some(1));
        }
    }
    // In the solution's code, which `sync` would bring onto the slide.
    let room = with_slide("", "```python src=names.py\n```");
    let code = "def near(a, b):  # \u{202e}never\u{202c}\n    return True\n";
    room.write("solutions/02-hello/names.py", code);
    room.write("solutions/03-classes/names.py", code);
    room.stage(&["steps", "refresh"]).shown();
    let (code, _, complaint) = room.stage(&["deck", "sync"]).shown();
    assert_eq!(code, Some(1));
    assert!(
        complaint.contains(
            "the code has a character that nobody sees: U+202E\n where: slides/02-hello.md:17:1\n"
        ),
        "{complaint}"
    );
}

#[test]
fn a_break_that_swallows_a_slide_is_refused() {
    refused(
        "words\n\n---\n<!-- slide id=more min=1 at=02-hello-1 -->\nwords\n\n---\n",
        "error: `---` without an empty line below it hides the text up to the next\n where: slides/02-hello.md:19:1\n  mend: put an empty line below it\n",
    );
    refused(
        "<!-- never closed\n\n---\n\n<!-- slide id=another min=1 at=02-hello-1 -->",
        "error: a comment goes into the deck, for everybody to read\n where: slides/02-hello.md:17:1\n  mend: put it into the speaker notes, or delete it\n",
    );
    refused(
        "\n---\n\n<!-- slide id=deck min=1 at=02-hello-1 -->",
        "error: the id `deck` is the page's own\n where: slides/02-hello.md:20:1\n  mend: give the slide another id\n",
    );
}
