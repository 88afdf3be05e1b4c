//! `winset backtest talks`: rules of agreement and of terms on talks of people over known values.

use std::path::PathBuf;

use crate::colour::terminal;
use anyhow::Context;
use winset_files::atomic;
use winset_files::case::CaseFiles;
use winset_files::class::open;
use winset_files::diagnostic::Findings;
use winset_files::talks::read;
use winset_report::talks::{ask, document};

use crate::diagnostics;
use crate::drivers::print;
use crate::exit::Failure;
use crate::output::{say, wants_json};

/// `winset backtest talks`
#[derive(clap::Args, Clone, Debug)]
#[command(
    after_help = "A table has a row a talk: for every item X the columns `count_X,a_X,b_X,a_got_X` \
                        (pieces, worth of a piece to each side, what side a got), and `turns,ending`; the \
                        ending is `deal`, `contradiction`, `none` or `walked away`. `id`, `a_walk_away` \
                        and `b_walk_away` may stand beside them. Without counts and with food, water and \
                        firewood it is the layout of CaSiNo."
)]
pub(crate) struct TalksArgs {
    /// The tables, CSV files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Fit the constants of the rules of terms, and score them on structures left out
    #[arg(long)]
    fit: bool,
    /// Write what was foretold of every talk: the chance of a deal, and by each rule that of the
    /// package struck
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Runs it.
pub(crate) fn run(args: &TalksArgs) -> anyhow::Result<()> {
    let mut files = Vec::new();
    let mut failed = false;
    for path in &args.files {
        let mut findings = Findings::default();
        let source =
            open(path, &mut findings).with_context(|| format!("cannot read {}", path.display()))?;
        let talks = if findings.failed() { None } else { read(&source, &mut findings) };
        let name = source.name.clone();
        diagnostics::print(&findings.list, &CaseFiles { case: source, ..CaseFiles::default() });
        match talks {
            Some(talks) => files.push((name, talks)),
            None => failed = true,
        }
    }
    if failed {
        return Err(Failure::Explained.into());
    }
    let (report, predictions) = ask(&files, args.fit, args.out.is_some());
    if let (Some(path), Some(table)) = (&args.out, predictions) {
        atomic::write(path, table.csv().as_bytes())?;
        say!("wrote {}", path.display());
    }
    let out = match wants_json() {
        true => serde_json::to_string_pretty(&report)? + "\n",
        false => terminal(&document(&report)),
    };
    print(&out, false)
}
