//! Variants of a case, one row each: the settings of a point and what its draws came to.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};
use winset_files::sweep::{Axis, Setting, Spec};
use winset_model::case::Case;
use winset_model::explain::SweepRow;
use winset_model::forecast::VERSION;
use winset_page::table::{Cell, CellKind, Column, DataTable};

use crate::head::RunHead;

/// `winset/sweep/1`.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SweepReport {
    /// The schema.
    pub schema: &'static str,
    /// The version of the formulas.
    pub version: &'static str,
    /// The title of the case that varies.
    pub case: String,
    /// What it was run on.
    #[serde(flatten)]
    pub run: RunHead,
    /// Overrides of all points.
    pub set: Vec<String>,
    /// How many points the spec has.
    pub points: usize,
    /// The keys of a row: `point`, the paths that vary, `p`, `lo`, `hi`, `mcse`, `zone`, `closed`,
    /// and the median terms as `terms.ISSUE`.
    pub columns: Vec<String>,
    /// A row a point that is done, in the order of the points.
    pub rows: Vec<Map<String, Value>>,
}

/// The report of the rows there are.
pub fn report(base: &Case, spec: &Spec, rows: &BTreeMap<usize, SweepRow>) -> SweepReport {
    let table = table(base, spec, rows);
    SweepReport {
        schema: "winset/sweep/1",
        version: VERSION,
        case: base.title.clone(),
        run: RunHead {
            fingerprint: base.fingerprint(),
            as_of: base.as_of.to_string(),
            seed: spec.seed,
            draws: spec.draws,
        },
        set: spec.set.clone(),
        points: spec.points(),
        rows: table.objects(),
        columns: table.columns.into_iter().map(|(name, _)| name).collect(),
    }
}

const COMPUTED: &[Column<SweepRow>] = &[
    Column::number("p", |r| r.p.into()),
    Column::number("lo", |r| r.lo.into()),
    Column::number("hi", |r| r.hi.into()),
    Column::number("mcse", |r| r.mcse.into()),
    Column::number("zone", |r| r.zone.into()),
    Column::number("closed", |r| r.closed.into()),
];

/// What a path holds in all its settings, so that a few rows have the columns of the whole table.
fn kind(axis: &Axis) -> CellKind {
    let all = |of: fn(&Setting) -> bool| axis.values.iter().all(of);
    if all(|v| matches!(v, Setting::Number(_))) {
        CellKind::Number
    } else if all(|v| matches!(v, Setting::Truth(_))) {
        CellKind::Flag
    } else if all(|v| matches!(v, Setting::Day(_))) {
        CellKind::Date
    } else {
        CellKind::Text
    }
}

fn setting(kind: CellKind, value: &Setting) -> Cell {
    match (kind, value) {
        (CellKind::Number, Setting::Number(x)) => Cell::Number(*x),
        (CellKind::Flag, Setting::Truth(b)) => Cell::Flag(*b),
        (CellKind::Date, Setting::Day(day)) => Cell::Date(day.to_string()),
        _ => Cell::Text(value.to_string()),
    }
}

/// The rows there are as a table, in the order of the points.
pub fn table(base: &Case, spec: &Spec, rows: &BTreeMap<usize, SweepRow>) -> DataTable {
    let axes: Vec<(&Axis, CellKind)> = spec.axes().map(|axis| (axis, kind(axis))).collect();
    let mut columns = vec![("point".to_owned(), CellKind::Whole)];
    columns.extend(axes.iter().map(|(axis, kind)| (axis.path.clone(), *kind)));
    columns.extend(COMPUTED.iter().map(|c| (c.name.to_owned(), c.kind)));
    columns.extend(base.issues.iter().map(|j| (format!("terms.{}", j.id), CellKind::Number)));
    let row = |(k, row): (&usize, &SweepRow)| {
        let point = spec.point(*k);
        let mut cells: Vec<Cell> = vec![(*k).into()];
        cells.extend(axes.iter().zip(point).map(|((_, kind), value)| setting(*kind, value)));
        cells.extend(COMPUTED.iter().map(|c| (c.of)(row)));
        let term = |j: usize| row.terms.get(j).copied().flatten();
        cells.extend((0..base.issues.len()).map(|j| Cell::from(term(j))));
        cells
    };
    DataTable { columns, rows: rows.iter().map(row).collect() }
}

#[cfg(test)]
mod tests {
    use winset_files::builtin::CASES;
    use winset_files::case::load;
    use winset_files::diagnostic::{Findings, Source};
    use winset_files::sweep::read;
    use winset_model::forecast::OddsEstimate;

    use super::*;

    fn row(k: usize) -> SweepRow {
        let x = 1.0 / (k as f64 + 3.0);
        let terms = vec![k.is_multiple_of(2).then_some(x * 100.0), None];
        let odds = OddsEstimate { p: x, lo: 0.0, hi: 1.0, mcse: 1e-17 * x };
        SweepRow { odds, zone: 0.1 + 0.2, closed: 0.25, terms }
    }

    #[test]
    fn the_columns_of_a_table_are_typed_and_in_the_order_of_the_points() {
        let text = "[grid]\na = [1, 2]\nb = [1, \"0..1\"]\n\
             [list]\nc = [true]\nd = [2025-06-30]\ne = [\"2025-06-30\"]\n";
        let source = Source { name: "spec.toml".to_owned(), text: text.to_owned() };
        let spec = read(&source, &mut Findings::default()).unwrap();
        let mut base = load(&CASES[0].sources(), None, &[], &mut Findings::default()).unwrap().case;
        base.issues.truncate(2);
        for (issue, id) in base.issues.iter_mut().zip(["x", "y"]) {
            issue.id = id.to_owned();
        }
        let rows: BTreeMap<usize, SweepRow> = [3, 0].map(|k| (k, row(k))).into();
        let table = super::table(&base, &spec, &rows);
        let names: Vec<&str> = table.columns.iter().map(|(n, _)| n.as_str()).collect();
        assert_eq!(
            names.join(" "),
            "point c d e a b p lo hi mcse zone closed terms.x terms.y",
            "list, grid, then what was found"
        );
        let kinds: Vec<CellKind> = table.columns[..6].iter().map(|c| c.1).collect();
        let wanted = [
            CellKind::Whole,
            CellKind::Flag,
            CellKind::Date,
            CellKind::Text,
            CellKind::Number,
            CellKind::Text,
        ];
        assert_eq!(kinds, wanted);
        let text = |t: &str| Cell::Text(t.to_owned());
        let day = Cell::Date("2025-06-30".to_owned());
        let cells = [Cell::Whole(3), Cell::Flag(true), day, text("2025-06-30"), Cell::Number(2.0)];
        assert_eq!(table.rows[1][..5], cells);
        // A part of the rows has the columns of all: the one value of `b` at point 0 is a number.
        let first = super::table(&base, &spec, &[(0, row(0))].into());
        assert_eq!(first.rows[0][5], text("1"));
        assert_eq!(table.rows[0][12], Cell::from(row(0).terms[0]));
        let csv = table.csv();
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[2].starts_with("3,true,2025-06-30,2025-06-30,2,0..1,"), "{csv}");
        assert!(lines[2].contains(",0..1,0.16666666666666666,0,1,"), "{csv}");
        assert!(lines[2].ends_with(",0.25,,"), "{csv}");
        let report = report(&base, &spec, &rows);
        assert_eq!(report.rows[1]["d"], "2025-06-30");
        assert!(report.rows[1]["terms.x"].is_null() && report.rows[0]["point"] == 0);
    }
}
