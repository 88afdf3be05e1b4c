//! `[together]`: inputs that move together.

use winset_model::case::{InputId, Together};
use winset_model::uncertain::Dist;

use super::read::{CaseReader, Entries};
use super::tree::{TomlNode, Value};
use crate::diagnostic::suggest;

impl CaseReader<'_> {
    /// The groups, once every input is known.
    pub(super) fn together(&mut self, entries: Entries<'_>) -> Vec<Together> {
        let mut groups = Vec::new();
        let mut taken: Vec<InputId> = Vec::new();
        for (id, at, node) in entries {
            self.id(id, at, "what moves together");
            let mut t = self.table(node, &format!("together.{id}"), "together.GROUP");
            let hint =
                "paths of inputs: `inputs = [\"actors.a.red_max.x\", \"actors.b.red_max.x\"]`";
            let listed = self.required(&mut t, at, "inputs", hint);
            let r = self.number_else(&mut t, "r", (0.0, 100.0), Some(Dist::Point(100.0)));
            self.why(&mut t);
            self.finish(&t);
            let Some(listed) = listed else { continue };
            let Value::List(items) = &listed.value else {
                let message =
                    format!("`together.{id}.inputs` is {}, a list is expected", listed.kind());
                self.error("type", &listed.at, message, Some(hint.to_owned()));
                continue;
            };
            let mut inputs = Vec::new();
            for item in items {
                if let Some((input, reversed)) = self.moving(id, item) {
                    if taken.contains(&input) {
                        let path = self.inputs[input.0].path.clone();
                        let message =
                            format!("`together.{id}`: `{path}` moves with others already");
                        let hint = "an input is in one group, once".to_owned();
                        self.error("together", &item.at, message, Some(hint));
                        continue;
                    }
                    taken.push(input);
                    inputs.push((input, reversed));
                }
            }
            let uncertain = |i: &&(InputId, bool)| !self.inputs[i.0.0].dist.is_point();
            if inputs.len() == items.len() && inputs.iter().filter(uncertain).count() < 2 {
                let message = format!("`together.{id}` names fewer than two inputs with a range");
                let hint = "a point does not move; give them ranges, or drop the group".to_owned();
                self.warning("idle", at, message, Some(hint)).about(format!("together.{id}"));
            }
            groups.push(Together { id: id.clone(), inputs, r });
        }
        groups
    }

    /// The input a path of the list names, and whether it moves the other way.
    fn moving(&mut self, id: &str, item: &TomlNode) -> Option<(InputId, bool)> {
        let written = self.text(item, &format!("an input of `together.{id}`"))?;
        let (path, reversed) = match written.strip_prefix('-') {
            Some(path) => (path.trim(), true),
            None => (written.trim(), false),
        };
        let head = path.split('.').next().unwrap_or_default();
        if matches!(head, "constants" | "clock" | "together") {
            let message = format!("`together.{id}`: `{path}` is of the model and stays on its own");
            let hint =
                "inputs of sides, actors, issues, force, promises, texts and the calendar do";
            self.error("together", &item.at, message, Some(hint.to_owned()));
            return None;
        }
        let found = self.inputs.iter().position(|i| i.path == path);
        if found.is_none() {
            let hint = suggest(path, self.inputs.iter().map(|i| i.path.as_str()));
            let message = format!("`together.{id}`: no input has the path `{path}`");
            self.error("unknown-name", &item.at, message, hint);
        }
        found.map(|k| (InputId(k), reversed))
    }
}
