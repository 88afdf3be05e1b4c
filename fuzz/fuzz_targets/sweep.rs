//! The reader of sweeps on any bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use winset_files::case::decode;
use winset_files::diagnostic::Findings;
use winset_files::sweep::read;

fuzz_target!(|bytes: &[u8]| {
    let mut findings = Findings::default();
    let source = decode("sweep.toml".to_owned(), bytes.to_vec(), &mut findings);
    if let Some(spec) = read(&source, &mut findings) {
        assert!(!findings.failed());
        let points = spec.points();
        for k in (0..points.min(3)).chain(points.checked_sub(1)) {
            assert_eq!(spec.point(k).len(), spec.axes().count());
            let _ = spec.overrides(k);
        }
    }
});
