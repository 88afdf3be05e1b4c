//! How reading a case, and what is believed day by day, grow with the entries of its record, on one thread;
//! a JSON line a figure.
//!
//! `cargo bench -p winset-report --bench entries`

#![allow(clippy::unwrap_used, reason = "a benchmark fails as a test does")]

#[path = "../../../testing/timer.rs"]
mod timer;

use std::fmt::Write;
use std::hint::black_box;

use winset_files::case::{CaseFiles, load};
use winset_files::diagnostic::{Findings, Source};
use winset_report::belief::{BeliefChoice, ask};

/// Five positions of two sides that come from the record.
const CASE: &str = include_str!("entries.toml");

/// Statements of five speakers in turn, one a day at most and over four years.
fn record(entries: usize) -> String {
    let speakers = [("a0", "x"), ("a0", "y"), ("a0", "z"), ("a1", "x"), ("a1", "y")];
    let mut text =
        "id,said,entered,speaker,issue,kind,value,grade,source,channel,audience,text,origin\n"
            .to_owned();
    let end = jiff::civil::date(2025, 4, 12);
    for k in 0..entries {
        let before = (entries - k).min((entries - k) * 1_400 / entries.max(1_400)) as i64;
        let day = end.checked_sub(jiff::Span::new().days(before)).unwrap();
        let ((speaker, issue), value) = (speakers[k % 5], 5 + k * 37 % 55);
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "r{k},{day},{day},{speaker},{issue},ideal,{value},B2,s,statement,public,said {k},o{k}"
        );
    }
    text
}

fn files(entries: usize) -> CaseFiles {
    let source = |name: &str, text: String| Source { name: name.to_owned(), text };
    CaseFiles {
        case: source("case.toml", CASE.to_owned()),
        record: Some(source("record.csv", record(entries))),
        tables: Vec::new(),
    }
}

fn measure(figure: &str, runs: usize, work: impl Fn()) {
    timer::figure("entries", figure, timer::milliseconds(runs, work), "ms", "");
}

fn main() {
    for n in [10, 100, 1_000, 10_000, 30_000] {
        let files = files(n);
        measure(&format!("load, {n} entries"), 3, || {
            let loaded = load(&files, None, &[], &mut Findings::default());
            assert!(black_box(loaded).is_some());
        });
    }
    for n in [10, 100, 300, 1_000] {
        let loaded = load(&files(n), None, &[], &mut Findings::default()).unwrap();
        measure(&format!("belief, {n} entries"), if n > 100 { 1 } else { 3 }, || {
            assert!(ask(&loaded.case, &loaded.record, BeliefChoice::default()).is_ok());
        });
    }
}
