//! Tables of actors become cases that can be checked and forecast.

use std::fs;

use winset_files::case::{CaseFiles, load};
use winset_files::diagnostic::{Findings, Source};
use winset_model::case::Case;

use crate::command::run;

fn imported(text: &str) -> Case {
    let text = winset_files::import::case("A table", text).unwrap();
    let mut findings = Findings::default();
    let case = Source { name: "case.toml".to_owned(), text };
    let loaded = load(&CaseFiles { case, ..CaseFiles::default() }, None, &[], &mut findings);
    assert!(findings.list.is_empty(), "{findings:#?}");
    loaded.unwrap().case
}

/// The central value an input has in the case.
fn value(case: &Case, path: &str) -> f64 {
    let input = case.inputs.iter().find(|i| i.path == path).unwrap();
    input.dist.central(input.scale)
}

#[test]
fn a_pasted_table_keeps_its_numbers_whatever_separates_them() {
    for text in [
        "actor,capability,position,salience\nNorth Sea,0.3,10.5,0.8\nSouth,0.1,90,0.4\n",
        "Actor;Power;Position;Salience\nNorth Sea;0,3;10,5;0,8\nSouth;0,1;90;0,4\n",
        "Actor\tWeight\tPosition\tSalience\nNorth Sea\t0.3\t10.5\t0.8\nSouth\t0.1\t90\t0.4\n",
    ] {
        let case = imported(text);
        assert_eq!(case.sides.len(), 1);
        assert_eq!(case.issues[0].scale, (10.0, 90.0));
        let issue = &case.issues[0].id;
        for (actor, want) in [("north-sea", [30.0, 10.5, 80.0]), ("south", [10.0, 90.0, 40.0])] {
            let at = |what: &str| value(&case, &format!("actors.{actor}.{what}"));
            let found = [
                at("capability"),
                at(&format!("position.{issue}")),
                at(&format!("salience.{issue}")),
            ];
            assert_eq!(found, want, "{text}");
        }
    }
}

#[test]
fn each_position_column_is_an_issue() {
    let case = imported(
        "Actor,Power,Border position,Border salience,Water position,Water salience\n\
         A,60,0,80,5,20\nB,40,100,50,0,100\n",
    );
    let ids: Vec<&str> = case.issues.iter().map(|i| i.id.as_str()).collect();
    assert_eq!(ids, ["border", "water"]);
    assert_eq!(case.issues[1].scale, (0.0, 5.0));
    assert_eq!(value(&case, "actors.a.position.water"), 5.0);
    assert_eq!(value(&case, "actors.b.salience.water"), 100.0);
}

#[test]
fn the_ktab_layout_is_read_with_its_title_line() {
    let case = imported(
        "Demo,\"Some, text\",2,2,\nActor,Description,Power,Pstn1,Sal1,Pstn2,Sal2,\n\
         A, first, 100.5, 75, 49, 6, 5,\nB, second, 50, 82, 30, 73, 21,\n",
    );
    assert_eq!(case.issues.len(), 2);
    assert_eq!(value(&case, "actors.a.capability"), 100.5);
    assert_eq!(value(&case, "actors.b.position.pstn2"), 73.0);
}

#[test]
fn odd_names_become_ids_of_their_own() {
    let case = imported(
        "actor,capability,position,salience\nCouncil,1,0,1\nÖl & Gas,1,1,0\n3rd,1,0,1\nall,1,1,1\n\
         A \"b\" \\,1,0,1\nA b,1,1,1\n",
    );
    let ids: Vec<&str> = case.actors.iter().map(|a| a.id.as_str()).collect();
    assert_eq!(ids, ["council-2", "l-gas", "actor-3rd", "actor-all", "a-b", "a-b-2"]);
    assert_eq!(case.actors[4].name, "A \"b\" \\");
}

#[test]
fn what_is_no_table_says_why() {
    for (text, said) in [
        ("", "empty"),
        ("actor,position,salience\nA,1,2\n", "no column `capability`"),
        ("actor,capability,position,salience\nA,1,far,2\n", "is not a number"),
        ("actor,power,position x,position y,salience x\nA,1,2,3,4\n", "goes with `position y`"),
    ] {
        let error = winset_files::import::case("t", text).unwrap_err();
        assert!(error.message.contains(said) && !error.hint.is_empty(), "{text}: {error}");
    }
    let many: String = (0..65).map(|k| format!("a{k},1,{k},1\n")).collect();
    let many = format!("actor,capability,position,salience\n{many}");
    let error = winset_files::import::case("t", &many).unwrap_err();
    assert!(error.message.starts_with("65 actors"), "{error}");
}

#[test]
fn a_column_of_sides_makes_sides() {
    let case = imported(
        "actor,side,power,oil position,gas position,gas salience,oil salience\n\
         A,East,2,0,5,70,10\nB,West,1,100,50,20,90\nC,East,1,20,50,20,90\n",
    );
    let sides: Vec<(&str, &str)> =
        case.sides.iter().map(|s| (s.id.as_str(), s.name.as_str())).collect();
    assert_eq!(sides, [("east", "East"), ("west", "West")]);
    let of: Vec<Option<usize>> =
        case.actors.iter().map(|a| a.member.as_ref().map(|m| m.side)).collect();
    assert_eq!(of, [Some(0), Some(1), Some(0)]);
    assert_eq!(value(&case, "actors.a.salience.oil"), 10.0);
    let long = "actor,issue,power,position,salience\nA,oil,1,0,5\nB,oil,1,9,5\nA,gas,1,0,5\n";
    let error = winset_files::import::case("t", long).unwrap_err();
    assert!(error.message.contains("`B` has a row on `oil` and none on `gas`"), "{error}");
}

#[test]
fn what_was_read_is_said_on_stderr_and_in_json() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::write(
        here.join("t.csv"),
        "A title\nactor;power;Ideal;salience;Now\nA;2;0,5;80;3\nB;1;10;40;\n",
    )
    .unwrap();
    for verb in ["import", "spatial"] {
        let said = run(here, &[verb, "t.csv"]);
        let text = String::from_utf8(said.stderr).unwrap();
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            text.starts_with("read 2 actors, 1 issue; actor from `actor`, capability from `power`, position from `Ideal`"),
            "{text}"
        );
        assert!(text.contains("line 1 above the header not read"), "{text}");
        let json = run(here, &[verb, "t.csv", "--json"]);
        assert!(json.stderr.is_empty());
        let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
        assert_eq!(json["read"]["actors"], 2);
        assert_eq!(json["read"]["columns"][4]["holds"], "status quo");
    }
    let wrong = run(here, &["deals", "t.csv"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(String::from_utf8(wrong.stderr).unwrap().contains("winset import t.csv"));
}

#[test]
fn the_command_prints_or_writes_and_never_overwrites() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::write(here.join("t.csv"), "actor,capability,position,salience\nA,2,0,80\nB,1,10,40\n")
        .unwrap();
    let printed = run(here, &["import", "t.csv"]);
    assert!(printed.status.success());
    let written = run(here, &["import", "t.csv", "-o", "made"]);
    assert!(written.status.success());
    assert_eq!(fs::read(here.join("made/case.toml")).unwrap(), printed.stdout);
    assert!(run(here, &["check", "made", "--strict"]).status.success());
    assert!(run(here, &["forecast", "made", "--draws", "5"]).status.success());

    fs::write(here.join("made/case.toml"), "mine").unwrap();
    assert_eq!(run(here, &["import", "t.csv", "-o", "made"]).status.code(), Some(4));
    assert_eq!(fs::read_to_string(here.join("made/case.toml")).unwrap(), "mine");

    assert_eq!(run(here, &["import", "gone.csv"]).status.code(), Some(3));
    fs::write(here.join("bad.csv"), "actor,position\n").unwrap();
    let bad = run(here, &["import", "bad.csv"]);
    assert_eq!(bad.status.code(), Some(1));
    assert!(String::from_utf8(bad.stderr).unwrap().contains("hint: "));
}

#[test]
fn other_peoples_ktab_files_become_cases_that_pass_the_check() {
    for (file, actors, issues) in [
        ("SOE-Competitive.csv", 34, 1),
        ("SOE-Pol-Comp.csv", 13, 2),
        ("SOE-Policy.csv", 26, 1),
        ("dummyData-a040.csv", 40, 1),
        ("dummyData_3Dim.csv", 7, 3),
    ] {
        let test = "other_peoples_ktab_files_become_cases_that_pass_the_check";
        let Some(path) = crate::data::data(test, &format!("ktab/{file}")) else { return };
        // The title line of each file says how many actors and issues it has.
        let case = imported(&fs::read_to_string(path).unwrap());
        assert_eq!((case.actors.len(), case.issues.len()), (actors, issues), "{file}");
    }
}
