//! `winset review`: a person decides on proposed entries; what is accepted goes into the record.

mod desk;
mod keys;

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use winset_report::read::{KeptProposal, ReviewDecision, ReviewReport, UnreadFile, said};
use winset_text::alpha::alpha;

use crate::cli::WaitArgs;
use crate::exit::{Failure, judged};
use crate::output::{print_text, say, wants_json};
use crate::read::kept;
use desk::Desk;
#[cfg(feature = "serve")]
pub(crate) use desk::draft;

/// `winset review`
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct ReviewArgs {
    /// A folder with case.toml, or the file itself [default: ./case.toml]
    case: Option<PathBuf>,
    /// Enter this proposal in the record (repeatable)
    #[arg(long, value_name = "ID")]
    accept: Vec<String>,
    /// Set this proposal aside (repeatable)
    #[arg(long, value_name = "ID")]
    reject: Vec<String>,
    /// Enter every open proposal that the record takes
    #[arg(long, conflicts_with = "reject_all")]
    accept_all: bool,
    /// Set every open proposal aside
    #[arg(long)]
    reject_all: bool,
    /// Change a proposal before it is decided on: p03.value=20..30..40, and said, speaker, issue,
    /// kind, grade, channel or note (repeatable)
    #[arg(long = "set", value_name = "ID.KEY=TEXT")]
    set: Vec<String>,
    /// Take back the last decision or change
    #[arg(long)]
    undo: bool,
    /// List the proposals and change nothing
    #[arg(long)]
    list: bool,
    /// Decide as a further reader: noted beside the first one's decision, and nothing is entered
    #[arg(long, value_name = "NAME")]
    reader: Option<String>,
    #[command(flatten)]
    wait: WaitArgs,
}

impl ReviewArgs {
    /// Whether it says what to do, so that nobody is asked.
    fn says(&self) -> bool {
        let lists = [&self.accept, &self.reject, &self.set];
        self.accept_all
            || self.reject_all
            || self.undo
            || self.list
            || lists.iter().any(|l| !l.is_empty())
    }
}

/// Runs it.
pub(crate) fn run(args: &ReviewArgs) -> anyhow::Result<()> {
    let folder = kept::folder(args.case.as_deref())?;
    let asks = !args.says() && std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if !args.says() && !asks && !wants_json() {
        let what = "there is no terminal to ask on";
        let hint =
            "`winset review --list`, `--accept ID`, `--reject ID` and `--accept-all` need none";
        return Err(Failure::Usage(format!("{what}\n\nhint: {hint}")).into());
    }
    // Held to the end: what is read is what is added to.
    let reads_only = args.list || (!asks && !args.says());
    let lock = if reads_only { None } else { Some(args.wait.lock(&folder)?) };
    let mut desk = Desk::open(&folder, args.reader.clone())?;
    if asks && !wants_json() {
        keys::ask(&mut desk)?;
    } else {
        told(args, &mut desk)?;
    }
    drop(lock);
    report(args, &desk)
}

/// Does what the options say: changes first, then decisions.
fn told(args: &ReviewArgs, desk: &mut Desk) -> anyhow::Result<()> {
    if args.undo {
        desk.undo()?;
    }
    for change in &args.set {
        desk.set(change)?;
    }
    for id in &args.accept {
        desk.named(id)?;
    }
    for id in &args.reject {
        desk.named(id)?;
    }
    let open = desk.open_ids();
    let all = |yes: bool| if yes { open.clone() } else { Vec::new() };
    for id in args.accept.iter().chain(&all(args.accept_all)) {
        desk.accept(id)?;
    }
    for id in args.reject.iter().chain(&all(args.reject_all)) {
        desk.reject(id)?;
    }
    Ok(())
}

/// Says what was done, and what is left.
fn report(args: &ReviewArgs, desk: &Desk) -> anyhow::Result<()> {
    let report = ReviewReport {
        schema: "winset/review/1",
        file: kept::place(&desk.folder),
        changed: desk.changed.clone(),
        refused: desk
            .refused
            .iter()
            .map(|(id, why)| UnreadFile { name: id.clone(), why: why.clone() })
            .collect(),
        open: desk.open_ids().len(),
        alpha: agreement(&desk.kept.proposals),
        proposals: desk.kept.proposals.clone(),
    };
    let printed = print_text(&report, || {
        let shown = |p: &&KeptProposal| args.list || report.changed.contains(&p.id);
        let line = |p: &KeptProposal| {
            let state = match (p.decision, &p.entry) {
                (ReviewDecision::Accepted, Some(entry)) => format!("entered as {entry}"),
                (ReviewDecision::Accepted, None) => "entered".to_owned(),
                (ReviewDecision::Rejected, _) => "set aside".to_owned(),
                (ReviewDecision::Open, _) => "open".to_owned(),
            };
            format!("{}      → {state}\n", said(&p.id, &p.proposal))
        };
        let mut out: String = report.proposals.iter().filter(shown).map(line).collect();
        if let Some(alpha) = report.alpha {
            out.push_str(&format!("agreement of the readers: Krippendorff's alpha {alpha:.2}\n"));
        }
        out
    });
    if !wants_json() {
        for (id, why) in &desk.refused {
            say!("{id} is not entered: {why}");
        }
        say!("{} open", report.open);
    }
    // What was asked for by name and could not be entered is a failure.
    judged(printed, desk.refused.is_empty())
}

/// The agreement of all who decided on the same proposals.
fn agreement(proposals: &[KeptProposal]) -> Option<f64> {
    let unit = |p: &KeptProposal| -> Vec<bool> {
        let all = p.readers.values().chain([&p.decision]);
        all.filter(|d| **d != ReviewDecision::Open)
            .map(|d| *d == ReviewDecision::Accepted)
            .collect()
    };
    alpha(&proposals.iter().map(unit).collect::<Vec<_>>())
}

/// Writes to the terminal, harmless whatever a document says.
fn show(text: &str) -> anyhow::Result<()> {
    let mut out = crate::output::door();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}
