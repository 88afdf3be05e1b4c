//! Handing the log on: CSV, JSON, machine tags.

use std::io::Write;

use winset_files::log::LogEntry;
use winset_page::words::{confidence_tag, credibility_tag, likelihood_tag, reliability_tag};

use winset_report::log::{LogExport, TagsReport, TagsRow, export};

use super::ExportArgs;
use super::place::Place;
use crate::output::{print_json, wants_json};

/// The tags of an entry: likelihood and confidence, each on its own axis.
fn of_entry(e: &LogEntry) -> Vec<String> {
    let likelihood = e.p.and_then(likelihood_tag);
    let confidence = e.confidence.and_then(|c| confidence_tag(c.word()));
    [likelihood, confidence].into_iter().flatten().collect()
}

/// `winset log export`
pub(super) fn export(args: &ExportArgs) -> anyhow::Result<()> {
    let place = Place::to_read(args.case.as_deref())?;
    let log = place.read()?;
    let mut out = crate::output::data();
    if !args.tags {
        if wants_json() {
            return print_json(&mut out, &LogExport::new(&log));
        }
        return Ok(out.write_all(export::table(&log.entries, of_entry).csv().as_bytes())?);
    }
    let loaded = place.load(None)?;
    let row =
        |of: &'static str, id: &str, tags: Vec<String>| TagsRow { of, id: id.to_owned(), tags };
    let entries = log.entries.iter().map(|e| row("log", &e.id, of_entry(e)));
    let record = loaded.record.entries.iter().filter_map(|e| {
        let grade = e.grade?;
        let tags = [
            reliability_tag(grade.reliability.letter()),
            credibility_tag(grade.credibility.digit()),
        ];
        Some(row("record", &e.id, tags.into_iter().flatten().collect()))
    });
    let tags = entries.chain(record).filter(|row| !row.tags.is_empty()).collect();
    let report = TagsReport { schema: "winset/tags/1", tags };
    if wants_json() {
        return print_json(&mut out, &report);
    }
    write!(out, "{}", export::tags(&report.tags).csv())?;
    Ok(())
}
