//! No bytes make the readers panic or dawdle: real files, damaged at seeded places.

use std::path::{Path, PathBuf};

use winset_files::case::{CaseFiles, decode, load};
use winset_files::diagnostic::{Findings, Source};

/// Xorshift (Marsaglia 2003): a few lines instead of a dependency.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n.max(1) as u64) as usize
    }
}

/// Bytes that mean something to one of the grammars.
const TELLING: &[&[u8]] = &[
    b"\"",
    b"[",
    b"]",
    b"{",
    b"}",
    b"=",
    b"..",
    b"\n",
    b",",
    b"(",
    b")",
    b"%",
    b"@",
    b"\0",
    b"\xff",
    b"\r\n",
    b"-",
    b"e999",
    b"record",
    b" and ",
    b" or ",
    b"3 of (",
    b"\"\"\"",
    b"'",
    b"\xe2\x80\x93",
    b"9999-99-99",
    b"nan",
    b"inf",
    b"[[",
    b"#",
    b"../",
    b"~",
];

fn damage(bytes: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..=dice.below(4) {
        let at = dice.below(out.len() + 1);
        let end = (at + dice.below(12)).min(out.len());
        match dice.below(5) {
            0 => drop(out.drain(at..end)),
            1 => drop(out.splice(at..at, TELLING[dice.below(TELLING.len())].iter().copied())),
            2 => drop(out.splice(at..end, TELLING[dice.below(TELLING.len())].iter().copied())),
            3 => {
                let from = dice.below(out.len() + 1);
                let to = (from + dice.below(80)).min(out.len());
                let piece = out[from..to].to_vec();
                out.splice(at..at, piece);
            }
            _ => out.truncate(out.len() - dice.below(out.len() / 4 + 1)),
        }
    }
    out
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn read(path: &str) -> Vec<u8> {
    std::fs::read(root().join(path)).unwrap()
}

/// Reads them; a case comes back exactly if nothing is an error, and every place can be shown.
fn check(case: Vec<u8>, record: Option<Vec<u8>>, overrides: &[String]) -> bool {
    let mut findings = Findings::default();
    let case = decode("case.toml".to_owned(), case, &mut findings);
    let record = record.map(|bytes| decode("record.csv".to_owned(), bytes, &mut findings));
    let files = CaseFiles { case, record, ..CaseFiles::default() };
    let loaded = load(&files, None, overrides, &mut findings);
    assert_eq!(loaded.is_none(), findings.failed(), "{findings:?}");
    for d in &findings.list {
        assert!(!d.message.is_empty());
        let source: Option<&Source> = match d.file.as_str() {
            "record.csv" => files.record.as_ref(),
            "case.toml" => Some(&files.case),
            _ => None,
        };
        if let (Some(source), Some(span)) = (source, &d.span) {
            assert!(span.start <= span.end && span.end <= source.text.len(), "{d:?}");
            assert!(source.text.get(span.clone()).is_some(), "{d:?} splits a letter");
            let (line, column) = source.position(span.start);
            assert!(line >= 1 && column >= 1);
        }
    }
    loaded.is_some()
}

#[test]
fn damaged_cases_are_read_to_the_end() {
    let mut dice = Dice(20_250_422);
    let mut good = 0;
    for file in ["cases/us-iran-2025/case.toml", "crates/files/tests/data/everything.toml"] {
        let bytes = read(file);
        for _ in 0..400 {
            good += usize::from(check(damage(&bytes, &mut dice), None, &[]));
        }
    }
    // Damage inside a remark does no harm; most damage does.
    assert!(good < 400, "{good}");
}

#[test]
fn damaged_records_are_read_to_the_end() {
    let mut dice = Dice(20_250_630);
    let (case, record) =
        (read("cases/us-iran-2025/case.toml"), read("cases/us-iran-2025/record.csv"));
    assert!(check(case.clone(), Some(record.clone()), &[]));
    let mut good = 0;
    for _ in 0..400 {
        good += usize::from(check(case.clone(), Some(damage(&record, &mut dice)), &[]));
    }
    assert!(good > 0 && good < 400, "{good}");
}

#[test]
fn damaged_overrides_are_read_to_the_end() {
    let mut dice = Dice(1948);
    let case = read("crates/files/tests/known/01-zone.toml");
    let mut good = 0;
    for assignment in [
        "sides.a.discount=5..10..30",
        "actors.a1.red_max.land=10..20",
        "issues.land={ now = 50, marks = [[0, \"a\"]] }",
        "as_of=2025-02-01",
        "sides.a.ratify=a1 and 50% of (a2)",
    ] {
        for _ in 0..100 {
            let damaged = damage(assignment.as_bytes(), &mut dice);
            let damaged = String::from_utf8_lossy(&damaged).into_owned();
            good += usize::from(check(case.clone(), None, &[damaged]));
        }
    }
    assert!(good > 0 && good < 500, "{good}");
}

#[test]
fn deep_nesting_and_long_lists_end() {
    for text in [
        format!("a = {}", "[".repeat(100_000)),
        format!("a = {}", "{ b = ".repeat(50_000)),
        "[a.b]\n".repeat(20_000),
        format!("winset = 1\n[sides.a]\nratify = \"{}\"", "(".repeat(100_000)),
        format!("winset = 1\n[sides.a]\nratify = \"all of ({}x)\"", "x, ".repeat(100_000)),
        format!("[issues.{}]", "a.".repeat(20_000)),
    ] {
        assert!(!check(text.into_bytes(), None, &[]));
    }
    let path = format!("{}a=1", "a.".repeat(100_000));
    assert!(!check(read("crates/files/tests/known/01-zone.toml"), None, &[path]));
}
