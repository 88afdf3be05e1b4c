//! New entries: from what was typed, or from rows pasted out of a spreadsheet, to the text of a
//! record that holds them too. Pure: texts in, texts out.

use std::ops::Range;

use winset_model::record::{DateRange, EntryKind, Record, RecordEntry};

use super::warn::again;
use super::{COLUMNS, delimiter, holds_all, iso_day, never_closed, read, with_points};
use crate::case::CaseNames;
use crate::diagnostic::{Findings, Source, suggest};
use crate::sheet;

/// An entry as it is typed: a text a column, blank where nothing was said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    cells: [String; COLUMNS.len()],
    /// The bytes of the row it was pasted as.
    pub row: Option<Range<usize>>,
}

impl Draft {
    /// Fills a column; a name that is no column changes nothing.
    #[must_use]
    pub fn with(mut self, column: &str, text: &str) -> Self {
        if let Some(k) = COLUMNS.iter().position(|c| *c == column) {
            text.trim().clone_into(&mut self.cells[k]);
        }
        self
    }

    /// What stands in a column; blank for a name that is none.
    pub fn get(&self, column: &str) -> &str {
        COLUMNS.iter().position(|c| *c == column).map_or("", |k| self.cells[k].as_str())
    }
}

/// What becomes of a record when entries are added.
#[derive(Clone, Debug, PartialEq)]
pub struct Added {
    /// The whole new text.
    pub text: String,
    /// What was put behind the old text, which keeps every byte.
    pub tail: String,
    /// The new entries as they are read back.
    pub entries: Vec<RecordEntry>,
}

/// Adds entries to the text of a record; a record without text gets its header first.
///
/// An entry without an id gets the next free one (`r24` after `r23`), and one without `entered` the
/// last day its `said` can mean: no clock is read. The new text is read back by the reader of every
/// record, and its findings are the caller's; with an error among them nothing comes back.
pub fn add(
    source: &Source,
    drafts: &[Draft],
    names: &CaseNames,
    findings: &mut Findings,
) -> Option<Added> {
    let old = &source.text;
    if let Err(open) = sheet::rows(old, delimiter(old)) {
        never_closed(&open, 0, source, findings);
        return None;
    }
    if !fit(source, drafts, findings) {
        return None;
    }
    let Tail { text: tail, starts } = tail(old, drafts);
    let text = format!("{old}{tail}");
    let mut found = Findings::default();
    let before = read(source, names, &mut Findings::default());
    let after = read(&Source { name: source.name.clone(), text: text.clone() }, names, &mut found);
    // A date that cannot be read is said once, not again for the day of entry it would have given.
    found.list.retain(|d| {
        let (Some(span), Some("entered")) = (&d.span, d.field.as_deref()) else { return true };
        let draft = draft_from(drafts, &starts, span.start.checked_sub(old.len()));
        draft.is_none_or(|draft| !draft.get("entered").is_empty())
    });
    let failed = found.failed();
    findings.list.append(&mut found.list);
    if failed {
        return None;
    }
    let kept = before.entries.len();
    let whole =
        after.entries.len() == kept + drafts.len() && after.entries[..kept] == before.entries;
    if !whole {
        let message = "the last row of the record is not closed, so none can follow it";
        let hint = "close the quotation mark in its last row".to_owned();
        let at = old.trim_end().rfind('\n').map_or(0, |k| k + 1)..old.len();
        findings.error("csv", &source.name, Some(at), message, Some(hint));
        return None;
    }
    let Record { mut entries } = after;
    let whole = Source { name: source.name.clone(), text: text.clone() };
    again(&entries, kept, &whole, findings);
    Some(Added { text, tail, entries: entries.split_off(kept) })
}

/// Whether the record has a column for everything that the drafts say; what it lacks is an error each.
pub fn fit(source: &Source, drafts: &[Draft], findings: &mut Findings) -> bool {
    let header = head(&source.text);
    drafts.iter().filter(|d| fits(d, &header, source, findings)).count() == drafts.len()
}

/// What goes behind the text of a record.
struct Tail {
    text: String,
    /// The byte of it that each draft's row starts at.
    starts: Vec<usize>,
}

/// The rows of the drafts, in the order of the record's own columns and with its own ends of lines.
fn tail(old: &str, drafts: &[Draft]) -> Tail {
    let (header, delimiter) = (head(old), delimiter(old));
    let end = if old[..first_line(old)].ends_with("\r\n") { "\r\n" } else { "\n" };
    let mut tail = String::new();
    if old.trim().is_empty() {
        tail.push_str(&row(COLUMNS, delimiter, end));
    } else if !old.ends_with('\n') {
        tail.push_str(end);
    }
    let mut starts = Vec::with_capacity(drafts.len());
    let mut taken = ids(old);
    taken.extend(drafts.iter().map(|d| d.get("id").to_owned()));
    for draft in drafts {
        let mut draft = draft.clone();
        if draft.get("id").is_empty() {
            let id = next_id(&taken);
            draft = draft.with("id", &id);
            taken.push(id);
        }
        if draft.get("entered").is_empty()
            && let Some(said) = DateRange::parse(draft.get("said"))
        {
            draft = draft.with("entered", &said.latest.to_string());
        }
        starts.push(tail.len());
        tail.push_str(&row(header.iter().map(|h| draft.get(h)), delimiter, end));
    }
    Tail { text: tail, starts }
}

/// The draft whose row holds a byte of what goes behind a record.
fn draft_from<'d>(drafts: &'d [Draft], starts: &[usize], byte: Option<usize>) -> Option<&'d Draft> {
    let before = starts.iter().filter(|start| byte.is_some_and(|byte| **start <= byte)).count();
    drafts.get(before.checked_sub(1)?)
}

/// Leads findings on entries that were pasted, which [`add`] says of the record as it would become, to
/// their rows in the table they stand in.
pub fn lead_back(findings: &mut Findings, source: &Source, drafts: &[Draft], table: &Source) {
    let starts = tail(&source.text, drafts).starts;
    for finding in findings.list.iter_mut().filter(|d| d.file == source.name) {
        let byte = finding.span.as_ref().and_then(|at| at.start.checked_sub(source.text.len()));
        if let Some(row) = draft_from(drafts, &starts, byte).and_then(|draft| draft.row.clone()) {
            (finding.file, finding.span) = (table.name.clone(), Some(row));
        }
    }
}

/// The text a record would have with some entries more, whatever may be wrong with them: what the
/// findings of [`add`] point into.
pub fn text(source: &Source, drafts: &[Draft]) -> String {
    format!("{}{}", source.text, tail(&source.text, drafts).text)
}

/// The byte after the first line.
fn first_line(text: &str) -> usize {
    text.find('\n').map_or(text.len(), |k| k + 1)
}

/// The columns of a record; those of a new one where there is no text yet.
fn head(text: &str) -> Vec<String> {
    if text.trim().is_empty() {
        return COLUMNS.map(str::to_owned).to_vec();
    }
    let first = &text[..first_line(text)];
    let rows = sheet::rows(first, delimiter(text)).unwrap_or_default();
    rows.into_iter().next().map(|row| row.cells).unwrap_or_default()
}

/// The ids of all rows, those that cannot be used too.
fn ids(text: &str) -> Vec<String> {
    let Some(at) = head(text).iter().position(|h| h == "id") else { return Vec::new() };
    let rows = sheet::rows(text, delimiter(text)).unwrap_or_default();
    rows.iter().skip(1).map(|row| row.cell(at).to_owned()).collect()
}

/// The id after the highest of the form `r07`, as wide as that one. A gap is not filled: an id that
/// was once given away may still be cited somewhere.
fn next_id(taken: &[String]) -> String {
    let digits = |id: &String| {
        let digits = id.strip_prefix('r')?;
        let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        let number: u64 = digits.parse().ok().filter(|n| plain && *n < u64::MAX)?;
        Some((number, digits.len()))
    };
    let (number, width) = taken.iter().filter_map(digits).max().unwrap_or((0, 2));
    format!("r{:0width$}", number + 1, width = width.max(2))
}

/// Whether the record has a column for everything that is said.
fn fits(draft: &Draft, header: &[String], source: &Source, findings: &mut Findings) -> bool {
    let mut fits = true;
    for (column, cell) in COLUMNS.iter().zip(&draft.cells) {
        if !cell.is_empty() && !header.iter().any(|h| h == column) {
            let at = Some(0..source.text.lines().next().map_or(0, str::len));
            let message = format!("the record has no column `{column}` for `{cell}`");
            let hint = format!("add `{column}` to its first line, or leave it out");
            findings.error("missing-column", &source.name, at, message, Some(hint)).about(*column);
            fits = false;
        }
    }
    fits
}

/// A row of cells with its end.
fn row<'c>(cells: impl IntoIterator<Item = &'c str>, delimiter: u8, end: &str) -> String {
    let terminator =
        if end == "\r\n" { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(terminator)
        .from_writer(Vec::new());
    // Memory takes what is written, and what was text stays text.
    let written = writer.write_record(cells).ok().and_then(|()| writer.into_inner().ok());
    written.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// Reads rows pasted from a spreadsheet: a header that names columns of the record in any order,
/// then a row an entry, split by commas, semicolons, tabs or vertical bars.
/// Blank rows are left out; columns that are missing stay blank.
pub fn pasted(source: &Source, findings: &mut Findings) -> Vec<Draft> {
    let text = source.text.trim_start_matches('\u{feff}');
    let lead = source.text.len() - text.len();
    let delimiter = delimiter(text);
    let rows = match sheet::rows(text, delimiter) {
        Ok(rows) => rows,
        Err(open) => {
            never_closed(&open, lead, source, findings);
            return Vec::new();
        }
    };
    let (header, at): (Vec<String>, _) = match rows.first() {
        Some(row) => (
            row.cells.iter().map(|h| h.to_lowercase()).collect(),
            Some(lead + row.span.start..lead + row.span.end),
        ),
        None => (Vec::new(), None),
    };
    let mut good = true;
    for (k, name) in header.iter().enumerate() {
        let (code, message, hint) = if name.is_empty() {
            continue;
        } else if !COLUMNS.contains(&name.as_str()) {
            ("unknown-column", format!("unknown column `{name}`"), suggest(name, COLUMNS))
        } else if header[..k].contains(name) {
            let hint = "keep one of them".to_owned();
            ("duplicate-column", format!("the column `{name}` is there twice"), Some(hint))
        } else {
            continue;
        };
        findings.error(code, &source.name, at.clone(), message, hint).about(name);
        good = false;
    }
    for name in ["said", "kind", "text"] {
        if !header.iter().any(|h| h == name) {
            let message = format!("the column `{name}` is missing");
            let hint = "the first row names the columns: said, kind and text at least".to_owned();
            findings
                .error("missing-column", &source.name, at.clone(), message, Some(hint))
                .about(name);
            good = false;
        }
    }
    if !good {
        return Vec::new();
    }
    let mut drafts = Vec::new();
    for row in rows.iter().skip(1) {
        if !holds_all(&header, row, lead, source, findings) {
            continue;
        }
        let named = header.iter().zip(&row.cells);
        let row = Some(lead + row.span.start..lead + row.span.end);
        let draft = Draft { row, ..Draft::default() };
        drafts.push(named.fold(draft, |draft, (column, cell)| {
            let cell = match column.as_str() {
                "said" | "entered" => iso_day(cell),
                "value" => with_points(cell, delimiter),
                _ => cell.as_str().into(),
            };
            draft.with(column, &cell)
        }));
    }
    if drafts.is_empty() && !findings.failed() {
        let hint = "paste the header and at least one row below it".to_owned();
        findings.error("empty", &source.name, None, "there are no rows to add", Some(hint));
    }
    drafts
}

/// A sentence about an entry: who said what of which kind on which issue.
pub fn sentence(entry: &RecordEntry, names: &CaseNames) -> String {
    let speaker = entry.speaker.and_then(|i| names.actors.get(i));
    let issue = entry.issue.and_then(|j| names.issues.get(j)).map(|i| &i.0);
    let mut words = vec![entry.id.clone() + ":"];
    words.extend(speaker.cloned());
    words.extend(issue.map(|i| format!("on {i},")));
    let kind = if entry.kind == EntryKind::Event { "an event" } else { entry.kind.name() };
    words.push(format!("{kind}, said {}, entered {}", entry.said.written, entry.entered));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> CaseNames {
        CaseNames {
            actors: vec!["premier".to_owned(), "president".to_owned()],
            issues: vec![("border".to_owned(), (0.0, 100.0))],
            stages: Vec::new(),
        }
    }

    fn source(text: &str) -> Source {
        Source { name: "record.csv".to_owned(), text: text.to_owned() }
    }

    fn demand(value: &str) -> Draft {
        [
            ("said", "2025-04-15"),
            ("speaker", "premier"),
            ("issue", "border"),
            ("kind", "demand"),
            ("value", value),
            ("grade", "A2"),
            ("text", "All of it, \"now\""),
        ]
        .into_iter()
        .fold(Draft::default(), |d, (c, t)| d.with(c, t))
    }

    fn codes(findings: &Findings) -> Vec<&str> {
        findings.list.iter().map(|d| d.code).collect()
    }

    #[test]
    fn an_empty_record_gets_its_header_and_the_first_id() {
        let mut findings = Findings::default();
        let added = add(&source(""), &[demand("0..0..5")], &names(), &mut findings).unwrap();
        assert!(findings.list.is_empty(), "{findings:?}");
        let (head, row) = added.text.split_once('\n').unwrap();
        assert_eq!(head, COLUMNS.join(","));
        assert_eq!(
            row,
            "r01,2025-04-15,2025-04-15,premier,border,demand,0..0..5,,,,A2,,,,\"All of it, \"\"now\"\"\",,\n"
        );
        assert_eq!(added.entries[0].text, "All of it, \"now\"");
        assert_eq!(added.entries[0].origin, "r01");
    }

    /// Odd but valid: columns in another order, quoted where it need not be, CRLF, no last line end.
    #[test]
    fn every_old_byte_stays_and_the_new_row_follows_its_manner() {
        let old = "text,kind,said , entered,id,value,issue,speaker\r\n\"Quoted\",\"event\", 2025-04-01 ,2025-04-02,r007,,,\r\nx,event,2025,2025-12-31,odd,,,";
        let mut findings = Findings::default();
        let draft = demand("10").with("grade", "");
        let added = add(&source(old), &[draft.clone(), draft], &names(), &mut findings).unwrap();
        assert_eq!(added.text, format!("{old}{}", added.tail));
        let row = |id| {
            format!(
                "\"All of it, \"\"now\"\"\",demand,2025-04-15,2025-04-15,{id},10,border,premier\r\n"
            )
        };
        assert_eq!(added.tail, format!("\r\n{}{}", row("r008"), row("r009")));
        assert_eq!(
            added.entries.iter().map(|e| e.id.as_str()).collect::<Vec<_>>(),
            ["r008", "r009"]
        );
        // Two entries that say the same count twice.
        assert_eq!(codes(&findings), ["again"]);
        // A column the record does not have is not dropped in silence.
        let mut findings = Findings::default();
        assert!(add(&source(old), &[demand("10")], &names(), &mut findings).is_none());
        assert_eq!(codes(&findings), ["missing-column"]);
    }

    #[test]
    fn what_the_reader_would_refuse_is_not_added() {
        let record = "id,said,entered,speaker,issue,kind,value,grade,contradicts,text\nr01,2025-04-01,2025-04-01,,,event,,,,x\n";
        for (draft, code) in [
            (demand("120"), "off-scale"),
            (demand(""), "missing"),
            (demand("5").with("speaker", "premir"), "unknown-name"),
            (demand("5").with("said", "soon"), "date"),
            (demand("5").with("entered", "2025-04-14"), "said-after-entered"),
            (demand("5").with("id", "r01"), "duplicate-id"),
            (demand("5").with("contradicts", "r09"), "unknown-name"),
            (demand("5").with("grade", "Z9"), "grade"),
        ] {
            let mut findings = Findings::default();
            assert_eq!(add(&source(record), &[draft], &names(), &mut findings), None, "{code}");
            assert_eq!(codes(&findings), [code]);
        }
        let mut findings = Findings::default();
        let open = record.replace(",x\n", ",\"x\n");
        assert_eq!(add(&source(&open), &[demand("5")], &names(), &mut findings), None);
        assert_eq!(codes(&findings), ["csv"]);
    }

    #[test]
    fn rows_of_a_spreadsheet_come_in_any_order_and_with_any_separator() {
        let rows = [["Text", "said", "kind"], ["What, now; then", "2025-04-01", "event"]];
        for (separator, cell) in
            [("\t", "What, now; then"), (";", "\"What, now; then\""), (",", "\"What, now; then\"")]
        {
            let body = [cell, rows[1][1], rows[1][2]].join(separator);
            let blank = [""; 3].join(separator);
            let text = format!("\u{feff}{}\r\n{body}\r\n{blank}\r\n", rows[0].join(separator));
            let mut findings = Findings::default();
            let drafts = pasted(&source(&text), &mut findings);
            assert!(findings.list.is_empty(), "{separator:?} {findings:?}");
            let expected = Draft::default()
                .with("text", rows[1][0])
                .with("said", rows[1][1])
                .with("kind", rows[1][2]);
            let cells: Vec<_> = drafts.iter().map(|draft| &draft.cells).collect();
            assert_eq!(cells, [&expected.cells], "{separator:?}");
        }
        for (text, code) in [
            ("said,kind,text,sauce\n2025,event,x,y\n", "unknown-column"),
            ("said,kind,text,kind\n2025,event,x,event\n", "duplicate-column"),
            ("said,text\n2025,x\n", "missing-column"),
            ("said,kind,text\n,,\n", "empty"),
        ] {
            let mut findings = Findings::default();
            assert!(pasted(&source(text), &mut findings).is_empty(), "{text}");
            assert_eq!(codes(&findings), [code], "{text}");
        }
    }

    /// What a German Excel saves: semicolons, days first, a decimal comma, blank cells at the end.
    #[test]
    fn a_record_saved_by_a_spreadsheet_is_read_and_goes_on_in_its_manner() {
        let old = "id;said;entered;speaker;issue;kind;value;text;;\r\n\
                   r01;12.04.2025;13.4.2025;premier;border;ideal;0,5..10..20,25;\"one; two\";;\r\n";
        let mut findings = Findings::default();
        let record = read(&source(old), &names(), &mut findings);
        assert!(findings.list.is_empty(), "{findings:?}");
        let entry = &record.entries[0];
        assert_eq!(entry.said.latest.to_string(), "2025-04-12");
        assert_eq!(entry.entered.to_string(), "2025-04-13");
        assert_eq!(entry.text, "one; two");
        assert_eq!(entry.value.as_ref().unwrap().written_bounds(), (0.5, 20.25));
        let draft = demand("10").with("grade", "");
        let added = add(&source(old), &[draft], &names(), &mut findings).unwrap();
        assert!(added.tail.starts_with("r02;2025-04-15;2025-04-15;premier;border;demand;10;"));
        // A thousand is no value, and one and a zero neither.
        let large = old.replace("20,25", "1,000");
        read(&source(&large), &names(), &mut findings);
        assert_eq!(codes(&findings), ["number"]);
    }

    /// Whatever stands in a cell of a record is read or said to be lost.
    #[test]
    fn no_text_is_lost_without_a_word() {
        let head = "id,said,entered,kind,text\r\n";
        let row = "r01,2025-04-01,2025-04-01,event,Talks went on\r\n";
        for (text, code, word) in [
            (
                format!("{head}{row}r02,2025-04-02,2025-04-02,event,Talks, again\r\n"),
                "cells",
                "6 cells and the header 5",
            ),
            (
                format!("{head}{row}r02,2025-04-02,2025-04-02,event,\"open\r\n{row}"),
                "csv",
                "never closed",
            ),
            (format!("{}{row}", head.replace("text", "text,text")), "duplicate-column", "twice"),
            (
                "id,said,entered,kind,,text\r\nr01,2025,2025-12-31,event,lost,x\r\n".to_owned(),
                "cells",
                "`lost`",
            ),
        ] {
            let mut findings = Findings::default();
            let source = source(&text);
            read(&source, &names(), &mut findings);
            assert_eq!(codes(&findings), [code], "{text}");
            let found = &findings.list[0];
            assert!(found.message.contains(word), "{}", found.message);
            let line = source.position(found.span.as_ref().unwrap().start).0;
            assert_eq!(
                line,
                if word.contains("twice") { 1 } else { text.lines().count().clamp(2, 3) },
                "{text}"
            );
            let mut findings = Findings::default();
            assert!(pasted(&source, &mut findings).len() <= 1);
            assert_eq!(codes(&findings), [code], "{text}");
        }
    }

    #[test]
    fn ids_go_on_from_the_highest() {
        let next = |ids: &[&str]| next_id(&ids.iter().map(|i| (*i).to_owned()).collect::<Vec<_>>());
        assert_eq!(next(&[]), "r01");
        assert_eq!(next(&["r01", "r23", "r05", "x99", "r", "r2a"]), "r24");
        assert_eq!(next(&["r99"]), "r100");
    }
}
