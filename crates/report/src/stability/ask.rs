//! Putting a report together from a model of its own, or from a case.

use std::borrow::Cow;

use winset_files::stability::{ConflictFile, InverseAsk};
use winset_methods::stability::coalition::{coalition_equilibria, joint_improvements};
use winset_methods::stability::derived::{DeriveError, DerivedGraph, DrawnWorth, LoneMove};
use winset_methods::stability::inverse::{InverseCondition, InverseCount, inverse};
use winset_methods::stability::quo::{ConflictMove, ways};
use winset_methods::stability::robust::{
    DrawnStability, HangsOn, MOST_DRAWN_STATES, MOST_OVERTURNED_STATES, MOST_PAIRED_STATES,
    Overturn, PreferenceDraws, overturns, robustness,
};
use winset_methods::stability::why::improvements;
use winset_methods::stability::{
    GraphModel, PartyRanking, PreferenceReading, ResponseRule, STABILITY_CONCEPTS,
    StabilityConcept, StateSet, concept, equilibria,
};
use winset_model::effort::Effort;
use winset_model::forecast::{Forecast, VERSION};

use super::{
    ByName, ImprovementRow, InverseReport, JointRow, LoneMover, NamedMove, NamedOption, PathRow,
    ReasonRow, RobustnessRow, StabilityReport, StateId, TalksBeside,
};
use crate::names::Names;

/// The concepts that are told where nobody asks for others.
pub const DEFAULT_CONCEPTS: [&str; 8] = ["nash", "gmr", "smr", "seq", "sim", "sseq", "l3", "nm"];
/// Those whose share of draws is told.
pub const DRAWN_CONCEPTS: [&str; 5] = ["nash", "gmr", "smr", "seq", "sim"];
/// From the concept that asks most to the one that asks least: a reason is told under the first that holds.
const STRICTEST: [&str; 5] = ["nash", "sseq", "seq", "smr", "gmr"];
/// The concept under which it is told why a state does not hold.
const PLAINEST: &str = "seq";
/// States whose reasons and ways are told, at most.
const TOLD: usize = 16;
/// Draws whose mean ranks the states of a case.
const RANKED: u64 = 1_000;
/// Draws looked at for what the status quo and force come to.
const LOOKED: u64 = 2_000;

type Draw<'a> = Box<dyn Fn(u64, &mut [Vec<f64>]) + Sync + 'a>;

/// A graph model with draws of its preferences: what a report is made of.
pub struct StabilityModel<'a> {
    /// The model.
    file: Cow<'a, ConflictFile>,
    /// The case it is derived from: fingerprint and day.
    case: Option<(String, String)>,
    quo: usize,
    responses: ResponseRule,
    draw: Draw<'a>,
}

/// What is asked of a model.
pub struct StabilityAsk<'a> {
    /// The concepts, by id.
    pub concepts: &'a [&'static dyn StabilityConcept],
    /// Draws of the preferences.
    pub draws: u64,
    /// Their seed.
    pub seed: u64,
    /// Whether coalitions are asked of models of more than 64 states, too.
    pub coalitions: bool,
    /// How hard to work.
    pub effort: Effort<'a>,
}

/// The model of a file; `responses` where the command says so.
pub fn of_file<'a>(
    file: &'a ConflictFile,
    responses: Option<ResponseRule>,
    seed: u64,
) -> StabilityModel<'a> {
    let draws = PreferenceDraws::new(file.sources.clone(), &file.parties, &file.ids, seed);
    StabilityModel {
        file: Cow::Borrowed(file),
        case: None,
        quo: file.quo.unwrap_or(0),
        responses: responses.or(file.responses).unwrap_or_default(),
        draw: Box::new(move |d, worth| draws.draw(d, worth)),
    }
}

/// The model of a case: the states ranked by their mean worth over the first draws.
fn of_case<'a>(
    derived: &'a DerivedGraph<'a>,
    names: &Names<'_>,
    responses: ResponseRule,
    seed: u64,
) -> StabilityModel<'a> {
    let case = names.case();
    let sides: Vec<String> = case.sides.iter().map(|s| names.side(&s.id)).collect();
    let states = derived.graph.states();
    let mut sums = vec![vec![0.0; states]; sides.len()];
    let mut drawn = DrawnWorth::default();
    for d in 0..RANKED {
        derived.draw(seed, d, &mut drawn);
        for (sum, own) in sums.iter_mut().zip(&drawn.worth) {
            sum.iter_mut().zip(own).for_each(|(a, b)| *a += b);
        }
    }
    let option = |own: &LoneMove| match own {
        LoneMove::HalfWay { side } => format!("{} half-way", sides[*side]),
        LoneMove::OwnWay { side } => format!("{} its own way", sides[*side]),
        LoneMove::Force { force } => names.force(&case.force[*force].id),
    };
    let file = ConflictFile {
        title: names.text(&case.title),
        options: derived.moves.iter().map(option).collect(),
        parties: sides,
        ids: (1..=states).map(|k| k.to_string()).collect(),
        graph: derived.graph.clone(),
        rankings: sums.iter().map(|sum| PartyRanking::of_worth(sum)).collect(),
        sources: Vec::new(),
        quo: Some(derived.quo),
        responses: None,
        inverse: None,
    };
    StabilityModel {
        file: Cow::Owned(file),
        case: Some((case.fingerprint(), case.as_of.to_string())),
        quo: derived.quo,
        responses,
        draw: Box::new(move |d, worth| {
            let mut drawn = DrawnWorth::default();
            derived.draw(seed, d, &mut drawn);
            worth.iter_mut().zip(drawn.worth).for_each(|(to, own)| *to = own);
        }),
    }
}

/// Everything that is told of a case, beside a forecast of it.
///
/// # Errors
/// A case whose sides could do too much alone.
pub fn case_report(
    names: &Names<'_>,
    forecast: &Forecast,
    responses: ResponseRule,
    asked: &StabilityAsk<'_>,
) -> Result<StabilityReport, DeriveError> {
    let case = names.case();
    let derived = DerivedGraph::new(case)?;
    let talks = beside(&derived, names, forecast, responses, asked.seed);
    let model = of_case(&derived, names, responses, asked.seed);
    Ok(report(&model, asked, Some(talks)))
}

/// Why a case has no model, and what to do about it.
pub fn without_model(error: &DeriveError) -> String {
    let hint = "take options of force or promises out of a copy of the case";
    format!("{error}\n\nhint: {hint}")
}

/// What the draws of a case say of force and the status quo, beside its forecast.
fn beside(
    derived: &DerivedGraph<'_>,
    names: &Names<'_>,
    forecast: &Forecast,
    responses: ResponseRule,
    seed: u64,
) -> TalksBeside {
    let case = names.case();
    let (states, n) = (derived.graph.states(), case.sides.len());
    let is_war: Vec<bool> = (0..states)
        .map(|s| {
            let pattern = derived.graph.form().map_or(0, |form| form.patterns(s)[0]);
            let force = |(k, m): (usize, &LoneMove)| {
                matches!(m, LoneMove::Force { .. }) && pattern >> k & 1 == 1
            };
            derived.moves.iter().enumerate().any(force)
        })
        .collect();
    let mut drawn = DrawnWorth::default();
    let mut counts = [0u64; 4];
    for d in 0..LOOKED {
        derived.draw(seed, d, &mut drawn);
        let rankings: Vec<PartyRanking> =
            drawn.worth.iter().map(|own| PartyRanking::of_worth(own)).collect();
        let conflict = GraphModel { graph: &derived.graph, rankings: &rankings, responses };
        let all = solve(&conflict, concept("seq")).and_then(|own| equilibria(&own));
        let open = (0..n).any(|p| {
            let strikes =
                |t: &u32| is_war[*t as usize] && rankings[p].improves(derived.quo, *t as usize);
            derived.graph.from(p, derived.quo).iter().any(strikes)
        });
        let peace = all.as_ref().is_some_and(|all| all.iter().any(|s| !is_war[s]));
        let quo = all.is_some_and(|all| all.contains(derived.quo));
        for (count, so) in counts.iter_mut().zip([drawn.credible.is_some(), quo, open, peace]) {
            *count += u64::from(so);
        }
    }
    let [credible, quo_holds, force_open, peace_holds] =
        counts.map(|count| count as f64 / LOOKED as f64);
    let events = forecast.events.iter().map(|row| row.p).sum::<f64>();
    TalksBeside {
        by: case.question.by.to_string(),
        answer: forecast.answer.odds.p,
        force: forecast.endings.force,
        events,
        credible,
        quo_holds,
        force_open,
        peace_holds,
        draws: forecast.draws,
        movers: (0..n)
            .filter(|side| !derived.issues[*side].is_empty())
            .map(|side| LoneMover {
                party: names.side(&case.sides[side].id),
                issues: derived.issues[side]
                    .iter()
                    .map(|j| names.issue(&case.issues[*j].id))
                    .collect(),
            })
            .collect(),
    }
}

/// The stable states of each party; `None` where the concept is not defined.
fn solve(
    conflict: &GraphModel<'_>,
    concept: Option<&dyn StabilityConcept>,
) -> Option<Vec<StateSet>> {
    read_as(conflict, concept?, PreferenceReading::Plain)
}

fn read_as(
    conflict: &GraphModel<'_>,
    concept: &dyn StabilityConcept,
    reading: PreferenceReading,
) -> Option<Vec<StateSet>> {
    (0..conflict.graph.parties()).map(|p| concept.stable(conflict, p, reading)).collect()
}

/// Everything that is told of a model. `talks` says how it squares with the talks of its case.
pub fn report(
    model: &StabilityModel<'_>,
    asked: &StabilityAsk<'_>,
    talks: Option<TalksBeside>,
) -> StabilityReport {
    let file = &*model.file;
    let conflict =
        GraphModel { graph: &file.graph, rankings: &file.rankings, responses: model.responses };
    let ids = Ids::new(&file.ids, &file.parties);
    let states = file.graph.states();
    let (mut stable, mut held) = (ByName::default(), Vec::new());
    for c in asked.concepts {
        let Some(own) = solve(&conflict, Some(*c)) else { continue };
        let rows = file.parties.iter().cloned().zip(own.iter().map(|set| ids.set(set)));
        stable.0.push((c.id().to_owned(), ByName(rows.collect())));
        let all = equilibria(&own).unwrap_or_else(|| StateSet::none(states));
        held.push((c.id(), all));
    }
    // Of what is asked, from the concept that asks most to the one that asks least.
    let in_order: Vec<(&'static str, StateSet)> =
        STRICTEST.iter().filter_map(|id| held.iter().find(|(own, _)| own == id).cloned()).collect();
    let mut told = StateSet::none(states);
    in_order.iter().for_each(|(_, set)| {
        // The strictest concept with room for all that holds under it; wider ones only while few.
        if told.is_empty() || told.len() + set.len() <= TOLD {
            told.add(set);
        }
    });
    let (rows, draws) = drawn(model, asked, &held, &ids);
    let coalitions = asked.coalitions || states <= MOST_PAIRED_STATES;
    let coalitions = coalitions.then(|| coalition_equilibria(&conflict)).flatten();
    let nash = in_order.iter().find(|(id, _)| *id == "nash").map(|(_, set)| set);
    let joint = joint(&conflict, coalitions.as_ref().map(|c| &c.nash), nash, &ids);
    let (fingerprint, as_of) = model.case.clone().unzip();
    let option = |(k, name): (usize, &String)| {
        let owner = file.graph.form().and_then(|form| form.options().get(k)).map(|o| o.owner);
        let by = owner.map_or_else(String::new, |o| file.parties[o].clone());
        NamedOption { name: name.clone(), by }
    };
    let letters = |s: usize| file.graph.form().map_or_else(String::new, |form| form.letters(s));
    StabilityReport {
        schema: "winset/stability/1",
        version: VERSION,
        title: file.title.clone(),
        fingerprint,
        as_of,
        seed: asked.seed,
        draws,
        parties: file.parties.clone(),
        options: file.options.iter().enumerate().map(option).collect(),
        responses: model.responses.name(),
        status_quo: ids.of(model.quo),
        states: ByName((0..states).map(|s| (file.ids[s].clone(), letters(s))).collect()),
        stable,
        equilibria: ByName(held.iter().map(|(id, set)| ((*id).to_owned(), ids.set(set))).collect()),
        coalition_equilibria: coalitions.map(|c| {
            let sets = [("nash", &c.nash), ("gmr", &c.gmr), ("smr", &c.smr), ("seq", &c.seq)];
            ByName(sets.map(|(id, set)| (id.to_owned(), ids.set(set))).to_vec())
        }),
        joint_improvements: joint,
        strong_equilibria: strong(model, asked, &ids),
        unknown_equilibria: unknown(&conflict, asked, &ids),
        robustness: rows,
        paths: ways(&conflict, model.quo, &told)
            .into_iter()
            .take(TOLD)
            .map(|(to, moves)| PathRow {
                from: ids.of(model.quo),
                to: ids.of(to),
                moves: moves.iter().map(|m| ids.step(m)).collect(),
            })
            .collect(),
        reasons: reasons(&conflict, model.quo, &told, &in_order, &ids),
        inverse: file.inverse.as_ref().map(|ask| backwards(&conflict, ask, &ids)),
        talks,
        moves: if states <= MOST_PAIRED_STATES { every_move(&conflict, &ids) } else { Vec::new() },
    }
}

/// The ids of states as they are told, and the names of parties.
struct Ids<'a> {
    ids: Vec<StateId>,
    parties: &'a [String],
}

impl<'a> Ids<'a> {
    fn new(ids: &[String], parties: &'a [String]) -> Self {
        let number = |id: &String| id.parse::<u64>().ok().filter(|n| n.to_string() == *id);
        let numbers: Option<Vec<u64>> = ids.iter().map(number).collect();
        let ids = match numbers {
            Some(numbers) => numbers.into_iter().map(StateId::Number).collect(),
            None => ids.iter().cloned().map(StateId::Text).collect(),
        };
        Self { ids, parties }
    }

    fn of(&self, state: usize) -> StateId {
        self.ids[state].clone()
    }

    fn set(&self, set: &StateSet) -> Vec<StateId> {
        set.iter().map(|s| self.of(s)).collect()
    }

    fn step(&self, m: &ConflictMove) -> NamedMove {
        NamedMove {
            party: self.parties[m.party].clone(),
            from: self.of(m.from),
            to: self.of(m.to),
            improves: m.improves,
        }
    }
}

/// How sure it is, and how many draws say so.
fn drawn(
    model: &StabilityModel<'_>,
    asked: &StabilityAsk<'_>,
    held: &[(&'static str, StateSet)],
    ids: &Ids<'_>,
) -> (Vec<RobustnessRow>, u64) {
    let file = &*model.file;
    let graph = &file.graph;
    if graph.states() > MOST_DRAWN_STATES || asked.draws == 0 {
        return (Vec::new(), 0);
    }
    let concepts: Vec<&dyn StabilityConcept> = asked
        .concepts
        .iter()
        .filter(|c| DRAWN_CONCEPTS.contains(&c.id()) && held.iter().any(|(id, _)| *id == c.id()))
        .map(|c| *c as &dyn StabilityConcept)
        .collect();
    let conflict = GraphModel { graph, rankings: &file.rankings, responses: model.responses };
    let (rows, draws) =
        robustness(graph, model.responses, &concepts, asked.draws, &*model.draw, asked.effort);
    let small = graph.states() <= MOST_OVERTURNED_STATES;
    let changes: Vec<_> = concepts
        .iter()
        .map(|c| if small { overturns(&conflict, *c) } else { Vec::new() })
        .collect();
    let party = |p: usize| ids.parties[p].clone();
    let row = |r: DrawnStability| RobustnessRow {
        drawn: DrawnStability {
            state: ids.of(r.state),
            concept: concepts[r.concept].id(),
            share: r.share,
            hangs_on: r.hangs_on.map(|h| HangsOn {
                party: party(h.party),
                prefers: ids.of(h.prefers),
                to: ids.of(h.to),
                so: h.so,
                if_so: h.if_so,
                if_not: h.if_not,
            }),
        },
        overturned_by: changes[r.concept].iter().find(|o| o.state == r.state).map(|o| Overturn {
            state: ids.of(o.state),
            party: party(o.party),
            moved: ids.of(o.moved),
            up: o.up,
            past: ids.of(o.past),
            places: o.places,
        }),
    };
    (rows.into_iter().map(row).collect(), draws)
}

/// Joint improvements from what single parties would not leave and coalitions would.
fn joint(
    conflict: &GraphModel<'_>,
    kept: Option<&StateSet>,
    nash: Option<&StateSet>,
    ids: &Ids<'_>,
) -> Vec<JointRow> {
    let (Some(kept), Some(nash)) = (kept, nash) else { return Vec::new() };
    let mut rows: Vec<JointRow> = Vec::new();
    for s in nash.iter().filter(|s| !kept.contains(*s)).take(TOLD) {
        let all = joint_improvements(conflict, s);
        // The smallest coalition for each goal.
        for j in &all {
            let to = ids.of(j.to);
            if rows.iter().any(|r| r.from == ids.of(s) && r.to == to) {
                continue;
            }
            let members = j.members.iter().map(|m| ids.parties[*m].clone()).collect();
            rows.push(JointRow { from: ids.of(s), to, members });
        }
    }
    rows
}

fn strong(
    model: &StabilityModel<'_>,
    asked: &StabilityAsk<'_>,
    ids: &Ids<'_>,
) -> ByName<Vec<StateId>> {
    let file = &*model.file;
    if !file.rankings.iter().any(PartyRanking::has_strong) {
        return ByName::default();
    }
    let rankings: Vec<PartyRanking> =
        file.rankings.iter().map(|own| own.clone().with_no_strong()).collect();
    let conflict =
        GraphModel { graph: &file.graph, rankings: &rankings, responses: model.responses };
    let of = |c: &&'static dyn StabilityConcept| {
        let all = equilibria(&read_as(&conflict, *c, PreferenceReading::Strong)?)?;
        Some((c.id().to_owned(), ids.set(&all)))
    };
    let able = asked.concepts.iter().filter(|c| c.reads(PreferenceReading::Strong));
    ByName(able.filter_map(of).collect())
}

fn unknown(
    conflict: &GraphModel<'_>,
    asked: &StabilityAsk<'_>,
    ids: &Ids<'_>,
) -> ByName<ByName<Vec<StateId>>> {
    if !conflict.rankings.iter().any(PartyRanking::has_unknown) {
        return ByName::default();
    }
    let reading = |(name, reading): (&str, PreferenceReading)| {
        let of = |c: &&'static dyn StabilityConcept| {
            let all = equilibria(&read_as(conflict, *c, reading)?)?;
            Some((c.id().to_owned(), ids.set(&all)))
        };
        let able = asked.concepts.iter().filter(|c| c.reads(reading));
        (name.to_owned(), ByName(able.filter_map(of).collect()))
    };
    ByName(PreferenceReading::UNKNOWN.map(reading).to_vec())
}

fn reasons(
    conflict: &GraphModel<'_>,
    quo: usize,
    told: &StateSet,
    in_order: &[(&'static str, StateSet)],
    ids: &Ids<'_>,
) -> Vec<ReasonRow> {
    let rest = told.iter().filter(|s| *s != quo).take(TOLD);
    let mut rows = Vec::new();
    for state in std::iter::once(quo).chain(rest) {
        let under = in_order.iter().find(|(_, set)| set.contains(state));
        // What holds under none is told under the plainest asked, else under the one that asks least.
        let plain = in_order.iter().find(|(id, _)| *id == PLAINEST).or(in_order.last());
        let id = under.or(plain).map_or(PLAINEST, |(id, _)| id);
        let Some(own) = concept(id) else { continue };
        for party in 0..conflict.graph.parties() {
            let all = improvements(conflict, party, state, own.deterrence());
            rows.push(ReasonRow {
                state: ids.of(state),
                party: ids.parties[party].clone(),
                concept: own.id(),
                stable: all.iter().all(|d| d.sanction.is_some()),
                improvements: all
                    .iter()
                    .map(|d| ImprovementRow {
                        to: ids.of(d.to),
                        sanction: d
                            .sanction
                            .as_ref()
                            .map(|way| way.iter().map(|m| ids.step(m)).collect()),
                    })
                    .collect(),
            });
        }
    }
    rows
}

fn backwards(conflict: &GraphModel<'_>, ask: &InverseAsk, ids: &Ids<'_>) -> InverseReport {
    let own = &conflict.rankings[ask.party];
    let count = |id: &&str| {
        let kind = concept(id)?.deterrence();
        let found = inverse(conflict, ask.party, ask.state, kind, &ask.free, own)?;
        let group = |group: &Vec<usize>| group.iter().map(|s| ids.of(*s)).collect();
        let condition = |c: &InverseCondition| InverseCondition {
            improvement: ids.of(c.improvement),
            deterred_by: c.deterred_by.iter().map(group).collect(),
        };
        let told = InverseCount {
            rankings: found.rankings,
            stable: found.stable,
            share: found.share,
            best_deterred: found.best_deterred,
            conditions: found.conditions.iter().map(condition).collect(),
        };
        Some(((*id).to_owned(), told))
    };
    InverseReport {
        party: ids.parties[ask.party].clone(),
        state: ids.of(ask.state),
        free: ask.free.iter().map(|s| ids.of(*s)).collect(),
        counts: ByName(["nash", "gmr", "smr", "seq", "sseq"].iter().filter_map(count).collect()),
    }
}

fn every_move(conflict: &GraphModel<'_>, ids: &Ids<'_>) -> Vec<NamedMove> {
    let mut rows = Vec::new();
    for party in 0..conflict.graph.parties() {
        for from in 0..conflict.graph.states() {
            for &to in conflict.graph.from(party, from) {
                let to = to as usize;
                let improves = conflict.rankings[party].improves(from, to);
                rows.push(ids.step(&ConflictMove { party, from, to, improves }));
            }
        }
    }
    rows
}

/// The concepts of some ids, in the order of the registry.
///
/// # Errors
/// The first id that is none.
pub fn concepts<'n>(
    ids: impl IntoIterator<Item = &'n str>,
) -> Result<Vec<&'static dyn StabilityConcept>, &'n str> {
    let ids: Vec<&str> = ids.into_iter().collect();
    match ids.iter().find(|id| concept(id).is_none()) {
        Some(id) => Err(id),
        None => {
            let asked = |c: &&&dyn StabilityConcept| ids.contains(&c.id());
            Ok(STABILITY_CONCEPTS.iter().filter(asked).copied().collect())
        }
    }
}
