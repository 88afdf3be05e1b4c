//! Which preferences of a party make a state stable for it: how many rankings, and under which conditions.

use std::collections::BTreeMap;

use serde::Serialize;

use super::concepts::Deterrence;
use super::why::answers;
use super::{GraphModel, PartyRanking};

/// Formulas looked at before a count is given up.
const MOST_FORMULAS: usize = 200_000;
/// States that are free at most for a count in whole numbers; beyond only the share is told.
const WHOLE: usize = 33;

/// Under which rankings of a party a state is stable for it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InverseCount<S = usize> {
    /// Rankings without ties of the free states; `null` where the number is too large to write.
    pub rankings: Option<u128>,
    /// Those under which every improvement is deterred, as the concept is defined.
    pub stable: Option<u128>,
    /// The same as a share.
    pub share: f64,
    /// Those under which the party's best improvement is deterred, whatever of the others; `null` unless
    /// all states are free.
    pub best_deterred: Option<u128>,
    /// What has to hold, a condition for each state the party could move to.
    pub conditions: Vec<InverseCondition<S>>,
}

/// A state to which the party could move, and what would deter it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InverseCondition<S = usize> {
    /// This state must not be preferred …
    pub improvement: S,
    /// … unless of one of these groups no state is.
    pub deterred_by: Vec<Vec<S>>,
}

/// Counts the strict rankings of `free` states under which a state is stable for a party by a concept of
/// sanctions (`None`: Nash), the other states keeping their places in `ranking`.
///
/// # Model
/// Whether s is stable depends only on which states U stand above it, and then as a conjunction over the
/// moves t of the party: `t ∉ U`, or no state of some sanction in U (the sanction u, and with
/// counter-moves what the party reaches from u). With `N_k` such sets among the free states of size k,
/// `Σ_k N_k · k! · (m − 1 − k)!` of the m! rankings make s stable; the sets are counted by branching on
/// one state at a time, formulas that were met before being counted once. No ranking is listed.
///
/// A party that looks at its best improvement alone is deterred more often: among the r improvements in
/// U each is the best in one ranking of r.
///
/// # Reference
/// Wang, Hipel, Fang & Dang 2018, "Matrix representations of the inverse problem in the graph model for
/// conflict resolution", European Journal of Operational Research 270(1), 282–293, asks for the
/// conditions; the count is ours.
///
/// `None` where the formulas grow too many.
pub fn inverse(
    conflict: &GraphModel<'_>,
    party: usize,
    state: usize,
    kind: Option<Deterrence>,
    free: &[usize],
    ranking: &PartyRanking,
) -> Option<InverseCount> {
    let states = conflict.graph.states();
    let mut free: Vec<usize> = free.iter().copied().filter(|s| *s < states).collect();
    free.sort_unstable();
    free.dedup();
    let conditions = conditions(conflict, party, state, kind);
    let variables: Vec<usize> = free.iter().copied().filter(|s| *s != state).collect();
    if variables.len() > 63 {
        return None;
    }
    let goals: u64 = variables
        .iter()
        .enumerate()
        .filter(|(_, s)| conflict.graph.from(party, state).contains(&(**s as u32)))
        .map(|(k, _)| 1 << k)
        .sum();
    let mut order: Vec<usize> = (0..states).collect();
    order.sort_by_key(|s| (std::cmp::Reverse(ranking.levels()[*s]), *s));
    let is_free = |s: &usize| free.binary_search(s).is_ok();
    let places: Vec<usize> = match is_free(&state) {
        true => (0..states).filter(|p| is_free(&order[*p])).collect(),
        false => (0..states).filter(|p| order[*p] == state).collect(),
    };
    let mut counter = Counter { goals, met: BTreeMap::new() };
    let (mut share, mut stable, mut best) = (0.0, Some(0u128), Some(0u128));
    let n = variables.len();
    let whole = free.len() <= WHOLE;
    for place in &places {
        let above = |s: usize| order[..*place].contains(&s);
        let k = (0..*place).filter(|p| is_free(&order[*p])).count();
        // Where it is not free itself, a free state may stand at its side of the place only.
        let formula = Formula::new(&conditions, &variables, &above);
        let sets = match &formula {
            Some(formula) => padded(counter.count(formula)?, n, formula.variables(), goals),
            None => Vec::new(),
        };
        let all: u128 = sets.get(k).map_or(0, |row| row.iter().sum());
        share += all as f64 / binomial(n, k) / places.len() as f64;
        stable = stable
            .filter(|_| whole)
            .and_then(|sum| sum.checked_add(all.checked_mul(factorials(k, n - k)?)?));
        if free.len() == states && whole {
            let best_here = counter.best(&conditions, &variables, k, n)?;
            best = best.and_then(|sum| sum.checked_add(best_here));
        }
    }
    Some(InverseCount {
        rankings: whole.then(|| factorials(free.len(), 0)).flatten(),
        stable: stable.filter(|_| whole),
        share,
        best_deterred: best.filter(|_| free.len() == states && whole),
        conditions,
    })
}

/// What has to hold for a state to be stable for a party.
pub fn conditions(
    conflict: &GraphModel<'_>,
    party: usize,
    state: usize,
    kind: Option<Deterrence>,
) -> Vec<InverseCondition> {
    let group = |counter: bool, u: usize| {
        let mut group = vec![u];
        if counter {
            group.extend(conflict.graph.from(party, u).iter().map(|t| *t as usize));
        }
        group.retain(|t| *t != state);
        group.sort_unstable();
        group
    };
    let condition = |t: &u32| {
        let t = *t as usize;
        let mut groups: Vec<Vec<usize>> = Vec::new();
        if let Some(kind) = kind {
            let all = answers(conflict, party, kind.credible, t);
            groups = all.iter().map(|u| group(kind.counter, u)).collect();
        }
        // A sanction that would need the improvement itself to be none says nothing.
        groups.retain(|g| !g.contains(&t));
        groups.sort_by(|a, b| (a.len(), a).cmp(&(b.len(), b)));
        let mut least: Vec<Vec<usize>> = Vec::new();
        for g in groups {
            if !least.iter().any(|l| l.iter().all(|s| g.contains(s))) {
                least.push(g);
            }
        }
        InverseCondition { improvement: t, deterred_by: least }
    };
    conflict.graph.from(party, state).iter().map(condition).collect()
}

/// `a! · b!`, where it can be written.
fn factorials(a: usize, b: usize) -> Option<u128> {
    (1..=a as u128).chain(1..=b as u128).try_fold(1u128, u128::checked_mul)
}

fn binomial(n: usize, k: usize) -> f64 {
    (0..k).fold(1.0, |c, j| c * (n - j) as f64 / (j + 1) as f64)
}

/// A conjunction of disjunctions of groups of variables, none of which may stand above.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Formula(Vec<Vec<u64>>);

impl Formula {
    /// With the states that are not free put in; `None` if it cannot hold.
    fn new(
        conditions: &[InverseCondition],
        variables: &[usize],
        above: &dyn Fn(usize) -> bool,
    ) -> Option<Self> {
        let mask = |group: &[usize]| {
            group.iter().try_fold(0u64, |mask, s| match variables.binary_search(s) {
                Ok(k) => Some(mask | 1 << k),
                Err(_) => (!above(*s)).then_some(mask),
            })
        };
        let clause = |c: &InverseCondition| -> Vec<u64> {
            let own = std::iter::once(vec![c.improvement]);
            own.chain(c.deterred_by.iter().cloned()).filter_map(|g| mask(&g)).collect()
        };
        Self(conditions.iter().map(clause).collect()).tidy()
    }

    /// Without what says nothing more; `None` if it cannot hold.
    fn tidy(mut self) -> Option<Self> {
        for clause in &mut self.0 {
            clause.sort_unstable();
            clause.dedup();
            let all = clause.clone();
            clause.retain(|m| !all.iter().any(|o| o != m && o & m == *o));
        }
        if self.0.iter().any(Vec::is_empty) {
            return None;
        }
        self.0.retain(|clause| clause[0] != 0);
        self.0.sort_unstable();
        self.0.dedup();
        Some(self)
    }

    fn variables(&self) -> u64 {
        self.0.iter().flatten().fold(0, |all, m| all | m)
    }

    /// With a variable above or below.
    fn with(&self, variable: u64, above: bool) -> Option<Self> {
        let clause = |c: &Vec<u64>| -> Vec<u64> {
            match above {
                true => c.iter().copied().filter(|m| m & variable == 0).collect(),
                false => c.iter().map(|m| m & !variable).collect(),
            }
        };
        Self(self.0.iter().map(clause).collect()).tidy()
    }
}

/// Sets by their size and by how many goals of the party are among them.
type Sets = Vec<Vec<u128>>;

struct Counter {
    /// The variables that the party can move to, a bit each.
    goals: u64,
    met: BTreeMap<Formula, Sets>,
}

impl Counter {
    /// The sets of the variables of a formula under which it holds.
    fn count(&mut self, formula: &Formula) -> Option<Sets> {
        if let Some(known) = self.met.get(formula) {
            return Some(known.clone());
        }
        if self.met.len() >= MOST_FORMULAS {
            return None;
        }
        let own = formula.variables();
        if own == 0 {
            return Some(vec![vec![1]]);
        }
        // The variable that most groups name.
        let named = |k: &u32| {
            let groups = formula.0.iter().flatten().filter(|m| *m >> k & 1 == 1).count();
            (groups, std::cmp::Reverse(*k))
        };
        let k = (0..64).filter(|k| own >> k & 1 == 1).max_by_key(named)?;
        let variable = 1u64 << k;
        let mut sets: Sets = Vec::new();
        for above in [true, false] {
            let Some(rest) = formula.with(variable, above) else { continue };
            let counted = self.count(&rest)?;
            let lost = own & !variable & !rest.variables();
            let counted = widened(counted, lost, self.goals);
            let (dk, dr) = match above {
                true => (1, usize::from(self.goals & variable != 0)),
                false => (0, 0),
            };
            for (k, row) in counted.iter().enumerate() {
                for (r, n) in row.iter().enumerate() {
                    put(&mut sets, k + dk, r + dr, *n);
                }
            }
        }
        self.met.insert(formula.clone(), sets.clone());
        Some(sets)
    }

    /// Rankings with `k` of `n` states above in which there is no improvement, or the best is deterred.
    fn best(
        &mut self,
        conditions: &[InverseCondition],
        variables: &[usize],
        k: usize,
        n: usize,
    ) -> Option<u128> {
        let goals = self.goals;
        let none: Vec<Vec<u64>> =
            (0..64).filter(|b| goals >> b & 1 == 1).map(|b| vec![1u64 << b]).collect();
        let at = |sets: &Sets, r: usize| sets.get(k).and_then(|row| row.get(r)).copied();
        let mut sum = 0u128;
        let rest = factorials(0, n - k)?;
        if let Some(formula) = Formula(none).tidy() {
            let sets = padded(self.count(&formula)?, n, formula.variables(), goals);
            sum += at(&sets, 0).unwrap_or(0) * factorials(k, 0)? * rest;
        }
        for condition in conditions {
            let Ok(own) = variables.binary_search(&condition.improvement) else { continue };
            let sanctions = InverseCondition { improvement: usize::MAX, ..condition.clone() };
            // Without its first group, which is the improvement itself.
            let mask = |g: &Vec<usize>| {
                g.iter().try_fold(0u64, |m, s| Some(m | 1 << variables.binary_search(s).ok()?))
            };
            let clause: Vec<u64> = sanctions.deterred_by.iter().filter_map(mask).collect();
            let Some(formula) = Formula(vec![clause]).tidy() else { continue };
            let bit = 1u64 << own;
            let Some(formula) = formula.with(bit, true) else { continue };
            let counted = self.count(&formula)?;
            let all = ((1u64 << n) - 1) & !bit;
            let sets = widened(counted, all & !formula.variables(), goals);
            // The improvement itself stands above, too.
            let Some(row) = k.checked_sub(1).and_then(|k| sets.get(k)) else { continue };
            for (r, count) in row.iter().enumerate() {
                // k!/(r + 1) is whole, since r + 1 ≤ k.
                sum += count * (factorials(k, 0)? / (r as u128 + 1)) * rest;
            }
        }
        Some(sum)
    }
}

fn put(sets: &mut Sets, k: usize, r: usize, n: u128) {
    if sets.len() <= k {
        sets.resize(k + 1, Vec::new());
    }
    if sets[k].len() <= r {
        sets[k].resize(r + 1, 0);
    }
    sets[k][r] += n;
}

/// Sets with further variables, which may stand above or below.
fn widened(mut sets: Sets, more: u64, goals: u64) -> Sets {
    for bit in (0..64).map(|b| 1u64 << b).filter(|b| more & b != 0) {
        let dr = usize::from(goals & bit != 0);
        let mut next = sets.clone();
        for (k, row) in sets.iter().enumerate() {
            for (r, n) in row.iter().enumerate() {
                put(&mut next, k + 1, r + dr, *n);
            }
        }
        sets = next;
    }
    sets
}

/// Sets of all `n` variables from those of some.
fn padded(sets: Sets, n: usize, known: u64, goals: u64) -> Sets {
    let all = if n == 0 { 0 } else { u64::MAX >> (64 - n) };
    widened(sets, all & !known, goals)
}
