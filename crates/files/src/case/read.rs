//! From the tree to the case: every key is known, every string becomes a type, and everything
//! wrong is said in one pass.

use std::ops::Range;

use winset_model::case::{
    CalendarKind, Case, Day, Ending, Input, InputId, Issue, Partial, Question,
};
use winset_model::uncertain::{Dist, Stream};

use super::Hidden;
use super::number::{self, Written};
use super::tree::{At, Node, Value};
use crate::diagnostic::{Findings, suggest};
use crate::record::Record;

pub(super) const WHOLE: (f64, f64) = (0.0, 100.0);
pub(super) const NON_NEGATIVE: (f64, f64) = (0.0, f64::INFINITY);

/// What `"record"` stands for, where it may be written.
type FromRecord<'a, R> = dyn Fn(&mut R) -> Option<Dist> + 'a;

/// The same by issue.
type FromRecordOn<'a, R> = dyn Fn(&mut R, usize) -> Option<Dist> + 'a;

/// A table being read: what is not taken from it is unknown.
pub(super) struct Table<'t> {
    path: String,
    pub(super) entries: &'t [(String, At, Node)],
    known: Vec<&'static str>,
}

impl<'t> Table<'t> {
    /// Where the value at a path of keys was written; `at` where there is none.
    pub(super) fn place(&self, keys: &[&str], at: &At) -> At {
        let Some((first, rest)) = keys.split_first() else { return at.clone() };
        let found = self.entries.iter().find(|(k, _, _)| k == first);
        found.map_or_else(|| at.clone(), |(_, _, n)| n.place(rest).clone())
    }

    pub(super) fn get(&mut self, key: &'static str) -> Option<&'t Node> {
        self.known.push(key);
        self.entries.iter().find(|(k, _, _)| k == key).map(|(_, _, node)| node)
    }
}

pub(super) struct Reader<'a> {
    file: &'a str,
    findings: &'a mut Findings,
    pub(super) record: Option<&'a Record>,
    pub(super) inputs: Vec<Input>,
    pub(super) references: Vec<(String, At)>,
    /// Whether a role was misspelt: it may have been that of a leader.
    pub(super) odd_role: bool,
    as_of: Day,
    hidden: &'a Hidden,
}

/// The day a case is told from, as far as it can be said without judging the tree.
pub(super) fn day_of(root: &Node, as_of: Option<Day>, record: Option<&Record>) -> Option<Day> {
    let written = || {
        let Value::Table(top) = &root.value else { return None };
        match &top.iter().find(|(k, _, _)| k == "as_of")?.2.value {
            Value::Date(t) | Value::Text(t) => Day::parse(t),
            _ => None,
        }
    };
    as_of.or_else(written).or_else(|| record.and_then(Record::last_entered))
}

/// What is known of actors before anything refers to them.
pub(super) struct Outline {
    pub(super) issues: Vec<(String, (f64, f64))>,
    pub(super) sides: Vec<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        file: &'a str,
        findings: &'a mut Findings,
        record: Option<&'a Record>,
        hidden: &'a Hidden,
    ) -> Self {
        Self {
            hidden,
            file,
            findings,
            record,
            inputs: Vec::new(),
            references: Vec::new(),
            odd_role: false,
            as_of: Day(0),
        }
    }

    pub(super) fn error(
        &mut self,
        code: &'static str,
        at: &At,
        message: String,
        hint: Option<String>,
    ) {
        let (file, span) = self.place(at);
        self.findings.error(code, &file, span, message, hint);
    }

    /// Whether this was said before.
    pub(super) fn said(&self, message: &str) -> bool {
        self.findings.list.iter().any(|d| d.message == message)
    }

    pub(super) fn warning(
        &mut self,
        code: &'static str,
        at: &At,
        message: String,
        hint: Option<String>,
    ) {
        let (file, span) = self.place(at);
        self.findings.warning(code, &file, span, message, hint);
    }

    fn place(&self, at: &At) -> (String, Option<Range<usize>>) {
        match at {
            At::File(span) => (self.file.to_owned(), Some(span.clone())),
            At::Set(path) => (format!("--set {path}"), None),
        }
    }

    /// Whether it is a table; if not, that is said, and nothing can be missing from it.
    pub(super) fn is_table(&mut self, node: &Node, path: &str) -> bool {
        let is = matches!(node.value, Value::Table(_));
        if !is {
            self.table(node, path);
        }
        is
    }

    pub(super) fn table<'t>(&mut self, node: &'t Node, path: &str) -> Table<'t> {
        let entries = match &node.value {
            Value::Table(entries) => entries.as_slice(),
            _ => {
                let message = format!("`{path}` is {}, a table is expected", node.kind());
                let hint = format!("write `[{path}]` and its keys below, or `{{ key = value }}`");
                self.error("type", &node.at, message, Some(hint));
                &[]
            }
        };
        Table { path: path.to_owned(), entries, known: Vec::new() }
    }

    /// Reports the keys of a table that nobody asked for.
    pub(super) fn finish(&mut self, table: &Table<'_>) {
        for (key, at, _) in table.entries {
            if !table.known.contains(&key.as_str()) {
                let place = if table.path.is_empty() {
                    String::new()
                } else {
                    format!(" in `{}`", table.path)
                };
                let hint = suggest(key, table.known.iter().copied());
                self.error("unknown-key", at, format!("unknown key `{key}`{place}"), hint);
            }
        }
    }

    /// Reports the keys of a table that name none of `known`.
    pub(super) fn only(&mut self, table: &Table<'_>, known: &[&str], what: &str) {
        for (key, at, _) in table.entries {
            if !known.contains(&key.as_str()) {
                let hint = suggest(key, known.iter().copied());
                let message = format!("`{}` names no {what} `{key}`", table.path);
                self.error("unknown-name", at, message, hint);
            }
        }
    }

    pub(super) fn text(&mut self, node: Option<&Node>, what: &str) -> Option<String> {
        let node = node?;
        match &node.value {
            Value::Text(t) => Some(t.clone()),
            _ => {
                let message = format!("{what} is {}, text is expected", node.kind());
                self.error("type", &node.at, message, Some("put it in quotes".to_owned()));
                None
            }
        }
    }

    pub(super) fn flag(&mut self, node: Option<&Node>, what: &str, default: bool) -> bool {
        match node.map(|n| (&n.value, n)) {
            None => default,
            Some((Value::Bool(b), _)) => *b,
            Some((_, n)) => {
                let message = format!("{what} is {}, true or false is expected", n.kind());
                let hint = "write `true` or `false`, without quotes".to_owned();
                self.error("type", &n.at, message, Some(hint));
                default
            }
        }
    }

    pub(super) fn day(&mut self, node: Option<&Node>, what: &str) -> Option<Day> {
        let node = node?;
        let text = match &node.value {
            Value::Date(t) | Value::Text(t) => t.as_str(),
            _ => "",
        };
        let day = Day::parse(text);
        if day.is_none() {
            let message = match text {
                "" => format!("{what} is {}, a date is expected", node.kind()),
                text => format!("{what} is `{text}`, which is no date"),
            };
            self.error("date", &node.at, message, Some("write a day as 2025-04-22".to_owned()));
        }
        day
    }

    /// A required entry that is missing.
    pub(super) fn missing(&mut self, at: &At, what: &str, hint: &str) {
        self.error("missing", at, format!("{what} is missing"), Some(hint.to_owned()));
    }

    pub(super) fn push(
        &mut self,
        path: String,
        dist: Dist,
        scale: (f64, f64),
        rests_on: Vec<String>,
        written: bool,
    ) -> InputId {
        let stream = Stream::of(&path);
        self.inputs.push(Input { path, stream, dist, later: None, scale, rests_on, written });
        InputId(self.inputs.len() - 1)
    }

    /// A number of the file as an input; `record` stands for what `"record"` means here.
    pub(super) fn number(
        &mut self,
        node: &Node,
        path: &str,
        scale: (f64, f64),
        record: Option<&FromRecord<'_, Self>>,
    ) -> Option<InputId> {
        let (dist, rests_on) = match &node.value {
            Value::Number(x) if x.is_finite() => (Dist::Point(*x), Vec::new()),
            Value::Text(text) => match number::parse(text) {
                Ok(number::Number { value: Written::Dist(d), rests_on }) => (d, rests_on),
                Ok(number::Number { value: Written::Record, rests_on }) => match record {
                    Some(meaning) => (meaning(self)?, rests_on),
                    None => {
                        let message = format!("`{path}` cannot come from the record");
                        let hint = "only a member's `position` can be \"record\"".to_owned();
                        self.error("record", &node.at, message, Some(hint));
                        return None;
                    }
                },
                Err(e) => {
                    let message = format!("`{path}`: {}", e.message);
                    self.error(e.code, &node.at, message, Some(e.hint));
                    return None;
                }
            },
            _ => {
                let message = format!("`{path}` is {}, a number is expected", node.kind());
                self.error("type", &node.at, message, Some(number::HOW.to_owned()));
                return None;
            }
        };
        let (lo, hi) = dist.written_bounds();
        if lo < scale.0 || hi > scale.1 {
            let outside = if lo < scale.0 { lo } else { hi };
            let limits = match scale {
                (a, b) if b.is_infinite() => format!("from {a}"),
                (a, b) => format!("from {a} to {b}"),
            };
            self.error(
                "off-scale",
                &node.at,
                format!("`{path}`: {outside} is off the scale"),
                Some(format!("it runs {limits}")),
            );
            return None;
        }
        self.references.extend(rests_on.iter().map(|r| (r.clone(), node.at.clone())));
        Some(self.push(path.to_owned(), dist, scale, rests_on, true))
    }

    pub(super) fn number_or(
        &mut self,
        node: Option<&Node>,
        path: &str,
        scale: (f64, f64),
        default: f64,
    ) -> InputId {
        node.and_then(|n| self.number(n, path, scale, None)).unwrap_or_else(|| {
            self.push(path.to_owned(), Dist::Point(default), scale, vec![], false)
        })
    }

    fn entries<'t>(&mut self, root: &mut Table<'t>, key: &'static str) -> &'t [(String, At, Node)] {
        root.get(key).map_or(&[], |node| self.table(node, key).entries)
    }

    pub(super) fn id(&mut self, id: &str, at: &At, what: &str) {
        let mut letters = id.chars();
        let good = letters.next().is_some_and(|c| c.is_ascii_lowercase())
            && letters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if !good {
            self.error(
                "id",
                at,
                format!("`{id}` is not an id for {what}"),
                Some("lower-case letters, digits and hyphens, starting with a letter".to_owned()),
            );
        }
    }

    pub(super) fn case(mut self, root: &Node, as_of: Option<Day>) -> Option<Case> {
        let mut top = self.table(root, "");
        match top.get("winset").map(|n| (&n.value, n)) {
            Some((Value::Number(1.0), _)) => {}
            Some((_, n)) => self.error(
                "version",
                &n.at,
                "this grammar is version 1".to_owned(),
                Some("write `winset = 1`".to_owned()),
            ),
            None => {
                self.missing(&At::File(0..0), "`winset = 1`", "the first line names the grammar")
            }
        }
        let title = top.get("title");
        let title = self.text(title, "the title").unwrap_or_else(|| "Untitled".to_owned());
        let written = top.get("as_of");
        let written = self.day(written, "`as_of`");
        let last_entered = self.record.and_then(Record::last_entered);
        match as_of.or(written).or(last_entered) {
            Some(day) => self.as_of = day,
            None => self.missing(
                &At::File(0..0),
                "`as_of`",
                "a forecast is told from a day: write `as_of = 2025-04-22`",
            ),
        }
        let asked = top.place(&["question", "by"], &At::File(0..0));
        let question = top.get("question");
        let question = self.question(question);
        let issue_entries = self.entries(&mut top, "issues");
        let side_entries = self.entries(&mut top, "sides");
        let actor_entries = self.entries(&mut top, "actors");
        let issues = self.issues(issue_entries);
        let outline = Outline {
            issues: issues.iter().map(|i| (i.id.clone(), i.scale)).collect(),
            sides: side_entries.iter().map(|e| e.0.clone()).collect(),
        };
        if issues.is_empty() {
            self.missing(
                &top.place(&["issues"], &At::File(0..0)),
                "an issue",
                "write `[issues]` with at least one",
            );
        }
        if side_entries.is_empty() {
            self.missing(
                &top.place(&["sides"], &At::File(0..0)),
                "a side",
                "write `[sides.NAME]` with `ratify`",
            );
        }
        let force_entries = self.entries(&mut top, "force");
        self.unique(&[side_entries, actor_entries, force_entries]);
        let drafts = self.sides(side_entries, &outline);
        let actors = self.actors(actor_entries, &outline, &drafts);
        let start = At::File(0..0);
        let last = actor_entries.last().map_or(&start, |e| &e.1);
        let sides = self.settle_sides(drafts, &actors, last);
        let force = self.force(force_entries, &outline, &actors, &sides);
        let promise_entries = self.entries(&mut top, "promises");
        let promises = self.promises(promise_entries, &outline);
        let calendar_entries = self.entries(&mut top, "calendar");
        let calendar = self.calendar(calendar_entries);
        let (as_of, hidden) = (self.as_of, &self.hidden.calendar);
        let calendar: Vec<_> =
            calendar.into_iter().filter(|e| e.known <= as_of && !hidden.contains(&e.id)).collect();
        let mediated =
            calendar.iter().any(|e| matches!(e.kind, CalendarKind::Start { mediated: true }));
        let constants = top.get("constants");
        let constants = self.constants(constants, mediated);
        let model = top.get("model");
        let switches = self.switches(model);
        let note_entries = self.entries(&mut top, "notes");
        let notes = self.notes(note_entries);
        self.finish(&top);
        self.check_references(&notes);
        let question = question?;
        if question.by < self.as_of {
            self.error(
                "question-past",
                &asked,
                format!(
                    "the question ends on {}, before the day it is told from, {}",
                    question.by, self.as_of
                ),
                Some("set a later `question.by`, or an earlier `as_of`".to_owned()),
            );
        } else if question.by.since(self.as_of) > constants.horizon {
            self.error(
                "beyond-horizon",
                &asked,
                format!(
                    "the question ends {} days ahead, beyond the horizon of {} days",
                    question.by.since(self.as_of),
                    constants.horizon
                ),
                Some("raise constants.horizon".to_owned()),
            );
        }
        if self.findings.failed() {
            return None;
        }
        Some(Case {
            title,
            as_of,
            question,
            issues,
            sides,
            actors,
            force,
            promises,
            calendar,
            constants,
            switches,
            inputs: self.inputs,
            notes,
        })
    }

    fn question(&mut self, node: Option<&Node>) -> Option<Question> {
        let Some(node) = node else {
            self.missing(&At::File(0..0), "`[question]`", "write `text`, `yes` and `by`");
            return None;
        };
        let mut t = self.table(node, "question");
        let text = t.get("text");
        let text = self.text(text, "`question.text`").unwrap_or_default();
        let yes = t.get("yes");
        let yes = self.text(yes, "`question.yes`").unwrap_or_default();
        let by_node = t.get("by");
        if by_node.is_none() {
            self.missing(&node.at, "`question.by`", "the last day that counts: `by = 2025-06-30`");
        }
        let by = self.day(by_node, "`question.by`");
        let mut counts = Vec::new();
        if let Some(list) = t.get("counts") {
            let items = match &list.value {
                Value::List(items) => items.clone(),
                _ => vec![list.clone()],
            };
            for item in items {
                let Some(name) = self.text(Some(&item), "an ending") else { continue };
                match Ending::ALL.iter().find(|e| e.name() == name) {
                    Some(e) if !counts.contains(e) => counts.push(*e),
                    Some(_) => {}
                    None => {
                        let hint = suggest(&name, Ending::ALL.map(Ending::name));
                        self.error("ending", &item.at, format!("`{name}` is not an ending"), hint);
                    }
                }
            }
        }
        if counts.is_empty() {
            counts.push(Ending::Agreement);
        }
        self.finish(&t);
        Some(Question { text, yes, by: by?, counts })
    }

    fn issues(&mut self, entries: &[(String, At, Node)]) -> Vec<Issue> {
        let mut issues = Vec::new();
        for (id, at, node) in entries {
            self.id(id, at, "an issue");
            let path = format!("issues.{id}");
            let mut t = self.table(node, &path);
            let name = t.get("name");
            let name = self.text(name, "`name`").unwrap_or_else(|| id.clone());
            let scale = match t.get("scale") {
                None => WHOLE,
                Some(n) => match &n.value {
                    Value::List(ends) if ends.len() == 2 => {
                        let end = |k: usize| match ends[k].value {
                            Value::Number(x) => x,
                            _ => f64::NAN,
                        };
                        let (lo, hi) = (end(0), end(1));
                        if lo < hi && lo.is_finite() && hi.is_finite() {
                            (lo, hi)
                        } else {
                            self.error(
                                "scale",
                                &n.at,
                                format!("`{path}.scale` is upside down or not numbers"),
                                Some("write the lower end first: `scale = [4, 10]`".to_owned()),
                            );
                            WHOLE
                        }
                    }
                    _ => {
                        let message = format!("`{path}.scale` is not a list of two numbers");
                        self.error("scale", &n.at, message, Some("`scale = [4, 10]`".to_owned()));
                        WHOLE
                    }
                },
            };
            let now = t.get("now");
            if now.is_none() {
                self.missing(at, &format!("`{path}.now`"), "where the issue stays without a deal");
            }
            let now = self.number_or(now, &format!("{path}.now"), scale, scale.0);
            let mut marks = Vec::new();
            if let Some(list) = t.get("marks") {
                if let Value::List(items) = &list.value {
                    for item in items {
                        match &item.value {
                            Value::List(pair) => match pair.as_slice() {
                                [
                                    Node { value: Value::Number(x), .. },
                                    Node { value: Value::Text(t), .. },
                                ] if (scale.0..=scale.1).contains(x) => {
                                    marks.push((*x, t.clone()));
                                }
                                _ => self.mark(item),
                            },
                            _ => self.mark(item),
                        }
                    }
                } else {
                    self.mark(list);
                }
            }
            marks.sort_by(|a, b| a.0.total_cmp(&b.0));
            self.why(&mut t);
            self.finish(&t);
            issues.push(Issue { id: id.clone(), name, scale, now, marks });
        }
        issues
    }

    fn mark(&mut self, item: &Node) {
        self.error(
            "marks",
            &item.at,
            "a landmark is a position on the scale and what it means".to_owned(),
            Some("`marks = [[0, \"dismantled\"], [100, \"no limits\"]]`".to_owned()),
        );
    }

    /// `why`: text for people, with references.
    pub(super) fn why(&mut self, t: &mut Table<'_>) {
        let node = t.get("why");
        if let (Some(node), Some(text)) = (node, self.text(node, "`why`")) {
            let references = text.split_whitespace().filter_map(|w| w.strip_prefix('@'));
            let at = &node.at;
            self.references.extend(references.map(|r| (r.to_owned(), at.clone())));
        }
    }

    fn unique(&mut self, groups: &[&[(String, At, Node)]]) {
        let mut seen: Vec<&str> = Vec::new();
        for (id, at, _) in groups.iter().flat_map(|g| g.iter()) {
            if seen.contains(&id.as_str()) {
                self.error(
                    "duplicate-id",
                    at,
                    format!("the id `{id}` is used twice"),
                    Some("ids are unique across sides, actors and force".to_owned()),
                );
            }
            seen.push(id);
        }
    }

    /// A table of numbers by issue.
    pub(super) fn by_issue(
        &mut self,
        node: Option<&Node>,
        path: &str,
        outline: &Outline,
        scale: &dyn Fn(usize) -> (f64, f64),
        record: Option<&FromRecordOn<'_, Self>>,
    ) -> Partial {
        let mut found = vec![None; outline.issues.len()];
        let Some(node) = node else { return found };
        let t = self.table(node, path);
        let known: Vec<&str> = outline.issues.iter().map(|i| i.0.as_str()).collect();
        self.only(&t, &known, "issue");
        let required = path.ends_with(".position") || path.ends_with(".salience");
        for (id, _, n) in t.entries {
            if let Some(j) = outline.issues.iter().position(|i| i.0 == *id) {
                let path = format!("{path}.{id}");
                let meaning = record.map(|f| move |r: &mut Self| f(r, j));
                let meaning = meaning.as_ref().map(|f| f as &FromRecord<'_, Self>);
                found[j] = self.number(n, &path, scale(j), meaning);
                if found[j].is_none() && required {
                    // One mistake, one message: what was written badly is not missing as well.
                    let (lo, hi) = scale(j);
                    let middle = Dist::Point(0.5 * (lo + hi));
                    found[j] = Some(self.push(path, middle, (lo, hi), Vec::new(), false));
                }
            }
        }
        found
    }
}
