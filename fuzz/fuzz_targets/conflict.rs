//! The reader of graph models, TOML or JSON, on any bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use winset_files::case::decode;
use winset_files::diagnostic::Findings;
use winset_files::stability::read;

fuzz_target!(|bytes: &[u8]| {
    let name = if bytes.first() == Some(&b'{') { "m.json" } else { "m.toml" };
    let mut findings = Findings::default();
    let source = decode(name.to_owned(), bytes.to_vec(), &mut findings);
    let model = read(&source, None, &mut findings);
    assert!(model.is_some() != findings.failed());
});
