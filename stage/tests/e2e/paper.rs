//! `stage deck pdf` and `stage deck build --single`: the deck on paper and on
//! a stick. What comes out is looked at by `tests/browser/`.

use std::fs;

use crate::room::Room;

/// A room whose deck can be built: every file that the page asks for is there.
pub fn with_theme() -> Room {
    let room = Room::tagged();
    for name in ["reveal.js", "reveal.css"] {
        let path = format!("slides/node_modules/reveal.js/dist/{name}");
        room.write(&path, format!("/* {name} </script> */\n"));
    }
    let theme = concat!(env!("CARGO_MANIFEST_DIR"), "/../slides/theme");
    for entry in fs::read_dir(theme).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        room.write(
            &format!("slides/theme/{name}"),
            fs::read(entry.path()).unwrap(),
        );
    }
    room
}

#[test]
fn the_one_file_asks_for_no_other() {
    let room = with_theme();
    room.stage(&["deck", "build", "--single"])
        .ok("4 slides: ROOM/paper company/deck/deck.html\n");
    let page = room.read("deck/deck.html");
    assert!(page.contains("/* reveal.js <\\/script> */"));
    assert!(page.contains("Reveal.initialize"));
    for asked in [
        "<script src",
        "<link rel=\"stylesheet\"",
        "href=\"icon.svg\"",
        "href=\"../",
    ] {
        assert!(!page.contains(asked), "{asked}");
    }
    assert!(room.path("deck/index.html").exists());
}

#[test]
fn the_folder_links_to_the_solutions_beside_it() {
    let room = with_theme();
    room.stage(&["deck", "build"])
        .ok("4 slides: ROOM/paper company/deck/index.html\n");
    let page = room.read("deck/index.html");
    let (_, link) = page.split_once("class=\"solution\" href=\"").unwrap();
    let (link, _) = link.split_once('"').unwrap();
    assert!(room.path("deck").join(link).is_file(), "{link}");
}

#[test]
fn without_a_browser_it_says_how_to_get_one_and_the_deck_is_there() {
    let room = with_theme();
    let mut stage = room.command(crate::room::STAGE);
    let ran = stage
        .args(["deck", "pdf"])
        .env("CHROMIUM", "/no/such/browser")
        .current_dir(&room.root)
        .output()
        .unwrap();
    let complaint = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(1));
    assert!(
        complaint.starts_with("error: cannot run `chromium`\n"),
        "{complaint}"
    );
    assert!(
        complaint.contains("apt-get install chromium"),
        "{complaint}"
    );
    assert!(
        complaint.contains("CHROMIUM=/path/to/chromium"),
        "{complaint}"
    );
    assert!(room.path("deck/index.html").exists() && !room.path("deck/handout.pdf").exists());
}

#[cfg(unix)]
#[test]
fn a_browser_that_prints_nothing_leaves_the_old_file() {
    let room = with_theme();
    room.program("browser", "echo 'cannot open display' >&2; exit 3");
    room.write("deck/handout.pdf", "%PDF old");
    let mut stage = room.command(crate::room::STAGE);
    let ran = stage
        .args(["deck", "pdf"])
        .env("CHROMIUM", room.path("browser"))
        .current_dir(&room.root)
        .output()
        .unwrap();
    let complaint = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(1), "{complaint}");
    assert!(complaint.contains("exit status: 3"), "{complaint}");
    assert!(complaint.contains("cannot open display"), "{complaint}");
    assert_eq!(room.read("deck/handout.pdf"), "%PDF old");
}

#[cfg(unix)]
#[test]
fn a_browser_that_hangs_is_stopped_and_named() {
    let room = with_theme();
    // Its child hangs, too, and both hold the output open.
    let script = "echo 'waiting for a lock' >&2; echo $$ >\"$HOME/pid\"; tail -f /dev/null";
    room.program("browser", script);
    room.write("deck/handout.pdf", "%PDF old");
    let mut stage = room.command(crate::room::STAGE);
    let ran = stage
        .args(["deck", "pdf", "--limit", "1"])
        .env("CHROMIUM", room.path("browser"))
        .current_dir(&room.root)
        .output()
        .unwrap();
    let complaint = String::from_utf8(ran.stderr).unwrap();
    assert_eq!(ran.status.code(), Some(1), "{complaint}");
    let browser = room.path("browser").display().to_string();
    for piece in [
        &browser,
        "not done after 1 s, and stopped",
        "waiting for a lock",
        "`stage deck pdf --limit 4` gives it more time",
    ] {
        assert!(complaint.contains(piece), "{piece} in {complaint}");
    }
    assert_eq!(room.read("deck/handout.pdf"), "%PDF old");
    let left = fs::read_dir(room.path("deck")).unwrap();
    let mut left = left.map(|entry| entry.unwrap().file_name());
    assert!(left.all(|name| !name.to_string_lossy().contains(".new-")));
    let pid = fs::read_to_string(room.home().join("pid")).unwrap();
    let mut kill = room.command("kill");
    let alive = kill.args(["-0", pid.trim()]).output().unwrap();
    assert!(!alive.status.success(), "the browser is still running");
}

#[cfg(unix)]
#[test]
fn a_browser_prints_the_page_that_was_asked_for() {
    let room = with_theme();
    // Writes what it was asked for into the file that it was told.
    room.program(
        "browser",
        "for option; do case $option in --print-to-pdf=*) out=${option#*=};; file:*) page=$option;; esac; done\n\
         printf '%%PDF %s' \"$page\" >\"$out\"",
    );
    for (options, name, query) in [
        (&["deck", "pdf"][..], "deck/handout.pdf", "?print"),
        (&["deck", "pdf", "--read"], "deck/article.pdf", "?read"),
        (
            &["deck", "pdf", "--out", "my talk.pdf"],
            "my talk.pdf",
            "?print",
        ),
    ] {
        let mut stage = room.command(crate::room::STAGE);
        let stage = stage.args(options).env("CHROMIUM", room.path("browser"));
        let ran = stage.current_dir(&room.root).output().unwrap();
        assert!(
            ran.status.success(),
            "{}",
            String::from_utf8_lossy(&ran.stderr)
        );
        let page = room.root.join("deck/index.html").display().to_string();
        let address = format!("%PDF file://{}{query}", page.replace(' ', "%20"));
        assert_eq!(room.read(name), address);
        assert!(String::from_utf8_lossy(&ran.stdout).ends_with(&format!("{name}\n")));
    }
}
