//! Statements: a source, the words that attribute (the cue), and what is attributed (the content).

use serde::Serialize;

use crate::Span;

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

/// One attribution: somebody says, thinks, wants, demands, refuses something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// Who it is attributed to, as mentioned; `None` where the text leaves it open.
    pub source: Option<Span>,
    /// The words that attribute: "said", "according to", "ruled out".
    pub cue: Span,
    /// What is attributed; several parts where the cue interrupts it.
    pub content: Vec<Span>,
    /// How it is reported.
    pub speech: Speech,
}
