//! A document on a terminal: 80 columns, no colour needed.

use std::ops::Range;

use super::tree::{Block, Document, Section, Table};
use crate::text::{Text, columns, padded, width, wrapped};

/// Columns between two cells.
const GAP: usize = 2;

/// The narrowest a column of words is made.
const NARROW: usize = 12;

/// Cells of words are as far in as the paragraphs of their section.
const INDENT: &str = "  ";

/// The document as text.
pub fn terminal(d: &Document) -> String {
    written(d).0.out
}

/// The same in pieces, each with whether it is a heading or says what matters most.
pub fn terminal_parts(d: &Document) -> Vec<(bool, String)> {
    let (text, strong) = written(d);
    let mut parts = Vec::new();
    let mut at = 0;
    for range in strong {
        parts.push((false, text.out[at..range.start].to_owned()));
        parts.push((true, text.out[range.clone()].to_owned()));
        at = range.end;
    }
    parts.push((false, text.out[at..].to_owned()));
    parts
}

/// The text, and what of it is strong.
fn written(d: &Document) -> (Text, Vec<Range<usize>>) {
    let mut strong = Vec::new();
    let mut t = Text::default();
    t.wrapped("", &d.title);
    strong.push(0..t.out.len());
    if let Some(marking) = &d.marking {
        t.wrapped("", marking);
    }
    for (name, value) in &d.facts {
        t.wrapped(&format!("{name}: "), value);
    }
    for s in d.front.iter().chain(&d.sections) {
        section(&mut t, s, &mut strong);
    }
    (t, strong)
}

fn section(t: &mut Text, s: &Section, strong: &mut Vec<Range<usize>>) {
    let indent = if s.title.is_empty() {
        if !t.out.is_empty() {
            t.line("");
        }
        ""
    } else {
        let from = t.out.len();
        t.section(&s.title);
        // Without the empty line above it.
        strong.push(from + 1..t.out.len());
        INDENT
    };
    let sketched =
        s.blocks.iter().any(|b| matches!(b, Block::Sketch(sketch) if sketch.instead_of_tables));
    for block in &s.blocks {
        match block {
            Block::Lead(text) => {
                let from = t.out.len();
                t.wrapped(indent, text);
                strong.push(from..t.out.len());
            }
            Block::Text(text) | Block::Note(text) => t.wrapped(indent, text),
            Block::List(items) => {
                for item in items {
                    t.hanging(&format!("{indent}- "), item);
                }
            }
            Block::Command(text) => t.line(&format!("{indent}$ {text}")),
            Block::Sketch(sketch) => sketch.lines.iter().for_each(|line| t.line(line)),
            Block::Table(_) if sketched => {}
            Block::Table(table) => write_table(t, indent, table),
            Block::Figure(_) => {}
        }
    }
}

fn write_table(t: &mut Text, indent: &str, table: &Table) {
    if !table.caption.is_empty() {
        t.wrapped(indent, &format!("{}:", table.caption));
    }
    let Some(widths) = widths(table, columns() - indent.len()) else {
        return write_stacked(t, indent, table);
    };
    if table.head.iter().any(|h| !h.is_empty()) {
        write_row(t, indent, &table.head, &widths, &table.numeric);
    }
    for row in &table.rows {
        write_row(t, indent, row, &widths, &table.numeric);
    }
}

/// A table with too many columns for a line: a paragraph a row, every cell with its heading.
fn write_stacked(t: &mut Text, indent: &str, table: &Table) {
    for row in &table.rows {
        let Some((first, rest)) = row.split_first() else { continue };
        let named = table.head.iter().skip(1).zip(rest).filter(|(_, cell)| !cell.is_empty());
        let cells: Vec<String> = named
            .map(|(head, cell)| match head.is_empty() {
                true => cell.clone(),
                false => format!("{head} {cell}"),
            })
            .collect();
        t.hanging(indent, &format!("{first}: {}", cells.join("; ")));
    }
}

/// As wide as the longest cell; where that is too much the widest columns give way. `None` where the
/// line is too narrow for all of them.
fn widths(table: &Table, room: usize) -> Option<Vec<usize>> {
    let columns = table.head.len();
    let mut widths = vec![0; columns];
    for row in table.rows.iter().chain([&table.head]) {
        for (w, cell) in widths.iter_mut().zip(row) {
            *w = (*w).max(width(cell));
        }
    }
    let room = room.saturating_sub(GAP * columns.saturating_sub(1));
    while widths.iter().sum::<usize>() > room {
        let widest = (0..columns).max_by_key(|&k| (widths[k], columns - k));
        match widest {
            Some(k) if widths[k] > NARROW => widths[k] -= 1,
            _ => return None,
        }
    }
    Some(widths)
}

fn write_row(t: &mut Text, indent: &str, row: &[String], widths: &[usize], numeric: &[bool]) {
    let cells: Vec<Vec<String>> =
        row.iter().zip(widths).map(|(cell, &w)| wrapped(cell, w.max(1))).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    for k in 0..height {
        let line: Vec<String> = cells
            .iter()
            .zip(widths)
            .enumerate()
            .map(|(c, (lines, &w))| {
                let text = lines.get(k).map_or("", String::as_str);
                padded(text, w, numeric.get(c).copied().unwrap_or(false))
            })
            .collect();
        t.line(&format!("{indent}{}", line.join(&" ".repeat(GAP))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Sketch;
    use crate::text::COLUMNS;

    fn table() -> Block {
        Block::Table(Table::new(
            "P by day",
            &[("Day", false), ("P", true)],
            vec![vec!["1 May".into(), "5 %".into()], vec!["a day far away".into(), "15 %".into()]],
        ))
    }

    #[test]
    fn numbers_stand_right_and_words_left() {
        let d = Document {
            title: "T".into(),
            sections: vec![Section::new("a", "When", vec![table()])],
            ..Document::default()
        };
        assert_eq!(
            terminal(&d),
            "T\n\nWhen\n  P by day:\n  Day                P\n  1 May            5 %\n  a day far away  15 %\n"
        );
    }

    #[test]
    fn a_wide_table_wraps_within_the_terminal() {
        let long = "word ".repeat(40);
        let rows = vec![vec![long.clone(), long, "1".into()]];
        let wide = Table::new("", &[("A", false), ("B", false), ("N", true)], rows);
        let d = Document {
            sections: vec![Section::new("a", "A", vec![Block::Table(wide)])],
            ..Document::default()
        };
        let text = terminal(&d);
        assert!(text.lines().all(|l| width(l) <= COLUMNS), "{text}");
        assert_eq!(text.matches("word").count(), 80);
    }

    #[test]
    fn a_table_of_many_columns_is_told_row_by_row() {
        let head: Vec<(String, bool)> = (1..=9).map(|k| (format!("member {k}"), k > 1)).collect();
        let head: Vec<(&str, bool)> = head.iter().map(|h| (h.0.as_str(), h.1)).collect();
        let row: Vec<String> = (1..=9).map(|k| format!("worth {k} thousand")).collect();
        let d = Document {
            sections: vec![Section::new(
                "a",
                "A",
                vec![Block::Table(Table::new("", &head, vec![row]))],
            )],
            ..Document::default()
        };
        let text = terminal(&d);
        assert!(text.lines().all(|l| width(l) <= COLUMNS), "{text}");
        for k in 2..=9 {
            let cell = format!("member {k} worth {k} thousand");
            assert!(text.replace("\n  ", " ").contains(&cell), "{cell} in\n{text}");
        }
    }

    #[test]
    fn a_hostile_name_is_shown_and_breaks_no_line() {
        let name = format!("x\u{1b}[2J\u{202e}{} نفط", "北京".repeat(60));
        let rows = vec![vec![name.clone(), "30 (11–50)".into()]];
        let table = Block::Table(Table::new(&name, &[("Issue", false), ("P", true)], rows));
        let d = Document {
            title: name.clone(),
            facts: vec![("of".into(), name.clone())],
            sections: vec![Section::new("a", &name, vec![table, Block::List(vec![name.clone()])])],
            ..Document::default()
        };
        let text = terminal(&d);
        assert!(text.lines().all(|l| width(l) <= COLUMNS), "{text}");
        assert!(!text.contains(['\u{1b}', '\u{202e}']) && text.contains("␛[2J"), "{text}");
        assert!(text.contains("\u{2068}نفط\u{2069}"), "{text}");
    }

    #[test]
    fn a_sketch_stands_for_its_tables_where_it_says_so() {
        let sketch = Sketch { lines: vec!["▁▂▃".into()], instead_of_tables: true };
        let d = Document {
            sections: vec![Section::new("a", "A", vec![Block::Sketch(sketch), table()])],
            ..Document::default()
        };
        assert_eq!(terminal(&d), "\n\nA\n▁▂▃\n");
    }
}
