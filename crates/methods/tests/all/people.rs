//! What people do with a zone: limits, laws, and the scores of rules on talks.

use winset_methods::score::crps;
use winset_methods::talks::concepts::{CONCEPTS, TermsLaw, concept, fitted};
use winset_methods::talks::hazard::{MessageHazard, MessageTable, chance_of_deal};
use winset_methods::talks::terms::{ask, score, shares};
use winset_methods::talks::{Corpus, Talk, TalkEnding, agreement};
use winset_model::theory::people::{PeopleRule, trapezoid};
use winset_model::theory::solutions::{Problem, SOLUTIONS, solution};
use winset_model::uncertain::counter::uniform;

const BARE: PeopleRule = PeopleRule { rho: -3.0, k: 12.0, epsilon: 0.0, floor: 0.0, atom: 0.0 };

/// Gains of `n` packages to `sides` sides, all above zero.
fn gains(seed: u64, n: usize, sides: usize) -> Vec<f64> {
    (0..n * sides).map(|k| 0.05 + 0.9 * uniform(seed, k as u64, 0)).collect()
}

fn even(n: usize) -> Vec<f64> {
    vec![1.0 / n as f64; n]
}

#[track_caller]
fn near(a: &[f64], b: &[f64], within: f64) {
    assert_eq!(a.len(), b.len());
    let worst = a.iter().zip(b).map(|(x, y)| (x - y).abs()).fold(0.0, f64::max);
    assert!(worst < within, "{a:?} {b:?}");
}

#[test]
fn at_its_limits_the_rule_is_the_named_solution() {
    for seed in 0..60 {
        let (n, sides) = (12, 2 + seed as usize % 3);
        let g = gains(seed, n, sides);
        let d = vec![0.0; sides];
        let problem = Problem::new(&g, &d).unwrap();
        for (rho, name) in [(1.0, "utilitarian"), (0.0, "nash"), (f64::NEG_INFINITY, "egalitarian")]
        {
            let rule = PeopleRule { rho, k: f64::INFINITY, ..BARE };
            let p = rule.probabilities(&g, &even(sides), &even(n));
            let chosen = solution(name).unwrap().solve(&problem).unwrap().outcomes;
            let support: Vec<usize> = (0..n).filter(|x| p[*x] > 0.0).collect();
            assert_eq!(support, chosen, "{name}, seed {seed}");
            // A sharp rule is nearly there.
            let sharp = PeopleRule { rho: rho.max(-300.0), k: 3e4, ..BARE };
            let p = sharp.probabilities(&g, &even(sides), &even(n));
            assert!(chosen.iter().map(|x| p[*x]).sum::<f64>() > 0.9, "{name}, seed {seed}: {p:?}");
        }
        let indifferent = PeopleRule { k: 0.0, ..BARE };
        near(&indifferent.probabilities(&g, &even(sides), &even(n)), &even(n), 1e-15);
        // The mean is continuous at the exponents that have formulas of their own.
        for (rho, beside) in [(0.0, 1e-6), (0.0, -1e-6), (f64::NEG_INFINITY, -3e3)] {
            let at = |rho| PeopleRule { rho, ..BARE }.log_mean(&g[..sides], &even(sides));
            assert!((at(rho) - at(beside)).abs() < 1e-3, "{rho}");
        }
    }
}

#[test]
fn two_packages_have_the_chances_of_the_formula() {
    // M of (.5, .5) is .5; of (.8, .2) with ρ = −1 the harmonic mean .32.
    let rule = PeopleRule { rho: -1.0, k: 2.0, epsilon: 0.1, ..BARE };
    let p = rule.probabilities(&[0.5, 0.5, 0.8, 0.2], &[0.5, 0.5], &[1.0, 3.0]);
    let (a, b) = (0.25, 3.0 * 0.1024);
    near(&p, &[0.9 * a / (a + b) + 0.1 * 0.25, 0.9 * b / (a + b) + 0.1 * 0.75], 1e-14);
    // Half at the most equal package, where both sides see the values.
    let public = PeopleRule { atom: 0.5, ..rule };
    let q = public.probabilities(&[0.5, 0.5, 0.8, 0.2], &[0.5, 0.5], &[1.0, 3.0]);
    near(&q, &[0.5 + 0.5 * p[0], 0.5 * p[1]], 1e-14);
    // No gains at all: nothing but the base weights is left.
    let p = BARE.probabilities(&[0.0; 4], &[0.5, 0.5], &[1.0, 3.0]);
    near(&p, &[0.25, 0.75], 1e-15);
    assert!(BARE.probabilities(&[], &[0.5, 0.5], &[]).is_empty());
}

#[test]
fn scale_order_of_sides_and_copies_change_nothing() {
    for seed in 0..40 {
        let (n, sides) = (9, 2 + seed as usize % 3);
        let (g, base) = (gains(seed, n, sides), gains(seed + 1_000, n, 1));
        let rule = PeopleRule { epsilon: 0.02, ..BARE };
        let p = rule.probabilities(&g, &even(sides), &base);
        assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let scaled: Vec<f64> = g.iter().map(|x| 37.0 * x).collect();
        near(&rule.probabilities(&scaled, &even(sides), &base), &p, 1e-12);
        let turned: Vec<f64> =
            g.chunks_exact(sides).flat_map(|row| row.iter().rev().copied()).collect();
        near(&rule.probabilities(&turned, &even(sides), &base), &p, 1e-12);
        // A copy that shares a package's base weight shares its chance.
        let mut copied = g.clone();
        copied.extend_from_slice(&g[..sides]);
        let mut weights = base.clone();
        weights[0] *= 0.25;
        weights.push(0.75 * base[0]);
        let q = rule.probabilities(&copied, &even(sides), &weights);
        near(&q[1..n], &p[1..], 1e-12);
        assert!((q[0] + q[n] - p[0]).abs() < 1e-12);
        // More for one side makes a package likelier.
        let mut better = g.clone();
        better[0] += 0.1;
        assert!(rule.probabilities(&better, &even(sides), &base)[0] > p[0]);
    }
}

#[test]
fn base_weights_do_not_depend_on_where_a_node_was_added() {
    near(&trapezoid(&[0.0, 1.0, 4.0]), &[0.5, 2.0, 1.5], 1e-15);
    near(&trapezoid(&[3.0]), &[1.0], 1e-15);
    assert!(trapezoid(&[]).is_empty());
    // On a line with linear gains, the mean of a fine and of an uneven grid agree.
    let mean = |nodes: &[f64]| {
        let g: Vec<f64> = nodes.iter().flat_map(|x| [*x, 1.0 - x]).collect();
        let rule = PeopleRule { floor: 0.02, k: 4.0, ..BARE };
        let p = rule.probabilities(&g, &[0.5, 0.5], &trapezoid(nodes));
        nodes.iter().zip(&p).map(|(x, p)| x * p).sum::<f64>()
    };
    let fine: Vec<f64> = (0..=1000).map(|k| f64::from(k) / 1000.0).collect();
    let mut uneven: Vec<f64> = (0..=400).map(|k| f64::from(k) / 400.0).collect();
    uneven.extend((0..100).map(|k| 0.3 + f64::from(k) / 10_007.0));
    uneven.sort_by(f64::total_cmp);
    assert!((mean(&fine) - mean(&uneven)).abs() < 1e-3);
}

/// Talks over random items, with deals at packages drawn from a rule.
fn talks(seed: u64, n: usize) -> Vec<Talk> {
    let draw = |k: usize, stream: u64| uniform(seed, k as u64, stream);
    (0..n)
        .map(|k| {
            let counts: Vec<u32> = (0..3).map(|j| 1 + (3.0 * draw(k % 40, j)) as u32).collect();
            let worth = |side: u64| -> Vec<f64> {
                (0..3).map(|j| (6.0 * draw(k % 40, 10 + 3 * side + j)).floor()).collect()
            };
            let got: Vec<u32> = counts
                .iter()
                .enumerate()
                .map(|(j, c)| (f64::from(c + 1) * draw(k, 20 + j as u64)) as u32)
                .collect();
            let ending = match draw(k, 30) {
                u if u < 0.7 => TalkEnding::Deal,
                u if u < 0.85 => TalkEnding::Contradiction,
                _ => TalkEnding::Failure,
            };
            Talk {
                id: k.to_string(),
                counts,
                values: [worth(0), worth(1)],
                walk_away: [1.0, 0.0],
                messages: 1 + (9.0 * draw(k, 31)) as u32,
                ending,
                got: (ending == TalkEnding::Deal).then_some(got),
            }
        })
        .collect()
}

/// The same talk with its sides and items in another order.
fn turned(talk: &Talk) -> Talk {
    let back = |v: &[f64]| v.iter().rev().copied().collect::<Vec<f64>>();
    let counts: Vec<u32> = talk.counts.iter().rev().copied().collect();
    let got = talk
        .got
        .as_ref()
        .map(|got| talk.counts.iter().zip(got).rev().map(|(count, got)| count - got).collect());
    Talk {
        counts,
        values: [back(&talk.values[1]), back(&talk.values[0])],
        walk_away: [talk.walk_away[1], talk.walk_away[0]],
        got,
        ..talk.clone()
    }
}

#[test]
fn every_rule_is_a_distribution_that_names_of_sides_and_items_do_not_change() {
    let ours = talks(3, 200);
    let theirs: Vec<Talk> = ours
        .iter()
        .enumerate()
        .map(|(k, t)| if k % 3 == 0 { turned(t) } else { t.clone() })
        .collect();
    let (a, b) = (Corpus::new(&ours), Corpus::new(&theirs));
    assert_eq!(a, b);
    assert!(a.structures.len() > 20 && a.structures.len() <= 40);
    for structure in &a.structures {
        let n = structure.counts.iter().map(|c| *c as usize + 1).product::<usize>();
        assert_eq!(structure.packages(), n);
    }
    for rule in CONCEPTS {
        assert_eq!(CONCEPTS.iter().filter(|c| c.id == rule.id).count(), 1);
        assert!(rule.constants.first().is_none_or(|c| c.name == "ε"), "{}", rule.id);
        if let TermsLaw::Solution(name) = rule.law {
            assert!(SOLUTIONS.iter().any(|s| s.id() == name), "{name}");
        }
        let ready = rule.ready(&a).probabilities(&rule.shipped(), &|_| true);
        for (structure, quick) in a.structures.iter().zip(&ready) {
            let p = rule.probabilities(structure, &rule.shipped());
            near(&p, quick, 1e-14);
            assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-12 && p.iter().all(|p| *p >= 0.0));
        }
    }
}

#[test]
fn constants_are_found_again_in_talks_that_follow_them() {
    let rule = concept("people").unwrap();
    let mut made = talks(5, 4_000);
    let truth = [0.05, 6.0, -1.0];
    let corpus = Corpus::new(&made);
    for (k, (talk, sorted)) in made.iter_mut().zip(&corpus.talks).enumerate() {
        let structure = &corpus.structures[sorted.structure];
        let p = rule.probabilities(structure, &truth);
        let u = uniform(9, k as u64, 0);
        let mut up_to = 0.0;
        let x = p.iter().position(|p| {
            up_to += p;
            up_to >= u
        });
        // The package as the structure counts it; counts and worth in the structure's order.
        let mut rest = x.unwrap_or(p.len() - 1);
        let mut got = vec![0; structure.counts.len()];
        for (got, count) in got.iter_mut().zip(&structure.counts).rev() {
            *got = (rest % (*count as usize + 1)) as u32;
            rest /= *count as usize + 1;
        }
        let whole = |side: usize| -> Vec<f64> {
            let n = p.len();
            let mut step = n;
            structure
                .counts
                .iter()
                .map(|count| {
                    step /= *count as usize + 1;
                    let u = |x: usize| structure.utilities[2 * x + side];
                    (u(step) - u(0)).abs()
                })
                .collect()
        };
        *talk = Talk {
            counts: structure.counts.clone(),
            values: [whole(0), whole(1)],
            walk_away: structure.walk_away,
            ending: TalkEnding::Deal,
            got: Some(got),
            ..talk.clone()
        };
    }
    let corpus = Corpus::new(&made);
    let ready = rule.ready(&corpus);
    let fit = fitted(&[&ready], &|_| true);
    for (fit, (truth, within)) in fit.iter().zip(truth.iter().zip([0.03, 0.6, 0.3])) {
        assert!((fit - truth).abs() < within, "{fit} {truth}");
    }
    // Nothing fits what was fitted to better, and other rules foretell it worse.
    assert!(ready.loss(&fit, &|_| true) <= ready.loss(&truth, &|_| true) + 1e-6);
    let log = |id: &str| ask(&corpus, concept(id).unwrap(), true).unwrap().scores.log;
    for other in ["uniform", "nash", "egalitarian", "utilitarian"] {
        assert!(log("people") > log(other), "{other}");
    }
    let people = ask(&corpus, rule, true).unwrap();
    assert!(people.scores.pit < 0.02, "{:?}", people.scores);
    for share in shares(&corpus, &people.said) {
        assert!((share.observed - share.said).abs() < 0.03, "{share:?}");
    }
}

#[test]
fn the_score_of_a_utility_is_that_of_its_draws() {
    let corpus = Corpus::new(&talks(7, 30));
    let uniform = concept("uniform").unwrap();
    let asked = ask(&corpus, uniform, false).unwrap();
    let (mut sum, mut n, mut log) = (0.0, 0.0, 0.0);
    for talk in &corpus.talks {
        let (Some(x), structure) = (talk.package, &corpus.structures[talk.structure]) else {
            continue;
        };
        for side in 0..2 {
            let draws: Vec<f64> =
                structure.utilities.iter().skip(side).step_by(2).copied().collect();
            sum += crps(&draws, draws[x]).unwrap();
            n += 1.0;
        }
        log -= libm::log(structure.packages() as f64);
    }
    assert!((asked.scores.crps - sum / n).abs() < 1e-12);
    assert!((asked.scores.log - 2.0 * log / n).abs() < 1e-12);
    // To know the package is to be right, and nothing is above 1.
    let sure: Vec<Vec<f64>> = corpus
        .struck
        .iter()
        .map(|struck| {
            let all: u32 = struck.iter().sum();
            struck.iter().map(|n| f64::from(*n) / f64::from(all.max(1))).collect()
        })
        .collect();
    let known = score(&corpus, &sure).unwrap();
    assert!(known.log > asked.scores.log && known.hit > asked.scores.hit);
    assert!(known.crps < asked.scores.crps && known.coverage80 >= 0.8);
    assert!(score(&Corpus::default(), &[]).is_none());
}

#[test]
fn hazards_of_messages_are_found_again() {
    // Without room in it, the rate at a message is that of the share that ends there.
    let made = talks(11, 3_000);
    let corpus = Corpus::new(&made);
    let table = MessageTable::new(&corpus);
    let hazard = table.fit(TalkEnding::Deal, Some(0.0), &|_| true);
    for (m, base) in hazard.base.iter().enumerate() {
        let [n, deals, ..] = table.at(m + 1);
        assert!((base + libm::log1p(-deals / n)).abs() < 1e-6, "{m}");
    }
    // A known exponent lies in its interval, and no other exponent fits better.
    let truth = MessageHazard { base: vec![0.3; 6], gamma: 2.0 };
    let mut made = made;
    for (k, talk) in made.iter_mut().enumerate() {
        let room = corpus.structures[corpus.talks[k].structure].room;
        let rate = 0.3 * libm::pow(room.max(0.02) / 0.65, truth.gamma);
        let ends = (1..=12u32).find(|m| uniform(21, k as u64, u64::from(*m)) < -libm::expm1(-rate));
        (talk.messages, talk.ending) = (ends.unwrap_or(12), TalkEnding::Failure);
        talk.got = None;
        if ends.is_some() {
            talk.ending = TalkEnding::Deal;
            talk.got = Some(vec![0; talk.counts.len()]);
        }
    }
    let corpus = Corpus::new(&made);
    let table = MessageTable::new(&corpus);
    let found = table.exponent(TalkEnding::Deal, 0..table.messages());
    assert!(found.lo < truth.gamma && truth.gamma < found.hi, "{found:?}");
    assert!((found.gamma - truth.gamma).abs() < 0.25, "{found:?}");
    let loss = |gamma| {
        let hazard = table.fit(TalkEnding::Deal, gamma, &|_| true);
        table.loss(TalkEnding::Deal, &hazard, &|_| true)
    };
    assert!(
        [0.0, 1.0, 1.9, 2.1, 3.0]
            .iter()
            .all(|g| loss(Some(*g)) > loss(None) - 1e-9 || (g - found.gamma).abs() < 0.01)
    );
    assert!(table.loss_left_out(&corpus, None) < table.loss_left_out(&corpus, Some(0.0)));
}

#[test]
fn of_constant_risks_each_ends_its_share() {
    let risk = |base: f64| MessageHazard { base: vec![base; 4], gamma: 0.0 };
    let chance = chance_of_deal([&risk(0.3), &risk(0.1), &risk(0.2)], 0.4);
    assert!((chance - 0.5).abs() < 1e-12);
    // Room moves the one risk it is in.
    let moved = [MessageHazard { gamma: 1.0, ..risk(0.2) }, risk(0.0), risk(0.2)];
    let risks = [&moved[0], &moved[1], &moved[2]];
    assert!((chance_of_deal(risks, 0.65) - 0.5).abs() < 1e-12);
    assert!((chance_of_deal(risks, 1.3) - 2.0 / 3.0).abs() < 1e-12);
}

#[test]
fn a_constant_chance_is_the_share_of_the_others() {
    let corpus = Corpus::new(&talks(13, 2_000));
    let table = MessageTable::new(&corpus);
    let (name, form) = agreement::FORMS[0];
    assert_eq!(name, "constant");
    let chance = agreement::left_out(&corpus, &table, form, agreement::Against::All);
    let share = corpus.ended(TalkEnding::Deal) as f64 / corpus.talks.len() as f64;
    assert!(chance.iter().all(|p| (p - share).abs() < 0.03));
    let told =
        agreement::score(&corpus, agreement::Against::All, &vec![0.25; chance.len()]).unwrap();
    let log = share * libm::log(0.25) + (1.0 - share) * libm::log(0.75);
    let brier = share * 0.5625 + (1.0 - share) * 0.0625;
    assert!((told.log - log).abs() < 1e-12 && (told.brier - brier).abs() < 1e-12);
    let rows = agreement::by_room(&corpus, &chance);
    let all: usize = rows.iter().flat_map(|r| r.ended).sum();
    assert_eq!(all, corpus.talks.len());
}
