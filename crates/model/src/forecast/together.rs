//! Draws whose clocks run side by side, a lane each: every draw comes to what it would come to alone, to the bit.

use std::ops::Range;

use crate::clock::forward::{DrawCourse, FirstEndings};
use crate::clock::mixture::Mixture;
use crate::clock::outcome::{ClassClock, ClockConstants, Timetable};
use crate::clock::rates::TOGETHER;

use super::accumulate::Tally;
use super::draw::Frame;
use super::outcome::Solver;

/// What is asked of the clock of a draw that was solved, and what its sums need to know besides.
pub(super) struct ClockTask {
    /// Its number.
    pub(super) draw: u64,
    /// The place of its state of the deadlines.
    pub(super) state: usize,
    /// Whether it has a zone on its first day.
    pub(super) zone: bool,
    /// Whether it has none on any.
    pub(super) closed: bool,
    /// The terms that are agreed on in some days, one package after another.
    pub(super) terms: Vec<(Range<i32>, Vec<i32>)>,
}

/// What the clock came to.
pub(super) struct ClockResult<'a> {
    pub(super) endings: &'a FirstEndings,
    pub(super) lane: usize,
    pub(super) weight: f64,
    pub(super) answer: f64,
}

/// Draws in one state of the deadlines with the same bargaining days.
struct Bucket {
    tasks: Vec<ClockTask>,
    own: Vec<(ClockConstants, Timetable)>,
    courses: Vec<DrawCourse>,
}

impl Bucket {
    /// Whether a draw can run beside those here.
    fn takes(&self, task: &ClockTask, course: &DrawCourse) -> bool {
        let days = |course: &DrawCourse| course.nodes.iter().map(|node| node.0).collect::<Vec<_>>();
        let first = self.tasks.first().zip(self.courses.first());
        first.is_none_or(|(known, beside)| {
            known.state == task.state
                && days(beside) == days(course)
                && beside.events.len() == course.events.len()
        })
    }
}

/// Draws that wait for others to run beside.
#[derive(Default)]
pub(super) struct Together {
    buckets: Vec<Bucket>,
    clock: ClassClock,
    mixture: Mixture,
    endings: FirstEndings,
}

impl Together {
    /// Lets the solver's current draw wait, or runs it with those that do; `until` is the forecast day
    /// beyond which nothing matters, and `terms` says whether what is agreed on is asked for.
    pub(super) fn add(
        &mut self,
        tally: &mut Tally,
        (solver, draw): (&Solver<'_>, u64),
        (until, terms): (Option<i32>, bool),
    ) {
        let (task, own, course) = solver.clock_task(draw, terms);
        let found = self.buckets.iter().position(|bucket| bucket.takes(&task, &course));
        let at = found.unwrap_or_else(|| {
            let (tasks, own, courses) = (Vec::new(), Vec::new(), Vec::new());
            self.buckets.push(Bucket { tasks, own, courses });
            self.buckets.len() - 1
        });
        let bucket = &mut self.buckets[at];
        bucket.tasks.push(task);
        bucket.own.push(own);
        bucket.courses.push(course);
        if bucket.tasks.len() == TOGETHER {
            self.run(tally, solver.frame, at, until);
        }
    }

    /// Runs all that wait.
    pub(super) fn finish(&mut self, tally: &mut Tally, frame: &Frame<'_>, until: Option<i32>) {
        for at in 0..self.buckets.len() {
            self.run(tally, frame, at, until);
        }
    }

    fn run(&mut self, tally: &mut Tally, frame: &Frame<'_>, at: usize, until: Option<i32>) {
        let Self { buckets, clock, mixture, endings } = self;
        let Bucket { tasks, own, courses } = &mut buckets[at];
        let Some(state) = tasks.first().map(|task| task.state) else { return };
        let (case, times) = (frame.case(), frame.times());
        clock.resize(times.days, tasks.len());
        for (lane, (c, timetable)) in own.iter().enumerate() {
            mixture.fill(&times.class, c.zref, c.chi, c.reopens);
            clock.fill(lane, mixture, c, timetable, times.states[state], &times.last_texts);
        }
        let sight: Vec<f64> = own.iter().map(|(c, _)| c.sight).collect();
        let mut span = times.span(case, state, &sight, true);
        span.until = until;
        endings.run_beside(&clock.rates, &span, courses);
        for (lane, (task, course)) in tasks.iter().zip(&*courses).enumerate() {
            let pace = course.nodes.first().and_then(|node| node.1);
            let weight = clock.survival[lane].weight(pace);
            let answer = times.answer(case, state, endings, lane, &times.shares);
            tally.add_clock(times, task, &ClockResult { endings, lane, weight, answer });
        }
        tasks.clear();
        own.clear();
        courses.clear();
    }
}
