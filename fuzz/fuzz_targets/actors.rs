//! The reader of actor tables on any bytes, as a file and as text; cut at the first zero byte, the two
//! tables of a back-test.
#![no_main]

use libfuzzer_sys::fuzz_target;
use winset_files::{actors, deu, import, sheet};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(sheet) = sheet::text(bytes.to_vec())
        && let Ok(read) = actors::of_sheet(&sheet)
    {
        assert!(!read.issues.is_empty());
        for table in &read.issues {
            assert!(!table.issue.actors().is_empty());
        }
    }
    let text = String::from_utf8_lossy(bytes);
    let _ = actors::parse(&text);
    let _ = import::case("t", &text);
    let (issues, positions) = text.split_once('\0').unwrap_or((&text, ""));
    let _ = deu::parse(issues, positions);
});
