//! Laws of the concepts of stability on random models, and every answer against the textbook's.

use winset_methods::stability::coalition::coalition_equilibria;
use winset_methods::stability::form::{
    OptionForm, OptionMoves, PartialPattern, PartyOption, StateRules,
};
use winset_methods::stability::{
    ConflictGraph, GraphModel, PartyRanking, PreferenceReading, ResponseRule, STABILITY_CONCEPTS,
    StateSet, concept, equilibria,
};
use winset_model::uncertain::counter::{below, uniform};

use super::textbook::Textbook;

const CASES: u64 = 200;

/// A random model: two to four parties, up to 32 states, some options irreversible, some patterns
/// infeasible, ties in half of the rankings.
pub(crate) fn random(seed: u64) -> (ConflictGraph, Vec<PartyRanking>) {
    let u = |k: u64| uniform(17, seed, k);
    let n = 2 + below(3, seed, 0, 3) as usize;
    let options: Vec<PartyOption> = (0..n + 1 + below(2, seed, 1, 2) as usize)
        .map(|k| PartyOption {
            owner: k % n,
            moves: match u(10 + k as u64) {
                x if x < 0.15 => OptionMoves::NoToYes,
                x if x < 0.3 => OptionMoves::YesToNo,
                _ => OptionMoves::Reversible,
            },
        })
        .collect();
    let cares = u64::from(u(2) < 0.5) * 0b101;
    let infeasible = if cares > 0 { vec![PartialPattern { cares, yes: 0b101 }] } else { vec![] };
    let rules = StateRules { infeasible, ..StateRules::default() };
    let mut patterns = OptionForm::states(&options, &rules).unwrap();
    patterns.truncate(32);
    let states = patterns.len();
    let graph = OptionForm::graph(n, options, patterns).unwrap();
    let coarse = u(3) < 0.5;
    let worth = |i: usize, s: usize| {
        let x = u(100 + 40 * i as u64 + s as u64);
        if coarse { (5.0 * x).floor() } else { x }
    };
    let ranking =
        |i: usize| PartyRanking::of_worth(&(0..states).map(|s| worth(i, s)).collect::<Vec<_>>());
    (graph, (0..n).map(ranking).collect())
}

fn each(mut look: impl FnMut(u64, &GraphModel<'_>)) {
    for seed in 0..CASES {
        let (graph, rankings) = random(seed);
        for (_, responses) in ResponseRule::ALL {
            look(seed, &GraphModel { graph: &graph, rankings: &rankings, responses });
        }
    }
}

fn solved(conflict: &GraphModel<'_>, id: &str, party: usize) -> StateSet {
    concept(id).unwrap().stable(conflict, party, PreferenceReading::Plain).unwrap()
}

#[test]
fn every_concept_has_an_id_a_title_a_source_and_a_page() {
    let mut ids: Vec<&str> = STABILITY_CONCEPTS.iter().map(|c| c.id()).collect();
    assert!(ids.iter().all(|id| id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())));
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), STABILITY_CONCEPTS.len());
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/stability");
    let pages: Vec<String> = std::fs::read_dir(docs)
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    for c in STABILITY_CONCEPTS {
        assert!(!c.title().is_empty() && !c.reference().is_empty());
        let named = format!("`{}`", c.id());
        assert!(pages.iter().any(|page| page.contains(&named)), "no page names {named}");
    }
}

#[test]
fn all_answers_are_the_textbooks() {
    let mut held = 0;
    each(|seed, conflict| {
        let textbook = Textbook { conflict: *conflict };
        for id in ["nash", "gmr", "smr", "seq", "sseq", "sim"] {
            for party in 0..conflict.graph.parties() {
                let ours = solved(conflict, id, party);
                for s in 0..conflict.graph.states() {
                    let theirs = textbook.stable(id, party, s);
                    assert_eq!(ours.contains(s), theirs, "{seed} {id} {party} {s}");
                    held += usize::from(theirs);
                }
            }
        }
    });
    assert!(held > 10_000);
}

#[test]
fn what_is_stable_under_one_is_stable_under_those_that_contain_it() {
    let mut strict = 0;
    each(|seed, conflict| {
        for outer in STABILITY_CONCEPTS {
            for inner in outer.laws().contains {
                for party in 0..conflict.graph.parties() {
                    let outer_set = solved(conflict, outer.id(), party);
                    let inner_set = solved(conflict, inner, party);
                    assert!(inner_set.within(&outer_set), "{seed} {inner} {}", outer.id());
                    strict += usize::from(inner_set != outer_set);
                }
            }
        }
    });
    assert!(strict > 100);
}

#[test]
fn renaming_states_and_parties_renames_the_answers() {
    each(|seed, conflict| {
        let (n, states) = (conflict.graph.parties(), conflict.graph.states());
        let state = |s: usize| (s * 7 + 3) % states;
        if states.is_multiple_of(7) {
            return;
        }
        let party = |i: usize| (i + 1) % n;
        let form = conflict.graph.form().unwrap();
        let mut patterns = vec![Vec::new(); states];
        (0..states).for_each(|s| patterns[state(s)] = form.patterns(s).to_vec());
        let options = form.options().iter().map(|o| PartyOption { owner: party(o.owner), ..*o });
        let graph = OptionForm::graph(n, options.collect(), patterns).unwrap();
        let mut rankings = vec![PartyRanking::default(); n];
        for i in 0..n {
            let mut levels = vec![0; states];
            (0..states).for_each(|s| levels[state(s)] = conflict.rankings[i].levels()[s]);
            rankings[party(i)] = PartyRanking::of_levels(levels);
        }
        let renamed =
            GraphModel { graph: &graph, rankings: &rankings, responses: conflict.responses };
        for c in STABILITY_CONCEPTS {
            for i in 0..n {
                let a = c.stable(conflict, i, PreferenceReading::Plain).unwrap();
                let b = c.stable(&renamed, party(i), PreferenceReading::Plain).unwrap();
                assert!(
                    (0..states).all(|s| a.contains(s) == b.contains(state(s))),
                    "{seed} {}",
                    c.id()
                );
            }
        }
    });
}

#[test]
fn liking_a_state_more_never_makes_it_unstable() {
    each(|seed, conflict| {
        for party in 0..conflict.graph.parties() {
            let levels: Vec<u32> =
                conflict.rankings[party].levels().iter().map(|l| 2 * l).collect();
            for s in 0..conflict.graph.states().min(6) {
                let mut raised = levels.clone();
                raised[s] += 1 + below(6, seed, s as u64, 9) as u32;
                let mut rankings = conflict.rankings.to_vec();
                rankings[party] = PartyRanking::of_levels(raised);
                let then = GraphModel { rankings: &rankings, ..*conflict };
                for c in STABILITY_CONCEPTS.iter().filter(|c| c.laws().monotone) {
                    let was = solved(conflict, c.id(), party).contains(s);
                    assert!(!was || solved(&then, c.id(), party).contains(s), "{seed} {}", c.id());
                }
            }
        }
    });
}

#[test]
fn looking_ahead_without_end_needs_the_exemption_from_monotony() {
    // Only concepts that look ahead are exempt.
    let exempt: Vec<&str> =
        STABILITY_CONCEPTS.iter().filter(|c| !c.laws().monotone).map(|c| c.id()).collect();
    assert_eq!(exempt, ["l2", "l3", "l4", "l5", "l6", "nm"]);
    let mut broken = Vec::new();
    each(|seed, conflict| {
        for party in 0..conflict.graph.parties() {
            let levels: Vec<u32> =
                conflict.rankings[party].levels().iter().map(|l| 2 * l).collect();
            for s in 0..conflict.graph.states().min(6) {
                let mut raised = levels.clone();
                raised[s] += 1 + below(6, seed, s as u64, 9) as u32;
                let mut rankings = conflict.rankings.to_vec();
                rankings[party] = PartyRanking::of_levels(raised);
                let then = GraphModel { rankings: &rankings, ..*conflict };
                for id in &exempt {
                    let was = solved(conflict, id, party).contains(s);
                    if was && !solved(&then, id, party).contains(s) {
                        broken.push(*id);
                    }
                }
            }
        }
    });
    assert!(broken.iter().any(|id| *id != "l2"), "{broken:?}");
}

#[test]
fn strategic_form_gives_limited_moves_by_hand() {
    // Prisoners' dilemma, states (C, C), (D, C), (C, D), (D, D): looking two moves ahead each expects the
    // other's defection after its own, so that mutual cooperation holds.
    let option = |owner| PartyOption { owner, moves: OptionMoves::Reversible };
    let options = vec![option(0), option(1)];
    let patterns = OptionForm::states(&options, &StateRules::default()).unwrap();
    let graph = OptionForm::graph(2, options, patterns).unwrap();
    let rankings = [[3, 4, 1, 2], [3, 1, 4, 2]].map(|l| PartyRanking::of_levels(l.to_vec()));
    let responses = ResponseRule::default();
    let conflict = GraphModel { graph: &graph, rankings: &rankings, responses };
    let all = |id: &str| -> Vec<usize> {
        let own: Vec<StateSet> = (0..2).map(|p| solved(&conflict, id, p)).collect();
        equilibria(&own).unwrap().iter().collect()
    };
    assert_eq!((all("nash"), all("l2"), all("nm")), (vec![3], vec![0, 3], vec![0, 3]));
}

#[test]
fn no_coalition_leaves_what_its_definition_keeps() {
    for seed in 0..60 {
        let (graph, rankings) = random(seed);
        let responses = ResponseRule::LegalSequences;
        let conflict = GraphModel { graph: &graph, rankings: &rankings, responses };
        let found = coalition_equilibria(&conflict).unwrap();
        let textbook = Textbook { conflict };
        let (n, states) = (graph.parties(), graph.states());
        for s in 0..states {
            let mut holds = [true; 3];
            for bits in 1usize..1 << n {
                let [own, others] =
                    [1, 0].map(|b| (0..n).filter(|i| bits >> i & 1 == b).collect::<Vec<usize>>());
                let better = |t: &usize| own.iter().all(|i| rankings[*i].improves(s, *t));
                for t in textbook.reach(&own, s, false).iter().filter(|t| better(t)) {
                    let answers = textbook.reach(&others, *t, false);
                    let stuck = |u: &usize| !textbook.reach(&own, *u, false).iter().any(better);
                    holds[0] = false;
                    holds[1] &= answers.iter().any(|u| !better(u));
                    holds[2] &= answers.iter().any(|u| !better(u) && stuck(u));
                }
            }
            let ours = [&found.nash, &found.gmr, &found.smr].map(|set| set.contains(s));
            assert_eq!(ours, holds, "{seed} {s}");
            assert!(!found.seq.contains(s) || found.gmr.contains(s));
            assert!(!found.nash.contains(s) || found.seq.contains(s));
        }
    }
}
