//! `winset diff`: two cases, scenarios or dates on the same random numbers.

use crate::output::wants_json;
use std::path::PathBuf;
use std::sync::atomic::Ordering;

use crate::colour::terminal;
use winset_model::case::Day;
use winset_model::effort::Effort;
use winset_model::explain::{Diff, compare};
use winset_model::forecast::Run;
use winset_report::diff::{PairNames, document};

use crate::cli::RunArgs;
use crate::drivers::print;
use crate::exit::Failure;
use crate::forecast::{bar, stop_on_interrupt, threads};
use crate::input::{self, CaseArgs, day};

/// `winset diff`
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = "Examples:\n  winset diff --with sides.us.discount=20\n  \
                        winset diff . other-case\n  winset diff --a-as-of 2025-04-15 --b-as-of 2025-04-21")]
pub(crate) struct DiffArgs {
    /// The first case, A [default: ./case.toml, else the built-in us-iran-2025]
    a: Option<PathBuf>,
    /// The second case, B [default: A]
    b: Option<PathBuf>,
    /// Change an input of B (repeatable)
    #[arg(long = "with", visible_alias = "b-set", value_name = "PATH=VALUE")]
    with: Vec<String>,
    /// Change an input of A (repeatable)
    #[arg(long, value_name = "PATH=VALUE")]
    a_set: Vec<String>,
    /// Change an input of both (repeatable)
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<String>,
    /// Tell A from this day
    #[arg(long, value_name = "DAY", value_parser = day)]
    a_as_of: Option<Day>,
    /// Tell B from this day
    #[arg(long, value_name = "DAY", value_parser = day)]
    b_as_of: Option<Day>,
    /// Tell both from this day, where a side has no day of its own
    #[arg(long, value_name = "DAY", value_parser = day)]
    as_of: Option<Day>,
    #[command(flatten)]
    run: RunArgs,
}

impl DiffArgs {
    /// One side: the options of both, then its own.
    fn side(&self, case: Option<&PathBuf>, as_of: Option<Day>, set: &[String]) -> CaseArgs {
        CaseArgs {
            case: case.cloned(),
            as_of: as_of.or(self.as_of),
            set: [&self.set, set].concat(),
        }
    }
}

/// Runs it.
pub(crate) fn run(args: &DiffArgs) -> anyhow::Result<()> {
    let a = args.side(args.a.as_ref(), args.a_as_of, &args.a_set);
    let b = args.side(args.b.as_ref().or(args.a.as_ref()), args.b_as_of, &args.with);
    if (&a.case, a.as_of, &a.set) == (&b.case, b.as_of, &b.set) {
        let hint = "winset diff --with sides.us.discount=20 changes an input of B";
        return Err(Failure::Usage(format!("A and B are the same\n\nhint: {hint}")).into());
    }
    let (a, b) = (input::case(&a)?.case, input::read(&b, true)?.case);
    let stop = stop_on_interrupt();
    let bar = bar(args.run.draws);
    let settings = Run { seed: args.run.seed, draws: 0..args.run.draws };
    let progress = |n: u64| bar.inc(n);
    let effort = Effort { threads: threads(args.run.threads), stop, progress: &progress };
    let compared = compare(&[&a, &b], &settings, effort);
    bar.finish_and_clear();
    let diff = Diff::new(&[&a, &b], args.run.seed, &compared, 1).filter(|diff| diff.draws > 0);
    let diff = diff.ok_or(Failure::Interrupted)?;
    let out = match wants_json() {
        true => serde_json::to_string_pretty(&diff)? + "\n",
        false => terminal(&document(&diff, PairNames { a: &a, b: &b })),
    };
    print(&out, stop.load(Ordering::Relaxed))
}
