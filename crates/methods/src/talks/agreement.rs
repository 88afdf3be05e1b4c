//! Does it end in a deal? By room, and by forms of how room counts.

use std::collections::BTreeMap;

use libm::{exp, expm1, log};
use serde::Serialize;

use super::fit::lowest;
use super::hazard::{
    LEAST_ROOM, MessageHazard, MessageTable, PARTS, RISKS, SEED, TYPICAL_ROOM, chance_of_deal,
};
use super::{Corpus, TalkEnding, TalkStructure};

/// Which endings count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// Deals against all other endings.
    All,
    /// Deals against contradictory entries.
    Contradictions,
    /// Deals against talks that failed.
    Failures,
}

impl Against {
    /// The forms that can say it: the risks by message know all endings only.
    pub fn forms(self) -> impl Iterator<Item = (&'static str, RoomForm)> {
        let knows = move |form: &RoomForm| self == Self::All || *form != RoomForm::Risks;
        FORMS.into_iter().filter(move |(_, form)| knows(form))
    }

    fn counts(self, ending: TalkEnding) -> bool {
        match ending {
            TalkEnding::Deal => true,
            TalkEnding::Contradiction => self != Self::Failures,
            TalkEnding::Failure => self != Self::Contradictions,
        }
    }
}

/// A form of how room counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RoomForm {
    /// Not at all.
    Constant,
    /// `1 − exp(−h (G/TYPICAL_ROOM)^γ)`, at this `γ` or a fitted one, times a ceiling if `true`.
    Hazard(Option<f64>, bool),
    /// `logit P = a + b ln G`.
    Logit,
    /// `logit P = a + b G + c N`, `N` the largest geometric mean of gains.
    LogitNash,
    /// The three risks by message.
    Risks,
}

/// The forms that are compared, by name.
pub const FORMS: [(&str, RoomForm); 8] = [
    ("constant", RoomForm::Constant),
    ("power 0.5", RoomForm::Hazard(Some(0.5), false)),
    ("power 1", RoomForm::Hazard(Some(1.0), false)),
    ("power", RoomForm::Hazard(None, false)),
    ("power, ceiling", RoomForm::Hazard(None, true)),
    ("logit log room", RoomForm::Logit),
    ("logit room, Nash", RoomForm::LogitNash),
    ("three risks", RoomForm::Risks),
];

/// The scores of a form over the talks left out of its fit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AgreementScores {
    /// The mean log of the chance of what happened; higher is better.
    pub log: f64,
    /// The mean of `(p − o)²`.
    pub brier: f64,
}

/// No chance is scored beyond these.
const SUREST: f64 = 1e-6;

/// Talks alike: room, largest geometric mean of gains, deals, other endings.
type Alike = [f64; 4];

/// The chance of a deal that a form gives each structure: fitted to the structures of the other parts.
#[must_use]
pub fn left_out(
    corpus: &Corpus,
    table: &MessageTable,
    form: RoomForm,
    against: Against,
) -> Vec<f64> {
    if form == RoomForm::Risks {
        let fits = RISKS.map(|risk| table.fits_left_out(corpus, risk, None));
        return by_risks(corpus, [&fits[0], &fits[1], &fits[2]]);
    }
    let parts = PARTS.min(corpus.structures.len());
    let part = corpus.parts(parts, SEED);
    let mut chance = vec![0.0; corpus.structures.len()];
    let counts = by_structure(corpus, against);
    for k in 0..parts {
        let wanted = |s: usize| part[s] != k;
        let fitted = fit(form, &alike(corpus, &counts, form, &wanted));
        for s in (0..chance.len()).filter(|s| part[*s] == k) {
            let structure = &corpus.structures[s];
            chance[s] = value(form, &fitted, structure.room, structure.nash);
        }
    }
    chance
}

/// The chance of a deal of each structure by the three risks, in the order of [`RISKS`], that were
/// fitted to the other parts.
#[must_use]
pub fn by_risks(corpus: &Corpus, fits: [&[MessageHazard]; 3]) -> Vec<f64> {
    let part = corpus.parts(fits[0].len(), SEED);
    let chance = |(structure, k): (&TalkStructure, usize)| {
        chance_of_deal(fits.map(|f| &f[k]), structure.room)
    };
    corpus.structures.iter().zip(part).map(chance).collect()
}

/// Scores the chances of a deal by structure over the talks that count; `None` where none does.
#[must_use]
pub fn score(corpus: &Corpus, against: Against, chance: &[f64]) -> Option<AgreementScores> {
    let (mut n, mut sum, mut brier) = (0.0, 0.0, 0.0);
    for ([deals, others], p) in by_structure(corpus, against).into_iter().zip(chance) {
        let p = p.clamp(SUREST, 1.0 - SUREST);
        n += deals + others;
        sum += deals * log(p) + others * libm::log1p(-p);
        brier += deals * (1.0 - p) * (1.0 - p) + others * p * p;
    }
    (n > 0.0).then(|| AgreementScores { log: sum / n, brier: brier / n })
}

fn by_structure(corpus: &Corpus, against: Against) -> Vec<[f64; 2]> {
    let mut counts = vec![[0.0; 2]; corpus.structures.len()];
    for talk in corpus.talks.iter().filter(|t| against.counts(t.ending)) {
        counts[talk.structure][usize::from(talk.ending != TalkEnding::Deal)] += 1.0;
    }
    counts
}

/// What a form can tell apart: the constant nothing, all others room, one also the mean of gains.
fn alike(
    corpus: &Corpus,
    counts: &[[f64; 2]],
    form: RoomForm,
    wanted: &dyn Fn(usize) -> bool,
) -> Vec<Alike> {
    let mut cells: BTreeMap<[u64; 2], Alike> = BTreeMap::new();
    for (s, ([deals, others], structure)) in counts.iter().zip(&corpus.structures).enumerate() {
        if wanted(s) && deals + others > 0.0 {
            let (room, nash) = match form {
                RoomForm::Constant => (TYPICAL_ROOM, 0.0),
                RoomForm::LogitNash => (structure.room, structure.nash),
                _ => (structure.room, 0.0),
            };
            let cell =
                cells.entry([room.to_bits(), nash.to_bits()]).or_insert([room, nash, 0.0, 0.0]);
            cell[2] += deals;
            cell[3] += others;
        }
    }
    cells.into_values().collect()
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + exp(-x))
}

/// The chance that a form with these parameters gives.
fn value(form: RoomForm, at: &[f64], room: f64, nash: f64) -> f64 {
    let log_room = log(room.max(LEAST_ROOM) / TYPICAL_ROOM);
    match form {
        RoomForm::Constant | RoomForm::Risks => logistic(at[0]),
        RoomForm::Hazard(fixed, ceiling) => {
            let gamma = fixed.unwrap_or_else(|| at[1]);
            let most = if ceiling { logistic(at[2]) } else { 1.0 };
            -most * expm1(-exp(at[0] + gamma * log_room))
        }
        RoomForm::Logit => logistic(at[0] + at[1] * log_room),
        RoomForm::LogitNash => {
            logistic(at[0] + at[1] * (room - TYPICAL_ROOM) + at[2] * (nash - TYPICAL_ROOM))
        }
    }
}

fn fit(form: RoomForm, cells: &[Alike]) -> Vec<f64> {
    let start: &[f64] = match form {
        RoomForm::Constant | RoomForm::Risks | RoomForm::Hazard(Some(_), false) => &[0.5],
        RoomForm::Hazard(_, false) | RoomForm::Logit => &[0.5, 1.0],
        RoomForm::Hazard(_, true) => &[1.0, 2.0, 2.0],
        RoomForm::LogitNash => &[0.5, 1.0, 1.0],
    };
    let loss = |at: &[f64]| {
        // A weak pull towards the start, so that talks that always end alike have a fit.
        let pull: f64 = at.iter().zip(start).map(|(x, s)| 1e-3 * (x - s) * (x - s)).sum();
        let one = |[room, nash, deals, others]: &Alike| {
            let p = value(form, at, *room, *nash).clamp(1e-12, 1.0 - 1e-12);
            -deals * log(p) - others * libm::log1p(-p)
        };
        pull + cells.iter().map(one).sum::<f64>()
    };
    lowest(start, 0.5, &loss)
}

/// Talks of about one room, and how they ended.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RoomRow {
    /// Room from, to.
    pub room: [f64; 2],
    /// How many talks ended in a deal, in contradictory entries, and failed.
    pub ended: [usize; 3],
    /// The mean chance of a deal that was foretold.
    pub foretold: f64,
}

/// Calibration by tenths of room.
#[must_use]
pub fn by_room(corpus: &Corpus, chance: &[f64]) -> Vec<RoomRow> {
    let mut rows: BTreeMap<i64, ([usize; 3], f64)> = BTreeMap::new();
    for talk in &corpus.talks {
        // Tenths: .25 up to .35 is .3.
        let tenth = libm::floor(10.0 * corpus.structures[talk.structure].room + 0.5 + 1e-9) as i64;
        let (ended, sum) = rows.entry(tenth).or_default();
        ended[RISKS.iter().position(|r| *r == talk.ending).unwrap_or(0)] += 1;
        *sum += chance[talk.structure];
    }
    let row = |(tenth, (ended, sum)): (i64, ([usize; 3], f64))| {
        let middle = tenth as f64 / 10.0;
        let n: usize = ended.iter().sum();
        RoomRow { room: [(middle - 0.05).max(0.0), middle + 0.05], ended, foretold: sum / n as f64 }
    };
    rows.into_iter().map(row).collect()
}
