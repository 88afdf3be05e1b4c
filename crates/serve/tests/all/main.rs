//! All tests of the crate from outside, in one binary: the workbench over a real connection.

#![allow(clippy::unwrap_used, reason = "clippy sees tests only in functions marked so")]

mod access;
mod bench;
mod workbench;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use bench::{CASE, RECORD};
use winset_model::case::Case;
use winset_serve::{CaseSource, DocumentReader, ReadDocument, ReadEntry, ServeOptions, serve};

type Bench = bench::Bench<Running>;

/// A workbench in a thread of this test.
struct Running(&'static AtomicBool);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A reader that takes what stands between quotation marks for what Bob accepts at least.
#[expect(clippy::unnecessary_wraps, reason = "as readers are")]
fn quotes(_: &Case, _: Option<&Path>, text: &str) -> Result<ReadDocument, String> {
    let entry = |(start, quote): (usize, &str)| ReadEntry {
        fields: [
            ("said", "2025-01-04"),
            ("speaker", "bob"),
            ("issue", "line"),
            ("kind", "red_min"),
            ("value", "0..5..10"),
            ("grade", "B2"),
            ("source", "a test"),
            ("text", quote),
        ]
        .map(|(column, text)| (column.to_owned(), text.to_owned()))
        .into(),
        start,
        end: start + quote.len(),
    };
    let (parts, mut at) = (text.split('"'), 0);
    let mut quoted = Vec::new();
    for (k, part) in parts.enumerate() {
        if k % 2 == 1 {
            quoted.push((at, part));
        }
        at += part.len() + 1;
    }
    let entries = quoted.into_iter().map(entry).collect();
    Ok(ReadDocument { text: text.to_owned(), entries, link: String::new() })
}

const READER: DocumentReader = DocumentReader { read: quotes, keep: |_, _, _| Ok(()) };

fn start_on(host: Option<&str>, case: &Path) -> (Running, String) {
    let place = match winset_files::builtin::find(&case.display().to_string()) {
        Some(built_in) => CaseSource::Builtin(built_in),
        None => CaseSource::Folder(case.to_path_buf()),
    };
    let host = host.map(str::to_owned);
    let program = PathBuf::from("winset");
    let options = ServeOptions { place, port: 0, host, program, reader: Some(READER) };
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
