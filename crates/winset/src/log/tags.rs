//! Handing the log on: CSV, JSON, machine tags.

use std::io::Write;

use serde_json::json;
use winset_files::log::{Entry, to_csv, to_json};
use winset_page::words::{confidence_tag, credibility_tag, likelihood_tag, reliability_tag};

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
            false => to_csv(&log.entries, of_entry)?,
        };
        out.write_all(text.as_bytes())?;
        return Ok(());
    }
    let loaded = place.load(None, args.json)?;
    let entries = log.entries.iter().map(|e| ("log", e.id.clone(), of_entry(e)));
    let record = loaded.record.entries.iter().filter_map(|e| {
        let grade = e.grade?;
        let tags = [
            reliability_tag(grade.reliability.letter()),
            credibility_tag(grade.credibility.digit()),
        ];
        Some(("record", e.id.clone(), tags.into_iter().flatten().collect()))
    });
    let all: Vec<(&str, String, Vec<String>)> =
        entries.chain(record).filter(|(_, _, tags)| !tags.is_empty()).collect();
    if args.json {
        let rows: Vec<_> =
            all.iter().map(|(of, id, tags)| json!({ "of": of, "id": id, "tags": tags })).collect();
        let report = json!({ "schema": "winset/tags/1", "tags": rows });
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        writeln!(out, "of,id,tag")?;
        for (of, id, tags) in &all {
            for tag in tags {
                writeln!(out, "{of},{id},\"{}\"", tag.replace('"', "\"\""))?;
            }
        }
    }
    Ok(())
}
