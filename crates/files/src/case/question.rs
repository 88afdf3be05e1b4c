//! `[question]`: what is asked, which endings count, and what it may be about.

use winset_model::case::{Ending, Question};

use super::read::{CaseReader, Entries, KeyTable, TOP};
use super::tree::{TomlNode, Value};
use crate::diagnostic::suggest;

impl CaseReader<'_> {
    /// What is asked, and the stage and the text it is about.
    pub(super) fn question(
        &mut self,
        top: &mut KeyTable<'_>,
        stages: Entries<'_>,
        texts: Entries<'_>,
    ) -> Option<Question> {
        let Some(node) = top.get("question") else {
            self.missing(&TOP, "question", "`[question]`", "write `text`, `yes` and `by`");
            return None;
        };
        let mut t = self.table(node, "question", "question");
        let text = self.text_of(&mut t, "text").unwrap_or_default();
        let yes = self.text_of(&mut t, "yes").unwrap_or_default();
        self.required(&mut t, &node.at, "by", "the last day that counts: `by = 2025-06-30`");
        let by = self.day(&mut t, "by");
        let counts = t.value("counts").map_or_else(Vec::new, |list| self.endings(list));
        let stage = if stages.is_empty() {
            0
        } else {
            let known: Vec<&str> = stages.iter().map(|e| e.0.as_str()).collect();
            let hint = format!("the stage that counts, one of: {}", known.join(", "));
            self.required(&mut t, &node.at, "stage", &hint);
            self.named(&mut t, "stage", "stage", &known).unwrap_or(0)
        };
        let known: Vec<&str> = texts.iter().map(|e| e.0.as_str()).collect();
        let about = self.named(&mut t, "about", "text", &known);
        self.finish(&t);
        let stage_id = stages.get(stage).map(|e| e.0.clone());
        let about_id = about.map(|k| texts[k].0.clone());
        Some(Question { text, yes, by: by?, counts, stage, about, about_id, stage_id })
    }

    /// A list of endings, or one; agreement where none of them is known.
    fn endings(&mut self, list: &TomlNode) -> Vec<Ending> {
        let items = match &list.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(list),
        };
        if items.is_empty() {
            let hint = "`counts = [\"agreement\"]`, or leave it out".to_owned();
            let message =
                "`question.counts` names no ending, and nothing would be a yes".to_owned();
            self.error("ending", &list.at, message, Some(hint));
        }
        let mut counts = Vec::new();
        for item in items {
            let Some(name) = self.text(item, "an ending") else { continue };
            match Ending::ALL.iter().find(|e| e.name() == name) {
                Some(e) if !counts.contains(e) => counts.push(*e),
                Some(_) => {}
                None => {
                    let hint = suggest(&name, Ending::ALL.map(Ending::name));
                    self.error("ending", &item.at, format!("`{name}` is not an ending"), hint);
                }
            }
        }
        if counts.is_empty() {
            counts.push(Ending::Agreement);
        }
        counts
    }
}
