//! `winset record list`: the entries, filtered.

use std::io::Write;
use std::path::PathBuf;

use winset_model::case::Day;
use winset_model::record::EntryKind;
use winset_report::record::{RecordReport, table, text};

use crate::input::{self, CaseArgs};
use crate::output::{print_json, say, wants_json};

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
    /// Print comma-separated values
    #[arg(long)]
    csv: bool,
}

/// Runs it.
pub(super) fn run(args: &ListArgs) -> anyhow::Result<()> {
    let which = CaseArgs { case: args.case.clone(), ..CaseArgs::default() };
    let loaded = input::case(&which)?;
    let case = &loaded.case;
    let actor =
        input::named(args.actor.as_deref(), "actor", case.actors.iter().map(|a| a.id.as_str()))?;
    let issue =
        input::named(args.issue.as_deref(), "issue", case.issues.iter().map(|j| j.id.as_str()))?;
    let kind = input::named(
        args.kind.as_deref(),
        "kind",
        EntryKind::ALL.into_iter().map(EntryKind::name),
    )?;
    let kind = kind.and_then(|k| EntryKind::ALL.get(k).copied());
    let report = RecordReport::new(&loaded, |e| {
        (actor.is_none() || e.speaker == actor)
            && (issue.is_none() || e.issue == issue)
            && kind.is_none_or(|k| e.kind == k)
            && args.since.is_none_or(|day| e.said.latest >= day)
            && args.as_of.is_none_or(|day| e.seen(day))
    });
    let mut out = crate::output::door();
    if wants_json() {
        print_json(&mut out, &report)?;
    } else if args.csv {
        out.write_all(table(&report.entries).csv().as_bytes())?;
    } else {
        out.write_all(text(&report.entries).as_bytes())?;
        say!("{} of {} entries", report.entries.len(), loaded.record.entries.len());
    }
    Ok(())
}
