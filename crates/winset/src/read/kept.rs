//! What is kept beside a case: documents as they came, and proposals with what became of them.
//!
//! `documents/` holds a file a document, named by its hash and nothing that it says. `proposals.json`
//! holds the proposals and the steps that can be undone.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use winset_files::atomic::{self, Links};
use winset_files::bounded;
use winset_report::read::{KeptProposal, ReviewDecision};
use winset_text::KeptDocument;
use winset_text::proposal::Proposal;

use crate::exit::Failure;

/// The folder of the documents.
pub(crate) const DOCUMENTS: &str = "documents";

const PROPOSALS: &str = "proposals.json";

/// So many digits of a hash name a document.
const DIGITS: usize = 32;

/// The file of the proposals.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// The version of the format.
    pub(crate) format: u32,
    pub(crate) proposals: Vec<KeptProposal>,
    /// What can be undone, the last at the end.
    pub(crate) steps: Vec<Step>,
}

/// A step that can be undone.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Step {
    /// The proposal, as it was before.
    pub(crate) before: KeptProposal,
    /// What was put behind the record's text.
    pub(crate) tail: Option<String>,
}

/// The folder of a case that can be written to.
pub(crate) fn folder(case: Option<&Path>) -> anyhow::Result<PathBuf> {
    let path = case.unwrap_or(Path::new("case.toml"));
    let folder = if path.is_dir() { path.to_path_buf() } else { atomic_parent(path) };
    if folder.join("case.toml").is_file() && (path.is_dir() || path.ends_with("case.toml")) {
        return Ok(folder);
    }
    let what = match case {
        Some(path) => format!("{} is no folder with a case.toml", path.display()),
        None => "there is no case.toml here to keep proposals beside".to_owned(),
    };
    let hint = "`winset new FOLDER --from us-iran-2025` copies a built-in case";
    Err(Failure::Usage(format!("{what}\n\nhint: {hint}")).into())
}

fn atomic_parent(path: &Path) -> PathBuf {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_path_buf()
}

/// The name of a document's file.
pub(crate) fn name(document: &KeptDocument) -> String {
    format!("{}.{}", &document.hash[..DIGITS.min(document.hash.len())], document.form.ending())
}

/// Keeps a document as it came; one that is there already stays.
pub(crate) fn keep(folder: &Path, document: &KeptDocument, bytes: &[u8]) -> anyhow::Result<()> {
    let documents = folder.join(DOCUMENTS);
    match std::fs::create_dir(&documents) {
        Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
        made => made.with_context(|| format!("cannot make {}", documents.display()))?,
    }
    let about = documents.symlink_metadata()?;
    if !about.is_dir() {
        let what = format!("{} is a link, or no folder", documents.display());
        return Err(Failure::Refused(format!("{what}\n\nhint: remove it")).into());
    }
    match atomic::create(&documents.join(name(document)), bytes) {
        Err(e) if e.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => Ok(made?),
    }
}

/// Where the record says that an entry's words stand: `documents/HASH.html#bytes=120-180`, of a feed
/// `#item=3,bytes=120-180`.
pub(crate) fn link(folder: &Path, proposal: &Proposal) -> Option<String> {
    let (hash, item) = proposal.document.split_once('#').unwrap_or((&proposal.document, ""));
    let start = hash.get(..DIGITS)?;
    let entries = folder.join(DOCUMENTS).read_dir().ok()?;
    let mut names = entries.flatten().filter_map(|e| e.file_name().into_string().ok());
    let file = names.find(|n| n.starts_with(start))?;
    Some(address(&file, item.parse().unwrap_or(0), proposal.start, proposal.end))
}

/// The link to bytes of a document, by the name of its file and, of a feed, its item from 1.
pub(crate) fn address(file: &str, item: usize, start: usize, end: usize) -> String {
    let item = if item == 0 { String::new() } else { format!("item={item},") };
    format!("{DOCUMENTS}/{file}#{item}bytes={start}-{end}")
}

/// Whether an entry's words stand in the documents of a file where its link says, `bytes=120-180` or
/// `item=3,bytes=120-180`.
pub(crate) fn stands(documents: &[KeptDocument], place: &str, text: &str) -> Result<(), String> {
    let broken = || format!("its link `#{place}` names no words");
    let (item, bytes) = match place.strip_prefix("item=").and_then(|p| p.split_once(',')) {
        Some((item, bytes)) => (item.parse().map_err(|_| broken())?, bytes),
        None => (0, place),
    };
    let range = bytes.strip_prefix("bytes=").and_then(|b| b.split_once('-')).ok_or_else(broken)?;
    let number = |n: &str| n.parse::<usize>().map_err(|_| broken());
    let (start, end) = (number(range.0)?, number(range.1)?);
    let document = documents.iter().find(|d| d.item == item).ok_or_else(broken)?;
    let there = document
        .text
        .get(start..end)
        .ok_or_else(|| format!("{} has no text at bytes {start} to {end}", document.name))?;
    if bare(there) == bare(text) {
        return Ok(());
    }
    let there: String = there.chars().take(80).collect();
    Err(format!("`{text}` is not what stands there: `{}`", there.replace('\n', " ")))
}

/// Words on one line, without the quotation marks around them.
fn bare(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.trim_matches(['"', '“', '”', '„', '«', '»', ' ', ',']).to_owned()
}

/// The proposals of a case; none where nothing was saved yet.
pub(crate) fn read(folder: &Path) -> anyhow::Result<Kept> {
    let path = folder.join(PROPOSALS);
    let text = match bounded::read_to_string(&path, bounded::TABLE) {
        Err(e) if e.kind() == ErrorKind::NotFound => {
            return Ok(Kept { format: 1, ..Kept::default() });
        }
        text => text.with_context(|| format!("cannot read {}", path.display()))?,
    };
    let kept: Kept = serde_json::from_str(&text).map_err(|e| {
        let hint = "put back the last version of the file, or remove it and read again";
        Failure::Invalid(format!("{}: {e}\n\nhint: {hint}", path.display()))
    })?;
    if kept.format != 1 {
        let what = format!("{}: format {} is not known", path.display(), kept.format);
        return Err(Failure::Invalid(format!("{what}\n\nhint: a newer winset wrote it")).into());
    }
    Ok(kept)
}

/// Writes them, as a whole or not at all.
pub(crate) fn write(folder: &Path, kept: &Kept) -> anyhow::Result<()> {
    let mut bytes = serde_json::to_vec_pretty(kept)?;
    bytes.push(b'\n');
    Ok(atomic::write_through(&folder.join(PROPOSALS), &bytes, Links::Inside(folder))?)
}

/// The file, as it is said.
pub(crate) fn place(folder: &Path) -> String {
    folder.join(PROPOSALS).display().to_string()
}

/// Adds proposals that are not there yet; the file and the id of each.
pub(crate) fn add(folder: &Path, entries: &[Proposal]) -> anyhow::Result<(String, Vec<String>)> {
    let mut kept = read(folder)?;
    let mut ids = Vec::with_capacity(entries.len());
    for entry in entries {
        let same = |k: &&KeptProposal| {
            let p = &k.proposal;
            (&p.document, p.start, p.end, &p.issue)
                == (&entry.document, entry.start, entry.end, &entry.issue)
                && p.origin.split('-').nth(1) == entry.origin.split('-').nth(1)
        };
        if let Some(known) = kept.proposals.iter().find(same) {
            ids.push(known.id.clone());
            continue;
        }
        let id = format!("p{:02}", kept.proposals.len() + 1);
        kept.proposals.push(KeptProposal {
            id: id.clone(),
            decision: ReviewDecision::Open,
            entry: None,
            readers: std::collections::BTreeMap::new(),
            proposal: entry.clone(),
        });
        ids.push(id);
    }
    write(folder, &kept)?;
    Ok((place(folder), ids))
}
