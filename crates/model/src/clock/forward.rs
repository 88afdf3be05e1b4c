//! A draw from the date told from on: which ending comes first, day by day.
//!
//! Many sets of constants (lanes) run side by side over one draw, in arithmetic that takes several
//! lanes at a time; what a lane gives does not depend on the others.

use std::ops::Range;

use libm::exp;
use multiversion::multiversion;

use super::exponential::{exps, shares};
use super::rates::{DailyRates, RatesOfLanes, TOGETHER, lanes_of, places};

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

/// A draw that runs in a lane of its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DrawCourse {
    /// The first forecast day of each node, and how fast the draw agrees from then on and its owner's force, as
    /// a [`TimeNode`] has them.
    pub nodes: Vec<(i32, Option<f64>, f64)>,
    /// The events in it.
    pub events: Vec<EventRate>,
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
    /// Whether endings other than agreement are kept by day.
    pub detailed: bool,
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
    /// How many places they take in a row.
    places: usize,
    count: usize,
    /// Agreement of the draw's own structure, and of either kind, `[day × place]`.
    own: Vec<f64>,
    text: Vec<f64>,
    /// `[day × place]`; empty where they are not kept.
    other: Vec<f64>,
    force: Vec<f64>,
    /// `[day × event × place]`.
    events: Vec<f64>,
    /// By lane.
    lapsed: Vec<f64>,
    open: Vec<f64>,
    /// Other endings, and force and events together, `[day × place]`; empty where nobody asks.
    asked: [Vec<f64>; 2],
    looked: Looked,
}

/// What the pass that looks backward leaves, of the lanes that run together; empty where nothing reacts.
#[derive(Clone, Debug, Default, PartialEq)]
struct Looked {
    /// `exp(βG⁺)`, `[day × event × lane]`.
    reaction: Vec<f64>,
    /// `(1 − e^{−Λ})/Λ` of the draw's own rates, `[day × lane]`.
    ended: Vec<f64>,
}

/// A number for each of the lanes that run together.
type Lanes<const L: usize> = [f64; L];

/// What a run is of.
#[derive(Clone, Copy)]
struct Setting<'a> {
    rates: &'a DailyRates,
    span: &'a Span<'a>,
    draws: Draws<'a>,
}

/// Whose lanes they are.
#[derive(Clone, Copy)]
enum Draws<'a> {
    /// One draw's, under several sets of constants.
    One(&'a [TimeNode<'a>], &'a [EventRate]),
    /// A draw's each, all with the same first days and as many events.
    Each(&'a [DrawCourse]),
}

/// A node of lanes that run together.
struct LaneNode<const L: usize> {
    from: i32,
    pace: Lanes<L>,
    /// 1 where there is no zone, else 0.
    shut: Lanes<L>,
    any_shut: bool,
    force: Lanes<L>,
}

/// An event of lanes that run together.
struct LaneEvent<const L: usize> {
    rate: Lanes<L>,
    reacts: Lanes<L>,
}

impl Draws<'_> {
    fn nodes<const L: usize>(self, first: usize) -> Vec<LaneNode<L>> {
        // What a node holds in a lane; lanes beyond the last agree on nothing.
        let node = |from: i32, of: &dyn Fn(usize) -> Option<(Option<f64>, f64)>| {
            let lanes: [_; L] = std::array::from_fn(|l| of(first + l).unwrap_or((Some(0.0), 0.0)));
            let shut = lanes.map(|(pace, _)| f64::from(u8::from(pace.is_none())));
            LaneNode {
                from,
                pace: lanes.map(|(pace, _)| pace.unwrap_or(0.0)),
                any_shut: shut.iter().any(|shut| *shut > 0.0),
                shut,
                force: lanes.map(|(_, force)| force),
            }
        };
        match self {
            Self::One(nodes, _) => (nodes.iter())
                .map(|n| {
                    let pace = |lane: usize| n.pace.map(|p| p.get(lane).copied().unwrap_or(0.0));
                    node(n.from, &|lane| Some((pace(lane), n.force)))
                })
                .collect(),
            Self::Each(courses) => (courses.iter().take(1).flat_map(|c| &c.nodes).enumerate())
                .map(|(k, (from, _, _))| {
                    let of = |lane: usize| courses.get(lane).map(|c| (c.nodes[k].1, c.nodes[k].2));
                    node(*from, &of)
                })
                .collect(),
        }
    }

    fn events<const L: usize>(self, first: usize) -> Vec<LaneEvent<L>> {
        let event = |of: &dyn Fn(usize) -> Option<EventRate>| {
            let nothing = EventRate { rate: 0.0, reacts: 0.0 };
            let lanes: [_; L] = std::array::from_fn(|l| of(first + l).unwrap_or(nothing));
            LaneEvent { rate: lanes.map(|e| e.rate), reacts: lanes.map(|e| e.reacts) }
        };
        match self {
            Self::One(_, events) => events.iter().map(|e| event(&|_| Some(*e))).collect(),
            Self::Each(courses) => (0..self.count())
                .map(|k| event(&|lane| courses.get(lane).map(|c| c.events[k])))
                .collect(),
        }
    }

    /// How many events there are.
    fn count(self) -> usize {
        match self {
            Self::One(_, events) => events.len(),
            Self::Each(courses) => courses.first().map_or(0, |c| c.events.len()),
        }
    }
}

/// The rates of a day, clock (12): force and events come out of the other endings.
#[derive(Clone, Copy)]
struct DayRates<const L: usize> {
    agreement: Lanes<L>,
    other: Lanes<L>,
    total: Lanes<L>,
    inside: Lanes<L>,
    /// `(1 − e^{−Λ})/Λ`.
    ended: Lanes<L>,
}

impl<const L: usize> DayRates<L> {
    /// With a zone at `pace` times the class's rate of agreement, or without where it is `shut`; `known` is
    /// (1 − e^{−Λ})/Λ where it was computed before.
    #[inline(always)]
    fn new(
        rates: &RatesOfLanes<'_, L>,
        pace: &Lanes<L>,
        shut: Option<&Lanes<L>>,
        inside: Lanes<L>,
        known: Option<&Lanes<L>>,
    ) -> Self {
        let mut agreement = [0.0; L];
        for l in 0..L {
            agreement[l] = pace[l] * rates.agreement[l];
        }
        let mut ceiling = *rates.other;
        if let Some(shut) = shut {
            for l in 0..L {
                ceiling[l] = if shut[l] > 0.0 { rates.other_none[l] } else { ceiling[l] };
            }
        }
        let (mut other, mut total) = ([0.0; L], [0.0; L]);
        for l in 0..L {
            // Written out: `f64::max` also minds NaN, and then nothing runs two lanes at a time.
            let fits = ceiling[l] > inside[l];
            other[l] = if fits { ceiling[l] - inside[l] } else { 0.0 };
            total[l] = agreement[l] + if fits { ceiling[l] } else { inside[l] };
        }
        let ended = known.copied().unwrap_or_else(|| shares(&total));
        Self { agreement, other, total, inside, ended }
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
        self.run_draws(&Setting { rates, span, draws: Draws::One(nodes, events) });
    }

    /// Runs draws side by side, a lane each, all with the same first days of nodes and as many events: each as it
    /// would run alone.
    pub fn run_beside(&mut self, rates: &DailyRates, span: &Span<'_>, courses: &[DrawCourse]) {
        self.run_draws(&Setting { rates, span, draws: Draws::Each(courses) });
    }

    fn run_draws(&mut self, setting: &Setting<'_>) {
        let Setting { rates, span, draws } = *setting;
        let (lanes, days, count) = (rates.lanes(), span.last() as usize, draws.count());
        (self.lanes, self.count) = (lanes, count);
        self.places = places(lanes);
        let width = self.places;
        let asked = if span.asked { width } else { 0 };
        let detailed = if span.detailed { width } else { 0 };
        let [others, inside] = &mut self.asked;
        for (column, width) in [
            (&mut self.own, width),
            (&mut self.text, width),
            (&mut self.other, detailed),
            (&mut self.force, detailed),
            (&mut self.events, detailed * count),
            (others, asked),
            (inside, asked),
        ] {
            // What was there is written over, day by day.
            column.resize(days * width, 0.0);
        }
        for column in [&mut self.lapsed, &mut self.open] {
            column.clear();
            column.resize(width, 0.0);
        }
        match lanes {
            0 => {}
            1 => self.run_lanes::<1>(setting, 0),
            _ => (0..lanes).step_by(TOGETHER).for_each(|first| {
                run_together(self, setting, first);
            }),
        }
    }

    /// Runs the lanes from one of them on.
    #[inline(always)]
    fn run_lanes<const L: usize>(&mut self, setting: &Setting<'_>, first: usize) {
        let mut looked = std::mem::take(&mut self.looked);
        let Setting { rates, span, draws } = *setting;
        let (nodes, events) = (draws.nodes::<L>(first), draws.events::<L>(first));
        looked.back::<L>(setting, (&nodes, &events), first);
        let rows = rates.rows::<L>(first);
        let mut plain = [0.0; L];
        for event in &events {
            for l in 0..L {
                plain[l] += event.rate[l];
            }
        }
        let (mut mass, mut late) = ([1.0; L], [0.0; L]);
        let (mut node, mut opened_any) = (0, false);
        for t in 1..=span.last() {
            while nodes.get(node + 1).is_some_and(|next| next.from <= t) {
                node += 1;
            }
            let k = t as usize - 1;
            let (Some(state), Some(of_day)) = (nodes.get(node), rows.on(span.elapsed + t)) else {
                self.nothing::<L>(k, first);
                continue;
            };
            let (reaction, known) = looked.on::<L>(k, events.len());
            let inside = inside(&state.force, &events, reaction);
            if state.any_shut {
                for l in 0..L {
                    let opened = of_day.opens[l] * state.shut[l] * mass[l];
                    late[l] += opened;
                    mass[l] -= opened;
                    opened_any |= opened > 0.0;
                }
            }
            let shut = state.any_shut.then_some(&state.shut);
            let day = DayRates::new(&of_day, &state.pace, shut, inside, known);
            self.record((k, first), &day, &state.force, (&events, reaction), &mut mass, false);
            if opened_any {
                // The class's own type with a zone.
                let day = DayRates::new(&of_day, &[1.0; L], None, plain, None);
                self.record((k, first), &day, &[0.0; L], (&events, &[]), &mut late, true);
            }
            if span.ends == Some(t) {
                for l in 0..L {
                    self.lapsed[first + l] = mass[l] + late[l];
                }
                (mass, late) = ([0.0; L], [0.0; L]);
                (t as usize..span.last() as usize).for_each(|k| self.nothing::<L>(k, first));
                break;
            }
        }
        for l in 0..L {
            self.open[first + l] = mass[l] + late[l];
        }
        self.looked = looked;
    }

    /// Adds what a day does to the mass at hand, its own or what opened later, and takes it away.
    #[inline(always)]
    fn record<const L: usize>(
        &mut self,
        (k, first): (usize, usize),
        day: &DayRates<L>,
        force: &Lanes<L>,
        (events, reaction): (&[LaneEvent<L>], &[f64]),
        mass: &mut Lanes<L>,
        late: bool,
    ) {
        let (width, count) = (self.places, events.len());
        let mut step = [0.0; L];
        for l in 0..L {
            step[l] = mass[l] * day.ended[l];
        }
        let at = k * width + first;
        let agrees = (row_mut::<L>(&mut self.own, at), row_mut::<L>(&mut self.text, at));
        if let (Some(own), Some(text)) = agrees {
            for l in 0..L {
                let agrees = step[l] * day.agreement[l];
                if late {
                    text[l] += agrees;
                } else {
                    (own[l], text[l]) = (agrees, agrees);
                }
            }
        }
        let put = |to: &mut f64, x: f64| *to = if late { *to + x } else { x };
        let kept = (row_mut::<L>(&mut self.other, at), row_mut::<L>(&mut self.force, at));
        if let (Some(others), Some(forces)) = kept {
            for l in 0..L {
                put(&mut others[l], step[l] * day.other[l]);
                put(&mut forces[l], step[l] * force[l]);
            }
            for (e, event) in events.iter().enumerate() {
                let at = (k * count + e) * width + first;
                let Some(by_event) = row_mut::<L>(&mut self.events, at) else { continue };
                let reacts = lanes_of::<L>(reaction, e * L).unwrap_or(&[1.0; L]);
                for l in 0..L {
                    put(&mut by_event[l], step[l] * event.rate[l] * reacts[l]);
                }
            }
        }
        let [other, inside] = &mut self.asked;
        let both = (row_mut::<L>(other, at), row_mut::<L>(inside, at));
        if let (Some(other), Some(inside)) = both {
            for l in 0..L {
                put(&mut other[l], step[l] * day.other[l]);
                put(&mut inside[l], step[l] * day.inside[l]);
            }
        }
        for l in 0..L {
            mass[l] -= mass[l] * (day.ended[l] * day.total[l]);
        }
    }

    /// Leaves nothing of a day, in the lanes from one of them on.
    fn nothing<const L: usize>(&mut self, k: usize, first: usize) {
        let (width, count) = (self.places, self.count);
        let [others, inside] = &mut self.asked;
        for table in
            [&mut self.own, &mut self.text, others, inside, &mut self.other, &mut self.force]
        {
            row_mut::<L>(table, k * width + first).into_iter().for_each(|day| day.fill(0.0));
        }
        for e in 0..count {
            let day = row_mut::<L>(&mut self.events, (k * count + e) * width + first);
            day.into_iter().for_each(|day| day.fill(0.0));
        }
    }

    /// How many lanes were run.
    pub fn lanes(&self) -> usize {
        self.lanes
    }

    /// Agreement of the draw's own structure by day, in a lane.
    pub fn own(&self, lane: usize) -> impl ExactSizeIterator<Item = f64> {
        column(&self.own, lane, self.places)
    }

    /// What becomes of the text on each day, in a lane: agreement of the draw's own structure, and where
    /// a zone opened after that had none.
    pub fn text(&self, lane: usize) -> impl ExactSizeIterator<Item = f64> {
        column(&self.text, lane, self.places)
    }

    /// The same of all lanes, day by day.
    pub fn text_by_day(&self) -> impl Iterator<Item = &[f64]> {
        by_day(&self.text, self.lanes, self.places)
    }

    /// Endings of other kinds by day, in a lane, where they are kept.
    pub fn other(&self, lane: usize) -> impl ExactSizeIterator<Item = f64> {
        column(&self.other, lane, self.places)
    }

    /// The owner's force by day, in a lane, where it is kept.
    pub fn force(&self, lane: usize) -> impl ExactSizeIterator<Item = f64> {
        column(&self.force, lane, self.places)
    }

    /// An event by day, in a lane, where it is kept.
    pub fn event(&self, lane: usize, event: usize) -> impl ExactSizeIterator<Item = f64> {
        column(&self.events, event * self.places + lane, self.count * self.places)
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
        [0, 1].map(|kind: usize| column(&self.asked[kind], lane, self.places))
    }

    /// The same of all lanes, day by day.
    pub fn asked_by_day(&self) -> [impl Iterator<Item = &[f64]>; 2] {
        [0, 1].map(|kind: usize| by_day(&self.asked[kind], self.lanes, self.places))
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

/// Runs lanes side by side from one of them on, four at a time where the processor can.
#[multiversion(targets("x86_64+avx2"))]
fn run_together(endings: &mut FirstEndings, setting: &Setting<'_>, first: usize) {
    endings.run_lanes::<TOGETHER>(setting, first);
}

/// The lanes of a table, day by day.
fn by_day(table: &[f64], lanes: usize, places: usize) -> impl Iterator<Item = &[f64]> {
    table.chunks_exact(places.max(1)).map(move |day| &day[..lanes])
}

/// So many numbers in a row, from a place on.
#[inline(always)]
fn row_mut<const L: usize>(table: &mut [f64], at: usize) -> Option<&mut [f64; L]> {
    table.get_mut(at..)?.first_chunk_mut()
}

/// A column of a row-major table.
fn column(table: &[f64], at: usize, width: usize) -> impl ExactSizeIterator<Item = f64> {
    table.get(at..).unwrap_or(&[]).iter().step_by(width.max(1)).copied()
}

/// What force and events take of a day in each lane; without reaction events are as they are.
#[inline(always)]
fn inside<const L: usize>(force: &Lanes<L>, events: &[LaneEvent<L>], reaction: &[f64]) -> Lanes<L> {
    let mut into = *force;
    for (e, event) in events.iter().enumerate() {
        let factor = lanes_of::<L>(reaction, e * L).unwrap_or(&[1.0; L]);
        for l in 0..L {
            into[l] += event.rate[l] * factor[l];
        }
    }
    into
}

impl Looked {
    /// What was left on a day: how events react, and (1 − e^{−Λ})/Λ.
    #[inline(always)]
    fn on<const L: usize>(&self, k: usize, events: usize) -> (&[f64], Option<&Lanes<L>>) {
        let reaction = self.reaction.get(k * events * L..(k + 1) * events * L).unwrap_or(&[]);
        (reaction, lanes_of(&self.ended, k * L))
    }

    /// The backward pass that says how events react; leaves nothing where none does.
    #[inline(always)]
    fn back<const L: usize>(
        &mut self,
        setting: &Setting<'_>,
        (nodes, events): (&[LaneNode<L>], &[LaneEvent<L>]),
        first: usize,
    ) {
        let Setting { rates, span, .. } = *setting;
        let reacts = |e: &LaneEvent<L>| (0..L).any(|l| e.rate[l] > 0.0 && e.reacts[l] != 0.0);
        let all_shut = |node: &LaneNode<L>| node.shut.iter().all(|shut| *shut > 0.0);
        if !events.iter().any(reacts) || nodes.iter().all(all_shut) {
            self.reaction.clear();
            self.ended.clear();
            return;
        }
        // What was there is written over as far as it is read.
        let days = span.last() as usize;
        self.reaction.resize(events.len() * L * days, 1.0);
        self.ended.resize(L * days, 0.0);
        let rows = rates.rows::<L>(first);
        let sight: Lanes<L> =
            std::array::from_fn(|l| span.sight.get(first + l).map_or(0.0, |s| *s));
        let discount: Lanes<L> = std::array::from_fn(|l| {
            span.sight.get(first + l).map_or(0.0, |sight| exp(-1.0 / sight))
        });
        let far = sight.map(ahead);
        let last = span.horizon + far.iter().copied().max().unwrap_or(0);
        let last = span.ends.map_or(last, |ends| last.min(ends));
        let mut prospect = [0.0; L];
        let mut node = nodes.len() - 1;
        for t in (1..=last).rev() {
            while node > 0 && nodes[node].from > t {
                node -= 1;
            }
            let k = t as usize - 1;
            let state = &nodes[node];
            let mut inside = state.force;
            for (e, event) in events.iter().enumerate() {
                let mut prospects = prospect;
                for l in 0..L {
                    prospects[l] *= event.reacts[l];
                }
                let factor = exps(&prospects);
                for l in 0..L {
                    inside[l] += event.rate[l] * factor[l];
                }
                let from = (k * events.len() + e) * L;
                if let Some(to) = row_mut::<L>(&mut self.reaction, from) {
                    *to = factor;
                }
            }
            let Some(of_day) = rows.on(span.elapsed + t) else { continue };
            let shut = state.any_shut.then_some(&state.shut);
            let day = DayRates::new(&of_day, &state.pace, shut, inside, None);
            if let Some(to) = row_mut::<L>(&mut self.ended, k * L) {
                *to = day.ended;
            }
            for l in 0..L {
                let left = (1.0 - day.ended[l] * day.total[l]) * discount[l];
                prospect[l] = day.ended[l] * day.agreement[l] + left * prospect[l];
            }
            // Each lane looks ahead as far as its own sight.
            if t > span.horizon {
                for l in 0..L {
                    if t - span.horizon > far[l] {
                        prospect[l] = 0.0;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::mixture::Mixture;
    use super::*;
    use crate::class::risk::{ClassRates, Risk};

    #[test]
    fn wide_registers_change_no_bit() {
        let agreement = Risk::Weibull { shape: 0.9, scale: 25.0, times: 1.0 };
        let class = ClassRates::new(&agreement, None, 400);
        let mut rates = DailyRates::default();
        rates.resize(400, TOGETHER);
        let mut courses = Vec::new();
        for lane in 0..TOGETHER {
            let share = lane as f64 / TOGETHER as f64;
            let mut mixture = Mixture::default();
            mixture.fill(&class, 0.3 + 0.6 * share, 2.0, 0.5);
            rates.fill(lane, &mixture, &[1.0; 400], &[0.0; 400]);
            let pace = (lane % 3 > 0).then_some(0.2 + 3.0 * share);
            let event = EventRate { rate: 0.004 * share, reacts: 9.0 * share };
            courses.push(DrawCourse {
                nodes: vec![(1, pace, 0.001), (40, Some(1.0 - share), 0.0)],
                events: vec![event, EventRate { rate: 0.002, reacts: -1.0 }],
            });
        }
        let sight = [20.0; TOGETHER];
        let (horizon, ends) = (120, Some(100));
        let span =
            Span { elapsed: 10, horizon, ends, sight: &sight, detailed: true, ..Span::default() };
        let mut wide = FirstEndings::default();
        wide.run_beside(&rates, &span, &courses);
        let mut narrow = wide.clone();
        for table in [&mut narrow.own, &mut narrow.text, &mut narrow.other, &mut narrow.events] {
            table.fill(f64::NAN);
        }
        let setting = Setting { rates: &rates, span: &span, draws: Draws::Each(&courses) };
        narrow.run_lanes::<TOGETHER>(&setting, 0);
        assert!(wide.text.iter().all(|p| *p >= 0.0) && wide.text.iter().sum::<f64>() > 1.0);
        assert_eq!(wide, narrow);
    }
}
