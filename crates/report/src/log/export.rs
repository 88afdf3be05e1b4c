//! The log and the tags of what it says as tables.

use winset_files::log::{LogEntry, Outcome};
use winset_page::table::{Cell, Column, DataTable};

use super::TagsRow;

/// An entry with the machine tags that travel with it.
struct TaggedEntry<'a> {
    entry: &'a LogEntry,
    tags: Vec<String>,
}

/// Texts in one cell.
fn joined(parts: impl IntoIterator<Item = String>) -> Cell {
    let parts: Vec<String> = parts.into_iter().collect();
    if parts.is_empty() { Cell::Empty } else { Cell::Text(parts.join("; ")) }
}

fn columns<'a>() -> [Column<TaggedEntry<'a>>; 27] {
    [
        Column::text("id", |t| (&t.entry.id).into()),
        Column::text("question", |t| (&t.entry.question).into()),
        Column::text("kind", |t| t.entry.kind.word().into()),
        Column::date("as_of", |t| Cell::Date(t.entry.as_of.to_string())),
        Column::text("made_at", |t| t.entry.made_at.to_string().into()),
        Column::text("author", |t| (&t.entry.author).into()),
        Column::date("by", |t| t.entry.by.map(|d| Cell::Date(d.to_string())).into()),
        Column::number("p", |t| t.entry.p.into()),
        Column::text("term", |t| t.entry.term.as_ref().into()),
        Column::text("confidence", |t| t.entry.confidence.map(|c| c.word()).into()),
        Column::text("model_version", |t| t.entry.model_version.as_ref().into()),
        Column::text("inputs_hash", |t| t.entry.inputs_hash.as_ref().into()),
        Column::whole("seed", |t| t.entry.seed.into()),
        Column::whole("draws", |t| t.entry.draws.into()),
        Column::text("trigger", |t| t.entry.trigger.as_ref().into()),
        Column::number("delta_logit", |t| t.entry.delta_logit.into()),
        Column::text("rationale", |t| t.entry.rationale.as_ref().into()),
        Column::text("supersedes", |t| t.entry.supersedes.as_ref().into()),
        Column::text("outcome", |t| t.entry.outcome.map(Outcome::word).into()),
        Column::date("resolved_on", |t| {
            t.entry.resolved_on.map(|d| Cell::Date(d.to_string())).into()
        }),
        Column::text("tags", |t| joined(t.entry.tags.clone())),
        Column::text("cdf", |t| joined(t.entry.cdf.iter().map(|(date, p)| format!("{date} {p}")))),
        Column::text("attribution", |t| {
            joined(t.entry.attribution.iter().map(|a| format!("{} {}", a.cause, a.p)))
        }),
        Column::text("references", |t| {
            joined(t.entry.references.iter().map(|(k, p)| format!("{k} {p}")))
        }),
        Column::text("machine_tags", |t| joined(t.tags.clone())),
        Column::text("prev_hash", |t| (&t.entry.prev_hash).into()),
        Column::text("hash", |t| (&t.entry.hash).into()),
    ]
}

/// The entries as a table: lists are joined with `; `, pairs with a space.
///
/// `machine_tags` gives the tags of an entry, so that words and grades travel with it.
pub fn table(entries: &[LogEntry], machine_tags: impl Fn(&LogEntry) -> Vec<String>) -> DataTable {
    let rows: Vec<TaggedEntry<'_>> =
        entries.iter().map(|entry| TaggedEntry { entry, tags: machine_tags(entry) }).collect();
    DataTable::new(&columns(), &rows)
}

/// Tags as a table: a row a tag.
pub fn tags(rows: &[TagsRow]) -> DataTable {
    let cells = rows.iter().flat_map(|row| {
        row.tags.iter().map(|tag| vec![row.of.to_owned(), row.id.clone(), tag.clone()])
    });
    DataTable::texts(&["of", "id", "tag"], cells)
}

#[cfg(test)]
mod tests {
    use winset_files::log::{LogKind, LogStatement};

    use super::*;

    #[test]
    fn a_table_holds_every_entry_and_no_formula() {
        let day = |d| jiff::civil::date(2025, 4, d);
        let entry = |id: &str, kind| LogEntry {
            id: id.to_owned(),
            statement: LogStatement::new(kind, "deal", day(9), jiff::Timestamp::UNIX_EPOCH, "ann"),
            prev_hash: "p".to_owned(),
            hash: format!("hash-of-{id}"),
        };
        let mut first = entry("f1", LogKind::Update);
        first.statement.p = Some(0.3);
        first.statement.rationale = Some("=1+1, a \"formula\"".to_owned());
        first.statement.cdf = vec![(day(9), 0.2), (day(10), 0.3)];
        let mut last = entry("f2", LogKind::Resolution);
        last.statement.outcome = Some(Outcome::No);
        let table = table(&[first, last], |e| vec![format!("tag-of-{}", e.id)]);
        let at = |row: usize, name: &str| {
            let column = table.columns.iter().position(|(n, _)| n == name).unwrap();
            table.rows[row][column].clone()
        };
        assert_eq!(at(0, "p"), Cell::Number(0.3));
        assert_eq!(at(0, "cdf"), Cell::Text("2025-04-09 0.2; 2025-04-10 0.3".to_owned()));
        assert_eq!(at(0, "machine_tags"), Cell::Text("tag-of-f1".to_owned()));
        assert_eq!(at(1, "outcome"), Cell::Text("no".to_owned()));
        assert_eq!(at(1, "hash"), Cell::Text("hash-of-f2".to_owned()));
        assert_eq!(at(1, "p"), Cell::Empty);
        assert!(table.csv().contains("\"'=1+1, a \"\"formula\"\"\""));
    }
}
