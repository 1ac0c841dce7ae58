//! `stage hint`: the hints of the exercise that `live/` is at, one at a time.

#[cfg(all(unix, feature = "present"))]
use crate::picture::Picture;
use crate::picture::assert_same;
use crate::room::Room;

const SHEETS: &str = "<!-- slide id=exercise-sheets min=3 at=03-classes-1 track=half,day -->\n\
    ## Your turn: `sheets`\n\n\
    <details><summary>Hint 1</summary>How many sheets has a ream?</details>\n\
    <details><summary>Hint 2</summary>\n\nMultiply, as here:\n\n```python src=order.py#Order.total at=03-classes-done\ndef total(self):\n    return 599 * self.reams\n```\n\n</details>\n\n\
    <details><summary>Speaker notes</summary>\n\n- **Wait**.\n\n</details>\n";

const PAID: &str = "<!-- slide id=exercise-paid min=3 at=03-classes-2 -->\n\
    ## Paid?\n\n\
    <details><summary>Hint 1</summary>One.</details>\n\
    <details><summary>Hint 2</summary>Two.</details>\n";

const FIRST: &str = "Your turn: sheets (03-classes-1), hint 1 of 2\n\nHow many sheets has a ream?\n\none more: `stage hint`\n";
const SECOND: &str = "Your turn: sheets (03-classes-1), hint 2 of 2\n\nMultiply, as here:\n\n    def total(self):\n        return 599 * self.reams\n\n";
const LAST: &str = "that was the last; is it green? `stage test`\n";
const SOLUTION: &str = "there is no other; the solution: `stage go 03-classes-done`\n\
    your own work is saved first; `stage undo` brings it back\n";

/// A room with these slides at the end of section 3, at `tag`.
fn room_with(slides: &[&str], tag: &str) -> Room {
    let room = Room::tagged();
    let mut text = room.read("slides/03-classes.md");
    for slide in slides {
        text.push_str(&format!("\n---\n\n{slide}"));
    }
    room.write("slides/03-classes.md", text);
    assert_eq!(room.stage(&["go", tag]).shown().0, Some(0));
    room
}

#[test]
fn hints_come_one_at_a_time_and_the_last_one_stays() {
    let room = room_with(&[SHEETS], "3.1");
    room.write("live/order.py", "class Order:\n    mine = True\n");
    let (live, index) = (room.picture(), room.index_and_head());
    room.stage(&["hint"]).ok(FIRST);
    room.stage(&["hint"]).ok(&format!("{SECOND}{LAST}"));
    room.stage(&["hint"]).ok(&format!("{SECOND}{SOLUTION}"));
    room.stage(&["hint"]).ok(&format!("{SECOND}{SOLUTION}"));
    room.stage(&["hint", "--again"]).ok(FIRST);
    room.stage(&["hint"]).ok(&format!("{SECOND}{LAST}"));
    assert_same(&room.picture(), &live);
    assert_eq!(room.index_and_head(), index);
    room.assert_no_leftovers();
}

#[test]
fn a_hint_can_be_asked_for_by_its_number() {
    let room = room_with(&[SHEETS], "3.1");
    room.stage(&["hint", "2"]).ok(&format!("{SECOND}{LAST}"));
    room.stage(&["hint", "1"]).ok(FIRST);
    room.stage(&["hint"]).ok(&format!("{SECOND}{LAST}"));
    for number in ["0", "3"] {
        room.stage(&["hint", number]).fails(
            2,
            &format!(
                "error: the exercise has 2 hints, so no hint {number}\n  mend: `stage hint --again` starts with the first\n"
            ),
        );
    }
    let (code, _, complaint) = room.stage(&["hint", "1", "--again"]).shown();
    assert_eq!(code, Some(2), "{complaint}");
}

#[test]
fn the_exercise_is_the_one_here_or_the_next_in_the_section() {
    for (tag, title) in [
        ("03-classes-start", "Your turn: sheets (03-classes-1)"),
        ("03-classes-1", "Your turn: sheets (03-classes-1)"),
        ("03-classes-2", "Paid? (03-classes-2)"),
    ] {
        let room = room_with(&[SHEETS, PAID], tag);
        let (code, printed, complaint) = room.stage(&["hint"]).shown();
        assert_eq!(code, Some(0), "{complaint}");
        assert!(
            printed.starts_with(&format!("{title}, hint 1 of 2\n")),
            "{tag}: {printed}"
        );
    }
}

#[test]
fn another_exercise_begins_with_its_first_hint() {
    let room = room_with(&[SHEETS, PAID], "3.1");
    room.stage(&["hint", "2"]).shown();
    room.stage(&["next"]).shown();
    room.stage(&["hint"])
        .ok("Paid? (03-classes-2), hint 1 of 2\n\nOne.\n\none more: `stage hint`\n");
    room.stage(&["back"]).shown();
    room.stage(&["hint"]).ok(FIRST);
}

#[test]
fn where_there_is_no_exercise_the_next_one_is_named() {
    let room = room_with(&[SHEETS], "2.1");
    room.stage(&["hint"])
        .ok("no exercise at 02-hello-1\nthe next one: `stage go 03-classes-1`\n");
    room.stage(&["go", "3d"]).shown();
    room.stage(&["hint"])
        .ok("no exercise at 03-classes-done\nnone comes after it\n");
    let bare = PAID.split("<details>").next().unwrap();
    let room = room_with(&[bare], "3");
    room.stage(&["hint"])
        .ok("Paid? (03-classes-2) has no hints\n");
}

#[test]
fn without_tags_nobody_can_tell_where_live_stands() {
    Room::new().stage(&["hint"]).fails(
        2,
        "error: cannot tell which checkpoint is on stage\n  mend: say where to go: `stage go 3`; `stage tags` if there are no tags yet\n",
    );
}

#[test]
fn what_was_remembered_is_never_in_the_way() {
    let room = room_with(&[SHEETS], "3.1");
    for foreign in [
        &b"\xff\xfe"[..],
        b"",
        b"exercise-sheets",
        b"exercise-sheets two\n",
        b"exercise-other 2\n",
        b"exercise-sheets -1\n",
    ] {
        room.write(".git/stage/hint", foreign);
        room.stage(&["hint"]).ok(FIRST);
    }
    room.write(".git/stage/hint", "exercise-sheets 99\n");
    room.stage(&["hint"]).ok(&format!("{SECOND}{SOLUTION}"));
    room.remove(".git/stage/hint");
    room.write(".git/stage/hint/in the way", "mine");
    room.stage(&["hint"]).ok(FIRST);
    room.stage(&["hint"]).ok(FIRST);
    room.stage(&["hint", "2"]).ok(&format!("{SECOND}{LAST}"));
    assert_eq!(room.read(".git/stage/hint/in the way"), "mine");
}

#[cfg(unix)]
#[test]
fn a_link_in_its_place_is_not_written_through() {
    let room = room_with(&[SHEETS], "3.1");
    room.write("mine", "notes\n");
    std::os::unix::fs::symlink(room.path("mine"), room.path(".git/stage/hint")).unwrap();
    room.stage(&["hint"]).ok(FIRST);
    assert_eq!(room.read("mine"), "notes\n");
}

#[test]
fn each_worktree_remembers_its_own() {
    let room = room_with(&[SHEETS], "3.1");
    room.commit("An exercise");
    room.stage(&["tags"]).shown();
    room.git(&["worktree", "add", "-q", "../other", "03-classes-1"]);
    let other = room.at(room.root.with_file_name("other"));
    room.stage(&["hint"]).ok(FIRST);
    other.stage(&["hint"]).ok(FIRST);
    room.stage(&["hint"]).ok(&format!("{SECOND}{LAST}"));
    other.stage(&["hint", "--again"]).ok(FIRST);
    room.stage(&["hint"]).ok(&format!("{SECOND}{SOLUTION}"));
    assert_eq!(other.git(&["status", "--porcelain"]), "");
}

/// What `stage check` says of the slides that are added to section 3.
#[cfg(all(unix, feature = "present"))]
fn wrong(slides: &[&str]) -> Vec<String> {
    let room = room_with(slides, "1");
    room.program(".venv/bin/python", "echo .so");
    let before = Picture::of(&room.path("slides"));
    let (code, printed, complaint) = room.stage(&["check", "3"]).shown();
    assert_eq!(code, Some(1), "{complaint}");
    assert!(complaint.contains("things are not so"), "{complaint}");
    assert_same(&Picture::of(&room.path("slides")), &before);
    let finding = |finding: &str| {
        let finding = finding.strip_prefix("wrong: slides/03-classes.md:")?;
        finding
            .contains("hint")
            .then(|| finding.trim_end().to_string())
    };
    printed.split("\n\n").filter_map(finding).collect()
}

#[cfg(all(unix, feature = "present"))]
#[test]
fn check_finds_hints_that_nobody_could_use() {
    assert_eq!(wrong(&[SHEETS, PAID]), [""; 0]);
    let mend = "write them as `<details><summary>Hint 1</summary>…</details>`, above the notes";
    let (one, _) = PAID.split_once("<details><summary>Hint 2").unwrap();
    let third = "<details><summary>Hint 3</summary>Three.</details>\n";
    let fourth = "<details><summary>Hint 4</summary>Four.</details>\n";
    for (slide, what, mend) in [
        (
            one.to_string(),
            "the exercise has 1 hints, not two or three",
            mend,
        ),
        (
            format!("{PAID}{third}{fourth}"),
            "the exercise has 4 hints, not two or three",
            mend,
        ),
        (
            format!("{PAID}{fourth}"),
            "the hints are called `Hint 1`, `Hint 2`, `Hint 4`",
            "number them from 1 on",
        ),
        (
            PAID.replace("Hint 2", "hint two"),
            "the hints are called `Hint 1`, `Hint two`",
            "number them from 1 on",
        ),
        (
            PAID.replace("Two.", " <b> </b> "),
            "hint 2 is empty",
            "write it, or take it away",
        ),
        (
            PAID.replace("exercise-paid", "paid"),
            "`paid` has hints and is no exercise",
            "begin its id with `exercise-`, or take them away",
        ),
    ] {
        assert_eq!(wrong(&[&slide]), [format!("17: {what}\n    {mend}")]);
    }
    let same = PAID.replace("03-classes-2", "03-classes-1");
    assert_eq!(
        wrong(&[SHEETS, &same]),
        [
            "40: a second exercise at `03-classes-1`: `stage hint` finds the first\n    give one of the two another checkpoint"
        ]
    );
}
