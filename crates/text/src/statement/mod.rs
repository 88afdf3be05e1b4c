//! Statements: a source, the words that attribute (the cue), and what is attributed (the content).
//!
//! Two engines read them: [`Rules`], which are always there, and [`crate::crf::Crf`], which a person
//! trains on annotated texts of their own. Both give the same type.

pub(crate) mod act;
mod antecedent;
pub(crate) mod content;
pub(crate) mod cue;
pub(crate) mod lexicon;
pub(crate) mod phrase;
pub(crate) mod rules;
mod unclaimed;

pub use antecedent::antecedents;
use serde::Serialize;

use crate::TextSpan;
use crate::sentence::Outline;

/// How a statement's content is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Speech {
    /// Verbatim, between quotation marks.
    Direct,
    /// In the reporter's words.
    Indirect,
    /// In the reporter's words, with verbatim parts between quotation marks.
    Mixed,
}

/// What is done by a statement, as far as its cue tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Act {
    /// Something is said, asked, praised or criticised.
    Saying,
    /// Something is thought, felt, hoped or feared.
    Belief,
    /// Something is wanted: "wants", "seeks", "favors".
    Want,
    /// Something is demanded of somebody: "demands", "urged", "insists".
    Demand,
    /// Something is refused: "rejected", "ruled out", "refused to".
    Refusal,
    /// Something is threatened.
    Threat,
    /// Something is decided, promised or offered: "agreed to", "vowed", "offered".
    Decision,
    /// Readiness without a promise: "is open to", "is willing to".
    Openness,
    /// What somebody else says is denied: the content is not what the source holds.
    Denial,
}

/// One attribution: somebody says, thinks, wants, demands, refuses something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportedStatement {
    /// Who it is attributed to, as mentioned; `None` where the text leaves it open.
    pub source: Option<TextSpan>,
    /// The words that attribute: "said", "according to", "ruled out".
    pub cue: TextSpan,
    /// What is attributed; several parts where the cue interrupts it.
    pub content: Vec<TextSpan>,
    /// How it is reported.
    pub speech: Speech,
    /// What is done by it.
    pub act: Act,
    /// Whether the cue is denied: "did not say", "never agreed to".
    pub negated: bool,
    /// Whether it holds only under a condition or is not sure to have been said: "would agree if".
    pub conditional: bool,
    /// To whom it is said or of whom something is demanded: "told *reporters*", "urged *Iran* to".
    pub addressee: Option<TextSpan>,
    /// The index of the statement in whose content this one stands: "Axios reported that Witkoff
    /// told …" gives what Witkoff told the index of what Axios reported.
    pub within: Option<usize>,
}

/// What reads statements in a text.
pub trait Engine {
    /// The statements of a text in the order of their cues; every span lies on character boundaries.
    fn statements(&self, text: &str) -> Vec<ReportedStatement>;
}

/// Hand-written rules on words and marks; no model, no training.
///
/// Positions are read also where they stand in the content of another statement: "said that Iran
/// *rejected* the offer".
#[derive(Debug, Clone, Copy, Default)]
pub struct Rules;

impl Engine for Rules {
    fn statements(&self, text: &str) -> Vec<ReportedStatement> {
        rules::read(&Outline::new(text), true)
    }
}

/// [`Rules`] without positions in the content of another statement. People who annotate
/// attributions mark few of these, so agreement with them is measured without.
#[derive(Debug, Clone, Copy, Default)]
pub struct Outermost;

impl Engine for Outermost {
    fn statements(&self, text: &str) -> Vec<ReportedStatement> {
        rules::read(&Outline::new(text), false)
    }
}

/// The statements that [`Rules`] find in a text.
#[must_use]
pub fn statements(text: &str) -> Vec<ReportedStatement> {
    Rules.statements(text)
}

/// How content at these places is reported.
pub(crate) fn reported(outline: &Outline, content: &[TextSpan]) -> Speech {
    content::speech(outline, &content.iter().map(|s| outline.range(*s)).collect::<Vec<_>>())
}
