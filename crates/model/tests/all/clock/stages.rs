//! The stages against a walk that follows each text through them, try by try, from the rules alone.

use winset_model::clock::coins::CoinState;
use winset_model::clock::delay::Delay;
use winset_model::clock::outcome::Timetable;
use winset_model::clock::stages::{Awaited, Decision, StageRule};
use winset_model::clock::windows::PricedDeadline;
use winset_model::uncertain::{Dist, Stream, uniform};

const HORIZON: usize = 40;

/// Where a text ends, by day from 0.
#[derive(Clone)]
struct Ends {
    passed: Vec<Vec<f64>>,
    rejected: Vec<f64>,
    lapsed: Vec<f64>,
}

struct Rules<'a> {
    stages: &'a [StageRule],
    deadlines: &'a [PricedDeadline],
    elapsed: i32,
    refused: u32,
    awaited: usize,
}

impl Rules<'_> {
    fn shortest(delay: &Delay) -> i32 {
        let mut sum = 0.0;
        for (n, p) in delay.chances().iter().enumerate() {
            sum += p;
            if sum >= 0.05 {
                return n as i32;
            }
        }
        0
    }

    /// By which forecast day a stage must be passed to make each deadline that binds it or a later.
    fn limits(&self, stage: usize) -> Vec<i32> {
        let mut limits = Vec::new();
        for d in self.deadlines.iter().filter(|d| d.binds >= stage) {
            let mut limit = d.day - self.elapsed;
            for later in (stage + 1..=d.binds).rev() {
                let rule = &self.stages[later - 1];
                limit = match &rule.first {
                    Decision::On(day) if *day > self.elapsed => limit.min(*day - self.elapsed),
                    Decision::On(_) => limit - rule.again.as_ref().map_or(0, Self::shortest),
                    Decision::After(delay) => limit - Self::shortest(delay),
                };
            }
            limits.push(limit);
        }
        limits.sort_unstable();
        limits
    }

    /// The delays of an attempt begun on day s: squeezed into the nearest deadline that can be made.
    fn squeezed(&self, stage: usize, s: i32, delays: &[f64]) -> Vec<f64> {
        for limit in self.limits(stage) {
            let makes = |n: usize| s + n as i32 <= limit;
            let inside: f64 =
                delays.iter().enumerate().filter(|(n, _)| makes(*n)).map(|(_, p)| p).sum();
            if inside >= 0.05 {
                let keep = |(n, p): (usize, &f64)| if makes(n) { p / inside } else { 0.0 };
                return delays.iter().enumerate().map(keep).collect();
            }
        }
        delays.to_vec()
    }

    /// Follows a text whose next attempt, the k-th at `stage`, began on day s with this chance.
    fn attempt(
        &self,
        stage: usize,
        k: u32,
        s: i32,
        delays: Option<Vec<f64>>,
        p: f64,
        ends: &mut Ends,
    ) {
        if p < 1e-14 {
            return;
        }
        let Some(delays) = delays else {
            ends.lapsed[s as usize] += p;
            return;
        };
        let rule = &self.stages[stage - 1];
        let lapses = self.deadlines.iter().filter(|d| d.ends && d.binds >= stage);
        let lapses = lapses.map(|d| d.day - self.elapsed).filter(|day| *day > 0 && *day >= s).min();
        for (n, chance) in delays.iter().enumerate().filter(|(_, chance)| **chance > 0.0) {
            let (day, p) = (s + n as i32, p * chance);
            if lapses.is_some_and(|lapses| day > lapses) {
                let lapses = lapses.unwrap() as usize;
                if lapses <= HORIZON {
                    ends.lapsed[lapses] += p;
                }
                continue;
            }
            if day > HORIZON as i32 {
                continue;
            }
            let passes = rule.passes.central((0.0, 100.0)) / 100.0;
            let passes = if passes == 1.0 { 1.0 } else { passes * 5.8 / (5.8 + f64::from(k)) };
            ends.passed[stage][day as usize] += p * passes;
            self.begin(stage + 1, day, p * passes, ends);
            let refused = if stage == self.awaited { self.refused } else { 0 };
            if k + 1 < rule.tries.max(refused + 1) {
                let again = match (&rule.again, &rule.first) {
                    (Some(again), _) => again,
                    (None, Decision::After(first)) => first,
                    (None, Decision::On(_)) => {
                        panic!("a fixed day that may be repeated needs again")
                    }
                };
                let delays = self.squeezed(stage, day, again.chances());
                self.attempt(stage, k + 1, day, Some(delays), p * (1.0 - passes), ends);
            } else {
                ends.rejected[day as usize] += p * (1.0 - passes);
            }
        }
    }

    /// A text that passed the stage before on day s.
    fn begin(&self, stage: usize, s: i32, p: f64, ends: &mut Ends) {
        let Some(rule) = self.stages.get(stage - 1) else { return };
        let delays = match &rule.first {
            Decision::After(delay) => Some(self.squeezed(stage, s, delay.chances())),
            Decision::On(day) if s <= day - self.elapsed => {
                let wait = (day - self.elapsed - s) as usize;
                Some((0..=wait).map(|n| f64::from(u8::from(n == wait))).collect())
            }
            Decision::On(_) => {
                rule.again.as_ref().map(|again| self.squeezed(stage, s, again.chances()))
            }
        };
        self.attempt(stage, 0, s, delays, p, ends);
    }

    /// A text of which `stage` is awaited.
    fn wait(&self, a: &Awaited, ends: &mut Ends) {
        let rule = &self.stages[a.stage - 1];
        let left = |delay: &Delay, waited: i32| {
            let longer = &delay.chances()[(waited as usize + 1).min(delay.chances().len())..];
            let sum: f64 = longer.iter().sum();
            if sum < 1e-6 {
                return vec![0.0, 1.0];
            }
            std::iter::once(0.0).chain(longer.iter().map(|p| p / sum)).collect()
        };
        let again = || match (&rule.again, &rule.first) {
            (None, Decision::After(first)) => Some(first),
            (again, _) => again.as_ref(),
        };
        let tomorrow = Some(vec![0.0, 1.0]);
        let delays = match &rule.first {
            _ if a.failed > 0 => again().map(|again| left(again, a.last)),
            Decision::After(delay) => Some(left(delay, a.ago)),
            Decision::On(day) if *day > self.elapsed => {
                let wait = (day - self.elapsed) as usize;
                let point = (0..=wait).map(|n| f64::from(u8::from(n == wait))).collect();
                self.attempt(a.stage, 0, 0, Some(point), 1.0, ends);
                return;
            }
            Decision::On(day) if self.elapsed - a.ago <= *day => tomorrow,
            Decision::On(_) => rule.again.as_ref().map(|again| left(again, a.ago)),
        };
        let delays = delays.map(|delays| self.squeezed(a.stage, 0, &delays));
        self.attempt(a.stage, a.failed, 0, delays, 1.0, ends);
    }
}

#[test]
fn the_kernel_follows_every_text() {
    let state = CoinState { put_off: 0, chance: 1.0 };
    let (mut lapsed, mut rejected, mut waited) = (0, 0, 0);
    for case in 0..300 {
        let u = |k: u64| uniform(9, 1_000 * case + k, Stream::of("stages"));
        let day = |k: u64, lo: i32, hi: i32| lo + (u(k) * f64::from(hi - lo + 1)) as i32;
        let elapsed = day(0, 10, 30);
        let delay = |k: u64| {
            let lo = day(k, 0, 3);
            let hi = lo + day(k + 1, 0, 4);
            match u(k + 2) < 0.3 {
                true => Delay::of(lo as usize),
                false => Delay::new(&Dist::Uniform(f64::from(lo), f64::from(hi))),
            }
        };
        let stages: Vec<StageRule> = (0..day(1, 1, 3) as u64)
            .map(|k| {
                let k = 20 * (k + 1);
                let fixed = u(k) < 0.3;
                let again = (u(k + 1) < 0.5).then(|| delay(k + 2));
                let tries = day(k + 6, 1, 3) as u32;
                StageRule {
                    first: match fixed {
                        true => Decision::On(elapsed + day(k + 7, -8, 30)),
                        false => Decision::After(delay(k + 8)),
                    },
                    tries: if fixed && again.is_none() { 1 } else { tries },
                    again,
                    passes: Dist::Point(if u(k + 12) < 0.3 { 100.0 } else { 100.0 * u(k + 13) }),
                }
            })
            .collect();
        let deadlines: Vec<PricedDeadline> = (0..day(2, 0, 3) as u64)
            .map(|k| PricedDeadline {
                day: elapsed + day(200 + 5 * k, -3, 35),
                settles: 0.5,
                put_off: 0.0,
                ends: u(201 + 5 * k) < 0.5,
                binds: day(202 + 5 * k, 0, stages.len() as i32) as usize,
            })
            .collect();
        let awaited = (u(3) < 0.4).then(|| {
            let stage = day(4, 1, stages.len() as i32) as usize;
            let rule = &stages[stage - 1];
            let once = matches!(rule.first, Decision::On(_)) && rule.again.is_none();
            let ago = day(5, 0, 9);
            let failed = if once { 0 } else { day(6, 0, 3) as u32 };
            Awaited { stage, ago, failed, last: day(7, 0, ago) }
        });
        let timetable = Timetable {
            elapsed,
            horizon: HORIZON as i32,
            deadlines: deadlines.clone(),
            ..Timetable::default()
        };
        let text: Vec<f64> = (0..HORIZON as u64).map(|t| u(300 + t) / 30.0).collect();
        let kernel = timetable.kernel(&stages, awaited, state);
        let paths = kernel.run(&text);
        let rules = Rules {
            stages: &stages,
            deadlines: &deadlines,
            elapsed,
            refused: awaited.map_or(0, |a| a.failed),
            awaited: awaited.map_or(0, |a| a.stage),
        };
        let days = vec![0.0; HORIZON + 1];
        let mut ends = Ends {
            passed: vec![days.clone(); stages.len() + 1],
            rejected: days.clone(),
            lapsed: days,
        };
        match &awaited {
            Some(a) => {
                ends.passed[..a.stage].iter_mut().for_each(|days| days[0] = 1.0);
                rules.wait(a, &mut ends);
            }
            None => {
                ends.passed[0][1..].copy_from_slice(&text);
                for (s, p) in (1..).zip(&text) {
                    rules.begin(1, s, *p, &mut ends);
                }
            }
        }
        let same = |ours: &[f64], daily: &[f64], what: &str| {
            let mut sum = daily[0];
            for (t, ours) in ours.iter().enumerate() {
                sum += daily[t + 1];
                assert!(
                    (ours - sum).abs() < 1e-11,
                    "case {case}: {what} by day {}: {ours} {sum}",
                    t + 1
                );
            }
        };
        for (ours, daily) in paths.passed.iter().zip(&ends.passed) {
            same(ours, daily, "passed");
        }
        same(&paths.rejected, &ends.rejected, "rejected");
        same(&paths.lapsed, &ends.lapsed, "lapsed");
        lapsed += usize::from(paths.lapsed[HORIZON - 1] > 0.01);
        rejected += usize::from(paths.rejected[HORIZON - 1] > 0.01);
        waited += usize::from(awaited.is_some());
    }
    // Every kind of ending occurs.
    assert!(lapsed > 50 && rejected > 100 && waited > 80, "{lapsed} {rejected} {waited}");
}
