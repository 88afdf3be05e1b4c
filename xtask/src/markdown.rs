//! Just enough Markdown: prose without code, fenced blocks, links, citations.

/// A fenced block: its info string and the line (from 1) of its opening fence.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fence<'a> {
    pub(crate) info: &'a str,
    pub(crate) line: usize,
}

/// The opening lines of all fenced blocks.
pub(crate) fn fences(text: &str) -> Vec<Fence<'_>> {
    let mut found = Vec::new();
    each_line(text, |number, line, fence| {
        if fence == Place::Opening {
            let info = line.trim_start().trim_start_matches(['`', '~']).trim();
            found.push(Fence { info, line: number });
        }
    });
    found
}

/// The lines outside code, numbered from 1, with inline code taken out.
pub(crate) fn prose(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    each_line(text, |number, line, fence| {
        if fence == Place::Outside {
            // Odd pieces stand between backticks.
            let plain: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
            found.push((number, plain));
        }
    });
    found
}

/// The targets of all links and images in the prose, with their line.
pub(crate) fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in prose(text) {
        let definition =
            line.trim_start().starts_with('[').then(|| line.split_once("]: ")).flatten();
        if let Some((_, target)) = definition {
            found.push((number, target.trim().to_owned()));
        }
        let mut rest = line.as_str();
        while let Some(at) = rest.find("](") {
            rest = &rest[at + 2..];
            let end = rest.find(')').unwrap_or(rest.len());
            let target = rest[..end].split_whitespace().next().unwrap_or_default();
            found.push((number, target.trim_matches(['<', '>']).to_owned()));
            rest = &rest[end..];
        }
    }
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Outside,
    Opening,
    Inside,
}

fn each_line<'a>(text: &'a str, mut see: impl FnMut(usize, &'a str, Place)) {
    let mut open: Option<(char, usize)> = None;
    for (index, line) in text.lines().enumerate() {
        let trimmed = line.trim_start();
        let mark = trimmed.chars().next().filter(|c| "`~".contains(*c));
        let length = mark.map_or(0, |m| trimmed.chars().take_while(|c| *c == m).count());
        let place = match (open, mark) {
            (None, Some(m)) if length >= 3 => {
                open = Some((m, length));
                Place::Opening
            }
            (None, _) => Place::Outside,
            (Some((m, n)), Some(now)) if m == now && length >= n && trimmed.len() == length => {
                open = None;
                Place::Inside
            }
            (Some(_), _) => Place::Inside,
        };
        see(index + 1, line, place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "see [a](a.md#x) and `[b](b.md)`\n```rust,no_run\n[c](c.md)\n```\n\
                        ![d](<d.svg> \"title\")\n~~~\n```\n[e](e.md)\n~~~\n[f]: f.md\n";

    #[test]
    fn links_in_code_are_not_links() {
        let expected = [(1, "a.md#x"), (5, "d.svg"), (10, "f.md")];
        assert_eq!(links(PAGE), expected.map(|(n, t)| (n, t.to_owned())));
    }

    #[test]
    fn fences_carry_their_info_and_line() {
        let expected = [Fence { info: "rust,no_run", line: 2 }, Fence { info: "", line: 6 }];
        assert_eq!(fences(PAGE), expected);
    }

    #[test]
    fn citations_may_share_brackets_and_carry_pages() {
        assert_eq!(
            citations("x [@nash1950, p. 159] y [@a-b; @c]. [plain]"),
            ["nash1950", "a-b", "c"]
        );
    }
}
