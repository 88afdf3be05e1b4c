//! `winset ensemble`: a forecast in shards, each a process of its own on whatever machine.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use winset_files::atomic;
use winset_files::case::load;
use winset_files::diagnostic::Findings;
use winset_files::shard::{self, Folder, FolderError, Pilot, Plan, ShardState};
use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::forecast::Forecast;
use winset_page::text::shell_path;
use winset_report::ensemble::{BadShard, EnsembleStatus, ranges, text};
use winset_report::head::RunHead;
use winset_report::names::term;

use crate::exit::Failure;
use crate::forecast::{bar, print, stop_on_interrupt};
use crate::input::{self, CaseArgs};
use crate::output::{print_json, say, wants_json};

/// `winset ensemble`
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct EnsembleArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(clap::Subcommand, Clone, Debug)]
enum Verb {
    /// Make a folder with a plan, the case, and room for the shards
    Plan(PlanArgs),
    /// Run a shard, unless it is done
    Run(RunArgs),
    /// Say which shards are done, missing or damaged
    Status(StatusArgs),
    /// Add all shards up: the same bytes as `winset forecast` with as many draws
    Merge(MergeArgs),
}

#[derive(clap::Args, Clone, Debug)]
struct PlanArgs {
    #[command(flatten)]
    case: CaseArgs,
    /// How many draws in all
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000_000))]
    draws: u64,
    /// The seed
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many shards [default: as many as make each take about a minute here]
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    shards: Option<u64>,
    /// The folder to make
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

#[derive(clap::Args, Clone, Debug)]
struct RunArgs {
    /// The folder
    folder: PathBuf,
    /// Which shard, from 0; `3/17` also checks that there are 17
    /// [default: SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX]
    #[arg(long, value_name = "I", value_parser = which)]
    shard: Option<(u64, Option<u64>)>,
    /// Run every shard that is not done, one after another
    #[arg(long, conflicts_with = "shard")]
    all: bool,
    /// How many threads; the result does not depend on it
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: u16,
}

#[derive(clap::Args, Clone, Debug)]
struct StatusArgs {
    /// The folder
    folder: PathBuf,
}

#[derive(clap::Args, Clone, Debug)]
struct MergeArgs {
    /// The folder
    folder: PathBuf,
    /// Write the JSON of the forecast to this file instead of printing it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Reads `3` or `3/17`.
fn which(text: &str) -> Result<(u64, Option<u64>), String> {
    let (i, n) = text.split_once('/').map_or((text, None), |(i, n)| (i, Some(n)));
    let number = |text: &str| text.parse::<u64>().map_err(|_| "write a shard as 3 or 3/17");
    let (i, n) = (number(i)?, n.map(number).transpose()?);
    match n {
        Some(n) if i >= n => {
            Err(format!("shards are counted from 0: the last is {}", n.max(1) - 1))
        }
        _ => Ok((i, n)),
    }
}

/// Runs it.
pub(crate) fn run(args: &EnsembleArgs) -> anyhow::Result<()> {
    match &args.verb {
        Verb::Plan(args) => plan(args),
        Verb::Run(args) => run_shards(args),
        Verb::Status(args) => status(args),
        Verb::Merge(args) => merge(args),
    }
}

/// How long a shard should take on one thread.
const SHARD_SECONDS: f64 = 60.0;

fn plan(args: &PlanArgs) -> anyhow::Result<()> {
    let mut findings = Findings::default();
    let files = input::files(args.case.case.as_deref(), &mut findings, false)?;
    let loaded = load(&files, args.case.as_of, &args.case.set, &mut findings);
    crate::diagnostics::print(&findings.list, &files);
    let case = loaded.ok_or(Failure::Explained)?.case;
    let pilot = if args.shards.is_none() { Some(pilot(&case, args.seed)?) } else { None };
    let shards = args.shards.unwrap_or_else(|| {
        let each = pilot.map_or(0.0, |p| p.seconds / p.draws as f64);
        (args.draws as f64 * each / SHARD_SECONDS).ceil().max(1.0) as u64
    });
    let mut plan = Plan::new(&case, &args.case.set, args.seed, args.draws, shards);
    plan.pilot = pilot;
    let folder = Folder::create(&args.out, &files, &plan).map_err(|e| explain(e, &args.out))?;
    let mut out = crate::output::door();
    out.write_all(text(&standing(&folder)?).as_bytes())?;
    Ok(out.flush()?)
}

/// Measures draws on one thread, past those that also seek conflicts.
fn pilot(case: &Case, seed: u64) -> anyhow::Result<Pilot> {
    let (mut draws, from) = (128, 1_000);
    loop {
        let start = Instant::now();
        let stop = stop_on_interrupt();
        if shard::run(case, seed, from..from + draws, Effort::silent(1, stop)).is_none() {
            return Err(Failure::Interrupted.into());
        }
        let seconds = start.elapsed().as_secs_f64();
        if seconds >= 0.3 || draws >= 1 << 20 {
            return Ok(Pilot { draws, seconds });
        }
        draws *= 4;
    }
}

fn run_shards(args: &RunArgs) -> anyhow::Result<()> {
    let folder = open(&args.folder)?;
    let n = folder.plan.shards;
    let shards = match (args.all, args.shard) {
        (true, _) => 0..n,
        (false, Some((i, of))) => one(i, of, &folder)?,
        (false, None) => one(from_scheduler(&folder)?, None, &folder)?,
    };
    for shard in shards {
        if folder.state(shard).map_err(|e| explain(e, &folder.path))? == ShardState::Done {
            say!("shard {shard} of {n} is done already");
            continue;
        }
        let draws = folder.plan.range(shard);
        let (from, to) = (draws.start, draws.end);
        let bar = bar(to - from);
        let start = Instant::now();
        let (stop, threads) = (stop_on_interrupt(), usize::from(args.threads));
        let progress = |n: u64| bar.inc(n);
        let effort = Effort { threads, stop, progress: &progress };
        let bytes = shard::run(&folder.case, folder.plan.seed, draws, effort);
        bar.finish_and_clear();
        let bytes = bytes.ok_or(Failure::Interrupted)?;
        folder.keep(shard, &bytes).map_err(|e| explain(e, &folder.path))?;
        let seconds = start.elapsed().as_secs_f64();
        say!(
            "shard {shard} of {n}: draws {from} to {} in {seconds:.1} s, {} kB",
            to - 1,
            bytes.len().div_ceil(1000)
        );
    }
    Ok(())
}

fn one(i: u64, of: Option<u64>, folder: &Folder) -> anyhow::Result<std::ops::Range<u64>> {
    let n = folder.plan.shards;
    if of.is_some_and(|of| of != n) {
        return Err(
            Failure::Usage(format!("the plan has {n} shards\n\nhint: --shard {i}/{n}")).into()
        );
    }
    if i >= n {
        let why = format!("there is no shard {i}: the plan has {n}, counted from 0");
        return Err(Failure::Usage(why).into());
    }
    Ok(i..i + 1)
}

/// The shard that the scheduler of the cluster gave this process.
fn from_scheduler(folder: &Folder) -> anyhow::Result<u64> {
    for name in ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX"] {
        let Some(value) = std::env::var_os(name) else { continue };
        let value = value.to_string_lossy();
        return value
            .parse()
            .map_err(|_| Failure::Usage(format!("{name} is `{value}`, not a number")).into());
    }
    Err(Failure::Usage(format!(
        "which shard?\n\nhint: --shard 0/{}, or --all for every one that is not done",
        folder.plan.shards
    ))
    .into())
}

fn standing(folder: &Folder) -> anyhow::Result<EnsembleStatus> {
    let plan = &folder.plan;
    let mut status = EnsembleStatus {
        schema: "winset/ensemble-status/1",
        version: plan.version.clone(),
        run: RunHead {
            fingerprint: plan.fingerprint.clone(),
            as_of: plan.as_of.clone(),
            seed: plan.seed,
            draws: plan.draws,
        },
        shards: plan.shards,
        folder: folder.path.display().to_string(),
        ..EnsembleStatus::default()
    };
    for shard in 0..plan.shards {
        match folder.state(shard).map_err(|e| explain(e, &folder.path))? {
            ShardState::Done => status.done += 1,
            ShardState::Missing => status.missing.push(shard),
            ShardState::Bad(why) => status.bad.push(BadShard { shard, why: why.to_string() }),
        }
    }
    Ok(status)
}

fn status(args: &StatusArgs) -> anyhow::Result<()> {
    let folder = open(&args.folder)?;
    let v = standing(&folder)?;
    let mut out = crate::output::door();
    if wants_json() {
        print_json(&mut out, &v)?;
    } else {
        out.write_all(text(&v).as_bytes())?;
    }
    Ok(out.flush()?)
}

fn merge(args: &MergeArgs) -> anyhow::Result<()> {
    let folder = open(&args.folder)?;
    let (plan, case) = (&folder.plan, &folder.case);
    let start = Instant::now();
    let tally = match folder.merge().map_err(|e| explain(e, &folder.path))? {
        Ok(tally) => tally,
        Err(wrong) => return Err(refused(&folder, &wrong).into()),
    };
    let forecast = Forecast::new(case, plan.seed, &tally, &term);
    if std::io::stderr().is_terminal() {
        let seconds = start.elapsed().as_secs_f64();
        say!("{} shards, {} draws in {seconds:.1} s", plan.shards, tally.draws);
    }
    match &args.output {
        Some(path) => Ok(atomic::write(path, &crate::output::json(&forecast)?)?),
        None => print(case, &forecast),
    }
}

/// At most so many shards are named in a refusal.
const NAMED: usize = 5;

/// Which shards stand in the way of a merge, and what to do about the first.
fn refused(folder: &Folder, wrong: &[(u64, ShardState)]) -> Failure {
    let missing: Vec<u64> =
        wrong.iter().filter(|(_, s)| *s == ShardState::Missing).map(|(k, _)| *k).collect();
    let mut said = Vec::new();
    match missing.as_slice() {
        [] => {}
        [k] => said.push(format!("shard {k} is missing")),
        _ => said.push(format!("shards {} are missing", ranges(&missing))),
    }
    let bad = wrong.iter().filter_map(|(k, state)| match state {
        ShardState::Bad(why) => Some(format!("shard {k} {why}")),
        _ => None,
    });
    said.extend(bad.take(NAMED));
    let (all, first) = (folder.plan.shards, wrong.first().map_or(0, |w| w.0));
    Failure::Refused(format!(
        "{} of {all} shards cannot be merged: {}\n\nhint: winset ensemble run {} --shard {first}/{all} \
         runs it again",
        wrong.len(),
        said.join("; "),
        shell_path(&folder.path)
    ))
}

fn open(path: &Path) -> anyhow::Result<Folder> {
    Folder::open(path).map_err(|e| explain(e, path))
}

/// What to do about a folder that cannot be used.
fn explain(error: FolderError, path: &Path) -> anyhow::Error {
    let place = path.display();
    let refused =
        |hint: String| Failure::Refused(format!("{place}: {error}\n\nhint: {hint}")).into();
    match &error {
        FolderError::Io(file, why)
            if why.kind() == std::io::ErrorKind::NotFound && file.ends_with("plan.json") =>
        {
            let hint = "winset ensemble plan --draws N --out DIR makes one";
            Failure::Usage(format!("{place} holds no plan\n\nhint: {hint}")).into()
        }
        FolderError::Io(file, why) => {
            anyhow::anyhow!("cannot read or write {}: {why}", file.display())
        }
        FolderError::Plan(_) | FolderError::Case(_) => {
            refused("copy the folder again from where it was planned".to_owned())
        }
        FolderError::Taken => {
            refused(format!("winset ensemble status {} says how it stands", shell_path(path)))
        }
        FolderError::Version(found) => {
            refused(format!("finish it with winset {found}, or plan it again in another folder"))
        }
        FolderError::Changed => refused(format!(
            "copy the folder again, or plan the changed case in another: its shards cannot be mixed \
             with those of {place}"
        )),
    }
}
