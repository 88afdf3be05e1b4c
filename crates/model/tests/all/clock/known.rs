//! The answers of an independent implementation, which leaves out force and events.

use std::path::Path;

use serde_json::Value;
use winset_model::clock::outcome::{Outcomes, pooled};

use super::given::read;

/// How far an answer may lie from the known one.
const NEAR: f64 = 1e-9;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/known-clock")
}

/// Compares every output that a file gives, on all its days; says how many numbers that were.
fn check(file: &Value) -> usize {
    let case = read(&file["case"]);
    let solved = case.solve();
    let name = file["name"].as_str().unwrap();
    let days: Vec<i32> = file["case"]["days"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| d.as_i64().unwrap() as i32)
        .collect();
    let mut compared = 0;
    let mut near = |ours: f64, known: f64, field: &str, day: i32| {
        compared += 1;
        assert!((ours - known).abs() < NEAR, "{name}: {field} on day {day}: {ours} not {known}");
    };
    let on = |column: &[f64], day: i32| column.get(day as usize - 1).copied().unwrap_or(0.0);
    let asked = |o: &Outcomes, day| o.passed(case.asked, day);
    for (field, known) in file["out"].as_object().unwrap() {
        let single = match field.as_str() {
            "zone_start" => Some(solved.zone_start),
            "zone_now" => Some(solved.zone_now),
            "share_now" => Some(solved.share_now),
            _ => None,
        };
        if let Some(ours) = single {
            near(ours, known.as_f64().unwrap(), field, 0);
            continue;
        }
        if field == "stages" {
            for (stage, row) in known.as_array().unwrap().iter().enumerate() {
                for (day, known) in days.iter().zip(row.as_array().unwrap()) {
                    near(
                        solved.structure.passed(stage, *day),
                        known.as_f64().unwrap(),
                        field,
                        *day,
                    );
                }
            }
            continue;
        }
        for (day, known) in days.iter().zip(known.as_array().unwrap()) {
            let (structure, here) = (&solved.structure, &solved.here);
            let ours = match field.as_str() {
                "structure" => asked(structure, *day),
                "structure_other" => on(&structure.other, *day),
                "structure_lapse" => on(&structure.lapsed, *day),
                "structure_rejected" => on(&structure.stages.rejected, *day),
                "class_here" => asked(here, *day),
                "class_here_other" => on(&here.other, *day),
                "table" => asked(&solved.table, *day),
                "table_other" => on(&solved.table.other, *day),
                "answer" => pooled(case.pool, asked(structure, *day), asked(here, *day)),
                "if_none" => asked(&solved.if_none, *day),
                "if_zone" => asked(&solved.if_zone, *day),
                _ => panic!("{name}: nothing compares `{field}`"),
            };
            near(ours, known.as_f64().unwrap(), field, *day);
        }
    }
    compared
}

#[test]
fn known_answers_are_met_on_all_days() {
    let mut names: Vec<_> =
        std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    assert_eq!(names.len(), 8);
    for path in names {
        let file: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        assert!(check(&file) > 70, "{}", path.display());
    }
}
