//! What a party prefers.

/// How preferences that are strong or not known are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PreferenceReading {
    /// Better or not, nothing else.
    #[default]
    Plain,
    /// A sanction deters only if it leaves the party at a state it likes much less than where it is.
    Strong,
    /// Unknown preferences: whether the party moves where it is not known that the move gains, and
    /// whether a state deters of which it is not known that it is better.
    Unknown {
        /// It moves.
        eager: bool,
        /// It is deterred.
        wary: bool,
    },
}

impl PreferenceReading {
    /// The four readings of unknown preferences, extensions a to d of the reference.
    ///
    /// # Reference
    /// Li, Hipel, Kilgour & Fang 2004, "Preference uncertainty in the graph model for conflict
    /// resolution", IEEE Transactions on Systems, Man, and Cybernetics A 34(4), 507–520.
    pub const UNKNOWN: [(&'static str, Self); 4] = [
        ("a", Self::Unknown { eager: true, wary: false }),
        ("b", Self::Unknown { eager: false, wary: false }),
        ("c", Self::Unknown { eager: true, wary: true }),
        ("d", Self::Unknown { eager: false, wary: true }),
    ];
}

/// A step of a ranking, from the best down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RankedStep {
    /// States the party likes equally.
    Tied(Vec<usize>),
    /// What stands above is liked much more than what stands below.
    Much,
}

/// What one party prefers: a level a state, the higher the better.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartyRanking {
    level: Vec<u32>,
    /// The highest level that is much below each state; 0 where none is. Empty without strong steps.
    much: Vec<u32>,
    /// The lowest and the highest level each state may have; empty where all is known.
    lo: Vec<u32>,
    hi: Vec<u32>,
}

/// How a party looks at states: which moves gain, and which states deter.
///
/// A move from s to t gains if `worth(t) > from(s)`; a state u deters at s if `value(u) ≤ limit(s)`.
#[derive(Clone, Copy, Debug)]
pub struct Lens<'a> {
    /// What a state is worth as a goal.
    pub worth: &'a [u32],
    /// What a goal has to beat.
    pub from: &'a [u32],
    /// What a state is worth as a sanction.
    pub value: &'a [u32],
    /// The most a sanction may be worth.
    pub limit: &'a [u32],
}

impl Lens<'_> {
    /// Whether a move from one state to another gains.
    pub fn gains(&self, from: usize, to: usize) -> bool {
        self.worth[to] > self.from[from]
    }
}

impl PartyRanking {
    /// From levels, the higher the better; equal levels are ties.
    pub fn of_levels(level: Vec<u32>) -> Self {
        Self { level, ..Self::default() }
    }

    /// From the worth of each state; equal numbers are ties. What is not a number is worth least.
    pub fn of_worth(worth: &[f64]) -> Self {
        let mut order = Vec::new();
        let mut level = vec![0; worth.len()];
        level_by(worth, &mut order, &mut level);
        Self::of_levels(level)
    }

    /// From what is worth much more: a state is much better than those worth less by `margin` or more.
    pub fn with_margin(mut self, worth: &[f64], margin: f64) -> Self {
        let below = |s: usize| {
            let far = |t: &usize| worth[*t] <= worth[s] - margin;
            (0..worth.len()).filter(far).map(|t| self.level[t]).max().unwrap_or(0)
        };
        self.much = (0..worth.len()).map(below).collect();
        self
    }

    /// From steps, the best first, over so many states; those not named come last and tie.
    pub fn of_steps(states: usize, steps: &[RankedStep]) -> Self {
        let top = steps.len() as u32 + 1;
        let mut level = vec![1; states];
        let strong = steps.contains(&RankedStep::Much);
        for (k, step) in steps.iter().enumerate() {
            if let RankedStep::Tied(tied) = step {
                for s in tied.iter().filter(|s| **s < states) {
                    level[*s] = top - k as u32;
                }
            }
        }
        // A strong step takes a level of its own: what is below the nearest one is much below.
        let below = |l: &u32| {
            let strong = |k: &usize| steps[*k] == RankedStep::Much && top - (*k as u32) < *l;
            (0..steps.len()).filter(strong).map(|k| top - k as u32).max().unwrap_or(0)
        };
        let much = if strong { level.iter().map(below).collect() } else { Vec::new() };
        Self { level, much, ..Self::default() }
    }

    /// The same where it is not known in which order the party likes the states of each group: each may
    /// stand anywhere between the best and the worst of its group.
    pub fn unknown_within(mut self, groups: &[Vec<usize>]) -> Self {
        if groups.is_empty() {
            return self;
        }
        // Twice the levels: tied states of which none is known to be the better need room between.
        let twice: Vec<u32> = self.level.iter().map(|l| 2 * l).collect();
        (self.lo, self.hi) = (twice.clone(), twice.clone());
        for group in groups {
            let levels = || group.iter().filter_map(|s| twice.get(*s).copied());
            let (Some(lo), Some(hi)) = (levels().min(), levels().max()) else { continue };
            for s in group.iter().filter(|s| **s < self.level.len()) {
                let tied = lo == hi && group.len() > 1;
                self.lo[*s] = self.lo[*s].min(if tied { lo.saturating_sub(1) } else { lo });
                self.hi[*s] = self.hi[*s].max(hi);
            }
        }
        self
    }

    /// The same where no step is strong and others' are: nothing is much below anything.
    pub fn with_no_strong(mut self) -> Self {
        if self.much.is_empty() {
            self.much = vec![0; self.level.len()];
        }
        self
    }

    /// The levels, the higher the better.
    pub fn levels(&self) -> &[u32] {
        &self.level
    }

    /// Sets the levels anew from the worth of each state, without strong steps or what is not known.
    pub fn redo(&mut self, worth: &[f64], order: &mut Vec<u32>) {
        self.level.resize(worth.len(), 0);
        level_by(worth, order, &mut self.level);
    }

    /// Whether a move from one state to another is an improvement.
    pub fn improves(&self, from: usize, to: usize) -> bool {
        self.level[to] > self.level[from]
    }

    /// Whether some preferences are strong.
    pub fn has_strong(&self) -> bool {
        !self.much.is_empty()
    }

    /// Whether some preferences are not known.
    pub fn has_unknown(&self) -> bool {
        !self.lo.is_empty()
    }

    /// How the party looks at states under a reading.
    pub fn lens(&self, reading: PreferenceReading) -> Lens<'_> {
        let level = self.level.as_slice();
        let plain = Lens { worth: level, from: level, value: level, limit: level };
        match reading {
            PreferenceReading::Strong if self.has_strong() => Lens { limit: &self.much, ..plain },
            PreferenceReading::Unknown { eager, wary } if self.has_unknown() => {
                let (worth, from) = if eager { (&self.hi, &self.lo) } else { (&self.lo, &self.hi) };
                let (value, limit) = if wary { (&self.lo, &self.hi) } else { (&self.hi, &self.lo) };
                Lens { worth, from, value, limit }
            }
            _ => plain,
        }
    }

    /// How the party looks at its own moves when others count on them: where it is not known whether a
    /// move gains, they do.
    pub fn as_seen(&self, reading: PreferenceReading) -> Lens<'_> {
        match reading {
            PreferenceReading::Unknown { wary, .. } => {
                self.lens(PreferenceReading::Unknown { eager: true, wary })
            }
            other => self.lens(other),
        }
    }
}

/// Levels 1, 2, … by worth, equal ones tied.
fn level_by(worth: &[f64], order: &mut Vec<u32>, level: &mut [u32]) {
    let of =
        |s: u32| if worth[s as usize].is_nan() { f64::NEG_INFINITY } else { worth[s as usize] };
    order.clear();
    order.extend(0..worth.len() as u32);
    order.sort_unstable_by(|a, b| of(*a).total_cmp(&of(*b)));
    let mut at = 0;
    let mut last = None;
    for s in order.iter() {
        if last != Some(of(*s)) {
            at += 1;
            last = Some(of(*s));
        }
        level[*s as usize] = at;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rankings_with_ties_and_strong_steps_are_levels() {
        let steps = [RankedStep::Tied(vec![2]), RankedStep::Much, RankedStep::Tied(vec![0, 3])];
        let own = PartyRanking::of_steps(4, &steps);
        assert!(own.improves(0, 2) && !own.improves(0, 3) && own.improves(1, 3));
        let lens = own.lens(PreferenceReading::Strong);
        let deters = |at: usize, by: usize| lens.value[by] <= lens.limit[at];
        assert!(deters(2, 0) && deters(2, 1) && !deters(0, 1) && !deters(2, 2));
    }

    #[test]
    fn worth_becomes_levels_and_a_margin_makes_steps_strong() {
        let worth = [0.5, 2.0, 0.5, f64::NAN, -0.0, 0.0];
        let own = PartyRanking::of_worth(&worth[..3]).with_margin(&worth[..3], 1.5);
        assert_eq!((own.levels(), own.much.as_slice()), (&[1, 2, 1][..], &[0, 1, 0][..]));
        assert!(!PartyRanking::of_worth(&worth).improves(2, 3));
    }

    #[test]
    fn what_is_not_known_may_be_better_or_worse() {
        let steps = [vec![0], vec![1], vec![2]].map(RankedStep::Tied);
        let own = PartyRanking::of_steps(3, &steps).unknown_within(&[vec![0, 1]]);
        let lens = |eager, wary| own.lens(PreferenceReading::Unknown { eager, wary });
        assert!(lens(true, true).gains(0, 1) && !lens(false, true).gains(0, 1));
        assert!(lens(false, false).gains(2, 1) && !lens(true, true).gains(1, 2));
        let deters = |lens: Lens<'_>, at: usize, by: usize| lens.value[by] <= lens.limit[at];
        assert!(deters(lens(true, true), 1, 0) && !deters(lens(true, false), 1, 0));
        let tied = PartyRanking::of_levels(vec![1, 1]).unknown_within(&[vec![0, 1]]);
        assert!(tied.lens(PreferenceReading::Unknown { eager: true, wary: false }).gains(0, 1));
    }
}
