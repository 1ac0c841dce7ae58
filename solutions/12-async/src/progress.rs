use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

use pyo3::prelude::*;

const NAP: Duration = Duration::from_millis(20);

/// How far `tally` is, and two buttons for whoever watches.
///
/// Any thread may look, pause and resume. One that is given to several
/// calls counts the lines of all.
///
/// Examples
/// --------
/// >>> progress = Progress()
/// >>> tally("Acme;Utica;12;599", progress=progress)
/// {'Utica': 7188}
/// >>> progress.done
/// 1
#[pyclass(frozen, module = "dunder")]
#[derive(Default)]
pub struct Progress {
    done: AtomicUsize,
    paused: AtomicBool,
}

#[pymethods]
impl Progress {
    #[new]
    fn new() -> Self {
        Self::default()
    }

    /// int: Lines read so far, in blocks of up to 10,000.
    #[getter]
    fn done(&self) -> usize {
        self.done.load(Relaxed)
    }

    /// Let `tally` wait after the block that it is at.
    fn pause(&self) {
        self.paused.store(true, Relaxed);
    }

    /// Let `tally` go on.
    fn resume(&self) {
        self.paused.store(false, Relaxed);
    }
}

impl Progress {
    /// Count a block, and wait while paused; Ctrl-C ends both.
    pub fn advance(&self, lines: usize) -> PyResult<()> {
        self.done.fetch_add(lines, Relaxed);
        loop {
            Python::attach(|py| py.check_signals())?;
            if !self.paused.load(Relaxed) {
                return Ok(());
            }
            thread::sleep(NAP);
        }
    }
}
