//! Wrong solutions are carried along by `stage steps refresh`, or named where
//! they no longer fit.

#![cfg(unix)]

use crate::picture::{Picture, assert_same};
use crate::room::Room;
use crate::wrong::{DEARER, PATCH, PYTEST, findings};

/// A room with one wrong solution, committed, back where it began.
fn room_with_one() -> Room {
    let room = Room::tagged();
    room.program(".venv/bin/python", PYTEST);
    room.write(DEARER, PATCH);
    room.git(&["add", "tests"]);
    room.git(&["commit", "-q", "-m", "A wrong solution"]);
    room.stage(&["tags"]).shown();
    room
}

const ORDER: &str = "solutions/03-classes/order.py";

fn edit(room: &Room, old: &str, new: &str) {
    let text = room.read(ORDER);
    assert!(text.contains(old), "{text}");
    room.write(ORDER, text.replace(old, new));
}

#[test]
fn an_edit_of_the_solution_is_carried_into_its_wrong_solutions() {
    let room = room_with_one();
    let refreshed = |room: &Room| {
        let (code, printed, complaint) = room.stage(&["steps", "refresh"]).shown();
        assert_eq!((code, complaint.as_str()), (Some(0), ""));
        printed
    };
    // An edit beside the mistake, one of the mistake's own line, one more line: without a commit between.
    edit(&room, "self.reams = reams", "self.reams = int(reams)");
    room.write("solutions/03-classes/new.py", "x = 1\n");
    assert!(refreshed(&room).contains(&format!("wrote {DEARER}\n")));
    let expected = PATCH.replace("self.reams = reams", "self.reams = int(reams)");
    assert_eq!(room.read(DEARER), expected);
    assert_eq!(refreshed(&room), "the steps were so already\n");
    edit(&room, "return 599 *", "return 1 * 599 *");
    assert!(refreshed(&room).contains(DEARER));
    let expected = expected.replace("-        return 599", "-        return 1 * 599");
    assert_eq!(room.read(DEARER), expected);
    assert_eq!(refreshed(&room), "the steps were so already\n");
    room.write(
        "tests/wrong/03-classes/other.patch",
        expected.replace("600", "601"),
    );
    assert_eq!(refreshed(&room), "the steps were so already\n");
    assert_eq!(findings(&room).len(), 0, "{:?}", findings(&room));
}

#[test]
fn a_patch_written_before_the_edit_is_carried_too() {
    let room = room_with_one();
    room.write(
        "tests/wrong/03-classes/other.patch",
        PATCH.replace("600", "601"),
    );
    edit(&room, "def total(self)", "def total_cents(self)");
    let (code, printed, _) = room.stage(&["steps", "refresh"]).shown();
    assert_eq!(code, Some(0));
    assert!(
        printed.ends_with(&format!(
            "wrote {DEARER}\nwrote tests/wrong/03-classes/other.patch\n"
        )),
        "{printed}"
    );
    assert!(
        room.read("tests/wrong/03-classes/other.patch")
            .contains("     def total_cents(self):\n")
    );
}

#[test]
fn a_section_that_is_not_committed_yet_may_have_wrong_solutions() {
    let room = room_with_one();
    room.write("solutions/04-new/order.py", room.read(ORDER));
    room.write("tests/wrong/04-new/dearer.patch", PATCH);
    room.stage(&["steps", "refresh"]).shown();
    assert_eq!(room.read("tests/wrong/04-new/dearer.patch"), PATCH);
}

/// What `stage steps refresh` finds wrong; it ends with exit code 1.
fn misfits(room: &Room) -> Vec<String> {
    let (code, printed, complaint) = room.stage(&["steps", "refresh"]).shown();
    assert_eq!(code, Some(1), "{printed}{complaint}");
    let findings = printed.split("\nwrong: ").skip(1);
    findings.map(|one| one.trim_end().to_string()).collect()
}

#[test]
fn a_wrong_solution_that_no_longer_fits_is_named_and_left_as_it_was() {
    for (old, new, line, gone) in [
        (
            "    def total(self):\n",
            "    def total(self):\n        # so\n",
            7,
            "return 599 * self.reams",
        ),
        (
            "    def total(self):\n        return 599",
            "    def sum(self):\n        return 598",
            6,
            "def total(self):",
        ),
    ] {
        let room = room_with_one();
        edit(&room, old, new);
        let before = Picture::of(&room.path("tests"));
        let misfit = format!(
            "{ORDER}:{line}: the edit of the solution does not fit `{DEARER}`, which has no `{gone}`\n    \
             commit the solution, `stage tags`, `stage go 03-classes-done`, make the mistake in `live/`, `stage wrong save 03-classes dearer`"
        );
        assert_eq!(misfits(&room), [misfit]);
        assert_same(&Picture::of(&room.path("tests")), &before);
    }
}

#[test]
fn the_others_are_carried_and_the_one_can_be_made_anew() {
    let room = room_with_one();
    let other = "tests/wrong/03-classes/nobody.patch";
    let header = "the customer is kept\n\nRejected: tests/test_order.py\n\ndiff --git a/order.py b/order.py\n--- a/order.py\n+++ b/order.py\n";
    let hunk = "@@ -1,4 +1,4 @@\n class Order:\n     def __init__(self, customer, reams):\n-        self.customer = customer\n+        self.customer = None\n         self.reams = reams\n";
    room.write(other, format!("{header}{hunk}"));
    edit(&room, "class Order:", "class Order:  # one");
    edit(
        &room,
        "    def total(self):\n",
        "    def total(self):\n        # so\n",
    );
    assert_eq!(misfits(&room).len(), 1);
    assert!(room.read(other).contains(" class Order:  # one\n"));
    room.git(&["add", "slides", "solutions"]);
    room.git(&["commit", "-q", "-m", "Edited"]);
    room.stage(&["tags"]).shown();
    room.stage(&["go", "3d"]).shown();
    // One that nobody can read is not in the way either.
    room.write(other, "");
    let text = room.read("live/order.py").replace("599", "600");
    room.write("live/order.py", text);
    room.stage(&["wrong", "save", "3", "dearer"]).ok(&format!(
        "wrote {DEARER}\nrejected by tests/test_order.py::test_total[2]\n"
    ));
    assert!(room.read(DEARER).starts_with("a ream costs 599 cents\n"));
    assert!(room.read(DEARER).contains("         # so\n"));
}

#[test]
fn a_solution_that_becomes_its_own_wrong_solution_is_reported() {
    let room = room_with_one();
    edit(&room, "599", "600");
    assert_eq!(
        misfits(&room),
        [format!(
            "{DEARER}:1: it changes nothing: it is the solution\n    \
             `stage go 03-classes-done`, make the mistake in `live/`, `stage wrong save 03-classes dearer`"
        )]
    );
}
