//! Chances read off a tally: the structure's by its weights, the class's, and the pool of both.

use crate::case::{Case, Ending};
use crate::clock::outcome::{DailyEndings, OutcomeSum, Outcomes, pooled};
use crate::clock::sums::FineSum;

use super::accumulate::Tally;
use super::clock::{CLOCK_NODES, CaseTimes, NODE_COLUMNS};
use super::draw::Frame;
use super::report::{
    AgreementDay, Answer, DatedOdds, Endings, OddsEstimate, StageDay, StageRow, spread,
};

/// What the draws of a case come to.
pub(super) struct Reading<'a> {
    case: &'a Case,
    times: &'a CaseTimes,
    structure: Outcomes,
    /// The structure without and with a zone on the first day.
    types: [Option<Outcomes>; 2],
    /// P of what is asked by day at each node of the constants, `[node][day]`.
    nodes: Vec<Vec<f64>>,
    /// P of the answer at each node.
    answers: Vec<f64>,
    /// The structure's answer, and its Monte Carlo standard error once pooled.
    answer: f64,
    mcse: f64,
    zone: Option<f64>,
    /// Whether any weight is left: else such a structure cannot have lasted so long.
    pub(super) lasted: bool,
}

impl<'a> Reading<'a> {
    /// Reads a tally of a case.
    pub(super) fn new(frame: &'a Frame<'_>, tally: &Tally) -> Self {
        let (case, times) = (frame.case(), frame.times());
        let outcomes = |sum: &OutcomeSum| sum.outcomes(&times.kernels, &times.ends);
        let mut all = tally.outcomes[0].clone();
        all.merge(&tally.outcomes[1]);
        let structure = outcomes(&all);
        let lasted = structure.is_some() || tally.draws == 0;
        let structure = structure.unwrap_or_else(|| times.here.clone());
        let passed = times.text_passed();
        let types = [0, 1].map(|zone: usize| {
            let own = || times.types[zone].clone();
            (!passed).then(|| outcomes(&tally.outcomes[zone]).unwrap_or_else(own))
        });
        let here = times.yes(case, &times.here, times.by);
        let answer = tally.structure().unwrap_or(here);
        let (mut nodes, mut answers) = (Vec::new(), Vec::new());
        if !passed && !tally.nodes.is_empty() {
            for k in 0..CLOCK_NODES {
                let (curve, at_question) = node(case, times, tally, &all, k);
                nodes.push(curve);
                answers.push(at_question);
            }
        }
        Self {
            case,
            times,
            types,
            nodes,
            answers,
            answer,
            mcse: tally.mcse(times.pool),
            zone: (!passed).then(|| tally.outcomes[1].weight.over(tally.weight())).flatten(),
            structure,
            lasted,
        }
    }

    /// What no draw changes.
    pub(super) fn times(&self) -> &CaseTimes {
        self.times
    }

    fn pool(&self, structure: f64, here: f64) -> f64 {
        pooled(self.times.pool, structure, here)
    }

    /// How the answer changes with the weight of the structure multiplied.
    pub(super) fn repooled(&self, factor: f64) -> f64 {
        let here = self.times.yes(self.case, &self.times.here, self.times.by);
        let pool = (self.times.pool * factor).min(1.0);
        pooled(pool, self.answer, here) - self.pool(self.answer, here)
    }

    /// The share with a zone, given that nothing has ended yet.
    pub(super) fn zone_now(&self) -> Option<f64> {
        self.zone
    }

    /// The base rate on a day; none where no class fits.
    fn table(&self, read: impl Fn(&Outcomes) -> f64) -> Option<f64> {
        (self.case.clock.class.name != "none").then(|| read(&self.times.table))
    }

    /// The answer to the question.
    pub(super) fn answer(&self, term: &dyn Fn(f64) -> String) -> Answer {
        let (case, times) = (self.case, self.times);
        let yes = |outcomes: &Outcomes| times.yes(case, outcomes, times.by);
        let class = yes(&times.here);
        let p = self.pool(self.answer, class);
        let (lo, hi) = band(p, self.answers.iter().copied());
        let [if_none, if_zone] = self.types.each_ref().map(|o| o.as_ref().map(yes));
        Answer {
            odds: OddsEstimate { p, lo, hi, mcse: self.mcse },
            term: term(p),
            table: self.table(yes),
            class,
            structure: self.answer,
            if_zone,
            if_none,
        }
    }

    /// The stage asked, by a forecast day.
    pub(super) fn agreement(&self, t: i32) -> AgreementDay {
        let stage = self.case.question.stage;
        let (structure, class) =
            (self.structure.passed(stage, t), self.times.here.passed(stage, t));
        let p = self.pool(structure, class);
        let (lo, hi) = band(p, self.nodes.iter().map(|curve| curve[t as usize - 1]));
        let table = self.table(|table| table.passed(stage, t));
        AgreementDay {
            odds: DatedOdds { date: self.case.as_of.plus(t), p, lo, hi },
            table,
            class,
            structure,
        }
    }

    /// Every stage by day.
    pub(super) fn stages(&self) -> Vec<StageRow> {
        let row = |(k, stage): (usize, &crate::case::Stage)| StageRow {
            id: stage.id.clone(),
            by: (1..=self.case.constants.horizon)
                .map(|t| StageDay {
                    date: self.case.as_of.plus(t),
                    p: self.pool(self.structure.passed(k, t), self.times.here.passed(k, t)),
                })
                .collect(),
        };
        self.case.stages.iter().enumerate().map(row).collect()
    }

    /// How the talks and their text have ended by a forecast day.
    pub(super) fn endings(&self, t: i32) -> Endings {
        let structure = endings(self.case, self.times, &self.structure, t);
        let here = endings(self.case, self.times, &self.times.here, t);
        let pool = |of: &dyn Fn(&Endings) -> f64| self.pool(of(&structure), of(&here));
        Endings {
            agreement: pool(&|e| e.agreement),
            interim: pool(&|e| e.interim),
            breakdown: pool(&|e| e.breakdown),
            force: pool(&|e| e.force),
            suspension: pool(&|e| e.suspension),
            rejected: pool(&|e| e.rejected),
            lapsed: pool(&|e| e.lapsed),
            under_way: pool(&|e| e.under_way),
            open: pool(&|e| e.open),
        }
    }

    /// The part of force that an event makes up by a forecast day.
    pub(super) fn event(&self, event: usize, t: i32) -> f64 {
        let width = self.structure.events.len() / self.structure.other.len().max(1);
        if t < 1 || event >= width {
            return 0.0;
        }
        let at = (t as usize - 1) * width + event;
        self.pool(self.structure.events.get(at).copied().unwrap_or(0.0), 0.0)
    }
}

/// The band of the nodes; the number itself where there are none.
fn band(p: f64, nodes: impl ExactSizeIterator<Item = f64>) -> (f64, f64) {
    if nodes.len() == 0 { (p, p) } else { spread(nodes) }
}

/// A figure of a node from some draws, with what those `few` and the `whole` of the draws say of it
/// under their own constants. What never happens puts nothing right.
fn put_right(here: f64, few: f64, whole: Option<f64>) -> f64 {
    whole.filter(|_| few > 0.0).map_or(here, |whole| here * (whole / few))
}

/// The pooled chance of the stage asked by day at a node of the constants, and of the answer.
///
/// # Model
/// A node is run on some of the draws alone. What they say of a day at the node is multiplied by what
/// `all` draws say of it under their own constants over what those few say: a ratio estimator with
/// the draw's own constants as the auxiliary variable.
///
/// # Reference
/// Cochran, W. G. (1977). Sampling Techniques, 3rd ed., chapter 6.
fn node(
    case: &Case,
    times: &CaseTimes,
    tally: &Tally,
    all: &OutcomeSum,
    k: usize,
) -> (Vec<f64>, f64) {
    let [weight, other, force] = tally.nodes[k];
    let own = tally.nodes[CLOCK_NODES][0];
    let (pool, here) = (times.nodes[k].pool, &times.here_at[k]);
    let stage = case.question.stage;
    let mut structure = Outcomes::default();
    for (state, (text, kernel)) in tally.node_text.iter().zip(&times.kernels).enumerate() {
        let whole = all.states.get(state).map_or(&[][..], |(_, columns, _)| &columns[0]);
        let day = |(t, columns): (usize, &[FineSum])| {
            let here = columns[k].over(weight).unwrap_or(0.0);
            let few = columns[CLOCK_NODES].over(own).unwrap_or(0.0);
            put_right(here, few, whole.get(t).and_then(|sum| sum.over(all.weight)))
        };
        let text: Vec<f64> = text.chunks_exact(NODE_COLUMNS).enumerate().map(day).collect();
        let zeros = vec![0.0; text.len()];
        let daily = DailyEndings {
            other: zeros.clone(),
            force: zeros.clone(),
            lapsed: zeros,
            events: Vec::new(),
            text,
        };
        structure.add(1.0, &daily, kernel);
    }
    let curve = (1..=case.constants.horizon)
        .map(|t| pooled(pool, structure.passed(stage, t).min(1.0), here.passed(stage, t)))
        .collect();
    let asked = |sum: FineSum, place: usize, columns: &[usize]| {
        let few = tally.nodes[CLOCK_NODES][place].over(own).unwrap_or(0.0);
        let mut whole = FineSum::default();
        for (_, daily, _) in &all.states {
            for column in columns.iter().map(|c| &daily[*c]) {
                let width = column.len() / case.constants.horizon.max(1) as usize;
                column.iter().take(width * times.by.max(0) as usize).for_each(|s| whole.merge(*s));
            }
        }
        put_right(sum.over(weight).unwrap_or(0.0), few, whole.over(all.weight))
    };
    let (other, force) = (asked(other, 1, &[1]), asked(force, 2, &[2, 3]));
    let part = |ending: &Ending| match ending {
        Ending::Agreement => structure.passed(stage, times.by),
        Ending::Breakdown => other * times.shares[0],
        Ending::Suspension => other * times.shares[1],
        Ending::Interim => other * times.shares[2],
        Ending::Force => force,
    };
    let yes: f64 = case.question.counts.iter().map(part).sum::<f64>().min(1.0);
    let answer =
        if times.by < 1 { 0.0 } else { pooled(pool, yes, times.yes(case, here, times.by)) };
    (curve, answer)
}

/// How the talks and their text have ended by a forecast day, from chances by day.
pub(super) fn endings(case: &Case, times: &CaseTimes, outcomes: &Outcomes, t: i32) -> Endings {
    let day = usize::try_from(t - 1).ok();
    let of = |column: &[f64]| day.and_then(|d| column.get(d)).copied().unwrap_or(0.0);
    let last = case.stages.len().saturating_sub(1);
    let (text, agreement) = (outcomes.passed(0, t), outcomes.passed(last, t));
    let (rejected, late) = (of(&outcomes.stages.rejected), of(&outcomes.stages.lapsed));
    let (other, lapsed) = (of(&outcomes.other), of(&outcomes.lapsed));
    let width = outcomes.events.len() / outcomes.other.len().max(1);
    let events = day.and_then(|d| outcomes.events.get(d * width..(d + 1) * width));
    let force = of(&outcomes.force) + events.unwrap_or(&[]).iter().sum::<f64>();
    let under_way = if last == 0 { 0.0 } else { text - agreement - rejected - late };
    Endings {
        agreement,
        interim: other * times.shares[2],
        breakdown: other * times.shares[0],
        force,
        suspension: other * times.shares[1],
        rejected,
        lapsed: lapsed + late,
        under_way,
        open: 1.0 - text - other - force - lapsed,
    }
}
