//! Actor tables in the layouts people have them in.

use winset_files::actors::{parse, read};
use winset_model::spatial::PositionIssue;

fn one(text: &str) -> PositionIssue {
    let mut tables = parse(text).unwrap();
    assert_eq!(tables.len(), 1);
    tables.remove(0).issue
}

fn rows(issue: &PositionIssue) -> Vec<(&str, f64, f64, f64)> {
    issue.actors().iter().map(|a| (a.name.as_str(), a.capability, a.position, a.salience)).collect()
}

#[test]
fn a_plain_table_in_any_order_under_any_usual_name() {
    let want = [("A", 3.0, 10.5, 80.0), ("B", 1.0, 90.0, 40.0)];
    for text in [
        "actor,capability,position,salience\nA,3,10.5,80\nB,1,90,40\n",
        "Name,Salience (%),Position,Power\nA,80%,10.5,3\nB,40%,90,1\n",
        "\u{feff}Stakeholder\tInfluence\tXYZ Position\tXYZ Salience\r\nA\t3\t10,5\t80\r\nB\t1\t90\t40\r\n",
        "actor;capability;position;salience\nA;3;10,5;80\nB;1;90;40\n",
        "# pasted\nactor, capability, position, salience,\n\nA, 3, 10.5, 80,\nB, 1, 90, 40,\n",
    ] {
        let issue = one(text);
        assert_eq!(rows(&issue), want, "{text}");
        assert_eq!((issue.lo(), issue.hi(), issue.reference()), (10.0, 90.0, None));
    }
}

#[test]
fn a_reference_point_is_read_once() {
    let issue = one("actor,capability,position,salience,status quo\nA,3,10,80,0\nB,1,90,40,\n");
    assert_eq!((issue.lo(), issue.reference()), (0.0, Some(0.0)));
    let two = "actor,capability,position,salience,status quo\nA,3,10,80,0\nB,1,90,40,5\n";
    assert_eq!(parse(two).unwrap_err().line, 3);
}

#[test]
fn the_ktab_layout_has_two_columns_an_issue() {
    let text = "Demo,\"Some, text\",2,2,\nActor,Description,Power,Pstn1,Sal1,Pstn2,Sal2,\n\
                A, first, 100.5, 75, 49, 6, 5,\nB, second, 50, 82, 30, 73, 21,\n";
    let tables = parse(text).unwrap();
    assert_eq!(tables.len(), 2);
    assert_eq!(tables[0].name, "Pstn1");
    assert_eq!(rows(&tables[1].issue), [("A", 100.5, 6.0, 5.0), ("B", 50.0, 73.0, 21.0)]);
    assert_eq!((tables[0].issue.lo(), tables[0].issue.hi()), (0.0, 100.0));
    // Without the line about the scenario it is the same table.
    let pasted = text.split_once('\n').unwrap().1;
    assert_eq!(parse(pasted).unwrap(), tables);
}

/// Every single-byte deletion and substitution of two tables ends in tables or in an error.
#[test]
fn no_damage_makes_it_panic() {
    let texts = [
        "actor,capability,position,salience,status quo\n\"A, B\",3,10,80,0\nB,1,9e9,40,\n",
        "Demo,x,2,2,\nActor,Description,Power,Pstn1,Sal1,Pstn2,Sal2,\nA,f,1,75,49,6,5,\n",
    ];
    let mut read = 0;
    for text in texts {
        for at in 0..text.len() {
            for insert in ["", ",", "\"", "\n", ";", "\t", "-", "e", "\u{0}"] {
                let damaged = format!("{}{insert}{}", &text[..at], &text[at + 1..]);
                match parse(&damaged) {
                    Ok(tables) => read += tables.len(),
                    Err(e) => assert!(!e.message.is_empty() && !e.hint.is_empty()),
                }
            }
        }
    }
    assert!(read > 0);
}

#[test]
fn errors_say_where_and_what() {
    for (text, line, word) in [
        ("", 0, "empty"),
        ("\n\n", 0, "empty"),
        ("a,b\n1,2\n", 1, "actor"),
        ("actor,capability,position\nA,1,2\n", 1, "salience"),
        ("actor,capability,position,salience\nA,1,x,3\n", 2, "`x`"),
        ("actor,capability,position,salience\nA,1,,3\n", 2, "position of `A`"),
        ("actor,capability,position,salience\nA,-1,2,3\n", 0, "capability"),
        ("actor,capability,position,salience\n", 0, "actor"),
        ("actor,capability,position,salience\nA,1,1e400,3\n", 2, "1e400"),
    ] {
        let e = parse(text).unwrap_err();
        assert_eq!(e.line, line, "{text:?}: {e}");
        assert!(e.message.contains(word), "{text:?}: {e}");
        assert!(!e.hint.is_empty());
    }
}

#[test]
fn every_ktab_file_is_read() {
    let Some(folder) = crate::data::data("every_ktab_file_is_read", "ktab") else { return };
    let sizes = [
        ("SOE-Competitive.csv", 1, 34),
        ("SOE-Pol-Comp.csv", 2, 13),
        ("SOE-Policy.csv", 1, 26),
        ("dummyData-a040.csv", 1, 40),
        ("dummyData-a160.csv", 1, 160),
        ("dummyData_3Dim.csv", 3, 7),
    ];
    for (file, issues, actors) in sizes {
        let tables = read(&folder.join(file)).unwrap();
        assert_eq!((tables.len(), tables[0].issue.actors().len()), (issues, actors), "{file}");
    }
}
