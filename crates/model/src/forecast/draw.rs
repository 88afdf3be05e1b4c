//! One draw: a value for every input, and the negotiation those values describe.

use std::sync::{Arc, OnceLock};

use crate::case::{
    Ballot, CalendarKind, Case, DeadlinePrice, ForceKind, Ideal, InputId, Partial, Rule, Seat,
};
use crate::theory::deadlines::{BargainingDay, PriceAhead, threat_before};
use crate::theory::situation::{
    ForceEvent, ForceOption, NO_DEMAND, PromiseRate, Situation, deterring_rate, option_place,
};
use crate::theory::threat::{NoDeal, moving_cost};
use crate::theory::{UNIT, YEAR};
use crate::uncertain::together;

use super::clock::{CaseTimes, ClockPart};

/// The value of every input of a case in one draw, in the units of the file.
pub fn draw_inputs(case: &Case, seed: u64, draw: u64, values: &mut Vec<f64>) {
    values.clear();
    values.extend((0..case.inputs.len()).map(|k| drawn(case, k, (seed, draw))));
    for (k, u) in moved_together(case, seed, draw, values) {
        values[k] = case.inputs[k].dist.quantile(u, case.inputs[k].scale);
    }
}

/// The value of an input by itself.
fn drawn(case: &Case, k: usize, at: (u64, u64)) -> f64 {
    let input = &case.inputs[k];
    if input.dist.is_point() {
        input.dist.central(input.scale)
    } else {
        input.dist.quantile(uniform(case, k, at), input.scale)
    }
}

/// Where in its distribution a draw, of a seed, puts an input.
fn uniform(case: &Case, k: usize, at: (u64, u64)) -> f64 {
    case.points.uniform(at, k, case.inputs[k].stream)
}

/// The inputs of a draw, now and at the horizon, from those of a case that differs in what is believed
/// about the inputs `moved` alone: to the bit as they are drawn anew.
pub(crate) fn redraw_inputs(
    case: &Case,
    moved: &[usize],
    (seed, draw): (u64, u64),
    [values, later]: [&mut Vec<f64>; 2],
) {
    let among = |id: &InputId| moved.contains(&id.0);
    let mut groups = case.together.iter();
    if groups.any(|g| among(&g.r) || g.inputs.iter().any(|(id, _)| among(id))) {
        draw_inputs(case, seed, draw, values);
        draw_later(case, seed, draw, values, later);
        return;
    }
    for k in moved {
        let input = &case.inputs[*k];
        values[*k] = drawn(case, *k, (seed, draw));
        later[*k] = match &input.later {
            Some(dist) => dist.quantile(uniform(case, *k, (seed, draw)), input.scale),
            None => values[*k],
        };
    }
}

/// The inputs that move together, by their places, and where in its distribution each falls.
fn moved_together(case: &Case, seed: u64, draw: u64, values: &[f64]) -> Vec<(usize, f64)> {
    let own = |k: usize| Some(uniform(case, k, (seed, draw)));
    let mut moved = Vec::new();
    together_from(case, own, |r| values[r], &mut |k, u| moved.push((k, u)));
    moved
}

/// Hands out where the uncertain inputs that move together fall, from independent uniforms (none for
/// an input that is left out) and the values of the groups' correlations.
pub(crate) fn together_from(
    case: &Case,
    own: impl Fn(usize) -> Option<f64>,
    r: impl Fn(usize) -> f64,
    set: &mut dyn FnMut(usize, f64),
) {
    for group in &case.together {
        let r = r(group.r.0) / 100.0;
        if r <= 0.0 {
            continue;
        }
        let drawn = group.inputs.iter().filter_map(|(id, way)| Some((id.0, *way, own(id.0)?)));
        let (mut places, mut ways, mut uniforms) = (Vec::new(), Vec::new(), Vec::new());
        for (k, way, u) in drawn {
            places.push(k);
            ways.push(way);
            uniforms.push(u);
        }
        together(r, &mut uniforms, &ways);
        let moves = places.into_iter().zip(uniforms);
        moves.filter(|(k, _)| !case.inputs[*k].dist.is_point()).for_each(|(k, u)| set(k, u));
    }
}

/// The same inputs at the horizon: where the record lets a position drift, the same uniform picks
/// from what is believed about it then.
pub fn draw_later(case: &Case, seed: u64, draw: u64, values: &[f64], later: &mut Vec<f64>) {
    later.clear();
    later.extend_from_slice(values);
    for (k, (value, input)) in later.iter_mut().zip(&case.inputs).enumerate() {
        if let Some(dist) = &input.later {
            *value = dist.quantile(uniform(case, k, (seed, draw)), input.scale);
        }
    }
    for (k, u) in moved_together(case, seed, draw, values) {
        let input = &case.inputs[k];
        later[k] = input.later.as_ref().unwrap_or(&input.dist).quantile(u, input.scale);
    }
}

/// What a case looks like whatever is drawn, prepared once.
pub struct Frame<'a> {
    case: &'a Case,
    /// Members in the order of their ids: indices of actors.
    pub members: Vec<usize>,
    /// The rules of each side of which one holds; one where there is no doubt.
    rules: Vec<Vec<Rule>>,
    /// Whether what a rule asks depends on the draw.
    drawn_rules: bool,
    negotiator: Vec<Option<usize>>,
    /// Priced deadlines in the order of their days, each with its forecast day.
    pub(super) priced: Vec<(i32, &'a DeadlinePrice)>,
    /// Whether no deal is something else to some member than to the others, or grows.
    own_no_deal: bool,
    times: OnceLock<Arc<CaseTimes>>,
}

/// Force after which the talks go on, on the forecast day on which it first comes in a draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Incident {
    /// The day.
    pub day: i32,
    /// Its place in [`Case::force`].
    pub force: usize,
}

/// What lies behind a bargaining day of a draw.
#[derive(Clone, Copy, Default)]
struct Behind<'b> {
    /// The priced deadlines that have passed, a bit each.
    passed: u64,
    /// How many forecast days.
    days: i32,
    /// The force that has come, in the order of its days.
    incidents: &'b [Incident],
}

/// A red line that moved to its owner's own ideal, as (member, issue, whether it is the minimum).
pub type Moved = (usize, usize, bool);

impl<'a> Frame<'a> {
    /// Prepares a case.
    pub fn new(case: &'a Case) -> Self {
        let members = case.members();
        let mut place = vec![usize::MAX; case.actors.len()];
        for (k, i) in members.iter().enumerate() {
            place[*i] = k;
        }
        let at = |i: usize| place[i];
        let negotiator: Vec<_> = case.sides.iter().map(|side| side.negotiator.map(at)).collect();
        let rules = |(side, n): (&crate::case::Side, &Option<usize>)| -> Vec<Rule> {
            let rule = |rule: &Rule| match (case.switches.seat, n) {
                // Whoever it bargains as, a side does not sign without its negotiator.
                (Seat::Pivotal, Some(n)) => Rule::All(vec![Rule::Actor(*n), rule.renumbered(&at)]),
                _ => rule.renumbered(&at),
            };
            match &side.doubt {
                Some(doubt) => doubt.rules.iter().map(|(r, _)| rule(r)).collect(),
                None => vec![rule(&side.rule)],
            }
        };
        let rules: Vec<Vec<Rule>> = case.sides.iter().zip(&negotiator).map(rules).collect();
        let drawn_rules = rules.iter().flatten().any(Rule::votes)
            || case.sides.iter().any(|side| side.doubt.is_some());
        let mut priced: Vec<(i32, &DeadlinePrice)> = case
            .calendar
            .iter()
            .filter_map(|entry| match &entry.kind {
                CalendarKind::Deadline { hard: true, price: Some(price), .. } => {
                    Some((entry.on.since(case.as_of), price))
                }
                _ => None,
            })
            .collect();
        priced.sort_by_key(|(day, _)| *day);
        let own = |i: &usize| {
            case.actors[*i].member.as_ref().is_some_and(crate::case::Member::has_own_no_deal)
        };
        let own_no_deal = members.iter().any(own);
        let times = OnceLock::new();
        Self { case, members, rules, drawn_rules, negotiator, priced, own_no_deal, times }
    }

    /// Prepares a case for which tables of a clock are at hand: they serve where its own would be
    /// tabulated from the same numbers.
    pub(crate) fn beside(case: &'a Case, tables: &Arc<CaseTimes>) -> Self {
        let frame = Self::new(case);
        if tables.of().is(&ClockPart::new(case)) {
            frame.borrow(tables);
        }
        frame
    }

    /// Takes the tables of a clock that are those of its case, if it has none yet.
    pub(super) fn borrow(&self, tables: &Arc<CaseTimes>) {
        let _ = self.times.set(Arc::clone(tables));
    }

    /// What of the clock no draw changes.
    pub fn times(&self) -> &CaseTimes {
        self.tables()
    }

    /// The same, to be lent to others.
    pub(crate) fn tables(&self) -> &Arc<CaseTimes> {
        self.times.get_or_init(|| Arc::new(CaseTimes::new(ClockPart::new(self.case))))
    }

    /// Which priced deadlines are put off in a draw, a bit each in the order of their days.
    pub(super) fn put_off(&self, values: &[f64]) -> u64 {
        let off = |price: &DeadlinePrice| {
            let chance = price.put_off.map_or(0.0, |id| values[id.0]);
            price.goes.map_or(chance >= 100.0, |goes| values[goes.0] < chance)
        };
        let bit = |(k, (_, price)): (usize, &(i32, &DeadlinePrice))| u64::from(off(price)) << k;
        self.priced.iter().enumerate().take(64).map(bit).sum()
    }

    /// The case.
    pub fn case(&self) -> &'a Case {
        self.case
    }

    /// Position of an input on an issue, in millionths of its scale.
    fn position(&self, values: &[f64], j: usize, id: InputId) -> i32 {
        let (lo, hi) = self.case.issues[j].scale;
        ((values[id.0] - lo) / (hi - lo) * f64::from(UNIT)).round() as i32
    }

    /// The negotiation of one draw on a bargaining day and what no deal is worth in it (steps 1 to 5),
    /// seated as the case's theory says; returns the red lines that moved. `put_off` has the priced
    /// deadlines that are put off in the draw, a bit each; `incidents` the force that does not end the
    /// talks, in the order of its days.
    pub fn negotiation(
        &self,
        values: &[f64],
        drift: Option<&[i32]>,
        day: &BargainingDay,
        (put_off, incidents): (u64, &[Incident]),
        s: &mut Situation,
        no_deal: &mut NoDeal,
    ) -> Vec<Moved> {
        let past = |k: &usize| self.priced[*k].0 < day.from && put_off >> k & 1 == 0;
        let passed = (0..self.priced.len().min(64)).filter(past).map(|k| 1 << k).sum();
        let come = incidents.partition_point(|incident| incident.day < day.from);
        let behind = Behind { passed, days: day.seen, incidents: &incidents[..come] };
        let moved = self.situation_after(values, drift, &behind, s);
        no_deal.d.clear();
        no_deal.d.extend((0..s.members()).map(|i| s.threat_point(i)));
        self.deadlines(values, drift, day, &behind, s, no_deal);
        // Force is decided by those who own it, before anybody is seated otherwise.
        s.no_deal_beside(no_deal);
        s.seat(no_deal, self.case.switches.seat);
        moved
    }

    /// Puts the threat points under the priced deadlines ahead in the place of those without, clock
    /// (10).
    fn deadlines(
        &self,
        values: &[f64],
        drift: Option<&[i32]>,
        day: &BargainingDay,
        behind: &Behind<'_>,
        s: &Situation,
        no_deal: &mut NoDeal,
    ) {
        let ahead: Vec<usize> =
            (0..self.priced.len().min(64)).filter(|k| self.priced[*k].0 >= day.from).collect();
        if ahead.is_empty() {
            return;
        }
        let percent = |id: Option<InputId>| id.map_or(0.0, |id| values[id.0] / 100.0);
        let changes = |k: &usize| self.priced[*k].1.after.iter().any(Option::is_some);
        let hazard: f64 = s.events.iter().map(|e| e.hazard).sum();
        // The threat points after each set of the deadlines ahead that change the status quo.
        let mut plain = vec![(0u64, no_deal.d.clone())];
        let mut other = Situation::default();
        for (place, k) in ahead.iter().enumerate().filter(|(_, k)| changes(k)) {
            for at in 0..plain.len() {
                let set = plain[at].0 | 1 << place;
                let bits = |(place, k): (usize, &usize)| (set >> place & 1) << k;
                let gone: u64 = ahead.iter().enumerate().map(bits).sum();
                let then = Behind { passed: behind.passed | gone, ..*behind };
                self.situation_after(values, drift, &then, &mut other);
                plain.push((set, (0..s.members()).map(|i| other.threat_point(i)).collect()));
            }
            debug_assert!(k < &64);
        }
        for i in 0..s.members() {
            let side = s.side[i];
            let prices: Vec<PriceAhead> = ahead
                .iter()
                .map(|k| {
                    let (on, price) = self.priced[*k];
                    PriceAhead {
                        days: f64::from((on - day.seen).max(0)),
                        put_off: percent(price.put_off),
                        cost: percent(price.cost[side]),
                        changes: changes(k),
                    }
                })
                .collect();
            let worth = |set: u64| {
                let found = plain.iter().find(|(known, _)| *known == set);
                found.map_or(no_deal.d[i], |(_, d)| d[i])
            };
            no_deal.d[i] = threat_before(&prices, s.discount[side], hazard, &worth);
        }
    }

    /// Gives the seats back to the negotiators where the others had picked whom they deal with: nobody
    /// picks a partner with whom there is no deal. Says whether that changes anything.
    pub(super) fn unseat(&self, s: &mut Situation) -> bool {
        if self.case.switches.seat != Seat::Willing || s.negotiator == self.negotiator {
            return false;
        }
        s.negotiator.clone_from(&self.negotiator);
        true
    }

    /// The negotiation of one draw (step 1), into `s`; returns the red lines that moved. `drift`
    /// moves ideals, red lines and demands, `[member × issue]` in millionths.
    pub fn situation(
        &self,
        values: &[f64],
        drift: Option<&[i32]>,
        s: &mut Situation,
    ) -> Vec<Moved> {
        self.situation_after(values, drift, &Behind::default(), s)
    }

    /// The same after some deadlines, days and force: the status quo is what they leave.
    fn situation_after(
        &self,
        values: &[f64],
        drift: Option<&[i32]>,
        behind: &Behind<'_>,
        s: &mut Situation,
    ) -> Vec<Moved> {
        let (case, passed) = (self.case, behind.passed);
        let (n, issues) = (self.members.len(), case.issues.len());
        let of = |id: InputId| values[id.0];
        let percent = |id: Option<InputId>, default: f64| id.map_or(default, |id| of(id) / 100.0);
        let mut moved = Vec::new();
        s.alpha = case.switches.alpha;
        s.quo.clear();
        s.quo.extend((0..issues).map(|j| self.position(values, j, case.issues[j].now)));
        for (_, (_, price)) in
            self.priced.iter().take(64).enumerate().filter(|(k, _)| passed >> k & 1 == 1)
        {
            for (j, id) in price.after.iter().enumerate() {
                if let Some(id) = id {
                    s.quo[j] = self.position(values, j, *id);
                }
            }
        }
        for table in [&mut s.ideal, &mut s.demand] {
            table.clear();
            table.resize(n * issues, NO_DEMAND);
        }
        s.red_min.clear();
        s.red_min.resize(n * issues, i32::MIN);
        s.red_max.clear();
        s.red_max.resize(n * issues, i32::MAX);
        s.weight.clear();
        s.side.clear();
        s.audience.clear();
        s.capability.clear();
        for (k, actor) in self.members.iter().enumerate() {
            let Some(member) = &case.actors[*actor].member else { continue };
            s.side.push(member.side);
            s.audience.push(percent(member.audience, 0.0));
            s.capability.push((of(member.capability) * 1e6).round() as i64);
            let total: f64 = member.salience.iter().map(|id| of(*id)).sum();
            for j in 0..issues {
                let at = k * issues + j;
                let share = of(member.salience[j]) / total;
                s.weight.push(if total > 0.0 { share } else { 1.0 / issues as f64 });
                let Ideal { input: ideal, own, .. } = member.ideal[j];
                let mut theta = self.position(values, j, ideal);
                let min = member.red_min[j].map(|id| self.position(values, j, id));
                let max = member.red_max[j].map(|id| self.position(values, j, id));
                s.demand[at] =
                    member.demand[j].map_or(NO_DEMAND, |id| self.position(values, j, id));
                let (mut lo, mut hi) = (min.unwrap_or(i32::MIN), max.unwrap_or(i32::MAX));
                if own {
                    if lo > theta {
                        lo = theta;
                        moved.push((k, j, true));
                    }
                    if hi < theta {
                        hi = theta;
                        moved.push((k, j, false));
                    }
                } else {
                    // Of two red lines that cross, the lower bound wins: nothing is acceptable.
                    theta = theta.min(hi).max(lo);
                }
                let shift = drift.map_or(0, |d| d[at]);
                let slide = |x: i32| (x + shift).clamp(0, UNIT);
                s.ideal[at] = slide(theta);
                s.red_min[at] = if lo == i32::MIN { lo } else { slide(lo) };
                s.red_max[at] = if hi == i32::MAX { hi } else { slide(hi) };
                if s.demand[at] != NO_DEMAND {
                    s.demand[at] = slide(s.demand[at]);
                }
            }
        }
        self.lacks(values, s);
        s.discount.clear();
        s.cost.clear();
        for side in &case.sides {
            s.discount.push(of(side.discount) / 100.0);
            s.cost.push(of(side.cost) / 100.0);
        }
        if self.drawn_rules || s.rules.len() != case.sides.len() {
            self.rules_of(values, s);
        }
        s.negotiator.clone_from(&self.negotiator);
        self.come(values, behind.incidents, s);
        self.own_no_deal(values, behind, s);
        self.force(values, behind.incidents, s);
        s.promises.clear();
        s.promises.extend(case.promises.iter().map(|p| {
            PromiseRate {
                by: p.by,
                to: p.to,
                rate: of(p.breaks),
                exposed: of(p.exposed) / 100.0,
                once: p.once,
                reopens: p.reopens.map_or(0.0, of),
                ends: p.lasts.map_or(0.0, |years| 1.0 / of(years)),
                secured_by: p.secured_by.map(|(issue, y)| (issue, of(y) / 100.0)),
                verified_by: p
                    .verified_by
                    .map(|v| (v.issue, deterring_rate(of(v.gain), of(v.loss), of(v.miss) / 100.0))),
                sunk: p.sunk.iter().map(|id| percent(*id, 0.0)).collect(),
            }
        }));
        moved
    }

    /// Puts another status quo than that of `base` into the negotiation of a draw, and force and events
    /// on top of it.
    pub fn with_quo(&self, values: &[f64], base: &Situation, quo: &[i32], s: &mut Situation) {
        s.quo.clear();
        s.quo.extend_from_slice(quo);
        // What somebody moves, everybody has moved.
        s.own_quo.clone_from(&base.own_quo);
        for (k, at) in s.own_quo.iter_mut().enumerate() {
            let j = k % quo.len();
            if quo[j] != base.quo[j] {
                *at = quo[j];
            }
        }
        self.force(values, &[], s);
    }

    /// When force after which the talks go on first comes in a draw, in the order of the days up to
    /// `until`: events, and options as if they were used.
    pub(super) fn incidents(&self, values: &[f64], until: i32) -> Vec<Incident> {
        let first = |(k, force): (usize, &crate::case::Force)| {
            let rate = match &force.kind {
                ForceKind::Event { hazard, .. } => values[hazard.0],
                ForceKind::Choice { press, .. } => values[press.0],
            };
            let u = values[force.goes_on?.first.0] / 100.0;
            let days = (-libm::log1p(-u) / rate * YEAR).ceil();
            // Beyond every horizon, or never.
            (days <= f64::from(until)).then_some(Incident { day: (days as i32).max(1), force: k })
        };
        let mut found: Vec<Incident> =
            self.case.force.iter().enumerate().filter_map(first).collect();
        found.sort_by_key(|incident| incident.day);
        found
    }

    /// Whether an incident is an option: it is used only while it pays.
    pub(super) fn is_option(&self, incident: &Incident) -> bool {
        matches!(self.case.force[incident.force].kind, ForceKind::Choice { .. })
    }

    /// The place in [`Case::force`] of an option, by its place among the options.
    pub(super) fn option_at(&self, option: usize) -> Option<usize> {
        let choice = |k: &usize| matches!(self.case.force[*k].kind, ForceKind::Choice { .. });
        (0..self.case.force.len()).filter(choice).nth(option)
    }

    /// The days on which what no deal costs is looked at anew while it moves: twelve, up to `until`.
    pub(super) fn moving_days(&self, values: &[f64], until: i32) -> Vec<i32> {
        let members = self.members.iter().filter_map(|i| self.case.actors[*i].member.as_ref());
        let moves = |m: &crate::case::Member| {
            let first = m.cost.unwrap_or(self.case.sides[m.side].cost);
            m.cost_later.filter(|(last, _)| values[last.0] != values[first.0])
        };
        let days = members.filter_map(moves).map(|(_, days)| values[days.0]);
        let Some(longest) = days.reduce(f64::max) else { return Vec::new() };
        let elapsed = self.case.elapsed();
        let from = (-elapsed).max(0);
        let to = (longest.ceil() as i32).saturating_sub(elapsed).min(until);
        let mut days: Vec<i32> =
            (1..=12).map(|k| from + (i64::from(to - from) * k / 12) as i32 + 1).collect();
        days.retain(|day| *day > from + 1);
        days.dedup();
        if to > from { days } else { Vec::new() }
    }

    /// What each option of issues without order lacks to each member, and its best in the place of an
    /// ideal.
    fn lacks(&self, values: &[f64], s: &mut Situation) {
        s.lacks.clear();
        if !self.case.has_options() {
            return;
        }
        let (n, issues) = (self.members.len(), self.case.issues.len());
        s.lacks.resize(issues, Vec::new());
        for (j, issue) in self.case.issues.iter().enumerate().filter(|(_, i)| i.is_unordered()) {
            let options = issue.options.len();
            let members = self.members.iter().filter_map(|i| self.case.actors[*i].member.as_ref());
            let lacks = |id: &InputId| ((100.0 - values[id.0]) / 100.0 * f64::from(UNIT)).round();
            s.lacks[j] = members.flat_map(|m| &m.worth[j]).map(|id| lacks(id) as i32).collect();
            for k in 0..n {
                let own = &s.lacks[j][k * options..(k + 1) * options];
                let best = (0..options).min_by_key(|o| own[*o]).unwrap_or(0);
                s.ideal[k * issues + j] = option_place(best, options);
            }
        }
    }

    /// Puts what force has left into the status quo.
    fn come(&self, values: &[f64], incidents: &[Incident], s: &mut Situation) {
        for incident in incidents {
            for (j, at) in self.left_by(values, incident, s).into_iter().enumerate() {
                s.quo[j] = at.unwrap_or(s.quo[j]);
            }
        }
    }

    /// Where force that has come leaves the issues it names.
    fn left_by(&self, values: &[f64], incident: &Incident, s: &Situation) -> Vec<Option<i32>> {
        let issues = self.case.issues.len();
        let force = &self.case.force[incident.force];
        let named = |p: &Partial| -> Vec<Option<i32>> {
            (0..issues).map(|j| p[j].map(|id| self.position(values, j, id))).collect()
        };
        let wanted = |side: usize| -> Vec<Option<i32>> {
            let n = s.negotiator[side].unwrap_or(0);
            s.ideal[n * issues..(n + 1) * issues].iter().copied().map(Some).collect()
        };
        match &force.kind {
            ForceKind::Event { after, .. } => named(after),
            ForceKind::Choice { owner, wins, wins_joined, if_won, if_lost, joins, .. } => {
                let out: f64 = joins.iter().map(|(_, id)| 1.0 - values[id.0] / 100.0).product();
                let joined = wins_joined.map_or(values[wins.0], |id| values[id.0]);
                let chance = out * values[wins.0] + (1.0 - out) * joined;
                let falls = force.goes_on.and_then(|g| g.falls).map_or(0.0, |id| values[id.0]);
                let (end, whose) =
                    if falls < chance { (if_won, *owner) } else { (if_lost, force.target) };
                end.as_ref().map_or_else(|| wanted(whose), named)
            }
        }
    }

    /// What no deal is to each member, where it is not one thing.
    fn own_no_deal(&self, values: &[f64], behind: &Behind<'_>, s: &mut Situation) {
        s.own_cost.clear();
        s.own_quo.clear();
        if !self.own_no_deal {
            return;
        }
        let (case, issues) = (self.case, self.case.issues.len());
        let points = |id: InputId| values[id.0] / 100.0;
        // What a deadline or force has brought about, nobody sees otherwise.
        let mut fixed = vec![false; issues];
        let mut fix = |named: &[bool]| fixed.iter_mut().zip(named).for_each(|(f, n)| *f |= *n);
        for (_, (_, price)) in
            self.priced.iter().take(64).enumerate().filter(|(k, _)| behind.passed >> k & 1 == 1)
        {
            fix(&price.after.iter().map(Option::is_some).collect::<Vec<_>>());
        }
        for incident in behind.incidents {
            let left = self.left_by(values, incident, s);
            fix(&left.iter().map(Option::is_some).collect::<Vec<_>>());
        }
        let elapsed = f64::from(case.elapsed().saturating_add(behind.days));
        for actor in &self.members {
            let Some(member) = &case.actors[*actor].member else { continue };
            let side = &case.sides[member.side];
            let first = points(member.cost.unwrap_or(side.cost));
            let r = s.discount[member.side];
            s.own_cost.push(member.cost_later.map_or(first, |(last, days)| {
                moving_cost(first, points(last), values[days.0], elapsed, r)
            }));
            s.own_quo.extend((0..issues).map(|j| match member.without[j] {
                Some(id) if !fixed[j] => self.position(values, j, id),
                _ => s.quo[j],
            }));
        }
        if s.own_quo.chunks_exact(issues).all(|own| own == s.quo.as_slice()) {
            s.own_quo.clear();
        }
    }

    /// The terms of a named text in a draw, in millionths; none on an issue it leaves where it is.
    pub(super) fn text_terms(&self, values: &[f64], text: usize) -> Vec<Option<i32>> {
        let terms = self.case.texts[text].terms.iter().enumerate();
        terms.map(|(j, id)| id.map(|id| self.position(values, j, id))).collect()
    }

    /// The place of the rule of a side that holds in a draw.
    pub(super) fn rule_at(&self, values: &[f64], side: usize) -> usize {
        let doubt = self.case.sides[side].doubt.as_ref();
        doubt.map_or(0, |doubt| doubt.at(values[doubt.pick.0]))
    }

    /// How the seats of each member vote in a draw.
    pub(super) fn ballots(&self, values: &[f64], s: &Situation) -> Vec<Ballot> {
        let share =
            |id: Option<InputId>, default: f64| id.map_or(default, |id| values[id.0] / 100.0);
        let members = self.members.iter().filter_map(|i| self.case.actors[*i].member.as_ref());
        let ballot = |(member, seats): (&crate::case::Member, &i64)| {
            let (rebels, abstains) = (share(member.rebels, 0.0), share(member.abstains, 0.0));
            Ballot::new(*seats, share(member.turnout, 1.0), rebels, abstains)
        };
        members.zip(&s.capability).map(ballot).collect()
    }

    /// The rule of each side in a draw: the one that holds, its votes counted.
    fn rules_of(&self, values: &[f64], s: &mut Situation) {
        let ballots = self.ballots(values, s);
        let holds = |(side, rules): (usize, &Vec<Rule>)| {
            rules[self.rule_at(values, side)].counted(&ballots)
        };
        s.rules = self.rules.iter().enumerate().map(holds).collect();
    }

    fn force(&self, values: &[f64], come: &[Incident], s: &mut Situation) {
        let case = self.case;
        let issues = case.issues.len();
        let of = |id: InputId| values[id.0];
        let partial = |p: &Partial| -> Vec<i32> {
            (0..issues).map(|j| p[j].map_or(s.quo[j], |id| self.position(values, j, id))).collect()
        };
        // One-off costs are utility points: a hundredth of a year of everything.
        let costs = |list: &[Option<InputId>]| -> Vec<f64> {
            list.iter().map(|id| id.map_or(0.0, |id| of(id) / 100.0)).collect()
        };
        let ideals = |side: usize| -> Vec<i32> {
            let n = s.negotiator[side].unwrap_or(0);
            s.ideal[n * issues..(n + 1) * issues].to_vec()
        };
        let names = |p: Option<&Partial>| -> Vec<bool> {
            p.map_or_else(|| vec![true; issues], |p| p.iter().map(Option::is_some).collect())
        };
        let (mut events, mut incidents, mut options) = (Vec::new(), Vec::new(), Vec::new());
        for (k, force) in case.force.iter().enumerate() {
            match &force.kind {
                ForceKind::Event { hazard, reacts, after, .. } => {
                    let event = ForceEvent {
                        hazard: of(*hazard),
                        reacts: of(*reacts),
                        after: partial(after),
                        names: names(Some(after)),
                        cost: costs(&force.cost),
                    };
                    if force.goes_on.is_some() { &mut incidents } else { &mut events }.push(event);
                }
                ForceKind::Choice {
                    owner,
                    wins,
                    wins_joined,
                    if_won,
                    if_lost,
                    cost_joined,
                    joins,
                    press,
                } => {
                    let stays_out: f64 =
                        joins.iter().map(|(_, id)| 1.0 - of(*id) / 100.0).product();
                    let cost = costs(&force.cost);
                    options.push(ForceOption {
                        owner: *owner,
                        target: force.target,
                        wins: of(*wins) / 100.0,
                        wins_joined: wins_joined.map_or(of(*wins), of) / 100.0,
                        joins: 1.0 - stays_out,
                        won: if_won.as_ref().map_or_else(|| ideals(*owner), &partial),
                        lost: if_lost.as_ref().map_or_else(|| ideals(force.target), &partial),
                        cost_joined: cost_joined
                            .iter()
                            .zip(&cost)
                            .map(|(id, alone)| id.map_or(*alone, |id| of(id) / 100.0))
                            .collect(),
                        cost,
                        press: of(*press),
                        goes_on: force
                            .goes_on
                            .map(|_| [names(if_won.as_ref()), names(if_lost.as_ref())]),
                        spent: come.iter().any(|incident| incident.force == k),
                    });
                }
            }
        }
        s.events = events;
        s.incidents = incidents;
        s.options = options;
    }

    /// How uncertain each side's reservation is to the others, σ, in utility (step 11).
    ///
    /// `noise` where the file says it, else `σ_s = Σ_j w_nj·incoherence_sj` over the issues, with
    /// the negotiator's weights: mixed messages are what the others see.
    pub fn sigma(&self, values: &[f64], s: &Situation) -> Vec<f64> {
        let issues = s.issues();
        let mixed = |side: usize, spread: &[f64]| {
            let weights = self.negotiator[side].map(|n| &s.weight[n * issues..(n + 1) * issues]);
            weights.map_or(0.0, |w| w.iter().zip(spread).map(|(w, i)| w * i).sum())
        };
        let each = |(k, side): (usize, &crate::case::Side)| match side.noise {
            _ if !self.case.switches.noisy_signals => 0.0,
            Some(id) => values[id.0] / 100.0,
            None => mixed(k, &side.incoherence),
        };
        self.case.sides.iter().enumerate().map(each).collect()
    }

    /// How far the ideals that come from the record have moved by the horizon, `[member × issue]`
    /// in millionths, into `drift`; false where none does. `later` holds the inputs' values there.
    pub fn drift(&self, values: &[f64], later: &[f64], drift: &mut Vec<i32>) -> bool {
        let issues = self.case.issues.len();
        drift.clear();
        drift.resize(self.members.len() * issues, 0);
        for (k, actor) in self.members.iter().enumerate() {
            let Some(member) = &self.case.actors[*actor].member else { continue };
            for j in (0..issues).filter(|j| member.ideal[*j].recorded) {
                let id = member.ideal[j].input;
                drift[k * issues + j] = self.position(later, j, id) - self.position(values, j, id);
            }
        }
        drift.iter().any(|d| *d != 0)
    }
}
