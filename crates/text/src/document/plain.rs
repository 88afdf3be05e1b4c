//! Plain text: a headline where there is one, and the day of a dateline.

use super::KeptDocument;
use crate::day;

/// How far from its beginning the day of a text stands.
const DATELINE: usize = 600;

/// Reads it. The text stays as it came but for the ends of its lines.
pub(super) fn read(text: &str) -> KeptDocument {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let title = headline(&text).map(str::to_owned);
    let published = dateline(&text);
    KeptDocument { title, published, text, ..KeptDocument::default() }
}

/// The first line, where it stands alone and is no sentence.
fn headline(text: &str) -> Option<&str> {
    let (first, rest) = text.trim_start().split_once('\n')?;
    let first = first.trim();
    let alone = rest.starts_with('\n') || rest.trim_start().len() < rest.len();
    let short = first.len() <= 140 && !first.ends_with(['.', ':', '”', '"']);
    (alone && short && !first.is_empty()).then_some(first)
}

/// The day that a line near the beginning names in full: `ROME, April 22, 2025 — …`, or a line of
/// its own.
fn dateline(text: &str) -> Option<jiff::civil::Date> {
    let end = text.char_indices().map(|(k, _)| k).take_while(|k| *k <= DATELINE).last()?;
    text[..end].lines().find_map(|line| {
        let head: String = line.chars().take(60).collect();
        day::absolute(&head)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_headline_and_a_dateline_are_found() {
        let found = read("Talks fail\r\n\r\nBy A. Writer\r\n14 March 2032\r\n\r\nWords.\r\n");
        assert_eq!(found.title.as_deref(), Some("Talks fail"));
        assert_eq!(found.published.unwrap().to_string(), "2032-03-14");
        assert_eq!(found.text, "Talks fail\n\nBy A. Writer\n14 March 2032\n\nWords.\n");
        let found = read("ROME, April 22, 2025 — Talks ended.");
        assert_eq!(found.published.unwrap().to_string(), "2025-04-22");
        assert_eq!(read("No day here.\n\nNone.").published, None);
    }
}
