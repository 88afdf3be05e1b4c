//! The rows of a sweep in a part file while it runs.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;

use winset_model::explain::SweepRow;
use winset_model::forecast::OddsEstimate;

use crate::{bounded, own};

/// Why a part file cannot be gone on with.
#[derive(Debug, thiserror::Error)]
pub enum PartError {
    /// It cannot be read or written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// It is of another spec, case or version, or no part file.
    #[error("it is of another sweep")]
    Other,
    /// Another process works on it.
    #[error("another process works on it")]
    Busy,
}

/// A file that rows are appended to as they are done.
#[derive(Debug)]
pub struct Part {
    file: File,
    /// The rows that were there when it was opened.
    pub done: BTreeMap<usize, SweepRow>,
}

impl Part {
    /// Opens the part file of a sweep with this `hash` of a specification, or begins it. A row that was cut
    /// short is dropped, with whatever follows it.
    ///
    /// # Errors
    /// A file of something else, one that another process holds, or one that cannot be used.
    pub fn open(path: &Path, hash: &str, points: usize, issues: usize) -> Result<Self, PartError> {
        let mut file = own::open_regular(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(std::fs::TryLockError::WouldBlock) => return Err(PartError::Busy),
            // Some file systems know no locks; rows are the same whoever writes them.
            Err(std::fs::TryLockError::Error(_)) => {}
        }
        let text = bounded::rest(&file, file.metadata()?.len(), bounded::RESULTS)?;
        let head = format!("# winset sweep {hash}\n");
        let mut done = BTreeMap::new();
        let mut whole = head.len();
        match text.strip_prefix(head.as_bytes()) {
            Some(rows) => {
                for line in rows.split_inclusive(|b| *b == b'\n') {
                    let Some((k, row)) = parse(line, issues).filter(|(k, _)| *k < points) else {
                        break;
                    };
                    whole += line.len();
                    done.insert(k, row);
                }
            }
            // Killed while it wrote the first line: nothing is lost.
            None if head.as_bytes().starts_with(&text) => {
                file.set_len(0)?;
                file.seek(SeekFrom::Start(0))?;
                file.write_all(head.as_bytes())?;
            }
            None => return Err(PartError::Other),
        }
        file.set_len(whole as u64)?;
        file.seek(SeekFrom::End(0))?;
        Ok(Self { file, done })
    }

    /// Appends a row.
    ///
    /// # Errors
    /// A file that cannot be written.
    pub fn add(&mut self, point: usize, row: &SweepRow) -> Result<(), std::io::Error> {
        let mut line = point.to_string();
        for x in [row.p, row.lo, row.hi, row.mcse, row.zone, row.closed] {
            line.push_str(&format!(",{x}"));
        }
        for x in &row.terms {
            line.push(',');
            line.push_str(&x.map_or_else(String::new, |x| x.to_string()));
        }
        line.push('\n');
        self.file.write_all(line.as_bytes())
    }
}

/// Reads a row that ends with its line.
fn parse(line: &[u8], issues: usize) -> Option<(usize, SweepRow)> {
    let line = std::str::from_utf8(line.strip_suffix(b"\n")?).ok()?;
    let fields: Vec<&str> = line.split(',').collect();
    if fields.len() != 7 + issues {
        return None;
    }
    let number = |k: usize| fields[k].parse::<f64>().ok().filter(|x| x.is_finite());
    let terms: Option<Vec<Option<f64>>> = (7..7 + issues)
        .map(|k| if fields[k].is_empty() { Some(None) } else { number(k).map(Some) })
        .collect();
    let row = SweepRow {
        odds: OddsEstimate { p: number(1)?, lo: number(2)?, hi: number(3)?, mcse: number(4)? },
        zone: number(5)?,
        closed: number(6)?,
        terms: terms?,
    };
    Some((fields[0].parse().ok()?, row))
}
