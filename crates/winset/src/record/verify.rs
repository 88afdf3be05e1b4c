//! `winset record verify`: every entry that was read from a document against the words it rests on.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use winset_files::bounded;
use winset_files::case::outline;
use winset_files::diagnostic::Findings;
use winset_files::record;
use winset_model::record::RecordEntry;
use winset_report::read::{UnreadFile, VerifyReport};
use winset_text::document::{self, KeptDocument, MOST};

use crate::exit::judged;
use crate::input;
use crate::output::{print_text, wants_json};
use crate::read::kept::{self, DOCUMENTS};

/// `winset record verify`
#[derive(clap::Args, Clone, Debug)]
pub(super) struct VerifyArgs {
    /// A folder with case.toml, or the file itself [default: ./case.toml]
    case: Option<PathBuf>,
}

/// Runs it.
pub(super) fn run(args: &VerifyArgs) -> anyhow::Result<()> {
    let folder = kept::folder(args.case.as_deref())?;
    let mut findings = Findings::default();
    let files = input::files(Some(&folder), &mut findings, wants_json())?;
    let outline = outline(&files, &[], &mut findings);
    let read = match (&outline, &files.record) {
        (Some(outline), Some(source)) => record::read(source, &outline.names, &mut findings),
        _ => winset_model::record::Record::default(),
    };
    crate::diagnostics::print(&findings.list, &files);
    let mut shelf = Shelf { folder: folder.clone(), read: BTreeMap::new() };
    let linked: Vec<(&RecordEntry, &str)> = read
        .entries
        .iter()
        .filter_map(|e| Some((e, e.link.strip_prefix(DOCUMENTS)?.strip_prefix('/')?)))
        .collect();
    let wrong = linked.iter().filter_map(|(entry, link)| {
        let why = shelf.check(link, &entry.text).err()?;
        Some(UnreadFile { name: entry.id.clone(), why })
    });
    let report = VerifyReport {
        schema: "winset/record-verify/1",
        file: folder.join("record.csv").display().to_string(),
        wrong: wrong.collect(),
        checked: linked.len(),
    };
    let printed = print_text(&report, || {
        let mut out = String::new();
        for wrong in &report.wrong {
            out.push_str(&format!("{}: {}\n", wrong.name, wrong.why));
        }
        let entries = super::plural(report.checked, "entry", "entries");
        out + &format!("{entries} from documents, {} without its words\n", report.wrong.len())
    });
    judged(printed, !findings.failed() && report.wrong.is_empty())
}

/// The documents beside a case, each read once.
struct Shelf {
    folder: PathBuf,
    read: BTreeMap<String, Result<Vec<KeptDocument>, String>>,
}

impl Shelf {
    /// Whether an entry's words stand where its link says.
    fn check(&mut self, link: &str, text: &str) -> Result<(), String> {
        let broken = || format!("its link `{DOCUMENTS}/{link}` names no words");
        let (name, place) = link.split_once('#').ok_or_else(broken)?;
        let folder = self.folder.clone();
        let read = self.read.entry(name.to_owned()).or_insert_with(|| open(&folder, name));
        kept::stands(read.as_ref().map_err(Clone::clone)?, place, text)
    }
}

/// Reads a document beside the case, whose bytes must be those that its name says.
fn open(folder: &Path, name: &str) -> Result<Vec<KeptDocument>, String> {
    if name.contains(['/', '\\']) || name.starts_with('.') {
        return Err(format!("`{name}` is no document beside the case"));
    }
    let path = folder.join(DOCUMENTS).join(name);
    let about = path.symlink_metadata().map_err(|e| format!("{DOCUMENTS}/{name}: {e}"))?;
    if !about.is_file() {
        return Err(format!("{DOCUMENTS}/{name}: expected a regular file, no link"));
    }
    let bytes = bounded::read(&path, MOST).map_err(|e| format!("{DOCUMENTS}/{name}: {e}"))?;
    let said = name.split('.').next().unwrap_or_default();
    if said.is_empty() || !document::hash(&bytes).starts_with(said) {
        return Err(format!("{DOCUMENTS}/{name} was changed: its bytes are not those of its name"));
    }
    document::read(name, &bytes).map_err(|e| format!("{DOCUMENTS}/{name}: {e}"))
}
