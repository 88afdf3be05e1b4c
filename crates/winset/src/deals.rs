//! `winset deals`: the packages of a domain or a case, their frontier and the classical solutions.

use crate::output::wants_json;
use std::path::{Path, PathBuf};

use crate::colour::terminal;
use winset_files::diagnostic::suggest;
use winset_files::genius;
use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::forecast::{Deals, trades};
use winset_model::theory::domain::Domain;
use winset_report::deals::{self, domain};
use winset_report::names::Names;

use crate::cli::SeedArgs;
use crate::drivers::print;
use crate::exit::Failure;
use crate::forecast::{bar, stop_on_interrupt, threads};
use crate::input::{self, CaseArgs};
use crate::output;

/// `winset deals`
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = "PATH may also be a folder with a Genius domain and its profiles, or one \
                        of its XML files.")]
pub(crate) struct DealsArgs {
    #[command(flatten)]
    pub(crate) case: CaseArgs,
    /// How many draws a case's packages are judged on
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    pub(crate) draws: u64,
    /// Show what a rule of terms makes of a case's zone, instead of what the solutions choose: `people` is
    /// a distribution
    #[arg(long, value_name = "RULE", value_parser = ["people"])]
    pub(crate) rule: Option<String>,
    /// Put a text of `[texts]` to the sides: who ratifies it, who refuses and why, and the nearest that
    /// would pass
    #[arg(long, value_name = "NAME", conflicts_with = "rule")]
    pub(crate) text: Option<String>,
    /// Show the K best trades over all sides at once: moves of up to three issues by ten points by which
    /// every negotiator gains
    #[arg(long, value_name = "K", default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=50), conflicts_with = "text")]
    pub(crate) trades: u64,
    #[command(flatten)]
    pub(crate) chance: SeedArgs,
}

/// Runs it.
pub(crate) fn run(args: &DealsArgs) -> anyhow::Result<()> {
    match args.case.case.as_deref().and_then(domain_folder) {
        Some(_) if args.case.as_of.is_some() || !args.case.set.is_empty() => {
            let why = "`--as-of` and `--set` change a case; this is a domain of Genius\n\nhint: \
                       `winset import` makes a case of it";
            Err(Failure::Usage(why.to_owned()).into())
        }
        Some(_) if args.rule.is_some() => {
            let why = "`--rule` asks about the zone of a case; this is a domain of Genius\n\nhint: \
                       `winset import` makes a case of it";
            Err(Failure::Usage(why.to_owned()).into())
        }
        Some(_) if args.text.is_some() => {
            let why = "`--text` asks about a text of a case; this is a domain of Genius\n\nhint: \
                       `winset import` makes a case of it";
            Err(Failure::Usage(why.to_owned()).into())
        }
        Some(folder) => {
            let domain = load(&folder)?;
            // Its utilities may be refused.
            let report = domain::ask(&domain)
                .map_err(|e| Failure::Invalid(format!("{}: {e}", domain.name())))?;
            let out = match wants_json() {
                true => serde_json::to_string_pretty(&report)? + "\n",
                false => terminal(&domain::document(&report)),
            };
            print(&out, false)
        }
        None => of_case(args),
    }
}

/// Packages of a case: judged over the draws, traded, and solved at its central values.
fn of_case(args: &DealsArgs) -> anyhow::Result<()> {
    let loaded = input::case(&args.case)?;
    let case = &loaded.case;
    if let Some(text) = &args.text {
        return of_text(case, text, args);
    }
    let (stop, bar) = (stop_on_interrupt(), bar(Deals::work(args.draws)));
    let progress = |n: u64| bar.inc(n);
    let effort = Effort { threads: threads(args.chance.threads), stop, progress: &progress };
    let report = deals::ask(case, args.chance.seed, args.draws, effort);
    let mut report = report.map_err(Failure::Invalid)?.ok_or(Failure::Interrupted)?;
    if args.trades > 0 {
        let best = trades(case, args.chance.seed, args.draws, args.trades as usize, effort);
        report.judged.trades = Some(best.ok_or(Failure::Interrupted)?);
    }
    bar.finish_and_clear();
    let out = match wants_json() {
        true => serde_json::to_string_pretty(&report)? + "\n",
        false if args.rule.is_some() => {
            terminal(&deals::people_document(&report, &Names::new(case)))
        }
        false => terminal(&deals::document(&report, &Names::new(case))),
    };
    print(&out, false)
}

/// A text of the case, put to the draws.
fn of_text(case: &Case, id: &str, args: &DealsArgs) -> anyhow::Result<()> {
    let Some(text) = case.texts.iter().position(|t| t.id == id) else {
        let known = case.texts.iter().map(|t| t.id.as_str());
        let hint =
            suggest(id, known).unwrap_or_else(|| format!("write `[texts]` with `{id}.ISSUE = …`"));
        return Err(Failure::Usage(format!("there is no text `{id}`\n\nhint: {hint}")).into());
    };
    let (stop, bar) = (stop_on_interrupt(), bar(args.draws));
    let progress = |n: u64| bar.inc(n);
    let effort = Effort { threads: threads(args.chance.threads), stop, progress: &progress };
    let report = deals::text::ask(case, text, args.chance.seed, args.draws, effort);
    bar.finish_and_clear();
    let report = report.ok_or(Failure::Interrupted)?;
    output::print(&report, || deals::text::document(&report, &Names::new(case)))
}

/// The packages of a case at its central values.
pub(crate) fn of_central(case: &Case) -> anyhow::Result<Domain> {
    deals::domain(case).map_err(|why| Failure::Invalid(why).into())
}

/// The folder of a Genius domain, if the path is one or one of its files.
pub(crate) fn domain_folder(path: &Path) -> Option<PathBuf> {
    let xml = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("xml"));
    let folder = if xml && path.is_file() { path.parent()? } else { path };
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    if !genius::is_domain(folder) {
        return None;
    }
    // `.` and `..` do not say what the domain is called.
    match folder.file_name() {
        Some(_) => Some(folder.to_path_buf()),
        None => Some(folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf())),
    }
}

/// Loads a domain.
pub(crate) fn load(folder: &Path) -> anyhow::Result<Domain> {
    genius::load(folder).map_err(|error| match error.io {
        true => anyhow::anyhow!("{error}"),
        false => Failure::Invalid(error.to_string()).into(),
    })
}
