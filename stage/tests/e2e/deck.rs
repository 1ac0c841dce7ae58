//! `stage deck` and `stage check`: code on slides comes from the checkpoints.

use std::fs;

use crate::picture::{Picture, assert_same};
use crate::room::Room;

const BUILT: &str = "4 slides: ROOM/paper company/deck/index.html\n";

/// A room with something in reveal.js's place.
fn with_reveal() -> Room {
    let room = Room::tagged();
    for name in ["reveal.js", "reveal.css"] {
        room.write(
            &format!("slides/node_modules/reveal.js/dist/{name}"),
            format!("/* {name} */\n"),
        );
    }
    room.write("slides/theme/theme.css", "body {}\n");
    room.write("slides/theme/deck.js", "// keys\n");
    room
}

/// The page of a room whose section 2 holds one more slide.
fn page_with(slide: &str) -> String {
    let room = with_reveal();
    add_slide(&room, slide);
    room.stage(&["deck", "build"])
        .ok("5 slides: ROOM/paper company/deck/index.html\n");
    room.read("deck/index.html")
}

fn add_slide(room: &Room, slide: &str) {
    let text = room.read("slides/02-hello.md");
    room.write(
        "slides/02-hello.md",
        format!("{text}\n---\n\n<!-- slide id=more min=1 at=02-hello-1 -->\n{slide}\n"),
    );
}

/// `deck build` and `deck sync` both refuse one more slide in section 2, whose
/// first line is line 16, and write nothing.
#[track_caller]
fn refused(slide: &str, complaint: &str) {
    let room = with_reveal();
    add_slide(&room, slide);
    let before = Picture::of(&room.root.join("slides"));
    room.stage(&["deck", "build"]).fails(1, complaint);
    assert!(!room.path("deck/index.html").exists());
    assert_same(&Picture::of(&room.root.join("slides")), &before);
}

#[test]
fn without_reveal_it_says_what_installs_it() {
    let room = Room::tagged();
    room.stage(&["deck", "build"]).fails(
        1,
        "error: `stage deck build` failed (reveal.js is not installed)\n\
         \x20where: `ROOM/paper company/slides/node_modules/reveal.js/dist/reveal.js` is missing\n\
         \x20 mend: `./setup.sh present` installs it, or `npm ci` in `slides/`\n",
    );
    assert!(!room.path("deck/index.html").exists());
}

#[test]
fn the_deck_is_a_folder_that_is_complete() {
    let room = with_reveal();
    room.stage(&["deck", "build"]).ok(BUILT);
    let mut names: Vec<_> = fs::read_dir(room.path("deck"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "data.js",
            "deck.js",
            "index.html",
            "reveal.css",
            "reveal.js",
            "theme.css"
        ]
    );
    let page = room.read("deck/index.html");
    assert_eq!(page.matches("<section ").count(), 4);
    for tag in [
        "01-why-start",
        "01-why-done",
        "02-hello-done",
        "03-classes-2",
    ] {
        assert_eq!(
            page.matches(&format!("<code>stage go {tag}</code>"))
                .count(),
            1,
            "{tag}"
        );
    }
    assert_eq!(page.matches("<code>./setup.sh</code>").count(), 4);
    assert!(page.contains("data-minutes=\"1.5\" data-track=\"hour half day\" data-optional>"));
    // It opens from a folder: nothing is fetched from elsewhere.
    assert!(!page.contains("http:") && !page.contains("https:") && !page.contains("src=\"/"));
    assert!(
        room.git(&["status", "--porcelain", "--", "deck"])
            .is_empty()
    );
}

#[test]
fn building_again_writes_nothing() {
    let room = with_reveal();
    room.stage(&["deck", "build"]).ok(BUILT);
    let made = || {
        fs::metadata(room.path("deck/index.html"))
            .unwrap()
            .modified()
            .unwrap()
    };
    let before = made();
    room.stage(&["deck", "build"]).ok(BUILT);
    assert_eq!(made(), before);
}

#[test]
fn the_deck_goes_where_it_is_told() {
    let room = with_reveal();
    room.stage(&["deck", "build", "--out", "my talk"])
        .ok("4 slides: ROOM/paper company/my talk/index.html\n");
    assert!(room.path("my talk/index.html").exists() && !room.path("deck").exists());
}

#[test]
fn the_banner_names_an_address_and_no_folder() {
    let room = with_reveal();
    let repository = || {
        room.stage(&["deck", "build"]).ok(BUILT);
        let page = room.read("deck/index.html");
        let found = page
            .split_once("<span class=\"repo\">")
            .map(|(_, rest)| rest.split_once("</span>").unwrap().0.to_string());
        found.unwrap_or_default()
    };
    assert_eq!(repository(), "");
    room.git(&["remote", "add", "origin", room.root.to_str().unwrap()]);
    assert_eq!(repository(), "");
    room.git(&[
        "remote",
        "set-url",
        "origin",
        "https://git.example/paper?a=1&b=2",
    ]);
    assert_eq!(repository(), "https://git.example/paper?a=1&amp;b=2");
    room.write(
        "slides/deck.toml",
        "title = \"Paper\"\nrepository = \"https://git.example/other\"\n",
    );
    assert_eq!(repository(), "https://git.example/other");
}

#[test]
fn a_setting_that_is_not_known_is_named() {
    let room = with_reveal();
    room.write("slides/deck.toml", "title = \"Paper\"\nlangauge = \"en\"\n");
    room.stage(&["deck", "build"]).fails(
        1,
        "error: the deck knows no `langauge`\n where: slides/deck.toml:2\n  mend: it has `title`, `language` and `repository`, all strings, and tables such as `[track.day]`\n",
    );
    room.write("slides/deck.toml", "title = \"Paper\"\nlanguage = en\n");
    let (code, _, complaint) = room.stage(&["deck", "build"]).shown();
    assert_eq!(code, Some(1));
    assert!(
        complaint.contains("\n where: slides/deck.toml:2\n"),
        "{complaint}"
    );
}

// --- snippets ---

#[test]
fn sync_fills_and_mends_every_body() {
    let room = Room::tagged();
    let fresh = room.read("slides/02-hello.md");
    let body = "def hello():\n    return \"Hello from Scranton\"\n";
    for stale in [
        "",
        "def hello():\n    return \"Hello from Stamford\"\n",
        "a\n\n\nb\n",
    ] {
        room.write("slides/02-hello.md", fresh.replace(body, stale));
        room.stage(&["deck", "sync"])
            .ok("wrote slides/02-hello.md\n");
        assert_eq!(room.read("slides/02-hello.md"), fresh);
    }
    room.stage(&["deck", "sync"])
        .ok("every snippet was so already\n");
}

#[test]
fn a_snippet_follows_its_checkpoint() {
    let room = Room::tagged();
    let text = room
        .read("slides/02-hello.md")
        .replace("#hello", "#hello at=02-hello-1");
    room.write("slides/02-hello.md", &text);
    room.stage(&["deck", "sync"])
        .ok("wrote slides/02-hello.md\n");
    assert!(
        room.read("slides/02-hello.md")
            .contains("def hello():\n    return \"\"\n```\n")
    );
}

#[test]
fn an_unknown_item_file_or_checkpoint_gets_the_nearest_and_nothing_is_written() {
    for (fence, column, what) in [
        (
            "src=hello.py#helo",
            24,
            "`hello.py` at `02-hello-1`: it has no `helo`; did you mean `hello`?",
        ),
        (
            "src=helo.py",
            15,
            "`02-hello-1` has no file `helo.py`; did you mean `hello.py`?",
        ),
        (
            "src=hello.py at=02-hello-7",
            27,
            "no checkpoint is called `02-hello-7`; did you mean `02-hello-1`?",
        ),
    ] {
        let room = Room::tagged();
        add_slide(&room, &format!("```python {fence}\n```"));
        let text = room
            .read("slides/01-why.md")
            .replace("    raise NotImplementedError\n```", "    pass\n```");
        room.write("slides/01-why.md", text);
        let before = Picture::of(&room.root.join("slides"));
        room.stage(&["deck", "sync"]).fails(
            1,
            &format!("error: {what}\n where: slides/02-hello.md:17:{column}\n  mend: name a file and an item that the checkpoint has\n"),
        );
        assert_same(&Picture::of(&room.root.join("slides")), &before);
    }
}

#[test]
fn code_without_a_source_is_refused() {
    refused(
        "```rust\nfn main() {}\n```",
        "error: rust without a source: nobody has compiled it\n\
         \x20where: slides/02-hello.md:17:1\n\
         \x20 mend: name where it comes from: `src=src/order.rs#Order`\n",
    );
    refused(
        "```text\n1 passed\n```",
        "error: output without the command that printed it\n where: slides/02-hello.md:17:1\n  mend: say it: `run=\"…\"`, `error-of=E0616` for what the compiler said, `bench=ladder`\n",
    );
    refused(
        "```pyhton\nx\n```",
        "error: no fence is in `pyhton`; did you mean `python`?\n where: slides/02-hello.md:17:4\n  mend: use one of rust, python, toml, diff, pycon, text, console\n",
    );
    refused(
        "text\n\n    indented\n",
        "error: indented text is code here by accident\n where: slides/02-hello.md:19:5\n  mend: take the four spaces away, or fence it\n",
    );
}

// --- slides ---

#[test]
fn an_id_that_is_taken_names_both_places() {
    refused(
        "\n---\n\n<!-- slide id=names min=1 at=02-hello-1 -->",
        "error: the id `names` is taken by slides/01-why.md:6\n where: slides/02-hello.md:20:1\n  mend: give one of the two another id\n",
    );
}

#[test]
fn a_slide_without_minutes_is_named() {
    refused(
        "\n---\n\n<!-- slide id=later at=02-hello-1 -->",
        "error: the slide has no minutes\n where: slides/02-hello.md:20:1\n  mend: add `min=3`\n",
    );
}

#[test]
fn a_slide_without_an_id_is_named() {
    refused(
        "\n---\n\n<!-- slide min=1 at=02-hello-1 -->",
        "error: the slide has no id\n where: slides/02-hello.md:20:1\n  mend: add `id=…`: lower-case letters, digits, hyphens\n",
    );
}

#[test]
fn a_slide_at_an_unknown_checkpoint_gets_the_nearest() {
    refused(
        "\n---\n\n<!-- slide id=later min=1 at=02-hello-4 -->",
        "error: no checkpoint is called `02-hello-4`; did you mean `02-hello-1`?\n where: slides/02-hello.md:20:1\n  mend: `stage list --all` shows them\n",
    );
}

#[test]
fn a_slide_in_an_unknown_track_gets_the_nearest() {
    refused(
        "\n---\n\n<!-- slide id=later min=1 at=02-hello-1 track=hafl -->",
        "error: no track is called `hafl`; did you mean `half`?\n where: slides/02-hello.md:20:1\n  mend: use hour, half or day; or none\n",
    );
}

#[test]
fn an_open_details_is_refused_with_its_slide() {
    refused(
        "<details><summary>Speaker notes</summary>\n\n- **Say** hello\n",
        "error: a `<details>` on the slide `more` is never closed\n where: slides/02-hello.md:16:1\n  mend: add `</details>` on a line of its own\n",
    );
}

#[test]
fn nothing_in_a_fence_splits_a_slide_or_leaks_from_it() {
    let page = page_with(
        "```text run=\"cat page\"\n---\n\n***\nNote: not a note\n<!-- slide id=x min=1 at=02-hello-1 -->\n</code></pre></section><script>alert(1)</script>\n<details><summary>Speaker notes</summary>\n&amp;\n```\n",
    );
    assert_eq!(page.matches("<section ").count(), 5);
    assert_eq!(
        page.matches("<section ").count(),
        page.matches("</section>").count()
    );
    assert!(!page.contains("alert(1)</script>") && !page.contains("id=\"x\""));
    assert!(page.contains("&lt;/section&gt;&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(page.contains("Note: not a note") && page.contains("&amp;amp;"));
    let (_, slide) = page.split_once("id=\"more\"").unwrap();
    assert!(!slide.split_once("</section>").unwrap().0.contains("<aside"));
}

#[test]
fn a_word_that_reveal_would_take_for_notes_stays_on_the_slide() {
    let page = page_with(
        "## More\n\nNote: the total is in cents.\n\n- a list\n\n  ***\n\n> quoted\n>\n> ---\n>\n> too\n",
    );
    assert_eq!(page.matches("<section ").count(), 5);
    assert!(page.contains("<p>Note: the total is in cents.</p>"));
}

#[test]
fn speaker_notes_leave_the_slide_whatever_is_in_them() {
    let page = page_with(
        "## More\n\n<details><summary>Speaker notes</summary>\n\n- **Ask** `a < b`?\n\n<details><summary>Hint</summary>\n\nInside\n\n</details>\n\n```console\n$ ls </details>\n```\n\n</details>\n",
    );
    let (_, slide) = page.split_once("id=\"more\"").unwrap();
    let (body, notes) = slide
        .split_once("</section>")
        .unwrap()
        .0
        .split_once("<aside class=\"notes\">")
        .unwrap();
    assert!(
        !body.contains("Ask") && !body.contains("Inside") && !body.contains("details"),
        "{body}"
    );
    assert!(
        notes.contains("<strong>Ask</strong> <code>a &lt; b</code>") && notes.contains("Inside"),
        "{notes}"
    );
}

#[test]
fn a_line_that_underlines_by_accident_is_refused() {
    refused(
        "the last words\n---\n",
        "error: `---` under a line of text makes a heading, not a new slide\n where: slides/02-hello.md:17:1\n  mend: put an empty line above it\n",
    );
}

#[cfg(unix)]
#[test]
fn a_link_among_the_solutions_is_refused() {
    let room = with_reveal();
    std::os::unix::fs::symlink("/etc/passwd", room.path("solutions/02-hello/leak")).unwrap();
    let complaint = "error: `ROOM/paper company/solutions/02-hello/leak` is a symbolic link, and none is followed here\n\
         \x20where: nothing was changed\n\
         \x20 mend: put a real file or folder in its place\n";
    room.stage(&["deck", "build"]).fails(1, complaint);
    room.commit("A link");
    let before = room.tags();
    room.stage(&["tags"]).fails(1, complaint);
    assert_eq!(room.tags(), before);
}
