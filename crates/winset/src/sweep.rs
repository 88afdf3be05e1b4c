//! `winset sweep`: a table of variants of a case, resumable.

use crate::output::{say, wants_json};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Context;
use winset_files::case::{CaseFiles, load};
use winset_files::diagnostic::{Diagnostic, Findings, Severity, Source};
use winset_files::sweep::{Part, PartError, Spec, read};
use winset_files::{atomic, bounded};
use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::explain::{Sweep, SweepRow, sweep};
use winset_model::forecast::VERSION;
use winset_report::sweep::{report, table};

use crate::diagnostics;
use crate::exit::Failure;
use crate::forecast::{bar, stop_on_interrupt, threads};
use crate::input;

const EXAMPLE: &str = "A spec is TOML:
  case  = \"us-iran-2025\"
  draws = 2000
  [grid]                               # every combination
  sides.us.discount = [5, 10, 20]
  constants.zref = { from = 50, to = 80, steps = 4 }
  [list]                               # one row after another
  sides.iran.cost = [2, \"2..4..7\"]
  [random]                             # drawn from ranges
  n = 20
  sides.us.cost = \"0..1..3\"
Further keys: seed, as_of, set = [\"PATH=VALUE\"].";

/// `winset sweep`
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLE)]
pub(crate) struct SweepArgs {
    /// What to vary
    spec: PathBuf,
    /// Write to this file instead of printing; rows gather in FILE.part, and the same command goes
    /// on after a stop. A name in .parquet gives Parquet, if winset was built with that feature
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How many threads [default: all]; the result does not depend on it
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

/// How the rows are written.
#[derive(Clone, Copy)]
enum Form {
    Csv,
    Json,
    #[cfg(feature = "parquet")]
    Parquet,
}

impl Form {
    fn of(args: &SweepArgs) -> anyhow::Result<Self> {
        let form = if wants_json() { Self::Json } else { Self::Csv };
        let Some(path) = args.output.as_ref() else { return Ok(form) };
        if !path.extension().is_some_and(|e| e.eq_ignore_ascii_case("parquet")) {
            return Ok(form);
        }
        let path = path.display();
        if wants_json() {
            let why = format!("{path} is to be Parquet, and --json asks for JSON\n\n");
            return Err(Failure::Usage(why + "hint: leave one of them out").into());
        }
        #[cfg(feature = "parquet")]
        return Ok(Self::Parquet);
        #[cfg(not(feature = "parquet"))]
        Err(Failure::Usage(format!(
            "{path}: this winset was built without Parquet\n\nhint: build it with `cargo build \
             --release --features parquet`, or write CSV with -o to another name"
        ))
        .into())
    }
}

/// A case that varies.
struct Varied {
    spec: Spec,
    files: CaseFiles,
    base: Case,
    issues: Vec<String>,
}

impl Varied {
    /// The case at a point, or everything that is wrong with it.
    fn case(&self, point: usize) -> Result<Case, Vec<Diagnostic>> {
        let mut findings = Findings::default();
        match load(&self.files, self.spec.as_of, &self.spec.overrides(point), &mut findings) {
            Some(loaded) => Ok(loaded.case),
            None => Err(findings.list),
        }
    }
}

/// Runs it.
pub(crate) fn run(args: &SweepArgs) -> anyhow::Result<()> {
    let form = Form::of(args)?;
    let varied = open(args)?;
    let spec = &varied.spec;
    let points = spec.points();
    let mut part = match &args.output {
        Some(path) => Some(begin(path, &varied)?),
        None => None,
    };
    let done = part.as_mut().map(|p| std::mem::take(&mut p.done)).unwrap_or_default();
    let left: Vec<usize> = (0..points).filter(|k| !done.contains_key(k)).collect();
    if !done.is_empty() {
        say!("{} of {points} points are done already", done.len());
    }
    let stop = stop_on_interrupt();
    check(args, &varied, &left, stop)?;
    let bar = bar(left.len() as u64 * spec.draws);
    // Rows, the file they go to, and why that failed.
    let found = Mutex::new((done, part, None));
    let row = |k: usize, row: SweepRow| {
        let Ok(mut found) = found.lock() else { return };
        let (rows, part, failed) = &mut *found;
        if let Some(Err(why)) = part.as_mut().map(|part| part.add(k, &row)) {
            stop.store(true, Ordering::Relaxed);
            *failed = Some(why);
        }
        rows.insert(k, row);
    };
    let work = Sweep { points: left, draws: spec.draws, seed: spec.seed };
    let progress = |n: u64| bar.inc(n);
    let effort = Effort { threads: threads(args.threads), stop, progress: &progress };
    sweep(&work, &|k| varied.case(k).ok(), &row, effort);
    bar.finish_and_clear();
    let (rows, part, failed) = found.into_inner().unwrap_or_default();
    if let Some(why) = failed {
        return Err(anyhow::Error::from(why).context("the part file cannot be written"));
    }
    let whole = rows.len() == points;
    if whole || args.output.is_none() {
        let bytes = bytes(form, &varied, &rows)?;
        match &args.output {
            Some(path) => {
                atomic::write(path, &bytes)?;
                drop(part);
                let part = beside(path);
                std::fs::remove_file(&part)
                    .with_context(|| format!("cannot remove {}", part.display()))?;
            }
            None => {
                let mut out = crate::output::data();
                out.write_all(&bytes)?;
                out.flush()?;
            }
        }
    }
    if whole {
        return Ok(());
    }
    if let Some(path) = &args.output {
        let (n, part) = (rows.len(), beside(path));
        say!("{n} of {points} points are kept in {}: the same command goes on", part.display());
    }
    Err(Failure::Interrupted.into())
}

/// Reads the spec and the case it names.
fn open(args: &SweepArgs) -> anyhow::Result<Varied> {
    let name = args.spec.display().to_string();
    let text =
        bounded::read(&args.spec, bounded::TEXT).with_context(|| format!("cannot read {name}"))?;
    let mut findings = Findings::default();
    let source = winset_files::case::decode(name, text, &mut findings);
    let spec = if findings.failed() { None } else { read(&source, &mut findings) };
    diagnostics::print(&findings.list, &shown(&source));
    let mut spec = spec.ok_or(Failure::Explained)?;
    let case = spec.case.as_ref().map(|case| {
        let beside = args.spec.parent().unwrap_or(Path::new("")).join(case);
        if beside.exists() { beside } else { PathBuf::from(case) }
    });
    let mut findings = Findings::default();
    let files = input::files(case.as_deref(), &mut findings, wants_json())?;
    let loaded = load(&files, spec.as_of, &spec.set, &mut findings);
    diagnostics::print(&findings.list, &files);
    let base = loaded.ok_or(Failure::Explained)?.case;
    let issues = base.issues.iter().map(|j| j.id.clone()).collect();
    spec.on_scales(|path| base.inputs.iter().find(|i| i.path == path).map(|i| i.scale));
    Ok(Varied { spec, files, base, issues })
}

/// A spec as diagnostics are shown on.
fn shown(source: &Source) -> CaseFiles {
    CaseFiles { case: source.clone(), ..CaseFiles::default() }
}

/// Makes sure that every point has a case before any is run: what is wrong is said at the line of
/// the spec that varies it.
fn check(
    args: &SweepArgs,
    varied: &Varied,
    left: &[usize],
    stop: &AtomicBool,
) -> anyhow::Result<()> {
    for k in left {
        if stop.load(Ordering::Relaxed) {
            return Err(Failure::Interrupted.into());
        }
        let mut wrong = match varied.case(*k) {
            Ok(case) if case.issues.iter().map(|j| &j.id).eq(&varied.issues) => continue,
            Ok(_) => {
                return Err(Failure::Invalid(format!("point {k} adds an issue to the case")).into());
            }
            Err(wrong) => wrong,
        };
        let name = args.spec.display().to_string();
        let text = bounded::read_to_string(&args.spec, bounded::TEXT).unwrap_or_default();
        let source = Source { name: name.clone(), text };
        wrong.retain(|d| d.severity == Severity::Error);
        for d in &mut wrong {
            let Some(path) = d.file.strip_prefix("--set ") else { continue };
            let under = |axis: &str| {
                path == axis
                    || path.strip_prefix(axis).is_some_and(|rest| rest.starts_with('.'))
                    || axis.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'))
            };
            if let Some(axis) = varied.spec.axes().find(|axis| under(&axis.path)) {
                (d.file, d.span) = (name.clone(), Some(axis.at.clone()));
            }
        }
        let files = CaseFiles { record: Some(varied.files.case.clone()), ..shown(&source) };
        diagnostics::print(&wrong, &files);
        return Err(Failure::Explained.into());
    }
    Ok(())
}

/// Where rows gather until all are there.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    path.with_file_name(name)
}

fn begin(path: &Path, varied: &Varied) -> anyhow::Result<Part> {
    let place = beside(path);
    let hash = varied.spec.hash(&varied.base.fingerprint(), VERSION);
    Part::open(&place, &hash, varied.spec.points(), varied.issues.len()).map_err(|why| {
        let place = place.display();
        match why {
            PartError::Io(why) => anyhow::Error::from(why).context(format!("cannot write {place}")),
            PartError::Busy => Failure::Refused(format!(
                "{place}: {why}\n\nhint: wait for it, or write to another file with -o"
            ))
            .into(),
            PartError::Other => Failure::Refused(format!(
                "{place}: {why}\n\nhint: remove it to begin anew, or write to another file with -o"
            ))
            .into(),
        }
    })
}

/// The rows as a file.
fn bytes(form: Form, varied: &Varied, rows: &BTreeMap<usize, SweepRow>) -> anyhow::Result<Vec<u8>> {
    let Varied { base, spec, .. } = varied;
    Ok(match form {
        Form::Csv => table(base, spec, rows).csv().into_bytes(),
        #[cfg(feature = "parquet")]
        Form::Parquet => winset_table::Columns::of(&table(base, spec, rows))?.parquet()?,
        Form::Json => {
            let mut bytes = serde_json::to_vec_pretty(&report(base, spec, rows))?;
            bytes.push(b'\n');
            bytes
        }
    })
}
