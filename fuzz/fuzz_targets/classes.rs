//! The readers of reference classes, of tables of past cases and of talks, on any bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use winset_files::case::decode;
use winset_files::diagnostic::Findings;
use winset_files::{class, talks};

fuzz_target!(|bytes: &[u8]| {
    let mut decoded = Findings::default();
    let source = decode("past.csv".to_owned(), bytes.to_vec(), &mut decoded);
    let mut findings = Findings::default();
    let shipped = class::read_class(&source, &mut findings);
    assert_eq!(shipped.is_none(), findings.failed());
    let mut findings = Findings::default();
    if let Some(past) = class::read_table(&source, &mut findings) {
        let _ = past.fit("past.csv", None, &mut findings);
    }
    let mut findings = Findings::default();
    let talks = talks::read(&source, &mut findings);
    assert_eq!(talks.is_none(), findings.failed());
});
