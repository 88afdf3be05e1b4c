//! From the tree to the case: every key is known, every string becomes a type, and everything
//! wrong is said in one pass, with the key it is about.

use std::collections::BTreeSet;
use std::ops::Range;

use winset_model::belief::readings::{FitCache, RecordedLine};
use winset_model::case::{Actor, Case, CaseClock, Constants, Day, Input, InputId, Question, Role};
use winset_model::record::Record;
use winset_model::support;
use winset_model::uncertain::{Dist, Points, Stream};

use super::Hidden;
use super::grammar::Key;
use super::habits::Habits;
use super::number::{self, NumberText, NumberValue};
pub(super) use super::table::{Entries, KeyTable};
use super::tree::{TomlNode, Value, WrittenAt};
use crate::diagnostic::{Diagnostic, Findings, MOST_LISTED, Source, suggest};

/// What `"record"` stands for, where it may be written.
type FromRecord<'a, R> = dyn Fn(&mut R) -> Option<Dist> + 'a;

/// The same for one of several ids, by its place.
type FromRecordById<'a, R> = dyn Fn(&mut R, usize) -> Option<Dist> + 'a;

/// The beginning of the file: where what is missing from the whole of it would stand.
pub(super) const TOP: WrittenAt = WrittenAt::File(0..0);

/// What a case is read beside.
#[derive(Clone, Copy)]
pub(super) struct Beside<'a> {
    pub(super) record: Option<&'a Record>,
    pub(super) hidden: &'a Hidden,
    /// Tables of past cases, by the names they are named by.
    pub(super) tables: &'a [(String, Source)],
    /// The day on which `[since]` last moved the structure.
    pub(super) moved: Option<Day>,
}

/// Reads one tree as a case.
pub(super) struct CaseReader<'a> {
    file: &'a str,
    root: &'a TomlNode,
    pub(super) findings: &'a mut Findings,
    pub(super) record: Option<&'a Record>,
    pub(super) inputs: Vec<Input>,
    pub(super) references: Vec<(String, WrittenAt)>,
    /// Red lines that come from the record.
    pub(super) lines: Vec<RecordedLine>,
    /// Whether a role was misspelt: it may have been that of a leader.
    pub(super) odd_role: bool,
    /// Sides that care for no issue: that is said once, not again for each of their members.
    pub(super) indifferent: Vec<String>,
    pub(super) as_of: Day,
    /// The day the case itself is told from, where that is the day asked.
    pub(super) written_day: Option<Day>,
    /// The day the case itself is told from, whatever day is asked for.
    pub(super) own_day: Option<Day>,
    pub(super) beside: Beside<'a>,
}

/// The day a case is told from, as far as it can be said without judging the tree.
pub(super) fn day_of(root: &TomlNode, as_of: Option<Day>, record: Option<&Record>) -> Option<Day> {
    let written = || match &root.child("as_of")?.value {
        Value::Date(t) | Value::Text(t) => Day::parse(t),
        _ => None,
    };
    as_of.or_else(written).or_else(|| record.and_then(Record::last_entered))
}

/// The ids that parts of a case refer to, with the scales of issues.
pub(super) struct Scope {
    pub(super) issues: Vec<(String, (f64, f64))>,
    /// The options of each issue; none where it has a scale.
    pub(super) options: Vec<Vec<String>>,
    /// Where each issue stays without a deal.
    pub(super) now: Vec<InputId>,
    pub(super) sides: Vec<String>,
    pub(super) stages: Vec<String>,
}

impl Scope {
    /// The ids of the issues.
    pub(super) fn issue_ids(&self) -> Vec<&str> {
        self.issues.iter().map(|i| i.0.as_str()).collect()
    }

    /// The ids of the sides.
    pub(super) fn side_ids(&self) -> Vec<&str> {
        self.sides.iter().map(String::as_str).collect()
    }
}

impl<'a> CaseReader<'a> {
    pub(super) fn new(
        file: &'a str,
        root: &'a TomlNode,
        findings: &'a mut Findings,
        beside: Beside<'a>,
    ) -> Self {
        let record = beside.record;
        Self {
            file,
            root,
            findings,
            record,
            inputs: Vec::new(),
            references: Vec::new(),
            lines: Vec::new(),
            odd_role: false,
            indifferent: Vec::new(),
            as_of: Day(0),
            written_day: None,
            own_day: None,
            beside,
        }
    }

    /// Whether one more finding is one of those that are listed: what else is said of the others nobody
    /// reads, and to find it in a large file would take as long as the file is.
    fn listed(&self) -> bool {
        self.findings.list.len() < MOST_LISTED
    }

    pub(super) fn error(
        &mut self,
        code: &'static str,
        at: &WrittenAt,
        message: String,
        hint: Option<String>,
    ) -> &mut Diagnostic {
        let (file, span) = self.place(at);
        let field = self.listed().then(|| self.field(at)).flatten();
        let error = self.findings.error(code, &file, span, message, hint);
        error.field = field;
        error
    }

    pub(super) fn warning(
        &mut self,
        code: &'static str,
        at: &WrittenAt,
        message: String,
        hint: Option<String>,
    ) -> &mut Diagnostic {
        let (file, span) = self.place(at);
        let field = self.listed().then(|| self.field(at)).flatten();
        let warning = self.findings.warning(code, &file, span, message, hint);
        warning.field = field;
        warning
    }

    fn place(&self, at: &WrittenAt) -> (String, Option<Range<usize>>) {
        match at {
            WrittenAt::File(span) => (self.file.to_owned(), Some(span.clone())),
            WrittenAt::Set(path) => (format!("--set {path}"), None),
        }
    }

    /// The dotted path of what was written at a place.
    fn field(&self, at: &WrittenAt) -> Option<String> {
        match at {
            WrittenAt::File(_) => self.root.path_to(at),
            WrittenAt::Set(path) => Some(path.clone()),
        }
    }

    /// The name of the file.
    pub(super) fn file(&self) -> &'a str {
        self.file
    }

    /// The tree.
    pub(super) fn root(&self) -> &'a TomlNode {
        self.root
    }

    /// Whether it is a table; if not, that is said, and nothing can be missing from it.
    pub(super) fn is_table(&mut self, node: &TomlNode, path: &str) -> bool {
        let is = matches!(node.value, Value::Table(_));
        if !is {
            self.table(node, path, "");
        }
        is
    }

    /// The table at a path, whose keys are those of a pattern of the table of keys.
    pub(super) fn table<'t>(
        &mut self,
        node: &'t TomlNode,
        path: &str,
        pattern: &'static str,
    ) -> KeyTable<'t> {
        let entries = match &node.value {
            Value::Table(entries) => entries.as_slice(),
            _ => {
                let message = format!("`{path}` is {}, a table is expected", node.kind());
                let hint = format!("write `[{path}]` and its keys below, or `{{ key = value }}`");
                self.error("type", &node.at, message, Some(hint));
                &[]
            }
        };
        KeyTable { path: path.to_owned(), pattern, entries, known: Vec::new() }
    }

    /// Warns of a key that is written and read by nothing.
    pub(super) fn idle(&mut self, t: &KeyTable<'_>, key: &str, why: &str, hint: &str) {
        if t.has(key) {
            let (path, at) = (t.path_of(key), t.place(&[key], &TOP));
            let message = format!("`{path}` {why}");
            self.warning("idle", &at, message, Some(hint.to_owned())).about(path);
        }
    }

    /// Reports the keys of a table that nobody asked for.
    pub(super) fn finish(&mut self, table: &KeyTable<'_>) {
        for (key, at, _) in table.entries {
            if !table.known.contains(&key.as_str()) {
                let place = match table.path.as_str() {
                    "" => String::new(),
                    path => format!(" in `{path}`"),
                };
                let near = || suggest(key, table.known.iter().copied());
                let hint = self.listed().then(near).flatten();
                self.error("unknown-key", at, format!("unknown key `{key}`{place}"), hint);
            }
        }
    }

    /// Reports the keys of a table that name none of `known`.
    pub(super) fn only(&mut self, table: &KeyTable<'_>, known: &[&str], what: &str) {
        for (key, at, _) in table.entries {
            if !known.contains(&key.as_str()) {
                let hint = suggest(key, known.iter().copied());
                let message = format!("`{}` names no {what} `{key}`", table.path);
                self.error("unknown-name", at, message, hint);
            }
        }
    }

    /// A text; `what` names it in a message.
    pub(super) fn text(&mut self, node: &TomlNode, what: &str) -> Option<String> {
        let Value::Text(text) = &node.value else {
            let message = format!("{what} is {}, text is expected", node.kind());
            self.error("type", &node.at, message, Some("put it in quotes".to_owned()));
            return None;
        };
        Some(text.clone())
    }

    /// The text of a key, or of its default where it is not written.
    pub(super) fn text_of(&mut self, t: &mut KeyTable<'_>, key: &'static str) -> Option<String> {
        let what = format!("`{}`", t.path_of(key));
        self.text(t.value(key)?, &what)
    }

    /// The name people read: the id where none is written.
    pub(super) fn name(&mut self, t: &mut KeyTable<'_>, id: &str) -> String {
        self.text_of(t, "name").unwrap_or_else(|| id.to_owned())
    }

    /// Whether a key is true; as its default where it is not written, or is no flag.
    pub(super) fn flag(&mut self, t: &mut KeyTable<'_>, key: &'static str) -> bool {
        let default = t.row(key).and_then(Key::default_node);
        let default = default.is_some_and(|n| matches!(n.value, Value::Bool(true)));
        match t.get(key) {
            None => default,
            Some(TomlNode { value: Value::Bool(flag), .. }) => *flag,
            Some(n) => {
                let message =
                    format!("`{}` is {}, true or false is expected", t.path_of(key), n.kind());
                let hint = "write `true` or `false`, without quotes".to_owned();
                self.error("type", &n.at, message, Some(hint));
                default
            }
        }
    }

    /// The day of a key.
    pub(super) fn day(&mut self, t: &mut KeyTable<'_>, key: &'static str) -> Option<Day> {
        let node = t.get(key)?;
        let text = match &node.value {
            Value::Date(t) | Value::Text(t) => t.as_str(),
            _ => "",
        };
        let day = Day::parse(text);
        if day.is_none() {
            let path = t.path_of(key);
            let message = match text {
                "" => format!("`{path}` is {}, a date is expected", node.kind()),
                text => format!("`{path}` is `{text}`, which is no date"),
            };
            self.error("date", &node.at, message, Some("write a day as 2025-04-22".to_owned()));
        }
        day
    }

    /// Says that what is required at a path is missing.
    pub(super) fn missing(&mut self, at: &WrittenAt, path: &str, what: &str, hint: &str) {
        let message = format!("{what} is missing");
        self.error("missing", at, message, Some(hint.to_owned())).about(path);
    }

    /// What is written for a key that is required; `at` is where it is missed.
    pub(super) fn required<'t>(
        &mut self,
        t: &mut KeyTable<'t>,
        at: &WrittenAt,
        key: &'static str,
        hint: &str,
    ) -> Option<&'t TomlNode> {
        let node = t.get(key);
        if node.is_none() {
            let path = t.path_of(key);
            self.missing(at, &path, &format!("`{path}`"), hint);
        }
        node
    }

    /// The index of what a key names among `known`, which are of a kind.
    pub(super) fn named(
        &mut self,
        t: &mut KeyTable<'_>,
        key: &'static str,
        kind: &str,
        known: &[&str],
    ) -> Option<usize> {
        let node = t.get(key)?;
        let word = self.text_of(t, key)?;
        let found = known.iter().position(|k| *k == word);
        if found.is_none() {
            let hint = suggest(&word, known.iter().copied());
            let message = format!("`{}` names no {kind} `{word}`", t.path_of(key));
            self.error("unknown-name", &node.at, message, hint);
        }
        found
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
        self.inputs.push(Input {
            path,
            stream,
            dist,
            later: None,
            scale,
            rests_on,
            evidence: Vec::new(),
            why: false,
            written,
            redundant: false,
        });
        InputId(self.inputs.len() - 1)
    }

    /// A number of the file as an input; `record` stands for what `"record"` means here.
    pub(super) fn number(
        &mut self,
        node: &TomlNode,
        path: &str,
        scale: (f64, f64),
        record: Option<&FromRecord<'_, Self>>,
    ) -> Option<InputId> {
        let NumberText { value, rests_on } = self.number_text(node, path)?;
        let dist = match (value, record) {
            (NumberValue::Dist(dist), _) => dist,
            (NumberValue::Record, Some(meaning)) => meaning(self)?,
            (NumberValue::Record, None) => {
                let message = format!("`{path}` cannot come from the record");
                let hint =
                    "a member's `position`, `red_min` and `red_max` can be \"record\"".to_owned();
                self.error("record", &node.at, message, Some(hint));
                return None;
            }
        };
        if matches!(dist, Dist::Beta(..)) && scale.1.is_infinite() {
            let message =
                format!("`{path}`: a beta spreads over the whole scale, and this one has no end");
            let hint = "write a range, or `gamma(shape, rate)`".to_owned();
            self.error("off-scale", &node.at, message, Some(hint));
            return None;
        }
        let (lo, hi) = dist.written_bounds();
        if lo < scale.0 || hi > scale.1 {
            let outside = if lo < scale.0 { lo } else { hi };
            let limits = match scale {
                (a, b) if b.is_infinite() => format!("from {a}"),
                (a, b) => format!("from {a} to {b}"),
            };
            let message = format!("`{path}`: {outside} is off the scale");
            self.error("off-scale", &node.at, message, Some(format!("it runs {limits}")));
            return None;
        }
        self.references.extend(rests_on.iter().map(|r| (r.clone(), node.at.clone())));
        Some(self.push(path.to_owned(), dist, scale, rests_on, true))
    }

    /// What is written for a number.
    pub(super) fn number_text(&mut self, node: &TomlNode, path: &str) -> Option<NumberText> {
        let wrong = match &node.value {
            Value::Number(x) if x.is_finite() => {
                let value = NumberValue::Dist(Dist::Point(*x));
                return Some(NumberText { value, rests_on: Vec::new() });
            }
            Value::Number(x) => {
                let message = format!("`{path}` is {x}, a finite number is expected");
                ("type", message, number::HOW.to_owned())
            }
            Value::Text(text) => match number::parse(text) {
                Ok(number) => return Some(number),
                Err(e) => (e.code, format!("`{path}`: {}", e.message), e.hint),
            },
            _ => {
                let message = format!("`{path}` is {}, a number is expected", node.kind());
                ("type", message, number::HOW.to_owned())
            }
        };
        self.error(wrong.0, &node.at, wrong.1, Some(wrong.2));
        None
    }

    /// The number of a key as an input: what is written, else what its row says.
    pub(super) fn number_of(&mut self, t: &mut KeyTable<'_>, key: &'static str) -> InputId {
        let default = t.row(key).and_then(Key::default_dist);
        let scale = t.ends(key);
        self.number_else(t, key, scale, default)
    }

    /// The number of a key as [`Self::number_of`] has it, in points of which 100 are everything at stake for a
    /// year: cut there, unless it says more.
    pub(super) fn points_of(&mut self, t: &mut KeyTable<'_>, key: &'static str) -> InputId {
        let default = t.row(key).and_then(Key::default_dist);
        let scale = number::points_scale(t.get(key));
        self.number_else(t, key, scale, default)
    }

    /// The same of a key that need not be there.
    pub(super) fn optional_points(
        &mut self,
        t: &mut KeyTable<'_>,
        key: &'static str,
    ) -> Option<InputId> {
        let node = t.get(key)?;
        self.number(node, &t.path_of(key), number::points_scale(Some(node)), None)
    }

    /// The number of a key that is required.
    pub(super) fn required_number(
        &mut self,
        t: &mut KeyTable<'_>,
        at: &WrittenAt,
        key: &'static str,
        hint: &str,
    ) -> InputId {
        self.required(t, at, key, hint);
        let scale = t.ends(key);
        self.number_else(t, key, scale, None)
    }

    /// The number of a key on a scale and with a default from elsewhere. Without any, what is missing
    /// has been said, and a number that gives no other message stands in for it.
    pub(super) fn number_else(
        &mut self,
        t: &mut KeyTable<'_>,
        key: &'static str,
        (lo, hi): (f64, f64),
        default: Option<Dist>,
    ) -> InputId {
        let path = t.path_of(key);
        let written = t.get(key).and_then(|n| self.number(n, &path, (lo, hi), None));
        written.unwrap_or_else(|| {
            let dist = default.unwrap_or_else(|| stand_in((lo, hi)));
            self.push(path, dist, (lo, hi), Vec::new(), false)
        })
    }

    /// The number of a key that need not be there.
    pub(super) fn optional_number(
        &mut self,
        t: &mut KeyTable<'_>,
        key: &'static str,
    ) -> Option<InputId> {
        let node = t.get(key)?;
        let id = self.number(node, &t.path_of(key), t.ends(key), None);
        self.compare_with(t.row(key), id);
        id
    }

    /// Marks an input that only says what would hold without it.
    fn compare_with(&mut self, row: Option<&Key>, id: Option<InputId>) {
        let default = row.and_then(Key::default_dist);
        if let Some(id) = id {
            let input = &mut self.inputs[id.0];
            input.redundant = default.is_some_and(|d| d == input.dist);
        }
    }

    /// A table of numbers by ids of a kind, each on its scale.
    fn by_id(
        &mut self,
        t: &mut KeyTable<'_>,
        key: &'static str,
        ids: &ByIds<'_, Self>,
    ) -> Vec<Option<InputId>> {
        let mut found = vec![None; ids.known.len()];
        let Some(node) = t.get(key) else { return found };
        let row = t.row(&format!("{key}.{}", ids.word));
        let own = row.and_then(Key::ends);
        let t = self.table(node, &t.path_of(key), "");
        self.only(&t, &ids.known, ids.kind);
        for (id, _, n) in t.entries {
            let Some(k) = ids.known.iter().position(|known| known == id) else { continue };
            let path = t.path_of(id);
            let scale = own.unwrap_or_else(|| (ids.scale)(k));
            let options = ids.options.get(k).filter(|o| own.is_none() && !o.is_empty());
            if let Some(options) = options {
                found[k] = self.on_options(n, key, &path, (id, options));
                continue;
            }
            let meaning = ids.record.map(|f| move |r: &mut Self| f(r, k));
            let meaning = meaning.as_ref().map(|f| f as &FromRecord<'_, Self>);
            found[k] = self.number(n, &path, scale, meaning);
            self.compare_with(row, found[k]);
            if found[k].is_none() && ids.needed {
                // One mistake, one message: what was written badly is not missing as well.
                found[k] = Some(self.push(path, stand_in(scale), scale, Vec::new(), false));
            }
        }
        found
    }

    /// The option that is written where a position would stand; a position itself is an error.
    fn on_options(
        &mut self,
        node: &TomlNode,
        key: &str,
        path: &str,
        (issue, options): (&str, &[String]),
    ) -> Option<InputId> {
        if matches!(key, "position" | "red_min" | "red_max" | "demand") {
            self.no_position(node, path, issue);
            return None;
        }
        let at = self.option_named(node, path, options)?;
        let scale = (0.0, options.len() as f64 - 1.0);
        Some(self.push(path.to_owned(), Dist::Point(at), scale, Vec::new(), true))
    }

    /// The numbers by issue that stand in a table beside keys of its own: what a text says.
    pub(super) fn terms_of(&mut self, t: &KeyTable<'_>, scope: &Scope) -> Vec<Option<InputId>> {
        let mut found = vec![None; scope.issues.len()];
        for (key, at, node) in t.entries.iter().filter(|e| !t.known.contains(&e.0.as_str())) {
            match scope.issues.iter().position(|i| i.0 == *key) {
                Some(j) if !scope.options[j].is_empty() => {
                    let path = t.path_of(key);
                    found[j] = self.on_options(node, "", &path, (key, &scope.options[j]));
                }
                Some(j) => {
                    found[j] = self.number(node, &t.path_of(key), scope.issues[j].1, None);
                }
                None => {
                    let known = scope.issue_ids().into_iter().chain(t.known.iter().copied());
                    let hint = suggest(key, known);
                    let message = format!("`{}` names no issue `{key}`", t.path);
                    self.error("unknown-name", at, message, hint);
                }
            }
        }
        found
    }

    /// A table of numbers by side.
    pub(super) fn by_side(
        &mut self,
        t: &mut KeyTable<'_>,
        key: &'static str,
        scope: &Scope,
    ) -> Vec<Option<InputId>> {
        let (known, scale) = (scope.side_ids(), &|_| (0.0, f64::INFINITY));
        let (kind, word, options) = ("side", "SIDE", &[][..]);
        let ids = ByIds { kind, word, known, options, scale, record: None, needed: false };
        self.by_id(t, key, &ids)
    }

    /// A table of numbers by issue.
    pub(super) fn by_issue(
        &mut self,
        t: &mut KeyTable<'_>,
        key: &'static str,
        scope: &Scope,
    ) -> Vec<Option<InputId>> {
        let (known, scale) = (scope.issue_ids(), &|j: usize| scope.issues[j].1);
        let (kind, word, options) = ("issue", "ISSUE", &scope.options);
        let ids = ByIds { kind, word, known, options, scale, record: None, needed: false };
        self.by_id(t, key, &ids)
    }

    /// The same of red lines; `record` is what `"record"` stands for.
    pub(super) fn lines_by_issue(
        &mut self,
        t: &mut KeyTable<'_>,
        key: &'static str,
        scope: &Scope,
        record: &FromRecordById<'_, Self>,
    ) -> Vec<Option<InputId>> {
        let (known, scale) = (scope.issue_ids(), &|j: usize| scope.issues[j].1);
        let (kind, word, options, record) = ("issue", "ISSUE", &scope.options, Some(record));
        let ids = ByIds { kind, word, known, options, scale, record, needed: false };
        self.by_id(t, key, &ids)
    }

    /// The same of numbers a member cannot do without; `record` is what `"record"` stands for.
    pub(super) fn needed_by_issue(
        &mut self,
        t: &mut KeyTable<'_>,
        key: &'static str,
        scope: &Scope,
        record: Option<&FromRecordById<'_, Self>>,
    ) -> Vec<Option<InputId>> {
        let (known, scale) = (scope.issue_ids(), &|j: usize| scope.issues[j].1);
        let (kind, word, options) = ("issue", "ISSUE", &scope.options);
        let ids = ByIds { kind, word, known, options, scale, record, needed: true };
        self.by_id(t, key, &ids)
    }

    /// A table of numbers by ally.
    pub(super) fn by_ally(
        &mut self,
        t: &mut KeyTable<'_>,
        key: &'static str,
        allies: &[&str],
    ) -> Vec<Option<InputId>> {
        let (known, scale) = (allies.to_vec(), &|_| (0.0, f64::INFINITY));
        let (kind, word, options) = ("ally", "ACTOR", &[][..]);
        let ids = ByIds { kind, word, known, options, scale, record: None, needed: false };
        self.by_id(t, key, &ids)
    }

    pub(super) fn entries<'t>(
        &mut self,
        root: &mut KeyTable<'t>,
        key: &'static str,
    ) -> Entries<'t> {
        root.get(key).map_or(&[], |node| self.table(node, key, "").entries)
    }

    pub(super) fn id(&mut self, id: &str, at: &WrittenAt, what: &str) {
        let mut letters = id.chars();
        let good = letters.next().is_some_and(|c| c.is_ascii_lowercase())
            && letters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if !good {
            let hint = "lower-case letters, digits and hyphens, starting with a letter".to_owned();
            self.error("id", at, format!("`{id}` is not an id for {what}"), Some(hint));
        }
    }

    /// The case of the tree as of a day. Positions that come from the record are fitted where a
    /// `cache` is given; without one, enough for looking at what is wrong, they keep the range of
    /// their side.
    pub(super) fn case(mut self, as_of: Option<Day>, cache: Option<&mut FitCache>) -> Option<Case> {
        let mut top = self.table(self.root, "", "");
        self.version(&mut top);
        let title = self.text_of(&mut top, "title").unwrap_or_default();
        self.told_from(&mut top, as_of);
        let asked = top.place(&["question", "by"], &TOP);
        let stage_entries = self.entries(&mut top, "stages");
        let text_entries = self.entries(&mut top, "texts");
        let question = self.question(&mut top, stage_entries, text_entries);
        let issue_entries = self.entries(&mut top, "issues");
        let side_entries = self.entries(&mut top, "sides");
        let actor_entries = self.entries(&mut top, "actors");
        let issues = self.issues(issue_entries);
        let scope = Scope {
            issues: issues.iter().map(|i| (i.id.clone(), i.scale)).collect(),
            options: issues
                .iter()
                .map(|i| i.options.iter().map(|o| o.id.clone()).collect())
                .collect(),
            now: issues.iter().map(|i| i.now).collect(),
            sides: side_entries.iter().map(|e| e.0.clone()).collect(),
            stages: stage_entries.iter().map(|e| e.0.clone()).collect(),
        };
        self.something(&top, "issues", &scope.issues, "an issue", "`[issues]` with at least one");
        self.something(&top, "sides", &scope.sides, "a side", "`[sides.NAME]` with `ratify`");
        let force_entries = self.entries(&mut top, "force");
        self.unique(&[side_entries, actor_entries, force_entries]);
        let drafts = self.sides(side_entries, &scope);
        let actors = self.actors(actor_entries, &scope, &drafts);
        let last = actor_entries.last().map_or(&TOP, |e| &e.1);
        let mut sides = self.settle_sides(drafts, &actors, last);
        let force = self.force(force_entries, &scope, &actors, &sides);
        let promise_entries = self.entries(&mut top, "promises");
        let promises = self.promises(promise_entries, &scope);
        let texts = self.texts(text_entries, &scope, &issues);
        let partial_entries = self.entries(&mut top, "partial");
        let partial = self.partial(partial_entries, &scope);
        let calendar_entries = self.entries(&mut top, "calendar");
        let (as_of, hidden) = (self.as_of, &self.beside.hidden.calendar);
        let mut calendar = self.calendar(calendar_entries, &scope);
        calendar.retain(|e| !hidden.contains(&e.id));
        let unseen = calendar.extract_if(.., |e| e.known > as_of).collect();
        let stages = self.stages(stage_entries, &calendar, calendar_entries);
        let (mut clock, defaults) = self.clock(top.get("clock"), &calendar);
        self.idle_mediators(&actors, actor_entries, &clock);
        let constants = self.constants(top.get("constants"), &defaults);
        self.splits(&constants, &clock, &top.place(&["constants"], &TOP));
        let (switches, scrambled) = self.switches(top.get("model"));
        let together_entries = self.entries(&mut top, "together");
        let together = self.together(together_entries);
        let note_entries = self.entries(&mut top, "notes");
        let notes = self.notes(note_entries);
        top.know(&["since"]); // taken out of the tree before
        self.finish(&top);
        self.check_references(&notes);
        let question = question?;
        self.within_reach(&question, &asked, &constants);
        if self.findings.failed() {
            return None;
        }
        let mut read = BTreeSet::new();
        if let Some(cache) = cache {
            let moved = self.read_record(
                &issues,
                &mut sides,
                &actors,
                constants.horizon,
                (cache, &mut read),
            )?;
            clock.moved = clock.moved.max(moved);
        }
        self.habits(&Habits {
            issues: &issues,
            sides: &sides,
            actors: &actors,
            force: &force,
            promises: &promises,
            together: &together,
        });
        let (record, hidden) = (self.record, &self.beside.hidden.entries);
        let mut case = Case {
            title,
            as_of,
            question,
            issues,
            sides,
            actors,
            force,
            promises,
            texts,
            partial,
            calendar,
            unseen,
            clock,
            stages,
            constants,
            switches,
            points: match scrambled {
                true => Points::scrambled(self.inputs.iter().map(|input| input.stream)),
                false => Points::Random,
            },
            inputs: self.inputs,
            together,
            notes,
        };
        let seen = record.into_iter().flat_map(|r| r.as_of(as_of));
        let seen: Vec<_> = seen.filter(|e| !hidden.contains(&e.id)).collect();
        support::settle(&mut case, &seen, &read);
        Some(case)
    }

    fn version(&mut self, top: &mut KeyTable<'_>) {
        let hint = "the first line names the grammar";
        match top.get("winset") {
            Some(TomlNode { value: Value::Number(1.0), .. }) => {}
            Some(n) => {
                let hint = "write `winset = 1`".to_owned();
                self.error("version", &n.at, "this grammar is version 1".to_owned(), Some(hint));
            }
            None => self.missing(&TOP, "winset", "`winset = 1`", hint),
        }
    }

    /// Settles the day the case is told from: what is asked for, what is written, or the last day of
    /// the record.
    /// Warns of a mediator that changes nothing: mediation is in the class, not in an actor.
    fn idle_mediators(&mut self, actors: &[Actor], entries: Entries<'_>, clock: &CaseClock) {
        // Where something is wrong, that comes first.
        if self.findings.failed() || matches!(clock.class.name.as_str(), "mediated" | "none") {
            return;
        }
        let mediators = actors.iter().zip(entries).filter(|(a, _)| a.role == Role::Mediator);
        for (actor, (_, at, _)) in mediators {
            let message = format!(
                "`{}` mediates, which changes no number of the class `{}`",
                actor.id, clock.class.name
            );
            let hint = "`class = \"mediated\"` under `[clock]` has the talks that were mediated";
            self.warning("mediator", at, message, Some(hint.to_owned()));
        }
    }

    fn told_from(&mut self, top: &mut KeyTable<'_>, as_of: Option<Day>) {
        let written = self.day(top, "as_of");
        self.written_day = written.filter(|_| as_of.is_none());
        let last_entered = self.record.and_then(Record::last_entered);
        self.own_day = written.or(last_entered);
        match as_of.or(written).or(last_entered) {
            Some(day) => self.as_of = day,
            None => {
                let hint = "a forecast is told from a day: write `as_of = 2025-04-22`";
                self.missing(&TOP, "as_of", "`as_of`", hint);
            }
        }
    }

    /// Says so where a section that every case has is empty.
    fn something<T>(
        &mut self,
        top: &KeyTable<'_>,
        key: &str,
        section: &[T],
        what: &str,
        write: &str,
    ) {
        if section.is_empty() {
            self.missing(&top.place(&[key], &TOP), key, what, &format!("write {write}"));
        }
    }

    /// Whether the question ends after the day it is told from and within the horizon.
    fn within_reach(&mut self, question: &Question, asked: &WrittenAt, constants: &Constants) {
        let (by, ahead) = (question.by, question.by.since(self.as_of));
        if by < self.as_of {
            let day = self.as_of;
            let message =
                format!("the question ends on {by}, before the day it is told from, {day}");
            let hint = "set a later `question.by`, or an earlier `as_of`".to_owned();
            self.error("question-past", asked, message, Some(hint)).about("question.by");
        } else if ahead > constants.horizon {
            let message = format!(
                "the question ends {ahead} days ahead, beyond the horizon of {} days",
                constants.horizon
            );
            let hint = "raise constants.horizon".to_owned();
            self.error("beyond-horizon", asked, message, Some(hint)).about("question.by");
        }
    }

    /// `why`: text for people, with references.
    pub(super) fn why(&mut self, t: &mut KeyTable<'_>) {
        let Some(node) = t.get("why") else { return };
        let Some(text) = self.text_of(t, "why") else { return };
        // It stands behind every number of its table.
        let own = format!("{}.", t.path);
        self.inputs.iter_mut().filter(|i| i.path.starts_with(&own)).for_each(|i| i.why = true);
        let references = text.split_whitespace().filter_map(|w| w.strip_prefix('@'));
        self.references.extend(references.map(|r| (r.to_owned(), node.at.clone())));
    }

    fn unique(&mut self, groups: &[Entries<'_>]) {
        let mut seen: Vec<&str> = Vec::new();
        for (id, at, _) in groups.iter().flat_map(|g| g.iter()) {
            if seen.contains(&id.as_str()) {
                let hint = "ids are unique across sides, actors and force".to_owned();
                self.error("duplicate-id", at, format!("the id `{id}` is used twice"), Some(hint));
            }
            seen.push(id);
        }
    }
}

/// A table of numbers by ids.
struct ByIds<'f, R> {
    /// What the ids are of, for messages.
    kind: &'static str,
    /// The word that stands for them in the table of keys.
    word: &'static str,
    known: Vec<&'f str>,
    /// The options of each, where its answers have no order.
    options: &'f [Vec<String>],
    /// The scale of each, where the row has none of its own.
    scale: &'f dyn Fn(usize) -> (f64, f64),
    /// What `"record"` stands for, where it may be written.
    record: Option<&'f FromRecordById<'f, R>>,
    /// Whether a stand-in takes the place of what was written badly.
    needed: bool,
}

/// A number that gives no message of its own: the middle of a scale, or 1 above its end.
fn stand_in((lo, hi): (f64, f64)) -> Dist {
    Dist::Point(if hi.is_finite() { 0.5 * (lo + hi) } else { lo + 1.0 })
}
