//! `stage deck schedule`, `stage deck runsheet`, and what `stage check` says of both.

use crate::picture::{Picture, assert_same};
use crate::room::Room;

const SETTINGS: &str = "title = \"Paper\"\nlanguage = \"en\"\n\n[track.day]\nslots = [10, 20]\nbreak = 5\nafter = 3\n\n[track.hour]\nslots = [15]\n";
const FRAME: &str =
    "# Presenting\n\n<!-- tracks -->\n\n<!-- checkpoints -->\n\n<!-- cuts -->\n\n<!-- slides -->\n";

fn with_tracks(settings: &str) -> Room {
    let room = Room::tagged();
    room.write("slides/deck.toml", settings);
    room
}

#[test]
fn the_schedule_shows_sections_breaks_and_totals() {
    let room = with_tracks(SETTINGS);
    room.stage(&["deck", "schedule"]).ok("\
hour: 7.5 minutes of 15, 7.5 minutes to spare
  0:00  01-why             3.5  2 slides
  0:03  02-hello             4  1 slide
day (slot 1 of 2): 3.5 minutes of 10, 6.5 minutes to spare
  0:00  01-why             3.5  2 slides
day (slot 2 of 2): 19 minutes of 20, 1 minute to spare
  0:00  02-hello             4  1 slide
  0:04  break                5
  0:09  03-classes          10  1 slide
");
    room.stage(&["deck", "schedule", "--track", "hour"]).ok("\
hour: 7.5 minutes of 15, 7.5 minutes to spare
  0:00  01-why             3.5  2 slides
  0:03  02-hello             4  1 slide
");
}

#[test]
fn a_track_that_overruns_fails_and_still_shows_where_the_time_goes() {
    let room = with_tracks("title = \"Paper\"\n[track.day]\nslots = [15.5]\n");
    room.stage(&["deck", "schedule"]).prints(
        1,
        "day: 17.5 minutes of 15.5, 2 minutes too long\n\
         \x20 0:00  01-why             3.5  2 slides\n\
         \x20 0:03  02-hello             4  1 slide\n\
         \x20 0:07  03-classes          10  1 slide\n",
        "error: the track `day` is 2 minutes too long for its time\n\
         \x20where: slides/deck.toml:2\n\
         \x20 mend: take slides out of it (`track=`), or give it more time; `stage deck schedule` shows it\n",
    );
}

#[test]
fn an_unknown_track_gets_the_nearest() {
    let room = with_tracks(SETTINGS);
    room.stage(&["deck", "schedule", "--track", "hours"]).fails(
        2,
        "error: no track is called `hours`; did you mean `hour`?\n  mend: use one of hour, day\n",
    );
    let room = with_tracks("title = \"Paper\"\n[track.hafl]\nslots = [15]\n");
    room.stage(&["deck", "schedule"]).fails(
        1,
        "error: no track is called `hafl`; did you mean `half`?\n where: slides/deck.toml:2\n  mend: use hour, half or day\n",
    );
}

#[test]
fn a_deck_without_tracks_says_how_to_add_one() {
    let room = Room::tagged();
    let complaint = "error: no track has a slot\n where: slides/deck.toml:1\n  mend: add one: `[track.day]` and below it `slots = [180, 180]`\n";
    room.stage(&["deck", "schedule"]).fails(1, complaint);
    room.write("slides/presenting.md", FRAME);
    room.stage(&["deck", "runsheet"]).fails(1, complaint);
    assert!(!room.path("docs/presenting.md").exists());
}

#[test]
fn the_run_sheet_is_written_once_and_follows_the_slides() {
    let room = with_tracks(SETTINGS);
    room.write("slides/presenting.md", FRAME);
    room.stage(&["deck", "runsheet"])
        .ok("wrote docs/presenting.md\n");
    let sheet = room.read("docs/presenting.md");
    for row in [
        "| 0:00 | 1. 0:00 | 2 | `names` | `stage go 01-why-start` |\n",
        "| 0:02 | 1. 0:02 | 1.5 | `names-done`, optional | `stage go 01-why-done` |\n",
        "| 0:03 | 2. 0:00 | 4 | `hello` | `stage go 02-hello-done` |\n",
        "| – | 2. 0:09 | 10 | `order` | an order knows its reams; or `stage go 03-classes-2` |",
        "| – | 2. 0:19 | `03-classes-2` is green | `stage go 03-classes-2` |\n",
        "| 0:02 | 1. 0:02 | you are late at `names-done` | skip it: it is optional | 1.5 |\n",
    ] {
        assert!(sheet.contains(row), "{row}\n{sheet}");
    }
    let before = Picture::of(&room.root.join("docs"));
    room.stage(&["deck", "runsheet"])
        .ok("docs/presenting.md was so already\n");
    assert_same(&Picture::of(&room.root.join("docs")), &before);
}

#[test]
fn a_run_sheet_without_its_frame_or_a_place_in_it_says_so() {
    let room = with_tracks(SETTINGS);
    room.stage(&["deck", "runsheet"]).fails(
        1,
        "error: the run sheet's frame is missing\n where: slides/presenting.md:1\n  mend: `git checkout slides/presenting.md` brings it back\n",
    );
    room.write("slides/presenting.md", "# Presenting\n\n<!-- tracks -->\n");
    room.stage(&["deck", "runsheet"]).fails(
        1,
        "error: the run sheet has no place for `<!-- slides -->`\n where: slides/presenting.md:3\n  mend: add that line where the table shall stand\n",
    );
}

#[cfg(unix)]
#[test]
fn check_finds_a_stale_run_sheet_and_a_track_that_is_too_long() {
    let room = with_tracks(&SETTINGS.replace("[15]", "[5]"));
    room.program(".venv/bin/python", "echo .so");
    room.write("slides/presenting.md", FRAME);
    room.stage(&["deck", "runsheet"])
        .ok("wrote docs/presenting.md\n");
    let text = room.read("slides/02-hello.md").replace("min=4", "min=4.5");
    room.write("slides/02-hello.md", text);
    let (code, printed, complaint) = room.stage(&["check", "1"]).shown();
    assert_eq!(code, Some(1), "{complaint}");
    for finding in [
        "wrong: slides/deck.toml:9: the track `hour` is 3 minutes too long for its time\n",
        "wrong: docs/presenting.md: it is not what the slides say: `stage deck runsheet`\n",
        "-| 0:03 | 2. 0:00 | 4 | `hello` |",
        "+| 0:03 | 2. 0:00 | 4.5 | `hello` |",
    ] {
        assert!(printed.contains(finding), "{finding}\n{printed}");
    }
}

#[test]
fn the_speaker_views_data_has_sessions_and_what_each_checkpoint_changes() {
    let room = with_tracks(SETTINGS);
    for name in ["reveal.js", "reveal.css"] {
        room.write(&format!("slides/node_modules/reveal.js/dist/{name}"), "");
    }
    room.stage(&["deck", "build"])
        .ok("4 slides: ROOM/paper company/deck/index.html\n");
    let data = room.read("deck/data.js");
    for piece in [
        "\"day\": [{ \"minutes\": 10, \"sections\": [\"01-why\"] }, { \"minutes\": 20, \"sections\": [\"02-hello\", \"03-classes\"] }]",
        "{ \"tag\": \"01-why-1\", \"title\": \"letter by letter\", \"difference\": \"changed: names.py\\n@@ -1,2 +1,2 @@\\n def near(a, b):\\n-    raise NotImplementedError\\n+    return a == b\" }",
    ] {
        assert!(data.contains(piece), "{piece}\n{data}");
    }
}
