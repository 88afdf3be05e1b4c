//! Chances read off a tally: the structure's by its weights, the class's, and the pool of both.

use crate::case::Case;
use crate::clock::outcome::{DailyEndings, OutcomeSum, Outcomes, pooled};
use crate::clock::sums::FineSum;

use super::accumulate::Tally;
use super::clock::{CLOCK_NODES, CaseTimes, NODE_COLUMNS};
use super::draw::Frame;
use super::report::{
    AgreementDay, Answer, ClassTypes, DatedOdds, Endings, OddsEstimate, StageDay, StageRow, spread,
};

/// What the draws of a case come to.
pub(super) struct Reading<'a> {
    case: &'a Case,
    times: &'a CaseTimes,
    structure: Outcomes,
    /// The structure without and with a zone on the first day.
    types: [Option<Outcomes>; 2],
    /// By node of the constants: P of the stage asked by day, and P of what counts as yes where that
    /// is something else.
    nodes: Vec<[Vec<f64>; 2]>,
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
        let some = !passed && !tally.nodes.is_empty();
        let nodes = (0..if some { CLOCK_NODES } else { 0 })
            .map(|k| node(case, times, tally, &all, k))
            .collect();
        Self {
            case,
            times,
            types,
            nodes,
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
        let (lo, hi) = self.band(p, times.by, usize::from(!times.plain));
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
        self.day(t, 0, |outcomes| outcomes.passed(stage, t))
    }

    /// The class's own types; none once the text is passed.
    pub(super) fn class_types(&self) -> Option<ClassTypes> {
        let (case, times) = (self.case, self.times);
        let [if_none, if_zone] = times.types.each_ref().map(|own| times.yes(case, own, times.by));
        let zone = times.class_zone[1];
        (!times.text_passed()).then_some(ClassTypes { zone, if_zone, if_none })
    }

    /// What counts as yes, by a forecast day; none where agreement alone does.
    pub(super) fn counted(&self, t: i32) -> Option<AgreementDay> {
        let yes = |outcomes: &Outcomes| self.times.yes(self.case, outcomes, t);
        (!self.times.plain).then(|| self.day(t, 1, yes))
    }

    fn day(&self, t: i32, of_node: usize, read: impl Fn(&Outcomes) -> f64) -> AgreementDay {
        let (structure, class) = (read(&self.structure), read(&self.times.here));
        let p = self.pool(structure, class);
        let (lo, hi) = self.band(p, t, of_node);
        AgreementDay {
            odds: DatedOdds { date: self.case.as_of.plus(t), p, lo, hi },
            table: self.table(read),
            class,
            structure,
        }
    }

    /// The band of the nodes on a forecast day; the number itself where there are none.
    fn band(&self, p: f64, t: i32, of_node: usize) -> (f64, f64) {
        match usize::try_from(t - 1) {
            Ok(day) if !self.nodes.is_empty() => {
                spread(self.nodes.iter().map(|curves| curves[of_node][day]))
            }
            _ => (p, p),
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

/// A figure of a node from some draws, with what those `few` and the `whole` of the draws say of it
/// under their own constants. What never happens puts nothing right.
fn put_right(here: f64, few: f64, whole: Option<f64>) -> f64 {
    whole.filter(|_| few > 0.0).map_or(here, |whole| here * (whole / few))
}

/// The pooled chances of the stage asked by day at a node of the constants, and of what counts as yes
/// where that is something else.
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
) -> [Vec<f64>; 2] {
    let (weight, own) = (tally.nodes[k], tally.nodes[CLOCK_NODES]);
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
    // Other endings and force pass no kernel: they are added up as they fall, and the sums put right.
    let running = |kind: usize, columns: &[usize]| -> Vec<f64> {
        let mut sums = [FineSum::default(); 3];
        let day = |(t, at): (usize, &[FineSum])| {
            sums[0].merge(at[k]);
            sums[1].merge(at[CLOCK_NODES]);
            for (_, daily, _) in &all.states {
                for column in columns.iter().map(|c| &daily[*c]) {
                    let width = column.len() / case.constants.horizon.max(1) as usize;
                    column.iter().skip(width * t).take(width).for_each(|s| sums[2].merge(*s));
                }
            }
            let [here, few, whole] = sums;
            let few = few.over(own).unwrap_or(0.0);
            put_right(here.over(weight).unwrap_or(0.0), few, whole.over(all.weight))
        };
        tally.node_endings[kind].chunks_exact(NODE_COLUMNS).enumerate().map(day).collect()
    };
    (structure.other, structure.force) = (running(0, &[1]), running(1, &[2, 3]));
    let curve = |read: &dyn Fn(&Outcomes, i32) -> f64| {
        let days = 1..=case.constants.horizon;
        days.map(|t| pooled(pool, read(&structure, t).min(1.0), read(here, t))).collect()
    };
    let agreement = curve(&|outcomes, t| outcomes.passed(stage, t));
    let yes = |outcomes: &Outcomes, t| times.yes(case, outcomes, t);
    [agreement, if times.plain { Vec::new() } else { curve(&yes) }]
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
    // What rounding leaves of nothing is nothing.
    let under_way = Some(text - agreement - rejected - late).filter(|p| last > 0 && *p > 0.0);
    Endings {
        agreement,
        interim: other * times.shares[2],
        breakdown: other * times.shares[0],
        force,
        suspension: other * times.shares[1],
        rejected,
        lapsed: lapsed + late,
        under_way: under_way.unwrap_or(0.0),
        open: 1.0 - text - other - force - lapsed,
    }
}
