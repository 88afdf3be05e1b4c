//! What a shard costs: its time, its bytes, and the time to add it up.

#[path = "../../../testing/timer.rs"]
mod timer;

use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use winset_files::case::{load, open};
use winset_files::diagnostic::Findings;
use winset_files::shard::{Merge, run};
use winset_model::case::Case;
use winset_model::effort::Effort;

fn print(figure: &str, found: Vec<f64>, unit: &str, target: &str) {
    timer::figure("ensemble", figure, found, unit, target);
}

/// The most memory the process has held, in MB; `None` where the system does not say.
fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
}

fn shard(case: &Case, from: u64, draws: u64) -> Option<Vec<u8>> {
    run(case, 1, from..from + draws, Effort::silent(1, &AtomicBool::new(false)))
}

fn main() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/us-iran-2025");
    let mut findings = Findings::default();
    let Some(case) = open(&path, &mut findings)
        .ok()
        .and_then(|files| load(&files, None, &[], &mut findings))
        .map(|loaded| loaded.case)
    else {
        eprintln!("the built-in case cannot be read");
        return;
    };
    let mut bytes = Vec::new();
    let mut times = Vec::new();
    for k in 0..5 {
        let start = Instant::now();
        // Past the first thousand draws, which cost more; the first run warms up.
        let Some(found) = shard(&case, 10_000 * (k + 1), 10_000) else { return };
        if k > 0 {
            times.push(start.elapsed().as_secs_f64());
            bytes.push(found.len() as f64 / 1e3);
        }
    }
    print("a shard of 10000 draws, one thread", times, "s", "");
    print("its bytes", bytes, "kB", "<= 500 kB");
    let shards: Vec<Vec<u8>> = (0..64).filter_map(|k| shard(&case, 200 * k, 200)).collect();
    let times = timer::milliseconds(5, || {
        let mut merge = Merge::new(&case, 1);
        shards.iter().for_each(|s| drop(black_box(merge.add(s))));
        black_box(merge.finish(200 * 64).is_ok());
    });
    let each = times.into_iter().map(|ms| ms / 64.0);
    print("reading and adding a shard", each.collect(), "ms", "<= 10 ms");
    if let Some(peak) = peak() {
        print("peak memory, 64 shards held at once", vec![peak], "MB", "<= 300 MB");
    }
}
