//! `[partial]`: deals over some issues, or among some sides without the others.

use winset_model::case::PartialDeal;

use super::read::{CaseReader, Entries, KeyTable, Scope};
use super::tree::Value;
use crate::diagnostic::suggest;

impl CaseReader<'_> {
    /// The partial deals of a case.
    pub(super) fn partial(&mut self, entries: Entries<'_>, scope: &Scope) -> Vec<PartialDeal> {
        let mut found = Vec::new();
        for (id, at, node) in entries {
            self.id(id, at, "a partial deal");
            let path = format!("partial.{id}");
            if !self.is_table(node, &path) {
                continue;
            }
            let mut t = self.table(node, &path, "partial.PARTIAL");
            let name = self.name(&mut t, id);
            let issues = self.listed_ids(&mut t, "issues", "issue", &scope.issue_ids());
            let sides = self.listed_ids(&mut t, "sides", "side", &scope.side_ids());
            let keeps = self.optional_number(&mut t, "keeps");
            let relief = self.optional_number(&mut t, "relief");
            self.why(&mut t);
            self.finish(&t);
            let (Some(issues), Some(sides)) = (issues, sides) else { continue };
            if sides.len() < 2 {
                let message = format!("`{path}` is struck by fewer than two sides");
                let hint = "name two sides or more: `sides = [\"a\", \"b\"]`".to_owned();
                let at = t.place(&["sides"], at);
                self.error("partial", &at, message, Some(hint)).about(format!("{path}.sides"));
            } else if issues.len() == scope.issues.len() && sides.len() == scope.sides.len() {
                let message = format!("`{path}` leaves out no issue and no side");
                let hint =
                    "`issues` names those of an interim, `sides` those that go on".to_owned();
                self.warning("idle", at, message, Some(hint)).about(path);
            }
            found.push(PartialDeal { id: id.clone(), name, issues, sides, keeps, relief });
        }
        found
    }

    /// The places of what a list names, in rising order; all where there is none, nothing where what is
    /// wrong with it has been said.
    fn listed_ids(
        &mut self,
        t: &mut KeyTable<'_>,
        key: &'static str,
        kind: &str,
        known: &[&str],
    ) -> Option<Vec<usize>> {
        let Some(node) = t.get(key) else { return Some((0..known.len()).collect()) };
        let path = t.path_of(key);
        let items = match &node.value {
            Value::List(items) if !items.is_empty() => items.as_slice(),
            _ => {
                let message = format!("`{path}` is no list of ids");
                let hint = format!("one or more of: {}", known.join(", "));
                self.error("type", &node.at, message, Some(hint));
                return None;
            }
        };
        let mut places = Vec::new();
        for item in items {
            let id = self.text(item, &format!("an {kind} of `{path}`"))?;
            match known.iter().position(|k| *k == id) {
                Some(k) => places.push(k),
                None => {
                    let hint = suggest(&id, known.iter().copied());
                    let message = format!("`{path}` names no {kind} `{id}`");
                    self.error("unknown-name", &item.at, message, hint);
                    return None;
                }
            }
        }
        places.sort_unstable();
        places.dedup();
        Some(places)
    }
}
