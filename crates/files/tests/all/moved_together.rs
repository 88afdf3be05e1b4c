//! Inputs that move together, in whole cases: an issue cut into four, and the two limits.

use std::sync::atomic::AtomicBool;

use winset_files::case::{CaseFiles, load};
use winset_files::diagnostic::{Findings, Source};
use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::forecast::{Forecast, Run, draw_inputs, run};

fn read(text: &str) -> Case {
    let mut findings = Findings::default();
    let case = Source { name: "case.toml".to_owned(), text: text.to_owned() };
    let loaded = load(&CaseFiles { case, ..CaseFiles::default() }, None, &[], &mut findings);
    loaded.unwrap_or_else(|| panic!("{text}\n{:#?}", findings.list)).case
}

/// P(yes), P(zone) and the room of the terms.
fn answer(case: &Case) -> [f64; 2] {
    let tally =
        run(case, &Run { seed: 1, draws: 0..600 }, Effort::silent(1, &AtomicBool::new(false)));
    let f = Forecast::new(case, 1, &tally, &|_| String::new());
    [f.answer.odds.p, f.zone.p.unwrap()]
}

/// A border, whole or cut into pieces with the same lines, positions and weights in each.
fn border(pieces: &[&str], together: bool) -> String {
    let each = |line: &dyn Fn(&str) -> String| {
        pieces.iter().map(|j| line(j)).collect::<Vec<_>>().join("\n")
    };
    let head = "winset = 1\nas_of = 2025-01-10\n[question]\nby = 2025-06-30\n";
    let issues = each(&|j| format!("issues.{j}.now = 50"));
    let side = |id: &str, leader: &str, position: &str| {
        let rest = each(&|j| format!("position.{j} = \"{position}\"\nsalience.{j} = 25"));
        format!(
            "[sides.{id}]\nratify = \"{leader} and {id}-camp\"\ndiscount = 10\ncost = \"1..3..8\"\n{rest}\n"
        )
    };
    let camp = |id: &str, line: &str, range: &str| {
        let lines = each(&|j| format!("{line}.{j} = \"{range}\""));
        format!("[actors.{id}-camp]\nside = \"{id}\"\nrole = \"faction\"\n{lines}\n")
    };
    let groups =
        ["sides.a.position", "sides.b.position", "actors.a-camp.red_max", "actors.b-camp.red_min"];
    let group = |(k, path): (usize, &&str)| {
        let inputs: Vec<String> = pieces.iter().map(|j| format!("\"{path}.{j}\"")).collect();
        format!("g{k} = {{ inputs = [{}], r = 100 }}\n", inputs.join(", "))
    };
    let groups: String = groups.iter().enumerate().map(group).collect();
    let groups = if together { format!("[together]\n{groups}") } else { String::new() };
    // Dotted keys of the root come before the first table.
    format!(
        "{}\n{head}{}{}[actors]\na-chief = {{ side = \"a\", role = \"leader\" }}\n\
         b-chief = {{ side = \"b\", role = \"leader\" }}\n{}{}{groups}",
        issues,
        side("a", "a-chief", "0..20..40"),
        side("b", "b-chief", "60..80..100"),
        camp("a", "red_max", "30..50..70"),
        camp("b", "red_min", "30..50..70"),
    )
}

/// An issue cut into four with the same lines in each, moved together, says what the whole says; cut
/// and left to itself it does not, since four lines are drawn where there was one.
#[test]
fn an_issue_cut_into_four_that_move_together_leaves_p_where_it_was() {
    let whole = answer(&read(&border(&["x"], false)));
    let cut = ["x", "x-2", "x-3", "x-4"];
    let moved = answer(&read(&border(&cut, true)));
    for (a, b) in whole.iter().zip(moved) {
        assert!((a - b).abs() < 1e-4, "{whole:?} {moved:?}");
    }
    let apart = answer(&read(&border(&cut, false)));
    assert!(whole[1] - apart[1] > 0.2, "{whole:?} {apart:?}");
}

fn pair(r: &str) -> String {
    let text = border(&["x", "x-2"], false);
    let group =
        "inputs = [\"actors.a-camp.red_max.x\", \"-actors.b-camp.red_min.x\", \"sides.a.cost\"]";
    format!("{text}[together]\nhawks = {{ {group}, r = {r} }}\n")
}

fn drawn(case: &Case, draw: u64) -> Vec<(String, f64)> {
    let mut values = Vec::new();
    draw_inputs(case, 7, draw, &mut values);
    let paths = case.inputs.iter().map(|i| i.path.clone());
    paths.zip(values).filter(|(path, _)| !path.starts_with("together")).collect()
}

/// At 0 every draw is that without the group, to the bit; at 100 all fall at one place, of which one is
/// seen from the other end; whoever is in no group is never moved.
#[test]
fn correlations_of_0_and_100_are_the_limits() {
    let plain = read(&border(&["x", "x-2"], false));
    let (zero, one) = (read(&pair("0")), read(&pair("100")));
    let (half, hundred) = (read(&pair("50")), read(&pair("\"40..60\"")));
    assert_ne!(plain.fingerprint(), one.fingerprint());
    assert_ne!(half.fingerprint(), hundred.fingerprint());
    let mut moved = 0;
    for draw in 0..200 {
        let own = drawn(&plain, draw);
        assert_eq!(own, drawn(&zero, draw));
        let together = drawn(&one, draw);
        let at = |path: &str| together.iter().find(|(p, _)| p == path).unwrap().1;
        let (a, b) = (at("actors.a-camp.red_max.x"), at("actors.b-camp.red_min.x"));
        // Both ranges are 30..50..70: one is the other seen from its end.
        assert!((a + b - 100.0).abs() < 1e-6, "{a} {b}");
        for ((path, own), (_, half)) in own.iter().zip(drawn(&half, draw)) {
            let in_it = ["actors.b-camp.red_min.x", "sides.a.cost"].contains(&path.as_str());
            assert!(in_it || *own == half, "{path}");
            moved += usize::from(*own != half);
        }
    }
    assert!(moved > 300, "{moved}");
}
