//! `stage`: the one tool of the workshop. See `docs/ARCHITECTURE.md`.

// An attendee's build has fewer commands than the code beneath them serves.
#![cfg_attr(not(feature = "present"), allow(dead_code))]

#[cfg(feature = "present")]
mod authoring;
mod baseline;
#[cfg(feature = "present")]
mod bench;
mod changes;
mod checkpoint;
mod cmd;
mod course;
#[cfg(feature = "present")]
mod deck;
mod editors;
mod error;
mod expected;
mod files;
mod git;
mod hint;
mod json;
mod large;
mod layout;
mod lock;
mod material;
mod moves;
mod outline;
mod own;
mod patch;
mod place;
#[cfg(feature = "present")]
mod proof;
mod repo;
mod report;
mod save;
mod stamp;
mod state;
mod step;
mod stock;
mod survey;
mod tags;
mod target;
mod tools;
mod update;
mod words;
mod writing;
#[cfg(feature = "present")]
mod wrong;

use std::process::ExitCode;

fn main() -> ExitCode {
    cmd::main()
}
