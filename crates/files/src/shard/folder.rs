//! An ensemble as a folder: a plan, the case it is of, and a file for each shard that is done.
//!
//! The folder needs nothing else: it can be copied to another machine, and any number of workers
//! may write into it at once. A shard is written under a name of its own and renamed, so that a
//! file that is there is whole, or was damaged later, which its checksum says.

use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use winset_model::case::{Case, Day};
use winset_model::forecast::{Tally, VERSION};

use super::{Header, Refusal, expect, header, open};
use crate::atomic::{self, Links};
use crate::bounded;
use crate::case::{CaseFiles, ResolvedCase, load, open as open_case};
use crate::diagnostic::Findings;

const SCHEMA: &str = "winset/ensemble/1";
const PLAN: &str = "plan.json";

/// How fast draws were, where it was measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pilot {
    /// Draws that were run, on one thread.
    pub draws: u64,
    /// How long they took.
    pub seconds: f64,
}

/// What is to be run, and in how many parts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// `winset/ensemble/1`.
    pub schema: String,
    /// The version of the formulas.
    pub version: String,
    /// The fingerprint of the case.
    pub fingerprint: String,
    /// The day it is told from, ISO.
    pub as_of: String,
    /// The inputs that were changed.
    pub set: Vec<String>,
    /// The seed.
    pub seed: u64,
    /// All draws.
    pub draws: u64,
    /// How many shards.
    pub shards: u64,
    /// What the number of shards was chosen from; `None` where it was given.
    pub pilot: Option<Pilot>,
}

impl Plan {
    /// A plan for a case. There are never more shards than draws, nor fewer than one.
    pub fn new(case: &Case, set: &[String], seed: u64, draws: u64, shards: u64) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            version: VERSION.to_owned(),
            fingerprint: case.fingerprint(),
            as_of: case.as_of.to_string(),
            set: set.to_vec(),
            seed,
            draws: draws.max(1),
            shards: shards.clamp(1, draws.max(1)),
            pilot: None,
        }
    }

    /// The draws of a shard: the shards differ by one draw at most.
    pub fn range(&self, shard: u64) -> Range<u64> {
        let at = |k: u64| (u128::from(self.draws) * u128::from(k) / u128::from(self.shards)) as u64;
        at(shard)..at(shard + 1)
    }

    fn header(&self, shard: u64) -> Header {
        let draws = self.range(shard);
        Header {
            version: self.version.clone(),
            fingerprint: self.fingerprint.clone(),
            seed: self.seed,
            from: draws.start,
            to: draws.end,
        }
    }
}

/// Why a folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// A file cannot be read or written.
    #[error("{path}: {1}", path = .0.display())]
    Io(PathBuf, std::io::Error),
    /// There is no plan, or it cannot be read.
    #[error("the plan cannot be read: {0}")]
    Plan(String),
    /// There is a plan already.
    #[error("the folder has a plan already")]
    Taken,
    /// The plan was made by another version.
    #[error("the plan was made by winset {0}, and this is winset {VERSION}")]
    Version(String),
    /// The case in the folder has errors.
    #[error("the case in the folder has errors: {}", .0.join("; "))]
    Case(Vec<String>),
    /// The case in the folder is not the one that was planned.
    #[error("the case in the folder is not the one that was planned")]
    Changed,
}

/// How a shard stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShardState {
    /// Its file is whole.
    Done,
    /// It has none.
    Missing,
    /// It has one that is not of this plan, or not whole.
    Bad(Refusal),
}

/// A folder with a plan.
#[derive(Clone, Debug)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// What is to be run.
    pub plan: Plan,
    /// The case, as of its day, with its changes.
    pub case: Case,
}

fn io(path: &Path) -> impl FnOnce(std::io::Error) -> FolderError + '_ {
    |why| FolderError::Io(path.to_path_buf(), why)
}

/// The file of a shard, below its folder.
fn name(shard: u64) -> PathBuf {
    Path::new("shards").join(format!("{shard:06}.shard"))
}

/// Writes a file of an ensemble's folder, through no link that leads out of it.
fn write(folder: &Path, name: &Path, bytes: &[u8]) -> Result<(), FolderError> {
    let path = folder.join(name);
    atomic::write_through(&path, bytes, Links::Inside(folder)).map_err(io(&path))
}

impl Folder {
    /// Makes a folder for a plan, with a copy of the case's files in it.
    ///
    /// # Errors
    /// A folder that has a plan already, files that cannot be written.
    pub fn create(path: &Path, files: &CaseFiles, plan: &Plan) -> Result<Self, FolderError> {
        if path.join(PLAN).exists() {
            return Err(FolderError::Taken);
        }
        for folder in ["case", "shards"] {
            let folder = path.join(folder);
            std::fs::create_dir_all(&folder).map_err(io(&folder))?;
        }
        write(path, Path::new("case/case.toml"), files.case.text.as_bytes())?;
        if let Some(record) = &files.record {
            write(path, Path::new("case/record.csv"), record.text.as_bytes())?;
        }
        // The plan comes last: a folder that has one is complete.
        let json = serde_json::to_string_pretty(plan).unwrap_or_default();
        write(path, Path::new(PLAN), format!("{json}\n").as_bytes())?;
        Self::open(path)
    }

    /// Reads the folder's plan and case.
    ///
    /// # Errors
    /// Files that cannot be read, a plan of another version, a case that is not the planned one.
    pub fn open(path: &Path) -> Result<Self, FolderError> {
        let place = path.join(PLAN);
        let text = bounded::read_to_string(&place, bounded::TEXT).map_err(io(&place))?;
        let plan: Plan =
            serde_json::from_str(&text).map_err(|why| FolderError::Plan(why.to_string()))?;
        if plan.schema != SCHEMA {
            return Err(FolderError::Plan(format!("its schema is `{}`", plan.schema)));
        }
        if plan.version != VERSION {
            return Err(FolderError::Version(plan.version));
        }
        if plan.shards == 0 || plan.shards > plan.draws {
            return Err(FolderError::Plan(format!(
                "{} shards of {} draws",
                plan.shards, plan.draws
            )));
        }
        let as_of = Day::parse(&plan.as_of)
            .ok_or_else(|| FolderError::Plan(format!("`{}` is no day", plan.as_of)))?;
        let mut findings = Findings::default();
        let place = path.join("case");
        let files = open_case(&place, &mut findings).map_err(io(&place))?;
        let loaded = load(&files, Some(as_of), &plan.set, &mut findings);
        let Some(ResolvedCase { case, .. }) = loaded else {
            let errors = findings.list.into_iter().map(|d| d.message).collect();
            return Err(FolderError::Case(errors));
        };
        if case.fingerprint() != plan.fingerprint {
            return Err(FolderError::Changed);
        }
        Ok(Self { path: path.to_path_buf(), plan, case })
    }

    /// Where a shard's file is.
    pub fn place(&self, shard: u64) -> PathBuf {
        self.path.join(name(shard))
    }

    /// How a shard stands.
    ///
    /// # Errors
    /// A file that is there and cannot be read.
    pub fn state(&self, shard: u64) -> Result<ShardState, FolderError> {
        Ok(match self.bytes(shard)? {
            None => ShardState::Missing,
            Some(bytes) => {
                self.check(shard, &bytes).map_or_else(ShardState::Bad, |()| ShardState::Done)
            }
        })
    }

    /// Whether the bytes are the shard of the plan, whole.
    fn check(&self, shard: u64, bytes: &[u8]) -> Result<(), Refusal> {
        expect(&header(bytes)?.0, &self.plan.header(shard))
    }

    fn bytes(&self, shard: u64) -> Result<Option<Vec<u8>>, FolderError> {
        let place = self.place(shard);
        match bounded::read(&place, bounded::RESULTS) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(why) => Err(FolderError::Io(place, why)),
        }
    }

    /// Keeps a shard.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn keep(&self, shard: u64, bytes: &[u8]) -> Result<(), FolderError> {
        let place = self.place(shard);
        if let Some(folder) = place.parent() {
            std::fs::create_dir_all(folder).map_err(io(folder))?;
        }
        write(&self.path, &name(shard), bytes)
    }

    /// Adds up all shards: the tally, or every shard that stands in the way.
    ///
    /// # Errors
    /// A file that is there and cannot be read.
    pub fn merge(&self) -> Result<Result<Tally, Vec<(u64, ShardState)>>, FolderError> {
        let mut total = Tally::default();
        let mut wrong = Vec::new();
        for shard in 0..self.plan.shards {
            let Some(bytes) = self.bytes(shard)? else {
                wrong.push((shard, ShardState::Missing));
                continue;
            };
            let read = self.check(shard, &bytes);
            match read.and_then(|()| open(&bytes, &self.case, self.plan.seed)) {
                // Once one is wrong, the rest is looked at and not added.
                Ok((_, tally)) if wrong.is_empty() => total.merge(tally),
                Ok(_) => {}
                Err(why) => wrong.push((shard, ShardState::Bad(why))),
            }
        }
        Ok(if wrong.is_empty() { Ok(total) } else { Err(wrong) })
    }
}
