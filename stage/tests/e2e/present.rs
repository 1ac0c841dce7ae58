//! `stage present`: what the server says. What a browser makes of it is looked
//! at by `tests/browser/`.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStderr, Stdio};

use crate::paper::with_theme;
use crate::room::{Room, STAGE};

/// A server that runs until the test is over.
struct Presenting {
    child: Child,
    address: String,
    errors: BufReader<ChildStderr>,
}

impl Presenting {
    fn start(room: &Room) -> Self {
        let mut stage = room.command(STAGE);
        let stage = stage.args(["present", "--no-open"]).current_dir(&room.root);
        stage.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = stage.spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let line = lines.next().unwrap().unwrap();
        let address = line.trim_start_matches("deck:     http://");
        let address = address.trim_end_matches('/').to_string();
        // What it says later must have somewhere to go.
        std::thread::spawn(move || lines.for_each(drop));
        let errors = BufReader::new(child.stderr.take().unwrap());
        Self {
            child,
            address,
            errors,
        }
    }

    /// Head and body of the answer.
    fn get(&self, path: &str) -> (String, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let host = &self.address;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_lowercase(), body.into())
    }

    /// The version that the page was made from, as it tells the browser.
    fn seen(&self) -> String {
        let (_, page) = self.get("/");
        let (_, seen) = page.split_once("data-seen=\"").unwrap();
        seen.split_once('"').unwrap().0.into()
    }
}

impl Drop for Presenting {
    fn drop(&mut self) {
        let _ = self.child.kill().and_then(|()| self.child.wait());
    }
}

#[test]
fn a_link_to_a_solution_leads_to_its_text() {
    let room = with_theme();
    let presenting = Presenting::start(&room);
    let (_, page) = presenting.get("/");
    assert!(page.contains("<html data-solutions lang="), "{page}");
    let (_, link) = page.split_once("class=\"solution\" href=\"..").unwrap();
    let (link, _) = link.split_once('"').unwrap();
    let (head, text) = presenting.get(link);
    assert!(head.starts_with("http/1.1 200"), "{link}: {head}");
    assert!(
        head.contains("content-type: text/plain; charset=utf-8"),
        "{head}"
    );
    assert_eq!(text, room.read(link.trim_start_matches('/')));
}

#[test]
fn nothing_but_the_deck_and_the_solutions_is_served() {
    let room = with_theme();
    let presenting = Presenting::start(&room);
    for path in [
        "/solutions/../slides/deck.toml",
        "/solutions/%2e%2e/slides/deck.toml",
        "/..%2fslides/deck.toml",
        "/slides/deck.toml",
        "/solutions/",
    ] {
        let (head, body) = presenting.get(path);
        assert!(head.starts_with("http/1.1 404"), "{path}: {head}");
        assert!(!body.contains("title"), "{path}");
    }
}

#[test]
fn a_browser_keeps_no_file_of_the_deck_unasked() {
    let room = with_theme();
    let presenting = Presenting::start(&room);
    for (path, wanted) in [
        ("/", "no-store"),
        ("/theme.css", "no-cache"),
        ("/data.js", "no-cache"),
    ] {
        let (head, _) = presenting.get(path);
        assert!(
            head.contains(&format!("cache-control: {wanted}")),
            "{path}: {head}"
        );
    }
}

#[test]
fn a_deck_whose_folder_is_gone_says_so_and_comes_back() {
    let room = with_theme();
    let presenting = Presenting::start(&room);
    let seen = presenting.seen();
    fs::remove_dir_all(room.path("deck")).unwrap();
    let (head, page) = presenting.get("/");
    assert!(head.starts_with("http/1.1 503"), "{head}");
    assert!(
        page.contains("save a slide and it is built again"),
        "{page}"
    );
    assert_eq!(presenting.seen(), seen);

    let slides = room.read("slides/01-why.md");
    room.write("slides/01-why.md", slides.replacen("## ", "## Again: ", 1));
    // Answered as soon as there is another version.
    let (_, now) = presenting.get(&format!("/version/{seen}"));
    assert_ne!(now, seen);
    let (head, page) = presenting.get("/");
    assert!(head.starts_with("http/1.1 200"), "{head}");
    assert!(page.contains("<h2>Again: "), "{page}");
    assert!(page.contains(&format!("data-seen=\"{now}\"")), "{page}");
}

#[test]
fn a_slide_with_a_mistake_is_named_and_leaves_the_deck_as_it_was() {
    let room = with_theme();
    let mut presenting = Presenting::start(&room);
    let (seen, slides) = (presenting.seen(), room.read("slides/01-why.md"));
    let page = room.read("deck/index.html");
    room.write("slides/01-why.md", slides.replacen("min=", "minutes=", 1));
    let mut complaint = String::new();
    while !complaint.contains("slides/01-why.md:") {
        let read = presenting.errors.read_line(&mut complaint).unwrap();
        assert!(read > 0, "it ended: {complaint}");
    }
    assert_eq!(presenting.seen(), seen);
    assert_eq!(room.read("deck/index.html"), page);
}

#[test]
fn a_port_that_is_taken_is_named() {
    let room = with_theme();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let mut stage = room.stage(&["present", "--no-open", "--port", &port]);
    let (code, _, complaint) = stage.shown();
    assert_eq!(code, Some(1), "{complaint}");
    for piece in [
        "`stage present`",
        &format!("127.0.0.1:{port}"),
        "leave `--port` out",
    ] {
        assert!(complaint.contains(piece), "{piece} in {complaint}");
    }
}
