//! The point-valued cases with exact answers of an independent implementation, to 1e-9.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use serde_json::Value;
use winset_files::case::{load, open};
use winset_files::diagnostic::Findings;
use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::forecast::{Forecast, Frame, Run, Solver, run};
use winset_model::theory::grid::Constraint;
use winset_model::theory::{UNIT, power::power};

const CASES: [&str; 10] = [
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
];

#[allow(clippy::unwrap_used, reason = "a test may panic")]
fn known(name: &str) -> (Case, Value) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/known");
    let mut findings = Findings::default();
    let files = open(&folder.join(format!("{name}.toml")), &mut findings).unwrap();
    let loaded = load(&files, None, &[], &mut findings);
    assert!(!findings.failed(), "{name}: {findings:?}");
    let answers = std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
    (loaded.unwrap().case, serde_json::from_str(&answers).unwrap())
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
        solver.draw(1, 0);
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

#[test]
fn the_calendar_of_every_known_case_has_its_exact_answers() {
    for name in CASES {
        let (case, answers) = known(name);
        let settings = Run { seed: 1, draws: 0..3 };
        let tally = run(&case, &settings, Effort::silent(1, &AtomicBool::new(false)));
        let forecast = Forecast::new(&case, 1, &tally, &|_| String::new());
        for (day, known) in answers["cif"].as_object().unwrap() {
            let t: usize = day.parse().unwrap();
            let ours = forecast.endings_by_day[t - 1];
            let events: f64 = known
                .as_object()
                .unwrap()
                .iter()
                .filter(|(k, _)| k.starts_with("spoiler:"))
                .map(|(_, v)| v.as_f64().unwrap())
                .sum();
            close(name, "agreement", ours.agreement, &known["agreement"]);
            close(name, "interim", ours.interim, &known["interim"]);
            close(name, "breakdown", ours.breakdown, &known["breakdown"]);
            close(name, "suspension", ours.suspension, &known["suspension"]);
            close(name, "force", ours.force - events, &known["force"]);
            close(name, "open", ours.open, &known["open"]);
        }
    }
}
