//! The case on the desk: its texts as they are now, the revision of each, and who waits for news.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use tokio::sync::watch;
use winset_files::case::{CaseFiles, ResolvedCase, load_cached, open};
use winset_files::diagnostic::{Diagnostic, Findings, Source};
use winset_model::belief::readings::FitCache;

use super::state::State;
use super::work::Work;
use winset_files::builtin::Builtin;

/// Earlier texts of a file that are kept, to show what changed in a conflict.
const PAST: usize = 32;

/// Cases that stay read.
const READ: usize = 64;

/// Fits of the record that stay known: most changes of a case leave it as it is.
const FITS: usize = 16;

/// Where the case comes from.
#[derive(Clone)]
pub enum Place {
    /// A folder of the user's.
    Folder(PathBuf),
    /// Compiled in: it can be looked at, not written.
    Builtin(&'static Builtin),
}

impl Place {
    /// What to call it on a command line.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Folder(folder) => folder.display().to_string(),
            Self::Builtin(case) => case.slug.to_owned(),
        }
    }
}

/// The texts at one moment.
#[derive(Clone, Default)]
pub(super) struct Seen {
    /// Rises with every change.
    pub(super) number: u64,
    pub(super) files: CaseFiles,
    /// What kept a file from being read.
    pub(super) findings: Vec<Diagnostic>,
    /// The hash of each file by its name; of one that is not there, of nothing.
    pub(super) revisions: BTreeMap<&'static str, String>,
    /// Whether there is a `case.toml` at all.
    pub(super) exists: bool,
}

/// A case that cannot be told, and why.
#[derive(Clone)]
pub(super) struct Untold {
    pub(super) seen: Arc<Seen>,
    pub(super) findings: Vec<Diagnostic>,
}

/// A case in the state of a link.
#[derive(Clone)]
pub(super) struct Told {
    pub(super) seen: Arc<Seen>,
    pub(super) loaded: Arc<ResolvedCase>,
    /// Warnings.
    pub(super) findings: Arc<Vec<Diagnostic>>,
    /// What identifies it among all that was read.
    pub(super) key: String,
}

/// What everybody shares.
pub(super) struct Desk {
    pub(super) place: Place,
    seen: RwLock<Arc<Seen>>,
    past: Mutex<VecDeque<(String, String)>>,
    read: Mutex<VecDeque<Told>>,
    /// Positions that were fitted to the record, by what they were fitted to.
    fits: Mutex<FitCache>,
    /// The number of the texts, for those who wait.
    pub(super) news: watch::Sender<u64>,
    /// One write at a time.
    writing: Mutex<()>,
    /// One look at a time: else an older look could overtake a newer one.
    looking: Mutex<()>,
    pub(super) work: Work,
}

/// The files of a case that are watched.
pub(super) const FILES: [&str; 3] = ["case.toml", "record.csv", "log.jsonl"];

/// The revision of a text.
pub(super) fn revision(text: &[u8]) -> String {
    blake3::hash(text).to_hex().as_str()[..32].to_owned()
}

/// A lock that a panic elsewhere does not spoil: what it guards is replaced as a whole.
pub(super) fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Desk {
    pub(super) fn new(place: Place) -> Self {
        let desk = Self {
            place,
            seen: RwLock::default(),
            past: Mutex::default(),
            read: Mutex::default(),
            fits: Mutex::default(),
            news: watch::Sender::new(0),
            writing: Mutex::default(),
            looking: Mutex::default(),
            work: Work::new(),
        };
        desk.look();
        desk
    }

    /// The folder, where the case can be written.
    pub(super) fn folder(&self) -> Option<&Path> {
        match &self.place {
            Place::Folder(folder) => Some(folder),
            Place::Builtin(_) => None,
        }
    }

    /// The texts as last seen.
    pub(super) fn seen(&self) -> Arc<Seen> {
        self.seen.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the files again; whoever waits is told if anything changed.
    pub(super) fn look(&self) {
        let _looking = hold(&self.looking);
        let mut findings = Findings::default();
        let (files, exists, more) = match &self.place {
            Place::Builtin(case) => (case.sources(), true, Vec::new()),
            Place::Folder(folder) if !folder.join("case.toml").is_file() => {
                (CaseFiles::default(), false, Vec::new())
            }
            Place::Folder(folder) => match open(folder, &mut findings) {
                Ok(mut files) => {
                    // Named as a person sees them in the folder.
                    files.case.name = "case.toml".to_owned();
                    if let Some(record) = &mut files.record {
                        record.name = "record.csv".to_owned();
                    }
                    let log = std::fs::read(folder.join("log.jsonl")).unwrap_or_default();
                    (files, true, log)
                }
                Err(error) => {
                    findings.error("read", "case.toml", None, error.to_string(), None);
                    (CaseFiles::default(), true, Vec::new())
                }
            },
        };
        let record = files.record.as_ref().map_or("", |r| r.text.as_str());
        let texts = [files.case.text.as_bytes(), record.as_bytes(), &more];
        let revisions: BTreeMap<&'static str, String> =
            FILES.into_iter().zip(texts).map(|(name, text)| (name, revision(text))).collect();
        let mut seen = self.seen.write().unwrap_or_else(PoisonError::into_inner);
        let same = seen.revisions == revisions && seen.exists == exists;
        if same && seen.findings == findings.list {
            return;
        }
        let mut past = hold(&self.past);
        for (name, text) in [("case.toml", files.case.text.as_str()), ("record.csv", record)] {
            let revision = &revisions[name];
            if !past.iter().any(|(r, _)| r == revision) {
                past.push_back((revision.clone(), text.to_owned()));
            }
        }
        while past.len() > PAST {
            past.pop_front();
        }
        let number = seen.number + 1;
        let findings = findings.list;
        *seen = Arc::new(Seen { number, files, findings, revisions, exists });
        drop((past, seen));
        hold(&self.read).clear();
        self.work.forget();
        self.news.send_replace(number);
    }

    /// The text of a revision, if it is remembered.
    pub(super) fn past(&self, revision: &str) -> Option<String> {
        hold(&self.past).iter().find(|(r, _)| r == revision).map(|(_, text)| text.clone())
    }

    /// The case in the state of a link.
    pub(super) fn tell(&self, state: &State) -> Result<Told, Untold> {
        let seen = self.seen();
        let as_of = state.as_of.map_or_else(String::new, |d| d.to_string());
        let key = format!("{}\n{as_of}\n{}", seen.number, state.sets.join("\n"));
        if let Some(told) = hold(&self.read).iter().find(|t| t.key == key) {
            return Ok(told.clone());
        }
        let told = self.tell_of(&seen, &seen.files, state, key)?;
        let mut read = hold(&self.read);
        read.push_back(told.clone());
        while read.len() > READ {
            read.pop_front();
        }
        Ok(told)
    }

    /// Reads texts that need not be those on disk.
    pub(super) fn tell_of(
        &self,
        seen: &Arc<Seen>,
        files: &CaseFiles,
        state: &State,
        key: String,
    ) -> Result<Told, Untold> {
        let mut findings = Findings { list: seen.findings.clone() };
        // Copied, so that nobody waits for another's fit.
        let mut fits = hold(&self.fits).clone();
        let known = fits.len();
        let loaded = load_cached(files, state.as_of, &state.sets, &mut findings, &mut fits);
        if fits.len() > known {
            fits.keep(FITS);
            *hold(&self.fits) = fits;
        }
        match loaded {
            Some(loaded) => Ok(Told {
                seen: Arc::clone(seen),
                loaded: Arc::new(loaded),
                findings: Arc::new(findings.list),
                key,
            }),
            None => Err(Untold { seen: Arc::clone(seen), findings: findings.list }),
        }
    }

    /// Takes the pen: until it is dropped nobody else of this workbench writes. The files have been
    /// looked at under it.
    pub(super) fn pen(&self) -> MutexGuard<'_, ()> {
        let pen = hold(&self.writing);
        self.look();
        pen
    }
}

/// The source a finding is about.
pub(super) fn source<'a>(files: &'a CaseFiles, name: &str) -> Option<&'a Source> {
    [Some(&files.case), files.record.as_ref()].into_iter().flatten().find(|s| s.name == name)
}
