//! What all commands say alike, and what happens when nobody can read it.

use std::collections::BTreeMap;
use std::io;
use std::panic;
use std::path::Path;
use std::process;

use crate::error::Error;
use crate::json::Json;
use crate::tools;

/// The shell's own code for a program whose reader has gone.
const READER_GONE: i32 = 141;

/// End in words instead of a panic when printing fails: `stage list | head -1`
/// closes our output early, and a file that it goes to may be on a full disk.
pub fn end_with_its_reader() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |found| {
        let words = found.payload().downcast_ref::<String>();
        match words.filter(|words| words.starts_with("failed printing to std")) {
            Some(words) if words.contains("roken pipe") => process::exit(READER_GONE),
            Some(words) => {
                use std::io::Write;
                let mend = "print to somewhere else, then run the same command again";
                let _ = writeln!(std::io::stderr(), "error: {words}\n  mend: {mend}");
                process::exit(1);
            }
            None => usual(found),
        }
    }));
}

/// The same for what is written without `println!`.
pub fn if_reader_gone(error: io::Error) -> io::Result<()> {
    match error.kind() {
        io::ErrorKind::BrokenPipe => process::exit(READER_GONE),
        _ => Err(error),
    }
}

/// Whether git may colour what it prints to a terminal.
pub fn colour() -> bool {
    tools::wants_colour()
}

/// The first names of many.
pub fn some_of(names: &[String]) -> String {
    let shown = names[..names.len().min(5)].join(", ");
    match names.len().saturating_sub(5) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// A name as a line can show it: one may have a line's end in it, or what a
/// terminal acts on.
pub fn on_one_line(name: &str) -> String {
    let shown = |letter: char| -> String {
        if letter.is_control() {
            letter.escape_default().to_string()
        } else {
            letter.into()
        }
    };
    name.chars().map(shown).collect()
}

/// Warn of edits that an editor still keeps to itself; `back` and `again` are
/// what to type before they are written, and after.
pub fn warn_of(unsaved: &BTreeMap<String, &'static str>, back: &str, again: &str) {
    if unsaved.is_empty() {
        return;
    }
    let files = unsaved.iter();
    let files: Vec<String> = files
        .map(|(file, editor)| format!("`{}` ({editor})", on_one_line(file)))
        .collect();
    eprintln!("warning: an editor has unsaved edits, so no save has them");
    eprintln!(" where: {}", some_of(&files));
    eprintln!("  mend: `{back}`, save them in the editor, then {again}");
}

/// Warn that the shell stands in a folder that a move took away, or made anew.
pub fn warn_of_gone_folder(there: &Path) {
    eprintln!("warning: the folder that you are in is no longer there");
    eprintln!("  mend: `cd {}`", there.display());
}

/// A number on the command line: saves and hints are counted.
pub fn number(word: &str) -> Result<usize, String> {
    let digits = word.bytes().all(|byte| byte.is_ascii_digit());
    word.parse()
        .ok()
        .filter(|_| digits)
        .ok_or_else(|| "a number is wanted, such as 2".into())
}

/// An error as JSON.
pub fn error_as_json(error: &Error) -> Json {
    let place = error.place();
    Json::Object(vec![(
        "error",
        Json::Object(vec![
            ("what", error.what().into()),
            ("where", (!place.is_empty()).then_some(place).into()),
            ("mend", error.mend().into()),
        ]),
    )])
}
