//! What would hold without a deal: the states nobody would leave, why, how sure that is, and what the
//! talks of a case make of it.

mod ask;
mod document;
mod figure;

pub use ask::{
    DEFAULT_CONCEPTS, DRAWN_CONCEPTS, StabilityAsk, StabilityModel, case_report, concepts, of_file,
    report, without_model,
};
pub use document::{brief_section, document, summary};
pub use figure::{figure, table};

use serde::{Serialize, Serializer};
use winset_methods::stability::inverse::InverseCount;
use winset_methods::stability::quo::ConflictMove;
use winset_methods::stability::robust::{DrawnStability, Overturn};

/// `winset/stability/1`.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct StabilityReport {
    /// `winset/stability/1`.
    pub schema: &'static str,
    /// The version of the formulas.
    pub version: &'static str,
    /// What the model is called: its own title, or that of the case it is derived from.
    pub title: String,
    /// The fingerprint of the case; `null` for a model of its own.
    pub fingerprint: Option<String>,
    /// The day the case is told from, ISO; `null` for a model of its own.
    pub as_of: Option<String>,
    /// The seed of the draws.
    pub seed: u64,
    /// How many draws of the preferences were made; 0 where the model is too large for them.
    pub draws: u64,
    /// The parties.
    pub parties: Vec<String>,
    /// The options, in the order of the letters of a pattern; empty where states are only named.
    pub options: Vec<NamedOption>,
    /// Which responses count: `one-step`, `each-once` or `legal-sequences`.
    pub responses: &'static str,
    /// The status quo, by its id.
    pub status_quo: StateId,
    /// The states: the id of each with its pattern, `Y`, `N` or `-` an option.
    pub states: ByName<String>,
    /// By concept and party the states that are stable for it; a concept that is not defined for the
    /// model is left out.
    pub stable: ByName<ByName<Vec<StateId>>>,
    /// By concept the states that are stable for every party.
    pub equilibria: ByName<Vec<StateId>>,
    /// By concept the states that no coalition would leave, its members moving by their own moves; `null`
    /// where that was not asked, or the model is too large.
    pub coalition_equilibria: Option<ByName<Vec<StateId>>>,
    /// What coalitions could improve together, from equilibria of single parties.
    pub joint_improvements: Vec<JointRow>,
    /// By concept the equilibria whose sanctions leave a party much worse off; empty unless a party has
    /// strong preferences.
    pub strong_equilibria: ByName<Vec<StateId>>,
    /// By reading of what is not known (`a` to `d`) and by concept the equilibria; empty where all
    /// preferences are known.
    pub unknown_equilibria: ByName<ByName<Vec<StateId>>>,
    /// How sure it is: a row for each state that is an equilibrium in some draw, concept by concept.
    pub robustness: Vec<RobustnessRow>,
    /// The shortest ways from the status quo to each equilibrium.
    pub paths: Vec<PathRow>,
    /// Why: for the status quo and each equilibrium what each party could gain and what deters it.
    pub reasons: Vec<ReasonRow>,
    /// Which preferences of a party would make a state stable for it; `null` unless asked.
    pub inverse: Option<InverseReport>,
    /// How it squares with what the talks come to; `null` for a model of its own.
    pub talks: Option<TalksBeside>,
    /// Every move of up to 64 states, for drawing.
    pub moves: Vec<NamedMove>,
}

/// The id of a state.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum StateId {
    /// Where all ids are whole numbers.
    Number(u64),
    /// Else.
    Text(String),
}

impl std::fmt::Display for StateId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(n) => write!(f, "{n}"),
            Self::Text(text) => f.write_str(text),
        }
    }
}

/// Values under names, in an order of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ByName<T>(pub Vec<(String, T)>);

impl<T> ByName<T> {
    /// The value under a name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }
}

impl<T: Serialize> Serialize for ByName<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

#[cfg(feature = "schema")]
impl<T: schemars::JsonSchema> schemars::JsonSchema for ByName<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        std::collections::BTreeMap::<String, T>::schema_name()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        std::collections::BTreeMap::<String, T>::json_schema(generator)
    }

    fn inline_schema() -> bool {
        true
    }
}

/// An option and who owns it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NamedOption {
    /// What it is called.
    pub name: String,
    /// The party that owns it.
    pub by: String,
}

/// A joint improvement of a coalition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JointRow {
    /// From which state.
    pub from: StateId,
    /// To which.
    pub to: StateId,
    /// Who moves together.
    pub members: Vec<String>,
}

/// How often a state is an equilibrium, and what would overturn it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RobustnessRow {
    /// The state, the concept, the share of draws, and what it hangs on.
    #[serde(flatten)]
    pub drawn: DrawnStability<String, StateId, &'static str>,
    /// The smallest change of one party's ranking after which the state, an equilibrium now, is none;
    /// `null` where it is none now, no such change does, or the model has more than 32 states.
    pub overturned_by: Option<Overturn<String, StateId>>,
}

/// A move, told by names.
pub type NamedMove = ConflictMove<String, StateId>;

/// A way from the status quo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PathRow {
    /// From which state.
    pub from: StateId,
    /// To which.
    pub to: StateId,
    /// The moves, in order; none where it is the status quo itself.
    pub moves: Vec<NamedMove>,
}

/// Why a state holds for a party, or does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReasonRow {
    /// The state.
    pub state: StateId,
    /// The party.
    pub party: String,
    /// The concept the sanctions are those of.
    pub concept: &'static str,
    /// Whether the state is stable for the party under it.
    pub stable: bool,
    /// What the party could gain by one move, the best first.
    pub improvements: Vec<ImprovementRow>,
}

/// An improvement, and what deters it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ImprovementRow {
    /// Where the party could go.
    pub to: StateId,
    /// The shortest response of the others that deters it; `null` where none does.
    pub sanction: Option<Vec<NamedMove>>,
}

/// Which preferences would make a state stable.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InverseReport {
    /// The party whose ranking is free.
    pub party: String,
    /// The state that is to be stable for it.
    pub state: StateId,
    /// The states whose places in the ranking are free; the others keep theirs.
    pub free: Vec<StateId>,
    /// By concept how many rankings without ties make it so.
    pub counts: ByName<InverseCount<StateId>>,
}

/// What the talks of the case come to, beside what would hold without them.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TalksBeside {
    /// The last day that counts, ISO.
    pub by: String,
    /// The answer to the question of the case, as `winset when` has it.
    pub answer: f64,
    /// The chance that force comes first by then, events among it.
    pub force: f64,
    /// Of that the part of events nobody at the table controls.
    pub events: f64,
    /// The share of draws in which some option of force is a credible threat.
    pub credible: f64,
    /// The share of draws in which the status quo is an equilibrium (sequential stability).
    pub quo_holds: f64,
    /// The share of draws in which some side gains by using force from the status quo.
    pub force_open: f64,
    /// The share of draws in which some state without force is an equilibrium (sequential stability).
    pub peace_holds: f64,
    /// Draws of the forecast that is compared.
    pub draws: u64,
    /// Which issues each side can move alone.
    pub movers: Vec<LoneMover>,
}

/// A side and the issues it can move alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LoneMover {
    /// The side.
    pub party: String,
    /// The issues.
    pub issues: Vec<String>,
}
