//! Who is meant by a mention: a name, a title, a pronoun, or nobody that the case knows.
//!
//! What is not sure stays open: a mention keeps its words, and its actor is `None`.

mod alias;
mod reference;

use crate::TextSpan;

pub use alias::{AliasProposal, Aliases, proposed};
pub(crate) use reference::Cast;

/// Whom an alias belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// An actor, by id.
    Actor(String),
    /// A side, by id.
    Side(String),
}

/// Who a mention is taken for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Speaker {
    /// The actor, by id; open where it is not sure.
    pub actor: Option<String>,
    /// The side that is meant, or the actor's.
    pub side: Option<String>,
    /// The mention, where the text has one.
    pub mention: Option<TextSpan>,
}
