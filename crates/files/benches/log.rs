//! How long it takes to verify a log of 100,000 entries.

#![allow(clippy::unwrap_used, reason = "a benchmark fails as a test does")]

#[path = "../../../testing/timer.rs"]
mod timer;

use std::fmt::Write;

use winset_files::log::{GENESIS, read_bytes};

const ENTRIES: usize = 100_000;

/// A log written by the format's description alone, without the crate's own writer.
fn log() -> String {
    let mut text = String::new();
    let mut prev = GENESIS.to_string();
    for i in 1..=ENTRIES {
        let body = format!(
            "{{\"schema\":\"winset/log/1\",\"id\":\"f{i}\",\"question\":\"deal-by-june\",\
             \"as_of\":\"2025-04-{:02}\",\"made_at\":\"2025-04-{:02}T09:30:00Z\",\
             \"author\":\"an analyst\",\"kind\":\"update\",\"by\":\"2025-06-30\",\
             \"p\":0.{:04},\"term\":\"unlikely\",\"confidence\":\"moderate\",\
             \"model_version\":\"0.1.0\",\"inputs_hash\":\"{prev}\",\"seed\":7,\"draws\":20000,\
             \"trigger\":\"r05\",\"delta_logit\":-0.21,\
             \"attribution\":[{{\"cause\":\"r05\",\"p\":-0.03}},{{\"cause\":\"time\",\"p\":-0.01}}],\
             \"references\":{{\"base rate\":0.14,\"zone-free model\":0.12}},\
             \"rationale\":\"The principals re-weigh the approach.\",\"prev_hash\":\"{prev}\"",
            i % 30 + 1,
            i % 30 + 1,
            i % 10_000
        );
        prev = blake3::hash(format!("{body}}}").as_bytes()).to_hex().to_string();
        writeln!(text, "{body},\"hash\":\"{prev}\"}}").unwrap();
    }
    text
}

fn main() {
    let log = log();
    let times = timer::milliseconds(5, || {
        let read = read_bytes(log.as_bytes(), None);
        assert!(read.verifies() && read.entries.len() == ENTRIES, "{:?}", read.problems.first());
    });
    timer::figure("log", "verify 100000 entries", times, "ms", "<= 1000 ms");
}
