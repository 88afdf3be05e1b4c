//! `winset deals` on a case: packages judged over the draws, trades, linkage, and the classical
//! solutions at its central values.

use std::io::Write;

use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::forecast::{Deals, deals};
use winset_model::theory::domain::Domain;
use winset_report::deals as packages;
use winset_report::deals::domain_text::deal_space as classical_text;
use winset_report::deals::text as view;

use crate::deals::DealsArgs;
use crate::exit::Failure;
use crate::forecast::{bar, stop_on_interrupt, threads};
use crate::input;

/// Runs it.
pub(crate) fn run(args: &DealsArgs) -> anyhow::Result<()> {
    let loaded = input::case(&args.case, args.json)?;
    let case = &loaded.case;
    let (report, space) = packages::solved(case).map_err(Failure::Invalid)?;
    let (stop, bar) = (stop_on_interrupt(), bar(Deals::work(args.draws)));
    let progress = |n: u64| bar.inc(n);
    let effort = Effort { threads: threads(args.threads), stop, progress: &progress };
    let judged = deals(case, args.seed, args.draws, effort);
    bar.finish_and_clear();
    let judged = judged.ok_or(Failure::Interrupted)?;
    let mut out = std::io::stdout().lock();
    if args.json {
        let json = packages::json(case, args.seed, &report, &judged)?;
        serde_json::to_writer_pretty(&mut out, &json)?;
        writeln!(out)?;
    } else {
        out.write_all(view::text(&packages::view_of(case, &judged)).as_bytes())?;
        writeln!(out)?;
        out.write_all(classical_text(&space).as_bytes())?;
    }
    Ok(out.flush()?)
}

/// The packages of a case at its central values.
pub(crate) fn domain(case: &Case) -> anyhow::Result<Domain> {
    packages::domain(case).map_err(|why| Failure::Invalid(why).into())
}
