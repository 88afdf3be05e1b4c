//! The wording check on any text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use winset_page::lint::{Options, lint};

fuzz_target!(|text: &str| {
    let lines = text.lines().count().max(1);
    for finding in lint(text, &Options::default()) {
        assert!((1..=lines + 1).contains(&finding.line) && finding.column >= 1);
    }
});
