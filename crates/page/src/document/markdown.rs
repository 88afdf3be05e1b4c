//! A document as Markdown.

use std::fmt::Write;

use super::tree::{Block, Document, Table};

/// The document as Markdown: tables as in GitHub's dialect, nothing of the case read as markup.
pub fn markdown(d: &Document) -> String {
    let mut out = format!("# {}\n", escaped(&d.title));
    if let Some(marking) = &d.marking {
        let _ = write!(out, "\n**{}**\n", escaped(marking));
    }
    out.push('\n');
    for (name, value) in &d.facts {
        let _ = writeln!(out, "- {}: {}", escaped(name), escaped(value));
    }
    for section in d.front.iter().chain(&d.sections) {
        let _ = write!(out, "\n## {}\n", escaped(&section.title));
        for block in &section.blocks {
            write_block(&mut out, block);
        }
    }
    out
}

fn write_block(out: &mut String, block: &Block) {
    match block {
        Block::Lead(text) => {
            let _ = write!(out, "\n**{}**\n", escaped(text));
        }
        Block::Text(text) | Block::Note(text) => {
            let _ = write!(out, "\n{}\n", escaped(text));
        }
        Block::List(items) => {
            out.push('\n');
            for item in items {
                let _ = writeln!(out, "- {}", escaped(item));
            }
        }
        Block::Command(text) => {
            // A fence longer than any run of ticks inside.
            let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
            let fence = "`".repeat(longest.max(2) + 1);
            let _ = write!(out, "\n{fence}console\n$ {}\n{fence}\n", one_line(text));
        }
        Block::Table(Table { caption, head, rows, numeric }) => {
            let _ = write!(out, "\n{}:\n\n", escaped(caption));
            let row = |cells: &[String]| {
                let cells: Vec<String> = cells.iter().map(|c| escaped(c)).collect();
                format!("| {} |\n", cells.join(" | "))
            };
            out.push_str(&row(head));
            let rule: Vec<&str> = numeric.iter().map(|n| if *n { "---:" } else { "---" }).collect();
            let _ = writeln!(out, "|{}|", rule.join("|"));
            for cells in rows {
                out.push_str(&row(cells));
            }
        }
        // A chart says nothing that the table beside it does not.
        Block::Figure(_) | Block::Sketch(_) => {}
    }
}

/// Line ends and control characters as spaces.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Plain text as Markdown that shows just that.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let text = one_line(text);
    let mut chars = text.chars().peekable();
    let mut first = true;
    while let Some(c) = chars.next() {
        let special = match c {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' => true,
            // `<1 %` and a lone ampersand are nobody's markup.
            '<' => chars.peek().is_some_and(|n| n.is_alphabetic() || matches!(n, '/' | '!' | '?')),
            '&' => chars.peek().is_some_and(|n| n.is_alphanumeric() || *n == '#'),
            '>' => first,
            '#' | '-' | '+' => first && chars.peek().is_none_or(|n| *n == ' ' || *n == c),
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(c);
        first = false;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn markup_is_shown_and_not_obeyed() {
        assert_eq!(escaped("<script>x</script>"), "\\<script>x\\</script>");
        assert_eq!(escaped("a|b\nc*d*"), "a\\|b c\\*d\\*");
        assert_eq!(escaped("<1 % & more"), "<1 % & more");
        assert_eq!(escaped("&lt;"), "\\&lt;");
        assert_eq!(escaped("# no heading"), "\\# no heading");
    }
}
