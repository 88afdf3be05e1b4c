//! `winset belief`: where everyone stands and stood, and who reversed.

use crate::output::wants_json;
use std::io::Write;

use crate::colour::terminal;
use winset_report::belief::{self, BeliefChoice};
use winset_report::names::Names;

use crate::exit::Failure;
use crate::input::{self, CaseArgs};

/// `winset belief`
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct BeliefArgs {
    #[command(flatten)]
    case: CaseArgs,
    /// Only this actor
    #[arg(long, value_name = "ACTOR")]
    actor: Option<String>,
    /// Only this issue
    #[arg(long, value_name = "ISSUE")]
    issue: Option<String>,
}

/// Runs it.
pub(crate) fn run(args: &BeliefArgs) -> anyhow::Result<()> {
    let loaded = input::case(&args.case)?;
    let case = &loaded.case;
    let actors = case.actors.iter().map(|a| a.id.as_str());
    let issues = case.issues.iter().map(|j| j.id.as_str());
    let choice = BeliefChoice {
        actor: input::named(args.actor.as_deref(), "actor", actors)?,
        issue: input::named(args.issue.as_deref(), "issue", issues)?,
    };
    let report = belief::ask(case, &loaded.record, choice).map_err(Failure::Invalid)?;
    let mut out = crate::output::door();
    if wants_json() {
        serde_json::to_writer_pretty(&mut out, &report)?;
        writeln!(out)?;
    } else {
        let document = belief::document(&report, &Names::new(case));
        out.write_all(terminal(&document).as_bytes())?;
    }
    Ok(())
}
