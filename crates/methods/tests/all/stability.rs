//! Stability beside its laws: what is counted, drawn, strong or not known, against plain enumeration.

use std::sync::atomic::AtomicBool;

use winset_methods::stability::inverse::inverse;
use winset_methods::stability::quo::ways;
use winset_methods::stability::robust::{PreferenceDraws, PreferenceSource, overturns, robustness};
use winset_methods::stability::why::improvements;
use winset_methods::stability::{
    GraphModel, PartyRanking, PreferenceReading, RankedStep, ResponseRule, STABILITY_CONCEPTS,
    StabilityConcept, StateSet, concept, equilibria,
};
use winset_model::Effort;
use winset_model::uncertain::counter::below;

use super::stability_laws::random;

fn stable(conflict: &GraphModel<'_>, id: &str, party: usize) -> StateSet {
    concept(id).unwrap().stable(conflict, party, PreferenceReading::Plain).unwrap()
}

/// Every order of so many things.
fn orders(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in orders(n - 1) {
        for at in 0..n {
            let mut one = shorter.clone();
            one.insert(at, n - 1);
            all.push(one);
        }
    }
    all
}

#[test]
fn rankings_that_make_a_state_stable_are_as_many_as_a_list_of_them_says() {
    let (mut told, mut fewer) = (0, 0);
    for seed in 0..120 {
        let (graph, rankings) = random(seed);
        let states = graph.states();
        if states > 12 {
            continue;
        }
        let responses = ResponseRule::LegalSequences;
        let conflict = GraphModel { graph: &graph, rankings: &rankings, responses };
        let party = seed as usize % graph.parties();
        let state = below(states as u64, seed, 1, 1) as usize % states;
        // Some free states, the others in their places.
        let free: Vec<usize> = (0..states).filter(|s| states <= 6 || s % 3 != 0).take(7).collect();
        let mut order: Vec<usize> = (0..states).collect();
        order.sort_by_key(|s| (std::cmp::Reverse(rankings[party].levels()[*s]), *s));
        let places: Vec<usize> = (0..states).filter(|p| free.contains(&order[*p])).collect();
        for id in ["nash", "gmr", "smr", "seq", "sseq"] {
            let kind = concept(id).unwrap().deterrence();
            let found = inverse(&conflict, party, state, kind, &free, &rankings[party]).unwrap();
            let (mut count, mut best, all) = (0u128, 0u128, orders(free.len()));
            for one in &all {
                let mut order = order.clone();
                places.iter().zip(one).for_each(|(p, k)| order[*p] = free[*k]);
                let mut levels = vec![0; states];
                order.iter().enumerate().for_each(|(p, s)| levels[*s] = (states - p) as u32);
                let mut changed = rankings.clone();
                changed[party] = PartyRanking::of_levels(levels);
                let then = GraphModel { rankings: &changed, ..conflict };
                count += u128::from(stable(&then, id, party).contains(state));
                let first = improvements(&then, party, state, kind).into_iter().next();
                best += u128::from(first.is_none_or(|t| t.sanction.is_some()));
            }
            assert_eq!(found.stable, Some(count), "{seed} {id}");
            assert_eq!(found.rankings, Some(all.len() as u128));
            assert!((found.share - count as f64 / all.len() as f64).abs() < 1e-12, "{seed} {id}");
            if free.len() == states {
                assert_eq!(found.best_deterred, Some(best), "{seed} {id}");
                fewer += usize::from(best > count);
            } else {
                assert_eq!(found.best_deterred, None);
            }
            told += 1;
        }
    }
    assert!(told > 100 && fewer > 0, "{told} {fewer}");
}

#[test]
fn the_reason_told_is_the_answer_given() {
    for seed in 0..100 {
        let (graph, rankings) = random(seed);
        for (_, responses) in ResponseRule::ALL {
            let conflict = GraphModel { graph: &graph, rankings: &rankings, responses };
            for c in STABILITY_CONCEPTS.iter().filter(|c| c.deterrence().is_some()) {
                for party in 0..graph.parties() {
                    let set = c.stable(&conflict, party, PreferenceReading::Plain).unwrap();
                    for s in 0..graph.states() {
                        let told = improvements(&conflict, party, s, c.deterrence());
                        let all = told.iter().all(|t| t.sanction.is_some());
                        assert_eq!(set.contains(s), all, "{seed} {} {s}", c.id());
                        for way in told.iter().filter_map(|t| t.sanction.as_ref().map(|w| (t, w))) {
                            assert_eq!(way.1.first().map(|m| m.from), Some(way.0.to));
                            assert!(way.1.windows(2).all(|w| w[0].to == w[1].from));
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn ways_are_moves_and_lead_there() {
    for seed in 0..60 {
        let (graph, rankings) = random(seed);
        let responses = ResponseRule::LegalSequences;
        let conflict = GraphModel { graph: &graph, rankings: &rankings, responses };
        let all = StateSet::all(graph.states());
        for (state, moves) in ways(&conflict, 0, &all) {
            let mut at = 0;
            for m in &moves {
                assert_eq!(m.from, at);
                assert!(graph.from(m.party, at).contains(&(m.to as u32)));
                assert_eq!(m.improves, rankings[m.party].improves(m.from, m.to));
                at = m.to;
            }
            assert_eq!(at, state);
            assert!(moves.windows(2).all(|w| w[0].party != w[1].party));
        }
    }
}

#[test]
fn strong_sanctions_are_sanctions_and_unknown_preferences_only_widen_or_narrow() {
    let mut fewer = 0;
    for seed in 0..100 {
        let (graph, mut rankings) = random(seed);
        let states = graph.states();
        let responses = ResponseRule::LegalSequences;
        let strong: Vec<PartyRanking> = rankings
            .iter()
            .map(|own| {
                let worth: Vec<f64> = own.levels().iter().map(|l| f64::from(*l)).collect();
                own.clone().with_margin(&worth, 3.0)
            })
            .collect();
        let group: Vec<usize> = (0..states.min(4)).collect();
        for own in &mut rankings {
            *own = own.clone().unknown_within(std::slice::from_ref(&group));
        }
        for c in STABILITY_CONCEPTS.iter().filter(|c| c.deterrence().is_some()) {
            for party in 0..graph.parties() {
                let told = |rankings: &[PartyRanking], reading| {
                    let conflict = GraphModel { graph: &graph, rankings, responses };
                    c.stable(&conflict, party, reading).unwrap()
                };
                let plain = told(&strong, PreferenceReading::Plain);
                let strongly = told(&strong, PreferenceReading::Strong);
                assert!(strongly.within(&plain), "{seed} {}", c.id());
                fewer += usize::from(strongly != plain);
                let of = |k: usize| told(&rankings, PreferenceReading::UNKNOWN[k].1);
                let [a, b, c_, d] = [0, 1, 2, 3].map(of);
                // Eager movers hold less, the wary more.
                assert!(a.within(&b) && a.within(&c_) && b.within(&d) && c_.within(&d));
            }
        }
    }
    assert!(fewer > 50);
}

#[test]
fn shares_of_draws_are_what_solving_each_draw_says() {
    let (graph, rankings) = random(5);
    let (n, states) = (graph.parties(), graph.states());
    let responses = ResponseRule::LegalSequences;
    let names = |n: usize| (0..n).map(|k| k.to_string()).collect::<Vec<String>>();
    let source =
        |own: &PartyRanking| PreferenceSource::Places { level: own.levels().to_vec(), noise: 2.0 };
    let sources = rankings.iter().map(source).collect();
    let draws = PreferenceDraws::new(sources, &names(n), &names(states), 1);
    let concepts: Vec<&dyn StabilityConcept> =
        ["nash", "seq"].iter().filter_map(|id| concept(id)).collect();
    let stop = AtomicBool::new(false);
    let run = |threads| {
        let effort = Effort::silent(threads, &stop);
        let draw = |d: u64, worth: &mut [Vec<f64>]| draws.draw(d, worth);
        robustness(&graph, responses, &concepts, 700, &draw, effort)
    };
    let (told, done) = run(1);
    assert_eq!((run(3), done), ((told.clone(), 700), 700));
    let mut worth = vec![Vec::new(); n];
    let mut counts = vec![vec![0u32; states]; concepts.len()];
    let mut under = vec![[0u32; 4]; told.len()];
    for d in 0..700 {
        draws.draw(d, &mut worth);
        let rankings: Vec<PartyRanking> = worth.iter().map(|w| PartyRanking::of_worth(w)).collect();
        let conflict = GraphModel { graph: &graph, rankings: &rankings, responses };
        for (k, c) in concepts.iter().enumerate() {
            let own: Vec<StateSet> = (0..n).map(|p| stable(&conflict, c.id(), p)).collect();
            equilibria(&own).unwrap().iter().for_each(|s| counts[k][s] += 1);
            for (row, told) in under.iter_mut().zip(&told).filter(|(_, t)| t.concept == k) {
                let Some(h) = told.hangs_on else { continue };
                let so = rankings[h.party].improves(h.to, h.prefers);
                let holds = equilibria(&own).unwrap().contains(told.state);
                row[2 * usize::from(so) + usize::from(holds)] += 1;
            }
        }
    }
    let mut hung = 0;
    for (told, row) in told.iter().zip(under) {
        let share = f64::from(counts[told.concept][told.state]) / 700.0;
        assert!((told.share - share).abs() < 1e-12);
        if let Some(h) = told.hangs_on {
            let [n0, n1, s0, s1] = row.map(f64::from);
            assert!((h.if_so - s1 / (s0 + s1)).abs() < 1e-12 && h.if_so > h.if_not);
            assert!((h.if_not - n1 / (n0 + n1)).abs() < 1e-12);
            hung += 1;
        }
    }
    assert!(hung > 0);
}

#[test]
fn what_would_overturn_does_and_nothing_nearer_is_left_out() {
    let mut found = 0;
    for seed in 0..40 {
        let (graph, rankings) = random(seed);
        let responses = ResponseRule::LegalSequences;
        let conflict = GraphModel { graph: &graph, rankings: &rankings, responses };
        for id in ["nash", "seq"] {
            for o in overturns(&conflict, concept(id).unwrap()) {
                // Move the state past the one named, by hand.
                let levels = rankings[o.party].levels();
                let mut worth: Vec<f64> = levels.iter().map(|l| f64::from(*l)).collect();
                worth[o.moved] = worth[o.past] + if o.up { 0.5 } else { -0.5 };
                let mut changed = rankings.clone();
                changed[o.party] = PartyRanking::of_worth(&worth);
                let holds = |rankings: &[PartyRanking]| {
                    let conflict = GraphModel { rankings, ..conflict };
                    (0..graph.parties()).all(|p| stable(&conflict, id, p).contains(o.state))
                };
                assert!(holds(&rankings) && !holds(&changed), "{seed} {id} {o:?}");
                assert_eq!(o.up, levels[o.past] > levels[o.moved]);
                found += 1;
            }
        }
    }
    assert!(found > 40);
}

#[test]
fn a_strong_step_stands_between_what_is_much_apart() {
    let steps = [RankedStep::Tied(vec![0]), RankedStep::Much, RankedStep::Tied(vec![1])];
    let own = PartyRanking::of_steps(2, &steps);
    assert!(own.has_strong() && own.improves(1, 0));
}
