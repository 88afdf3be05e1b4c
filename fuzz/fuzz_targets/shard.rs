//! The reader of shards on any bytes, and on bytes that are sealed as the shard of a good case, so that
//! the tally behind the checksum is reached.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use winset_files::case::{CaseFiles, load};
use winset_files::diagnostic::{Findings, Source};
use winset_files::shard::{Header, Merge, open};
use winset_model::case::Case;
use winset_model::forecast::TALLY_FORMAT;

static CASE: LazyLock<Case> = LazyLock::new(|| {
    let text = include_str!("../../crates/files/tests/known/01-zone.toml").to_owned();
    let case = Source { name: "case.toml".to_owned(), text };
    let files = CaseFiles { case, ..CaseFiles::default() };
    load(&files, None, &[], &mut Findings::default()).expect("a good case").case
});

fuzz_target!(|bytes: &[u8]| {
    use_all(bytes);
    let header = Header::new(&CASE, 1, &(0..1 + bytes.len() as u64 % 5));
    let json = serde_json::to_string(&header).expect("a header is plain");
    let start = format!("winset shard {TALLY_FORMAT}\n{json}\n");
    let mut sealed = [start.as_bytes(), bytes].concat();
    let hash = blake3::hash(&sealed);
    sealed.extend(hash.as_bytes());
    use_all(&sealed);
});

fn use_all(bytes: &[u8]) {
    if let Ok((draws, tally)) = open(bytes, &CASE, 1) {
        assert_eq!(draws.end - draws.start, tally.draws);
        let mut merge = Merge::new(&CASE, 1);
        assert!(merge.add(bytes).is_ok());
        assert!(merge.add(bytes).is_err(), "a draw counts once");
    }
}
