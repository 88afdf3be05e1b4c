//! Other people's data in tests: the folder `WINSET_DATA` names, or a skip that says so.
//!
//! Included by the test binary of each crate that needs it: `#[path = "../../../../testing/data.rs"] mod data;`

use std::io::Write;
use std::path::PathBuf;

/// The path of `relative` below `WINSET_DATA`, or `None` after a line that names the skipped test.
///
/// The line goes to stderr and, as the harness swallows what a passing test says, to the end of the
/// file that `WINSET_SKIPPED` names: `cargo xtask test` sets it and lists the skips in its report.
///
/// # Panics
/// Under `CI=true`, where nothing may be skipped, if the folder or the file is missing.
pub fn data(test: &str, relative: &str) -> Option<PathBuf> {
    let found = std::env::var_os("WINSET_DATA").map(|d| PathBuf::from(d).join(relative));
    match found {
        Some(path) if path.exists() => Some(path),
        _ if std::env::var("CI").is_ok_and(|v| v == "true") => {
            panic!("{test}: `{relative}` not found below WINSET_DATA, and CI skips nothing")
        }
        _ => {
            let line = format!("{test} (set WINSET_DATA to the folder that holds `{relative}`)\n");
            eprint!("skipped: {line}");
            if let Some(list) = std::env::var_os("WINSET_SKIPPED") {
                // One write to a file opened for appending: lines of parallel tests do not mix.
                let file = std::fs::OpenOptions::new().append(true).create(true).open(&list);
                file.and_then(|mut f| f.write_all(line.as_bytes())).expect("WINSET_SKIPPED");
            }
            None
        }
    }
}
