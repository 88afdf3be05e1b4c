//! From the parts to the answer: the class in this calendar, weighted means over draws, the pool.

use super::coins::CoinState;
use super::forward::{FirstEndings, Span, TimeNode};
use super::mixture::{Mixture, room_factor};
use super::progress::Progress;
use super::rates::DailyRates;
use super::rounds::{ScheduledRound, move_hazard};
use super::stages::{Awaited, BindingDeadline, StageKernel, StagePaths, StageRule, last_text};
use super::sums::FineSum;
use super::survival::Survival;
use super::windows::{PricedDeadline, floors};

/// The constants of one lane; the chances that rounds and deadlines settle stand in the calendar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClockConstants {
    /// z: the share with a zone at the start of the clock.
    pub zref: f64,
    /// χ: how much faster those without a zone end otherwise.
    pub chi: f64,
    /// γ: how strongly room moves the hazard.
    pub gamma: f64,
    /// The room of a typical structure.
    pub gref: f64,
    /// φ: the part of z that the share with a zone never falls below.
    pub reopens: f64,
    /// What a suspension leaves of the hazard of agreement.
    pub paused: f64,
    /// w: how far an event looks ahead, days.
    pub sight: f64,
}

impl ClockConstants {
    /// How fast a structure agrees against the class's own with a zone: `f·(1 − s)`.
    pub fn pace(&self, room: f64, screening: f64) -> f64 {
        room_factor(room, self.gref, self.gamma) * (1.0 - screening)
    }
}

/// What stands in the calendar, in elapsed days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timetable {
    /// τ0: the date told from is the end of this day.
    pub elapsed: i32,
    /// σ: the day the structure last changed, 0 to τ0.
    pub since: i32,
    /// The last forecast day.
    pub horizon: i32,
    /// Rounds, and hard deadlines without a price as certain ones.
    pub rounds: Vec<ScheduledRound>,
    /// Hard deadlines with a price; one without that binds a stage stands here too, settling
    /// nothing, beside its place among the rounds.
    pub deadlines: Vec<PricedDeadline>,
    /// Failures and suspensions on record.
    pub progress: Progress,
}

impl Timetable {
    /// The deadlines that are not put off, by their place in the calendar.
    fn in_force(&self, state: CoinState) -> impl Iterator<Item = (usize, PricedDeadline)> {
        let all = self.deadlines.iter().copied().enumerate();
        all.filter(move |(k, _)| !state.is_put_off(*k))
    }

    /// The last elapsed day on which a text still makes each deadline.
    pub fn last_texts(&self, stages: &[StageRule]) -> Vec<i32> {
        let last = |d: &PricedDeadline| last_text(stages, d.day, d.binds, self.elapsed);
        self.deadlines.iter().map(last).collect()
    }

    /// The stages in one state of the deadlines.
    pub fn kernel(
        &self,
        stages: &[StageRule],
        awaited: Option<Awaited>,
        state: CoinState,
    ) -> StageKernel {
        let binding: Vec<BindingDeadline> = self
            .in_force(state)
            .map(|(_, d)| BindingDeadline { day: d.day, binds: d.binds, ends: d.ends })
            .collect();
        StageKernel::new(stages, awaited, &binding, self.elapsed, self.horizon)
    }

    /// The days a draw is run over in one state of the deadlines: the first to end ends it, and one
    /// that is past ends nothing.
    /// Every ending is kept by day, and no sight is set.
    pub fn span(&self, state: CoinState) -> Span<'static> {
        let ends = self.in_force(state).filter(|(_, d)| d.ends && d.day > self.elapsed);
        let ends = ends.map(|(_, d)| d.day - self.elapsed).min();
        let (elapsed, horizon) = (self.elapsed, self.horizon);
        Span { elapsed, horizon, ends, detailed: true, ..Span::default() }
    }
}

/// A class under one or several sets of constants (lanes) and one state of the deadlines: all that a
/// draw needs.
#[derive(Clone, Debug, Default)]
pub struct ClassClock {
    /// The rates of each elapsed day.
    pub rates: DailyRates,
    /// The weights of draws, and the class's types on the date told from, by lane.
    pub survival: Vec<Survival>,
    /// The class's own type with a zone from the date told from on (`if_zone` without such a draw),
    /// once [`ClassClock::run_types`] was called.
    pub zone: FirstEndings,
    /// The class's own type without.
    pub none: FirstEndings,
    moved: Vec<f64>,
    floor: Vec<f64>,
    /// What these two were made of: lanes in a row often share it.
    calendar: Option<Calendar>,
}

/// What moves hazard and floors it in a lane.
#[derive(Clone, Debug, PartialEq)]
struct Calendar {
    timetable: Timetable,
    state: CoinState,
    last_texts: Vec<i32>,
    /// What a suspension leaves, where there is one.
    paused: Option<f64>,
    days: usize,
}

impl Calendar {
    /// Whether it is made of these.
    fn is(&self, other: (&Timetable, CoinState, &[i32], Option<f64>), days: usize) -> bool {
        let of = (&self.timetable, self.state, &self.last_texts[..], self.paused);
        of == other && self.days == days
    }
}

impl ClassClock {
    /// Makes place for so many elapsed days and lanes.
    pub fn resize(&mut self, days: usize, lanes: usize) {
        self.rates.resize(days, lanes);
        self.survival.resize_with(lanes, Survival::default);
        self.moved.resize(days, 1.0);
        self.floor.resize(days, 0.0);
    }

    /// Tabulates a mixture of as many days in a calendar, in a lane; `last_texts` as
    /// [`Timetable::last_texts`] has them. Lanes may differ in their calendars' chances.
    pub fn fill(
        &mut self,
        lane: usize,
        mixture: &Mixture,
        constants: &ClockConstants,
        timetable: &Timetable,
        state: CoinState,
        last_texts: &[i32],
    ) {
        let (since, elapsed) = (timetable.since, timetable.elapsed);
        self.look_ahead(timetable, state, last_texts, constants.paused);
        self.rates.fill(lane, mixture, &self.moved, &self.floor);
        self.survival[lane].fill(&self.rates, lane, mixture.start, since, elapsed);
    }

    /// Sets what moves hazard and what floors it.
    fn look_ahead(
        &mut self,
        timetable: &Timetable,
        state: CoinState,
        last_texts: &[i32],
        paused: f64,
    ) {
        let days = self.moved.len();
        let suspended = timetable.progress.paused.map(|_| paused);
        let of = (timetable, state, last_texts, suspended);
        if self.calendar.as_ref().is_some_and(|calendar| calendar.is(of, days)) {
            return;
        }
        let elapsed = timetable.elapsed;
        move_hazard(&timetable.rounds, elapsed, &mut self.moved);
        timetable.progress.slow(elapsed, paused, &mut self.moved);
        let windows = timetable
            .in_force(state)
            .map(|(k, d)| (d, last_texts.get(k).copied().unwrap_or(d.day)));
        floors(windows, &timetable.rounds, elapsed, &mut self.floor);
        let (timetable, last_texts) = (timetable.clone(), last_texts.to_vec());
        self.calendar = Some(Calendar { timetable, state, last_texts, paused: suspended, days });
    }

    /// Runs the class's own types in every lane from the date told from on, without force and
    /// events.
    pub fn run_types(&mut self, span: &Span<'_>) {
        let lanes = self.rates.lanes();
        let span = Span { detailed: true, ..*span };
        let ones = vec![1.0; lanes];
        let node = |pace| [TimeNode { from: 1, pace, force: 0.0 }];
        self.zone.run(&self.rates, &span, &node(Some(&ones[..])), &[]);
        self.none.run(&self.rates, &span, &node(None), &[]);
    }

    /// `c·e` on elapsed days 1, 2, … in the lane filled last.
    pub fn moved(&self) -> &[f64] {
        &self.moved
    }

    /// The least rate of agreement with a zone of typical room on elapsed days 1, 2, … in the lane
    /// filled last.
    pub fn floor(&self) -> &[f64] {
        &self.floor
    }

    /// The class on the date told from in a lane: its types, once run, in their shares (`P_here`).
    pub fn here(&self, lane: usize, span: &Span<'_>) -> DailyEndings {
        let mut here = DailyEndings::new(span.horizon, 0);
        here.add(self.survival[lane].zone, &self.zone, lane, span.ends);
        here.add(self.survival[lane].none, &self.none, lane, span.ends);
        here
    }
}

/// Chances of first endings on forecast days 1, 2, ….
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DailyEndings {
    /// Agreement on the text.
    pub text: Vec<f64>,
    /// Endings of other kinds.
    pub other: Vec<f64>,
    /// The owner's force.
    pub force: Vec<f64>,
    /// Each event, `[day × event]`.
    pub events: Vec<f64>,
    /// Lapsed with a deadline that ends the talks.
    pub lapsed: Vec<f64>,
}

impl DailyEndings {
    /// Nothing, with a place for so many days and events.
    pub fn new(horizon: i32, events: usize) -> Self {
        let days = horizon.max(0) as usize;
        let zeros = || vec![0.0; days];
        Self {
            text: zeros(),
            other: zeros(),
            force: zeros(),
            events: vec![0.0; days * events],
            lapsed: zeros(),
        }
    }

    /// Adds a lane's endings in some share, what lapses on day `ends`.
    pub fn add(&mut self, share: f64, endings: &FirstEndings, lane: usize, ends: Option<i32>) {
        let add = |to: &mut [f64], from: &mut dyn Iterator<Item = f64>| {
            to.iter_mut().zip(from).for_each(|(to, from)| *to += share * from);
        };
        add(&mut self.text, &mut endings.text(lane));
        add(&mut self.other, &mut endings.other(lane));
        add(&mut self.force, &mut endings.force(lane));
        let count = endings.events();
        for event in 0..count {
            let to = self.events.iter_mut().skip(event).step_by(count);
            to.zip(endings.event(lane, event)).for_each(|(to, from)| *to += share * from);
        }
        if let Some(lapsed) = ends.and_then(|day| self.lapsed.get_mut(day as usize - 1)) {
            *lapsed += share * endings.lapsed(lane);
        }
    }

    /// The plain incidence of a class from the date told from (`P_table`), by day.
    pub fn plain(incidence: &[(f64, f64)]) -> Self {
        let mut before = (0.0, 0.0);
        let mut plain = Self::new(incidence.len() as i32, 0);
        for (k, now) in incidence.iter().enumerate() {
            (plain.text[k], plain.other[k]) = (now.0 - before.0, now.1 - before.1);
            before = *now;
        }
        plain
    }
}

/// Chances by the end of forecast days 1, 2, …: of every first ending, and of the text in its
/// stages.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcomes {
    /// Endings of other kinds.
    pub other: Vec<f64>,
    /// The owner's force.
    pub force: Vec<f64>,
    /// Each event, `[day × event]`.
    pub events: Vec<f64>,
    /// Lapsed with a deadline before there was a text.
    pub lapsed: Vec<f64>,
    /// The text and the stages after it, and what became of it otherwise.
    pub stages: StagePaths,
}

impl Outcomes {
    /// Adds endings in some share, their text sent through the stages. Where the text had been
    /// passed already the talks have ended: the stages alone are added.
    pub fn add(&mut self, share: f64, daily: &DailyEndings, kernel: &StageKernel) {
        let over = DailyEndings::default();
        let daily = if kernel.text_passed() { &over } else { daily };
        let days = daily.other.len();
        for (to, from) in [
            (&mut self.other, &daily.other),
            (&mut self.force, &daily.force),
            (&mut self.events, &daily.events),
            (&mut self.lapsed, &daily.lapsed),
        ] {
            let width = from.len().checked_div(days).unwrap_or(0);
            to.resize(from.len(), 0.0);
            let mut sum = vec![0.0; width];
            for (k, (to, from)) in to.iter_mut().zip(from).enumerate() {
                sum[k % width] += from;
                *to += share * sum[k % width];
            }
        }
        let paths = kernel.run(&daily.text);
        let add = |to: &mut Vec<f64>, from: &[f64]| {
            to.resize(from.len(), 0.0);
            to.iter_mut().zip(from).for_each(|(to, from)| *to += share * from);
        };
        self.stages.passed.resize(paths.passed.len(), Vec::new());
        for (to, from) in self.stages.passed.iter_mut().zip(&paths.passed) {
            add(to, from);
        }
        add(&mut self.stages.rejected, &paths.rejected);
        add(&mut self.stages.lapsed, &paths.lapsed);
    }

    /// The chance that a stage is passed by forecast day t ≥ 1, 0 before.
    pub fn passed(&self, stage: usize, t: i32) -> f64 {
        let day = usize::try_from(t - 1).ok();
        day.and_then(|day| self.stages.passed.get(stage)?.get(day)).copied().unwrap_or(0.0)
    }
}

/// The draws of one state of the deadlines: their Σw, `Σw·` chance of each day of the text, other
/// endings, force and events, and what lapsed.
pub(crate) type StateSum = (FineSum, [Vec<FineSum>; 4], FineSum);

/// Draws of a structure added up with their weights, in each state of the deadlines: the same bytes
/// in any order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OutcomeSum {
    /// Σw.
    pub weight: FineSum,
    /// Σw², for Kish's effective number of draws.
    pub squares: FineSum,
    /// By state: its Σw, and `Σw·` chance of each day in the order of [`DailyEndings`].
    pub(crate) states: Vec<StateSum>,
}

impl OutcomeSum {
    /// Adds a draw in a state: a lane of its endings, which may be left out where the text had been
    /// passed. Other endings than agreement are there if they were kept.
    pub fn add(&mut self, weight: f64, state: usize, endings: Option<(&FirstEndings, usize)>) {
        self.weight.add(weight);
        self.squares.add(weight * weight);
        if self.states.len() <= state {
            self.states.resize_with(state + 1, Default::default);
        }
        let (sum, columns, lapsed) = &mut self.states[state];
        sum.add(weight);
        let Some((endings, lane)) = endings else { return };
        let [text, other, force, events] = columns;
        add_days(text, weight, endings.text(lane));
        add_days(other, weight, endings.other(lane));
        add_days(force, weight, endings.force(lane));
        let count = endings.events();
        events.resize(other.len() * count, FineSum::default());
        for event in 0..count {
            let to = events.iter_mut().skip(event).step_by(count);
            to.zip(endings.event(lane, event)).for_each(|(to, p)| to.add(weight * p));
        }
        lapsed.add(weight * endings.lapsed(lane));
    }

    /// Adds another sum of the same case.
    pub fn merge(&mut self, other: &Self) {
        self.weight.merge(other.weight);
        self.squares.merge(other.squares);
        if self.states.len() < other.states.len() {
            self.states.resize_with(other.states.len(), Default::default);
        }
        for (to, from) in self.states.iter_mut().zip(&other.states) {
            to.0.merge(from.0);
            for (to, from) in to.1.iter_mut().zip(&from.1) {
                to.resize(to.len().max(from.len()), FineSum::default());
                to.iter_mut().zip(from).for_each(|(to, from)| to.merge(*from));
            }
            to.2.merge(from.2);
        }
    }

    /// The weighted means by day, through the stages of each state; `ends` is the day each lapses
    /// on. None if no weight is left: such a structure cannot have lasted.
    pub fn outcomes(&self, kernels: &[StageKernel], ends: &[Option<i32>]) -> Option<Outcomes> {
        if self.weight.0 == 0 {
            return None;
        }
        let mut outcomes = Outcomes::default();
        let states = self.states.iter().zip(kernels).zip(ends);
        for (((weight, columns, lapsed), kernel), ends) in states {
            let Some(share) = weight.over(self.weight) else { continue };
            if share == 0.0 {
                continue;
            }
            let mean = |sum: &FineSum| sum.over(*weight).unwrap_or(0.0);
            let [text, other, force, events] =
                columns.each_ref().map(|column| column.iter().map(mean).collect::<Vec<f64>>());
            let mut daily =
                DailyEndings { lapsed: vec![0.0; other.len()], text, other, force, events };
            if let Some(to) = ends.and_then(|day| daily.lapsed.get_mut(day as usize - 1)) {
                *to = mean(lapsed);
            }
            outcomes.add(share, &daily, kernel);
        }
        Some(outcomes)
    }

    /// Kish's effective number of draws, `(Σw)²/Σw²`.
    pub fn effective(&self) -> f64 {
        let (weight, squares) = (self.weight.value(), self.squares.value());
        if squares > 0.0 { weight * weight / squares } else { 0.0 }
    }
}

/// Adds a chance a day in its weight, as far as the days of either reach.
fn add_days(to: &mut Vec<FineSum>, weight: f64, from: impl ExactSizeIterator<Item = f64>) {
    to.resize(from.len().max(to.len()), FineSum::default());
    to.iter_mut().zip(from).for_each(|(to, p)| to.add(weight * p));
}

/// The pool, clock (19): `P = r·P_structure + (1 − r)·P_here`.
pub fn pooled(pool: f64, structure: f64, here: f64) -> f64 {
    pool * structure + (1.0 - pool) * here
}

/// What one draw says of the pooled answer, so that its mean is the answer exactly and its variance
/// that of the ratio: `y_d = r[P_s + w_d(F_d − P_s)/w̄] + (1 − r)P_here`, clock (19).
pub fn draw_value(
    pool: f64,
    structure: f64,
    here: f64,
    weight: f64,
    mean_weight: f64,
    answer: f64,
) -> f64 {
    pooled(pool, structure + weight * (answer - structure) / mean_weight, here)
}
