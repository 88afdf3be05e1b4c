//! Issues: their scale, landmarks or options, and where they stay without a deal.

use winset_model::case::{InputId, Issue, IssueOption};
use winset_model::uncertain::Dist;

use super::read::{CaseReader, Entries, KeyTable};
use super::tree::{TomlNode, Value};

/// The scale of an issue, where it stays without a deal, and its landmarks.
type OptionScale = ((f64, f64), InputId, Vec<(f64, String)>);

impl CaseReader<'_> {
    /// What is bargained over: issues with a scale, and issues of options.
    pub(super) fn issues(&mut self, entries: Entries<'_>) -> Vec<Issue> {
        let mut issues = Vec::new();
        for (id, at, node) in entries {
            self.id(id, at, "an issue");
            let mut t = self.table(node, &format!("issues.{id}"), "issues.ISSUE");
            let name = self.name(&mut t, id);
            let options = self.options(&mut t);
            self.required(&mut t, at, "now", "where the issue stays without a deal");
            let (scale, now, marks) = if options.len() < 2 {
                let scale = self.scale(&mut t);
                let now = self.number_else(&mut t, "now", scale, None);
                (scale, now, self.marks(&mut t, scale))
            } else {
                t.know(&["scale", "marks"]);
                self.option_now(&mut t, &options)
            };
            self.why(&mut t);
            self.finish(&t);
            issues.push(Issue { id: id.clone(), name, scale, now, marks, options });
        }
        issues
    }

    /// The scale that numbers the options of an issue, the one it stays at without a deal, and their names
    /// as landmarks.
    fn option_now(&mut self, t: &mut KeyTable<'_>, options: &[IssueOption]) -> OptionScale {
        let scale = (0.0, options.len() as f64 - 1.0);
        let ids: Vec<String> = options.iter().map(|o| o.id.clone()).collect();
        let path = t.path_of("now");
        let at = t.get("now").and_then(|node| self.option_named(node, &path, &ids));
        let written = at.is_some();
        let now = self.push(path, Dist::Point(at.unwrap_or(0.0)), scale, Vec::new(), written);
        let names = options.iter().enumerate().map(|(k, o)| (k as f64, o.name.clone()));
        (scale, now, names.collect())
    }

    /// The two ends of an issue's scale.
    fn scale(&mut self, t: &mut KeyTable<'_>) -> (f64, f64) {
        let path = t.path_of("scale");
        let Some(n) = t.value("scale") else { return (0.0, 100.0) };
        let ends = match &n.value {
            Value::List(ends) => ends.as_slice(),
            _ => &[],
        };
        let wrong = match ends {
            [lo, hi] => match (&lo.value, &hi.value) {
                (Value::Number(lo), Value::Number(hi))
                    if lo < hi && lo.is_finite() && hi.is_finite() =>
                {
                    return (*lo, *hi);
                }
                _ => (
                    format!("`{path}` is upside down or not numbers"),
                    "write the lower end first: `scale = [4, 10]`",
                ),
            },
            _ => (format!("`{path}` is not a list of two numbers"), "`scale = [4, 10]`"),
        };
        self.error("scale", &n.at, wrong.0, Some(wrong.1.to_owned()));
        (0.0, 100.0)
    }

    /// The landmarks of an issue, in the order of its scale.
    fn marks(&mut self, t: &mut KeyTable<'_>, scale: (f64, f64)) -> Vec<(f64, String)> {
        let mut marks = Vec::new();
        let Some(list) = t.value("marks") else { return marks };
        let items = match &list.value {
            Value::List(items) => items.as_slice(),
            _ => std::slice::from_ref(list),
        };
        for item in items {
            let taken = |x: &f64, marks: &[(f64, String)]| marks.iter().any(|(at, _)| at == x);
            let pair = match &item.value {
                Value::List(pair) => pair.as_slice(),
                _ => &[],
            };
            match pair {
                [
                    TomlNode { value: Value::Number(x), .. },
                    TomlNode { value: Value::Text(t), .. },
                ] if (scale.0..=scale.1).contains(x) && !taken(x, &marks) => {
                    marks.push((*x, t.clone()));
                }
                [TomlNode { value: Value::Number(x), .. }, _] if taken(x, &marks) => {
                    let message = format!("{x} is a landmark twice, with two meanings");
                    let hint = "keep one of them, or put both meanings into it".to_owned();
                    self.error("marks", &item.at, message, Some(hint));
                }
                _ => {
                    let message = "a landmark is a position on the scale and what it means";
                    let hint = "`marks = [[0, \"dismantled\"], [100, \"no limits\"]]`".to_owned();
                    self.error("marks", &item.at, message.to_owned(), Some(hint));
                }
            }
        }
        marks.sort_by(|a, b| a.0.total_cmp(&b.0));
        marks
    }
}
