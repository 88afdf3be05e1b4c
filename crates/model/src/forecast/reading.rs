//! Chances read off a tally: the structure's by its weights, the class's, and the pool of both.

use crate::case::{Case, Ending};
use crate::clock::outcome::{DailyEndings, Outcomes, pooled};

use super::accumulate::Tally;
use super::clock::{CLOCK_NODES, CaseTimes};
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
        let outcomes =
            |sum: &crate::clock::outcome::OutcomeSum| sum.outcomes(&times.kernels, &times.ends);
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
                let (curve, at_question) = node(case, times, tally, k);
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

/// The pooled chance of the stage asked by day at a node of the constants, and of the answer.
fn node(case: &Case, times: &CaseTimes, tally: &Tally, k: usize) -> (Vec<f64>, f64) {
    let [weight, other, force] = tally.nodes[k];
    let (pool, here) = (times.nodes[k].pool, &times.here_at[k]);
    let stage = case.question.stage;
    let mut structure = Outcomes::default();
    for (text, kernel) in tally.node_text.iter().zip(&times.kernels) {
        let days = text.iter().skip(k).step_by(CLOCK_NODES);
        let text: Vec<f64> = days.map(|sum| sum.over(weight).unwrap_or(0.0)).collect();
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
        .map(|t| pooled(pool, structure.passed(stage, t), here.passed(stage, t)))
        .collect();
    let (other, force) = (other.over(weight).unwrap_or(0.0), force.over(weight).unwrap_or(0.0));
    let part = |ending: &Ending| match ending {
        Ending::Agreement => structure.passed(stage, times.by),
        Ending::Breakdown => other * times.shares[0],
        Ending::Suspension => other * times.shares[1],
        Ending::Interim => other * times.shares[2],
        Ending::Force => force,
    };
    let yes: f64 = case.question.counts.iter().map(part).sum();
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
