//! A text that is named: who would ratify it, who refuses and why, and the nearest one that would pass.

use std::ops::Range;

use serde::Serialize;

use crate::case::{Case, Rule};
use crate::clock::tries::Tries;
use crate::effort::{Effort, in_order};
use crate::theory::UNIT;
use crate::theory::situation::Situation;

use super::draw::Frame;
use super::ensemble::BLOCK;
use super::outcome::Solver;

/// Draws on which a nearer text is looked for.
const NEARBY_DRAWS: u64 = 200;
/// A step of that search: five points of a scale of a hundred.
const STEP: i32 = UNIT / 20;
/// Texts that are looked at, at most.
const MOST_NEARBY: usize = 30_000;
/// A text passes often enough if it is ratified in this share of the draws that have a zone.
const OFTEN: f64 = 0.5;

/// How a named text would fare.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TextOdds {
    /// Its id.
    pub text: String,
    /// Draws it was put to.
    pub draws: u64,
    /// Its terms at central values, in the issues' own units, in the order of the file.
    pub terms: Vec<f64>,
    /// P(every side ratifies it).
    pub ratified: f64,
    /// P(some text is ratified by every side): the zone.
    pub zone: f64,
    /// Each side.
    pub sides: Vec<TextSide>,
    /// The stages after the text up to the one the question asks about; empty without stages.
    pub stages: Vec<TextStage>,
    /// P(every side ratifies it and it passes those stages), without regard to dates.
    pub passed: f64,
    /// Who refuses it, most often first.
    pub refuses: Vec<TextRefusal>,
    /// The nearest text that passes often enough; none where it does so itself or none was found.
    pub nearest: Option<NearText>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest_reason: Option<&'static str>,
}

/// What a side does with a text.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TextSide {
    /// The side.
    pub side: String,
    /// P(it ratifies the text).
    pub p: f64,
    /// Each body its rule asks, and its negotiator first: what they would do were they asked alone.
    pub bodies: Vec<TextBody>,
    /// The whole of its rule, gate by gate, each before what stands under it; where the rule is in doubt,
    /// one rule after the other.
    pub gates: Vec<TextGate>,
}

/// A gate of a rule, or an actor under one.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TextGate {
    /// How deep it stands: 0 for what the side as a whole needs.
    pub depth: usize,
    /// Its part of the rule, as it is written.
    pub rule: String,
    /// The actor; none where it is a gate.
    pub actor: Option<String>,
    /// P(it consents, asked alone).
    pub p: f64,
    /// What share of the gate above it holds: 1 where that gate needs it, its share of the capability in a
    /// vote, one part of many else.
    pub weight: f64,
}

/// A body that must consent.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TextBody {
    /// Its part of the rule, as it is written.
    pub rule: String,
    /// P(it consents), whether or not its rule is the one that holds.
    pub p: f64,
    /// The chance that it is asked; below 1 where the rule itself is in doubt.
    pub asked: f64,
}

/// A stage after the text.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TextStage {
    /// The stage.
    pub stage: String,
    /// The chance that it is passed within its tries, once it is come to.
    pub p: f64,
}

/// A member who refuses a text.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TextRefusal {
    /// The actor.
    pub actor: String,
    /// Its side.
    pub side: String,
    /// P(it refuses).
    pub p: f64,
    /// P(it refuses, some side does not ratify, and with its consent alone every side would).
    pub decides: f64,
    /// P(the text lies inside its red lines and gives it less than no deal).
    pub too_little: f64,
    /// The red lines that the text crosses.
    pub red_lines: Vec<CrossedLine>,
}

/// A red line that a text crosses.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CrossedLine {
    /// The issue.
    pub issue: String,
    /// `red_min` or `red_max`.
    pub line: &'static str,
    /// The share of draws in which it does.
    pub p: f64,
}

/// A text near another.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NearText {
    /// Its terms in the issues' own units.
    pub terms: Vec<f64>,
    /// How far it lies from the text: the sum over issues, in points of a scale of a hundred.
    pub distance: f64,
    /// P(every side ratifies it), over all draws.
    pub ratified: f64,
}

/// What some draws say of a text.
#[derive(Clone, Default)]
struct TextCounts {
    zone: u64,
    ratified: u64,
    sides: Vec<u64>,
    bodies: Vec<u64>,
    gates: Vec<u64>,
    asked: Vec<u64>,
    /// By member: refuses, decides, too little.
    members: Vec<[u64; 3]>,
    /// By member and issue: below its least, above its most.
    lines: Vec<[u64; 2]>,
}

impl TextCounts {
    fn join(&mut self, part: &Self) {
        let add = |all: &mut Vec<u64>, part: &[u64]| {
            all.resize(all.len().max(part.len()), 0);
            all.iter_mut().zip(part).for_each(|(a, b)| *a += b);
        };
        self.zone += part.zone;
        self.ratified += part.ratified;
        add(&mut self.sides, &part.sides);
        add(&mut self.bodies, &part.bodies);
        add(&mut self.gates, &part.gates);
        add(&mut self.asked, &part.asked);
        self.members.resize(self.members.len().max(part.members.len()), [0; 3]);
        self.lines.resize(self.lines.len().max(part.lines.len()), [0; 2]);
        for (a, b) in self.members.iter_mut().zip(&part.members) {
            a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        }
        for (a, b) in self.lines.iter_mut().zip(&part.lines) {
            a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        }
    }
}

/// A body of a side: a part of a rule, over members.
struct Body {
    side: usize,
    /// The places of the rules that ask it among those of which one holds.
    of: Vec<usize>,
    text: String,
    rule: Rule,
}

/// The bodies of a case: the negotiator of each side, then the parts of each of its rules.
fn bodies(case: &Case, frame: &Frame<'_>) -> Vec<Body> {
    let place = |i: usize| frame.members.iter().position(|m| *m == i).unwrap_or(0);
    let mut found: Vec<Body> = Vec::new();
    for (s, side) in case.sides.iter().enumerate() {
        let mut add = |of: usize, rule: &Rule| {
            let text = case.rule_text(rule);
            // The negotiator signs whatever the rule says of it, and two rules may ask one body.
            match found.iter_mut().find(|b| b.side == s && b.text == text) {
                Some(body) if body.of.contains(&of) => {}
                Some(body) => body.of.push(of),
                None => {
                    let rule = rule.renumbered(&place);
                    found.push(Body { side: s, of: vec![of], text, rule });
                }
            }
        };
        let rules: Vec<&Rule> = match &side.doubt {
            Some(doubt) => doubt.rules.iter().map(|r| &r.0).collect(),
            None => vec![&side.rule],
        };
        for (of, rule) in rules.into_iter().enumerate() {
            if let Some(n) = side.negotiator {
                add(of, &Rule::Actor(n));
            }
            match rule {
                Rule::All(parts) => parts.iter().for_each(|part| add(of, part)),
                rule => add(of, rule),
            }
        }
    }
    found
}

/// A gate of a side: a node of its rule, over members.
struct Gate {
    side: usize,
    depth: usize,
    weight: f64,
    /// As it is written, over actors.
    written: Rule,
    rule: Rule,
}

/// The gates of a case: the negotiator of each side and each of its rules, from above.
fn gates(case: &Case, frame: &Frame<'_>, capability: &[i64]) -> Vec<Gate> {
    let place = |i: usize| frame.members.iter().position(|m| *m == i).unwrap_or(0);
    let mut found = Vec::new();
    for (side, s) in case.sides.iter().enumerate() {
        let mut add = |depth: usize, weight: f64, rule: &Rule| {
            let (written, rule) = (rule.clone(), rule.renumbered(&place));
            found.push(Gate { side, depth, weight, written, rule });
        };
        let rules: Vec<&Rule> = match &s.doubt {
            Some(doubt) => doubt.rules.iter().map(|r| &r.0).collect(),
            None => vec![&s.rule],
        };
        let asked = |n: usize| rules.iter().all(|rule| rule.needs(n));
        if let Some(n) = s.negotiator.filter(|n| !asked(*n)) {
            add(0, 1.0, &Rule::Actor(n));
        }
        for rule in rules {
            let share = |i: usize, all: &[usize]| {
                let of = |i: usize| capability.get(place(i)).copied().unwrap_or(0) as f64;
                let sum: f64 = all.iter().map(|i| of(*i)).sum();
                if sum > 0.0 { of(i) / sum } else { 0.0 }
            };
            descend(rule, 0, 1.0, &share, &mut add);
        }
    }
    found
}

/// Hands on a rule and all below it.
fn descend(
    rule: &Rule,
    depth: usize,
    weight: f64,
    share: &dyn Fn(usize, &[usize]) -> f64,
    add: &mut dyn FnMut(usize, f64, &Rule),
) {
    add(depth, weight, rule);
    let mut each = |parts: &[Rule], weight: f64| {
        parts.iter().for_each(|part| descend(part, depth + 1, weight, share, add));
    };
    match rule {
        Rule::All(parts) => each(parts, 1.0),
        Rule::Any(parts) | Rule::AtLeast(_, parts) => each(parts, 1.0 / parts.len().max(1) as f64),
        Rule::Percent(_, actors) | Rule::Votes(_, actors) => {
            for i in actors {
                add(depth + 1, share(*i, actors), &Rule::Actor(*i));
            }
        }
        Rule::Actor(_) | Rule::Weighed(..) => {}
    }
}

/// How a text of the case would fare on its first `draws` draws; none if it was stopped.
///
/// # Model
/// The text is put to every draw as it stands: a member accepts it as it accepts any package (step 7),
/// and the rules say what that comes to. Issues the text does not name stay where they are. Stages
/// pass as their tries say, independently of what was asked before. The nearest text is sought in
/// steps of five points, nearest first by the sum of distances over issues, on up to 200 draws; it is
/// the first ratified in at least half as many draws as have a zone, whatever the question is about.
pub fn text_odds(
    case: &Case,
    text: usize,
    seed: u64,
    draws: u64,
    effort: Effort<'_>,
) -> Option<TextOdds> {
    // Compared with all that could be agreed, also where the question is about one text alone.
    let mut open = case.clone();
    open.question.about = None;
    let case = &open;
    let frame = Frame::new(case);
    let bodies = bodies(case, &frame);
    let central = super::central::central_values(case);
    let mut s = Situation::default();
    frame.situation(&central, None, &mut s);
    let gates = gates(case, &frame, &s.capability);
    let asked = (&bodies[..], &gates[..]);
    let block = |solver: &mut Solver<'_>, draws: Range<u64>| {
        let mut part = TextCounts::default();
        for draw in draws {
            solver.draw(seed, draw);
            solver.solve_room();
            count(solver, &frame, text, asked, &mut part);
        }
        part
    };
    let mut all = TextCounts::default();
    let begin = || Solver::new(&frame);
    let done = in_order(0..draws, BLOCK, effort, begin, block, |part: TextCounts| all.join(&part));
    if done != draws {
        return None;
    }
    let share = |n: u64| n as f64 / draws.max(1) as f64;
    let ratified = share(all.ratified);
    let stages = stages(case);
    let passed = stages.iter().fold(ratified, |p, stage| p * stage.p);
    let told = Told { case, frame: &frame, text, seed, draws };
    let (nearest, nearest_reason) = match all.ratified as f64 >= OFTEN * all.zone as f64 {
        _ if all.zone == 0 => (None, Some("no draw has a zone of agreement")),
        true => (None, Some("the text itself is ratified in half of the draws with a zone")),
        false => told.nearest(),
    };
    let issues = case.issues.len();
    let at = |x: i32, j: usize| case.issues[j].in_units(f64::from(x) / f64::from(UNIT));
    let terms = frame.text_terms(&central, text);
    let row = |(k, side): (usize, &crate::case::Side)| {
        let own = bodies.iter().enumerate().filter(|(_, b)| b.side == k);
        let gate = |(g, gate): (usize, &Gate)| TextGate {
            depth: gate.depth,
            rule: case.rule_text(&gate.written),
            actor: match gate.written {
                Rule::Actor(i) => Some(case.actors[i].id.clone()),
                _ => None,
            },
            p: share(all.gates[g]),
            weight: gate.weight,
        };
        TextSide {
            side: side.id.clone(),
            p: share(all.sides[k]),
            gates: gates.iter().enumerate().filter(|(_, g)| g.side == k).map(gate).collect(),
            bodies: own
                .map(|(b, body)| TextBody {
                    rule: body.text.clone(),
                    p: share(all.bodies[b]),
                    asked: share(all.asked[b]),
                })
                .collect(),
        }
    };
    Some(TextOdds {
        text: case.texts[text].id.clone(),
        draws,
        terms: (0..issues).map(|j| at(terms[j].unwrap_or(s.quo[j]), j)).collect(),
        ratified,
        zone: share(all.zone),
        sides: case.sides.iter().enumerate().map(row).collect(),
        stages,
        passed,
        refuses: refusals(case, &frame, &all, &share),
        nearest,
        nearest_reason,
    })
}

/// Puts a text to the current draw of a solver.
fn count(
    solver: &Solver<'_>,
    frame: &Frame<'_>,
    text: usize,
    (bodies, gates): (&[Body], &[Gate]),
    part: &mut TextCounts,
) {
    let (s, no_deal) = (&solver.now.situation, &solver.now.no_deal);
    let (issues, members) = (s.issues(), s.members());
    let named = frame.text_terms(&solver.values, text);
    let x: Vec<i32> = named.iter().zip(&s.quo).map(|(x, quo)| x.unwrap_or(*quo)).collect();
    let accepts = (0..members).filter(|i| s.accepts(*i, &x, no_deal.m[*i]));
    let accepts = accepts.fold(0u64, |mask, i| mask | 1 << i);
    part.zone += u64::from(solver.now.solution.room.is_some());
    let deal = !s.is_quo(&x);
    part.ratified += u64::from(deal && s.all_ratify(accepts));
    part.sides.resize(s.rules.len(), 0);
    for (side, n) in part.sides.iter_mut().enumerate() {
        *n += u64::from(s.ratifies(side, accepts));
    }
    part.bodies.resize(bodies.len(), 0);
    part.asked.resize(bodies.len(), 0);
    let ballots = frame.ballots(&solver.values, s);
    for (k, body) in bodies.iter().enumerate() {
        let passes = body.rule.counted(&ballots).passes(accepts, &s.capability);
        part.bodies[k] += u64::from(passes);
        part.asked[k] += u64::from(body.of.contains(&frame.rule_at(&solver.values, body.side)));
    }
    part.gates.resize(gates.len(), 0);
    for (k, gate) in gates.iter().enumerate() {
        let passes = gate.rule.counted(&ballots).passes(accepts, &s.capability);
        part.gates[k] += u64::from(passes);
    }
    part.members.resize(members, [0; 3]);
    part.lines.resize(members * issues, [0; 2]);
    for i in (0..members).filter(|i| accepts >> i & 1 == 0) {
        part.members[i][0] += 1;
        let short = deal && !s.all_ratify(accepts);
        part.members[i][1] += u64::from(short && s.all_ratify(accepts | 1 << i));
        part.members[i][2] += u64::from(s.within_red_lines(i, &x));
        for j in 0..issues {
            let at = i * issues + j;
            part.lines[at][0] += u64::from(x[j] < s.red_min[at]);
            part.lines[at][1] += u64::from(x[j] > s.red_max[at]);
        }
    }
}

/// Who refuses, most often first.
fn refusals(
    case: &Case,
    frame: &Frame<'_>,
    all: &TextCounts,
    share: &dyn Fn(u64) -> f64,
) -> Vec<TextRefusal> {
    let issues = case.issues.len();
    let mut rows: Vec<(u64, TextRefusal)> = Vec::new();
    for (i, [refuses, decides, little]) in all.members.iter().enumerate() {
        let actor = &case.actors[frame.members[i]];
        let Some(member) = actor.member.as_ref().filter(|_| *refuses > 0) else { continue };
        let mut lines: Vec<(u64, CrossedLine)> = Vec::new();
        for (j, issue) in case.issues.iter().enumerate() {
            for (n, line) in all.lines[i * issues + j].iter().zip(["red_min", "red_max"]) {
                if *n > 0 {
                    let line = CrossedLine { issue: issue.id.clone(), line, p: share(*n) };
                    lines.push((*n, line));
                }
            }
        }
        lines.sort_by_key(|l| std::cmp::Reverse(l.0));
        let row = TextRefusal {
            actor: actor.id.clone(),
            side: case.sides[member.side].id.clone(),
            p: share(*refuses),
            decides: share(*decides),
            too_little: share(*little),
            red_lines: lines.into_iter().map(|l| l.1).collect(),
        };
        rows.push((*refuses, row));
    }
    rows.sort_by_key(|r| std::cmp::Reverse(r.0));
    rows.into_iter().map(|r| r.1).collect()
}

/// The stages after the text up to the one that is asked about.
fn stages(case: &Case) -> Vec<TextStage> {
    let asked = case.stages.iter().take(case.question.stage + 1).skip(1);
    let row = |stage: &crate::case::Stage| {
        let by = Tries::new(&stage.passes, stage.tries, 0).by();
        TextStage { stage: stage.id.clone(), p: by.last().copied().unwrap_or(1.0) }
    };
    asked.map(row).collect()
}

/// A text and the draws it is put to.
struct Told<'a> {
    case: &'a Case,
    frame: &'a Frame<'a>,
    text: usize,
    seed: u64,
    draws: u64,
}

impl Told<'_> {
    /// The nearest text that is ratified often enough, and why there is none.
    fn nearest(&self) -> (Option<NearText>, Option<&'static str>) {
        let mut solver = Solver::new(self.frame);
        let mut known = Vec::new();
        let mut open = 0u64;
        let few = self.draws.min(NEARBY_DRAWS);
        let mut start = Vec::new();
        for draw in 0..few {
            solver.draw(self.seed, draw);
            solver.solve_room();
            open += u64::from(solver.now.solution.room.is_some());
            let (s, no_deal) = (solver.now.situation.clone(), solver.now.no_deal.clone());
            if draw == 0 {
                let named = self.frame.text_terms(&solver.values, self.text);
                let at = named.iter().zip(&s.quo).map(|(x, quo)| x.unwrap_or(*quo));
                start = at.collect::<Vec<i32>>();
            }
            known.push((s, no_deal));
        }
        let least = ((OFTEN * open as f64).ceil() as u64).max(1);
        if open == 0 {
            return (None, Some("no draw that was looked at has a zone of agreement"));
        }
        let ratified = |x: &[i32], enough: u64| {
            let mut found = 0u64;
            for (k, (s, no_deal)) in known.iter().enumerate() {
                let accepts = (0..s.members()).filter(|i| s.accepts(*i, x, no_deal.m[*i]));
                let accepts = accepts.fold(0u64, |mask, i| mask | 1 << i);
                found += u64::from(s.all_ratify(accepts) && !s.is_quo(x));
                let left = (known.len() - 1 - k) as u64;
                if found + left < enough {
                    return 0;
                }
            }
            found
        };
        // Options have no steps: they stay what the text says.
        let held: Vec<bool> =
            self.case.issues.iter().map(crate::case::Issue::is_unordered).collect();
        let mut looked = 0;
        let steps = UNIT / STEP * self.case.issues.len() as i32;
        for radius in 1..=steps {
            let mut best: Option<(u64, Vec<i32>)> = None;
            let whole = each_at(&start, &held, radius, &mut |x| {
                looked += 1;
                let enough = best.as_ref().map_or(least, |b| b.0 + 1);
                let n = ratified(x, enough);
                if n >= enough {
                    best = Some((n, x.to_vec()));
                }
                looked < MOST_NEARBY
            });
            if let Some((_, x)) = best {
                return (Some(self.near(&x)), None);
            }
            if !whole {
                return (None, Some("none was found near enough to be looked at"));
            }
        }
        (None, Some("no single text is ratified in half of the draws with a zone"))
    }

    /// A text with how often it is ratified in all draws.
    fn near(&self, x: &[i32]) -> NearText {
        let mut solver = Solver::new(self.frame);
        let (mut ratified, mut apart) = (0u64, 0.0);
        for draw in 0..self.draws {
            solver.draw(self.seed, draw);
            solver.prepare();
            let (s, no_deal) = (&solver.now.situation, &solver.now.no_deal);
            let accepts = (0..s.members()).filter(|i| s.accepts(*i, x, no_deal.m[*i]));
            let accepts = accepts.fold(0u64, |mask, i| mask | 1 << i);
            ratified += u64::from(s.all_ratify(accepts) && !s.is_quo(x));
            if draw == 0 {
                let named = self.frame.text_terms(&solver.values, self.text);
                let at = named.iter().zip(&s.quo).map(|(x, quo)| x.unwrap_or(*quo));
                apart = at.zip(x).map(|(a, b)| f64::from((a - b).abs())).sum();
            }
        }
        let unit = f64::from(UNIT);
        let units = |(x, issue): (&i32, &crate::case::Issue)| issue.in_units(f64::from(*x) / unit);
        NearText {
            terms: x.iter().zip(&self.case.issues).map(units).collect(),
            distance: 100.0 * apart / unit,
            ratified: ratified as f64 / self.draws.max(1) as f64,
        }
    }
}

/// Shows every point that lies so many steps in all from a start, on the scales and the same on issues
/// that are held; false if `see` ended it.
fn each_at(start: &[i32], held: &[bool], radius: i32, see: &mut dyn FnMut(&[i32]) -> bool) -> bool {
    fn from(
        x: &mut Vec<i32>,
        (start, held): (&[i32], &[bool]),
        left: i32,
        see: &mut dyn FnMut(&[i32]) -> bool,
    ) -> bool {
        let Some(at) = start.get(x.len()) else { return left > 0 || see(x) };
        let last = held.iter().skip(x.len() + 1).all(|held| *held);
        let steps = match held[x.len()] {
            true => 0..=0,
            false if last => left..=left,
            false => 0..=left,
        };
        for steps in steps {
            for way in if steps == 0 { &[1][..] } else { &[-1, 1][..] } {
                let here = at + way * steps * STEP;
                if !(0..=UNIT).contains(&here) {
                    continue;
                }
                x.push(here);
                let go_on = from(x, (start, held), left - steps, see);
                x.pop();
                if !go_on {
                    return false;
                }
            }
        }
        true
    }
    from(&mut Vec::with_capacity(start.len()), (start, held), radius, see)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_at_a_distance_is_seen_once() {
        for (radius, start) in [(1, [0, 500_000]), (3, [500_000, 500_000]), (25, [0, 1_000_000])] {
            let mut seen: Vec<Vec<i32>> = Vec::new();
            assert!(each_at(&start, &[false; 2], radius, &mut |x| {
                seen.push(x.to_vec());
                true
            }));
            let apart = |x: &[i32]| x.iter().zip(&start).map(|(a, b)| (a - b).abs()).sum::<i32>();
            let lattice = (0..21).flat_map(|a| (0..21).map(move |b| vec![a * STEP, b * STEP]));
            let mut all: Vec<Vec<i32>> = lattice.filter(|x| apart(x) == radius * STEP).collect();
            all.sort();
            seen.sort();
            assert_eq!(seen, all, "{radius}");
        }
    }
}
