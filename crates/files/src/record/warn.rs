//! What somebody should look at in a record that can be used: grades that were hardly judged, one
//! story told often, entries that bear on nothing.

use std::collections::{BTreeMap, BTreeSet};

use winset_model::grade::{Grade, diagonal_warning};
use winset_model::record::{EntryKind, Record, RecordEntry};

use super::line_span;
use crate::case::CaseOutline;
use crate::diagnostic::{Findings, Source};

/// So many reports of one origin, for one actor on one issue, deserve a word.
pub const REPORTS: usize = 3;

/// At most so many ids are listed in a message.
const LISTED: usize = 12;

/// Adds the warnings of a record, read against the outline of its case.
pub fn warn(record: &Record, source: &Source, case: &CaseOutline, findings: &mut Findings) {
    diagonal(record, source, findings);
    repeated(record, source, case, findings);
    again(&record.entries, 0, source, findings);
    undrawn(record, source, case, findings);
    uncited(record, source, case, findings);
}

fn list(ids: &[&str]) -> String {
    let mut words: Vec<String> = ids.iter().take(LISTED).map(|id| format!("`{id}`")).collect();
    if ids.len() > LISTED {
        words.push(format!("{} more", ids.len() - LISTED));
    }
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => words.join(""),
    }
}

fn diagonal(record: &Record, source: &Source, findings: &mut Findings) {
    let graded: Vec<(&RecordEntry, Grade)> =
        record.entries.iter().filter_map(|e| Some((e, e.grade?))).collect();
    let grades: Vec<Grade> = graded.iter().map(|g| g.1).collect();
    let Some(share) = diagonal_warning(&grades) else { return };
    let Some((first, _)) = graded.iter().find(|(_, g)| g.is_diagonal()) else { return };
    let message = format!(
        "{:.0} % of {} grades give the source and what it says the same mark (A1, B2, C3 …)",
        100.0 * share,
        grades.len()
    );
    let hint = "judge the two apart: a reliable source may report a doubtful claim".to_owned();
    let at = line_span(source, first.line);
    findings.warning("diagonal-grades", &source.name, Some(at), message, Some(hint)).about("grade");
}

fn repeated(record: &Record, source: &Source, case: &CaseOutline, findings: &mut Findings) {
    let key = |e: &RecordEntry| Some((e.speaker?, e.issue?, e.origin.clone()));
    let position = |e: &&RecordEntry| e.kind.is_position();
    let mut reports: BTreeMap<_, Vec<&RecordEntry>> = BTreeMap::new();
    for entry in record.entries.iter().filter(position) {
        if let Some(k) = key(entry) {
            reports.entry(k).or_default().push(entry);
        }
    }
    let mut often: Vec<_> = reports.into_iter().filter(|(_, of)| of.len() >= REPORTS).collect();
    often.sort_by_key(|(_, of)| of[0].line);
    for (k, of) in often {
        let (first, ids) = (of[0], of.iter().map(|e| e.id.as_str()).collect::<Vec<_>>());
        let actor = case.names.actors.get(k.0).map_or("?", String::as_str);
        let issue = case.names.issues.get(k.1).map_or("?", |i| i.0.as_str());
        let message = format!(
            "{} are {} reports of one origin, `{}`, for `{actor}` on `{issue}`: they count once",
            list(&ids),
            ids.len(),
            first.origin
        );
        let hint = "keep the best of them; one that is independent gets an origin of its own";
        let at = line_span(source, first.line);
        findings
            .warning("one-origin", &source.name, Some(at), message, Some(hint.to_owned()))
            .about("origin");
    }
}

/// Entries from one on that say word for word what another does, as rows do that were pasted twice: with an
/// origin each they count twice.
pub(super) fn again(
    entries: &[RecordEntry],
    from: usize,
    source: &Source,
    findings: &mut Findings,
) {
    let said = |e: &RecordEntry| {
        let value = format!("{:?} {:?}", e.value, e.turn);
        let told = (e.said.written.clone(), e.text.clone(), value);
        (e.speaker, e.issue, e.kind.name(), told)
    };
    let mut first: BTreeMap<_, &RecordEntry> = BTreeMap::new();
    // Looked up once: of pasted rows there may be many.
    let lines: Vec<usize> =
        std::iter::once(0).chain(source.text.match_indices('\n').map(|(k, _)| k + 1)).collect();
    for (k, entry) in entries.iter().enumerate() {
        let other = *first.entry(said(entry)).or_insert(entry);
        let linked = [&entry.supersedes, &entry.contradicts].contains(&&Some(other.id.clone()));
        if k < from || other.id == entry.id || linked || other.origin == entry.origin {
            continue;
        }
        let message = format!("`{}` says what `{}` says, word for word", entry.id, other.id);
        let hint = format!(
            "take it out; if both are to be kept, give them one origin, such as `{}`",
            other.origin
        );
        let start = lines.get(entry.line - 1).copied().unwrap_or(0);
        let end = lines.get(entry.line).map_or(source.text.len(), |next| next - 1);
        let at = Some(start..end.max(start));
        findings.warning("again", &source.name, at, message, Some(hint)).about("text");
    }
}

/// Red lines that were entered and that no number of the case takes: which line would make them count.
fn undrawn(record: &Record, source: &Source, case: &CaseOutline, findings: &mut Findings) {
    let mut said: BTreeSet<(usize, usize, EntryKind)> = BTreeSet::new();
    for e in &record.entries {
        let (Some(actor), Some(issue)) = (e.speaker, e.issue) else { continue };
        let of = (actor, issue, e.kind);
        let line = matches!(e.kind, EntryKind::RedMin | EntryKind::RedMax);
        if !line || case.lines.contains(&of) || case.cited.contains(&e.id) || !said.insert(of) {
            continue;
        }
        let kind = e.kind.name();
        let (Some(who), Some((on, _))) =
            (case.names.actors.get(actor), case.names.issues.get(issue))
        else {
            continue;
        };
        let message =
            format!("`{}` is a red line of `{who}` on `{on}`, and no number takes it", e.id);
        let hint =
            format!("`actors.{who}.{kind}.{on} = \"record\"` makes what is entered there count");
        let at = line_span(source, e.line);
        findings.warning("undrawn", &source.name, Some(at), message, Some(hint)).about("kind");
    }
}

/// Entries that no text of the case cites, that are no reading of a position that comes from the
/// record, and that neither name another entry nor are named by one.
fn uncited(record: &Record, source: &Source, case: &CaseOutline, findings: &mut Findings) {
    let links = record.entries.iter().flat_map(|e| [&e.contradicts, &e.supersedes]);
    let named: BTreeSet<&String> = links.flatten().chain(&case.cited).collect();
    let linked = |e: &RecordEntry| {
        e.contradicts.is_some() || e.supersedes.is_some() || named.contains(&e.id)
    };
    let read = |e: &RecordEntry| {
        let Some((actor, issue)) = e.speaker.zip(e.issue) else { return false };
        match e.kind {
            EntryKind::Ideal | EntryKind::Demand => case.recorded.contains(&(actor, issue)),
            kind => case.lines.contains(&(actor, issue, kind)),
        }
    };
    let line = |e: &RecordEntry| matches!(e.kind, EntryKind::RedMin | EntryKind::RedMax);
    let idle: Vec<&RecordEntry> = (record.entries.iter())
        .filter(|e| !read(e) && !linked(e) && e.turn.is_none() && !line(e))
        .collect();
    let Some(first) = idle.first() else { return };
    let ids: Vec<&str> = idle.iter().map(|e| e.id.as_str()).collect();
    let message = match ids.len() {
        1 => format!("nothing in the case cites {}, and no position is read from it", list(&ids)),
        _ => format!("nothing in the case cites {}, and no position is read from them", list(&ids)),
    };
    let hint =
        format!("cite it where it bears on a number, `… @{}`; background may stay", first.id);
    let at = line_span(source, first.line);
    findings.warning("uncited", &source.name, Some(at), message, Some(hint));
}
