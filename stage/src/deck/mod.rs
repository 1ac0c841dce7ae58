//! The deck: Markdown with code taken from the checkpoints, rendered ahead.

mod build;
mod citation;
mod contents;
mod data;
mod disguise;
mod extent;
mod fence;
mod fences;
mod head;
mod hidden;
mod highlight;
mod html;
mod item;
mod lines;
mod normal;
mod outside;
mod pdf;
mod reading;
mod render;
mod runsheet;
pub mod schedule;
mod server;
mod single;
mod source;
mod sync;
pub mod track;
mod typed;
mod unused;

pub use build::{Settings, build, settings, write};
pub use citation::{citations, says_as_of};
pub use data::data;
pub use fence::{COLUMNS, Fence, Kind, LINES};
pub use fences::fences;
pub use hidden::{hidden, width};
pub use normal::{Normal, compiler_words, first_error};
pub use pdf::{Paper, print};
pub use reading::pages;
pub use render::page as rendered;
pub use runsheet::{SHEET, TEMPLATE, runsheet};
pub use server::{Folders, Server};
pub use single::single;
pub use source::Source;
pub use sync::{stale, synced};

use crate::bench;
use crate::error::Result;
use crate::files::Files;
use crate::material;
use crate::outline::Outline;

/// A section's file: path, text, and what it says about itself.
#[derive(Debug, Clone)]
pub struct Page {
    pub path: String,
    pub text: String,
    pub outline: Outline,
}

/// The folders that the deck is made from.
pub const FOLDERS: [&str; 2] = ["slides", "solutions"];

/// Every checkpoint's files, and the recorded benchmarks, to take snippets from.
///
/// # Errors
/// What working out the material can give; `BadText` for a run.
pub fn source(files: &Files) -> Result<Source> {
    let source = Source::new(&material::sections(files)?);
    Ok(source.with_runs(bench::runs(files)?))
}
