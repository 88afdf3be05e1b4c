//! The forecast log: one line a forecast, hash-chained, append-only, bitemporal.
//!
//! Answers for the bytes of `log.jsonl`: reading and verifying them, adding a line so that it
//! survives a crash, and finding what was said when. It never reads a clock and computes no score:
//! the moment an entry is made is passed in, and [`scored()`] only lines entries up for
//! `winset_methods::score`.
//!
//! Invariant: an entry is handed back by [`Writer::append`] only after its line is on disk.

mod ask;
mod chain;
mod entry;
mod error;
mod remark;
mod replay;
mod scored;
mod write;

pub use ask::{Said, find, questions, said_on, standing, worded_anew};
pub use chain::{ChainFault, ChainHead, GENESIS, Log, Tail, Unproved, read, read_bytes};
pub use entry::{Attribution, LogEntry, LogKind, LogStatement, Outcome};
pub use error::LogError;
pub use remark::{EntryRemark, remarks, unproved, wording};
pub use replay::{Replayed, replay};
pub use scored::{Clock, Crowd, CrowdError, ScoredQuestion, crowd_csv, day_number, scored};
pub use write::{Opened, Writer};
