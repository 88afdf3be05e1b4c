//! All tests of the crate from outside, in one binary: the workbench over a real connection.

#![allow(clippy::unwrap_used, reason = "clippy sees tests only in functions marked so")]

mod access;
mod bench;
mod workbench;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use bench::{CASE, RECORD};
use winset_serve::{CaseSource, ServeOptions, serve};

type Bench = bench::Bench<Running>;

/// A workbench in a thread of this test.
struct Running(&'static AtomicBool);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn start_on(host: Option<&str>, case: &Path) -> (Running, String) {
    let place = match winset_files::builtin::find(&case.display().to_string()) {
        Some(built_in) => CaseSource::Builtin(built_in),
        None => CaseSource::Folder(case.to_path_buf()),
    };
    let host = host.map(str::to_owned);
    let options = ServeOptions { place, port: 0, host, program: PathBuf::from("winset") };
    let stop: &'static AtomicBool = Box::leak(Box::default());
    let (say, said) = mpsc::channel();
    std::thread::spawn(move || {
        serve(options, stop, |address, _| say.send(address.to_owned()).unwrap()).unwrap();
    });
    (Running(stop), said.recv().unwrap())
}

fn start(case: &Path) -> (Running, String) {
    start_on(None, case)
}

fn bench_on(case: &str, record: &str) -> Bench {
    Bench::on(case, record, start)
}

fn bench() -> Bench {
    bench_on(CASE, RECORD)
}
