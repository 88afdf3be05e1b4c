//! `winset spatial`: where every position model sees each issue end, on a table or a case.

use crate::output::wants_json;
use std::path::Path;

use winset_methods::spatial::positions;
use winset_report::spatial::{self, Subject, chosen, subjects};

use crate::cli::RunArgs;
use crate::colour::terminal;
use crate::drivers::print;
use crate::exit::Failure;
use crate::forecast;
use crate::import::said;
use crate::input::{self, CaseArgs};

/// `winset spatial`
#[derive(clap::Args, Clone, Debug)]
#[command(
    after_help = "Instead of a case it takes a table of actors: a CSV file with the columns \
                        actor, capability, position, salience (several issues: `oil position`, `oil \
                        salience`, or a column issue), or one in the layout of KTAB. It says on stderr \
                        which columns it read."
)]
pub(crate) struct SpatialArgs {
    #[command(flatten)]
    pub(crate) case: CaseArgs,
    /// Run one model only
    #[arg(long, value_name = "ID")]
    pub(crate) model: Option<String>,
    /// Rounds of the models that have rounds
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub(crate) rounds: u16,
    /// Draws of the case's own forecast, whose terms are set beside; 0 leaves them out
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u64).range(0..=1_000_000))]
    pub(crate) draws: u64,
}

/// Runs it.
pub(crate) fn run(args: &SpatialArgs) -> anyhow::Result<()> {
    chosen(args.model.as_deref()).map_err(|e| Failure::Usage(e.to_string()))?;
    let (subjects, read) = match args.case.case.as_deref().filter(|path| is_table(path)) {
        Some(_) if args.case.as_of.is_some() || !args.case.set.is_empty() => {
            let why = "`--as-of` and `--set` change a case; this is a table of actors";
            return Err(Failure::Usage(why.to_owned()).into());
        }
        Some(table) => {
            // Opening says whether it is there at all; the rest is about what it holds.
            winset_files::bounded::open(table)?;
            let (subjects, read) =
                subjects(table).map_err(|e| Failure::Invalid(format!("{e:#}")))?;
            (subjects, Some(read))
        }
        None => (of_case(args)?, None),
    };
    let mut report = spatial::ask(&subjects, args.model.as_deref(), args.rounds.into())
        .map_err(|e| Failure::Invalid(format!("{e:#}")))?;
    if let Some(read) = read.as_ref().filter(|_| !wants_json()) {
        said(read);
    }
    report.read = read;
    let out = match wants_json() {
        true => serde_json::to_string_pretty(&report)? + "\n",
        false => terminal(&spatial::document(&report)),
    };
    print(&out, false)
}

/// A file that is not the case's own is a table.
fn is_table(path: &Path) -> bool {
    path.is_file() && path.extension().is_none_or(|e| e != "toml")
}

/// The members of a case on each issue, and where its own forecast puts the terms.
fn of_case(args: &SpatialArgs) -> anyhow::Result<Vec<Subject>> {
    let loaded = input::case(&args.case)?;
    let case = &loaded.case;
    let issues = positions(case).map_err(|e| Failure::Invalid(e.to_string()))?;
    if issues.is_empty() {
        let why = "every issue is one of options without order: a position model needs a scale";
        return Err(Failure::Invalid(why.to_owned()).into());
    }
    let mut terms = vec![None; case.issues.len()];
    if args.draws > 0 {
        let asked = RunArgs { draws: args.draws, seed: 1, threads: None };
        let (forecast, interrupted) = forecast::compute(case, asked, None)?;
        if interrupted {
            return Err(Failure::Interrupted.into());
        }
        terms = forecast.terms.iter().map(|row| row.q50).collect();
    }
    let each = case.ordered_issues().zip(issues);
    let subject = |((j, i), issue): ((usize, &winset_model::case::Issue), _)| Subject {
        name: i.name.clone(),
        issue,
        terms: terms[j],
    };
    Ok(each.map(subject).collect())
}
