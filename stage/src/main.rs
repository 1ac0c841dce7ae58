//! `stage`: the one tool of the workshop. See `docs/ARCHITECTURE.md`.

// An attendee's build has fewer commands than the code beneath them serves.
#![cfg_attr(not(feature = "present"), allow(dead_code))]

#[cfg(feature = "present")]
mod authoring;
#[cfg(feature = "present")]
mod bench;
mod checkpoint;
mod cmd;
mod course;
#[cfg(feature = "present")]
mod deck;
mod error;
mod expected;
mod files;
mod fingerprint;
mod git;
mod hint;
mod large;
mod layout;
mod material;
mod moves;
mod outline;
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
mod words;
mod writing;
#[cfg(feature = "present")]
mod wrong;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    match cmd::run(cmd::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(error.code())
        }
    }
}
