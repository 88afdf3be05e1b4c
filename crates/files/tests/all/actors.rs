//! Actor tables in the layouts people have them in.

use winset_files::actors::{ActorSheet, ActorTableError, parse, read};
use winset_files::sheet::encoding::{TextEncoding, encode};
use winset_methods::spatial::PositionIssue;

fn one(text: &str) -> PositionIssue {
    let mut tables = parse(text).unwrap();
    assert_eq!(tables.issues.len(), 1);
    tables.issues.remove(0).issue
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
    let tables = parse(text).unwrap().issues;
    assert_eq!(tables.len(), 2);
    assert_eq!(tables[0].name, "Pstn1");
    assert_eq!(rows(&tables[1].issue), [("A", 100.5, 6.0, 5.0), ("B", 50.0, 73.0, 21.0)]);
    assert_eq!((tables[0].issue.lo(), tables[0].issue.hi()), (0.0, 100.0));
    // Without the line about the scenario it is the same table.
    let pasted = text.split_once('\n').unwrap().1;
    assert_eq!(parse(pasted).unwrap().issues, tables);
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
                    Ok(tables) => read += tables.issues.len(),
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
        ("actor,capability,position,salience\nA,-1,2,3\n", 2, "capability"),
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
        let tables = read(&folder.join(file)).unwrap().issues;
        assert_eq!((tables.len(), tables[0].issue.actors().len()), (issues, actors), "{file}");
    }
}

/// What stands on each issue: name, then actor and position, salience.
/// An issue, and who stands where on it: name, position, salience.
type IssueRows<'a> = (&'a str, Vec<(&'a str, f64, f64)>);

fn read_by_issue(sheet: &ActorSheet) -> Vec<IssueRows<'_>> {
    let rows = |i: &winset_files::actors::ActorTable| {
        let each = i.issue.actors().iter().map(|a| (a.name.clone(), a.position, a.salience));
        each.collect::<Vec<_>>()
    };
    let named = |i: &winset_files::actors::ActorTable| {
        let rows = rows(i);
        let position = |name: &str| rows.iter().find(|r| r.0 == name).map(|r| (r.1, r.2)).unwrap();
        (position("A"), position("B"))
    };
    sheet
        .issues
        .iter()
        .map(|i| {
            let (a, b) = named(i);
            (i.name.as_str(), vec![("A", a.0, a.1), ("B", b.0, b.1)])
        })
        .collect()
}

/// Columns go together by the issue they name, in whatever order they stand.
#[test]
fn columns_are_paired_by_name_in_wide_tables_and_rows_by_issue_in_long_ones() {
    let want = [
        ("oil", vec![("A", 0.0, 10.0), ("B", 100.0, 90.0)]),
        ("gas", vec![("A", 5.0, 70.0), ("B", 50.0, 20.0)]),
    ];
    for text in [
        "actor,capability,oil position,gas position,gas salience,oil salience\n\
         A,1,0,5,70,10\nB,1,100,50,20,90\n",
        "gas_sal\tPosition on oil\tSalience of oil\tgas_pos\tPower\tCountry\n\
         70\t0\t10\t5\t1\tA\n20\t100\t90\t50\t1\tB\n",
        "Actor;Issue;Position;Salience;Capability\nA;oil;0;10;1\nA;gas;5;70;1\nB;gas;50;20;1\n\
         B;oil;100;90;1\n",
        "Our table, 2024\n\nActor|Issue name|Salience|Ideal|Weight\nA|oil|10|0|1\nB|oil|90|100|1\n\
         A|gas|70|5|1\nB|gas|20|50|1\nTotal||||4\nSource: own|\n",
    ] {
        let sheet = parse(text).unwrap();
        let mut found = read_by_issue(&sheet);
        found.sort_by(|a, b| b.0.cmp(a.0));
        assert_eq!(found, want, "{text}");
        assert_eq!((sheet.reading.actors, sheet.reading.issues), (2, 2));
    }
}

#[test]
fn what_was_read_is_said_column_by_column() {
    let sheet = parse(
        "Country,known since,side,Now,Position,Salience,Influence\nA,1979,east,20,0,10,1\n\
         B,1980,west,20,100,90,3\nTotal,,,,,,4\n",
    )
    .unwrap();
    // The year is no status quo: `known` contains `now`, but is another word.
    assert_eq!(sheet.issues[0].issue.reference(), Some(20.0));
    assert_eq!(sheet.issues[0].issue.actors().len(), 2);
    let sides = [("A", "east"), ("B", "west")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    assert_eq!(sheet.sides, sides);
    assert_eq!(
        sheet.reading.sentence(),
        "2 actors, 1 issue; actor from `Country`, side from `side`, status quo from `Now`, position \
         from `Position`, salience from `Salience`, capability from `Influence`; not read: `known \
         since`; line 4, `Total`, is no actor"
    );
}

#[test]
fn a_table_has_one_decimal_mark() {
    let table = |a: &str, b: &str| {
        format!("actor\tcapability\tposition\tsalience\nA\t{a}\t{b}\t5\nB\t1\t90\t5\n")
    };
    let first = |text: &str| {
        parse(text).map(|s| {
            (s.issues[0].issue.actors()[0].capability, s.issues[0].issue.actors()[0].position)
        })
    };
    assert_eq!(first(&table("1,000", "10.5")), Ok((1000.0, 10.5)));
    assert_eq!(first(&table("1.000", "10,5")), Ok((1000.0, 10.5)));
    assert_eq!(first(&table("1,234.5", "10")), Ok((1234.5, 10.0)));
    assert_eq!(first(&table("1 000", "10,25")), Ok((1000.0, 10.25)));
    let cell = |text: &str| {
        let e = first(text).unwrap_err();
        (e.line, e.heading.unwrap(), e.message)
    };
    let (line, column, message) = cell(&table("1,000", "10"));
    assert_eq!((line, column.as_str()), (2, "capability"));
    assert!(message.contains("`1,000` may be 1000"), "{message}");
    let (line, column, message) = cell(&table("1,5", "10.5"));
    assert_eq!((line, column.as_str()), (2, "position"));
    assert!(message.contains("decimal comma") && message.contains("decimal point"), "{message}");
}

#[test]
fn what_is_not_sure_is_refused_by_line_and_column() {
    let fault = |text: &str| -> ActorTableError { parse(text).unwrap_err() };
    for (text, line, column, said) in [
        // CRLF: the line is that of the cell, not the one before.
        (
            "actor,capability,position,salience\r\nA,1,2,3\r\nB,1,far,3\r\n",
            3,
            Some("position"),
            "`far` is not a number",
        ),
        ("actor,power,position,salience\nA,1,0,5\nA,1,9,5\n", 3, Some("actor"), "a row already"),
        (
            "actor,issue,power,position,salience\nA,oil,1,0,5\nA,oil,1,9,5\n",
            3,
            Some("actor"),
            "on `oil` already",
        ),
        ("actor,power,position,salience\nA,1,0,5\nTotal,7,3,5\n", 3, Some("actor"), "sum up"),
        ("actor,power,position,salience\nA,1,0,50%\nB,1,0,0.5\n", 3, Some("salience"), "per cent"),
        (
            "actor,side,power,position,salience\nA,x,1,0,5\nB,,1,0,5\n",
            3,
            Some("side"),
            "has no side",
        ),
        ("actor,power,oil position,gas position,salience\nA,1,0,5,5\n", 1, None, "`oil position`"),
        // One name in two spellings is not two actors, sides or issues.
        (
            "actor,power,position,salience\nUnited Kingdom,1,0,5\nunited\u{a0} kingdom,1,9,5\n",
            3,
            Some("actor"),
            "`United Kingdom` on line 2",
        ),
        (
            "actor,side,power,position,salience\nA,East,1,0,5\nB,east,1,0,5\n",
            3,
            Some("side"),
            "`East` on line 2",
        ),
        (
            "actor,issue,power,position,salience\nA,Oil,1,0,5\nB,oil,1,9,5\n",
            3,
            Some("issue"),
            "`Oil` on line 2",
        ),
        // Per cent on one issue and shares on another would weigh the first a hundred times more.
        (
            "actor,power,oil position,oil salience,gas position,gas salience\nA,1,0,50%,5,0.5\n",
            2,
            Some("gas salience"),
            "per cent",
        ),
        ("party,country,power,position,salience\nA,B,1,0,5\n", 1, None, "could be the actor"),
        ("actor,power,position,ideal,salience\nA,1,2,3,4\n", 1, None, "could be the position"),
        ("actor,power,position,salience\nA,\"1,2,3\nB,1,2,3\n", 2, None, "never closed"),
    ] {
        let e = fault(text);
        assert_eq!((e.line, e.heading.as_deref()), (line, column), "{text}: {e}");
        assert!(e.message.contains(said) && !e.hint.is_empty(), "{text}: {e}");
    }
}

#[test]
fn every_encoding_of_a_file_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.csv");
    let text =
        "Akteur;actor;power;position;salience\r\n1;Österreich;1;10,5;80\r\n2;Ungarn;1;90;40\r\n";
    for (encoding, mark) in [
        (TextEncoding::Utf8, ""),
        (TextEncoding::Utf8, "\u{feff}"),
        (TextEncoding::Utf16Le, "\u{feff}"),
        (TextEncoding::Utf16Be, ""),
        (TextEncoding::Windows1252, ""),
    ] {
        std::fs::write(&path, encode(&format!("{mark}{text}"), encoding).unwrap()).unwrap();
        let sheet = read(&path).unwrap();
        let actors = sheet.issues[0].issue.actors();
        assert_eq!((actors[0].name.as_str(), actors[0].position), ("Österreich", 10.5));
        let guessed = sheet.reading.remarks.iter().any(|r| r.contains("Windows-1252"));
        assert_eq!(guessed, encoding == TextEncoding::Windows1252, "{encoding:?}");
    }
    std::fs::write(&path, b"PK\x03\x04 not really").unwrap();
    let e = read(&path).unwrap_err();
    assert!(e.message.contains("workbook"), "{e}");
}
