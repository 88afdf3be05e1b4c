//! A table of the case while it is read: which of its keys are known, and what holds for each.

use super::grammar::{self, Key};
use super::tree::{TomlNode, WrittenAt};

/// The entries of a table of the file.
pub(super) type Entries<'t> = &'t [(String, WrittenAt, TomlNode)];

/// A table being read: what is not taken from it is unknown.
pub(super) struct KeyTable<'t> {
    /// Its dotted path.
    pub(super) path: String,
    /// The same with words in capitals for ids, as in the table of keys.
    pub(super) pattern: &'static str,
    pub(super) entries: Entries<'t>,
    pub(super) known: Vec<&'static str>,
}

impl<'t> KeyTable<'t> {
    /// Where the value at a path of keys was written; `at` where there is none.
    pub(super) fn place(&self, keys: &[&str], at: &WrittenAt) -> WrittenAt {
        let Some((first, rest)) = keys.split_first() else { return at.clone() };
        let found = self.entries.iter().find(|(k, _, _)| k == first);
        found.map_or_else(|| at.clone(), |(_, _, n)| n.place(rest).clone())
    }

    /// Whether a key is written.
    pub(super) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|(k, _, _)| k == key)
    }

    /// What is written for a key.
    pub(super) fn get(&mut self, key: &'static str) -> Option<&'t TomlNode> {
        self.know(&[key]);
        self.entries.iter().find(|(k, _, _)| k == key).map(|(_, _, node)| node)
    }

    /// Makes keys known without reading them.
    pub(super) fn know(&mut self, keys: &[&'static str]) {
        for key in keys {
            if !self.known.contains(key) {
                self.known.push(key);
            }
        }
    }

    /// What holds for a key: what is written, else the default of its row.
    pub(super) fn value(&mut self, key: &'static str) -> Option<&'t TomlNode> {
        self.get(key).or_else(|| self.row(key)?.default_node())
    }

    /// The row of a key, or of the keys of a table by ids, in the table of keys.
    pub(super) fn row(&self, key: &str) -> Option<&'static Key> {
        grammar::row(self.pattern, key)
    }

    /// The two ends of the numbers a key takes.
    pub(super) fn ends(&self, key: &str) -> (f64, f64) {
        self.row(key).and_then(Key::ends).unwrap_or((f64::NEG_INFINITY, f64::INFINITY))
    }

    /// The dotted path of a key.
    pub(super) fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}
