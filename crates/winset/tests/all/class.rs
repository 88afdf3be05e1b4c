//! `winset class`: the list, a class, a group, elapsed days, and an own table.

use std::fs;
use std::process::Output;

use serde_json::Value;

use crate::command::{self, root};

pub(crate) fn winset(args: &[&str]) -> Output {
    command::run(&root(), args)
}

pub(crate) fn json(args: &[&str]) -> Value {
    command::json(&root(), &[args, &["--json"]].concat())
}

fn by(report: &Value, day: usize) -> [f64; 2] {
    let row = &report["cif"][day - 1];
    assert_eq!(row["day"], day);
    ["agreement", "other"].map(|key| row[key].as_f64().unwrap())
}

#[test]
fn the_list_and_the_classes_agree() {
    let list = json(&["class"]);
    let names: Vec<&str> =
        list["classes"].as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["crisis", "mediated", "formation-election", "formation-other", "strike"]);
    for row in list["classes"].as_array().unwrap() {
        let shown = json(&["class", "show", row["name"].as_str().unwrap()]);
        for key in ["n", "agreed", "others", "open", "period"] {
            assert_eq!(row[key], shown[key], "{row}");
        }
        for at in row["incidence"].as_array().unwrap() {
            let day = at["day"].as_u64().unwrap() as usize;
            assert_eq!(by(&shown, day), ["agreement", "other"].map(|k| at[k].as_f64().unwrap()));
        }
    }
}

/// Where nothing else ends a case, agreement by a day is `1 − e^{−H}`.
#[test]
fn the_incidence_is_that_of_the_hazard() {
    let shown = json(&["class", "show", "strike"]);
    let hazard = &shown["hazards"]["agreement"];
    let [shape, scale] = ["shape", "scale"].map(|k| hazard[k].as_f64().unwrap());
    for day in [1, 30, 365, 730] {
        let survival = libm::exp(-libm::pow(day as f64 / scale, shape));
        let [agreement, other] = by(&shown, day);
        assert!((agreement - (1.0 - survival)).abs() < 1e-9, "day {day}");
        assert_eq!(other, 0.0);
    }
    assert_eq!(shown["cif"].as_array().unwrap().len(), 730);
}

#[test]
fn what_is_told_later_is_conditional_and_counts_days_from_the_start() {
    let start = json(&["class", "show", "mediated"]);
    let later = json(&["class", "show", "mediated", "--from", "30"]);
    let [a, o] = by(&start, 30);
    assert_eq!((by(&later, 30), by(&later, 1)), ([0.0; 2], [0.0; 2]));
    for day in [31, 90, 730] {
        let [x, y] = by(&start, day);
        let [u, v] = by(&later, day);
        assert!((u - (x - a) / (1.0 - a - o)).abs() < 1e-12);
        assert!((v - (y - o) / (1.0 - a - o)).abs() < 1e-12);
    }
}

#[test]
fn a_group_is_the_multiple_of_the_hazard_that_the_class_says() {
    let class = json(&["class", "show", "formation-election"]);
    let norway = json(&["class", "show", "formation-election", "--group", "Norway"]);
    let row = class["groups"].as_array().unwrap().iter().find(|g| g["name"] == "Norway").unwrap();
    assert_eq!(norway["hazards"]["agreement"]["times"], row["times"]);
    assert!((row["times"].as_f64().unwrap() - 1.764).abs() < 2e-3);
    // Where no case was seen it is the whole class, and says so.
    let out = winset(&["class", "show", "formation-election", "--group", "Poland"]);
    let said = String::from_utf8(out.stderr).unwrap();
    assert!(out.status.success() && said.contains("shown is the whole class"), "{said}");
    let poland = json(&["class", "show", "formation-election", "--group", "Poland"]);
    assert_eq!((&poland["cif"], &poland["group_seen"]), (&class["cif"], &Value::Bool(false)));
}

#[test]
fn an_own_table_is_seen_as_of_its_day() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("past.csv");
    let text = "start,end,ending\n2020-01-01,2020-02-10,agreement\n2020-01-01,2020-03-01,other\n\
                2021-01-01,2021-01-30,agreement\n2021-06-01,,\n";
    fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap();
    let count = |day| {
        let report = json(&["class", "fit", path, "--as-of", day]);
        ["n", "agreed", "others", "open"].map(|k| report[k].as_u64().unwrap())
    };
    assert_eq!(count("2020-02-10"), [2, 1, 0, 1]);
    assert_eq!(count("2020-12-31"), [2, 1, 1, 0]);
    assert_eq!(count("2022-01-01"), [4, 2, 1, 1]);
    // The order of rows moves no byte.
    let mut rows: Vec<&str> = text.lines().skip(1).collect();
    let one = winset(&["class", "fit", path, "--as-of", "2022-01-01", "--json"]).stdout;
    rows.reverse();
    fs::write(path, format!("start,end,ending\n{}\n", rows.join("\n"))).unwrap();
    assert_eq!(one, winset(&["class", "fit", path, "--as-of", "2022-01-01", "--json"]).stdout);
}

#[test]
fn wrong_use_and_wrong_input_have_their_exit_codes() {
    let code = |args: &[&str]| {
        let out = winset(args);
        let said = String::from_utf8(out.stderr).unwrap();
        (out.status.code().unwrap(), said.contains("hint: "), out.stdout.is_empty())
    };
    assert_eq!(code(&["class", "show", "crises"]), (2, true, true));
    assert_eq!(code(&["class", "show", "strike", "--group", "x"]), (2, true, true));
    assert_eq!(code(&["class", "fit", "cases/water/water.csv"]), (1, true, true));
    assert_eq!(code(&["class", "fit", "no-such-file.csv"]), (3, false, true));
    // Days without dates are the same from every day, and `as of` would say what is not so.
    let folder = tempfile::tempdir().unwrap();
    let days = folder.path().join("days.csv");
    fs::write(&days, "days,ending\n40,agreement\n60,other\n").unwrap();
    let days = days.to_str().unwrap();
    assert_eq!(code(&["class", "fit", days, "--as-of", "2020-01-01"]), (2, true, true));
    assert!(winset(&["class", "fit", days]).status.success());
    assert_eq!(code(&["class", "fit", "Cargo.lock"]), (1, true, true));
    let out = winset(&["class", "fit", "cases/water/water.csv", "--json"]);
    let said: Value = serde_json::from_slice(&out.stderr).unwrap();
    assert_eq!(said["schema"], "winset/diagnostics/1");
    assert_eq!(said["diagnostics"][0]["code"], "as-of");
}
