//! Computing an entry again, or saying why that cannot be done.

use super::entry::{LogEntry, LogKind};

/// The result of computing an entry's number again.
#[derive(Debug, Clone, PartialEq)]
pub enum Replayed {
    /// The same number, bit by bit.
    Same {
        /// The probability.
        p: f64,
    },
    /// Another number from the same inputs, seed and version: a fault to be reported.
    Differs {
        /// The probability in the log.
        logged: f64,
        /// The probability computed now.
        now: f64,
    },
    /// It cannot be computed.
    Cannot {
        /// Why.
        why: String,
        /// Whether it was computed once: then that it cannot be any more is no success.
        was_computed: bool,
    },
}

/// Computes an entry again with `compute(seed, draws)` if its fingerprint and version are at hand.
///
/// `version` names the formulas of this program, `fingerprint` the case as of the entry's date as it
/// is now. The computation is not started if either differs.
pub fn replay(
    entry: &LogEntry,
    version: &str,
    fingerprint: &str,
    compute: impl FnOnce(u64, u64) -> Result<f64, String>,
) -> Replayed {
    let never = |why: String| Replayed::Cannot { why, was_computed: false };
    let cannot = |why: String| Replayed::Cannot { why, was_computed: true };
    if entry.kind == LogKind::Resolution {
        return never("a resolution states no probability".into());
    }
    let (Some(hash), Some(made_by), Some(seed), Some(draws)) =
        (&entry.inputs_hash, &entry.model_version, entry.seed, entry.draws)
    else {
        return never("it was entered by hand: no fingerprint, version, seed or draws".into());
    };
    let Some(logged) = entry.p else {
        return never("it states dates but no single probability".into());
    };
    if made_by != version {
        return cannot(format!("it was made with model {made_by}; this is model {version}"));
    }
    if hash != fingerprint {
        return cannot(format!(
            "the case has changed: its fingerprint as of {} was {hash}, now {fingerprint}",
            entry.as_of
        ));
    }
    match compute(seed, draws) {
        Err(why) => cannot(why),
        Ok(now) if now == logged => Replayed::Same { p: now },
        Ok(now) => Replayed::Differs { logged, now },
    }
}
