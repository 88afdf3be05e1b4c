//! `winset record add`: one entry, or rows pasted from a spreadsheet, behind what is there.

use std::path::{Path, PathBuf};

use anyhow::Context;
use winset_files::atomic::{self, Links};
use winset_files::bounded;
use winset_files::case::{CaseFiles, decode_table, load, outline};
use winset_files::diagnostic::{Findings, Source};
use winset_files::record::add::{Added, Draft, add, lead_back, pasted, sentence};
use winset_files::sheet::encoding::{encode, encoding_of};
use winset_model::case::Day;
use winset_page::text::shell_path;
use winset_report::record::RecordAdded;

use crate::cli::WaitArgs;
use crate::exit::Failure;
use crate::output::{print_text, say, unprinted, wants_json};
use crate::{diagnostics, input};

/// `winset record add`
#[derive(clap::Args, Clone, Debug)]
pub(super) struct AddArgs {
    /// A folder with case.toml, or the file itself [default: ./case.toml]
    case: Option<PathBuf>,
    #[command(flatten)]
    cells: EntryCells,
    /// Add the rows of a file instead (`-` for stdin): a header with columns of the record in any
    /// order, then a row an entry, split by commas, semicolons, tabs or vertical bars
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Print the rows and write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    wait: WaitArgs,
}

/// The option that gives a cell of the record.
struct EntryOption {
    column: &'static str,
    value: &'static str,
    /// Whether there is no entry without it.
    required: bool,
    /// Whether its value may begin with a hyphen.
    hyphen: bool,
    help: &'static str,
}

#[rustfmt::skip]
const OPTIONS: [EntryOption; 17] = [
    EntryOption { column: "said", value: "DATE", required: true, hyphen: false, help: "When it was said or done: 2025-04-18, 2025-04-18~ (about), 2025-04, ../2025-04-18 (by then)" },
    EntryOption { column: "entered", value: "DAY", required: false, hyphen: false, help: "The day it is entered [default: the last day `--said` can mean]" },
    EntryOption { column: "speaker", value: "ACTOR", required: false, hyphen: false, help: "The actor who said or did it" },
    EntryOption { column: "issue", value: "ISSUE", required: false, hyphen: false, help: "The issue it is about" },
    EntryOption { column: "kind", value: "KIND", required: true, hyphen: false, help: "What it says of a position: ideal, demand, red_min, red_max; or event" },
    EntryOption { column: "value", value: "RANGE", required: false, hyphen: true, help: "The position as you code it, such as 25..35..45; blank for an event" },
    EntryOption { column: "channel", value: "CHANNEL", required: false, hyphen: false, help: "Interview, post, meeting …" },
    EntryOption { column: "audience", value: "AUDIENCE", required: false, hyphen: false, help: "Public, closed …" },
    EntryOption { column: "source", value: "SOURCE", required: false, hyphen: false, help: "Who reported it" },
    EntryOption { column: "grade", value: "GRADE", required: false, hyphen: false, help: "The grade: a letter A to F for the source, a digit 1 to 6 for what it says" },
    EntryOption { column: "origin", value: "ORIGIN", required: false, hyphen: false, help: "What it goes back to; entries of one origin count once [default: its id]" },
    EntryOption { column: "contradicts", value: "ID", required: false, hyphen: false, help: "The entry it contradicts" },
    EntryOption { column: "supersedes", value: "ID", required: false, hyphen: false, help: "The entry it takes the place of" },
    EntryOption { column: "text", value: "TEXT", required: true, hyphen: true, help: "What was said or done, in words" },
    EntryOption { column: "link", value: "URL", required: false, hyphen: false, help: "Where to read it" },
    EntryOption { column: "note", value: "NOTE", required: false, hyphen: true, help: "A remark" },
    EntryOption { column: "id", value: "ID", required: false, hyphen: false, help: "Its id [default: the next free one, such as r24]" },
];

/// The cells of an entry, by column.
#[derive(Clone, Debug, Default)]
struct EntryCells(Vec<(&'static str, String)>);

impl EntryCells {
    fn draft(&self) -> Draft {
        self.0.iter().fold(Draft::default(), |draft, (column, text)| draft.with(column, text))
    }
}

impl clap::Args for EntryCells {
    fn augment_args(command: clap::Command) -> clap::Command {
        let option = |o: &EntryOption| {
            let arg = clap::Arg::new(o.column)
                .long(o.column)
                .value_name(o.value)
                .help(o.help)
                .allow_hyphen_values(o.hyphen)
                .conflicts_with("from");
            if o.required { arg.required_unless_present("from") } else { arg }
        };
        command.args(OPTIONS.iter().map(option))
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl clap::FromArgMatches for EntryCells {
    fn from_arg_matches(found: &clap::ArgMatches) -> Result<Self, clap::Error> {
        let mut cells = Self::default();
        cells.update_from_arg_matches(found)?;
        Ok(cells)
    }

    fn update_from_arg_matches(&mut self, found: &clap::ArgMatches) -> Result<(), clap::Error> {
        let cell = |o: &EntryOption| Some((o.column, found.get_one::<String>(o.column)?.clone()));
        self.0 = OPTIONS.iter().filter_map(cell).collect();
        Ok(())
    }
}

/// Runs it.
pub(super) fn run(args: &AddArgs) -> anyhow::Result<()> {
    let record = place(args.case.as_deref())?;
    let mut findings = Findings::default();
    // What is pasted may take its time to come: before anybody is kept waiting.
    let rows = args.from.as_deref().map(|from| table(from, &mut findings)).transpose()?;
    if let Some(table) = rows.as_ref().filter(|_| findings.failed()) {
        // What cannot be read has no columns to speak of.
        let files = CaseFiles { record: Some(table.clone()), ..CaseFiles::default() };
        diagnostics::print(&findings.list, &files);
        return Err(Failure::Explained.into());
    }
    let folder = record.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    // Until it is written: what is read is what is added to.
    let lock = match !args.dry_run && folder.join("case.toml").is_file() {
        true => Some(args.wait.lock(folder)?),
        false => None,
    };
    let mut files = input::files(args.case.as_deref(), &mut findings, wants_json())?;
    let name = record.display().to_string();
    // The bytes on disk stay as they are, a byte-order mark too.
    let old = match bounded::read(&record, bounded::TEXT) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        Err(e) => return Err(e).with_context(|| format!("cannot read {name}")),
    };
    let source = files.record.clone().unwrap_or(Source { name, text: String::new() });
    let drafts = match &rows {
        None => vec![args.cells.draft()],
        Some(table) => pasted(table, &mut findings),
    };
    let outline = outline(&files, &[], &mut findings);
    let added = outline.as_ref().and_then(|o| add(&source, &drafts, &o.names, &mut findings));
    let (Some(outline), Some(added)) = (outline, added) else {
        if let Some(table) = rows {
            lead_back(&mut findings, &source, &drafts, &table);
            files.tables.push((table.name.clone(), table));
        }
        let shown = shown(files, &source, &drafts, &findings);
        diagnostics::print(&findings.list, &shown);
        if !wants_json() {
            say!("nothing was written");
        }
        return Err(Failure::Explained.into());
    };
    if !args.dry_run {
        let tail = encode(&added.tail, encoding_of(&old)).map_err(|c| {
            let why = format!("{}: its encoding has no `{c}`", source.name);
            Failure::Invalid(format!("{why}\n\nhint: save the record as UTF-8"))
        })?;
        atomic::write_through(&record, &[old.as_slice(), &tail].concat(), Links::Inside(folder))?;
    }
    drop(lock);
    if let Some(table) = rows {
        lead_back(&mut findings, &source, &drafts, &table);
        files.tables.push((table.name.clone(), table));
    }
    diagnostics::print(&findings.list, &shown(files.clone(), &source, &drafts, &findings));
    let known = winset_files::record::read(&source, &outline.names, &mut Findings::default());
    let said = known.entries.iter().map(winset_model::record::RecordEntry::since);
    let dated = load(&files, None, &[], &mut Findings::default());
    let dated = dated.iter().flat_map(|l| &l.case.calendar).map(|entry| entry.known);
    let earlier = said.chain(dated).min();
    report(args, &source, &added, &outline, earlier)
}

/// The files that messages point into: a record as it would have become, where that is what is wrong.
fn shown(mut files: CaseFiles, old: &Source, drafts: &[Draft], findings: &Findings) -> CaseFiles {
    let beyond = |d: &winset_files::diagnostic::Diagnostic| {
        d.file == old.name && d.span.as_ref().is_some_and(|s| s.end > old.text.len())
    };
    if findings.list.iter().any(beyond) {
        let text = winset_files::record::add::text(old, drafts);
        files.record = Some(Source { name: old.name.clone(), text });
    }
    files
}

/// Says what was added, on stdout, and what to do next, on stderr; `earlier` is the day of the first entry
/// there was.
fn report(
    args: &AddArgs,
    source: &Source,
    added: &Added,
    outline: &winset_files::case::CaseOutline,
    earlier: Option<Day>,
) -> anyhow::Result<()> {
    let answer = RecordAdded::new(&source.name, added, !args.dry_run);
    if args.dry_run {
        let row = || added.tail.trim_start_matches(['\r', '\n']).to_owned();
        print_text(&answer, row)?;
        if !wants_json() {
            say!("nothing was written");
        }
        return Ok(());
    }
    let ids: Vec<&str> = added.entries.iter().map(|e| e.id.as_str()).collect();
    let lines = || {
        let line = |e| format!("added to {}: {}\n", source.name, sentence(e, &outline.names));
        added.entries.iter().map(line).collect()
    };
    let what = format!("{} added to {}", ids.join(", "), source.name);
    unprinted(&what, print_text(&answer, lines))?;
    if wants_json() {
        return Ok(());
    }
    let first = added.entries.iter().map(|e| e.entered.max(e.said.latest)).min();
    let last = added.entries.iter().map(|e| e.entered.max(e.said.latest)).max();
    if let (Some(first), Some(last)) = (first, last) {
        if outline.as_of.is_some_and(|day| day < last) {
            say!("the case is told from an earlier day: `--as-of {last}` sees all of it");
        }
        let before = first.plus(-1);
        if earlier.is_none_or(|day| day > before) {
            return Ok(());
        }
        let case = args.case.as_deref().map_or_else(String::new, |p| shell_path(p) + " ");
        say!(
            "\nhint: `winset moved {case}--from {before} --to {last}` says what it did to the number"
        );
    }
    Ok(())
}

/// Where the record of the case lies, or would.
fn place(case: Option<&Path>) -> anyhow::Result<PathBuf> {
    let path = case.unwrap_or(Path::new("case.toml"));
    if !path.exists() {
        let what = case.map_or_else(
            || "there is no case.toml here to keep a record of".to_owned(),
            |path| format!("{} is no folder and no file", path.display()),
        );
        let hint = "`winset new FOLDER --from us-iran-2025` copies a built-in case to add to";
        return Err(Failure::Usage(format!("{what}\n\nhint: {hint}")).into());
    }
    if path.is_dir() {
        return Ok(path.join("record.csv"));
    }
    if path.file_name().is_none_or(|name| name != "case.toml") {
        let hint = "a record belongs to a case.toml in a folder of its own";
        let what = format!("{} has no record", path.display());
        return Err(Failure::Usage(format!("{what}\n\nhint: {hint}")).into());
    }
    Ok(path.with_file_name("record.csv"))
}

/// The rows to add.
fn table(from: &Path, findings: &mut Findings) -> anyhow::Result<Source> {
    let (name, bytes) = if from == Path::new("-") {
        let bytes = bounded::rest(std::io::stdin().lock(), 0, bounded::TEXT);
        let bytes = bytes.context("cannot read stdin")?;
        ("stdin".to_owned(), bytes)
    } else {
        let bytes = bounded::read(from, bounded::TEXT)
            .with_context(|| format!("cannot read {}", from.display()))?;
        (from.display().to_string(), bytes)
    };
    Ok(decode_table(name, bytes, findings))
}
