//! Proving the material: what is on the slides, and each state built and tested.

mod all;
mod bench;
mod console;
mod hints;
mod record;
mod refused;
mod replay;
mod scratch;
mod section;
mod shell;
mod text;
mod wrong;

use std::collections::BTreeSet;

pub use all::{Part, all};
pub use bench::benches;
pub use hints::hints;
pub use record::{Recording, record};
pub use scratch::{Scratch, Understands};
pub use text::{mentioned, text};
pub use wrong::{Verdict, tried};

/// What was found wrong: where, and what.
#[derive(Debug)]
pub struct Finding {
    pub place: String,
    pub what: String,
    pub detail: String,
}

impl Finding {
    pub fn new(
        place: impl Into<String>,
        what: impl Into<String>,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            place: place.into(),
            what: what.into(),
            detail: detail.into(),
        }
    }
}

/// Tells that something is proved: its name, and a word about it.
pub type Say<'a> = dyn Fn(&str, &str) + Sync + 'a;

/// The tests of one state, by node id.
#[derive(Debug, Default, Clone)]
pub struct Tests {
    pub passed: BTreeSet<String>,
    pub failed: BTreeSet<String>,
}
