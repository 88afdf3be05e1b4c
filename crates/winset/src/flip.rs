//! `winset flip`: what would take the answer across a threshold.

use crate::colour::terminal;
use crate::output::wants_json;
use clap::Args;
use winset_model::explain::flip::{FlipSettings, work};
use winset_report::drivers::FEWEST;
use winset_report::flip::{self, DRAWS, JOINT, VERIFY};
use winset_report::names::counted;

use crate::drivers::{SearchArgs, print};
use crate::input;

/// `winset flip`
#[derive(Args, Clone, Debug)]
pub(crate) struct FlipArgs {
    #[command(flatten)]
    pub(crate) search: SearchArgs,
    /// The threshold that the answer has to cross, between 0 and 1
    #[arg(long, value_parser = threshold)]
    p: f64,
    /// Draws of the search; what it finds is applied and run on sixteen times as many
    #[arg(long, default_value_t = DRAWS, value_parser = clap::value_parser!(u64).range(FEWEST..=1_000_000))]
    draws: u64,
    /// Change at most so many inputs together
    #[arg(long, default_value_t = JOINT, value_parser = clap::value_parser!(u16).range(1..=100))]
    joint: u16,
    /// Print a table: a row an input of each change
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

fn threshold(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(p) if p > 0.0 && p < 1.0 => Ok(p),
        _ => Err("write a probability between 0 and 1, such as 0.5".to_owned()),
    }
}

/// `winset flip`
pub(crate) fn run(args: &FlipArgs) -> anyhow::Result<()> {
    let search = &args.search;
    let loaded = input::read(&search.case, wants_json() || args.csv)?;
    let case = &loaded.case;
    let settings = FlipSettings {
        p: args.p,
        draws: args.draws,
        verify: VERIFY * args.draws,
        top: usize::from(search.top),
        joint: usize::from(args.joint),
        seed: search.chance.seed,
    };
    let report = search.watched(work(case, &settings), |e| flip::ask(case, &settings, e));
    let out = if wants_json() {
        serde_json::to_string_pretty(&report)? + "\n"
    } else if args.csv {
        flip::table(&report).csv()
    } else {
        terminal(&flip::document(&report, &counted(case)))
    };
    print(&out, report.interrupted)
}
