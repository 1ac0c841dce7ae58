//! The real program on real git repositories, as an attendee has them.
//!
//! Each test makes a small workshop in a temporary folder (`room.rs`), runs
//! `stage` there, compares every word that it prints, then asks git whether the
//! result is right.

mod again;
mod architecture;
#[cfg(feature = "present")]
mod bench;
#[cfg(feature = "present")]
mod check;
mod completions;
#[cfg(feature = "present")]
mod deck;
mod diff;
mod doctor;
mod editors;
#[cfg(target_os = "linux")]
mod fault;
#[cfg(target_os = "linux")]
mod faults;
#[cfg(unix)]
mod fixtures;
mod go;
mod go_git;
mod go_live;
#[cfg(unix)]
mod go_strange;
mod hint;
mod hostile;
mod json;
#[cfg(target_os = "linux")]
mod kill;
#[cfg(target_os = "linux")]
mod kill_update;
mod libraries;
mod list;
#[cfg(target_os = "linux")]
mod locks;
#[cfg(feature = "present")]
mod paper;
mod picture;
mod place;
#[cfg(feature = "present")]
mod present;
#[cfg(feature = "present")]
mod prove;
#[cfg(feature = "present")]
mod record;
mod room;
#[cfg(unix)]
mod saved;
mod saves;
#[cfg(feature = "present")]
mod schedule;
#[cfg(feature = "present")]
mod slides;
mod steps;
mod tags;
mod tags_same;
mod undo;
mod update;
#[cfg(target_os = "linux")]
mod walk;
mod workshop;
#[cfg(feature = "present")]
mod wrong;
#[cfg(feature = "present")]
mod wrong_check;
#[cfg(feature = "present")]
mod wrong_refresh;
