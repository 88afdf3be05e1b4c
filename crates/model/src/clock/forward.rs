//! A draw from the date told from on: which ending comes first, day by day.

use libm::{exp, expm1};

use super::rates::DailyRates;

/// What the parties' prospects are from a forecast day on, until the next node.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeNode {
    /// The first forecast day, at least 1.
    pub from: i32,
    /// How fast it agrees against the class's own with a zone, `f·(1 − s)`; none without a zone.
    pub pace: Option<f64>,
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

/// The days a draw is run over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// The elapsed day told from, τ0.
    pub elapsed: i32,
    /// The last forecast day.
    pub horizon: i32,
    /// The forecast day on which what is still open lapses.
    pub ends: Option<i32>,
    /// How far an event looks ahead, w, days.
    pub sight: f64,
}

impl Span {
    /// How many elapsed days the rates must cover: to the horizon, and where events react five
    /// times their sight beyond it.
    pub fn days(&self, reacts: bool) -> usize {
        let beyond = if reacts { (5.0 * self.sight).ceil() as i32 } else { 0 };
        usize::try_from(self.elapsed + self.horizon.max(0) + beyond).unwrap_or(0)
    }
}

/// The chances of each first ending on forecast days 1, 2, …; what is left on the last is open.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FirstEndings {
    /// Agreement of the draw's own structure.
    pub own: Vec<f64>,
    /// Agreement where a zone opened after the structure had none.
    pub opened: Vec<f64>,
    /// Endings of other kinds.
    pub other: Vec<f64>,
    /// The owner's force.
    pub force: Vec<f64>,
    /// Each event, `[day × event]`.
    pub events: Vec<f64>,
    /// What lapsed with the deadline that ends the talks.
    pub lapsed: f64,
    /// What is open after the last day.
    pub open: f64,
    /// `exp(βG⁺)` of each event by day; empty where nothing reacts.
    reaction: Vec<f64>,
}

/// The rates of one day and what becomes of those open: `h_c = ended·Λ_c`.
struct Day {
    agreement: f64,
    other: f64,
    /// `(1 − e^{−Λ})/Λ`.
    ended: f64,
    /// `1 − e^{−Λ}`.
    ends: f64,
}

impl Day {
    /// Force and events come out of the rate of other endings, clock (12).
    fn new(agreement: f64, other: f64, inside: f64) -> Self {
        let all = agreement + other.max(inside);
        let ends = -expm1(-all);
        let ended = if all > 0.0 { ends / all } else { 0.0 };
        Self { agreement, other: (other - inside).max(0.0), ended, ends }
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
        span: &Span,
        nodes: &[TimeNode],
        events: &[EventRate],
    ) {
        let days = span.horizon.max(0) as usize;
        for column in [&mut self.own, &mut self.opened, &mut self.other, &mut self.force] {
            column.clear();
            column.resize(days, 0.0);
        }
        self.events.clear();
        self.events.resize(days * events.len(), 0.0);
        self.lapsed = 0.0;
        self.react(rates, span, nodes, events);
        let plain: f64 = events.iter().map(|e| e.rate).sum();
        let (mut own, mut opened) = (1.0, 0.0);
        let mut node = 0;
        for t in 1..=span.horizon {
            while nodes.get(node + 1).is_some_and(|next| next.from <= t) {
                node += 1;
            }
            let (Some(state), Some(at)) = (nodes.get(node), index(rates, span.elapsed + t)) else {
                continue;
            };
            let k = t as usize - 1;
            let reaction = self.reaction.get(k * events.len()..).unwrap_or(&[]);
            let rate = |e: usize| events[e].rate * reaction.get(e).copied().unwrap_or(1.0);
            let inside =
                if reaction.is_empty() { plain } else { (0..events.len()).map(rate).sum::<f64>() };
            if state.pace.is_none() {
                let opens = rates.opens[at] * own;
                opened += opens;
                own -= opens;
            }
            let day = own_day(rates, at, state, inside);
            let step = own * day.ended;
            self.own[k] = step * day.agreement;
            self.other[k] = step * day.other;
            self.force[k] = step * state.force;
            let first = &mut self.events[k * events.len()..(k + 1) * events.len()];
            for (e, sum) in first.iter_mut().enumerate() {
                *sum = step * rate(e);
            }
            own -= own * day.ends;
            if opened > 0.0 {
                let day = Day::new(rates.agreement[at], rates.other[at], plain);
                let step = opened * day.ended;
                self.opened[k] = step * day.agreement;
                self.other[k] += step * day.other;
                for (sum, event) in first.iter_mut().zip(events) {
                    *sum += step * event.rate;
                }
                opened -= opened * day.ends;
            }
            if span.ends == Some(t) {
                self.lapsed = own + opened;
                (own, opened) = (0.0, 0.0);
                break;
            }
        }
        self.open = own + opened;
    }

    /// The backward pass that says how events react; leaves nothing where none does.
    fn react(&mut self, rates: &DailyRates, span: &Span, nodes: &[TimeNode], events: &[EventRate]) {
        self.reaction.clear();
        let reacts = events.iter().any(|e| e.rate > 0.0 && e.reacts != 0.0);
        if !reacts || nodes.iter().all(|node| node.pace.is_none()) {
            return;
        }
        let width = events.len();
        self.reaction.resize(width * span.horizon.max(0) as usize, 1.0);
        let last = span.horizon + (5.0 * span.sight).ceil() as i32;
        let last = span.ends.map_or(last, |ends| last.min(ends));
        let discount = exp(-1.0 / span.sight);
        let (mut prospect, mut node) = (0.0, nodes.len() - 1);
        for t in (1..=last).rev() {
            while node > 0 && nodes[node].from > t {
                node -= 1;
            }
            let mut inside = 0.0;
            for (e, event) in events.iter().enumerate() {
                let factor = exp(event.reacts * prospect);
                inside += event.rate * factor;
                if let Some(to) = self.reaction.get_mut((t as usize - 1) * width + e) {
                    *to = factor;
                }
            }
            let Some(at) = index(rates, span.elapsed + t) else { continue };
            let day = own_day(rates, at, &nodes[node], inside);
            prospect = day.ended * day.agreement + (1.0 - day.ends) * discount * prospect;
        }
    }

    /// What becomes of the text on each day: agreements of both kinds.
    pub fn text(&self) -> impl Iterator<Item = f64> {
        self.own.iter().zip(&self.opened).map(|(own, opened)| own + opened)
    }

    /// The chance of the answer, where `reaches[t]` is what a text on forecast day t = 0, 1, … is
    /// worth.
    pub fn answer(&self, reaches: &[f64]) -> f64 {
        self.text().zip(reaches.get(1..).unwrap_or(&[])).map(|(text, worth)| text * worth).sum()
    }
}

/// Where an elapsed day stands in the rates; nothing happens before day 1, nor past the table.
fn index(rates: &DailyRates, day: i32) -> Option<usize> {
    usize::try_from(day).ok()?.checked_sub(1).filter(|at| *at < rates.days())
}

/// The day of what still has the draw's own structure.
fn own_day(rates: &DailyRates, at: usize, node: &TimeNode, events: f64) -> Day {
    match node.pace {
        Some(pace) => Day::new(pace * rates.agreement[at], rates.other[at], node.force + events),
        None => Day::new(0.0, rates.other_none[at], node.force + events),
    }
}
