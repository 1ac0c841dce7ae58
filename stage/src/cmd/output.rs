//! What happens when nobody can read what we print.

use std::panic;
use std::process;

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
