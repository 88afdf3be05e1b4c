//! The past cases behind the shipped classes, read from other people's data, which the project may
//! not carry: the folder `WINSET_DATA`.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use winset_model::class::{
    FitPlan, PastCase, PastCounts, PastEnding, ReferenceClass, UNKNOWN_SPLIT, whole_per_cents,
    zone_share_to_five,
};

/// Where the steps of a crisis's other endings end, days.
const CRISIS_STEPS: [f64; 3] = [30.0, 90.0, 365.0];
/// The days by whose fitted incidence the share with a zone is set.
const ZONE_DAYS: usize = 730;

/// The past cases of one shipped class.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceRows {
    /// The name of the class.
    pub class: &'static str,
    /// The cases.
    pub cases: Vec<PastCase>,
    /// The names of their groups, in order; empty for none.
    pub groups: Vec<String>,
    /// Where the steps of the other endings end; `None` for a Weibull.
    pub steps: Option<&'static [f64]>,
    /// How many other endings were breakdown, suspension and interim, where the source says.
    pub split: [usize; 3],
    /// Rows of the source that are not used.
    pub left_out: usize,
}

impl SourceRows {
    /// How the class is fitted.
    pub fn plan(&self) -> FitPlan<'_> {
        FitPlan { groups: &self.groups, steps: self.steps }
    }

    /// The class fitted to all cases; `None` if none of them ended.
    ///
    /// The share with a zone follows from the fitted incidence of agreement by two years, to the
    /// nearest five per cent.
    pub fn fit(&self) -> Option<ReferenceClass> {
        let class = ReferenceClass::fit_plan(&self.cases, &self.plan())?;
        let incidence = class.rates(None, ZONE_DAYS).incidence(0, ZONE_DAYS);
        let agreed = incidence.last().map_or(0.0, |(agreement, _)| *agreement);
        let split = match self.split {
            [0, 0, 0] => UNKNOWN_SPLIT,
            counts => whole_per_cents(counts),
        };
        Some(ReferenceClass { split, zref: zone_share_to_five(agreed), ..class })
    }
}

/// Reads the past cases of every shipped class, in the order they are listed.
///
/// # Errors
/// Which file is missing or not as expected, in words.
pub fn read(data: &Path) -> Result<Vec<SourceRows>, String> {
    let crises: Vec<Crisis> = table(&data.join("icb/crises_train.csv"))?;
    let formations: Vec<Formation> = table(&data.join("classes/government_formation.csv"))?;
    let strikes: Vec<Strike> = table(&data.join("classes/strikes.csv"))?;
    Ok(vec![
        crisis(&crises, false)?,
        crisis(&crises, true)?,
        formation(&formations, "formation-election", 1),
        formation(&formations, "formation-other", 0),
        SourceRows {
            class: "strike",
            cases: strikes.iter().map(|s| agreed(s.days, None)).collect(),
            groups: Vec::new(),
            steps: None,
            split: [0; 3],
            left_out: 0,
        },
    ])
}

/// International Crisis Behavior, crisis level: days from the trigger to the end.
#[derive(Deserialize)]
struct Crisis {
    elapsed_days: Option<f64>,
    /// Below 0 where mediators were there before the trigger.
    mediation_start_day: Option<f64>,
    /// The form of the outcome: 1 formal and 2 semi-formal agreement, 3 tacit understanding,
    /// 4 unilateral act, 5 imposed agreement, 6 other, 7 faded.
    forout: u8,
    gravcr_label: String,
}

#[derive(Deserialize)]
struct Formation {
    country: String,
    days: f64,
    after_election: u8,
}

#[derive(Deserialize)]
struct Strike {
    days: f64,
}

fn table<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, String> {
    let wrong = |e: csv::Error| format!("cannot read `{}`: {e}", path.display());
    let mut reader = csv::Reader::from_path(path).map_err(wrong)?;
    reader.deserialize().collect::<Result<_, _>>().map_err(wrong)
}

/// From the trigger, or from the first day of mediation, which for mediators who were there before
/// is the trigger.
fn crisis(rows: &[Crisis], mediated: bool) -> Result<SourceRows, String> {
    let used =
        |r: &&Crisis| r.elapsed_days.is_some() && (!mediated || r.mediation_start_day.is_some());
    let gravity = |r: &Crisis| r.gravcr_label.clone();
    let groups = match mediated {
        true => Vec::new(),
        false => {
            rows.iter().filter(used).map(gravity).collect::<BTreeSet<_>>().into_iter().collect()
        }
    };
    let mut split = [0; 3];
    let mut cases = Vec::new();
    for row in rows.iter().filter(used) {
        let began = if mediated { row.mediation_start_day.unwrap_or(0.0).max(0.0) } else { 0.0 };
        let ending = match row.forout {
            1 | 2 => PastEnding::Agreement,
            3..=7 => PastEnding::Other,
            other => return Err(format!("`{other}` is not a form of outcome of a crisis")),
        };
        match row.forout {
            4..=6 => split[0] += 1,
            7 => split[1] += 1,
            3 => split[2] += 1,
            _ => {}
        }
        let group = groups.iter().position(|g| *g == row.gravcr_label);
        cases.push(PastCase { days: row.elapsed_days.unwrap_or(0.0) - began, ending, group });
    }
    let left_out = rows.len() - cases.len();
    let (class, steps) = match mediated {
        true => ("mediated", None),
        false => ("crisis", Some(&CRISIS_STEPS[..])),
    };
    Ok(SourceRows { class, cases, groups, steps, split, left_out })
}

/// Formations of 0 days are left out: the incumbent goes on, and nobody bargains.
fn formation(rows: &[Formation], class: &'static str, after_election: u8) -> SourceRows {
    let of: Vec<&Formation> = rows.iter().filter(|r| r.after_election == after_election).collect();
    let used = || of.iter().filter(|r| r.days >= 0.5);
    let groups: Vec<String> =
        used().map(|r| r.country.clone()).collect::<BTreeSet<_>>().into_iter().collect();
    let case = |r: &&Formation| agreed(r.days, groups.iter().position(|g| *g == r.country));
    let cases: Vec<PastCase> = used().map(case).collect();
    let left_out = of.len() - cases.len();
    SourceRows { class, cases, groups, steps: None, split: [0; 3], left_out }
}

fn agreed(days: f64, group: Option<usize>) -> PastCase {
    PastCase { days, ending: PastEnding::Agreement, group }
}

impl SourceRows {
    /// How many cases there are.
    pub fn counts(&self) -> PastCounts {
        PastCounts::of(&self.cases)
    }
}
