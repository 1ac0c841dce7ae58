//! What stands on a slide is taken from a checkpoint or cited: code, differences,
//! lines to step through, images, sources, and what is wrong with each.
//!
//! The file is long because each message stands in it whole. The Rust of a
//! checkpoint is built by `tests/setup/test_lies.py`.

#![cfg(unix)]

use crate::picture::{Picture, assert_same};
use crate::room::Room;

/// A room whose section 2 has one more slide, at `02-hello-done`; its first
/// line is line 17, below the slide's comment.
pub fn with_slide(words: &str, slide: &str) -> Room {
    let room = Room::tagged();
    // Asked for the name of an extension module, which no checkpoint has here.
    room.program(".venv/bin/python", "echo .so");
    room.write("slides/theme/theme.css", "body {}\n");
    for name in ["reveal.js", "reveal.css"] {
        room.write(&format!("slides/node_modules/reveal.js/dist/{name}"), "\n");
    }
    let text = room.read("slides/02-hello.md");
    let slide = format!("<!-- slide id=more min=1 at=02-hello-done {words}-->\n{slide}");
    room.write("slides/02-hello.md", format!("{text}\n---\n\n{slide}\n"));
    room
}

/// What `stage check` finds wrong with that slide, less what it finds anyway.
pub fn wrong(room: &Room) -> Vec<String> {
    let before = Picture::of(&room.root.join("slides"));
    let (code, printed, complaint) = room.stage(&["check", "2"]).shown();
    assert_eq!(code, Some(1), "{complaint}");
    assert_same(&Picture::of(&room.root.join("slides")), &before);
    let findings = printed.split("\n\n").filter_map(|finding| {
        let finding = finding.strip_prefix("wrong: slides/02-hello.md:")?;
        Some(finding.trim_end().to_string())
    });
    findings.collect()
}

/// Every command that reads the slides refuses this one and writes nothing.
#[track_caller]
pub fn refused(slide: &str, complaint: &str) {
    let room = with_slide("", slide);
    let before = Picture::of(&room.root.join("slides"));
    for command in [
        &["deck", "build"][..],
        &["deck", "sync"],
        &["deck", "record"],
        &["check"],
    ] {
        let (code, printed, found) = room.stage(command).shown();
        assert_eq!(found, complaint, "{command:?} {printed}");
        assert_eq!(code, Some(1));
    }
    assert!(!room.path("deck").exists());
    assert_same(&Picture::of(&room.root.join("slides")), &before);
}

// --- code and differences ---

#[test]
fn a_lie_in_code_of_each_language_is_found() {
    for (fence, truth, lie) in [
        (
            "python src=hello.py#hello",
            "    return \"Hello from Scranton\"",
            "    return \"Hello\"",
        ),
        (
            "toml src=pyproject.toml#project",
            "name = \"dunder\"",
            "name = \"mifflin\"",
        ),
        ("diff src=hello.py", "-    return \"\"", "-    return None"),
    ] {
        let room = with_slide("", &format!("```{fence}\n```"));
        room.stage(&["deck", "sync"])
            .ok("wrote slides/02-hello.md\n");
        let text = room.read("slides/02-hello.md");
        let (before, after) = text.rsplit_once(truth).unwrap_or_else(|| panic!("{text}"));
        room.write("slides/02-hello.md", format!("{before}{lie}{after}"));
        let found = wrong(&room).concat();
        assert!(
            found.starts_with("17: the code is not what its source says: `stage deck sync`"),
            "{found}"
        );
        assert!(found.contains(&format!("\n    -{lie}\n")), "{found}");
        assert!(found.contains(&format!("\n    +{truth}")), "{found}");
    }
}

#[test]
fn a_difference_shows_what_a_checkpoint_changes() {
    let room = with_slide(
        "",
        "```diff src=hello.py\n```\n\n```diff src=order.py#Order.__init__ at=03-classes-2 diff=02-hello-done\n```\n\n```diff src=names.py diff=01-why-start at=01-why-done lines=2|3\n```",
    );
    room.stage(&["deck", "sync"])
        .ok("wrote slides/02-hello.md\n");
    let text = room.read("slides/02-hello.md");
    let (_, slide) = text.split_once("id=more").unwrap();
    assert!(slide.contains("hello.py\n@@ -1,2 +1,2 @@\n def hello():\n-    return \"\"\n+    return \"Hello from Scranton\"\n```\n"), "{slide}");
    assert!(slide.contains("\n@@ -0,0 +1,3 @@\n+def __init__(self, customer, reams):\n+    self.customer = customer\n"), "{slide}");
    assert!(
        slide.contains("-    raise NotImplementedError\n+    return a.lower() == b.lower()\n"),
        "{slide}"
    );
    room.stage(&["deck", "sync"])
        .ok("every snippet was so already\n");
    room.stage(&["deck", "build"])
        .ok("5 slides: ROOM/paper company/deck/index.html\n");
    let page = room.read("deck/index.html");
    assert!(
        page.contains("<span class=\"line removed\">-    return &quot;&quot;\n</span>"),
        "{page}"
    );
    assert!(page.contains("<figcaption>order.py · 02-hello-done → 03-classes-2</figcaption>"));
}

#[test]
fn a_difference_that_is_none_or_starts_nowhere_is_refused() {
    for (fence, column, what) in [
        (
            "src=notes diff=02-hello-1",
            9,
            "`02-hello-1` has no file `notes`",
        ),
        (
            "src=names.py",
            9,
            "nothing of it changes from `02-hello-1` to `02-hello-done`",
        ),
        (
            "src=nmaes.py",
            13,
            "`02-hello-done` has no file `nmaes.py`; did you mean `names.py`?",
        ),
        (
            "src=names.py#naer",
            22,
            "`names.py` at `02-hello-done`: it has no `naer`; did you mean `near`?",
        ),
        (
            "src=names.py diff=02-hello-2",
            27,
            "no checkpoint is called `02-hello-2`; did you mean `02-hello-1`?",
        ),
        (
            "src=names.py diff=03-classes-1",
            27,
            "`03-classes-1` does not come before `02-hello-done`",
        ),
        (
            "src=names.py at=01-why-start",
            1,
            "no checkpoint comes before `01-why-start`",
        ),
    ] {
        let room = with_slide("", &format!("```diff {fence}\n```"));
        if fence.contains("notes") {
            // A file that is new is a difference; this one is neither here nor there.
            room.stage(&["deck", "sync"])
                .ok("wrote slides/02-hello.md\n");
            continue;
        }
        room.stage(&["deck", "sync"]).fails(
            1,
            &format!("error: {what}\n where: slides/02-hello.md:17:{column}\n  mend: name a file and an item that the checkpoint has\n"),
        );
    }
}

#[test]
fn an_item_that_was_renamed_in_the_solution_is_named() {
    let room = with_slide("", "");
    let solution = room.read("solutions/02-hello/hello.py");
    room.write(
        "solutions/02-hello/hello.py",
        solution.replace("def hello", "def greet"),
    );
    for command in [&["deck", "sync"][..], &["check"]] {
        room.stage(command).fails(
            1,
            "error: `hello.py` at `02-hello-done`: it has no `hello`\n where: slides/02-hello.md:9:24\n  mend: name a file and an item that the checkpoint has\n",
        );
    }
}

#[test]
fn lines_that_the_code_has_not_are_refused() {
    let complaint = |lines: &str| {
        format!(
            "error: {lines}\n where: slides/02-hello.md:17:31\n  mend: name lines that it has: `lines=1-3|5`\n"
        )
    };
    let room = with_slide(
        "",
        "```python src=hello.py#hello  lines=1|2-3\ndef hello():\n    return \"Hello from Scranton\"\n```",
    );
    for command in [&["deck", "sync"][..], &["deck", "build"], &["check"]] {
        room.stage(command).fails(
            1,
            &complaint("`lines=` goes to line 3, and the code has 2 lines"),
        );
    }
}

#[test]
fn lines_are_stepped_through_by_fragments() {
    let room = with_slide("", "```python src=hello.py#hello lines=1|2\n```");
    room.stage(&["deck", "sync"])
        .ok("wrote slides/02-hello.md\n");
    room.stage(&["deck", "build"])
        .ok("5 slides: ROOM/paper company/deck/index.html\n");
    let page = room.read("deck/index.html");
    let (_, figure) = page
        .split_once("<figure class=\"code\" data-lines=\"1\">")
        .unwrap();
    let figure = figure.split_once("</figure>").unwrap().0;
    assert_eq!(figure.matches("<span class=\"line\">").count(), 2);
    assert!(figure.contains("</pre><span class=\"fragment\" data-lines=\"2\"></span><figcaption>"));
}

// --- what nobody can prove ---

#[test]
fn ten_thousand_lines_are_refused_whether_shown_or_taken() {
    refused(
        &format!("```text run=yes\n{}```", "y\n".repeat(10_000)),
        "error: 10000 lines of code; a slide holds 16\n where: slides/02-hello.md:17:1\n  mend: show an item of it, or a shorter piece\n",
    );
    let room = with_slide("", "```python src=long.py\n```");
    room.write("solutions/02-hello/long.py", "pass\n".repeat(10_000));
    room.write("solutions/03-classes/long.py", "pass\n".repeat(10_000));
    room.stage(&["deck", "sync"]).fails(
        1,
        "error: 10000 lines of code; a slide holds 16\n where: slides/02-hello.md:17:1\n  mend: show an item of it, or a shorter piece\n",
    );
}

#[test]
fn what_is_not_utf_8_says_where() {
    let room = with_slide("", "");
    let mut bytes = room.read("slides/02-hello.md").into_bytes();
    bytes.extend(b"Caf\xe9\n");
    room.write("slides/02-hello.md", bytes);
    let complaint =
        "error: the file is not UTF-8\n where: slides/02-hello.md:18:4\n  mend: save it as UTF-8\n";
    for command in [
        &["deck", "build"][..],
        &["deck", "sync"],
        &["deck", "record"],
        &["check"],
    ] {
        room.stage(command).fails(1, complaint);
    }
    let room = with_slide("", "```python src=latin.py\n```");
    room.write("solutions/02-hello/latin.py", b"# Caf\xe9\n");
    room.stage(&["deck", "sync"]).fails(
        1,
        "error: `latin.py` at `02-hello-done` is not UTF-8\n where: slides/02-hello.md:17:15\n  mend: name a file and an item that the checkpoint has\n",
    );
}

#[test]
fn output_typed_into_a_console_is_refused() {
    refused(
        "```console\n$ pytest\n1 passed\n```",
        "error: a console shows what is typed, after `$ `: `1 passed`\n where: slides/02-hello.md:19:1\n  mend: show what a command prints in a `text run=\"…\"` fence\n",
    );
}

#[test]
fn an_open_details_is_found_by_check_too() {
    let room = with_slide("", "<details><summary>Hint</summary>\n");
    room.stage(&["check"]).fails(
        1,
        "error: a `<details>` on the slide `more` is never closed\n where: slides/02-hello.md:16:1\n  mend: add `</details>` on a line of its own\n",
    );
}

// --- what comes from elsewhere ---

const IMAGES: &str = "put the file into `slides/images/` and write `![…](images/NAME)`";
const THEME: &str = "put it into the theme, `slides/theme/`";

#[track_caller]
fn refused_because(slide: &str, what: &str, mend: &str) {
    let place = "slides/02-hello.md:17:1";
    refused(
        slide,
        &format!("error: {what}\n where: {place}\n  mend: {mend}\n"),
    );
}

#[test]
fn a_remote_image_is_refused() {
    let what = "`https://paper.example/ream.png` would be fetched from elsewhere";
    refused_because("![Paper](https://paper.example/ream.png)", what, IMAGES);
}

#[test]
fn an_image_that_is_not_there_is_refused() {
    let what = "there is no image `images/ream.png`";
    refused_because("![Paper](images/ream.png)", what, IMAGES);
}

#[test]
fn a_remote_script_is_refused() {
    let script = "<script src=\"https://paper.example/x.js\"></script>";
    refused_because(script, "`<script>` on a slide", THEME);
}

#[test]
fn a_remote_font_is_refused_on_a_slide_and_in_the_theme() {
    let link = "<link href=\"https://paper.example/font.css\">";
    refused_because(link, "`<link>` on a slide", THEME);
    let room = with_slide("", "");
    room.write(
        "slides/theme/theme.css",
        "body {}\n@font-face { src: url(https://paper.example/f.woff2) }\n",
    );
    room.stage(&["deck", "build"]).fails(
        1,
        "error: the theme fetches something from elsewhere\n where: slides/theme/theme.css:2:19\n  mend: put the file beside it, in `slides/theme/`\n",
    );
}

#[test]
fn an_image_says_what_it_shows_and_goes_with_the_deck() {
    let room = with_slide("", "![A ream of paper](images/ream.svg)");
    room.write(
        "slides/images/ream.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n",
    );
    room.stage(&["deck", "build"])
        .ok("5 slides: ROOM/paper company/deck/index.html\n");
    assert_eq!(
        room.read("deck/images/ream.svg"),
        room.read("slides/images/ream.svg")
    );
    assert!(
        room.read("deck/index.html")
            .contains("<img src=\"images/ream.svg\" alt=\"A ream of paper\" />")
    );
}

#[test]
fn an_image_without_alt_text_is_refused() {
    let room = with_slide("", "![](images/ream.svg)");
    room.write("slides/images/ream.svg", "<svg/>\n");
    for command in [&["deck", "build"][..], &["deck", "sync"], &["check"]] {
        room.stage(command).fails(
            1,
            "error: an image without alt text\n where: slides/02-hello.md:17:1\n  mend: say what it shows: `![A ream of paper](images/ream.svg)`\n",
        );
    }
}

// --- sources ---

#[test]
fn facts_are_cited_dated_and_listed() {
    let source = "<small class=\"source\">Source: LWN, \"Rust\", <https://lwn.net/Articles/1>; seen 2026-11-23.</small>";
    let room = with_slide("factual ", &format!("As of November 2026.\n\n{source}"));
    assert_eq!(wrong(&room), [""; 0]);
    room.stage(&["deck", "sources"])
        .ok("slides/02-hello.md:19 more\n    LWN, \"Rust\"\n    https://lwn.net/Articles/1, seen 2026-11-23\n");
    for (slide, what) in [
        (
            format!(
                "As of 2026.\n\n{}",
                source.replace("2026-11-23", "2999-01-01")
            ),
            "19: the source `LWN` was seen on 2999-01-01, which is to come",
        ),
        (
            format!(
                "## 12 million reams\n\n{}",
                source.replace("2026-11-23", "2026-11-31")
            ),
            "19: the source `LWN` was seen `2026-11-31`, which is no date",
        ),
        (
            "## 12 million reams in 2026".to_string(),
            "16: it states facts about the world and cites nobody",
        ),
        (
            "Rust is fast.".to_string(),
            "16: it states facts about the world and cites nobody",
        ),
        (
            format!("Rust is fast.\n\n{source}"),
            "16: it states facts and does not say as of when",
        ),
        (
            format!("As of 2026.\n\n{}", source.replace("; seen 2026-11-23", "")),
            "19: the source `LWN` does not say when it was seen",
        ),
        (
            format!(
                "As of 2026.\n\n{}",
                source.replace("<https://lwn.net/Articles/1>", "page 3")
            ),
            "19: the source `LWN` has neither an address nor a release",
        ),
    ] {
        let found = wrong(&with_slide("factual ", &slide));
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with(what), "{found:?}");
    }
}
