//! Any two texts as a domain and a profile: `cargo fuzz run -s none genius`.
#![no_main]

use std::path::Path;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    // The input is cut at the first zero byte, which XML cannot hold.
    let mut parts = data.splitn(2, |byte| *byte == 0);
    let (domain, profile) = (parts.next().unwrap_or(b""), parts.next().unwrap_or(b""));
    let files = [(Path::new("domain.xml"), domain), (Path::new("profile.xml"), profile)];
    if let Ok(domain) = winset_files::genius::parse(Path::new("."), &files)
        && domain.packages() < 100_000
    {
        assert!(domain.utilities().iter().all(|utility| utility.is_finite()));
    }
});
