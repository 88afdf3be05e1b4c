//! The command that gives the same brief.

use winset_model::case::Day;
use winset_page::text::shell;

use crate::when::COMPARED;

/// The options of the command that makes a brief.
#[derive(Clone, Copy, Debug)]
pub struct BriefCommand<'a> {
    /// The case, where it was named.
    pub case: Option<&'a str>,
    /// The day it is told from, where it was named.
    pub as_of: Option<Day>,
    /// Changes of the case.
    pub overrides: &'a [String],
    /// The day since which changes are told.
    pub since: Option<Day>,
    /// Draws of the forecast.
    pub draws: u64,
    /// The seed.
    pub seed: u64,
    /// Draws of each forecast that is only compared.
    pub compared: u64,
    /// Whether names and sources are hidden.
    pub redact: bool,
    /// The marking of every page.
    pub marking: Option<&'a str>,
}

impl BriefCommand<'_> {
    /// The command that gives the same brief; what it names of the case is left out where that is
    /// hidden.
    pub fn command(&self) -> String {
        let mut words = vec!["winset".to_owned(), "brief".to_owned()];
        match (self.case, self.redact) {
            (Some(_), true) => words.push("CASE".to_owned()),
            (Some(path), false) => words.push(shell(path)),
            (None, _) => {}
        }
        if let Some(day) = self.as_of {
            words.push(format!("--as-of {day}"));
        }
        if self.redact {
            words.extend((!self.overrides.is_empty()).then(|| "--set …".to_owned()));
        } else {
            words.extend(self.overrides.iter().map(|s| format!("--set {}", shell(s))));
        }
        if let Some(day) = self.since {
            words.push(format!("--since {day}"));
        }
        words.push(format!("--draws {} --seed {}", self.draws, self.seed));
        if self.compared != COMPARED {
            words.push(format!("--compared {}", self.compared));
        }
        if self.redact {
            words.push("--redact".to_owned());
        }
        words.extend(self.marking.map(|text| format!("--marking {}", shell(text))));
        words.join(" ")
    }
}
