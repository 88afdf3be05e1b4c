//! Queries of links, and whole changes of a case as a link says them, on any text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use winset_files::builtin;
use winset_files::case::load;
use winset_files::diagnostic::Findings;
use winset_serve::canonical_query;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(query) = canonical_query(&text) {
        assert_eq!(canonical_query(&query).as_ref(), Ok(&query));
    }
    // A change is what follows `set=`: the case is read with it.
    let case = &builtin::CASES[builtin::CASES.len() - 1];
    let changes: Vec<String> = text.lines().take(3).map(str::to_owned).collect();
    let mut findings = Findings::default();
    let read = load(&case.sources(), None, &changes, &mut findings);
    assert!(read.is_some() || findings.failed());
});
