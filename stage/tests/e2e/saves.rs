//! `stage saves`: what each save has, and getting it back, whole or a file.

use std::ffi::OsStr;

use crate::picture::assert_same;
use crate::room::Room;

const HINT: &str = "`stage saves show N` looks into one, `stage saves restore N` brings it back\n";

/// A room with two saves: `live/` edited at `02-hello-start`, then at `03-classes-2`.
fn edited() -> Room {
    let room = Room::tagged();
    room.stage(&["go", "2"]).shown();
    room.write("live/names.py", "# mine\n");
    room.write("live/my notes/one.txt", "mine\n");
    room.remove("live/pyproject.toml");
    room.stage(&["go", "3.2"]).shown();
    room
}

#[test]
fn the_list_says_what_is_yours_in_each() {
    let room = edited();
    room.write("live/order.py", "# mine, too\n");
    room.stage(&["undo"]).shown();
    let now = "less than a minute ago";
    room.stage(&["saves"]).ok(&format!(
        "   1  01-why-done           nothing of your own           {now}\n\
         \x20  2  02-hello-start        1 edited, 1 new, 1 deleted    {now}\n\
         \x20  3  03-classes-2          1 edited                      {now}\n{HINT}"
    ));
}

#[test]
fn a_save_shows_its_files_and_a_file_its_bytes() {
    let room = edited();
    room.stage(&["saves", "show", "2"])
        .ok("save 2: 02-hello-start, before `03-classes-2`\n\
         edited   names.py\n\
         new      my notes/one.txt\n\
         deleted  pyproject.toml\n\
         `stage saves show 2 FILE` prints a file, `stage saves restore 2 FILE` brings it back\n");
    for name in ["names.py", "live/names.py", "./live/../live/names.py"] {
        room.stage(&["saves", "show", "2", name]).ok("# mine\n");
    }
    room.stage(&["saves", "show", "2", "my notes"])
        .ok("new      my notes/one.txt\n");
    room.stage(&["saves", "show", "2", "one.txt"])
        .from(room.live())
        .fails(
            2,
            "error: there is no file `one.txt`\n where: save 2\n  mend: `stage saves show 2` says what is in it\n",
        );
    room.stage(&["saves", "show", "2", "nmaes.py"]).fails(
        2,
        "error: there is no file `nmaes.py`; did you mean `names.py`?\n where: save 2\n  mend: `stage saves show 2` says what is in it\n",
    );
    room.stage(&["saves", "show", "9"]).fails(
        2,
        "error: no save is called `9`\n  mend: `stage saves` shows them all\n",
    );
}

#[test]
fn the_difference_to_the_checkpoint_is_gits_own() {
    let room = edited();
    let save = room.refs("refs/stage/save");
    let save = save.lines().nth(1).unwrap().split(' ').next().unwrap();
    let gits = ["diff", "--binary", "--full-index", "02-hello-start", save];
    let gits = room.git(&[&gits[..], &["--", "live"]].concat());
    assert!(gits.contains("+# mine"));
    room.stage(&["saves", "show", "2", "--diff"]).ok(&gits);
}

#[test]
fn a_save_is_restored_whole_and_that_is_undone() {
    let room = Room::tagged();
    room.write("live/one.py", "1\n");
    let one = room.picture();
    room.stage(&["go", "2"]).shown();
    room.write("live/two.py", "2\n");
    let (two, git) = (room.picture(), room.index_and_head());
    room.stage(&["saves", "restore", "1"])
        .ok("`live/` is as in save 1 (01-why-done on stage)\n\
         what was there is save 2; `stage undo` brings it back\n");
    assert_same(&room.picture(), &one);
    assert!(room.index_and_head() == git);
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &two);
    room.assert_sound();
    room.assert_no_leftovers();
}

#[test]
fn one_file_is_restored_and_the_rest_stays() {
    let room = edited();
    room.write("live/order.py", "# typed since\n");
    room.write("live/new.py", "new since\n");
    let (before, git) = (room.picture(), room.index_and_head());
    room.stage(&["saves", "restore", "2", "names.py", "my notes"])
        .ok("as in save 2: my notes/one.txt, names.py\n\
             what was there is save 3; `stage undo` brings it back\n");
    assert_eq!(room.read("live/names.py"), "# mine\n");
    assert_eq!(room.read("live/my notes/one.txt"), "mine\n");
    assert_same(
        &room.picture().without(&["names.py", "my notes"]),
        &before.clone().without(&["names.py"]),
    );
    assert!(room.index_and_head() == git);
    room.stage(&["where"]).ok("03-classes-2\n");
    room.stage(&["saves", "restore", "2", "names.py"])
        .ok("as in save 2: names.py\n`live/` was so already\n");
    let (_, undone, _) = room.stage(&["undo"]).shown();
    assert!(undone.starts_with("`live/` is as it was before a restore (03-classes-2 on stage)\n"));
    assert_same(&room.picture(), &before);
    room.assert_sound();
    room.assert_no_leftovers();
}

#[test]
fn a_file_that_the_save_has_not_changes_nothing() {
    let room = edited();
    let (before, refs) = (room.picture(), room.refs("refs"));
    for name in ["pyproject.toml", "../slides/deck.toml", "/etc/passwd", "no"] {
        let (code, printed, complaint) = room
            .stage(&["saves", "restore", "2", "names.py", name])
            .shown();
        assert_eq!((code, printed.as_str()), (Some(2), ""), "{complaint}");
        assert!(complaint.starts_with(&format!("error: there is no file `{name}`")));
    }
    assert_same(&room.picture(), &before);
    assert_eq!(room.refs("refs"), refs);
}

#[test]
fn a_file_comes_back_where_a_folder_is_and_a_folder_where_a_file_is() {
    let room = Room::tagged();
    // `notes` is a file in section 2, a folder in section 3.
    room.stage(&["go", "2d"]).shown();
    room.stage(&["go", "3d"]).shown();
    room.stage(&["go", "1"]).shown();
    room.write("live/notes/mine.txt", "mine\n");
    let before = room.picture();
    room.stage(&["saves", "restore", "2", "notes"]).shown();
    assert_eq!(room.read("live/notes"), "Ask Pam.\n");
    room.stage(&["saves", "restore", "3", "notes"]).shown();
    assert!(room.path("live/notes").is_dir());
    room.stage(&["undo"]).shown();
    room.stage(&["undo"]).shown();
    assert_same(&room.picture(), &before);
    room.assert_sound();
}

#[cfg(unix)]
#[test]
fn any_name_and_any_bytes_are_listed_and_come_back() {
    use std::os::unix::ffi::OsStrExt;
    let room = Room::tagged();
    let names: [&[u8]; 4] = [b"caf\xe9.bin", b"a\nb", b"-x", b"tab\t\"q\" \\"];
    let bytes: &[u8] = b"\0\xff\r\nno end";
    for name in names {
        std::fs::write(room.live().join(OsStr::from_bytes(name)), bytes).unwrap();
    }
    let before = room.picture();
    room.stage(&["go", "2"]).shown();
    let second = room.picture();
    room.stage(&["saves", "show", "1"])
        .ok("save 1: 01-why-done, before `02-hello-start`\n\
         new      -x\n\
         new      a\\nb\n\
         new      caf\u{fffd}.bin\n\
         new      tab\\t\"q\" \\\n\
         `stage saves show 1 FILE` prints a file, `stage saves restore 1 FILE` brings it back\n");
    for name in names {
        let mut shown = room.command(crate::room::STAGE);
        shown.args(["saves", "show", "1", "--"]);
        let shown = shown.arg(OsStr::from_bytes(name)).current_dir(&room.root);
        assert_eq!(shown.output().unwrap().stdout, bytes);
        let mut restored = room.command(crate::room::STAGE);
        restored.args(["saves", "restore", "1", "--"]);
        let restored = restored
            .arg(OsStr::from_bytes(name))
            .current_dir(&room.root);
        assert!(restored.status().unwrap().success());
    }
    let paths = ["names.py", "pyproject.toml", "tests"];
    let theirs = room.picture().without(&paths);
    assert_same(&theirs, &before.without(&paths));
    for _ in names {
        room.stage(&["undo"]).shown();
    }
    assert_same(&room.picture(), &second);
}

#[test]
fn after_the_tags_have_moved_a_save_still_says_what_was_yours() {
    let room = edited();
    room.write(
        "solutions/02-hello/hello.py",
        "def hello():\n    return \"Hi\"\n",
    );
    room.write(
        "solutions/01-why/names.py",
        "def near(a, b):\n    return True\n",
    );
    room.git(&["add", "solutions"]);
    room.git(&[
        "rm",
        "-q",
        "slides/steps/01-why/start.patch",
        "slides/steps/01-why/1.patch",
    ]);
    room.write("slides/steps/01-why/start.patch", "x\n\ndiff --git a/names.py b/names.py\n--- a/names.py\n+++ b/names.py\n@@ -1,2 +1,2 @@\n def near(a, b):\n-    return True\n+    return None\n");
    room.git(&["rm", "-q", "slides/steps/02-hello/1.patch"]);
    room.git(&["add", "slides"]);
    room.git(&["commit", "-q", "-m", "New material"]);
    let (code, printed, complaint) = room.stage(&["tags"]).shown();
    assert_eq!(code, Some(0), "{printed}{complaint}");
    let (_, printed, _) = room.stage(&["saves"]).shown();
    assert!(
        printed.contains("02-hello-start        1 edited, 1 new, 1 deleted "),
        "{printed}"
    );
    assert!(
        printed.contains("01-why-done           nothing of your own "),
        "{printed}"
    );
}

#[test]
fn of_older_chains_of_tags_the_newest_are_kept() {
    let room = edited();
    let mut tags = vec![room.id("03-classes-done")];
    for number in 0..10 {
        room.write("README.md", format!("# {number}\n"));
        room.git(&["commit", "-q", "-m", "x", "README.md"]);
        room.stage(&["tags"]).shown();
        tags.push(room.id("03-classes-done"));
    }
    let kept = room.refs("refs/stage/was");
    let kept: Vec<&str> = kept
        .lines()
        .filter_map(|line| line.split(' ').nth(1))
        .collect();
    assert_eq!(kept, tags[2..10]);
    let (_, printed, _) = room.stage(&["saves"]).shown();
    assert!(
        printed.contains("02-hello-start        1 edited, 1 new, 1 deleted "),
        "{printed}"
    );
}

#[test]
fn tools_read_the_same_as_json() {
    let room = edited();
    let (code, printed, complaint) = room.stage(&["saves", "--json"]).shown();
    assert_eq!((code, complaint.as_str()), (Some(0), ""));
    let saves: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let second = &saves["saves"][1];
    assert_eq!(second["number"], 2);
    assert_eq!(second["at"], "02-hello-start");
    assert_eq!(second["why"], "before `03-classes-2`");
    assert_eq!(second["edited"], serde_json::json!(["names.py"]));
    assert_eq!(second["new"], serde_json::json!(["my notes/one.txt"]));
    assert_eq!(second["deleted"], serde_json::json!(["pyproject.toml"]));
    assert!(second["seconds"].is_u64());
}
