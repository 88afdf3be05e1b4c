//! `winset brief`: one file to send.

use crate::output::{say, wants_json};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use winset_files::atomic::{self, Links};
use winset_files::diagnostic::Findings;
use winset_files::log::Log;
use winset_model::case::Day;
use winset_page::text::Text;
use winset_report::brief::{Brief, NumberChange, figures, html, json, left, markdown};
use winset_report::brief::{BriefCommand, Past, Settings, brief, changed, history};
use winset_report::forecast::DateRow;
use winset_report::history::{HistoryDays, ask as daily};
use winset_report::moved;
use winset_report::redaction::RedactionReport;
use winset_report::when::COMPARED;

use crate::browser::Browser;
use crate::cli::ForecastArgs;
use crate::exit::Failure;
use crate::{diagnostics, forecast, input};

/// `winset brief`
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct BriefArgs {
    #[command(flatten)]
    pub(crate) forecast: ForecastArgs,
    /// Write this file: .html, .md, .json, .pdf (with Chromium on the machine), or .docx
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// The format, where no file says it [default: md]
    #[arg(long, value_name = "FORMAT", conflicts_with = "json")]
    pub(crate) format: Option<Format>,
    /// Say what changed since this day
    #[arg(long, value_name = "DAY", value_parser = input::day)]
    pub(crate) since: Option<Day>,
    /// Write every chart into this folder, as SVG to publish and as CSV
    #[arg(long, value_name = "DIR")]
    pub(crate) figures: Option<PathBuf>,
    /// Hide sources and the names of actors; roles and numbers stay
    #[arg(long)]
    pub(crate) redact: bool,
    /// Who may read it, at the head and the foot of every page: `--marking "For Smith & Co. only"`
    #[arg(long, value_name = "TEXT")]
    pub(crate) marking: Option<String>,
    /// Draws of each forecast that is only compared, at most
    #[arg(long, value_name = "DRAWS", default_value_t = COMPARED, value_parser = clap::value_parser!(u64).range(1..=10_000_000))]
    pub(crate) compared: u64,
}

/// How a brief is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// One page that needs nothing else
    Html,
    /// Markdown
    Md,
    /// The values
    Json,
    /// Pages of paper, set by a Chromium on this machine
    Pdf,
    /// For a word processor, with the charts as images where a Chromium is on this machine
    Docx,
}

impl BriefArgs {
    fn format(&self) -> anyhow::Result<Format> {
        if wants_json() {
            return Ok(Format::Json);
        }
        let Some(path) = &self.output else { return Ok(self.format.unwrap_or(Format::Md)) };
        let by_name = match path.extension().and_then(|e| e.to_str()) {
            Some("html" | "htm") => Some(Format::Html),
            Some("md" | "markdown") => Some(Format::Md),
            Some("json") => Some(Format::Json),
            Some("pdf") => Some(Format::Pdf),
            Some("docx") => Some(Format::Docx),
            _ => None,
        };
        self.format.or(by_name).ok_or_else(|| {
            let why = format!(
                "{} ends in none of .html, .md, .json, .pdf and .docx\n\nhint: name the file so, or give \
                 `--format`",
                path.display()
            );
            Failure::Usage(why).into()
        })
    }
}

/// Makes it.
pub(crate) fn run(args: &BriefArgs) -> anyhow::Result<()> {
    let format = args.format()?;
    // Before the work: without it there is no use in any.
    let browser = match format {
        Format::Pdf => Some(Browser::needed()?),
        Format::Docx => for_docx()?,
        Format::Html | Format::Md | Format::Json => None,
    };
    let run = &args.forecast;
    let loaded = input::case(&run.case)?;
    let (computed, interrupted) = forecast::compute(&loaded.case, run.run, run.mcse)?;
    if interrupted {
        return Err(Failure::Interrupted.into());
    }
    let log = log(args)?;
    let settings = Settings {
        compared: args.compared,
        leverage: args.compared.div_ceil(4),
        threads: forecast::threads(run.run.threads),
        redact: args.redact,
        marking: args.marking.clone(),
        command: command(args, computed.draws),
    };
    let (changed, history) = match args.since {
        Some(day) => {
            let (change, history) = since(args, day, loaded.case.as_of, computed.answer.p)?;
            (Some(change), history)
        }
        None => (None, Vec::new()),
    };
    let past = Past { log: log.as_ref(), changed, history };
    // How much there is to compare depends on the case: a sign of life, not a share.
    let alive = forecast::bar(1)
        .with_style(indicatif::ProgressStyle::default_spinner())
        .with_message("the case otherwise: theories, assumptions, what can be seen");
    alive.enable_steady_tick(std::time::Duration::from_millis(120));
    let made = brief(&loaded, &computed, past, &settings, forecast::stop_on_interrupt());
    alive.finish_and_clear();
    if forecast::stop_on_interrupt().load(std::sync::atomic::Ordering::Relaxed) {
        return Err(Failure::Interrupted.into());
    }
    let text = written(&made, format)?;
    let mut all = vec![text.clone()];
    if let Some(folder) = &args.figures {
        all.extend(charts(&made, folder)?);
    }
    let bytes = match (format, browser) {
        (Format::Docx, browser) => docx(&made, browser.as_ref())?,
        (_, Some(browser)) => browser.pdf(&text)?,
        (_, None) => text.into_bytes(),
    };
    match &args.output {
        Some(path) => {
            atomic::write(path, &bytes)?;
            say!("{}: {} kB", path.display(), bytes.len().div_ceil(1000));
        }
        None => {
            let mut out = crate::output::data();
            out.write_all(&bytes)?;
            out.flush()?;
        }
    }
    if args.redact {
        names_left(&left(&loaded, &all));
    }
    Ok(())
}

/// What draws the charts of a file for a word processor, if anything does.
///
/// # Errors
/// The command was built without it.
#[cfg(feature = "documents")]
#[expect(clippy::unnecessary_wraps, reason = "without the feature it is an error")]
fn for_docx() -> anyhow::Result<Option<Browser>> {
    Ok(Browser::find())
}

#[cfg(not(feature = "documents"))]
fn for_docx() -> anyhow::Result<Option<Browser>> {
    let why = "this build of winset writes no .docx\n\nhint: build it with `cargo build --release \
               --features documents`; or write `-o brief.html`, which a word processor opens";
    Err(Failure::Usage(why.to_owned()).into())
}

/// The brief for a word processor; where nothing draws, the charts are tables and it says so.
#[cfg(feature = "documents")]
fn docx(brief: &Brief, browser: Option<&Browser>) -> anyhow::Result<Vec<u8>> {
    use winset_page::document::{FIGURE_WIDTH, docx};
    let document = winset_report::brief::compose(brief);
    let drawings: Vec<String> =
        document.figures.iter().map(|(_, f)| f.picture_svg(FIGURE_WIDTH).0).collect();
    let images = browser.map(|b| b.images(&drawings)).transpose()?;
    if images.is_none() {
        say!(
            "the charts are tables in it: images are drawn by Chromium, and none was found on this \
             machine; name one in `WINSET_CHROMIUM`"
        );
    }
    docx(&document, images.as_ref()).context("cannot pack the document")
}

#[cfg(not(feature = "documents"))]
fn docx(_: &Brief, _: Option<&Browser>) -> anyhow::Result<Vec<u8>> {
    for_docx().map(|_| Vec::new())
}

/// Says which words a redacted brief still holds that may name somebody: no rule knows all names.
fn names_left(words: &[String]) {
    if wants_json() {
        crate::output::say_json(&RedactionReport::new(words).line());
    } else if words.is_empty() {
        say!("no word of the case with a capital is left");
    } else {
        let mut text = Text::default();
        text.wrapped("left as they are: ", &words.join(", "));
        say!("{}", text.out.trim_end());
    }
}

/// What moved the number since an earlier day, and the number on each day from then on.
fn since(
    args: &BriefArgs,
    day: Day,
    as_of: Day,
    answer: f64,
) -> anyhow::Result<(NumberChange, Vec<DateRow>)> {
    if day >= as_of {
        let hint = "name an earlier day in `--since`";
        let why = format!("{day} is not before {as_of}, the day of the brief\n\nhint: {hint}");
        return Err(Failure::Usage(why).into());
    }
    let run = &args.forecast;
    let mut findings = Findings::default();
    let files = input::files(run.case.case.as_deref(), &mut findings, true)?;
    let threads = forecast::threads(run.run.threads);
    let settings = moved::MovedSettings { seed: run.run.seed, draws: args.compared, threads };
    let (stop, sets) = (forecast::stop_on_interrupt(), &run.case.set);
    let failed = |error: moved::MovedError| -> anyhow::Error {
        match error {
            moved::MovedError::Case(list) => {
                diagnostics::print(&list, &files);
                Failure::Explained.into()
            }
            moved::MovedError::Days(why) => Failure::Invalid(why).into(),
            moved::MovedError::Stopped => Failure::Interrupted.into(),
        }
    };
    let found = moved::ask(&files, sets, (day, as_of), &settings, stop, &|_, _| {});
    let found = found.map_err(failed)?;
    let days = HistoryDays { from: Some(day), to: Some(as_of), every: 1 };
    let told = daily(&files, sets, &days, &settings, stop, &|_, _| {});
    Ok((changed(&found, answer), history(&told.map_err(failed)?, answer)))
}

/// Width of a chart to publish, px.
const WIDTH: f64 = 760.0;

/// Writes each chart as SVG and its numbers as CSV; the texts that were written.
fn charts(brief: &Brief, folder: &Path) -> anyhow::Result<Vec<String>> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let all = figures(brief);
    let mut texts = Vec::new();
    for (_, figure) in &all {
        for (ending, text) in [("svg", figure.standalone_svg(WIDTH)), ("csv", figure.csv())] {
            let path = folder.join(format!("{}.{ending}", figure.id));
            atomic::write_through(&path, text.as_bytes(), Links::Inside(folder))?;
            texts.push(text);
        }
    }
    say!("{}: {} charts, each as SVG and CSV", folder.display(), all.len());
    Ok(texts)
}

fn written(brief: &Brief, format: Format) -> anyhow::Result<String> {
    let mut text = match format {
        Format::Html | Format::Pdf => html(brief)?,
        // What a file of a word processor says; its bytes are made of the same document.
        Format::Md | Format::Docx => markdown(brief),
        Format::Json => json(brief)?,
    };
    if !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}

/// The log beside the case, if the case lies on disk and there is one.
fn log(args: &BriefArgs) -> anyhow::Result<Option<Log>> {
    let path = args.forecast.case.case.clone().unwrap_or_else(|| PathBuf::from("."));
    let folder = if path.is_dir() { path } else { path.with_file_name("") };
    let file = folder.join("log.jsonl");
    if !file.is_file() {
        return Ok(None);
    }
    let log = winset_files::log::read(&file)
        .with_context(|| format!("cannot read {}", file.display()))?;
    Ok(Some(log))
}

/// The command that gives the same brief.
fn command(args: &BriefArgs, draws: u64) -> String {
    let run = &args.forecast;
    let case = run.case.case.as_ref().map(|path| path.display().to_string());
    let asked = BriefCommand {
        case: case.as_deref(),
        as_of: run.case.as_of,
        overrides: &run.case.set,
        since: args.since,
        draws,
        seed: run.run.seed,
        compared: args.compared,
        redact: args.redact,
        marking: args.marking.as_deref(),
    };
    asked.command()
}
