//! The clock of a case: its class under the constants of the strata, its calendar and its stages,
//! as far as no draw changes them.

use crate::case::{
    CalendarEntry, CalendarKind, Case, CaseClock, Constants, DeadlinePrice, Ending, ForceKind,
    Input, InputId, Settling, StageStart,
};
use crate::class::risk::ClassRates;
use crate::clock::coins::{CoinState, coin_states};
use crate::clock::delay::Delay;
use crate::clock::forward::{FirstEndings, Span};
use crate::clock::mixture::Mixture;
use crate::clock::outcome::{
    ClassClock, ClockConstants, DailyEndings, Outcomes, Timetable, pooled,
};
use crate::clock::progress::Progress;
use crate::clock::rounds::ScheduledRound;
use crate::clock::stages::{Awaited, Decision, StageKernel, StageRule};
use crate::clock::windows::PricedDeadline;
use crate::theory::deadlines::DeadlineAhead;
use crate::uncertain::{Dist, Points, Stream, uniform};

/// How many nodes of the constants and of the class the odds are computed at, clock (20).
pub const CLOCK_NODES: usize = 20;

/// The columns of what is added up at the nodes: theirs, and the draw's own constants.
pub(super) const NODE_COLUMNS: usize = CLOCK_NODES + 1;

/// Whether a draw is run at the nodes: the first 128, every fifth up to 2,048, and every 25th of the rest, so
/// that all scramblings of points have their share. What those few draws say at a node is put right by what they
/// and all draws say under their own constants; what is left of their error falls with P's own.
pub(super) fn at_nodes(draw: u64) -> bool {
    draw < 128 || draw.is_multiple_of(if draw < 2_048 { 5 } else { 25 })
}

/// The constants at one node, and the weight of the structure there.
#[derive(Clone, Debug)]
pub(super) struct ClockNode {
    constants: ClockConstants,
    timetable: Timetable,
    /// The class factors on agreement and on other endings.
    factors: [f64; 2],
    /// r.
    pub pool: f64,
}

/// What of a case's clock no draw changes.
#[derive(Clone, Debug)]
pub struct CaseTimes {
    /// What it is tabulated from.
    of: ClockPart,
    /// How other endings divide into breakdown, suspension and interim; they sum to 1.
    pub(super) shares: [f64; 3],
    /// r, the mean of its leaf.
    pub(super) pool: f64,
    /// The forecast day of the question; below 1 nothing can have ended.
    pub(super) by: i32,
    /// Whether agreement alone counts as yes.
    pub(super) plain: bool,
    /// Whether some event reacts to prospects.
    pub(super) reacts: bool,
    /// The class on its own.
    pub(super) class: ClassRates,
    /// What may be put off, and how likely.
    pub(super) states: Vec<CoinState>,
    /// By state: the stages, the day on which what is open lapses, and what a text on each day is
    /// worth by the question's date.
    pub(super) kernels: Vec<StageKernel>,
    pub(super) ends: Vec<Option<i32>>,
    pub(super) reaches: Vec<Vec<f64>>,
    /// The deadlines of bargaining, none put off.
    pub(super) ahead: Vec<DeadlineAhead>,
    pub(super) last_texts: Vec<i32>,
    /// The calendar at the means of its chances.
    timetable: Timetable,
    pub(super) nodes: Vec<ClockNode>,
    /// By state: the class at the nodes, with its factors.
    pub(super) at_nodes: Vec<ClassClock>,
    /// How many elapsed days are tabulated.
    pub(super) days: usize,
    /// The class in this calendar, averaged over the nodes without factors.
    pub(super) here: Outcomes,
    /// Its own types without and with a zone.
    pub(super) types: [Outcomes; 2],
    /// The plain incidence of the class, through the stages.
    pub(super) table: Outcomes,
    /// The class in this calendar at each node, with its factors.
    pub(super) here_at: Vec<Outcomes>,
    /// The share of the class with a zone at the start of its clock and on the day told from, at the
    /// centre of the constants.
    pub(super) class_zone: [f64; 2],
}

impl CaseTimes {
    /// Tabulates the clock of a case.
    pub(super) fn new(of: ClockPart) -> Self {
        let (case, reacts) = (&of.case, of.reacts);
        let centre: Vec<f64> = case.inputs.iter().map(middle).collect();
        let timetable = timetable(case, &centre);
        let states = coin_states(&timetable.deadlines);
        let stages = stage_rules(case);
        let awaited = case.clock.passed.map(|passed| Awaited {
            stage: passed.stage + 1,
            ago: case.as_of.since(passed.on),
            failed: passed.failed,
            last: case.as_of.since(passed.last),
        });
        let kernels: Vec<StageKernel> =
            states.iter().map(|state| timetable.kernel(&stages, awaited, *state)).collect();
        let ends: Vec<Option<i32>> =
            states.iter().map(|state| timetable.span(*state).ends).collect();
        let by = case.question.by.since(case.as_of);
        let reaches =
            kernels.iter().map(|kernel| kernel.reaches(case.question.stage, by)).collect();
        let last_texts = timetable.last_texts(&stages);
        let priced = case.priced_deadlines();
        let ahead = timetable.deadlines.iter().zip(&last_texts).zip(&priced);
        let ahead = ahead.filter(|(_, priced)| **priced).map(|((d, last), _)| DeadlineAhead {
            day: d.day - timetable.elapsed,
            last_text: last - timetable.elapsed,
            ends: d.ends,
            put_off: false,
        });
        let ahead = ahead.collect();
        let sight = case.input(case.constants.window);
        let farthest = match sight.dist.is_point() {
            true => centre[case.constants.window.0],
            false => sight.dist.quantile(1.0 - 1e-9, sight.scale),
        };
        let horizon = case.constants.horizon;
        let beyond = if reacts { (5.0 * farthest).ceil() as i32 } else { 0 };
        let days = (timetable.elapsed + horizon + beyond).max(0) as usize;
        let class = &case.clock.class;
        let plain = ClassRates::new(&class.agreement, class.other.as_ref(), days);
        let nodes = nodes(case, &centre);
        let at_nodes: Vec<ClassClock> =
            states.iter().map(|s| table(case, &plain, &nodes, *s, &last_texts, true)).collect();
        let without: Vec<ClassClock> =
            states.iter().map(|s| table(case, &plain, &nodes, *s, &last_texts, false)).collect();
        let over = |daily: &dyn Fn(usize) -> DailyEndings| {
            let mut outcomes = Outcomes::default();
            for (k, state) in states.iter().enumerate() {
                outcomes.add(state.chance, &daily(k), &kernels[k]);
            }
            outcomes
        };
        let spans: Vec<Span<'_>> = states.iter().map(|state| timetable.span(*state)).collect();
        let each = 1.0 / CLOCK_NODES as f64;
        let mean = |k: usize, parts: &dyn Fn(&ClassClock, usize) -> [f64; 2]| {
            let clock: &ClassClock = &without[k];
            let mut daily = DailyEndings::new(horizon, 0);
            for lane in 0..CLOCK_NODES {
                let [none, zone] = parts(clock, lane);
                daily.add(each * none, &clock.none, lane, ends[k]);
                daily.add(each * zone, &clock.zone, lane, ends[k]);
            }
            daily
        };
        let here = over(&|k| {
            mean(k, &|clock, lane| [clock.survival[lane].none, clock.survival[lane].zone])
        });
        let types =
            [over(&|k| mean(k, &|_, _| [1.0, 0.0])), over(&|k| mean(k, &|_, _| [0.0, 1.0]))];
        let incidence = DailyEndings::plain(&plain.incidence(timetable.elapsed, horizon as usize));
        let table = over(&|_| incidence.clone());
        let here_at =
            (0..CLOCK_NODES).map(|lane| over(&|k| at_nodes[k].here(lane, &spans[k]))).collect();
        let shares = [case.constants.breakdown, case.constants.suspension, case.constants.interim]
            .map(|id| centre[id.0]);
        let sum: f64 = shares.iter().sum();
        let constants = constants(case, &centre);
        let mut mixture = Mixture::default();
        mixture.fill(&plain, constants.zref, constants.chi, constants.reopens);
        Self {
            shares: shares.map(|s| if sum > 0.0 { s / sum } else { 1.0 / 3.0 }),
            pool: centre[case.clock.pool.0] / 100.0,
            by,
            plain: case.question.counts == [Ending::Agreement],
            reacts,
            class_zone: [constants.zref, mixture.share_on(timetable.elapsed)],
            class: plain,
            states,
            kernels,
            ends,
            reaches,
            ahead,
            last_texts,
            timetable,
            nodes,
            at_nodes,
            days,
            here,
            types,
            table,
            here_at,
            of,
        }
    }

    /// What it is tabulated from.
    pub(super) fn of(&self) -> &ClockPart {
        &self.of
    }

    /// Whether a draw's own clock, and the pooled answer of draws, read the same of other tables: those of a
    /// case whose inputs are others, or stand in another order.
    pub(super) fn reads_as(&self, other: &Self) -> bool {
        let days = |t: &Self| (t.of.case.elapsed(), t.of.case.constants.horizon, t.by, t.days);
        days(self) == days(other)
            && self.of.case.question.counts == other.of.case.question.counts
            && (self.plain, self.reacts) == (other.plain, other.reacts)
            && self.text_passed() == other.text_passed()
            && (self.shares, self.pool) == (other.shares, other.pool)
            && self.states == other.states
            && self.ends == other.ends
            && self.ahead == other.ahead
            && self.last_texts == other.last_texts
            && self.reaches == other.reaches
            && self.class == other.class
            && self.here == other.here
    }

    /// The calendar in elapsed days, at the means of its chances.
    pub fn timetable(&self) -> &Timetable {
        &self.timetable
    }

    /// What may be put off, and how likely each state of it is.
    pub fn states(&self) -> &[CoinState] {
        &self.states
    }

    /// The last elapsed day on which a text still makes each deadline of the calendar.
    pub fn last_texts(&self) -> &[i32] {
        &self.last_texts
    }

    /// The share of the class with a zone of agreement at the start of its clock and on the day told
    /// from.
    pub fn class_zone(&self) -> [f64; 2] {
        self.class_zone
    }

    /// The weight r of the structure in the answer, 0 to 1.
    pub fn pool(&self) -> f64 {
        self.pool
    }

    /// The weight of the structure in the answer, and the class's own answer.
    pub(crate) fn pooling(&self, case: &Case) -> (f64, f64) {
        (self.pool, self.yes(case, &self.here, self.by))
    }

    /// Whether the text had been passed on the day told from: no draw matters any more.
    pub fn text_passed(&self) -> bool {
        self.kernels.iter().any(StageKernel::text_passed)
    }

    /// The place of a state of the deadlines.
    pub(super) fn state(&self, put_off: u64) -> usize {
        self.states.iter().position(|state| state.put_off == put_off).unwrap_or(0)
    }

    /// The days a draw is run over in a state of the deadlines, with as many lanes in detail.
    pub(super) fn span<'s>(
        &self,
        case: &Case,
        state: usize,
        sight: &'s [f64],
        detailed: bool,
    ) -> Span<'s> {
        Span {
            elapsed: case.elapsed(),
            horizon: case.constants.horizon,
            ends: self.ends[state],
            sight,
            detailed,
            asked: !self.plain,
            until: None,
        }
    }

    /// The chance of what counts as yes by the question's date, in a lane of first endings.
    pub(super) fn answer(
        &self,
        case: &Case,
        state: usize,
        endings: &FirstEndings,
        lane: usize,
        shares: &[f64; 3],
    ) -> f64 {
        if self.by < 1 {
            return 0.0;
        }
        let reaches = &self.reaches[state];
        if self.text_passed() {
            let agrees = case.question.counts.contains(&Ending::Agreement);
            return if agrees { reaches.first().copied().unwrap_or(0.0) } else { 0.0 };
        }
        let days = usize::try_from(self.by).unwrap_or(0);
        let [other, force] = endings.asked(lane).map(|by_day| by_day.take(days).sum::<f64>());
        let part = |ending: &Ending| match ending {
            Ending::Agreement => endings.answer(lane, reaches),
            Ending::Breakdown => other * shares[0],
            Ending::Suspension => other * shares[1],
            Ending::Interim => other * shares[2],
            Ending::Force => force,
        };
        case.question.counts.iter().map(part).sum()
    }

    /// The same of chances by day, on a forecast day.
    pub(super) fn yes(&self, case: &Case, outcomes: &Outcomes, day: i32) -> f64 {
        if day < 1 {
            return 0.0;
        }
        let at = day as usize - 1;
        let of = |column: &[f64]| column.get(at).copied().unwrap_or(0.0);
        let width = outcomes.events.len() / outcomes.other.len().max(1);
        let events = outcomes.events.get(at * width..(at + 1) * width).unwrap_or(&[]);
        let part = |ending: &Ending| match ending {
            Ending::Agreement => outcomes.passed(case.question.stage, day),
            Ending::Breakdown => of(&outcomes.other) * self.shares[0],
            Ending::Suspension => of(&outcomes.other) * self.shares[1],
            Ending::Interim => of(&outcomes.other) * self.shares[2],
            Ending::Force => of(&outcomes.force) + events.iter().sum::<f64>(),
        };
        case.question.counts.iter().map(part).sum()
    }

    /// The pooled answer at the structure's.
    pub fn pooled(&self, case: &Case, structure: f64) -> f64 {
        pooled(self.pool, structure, self.yes(case, &self.here, self.by))
    }
}

/// The part of a case that its clock is tabulated from, the same for all cases whose clock reads the same.
#[derive(Clone, Debug)]
pub(super) struct ClockPart {
    /// The case without what the clock does not read. Its inputs are those that are read, in the order in
    /// which they are, whatever they are called and wherever they stand.
    case: Case,
    /// Whether some event that ends the talks may react to the prospect of a deal.
    reacts: bool,
}

impl ClockPart {
    /// That of a case.
    pub(super) fn new(case: &Case) -> Self {
        let reacts = ending_events(case).any(|id| case.input(id).dist != Dist::Point(0.0));
        Self { case: clock_part(case), reacts }
    }

    /// Whether the tables of one are those of the other.
    pub(super) fn is(&self, other: &Self) -> bool {
        let (a, b) = (&self.case, &other.case);
        let same = |(a, b): (&Input, &Input)| a.dist == b.dist && a.scale == b.scale;
        self.reacts == other.reacts
            && a.as_of == b.as_of
            && a.question == b.question
            && a.calendar == b.calendar
            && a.clock == b.clock
            && a.stages == b.stages
            && a.constants == b.constants
            && a.inputs.len() == b.inputs.len()
            && a.inputs.iter().zip(&b.inputs).all(same)
    }
}

/// See [`ClockPart`]; what is left out is empty.
fn clock_part(case: &Case) -> Case {
    let mut numbers = ClockNumbers { case, read: Vec::new(), inputs: Vec::new() };
    let read = case.constants.inputs().map(|id| numbers.of(id));
    let constants = Constants::new(read, case.constants.horizon);
    let clock = CaseClock { pool: numbers.of(case.clock.pool), ..case.clock.clone() };
    let calendar = case.calendar.iter().map(|entry| numbers.entry(entry)).collect();
    Case {
        title: String::new(),
        as_of: case.as_of,
        question: case.question.clone(),
        issues: Vec::new(),
        sides: Vec::new(),
        actors: Vec::new(),
        force: Vec::new(),
        promises: Vec::new(),
        texts: Vec::new(),
        partial: Vec::new(),
        calendar,
        unseen: Vec::new(),
        clock,
        stages: case.stages.clone(),
        constants,
        switches: case.switches.clone(),
        points: Points::Random,
        inputs: numbers.inputs,
        together: Vec::new(),
        notes: Vec::new(),
    }
}

/// The numbers that the clock reads, as they are come upon.
struct ClockNumbers<'a> {
    case: &'a Case,
    /// Where each stands in the case.
    read: Vec<InputId>,
    inputs: Vec<Input>,
}

impl ClockNumbers<'_> {
    /// A number's place among them.
    fn of(&mut self, id: InputId) -> InputId {
        if let Some(known) = self.read.iter().position(|read| *read == id) {
            return InputId(known);
        }
        let input = self.case.input(id);
        self.read.push(id);
        self.inputs.push(Input {
            path: String::new(),
            stream: input.stream,
            dist: input.dist.clone(),
            later: None,
            scale: input.scale,
            rests_on: Vec::new(),
            evidence: Vec::new(),
            why: false,
            written: false,
            redundant: false,
        });
        InputId(self.read.len() - 1)
    }

    fn settling(&mut self, settles: Settling) -> Settling {
        match settles {
            Settling::Constant => Settling::Constant,
            Settling::Own(id) => Settling::Own(self.of(id)),
        }
    }

    /// An entry of the calendar as far as the clock reads it: not what a deadline costs.
    fn entry(&mut self, entry: &CalendarEntry) -> CalendarEntry {
        let kind = match &entry.kind {
            CalendarKind::Start { mediated } => CalendarKind::Start { mediated: *mediated },
            CalendarKind::Round { holds, settles, days } => CalendarKind::Round {
                holds: self.of(*holds),
                settles: settles.map(|s| self.settling(s)),
                days: *days,
            },
            CalendarKind::Deadline { hard, binds, price } => CalendarKind::Deadline {
                hard: *hard,
                binds: *binds,
                price: price.as_ref().map(|price| DeadlinePrice {
                    cost: Vec::new(),
                    after: Vec::new(),
                    ends: price.ends,
                    settles: self.settling(price.settles),
                    put_off: price.put_off.map(|id| self.of(id)),
                    goes: None,
                }),
            },
        };
        CalendarEntry { id: String::new(), name: String::new(), kind, ..entry.clone() }
    }
}

/// How strongly each event that ends the talks reacts to the prospect of a deal.
fn ending_events(case: &Case) -> impl Iterator<Item = InputId> {
    case.force.iter().filter(|force| force.goes_on.is_none()).filter_map(|force| {
        match &force.kind {
            ForceKind::Event { reacts, .. } => Some(*reacts),
            ForceKind::Choice { .. } => None,
        }
    })
}

/// An input where it does not vary from draw to draw: the mean of what is believed about it.
fn middle(input: &crate::case::Input) -> f64 {
    if input.dist.is_point() {
        return input.dist.central(input.scale);
    }
    if input.scale.0.is_finite() && input.scale.1.is_finite() {
        let (mean, _) = input.dist.moments(input.scale);
        return input.scale.0 + mean / 100.0 * (input.scale.1 - input.scale.0);
    }
    input.dist.central(input.scale)
}

/// The constants of the clock at some values of the inputs.
pub(super) fn constants(case: &Case, values: &[f64]) -> ClockConstants {
    let of = |id: InputId| values[id.0];
    let c = &case.constants;
    ClockConstants {
        zref: of(c.zref) / 100.0,
        chi: of(c.chi),
        gamma: of(c.gamma),
        gref: of(c.gref) / 100.0,
        reopens: of(c.reopens) / 100.0,
        paused: of(c.paused) / 100.0,
        sight: of(c.window),
    }
}

/// The calendar of a case at some values of its inputs, in elapsed days.
pub(super) fn timetable(case: &Case, values: &[f64]) -> Timetable {
    let percent = |id: InputId| values[id.0] / 100.0;
    let settling = |settles: Settling, constant: InputId| match settles {
        Settling::Constant => percent(constant),
        Settling::Own(id) => percent(id),
    };
    let start = case.clock.start;
    let (mut rounds, mut deadlines) = (Vec::new(), Vec::new());
    for entry in &case.calendar {
        let (day, known) = (entry.on.since(start), entry.known.since(start));
        match &entry.kind {
            CalendarKind::Start { .. } | CalendarKind::Deadline { hard: false, .. } => {}
            CalendarKind::Round { holds, settles, days } => rounds.push(ScheduledRound {
                day,
                holds: percent(*holds),
                known,
                settles: settles.map_or(0.0, |s| settling(s, case.constants.decides)),
                days: *days,
            }),
            CalendarKind::Deadline { binds, price: Some(price), .. } => {
                deadlines.push(PricedDeadline {
                    day,
                    settles: settling(price.settles, case.constants.settles),
                    put_off: price.put_off.map_or(0.0, percent),
                    ends: price.ends,
                    binds: binds.unwrap_or(0),
                });
            }
            CalendarKind::Deadline { binds, price: None, .. } => {
                rounds.push(ScheduledRound { day, holds: 1.0, known, settles: 0.0, days: 1 });
                if let Some(binds) = *binds {
                    let (settles, put_off, ends) = (0.0, 0.0, false);
                    deadlines.push(PricedDeadline { day, settles, put_off, ends, binds });
                }
            }
        }
    }
    // In the order of days, those with a price first, as `Frame` numbers them.
    let priced = case.calendar.iter().filter_map(|entry| match &entry.kind {
        CalendarKind::Deadline { hard: true, price, binds }
            if price.is_some() || binds.is_some() =>
        {
            Some(price.is_some())
        }
        _ => None,
    });
    let mut numbered: Vec<(bool, PricedDeadline)> = priced.zip(deadlines).collect();
    numbered.sort_by_key(|(priced, d)| (!priced, d.day));
    let elapsed = case.elapsed();
    let mut progress = Progress::default();
    progress
        .failed
        .extend(case.clock.failed.iter().map(|(day, n)| (day.since(start), f64::from(*n))));
    progress.paused = case.clock.suspended.then_some(i32::MAX);
    let since = case.clock.moved.map_or(0, |day| day.since(start));
    Timetable {
        elapsed,
        since: since.clamp(0, elapsed.max(0)),
        horizon: case.constants.horizon,
        rounds,
        deadlines: numbered.into_iter().map(|(_, d)| d).collect(),
        progress,
    }
}

impl Case {
    /// Of the deadlines in the order of the clock, whether each has a price.
    fn priced_deadlines(&self) -> Vec<bool> {
        let mut priced: Vec<bool> = self
            .calendar
            .iter()
            .filter_map(|entry| match &entry.kind {
                CalendarKind::Deadline { hard: true, price, binds }
                    if price.is_some() || binds.is_some() =>
                {
                    Some(price.is_some())
                }
                _ => None,
            })
            .collect();
        priced.sort_by_key(|priced| !priced);
        priced
    }
}

/// The stages after the text, in elapsed days.
fn stage_rules(case: &Case) -> Vec<StageRule> {
    let rule = |stage: &crate::case::Stage| StageRule {
        first: match &stage.first {
            StageStart::Takes(law) => Decision::After(Delay::new(law)),
            StageStart::On(day) => Decision::On(day.since(case.clock.start)),
        },
        again: stage.again.as_ref().map(Delay::new),
        passes: stage.passes.clone(),
        tries: stage.tries,
    };
    case.stages.iter().skip(1).map(rule).collect()
}

/// The nodes of clock (20): a Latin hypercube over the constants that lead the odds, the pool and the
/// class factors, its strata shuffled by each one's own stream, the same for every seed.
fn nodes(case: &Case, centre: &[f64]) -> Vec<ClockNode> {
    let c = &case.constants;
    let shuffled = |name: &str| {
        let stream = Stream::of(&format!("{name} at clock nodes"));
        let mut order: Vec<usize> = (0..CLOCK_NODES).collect();
        order.sort_by(|a, b| {
            uniform(0, *a as u64, stream).total_cmp(&uniform(0, *b as u64, stream))
        });
        order
    };
    // Everything that says how surely a date settles moves together.
    let mut settling = vec![c.settles, c.decides];
    settling.extend(case.calendar.iter().filter_map(|entry| match &entry.kind {
        CalendarKind::Round { settles: Some(Settling::Own(id)), .. } => Some(*id),
        CalendarKind::Deadline { price: Some(price), .. } => match price.settles {
            Settling::Own(id) => Some(id),
            Settling::Constant => None,
        },
        _ => None,
    }));
    let strata: Vec<(Vec<usize>, Vec<InputId>)> = [
        ("zref", vec![c.zref]),
        ("gref", vec![c.gref]),
        ("gamma", vec![c.gamma]),
        ("chi", vec![c.chi]),
        ("reopens", vec![c.reopens]),
        ("settles", settling),
        ("pool", vec![case.clock.pool]),
    ]
    .into_iter()
    .map(|(name, ids)| (shuffled(name), ids))
    .collect();
    let factors = [shuffled("agreement of the class"), shuffled("other endings of the class")];
    let at = |order: &[usize], k: usize| (order[k] as f64 + 0.5) / CLOCK_NODES as f64;
    let mut values = centre.to_vec();
    let mut node = |k: usize| {
        for (order, ids) in &strata {
            for id in ids {
                let input = case.input(*id);
                if !input.dist.is_point() {
                    values[id.0] = input.dist.quantile(at(order, k), input.scale);
                }
            }
        }
        let laws = &case.clock.class.factors;
        ClockNode {
            constants: constants(case, &values),
            timetable: timetable(case, &values),
            factors: [0, 1].map(|risk| laws[risk].factor(at(&factors[risk], k))),
            pool: values[case.clock.pool.0] / 100.0,
        }
    };
    (0..CLOCK_NODES).map(&mut node).collect()
}

/// The class at the nodes in one state of the deadlines, with or without its factors; its own types
/// have been run.
fn table(
    case: &Case,
    plain: &ClassRates,
    nodes: &[ClockNode],
    state: CoinState,
    last_texts: &[i32],
    factors: bool,
) -> ClassClock {
    let class = &case.clock.class;
    let mut clock = ClassClock::default();
    let (mut rates, mut mixture) = (ClassRates::default(), Mixture::default());
    clock.resize(plain.days(), nodes.len());
    for (lane, node) in nodes.iter().enumerate() {
        let [a, o] = node.factors;
        let rates = if factors && node.factors != [1.0, 1.0] {
            let other = class.other.as_ref().map(|risk| risk.multiplied(o));
            rates.fill(&class.agreement.multiplied(a), other.as_ref(), plain.days());
            &rates
        } else {
            plain
        };
        let c = &node.constants;
        mixture.fill(rates, c.zref, c.chi, c.reopens);
        clock.fill(lane, &mixture, c, &node.timetable, state, last_texts);
    }
    if let Some(node) = nodes.first() {
        clock.run_types(&node.timetable.span(state));
    }
    clock
}

impl ClockNode {
    /// How fast a structure agrees against the class's own with a zone.
    pub(super) fn pace(&self, room: f64, screening: f64) -> f64 {
        self.constants.pace(room, screening)
    }

    /// How far an event looks ahead, days.
    pub(super) fn sight(&self) -> f64 {
        self.constants.sight
    }
}
