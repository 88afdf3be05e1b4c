//! How fast stability is: one JSON line a figure.

#[path = "../../../testing/timer.rs"]
mod timer;

use std::sync::atomic::AtomicBool;

use winset_methods::stability::form::{OptionForm, OptionMoves, PartyOption, StateRules};
use winset_methods::stability::robust::{PreferenceDraws, PreferenceSource, robustness};
use winset_methods::stability::{
    ConflictGraph, GraphModel, PartyRanking, PreferenceReading, ResponseRule, StabilityConcept,
    concept,
};
use winset_model::Effort;
use winset_model::uncertain::counter::uniform;

const RUNS: usize = 7;

fn main() {
    let asked: Vec<&dyn StabilityConcept> =
        ["nash", "gmr", "smr", "seq", "sim"].iter().filter_map(|id| concept(id)).collect();
    // gmcr-py was reported to take 12.9 s and 9.2 s for these.
    for (figure, target, parties, options) in [
        ("4096-states-2-parties-5-concepts", "<= 100 ms", 2, 12),
        ("1024-states-5-parties-5-concepts", "<= 500 ms", 5, 10),
    ] {
        let (graph, rankings) = model(parties, options);
        let responses = ResponseRule::LegalSequences;
        let conflict = GraphModel { graph: &graph, rankings: &rankings, responses };
        // Of each concept, how many states are stable for their parties.
        let counts = || -> Vec<usize> {
            let own = |c: &&dyn StabilityConcept| {
                let one =
                    |p| c.stable(&conflict, p, PreferenceReading::Plain).map_or(0, |set| set.len());
                (0..parties).map(one).sum::<usize>()
            };
            asked.iter().map(own).collect()
        };
        let times = timer::milliseconds(RUNS, || {
            std::hint::black_box(counts());
        });
        let answer: Vec<f64> = counts().into_iter().map(|n| n as f64).collect();
        timer::answered("stability", figure, times, "ms", target, &answer);
    }
    let (graph, rankings) = model(3, 4);
    let names = |n: usize| (0..n).map(|k| k.to_string()).collect::<Vec<String>>();
    let source =
        |own: &PartyRanking| PreferenceSource::Places { level: own.levels().to_vec(), noise: 1.0 };
    let sources = rankings.iter().map(source).collect();
    let draws = PreferenceDraws::new(sources, &names(3), &names(16), 1);
    let stop = AtomicBool::new(false);
    measure("16-states-3-parties-5-concepts-10000-draws", "<= 1000 ms", || {
        let effort = Effort::silent(1, &stop);
        let draw = |d: u64, worth: &mut [Vec<f64>]| draws.draw(d, worth);
        let responses = ResponseRule::LegalSequences;
        robustness(&graph, responses, &asked, 10_000, &draw, effort).0.len()
    });
}

/// Every pattern of so many options, owned in turns, with random preferences.
fn model(parties: usize, options: usize) -> (ConflictGraph, Vec<PartyRanking>) {
    let option = |k| PartyOption { owner: k % parties, moves: OptionMoves::Reversible };
    let options: Vec<PartyOption> = (0..options).map(option).collect();
    let built = OptionForm::states(&options, &StateRules::default())
        .and_then(|patterns| OptionForm::graph(parties, options, patterns));
    let graph = match built {
        Ok(graph) => graph,
        Err(e) => {
            eprintln!("{e}");
            std::process::exit(1)
        }
    };
    let worth = |p: usize, s: usize| uniform(3, p as u64, s as u64);
    let ranking = |p: usize| {
        let own: Vec<f64> = (0..graph.states()).map(|s| worth(p, s)).collect();
        PartyRanking::of_worth(&own)
    };
    let rankings = (0..parties).map(ranking).collect();
    (graph, rankings)
}

fn measure(figure: &str, target: &str, work: impl Fn() -> usize) {
    let times = timer::milliseconds(RUNS, || {
        std::hint::black_box(work());
    });
    timer::figure("stability", figure, times, "ms", target);
}
