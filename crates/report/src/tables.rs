//! The lists of a forecast as tables of typed columns.

use winset_model::forecast::{
    AgreementDay, Blocker, CoefficientRow, Conflict, Endings, EventShare, ForceRow, Forecast,
    Opening, TermsRow,
};
use winset_page::table::{Cell, CellKind, Column, DataTable};

const AGREEMENT: &[Column<AgreementDay>] = &[
    Column::date("date", |r| Cell::Date(r.date.to_string())),
    Column::number("p", |r| r.p.into()),
    Column::number("lo", |r| r.lo.into()),
    Column::number("hi", |r| r.hi.into()),
    Column::number("table", |r| r.table.into()),
    Column::number("class", |r| r.class.into()),
    Column::number("structure", |r| r.structure.into()),
];

const ENDINGS: &[Column<Endings>] = &[
    Column::number("agreement", |r| r.agreement.into()),
    Column::number("interim", |r| r.interim.into()),
    Column::number("breakdown", |r| r.breakdown.into()),
    Column::number("force", |r| r.force.into()),
    Column::number("suspension", |r| r.suspension.into()),
    Column::number("rejected", |r| r.rejected.into()),
    Column::number("lapsed", |r| r.lapsed.into()),
    Column::number("under_way", |r| r.under_way.into()),
    Column::number("open", |r| r.open.into()),
];

const EVENTS: &[Column<EventShare>] =
    &[Column::text("event", |r| (&r.event).into()), Column::number("p", |r| r.p.into())];

const TERMS: &[Column<TermsRow>] = &[
    Column::text("issue", |r| (&r.issue).into()),
    Column::number("q05", |r| r.q05.into()),
    Column::number("q25", |r| r.q25.into()),
    Column::number("q50", |r| r.q50.into()),
    Column::number("q75", |r| r.q75.into()),
    Column::number("q95", |r| r.q95.into()),
    Column::text("q50_reason", |r| r.q50_reason.into()),
];

const BLOCKERS: &[Column<Blocker>] = &[
    Column::text("actor", |r| (&r.actor).into()),
    Column::text("side", |r| (&r.side).into()),
    Column::number("block", |r| r.block.into()),
    Column::number("walk", |r| r.walk.into()),
    Column::number("veto", |r| r.veto.into()),
    Column::number("binding", |r| r.binding.into()),
    Column::number("banzhaf", |r| r.banzhaf.into()),
    Column::number("shapley", |r| r.shapley.into()),
];

const CONFLICTS: &[Column<Conflict>] = &[
    Column::new("constraints", CellKind::Texts, |r| r.constraints.as_slice().into()),
    Column::number("share", |r| r.share.into()),
];

const OPENS: &[Column<Opening>] = &[
    Column::text("path", |r| (&r.path).into()),
    Column::number("from", |r| r.from.into()),
    Column::number("to", |r| r.to.into()),
    Column::number("zone", |r| r.zone.into()),
    Column::number("zone_without", |r| r.zone_without.into()),
];

const FORCE: &[Column<ForceRow>] = &[
    Column::text("option", |r| (&r.option).into()),
    Column::number("credible", |r| r.credible.into()),
];

const COEFFICIENTS: &[Column<CoefficientRow>] = &[
    Column::text("name", |r| r.name.as_str().into()),
    Column::number("value", |r| r.value.into()),
    Column::new("range", CellKind::Numbers, |r| Cell::Numbers(r.range.to_vec())),
    Column::text("unit", |r| r.unit.as_str().into()),
    Column::text("source", |r| (&r.source).into()),
    Column::new("effect", CellKind::Numbers, |r| Cell::Numbers(r.effect.to_vec())),
];

/// The list of a forecast under this key of `winset forecast --json`, as a table; `None` if there is
/// no such list.
pub fn forecast(f: &Forecast, key: &str) -> Option<DataTable> {
    Some(match key {
        "agreement" => DataTable::new(AGREEMENT, &f.agreement),
        "curve" => DataTable::new(AGREEMENT, f.curve()),
        "endings_by_day" => DataTable::new(ENDINGS, &f.endings_by_day),
        "events" => DataTable::new(EVENTS, &f.events),
        "terms" => DataTable::new(TERMS, &f.terms),
        "blockers" => DataTable::new(BLOCKERS, &f.blockers),
        "conflicts" => DataTable::new(CONFLICTS, &f.conflicts),
        "opens" => DataTable::new(OPENS, &f.opens),
        "force" => DataTable::new(FORCE, &f.force),
        "coefficients" => DataTable::new(COEFFICIENTS, &f.coefficients),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use serde_json::Value;
    use winset_files::builtin::CASES;
    use winset_files::case::load;
    use winset_files::diagnostic::Findings;
    use winset_model::effort::Effort;
    use winset_model::forecast::{Run, run};

    use super::*;

    /// Every list of rows in the JSON is a table with the same keys and values.
    #[test]
    fn tables_hold_what_the_json_holds() {
        let case = load(&CASES[0].sources(), None, &[], &mut Findings::default()).unwrap().case;
        let (run_of, never) = (Run { seed: 1, draws: 0..20 }, AtomicBool::new(false));
        let tally = run(&case, &run_of, Effort::silent(1, &never));
        let f = Forecast::new(&case, 1, &tally, &|_| String::new());
        let json = serde_json::to_value(&f).unwrap();
        let lists =
            json.as_object().unwrap().iter().filter_map(|(key, v)| Some((key, v.as_array()?)));
        let mut seen = 0;
        for (key, list) in lists {
            let objects = forecast(&f, key).expect(key).objects();
            assert_eq!(objects.len(), list.len(), "{key}");
            for (ours, row) in objects.iter().zip(list) {
                let held = ours.iter().filter(|(_, v)| !v.is_null());
                let wanted = row.as_object().unwrap().iter().filter(|(_, v)| !v.is_null());
                assert!(held.eq(wanted), "{key}: {ours:?} {row}");
            }
            seen += 1;
        }
        assert_eq!(seen, 9);
        assert!(forecast(&f, "answer").is_none());
        assert_eq!(json["terms"][0]["issue"], Value::from(case.issues[0].id.clone()));
    }
}
