//! The point-valued cases with exact answers of an independent implementation, to 1e-9.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use serde_json::Value;
use winset_files::case::{load, open};
use winset_files::diagnostic::Findings;
use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::forecast::{Endings, Forecast, Frame, Run, Solver, run};
use winset_model::theory::grid::Constraint;
use winset_model::theory::people::{PeopleRule, ZoneTerms, band};
use winset_model::theory::{UNIT, power::power};

const CASES: [&str; 14] = [
    "01-zone",
    "02-red-lines",
    "04-force",
    "05-spoiler",
    "07-ties",
    "08-dictator",
    "10-dummy",
    "12-council",
    "15-one-side",
    "17-leximin",
    "19-priced-deadlines",
    "21-votes",
    "26-people",
    "27-decisive-round",
];

#[allow(clippy::unwrap_used, reason = "a test may panic")]
fn told(name: &str, overrides: &[String]) -> Case {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/known");
    let mut findings = Findings::default();
    let folded = folder.join(name);
    let path = if folded.is_dir() { folded } else { folder.join(format!("{name}.toml")) };
    let files = open(&path, &mut findings).unwrap();
    let loaded = load(&files, None, overrides, &mut findings);
    assert!(!findings.failed(), "{name}: {findings:?}");
    loaded.unwrap().case
}

#[allow(clippy::unwrap_used, reason = "a test may panic")]
fn known(name: &str) -> (Case, Value) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/known");
    let answers = std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
    (told(name, &[]), serde_json::from_str(&answers).unwrap())
}

/// The kinds of draws of a case, and the first draw of each; one where all are alike. Where
/// there are two, whether the first day has a zone tells them apart.
#[allow(clippy::unwrap_used, reason = "a test may panic")]
fn branches(case: &Case, answers: &Value) -> Vec<(Value, u64)> {
    let Some(branches) = answers["branches"].as_array() else {
        return vec![(answers["clock"].clone(), 0)];
    };
    let frame = Frame::new(case);
    let mut solver = Solver::new(&frame);
    let first = |branch: &Value| {
        let zone = branch["zone"].as_bool().unwrap();
        let fits = |draw: &u64| {
            solver.draw(1, *draw);
            solver.solve();
            solver.now.solution.room.is_some() == zone
        };
        (branch.clone(), (0..1_000).find(fits).unwrap())
    };
    branches.iter().map(first).collect()
}

#[track_caller]
fn close(name: &str, what: &str, ours: f64, theirs: &Value) {
    let theirs = theirs.as_f64().unwrap_or_else(|| panic!("{name} {what}: {theirs}"));
    assert!((ours - theirs).abs() < 1e-9, "{name} {what}: ours {ours}, theirs {theirs}");
}

#[allow(clippy::unwrap_used, reason = "a test may panic")]
fn bits(text: &Value) -> Vec<bool> {
    text.as_str().unwrap().bytes().map(|b| b == b'1').collect()
}

#[test]
fn one_draw_of_every_known_case_has_its_exact_answers() {
    for name in CASES {
        let (case, answers) = known(name);
        let frame = Frame::new(&case);
        let mut solver = Solver::new(&frame);
        solver.draw(1, branches(&case, &answers)[0].1);
        solver.solve();
        let (s, no_deal, solution) =
            (&solver.now.situation, &solver.now.no_deal, &solver.now.solution);
        let ids: Vec<&str> = frame.members.iter().map(|a| case.actors[*a].id.as_str()).collect();
        let points = |x: i32| f64::from(x) * 100.0 / f64::from(UNIT);

        for (j, issue) in case.issues.iter().enumerate() {
            let nodes: Vec<f64> = solver.grid.nodes[j].iter().map(|x| points(*x)).collect();
            assert_eq!(serde_json::json!(nodes), answers["nodes"][&issue.id], "{name} nodes");
        }
        for (k, id) in ids.iter().enumerate() {
            close(name, "flow", s.quo_flow(k), &answers["status_quo_flow"][id]);
            close(name, "d", no_deal.d[k], &answers["d"][id]);
            close(name, "m", no_deal.m[k], &answers["m"][id]);
            let accepts: Vec<bool> =
                solver.grid.accepts.iter().map(|mask| mask >> k & 1 == 1).collect();
            assert_eq!(accepts, bits(&answers["accept"][id]), "{name} accept {id}");
            assert_eq!(
                i32::from(solution.block[k]),
                answers["block"][id].as_i64().unwrap() as i32,
                "{name} block {id}"
            );
            assert_eq!(
                i32::from(solution.walk[k]),
                answers["walk"][id].as_i64().unwrap() as i32,
                "{name} walk {id}"
            );
            for (_, package) in answers["packages"].as_object().unwrap() {
                let x: Vec<i32> = package["x"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|x| (x.as_f64().unwrap() * 1e4).round() as i32)
                    .collect();
                close(name, "v", s.value(k, &x, no_deal.m[k]), &package["v"][id]);
                let accepts = s.accepts(k, &x, no_deal.m[k]);
                assert_eq!(Value::from(accepts), package["accept"][id], "{name} {id}");
            }
        }
        for (f, force) in case.force.iter().enumerate() {
            let known = &answers["force"][&force.id];
            if !known.is_null() {
                for (k, id) in ids.iter().enumerate() {
                    let at = s.options.len().min(f) * s.members() + k;
                    close(name, "W", no_deal.worth[at], &known["W"][id]);
                }
            }
        }
        for (side, known) in case.sides.iter().enumerate() {
            let ratifies: Vec<bool> =
                solver.grid.accepts.iter().map(|mask| s.ratifies(side, *mask)).collect();
            assert_eq!(ratifies, bits(&answers["ratify"][&known.id]), "{name} {}", known.id);
            let exponent = s.nash_exponents()[side];
            close(name, "exponent", exponent, &answers["nash_exponents"][&known.id]);
        }
        let zone = solver.grid.zone(s);
        let theirs = bits(&answers["zone_set"]);
        assert_eq!(zone, (0..theirs.len()).filter(|p| theirs[*p]).collect::<Vec<_>>(), "{name}");
        match solution.room {
            Some(room) => close(name, "room", room, &answers["G"]),
            None => assert!(answers["G"].is_null(), "{name} room"),
        }
        if zone.is_empty() {
            assert!(solution.terms.is_empty());
        } else {
            assert_eq!(Value::from(solution.above_threat), answers["zplus"], "{name}");
            assert_eq!(solution.rule.unwrap().name(), answers["terms_rule"], "{name}");
            let terms: Vec<Vec<f64>> = solution
                .terms
                .chunks_exact(case.issues.len())
                .map(|x| x.iter().map(|x| points(*x)).collect())
                .collect();
            assert_eq!(serde_json::json!(terms), answers["terms"], "{name} terms");
        }
        if let (Some(ours), Some(theirs)) = (solution.nash_value, answers["nash_value"].as_f64()) {
            assert!((ours - theirs).abs() < 1e-9, "{name} nash value");
        }
        close(name, "s", solver.now.prospects.screening, &answers["screening_s"]);
        for side in 0..case.sides.len() {
            let mut names = s.rules[side].actors();
            names.extend(s.negotiator[side]);
            names.sort_unstable();
            names.dedup();
            let found = power(&names, |c| s.ratifies(side, c));
            for (k, id) in ids.iter().enumerate().filter(|(k, _)| s.side[*k] == side) {
                let ours = names.iter().position(|n| *n == k).map(|at| found[at]);
                let ours = ours.unwrap_or_default();
                close(name, "banzhaf", ours.banzhaf, &answers["power"][id]["banzhaf"]);
                let normalised = &answers["power"][id]["banzhaf_normalised"];
                close(name, "normalised", ours.banzhaf_normalised, normalised);
                close(name, "shapley", ours.shapley, &answers["power"][id]["shapley"]);
            }
        }
        let constraints = s.constraints();
        let path = |c: &Constraint| match *c {
            Constraint::RedMin(i, j) => format!("actors.{}.red_min.{}", ids[i], case.issues[j].id),
            Constraint::RedMax(i, j) => format!("actors.{}.red_max.{}", ids[i], case.issues[j].id),
            Constraint::Participation(i) => format!("participation.{}", ids[i]),
        };
        let mut paths: Vec<String> = constraints.iter().map(path).collect();
        let conflicts: Vec<Vec<String>> = solver
            .grid
            .conflicts(s, no_deal, &constraints)
            .sets
            .into_iter()
            .map(|set| {
                let inside = (0..constraints.len()).filter(|k| set >> k & 1 == 1);
                inside.map(|k| paths[k].clone()).collect()
            })
            .collect();
        assert_eq!(serde_json::json!(conflicts), answers["minimal_conflicts"], "{name}");
        let mut theirs: Vec<String> =
            serde_json::from_value(answers["constraints"].clone()).unwrap();
        paths.sort();
        theirs.sort();
        assert_eq!(paths, theirs, "{name} constraints");
    }
}

/// `people` of every case with a zone on its first bargaining day.
/// The packages of a grid of one point (or five) instead of the few nodes of the case.
#[test]
fn a_fine_grid_of_every_known_case_has_its_exact_answers() {
    for name in CASES {
        let (_, answers) = known(name);
        let fine = &answers["fine_grid"];
        let step = fine["step"].as_u64().unwrap() as usize;
        let nodes: Vec<String> = (0..=100).step_by(step).map(|x| x.to_string()).collect();
        let case = told(name, &[format!("model.grid=[{}]", nodes.join(","))]);
        let frame = Frame::new(&case);
        let mut solver = Solver::new(&frame);
        solver.draw(1, branches(&case, &answers)[0].1);
        solver.solve();
        let solution = &solver.now.solution;
        assert_eq!(Value::from(solution.room.is_some()), fine["zone"], "{name}");
        let Some(room) = solution.room else { continue };
        close(name, "fine G", room, &fine["G"]);
        assert_eq!(Value::from(solution.above_threat), fine["zplus"], "{name}");
        let points = |x: &i32| f64::from(*x) * 100.0 / f64::from(UNIT);
        let sorted = |mut rows: Vec<Vec<f64>>| {
            rows.sort_by(|a, b| {
                a.iter()
                    .zip(b)
                    .map(|(a, b)| a.total_cmp(b))
                    .collect::<Vec<_>>()
                    .into_iter()
                    .find(|o| o.is_ne())
                    .unwrap_or(std::cmp::Ordering::Equal)
            });
            rows
        };
        let ours = solution.terms.chunks_exact(case.issues.len());
        let ours: Vec<Vec<f64>> = ours.map(|x| x.iter().map(points).collect()).collect();
        let theirs: Vec<Vec<f64>> = serde_json::from_value(fine["terms"].clone()).unwrap();
        assert_eq!(sorted(ours), sorted(theirs), "{name}");
    }
}

#[test]
fn how_people_divide_the_zone_of_every_known_case_has_its_exact_answers() {
    let mut compared = 0;
    for name in CASES {
        let (case, answers) = known(name);
        let frame = Frame::new(&case);
        let mut solver = Solver::new(&frame);
        solver.draw(1, branches(&case, &answers)[0].1);
        solver.solve();
        let (s, no_deal) = (&solver.now.situation, &solver.now.no_deal);
        let found = ZoneTerms::new(&solver.grid, s, no_deal, 0.0);
        let known = &answers["people"];
        let Some(found) = found.filter(|_| !known.is_null()) else {
            assert!(known.is_null(), "{name}");
            continue;
        };
        compared += 1;
        let rule = PeopleRule::open_issues(found.open);
        for (ours, key) in
            [(rule.rho, "rho"), (rule.k, "k"), (rule.epsilon, "epsilon"), (rule.floor, "floor")]
        {
            close(name, key, ours, &known[key]);
        }
        assert_eq!(Value::from(found.packages.len()), known["packages"], "{name}");
        let points = |x: &i32| f64::from(*x) * 100.0 / f64::from(UNIT);
        let ranked = found.by_chance();
        for (k, top) in known["top"].as_array().unwrap().iter().enumerate() {
            close(name, "log p", libm::log(ranked[k].1), &top["logp"]);
            let tied = ranked.iter().filter(|r| (r.1 - ranked[k].1).abs() < 1e-12);
            let x = |p: usize| solver.grid.package(p).iter().map(points).collect::<Vec<f64>>();
            let tied: Vec<Value> = tied.map(|r| serde_json::json!(x(r.0))).collect();
            assert!(tied.contains(&top["x"]), "{name} {k}: {tied:?}");
        }
        let same = |what: &str, values: Vec<f64>, known: &Value| {
            for (ours, key) in band(&values, &found.p).iter().zip(["mean", "q10", "q50", "q90"]) {
                close(name, &format!("{what} {key}"), *ours, &known[key]);
            }
        };
        for (j, issue) in case.issues.iter().enumerate() {
            let at = |x: &usize| points(&solver.grid.package(*x)[j]);
            same(&issue.id, found.packages.iter().map(at).collect(), &known["issues"][&issue.id]);
        }
        let sides = case.sides.iter().filter(|side| side.negotiator.is_some()).count();
        for (k, side) in case.sides.iter().filter(|side| side.negotiator.is_some()).enumerate() {
            let gain = found.gains.iter().skip(k).step_by(sides).copied().collect();
            same(&side.id, gain, &known["gains"][&side.id]);
        }
    }
    assert!(compared >= 10, "{compared}");
}

#[test]
fn the_calendar_of_every_known_case_is_read_as_it_was_written() {
    for name in CASES {
        let (case, answers) = known(name);
        let (clock, inputs) = (&answers["clock"], &answers["clock"]["inputs"]);
        let frame = Frame::new(&case);
        let times = frame.times();
        let t = times.timetable();
        assert_eq!(Value::from(t.elapsed), clock["elapsed"], "{name}");
        assert_eq!(Value::from(t.since), clock["structure_since"], "{name}");
        close(name, "pool", times.pool(), &clock["pool"]);
        for (k, round) in inputs["rounds"].as_array().unwrap().iter().enumerate() {
            let ours = &t.rounds[k];
            assert_eq!(Value::from(ours.day), round["day"], "{name} round {k}");
            assert_eq!(Value::from(ours.known), round["known"], "{name} round {k}");
            assert_eq!(Value::from(ours.days), round["days"], "{name} round {k}");
            close(name, "holds", ours.holds, &round["holds"]);
            close(name, "settles", ours.settles, &round["settles"]);
        }
        assert_eq!(t.rounds.len(), inputs["rounds"].as_array().unwrap().len(), "{name}");
        for (k, deadline) in inputs["deadlines"].as_array().unwrap().iter().enumerate() {
            let ours = &t.deadlines[k];
            assert_eq!(Value::from(ours.day), deadline["day"], "{name} deadline {k}");
            assert_eq!(Value::from(ours.ends), deadline["ends"], "{name} deadline {k}");
            assert_eq!(Value::from(ours.binds), deadline["stage"], "{name} deadline {k}");
            close(name, "settles", ours.settles, &deadline["settles"]);
            close(name, "put_off", ours.put_off, &deadline["put_off"]);
        }
        assert_eq!(t.deadlines.len(), inputs["deadlines"].as_array().unwrap().len(), "{name}");
        for (last, (_, known)) in
            times.last_texts().iter().zip(clock["last_day_of_text"].as_object().unwrap())
        {
            assert_eq!(Value::from(last - t.elapsed), *known, "{name}");
        }
        if !clock["share_start"].is_null() {
            close(name, "share_start", times.class_zone()[0], &clock["share_start"]);
            close(name, "share_now", times.class_zone()[1], &clock["share_now"]);
        }
        for (state, known) in
            times.states().iter().zip(clock["states"].as_array().into_iter().flatten())
        {
            close(name, "chance of a state", state.chance, &known["chance"]);
        }
    }
}

#[test]
fn every_bargaining_day_of_every_known_case_has_its_exact_answers() {
    for name in CASES {
        let (case, answers) = known(name);
        let frame = Frame::new(&case);
        let mut solver = Solver::new(&frame);
        for (k, (branch, draw)) in branches(&case, &answers).into_iter().enumerate() {
            solver.draw(1, draw);
            solver.solve();
            solver.run_clock();
            let clock = &answers["clock"];
            close(name, "weight", solver.weight, &clock["weights"][k]);
            let days = branch["bargaining"].as_array().unwrap();
            assert_eq!(solver.days.len(), days.len(), "{name} {:?}", solver.days);
            let ids: Vec<&str> =
                frame.members.iter().map(|a| case.actors[*a].id.as_str()).collect();
            let outcomes: Vec<_> = std::iter::once(&solver.now).chain(&solver.later).collect();
            for ((day, outcome), known) in solver.days.iter().zip(&outcomes).zip(days) {
                assert_eq!(Value::from(day.from), known["from_day"], "{name}");
                let room = outcome.solution.room;
                assert_eq!(Value::from(room.is_some()), known["zone"], "{name}");
                if let Some(room) = room {
                    close(name, "G", room, &known["G"]);
                }
                close(name, "s", outcome.prospects.screening, &known["s"]);
                for (i, id) in ids.iter().enumerate() {
                    close(name, "d", outcome.no_deal.d[i], &known["d"][id]);
                    if !known["m"].is_null() {
                        close(name, "m", outcome.no_deal.m[i], &known["m"][id]);
                    }
                }
                let points = |x: &i32| f64::from(*x) * 100.0 / f64::from(UNIT);
                if !known["terms"].is_null() && room.is_some() {
                    let terms: Vec<Vec<f64>> = outcome
                        .solution
                        .terms
                        .chunks_exact(case.issues.len())
                        .map(|x| x.iter().map(points).collect())
                        .collect();
                    assert_eq!(serde_json::json!(terms), known["terms"], "{name} terms");
                }
                if !known["status_quo"].is_null() {
                    let quo: Vec<f64> = outcome.situation.quo.iter().map(points).collect();
                    assert_eq!(serde_json::json!(quo), known["status_quo"], "{name}");
                }
            }
            if k > 0 {
                continue;
            }
            let by = case.question.by.since(case.as_of);
            let ends = solver.days.iter().skip(1).map(|d| d.from).chain([by + 1]);
            let certain = vec![1.0; by as usize + 1];
            for ((from, to), known) in solver
                .days
                .iter()
                .map(|d| d.from)
                .zip(ends)
                .zip(clock["agreed_in_node"].as_array().into_iter().flatten())
            {
                close(name, "agreed", solver.endings.own_answer(0, &certain, from..to), known);
            }
            let at = |t: &str| case.elapsed() as usize + t.parse::<usize>().unwrap() - 1;
            let mixture = solver.mixture();
            for (t, known) in clock["rate_zone"].as_object().into_iter().flatten() {
                close(name, "rate_zone", mixture.agreement[at(t)], known);
                close(name, "other_zone", mixture.other[at(t)], &clock["other_zone"][t]);
                let none = -libm::expm1(-mixture.other_none[at(t)]);
                close(name, "chance_none", none, &clock["chance_none"][t]);
                close(name, "nu", mixture.opens[at(t)], &clock["nu"][t]);
            }
            for (t, known) in clock["moved"].as_object().into_iter().flatten() {
                close(name, "moved", solver.clock().moved()[at(t)], known);
            }
            for (t, known) in clock["window"].as_object().into_iter().flatten() {
                close(name, "window", solver.clock().floor()[at(t)], known);
            }
        }
    }
}

/// The forecast with the structure alone, the class alone, and both pooled.
fn forecast(name: &str, draws: u64, overrides: &[String]) -> Forecast {
    let case = told(name, overrides);
    let settings = Run { seed: 1, draws: 0..draws };
    let tally = run(&case, &settings, Effort::silent(1, &AtomicBool::new(false)));
    Forecast::new(&case, 1, &tally, &|_| String::new())
}

#[track_caller]
fn endings(name: &str, what: &str, ours: &Endings, known: &Value) {
    let of = |key: &str| known[key].as_f64().unwrap_or(0.0);
    let spoilers: f64 = known
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(key, _)| key.starts_with("spoiler:"))
        .filter_map(|(_, p)| p.as_f64())
        .sum();
    let staged = known["stages"].as_array().and_then(|stages| stages.last()?.as_f64());
    let last = staged.unwrap_or(of("agreement"));
    for (ending, ours, theirs) in [
        ("agreement", ours.agreement, last),
        ("interim", ours.interim, of("interim")),
        ("breakdown", ours.breakdown, of("breakdown")),
        ("suspension", ours.suspension, of("suspension")),
        ("force", ours.force, of("force") + spoilers),
        ("rejected", ours.rejected, of("rejected")),
        ("lapsed", ours.lapsed, of("lapsed") + of("lapsed_stage")),
        ("under way", ours.under_way, of("under_way")),
        ("open", ours.open, of("open")),
    ] {
        assert!(
            (ours - theirs).abs() < 1e-9,
            "{name} {what} {ending}: ours {ours}, theirs {theirs}"
        );
    }
}

/// The structure's answer where draws of two kinds occur: of so many draws k are of the first.
fn mixed(known: &Value, weights: &Value, k: f64, n: f64, of: &dyn Fn(&Value) -> f64) -> f64 {
    let w = |branch: usize| weights[branch].as_f64().unwrap_or(f64::NAN);
    let (first, second) = (k * w(0), (n - k) * w(1));
    (first * of(&known[0]) + second * of(&known[1])) / (first + second)
}

#[test]
fn the_clock_of_every_known_case_has_its_exact_answers() {
    for name in CASES {
        let (case, answers) = known(name);
        let set = |pool: &str| vec![format!("clock.pool={pool}")];
        let two = answers["branches"].is_array();
        let draws = if two { 20 } else { 3 };
        let structure = forecast(name, draws, &set("100"));
        let here = forecast(name, draws, &set("0"));
        let both = forecast(name, draws, &[]);
        let firsts = structure.zone.share() * draws as f64;
        for (day, known) in answers["cif"].as_object().unwrap() {
            let t: usize = day.parse().unwrap();
            endings(name, "class", &here.endings_by_day[t - 1], &known["class_here"]);
            close(name, "class", both.agreement[t - 1].class, &known["class_here"]["yes"]);
            close(name, "table", both.agreement[t - 1].table.unwrap(), &known["table"]["yes"]);
            let by = case.as_of.plus(t as i32);
            let at = forecast(name, draws, &[format!("question.by={by}")]);
            close(name, "if none", at.answer.if_none.unwrap(), &known["if_none"]);
            close(name, "if zone", at.answer.if_zone.unwrap(), &known["if_zone"]);
            close(name, "class", at.answer.class, &known["class_here"]["yes"]);
            close(name, "table", at.answer.table.unwrap(), &known["table"]["yes"]);
            let ours = at.answer.structure;
            assert!((ours - both.agreement[t - 1].structure).abs() < 1e-12, "{name}");
            if two {
                let of = |branch: &Value| branch["cif"][day]["structure"]["yes"].as_f64().unwrap();
                let weights = &answers["clock"]["weights"];
                let theirs = mixed(&answers["branches"], weights, firsts, draws as f64, &of);
                assert!((ours - theirs).abs() < 1e-9, "{name} day {day}: {ours} {theirs}");
                continue;
            }
            close(name, "structure", ours, &known["structure"]["yes"]);
            endings(name, "structure", &structure.endings_by_day[t - 1], &known["structure"]);
            endings(name, "pooled", &both.endings_by_day[t - 1], &known["pooled"]);
            close(name, "pooled", both.agreement[t - 1].p, &known["pooled"]["yes"]);
            for (k, stage) in both.stages.iter().enumerate() {
                close(name, &stage.id, stage.by[t - 1].p, &known["pooled"]["stages"][k]);
            }
        }
        let answer = &answers["answer"];
        close(name, "class", both.answer.class, &answer["class_here"]);
        close(name, "table", both.answer.table.unwrap(), &answer["table"]);
        close(name, "if none", both.answer.if_none.unwrap(), &answer["if_none"]);
        close(name, "if zone", both.answer.if_zone.unwrap(), &answer["if_zone"]);
        if !two {
            close(name, "structure", both.answer.structure, &answer["structure"]);
            close(name, "answer", both.answer.p, &answer["p"]);
            close(name, "zone now", both.zone.now.unwrap(), &answers["clock"]["zone_now"]);
        }
    }
}
