//! A TOML document as a tree with spans, and overrides laid over it.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Findings, Source};

/// Where a node was written: bytes of the case file, or an override on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WrittenAt {
    File(Range<usize>),
    Set(String),
}

/// A value with its place.
#[derive(Clone, Debug)]
pub(crate) struct TomlNode {
    pub(crate) at: WrittenAt,
    pub(crate) value: Value,
}

/// What a node holds.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(String),
    Number(f64),
    Bool(bool),
    Date(String),
    List(Vec<TomlNode>),
    Table(Vec<(String, WrittenAt, TomlNode)>),
}

impl TomlNode {
    pub(crate) fn empty_table(at: WrittenAt) -> Self {
        Self { at, value: Value::Table(Vec::new()) }
    }

    /// Where the value at a path of keys below this node was written, as far down as it exists.
    pub(crate) fn place(&self, keys: &[&str]) -> &WrittenAt {
        let (Value::Table(entries), Some((key, rest))) = (&self.value, keys.split_first()) else {
            return &self.at;
        };
        entries.iter().find(|(k, _, _)| k == key).map_or(&self.at, |(_, _, n)| n.place(rest))
    }

    /// The dotted path of the key or value below this node that was written at a place; `None` where
    /// nothing was.
    pub(crate) fn path_to(&self, place: &WrittenAt) -> Option<String> {
        let Value::Table(entries) = &self.value else { return None };
        entries.iter().find_map(|(key, at, node)| match at == place || node.at == *place {
            true => Some(key.clone()),
            false if node.holds(place) => Some(key.clone()),
            false => node.path_to(place).map(|below| format!("{key}.{below}")),
        })
    }

    /// Whether an item of the list was written at a place.
    fn holds(&self, place: &WrittenAt) -> bool {
        let Value::List(items) = &self.value else { return false };
        items.iter().any(|item| item.at == *place || item.holds(place))
    }

    /// The value under a key of the table.
    pub(crate) fn child(&self, key: &str) -> Option<&Self> {
        let Value::Table(entries) = &self.value else { return None };
        entries.iter().find(|(k, _, _)| k == key).map(|(_, _, node)| node)
    }

    /// Shows every text at and below this node, in the order of the file.
    pub(crate) fn texts<'a>(&'a self, see: &mut dyn FnMut(&'a str)) {
        match &self.value {
            Value::Text(text) => see(text),
            Value::List(items) => items.iter().for_each(|node| node.texts(see)),
            Value::Table(entries) => entries.iter().for_each(|(_, _, node)| node.texts(see)),
            Value::Number(_) | Value::Bool(_) | Value::Date(_) => {}
        }
    }

    /// Whether the table holds text that starts with a word under a key.
    pub(crate) fn says(&self, key: &str, word: &str) -> bool {
        let Value::Table(entries) = &self.value else { return false };
        entries.iter().any(|(k, _, node)| {
            let text = match &node.value {
                Value::Text(text) => text.as_str(),
                _ => "",
            };
            k == key && text.split_whitespace().next() == Some(word)
        })
    }

    /// What kind of value it is, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self.value {
            Value::Text(_) => "text",
            Value::Number(x) if !x.is_finite() => "not finite",
            Value::Number(_) => "a number",
            Value::Bool(_) => "true or false",
            Value::Date(_) => "a date",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

/// Paths longer than this are refused: no key lies so deep.
const DEEPEST: usize = 16;

type Entries = Vec<(String, WrittenAt, TomlNode)>;

/// Puts a node at a path of keys, making the tables on the way.
pub(super) fn assign(entries: &mut Entries, keys: &[&str], node: TomlNode) {
    let Some((key, rest)) = keys.split_first() else { return };
    let at = node.at.clone();
    let k = entries.iter().position(|(k, _, _)| k == key).unwrap_or_else(|| {
        entries.push(((*key).to_owned(), at.clone(), TomlNode::empty_table(at)));
        entries.len() - 1
    });
    let child = &mut entries[k].2;
    if rest.is_empty() {
        *child = node;
        return;
    }
    match &mut child.value {
        Value::Table(inner) => assign(inner, rest, node),
        other => {
            let mut inner = Entries::new();
            assign(&mut inner, rest, node);
            *other = Value::Table(inner);
        }
    }
}

/// Parses a case file.
pub(crate) fn parse(source: &Source, findings: &mut Findings) -> Option<TomlNode> {
    match DeTable::parse(&source.text) {
        Ok(table) => Some(convert_table(table.span(), table.get_ref())),
        Err(error) => {
            findings.error(
                "syntax",
                &source.name,
                error.span(),
                match error.message().trim_end_matches('.') {
                    "recursion limit" => "the keys are nested too deeply".to_owned(),
                    message => message.to_owned(),
                },
                Some("a case is TOML; see https://toml.io for its grammar".to_owned()),
            );
            None
        }
    }
}

fn convert_table(span: Range<usize>, table: &DeTable<'_>) -> TomlNode {
    let mut entries: Vec<(String, WrittenAt, TomlNode)> = table
        .iter()
        .map(|(key, value)| {
            let node = convert(value.span(), value.get_ref());
            (key.get_ref().to_string(), WrittenAt::File(key.span()), node)
        })
        .collect();
    // In the order of the file, whatever the parser's map does.
    entries.sort_by_key(|(_, at, _)| match at {
        WrittenAt::File(span) => span.start,
        WrittenAt::Set(_) => usize::MAX,
    });
    TomlNode { at: WrittenAt::File(span), value: Value::Table(entries) }
}

fn convert(span: Range<usize>, value: &DeValue<'_>) -> TomlNode {
    let value = match value {
        DeValue::String(s) => Value::Text(s.to_string()),
        DeValue::Integer(i) => {
            let digits = i.as_str().replace('_', "");
            Value::Number(i64::from_str_radix(&digits, i.radix()).map_or(f64::NAN, |v| v as f64))
        }
        DeValue::Float(f) => Value::Number(f.as_str().replace('_', "").parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(b) => Value::Bool(*b),
        DeValue::Datetime(d) => Value::Date(d.to_string()),
        DeValue::Array(items) => {
            Value::List(items.iter().map(|v| convert(v.span(), v.get_ref())).collect())
        }
        DeValue::Table(table) => return convert_table(span, table),
    };
    TomlNode { at: WrittenAt::File(span), value }
}

/// Lays `PATH=VALUE` over the tree. The value is read as TOML where that succeeds (`12`, `true`,
/// `2025-06-30`), else as text (`10..20`).
pub(crate) fn set(root: &mut TomlNode, assignment: &str, findings: &mut Findings) {
    let Some((path, value)) = assignment.split_once('=') else {
        findings.error(
            "set",
            "--set",
            None,
            format!("`{assignment}` is not PATH=VALUE"),
            Some("for example --set sides.us.discount=5..10..30".to_owned()),
        );
        return;
    };
    let (path, value) = (path.trim(), value.trim());
    let at = WrittenAt::Set(path.to_owned());
    if path.is_empty() || path.split('.').any(str::is_empty) {
        findings.error(
            "set",
            "--set",
            None,
            format!("`{path}` is not a dotted path"),
            Some("for example --set sides.us.discount=5..10..30".to_owned()),
        );
        return;
    }
    let keys: Vec<&str> = path.split('.').collect();
    if keys.len() > DEEPEST {
        let message = format!("a path of {} keys leads nowhere", keys.len());
        let hint = "the longest has four: actors.trump.red_max.enrichment".to_owned();
        findings.error("set", "--set", None, message, Some(hint));
        return;
    }
    let value = self::value(value);
    if let Value::Table(entries) = &mut root.value {
        assign(entries, &keys, relocate(TomlNode { at: at.clone(), value }, &at));
    }
}

/// A value as TOML where the text is that (`12`, `true`, `2025-06-30`), else as text (`10..20`).
pub(super) fn value(text: &str) -> Value {
    let document = format!("v = {text}");
    let parsed = DeTable::parse(&document).ok().and_then(|t| {
        let node = convert_table(0..0, t.get_ref());
        match node.value {
            Value::Table(mut entries) if entries.len() == 1 => Some(entries.remove(0).2.value),
            _ => None,
        }
    });
    parsed.unwrap_or_else(|| Value::Text(text.to_owned()))
}

fn relocate(node: TomlNode, at: &WrittenAt) -> TomlNode {
    let value = match node.value {
        Value::List(items) => Value::List(items.into_iter().map(|n| relocate(n, at)).collect()),
        Value::Table(entries) => Value::Table(
            entries.into_iter().map(|(k, _, n)| (k, at.clone(), relocate(n, at))).collect(),
        ),
        other => other,
    };
    TomlNode { at: at.clone(), value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_finite_is_not_called_a_number() {
        let at = || WrittenAt::Set(String::new());
        let kind = |x: f64| TomlNode { at: at(), value: Value::Number(x) }.kind();
        assert_eq!(
            [1.0, f64::NAN, f64::INFINITY].map(kind),
            ["a number", "not finite", "not finite"]
        );
    }
}
