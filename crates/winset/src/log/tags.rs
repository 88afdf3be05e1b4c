//! Handing the log on: CSV, JSON, machine tags.

use std::io::Write;

use serde_json::json;
use winset_files::log::{Entry, to_json};
use winset_page::words::{confidence_tag, credibility_tag, likelihood_tag, reliability_tag};
use winset_report::log::export::{self, TagRow};

use super::ExportArgs;
use super::place::Place;

/// The tags of an entry: likelihood and confidence, each on its own axis.
fn of_entry(e: &Entry) -> Vec<String> {
    let likelihood = e.p.and_then(likelihood_tag);
    let confidence = e.confidence.and_then(|c| confidence_tag(c.word()));
    [likelihood, confidence].into_iter().flatten().collect()
}

/// `winset log export`
pub(super) fn export(args: &ExportArgs) -> anyhow::Result<()> {
    let place = Place::of(args.case.as_deref())?;
    let log = place.read()?;
    let mut out = std::io::stdout().lock();
    if !args.tags {
        let text = match args.json {
            true => to_json(&log)? + "\n",
            false => export::table(&log.entries, of_entry).csv(),
        };
        out.write_all(text.as_bytes())?;
        return Ok(());
    }
    let loaded = place.load(None, args.json)?;
    let entries =
        log.entries.iter().map(|e| TagRow { of: "log", id: e.id.clone(), tags: of_entry(e) });
    let record = loaded.record.entries.iter().filter_map(|e| {
        let grade = e.grade?;
        let tags = [
            reliability_tag(grade.reliability.letter()),
            credibility_tag(grade.credibility.digit()),
        ];
        let tags = tags.into_iter().flatten().collect();
        Some(TagRow { of: "record", id: e.id.clone(), tags })
    });
    let all: Vec<TagRow> = entries.chain(record).filter(|row| !row.tags.is_empty()).collect();
    let text = if args.json {
        let row = |row: &TagRow| json!({ "of": row.of, "id": row.id, "tags": row.tags });
        let rows: Vec<_> = all.iter().map(row).collect();
        let report = json!({ "schema": "winset/tags/1", "tags": rows });
        serde_json::to_string_pretty(&report)? + "\n"
    } else {
        export::tags(&all).csv()
    };
    out.write_all(text.as_bytes())?;
    Ok(())
}
