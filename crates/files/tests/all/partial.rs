//! Parts of a deal in whole cases: interims, deals without some sides, their stability, and trades over all
//! sides, against a second reading of the same draws; and the laws.

use std::sync::atomic::AtomicBool;

use winset_files::case::{CaseFiles, load};
use winset_files::diagnostic::{Findings, Source};
use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::forecast::{Frame, Solver, draw_inputs, partial_odds, trades};

use crate::dice::Dice;

fn read(text: &str, overrides: &[&str]) -> Case {
    let mut findings = Findings::default();
    let case = Source { name: "case.toml".to_owned(), text: text.to_owned() };
    let overrides: Vec<String> = overrides.iter().map(|s| (*s).to_owned()).collect();
    let files = CaseFiles { case, ..CaseFiles::default() };
    let loaded = load(&files, None, &overrides, &mut findings);
    loaded.unwrap_or_else(|| panic!("{text}\n{:#?}", findings.list)).case
}

const ISSUES: [&str; 2] = ["x", "y"];
const SIDES: [&str; 3] = ["a", "b", "c"];

/// Three sides, the first with a camp, over two scales; an interim on one, and a deal of two sides.
fn random(seed: u64, grid: bool) -> String {
    let mut d = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) + 1);
    let mut text = "winset = 1\nas_of = 2025-01-10\n".to_owned();
    if grid {
        text += "model.grid = [0, 50, 100]\n";
    }
    text += &format!(
        "[question]\nby = 2025-06-30\n[issues]\nx.now = {}\ny.now = {}\n",
        d.below(101),
        d.below(101)
    );
    for side in SIDES {
        let rule =
            if side == "a" { "a-chief and a-camp".to_owned() } else { format!("{side}-chief") };
        text += &format!(
            "[sides.{side}]\nratify = \"{rule}\"\ndiscount = 10\ncost = {}\n",
            d.below(12)
        );
        for j in ISSUES {
            text += &format!(
                "position.{j} = {}\nsalience.{j} = {}\n",
                d.range(0, 86, 14),
                10 + d.below(60)
            );
        }
    }
    text += "[actors]\n";
    for side in SIDES {
        text += &format!("{side}-chief = {{ side = \"{side}\", role = \"leader\" }}\n");
    }
    text += &format!(
        "a-camp = {{ side = \"a\", role = \"faction\", red_max.x = {} }}\n",
        d.range(30, 56, 14)
    );
    text += &format!(
        "[partial]\ninterim = {{ issues = [\"x\"], relief = {} }}\n\
         pair = {{ sides = [\"a\", \"b\"], keeps = {}, relief = {} }}\n[clock]\nclass = \"none\"\nstart = 2025-01-02\n",
        d.below(101),
        20 + d.below(81),
        50 + d.below(51)
    );
    text
}

/// The second reading of a draw: everything by paths, positions in whole millionths.
struct Reader<'a> {
    case: &'a Case,
    values: Vec<f64>,
}

/// What sides agree: the least gain of a negotiator, the terms, and the product of gains over the threat.
type Agreed = Option<(f64, [f64; 2], f64)>;

impl Reader<'_> {
    fn of(&self, path: &str) -> Option<f64> {
        let k = self.case.inputs.iter().position(|i| i.path == path)?;
        Some(self.values[k])
    }

    fn place(&self, path: &str) -> Option<f64> {
        self.of(path).map(|x| (x * 1e4).round() / 1e6)
    }

    fn line(&self, actor: &str) -> f64 {
        self.place(&format!("actors.{actor}.red_max.x")).unwrap_or(1.0)
    }

    fn ideal(&self, actor: &str) -> [f64; 2] {
        let at = |j: &str| self.place(&format!("sides.{}.position.{j}", &actor[..1])).unwrap();
        [at("x").min(self.line(actor)), at("y")]
    }

    fn now(&self) -> [f64; 2] {
        ISSUES.map(|j| self.place(&format!("issues.{j}.now")).unwrap())
    }

    fn cost(&self, actor: &str) -> f64 {
        self.of(&format!("sides.{}.cost", &actor[..1])).unwrap() / 100.0
    }

    fn utility(&self, actor: &str, x: [f64; 2]) -> f64 {
        let w = ISSUES.map(|j| self.of(&format!("sides.{}.salience.{j}", &actor[..1])).unwrap());
        let at = self.ideal(actor);
        1.0 - (w[0] * (x[0] - at[0]).abs() + w[1] * (x[1] - at[1]).abs()) / (w[0] + w[1])
    }

    fn none(&self, actor: &str) -> f64 {
        self.utility(actor, self.now()) - self.cost(actor)
    }

    fn members(side: &str) -> Vec<String> {
        let camp = (side == "a").then(|| "a-camp".to_owned());
        std::iter::once(format!("{side}-chief")).chain(camp).collect()
    }

    /// Every package of the positions that are looked at.
    fn agreed(&self, sides: &[&str], issues: &[&str], keeps: f64, relief: f64) -> Agreed {
        if sides.len() < 2 {
            return None;
        }
        let members: Vec<String> = sides.iter().flat_map(|s| Self::members(s)).collect();
        let now = self.now();
        let fine = |x: f64| (x * 1e6).round() / 1e6;
        let bounds = |j: usize| {
            let reach = |end: f64| fine(now[j] + keeps * (end - now[j]));
            if issues.contains(&ISSUES[j]) { (reach(0.0), reach(1.0)) } else { (now[j], now[j]) }
        };
        let places = |j: usize| -> Vec<f64> {
            let (lo, hi) = bounds(j);
            let mut all = vec![0.0, 0.5, 1.0, now[j], lo, hi];
            for m in &members {
                all.push(self.ideal(m)[j]);
                if j == 0 {
                    all.push(self.line(m));
                }
            }
            all.retain(|x| *x >= lo - 1e-9 && *x <= hi + 1e-9);
            all
        };
        let mut room: Option<f64> = None;
        let mut best: Option<([f64; 2], f64)> = None;
        for x in places(0) {
            for y in places(1) {
                let at = [x, y];
                if (x - now[0]).abs() <= 0.01 + 1e-12 && (y - now[1]).abs() <= 0.01 + 1e-12 {
                    continue;
                }
                let gain =
                    |m: &str| self.utility(m, at) - (1.0 - relief) * self.cost(m) - self.none(m);
                // A red line says nothing of an issue that is left out.
                let line = |m: &str| !issues.contains(&"x") || x <= self.line(m) + 1e-9;
                if !members.iter().all(|m| gain(m) >= -1e-9 && line(m)) {
                    continue;
                }
                let gains: Vec<f64> = sides.iter().map(|s| gain(&format!("{s}-chief"))).collect();
                let least = gains.iter().copied().fold(f64::INFINITY, f64::min);
                room = Some(room.map_or(least, |r: f64| r.max(least)));
                let product: f64 = gains.iter().map(|g| g.max(0.0)).product();
                if best.is_none_or(|b| product > b.1) {
                    best = Some((at, product));
                }
            }
        }
        room.zip(best).map(|(room, (at, product))| (room, at, product))
    }
}

/// Every draw of every case: zones, rooms, and who would rather do otherwise.
#[test]
fn every_partial_deal_is_that_of_trying_every_package() {
    let never = AtomicBool::new(false);
    let (mut zones, mut judged, mut stable, mut restless) = (0, 0, 0, [0, 0]);
    for seed in 0..200 {
        let case = read(&random(seed, true), &[]);
        for draw_seed in 0..4 {
            let found = partial_odds(&case, draw_seed, 1, Effort::silent(1, &never)).unwrap();
            let mut values = Vec::new();
            draw_inputs(&case, draw_seed, 0, &mut values);
            let reader = Reader { case: &case, values };
            let of = |path: &str| reader.of(path).map_or(1.0, |x| x / 100.0);
            let relief = of("partial.interim.relief");
            let interim = reader.agreed(&SIDES, &["x"], 1.0, relief);
            assert_eq!(found[0].zone, f64::from(u8::from(interim.is_some())), "{seed} {draw_seed}");
            let whole = reader.agreed(&SIDES, &ISSUES, 1.0, 1.0);
            let beyond = interim.is_some() && whole.is_none();
            assert_eq!(found[0].beyond, f64::from(u8::from(beyond)), "{seed} {draw_seed}");
            if let Some((room, _, _)) = interim {
                assert!((found[0].room - room).abs() < 1e-9, "{seed}: {} {room}", found[0].room);
            }
            let (keeps, relief) = (of("partial.pair.keeps"), of("partial.pair.relief"));
            let pair = reader.agreed(&["a", "b"], &ISSUES, keeps, relief);
            let ours = &found[1];
            assert_eq!(ours.zone, f64::from(u8::from(pair.is_some())), "{seed} {draw_seed}");
            let Some((room, x, product)) = pair else { continue };
            zones += 1;
            assert!((ours.room - room).abs() < 1e-9, "{seed} {draw_seed}");
            let all = reader.agreed(&SIDES, &ISSUES, keeps, relief);
            // Where nobody gains, terms are settled by another rule.
            if product < 1e-9 || all.is_some_and(|all| all.2 < 1e-9) {
                continue;
            }
            judged += 1;
            let inside = |side: &str, x| {
                let m = format!("{side}-chief");
                reader.utility(&m, x) - (1.0 - relief) * reader.cost(&m)
            };
            // One side alone agrees nothing: who leaves has no deal.
            let leaves =
                ["a", "b"].map(|s| reader.none(&format!("{s}-chief")) > inside(s, x) + 1e-9);
            let out = reader.utility("c-chief", x) - reader.cost("c-chief");
            let joins = all.is_some_and(|(_, x, _)| inside("c", x) > out + 1e-9);
            let as_share = |b: bool| f64::from(u8::from(b));
            assert_eq!(ours.leaves.iter().map(|o| o.p).collect::<Vec<_>>(), leaves.map(as_share));
            assert_eq!(ours.joins[0].p, as_share(joins), "{seed} {draw_seed}");
            let quiet = !joins && !leaves.contains(&true);
            assert_eq!(ours.stable, Some(as_share(quiet)));
            stable += usize::from(quiet);
            restless[0] += usize::from(leaves.contains(&true));
            restless[1] += usize::from(joins);
        }
    }
    assert!(zones > 150 && judged > 100, "{zones} {judged}");
    assert!(stable > 20 && restless[1] > 20, "{stable} {restless:?} of {judged}");
}

/// All sides over everything are the whole, to the bit; less that comes about, or less relief, opens no zone.
#[test]
fn the_whole_is_the_whole_and_less_of_it_opens_nothing() {
    let never = AtomicBool::new(false);
    let (mut open, mut closed) = (0, 0);
    for seed in 0..60 {
        let text = random(seed, false) + "[partial.whole]\nsides = [\"a\", \"b\", \"c\"]\n";
        let case = read(&text, &[]);
        let found = partial_odds(&case, 1, 6, Effort::silent(1, &never)).unwrap();
        let frame = Frame::new(&case);
        let mut solver = Solver::new(&frame);
        let zones = (0..6).filter(|draw| {
            solver.draw(1, *draw);
            solver.solve();
            solver.now.solution.room.is_some()
        });
        let whole = found.iter().find(|p| p.partial == "whole").unwrap();
        assert_eq!(whole.zone, zones.count() as f64 / 6.0);
        assert_eq!((whole.beyond, whole.stable), (0.0, None));
        let zone = |sets: &[&str], id: &str| {
            let case = read(&text, sets);
            let found = partial_odds(&case, 1, 6, Effort::silent(1, &never)).unwrap();
            found.into_iter().find(|p| p.partial == id).unwrap().zone
        };
        let pair =
            ["0", "30", "70", "100"].map(|k| zone(&[&format!("partial.pair.keeps={k}")], "pair"));
        assert!(pair.windows(2).all(|w| w[0] <= w[1]), "{seed}: {pair:?}");
        assert_eq!(pair[0], 0.0);
        let interim =
            ["0", "50", "100"].map(|r| zone(&[&format!("partial.interim.relief={r}")], "interim"));
        assert!(interim.windows(2).all(|w| w[0] <= w[1]), "{seed}: {interim:?}");
        open += usize::from(pair[3] > pair[1]);
        closed += usize::from(interim[2] > interim[0]);
    }
    assert!(open > 5 && closed > 5, "{open} {closed}");
}

/// The best trades by trying every one on every draw.
#[test]
fn the_best_trades_are_those_of_trying_all() {
    let never = AtomicBool::new(false);
    let mut wanted = 0;
    for seed in 0..60 {
        let case = read(&random(seed, true), &[]);
        let ours = trades(&case, 2, 8, 20, Effort::silent(1, &never)).unwrap();
        let mut all: Vec<(f64, f64)> = Vec::new();
        for code in 0..9 {
            let way = [code % 3 - 1, code / 3 - 1].map(f64::from);
            if way == [0.0, 0.0] {
                continue;
            }
            let (mut times, mut joint) = (0, 0.0);
            for draw in 0..8 {
                let mut values = Vec::new();
                draw_inputs(&case, 2, draw, &mut values);
                let reader = Reader { case: &case, values };
                let at = SIDES.map(|s| reader.ideal(&format!("{s}-chief")));
                let micro = |x: f64| (x * 1e6).round() as i64;
                let middle = [0, 1].map(|j| {
                    let sum: i64 = at.iter().map(|p| micro(p[j])).sum();
                    (sum / 3) as f64 / 1e6
                });
                let to = [0, 1].map(|j: usize| (middle[j] + 0.1 * way[j]).clamp(0.0, 1.0));
                let gains = SIDES.map(|s| {
                    let m = format!("{s}-chief");
                    reader.utility(&m, to) - reader.utility(&m, middle)
                });
                if gains.iter().all(|g| *g > 1e-12) {
                    times += 1;
                    joint += gains.iter().sum::<f64>();
                }
            }
            if times > 0 {
                all.push((f64::from(times) / 8.0, 100.0 * joint / f64::from(times)));
            }
        }
        assert_eq!(ours.len(), all.len(), "{seed}");
        let size = |t: &(f64, f64)| t.0 * t.1;
        all.sort_by(|a, b| size(b).total_cmp(&size(a)));
        for (t, (share, joint)) in ours.iter().zip(&all) {
            assert!(
                (t.wanted * t.gains.iter().sum::<f64>() - share * joint).abs() < 1e-6,
                "{seed}"
            );
            wanted += 1;
        }
    }
    assert!(wanted > 10, "{wanted}");
}
