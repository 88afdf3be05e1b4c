//! `[texts]`: texts that are named, and what the question may be about.

use winset_model::case::{Issue, NamedText};
use winset_model::uncertain::Dist;

use super::read::{CaseReader, Entries, Scope};

impl CaseReader<'_> {
    /// Texts: a position on each issue they name.
    pub(super) fn texts(
        &mut self,
        entries: Entries<'_>,
        scope: &Scope,
        issues: &[Issue],
    ) -> Vec<NamedText> {
        let mut texts = Vec::new();
        for (id, at, node) in entries {
            self.id(id, at, "a text");
            let mut t = self.table(node, &format!("texts.{id}"), "texts.TEXT");
            let name = self.name(&mut t, id);
            self.why(&mut t);
            let terms = self.terms_of(&t, scope);
            // One mistake, one message: a term that was written badly is not missing as well.
            let terms_written = t.entries.iter().any(|(key, _, _)| key != "name" && key != "why");
            if !terms_written {
                let message = format!("`texts.{id}` names no issue");
                let hint = format!("write what it says, as `{}`", example(id, scope));
                self.error("missing", at, message, Some(hint)).about(format!("texts.{id}"));
            } else if terms.iter().any(Option::is_some) && self.changes_nothing(&terms, issues) {
                let message = format!("`texts.{id}` leaves every issue where it is");
                let hint = "the status quo is no deal: nobody ratifies it".to_owned();
                self.warning("status-quo", at, message, Some(hint)).about(format!("texts.{id}"));
            }
            texts.push(NamedText { id: id.clone(), name, terms });
        }
        texts
    }

    /// Whether a text leaves every issue within 1 % of the scale of `now`, without doubt.
    fn changes_nothing(
        &self,
        terms: &[Option<winset_model::case::InputId>],
        issues: &[Issue],
    ) -> bool {
        let point = |id: winset_model::case::InputId| match self.inputs[id.0].dist {
            Dist::Point(x) => Some(x),
            _ => None,
        };
        issues.iter().zip(terms).all(|(issue, term)| match term {
            None => true,
            Some(id) => {
                let apart = point(*id).zip(point(issue.now)).map(|(a, b)| (a - b).abs());
                apart.is_some_and(|d| d <= (issue.scale.1 - issue.scale.0) / 100.0)
            }
        })
    }
}

/// How a term of a text is written.
fn example(id: &str, scope: &Scope) -> String {
    let issue = scope.issues.first().map_or("issue", |i| i.0.as_str());
    format!("texts.{id}.{issue} = 50")
}
