//! The reader of records on any bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use winset_files::case::{CaseNames, decode};
use winset_files::diagnostic::Findings;
use winset_files::record::read;

fuzz_target!(|bytes: &[u8]| {
    let mut findings = Findings::default();
    let source = decode("record.csv".to_owned(), bytes.to_vec(), &mut findings);
    let names = CaseNames {
        actors: vec!["a".to_owned(), "b".to_owned()],
        issues: vec![("x".to_owned(), (0.0, 100.0))],
        ..CaseNames::default()
    };
    let record = read(&source, &names, &mut findings);
    let last = record.last_entered();
    assert_eq!(last.is_some(), !record.entries.is_empty());
    if let Some(last) = last {
        assert!(record.as_of(last).count() <= record.entries.len());
    }
    for d in &findings.list {
        if let Some(span) = &d.span {
            let _ = source.position(span.start);
        }
    }
});
