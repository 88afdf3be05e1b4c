//! The file of trained weights: a line that names the format, a line of JSON with sizes and a digest,
//! then the two fields.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Crf;
use super::field::Field;
use crate::brat::BratError;

/// The first line.
const FORMAT: &str = "winset-text crf 2";

/// The largest file that is read, in bytes.
const LARGEST: u64 = 512 << 20;

/// The longest second line, in bytes.
const LONGEST_HEADER: usize = 1 << 10;

/// Why weights could not be trained, written or loaded.
#[derive(Debug, thiserror::Error)]
pub enum CrfError {
    /// The annotations could not be read.
    #[error(transparent)]
    Annotations(#[from] BratError),
    /// There is nothing to learn from.
    #[error(
        "no attribution is marked\n\nhint: a line `E1⇥Attribution:T4 Content:T3 Cue:T2 Source:T1` marks one"
    )]
    TooFew,
    /// The optimiser failed.
    #[error("the weights could not be fitted: {0}")]
    Fit(std::io::Error),
    /// A file could not be read or written.
    #[error("cannot use `{}`: {source}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is too large to be weights.
    #[error("`{}` has {bytes} bytes, more than the {LARGEST} that are read", path.display())]
    TooLarge {
        /// Which.
        path: PathBuf,
        /// Its size.
        bytes: u64,
    },
    /// The file is not of the format.
    #[error("`{}` holds no trained weights: {what}\n\nhint: train anew", path.display())]
    Format {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        what: &'static str,
    },
}

/// The second line of the file.
#[derive(Debug, Serialize, Deserialize)]
struct Header {
    /// Bytes of the field of cues.
    cues: usize,
    /// Bytes of the field of roles.
    roles: usize,
    /// BLAKE3 of both.
    blake3: String,
}

impl Crf {
    /// Loads trained weights.
    ///
    /// # Errors
    /// If the file cannot be read, is larger than 512 MiB, cut off, changed, or of another format.
    pub fn load(path: &Path) -> Result<Self, CrfError> {
        let failed = |source| CrfError::File { path: path.to_owned(), source };
        let file = File::open(path).map_err(failed)?;
        let bytes = file.metadata().map_err(failed)?.len();
        if bytes > LARGEST {
            return Err(CrfError::TooLarge { path: path.to_owned(), bytes });
        }
        let mut content = Vec::new();
        file.take(LARGEST).read_to_end(&mut content).map_err(failed)?;
        parse(&content).map_err(|what| CrfError::Format { path: path.to_owned(), what })
    }
}

/// Reads the content of a file of weights; says what is wrong with it.
fn parse(content: &[u8]) -> Result<Crf, &'static str> {
    let rest = content
        .strip_prefix(FORMAT.as_bytes())
        .ok_or("its first line is not `winset-text crf 2`")?;
    let rest = rest.strip_prefix(b"\n").ok_or("its first line is not `winset-text crf 2`")?;
    let end = rest
        .iter()
        .take(LONGEST_HEADER)
        .position(|b| *b == b'\n')
        .ok_or("its second line has no end")?;
    let header: Header = serde_json::from_slice(&rest[..end])
        .map_err(|_| "its second line has no sizes and digest")?;
    let body = &rest[end + 1..];
    if header.cues.checked_add(header.roles) != Some(body.len()) {
        return Err("it is cut off");
    }
    if blake3::hash(body).to_hex().as_str() != header.blake3 {
        return Err("it was changed after it was written");
    }
    let (cues, roles) = body.split_at(header.cues);
    Ok(Crf { cues: Field::new(cues.to_vec())?, roles: Field::new(roles.to_vec())? })
}

/// Writes both fields to a file beside `out` and renames it; gives its size.
pub(super) fn write(out: &Path, cues: &[u8], roles: &[u8]) -> Result<usize, CrfError> {
    let failed = |source| CrfError::File { path: out.to_owned(), source };
    let body = [cues, roles].concat();
    let header = Header {
        cues: cues.len(),
        roles: roles.len(),
        blake3: blake3::hash(&body).to_hex().to_string(),
    };
    let header = serde_json::to_string(&header).map_err(|e| failed(e.into()))?;
    let folder = out.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(format!("{FORMAT}\n{header}\n").as_bytes()).map_err(failed)?;
    file.write_all(&body).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    file.persist(out).map_err(|e| failed(e.error))?;
    Ok(FORMAT.len() + header.len() + 2 + body.len())
}
