//! A fence of a slide: what it shows, how that is proved, where it stands.

use std::ops::Range;
use std::time::Duration;

use super::lines::Steps;
use super::{Page, hidden};
use crate::checkpoint::Checkpoint;
use crate::error::{Error, Result};

/// What a fence shows and how it is proved.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// Code taken from a checkpoint: a file, an item of it, with its docs or without.
    Source {
        file: String,
        item: Option<String>,
        docs: bool,
    },
    /// What the fence's checkpoint changes in a file, or in an item of it;
    /// since the checkpoint before it, if none is named.
    Change {
        file: String,
        item: Option<String>,
        since: Option<Checkpoint>,
    },
    /// Typed code that the compiler must refuse with this code, in this file.
    Refused { code: String, file: String },
    /// What the compiler said of the refused fence in line `of`.
    Message {
        code: String,
        of: usize,
        /// Whose words were recorded: `rustc 1.95.0`.
        with: Option<String>,
        /// Only the first error, up to its first note.
        first: bool,
    },
    /// A session with Python's prompt, run as a doctest.
    Session,
    /// What a command prints, run at the checkpoint.
    Output { command: String, exit: i32 },
    /// What a recorded benchmark says: all of it, or the forms with these ids.
    Bench { name: String, ids: Vec<String> },
    /// Commands that a person types.
    Console,
}

/// One fence, and where it stands in its file.
#[derive(Debug, Clone)]
pub struct Fence {
    pub language: String,
    pub kind: Kind,
    pub at: Checkpoint,
    /// The lines to look at one step after the other.
    pub steps: Option<Steps>,
    /// How long what it runs may take.
    pub limit: Duration,
    /// The opening line, as a range of the file, its end excluded.
    pub head: Range<usize>,
    /// The lines between the two fence lines, as a range of the file.
    pub body: Range<usize>,
    /// The opening line, from 1.
    pub line: usize,
}

/// What can be read from the last row.
pub const LINES: usize = 16;
pub const COLUMNS: usize = 66;
/// Beyond this it is a mistake, and nothing is done with it.
const MOST_LINES: usize = 500;

impl Fence {
    /// Something wrong in the opening line, at `word` if that stands there.
    pub fn bad(
        &self,
        page: &Page,
        word: &str,
        reason: impl Into<String>,
        mend: impl Into<String>,
    ) -> Error {
        bad_place(page, self.head.clone(), self.line, word, reason, mend)
    }

    /// Whether code of `count` lines has the lines that are stepped through.
    ///
    /// # Errors
    /// `BadPlace`.
    pub fn check_steps(&self, page: &Page, count: usize) -> Result<()> {
        let wrong = self
            .steps
            .as_ref()
            .and_then(|steps| steps.check(count).err());
        wrong.map_or(Ok(()), |reason| {
            Err(self.bad(
                page,
                "lines=",
                reason,
                "name lines that it has: `lines=1-3|5`",
            ))
        })
    }

    /// Whether `body` may stand in the fence: it is not far too long, and no
    /// line would end it.
    ///
    /// # Errors
    /// `BadPlace`.
    pub fn check_body(&self, page: &Page, body: &str) -> Result<()> {
        let count = body.lines().count();
        if count > MOST_LINES {
            let reason = format!("{count} lines of code; a slide holds {LINES}");
            return Err(self.bad(page, "", reason, "show an item of it, or a shorter piece"));
        }
        let mark = page.text[self.head.clone()].trim_start();
        let mark = &mark[..mark.len() - mark.trim_start_matches(['`', '~']).len()];
        if body.lines().any(|line| line.trim_start().starts_with(mark)) {
            let reason = match mark {
                "```" => "a line begins with three backticks, which would end the fence".into(),
                mark => format!("a line begins with {mark}, which would end the fence"),
            };
            return Err(self.bad(page, "", reason, "show something without that line"));
        }
        Ok(())
    }

    /// Whether a new body may be written into the fence, too: a reader sees all
    /// of it.
    ///
    /// # Errors
    /// `BadPlace`.
    pub fn check_new_body(&self, page: &Page, body: &str) -> Result<()> {
        self.check_body(page, body)?;
        let Some((_, letter)) = hidden(body) else {
            return Ok(());
        };
        let code = u32::from(letter);
        let reason = format!("the code has a character that nobody sees: U+{code:04X}");
        let mend = "show something without it, and without colours";
        Err(self.bad(page, "", reason, mend))
    }
}

/// Something wrong in an opening line, at `word` if that stands there.
pub fn bad_place(
    page: &Page,
    head: Range<usize>,
    line: usize,
    word: &str,
    reason: impl Into<String>,
    mend: impl Into<String>,
) -> Error {
    let start = page.text[..head.start].rfind('\n').map_or(0, |at| at + 1);
    let text = &page.text[start..head.end];
    let before = match word {
        "" => head.start - start,
        word => match text.find(word) {
            // The item is what is wrong, not the hash before it.
            Some(at) => at + usize::from(word.starts_with('#')),
            None => head.start - start,
        },
    };
    Error::BadPlace {
        path: page.path.clone(),
        line,
        column: text[..before].chars().count() + 1,
        reason: reason.into(),
        mend: mend.into(),
    }
}
