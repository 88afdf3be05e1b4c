//! Chambers, rules in doubt and named texts in whole cases, against a second reading of the same draws:
//! every coalition counted by its votes, one issue cut at every place where somebody changes its mind.

use std::sync::atomic::AtomicBool;

use winset_files::case::{CaseFiles, load};
use winset_files::diagnostic::{Findings, Source};
use winset_model::case::Case;
use winset_model::effort::Effort;
use winset_model::forecast::{Frame, Solver, blocs, draw_inputs, text_odds};

use crate::dice::Dice;

/// A rule of the second reading.
#[derive(Clone, Debug)]
enum Vote {
    Seats(f64),
    Cast(f64),
    Majority,
    AllBut(usize),
    Share(f64),
}

impl Vote {
    fn random(d: &mut Dice, seats: u64, camps: usize) -> Self {
        match d.below(5) {
            0 => Self::Seats(1.0 + d.below(seats) as f64),
            1 => Self::Cast(1.0 + d.below(99) as f64),
            2 => Self::Majority,
            3 if camps > 1 => Self::AllBut(1),
            _ => Self::Share(1.0 + d.below(100) as f64),
        }
    }

    fn text(&self, names: &str) -> String {
        match self {
            Self::Seats(n) => format!("{n} votes of ({names})"),
            Self::Cast(p) => format!("{p}% of votes of ({names})"),
            Self::Majority => format!("majority of ({names})"),
            Self::AllBut(n) => format!("all but {n} of ({names})"),
            Self::Share(p) => format!("{p}% of ({names})"),
        }
    }

    /// By counting votes; a hair of tolerance where they are no whole numbers.
    fn passes(&self, camps: &[CampValues]) -> bool {
        let (mut yes, mut no, mut for_it, mut all) = (0.0, 0.0, 0.0, 0.0);
        for c in camps {
            let voting = c.seats * c.turnout;
            let [y, n] = match c.accepts {
                true => [voting * (1.0 - c.rebels), voting * c.rebels],
                false => [voting * c.rebels, voting * (1.0 - c.rebels) * (1.0 - c.abstains)],
            };
            yes += y;
            no += n;
            all += c.seats;
            for_it += if c.accepts { c.seats } else { 0.0 };
        }
        match self {
            Self::Seats(n) => yes >= n - 1e-5,
            Self::Cast(p) => 100.0 * yes >= p * (yes + no) - 1e-5,
            Self::Majority => yes > no + 1e-9,
            Self::AllBut(n) => camps.iter().filter(|c| !c.accepts).count() <= *n,
            Self::Share(p) => 100.0 * for_it >= p * all - 1e-5,
        }
    }
}

/// A camp in a draw.
struct CampValues {
    seats: f64,
    turnout: f64,
    rebels: f64,
    abstains: f64,
    accepts: bool,
}

/// A case of two sides over one issue: a leader alone, and a leader with a chamber of camps whose rule
/// may be in doubt.
struct Written {
    text: String,
    camps: usize,
    votes: Vec<(Vote, f64)>,
}

fn written(seed: u64) -> Written {
    let d = &mut Dice(seed * 104_729 + 17);
    let camps = 1 + d.below(4) as usize;
    let names: Vec<String> = (0..camps).map(|k| format!("camp-{k}")).collect();
    let mut actors = String::new();
    let mut seats = 0;
    for name in &names {
        let own = 1 + d.below(100);
        seats += own;
        let mut line = format!("{name} = {{ side = \"b\", role = \"faction\", capability = {own}");
        let chances =
            [("turnout", 50 + d.below(50)), ("rebels", d.below(25)), ("abstains", d.below(40))];
        for (key, value) in chances {
            if d.below(2) == 0 {
                line += &format!(", {key} = {value}");
            }
        }
        if d.below(2) == 0 {
            line += &format!(", red_min.x = {}", d.range(0, 80, 20));
        }
        line += &format!(", position.x = {} }}\n", d.range(0, 80, 20));
        actors += &line;
    }
    let list = names.join(", ");
    let votes: Vec<(Vote, f64)> = match d.below(2) {
        0 => vec![(Vote::random(d, seats, camps), 100.0)],
        _ => {
            let share = 1.0 + d.below(99) as f64;
            let two = [share, 100.0 - share];
            two.map(|share| (Vote::random(d, seats, camps), share)).to_vec()
        }
    };
    let ratify = match votes.as_slice() {
        [(vote, _)] => format!("\"{}\"", vote.text(&list)),
        votes => {
            let each = votes.iter().map(|(v, s)| format!("[\"{}\", {s}]", v.text(&list)));
            format!("[{}]", each.collect::<Vec<_>>().join(", "))
        }
    };
    let (now, text) = (d.below(100), d.below(100));
    let red = d.range(0, 80, 20);
    let text = format!(
        "winset = 1\ntitle = \"Random\"\nas_of = 2025-01-10\n[question]\nby = 2025-06-30\n\
         [issues]\nx = {{ now = {now} }}\n\
         [texts]\ndraft.x = {text}\n\
         [sides.a]\nratify = \"chief\"\nposition.x = \"0..20..40\"\nsalience.x = 50\ndiscount = 10\ncost = 5\n\
         [sides.b]\nratify = {ratify}\nnegotiator = \"speaker\"\nposition.x = \"60..80..100\"\nsalience.x = 50\ndiscount = 10\ncost = 8\n\
         [actors]\nchief = {{ side = \"a\", role = \"leader\", red_max.x = {red} }}\n\
         speaker = {{ side = \"b\", role = \"delegate\" }}\n{actors}"
    );
    Written { text, camps, votes }
}

fn read(text: &str) -> Case {
    let mut findings = Findings::default();
    let case = Source { name: "case.toml".to_owned(), text: text.to_owned() };
    let files = CaseFiles { case, ..CaseFiles::default() };
    let loaded = load(&files, None, &[], &mut findings);
    loaded.unwrap_or_else(|| panic!("{text}\n{:#?}", findings.list)).case
}

/// A draw, read a second time.
struct Draw<'a> {
    case: &'a Case,
    values: Vec<f64>,
}

impl Draw<'_> {
    fn get(&self, path: &str) -> Option<f64> {
        let value = self.case.inputs.iter().position(|i| i.path == path).map(|k| self.values[k]);
        // Positions are whole millionths of the scale.
        let place = [".x", ".now"].iter().any(|end| path.ends_with(end));
        value.map(|x| if place { (x * 1e4).round() / 1e4 } else { x })
    }

    /// The terms a member accepts, from and to: inside its red lines, and no farther from what it
    /// wants than no deal is with what that costs.
    fn accepts(&self, id: &str, side: &str, cost: f64) -> [f64; 2] {
        let own = self.get(&format!("actors.{id}.position.x"));
        let inherited = self.get(&format!("sides.{side}.position.x"));
        let mut ideal = own.or(inherited).unwrap();
        let mut least = self.get(&format!("actors.{id}.red_min.x")).unwrap_or(0.0);
        let mut most = self.get(&format!("actors.{id}.red_max.x")).unwrap_or(100.0);
        match own {
            Some(_) => (least, most) = (least.min(ideal), most.max(ideal)),
            None => ideal = ideal.min(most).max(least),
        }
        let reach = (self.get("issues.x.now").unwrap() - ideal).abs() + cost;
        [least.max(ideal - reach), most.min(ideal + reach)]
    }

    /// Whether both sides ratify terms; the vote that holds is the one its draw falls into.
    fn ratified(&self, case: &Written, x: f64) -> [bool; 2] {
        let within = |[lo, hi]: [f64; 2]| lo - 1e-6 <= x && x <= hi + 1e-6;
        let camps: Vec<CampValues> = (0..case.camps)
            .map(|k| {
                let of = |key: &str| self.get(&format!("actors.camp-{k}.{key}"));
                let share = |key: &str, default: f64| of(key).unwrap_or(default) / 100.0;
                CampValues {
                    seats: of("capability").unwrap(),
                    turnout: share("turnout", 100.0),
                    rebels: share("rebels", 0.0),
                    abstains: share("abstains", 0.0),
                    accepts: within(self.accepts(&format!("camp-{k}"), "b", 8.0)),
                }
            })
            .collect();
        let pick = self.get("sides.b.rule").unwrap_or(0.0);
        let vote = if pick < case.votes[0].1 { &case.votes[0].0 } else { &case.votes[1].0 };
        let b = within(self.accepts("speaker", "b", 8.0)) && vote.passes(&camps);
        [within(self.accepts("chief", "a", 5.0)), b]
    }

    /// Whether any terms but the status quo are ratified: tried where somebody changes its mind, and
    /// a hair beside where it stops being one.
    fn zone(&self, case: &Written) -> bool {
        let now = self.get("issues.x.now").unwrap();
        let mut at: Vec<f64> = vec![0.0, 100.0, now - 1.0 - 1e-4, now + 1.0 + 1e-4];
        at.extend(self.accepts("chief", "a", 5.0));
        at.extend(self.accepts("speaker", "b", 8.0));
        (0..case.camps).for_each(|k| at.extend(self.accepts(&format!("camp-{k}"), "b", 8.0)));
        at.retain(|x| (0.0..=100.0).contains(x) && (x - now).abs() > 1.0);
        at.iter().any(|x| self.ratified(case, *x) == [true, true])
    }
}

const DRAWS: u64 = 20;

/// In 200 random cases: each draw's zone, and how often each side and both ratify a named text, are
/// those of a second reading.
#[test]
fn chambers_doubts_and_texts_are_those_of_a_second_reading() {
    let never = AtomicBool::new(false);
    let (mut open, mut passed, mut near_quo) = (0, 0, 0);
    for seed in 0..200 {
        let written = written(seed);
        let case = read(&written.text);
        let frame = Frame::new(&case);
        let mut solver = Solver::new(&frame);
        let mut counts = [0u64; 3];
        let mut zones = 0u64;
        for draw in 0..DRAWS {
            let mut values = Vec::new();
            draw_inputs(&case, 1, draw, &mut values);
            let second = Draw { case: &case, values };
            solver.draw(1, draw);
            solver.solve();
            let zone = solver.now.solution.room.is_some();
            let told = second.zone(&written);
            assert_eq!(zone, told, "seed {seed}, draw {draw}\n{}", written.text);
            zones += u64::from(zone);
            let x = second.get("texts.draft.x").unwrap();
            let quo = (x - second.get("issues.x.now").unwrap()).abs() <= 1.0;
            let [a, b] = second.ratified(&written, x);
            near_quo += usize::from(quo);
            counts[0] += u64::from(a);
            counts[1] += u64::from(b);
            counts[2] += u64::from(a && b && !quo);
        }
        let odds = text_odds(&case, 0, 1, DRAWS, Effort::silent(1, &never)).unwrap();
        let share = |n: u64| n as f64 / DRAWS as f64;
        assert_eq!(odds.sides[0].p, share(counts[0]), "seed {seed}\n{}", written.text);
        assert_eq!(odds.sides[1].p, share(counts[1]), "seed {seed}\n{}", written.text);
        assert_eq!(odds.ratified, share(counts[2]), "seed {seed}\n{}", written.text);
        assert_eq!(odds.zone, share(zones), "seed {seed}");
        // A text cannot pass where none can; whoever refuses it does so for a reason.
        assert!(odds.ratified <= odds.zone);
        for r in &odds.refuses {
            assert!(r.decides <= r.p && r.too_little <= r.p);
            let lines: f64 = r.red_lines.iter().map(|l| l.p).sum();
            assert!(lines + r.too_little >= r.p - 1e-12, "seed {seed}: {r:?}");
        }
        if let Some(near) = &odds.nearest {
            assert!(near.ratified >= odds.ratified && near.distance > 0.0, "seed {seed}");
        }
        open += zones;
        passed += counts[2];
    }
    // The cases are not all alike.
    assert!((400..3_600).contains(&open), "{open}");
    assert!(passed > 100, "{passed}");
    assert!(near_quo > 0);
}

/// The question may be about a text: the zone is then that text alone.
#[test]
fn a_question_about_a_text_has_its_odds_as_zone() {
    let never = AtomicBool::new(false);
    let mut some = 0;
    for seed in 0..60 {
        let written = written(seed);
        let odds = text_odds(&read(&written.text), 0, 1, DRAWS, Effort::silent(1, &never)).unwrap();
        let about = written.text.replace("[question]\n", "[question]\nabout = \"draft\"\n");
        let case = read(&about);
        let frame = Frame::new(&case);
        let mut solver = Solver::new(&frame);
        let mut zones = 0;
        for draw in 0..DRAWS {
            solver.draw(1, draw);
            solver.solve();
            zones += u64::from(solver.now.solution.room.is_some());
        }
        assert_eq!(odds.ratified, zones as f64 / DRAWS as f64, "seed {seed}");
        some += zones;
    }
    assert!(some > 20, "{some}");
}

/// A text inside every red line that gives everybody more than no deal is ratified, whatever the rule.
#[test]
fn a_text_within_all_red_lines_with_gains_for_all_is_ratified() {
    let never = AtomicBool::new(false);
    let mut cases = 0;
    for seed in 0..2_000 {
        let written = written(seed);
        let case = read(&written.text);
        let odds = text_odds(&case, 0, 1, 1, Effort::silent(1, &never)).unwrap();
        let now = case.input(case.issues[0].now).dist.central((0.0, 100.0));
        // Rebels and absentees may lose a vote that all camps are for: there the votes decide.
        let certain = !["rebels", "turnout"].iter().any(|key| written.text.contains(key));
        if certain && odds.refuses.is_empty() && (odds.terms[0] - now).abs() > 1.0 {
            assert_eq!(odds.ratified, 1.0, "seed {seed}\n{}", written.text);
            cases += 1;
        }
    }
    assert!(cases >= 5, "{cases}");
}

/// Two camps behind one red line: neither blocks alone, both do together, and so does the whole side.
#[test]
fn a_bloc_is_freed_together() {
    let text = "winset = 1\nas_of = 2025-01-10\n[question]\nby = 2025-06-30\n[issues]\nx = { now = 50 }\n\
        [sides.a]\nratify = \"chief\"\nposition.x = 0\nsalience.x = 50\ndiscount = 10\ncost = 20\n\
        [sides.b]\nratify = \"320 votes of (left, right, rest)\"\nnegotiator = \"rest\"\nposition.x = 80\n\
        salience.x = 50\ndiscount = 10\ncost = 90\n[actors]\n\
        chief = { side = \"a\", role = \"leader\", red_max.x = 40 }\n\
        left = { side = \"b\", role = \"faction\", capability = 200, red_min.x = 60 }\n\
        right = { side = \"b\", role = \"faction\", capability = 200, red_min.x = 60 }\n\
        rest = { side = \"b\", role = \"faction\", capability = 100 }\n";
    let case = read(text);
    let never = AtomicBool::new(false);
    let asked = [vec![1], vec![2], vec![1, 2], case.sides[1].members.clone()];
    let found = blocs(&case, 1, 10, &asked, Effort::silent(1, &never)).unwrap();
    let block: Vec<f64> = found.iter().map(|b| b.block).collect();
    assert_eq!(block, [0.0, 0.0, 1.0, 1.0]);
    assert_eq!(found[2].only_together, 1.0);
    // With one of them gone from the count, the other is enough.
    let fewer = read(&text.replace("320 votes", "300 votes"));
    let found = blocs(&fewer, 1, 10, &asked, Effort::silent(1, &never)).unwrap();
    assert_eq!(found.iter().map(|b| b.block).collect::<Vec<_>>(), [1.0, 1.0, 1.0, 1.0]);
    assert_eq!(found[2].only_together, 0.0);
}
