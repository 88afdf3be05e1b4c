//! Issues whose answers have no order: what may be chosen, and what each option is worth to whom.

use winset_model::case::{InputId, IssueOption};

use super::read::{CaseReader, KeyTable, Scope};
use super::tree::{TomlNode, Value};
use crate::diagnostic::suggest;

/// The most options of an issue.
const MOST: usize = 16;

/// How options are written.
const HOW: &str =
    "`options = [\"geneva\", \"rome\"]`, or with names: `[[\"geneva\", \"Geneva\"], …]`";

/// What each option of each issue is worth; nothing on issues with a scale.
pub(super) type Worth = Vec<Vec<Option<InputId>>>;

/// The id of an option and its name, as it is written.
fn written(node: &TomlNode) -> Option<(&str, &str)> {
    match &node.value {
        Value::Text(id) => Some((id, id)),
        Value::List(pair) => match pair.as_slice() {
            [
                TomlNode { value: Value::Text(id), .. },
                TomlNode { value: Value::Text(name), .. },
            ] => Some((id, name)),
            _ => None,
        },
        _ => None,
    }
}

/// Ids of all options of a case, whatever else may be wrong with it.
pub(super) fn all(root: &TomlNode) -> Vec<String> {
    let Some(Value::Table(issues)) = root.child("issues").map(|node| &node.value) else {
        return Vec::new();
    };
    let lists = issues.iter().filter_map(|(_, _, node)| match &node.child("options")?.value {
        Value::List(items) => Some(items),
        _ => None,
    });
    lists.flatten().filter_map(|item| Some(written(item)?.0.to_owned())).collect()
}

impl CaseReader<'_> {
    /// The options of an issue; none where it has a scale.
    pub(super) fn options(&mut self, t: &mut KeyTable<'_>) -> Vec<IssueOption> {
        let Some(node) = t.get("options") else { return Vec::new() };
        let path = t.path_of("options");
        let items = match &node.value {
            Value::List(items) => items.as_slice(),
            _ => &[],
        };
        let mut found: Vec<IssueOption> = Vec::new();
        for item in items {
            let Some((id, name)) = written(item) else {
                let message = format!("`{path}`: an option is an id, or an id and a name");
                self.error("options", &item.at, message, Some(HOW.to_owned()));
                continue;
            };
            self.id(id, &item.at, "an option");
            if found.iter().any(|o| o.id == id) {
                let message = format!("`{path}` names `{id}` twice");
                self.error("options", &item.at, message, Some("each option once".to_owned()));
                continue;
            }
            found.push(IssueOption { id: id.to_owned(), name: name.to_owned() });
        }
        if !(2..=MOST).contains(&items.len()) {
            let message = format!("`{path}` is no list of 2 to {MOST} options");
            self.error("options", &node.at, message, Some(HOW.to_owned()));
        }
        for key in ["scale", "marks"] {
            if let Some(other) = t.get(key).filter(|_| t.has(key)) {
                let message = format!("`{}` beside `options`: they have no order", t.path_of(key));
                let hint = "an issue has a scale, or options: not both".to_owned();
                self.error("options", &other.at, message, Some(hint));
            }
        }
        found
    }

    /// The place of the option that is written where a position would stand; says so where it is none.
    pub(super) fn option_named(
        &mut self,
        node: &TomlNode,
        path: &str,
        options: &[String],
    ) -> Option<f64> {
        let found = match &node.value {
            Value::Text(id) => options.iter().position(|o| o == id.trim()),
            // A slider and a draw number the options.
            Value::Number(x) if x.fract() == 0.0 && *x >= 0.0 && *x < options.len() as f64 => {
                Some(*x as usize)
            }
            _ => None,
        };
        if found.is_none() {
            let word = match &node.value {
                Value::Text(id) => id.clone(),
                Value::Number(x) => x.to_string(),
                _ => node.kind().to_owned(),
            };
            let known = options.iter().map(String::as_str);
            let hint =
                suggest(&word, known).unwrap_or_else(|| format!("one of: {}", options.join(", ")));
            let message = format!("`{path}` names no option `{word}`");
            self.error("unknown-name", &node.at, message, Some(hint));
        }
        found.map(|k| k as f64)
    }

    /// Says that a position on an issue without order means nothing.
    pub(super) fn no_position(&mut self, node: &TomlNode, path: &str, issue: &str) {
        let message = format!("`{path}`: the options of `{issue}` have no order");
        let hint = format!("say what each is worth, 0–100: `worth.{issue}.OPTION = 80`");
        self.error("options", &node.at, message, Some(hint));
    }

    /// What the table `worth` says, by issue and option.
    pub(super) fn worths(&mut self, t: &mut KeyTable<'_>, scope: &Scope) -> Worth {
        let mut found: Worth = scope.options.iter().map(|o| vec![None; o.len()]).collect();
        let Some(node) = t.get("worth") else { return found };
        let ends = t.row("worth.ISSUE.OPTION").and_then(super::grammar::Key::ends);
        let own = self.table(node, &t.path_of("worth"), "");
        self.only(&own, &scope.issue_ids(), "issue");
        for (issue, _, node) in own.entries {
            let Some(j) = scope.issues.iter().position(|i| i.0 == *issue) else { continue };
            let path = own.path_of(issue);
            if scope.options[j].is_empty() {
                let message = format!("`{path}`: `{issue}` has a scale");
                let hint =
                    "a position says what is wanted there; options are for issues without order";
                self.error("options", &node.at, message, Some(hint.to_owned()));
                continue;
            }
            let by_option = self.table(node, &path, "");
            let known: Vec<&str> = scope.options[j].iter().map(String::as_str).collect();
            self.only(&by_option, &known, "option");
            for (id, _, n) in by_option.entries {
                let Some(k) = known.iter().position(|known| known == id) else { continue };
                found[j][k] =
                    self.number(n, &by_option.path_of(id), ends.unwrap_or((0.0, 100.0)), None);
            }
        }
        found
    }
}
