//! A draw from the date told from on: which ending comes first, day by day.
//!
//! Many sets of constants (lanes) run side by side over one draw, in arithmetic that takes several
//! lanes at a time; what a lane gives does not depend on the others.

use std::ops::Range;

use libm::exp;

use super::exponential::{exps, shares};
use super::rates::{DailyRates, RatesOfDay};

/// What the parties' prospects are from a forecast day on, until the next node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeNode<'a> {
    /// The first forecast day, at least 1.
    pub from: i32,
    /// How fast it agrees against the class's own with a zone, `f·(1 − s)`, in each lane; none
    /// without a zone.
    pub pace: Option<&'a [f64]>,
    /// The owner's hazard of force per day: `f_0·1{credible}·(1 without a zone, else s)`.
    pub force: f64,
}

/// An event that nobody at the table controls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EventRate {
    /// λ, per day.
    pub rate: f64,
    /// β: how it reacts to the prospect of a deal.
    pub reacts: f64,
}

/// The days a draw is run over, and what of it is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Span<'a> {
    /// The elapsed day told from, τ0.
    pub elapsed: i32,
    /// The last forecast day.
    pub horizon: i32,
    /// The forecast day on which what is still open lapses.
    pub ends: Option<i32>,
    /// How far an event looks ahead in each lane, w, days; read only where one reacts.
    pub sight: &'a [f64],
    /// In how many first lanes endings other than agreement are kept by day.
    pub detailed: usize,
    /// Whether their sums are kept by day in every lane.
    pub asked: bool,
    /// The last forecast day that matters; the horizon unless said.
    pub until: Option<i32>,
}

impl Span<'_> {
    /// How many elapsed days the rates must cover: to the horizon, and where events react five
    /// times their sight beyond it.
    pub fn days(&self, reacts: bool) -> usize {
        let beyond = if reacts { self.beyond() } else { 0 };
        usize::try_from(self.elapsed + self.horizon.max(0) + beyond).unwrap_or(0)
    }

    /// The last forecast day that is run.
    fn last(&self) -> i32 {
        self.until.map_or(self.horizon, |until| until.min(self.horizon)).max(0)
    }

    /// How many days past the horizon some lane looks.
    fn beyond(&self) -> i32 {
        self.sight.iter().map(|sight| ahead(*sight)).max().unwrap_or(0)
    }
}

/// How many days past the horizon an event is followed.
fn ahead(sight: f64) -> i32 {
    (5.0 * sight).ceil() as i32
}

/// The chances of each first ending on forecast days 1, 2, …; what is left on the last is open.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FirstEndings {
    lanes: usize,
    detailed: usize,
    count: usize,
    /// `[day × lane]`.
    own: Vec<f64>,
    opened: Vec<f64>,
    /// `[day × detailed lane]`.
    other: Vec<f64>,
    force: Vec<f64>,
    /// `[day × detailed lane × event]`.
    events: Vec<f64>,
    /// By lane.
    lapsed: Vec<f64>,
    open: Vec<f64>,
    /// Other endings, and force and events together, `[day × lane]`; empty where nobody asks.
    asked: [Vec<f64>; 2],
    /// `exp(βG⁺)`, `[day × event × lane]`; empty where nothing reacts.
    reaction: Vec<f64>,
    /// `(1 − e^{−Λ})/Λ` of the draw's own rates, `[day × lane]`, as the reaction's pass left it; empty
    /// where nothing reacts.
    known: Vec<f64>,
    scratch: Scratch,
}

/// One day of one kind of mass, by lane.
#[derive(Clone, Debug, Default, PartialEq)]
struct Scratch {
    agreement: Vec<f64>,
    other: Vec<f64>,
    total: Vec<f64>,
    /// `(1 − e^{−Λ})/Λ`.
    ended: Vec<f64>,
    inside: Vec<f64>,
    mass: Vec<f64>,
    late: Vec<f64>,
    prospect: Vec<f64>,
    factor: Vec<f64>,
    discount: Vec<f64>,
}

impl Scratch {
    fn resize(&mut self, lanes: usize) {
        for column in [
            &mut self.agreement,
            &mut self.other,
            &mut self.total,
            &mut self.ended,
            &mut self.inside,
            &mut self.mass,
            &mut self.late,
            &mut self.prospect,
            &mut self.factor,
        ] {
            column.clear();
            column.resize(lanes, 0.0);
        }
        self.mass.fill(1.0);
    }

    /// The rates of a day, clock (12): force and events (`inside`) come out of the other endings. With
    /// a zone at `pace` times the class's rate of agreement, or without; `known` is (1 − e^{−Λ})/Λ where
    /// it was computed before.
    fn day(&mut self, rates: RatesOfDay<'_>, pace: Option<&[f64]>, known: Option<&[f64]>) {
        let lanes = self.total.len();
        let inside = &self.inside[..lanes];
        let agreement = &mut self.agreement[..lanes];
        let ceiling = match pace {
            Some(pace) => {
                let (pace, rate) = (&pace[..lanes], &rates.agreement[..lanes]);
                for l in 0..lanes {
                    agreement[l] = pace[l] * rate[l];
                }
                rates.other
            }
            None => {
                agreement.fill(0.0);
                rates.other_none
            }
        };
        let (ceiling, other, total) =
            (&ceiling[..lanes], &mut self.other[..lanes], &mut self.total[..lanes]);
        for l in 0..lanes {
            // Written out: `f64::max` also minds NaN, and then nothing runs two lanes at a time.
            let fits = ceiling[l] > inside[l];
            other[l] = if fits { ceiling[l] - inside[l] } else { 0.0 };
            total[l] = agreement[l] + if fits { ceiling[l] } else { inside[l] };
        }
        match known {
            Some(known) => self.ended.copy_from_slice(known),
            None => shares(&self.total, &mut self.ended),
        }
    }
}

impl FirstEndings {
    /// Runs a draw: `nodes` in order of days, the first from day 1.
    ///
    /// # Model
    /// Λ of each day by clock (12); `h_c = (Λ_c/Λ)(1 − e^{−Λ})`. Without a zone a part ν of what is
    /// open gets one each day and goes on as the class's own (`f = 1`, `s = 0`). Events that react
    /// have `Λ_e(t) = λ_e exp(βG⁺_{t+1})`, `G⁺_t = h_a + (1 − Σh_c)e^{−1/w}G⁺_{t+1}`, for the draw's
    /// own structure, 0 past the horizon and five times w (method 15).
    pub fn run(
        &mut self,
        rates: &DailyRates,
        span: &Span<'_>,
        nodes: &[TimeNode<'_>],
        events: &[EventRate],
    ) {
        let (lanes, days) = (rates.lanes(), span.last() as usize);
        (self.lanes, self.count, self.detailed) = (lanes, events.len(), span.detailed.min(lanes));
        for (column, width) in [
            (&mut self.own, lanes),
            (&mut self.opened, lanes),
            (&mut self.other, self.detailed),
            (&mut self.force, self.detailed),
            (&mut self.events, self.detailed * events.len()),
        ] {
            column.clear();
            column.resize(days * width, 0.0);
        }
        self.lapsed.clear();
        self.lapsed.resize(lanes, 0.0);
        for asked in &mut self.asked {
            asked.clear();
            asked.resize(if span.asked { days * lanes } else { 0 }, 0.0);
        }
        self.scratch.resize(lanes);
        self.react(rates, span, nodes, events);
        self.scratch.mass.fill(1.0);
        let plain: f64 = events.iter().map(|e| e.rate).sum();
        let (mut node, mut late) = (0, false);
        for t in 1..=span.last() {
            while nodes.get(node + 1).is_some_and(|next| next.from <= t) {
                node += 1;
            }
            let (Some(state), Some(of_day)) = (nodes.get(node), rates.on(span.elapsed + t)) else {
                continue;
            };
            let k = t as usize - 1;
            let reaction = self.reaction.get(k * events.len() * lanes..).unwrap_or(&[]);
            inside(&mut self.scratch.inside, state.force, plain, events, reaction);
            if state.pace.is_none() {
                let s = &mut self.scratch;
                let opens = &of_day.opens[..lanes];
                for l in 0..lanes {
                    let opened = opens[l] * s.mass[l];
                    s.late[l] += opened;
                    s.mass[l] -= opened;
                    late |= opened > 0.0;
                }
            }
            let known = self.known.get(k * lanes..(k + 1) * lanes);
            self.scratch.day(of_day, state.pace, known);
            self.record(k, state.force, events, false);
            if late {
                std::mem::swap(&mut self.scratch.mass, &mut self.scratch.late);
                self.scratch.inside.fill(plain);
                self.scratch.day_late(of_day);
                self.record(k, 0.0, events, true);
                std::mem::swap(&mut self.scratch.mass, &mut self.scratch.late);
            }
            if span.ends == Some(t) {
                let s = &mut self.scratch;
                for l in 0..lanes {
                    self.lapsed[l] = s.mass[l] + s.late[l];
                }
                s.mass.fill(0.0);
                s.late.fill(0.0);
                break;
            }
        }
        self.open.clear();
        let left = self.scratch.mass.iter().zip(&self.scratch.late);
        self.open.extend(left.map(|(own, opened)| own + opened));
    }

    /// Adds what a day does to the mass at hand, its own or what opened later, and takes it away.
    fn record(&mut self, k: usize, force: f64, events: &[EventRate], late: bool) {
        let (lanes, count, s) = (self.lanes, events.len(), &mut self.scratch);
        let text = if late { &mut self.opened } else { &mut self.own };
        let text = &mut text[k * lanes..(k + 1) * lanes];
        let (mass, ended, agreement) = (&s.mass[..lanes], &s.ended[..lanes], &s.agreement[..lanes]);
        for l in 0..lanes {
            text[l] = mass[l] * ended[l] * agreement[l];
        }
        for l in 0..self.detailed {
            let (step, at) = (s.mass[l] * s.ended[l], k * self.detailed + l);
            self.other[at] += step * s.other[l];
            self.force[at] += step * force;
            for (e, event) in events.iter().enumerate() {
                let reacts = self.reaction.get((k * count + e) * lanes + l).filter(|_| !late);
                self.events[at * count + e] += step * event.rate * reacts.copied().unwrap_or(1.0);
            }
        }
        let of_day = k * lanes..(k + 1) * lanes;
        let [other, inside] = &mut self.asked;
        if let (Some(other), Some(inside)) = (other.get_mut(of_day.clone()), inside.get_mut(of_day))
        {
            for l in 0..lanes {
                let step = s.mass[l] * s.ended[l];
                other[l] += step * s.other[l];
                inside[l] += step * s.inside[l];
            }
        }
        let (mass, ended, total) = (&mut s.mass[..lanes], &s.ended[..lanes], &s.total[..lanes]);
        for l in 0..lanes {
            mass[l] -= mass[l] * (ended[l] * total[l]);
        }
    }

    /// The backward pass that says how events react; leaves nothing where none does.
    fn react(
        &mut self,
        rates: &DailyRates,
        span: &Span<'_>,
        nodes: &[TimeNode<'_>],
        events: &[EventRate],
    ) {
        self.reaction.clear();
        self.known.clear();
        let reacts = events.iter().any(|e| e.rate > 0.0 && e.reacts != 0.0);
        if !reacts || nodes.iter().all(|node| node.pace.is_none()) {
            return;
        }
        let (lanes, count) = (self.lanes, events.len());
        let days = span.last() as usize;
        self.reaction.resize(count * lanes * days, 1.0);
        self.known.resize(lanes * days, 0.0);
        let s = &mut self.scratch;
        s.discount.clear();
        s.discount.extend(span.sight.iter().map(|sight| exp(-1.0 / sight)));
        s.discount.resize(lanes, 0.0);
        let last = span.horizon + span.beyond();
        let last = span.ends.map_or(last, |ends| last.min(ends));
        let mut node = nodes.len() - 1;
        for t in (1..=last).rev() {
            while node > 0 && nodes[node].from > t {
                node -= 1;
            }
            s.inside.fill(nodes[node].force);
            for (e, event) in events.iter().enumerate() {
                exps(event.reacts, &s.prospect, &mut s.factor);
                for l in 0..lanes {
                    s.inside[l] += event.rate * s.factor[l];
                }
                let from = ((t as usize - 1) * count + e) * lanes;
                if let Some(to) = self.reaction.get_mut(from..from + lanes) {
                    to.copy_from_slice(&s.factor);
                }
            }
            let Some(of_day) = rates.on(span.elapsed + t) else { continue };
            s.day(of_day, nodes[node].pace, None);
            let day = (t as usize - 1) * lanes;
            if let Some(to) = self.known.get_mut(day..day + lanes) {
                to.copy_from_slice(&s.ended);
            }
            let (prospect, ended, discount) =
                (&mut s.prospect[..lanes], &s.ended[..lanes], &s.discount[..lanes]);
            let (agreement, total) = (&s.agreement[..lanes], &s.total[..lanes]);
            for l in 0..lanes {
                let left = (1.0 - ended[l] * total[l]) * discount[l];
                prospect[l] = ended[l] * agreement[l] + left * prospect[l];
            }
            // Each lane looks ahead as far as its own sight.
            if t > span.horizon {
                for (prospect, sight) in prospect.iter_mut().zip(span.sight) {
                    if t - span.horizon > ahead(*sight) {
                        *prospect = 0.0;
                    }
                }
            }
        }
    }

    /// How many lanes were run.
    pub fn lanes(&self) -> usize {
        self.lanes
    }

    /// Agreement of the draw's own structure by day, in a lane.
    pub fn own(&self, lane: usize) -> impl ExactSizeIterator<Item = f64> {
        column(&self.own, lane, self.lanes)
    }

    /// Agreement, where a zone opened after the structure had none, by day, in a lane.
    pub fn opened(&self, lane: usize) -> impl ExactSizeIterator<Item = f64> {
        column(&self.opened, lane, self.lanes)
    }

    /// What becomes of the text on each day, in a lane: agreements of both kinds.
    pub fn text(&self, lane: usize) -> impl ExactSizeIterator<Item = f64> {
        self.own(lane).zip(self.opened(lane)).map(|(own, opened)| own + opened)
    }

    /// Endings of other kinds by day, in a lane that is kept in detail.
    pub fn other(&self, lane: usize) -> impl ExactSizeIterator<Item = f64> {
        column(&self.other, lane, self.detailed)
    }

    /// The owner's force by day, in a lane that is kept in detail.
    pub fn force(&self, lane: usize) -> impl ExactSizeIterator<Item = f64> {
        column(&self.force, lane, self.detailed)
    }

    /// An event by day, in a lane that is kept in detail.
    pub fn event(&self, lane: usize, event: usize) -> impl ExactSizeIterator<Item = f64> {
        column(&self.events, lane * self.count + event, self.detailed * self.count)
    }

    /// How many events there were.
    pub fn events(&self) -> usize {
        self.count
    }

    /// What lapsed with the deadline that ends the talks, in a lane.
    pub fn lapsed(&self, lane: usize) -> f64 {
        self.lapsed[lane]
    }

    /// What is open after the last day, in a lane.
    pub fn open(&self, lane: usize) -> f64 {
        self.open[lane]
    }

    /// Other endings, and force and events together, by day, in a lane; none where nobody asks.
    pub fn asked(&self, lane: usize) -> [impl ExactSizeIterator<Item = f64>; 2] {
        [0, 1].map(|kind: usize| column(&self.asked[kind], lane, self.lanes))
    }

    /// The chance of the answer in a lane, where `reaches[t]` is what a text on forecast day t = 0,
    /// 1, … is worth.
    pub fn answer(&self, lane: usize, reaches: &[f64]) -> f64 {
        let worth = reaches.get(1..).unwrap_or(&[]);
        self.text(lane).zip(worth).map(|(text, worth)| text * worth).sum()
    }

    /// The part of it that the draw's own structure agrees on in forecast days `days`: what the
    /// terms of a node count for in the answer.
    pub fn own_answer(&self, lane: usize, reaches: &[f64], days: Range<i32>) -> f64 {
        let worth = reaches.get(1..).unwrap_or(&[]);
        let of_days = (1..).zip(self.own(lane).zip(worth)).filter(|(day, _)| days.contains(day));
        of_days.map(|(_, (own, worth))| own * worth).sum()
    }
}

/// A column of a row-major table.
fn column(table: &[f64], at: usize, width: usize) -> impl ExactSizeIterator<Item = f64> {
    table.get(at..).unwrap_or(&[]).iter().step_by(width.max(1)).copied()
}

/// What force and events take of a day in each lane.
fn inside(into: &mut [f64], force: f64, plain: f64, events: &[EventRate], reaction: &[f64]) {
    if reaction.is_empty() {
        into.fill(force + plain);
        return;
    }
    into.fill(force);
    for (event, factors) in events.iter().zip(reaction.chunks_exact(into.len())) {
        into.iter_mut().zip(factors).for_each(|(sum, factor)| *sum += event.rate * factor);
    }
}

impl Scratch {
    /// The day of what opened later: the class's own type with a zone.
    fn day_late(&mut self, rates: RatesOfDay<'_>) {
        let lanes = self.total.len();
        self.factor.clear();
        self.factor.resize(lanes, 1.0);
        let ones = std::mem::take(&mut self.factor);
        self.day(rates, Some(&ones), None);
        self.factor = ones;
    }
}
