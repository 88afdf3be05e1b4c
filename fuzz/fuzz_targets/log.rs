//! The log's reader on any bytes, and on lines that any bytes were sealed into; the reader of crowds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use winset_files::log::{ChainHead, GENESIS, crowd_csv, read_bytes, remarks, said_on, scored};

fuzz_target!(|bytes: &[u8]| {
    use_all(bytes);
    let _ = crowd_csv(&String::from_utf8_lossy(bytes));
    // Random bytes never have the right hash: seal each line, so that what is behind is reached.
    let mut sealed = Vec::new();
    let mut prev = GENESIS.to_string();
    for (i, inner) in bytes.split(|&b| b == b'\n').enumerate() {
        let start = format!("{{\"schema\":\"winset/log/1\",\"id\":\"f{}\",", i + 1);
        let end = format!(",\"prev_hash\":\"{prev}\"");
        let body = [start.as_bytes(), inner, end.as_bytes()].concat();
        prev = blake3::hash(&[&body[..], b"}"].concat()).to_hex().to_string();
        sealed.extend([&body[..], format!(",\"hash\":\"{prev}\"}}\n").as_bytes()].concat());
    }
    use_all(&sealed);
});

fn use_all(bytes: &[u8]) {
    let head = ChainHead { entries: bytes.len() % 7, hash: GENESIS.into() };
    for head in [None, Some(&head)] {
        let log = read_bytes(bytes, head);
        for problem in &log.problems {
            let _ = problem.to_string();
        }
        if let Some(last) = log.entries.last() {
            let _ = said_on(&log.entries, &last.question, last.as_of);
            let _ = remarks(&log.entries, Some(&last.statement), last.as_of);
        }
        for clock in [winset_files::log::Clock::MadeAt, winset_files::log::Clock::AsOf] {
            let lined_up = scored(&log.entries, clock, &Default::default());
            let questions: Vec<_> = lined_up.into_iter().map(|q| q.question).collect();
            let _ = questions.len();
        }
    }
}
