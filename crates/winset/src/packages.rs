//! The packages of a case: judged over the draws, and as the classical deal space at its central
//! values.

use serde_json::Value;
use winset_brief::domain::DealSpace;
use winset_model::case::Case;
use winset_model::forecast::{Deals, deal_space, deals};
use winset_model::theory::domain::Domain;

use crate::domain::{Report, report};

/// Everything `winset deals` says of a case.
pub struct Packages {
    /// The classical solutions at the central values.
    pub classical: Report,
    /// The same as people read it.
    pub space: DealSpace,
    /// The packages judged over the draws.
    pub judged: Deals,
}

/// The packages of a case at its central values.
///
/// # Errors
/// In words, with a hint, if there are too many of them.
pub fn domain(case: &Case) -> Result<Domain, String> {
    deal_space(case).map_err(|e| {
        let hint = "name fewer levels, such as [model] grid = [0, 50, 100]";
        format!("{}: {e}\n\nhint: {hint}", case.title)
    })
}

/// Solves and judges the packages of a case.
///
/// # Errors
/// In words, if there are too many packages or their utilities are refused.
pub fn packages(case: &Case, seed: u64, draws: u64) -> Result<Packages, String> {
    let domain = domain(case)?;
    let (mut classical, mut space) =
        report(&domain).map_err(|e| format!("{}: {e}", domain.name()))?;
    classical.kind = "case";
    classical.note = Some(note(case));
    space.note.clone_from(&classical.note);
    Ok(Packages { classical, space, judged: deals(case, seed, draws) })
}

impl Packages {
    /// What `winset deals --json` prints.
    ///
    /// # Errors
    /// If a number has no JSON form.
    pub fn json(&self, case: &Case, seed: u64) -> Result<Value, serde_json::Error> {
        let mut json = serde_json::to_value(&self.classical)?;
        if let (Some(report), Value::Object(more)) =
            (json.as_object_mut(), serde_json::to_value(&self.judged)?)
        {
            report.insert("fingerprint".to_owned(), case.fingerprint().into());
            report.insert("as_of".to_owned(), case.as_of.to_string().into());
            report.insert("seed".to_owned(), seed.into());
            report.extend(more);
        }
        Ok(json)
    }
}

fn note(case: &Case) -> String {
    let levels = match &case.switches.grid {
        Some(_) => "the levels of [model] grid",
        None => "five levels",
    };
    format!(
        "The case at its central values, {levels} of every issue; each side is its negotiator. \
         Red lines and ratification are not applied here; above they are."
    )
}
