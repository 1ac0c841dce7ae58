//! Moving with edits that an editor has not saved: who does is told.

use crate::picture::Picture;
use crate::room::Room;

/// Vim's first block: it says whether the file has edits.
fn swap(modified: bool) -> Vec<u8> {
    let mut block = vec![0; 4096];
    block[..10].copy_from_slice(b"b0VIM 9.0\0");
    block[1006] = b'\n';
    block[1007] = if modified { b'U' } else { 0 };
    block
}

/// A room whose `.gitignore` names what editors leave, as ours does.
fn room() -> Room {
    let room = Room::new();
    let rules = include_str!("../../../.gitignore");
    room.write(".gitignore", rules.replace("/.venv/\n", ""));
    room.commit("What editors leave");
    room.stage(&["tags"]).shown();
    room
}

fn warning(files: &str, back: &str, again: &str) -> String {
    format!(
        "warning: an editor has unsaved edits, so no save has them\n where: {files}\n  \
         mend: `{back}`, save them in the editor, then {again}\n"
    )
}

#[cfg(unix)]
#[test]
fn every_command_that_moves_warns_and_leaves_the_editors_files() {
    let room = room();
    room.write("live/.names.py.swp", swap(true));
    room.write("live/tests/.test_names.py.kate-swp", "x");
    room.write("live/#notes.txt#", "x");
    std::os::unix::fs::symlink("pam@scranton.4711:1", room.path("live/.#hello.py")).unwrap();
    let files =
        "`hello.py` (Emacs), `names.py` (Vim), `notes.txt` (Emacs), `tests/test_names.py` (Kate)";
    let (undo, same) = ("stage undo", "the same command again");
    for (words, back, again) in [
        (&["go", "2"][..], undo, "`stage go 02-hello-start`"),
        (&["next"], undo, "`stage go 02-hello-1`"),
        (&["back"], undo, "`stage go 02-hello-start`"),
        (&["undo"], "stage undo 4", "`stage undo`"),
        (&["saves", "restore", "1"], undo, same),
        (&["saves", "restore", "2", "names.py"], undo, same),
    ] {
        let (code, _, complaint) = room.stage(words).shown();
        let said = warning(files, back, again);
        assert_eq!((code, complaint), (Some(0), said), "{words:?}");
    }
    let left = Picture::of(&room.live());
    let none = left.clone().without(&[
        ".names.py.swp",
        "tests/.test_names.py.kate-swp",
        "#notes.txt#",
        ".#hello.py",
    ]);
    assert!(left != none, "they are there still");
    let (_, saved, _) = room.stage(&["saves", "show", "2"]).shown();
    assert!(!saved.contains(".swp") && !saved.contains('#'), "{saved}");
}

#[test]
fn a_file_that_is_open_without_edits_is_nobodys_news() {
    let room = room();
    room.write("live/.names.py.swp", swap(false));
    room.write("live/.other.py.swp", "not Vim's");
    room.write("live/target/.x.rs.swp", swap(true));
    let (code, _, complaint) = room.stage(&["go", "2"]).shown();
    assert_eq!((code, complaint.as_str()), (Some(0), ""));
}

#[test]
fn neovim_keeps_its_swap_files_elsewhere() {
    let room = room();
    let name = room.live().display().to_string().replace('/', "%");
    let folder = room.home().join(".local/state/nvim/swap");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(format!("{name}%tests%a b.py.swp")), swap(true)).unwrap();
    std::fs::write(folder.join("%elsewhere%x.py.swp"), swap(true)).unwrap();
    let (_, _, complaint) = room.stage(&["go", "2"]).shown();
    let said = warning(
        "`tests/a b.py` (Neovim)",
        "stage undo",
        "`stage go 02-hello-start`",
    );
    assert_eq!(complaint, said);
}
