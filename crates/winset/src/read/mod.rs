//! `winset read`: proposed entries from documents. Nothing leaves the machine, and no word of a document
//! changes anything: a person decides, with `winset review`.

mod assistant;
mod gather;
pub(crate) mod kept;
#[cfg(feature = "serve")]
pub(crate) mod pasted;
pub(crate) mod setting;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use winset_model::case::Day;
use winset_report::read::{DocumentRow, EvaluateReport, ReadReport, TitleRow, text};
use winset_text::brat;
use winset_text::crf::Crf;
use winset_text::document::origins;
use winset_text::evaluate::agreement;
use winset_text::proposal::{Published, propose_with};
use winset_text::speaker::{Aliases, proposed};
use winset_text::statement::{Engine, Outermost};

use crate::cli::WaitArgs;
use crate::exit::Failure;
use crate::input::{self, CaseArgs};
use crate::output::{print_text, say, wants_json};
use gather::{Gathered, gather};

/// `winset read`
///
/// Beside `case.toml` two tables may stand. `aliases.toml` has a table an actor or a side, `[witkoff]`,
/// with `names` and `roles`, each a text or `{ title = "…", from = "2025-01-20", until = "…" }`.
/// `codebook.toml` has a table an issue, `[enrichment]`, with `terms`, `examples` such as
/// `[[35, "limited enrichment may stay"]]`, and `unit`.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct ReadArgs {
    /// Text, HTML, RSS or Atom, mail, PDF with text, DOCX; folders of them; `-` for what is piped in
    #[arg(required_unless_present = "evaluate")]
    files: Vec<PathBuf>,
    /// A folder with case.toml, or the file itself; a built-in case by its name
    /// [default: ./case.toml, else the built-in us-iran-2025]
    #[arg(long, value_name = "CASE")]
    case: Option<PathBuf>,
    /// The day of publication, from which "yesterday" counts [default: what the document says]
    #[arg(long, value_name = "DAY", value_parser = input::day)]
    published: Option<Day>,
    /// Keep the documents and the proposals in the case folder, for `winset review`
    #[arg(long)]
    save: bool,
    /// Read statements with the weights of `winset train` instead of by rules
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// Let a language model on this machine propose instead: the address of a server with the interface of OpenAI's,
    /// such as `http://127.0.0.1:8080`
    #[arg(long, value_name = "URL", conflicts_with_all = ["model", "evaluate"])]
    engine: Option<String>,
    /// Hold the reading of statements against texts that people annotated, in a folder
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["files", "case", "published", "save"])]
    evaluate: Option<PathBuf>,
    #[command(flatten)]
    wait: WaitArgs,
}

/// Runs it.
pub(crate) fn run(args: &ReadArgs) -> anyhow::Result<()> {
    let engine = engine(args.model.as_deref())?;
    let local = args.engine.as_deref().map(assistant::LocalEngine::new).transpose()?;
    if let Some(folder) = &args.evaluate {
        return measure(engine.as_ref(), folder);
    }
    let folder = match args.save {
        true => Some(kept::folder(args.case.as_deref())?),
        false => kept::folder(args.case.as_deref()).ok(),
    };
    let which = CaseArgs { case: args.case.clone(), ..CaseArgs::default() };
    let loaded = input::case(&which)?;
    let setting = setting::setting(&loaded.case, folder.as_deref())?;
    let (gathered, unread) = gather(&args.files)?;
    for file in &unread {
        say!("cannot read {}: {}", file.name, file.why);
    }
    if gathered.is_empty() && !unread.is_empty() {
        return Err(Failure::Invalid("nothing could be read".to_owned()).into());
    }
    let texts: Vec<&str> = gathered.iter().map(|g| g.document.text.as_str()).collect();
    let origins = origins(&texts);
    let (mut entries, mut rows, mut titles) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (k, Gathered { document, .. }) in gathered.iter().enumerate() {
        let day = published(args.published, document)?;
        let first = &gathered[origins[k]].document;
        let about = Published { day, by: document.publisher.as_deref(), origin: Some(&first.hash) };
        let found = match &local {
            None => propose_with(engine.as_ref(), document, &setting, about),
            Some(local) => {
                let (found, refused) = local.propose(document, &setting)?;
                for why in refused {
                    say!("{}: an entry was refused: {why}", document.name);
                }
                found
            }
        };
        let copy_of = (origins[k] != k).then(|| first.name.clone());
        rows.push(DocumentRow::new(document, day.to_string(), copy_of, found.len()));
        let aliases = Aliases::new(&setting, Some(day));
        let given = proposed(&document.text, &aliases).into_iter();
        titles.extend(given.map(|p| TitleRow { actor: p.actor, title: p.title }));
        entries.extend(found);
    }
    let mut report = ReadReport {
        schema: "winset/read/1",
        case: loaded.case.title.clone(),
        documents: rows,
        unread,
        entries,
        aliases: titles.into_iter().collect(),
        saved: None,
    };
    let mut ids = Vec::new();
    if let (true, Some(folder)) = (args.save, &folder) {
        let lock = args.wait.lock(folder)?;
        for Gathered { document, bytes } in &gathered {
            kept::keep(folder, document, bytes)?;
        }
        let (file, given) = kept::add(folder, &report.entries)?;
        drop(lock);
        report.saved = Some(file);
        ids = given;
    }
    print_text(&report, || text(&report, &ids))?;
    if !wants_json() {
        said_next(args, &report);
    }
    Ok(())
}

/// What the reader may do next, on stderr.
fn said_next(args: &ReadArgs, report: &ReadReport) {
    let plural = if report.entries.len() == 1 { "entry" } else { "entries" };
    say!("{} {plural} proposed; nothing is entered", report.entries.len());
    match &report.saved {
        Some(_) => say!("\nhint: `winset review` decides on them"),
        None if args.case.as_deref().is_none_or(Path::exists) => {
            say!("\nhint: `--save` keeps them for `winset review`");
        }
        None => {}
    }
}

/// The day of publication: as it is given, or as the document says.
fn published(
    given: Option<Day>,
    document: &winset_text::KeptDocument,
) -> anyhow::Result<jiff::civil::Date> {
    let day = given.and_then(Day::date).or(document.published);
    day.ok_or_else(|| {
        let what = format!("{} does not say when it was published", document.name);
        Failure::Invalid(format!("{what}\n\nhint: `--published 2025-04-22` says it")).into()
    })
}

/// What reads statements: the rules, or trained weights.
fn engine(model: Option<&Path>) -> anyhow::Result<Box<dyn Engine>> {
    let Some(path) = model else { return Ok(Box::new(Outermost)) };
    let trained = Crf::load(path).map_err(|e| Failure::Invalid(e.to_string()))?;
    Ok(Box::new(trained))
}

/// Measures the reading of statements on annotated texts.
fn measure(engine: &dyn Engine, folder: &Path) -> anyhow::Result<()> {
    let annotated = brat::read(folder).map_err(|e| Failure::Invalid(e.to_string()))?;
    let agreement = agreement(engine, &annotated);
    let report = EvaluateReport { schema: "winset/read-evaluate/1", agreement };
    print_text(&report, || {
        let a = &report.agreement;
        format!(
            "{} documents, {} attributions marked, {} found\n\
             cues     F1 {:.1}  (precision {:.1}, recall {:.1})\n\
             contents F1 {:.1}\n\
             sources  F1 {:.1}\n\
             direct   precision {:.1}, recall {:.1}\n",
            a.documents,
            a.marked,
            a.found,
            a.cue_f,
            a.cue_p,
            a.cue_r,
            a.content_f,
            a.source_f,
            a.direct_p,
            a.direct_r
        )
    })
}
