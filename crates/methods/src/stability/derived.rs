//! The graph model of a case: what its sides can do alone if there is no deal.

use super::ConflictGraph;
use super::form::{OptionForm, OptionMoves, PartialPattern, PartyOption, StateRules};
use super::graph::{GraphError, MOST_PARTIES};
use winset_model::case::{Case, ForceKind};
use winset_model::forecast::{Frame, draw_inputs};
use winset_model::theory::situation::Situation;
use winset_model::theory::threat::NoDeal;

/// Sides that can move on issues alone, at most: each triples the states.
pub const MOST_MOVERS: usize = 5;
/// Options of force, at most: each doubles the states in which some are used.
pub const MOST_FORCE: usize = 5;

/// What a side can do alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoneMove {
    /// It meets the others half-way on the issues it moves.
    HalfWay {
        /// The side.
        side: usize,
    },
    /// It moves those issues to what it wants itself.
    OwnWay {
        /// The side.
        side: usize,
    },
    /// It uses force; never taken back.
    Force {
        /// The option's place in [`Case::force`].
        force: usize,
    },
}

/// Why the graph model of a case is not analysed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeriveError {
    /// Too many who can.
    #[error(
        "{movers} sides could move alone and {force} options of force are written: at most {MOST_MOVERS} and {MOST_FORCE} are analysed"
    )]
    Wide {
        /// Sides that can move issues.
        movers: usize,
        /// Options of force.
        force: usize,
    },
    /// The graph is none.
    #[error(transparent)]
    Graph(#[from] GraphError),
}

/// The graph model of a case.
///
/// # Model
/// The parties are the sides. A side moves an issue alone if a promise says so: what a promise to it
/// makes its concession (`sunk`), what lets the others see it keep its own word (`verified_by`), and what
/// binds its own word (`secured_by`). On these issues together it stays at the status quo, goes half-way
/// between its negotiator's ideals and the mean of the others', or goes its own way, to its negotiator's
/// ideals; all can be taken back. Each force option of a side is a move that cannot, and ends the rest:
/// states in which the same options of force were used are one state.
///
/// A state is worth to a side what it is worth to its negotiator (or first member): without force the
/// threat point with the issues where the state puts them, so that running cost and uncontrolled events
/// count as they do in a forecast; after force the worth of the option, of several the mean of what they
/// lead to less all their costs. Half-way and own way, and what happens after two uses of force, are
/// judgement. Where nothing of that is written the status quo is the only state.
///
/// # Reference
/// The threat point and the worth of force are those of [`Situation::threat_point`] and
/// [`Situation::force_worth`].
pub struct DerivedGraph<'a> {
    frame: Frame<'a>,
    /// States and moves.
    pub graph: ConflictGraph,
    /// What each option is, in the order of the letters of a pattern.
    pub moves: Vec<LoneMove>,
    /// Which issues each side moves alone.
    pub issues: Vec<Vec<usize>>,
    /// The status quo.
    pub quo: usize,
    /// The options of force that are used in each state, as places among those of the case.
    used: Vec<Vec<usize>>,
}

/// What one draw says of no deal.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DrawnWorth {
    /// What each state is worth, a row a side.
    pub worth: Vec<Vec<f64>>,
    /// The option of force that is a credible threat, as the place in [`Case::force`].
    pub credible: Option<usize>,
}

impl<'a> DerivedGraph<'a> {
    /// Derives it.
    ///
    /// # Errors
    /// A case whose sides could do too much alone.
    pub fn new(case: &'a Case) -> Result<Self, DeriveError> {
        let issues = moved_alone(case);
        let movers: Vec<usize> = (0..issues.len()).filter(|s| !issues[*s].is_empty()).collect();
        let choice = |k: &usize| matches!(case.force[*k].kind, ForceKind::Choice { .. });
        let force: Vec<usize> = (0..case.force.len()).filter(choice).collect();
        if movers.len() > MOST_MOVERS || force.len() > MOST_FORCE || case.sides.len() > MOST_PARTIES
        {
            return Err(DeriveError::Wide { movers: movers.len(), force: force.len() });
        }
        let (mut options, mut moves, mut rules) = (Vec::new(), Vec::new(), StateRules::default());
        for &side in &movers {
            rules.exclusive.push(0b11 << options.len());
            let reversible = PartyOption { owner: side, moves: OptionMoves::Reversible };
            options.extend([reversible, reversible]);
            moves.extend([LoneMove::HalfWay { side }, LoneMove::OwnWay { side }]);
        }
        let first = options.len();
        for &k in &force {
            let ForceKind::Choice { owner, .. } = case.force[k].kind else { continue };
            options.push(PartyOption { owner, moves: OptionMoves::NoToYes });
            moves.push(LoneMove::Force { force: k });
        }
        let cares = ((1u64 << force.len()) - 1) << first;
        let kinds = 1..1u64 << force.len();
        rules.coalesced = kinds.map(|k| PartialPattern { cares, yes: k << first }).collect();
        let patterns = OptionForm::states(&options, &rules)?;
        let used = |own: &Vec<u64>| {
            let taken = |k: &usize| own[0] >> (first + k) & 1 == 1;
            (0..force.len()).filter(taken).map(|k| force[k]).collect()
        };
        let used = patterns.iter().map(used).collect();
        let quo = patterns.iter().position(|own| own.contains(&0)).unwrap_or(0);
        let graph = OptionForm::graph(case.sides.len(), options, patterns)?;
        Ok(Self { frame: Frame::new(case), graph, moves, issues, quo, used })
    }

    /// What each state is worth to each side in a draw.
    pub fn draw(&self, seed: u64, draw: u64, out: &mut DrawnWorth) {
        let case = self.frame.case();
        let mut values = Vec::new();
        draw_inputs(case, seed, draw, &mut values);
        let mut s = Situation::default();
        self.frame.situation(&values, None, &mut s);
        let mut no_deal = NoDeal::default();
        s.no_deal(&mut no_deal);
        let choice = |k: &usize| matches!(case.force[*k].kind, ForceKind::Choice { .. });
        let places: Vec<usize> = (0..case.force.len()).filter(choice).collect();
        out.credible = no_deal.credible.map(|f| places[f]);
        let judges: Vec<usize> = (0..case.sides.len())
            .map(|side| s.negotiator[side].unwrap_or_else(|| self.first_member(&s, side)))
            .collect();
        out.worth.resize(judges.len(), Vec::new());
        let states = self.graph.states();
        out.worth.iter_mut().for_each(|own| own.resize(states, 0.0));
        let mut moved = s.clone();
        for state in 0..states {
            if self.used[state].is_empty() {
                let quo = self.positions(&s, &judges, state);
                self.frame.with_quo(&values, &s, &quo, &mut moved);
            }
            for (side, own) in out.worth.iter_mut().enumerate() {
                own[state] = match self.used[state].as_slice() {
                    [] => moved.threat_point(judges[side]),
                    used => after_force(&s, judges[side], used, &places),
                };
            }
        }
    }

    fn first_member(&self, s: &Situation, side: usize) -> usize {
        s.side.iter().position(|own| *own == side).unwrap_or(0)
    }

    /// Where the issues are in a state without force.
    fn positions(&self, s: &Situation, judges: &[usize], state: usize) -> Vec<i32> {
        let issues = s.issues();
        let ideal = |side: usize, j: usize| s.ideal[judges[side] * issues + j];
        let mut quo = s.quo.clone();
        let pattern = self.graph.form().map_or(0, |form| form.patterns(state)[0]);
        let taken = self.moves.iter().enumerate().filter(|(k, _)| pattern >> k & 1 == 1);
        for (_, own) in taken {
            match *own {
                LoneMove::HalfWay { side } => {
                    let others = (0..judges.len()).filter(|o| *o != side);
                    let n = (judges.len() - 1).max(1) as i64;
                    for &j in &self.issues[side] {
                        let sum: i64 = others.clone().map(|o| i64::from(ideal(o, j))).sum();
                        quo[j] = ((i64::from(ideal(side, j)) + sum / n) / 2) as i32;
                    }
                }
                LoneMove::OwnWay { side } => {
                    self.issues[side].iter().for_each(|j| quo[*j] = ideal(side, *j));
                }
                LoneMove::Force { .. } => {}
            }
        }
        quo
    }
}

/// What force is worth to a member: the mean of what the options lead to, less all their costs.
fn after_force(s: &Situation, member: usize, used: &[usize], places: &[usize]) -> f64 {
    let side = s.side[member];
    let (mut ends, mut costs) = (0.0, 0.0);
    let options = used.iter().filter_map(|k| places.iter().position(|p| p == k));
    for option in options.filter_map(|f| s.options.get(f)) {
        let joined = option.joins * option.cost_joined[side];
        let cost = s.discount[side] * ((1.0 - option.joins) * option.cost[side] + joined);
        ends += s.force_worth(member, option) + cost;
        costs += cost;
    }
    ends / used.len() as f64 - costs
}

/// Which issues each side can move alone, an issue by the first promise that says so.
fn moved_alone(case: &Case) -> Vec<Vec<usize>> {
    let mut own = vec![Vec::new(); case.sides.len()];
    for j in 0..case.issues.len() {
        let conceded = case.promises.iter().find(|p| p.sunk[j].is_some()).map(|p| p.to);
        let shown = || {
            let of = |p: &&winset_model::case::Promise| {
                p.verified_by.is_some_and(|v| v.issue == j)
                    || p.secured_by.is_some_and(|(issue, _)| issue == j)
            };
            case.promises.iter().find(of).map(|p| p.by)
        };
        if let Some(side) = conceded.or_else(shown) {
            own[side].push(j);
        }
    }
    own
}
