//! A forecast in parts: a shard is a range of draws of one case under one seed, run anywhere, and
//! what it found as one file.
//!
//! What a shard holds is a function of (fingerprint of the case, seed, range) alone, and tallies are
//! added exactly in any order: shards merged are the forecast of all their draws, bit for bit,
//! whoever ran them. [`run`] and [`Merge`] work on bytes, for any scheduler; [`Folder`] keeps a plan
//! and its shards as files.
//!
//! The bytes: a line `winset shard 1`, a line of JSON with version, fingerprint, seed and range, the
//! tally, and the 32 bytes of the BLAKE3 hash of all before.

mod folder;

pub use folder::{Folder, FolderError, Pilot, Plan, ShardState};

use std::ops::Range;

use serde::{Deserialize, Serialize};
use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::forecast::{Run, TALLY_FORMAT, Tally, VERSION};

const MAGIC: &str = "winset shard ";
const HASH: usize = 32;

/// What a shard is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The version of the formulas.
    pub version: String,
    /// The fingerprint of the case.
    pub fingerprint: String,
    /// The seed.
    pub seed: u64,
    /// The first draw.
    pub from: u64,
    /// The draw after the last.
    pub to: u64,
}

impl Header {
    /// What a shard of this case would be of, run here and now.
    pub fn new(case: &Case, seed: u64, draws: &Range<u64>) -> Self {
        Self {
            version: VERSION.to_owned(),
            fingerprint: case.fingerprint(),
            seed,
            from: draws.start,
            to: draws.end,
        }
    }
}

/// Why a shard or a merge is refused; as words, what follows "shard 3".
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It does not begin as a shard does.
    #[error("is no shard of a forecast")]
    NoShard,
    /// It is written in another format.
    #[error("has format {0}, and this winset reads format {TALLY_FORMAT}")]
    Format(String),
    /// It is cut short or changed: its checksum does not match, or it does not hold what it says.
    #[error("is damaged: its bytes do not match its checksum")]
    Damaged,
    /// It was computed by another version of the formulas.
    #[error("was computed by winset {0}, and this is winset {VERSION}")]
    Version(String),
    /// It is of another case, or of this one as of another day or with other numbers.
    #[error("is of another case (fingerprint {}…)", .0.chars().take(12).collect::<String>())]
    Fingerprint(String),
    /// It was drawn from another seed.
    #[error("was drawn from seed {0}")]
    Seed(u64),
    /// It holds other draws.
    #[error("holds the draws from {} to before {}", .0.start, .0.end)]
    Draws(Range<u64>),
}

/// Runs the draws of a shard; `None` if it was stopped before the last.
pub fn run(case: &Case, seed: u64, draws: Range<u64>, effort: Effort<'_>) -> Option<Vec<u8>> {
    let settings = Run { seed, draws: draws.clone() };
    let tally = winset_model::forecast::run(case, &settings, effort);
    let whole = tally.draws == draws.end.saturating_sub(draws.start);
    whole.then(|| seal(&Header::new(case, seed, &draws), &tally))
}

/// The bytes of a shard.
pub fn seal(header: &Header, tally: &Tally) -> Vec<u8> {
    // A struct of text and numbers always has a JSON form.
    let line = serde_json::to_string(header).unwrap_or_default();
    let mut bytes = format!("{MAGIC}{TALLY_FORMAT}\n{line}\n").into_bytes();
    bytes.extend(tally.to_bytes());
    let hash = blake3::hash(&bytes);
    bytes.extend(hash.as_bytes());
    bytes
}

/// What a shard says it is of, and the bytes of its tally, whose checksum matches.
///
/// # Errors
/// Bytes that are no shard, of another format, or damaged.
pub fn header(bytes: &[u8]) -> Result<(Header, &[u8]), Refusal> {
    let rest = bytes.strip_prefix(MAGIC.as_bytes()).ok_or(Refusal::NoShard)?;
    let (format, rest) = line(rest).ok_or(Refusal::Damaged)?;
    if format != TALLY_FORMAT.to_string() {
        return Err(Refusal::Format(format.chars().take(12).collect()));
    }
    let end = bytes.len().checked_sub(HASH).ok_or(Refusal::Damaged)?;
    let (body, hash) = bytes.split_at(end);
    if blake3::hash(body).as_bytes() != hash {
        return Err(Refusal::Damaged);
    }
    let (json, rest) = line(rest).ok_or(Refusal::Damaged)?;
    let header: Header = serde_json::from_str(json).map_err(|_| Refusal::Damaged)?;
    let tally = rest.len().checked_sub(HASH).ok_or(Refusal::Damaged)?;
    Ok((header, &rest[..tally]))
}

/// A line of text and what follows it.
fn line(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let end = bytes.iter().position(|b| *b == b'\n')?;
    Some((std::str::from_utf8(&bytes[..end]).ok()?, &bytes[end + 1..]))
}

/// Reads a shard of a case: the draws it holds, and what they came to.
///
/// # Errors
/// Anything that is not a whole shard of this case, seed and version.
pub fn open(bytes: &[u8], case: &Case, seed: u64) -> Result<(Range<u64>, Tally), Refusal> {
    let (found, body) = header(bytes)?;
    let wanted = Header::new(case, seed, &(found.from..found.to));
    expect(&found, &wanted)?;
    let tally = Tally::from_bytes(case, body).map_err(|_| Refusal::Damaged)?;
    if found.from >= found.to || tally.draws != found.to - found.from {
        return Err(Refusal::Damaged);
    }
    Ok((found.from..found.to, tally))
}

/// Whether a shard is of what is wanted.
fn expect(found: &Header, wanted: &Header) -> Result<(), Refusal> {
    if found.version != wanted.version {
        return Err(Refusal::Version(found.version.clone()));
    }
    if found.fingerprint != wanted.fingerprint {
        return Err(Refusal::Fingerprint(found.fingerprint.clone()));
    }
    if found.seed != wanted.seed {
        return Err(Refusal::Seed(found.seed));
    }
    if (found.from, found.to) != (wanted.from, wanted.to) {
        return Err(Refusal::Draws(found.from..found.to));
    }
    Ok(())
}

/// Why the shards that were added are not a whole forecast.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Incomplete {
    /// Draws that no shard holds.
    #[error("the draws from {} to before {} are missing", .0.start, .0.end)]
    Missing(Range<u64>),
    /// Draws that two shards hold.
    #[error("the draws from {} to before {} are there twice", .0.start, .0.end)]
    Twice(Range<u64>),
}

/// Shards added up, in any order and of any sizes, as they come.
pub struct Merge<'c> {
    case: &'c Case,
    seed: u64,
    total: Tally,
    parts: Vec<Range<u64>>,
}

impl<'c> Merge<'c> {
    /// Nothing yet.
    pub fn new(case: &'c Case, seed: u64) -> Self {
        Self { case, seed, total: Tally::default(), parts: Vec::new() }
    }

    /// Adds a shard.
    ///
    /// # Errors
    /// What is not a whole shard of this case, seed and version; it is not added.
    pub fn add(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        let (draws, tally) = open(bytes, self.case, self.seed)?;
        self.parts.push(draws);
        self.total.merge(tally);
        Ok(())
    }

    /// The tally of all draws from 0 to before `draws`.
    ///
    /// # Errors
    /// The first draws that are missing, beyond the last, or there twice.
    pub fn finish(mut self, draws: u64) -> Result<Tally, Incomplete> {
        self.parts.sort_by_key(|r| (r.start, r.end));
        let mut next = 0;
        for part in self.parts.iter().chain([&(draws..draws)]) {
            if part.start > next {
                return Err(Incomplete::Missing(next..part.start));
            }
            if part.start < next {
                return Err(Incomplete::Twice(part.start..next.min(part.end.max(part.start + 1))));
            }
            next = part.end;
        }
        Ok(self.total)
    }
}
