//! Reading a case: `case.toml`, and `record.csv` beside it.

mod changed;
mod clock;
mod events;
pub mod grammar;
mod habits;
mod issues;
pub(crate) mod number;
mod options;
mod partial;
mod parties;
mod question;
mod read;
mod recorded;
mod rule;
mod since;
mod table;
mod texts;
mod together;
pub(crate) mod tree;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use winset_model::belief::readings::FitCache;
use winset_model::case::{Case, Day};
use winset_model::forecast::DrawCost;
use winset_model::record::{EntryKind, Record, RecordEntry};

use crate::bounded;
use crate::diagnostic::{Findings, Severity, Source};
use crate::record;
use crate::sheet::{self, encoding::TextEncoding};

/// A file larger than this is not a case.
const LARGEST: u64 = bounded::TEXT;

/// The texts of a case, and where they came from.
#[derive(Clone, Debug, Default)]
pub struct CaseFiles {
    /// `case.toml`.
    pub case: Source,
    /// `record.csv`, if there is one.
    pub record: Option<Source>,
    /// Tables of past cases that the case names as its class, each under the name it is named by.
    pub tables: Vec<(String, Source)>,
}

/// What the record may name: actors, and issues with their scales.
#[derive(Clone, Debug, Default)]
pub struct CaseNames {
    /// Ids of actors.
    pub actors: Vec<String>,
    /// Ids and scales of issues.
    pub issues: Vec<(String, (f64, f64))>,
    /// Ids of stages.
    pub stages: Vec<String>,
}

/// A case and its record, read.
#[derive(Clone, Debug)]
pub struct ResolvedCase {
    /// The case as of its day.
    pub case: Case,
    /// The whole record; what a day may see is [`Record::as_of`].
    pub record: Record,
}

/// What a case file says that its record is read against, whatever else may be wrong with it.
#[derive(Clone, Debug, Default)]
pub struct CaseOutline {
    /// The names the record may use.
    pub names: CaseNames,
    /// Ids that some text of the case cites as `@id`, in the order of the file, and those of `[since]`.
    pub cited: Vec<String>,
    /// The positions that come from the record, as indices of actor and issue.
    pub recorded: Vec<(usize, usize)>,
    /// The same of red lines, with the kind of entry they are read from.
    pub lines: Vec<(usize, usize, EntryKind)>,
    /// The day the case is told from, if it says so.
    pub as_of: Option<Day>,
}

/// The outline of a case; `None` where its file cannot be read at all, which is then a finding.
pub fn outline(
    files: &CaseFiles,
    overrides: &[String],
    findings: &mut Findings,
) -> Option<CaseOutline> {
    if findings.failed() {
        return None;
    }
    let mut root = tree::parse(&files.case, findings)?;
    for assignment in overrides {
        tree::set(&mut root, assignment, findings);
    }
    let names = names(&root);
    let mut cited = Vec::new();
    root.texts(&mut |text| {
        let ids = text.split_whitespace().filter_map(|word| word.strip_prefix('@'));
        cited.extend(ids.map(str::to_owned));
    });
    if let Some(tree::Value::Table(entries)) = root.child("since").map(|node| &node.value) {
        cited.extend(entries.iter().map(|(id, _, _)| id.clone()));
    }
    let says = |actor: &str, key: &str, issue: &str| {
        let own = root.child("actors").and_then(|a| a.child(actor)?.child(key));
        own.is_some_and(|p| p.says(issue, "record"))
    };
    let (mut recorded, mut lines) = (Vec::new(), Vec::new());
    for (i, actor) in names.actors.iter().enumerate() {
        for (j, (issue, _)) in names.issues.iter().enumerate() {
            recorded.extend(says(actor, "position", issue).then_some((i, j)));
            for kind in [EntryKind::RedMin, EntryKind::RedMax] {
                lines.extend(says(actor, kind.name(), issue).then_some((i, j, kind)));
            }
        }
    }
    let as_of = root.child("as_of").and_then(|node| match &node.value {
        tree::Value::Date(text) | tree::Value::Text(text) => Day::parse(text),
        _ => None,
    });
    Some(CaseOutline { names, cited, recorded, lines, as_of })
}

/// Finds the files of a case: a folder with `case.toml`, or the file itself.
///
/// # Errors
/// Whatever keeps them from being read, in words; a file that is no text or far too large is a
/// finding instead.
pub fn open(path: &Path, findings: &mut Findings) -> Result<CaseFiles, std::io::Error> {
    let toml: PathBuf = if path.is_dir() { path.join("case.toml") } else { path.to_path_buf() };
    let csv = toml.parent().map(|d| d.join("record.csv"));
    let case = text(&toml, "a case", findings)?;
    let record = match csv {
        // Whatever is there: what is no file is said, not passed over.
        Some(csv)
            if csv.symlink_metadata().is_ok()
                && toml.file_name().is_some_and(|n| n == "case.toml") =>
        {
            let named = |e: std::io::Error| {
                std::io::Error::new(e.kind(), format!("{}: {e}", csv.display()))
            };
            Some(table_text(&csv, "a record", findings).map_err(named)?)
        }
        _ => None,
    };
    let mut tables = Vec::new();
    for name in tables_named(&case) {
        let beside = toml.with_file_name(&name);
        // A name, not a path: nothing outside the folder of the case is read.
        if Path::new(&name).components().count() == 1 && beside.is_file() {
            tables.push((name, table_text(&beside, "a table of past cases", findings)?));
        }
    }
    Ok(CaseFiles { case, record, tables })
}

/// The tables of past cases that a case names, also under `[since]`.
fn tables_named(case: &Source) -> Vec<String> {
    let Some(root) = tree::parse(case, &mut Findings::default()) else { return Vec::new() };
    let class = |node: &tree::TomlNode| match &node.child("clock")?.child("class")?.value {
        tree::Value::Text(name) if name.ends_with(".csv") => Some(name.clone()),
        _ => None,
    };
    let mut names: Vec<String> = class(&root).into_iter().collect();
    if let Some(tree::Value::Table(entries)) = root.child("since").map(|node| &node.value) {
        names.extend(entries.iter().filter_map(|(_, _, node)| class(node)));
    }
    names.sort();
    names.dedup();
    names
}

/// The text of a file, if it is not too large for what it is meant to be.
pub(crate) fn text(
    path: &Path,
    what: &str,
    findings: &mut Findings,
) -> Result<Source, std::io::Error> {
    Ok(match bytes(path, what, findings)? {
        Ok(bytes) => decode(path.display().to_string(), bytes, findings),
        Err(empty) => empty,
    })
}

/// The same of a table, which other programs write too: see [`decode_table`].
pub(crate) fn table_text(
    path: &Path,
    what: &str,
    findings: &mut Findings,
) -> Result<Source, std::io::Error> {
    Ok(match bytes(path, what, findings)? {
        Ok(bytes) => decode_table(path.display().to_string(), bytes, findings),
        Err(empty) => empty,
    })
}

/// The bytes of a file; nothing in their place, which is said, if they are too many.
fn bytes(
    path: &Path,
    what: &str,
    findings: &mut Findings,
) -> Result<Result<Vec<u8>, Source>, std::io::Error> {
    let name = path.display().to_string();
    let size = bounded::open(path)?.metadata()?.len();
    if size > LARGEST {
        findings.error(
            "too-large",
            &name,
            None,
            format!(
                "the file has {} MB; {what} has at most {} MB",
                size.div_ceil(1 << 20),
                LARGEST >> 20
            ),
            Some("is this the right file?".to_owned()),
        );
        return Ok(Err(Source { name, text: String::new() }));
    }
    Ok(Ok(bounded::read(path, LARGEST)?))
}

/// The bytes of a table as text: UTF-8, UTF-16, Windows-1252, or a workbook where the build reads
/// them. What was guessed is a warning.
pub fn decode_table(name: String, bytes: Vec<u8>, findings: &mut Findings) -> Source {
    match sheet::text(bytes) {
        Ok(read) => {
            for remark in read.remarks {
                let hint = "save it as CSV in UTF-8, and nothing is guessed".to_owned();
                findings.warning("encoding", &name, None, remark, Some(hint));
            }
            Source { name, text: read.text }
        }
        Err(e) => {
            findings.error("encoding", &name, None, e.message, Some(e.hint));
            Source { name, text: String::new() }
        }
    }
}

/// Bytes as text; what is not UTF-8 is a finding at its byte.
pub fn decode(name: String, bytes: Vec<u8>, findings: &mut Findings) -> Source {
    match String::from_utf8(bytes) {
        Ok(text) => Source { name, text: text.trim_start_matches('\u{feff}').to_owned() },
        Err(e) => {
            let at = e.utf8_error().valid_up_to();
            let bytes = e.into_bytes();
            let line = bytes[..at].iter().filter(|b| **b == b'\n').count() + 1;
            let binary = bytes.contains(&0);
            let (message, hint) = if sheet::encoding::encoding_of(&bytes) != TextEncoding::Utf8
                && binary
            {
                ("this is UTF-16; a case is UTF-8".to_owned(), "save the file as UTF-8")
            } else if binary {
                ("this is a binary file, not text".to_owned(), "is this the right file?")
            } else {
                (
                    format!("line {line} holds the byte 0x{:02X}, which is not UTF-8", bytes[at]),
                    "save the file as UTF-8",
                )
            };
            findings.error("encoding", &name, None, message, Some(hint.to_owned()));
            Source { name, text: String::new() }
        }
    }
}

/// What a telling of the case does not see, beside what its day hides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    /// Ids of record entries.
    pub entries: BTreeSet<String>,
    /// Ids of calendar entries.
    pub calendar: BTreeSet<String>,
}

/// Reads a case from its texts: overrides `PATH=VALUE` first, then everything is checked; as of
/// `as_of` where it is given.
///
/// Findings gather in one pass; a case comes back only if none is an error.
pub fn load(
    files: &CaseFiles,
    as_of: Option<Day>,
    overrides: &[String],
    findings: &mut Findings,
) -> Option<ResolvedCase> {
    load_cached(files, as_of, overrides, findings, &mut FitCache::default())
}

/// As [`load`], with the positions that were fitted before; those that are fitted now are added.
pub fn load_cached(
    files: &CaseFiles,
    as_of: Option<Day>,
    overrides: &[String],
    findings: &mut Findings,
    cache: &mut FitCache,
) -> Option<ResolvedCase> {
    let mut parsed = ParsedCase::new(files, overrides, findings)?;
    std::mem::swap(&mut parsed.cache, cache);
    let loaded = parsed.resolve_checked(as_of, findings);
    std::mem::swap(&mut parsed.cache, cache);
    loaded
}

/// The texts of a case, parsed: it can be told from many days, and with entries hidden.
#[derive(Clone, Debug)]
pub struct ParsedCase {
    file: String,
    /// The case as it is written, without overrides.
    written: tree::TomlNode,
    base: tree::TomlNode,
    changes: Vec<since::SinceChange>,
    overrides: Vec<String>,
    /// The whole record.
    pub record: Option<Record>,
    tables: Vec<(String, Source)>,
    cache: FitCache,
}

impl ParsedCase {
    /// Parses a case and reads its record.
    pub fn new(files: &CaseFiles, overrides: &[String], findings: &mut Findings) -> Option<Self> {
        if findings.failed() {
            return None;
        }
        let file = files.case.name.clone();
        if files.case.text.trim().is_empty() {
            let hint = "`winset new PATH` starts one".to_owned();
            findings.error("empty", &file, None, "the file is empty", Some(hint));
            return None;
        }
        let written = tree::parse(&files.case, findings)?;
        let mut base = written.clone();
        for assignment in overrides {
            tree::set(&mut base, assignment, findings);
        }
        let names = names(&base);
        let record = files.record.as_ref().map(|source| record::read(source, &names, findings));
        let changes = since::take(&mut base, record.as_ref(), &file, findings);
        let overrides = overrides.to_vec();
        let tables = files.tables.clone();
        let cache = FitCache::default();
        Some(Self { file, written, base, changes, overrides, record, tables, cache })
    }

    /// The case as of a day, everything checked: what an entry will change on a later day too.
    pub fn resolve_checked(
        &mut self,
        as_of: Option<Day>,
        findings: &mut Findings,
    ) -> Option<ResolvedCase> {
        let mut later = Findings::default();
        for upto in 1..=self.changes.len() {
            // Each change on top of those before it: a later one must not mask its mistake.
            let mut found = self.found_with(upto, as_of);
            let change = &self.changes[upto - 1..upto];
            found.list.retain(|d| {
                let inside = d.span.as_ref().is_some_and(|span| since::holds(change, span));
                inside && d.severity == Severity::Error && !later.list.contains(d)
            });
            later.list.append(&mut found.list);
        }
        self.foreseen(findings);
        let resolved = self.resolve(as_of, &Hidden::default(), findings);
        later.list.retain(|d| !findings.list.contains(d));
        findings.list.append(&mut later.list);
        if let Some(resolved) = resolved.as_ref().filter(|_| !findings.failed()) {
            self.affordable(&resolved.case, findings);
        }
        resolved.filter(|_| !findings.failed())
    }

    /// Refuses a grid of more packages than can be looked at.
    fn affordable(&self, case: &Case, findings: &mut Findings) {
        if case.switches.grid.is_none() && case.switches.alpha == 1.0 && !case.has_options() {
            return;
        }
        let cost = DrawCost::of(case);
        if !cost.refused() {
            return;
        }
        let message = format!(
            "{}: a thousand draws would take {:.0} s and {:.0} MB, {:.0} s and {:.0} MB are allowed",
            cost.most(),
            cost.seconds(),
            cost.megabytes,
            DrawCost::MOST_SECONDS,
            DrawCost::MOST_MEGABYTES
        );
        let hint = match case.has_options() {
            true => {
                "options are tried one by one: `[model] grid = [0, 50, 100]` tries fewer positions"
            }
            false => {
                "leave out `alpha` and `grid`, which solves exactly, or bargain over fewer issues"
            }
        };
        findings.error("too-slow", &self.file, None, message, Some(hint.to_owned()));
    }

    /// Warns of deadlines that are put off from the first day on: no earlier day knew that.
    fn foreseen(&self, findings: &mut Findings) {
        let Some(tree::Value::Table(entries)) = self.base.child("calendar").map(|n| &n.value)
        else {
            return;
        };
        for (id, _, node) in entries {
            let Some(put_off) = node.child("put_off") else { continue };
            let surely = match &put_off.value {
                tree::Value::Number(x) => *x >= 100.0,
                tree::Value::Text(text) => {
                    text.split_whitespace().next().and_then(|x| x.parse().ok()) >= Some(100.0)
                }
                _ => false,
            };
            if let (true, tree::WrittenAt::File(span)) = (surely, &put_off.at) {
                let path = format!("calendar.{id}.put_off");
                let message = format!("`{path}` is 100 on every day the case is told from");
                let hint = format!(
                    "a deadline is put off from the entry on that reports it: \
                     `[since.ENTRY]` with `{path} = 100`"
                );
                let span = Some(span.clone());
                findings.warning("put-off", &self.file, span, message, Some(hint)).about(path);
            }
        }
    }

    /// The case as of a day without what is hidden. Changes that the day does not see are not
    /// looked at.
    pub fn resolve(
        &mut self,
        as_of: Option<Day>,
        hidden: &Hidden,
        findings: &mut Findings,
    ) -> Option<ResolvedCase> {
        let record = self.record.as_ref();
        let mut root = self.base.clone();
        let mut moved = None;
        let mut laid = self.changes.len();
        if let Some(day) = read::day_of(&root, as_of, record) {
            let mut seen: Vec<&since::SinceChange> = Vec::new();
            for change in &self.changes {
                let entry = record.and_then(|r| r.entries.get(change.entry));
                let sees = |e: &&RecordEntry| e.seen(day) && !hidden.entries.contains(&e.id);
                let Some(entry) = entry.filter(sees) else { continue };
                if change.moves_structure(&self.written, &seen) {
                    moved = moved.max(Some(entry.said.latest));
                }
                seen.push(change);
            }
            laid = seen.len();
            since::lay(&mut root, seen.into_iter());
            for assignment in &self.overrides {
                // What is wrong with one was said when it was laid the first time.
                tree::set(&mut root, assignment, &mut Findings::default());
            }
            // An override of `[since]` has done its work.
            since::take(&mut root, record, &self.file, &mut Findings::default());
        }
        let beside = read::Beside { record, hidden, tables: &self.tables, moved };
        let before = findings.list.len();
        let reader = read::CaseReader::new(&self.file, &root, findings, beside);
        let case = reader.case(as_of, Some(&mut self.cache));
        if laid < self.changes.len() && findings.list[before..].iter().any(|d| d.code == "idle") {
            self.spare_awaited(as_of, findings);
        }
        let case = case?;
        Some(ResolvedCase { case, record: self.record.clone().unwrap_or_default() })
    }

    /// What is found in the case with its first so many changes, whatever the day sees of them.
    fn found_with(&self, changes: usize, as_of: Option<Day>) -> Findings {
        let mut root = self.base.clone();
        since::lay(&mut root, self.changes[..changes].iter());
        let mut found = Findings::default();
        let (record, hidden) = (self.record.as_ref(), Hidden::default());
        let beside = read::Beside { record, hidden: &hidden, tables: &self.tables, moved: None };
        // Nothing is fitted: only what is wrong is looked for.
        let _ = read::CaseReader::new(&self.file, &root, &mut found, beside).case(as_of, None);
        found
    }

    /// Takes back what was said of a key that nothing reads yet, where an entry of a later day makes it read.
    fn spare_awaited(&self, as_of: Option<Day>, findings: &mut Findings) {
        let all = self.found_with(self.changes.len(), as_of);
        findings.list.retain(|d| d.code != "idle" || all.list.contains(d));
    }

    /// Ids of the entries that change values by themselves.
    pub fn changing(&self) -> Vec<&str> {
        let entries = self.record.as_ref().map_or(&[][..], |r| &r.entries);
        let ids = self.changes.iter().filter_map(|c| entries.get(c.entry));
        ids.map(|e| e.id.as_str()).collect()
    }
}

/// The names the record may use, read off the tree without judging it.
fn names(root: &tree::TomlNode) -> CaseNames {
    let children = |key: &str| match root.child(key).map(|node| &node.value) {
        Some(tree::Value::Table(entries)) => entries.as_slice(),
        _ => &[],
    };
    let scale = |node: &tree::TomlNode| {
        let tree::Value::List(ends) = &node.child("scale")?.value else { return None };
        match (&ends.first()?.value, &ends.get(1)?.value) {
            (tree::Value::Number(a), tree::Value::Number(b)) => Some((*a, *b)),
            _ => None,
        }
    };
    let issue = |(id, _, node): &(String, tree::WrittenAt, tree::TomlNode)| {
        (id.clone(), scale(node).unwrap_or((0.0, 100.0)))
    };
    CaseNames {
        actors: children("actors").iter().map(|(id, _, _)| id.clone()).collect(),
        issues: children("issues").iter().map(issue).collect(),
        stages: children("stages").iter().map(|(id, _, _)| id.clone()).collect(),
    }
}
