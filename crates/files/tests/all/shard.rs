//! Shards: whoever runs them, however they are cut and in whatever order they are added, they are
//! the one forecast; and what is not theirs is refused.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use winset_files::case::{load, open as open_case};
use winset_files::diagnostic::Findings;
use winset_files::shard::{Header, Incomplete, Merge, Plan, Refusal, header, open, run, seal};
use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::forecast::{Forecast, Run, Tally, VERSION};

const SEED: u64 = 7;

/// The built-in case, with some inputs changed.
fn case(set: &[&str]) -> Case {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/us-iran-2025");
    let mut findings = Findings::default();
    let files = open_case(&path, &mut findings).unwrap();
    let set: Vec<String> = set.iter().map(|s| (*s).to_owned()).collect();
    load(&files, None, &set, &mut findings).unwrap().case
}

fn shard(case: &Case, from: u64, to: u64) -> Vec<u8> {
    run(case, SEED, from..to, Effort::silent(1, &AtomicBool::new(false))).unwrap()
}

fn whole(case: &Case, draws: u64, threads: usize) -> Tally {
    let settings = Run { seed: SEED, draws: 0..draws };
    winset_model::forecast::run(case, &settings, Effort::silent(threads, &AtomicBool::new(false)))
}

fn json(case: &Case, tally: &Tally) -> String {
    let forecast = Forecast::new(case, SEED, tally, &|_| String::new());
    serde_json::to_string(&forecast).unwrap()
}

#[test]
fn one_forecast_for_threads_and_for_shards_of_any_size_in_any_order() {
    let case = case(&[]);
    // Past the thousandth draw, up to which conflicts and openings are sought.
    let draws = 1_090;
    let one = whole(&case, draws, 1);
    assert!(one.explained == 1_000 && one.varied == 1_000 && !one.conflicts.is_empty());
    assert_eq!(whole(&case, draws, 2), one);
    let cuts = [0, 1, 33, 500, 997, 1_003, draws];
    let shards: Vec<Vec<u8>> = cuts.windows(2).map(|w| shard(&case, w[0], w[1])).collect();
    for order in [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [3, 5, 0, 4, 1, 2]] {
        let mut merge = Merge::new(&case, SEED);
        order.iter().for_each(|k| merge.add(&shards[*k]).unwrap());
        let merged = merge.finish(draws).unwrap();
        assert_eq!(merged, one);
        assert_eq!(json(&case, &merged), json(&case, &one));
    }
    // A worker with two threads hands over the same bytes.
    let two = run(&case, SEED, 33..500, Effort::silent(2, &AtomicBool::new(false))).unwrap();
    assert!(two == shards[2]);
}

#[test]
fn bytes_that_are_not_whole_are_refused() {
    let case = case(&[]);
    let bytes = shard(&case, 0, 8);
    assert_eq!(open(&bytes, &case, SEED).unwrap().0, 0..8);
    for cut in [15, 16, 40, 300, bytes.len() / 2, bytes.len() - 33, bytes.len() - 1] {
        assert_eq!(open(&bytes[..cut], &case, SEED), Err(Refusal::Damaged), "{cut}");
    }
    assert_eq!(open(&bytes[..5], &case, SEED), Err(Refusal::NoShard));
    assert_eq!(open(b"", &case, SEED), Err(Refusal::NoShard));
    let longer = [&bytes[..], b"\n"].concat();
    assert_eq!(open(&longer, &case, SEED), Err(Refusal::Damaged));
    let first = b"winset shard 1\n".len();
    for at in (first..bytes.len()).step_by(61).chain([bytes.len() - 1]) {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        assert_eq!(open(&changed, &case, SEED), Err(Refusal::Damaged), "byte {at}");
    }
    let mut other = bytes.clone();
    other[first - 2] = b'9';
    assert_eq!(open(&other, &case, SEED), Err(Refusal::Format("9".to_owned())));
}

#[test]
fn shards_of_anything_else_are_refused_and_say_of_what() {
    let base = case(&[]);
    let changed = case(&["sides.us.discount=20"]);
    let bytes = shard(&base, 0, 8);
    let (of, body) = header(&bytes).unwrap();
    assert_eq!(of, Header::new(&base, SEED, &(0..8)));
    let why = |bytes: &[u8], case: &Case, seed| open(bytes, case, seed).unwrap_err();
    assert_eq!(why(&bytes, &changed, SEED), Refusal::Fingerprint(base.fingerprint()));
    assert_eq!(why(&bytes, &base, 8), Refusal::Seed(SEED));
    // Checksums match in the following: only what they say differs.
    let tally = Tally::from_bytes(&base, body).unwrap();
    let sealed = |change: &dyn Fn(&mut Header)| {
        let mut header = of.clone();
        change(&mut header);
        seal(&header, &tally)
    };
    let version = sealed(&|h| h.version = "0.0.1".to_owned());
    assert_eq!(why(&version, &base, SEED), Refusal::Version("0.0.1".to_owned()));
    assert!(Refusal::Version("0.0.1".to_owned()).to_string().contains(VERSION));
    // More draws than it holds, none at all, and the tally of a case with fewer days.
    assert_eq!(why(&sealed(&|h| h.to = 9), &base, SEED), Refusal::Damaged);
    assert_eq!(why(&sealed(&|h| (h.from, h.to) = (8, 8)), &base, SEED), Refusal::Damaged);
    let short = case(&["constants.horizon=200"]);
    let foreign = seal(&of, &open(&shard(&short, 0, 8), &short, SEED).unwrap().1);
    assert_eq!(why(&foreign, &base, SEED), Refusal::Damaged);
}

#[test]
fn a_merge_says_which_draws_are_missing_or_there_twice() {
    let case = case(&[]);
    let (a, b, c) = (shard(&case, 0, 3), shard(&case, 3, 5), shard(&case, 4, 8));
    let merged = |shards: &[&Vec<u8>], draws| {
        let mut merge = Merge::new(&case, SEED);
        shards.iter().for_each(|s| merge.add(s).unwrap());
        merge.finish(draws).map(|t| t.draws)
    };
    assert_eq!(merged(&[&b, &a], 5), Ok(5));
    assert_eq!(merged(&[&b, &a], 6), Err(Incomplete::Missing(5..6)));
    assert_eq!(merged(&[&a, &c], 8), Err(Incomplete::Missing(3..4)));
    assert_eq!(merged(&[&b], 5), Err(Incomplete::Missing(0..3)));
    assert_eq!(merged(&[], 5), Err(Incomplete::Missing(0..5)));
    assert_eq!(merged(&[&a, &b, &c], 8), Err(Incomplete::Twice(4..5)));
    assert_eq!(merged(&[&a, &a], 3), Err(Incomplete::Twice(0..3)));
    assert_eq!(merged(&[&a, &b], 4), Err(Incomplete::Twice(4..5)));
    // What was refused is not in the sum.
    let mut merge = Merge::new(&case, SEED);
    assert!(merge.add(&a[..40]).is_err());
    merge.add(&a).unwrap();
    assert_eq!(merge.finish(3).map(|t| t.draws), Ok(3));
}

#[test]
fn the_ranges_of_a_plan_are_all_draws_once_and_nearly_even() {
    let case = case(&[]);
    for (draws, shards) in [(1, 1), (10, 3), (1_000_000, 17), (5, 9), (u64::MAX, 1_000)] {
        let plan = Plan::new(&case, &[], SEED, draws, shards);
        let ranges: Vec<_> = (0..plan.shards).map(|k| plan.range(k)).collect();
        assert_eq!((ranges[0].start, ranges.last().unwrap().end), (0, draws));
        assert!(ranges.windows(2).all(|w| w[0].end == w[1].start));
        let sizes = || ranges.iter().map(|r| r.end - r.start);
        assert!(sizes().min().unwrap() >= 1);
        assert!(sizes().max().unwrap() - sizes().min().unwrap() <= 1);
    }
}
