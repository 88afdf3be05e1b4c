//! Stages: what a text has to pass before it counts, and when it gets there.

use crate::uncertain::Dist;

use super::delay::Delay;
use super::tries::Tries;

/// A deadline squeezes an attempt of which at least this part can make it. Judgement.
pub const SQUEEZED: f64 = 0.05;

/// When the first attempt at a stage is decided.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// So long after the stage before.
    After(Delay),
    /// On a fixed elapsed day, if the stage before has passed by then.
    On(i32),
}

/// A stage after the text.
#[derive(Clone, Debug, PartialEq)]
pub struct StageRule {
    /// When the first attempt is decided.
    pub first: Decision,
    /// How long each later attempt takes, and the first of whoever comes after a fixed day; without
    /// it the latter is too late.
    pub again: Option<Delay>,
    /// The law of the chance to pass, per cent.
    pub passes: Dist,
    /// How many attempts there are.
    pub tries: u32,
}

impl StageRule {
    /// By which elapsed day the stage before must be passed for this one to be passed by `limit`.
    fn before(&self, limit: i32, elapsed: i32) -> i32 {
        match &self.first {
            Decision::On(day) if *day > elapsed => limit.min(*day),
            Decision::On(_) => limit - self.again.as_ref().map_or(0, |again| again.first(SQUEEZED)),
            Decision::After(delay) => limit - delay.first(SQUEEZED),
        }
    }
}

/// The last elapsed day on which a text still makes a deadline on `day` that binds a stage, D_0 of
/// clock (18).
pub fn last_text(stages: &[StageRule], day: i32, binds: usize, elapsed: i32) -> i32 {
    stages.iter().take(binds).rev().fold(day, |limit, stage| stage.before(limit, elapsed))
}

/// A deadline in force, as the stages see it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BindingDeadline {
    /// The elapsed day.
    pub day: i32,
    /// The last stage that must have been passed by then; 0 is the text.
    pub binds: usize,
    /// Whether what is under way at a stage up to that one lapses on the day.
    pub ends: bool,
}

/// How far a text had come by the date told from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Awaited {
    /// The stage awaited, at least 1; one past the last if all are passed.
    pub stage: usize,
    /// How many days ago the one before it was passed.
    pub ago: i32,
    /// How often it has been refused.
    pub failed: u32,
    /// How many days ago that was last.
    pub last: i32,
}

/// Where a text can be, day by day after the date told from: chances by the end of day 1, 2, ….
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StagePaths {
    /// Each stage passed, the text first, `[stage][day]`.
    pub passed: Vec<Vec<f64>>,
    /// Refused at the last try of a stage.
    pub rejected: Vec<f64>,
    /// Too late for a fixed day, or under way when a deadline ended it.
    pub lapsed: Vec<f64>,
}

/// How a stage looks from the date told from, on forecast days.
#[derive(Clone, Debug)]
struct Course {
    first: Decision,
    again: Option<Delay>,
    tries: Tries,
    /// By when this stage must be passed to make each deadline that binds it or a later one, rising.
    limits: Vec<i32>,
    /// When what is under way at this stage lapses, rising.
    ends: Vec<i32>,
}

/// What is known of the attempt under way on the date told from.
#[derive(Clone, Debug)]
enum Wait {
    /// It takes so long from then.
    Longer(Delay),
    /// Its day is fixed and still to come.
    ForItsDay,
    /// It came too late for a fixed day.
    Late,
}

/// When an attempt is decided: on day `start + n` with chance `scale·chance[n]`, up to `last`; what
/// would come after `cut` lapses then.
struct Attempt<'a> {
    chance: &'a [f64],
    start: i32,
    last: i32,
    scale: f64,
    cut: i32,
}

impl Attempt<'_> {
    /// The days up to `horizon` on which it is decided, with their chances.
    fn decided(&self, horizon: i32) -> impl Iterator<Item = (i32, f64)> {
        let end = self.last.min(self.cut).min(horizon);
        let days = self.chance.iter().zip(self.start..).take_while(move |(_, day)| *day <= end);
        days.map(|(chance, day)| (day, chance * self.scale))
    }

    /// The chance that it is decided by its cut.
    fn in_time(&self) -> f64 {
        self.decided(i32::MAX).map(|(_, chance)| chance).sum()
    }
}

/// The stages of a case under one state of its deadlines: linear in the text's daily chances, so one
/// of them serves every draw.
///
/// # Model
/// An attempt begun on day s is decided after its delay, given that this makes the nearest
/// deadline that at least 5 % of the delay can make; it passes with the chance of its try, and past
/// the last try the text is rejected, clock (16)–(18).
#[derive(Clone, Debug)]
pub struct StageKernel {
    courses: Vec<Course>,
    /// The stage awaited, where the text had been passed.
    waits: Option<(usize, Wait)>,
    horizon: i32,
}

impl StageKernel {
    /// Prepares the stages after the text for forecast days up to `horizon` from day `elapsed`,
    /// under the deadlines in force.
    pub fn new(
        stages: &[StageRule],
        awaited: Option<Awaited>,
        deadlines: &[BindingDeadline],
        elapsed: i32,
        horizon: i32,
    ) -> Self {
        let ahead = |day: i32| day.saturating_sub(elapsed);
        let mut courses: Vec<Course> = (1..)
            .zip(stages)
            .map(|(index, stage)| {
                let refused = awaited.filter(|a| a.stage == index).map_or(0, |a| a.failed);
                let lapses = deadlines.iter().filter(|d| d.ends && d.binds >= index);
                let mut ends: Vec<i32> = lapses.map(|d| ahead(d.day)).filter(|d| *d > 0).collect();
                ends.sort_unstable();
                Course {
                    first: match &stage.first {
                        Decision::On(day) => Decision::On(ahead(*day)),
                        after => after.clone(),
                    },
                    again: stage.again.clone(),
                    tries: Tries::new(&stage.passes, stage.tries, refused),
                    limits: Vec::new(),
                    ends,
                }
            })
            .collect();
        for deadline in deadlines {
            let mut limit = deadline.day;
            for (course, stage) in courses.iter_mut().zip(stages).take(deadline.binds).rev() {
                course.limits.push(ahead(limit));
                limit = stage.before(limit, elapsed);
            }
        }
        courses.iter_mut().for_each(|course| course.limits.sort_unstable());
        let waits = awaited.map(|a| {
            let stage = a.stage.max(1);
            (stage, courses.get(stage - 1).map_or(Wait::ForItsDay, |course| course.wait(&a)))
        });
        Self { courses, waits, horizon: horizon.max(0) }
    }

    /// Whether the text had been passed by the date told from.
    pub fn text_passed(&self) -> bool {
        self.waits.is_some()
    }

    /// The stages from the text's chances on days 1, 2, …; those do not count once it is passed.
    pub fn run(&self, text: &[f64]) -> StagePaths {
        let days = self.horizon as usize + 1;
        let mut arrives = vec![0.0; days];
        let (mut rejected, mut lapsed) = (vec![0.0; days], vec![0.0; days]);
        let mut passed = Vec::new();
        match self.waits {
            Some((stage, _)) => {
                // Passed stages count from the first day on.
                arrives[0] = 1.0;
                passed.resize(stage.min(self.courses.len() + 1), arrives.clone());
            }
            None => {
                arrives[1..].iter_mut().zip(text).for_each(|(to, p)| *to = *p);
                passed.push(arrives.clone());
            }
        }
        for index in passed.len()..=self.courses.len() {
            let course = &self.courses[index - 1];
            let mut passes = vec![0.0; days];
            for (k, chance) in course.tries.chances().iter().enumerate() {
                let mut refused = vec![0.0; days];
                for s in 0..days {
                    if arrives[s] == 0.0 {
                        continue;
                    }
                    let Some(attempt) = self.attempt(index, k, s as i32) else {
                        lapsed[s] += arrives[s];
                        continue;
                    };
                    for (day, p) in attempt.decided(self.horizon) {
                        let p = arrives[s] * p;
                        passes[day as usize] += p * chance;
                        refused[day as usize] += p * (1.0 - chance);
                    }
                    if let Some(lapsed) = lapsed.get_mut(attempt.cut as usize) {
                        *lapsed += arrives[s] * (1.0 - attempt.in_time()).max(0.0);
                    }
                }
                arrives = refused;
            }
            rejected.iter_mut().zip(&arrives).for_each(|(sum, p)| *sum += p);
            passed.push(passes.clone());
            arrives = passes;
        }
        let by_day = |daily: &Vec<f64>| {
            let mut sum = daily[0];
            let by = daily[1..].iter().map(|p| {
                sum += p;
                sum
            });
            by.collect()
        };
        let (rejected, lapsed) = (by_day(&rejected), by_day(&lapsed));
        StagePaths { passed: passed.iter().map(by_day).collect(), rejected, lapsed }
    }

    /// For a text on each forecast day 0, 1, … `by`, the chance that stage `asked` is passed by day
    /// `by`: a draw's answer is the dot product with its daily chances. Where the text had been
    /// passed already, the answer itself, on every day.
    pub fn reaches(&self, asked: usize, by: i32) -> Vec<f64> {
        let days = by.min(self.horizon).max(0) as usize + 1;
        let mut worth = vec![1.0; days];
        let from = self.waits.as_ref().map_or(1, |(stage, _)| *stage);
        for index in (from..=asked.min(self.courses.len())).rev() {
            let mut then = vec![0.0; days];
            for (k, chance) in self.courses[index - 1].tries.chances().iter().enumerate().rev() {
                let from_day = |s: usize| {
                    let attempt = self.attempt(index, k, s as i32);
                    let decided = attempt.iter().flat_map(|a| a.decided(days as i32 - 1));
                    let value = |day: i32| {
                        let day = day as usize;
                        chance * worth[day] + (1.0 - chance) * then[day]
                    };
                    decided.map(|(day, p)| p * value(day)).sum()
                };
                then = (0..days).map(from_day).collect();
            }
            worth = then;
        }
        if self.waits.is_some() { vec![worth[0]; days] } else { worth }
    }

    /// The attempt at a stage begun on day s after k refusals from now; none where it is too late.
    fn attempt(&self, index: usize, k: usize, s: i32) -> Option<Attempt<'_>> {
        let course = &self.courses[index - 1];
        let cut = course.ends.iter().copied().find(|day| *day >= s).unwrap_or(i32::MAX);
        let waits = self.waits.as_ref().filter(|(stage, _)| *stage == index && k == 0);
        let delay = match (waits, &course.first) {
            (Some((_, Wait::Longer(delay))), _) => delay,
            (Some((_, Wait::Late)), _) => return None,
            _ if k > 0 => course.again()?,
            (_, Decision::After(delay)) => delay,
            (_, Decision::On(day)) if s <= *day => {
                return Some(Attempt { chance: &[1.0], start: *day, last: *day, scale: 1.0, cut });
            }
            (_, Decision::On(_)) => course.again.as_ref()?,
        };
        Some(course.squeezed(delay, s, cut))
    }
}

impl Course {
    /// How long a later attempt takes.
    fn again(&self) -> Option<&Delay> {
        match (&self.again, &self.first) {
            (Some(again), _) => Some(again),
            (None, Decision::After(first)) => Some(first),
            (None, Decision::On(_)) => None,
        }
    }

    /// What is known on the date told from of the attempt at this stage, clock (17).
    fn wait(&self, awaited: &Awaited) -> Wait {
        let longer = |delay: Option<&Delay>, waited: i32| {
            delay.map_or(Wait::Late, |delay| Wait::Longer(delay.after(waited)))
        };
        match &self.first {
            _ if awaited.failed > 0 => longer(self.again(), awaited.last),
            Decision::After(delay) => longer(Some(delay), awaited.ago),
            Decision::On(day) if *day > 0 => Wait::ForItsDay,
            Decision::On(day) if -awaited.ago <= *day => Wait::Longer(Delay::of(1)),
            Decision::On(_) => longer(self.again.as_ref(), awaited.ago),
        }
    }

    /// An attempt that takes `delay` from day s, squeezed into the nearest deadline it can make.
    fn squeezed<'a>(&self, delay: &'a Delay, s: i32, cut: i32) -> Attempt<'a> {
        let makes = |limit: &&i32| delay.within(**limit - s) >= SQUEEZED;
        let limit = self.limits.iter().find(makes);
        let (last, scale) = limit.map_or((i32::MAX, 1.0), |l| (*l, 1.0 / delay.within(*l - s)));
        Attempt { chance: delay.chances(), start: s, last, scale, cut }
    }
}
