//! The DEU folder: what is usable, and the two plain averages on it.

use winset_files::deu::{parse, read};
use winset_methods::spatial::model;

const ISSUES: &str = "issue,proposal,name,year,act,council,procedure,council_rule,reference_point,outcome,split\n\
    i1,p1,documents,2001,Reg,General,COD,QMV,0,100,train\n\
    i2,p1,documents,2001,Reg,General,COD,QMV,,,holdout\n\
    i3,p1,documents,2001,Reg,General,COD,QMV,,5,train\n";
const POSITIONS: &str = "issue,actor,position,salience,capability\n\
    i1,com,100,50,100.0\ni1,ep,0,50,100.0\ni1,at,40,40,40.0\ni1,be,,20,50.0\n\
    i2,com,100,50,100.0\ni3,com,,50,100\n";

#[test]
fn actors_without_position_are_left_out_and_counted() {
    let issues = parse(ISSUES, POSITIONS).unwrap();
    assert_eq!(issues.iter().map(|i| i.id.as_str()).collect::<Vec<_>>(), ["i1", "i2"]);
    assert_eq!((issues[0].issue.actors().len(), issues[0].left_out), (3, 1));
    assert_eq!(issues[0].issue.reference(), Some(0.0));
    assert!(issues[0].usable() && !issues[1].usable());
}

#[test]
fn errors_name_file_and_line() {
    let e = parse(ISSUES, "issue,actor\n").unwrap_err();
    assert_eq!((e.file, e.line), ("positions.csv", 1));
    let e = parse(&ISSUES.replace(",100,train", ",abc,train"), POSITIONS).unwrap_err();
    assert_eq!((e.file, e.line), ("issues.csv", 2));
    let e = parse(&ISSUES.replace(",100,train", ",101,train"), POSITIONS).unwrap_err();
    assert!(e.message.contains("0–100"));
    let e = parse(ISSUES, &POSITIONS.replace("at,40", "at,-4")).unwrap_err();
    assert!(e.message.contains("i1") && e.message.contains("at"));
}

/// `position_models.json`, `deu.mae_train_223`: an independent program on the same split.
#[test]
fn the_plain_averages_on_the_train_split() {
    let Some(folder) = crate::data::data("the_plain_averages_on_the_train_split", "deu") else {
        return;
    };
    let issues = read(&folder).unwrap();
    let train: Vec<_> = issues.iter().filter(|i| i.split == "train" && i.usable()).collect();
    assert_eq!((issues.len(), train.len()), (364, 223));
    for (id, mae) in [("weighted-mean", 24.148), ("mean", 24.838)] {
        let sum: f64 = train
            .iter()
            .map(|i| (model(id).unwrap().forecast(&i.issue, 1).point - i.outcome.unwrap()).abs())
            .sum();
        assert!((sum / 223.0 - mae).abs() < 0.001, "{id}: {}", sum / 223.0);
    }
}
