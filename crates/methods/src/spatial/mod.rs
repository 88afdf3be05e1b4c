//! Who wants what on one issue, how much they care, what they weigh: and where it ends.
//!
//! Every model stands behind [`PositionModel`] and is registered once in [`MODELS`]; the laws in
//! `tests/all/spatial_laws.rs` run over all of them. Nothing here knows a case, a file or a clock.

pub mod averages;
pub mod backtest;
pub mod challenge;
pub mod council;
pub mod distribution;
pub mod election;
pub mod levers;
pub mod lotteries;
pub mod measured;
pub mod nash;
mod of_case;
pub mod predictive;
pub mod quantal;
pub mod voting;

use serde::Serialize;

pub use distribution::Distribution;
pub use of_case::positions;

/// Positions closer than this share of the scale are one position.
pub const SAME: f64 = 1e-9;

/// One actor on one issue.
#[derive(Debug, Clone, PartialEq)]
pub struct PositionActor {
    /// What the actor is called; no model reads it.
    pub name: String,
    /// Potential influence, in any unit, `>= 0`.
    pub capability: f64,
    /// The most favoured outcome, on the issue's scale.
    pub position: f64,
    /// How much of its capability the actor would spend on this issue, in any unit, `>= 0`.
    pub salience: f64,
}

/// Why an issue cannot be modelled.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SpatialError {
    /// The scale is empty or not finite.
    #[error("scale `{lo}..{hi}` is empty: expected two numbers, the lower first")]
    Scale {
        /// Lower end.
        lo: f64,
        /// Upper end.
        hi: f64,
    },
    /// Nobody holds a position.
    #[error("no actor holds a position on this issue")]
    NoActors,
    /// A number is not finite, negative, or off the scale.
    #[error("`{who}`: {what} `{value}` is not {}", if *what == "position" { "on the scale" } else { "a number from 0 up" })]
    Value {
        /// Whose number, or `reference point`.
        who: String,
        /// Which number.
        what: &'static str,
        /// The number.
        value: f64,
    },
}

/// One issue: a scale, the actors on it, and where it stays without a decision.
#[derive(Debug, Clone, PartialEq)]
pub struct PositionIssue {
    lo: f64,
    hi: f64,
    reference: Option<f64>,
    actors: Vec<PositionActor>,
}

impl PositionIssue {
    /// An issue on the scale `[lo, hi]`, checked.
    ///
    /// # Errors
    /// If the scale is empty, nobody is on it, or a number is not finite, negative or off the scale.
    pub fn new(
        lo: f64,
        hi: f64,
        reference: Option<f64>,
        actors: Vec<PositionActor>,
    ) -> Result<Self, SpatialError> {
        let scale = lo.is_finite() && hi.is_finite() && lo < hi && (hi - lo).is_finite();
        if !scale {
            return Err(SpatialError::Scale { lo, hi });
        }
        if actors.is_empty() {
            return Err(SpatialError::NoActors);
        }
        let on = |x: f64| x.is_finite() && lo <= x && x <= hi;
        if let Some(value) = reference.filter(|&x| !on(x)) {
            let who = "reference point".to_owned();
            return Err(SpatialError::Value { who, what: "position", value });
        }
        for a in &actors {
            let bad = |what, value| Err(SpatialError::Value { who: a.name.clone(), what, value });
            if !on(a.position) {
                return bad("position", a.position);
            }
            // Products of weights are summed over pairs of pairs: far below overflow, or refused.
            let amount = |v: f64| (0.0..=1e60).contains(&v);
            if !amount(a.capability) {
                return bad("capability", a.capability);
            }
            if !amount(a.salience) {
                return bad("salience", a.salience);
            }
        }
        Ok(Self { lo, hi, reference, actors })
    }

    /// Lower end of the scale.
    pub fn lo(&self) -> f64 {
        self.lo
    }

    /// Upper end of the scale.
    pub fn hi(&self) -> f64 {
        self.hi
    }

    /// Width of the scale, `> 0`.
    pub fn width(&self) -> f64 {
        self.hi - self.lo
    }

    /// Where the issue stays without a decision, if known.
    pub fn reference(&self) -> Option<f64> {
        self.reference
    }

    /// The actors, in the order given.
    pub fn actors(&self) -> &[PositionActor] {
        &self.actors
    }

    /// The positions, in the order of the actors.
    pub fn positions(&self) -> Vec<f64> {
        self.actors.iter().map(|a| a.position).collect()
    }

    /// Shares of capability × salience; equal shares if every product is 0.
    pub fn weights(&self) -> Vec<f64> {
        shares(self.actors.iter().map(|a| a.capability * a.salience).collect())
    }

    /// Shares of capability alone, what an actor has in a vote; equal if every one is 0.
    pub fn votes(&self) -> Vec<f64> {
        shares(self.actors.iter().map(|a| a.capability).collect())
    }

    /// The lowest and the highest position anybody holds.
    pub fn held_range(&self) -> (f64, f64) {
        self.actors
            .iter()
            .fold((self.hi, self.lo), |(a, b), x| (a.min(x.position), b.max(x.position)))
    }

    /// The same issue with one actor's position changed.
    ///
    /// # Errors
    /// If the new position is off the scale.
    pub fn with_position(&self, actor: usize, position: f64) -> Result<Self, SpatialError> {
        let mut actors = self.actors.clone();
        if let Some(a) = actors.get_mut(actor) {
            a.position = position;
        }
        Self::new(self.lo, self.hi, self.reference, actors)
    }
}

/// Non-negative amounts as shares of their sum; equal shares if the sum is 0.
pub(crate) fn shares(mut amounts: Vec<f64>) -> Vec<f64> {
    let sum: f64 = amounts.iter().sum();
    let n = amounts.len() as f64;
    for a in &mut amounts {
        *a = if sum > 0.0 { *a / sum } else { 1.0 / n };
    }
    amounts
}

/// What kind of step an actor took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum MoveKind {
    /// Lost a confrontation that both sides wanted: goes to the rival's position.
    Conflict,
    /// Met the rival part of the way.
    Compromise,
    /// Gave in without a fight.
    Capitulation,
}

/// One step of one actor: who moved whom. `A` says which actor: its index, or its name.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Move<A = usize> {
    /// Round, from 1.
    pub round: usize,
    /// Who moved.
    pub actor: A,
    /// For whom.
    pub rival: A,
    /// Why it moved.
    pub kind: MoveKind,
    /// Where it stood.
    pub from: f64,
    /// Where it stands now.
    pub to: f64,
}

/// What one model says of one issue.
#[derive(Debug, Clone, PartialEq)]
pub struct PositionForecast {
    /// The single best number, on the issue's scale.
    pub point: f64,
    /// Where it may end; a point mass for a model that claims certainty.
    pub distribution: Distribution,
    /// Who moved whom, in order; empty for models without moves.
    pub moves: Vec<Move>,
}

impl PositionForecast {
    /// A forecast that claims certainty.
    pub fn certain(point: f64) -> Self {
        Self { point, distribution: Distribution::point(point), moves: Vec::new() }
    }

    /// A forecast told by its distribution, the point being its mean.
    pub fn mean_of(distribution: Distribution) -> Self {
        Self { point: distribution.mean(), distribution, moves: Vec::new() }
    }
}

/// A model of where an issue ends.
pub trait PositionModel: Sync {
    /// The name it is called by on a command line: `[a-z-]+`, unique.
    fn id(&self) -> &'static str;

    /// One line for a table.
    fn title(&self) -> &'static str;

    /// Author, year and place of the model, or the page that defines it.
    fn reference(&self) -> &'static str;

    /// What it says of an issue after `rounds` rounds; models without rounds ignore the number.
    fn forecast(&self, issue: &PositionIssue, rounds: usize) -> PositionForecast;

    /// Whether a round looks at every pair of actors with the votes of all: its work then grows with their
    /// cube.
    fn cubic(&self) -> bool {
        false
    }

    /// Whether reversing the scale reverses the forecast. `false` needs a reason on the model's page.
    fn reverses(&self) -> bool {
        true
    }
}

/// Every model, once, in the order it is shown.
pub static MODELS: &[&dyn PositionModel] = &[
    &averages::WeightedMean,
    &averages::Mean,
    &averages::Median,
    &averages::WeightedMedian,
    &voting::Condorcet,
    &voting::WinSet,
    &voting::Core,
    &challenge::AS_RUN,
    &challenge::AS_RUN_MEAN,
    &challenge::AS_PRINTED,
    &election::CondorcetElection,
    &quantal::QuantalChallenge,
    &nash::NashBargain,
    &lotteries::Positions,
    &lotteries::ReferenceMass,
    &predictive::Predictive,
];

/// The model with this id.
pub fn model(id: &str) -> Option<&'static dyn PositionModel> {
    MODELS.iter().copied().find(|m| m.id() == id)
}
