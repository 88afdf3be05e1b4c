//! `winset check`: everything wrong, in one pass.

use std::io::Write;

use winset_files::case::{CaseFiles, ResolvedCase, load, outline};
use winset_files::diagnostic::Findings;
use winset_files::record;
use winset_model::case::{Actor, Case};
use winset_model::forecast::DrawCost;
use winset_page::text::count;
use winset_report::diagnostics::{CheckReport, counts};

use crate::cli::CheckArgs;
use crate::exit::judged;
use crate::output::{print_json, wants_json};
use crate::{diagnostics, input};

/// Runs it.
pub(crate) fn run(args: &CheckArgs) -> anyhow::Result<()> {
    let mut findings = Findings::default();
    let files = input::files(args.case.case.as_deref(), &mut findings, wants_json())?;
    let loaded = load(&files, args.case.as_of, &args.case.set, &mut findings);
    if let Some(loaded) = &loaded
        && let Some(source) = &files.record
        && let Some(outline) = outline(&files, &args.case.set, &mut Findings::default())
    {
        record::warn(&loaded.record, source, &outline, &mut findings);
    }
    if let Some(loaded) = &loaded {
        slow(&loaded.case, loaded.record.entries.len(), &files.case.name, &mut findings);
    }
    let (errors, warnings) = counts(&findings.list);
    let good = errors == 0 && !(args.strict && warnings > 0);
    judged(said(&findings, &files, loaded.as_ref()), good)
}

/// Prints what was found, and what the case holds.
fn said(
    findings: &Findings,
    files: &CaseFiles,
    loaded: Option<&ResolvedCase>,
) -> anyhow::Result<()> {
    let mut out = crate::output::door();
    if wants_json() {
        print_json(&mut out, &CheckReport::new(&findings.list, files))?;
    } else {
        diagnostics::print(&findings.list, files);
        if let Some(loaded) = loaded {
            let c = &loaded.case;
            let bare = winset_report::forecast::unsupported(c).count();
            let inputs = c.inputs.iter().filter(|i| i.written).count();
            writeln!(
                out,
                "{}: {}, {}, {}, {} ({bare} with no entry and no note), {}",
                files.case.name,
                count(c.issues.len(), "issue", "issues"),
                count(c.sides.len(), "side", "sides"),
                count(c.actors.len(), "actor", "actors"),
                count(inputs, "input", "inputs"),
                count(loaded.record.entries.len(), "record entry", "record entries")
            )?;
            if let Some(unnamed) = c.unnamed_class() {
                writeln!(out, "{unnamed}")?;
            }
        }
        let (errors, warnings) = counts(&findings.list);
        let errors = count(errors, "error", "errors");
        writeln!(out, "{errors}, {}", count(warnings, "warning", "warnings"))?;
    }
    Ok(())
}

/// Entries from which on `winset belief` takes a while, and what each takes (`docs/performance-notes.md`).
const MANY_ENTRIES: usize = 2_000;
const SECONDS_AN_ENTRY: f64 = 0.01;

/// Says what will be slow.
fn slow(case: &Case, entries: usize, file: &str, findings: &mut Findings) {
    let cost = DrawCost::of(case);
    if cost.seconds() >= DrawCost::SLOW {
        let message =
            format!("{}: about {:.0} s a thousand draws on one core", cost.most(), cost.seconds());
        let hint =
            "`--draws 1000` shows what a forecast says; more only narrow its error".to_owned();
        findings.warning("slow", file, None, message, Some(hint));
    }
    if entries >= MANY_ENTRIES && case.actors.iter().any(recorded) {
        let seconds = SECONDS_AN_ENTRY * entries as f64;
        let message =
            format!("{entries} record entries: `winset belief` takes about {seconds:.0} s");
        findings.warning("slow", file, None, message, None);
    }
}

/// Whether a position of an actor comes from the record.
fn recorded(actor: &Actor) -> bool {
    actor.member.as_ref().is_some_and(|m| m.ideal.iter().any(|i| i.recorded))
}
