//! Laws of the model on random cases, read from text and run to the end.
//!
//! No law fixes a sign that theory leaves open: how the chance of a zone moves with the cost of
//! force, an ally's readiness, a camp's weight or a spoiler's hazard is not asserted anywhere.

mod generator;

use std::sync::atomic::AtomicBool;

use generator::{Dice, Spec, Wanted, random};
use serde_json::Value;
use winset_files::case::{CaseFiles, load};
use winset_files::diagnostic::{Findings, Source};
use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::forecast::{Forecast, Frame, Run, Solver, Tally, run};
use winset_model::theory::UNIT;
use winset_model::theory::conflicts::Set;
use winset_model::theory::exact::Exact;
use winset_model::theory::grid::{Constraint, Grid, nodes};
use winset_model::theory::situation::Situation;
use winset_model::theory::tables::HALF_WIDTH;
use winset_model::theory::threat::NoDeal;

const CASES: u64 = 100;
const DRAWS: u64 = 8;

fn read_with(text: &str, overrides: &[String]) -> Case {
    let source = Source { name: "case.toml".to_owned(), text: text.to_owned() };
    let mut findings = Findings::default();
    let loaded =
        load(&CaseFiles { case: source, ..CaseFiles::default() }, None, overrides, &mut findings);
    assert!(!findings.failed(), "{findings:?}\n{text}");
    loaded.unwrap().case
}

fn read(spec: &Spec) -> Case {
    read_with(&spec.toml(), &[])
}

fn tally(case: &Case, draws: std::ops::Range<u64>, threads: usize) -> Tally {
    run(case, &Run { seed: 7, draws }, Effort::silent(threads, &AtomicBool::new(false)))
}

fn forecast(case: &Case) -> Value {
    report(case, &tally(case, 0..DRAWS, 1))
}

fn report(case: &Case, tally: &Tally) -> Value {
    serde_json::to_value(Forecast::new(case, 7, tally, &|_| String::new())).unwrap()
}

/// Rows of actors by their ids: the file's order is all that the order of rows follows.
fn by_id(mut forecast: Value) -> Value {
    let rows = forecast["blockers"].as_array_mut().unwrap();
    rows.sort_by(|a, b| a["actor"].as_str().cmp(&b["actor"].as_str()));
    forecast
}

#[test]
fn the_order_of_actors_changes_no_byte() {
    for seed in 0..CASES {
        let spec = random(seed, Wanted::default());
        let mut shuffled = spec.clone();
        Dice::new(seed).shuffle(&mut shuffled.actors);
        let (a, b) = (by_id(forecast(&read(&spec))), by_id(forecast(&read(&shuffled))));
        assert_eq!(a.to_string(), b.to_string(), "{seed}");
    }
}

/// A name is the stream its inputs are drawn under, so that renaming an actor with a range draws
/// other numbers. What names can do besides that must be nothing: with points, and names that sort
/// as before, no byte changes but the names (and the fingerprint, which is of the text).
#[test]
fn the_names_of_actors_change_no_byte() {
    for seed in 0..CASES {
        let spec = random(seed, Wanted { points: true, ..Wanted::default() });
        let renamed = spec.renamed(|id| format!("x{}y", &id[1..]));
        let before = forecast(&read(&spec));
        let mut text = before.to_string();
        for actor in &spec.actors {
            text = text.replace(&actor.id, &format!("x{}y", &actor.id[1..]));
        }
        let mut named: Value = serde_json::from_str(&text).unwrap();
        let mut after = forecast(&read(&renamed));
        for report in [&mut named, &mut after] {
            report["fingerprint"] = Value::Null;
        }
        assert_eq!(named.to_string(), after.to_string(), "{seed}");
    }
}

/// Names that sort the other way round permute the order of everything that is summed over
/// members; only rounding may move.
#[test]
fn the_sort_order_of_names_changes_nothing() {
    for seed in 0..CASES {
        let spec = random(seed, Wanted { points: true, ..Wanted::default() });
        let turned = |id: &str| format!("p{}", 99 - id[1..].parse::<u32>().unwrap());
        let (a, b) = (forecast(&read(&spec)), forecast(&read(&spec.renamed(turned))));
        for key in [["answer", "p"], ["zone", "p"], ["endings", "open"]] {
            let (a, b) = (&a[key[0]][key[1]], &b[key[0]][key[1]]);
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            assert!((a - b).abs() < 1e-6, "{seed} {key:?}: {a} {b}");
        }
        for row in a["blockers"].as_array().unwrap() {
            let id = turned(row["actor"].as_str().unwrap());
            let rows = b["blockers"].as_array().unwrap();
            let other = rows.iter().find(|r| r["actor"] == id.as_str()).unwrap();
            assert_eq!((&row["block"], &row["walk"]), (&other["block"], &other["walk"]), "{seed}");
        }
    }
}

#[test]
fn threads_and_shards_change_no_byte() {
    for seed in 0..CASES {
        let case = read(&random(seed, Wanted::default()));
        let draws = 70;
        let whole = report(&case, &tally(&case, 0..draws, 1)).to_string();
        assert_eq!(whole, report(&case, &tally(&case, 0..draws, 2)).to_string(), "{seed}");
        let mut parts = [0..11, 11..12, 12..45, 45..draws];
        Dice::new(seed).shuffle(&mut parts);
        let mut merged = Tally::default();
        parts.into_iter().for_each(|part| merged.merge(tally(&case, part, 1)));
        assert_eq!(whole, report(&case, &merged).to_string(), "{seed}");
    }
}

#[test]
fn endings_and_open_add_up_and_only_grow() {
    for seed in 0..CASES {
        let f = forecast(&read(&random(seed, Wanted::default())));
        let mut before = vec![0.0; 5];
        for day in f["endings_by_day"].as_array().unwrap() {
            let of = |key: &str| day[key].as_f64().unwrap();
            let now: Vec<f64> =
                ["agreement", "interim", "breakdown", "force", "suspension"].map(of).to_vec();
            let sum: f64 = now.iter().sum();
            assert!((sum + of("open") - 1.0).abs() < 1e-12, "{seed}");
            assert!((-1e-12..=1.0).contains(&of("open")), "{seed}");
            for (a, b) in before.iter().zip(&now) {
                assert!(*a <= b + 1e-12, "{seed}: an ending becomes less likely with time");
            }
            before = now;
        }
    }
}

/// Solves a draw of a case.
fn solved<'a>(frame: &'a Frame<'a>, draw: u64) -> Solver<'a> {
    let mut solver = Solver::new(frame);
    solver.draw(7, draw);
    solver.solve();
    solver
}

#[test]
fn turning_a_scale_round_mirrors_the_terms_and_nothing_else() {
    for seed in 0..CASES {
        let wanted = Wanted { points: true, reversible: true, small: false };
        let spec = random(seed, wanted);
        let j = Dice::new(seed).below(spec.now.len());
        let (case, turned) = (read(&spec), read(&spec.reversed(j)));
        let (frame, other) = (Frame::new(&case), Frame::new(&turned));
        let (a, b) = (solved(&frame, 0), solved(&other, 0));
        assert_eq!(a.now.no_deal, b.now.no_deal, "{seed}");
        let (x, y) = (&a.now.solution, &b.now.solution);
        assert_eq!((&x.block, &x.walk), (&y.block, &y.walk), "{seed}");
        assert_eq!((x.rule, x.above_threat), (y.rule, y.above_threat), "{seed}");
        let issues = spec.now.len();
        let mirrored = |terms: &[i32]| -> Vec<Vec<i32>> {
            let mut all: Vec<Vec<i32>> = terms.chunks_exact(issues).map(<[i32]>::to_vec).collect();
            all.iter_mut().for_each(|x| x[j] = UNIT - x[j]);
            all.sort();
            all
        };
        let mut theirs: Vec<Vec<i32>> = y.terms.chunks_exact(issues).map(<[i32]>::to_vec).collect();
        theirs.sort();
        if spec.grid {
            assert_eq!((x.room, x.nash_value), (y.room, y.nash_value), "{seed}");
            assert_eq!(mirrored(&x.terms), theirs, "{seed}");
            let (p, q) = (forecast(&case), forecast(&turned));
            for key in ["answer", "agreement", "endings_by_day", "events", "zone", "blockers"] {
                assert_eq!(p[key], q[key], "{seed} {key}");
            }
        } else {
            // Linear programs visit mirrored corners in another order: of tied packages they may
            // name another, which must then be as good.
            let near = |a: Option<f64>, b: Option<f64>| match (a, b) {
                (Some(a), Some(b)) => (a - b).abs() < 1e-6,
                (a, b) => a == b,
            };
            assert!(near(x.room, y.room), "{seed}: {:?} {:?}", x.room, y.room);
            assert!(near(x.nash_value, y.nash_value), "{seed}");
            let s = &a.now.situation;
            for terms in mirrored(&y.terms) {
                let accepts = (0..s.members()).filter(|i| {
                    let gain = s.value(*i, &terms, a.now.no_deal.m[*i]) - a.now.no_deal.m[*i];
                    s.within_red_lines(*i, &terms) && gain > -1e-5
                });
                assert!(s.all_ratify(accepts.fold(0, |mask, i| mask | 1 << i)), "{seed}");
            }
        }
    }
}

/// The zone of each situation on the nodes of both.
fn zones(a: &Solver<'_>, b: &Solver<'_>) -> [Vec<usize>; 2] {
    let quarter: Vec<i32> = (0..=4).map(|k| k * UNIT / 4).collect();
    let at: Vec<Vec<i32>> = nodes(&a.now.situation, &quarter)
        .into_iter()
        .zip(nodes(&b.now.situation, &[]))
        .map(|(mut a, b)| {
            a.extend(b);
            a.sort_unstable();
            a.dedup();
            a
        })
        .collect();
    [a, b].map(|s| {
        let mut grid = Grid::default();
        grid.evaluate(&s.now.situation, &s.now.no_deal, at.clone());
        grid.zone(&s.now.situation)
    })
}

/// Whatever was ratified before still is, package by package and draw by draw.
#[track_caller]
fn never_shrinks(seed: u64, before: &Spec, after: &Spec) {
    let (a, b) = (read(before), read(after));
    let (frame, other) = (Frame::new(&a), Frame::new(&b));
    for draw in 0..DRAWS {
        let (x, y) = (solved(&frame, draw), solved(&other, draw));
        if !before.grid {
            let kept = x.now.solution.room.is_none() || y.now.solution.room.is_some();
            assert!(kept, "{seed} draw {draw}: the zone is gone");
        }
        if before.now.len() <= 2 {
            let [zone, wider] = zones(&x, &y);
            let kept = zone.iter().all(|p| wider.binary_search(p).is_ok());
            assert!(kept, "{seed} draw {draw}: a package is no longer ratified");
        }
    }
}

/// Of an actor with an ideal of its own: an inherited ideal moves with the red line that holds it.
#[test]
fn a_wider_red_line_never_shrinks_the_zone() {
    let mut tried = 0;
    for seed in 0..CASES {
        let spec = random(seed, Wanted::default());
        let mut wider = spec.clone();
        let mut d = Dice::new(seed);
        let by = 5.0 + d.below(40) as f64;
        let lines: Vec<(usize, usize)> = (0..spec.actors.len())
            .flat_map(|i| (0..spec.now.len()).map(move |j| (i, j)))
            .filter(|(i, j)| spec.actors[*i].position[*j].is_some())
            .filter(|(i, j)| {
                let a = &spec.actors[*i];
                a.red_min[*j].is_some() || a.red_max[*j].is_some()
            })
            .collect();
        if lines.is_empty() {
            continue;
        }
        let (i, j) = lines[d.below(lines.len())];
        let actor = &mut wider.actors[i];
        actor.red_min[j] = actor.red_min[j].map(|x| x.moved(-by));
        actor.red_max[j] = actor.red_max[j].map(|x| x.moved(by));
        never_shrinks(seed, &spec, &wider);
        tried += 1;
    }
    assert!(tried > 60, "{tried}");
}

#[test]
fn a_promise_broken_less_often_never_shrinks_the_zone() {
    let mut tried = 0;
    for seed in 0..2 * CASES {
        let spec = random(seed, Wanted::default());
        let mut kept = spec.clone();
        let Some(promise) = &mut kept.promise else { continue };
        promise.breaks = promise.breaks.times([0.0, 0.3, 0.7][Dice::new(seed).below(3)]);
        never_shrinks(seed, &spec, &kept);
        tried += 1;
    }
    assert!(tried > 60, "{tried}");
}

/// Whether a package is ratified when only the constraints in `counts` count, from the definition.
fn ratified(s: &Situation, nd: &NoDeal, all: &[Constraint], counts: Set, x: &[i32]) -> bool {
    let holds = |c: Constraint| match c {
        Constraint::RedMin(i, j) => x[j] >= s.red_min[i * s.issues() + j],
        Constraint::RedMax(i, j) => x[j] <= s.red_max[i * s.issues() + j],
        Constraint::Participation(i) => s.value(i, x, nd.m[i]) - nd.m[i] >= -1e-9,
    };
    let mut accepts = (1u64 << s.members()) - 1;
    for (k, c) in all.iter().enumerate() {
        if counts >> k & 1 == 1 && !holds(*c) {
            accepts &= !(1 << c.member());
        }
    }
    s.all_ratify(accepts)
}

#[test]
fn conflicts_equal_brute_force_over_all_subsets() {
    let mut tried = 0;
    for seed in 0..4 * CASES {
        let wanted = Wanted { small: true, ..Wanted::default() };
        let case = read(&random(seed, wanted));
        let frame = Frame::new(&case);
        for draw in 0..2 {
            let mut solver = solved(&frame, draw);
            let all = solver.now.situation.constraints();
            if solver.now.solution.room.is_some() || all.len() > 12 {
                continue;
            }
            let ours = solver.conflicts().sets;
            let (s, nd) = (&solver.now.situation, &solver.now.no_deal);
            let packages: Vec<Vec<i32>> = (0..solver.grid.accepts.len())
                .map(|p| solver.grid.package(p))
                .filter(|x| !s.is_quo(x))
                .collect();
            let stuck: Vec<bool> = (0..1u128 << all.len())
                .map(|set| !packages.iter().any(|x| ratified(s, nd, &all, set, x)))
                .collect();
            let mut brute: Vec<Set> = (0..stuck.len())
                .filter(|set| {
                    let smaller = (0..all.len()).filter(|k| set >> k & 1 == 1);
                    stuck[*set] && smaller.map(|k| set & !(1 << k)).all(|less| !stuck[less])
                })
                .map(|set| set as Set)
                .collect();
            brute.sort_by_key(|s| (s.count_ones(), *s));
            assert_eq!(ours, brute, "{seed} draw {draw}");
            tried += 1;
        }
    }
    assert!(tried >= 100, "{tried}");
}

#[test]
fn interventions_equal_running_again_with_the_actor_forced() {
    for seed in 0..CASES {
        let case = read(&random(seed, Wanted::default()));
        let grid = case.switches.grid.is_some();
        let frame = Frame::new(&case);
        for draw in 0..4 {
            let solver = solved(&frame, draw);
            let (s, nd, found) = (&solver.now.situation, &solver.now.no_deal, &solver.now.solution);
            let has = |s: &Situation, nd: &NoDeal| {
                if grid {
                    let mut again = Grid::default();
                    again.evaluate(s, nd, solver.grid.nodes.clone());
                    !again.zone(s).is_empty()
                } else {
                    Exact::default().has_zone(s, nd)
                }
            };
            let zone = found.room.is_some();
            assert_eq!(has(s, nd), zone, "{seed} draw {draw}");
            for i in 0..s.members() {
                let lines = i * s.issues()..(i + 1) * s.issues();
                let (mut free, mut out) = (s.clone(), s.clone());
                free.red_min[lines.clone()].fill(i32::MIN);
                free.red_max[lines.clone()].fill(i32::MAX);
                let mut paid = nd.clone();
                paid.paid = vec![0.0; s.members()];
                paid.paid[i] = 1e6;
                assert_eq!(found.block[i], !zone && has(&free, &paid), "{seed} block {i}");
                // Above the top of the scale there is nothing to accept.
                out.red_min[lines].fill(UNIT + 1);
                assert_eq!(found.walk[i], zone && !has(&out, nd), "{seed} walk {i}");
            }
        }
    }
}

/// Point-valued and closed: every opening is what the reader is told to do, so do it.
#[test]
fn each_opening_opens() {
    let mut tried = 0;
    let mut kinds = std::collections::BTreeSet::new();
    for seed in 0..4 * CASES {
        let spec = random(seed, Wanted { points: true, ..Wanted::default() });
        let case = read(&spec);
        let frame = Frame::new(&case);
        if solved(&frame, 0).now.solution.room.is_some() {
            continue;
        }
        for row in forecast(&case)["opens"].as_array().unwrap() {
            let path = row["path"].as_str().unwrap();
            let parts: Vec<&str> = path.split('.').collect();
            if let ["participation", id] = parts.as_slice() {
                let solver = solved(&frame, 0);
                let mut paid = solver.now.no_deal.clone();
                paid.paid = vec![0.0; frame.members.len()];
                let i = frame.members.iter().position(|a| case.actors[*a].id == *id).unwrap();
                paid.paid[i] = row["to"].as_f64().unwrap() / 100.0;
                let s = &solver.now.situation;
                let opened = if spec.grid {
                    let mut grid = Grid::default();
                    grid.evaluate(s, &paid, solver.grid.nodes.clone());
                    !grid.zone(s).is_empty()
                } else {
                    Exact::default().has_zone(s, &paid)
                };
                assert!(opened, "{seed}: {row}");
            } else {
                if let ["actors", id, _, issue] = parts.as_slice() {
                    // An inherited ideal follows the red line that holds it: more than the line
                    // would move.
                    let j: usize = issue[1..].parse().unwrap();
                    let actor = spec.actors.iter().find(|a| a.id == *id).unwrap();
                    if actor.position[j].is_none() {
                        continue;
                    }
                }
                let set = format!("{path}={}", row["to"]);
                let opened = read_with(&spec.toml(), &[set]);
                let frame = Frame::new(&opened);
                assert!(solved(&frame, 0).now.solution.room.is_some(), "{seed}: {row}");
            }
            tried += 1;
            kinds.extend(parts.iter().map(|p| (*p).to_owned()));
        }
    }
    assert!(tried > 100, "{tried}");
    let levers =
        ["participation", "red_min", "red_max", "breaks", "secures", "exposed", "audience"];
    for lever in levers {
        assert!(kinds.contains(lever), "no case was opened by {lever} alone");
    }
}

/// A veto is a place in the rule: whoever holds one can walk away from any zone; it binds where
/// its holder alone keeps the zone closed.
#[test]
fn vetoes_walk_from_every_zone_and_bind_where_they_block() {
    let (mut held, mut bound) = (0, 0);
    for seed in 0..CASES {
        let case = read(&random(seed, Wanted::default()));
        let f = forecast(&case);
        for row in f["blockers"].as_array().unwrap() {
            let of = |key: &str| row[key].as_f64().unwrap();
            let side = case.sides.iter().find(|s| row["side"] == s.id.as_str()).unwrap();
            let leads = side.negotiator.is_some_and(|n| row["actor"] == case.actors[n].id.as_str());
            assert!(!leads || of("veto") == 1.0, "{seed}: {row}");
            assert!(of("binding") <= of("veto").min(of("block")), "{seed}: {row}");
            if of("veto") == 1.0 {
                assert_eq!(of("walk"), f["zone"]["p"].as_f64().unwrap(), "{seed}: {row}");
                assert_eq!(of("binding"), of("block"), "{seed}: {row}");
                held += 1;
                bound += usize::from(of("binding") > 0.0);
            }
        }
    }
    assert!(held > 100 && bound > 10, "{held} {bound}");
}

#[test]
fn at_the_limits_each_part_of_the_model_is_inert() {
    for seed in 0..CASES {
        let case = read(&random(seed, Wanted::default()));
        let frame = Frame::new(&case);
        let solver = solved(&frame, 0);
        let mut s = solver.now.situation.clone();
        // Without hazards the threat point is the status quo.
        s.events.iter_mut().for_each(|e| e.hazard = 0.0);
        for i in 0..s.members() {
            assert!((s.threat_point(i) - s.quo_flow(i)).abs() < 1e-12, "{seed}");
        }
        let mut nd = NoDeal::default();
        s.no_deal(&mut nd);
        let ideals: Vec<Vec<i32>> = s.ideal.chunks_exact(s.issues()).map(<[i32]>::to_vec).collect();
        // A promise nobody breaks is worth its terms.
        let mut kept = s.clone();
        kept.promises.iter_mut().for_each(|p| p.rate = 0.0);
        // Where betrayal costs nothing, how likely it is changes no acceptance.
        let mut free = s.clone();
        for p in &mut free.promises {
            p.exposed = 0.0;
            p.sunk.fill(0.0);
        }
        for (x, i) in ideals.iter().flat_map(|x| (0..s.members()).map(move |i| (x, i))) {
            let u = s.utility(i, x) - s.audience_cost(i, x);
            assert_eq!(kept.value(i, x, nd.m[i]), u, "{seed}");
            if (u - nd.m[i]).abs() > 1e-7 {
                let (a, b) = (free.accepts(i, x, nd.m[i]), kept.accepts(i, x, nd.m[i]));
                assert_eq!(a, b, "{seed}");
            }
        }
    }
}

/// How far a spoiler looks ahead matters only if it reacts to what it sees.
#[test]
fn a_spoiler_that_does_not_react_closes_no_loop() {
    let (mut still, mut moves) = (0, 0);
    for seed in 0..CASES {
        let mut spec = random(seed, Wanted { points: true, ..Wanted::default() });
        let Some(raid) = &mut spec.raid else { continue };
        raid.hazard = raid.hazard.moved(0.2);
        for reacts in [0, 4] {
            if let Some(raid) = &mut spec.raid {
                raid.reacts = reacts;
            }
            let at = |window: u32| {
                forecast(&read_with(&spec.toml(), &[format!("constants.window={window}")]))
            };
            let (near, far) = (at(10), at(90));
            let same = near["endings_by_day"] == far["endings_by_day"];
            if reacts == 0 {
                assert!(same && near["events"] == far["events"], "{seed}");
                still += 1;
            } else if near["zone"]["p"].as_f64().unwrap() > 0.0 {
                assert!(!same, "{seed}");
                moves += 1;
            }
        }
    }
    assert!(still > 10 && moves > 5, "{still} {moves}");
}

/// What each member gains, on average, from what the negotiators of the other sides want most; none
/// for members of a side that bargains with nobody.
fn outlooks(x: &Solver<'_>) -> Vec<Option<f64>> {
    let (s, nd) = (&x.now.situation, &x.now.no_deal);
    let issues = s.issues();
    let outlook = |i: usize| {
        let others = s.negotiator.iter().enumerate().filter(|(side, _)| *side != s.side[i]);
        let wanted = others.filter_map(|(_, n)| n.map(|n| &s.ideal[n * issues..(n + 1) * issues]));
        let gains: Vec<f64> = wanted.map(|x| s.value(i, x, nd.m[i]) - nd.m[i]).collect();
        let bargains = s.negotiator[s.side[i]].is_some() && !gains.is_empty();
        bargains.then(|| gains.iter().sum::<f64>() / gains.len() as f64)
    };
    (0..s.members()).map(outlook).collect()
}

/// M1: with the member seated who completes the ratification, every package still ratified was so
/// before; that member is found from the definition.
#[test]
fn tied_hands_only_narrow_the_zone() {
    let (mut tied, mut narrower) = (0, 0);
    for seed in 0..CASES {
        let spec = random(seed, Wanted::default());
        let (a, b) = (read(&spec), read_with(&spec.toml(), &["model.known_win_set=true".into()]));
        let (frame, other) = (Frame::new(&a), Frame::new(&b));
        for draw in 0..DRAWS {
            let (x, y) = (solved(&frame, draw), solved(&other, draw));
            let (before, after) = (x.now.solution.room, y.now.solution.room);
            assert!(before.is_some() || after.is_none(), "{seed} draw {draw}: a zone appears");
            if spec.now.len() <= 2 {
                let [zone, within] = zones(&x, &y);
                let kept = within.iter().all(|p| zone.binary_search(p).is_ok());
                assert!(kept, "{seed} draw {draw}: a package is ratified anew");
                narrower += usize::from(within.len() < zone.len());
            }
            let (s, outlook) = (&x.now.situation, outlooks(&x));
            for (side, seated) in y.now.situation.negotiator.iter().enumerate() {
                let Some((i, least)) = seated.and_then(|i| Some((i, outlook[i]?))) else {
                    assert_eq!(*seated, s.negotiator[side], "{seed} draw {draw}");
                    continue;
                };
                let willing = |enough: &dyn Fn(f64) -> bool| {
                    (0..s.members())
                        .filter(|k| s.side[*k] == side && outlook[*k].is_some_and(enough))
                        .fold(0u64, |mask, k| mask | 1 << k)
                };
                assert!(s.ratifies(side, willing(&|g| g >= least)), "{seed} draw {draw}: {i}");
                assert!(!s.ratifies(side, willing(&|g| g > least)), "{seed} draw {draw}: {i}");
                tied += usize::from(*seated != s.negotiator[side]);
            }
        }
    }
    assert!(tied > 100 && narrower > 5, "{tied} {narrower}");
}

/// M3: the others pick whom they deal with, and pick nobody with whom there is no deal.
#[test]
fn picking_the_partner_never_loses_the_zone() {
    let (mut picked, mut opened) = (0, 0);
    for seed in 0..CASES {
        let spec = random(seed, Wanted::default());
        let split = read_with(&spec.toml(), &["model.fragmented_authority=true".into()]);
        let one = read(&spec);
        let (frame, other) = (Frame::new(&one), Frame::new(&split));
        for draw in 0..DRAWS {
            let (x, y) = (solved(&frame, draw), solved(&other, draw));
            let (before, after) = (x.now.solution.room, y.now.solution.room);
            assert!(before.is_none() || after.is_some(), "{seed} draw {draw}: the zone is gone");
            opened += usize::from(before.is_none() && after.is_some());
            let (s, outlook) = (&x.now.situation, outlooks(&x));
            if y.now.situation.negotiator == s.negotiator {
                continue;
            }
            for (side, seated) in y.now.situation.negotiator.iter().enumerate() {
                let Some((i, best)) = seated.and_then(|i| Some((i, outlook[i]?))) else { continue };
                let rivals = (0..s.members()).filter(|k| s.side[*k] == side);
                let best = rivals.filter_map(|k| outlook[k]).all(|g| g <= best);
                assert!(best, "{seed} draw {draw}: {i} is not the most willing");
                picked += usize::from(*seated != s.negotiator[side]);
            }
        }
    }
    assert!(picked > 100 && opened > 10, "{picked} {opened}");
}

/// M4: whether there is a zone is not a matter of price; where there is room for the price every
/// side gets its rent and nothing fails for want of information, else all is as without it.
#[test]
fn a_priced_offer_pays_every_side_its_rent() {
    let (mut priced, mut dear) = (0, 0);
    for seed in 0..CASES {
        let spec = random(seed, Wanted::default());
        let (a, b) =
            (read(&spec), read_with(&spec.toml(), &["model.priced_ratification=true".into()]));
        let (frame, other) = (Frame::new(&a), Frame::new(&b));
        for draw in 0..DRAWS {
            let (x, y) = (solved(&frame, draw), solved(&other, draw));
            let (p, q) = (&x.now, &y.now);
            assert_eq!(p.solution.room.is_some(), q.solution.room.is_some(), "{seed} draw {draw}");
            assert_eq!(p.solution.block, q.solution.block, "{seed} draw {draw}");
            assert_eq!(p.solution.walk, q.solution.walk, "{seed} draw {draw}");
            let (Some(room), true) = (p.solution.room, p.prospects.screening > 0.0) else {
                continue;
            };
            if q.prospects.screening > 0.0 {
                assert_eq!(p.prospects, q.prospects, "{seed} draw {draw}");
                assert_eq!(p.solution.terms, q.solution.terms, "{seed} draw {draw}");
                dear += 1;
                continue;
            }
            let (s, nd) = (&q.situation, &q.no_deal);
            let rents = frame.sigma(&x.values, &p.situation).into_iter().map(|s| HALF_WIDTH * s);
            let rents: Vec<f64> = rents.collect();
            assert!(q.solution.room.is_some_and(|left| left <= room + 1e-6), "{seed} draw {draw}");
            for terms in q.solution.terms.chunks_exact(s.issues()) {
                for (n, rent) in s.negotiator.iter().zip(&rents) {
                    let Some(n) = *n else { continue };
                    let gain = s.value(n, terms, nd.m[n]) - nd.m[n];
                    assert!(gain >= rent - 1e-5, "{seed} draw {draw}: {gain} < {rent}");
                }
            }
            priced += 1;
        }
    }
    assert!(priced > 30 && dear > 10, "{priced} {dear}");
}
