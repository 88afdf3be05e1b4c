//! The calendar: from prospects to first endings, day by day (method 13–16).
//!
//! # Model
//! Rates are per day, t = 1 … horizon + 5w after the date told from.
//!
//! - agreement `Λ_a = 1{Z ≠ ∅}·(B/zref)·min(4, max(¼, G/Gref))^γ·cal(t)·(1 − s)`
//! - other endings together `o(t)·(1 with a zone, χ without)/(zref + χ(1 − zref))`; the owner's
//!   force `f₀·1{credible}·(1 if Z = ∅ else s)` and the events are taken out of this total
//! - events `Λ_e = λ_e exp(βG⁺_{t+1})`, `G⁺_t = h_a + (1 − Σh_c)e^{−1/w}G⁺_{t+1}`
//! - `h_c = (Λ_c/Λ)(1 − e^{−Λ})`, `CIF_c(t) = CIF_c(t−1) + S(t−1)h_c`, `S(t) = S(t−1)(1 − Σh_c)`
//!
//! # Reference
//! Competing risks in discrete time: Kalbfleisch & Prentice 2002, ch. 8. Base rates: International
//! Crisis Behavior (Brecher & Wilkenfeld 1997; Brecher et al. 2025). That deadlines move hazard
//! rather than add to it, and that stochastic ones do not: Yildiz 2004.

use libm::{exp, expm1, pow};

/// Rate of endings other than agreement in ICB, per day, up to the given day of the talks; the
/// last rate holds from then on.
pub const OTHER_ENDINGS: [(i32, f64); 5] =
    [(30, 0.0090), (60, 0.0052), (90, 0.0045), (365, 0.0030), (i32::MAX, 0.0016)];

/// The bounds on room relative to the reference, whatever a draw says: judgement.
pub const ROOM_BOUNDS: (f64, f64) = (0.25, 4.0);

/// Days in a year.
pub const YEAR: f64 = 365.25;

/// The rate of all other endings on a day of the talks, per day.
pub fn other_endings(day_of_talks: i32) -> f64 {
    OTHER_ENDINGS.iter().find(|(to, _)| day_of_talks <= *to).map_or(0.0, |(_, rate)| *rate)
}

/// The constants of one draw.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// B, per day.
    pub base: f64,
    /// Share of past cases with a zone.
    pub zref: f64,
    /// Room of a typical case.
    pub gref: f64,
    /// γ.
    pub gamma: f64,
    /// χ.
    pub chi: f64,
    /// w, days.
    pub window: f64,
    /// Shares of breakdown, suspension and interim; they sum to 1.
    pub shares: [f64; 3],
    /// Extra weight of a certain round day.
    pub round_weight: f64,
    /// Extra weight of each last day before a hard deadline.
    pub deadline_weight: f64,
    /// How many last days count.
    pub deadline_days: f64,
}

/// The dates of one draw, in days after the date told from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dates {
    /// How many days the talks have lasted on the date told from.
    pub elapsed: i32,
    /// Rounds, with the chance that each is held.
    pub rounds: Vec<(i32, f64)>,
    /// Hard deadlines.
    pub deadlines: Vec<i32>,
    /// The last day of the curve.
    pub horizon: i32,
}

/// What the state of the talks is at one of the two nodes in time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Prospects {
    /// Room G, `None` if no package would be ratified.
    pub room: Option<f64>,
    /// Chance that a proposal fails, s.
    pub screening: f64,
    /// The owner's hazard of force while it is credible, per day; 0 if it is not.
    pub force: f64,
}

/// An event's hazard per day and its reaction β to prospects.
pub type Hazard = (f64, f64);

/// The calendars of one draw under several sets of constants at once: lanes that share the state of
/// the talks. Every lane has its agreement curve, lane 0 all endings by day, and with a day to ask
/// for every lane the endings by then.
#[derive(Clone, Debug, Default)]
pub struct Calendars {
    lanes: usize,
    hazards: usize,
    /// `[day × lane]`, the days from 1.
    weights: Vec<f64>,
    agreement: Vec<f64>,
    /// Lane 0: other endings, the owner's force, and each event, `[day × (2 + events)]`.
    first: Vec<f64>,
    /// The same for every lane on the day asked for.
    asked: Vec<f64>,
    /// `exp(βG⁺)` of each event by day, `[day × event × lane]`; empty where nothing reacts.
    reaction: Vec<f64>,
    /// What the backward pass leaves for the forward one: the chance that a day that is reached
    /// ends in agreement, and at all, `[day × lane]` each.
    agrees: Vec<f64>,
    ends: Vec<f64>,
    /// And for lane 0: `(1 − e^{−Λ})/Λ`, and the rate of other endings, `[day]`.
    own: Vec<(f64, f64)>,
    scratch: Scratch,
}

#[derive(Clone, Debug, Default)]
struct Scratch {
    total: Vec<f64>,
    share: Vec<f64>,
    agree: Vec<f64>,
    other: Vec<f64>,
    events: Vec<f64>,
    prospect: Vec<f64>,
    change: Vec<f64>,
    react: Vec<f64>,
    survival: Vec<f64>,
    cum: Vec<f64>,
}

/// `(1 − e^{−x})/x` comes from its series up to here, beyond from `libm`.
const SERIES: f64 = 0.25;

/// Up to here five terms of `e^x` will do, and up to there eight; beyond it comes from `libm`.
const TINY: f64 = 1.0 / 64.0;
const SMALL: f64 = 1.0 / 8.0;

/// 1!, 2!, …
const FACTORIALS: [f64; 10] =
    [1.0, 2.0, 6.0, 24.0, 120.0, 720.0, 5_040.0, 40_320.0, 362_880.0, 3_628_800.0];

/// Up to here six terms of it are as good as ten.
const SHORT: f64 = 1.0 / 32.0;

/// `(1 − e^{−x})/x = Σ (−x)^k/(k+1)!` by N terms; the first term left out bounds the error: with
/// ten at most 3e-14 on [0, ¼], with six 2e-13 on [0, 1/32].
fn series<const N: usize>(x: f64) -> f64 {
    let mut q = 0.0;
    for k in (0..N).rev() {
        q = 1.0 / FACTORIALS[k] - x * q;
    }
    q
}

/// `e^x = Σ x^k/k!` by N terms after the 1: with five at most 1e-13 for |x| ≤ 1/64, with eight
/// 3e-14 for |x| ≤ 1/8.
fn small_exp<const N: usize>(x: f64) -> f64 {
    let mut e = 0.0;
    for k in (0..N).rev() {
        e = 1.0 / FACTORIALS[k] + x * e;
    }
    1.0 + x * e
}

impl Calendars {
    /// Computes steps 13–16; `now` holds before half the horizon, `later` from then on. With a
    /// `day` that day's endings are kept for every lane.
    pub fn run(
        &mut self,
        rates: &[Rates],
        dates: &Dates,
        now: &Prospects,
        later: &Prospects,
        events: &[Hazard],
        day: Option<i32>,
    ) {
        let (lanes, horizon) = (rates.len(), dates.horizon.max(0));
        (self.lanes, self.hazards) = (lanes, events.len());
        let nodes = [Node::new(rates, now), Node::new(rates, later)];
        let on = |t: i32| usize::from(2 * t >= horizon);
        self.day_weights(rates, dates);
        self.agreement.clear();
        let reacted = self.react(rates, dates, &nodes, events);
        let s = &mut self.scratch;
        let wide = 2 + events.len();
        self.first.clear();
        if reacted && day.is_none() {
            // The backward pass has been everywhere already.
            s.survival.clear();
            s.survival.resize(lanes, 1.0);
            s.cum.clear();
            s.cum.resize(lanes + wide, 0.0);
            let survival = &mut s.survival[..lanes];
            let (cum, rest) = s.cum.split_at_mut(lanes);
            let by_day = self.agrees.chunks_exact(lanes).zip(self.ends.chunks_exact(lanes));
            for (k, (agrees, ends)) in by_day.enumerate() {
                let (share, other) = self.own[k];
                let step = survival[0] * share;
                rest[0] += step * other;
                rest[1] += step * nodes[on(k as i32 + 1)].force;
                for (e, (rate, _)) in events.iter().enumerate() {
                    rest[2 + e] += step * rate * self.reaction[(k * events.len() + e) * lanes];
                }
                for l in 0..lanes {
                    cum[l] += survival[l] * agrees[l];
                    survival[l] -= survival[l] * ends[l];
                }
                self.agreement.extend_from_slice(cum);
                self.first.extend_from_slice(rest);
            }
            return;
        }
        for v in [&mut s.total, &mut s.share, &mut s.agree, &mut s.other, &mut s.events] {
            v.clear();
            v.resize(lanes, 0.0);
        }
        s.survival.clear();
        s.survival.resize(lanes, 1.0);
        s.cum.clear();
        s.cum.resize(lanes * (1 + wide), 0.0);
        self.asked.clear();
        self.asked.resize(lanes * wide, 0.0);
        for t in 1..=horizon {
            let node = &nodes[on(t)];
            let k = t as usize - 1;
            let reaction = self.reaction.get(k * events.len() * lanes..).unwrap_or(&[]);
            s.day(lanes, node, &self.weights[k * lanes..], dates.elapsed + t, events, reaction);
            let (cum_a, rest) = s.cum.split_at_mut(lanes);
            for l in 0..lanes {
                let step = s.survival[l] * s.share[l];
                cum_a[l] += step * s.agree[l];
                rest[l] += step * s.other[l];
                rest[lanes + l] += step * node.force;
                for (e, (rate, _)) in events.iter().enumerate() {
                    let factor = reaction.get(e * lanes + l).copied().unwrap_or(1.0);
                    rest[(2 + e) * lanes + l] += step * rate * factor;
                }
                s.survival[l] -= step * s.total[l];
            }
            self.agreement.extend_from_slice(cum_a);
            self.first.extend((0..wide).map(|c| rest[c * lanes]));
            if day == Some(t) {
                self.asked.copy_from_slice(rest);
            }
        }
    }

    /// Cumulative incidence of agreement by day t ≥ 1 in a lane.
    pub fn agreement(&self, lane: usize, t: i32) -> f64 {
        self.agreement[(t as usize - 1) * self.lanes + lane]
    }

    /// The agreement curves of all lanes, `[day × lane]`.
    pub fn agreements(&self) -> &[f64] {
        &self.agreement
    }

    /// Lane 0 by day t ≥ 1: other endings, the owner's force, and each event.
    pub fn first(&self, t: i32) -> &[f64] {
        let wide = 2 + self.hazards;
        &self.first[(t as usize - 1) * wide..t as usize * wide]
    }

    /// A lane on the day asked for: other endings, and force of all kinds.
    pub fn asked(&self, lane: usize) -> (f64, f64) {
        let force = (1..2 + self.hazards).map(|c| self.asked[c * self.lanes + lane]).sum();
        (self.asked[lane], force)
    }

    /// cal(t): hazard moved between days, mean 1 over the horizon.
    fn day_weights(&mut self, rates: &[Rates], dates: &Dates) {
        let (lanes, days) = (rates.len(), dates.horizon.max(0) as usize);
        self.weights.clear();
        self.weights.resize(lanes * days, 1.0);
        for (l, r) in rates.iter().enumerate() {
            let mut extra = 0.0;
            let mut add = |t: i32, weight: f64| {
                if (1..=dates.horizon).contains(&t) {
                    self.weights[(t as usize - 1) * lanes + l] += weight;
                    extra += weight;
                }
            };
            for (t, holds) in &dates.rounds {
                add(*t, r.round_weight * holds);
            }
            for deadline in &dates.deadlines {
                for back in 0..r.deadline_days.round() as i32 {
                    add(deadline - back, r.deadline_weight);
                }
            }
            if extra > 0.0 {
                let scale = days as f64 / (days as f64 + extra);
                self.weights.iter_mut().skip(l).step_by(lanes).for_each(|w| *w *= scale);
            }
        }
    }

    /// The backward pass of step 15, where some event reacts and there is something to react to;
    /// false where not.
    fn react(
        &mut self,
        rates: &[Rates],
        dates: &Dates,
        nodes: &[Node; 2],
        events: &[Hazard],
    ) -> bool {
        self.reaction.clear();
        let reacts = events.iter().any(|(rate, beta)| *rate > 0.0 && *beta != 0.0);
        if !reacts || nodes.iter().all(|n| !n.zone) {
            return false;
        }
        let (lanes, horizon) = (rates.len(), dates.horizon.max(0));
        let (width, all) = (events.len() * lanes, lanes);
        self.reaction.resize(width * horizon as usize, 1.0);
        self.agrees.resize(lanes * horizon as usize, 0.0);
        self.ends.resize(lanes * horizon as usize, 0.0);
        self.own.resize(horizon as usize, (0.0, 0.0));
        let discount: Vec<f64> = rates.iter().map(|r| exp(-1.0 / r.window)).collect();
        // Each lane looks ahead as far as its own window.
        let sight: Vec<i32> = rates.iter().map(|r| (5.0 * r.window).ceil() as i32).collect();
        let longest = sight.iter().copied().max().unwrap_or(0);
        let plain = vec![1.0; lanes];
        let s = &mut self.scratch;
        for v in [&mut s.total, &mut s.share, &mut s.agree, &mut s.other, &mut s.events] {
            v.clear();
            v.resize(lanes, 0.0);
        }
        s.prospect.clear();
        s.prospect.resize(lanes, 0.0);
        s.change.clear();
        s.change.resize(lanes, 0.0);
        s.react.clear();
        s.react.resize(width, 1.0);
        for t in (1..=horizon + longest).rev() {
            let node = &nodes[usize::from(2 * t >= horizon)];
            let inside = t <= horizon;
            // Past the horizon only the lanes that see so far; their order decides what that saves.
            let seen = |s: &i32| t - horizon <= *s;
            let lanes =
                if inside { lanes } else { sight.iter().rposition(seen).map_or(0, |l| l + 1) };
            let days = if inside { (t as usize - 1) * lanes..t as usize * lanes } else { 0..0 };
            let weights = if inside { &self.weights[days.clone()] } else { &plain[..] };
            let react = std::mem::take(&mut s.react);
            s.day(lanes, node, weights, dates.elapsed + t, events, &react);
            if inside {
                self.reaction[(t as usize - 1) * width..t as usize * width].copy_from_slice(&react);
            }
            s.react = react;
            let (share, agree, total) = (&s.share[..lanes], &s.agree[..lanes], &s.total[..lanes]);
            let (prospect, change) = (&mut s.prospect[..lanes], &mut s.change[..lanes]);
            let ahead = &discount[..lanes];
            for l in 0..lanes {
                let (agrees, ends) = (share[l] * agree[l], share[l] * total[l]);
                change[l] = agrees + (1.0 - ends) * ahead[l] * prospect[l] - prospect[l];
            }
            let largest = largest(change);
            if !inside {
                for l in 0..lanes {
                    if t - horizon > sight[l] {
                        change[l] = 0.0;
                    }
                }
            } else {
                let agrees = self.agrees[days.clone()].iter_mut().zip(share).zip(agree);
                agrees.for_each(|((to, share), agree)| *to = share * agree);
                let ends = self.ends[days].iter_mut().zip(share).zip(total);
                ends.for_each(|((to, share), total)| *to = share * total);
                self.own[t as usize - 1] = (share[0], s.other[0]);
            }
            prospect.iter_mut().zip(&*change).for_each(|(p, c)| *p += c);
            for (e, (_, beta)) in events.iter().enumerate() {
                let react = &mut s.react[e * all..e * all + lanes];
                if (beta * largest).abs() <= TINY {
                    for l in 0..lanes {
                        react[l] *= small_exp::<5>(beta * change[l]);
                    }
                } else {
                    for l in 0..lanes {
                        let x = beta * change[l];
                        react[l] = match x.abs() {
                            size if size <= TINY => react[l] * small_exp::<5>(x),
                            size if size <= SMALL => react[l] * small_exp::<8>(x),
                            _ => exp(beta * prospect[l]),
                        };
                    }
                }
            }
        }
        true
    }
}

/// The largest absolute value, four at a time.
fn largest(values: &[f64]) -> f64 {
    let mut most = [0.0f64; 4];
    let (quads, rest) = values.as_chunks::<4>();
    for quad in quads {
        for k in 0..4 {
            let x = quad[k].abs();
            most[k] = if x > most[k] { x } else { most[k] };
        }
    }
    rest.iter().map(|x| x.abs()).chain(most).fold(0.0, |m, x| if x > m { x } else { m })
}

/// What the rates of all lanes share at one of the two nodes in time.
struct Node {
    zone: bool,
    agreement: Vec<f64>,
    others: Vec<f64>,
    force: f64,
}

impl Node {
    fn new(rates: &[Rates], p: &Prospects) -> Self {
        let zone = p.room.is_some();
        let others = |r: &Rates| {
            let faster = if zone { 1.0 } else { r.chi };
            faster / (r.zref + r.chi * (1.0 - r.zref))
        };
        Self {
            zone,
            agreement: rates.iter().map(|r| agreement_rate(r, p)).collect(),
            others: rates.iter().map(others).collect(),
            force: p.force * if zone { p.screening } else { 1.0 },
        }
    }
}

impl Scratch {
    /// The rates of one day, and `share` = (1 − e^{−Λ})/Λ, so that `h_c = share · Λ_c`.
    /// Of all lanes the first `lanes` are wanted.
    fn day(
        &mut self,
        lanes: usize,
        node: &Node,
        weights: &[f64],
        day: i32,
        events: &[Hazard],
        react: &[f64],
    ) {
        let stride = self.total.len();
        let other = other_endings(day);
        self.events.iter_mut().for_each(|e| *e = 0.0);
        for (e, (rate, _)) in events.iter().enumerate() {
            match react.get(e * stride..e * stride + lanes) {
                Some(r) => self.events.iter_mut().zip(r).for_each(|(sum, r)| *sum += rate * r),
                None => self.events.iter_mut().for_each(|sum| *sum += rate),
            }
        }
        let (agreement, others) = (&node.agreement[..lanes], &node.others[..lanes]);
        let (total, agree, rest) =
            (&mut self.total[..lanes], &mut self.agree[..lanes], &mut self.other[..lanes]);
        let (share, events, weights) =
            (&mut self.share[..lanes], &self.events[..lanes], &weights[..lanes]);
        let mut changed = 0.0;
        for l in 0..lanes {
            agree[l] = agreement[l] * weights[l];
            let (ceiling, inside) = (other * others[l], node.force + events[l]);
            // Written out: `f64::max` also minds NaN, and then nothing runs two lanes at a time.
            let fits = ceiling > inside;
            rest[l] = if fits { ceiling - inside } else { 0.0 };
            let all = agree[l] + if fits { ceiling } else { inside };
            changed += (all - total[l]).abs();
            total[l] = all;
        }
        // Reactions move hazard inside the ceiling: from one plain day to the next nothing changes.
        if changed == 0.0 {
            return;
        }
        let largest = largest(total);
        if largest <= SHORT {
            for l in 0..lanes {
                share[l] = series::<6>(total[l]);
            }
            return;
        }
        // Each lane as it would be alone: which lanes run together must change no bit.
        for l in 0..lanes {
            let (short, long) = (series::<6>(total[l]), series::<10>(total[l]));
            share[l] = if total[l] <= SHORT { short } else { long };
        }
        if largest > SERIES {
            for l in 0..lanes {
                if total[l] > SERIES {
                    share[l] = -expm1(-total[l]) / total[l];
                }
            }
        }
    }
}

/// The agreement rate before the calendar moves it, per day (step 13).
fn agreement_rate(rates: &Rates, p: &Prospects) -> f64 {
    let Some(room) = p.room else { return 0.0 };
    let relative = (room / rates.gref).clamp(ROOM_BOUNDS.0, ROOM_BOUNDS.1);
    rates.base / rates.zref * pow(relative, rates.gamma) * (1.0 - p.screening)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates() -> Rates {
        Rates {
            base: 0.00232,
            zref: 0.5,
            gref: 0.25,
            gamma: 0.5,
            chi: 2.0,
            window: 30.0,
            shares: [0.4, 0.4, 0.2],
            round_weight: 5.0,
            deadline_weight: 3.0,
            deadline_days: 7.0,
        }
    }

    fn prospects(room: Option<f64>) -> Prospects {
        Prospects { room, screening: 0.0, force: 0.0 }
    }

    fn one(rates: Rates, dates: &Dates, p: &Prospects, events: &[Hazard]) -> Calendars {
        let mut c = Calendars::default();
        c.run(&[rates], dates, p, p, events, Some(dates.horizon));
        c
    }

    /// Averaged over cases at zref = ½ the calendar returns the base rates it was made from:
    /// agreement 6/10/14/20/26 % and other endings 23/33/40/50/62 % at 30/60/90/180/365 days
    /// (observed in ICB: 6/10/14/21/29 and 23/33/40/50/61).
    #[test]
    fn averaged_over_cases_the_base_rates_come_back() {
        let r = rates();
        let dates = Dates { horizon: 365, ..Dates::default() };
        let without = one(r, &dates, &prospects(None), &[]);
        // B varies between cases, so the mean runs over its distribution, here at midpoints.
        let n = 2_000;
        let (mut agreement, mut other) = ([0.0; 5], [0.0; 5]);
        for k in 0..n {
            let u = (f64::from(k) + 0.5) / f64::from(n);
            let base = crate::uncertain::special::gamma_quantile(5.3, u) / 2275.0;
            let with = one(Rates { base, ..r }, &dates, &prospects(Some(r.gref)), &[]);
            for (at, t) in [30, 60, 90, 180, 365].into_iter().enumerate() {
                agreement[at] += 0.5 * with.agreement(0, t) / f64::from(n);
                other[at] += 0.5 * (with.first(t)[0] + without.first(t)[0]) / f64::from(n);
            }
        }
        let percent = |v: [f64; 5]| v.map(|p| (100.0 * p).round());
        assert_eq!(percent(agreement), [6.0, 10.0, 14.0, 20.0, 26.0]);
        assert_eq!(percent(other), [23.0, 33.0, 40.0, 50.0, 62.0]);
    }

    #[test]
    fn constant_rates_have_their_closed_form() {
        let dates = Dates { horizon: 25, ..Dates::default() };
        let c = one(rates(), &dates, &prospects(Some(0.25)), &[]);
        let (a, o) = (0.00232 / 0.5, 0.0090 / 1.5);
        for t in [1, 10, 25] {
            let p = a / (a + o) * -expm1(-(a + o) * f64::from(t));
            assert!((c.agreement(0, t) - p).abs() < 1e-13);
        }
    }

    #[test]
    fn rounds_and_hard_deadlines_move_hazard_but_add_none() {
        let mut c = Calendars::default();
        let dates = Dates {
            horizon: 100,
            rounds: vec![(10, 0.5), (400, 1.0)],
            deadlines: vec![50],
            ..Dates::default()
        };
        c.day_weights(&[rates()], &dates);
        assert!((c.weights.iter().sum::<f64>() - 100.0).abs() < 1e-10);
        let plain = c.weights[0];
        assert!((c.weights[9] / plain - 3.5).abs() < 1e-12);
        assert!((c.weights[49] / plain - 4.0).abs() < 1e-12);
        assert!((c.weights[43] / plain - 4.0).abs() < 1e-12);
        assert!((c.weights[42] / plain - 1.0).abs() < 1e-12);
    }

    #[test]
    fn without_reaction_there_is_no_loop_and_with_it_prospects_draw_the_spoiler() {
        let zone = prospects(Some(0.25));
        let dates = Dates { horizon: 200, ..Dates::default() };
        let deaf = one(rates(), &dates, &zone, &[(0.001, 0.0)]);
        let keen = one(rates(), &dates, &zone, &[(0.001, 4.0)]);
        assert!(deaf.reaction.is_empty());
        assert!(keen.first(200)[2] > deaf.first(200)[2]);
        for t in [1, 100, 200] {
            let sum = keen.agreement(0, t) + keen.first(t).iter().sum::<f64>();
            assert!(sum < 1.0 && sum > 0.0);
        }
    }

    /// The backward pass against one written straight from the formulas, and lanes against runs
    /// of their own.
    #[test]
    fn lanes_and_series_agree_with_the_formulas_written_out() {
        let r = Rates { base: 0.02, ..rates() };
        let dates = Dates { horizon: 60, rounds: vec![(7, 1.0)], elapsed: 10, ..Dates::default() };
        let zone = prospects(Some(0.3));
        let (rate, beta) = (0.002, 5.0);
        let c = one(r, &dates, &zone, &[(rate, beta)]);
        let lambda = |t: i32, ahead: f64| {
            let mean = 65.0 / 60.0;
            let w = match t {
                7 => 6.0 / mean,
                61.. => 1.0,
                _ => 1.0 / mean,
            };
            let a = r.base / r.zref * libm::pow(0.3 / 0.25, 0.5) * w;
            let e = rate * exp(beta * ahead);
            (a, e, (other_endings(10 + t) / 1.5 - e).max(0.0))
        };
        let mut prospect = vec![0.0; 212];
        for t in (1..=210).rev() {
            let (a, e, o) = lambda(t, prospect[t as usize + 1]);
            let h = 1.0 - exp(-(a + e + o));
            prospect[t as usize] =
                a / (a + e + o) * h + (1.0 - h) * exp(-1.0 / 30.0) * prospect[t as usize + 1];
        }
        let (mut survival, mut cum) = (1.0, [0.0; 3]);
        for t in 1..=60 {
            let (a, e, o) = lambda(t, prospect[t as usize + 1]);
            let h = 1.0 - exp(-(a + e + o));
            for (sum, part) in cum.iter_mut().zip([a, o, e]) {
                *sum += survival * h * part / (a + e + o);
            }
            survival *= 1.0 - h;
            let ours = [c.agreement(0, t), c.first(t)[0], c.first(t)[2]];
            for (x, y) in ours.iter().zip(cum) {
                assert!((x - y).abs() < 1e-12, "day {t}: {ours:?} {cum:?}");
            }
        }
        let mut both = Calendars::default();
        both.run(&[rates(), r], &dates, &zone, &zone, &[(rate, beta)], Some(30));
        for t in 1..=60 {
            assert_eq!(both.agreement(1, t), c.agreement(0, t));
        }
        assert_eq!(both.asked(1), (c.first(30)[0], c.first(30)[1] + c.first(30)[2]));
        both.run(&[rates(), r], &dates, &zone, &zone, &[(rate, beta)], None);
        for t in 1..=60 {
            assert!((both.agreement(1, t) - c.agreement(0, t)).abs() < 1e-14);
        }
    }
}
