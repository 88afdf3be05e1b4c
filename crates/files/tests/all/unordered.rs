//! Issues whose answers have no order, in whole cases: against a second reading of the same draws that
//! tries every option by its worth, and the laws of names and numbers.

use std::sync::atomic::AtomicBool;

use winset_files::case::{CaseFiles, load};
use winset_files::diagnostic::{Findings, Source};
use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::forecast::{Forecast, Frame, Run, Solver, run};
use winset_model::theory::UNIT;

use crate::dice::Dice;

fn read(text: &str) -> Case {
    let mut findings = Findings::default();
    let case = Source { name: "case.toml".to_owned(), text: text.to_owned() };
    let loaded = load(&CaseFiles { case, ..CaseFiles::default() }, None, &[], &mut findings);
    loaded.unwrap_or_else(|| panic!("{text}\n{:#?}", findings.list)).case
}

fn forecast(case: &Case) -> Forecast {
    let tally =
        run(case, &Run { seed: 1, draws: 0..200 }, Effort::silent(1, &AtomicBool::new(false)));
    Forecast::new(case, 1, &tally, &|_| String::new())
}

/// A random case: two sides, one with a camp, over a scale and one or two issues of options.
struct Drawn {
    text: String,
    /// By issue of options: its id and options.
    options: Vec<(String, Vec<String>)>,
}

fn random(seed: u64) -> Drawn {
    let mut d = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) + 1);
    let kinds = 1 + d.below(2);
    let options: Vec<(String, Vec<String>)> = (0..kinds)
        .map(|k| (format!("kind-{k}"), (0..2 + d.below(4)).map(|o| format!("o{o}")).collect()))
        .collect();
    let mut text = format!(
        "winset = 1\nas_of = 2025-01-10\nmodel.grid = [0, 50, 100]\n[question]\nby = 2025-06-30\n\
         [issues]\nx = {{ now = {} }}\n",
        d.below(101)
    );
    for (id, list) in &options {
        let now = &list[d.below(list.len() as u64) as usize];
        text += &format!("{id} = {{ options = {list:?}, now = {now:?} }}\n");
    }
    let worth = |d: &mut Dice| {
        let mut said = String::new();
        for (id, list) in &options {
            for o in list {
                said += &format!("worth.{id}.{o} = {}\n", d.range(0, 81, 19));
            }
        }
        said
    };
    for (side, rule) in [("a", "a-chief and a-camp"), ("b", "b-chief")] {
        text += &format!("[sides.{side}]\nratify = \"{rule}\"\ndiscount = 10\n");
        text += &format!(
            "cost = {}\nposition.x = {}\nsalience.x = 40\n",
            d.below(8),
            d.range(0, 81, 19)
        );
        for (id, _) in &options {
            text += &format!("salience.{id} = {}\n", 10 + d.below(60));
        }
        text += &worth(&mut d);
    }
    text += "[actors]\na-chief = { side = \"a\", role = \"leader\" }\n";
    text += "b-chief = { side = \"b\", role = \"leader\" }\n";
    text += &format!(
        "[actors.a-camp]\nside = \"a\"\nrole = \"faction\"\nred_max.x = {}\n",
        d.range(0, 81, 19)
    );
    text += &worth(&mut d);
    text += "[clock]\nclass = \"none\"\nstart = 2025-01-02\n";
    Drawn { text, options }
}

/// What one member makes of a package, read off the draw by paths.
struct Reader<'a> {
    case: &'a Case,
    values: &'a [f64],
}

impl Reader<'_> {
    fn of(&self, path: &str) -> Option<f64> {
        let k = self.case.inputs.iter().position(|i| i.path == path)?;
        Some(self.values[k])
    }

    fn own(&self, actor: &str, key: &str) -> f64 {
        let side = &actor[..1];
        let own = self.of(&format!("actors.{actor}.{key}"));
        own.or_else(|| self.of(&format!("sides.{side}.{key}"))).unwrap()
    }

    /// Positions are whole millionths, worths too.
    fn utility(&self, actor: &str, x: f64, chosen: &[(&str, &str)]) -> f64 {
        let fine = |v: f64| (v * 1e4).round() / 1e6;
        let theta = fine(self.own(actor, "position.x"));
        let most = self.of(&format!("actors.{actor}.red_max.x"));
        // An ideal taken over from the side lies inside one's own red line.
        let theta = most.map_or(theta, |most| theta.min(fine(most)));
        let weights: Vec<f64> = std::iter::once("x")
            .chain(chosen.iter().map(|c| c.0))
            .map(|j| self.own(actor, &format!("salience.{j}")))
            .collect();
        let all: f64 = weights.iter().sum();
        let mut lost = weights[0] / all * (x - theta).abs();
        for ((issue, option), w) in chosen.iter().zip(&weights[1..]) {
            let worth = self.own(actor, &format!("worth.{issue}.{option}"));
            lost += w / all * (1.0 - fine(worth));
        }
        1.0 - lost
    }
}

/// Every draw's zone and room by trying every option at every position that the case looks at.
#[test]
fn every_draw_is_that_of_trying_every_option() {
    let (mut open, mut draws) = (0, 0);
    for seed in 0..200 {
        let drawn = random(seed);
        let case = read(&drawn.text);
        let frame = Frame::new(&case);
        for draw in 0..4 {
            let mut solver = Solver::new(&frame);
            solver.draw(5, draw);
            solver.solve();
            let s = &solver.now.situation;
            let reader = Reader { case: &case, values: &solver.values };
            // The positions on the scale, as the case says which are looked at.
            let mut places: Vec<i32> = vec![0, UNIT / 2, UNIT, s.quo[0]];
            for i in 0..s.members() {
                places.push(s.ideal[i * s.issues()]);
                places.extend(Some(s.red_max[i * s.issues()]).filter(|x| *x <= UNIT));
            }
            let mut packages: Vec<Vec<(&str, &str)>> = vec![Vec::new()];
            for (id, list) in &drawn.options {
                packages = packages
                    .into_iter()
                    .flat_map(|p| {
                        list.iter().map(move |o| {
                            let mut p = p.clone();
                            p.push((id.as_str(), o.as_str()));
                            p
                        })
                    })
                    .collect();
            }
            let now: Vec<(&str, &str)> = drawn
                .options
                .iter()
                .map(|(id, list)| {
                    let at = reader.of(&format!("issues.{id}.now")).unwrap();
                    (id.as_str(), list[at as usize].as_str())
                })
                .collect();
            let who = ["a-chief", "a-camp", "b-chief"];
            let quo = f64::from(s.quo[0]) / f64::from(UNIT);
            let cost = |actor: &str| reader.of(&format!("sides.{}.cost", &actor[..1])).unwrap();
            let none = who.map(|a| reader.utility(a, quo, &now) - cost(a) / 100.0);
            let line = (reader.of("actors.a-camp.red_max.x").unwrap() * 1e4).round() / 1e6;
            let mut room: Option<f64> = None;
            for chosen in &packages {
                for place in &places {
                    let x = f64::from(*place) / f64::from(UNIT);
                    if *chosen == now && (x - quo).abs() <= 0.01 {
                        continue;
                    }
                    let gains: Vec<f64> = who
                        .iter()
                        .zip(none)
                        .map(|(a, d)| reader.utility(a, x, chosen) - d)
                        .collect();
                    if gains.iter().all(|g| *g >= -1e-9) && x <= line + 1e-12 {
                        let least = gains[0].min(gains[2]);
                        room = Some(room.map_or(least, |r: f64| r.max(least)));
                    }
                }
            }
            draws += 1;
            open += usize::from(room.is_some());
            let ours = solver.now.solution.room;
            assert_eq!(
                ours.is_some(),
                room.is_some(),
                "{seed} {draw}: {ours:?} {room:?}\n{}",
                drawn.text
            );
            if let Some((a, b)) = ours.zip(room) {
                assert!((a - b).abs() < 1e-9, "{seed} {draw}: {a} {b}");
            }
        }
    }
    assert!(open > draws / 5 && open < draws, "{open} of {draws}");
}

/// Options in another order are the same options: the same answer, and each agreed as often.
#[test]
fn the_order_of_options_changes_nothing() {
    let mut agreed = 0;
    for seed in 0..20 {
        let drawn = random(seed);
        let mut turned = drawn.text.clone();
        for (_, list) in &drawn.options {
            let back: Vec<&String> = list.iter().rev().collect();
            turned = turned.replace(&format!("options = {list:?}"), &format!("options = {back:?}"));
        }
        let (a, b) = (forecast(&read(&drawn.text)), forecast(&read(&turned)));
        assert_eq!(a.answer.odds.p, b.answer.odds.p);
        assert_eq!(a.zone.p, b.zone.p);
        for (x, y) in a.terms.iter().zip(&b.terms) {
            let mut back = y.options.clone();
            back.reverse();
            assert_eq!(x.options.len(), back.len());
            for (x, y) in x.options.iter().zip(&back) {
                assert_eq!(x.option, y.option);
                assert!((x.p - y.p).abs() < 1e-9, "{seed}: {x:?} {y:?}");
                agreed += usize::from(x.p > 0.0);
            }
            if !x.options.is_empty() {
                assert!((x.options.iter().map(|o| o.p).sum::<f64>() - 1.0).abs() < 1e-9);
                assert_eq!(x.q50, None);
            }
        }
    }
    assert!(agreed > 20);
}

/// Two options worth all and nothing are the two ends of a scale of which no more is looked at.
#[test]
fn two_options_are_the_two_ends_of_a_scale() {
    let text = |issue: &str, a: &str, b: &str| {
        format!(
            "winset = 1\nas_of = 2025-01-10\nmodel.grid = [0, 100]\n[question]\nby = 2025-06-30\n[issues]\n{issue}\n\
             y = {{ now = 50 }}\n[sides.a]\nratify = \"a-chief\"\ndiscount = 10\ncost = \"1..5..9\"\n{a}\nposition.y = \"0..40\"\n\
             salience = {{ x = \"10..60\", y = 50 }}\n[sides.b]\nratify = \"b-chief\"\ndiscount = 10\ncost = \"1..5..9\"\n{b}\nposition.y = \"60..100\"\n\
             salience = {{ x = 80, y = \"20..60\" }}\n[actors]\na-chief = {{ side = \"a\", role = \"leader\" }}\n\
             b-chief = {{ side = \"b\", role = \"leader\" }}\n"
        )
    };
    let scale = text("x = { now = 0 }", "position.x = 0", "position.x = 100");
    let options = text(
        "x = { options = [\"north\", \"south\"], now = \"north\" }",
        "worth.x = { north = 100, south = 0 }",
        "worth.x = { north = 0, south = 100 }",
    );
    let (a, b) = (forecast(&read(&scale)), forecast(&read(&options)));
    assert_eq!(a.answer.odds.p, b.answer.odds.p);
    assert_eq!(a.zone.p, b.zone.p);
    assert_eq!(a.zone.room, b.zone.room);
    let south = b.terms[0].options[1].p;
    assert!(south > 0.0 && south < 1.0, "{south}");
}
