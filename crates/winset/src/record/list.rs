//! `winset record list`: the entries, filtered.

use std::io::Write;
use std::path::PathBuf;

use winset_files::belief::p_true;
use winset_files::case::Loaded;
use winset_files::record::{Entry, Kind};
use winset_model::case::Day;
use winset_model::uncertain::Dist;
use winset_report::record::{Row, table, text};

use crate::input::{self, CaseArgs};

/// `winset record list`
#[derive(clap::Args, Clone, Debug)]
pub(super) struct ListArgs {
    /// A folder with case.toml, or the file itself; a built-in case by its name
    case: Option<PathBuf>,
    /// Only what this actor said or did
    #[arg(long, value_name = "ACTOR")]
    actor: Option<String>,
    /// Only what is about this issue
    #[arg(long, value_name = "ISSUE")]
    issue: Option<String>,
    /// Only this kind: ideal, demand, red_min, red_max, event
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Only what was said on this day or later
    #[arg(long, value_name = "DAY", value_parser = input::day)]
    since: Option<Day>,
    /// Only what was said and entered by this day
    #[arg(long, value_name = "DAY", value_parser = input::day)]
    as_of: Option<Day>,
    /// Print JSON
    #[arg(long, conflicts_with = "csv")]
    pub(super) json: bool,
    /// Print comma-separated values
    #[arg(long)]
    csv: bool,
}

/// Runs it.
pub(super) fn run(args: &ListArgs) -> anyhow::Result<()> {
    let which = CaseArgs { case: args.case.clone(), ..CaseArgs::default() };
    let loaded = input::case(&which, args.json)?;
    let case = &loaded.case;
    let actor =
        input::named(args.actor.as_deref(), "actor", case.actors.iter().map(|a| a.id.as_str()))?;
    let issue =
        input::named(args.issue.as_deref(), "issue", case.issues.iter().map(|j| j.id.as_str()))?;
    let kind = input::named(args.kind.as_deref(), "kind", Kind::ALL.into_iter().map(Kind::name))?;
    let kind = kind.and_then(|k| Kind::ALL.get(k).copied());
    let rows: Vec<Row> = (loaded.record.entries.iter())
        .filter(|e| actor.is_none() || e.speaker == actor)
        .filter(|e| issue.is_none() || e.issue == issue)
        .filter(|e| kind.is_none_or(|k| e.kind == k))
        .filter(|e| args.since.is_none_or(|day| e.said.latest >= day))
        .filter(|e| args.as_of.is_none_or(|day| e.said.latest <= day && e.entered <= day))
        .map(|e| row(&loaded, e))
        .collect();
    let mut out = std::io::stdout().lock();
    if args.json {
        let report = serde_json::json!({
            "schema": "winset/record/1",
            "case": case.title,
            "entries": rows,
        });
        serde_json::to_writer_pretty(&mut out, &report)?;
        writeln!(out)?;
    } else if args.csv {
        out.write_all(table(&rows).csv().as_bytes())?;
    } else {
        out.write_all(text(&rows).as_bytes())?;
        eprintln!("{} of {} entries", rows.len(), loaded.record.entries.len());
    }
    Ok(())
}

fn row(loaded: &Loaded, e: &Entry) -> Row {
    let case = &loaded.case;
    let cites = case.inputs.iter().filter(|i| i.rests_on.contains(&e.id));
    Row {
        id: e.id.clone(),
        said: e.said.written.clone(),
        entered: e.entered.to_string(),
        speaker: e.speaker.and_then(|i| case.actors.get(i)).map(|a| a.id.clone()),
        issue: e.issue.and_then(|j| case.issues.get(j)).map(|j| j.id.clone()),
        kind: e.kind.name().to_owned(),
        value: e.value.as_ref().and_then(Dist::written),
        grade: e.grade.map(|g| g.to_string()),
        p_true: p_true(e),
        origin: e.origin.clone(),
        cited: cites.map(|i| i.path.clone()).collect(),
        text: e.text.clone(),
    }
}
