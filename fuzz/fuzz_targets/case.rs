//! The reader of cases on any bytes, and the same bytes as an override of a good case.
#![no_main]

use libfuzzer_sys::fuzz_target;
use winset_files::case::{CaseFiles, decode, load};
use winset_files::diagnostic::{Findings, Source};

const CASE: &str = include_str!("../../crates/files/tests/known/01-zone.toml");

fuzz_target!(|bytes: &[u8]| {
    let mut findings = Findings::default();
    let case = decode("case.toml".to_owned(), bytes.to_vec(), &mut findings);
    let text = case.text.clone();
    use_all(CaseFiles { case, ..CaseFiles::default() }, &[], findings);
    let case = Source { name: "case.toml".to_owned(), text: CASE.to_owned() };
    use_all(CaseFiles { case, ..CaseFiles::default() }, &[text], Findings::default());
});

fn use_all(files: CaseFiles, overrides: &[String], mut findings: Findings) {
    let loaded = load(&files, None, overrides, &mut findings);
    assert_eq!(loaded.is_none(), findings.failed());
    for d in &findings.list {
        if let Some(span) = &d.span {
            let _ = files.case.position(span.start);
        }
    }
}
