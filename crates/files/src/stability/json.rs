//! JSON as a tree with spans: its grammar is checked by serde, and the places are found in a second walk.

use std::ops::Range;

use crate::case::tree::{TomlNode, Value, WrittenAt};
use crate::diagnostic::{Findings, Source};

/// Parses a text.
pub(super) fn parse(source: &Source, findings: &mut Findings) -> Option<TomlNode> {
    let text = source.text.trim_start_matches('\u{feff}');
    let skipped = source.text.len() - text.len();
    if let Err(error) = serde_json::from_str::<serde_json::Value>(text) {
        let start: usize =
            text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let mut at = skipped + (start + error.column().saturating_sub(1)).min(text.len());
        while !source.text.is_char_boundary(at) {
            at -= 1;
        }
        let said = error.to_string();
        let said = said.split(" at line ").next().unwrap_or_default().to_owned();
        let hint = "the file is read as JSON; see https://www.json.org for its grammar".to_owned();
        findings.error("syntax", &source.name, Some(at..at), said, hint);
        return None;
    }
    Some(Walk { text: &source.text, at: skipped }.value())
}

/// A walk through what is known to be JSON.
struct Walk<'a> {
    text: &'a str,
    at: usize,
}

impl Walk<'_> {
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn space(&mut self) {
        while self.peek().is_ascii_whitespace() {
            self.at += 1;
        }
    }

    fn skip(&mut self, byte: u8) -> bool {
        self.space();
        let there = self.peek() == byte;
        self.at += usize::from(there);
        there
    }

    fn value(&mut self) -> TomlNode {
        self.space();
        let start = self.at;
        let value = match self.peek() {
            b'{' => self.table(),
            b'[' => self.list(),
            b'"' => Value::Text(self.string()),
            _ => self.word(),
        };
        TomlNode { at: place(start..self.at), value }
    }

    fn table(&mut self) -> Value {
        self.at += 1;
        let mut entries = Vec::new();
        while !self.skip(b'}') && self.at < self.text.len() {
            self.space();
            let start = self.at;
            let key = self.string();
            let at = place(start..self.at);
            self.skip(b':');
            entries.push((key, at, self.value()));
            self.skip(b',');
        }
        Value::Table(entries)
    }

    fn list(&mut self) -> Value {
        self.at += 1;
        let mut items = Vec::new();
        while !self.skip(b']') && self.at < self.text.len() {
            items.push(self.value());
            self.skip(b',');
        }
        Value::List(items)
    }

    fn string(&mut self) -> String {
        let start = self.at;
        self.at += 1;
        while self.at < self.text.len() && self.peek() != b'"' {
            self.at += if self.peek() == b'\\' { 2 } else { 1 };
        }
        self.at = (self.at + 1).min(self.text.len());
        self.text.get(start..self.at).and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default()
    }

    fn word(&mut self) -> Value {
        let start = self.at;
        while !matches!(self.peek(), 0 | b',' | b']' | b'}') && !self.peek().is_ascii_whitespace() {
            self.at += 1;
        }
        // What is neither is passed over, but never stood still at.
        self.at = self.at.max(start + 1).min(self.text.len());
        match self.text.get(start..self.at).unwrap_or_default() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Table(Vec::new()),
            number => Value::Number(number.parse().unwrap_or(f64::NAN)),
        }
    }
}

fn place(span: Range<usize>) -> WrittenAt {
    WrittenAt::File(span)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Option<TomlNode>, Findings) {
        let mut findings = Findings::default();
        let source = Source { name: "m.json".to_owned(), text: text.to_owned() };
        (parse(&source, &mut findings), findings)
    }

    #[test]
    fn values_stand_where_they_were_written() {
        let text = "{\"a\": [1, -2.5e1, \"x\\\"é\"],\n \"b\": {\"c\": null, \"d\": true}}";
        let root = read(text).0.unwrap();
        let Value::List(items) = &root.child("a").unwrap().value else { panic!("{root:?}") };
        assert!(matches!(&items[1].value, Value::Number(x) if *x == -25.0));
        assert!(matches!(&items[2].value, Value::Text(t) if t == "x\"é"));
        let WrittenAt::File(span) = &items[1].at else { panic!() };
        assert_eq!(&text[span.clone()], "-2.5e1");
        assert!(matches!(root.child("b").unwrap().child("d").unwrap().value, Value::Bool(true)));
    }

    #[test]
    fn what_is_no_json_is_said_at_its_place() {
        let (root, findings) = read("{\n \"a\": 1,\n}");
        assert!(root.is_none());
        let source = Source { name: String::new(), text: "{\n \"a\": 1,\n}".to_owned() };
        let at = findings.list[0].span.clone().unwrap().start;
        assert_eq!(source.position(at).0, 3);
    }
}
