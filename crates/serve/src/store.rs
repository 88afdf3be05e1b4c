//! The case: its texts as they are on disk, the revision of each, the case read in any state of a
//! link, and who waits for news.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use tokio::sync::watch;
use winset_files::case::{CaseFiles, ResolvedCase, load_cached, open};
use winset_files::diagnostic::{Diagnostic, Findings};
use winset_files::own::{self, CaseLock, LockError};
use winset_model::belief::readings::FitCache;
use winset_model::case::Case;
use winset_model::record::Record;

use winset_files::bounded;
use winset_files::builtin::Builtin;

use crate::link::LinkState;

/// Earlier texts of a file that are kept, to show what changed in a conflict.
const PAST: usize = 32;

/// Cases that stay read.
const READ: usize = 64;

/// Fits of the record that stay known: most changes of a case leave it as it is.
const FITS: usize = 16;

/// Where the case comes from.
#[derive(Clone)]
pub enum CaseSource {
    /// A folder of the user's.
    Folder(PathBuf),
    /// Compiled in: it can be looked at, not written.
    Builtin(&'static Builtin),
}

impl CaseSource {
    /// What to call it on a command line.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Folder(folder) => folder.display().to_string(),
            Self::Builtin(case) => case.slug.to_owned(),
        }
    }
}

/// The texts at one moment.
#[derive(Clone, Default)]
pub(crate) struct CaseTexts {
    /// Rises with every change.
    pub(crate) number: u64,
    pub(crate) files: CaseFiles,
    /// What kept a file from being read.
    pub(crate) findings: Vec<Diagnostic>,
    /// The hash of each file by its name; of one that is not there, of nothing.
    pub(crate) revisions: BTreeMap<&'static str, String>,
    /// Whether there is a `case.toml` at all.
    pub(crate) exists: bool,
}

/// A case that cannot be read, and why.
#[derive(Clone)]
pub(crate) struct BrokenCase {
    pub(crate) texts: Arc<CaseTexts>,
    pub(crate) findings: Vec<Diagnostic>,
}

/// A case in the state of a link.
#[derive(Clone)]
pub(crate) struct LoadedCase {
    pub(crate) texts: Arc<CaseTexts>,
    pub(crate) inner: Arc<ResolvedCase>,
    /// Warnings.
    pub(crate) findings: Arc<Vec<Diagnostic>>,
    /// What identifies it among all that was read.
    pub(crate) key: String,
}

impl LoadedCase {
    /// The case itself.
    pub(crate) fn case(&self) -> &Case {
        &self.inner.case
    }

    /// Its record.
    pub(crate) fn record(&self) -> &Record {
        &self.inner.record
    }
}

/// The case as everybody shares it.
pub(crate) struct CaseStore {
    pub(crate) place: CaseSource,
    /// Whether the folder takes no writes.
    read_only: bool,
    texts: RwLock<Arc<CaseTexts>>,
    past: Mutex<VecDeque<(String, String)>>,
    loaded: Mutex<VecDeque<LoadedCase>>,
    /// Positions that were fitted to the record, by what they were fitted to.
    fits: Mutex<FitCache>,
    /// The number of the texts, for those who wait.
    pub(crate) news: watch::Sender<u64>,
    /// One write at a time.
    writing: Mutex<()>,
    /// One look at a time: else an older look could overtake a newer one.
    looking: Mutex<()>,
}

/// What is said of a folder that was moved or removed while it is served.
const GONE: &str = "the folder of the case is not there any more";

/// What helps.
const BACK: &str = "put it back, and the pages follow; nothing is written meanwhile";

/// The files of a case that are watched.
pub(crate) const FILES: [&str; 3] = ["case.toml", "record.csv", "log.jsonl"];

/// The revision of a text.
pub(crate) fn revision(text: &[u8]) -> String {
    blake3::hash(text).to_hex().as_str()[..32].to_owned()
}

/// A lock that a panic elsewhere does not spoil: what it guards is replaced as a whole.
pub(crate) fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl CaseStore {
    pub(crate) fn new(place: CaseSource, read_only: bool) -> Self {
        let store = Self {
            place,
            read_only,
            texts: RwLock::default(),
            past: Mutex::default(),
            loaded: Mutex::default(),
            fits: Mutex::default(),
            news: watch::Sender::new(0),
            writing: Mutex::default(),
            looking: Mutex::default(),
        };
        store.look();
        store
    }

    /// The folder, where the case can be written.
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.readable().filter(|_| !self.read_only)
    }

    /// Why the case is not written to, where it is not.
    pub(crate) fn unwritten(&self) -> Option<&'static str> {
        match &self.place {
            CaseSource::Builtin(_) => Some("built in, not written to"),
            CaseSource::Folder(_) => {
                self.read_only.then_some("the folder takes no writes: to read only")
            }
        }
    }

    /// The folder, where there is one.
    pub(crate) fn readable(&self) -> Option<&Path> {
        match &self.place {
            CaseSource::Folder(folder) => Some(folder),
            CaseSource::Builtin(_) => None,
        }
    }

    /// The texts as last seen.
    pub(crate) fn texts(&self) -> Arc<CaseTexts> {
        self.texts.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the files again; whoever waits is told if anything changed.
    pub(crate) fn look(&self) {
        let _looking = hold(&self.looking);
        let mut findings = Findings::default();
        let (files, exists, more) = match &self.place {
            CaseSource::Builtin(case) => (case.sources(), true, Vec::new()),
            CaseSource::Folder(folder) if !folder.is_dir() => {
                findings.error(
                    "gone",
                    &folder.display().to_string(),
                    None,
                    GONE,
                    Some(BACK.to_owned()),
                );
                (CaseFiles::default(), true, Vec::new())
            }
            CaseSource::Folder(folder) if !folder.join("case.toml").is_file() => {
                (CaseFiles::default(), false, Vec::new())
            }
            CaseSource::Folder(folder) => match open(folder, &mut findings) {
                Ok(files) => {
                    let log = folder.join("log.jsonl");
                    // One that cannot be read is said on its own page.
                    let log = bounded::read(&log, bounded::RESULTS);
                    (files, true, log.unwrap_or_default())
                }
                Err(error) => {
                    let name = folder.join("case.toml").display().to_string();
                    findings.error("read", &name, None, error.to_string(), None);
                    (CaseFiles::default(), true, Vec::new())
                }
            },
        };
        let record = files.record.as_ref().map_or("", |r| r.text.as_str());
        let texts = [files.case.text.as_bytes(), record.as_bytes(), &more];
        let revisions: BTreeMap<&'static str, String> =
            FILES.into_iter().zip(texts).map(|(name, text)| (name, revision(text))).collect();
        let mut seen = self.texts.write().unwrap_or_else(PoisonError::into_inner);
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
        *seen = Arc::new(CaseTexts { number, files, findings, revisions, exists });
        drop((past, seen));
        hold(&self.loaded).clear();
        self.news.send_replace(number);
    }

    /// The text of a revision, if it is remembered.
    pub(crate) fn past(&self, revision: &str) -> Option<String> {
        hold(&self.past).iter().find(|(r, _)| r == revision).map(|(_, text)| text.clone())
    }

    /// Whether the case was read in the state of a link.
    pub(crate) fn is_loaded(&self, state: &LinkState) -> bool {
        let key = key(&self.texts(), state);
        hold(&self.loaded).iter().any(|l| l.key == key)
    }

    /// Reads the case in the state of a link.
    pub(crate) fn load(&self, state: &LinkState) -> Result<LoadedCase, BrokenCase> {
        let texts = self.texts();
        let key = key(&texts, state);
        if let Some(loaded) = hold(&self.loaded).iter().find(|l| l.key == key) {
            return Ok(loaded.clone());
        }
        let loaded = self.load_from(&texts, &texts.files, state, key)?;
        let mut all = hold(&self.loaded);
        all.push_back(loaded.clone());
        while all.len() > READ {
            all.pop_front();
        }
        Ok(loaded)
    }

    /// Reads texts that need not be those on disk.
    pub(crate) fn load_from(
        &self,
        texts: &Arc<CaseTexts>,
        files: &CaseFiles,
        state: &LinkState,
        key: String,
    ) -> Result<LoadedCase, BrokenCase> {
        let mut findings = Findings { list: texts.findings.clone() };
        // Copied, so that nobody waits for another's fit.
        let mut fits = hold(&self.fits).clone();
        let known = fits.len();
        let loaded = load_cached(files, state.as_of, &state.sets, &mut findings, &mut fits);
        if fits.len() > known {
            fits.keep(FITS);
            *hold(&self.fits) = fits;
        }
        let (texts, findings) = (Arc::clone(texts), findings.list);
        match loaded {
            Some(inner) => {
                Ok(LoadedCase { texts, inner: Arc::new(inner), findings: Arc::new(findings), key })
            }
            None => Err(BrokenCase { texts, findings }),
        }
    }

    /// Takes the pen: until it is dropped no other program of winset writes to the folder, this
    /// workbench included. The files have been looked at under it.
    ///
    /// # Errors
    /// Another writer that does not end, a folder that cannot be written.
    pub(crate) fn pen(&self) -> Result<Pen<'_>, LockError> {
        let within = hold(&self.writing);
        if let Some(folder) = self.folder().filter(|folder| !folder.is_dir()) {
            let cause = std::io::Error::new(std::io::ErrorKind::NotFound, GONE);
            return Err(LockError::Io { folder: folder.to_path_buf(), cause });
        }
        let lock = self.folder().map(|folder| CaseLock::take(folder, own::WAIT)).transpose()?;
        self.look();
        Ok(Pen { _within: within, _lock: lock })
    }
}

/// What identifies a case in the state of a link.
fn key(texts: &CaseTexts, state: &LinkState) -> String {
    let as_of = state.as_of.map_or_else(String::new, |d| d.to_string());
    format!("{}\n{as_of}\n{}", texts.number, state.sets.join("\n"))
}

/// The right to write.
pub(crate) struct Pen<'a> {
    // Let go of before the next of this workbench wants it.
    _lock: Option<CaseLock>,
    _within: MutexGuard<'a, ()>,
}
