//! Long work from Python: without the lock of the interpreter, with progress, ended by Ctrl-C.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use winset_model::effort::Effort;

use crate::case::cores;

/// How long Ctrl-C and progress wait at most.
const LOOK: Duration = Duration::from_millis(25);

/// Says that the work is over, also when it ends by panicking.
struct Over<'a>(&'a Mutex<bool>, &'a Condvar);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.1.notify_all();
    }
}

/// Does `work` on a thread of its own, on all cores unless it asks for fewer. This thread, which may be the one that signals come to, lets
/// others use the interpreter, looks for signals and tells `progress` (done, total).
///
/// # Errors
/// What a signal or `progress` raised; the work is asked to stop and waited for first.
pub(crate) fn watched<T: Send>(
    py: Python<'_>,
    total: u64,
    progress: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(Effort<'_>) -> T + Send,
) -> PyResult<T> {
    watched_of(py, &AtomicU64::new(total), progress, work)
}

fn watched_of<T: Send>(
    py: Python<'_>,
    total: &AtomicU64,
    progress: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(Effort<'_>) -> T + Send,
) -> PyResult<T> {
    let (stop, done) = (AtomicBool::new(false), AtomicU64::new(0));
    let (over, bell) = (Mutex::new(false), Condvar::new());
    std::thread::scope(|scope| {
        let worker = scope.spawn(|| {
            let _over = Over(&over, &bell);
            let progress = |n: u64| {
                done.fetch_add(n, Ordering::Relaxed);
            };
            work(Effort { threads: cores(), stop: &stop, progress: &progress })
        });
        let mut told = None;
        let watched = loop {
            let over = py.detach(|| {
                let over = over.lock().unwrap_or_else(PoisonError::into_inner);
                let waited = bell.wait_timeout_while(over, LOOK, |over| !*over);
                *waited.unwrap_or_else(PoisonError::into_inner).0
            });
            let mut look = || -> PyResult<()> {
                py.check_signals()?;
                let now = done.load(Ordering::Relaxed);
                if let Some(progress) = progress
                    && told != Some(now)
                {
                    progress.call1((now, total.load(Ordering::Relaxed)))?;
                    told = Some(now);
                }
                Ok(())
            };
            if let Err(error) = look() {
                stop.store(true, Ordering::Relaxed);
                break Err(error);
            }
            if over {
                break Ok(());
            }
        };
        let result = py.detach(|| worker.join());
        watched?;
        result.map_err(|_| PyRuntimeError::new_err("the computation failed; please report it"))
    })
}

/// Does `work` as [`watched`] does; it is given what ends it, and tells itself how much of how much
/// is done.
///
/// # Errors
/// As [`watched`].
pub(crate) fn counting<T: Send>(
    py: Python<'_>,
    progress: Option<&Bound<'_, PyAny>>,
    work: impl FnOnce(&AtomicBool, &(dyn Fn(u64, u64) + Sync)) -> T + Send,
) -> PyResult<T> {
    let total = AtomicU64::new(0);
    watched_of(py, &total, progress, |effort| {
        let told = AtomicU64::new(0);
        let tell = |done: u64, of: u64| {
            total.store(of, Ordering::Relaxed);
            let before = told.fetch_max(done, Ordering::Relaxed);
            (effort.progress)(done.saturating_sub(before));
        };
        work(effort.stop, &tell)
    })
}
