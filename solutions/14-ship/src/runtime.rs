//! tokio for Python, until Python ends.

use std::pin::Pin;
use std::sync::RwLock;

use pyo3::prelude::*;
use pyo3_async_runtimes::TaskLocals;
use pyo3_async_runtimes::generic::{self, ContextExt, Runtime};
use pyo3_async_runtimes::tokio::get_runtime;
use tokio::task::{JoinError, JoinHandle};

/// Whether Python has ended. Who uses Python keeps it locked.
static ENDED: RwLock<bool> = RwLock::new(false);

/// Hand what Rust does to the running loop, as a future.
pub fn future_into_py<T>(
    py: Python<'_>,
    work: impl Future<Output = PyResult<T>> + Send + 'static,
) -> PyResult<Bound<'_, PyAny>>
where
    T: for<'py> IntoPyObject<'py> + Send + 'static,
{
    generic::future_into_py::<Tokio, _, T>(py, work)
}

/// Wait for results on their way to Python; no more after them.
#[pyfunction]
pub fn end(py: Python<'_>) {
    py.detach(|| *ENDED.write().unwrap() = true);
}

struct Tokio;

tokio::task_local! {
    /// The loop that a task works for.
    static LOCALS: TaskLocals;
}

impl Runtime for Tokio {
    type JoinError = JoinError;
    type JoinHandle = JoinHandle<()>;

    fn spawn<F>(task: F) -> JoinHandle<()>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        get_runtime().spawn(task)
    }

    /// Only what attaches comes here: to set a future's result.
    fn spawn_blocking<F>(attach: F) -> JoinHandle<()>
    where
        F: FnOnce() + Send + 'static,
    {
        get_runtime().spawn_blocking(|| {
            let ended = ENDED.read().unwrap();
            if !*ended {
                attach();
            }
        })
    }
}

impl ContextExt for Tokio {
    fn scope<F, T>(
        locals: TaskLocals,
        task: F,
    ) -> Pin<Box<dyn Future<Output = T> + Send>>
    where
        F: Future<Output = T> + Send + 'static,
    {
        Box::pin(LOCALS.scope(locals, task))
    }

    fn get_task_locals() -> Option<TaskLocals> {
        LOCALS.try_with(Clone::clone).ok()
    }
}
