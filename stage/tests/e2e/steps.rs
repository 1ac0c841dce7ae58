//! `stage steps`: what is in `live/` becomes a step; an edit of a solution
//! reaches every step that has the line.

use crate::picture::{Picture, assert_same};
use crate::room::Room;

const HEAD: &str = "class Order:\n    def __init__(self, customer, reams):\n";

/// A room at `tag`, every file of it in `live/`.
fn room_at(tag: &str) -> Room {
    let room = Room::tagged();
    assert_eq!(room.stage(&["go", tag]).shown().0, Some(0));
    room
}

/// The tags after everything was committed.
fn commit_and_tag(room: &Room) {
    room.git(&["add", "slides", "solutions"]);
    room.git(&["commit", "-q", "-m", "Edited"]);
    let (code, printed, complaint) = room.stage(&["tags"]).shown();
    assert_eq!(code, Some(0), "{printed}{complaint}");
}

#[test]
fn what_is_in_live_becomes_the_step() {
    for name in ["3.2", "classes.2", "03-classes-2"] {
        let room = room_at("3.2");
        room.write(
            "live/order.py",
            format!("{HEAD}        self.paid = False\n"),
        );
        room.write("live/new.py", "x = 1\n");
        room.stage(&["steps", "save", name])
            .ok("wrote slides/steps/03-classes/2.patch\n");
        let patch = room.read("slides/steps/03-classes/2.patch");
        assert!(
            patch.starts_with(
                "an order knows its reams\n\ndiff --git a/new.py b/new.py\nnew file mode 100644\n"
            ),
            "{patch}"
        );
        commit_and_tag(&room);
        assert_same(&room.picture_in("03-classes-2"), &room.picture());
        assert_eq!(
            room.id("03-classes-done:live"),
            room.id("main:solutions/03-classes")
        );
        assert!(
            room.git(&["apply", "--numstat", "slides/steps/03-classes/2.patch"])
                .contains("order.py")
        );
    }
}

#[test]
fn the_step_after_a_saved_one_stays_what_it_was() {
    let room = room_at("3.1");
    let second = room.picture_in("03-classes-2");
    room.write("live/order.py", "class Order:\n    customer = None\n");
    room.stage(&[
        "steps",
        "save",
        "3.1",
        "a class alone",
        "--green",
        "tests/test_order.py",
    ])
    .ok("wrote slides/steps/03-classes/1.patch\nwrote slides/steps/03-classes/2.patch\n");
    let patch = room.read("slides/steps/03-classes/1.patch");
    assert!(
        patch.starts_with("a class alone\n\nGreen: tests/test_order.py\n\ndiff --git "),
        "{patch}"
    );
    commit_and_tag(&room);
    assert_same(&room.picture_in("03-classes-1"), &room.picture());
    assert_same(&room.picture_in("03-classes-2"), &second);
}

#[test]
fn a_new_step_needs_a_title_and_the_next_number() {
    let room = room_at("3.2");
    room.write("live/order.py", format!("{HEAD}        pass\n"));
    let before = Picture::of(&room.path("slides"));
    room.stage(&["steps", "save", "3.3"]).fails(
        2,
        "error: the step `3.3` is new and has no title\n\
         \x20 mend: say what is typed: `stage steps save 3.3 \"the total is a method\"`\n",
    );
    for (step, named) in [
        ("3.4", "03-classes-4"),
        ("3.0", "03-classes-0"),
        ("3.x", "3.x"),
        ("03-classes-done", "03-classes-done"),
    ] {
        room.stage(&["steps", "save", step, "too far"]).fails(
            1,
            &format!("error: there is no step `{named}`\n  mend: `stage list` shows how many steps a section has\n"),
        );
    }
    assert_same(&Picture::of(&room.path("slides")), &before);
    room.stage(&["steps", "save", "3.3", "nothing happens"])
        .ok("wrote slides/steps/03-classes/3.patch\n");
    commit_and_tag(&room);
    assert_same(&room.picture_in("03-classes-3"), &room.picture());
}

#[test]
fn the_first_start_is_saved_as_what_it_lacks() {
    let room = room_at("01-why-start");
    room.write("live/names.py", "def near(a, b):\n    pass\n");
    room.stage(&["steps", "save", "01-why-start"])
        .ok("wrote slides/steps/01-why/start.patch\nwrote slides/steps/01-why/1.patch\n");
    commit_and_tag(&room);
    assert_same(&room.picture_in("01-why-start"), &room.picture());
}

#[test]
fn a_step_that_is_so_already_is_not_written() {
    let room = room_at("3.2");
    let patches = Picture::of(&room.path("slides/steps"));
    // Written by hand first: the tool's own hand may differ once, not twice.
    room.stage(&["steps", "save", "3.2"]).shown();
    room.stage(&["steps", "save", "3.2"])
        .ok("the steps were so already\n");
    commit_and_tag_is_quiet(&room);
    drop(patches);
}

/// Nothing was left to commit but how the patches are written.
fn commit_and_tag_is_quiet(room: &Room) {
    let before = room.git(&["ls-tree", "-r", "03-classes-2", "live"]);
    room.commit("Rewritten");
    room.stage(&["tags"]).shown();
    assert_eq!(room.git(&["ls-tree", "-r", "03-classes-2", "live"]), before);
}

#[test]
fn an_edit_of_a_solution_is_carried_into_every_step_that_has_the_line() {
    let room = Room::tagged();
    let path = "solutions/03-classes/order.py";
    let edited = room
        .read(path)
        .replace("= customer\n", "= customer.strip()\n");
    room.write(path, &edited);
    let (code, _, complaint) = room.stage(&["steps", "refresh"]).shown();
    assert_eq!((code, complaint.as_str()), (Some(0), ""));
    commit_and_tag(&room);
    for tag in ["03-classes-1", "03-classes-2", "03-classes-done"] {
        let text = room.git(&["show", &format!("{tag}:live/order.py")]);
        assert!(
            text.contains("self.customer = customer.strip()\n"),
            "{tag}: {text}"
        );
    }
    assert!(
        !room
            .git(&["show", "03-classes-1:live/order.py"])
            .contains("reams")
    );
    room.stage(&["steps", "refresh"])
        .ok("the steps were so already\n");
}

#[test]
fn an_edit_of_one_section_is_carried_into_the_start_of_the_next() {
    let room = Room::tagged();
    for stem in ["02-hello", "03-classes"] {
        room.write(
            &format!("solutions/{stem}/hello.py"),
            "def hello():\n    return \"Hello from Stamford\"\n",
        );
    }
    let (code, _, complaint) = room.stage(&["steps", "refresh"]).shown();
    assert_eq!((code, complaint.as_str()), (Some(0), ""));
    commit_and_tag(&room);
    for tag in ["02-hello-done", "03-classes-start", "03-classes-2"] {
        assert!(
            room.git(&["show", &format!("{tag}:live/hello.py")])
                .contains("Stamford"),
            "{tag}"
        );
    }
}

#[test]
fn an_edit_that_fits_nowhere_names_the_line_and_changes_nothing() {
    let room = Room::tagged();
    let path = "solutions/03-classes/order.py";
    // Step 1 has the line above and not the line below: it could go either way.
    let edited = room
        .read(path)
        .replace("= customer\n", "= customer\n        self.paid = False\n");
    room.write(path, &edited);
    let before = Picture::of(&room.root.join("slides"));
    room.stage(&["steps", "refresh"]).fails(
        1,
        "error: the edit of the solution does not fit `03-classes-1`: `solutions/03-classes/order.py` has no `self.reams = reams`\n\
         \x20where: solutions/03-classes/order.py:4; nothing was changed\n\
         \x20 mend: `stage go 03-classes-1`, make the edit in `live/`, `stage steps save 03-classes-1`\n",
    );
    assert_same(&Picture::of(&room.root.join("slides")), &before);
    assert_eq!(room.read(path), edited);
}

#[test]
fn a_gap_in_the_steps_is_named() {
    let room = Room::tagged();
    room.remove("slides/steps/03-classes/1.patch");
    room.commit("A gap");
    room.stage(&["tags"]).fails(
        1,
        "error: cannot read the step `slides/steps/03-classes/1.patch`: the steps must be numbered from 1 on; 2.patch stand there\n\
         \x20where: slides/steps/03-classes/1.patch:1\n\
         \x20 mend: put the step's code into `live/` and run `stage steps save`\n",
    );
}

#[test]
fn a_patch_without_a_title_is_named() {
    let room = Room::tagged();
    let patch = room.read("slides/steps/02-hello/1.patch");
    let untitled = &patch[patch.find("diff --git").unwrap()..];
    room.write("slides/steps/02-hello/1.patch", untitled);
    room.commit("No title");
    room.stage(&["tags"]).fails(
        1,
        "error: cannot read the step `slides/steps/02-hello/1.patch`: its first line must say what is typed\n\
         \x20where: slides/steps/02-hello/1.patch:1\n\
         \x20 mend: put the step's code into `live/` and run `stage steps save`\n",
    );
}
