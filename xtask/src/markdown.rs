//! What the chores ask of a Markdown page: its prose without code, fenced blocks, links, citations.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag};

/// A fenced block: its info string and the line (from 1) of its opening fence.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fence {
    pub(crate) info: String,
    pub(crate) line: usize,
}

fn events(text: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter()
}

/// The line, from 1, of a place in a text.
fn line(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// The opening lines of all fenced blocks.
pub(crate) fn fences(text: &str) -> Vec<Fence> {
    events(text)
        .filter_map(|(event, range)| match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                Some(Fence { info: info.trim().to_owned(), line: line(text, range.start) })
            }
            _ => None,
        })
        .collect()
}

/// The lines outside code, numbered from 1, with inline code taken out.
pub(crate) fn prose(text: &str) -> Vec<(usize, String)> {
    let mut plain = text.as_bytes().to_vec();
    let mut blocks = Vec::new();
    for (event, range) in events(text) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => {
                blocks.push(line(text, range.start)..=line(text, range.end.saturating_sub(1)));
                plain[range].iter_mut().filter(|b| **b != b'\n').for_each(|b| *b = b' ');
            }
            Event::Code(_) => {
                plain[range].iter_mut().filter(|b| **b != b'\n').for_each(|b| *b = b' ');
            }
            _ => {}
        }
    }
    // Whole characters were replaced, so this is still text.
    String::from_utf8_lossy(&plain)
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.to_owned()))
        .filter(|(number, _)| !blocks.iter().any(|block| block.contains(number)))
        .collect()
}

/// The targets of all links and images, with their line; those of definitions nobody uses, too.
pub(crate) fn links(text: &str) -> Vec<(usize, String)> {
    let parser = Parser::new_ext(text, Options::ENABLE_TABLES);
    let mut found: Vec<(usize, String)> = parser
        .reference_definitions()
        .iter()
        .map(|(_, definition)| {
            (line(text, definition.span.start), definition.dest.clone().into_string())
        })
        .collect();
    for (event, range) in parser.into_offset_iter() {
        if let Event::Start(
            Tag::Link { link_type: LinkType::Inline, dest_url, .. }
            | Tag::Image { link_type: LinkType::Inline, dest_url, .. },
        ) = event
        {
            found.push((line(text, range.start), dest_url.into_string()));
        }
    }
    found.sort();
    found
}

/// The keys of citations like `[@nash1950, p. 159]` and `[@a; @b]` in one line of text.
pub(crate) fn citations(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find("[@") {
        rest = &rest[at + 1..];
        let inside = &rest[..rest.find(']').unwrap_or(rest.len())];
        for part in inside.split(';') {
            if let Some(part) = part.trim().strip_prefix('@') {
                let end = part.find(|c: char| !(c.is_ascii_alphanumeric() || "-_:".contains(c)));
                found.push(&part[..end.unwrap_or(part.len())]);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "see [a](a.md#x) and `[b](b.md)`\n```rust,no_run\n[c](c.md)\n```\n\
                        ![d](<d.svg> \"title\")\n~~~\n```\n[e](e.md)\n~~~\n\n[f]: f.md\n";

    #[test]
    fn links_in_code_are_not_links() {
        let expected = [(1, "a.md#x"), (5, "d.svg"), (11, "f.md")];
        assert_eq!(links(PAGE), expected.map(|(n, t)| (n, t.to_owned())));
        // Code of two lines, code by indentation, brackets in a link's text, a tilde in a fence.
        let page = "`a\n[b](b.md)`\n\n    [c](c.md)\n\n[d [e]](d.md)\n\n```\n~~~\n[f](f.md)\n```\n";
        assert_eq!(links(page), [(6, "d.md".to_owned())]);
    }

    #[test]
    fn fences_carry_their_info_and_line() {
        let fence = |info: &str, line| Fence { info: info.to_owned(), line };
        assert_eq!(fences(PAGE), [fence("rust,no_run", 2), fence("", 6)]);
        let listed = "- one\n\n  ```toml\n  a = 1\n  ```\n";
        assert_eq!(fences(listed), [fence("toml", 3)]);
    }

    #[test]
    fn prose_is_what_is_left_without_code() {
        let expected = [(1, "see [a](a.md#x) and            "), (5, "![d](<d.svg> \"title\")")];
        assert_eq!(prose(PAGE)[..2], expected.map(|(n, t)| (n, t.to_owned())));
    }

    #[test]
    fn citations_may_share_brackets_and_carry_pages() {
        assert_eq!(
            citations("x [@nash1950, p. 159] y [@a-b; @c]. [plain]"),
            ["nash1950", "a-b", "c"]
        );
    }
}
