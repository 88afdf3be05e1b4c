//! Whatever is fed in: no panic, and every proposal shows words that are there.

use winset_text::document;
use winset_text::proposal::Published;
use winset_text::propose;

use crate::articles::{LATER, NAMES, article, folder};

/// A stream of numbers, the same on every machine.
struct Stream(u64);

impl Stream {
    fn next(&mut self, below: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below.max(1)
    }
}

const SCRAPS: [&[u8]; 22] = [
    b"\"",
    b"\xe2\x80\x9c",
    b"\xe2\x80\x9d",
    b"'",
    b" said ",
    b", he said.",
    b"<p>",
    b"</article>",
    b"<script>",
    b"\xff",
    b"\0",
    b"\n\n",
    b"&#x2014;",
    b"99999999999999999999",
    b"-",
    b" on Monday ",
    b" 31 February 9999 ",
    b"per cent",
    b"\xf0\x9f\x98\x80",
    b"\xcc\x81",
    b"...",
    b"a hundred years ago",
];

#[test]
fn changed_articles_end_in_proposals_or_an_error_and_never_in_a_panic() {
    let mut stream = Stream(7);
    for name in NAMES.into_iter().chain(LATER) {
        let article = article(name);
        let file = std::fs::read_dir(folder().join(name)).unwrap().flatten();
        let file =
            file.map(|f| f.path()).find(|p| p.to_string_lossy().contains("article.")).unwrap();
        let bytes = std::fs::read(file).unwrap();
        for _ in 0..60 {
            let mut changed = bytes.clone();
            for _ in 0..=stream.next(12) {
                let at = stream.next(changed.len());
                match stream.next(4) {
                    0 => changed[at] = u8::try_from(stream.next(256)).unwrap(),
                    1 => changed.truncate(at.max(40)),
                    2 => drop(changed.drain(at..(at + stream.next(60)).min(changed.len()))),
                    _ => drop(
                        changed.splice(at..at, SCRAPS[stream.next(SCRAPS.len())].iter().copied()),
                    ),
                }
                if changed.len() < 40 {
                    break;
                }
            }
            for kind in ["a.txt", "a.html", "a.xml", "a.eml"] {
                let Ok(documents) = document::read(kind, &changed) else { continue };
                for document in documents {
                    let published = Published { day: article.day, by: None, origin: None };
                    for p in propose(&document, &article.setting, published) {
                        assert_eq!(document.text.get(p.start..p.end), Some(p.quote.as_str()));
                    }
                }
            }
        }
    }
}

#[test]
fn a_setting_without_anything_in_it_and_texts_of_any_kind_are_read() {
    let setting = winset_text::ReadingSetting::default();
    let day = "2025-04-22".parse().unwrap();
    for text in [
        "He said.",
        "“”",
        "said said said",
        "\" \" \"",
        "according to",
        ", said",
        "He said “",
        "a\n\n\n\nb",
        "On Monday on Monday on Monday he said on Monday.",
        "１２ per cent, ｈｅ said.",
        "İ said ŉ.",
    ] {
        for document in document::read("a.txt", text.as_bytes()).unwrap_or_default() {
            let _ = propose(&document, &setting, Published { day, by: None, origin: None });
        }
    }
}
