//! What the speaker view knows besides the slides: the tracks' sessions, and
//! what each checkpoint changes. A script that assigns: it loads from file://.

use super::Page;
use super::schedule::sessions;
use super::track::Track;
use crate::files::Files;
use crate::material::Section;

/// A file that is new and longer than this is named, not shown.
const LONG_FILE: usize = 40;
/// A difference ends after so many lines.
const LONG_DIFFERENCE: usize = 90;

/// The text of `data.js`.
pub fn data(sections: &[Section], pages: &[Page], tracks: &[Track]) -> String {
    let tracks: Vec<String> = tracks
        .iter()
        .map(|track| {
            let stems = |rows: &[super::schedule::Row]| {
                let stems = rows.iter().filter_map(|row| row.stem.as_deref());
                stems.map(string).collect::<Vec<_>>().join(", ")
            };
            let slots = sessions(track, pages).into_iter();
            let slots: Vec<String> = slots
                .map(|session| {
                    let (minutes, stems) = (session.slot, stems(&session.rows));
                    format!("{{ \"minutes\": {minutes}, \"sections\": [{stems}] }}")
                })
                .collect();
            format!("    {}: [{}]", string(&track.name), slots.join(", "))
        })
        .collect();
    let mut before: Option<&Files> = None;
    let mut checkpoints = Vec::new();
    for state in sections.iter().flat_map(Section::states) {
        let difference = before.map_or(String::new(), |before| difference(before, state.files));
        checkpoints.push(format!(
            "    {{ \"tag\": {}, \"title\": {}, \"difference\": {} }}",
            string(&state.checkpoint.to_string()),
            string(&state.title),
            string(&difference),
        ));
        before = Some(state.files);
    }
    format!(
        "// Written by `stage deck build`.\nglobalThis.deckData = {{\n  \"tracks\": {{\n{}\n  }},\n  \"checkpoints\": [\n{}\n  ]\n}};\n",
        tracks.join(",\n"),
        checkpoints.join(",\n")
    )
}

/// What changes from one state to the next, short enough to be read in passing.
fn difference(before: &Files, after: &Files) -> String {
    let mut lines: Vec<String> = Vec::new();
    for path in before.differing(after) {
        // Nobody types it.
        if path.ends_with("Cargo.lock") {
            continue;
        }
        let text = |files: &Files| files.get(path).map(|file| file.as_str().map(String::from));
        match (text(before), text(after)) {
            (Some(_), None) => lines.push(format!("deleted: {path}")),
            (_, Some(None)) | (Some(None), _) => lines.push(format!("not text: {path}")),
            (None, Some(Some(new))) if new.lines().count() > LONG_FILE => {
                lines.push(format!("new: {path}, {} lines", new.lines().count()));
            }
            (old, Some(Some(new))) => {
                let is_new = old.is_none();
                let old = old.flatten().unwrap_or_default();
                let mut options = diffy::DiffOptions::new();
                options.set_context_len(2);
                let patch = options.create_patch(&old, &new).to_string();
                let word = if is_new { "new" } else { "changed" };
                lines.push(format!("{word}: {path}"));
                // The two lines that name the sides say nothing here.
                lines.extend(patch.lines().skip(2).map(String::from));
            }
            (None, None) => {}
        }
    }
    let left = lines.len().saturating_sub(LONG_DIFFERENCE);
    if left > 0 {
        lines.truncate(LONG_DIFFERENCE);
        lines.push(format!("… {left} more lines"));
    }
    lines.join("\n")
}

/// A string as JavaScript and JSON write it.
fn string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            // `<` so that `</script>` ends nothing where a page holds this.
            '<' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(letter)));
            }
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::File;

    fn files(all: &[(&str, &str)]) -> Files {
        let all = all.iter();
        Files(
            all.map(|(path, text)| (path.to_string(), File::text(*text)))
                .collect(),
        )
    }

    #[test]
    fn a_string_is_quoted_for_a_script() {
        assert_eq!(
            string("a\"b\\c\n</script>\r"),
            "\"a\\\"b\\\\c\\n\\u003c/script>\\u000d\""
        );
    }

    #[test]
    fn a_difference_names_its_files_and_leaves_locks_out() {
        let before = files(&[("Cargo.lock", "1"), ("a.py", "one\ntwo\n"), ("old.py", "")]);
        let long = "x\n".repeat(41);
        let after = files(&[("Cargo.lock", "2"), ("a.py", "one\n2\n"), ("b.py", &long)]);
        assert_eq!(
            difference(&before, &after),
            "changed: a.py\n@@ -1,2 +1,2 @@\n one\n-two\n+2\nnew: b.py, 41 lines\ndeleted: old.py"
        );
    }

    #[test]
    fn a_long_difference_is_cut_and_says_so() {
        let before = files(&[("a.py", "")]);
        let after = files(&[("a.py", &"x\n".repeat(200))]);
        let shown = difference(&before, &after);
        assert_eq!(shown.lines().count(), 91);
        assert!(shown.ends_with("… 112 more lines"), "{shown}");
    }
}
