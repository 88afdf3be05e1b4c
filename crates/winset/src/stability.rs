//! `winset stability`: what would hold without a deal, of a graph model or of a case.

use std::path::{Path, PathBuf};

use anyhow::Context;
use winset_files::case::CaseFiles;
use winset_files::diagnostic::{Findings, Source, suggest};
use winset_files::stability::{ConflictFile, is_model, open, read};
use winset_methods::stability::{ResponseRule, STABILITY_CONCEPTS, StabilityConcept};
use winset_model::case::Day;
use winset_model::effort::Effort;
use winset_report::names::Names;
use winset_report::stability::{
    DEFAULT_CONCEPTS, StabilityAsk, StabilityReport, case_report, concepts, document, of_file,
    report, table, without_model,
};
use winset_report::when::COMPARED;

use crate::cli::RunArgs;
use crate::exit::Failure;
use crate::input::{self, CaseArgs};
use crate::{diagnostics, forecast, output};

/// `winset stability`
#[derive(clap::Args, Clone, Debug)]
#[command(
    after_help = "A graph model is a TOML file with [options] and [preferences], or JSON with \
                        `options`, `states` and `decision_makers`. Of a case its own model is \
                        derived: what its sides can do alone."
)]
pub(crate) struct StabilityArgs {
    /// A graph model (TOML or JSON), or a case: a folder, its file, or a built-in case by its name
    /// [default: ./case.toml, else the built-in us-iran-2025]
    #[arg(value_name = "MODEL")]
    path: Option<PathBuf>,
    /// Of a file with several models the one of this name
    #[arg(long = "model", value_name = "NAME")]
    model_name: Option<String>,
    /// Which responses of the others count: one-step, each-once, or legal-sequences, in which nobody
    /// moves twice in a row [default: what the file says, else legal-sequences]
    #[arg(long, visible_alias = "semantics", value_name = "RULE", value_parser = rule)]
    responses: Option<ResponseRule>,
    /// Ask these concepts, by id with commas between [default: nash,gmr,smr,seq,sim,sseq,l3,nm]
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    concepts: Vec<String>,
    /// Ask for coalitions in models of more than 64 states, too
    #[arg(long)]
    coalitions: bool,
    /// Tell a case from this day: later entries and announcements are not seen
    #[arg(long, value_name = "DAY", value_parser = input::day)]
    as_of: Option<Day>,
    /// Change an input of a case for this run (repeatable)
    #[arg(long = "set", value_name = "PATH=VALUE")]
    set: Vec<String>,
    #[command(flatten)]
    run: RunArgs,
    /// Print a table: a row a state
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

/// Reads a rule of responses.
fn rule(text: &str) -> Result<ResponseRule, String> {
    let word = text.to_lowercase().replace(['_', ' '], "-");
    let found = ResponseRule::ALL.iter().find(|(name, _)| *name == word);
    found.map(|(_, rule)| *rule).ok_or_else(|| {
        let names: Vec<&str> = ResponseRule::ALL.iter().map(|(name, _)| *name).collect();
        format!("one of: {}", names.join(", "))
    })
}

/// Runs it.
pub(crate) fn run(args: &StabilityArgs) -> anyhow::Result<()> {
    let asked = asked(&args.concepts)?;
    let report = match &args.path {
        Some(path) if path.is_file() => match model(path, args)? {
            Some(file) => of_model(&file, &asked, args)?,
            None => of_a_case(&asked, args)?,
        },
        _ => of_a_case(&asked, args)?,
    };
    if args.csv {
        use std::io::Write;
        let mut out = output::door();
        out.write_all(table(&report).csv().as_bytes())?;
        return Ok(out.flush()?);
    }
    output::print(&report, || document(&report))
}

/// The concepts asked.
fn asked(ids: &[String]) -> anyhow::Result<Vec<&'static dyn StabilityConcept>> {
    let own = match ids {
        [] => concepts(DEFAULT_CONCEPTS),
        ids => concepts(ids.iter().map(String::as_str)),
    };
    own.map_err(|id| {
        let hint = suggest(id, STABILITY_CONCEPTS.iter().map(|c| c.id())).unwrap_or_default();
        Failure::Usage(format!("there is no concept `{id}`\n\nhint: {hint}")).into()
    })
}

/// The model in a file; `None` where it is a case.
fn model(path: &Path, args: &StabilityArgs) -> anyhow::Result<Option<ConflictFile>> {
    let mut findings = Findings::default();
    let source: Source =
        open(path, &mut findings).with_context(|| format!("cannot read {}", path.display()))?;
    if !findings.failed() && !is_model(&source) {
        return Ok(None);
    }
    let read = match findings.failed() {
        true => None,
        false => read(&source, args.model_name.as_deref(), &mut findings),
    };
    diagnostics::print(&findings.list, &CaseFiles { case: source, ..CaseFiles::default() });
    read.map(Some).ok_or_else(|| Failure::Explained.into())
}

fn effort(args: &StabilityArgs) -> Effort<'static> {
    Effort::silent(forecast::threads(args.run.threads), forecast::stop_on_interrupt())
}

fn of_model(
    file: &ConflictFile,
    concepts: &[&'static dyn StabilityConcept],
    args: &StabilityArgs,
) -> anyhow::Result<StabilityReport> {
    if args.as_of.is_some() || !args.set.is_empty() {
        let why = "`--as-of` and `--set` are for cases\n\nhint: edit the file of the model";
        return Err(Failure::Usage(why.to_owned()).into());
    }
    let model = of_file(file, args.responses, args.run.seed);
    let (draws, seed) = (args.run.draws, args.run.seed);
    let asked =
        StabilityAsk { concepts, draws, seed, coalitions: args.coalitions, effort: effort(args) };
    Ok(report(&model, &asked, None))
}

fn of_a_case(
    concepts: &[&'static dyn StabilityConcept],
    args: &StabilityArgs,
) -> anyhow::Result<StabilityReport> {
    let case = CaseArgs { case: args.path.clone(), as_of: args.as_of, set: args.set.clone() };
    let loaded = input::read(&case, output::wants_json() || args.csv)?;
    let case = &loaded.case;
    let compared = RunArgs { draws: args.run.draws.min(COMPARED), ..args.run };
    let (told, interrupted) = forecast::compute(case, compared, None)?;
    forecast::finish(interrupted)?;
    let (draws, seed) = (args.run.draws, args.run.seed);
    let asked =
        StabilityAsk { concepts, draws, seed, coalitions: args.coalitions, effort: effort(args) };
    let responses = args.responses.unwrap_or_default();
    case_report(&Names::new(case), &told, responses, &asked)
        .map_err(|error| Failure::Invalid(without_model(&error)).into())
}
