//! Decisions on proposals: each is written before the next is asked for.

use std::path::{Path, PathBuf};

use anyhow::Context;
use winset_files::atomic::{self, Links};
use winset_files::bounded;
use winset_files::case::{CaseNames, outline};
use winset_files::diagnostic::{Findings, Source};
use winset_files::record::add::{Draft, add};
use winset_files::sheet::encoding::{encode, encoding_of};
use winset_model::record::{DateRange, EntryKind};
use winset_report::read::{KeptProposal, ReviewDecision, words};
use winset_text::proposal::Proposal;

use crate::exit::Failure;
use crate::input;
use crate::read::kept::{self, Kept, Step};

/// The proposals of a case, and the right to decide on them.
pub(super) struct Desk {
    pub(super) folder: PathBuf,
    pub(super) kept: Kept,
    /// Ids that were decided on or changed.
    pub(super) changed: Vec<String>,
    /// Ids that could not be entered, and why.
    pub(super) refused: Vec<(String, String)>,
    /// A further reader, by name.
    reader: Option<String>,
    names: CaseNames,
}

impl Desk {
    pub(super) fn open(folder: &Path, reader: Option<String>) -> anyhow::Result<Self> {
        let mut findings = Findings::default();
        let files = input::files(Some(folder), &mut findings, true)?;
        let Some(outline) = outline(&files, &[], &mut findings) else {
            crate::diagnostics::print(&findings.list, &files);
            return Err(Failure::Explained.into());
        };
        Ok(Self {
            folder: folder.to_path_buf(),
            kept: kept::read(folder)?,
            changed: Vec::new(),
            refused: Vec::new(),
            reader,
            names: outline.names,
        })
    }

    /// The proposals that nobody, or not this reader, decided on.
    pub(super) fn open_ids(&self) -> Vec<String> {
        let open = |p: &&KeptProposal| match &self.reader {
            Some(reader) => !p.readers.contains_key(reader),
            None => p.decision == ReviewDecision::Open,
        };
        self.kept.proposals.iter().filter(open).map(|p| p.id.clone()).collect()
    }

    pub(super) fn get(&self, id: &str) -> Option<&KeptProposal> {
        self.kept.proposals.iter().find(|p| p.id == id)
    }

    /// Makes sure that there is such a proposal.
    pub(super) fn named(&self, id: &str) -> anyhow::Result<usize> {
        let ids = self.kept.proposals.iter().map(|p| p.id.as_str());
        let at = input::named(Some(id), "proposal", ids)?;
        at.ok_or_else(|| Failure::Usage(format!("there is no proposal `{id}`")).into())
    }

    /// Enters a proposal in the record; where the record does not take it, that is noted.
    pub(super) fn accept(&mut self, id: &str) -> anyhow::Result<()> {
        let at = self.named(id)?;
        let before = self.kept.proposals[at].clone();
        if let Some(reader) = self.reader.clone() {
            return self.note(at, reader, ReviewDecision::Accepted);
        }
        if before.decision == ReviewDecision::Accepted {
            return Ok(());
        }
        match self.enter(&before.proposal)? {
            Err(why) => self.refused.push((id.to_owned(), why)),
            Ok((entry, tail)) => {
                let now = &mut self.kept.proposals[at];
                (now.decision, now.entry) = (ReviewDecision::Accepted, Some(entry));
                self.step(id, before, Some(tail))?;
            }
        }
        Ok(())
    }

    pub(super) fn reject(&mut self, id: &str) -> anyhow::Result<()> {
        let at = self.named(id)?;
        if let Some(reader) = self.reader.clone() {
            return self.note(at, reader, ReviewDecision::Rejected);
        }
        let before = self.kept.proposals[at].clone();
        if before.decision == ReviewDecision::Accepted {
            let entry = before.entry.as_deref().unwrap_or_default();
            self.refused.push((
                id.to_owned(),
                format!("it is in the record as {entry}; `--undo` takes back the last decision"),
            ));
            return Ok(());
        }
        self.kept.proposals[at].decision = ReviewDecision::Rejected;
        self.step(id, before, None)
    }

    fn note(&mut self, at: usize, reader: String, decision: ReviewDecision) -> anyhow::Result<()> {
        let before = self.kept.proposals[at].clone();
        self.kept.proposals[at].readers.insert(reader, decision);
        self.step(&before.id.clone(), before, None)
    }

    /// Changes a key of a proposal: `p03.value=20..30..40`.
    pub(super) fn set(&mut self, change: &str) -> anyhow::Result<()> {
        let parts =
            change.split_once('=').and_then(|(path, text)| Some((path.split_once('.')?, text)));
        let Some(((id, key), text)) = parts else {
            let hint = "write `--set p03.value=20..30..40`";
            return Err(Failure::Usage(format!("`{change}` is no change\n\nhint: {hint}")).into());
        };
        let at = self.named(id)?;
        let before = self.kept.proposals[at].clone();
        let p = &mut self.kept.proposals[at].proposal;
        let text = text.trim();
        let filled = Some(text).filter(|t| !t.is_empty()).map(str::to_owned);
        match key {
            "said" => text.clone_into(&mut p.said),
            "speaker" => p.speaker = filled,
            "issue" => p.issue = filled,
            "kind" => text.clone_into(&mut p.kind),
            "value" => p.value = filled,
            "grade" => text.clone_into(&mut p.grade),
            "channel" => p.channel = filled,
            "note" => text.clone_into(&mut p.note),
            _ => {
                let keys =
                    ["said", "speaker", "issue", "kind", "value", "grade", "channel", "note"];
                let hint = format!("write one of {}", keys.join(", "));
                let what = format!("a proposal has no key `{key}` to change");
                return Err(Failure::Usage(format!("{what}\n\nhint: {hint}")).into());
            }
        }
        self.step(&before.id.clone(), before, None)
    }

    /// Takes back the last step; an entry only while it is the last of the record.
    pub(super) fn undo(&mut self) -> anyhow::Result<()> {
        let Some(step) = self.kept.steps.last().cloned() else {
            let hint = "`winset review --list` shows the proposals";
            return Err(Failure::Usage(format!("there is nothing to undo\n\nhint: {hint}")).into());
        };
        if let Some(tail) = &step.tail {
            let path = self.folder.join("record.csv");
            let old = bounded::read(&path, bounded::TEXT)
                .with_context(|| format!("cannot read {}", path.display()))?;
            let tail =
                encode(tail, encoding_of(&old)).unwrap_or_else(|_| tail.clone().into_bytes());
            let Some(rest) = old.strip_suffix(tail.as_slice()) else {
                let what = "the record was changed since that entry was added";
                let hint = "take the row out of record.csv by hand";
                return Err(Failure::Refused(format!("{what}\n\nhint: {hint}")).into());
            };
            atomic::write_through(&path, rest, Links::Inside(&self.folder))?;
        }
        let id = step.before.id.clone();
        if let Some(now) = self.kept.proposals.iter_mut().find(|p| p.id == id) {
            *now = step.before;
        }
        self.kept.steps.pop();
        self.changed.push(id);
        kept::write(&self.folder, &self.kept)
    }

    fn step(&mut self, id: &str, before: KeptProposal, tail: Option<String>) -> anyhow::Result<()> {
        self.kept.steps.push(Step { before, tail });
        if !self.changed.iter().any(|known| known == id) {
            self.changed.push(id.to_owned());
        }
        kept::write(&self.folder, &self.kept)
    }

    /// Adds an entry to the record: its id and what was put behind the record's text, or why not.
    fn enter(&self, proposal: &Proposal) -> anyhow::Result<Result<(String, String), String>> {
        let path = self.folder.join("record.csv");
        let mut findings = Findings::default();
        let files = input::files(Some(&self.folder), &mut findings, true)?;
        let old = match bounded::read(&path, bounded::TEXT) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(e) => return Err(e).with_context(|| format!("cannot read {}", path.display())),
        };
        let name = path.display().to_string();
        let source = files.record.unwrap_or(Source { name, text: String::new() });
        let draft = draft(&self.folder, proposal);
        let mut findings = Findings::default();
        let Some(added) = add(&source, &[draft], &self.names, &mut findings) else {
            let why = findings.list.first().map(|d| d.message.clone()).unwrap_or_default();
            return Ok(Err(why));
        };
        let Ok(tail) = encode(&added.tail, encoding_of(&old)) else {
            return Ok(Err("the record's encoding lacks a character of it".to_owned()));
        };
        let whole = [old.as_slice(), &tail].concat();
        atomic::write_through(&path, &whole, Links::Inside(&self.folder))?;
        let id = added.entries.first().map(|e| e.id.clone()).unwrap_or_default();
        Ok(Ok((id, added.tail)))
    }
}

/// A proposal as a row of the record.
pub(crate) fn draft(folder: &Path, p: &Proposal) -> Draft {
    let is_event = p.kind == EntryKind::Event.name();
    // Known since it was published, or since it was said where that is later.
    let latest = DateRange::parse(&p.said).map(|d| d.latest.to_string());
    let entered = latest.filter(|day| *day > p.published).unwrap_or_else(|| p.published.clone());
    let blank = |text: &Option<String>| text.clone().unwrap_or_default();
    let cells = [
        ("said", p.said.clone()),
        ("entered", entered),
        ("speaker", blank(&p.speaker)),
        ("issue", blank(&p.issue)),
        ("kind", p.kind.clone()),
        ("value", if is_event { String::new() } else { blank(&p.value) }),
        ("channel", blank(&p.channel)),
        ("source", blank(&p.publisher)),
        ("grade", p.grade.clone()),
        ("origin", p.origin.clone()),
        ("text", words(p)),
        ("link", kept::link(folder, p).unwrap_or_default()),
        ("note", p.note.clone()),
    ];
    cells.into_iter().fold(Draft::default(), |draft, (column, text)| draft.with(column, &text))
}
