//! The nine tradecraft standards of ICD 203 as a checklist, filled in where the model can.

use super::{Brief, LEADING};
use crate::forecast::sections::table;
use crate::moved::with_error;
use winset_model::support::Basis;
use winset_page::document::Section;
use winset_page::text::{count, pc, range, signed, spoken};

/// The checklist. What only the analyst can say is marked so.
///
/// # Reference
/// Intelligence Community Directive 203 (2015), section D.6.e(1)–(9).
pub(super) fn checklist(b: &Brief) -> Section {
    let graded = b.record.iter().filter(|e| e.grade.is_some()).count();
    let support = match b.unsupported.len() {
        0 => format!("each of the {} numbers has an entry or a note behind it", b.inputs),
        n => format!("{n} of the {} numbers have no entry and no note behind them", b.inputs),
    };
    let sourcing = if b.record.is_empty() {
        format!("no record; {support}")
    } else {
        format!(
            "{}, {graded} graded; the evidence goes back to {}; {support}",
            count(b.record.len(), "entry", "entries"),
            count(b.origins, "independent origin", "independent origins")
        )
    };
    let theories = b.alternatives.iter().filter(|a| a.kind == "theory").count();
    let dropped = b.alternatives.iter().filter(|a| a.kind == "assumption").count();
    let largest = b
        .alternatives
        .iter()
        .map(|a| (a.effect, a.effect_error))
        .max_by(|x, y| x.0.abs().total_cmp(&y.0.abs()))
        .unwrap_or_default();
    let leading = b.assumptions.iter().take(LEADING);
    let judged = leading.clone().filter(|a| a.source.starts_with(Basis::Judgement.word())).count();
    let knot = match (b.conflicts.first(), b.openings.first()) {
        (Some(c), Some(o)) => format!(
            "demands that clash in {} of draws, and a change that leaves a zone in {}",
            pc(c.share),
            pc(o.zone)
        ),
        (Some(c), None) => format!("demands that clash in {} of draws", pc(c.share)),
        _ => format!("a zone in {} of draws", pc(b.zone.p)),
    };
    let change = match (&b.changed, &b.score) {
        (Some(c), _) => {
            format!("{} points since {}", signed(c.p_to - c.p_from), spoken(&c.from))
        }
        (None, Some(s)) => format!(
            "the last of {} is of {}",
            count(s.forecasts, "forecast", "forecasts"),
            spoken(&s.last)
        ),
        (None, None) => "no earlier day to compare with was named".to_owned(),
    };
    let accuracy = match &b.score {
        Some(s) if s.brier.is_some() => {
            format!("Brier over {}", count(s.resolved, "resolved question", "resolved questions"))
        }
        _ => format!("open until {}; “yes” is {}", spoken(&b.question.by), b.question.yes),
    };
    let rows = [
        ("1 Sources and their credibility", sourcing),
        (
            "2 Uncertainty",
            format!(
                "{} with range {}; confidence apart, {}",
                pc(b.answer.p),
                range(b.answer.lo, b.answer.hi),
                b.confidence.level
            ),
        ),
        (
            "3 Assumptions apart from evidence",
            format!("{judged} of the {} leading assumptions rest on judgement", leading.count()),
        ),
        (
            "4 Alternatives",
            format!(
                "{} and {}; the largest effect is {} points",
                count(theories, "other theory", "other theories"),
                count(dropped, "dropped assumption", "dropped assumptions"),
                with_error(largest.0, largest.1)
            ),
        ),
        (
            "5 Relevance to the reader",
            format!(
                "{}; for the analyst to add what to do about it",
                count(
                    b.indicators.len(),
                    "indicator with its effect",
                    "indicators with their effects"
                )
            ),
        ),
        ("6 Argument", knot),
        ("7 Change from earlier judgements", change),
        ("8 Accuracy", accuracy),
        ("9 Visual information", figures(b)),
    ];
    Section {
        id: "standards",
        title: "Tradecraft standards".to_owned(),
        blocks: vec![table(
            "The nine standards of ICD 203, and what this brief holds on each".to_owned(),
            &[("Standard", false), ("In this brief", false)],
            rows.into_iter().map(|(k, v)| vec![k.to_owned(), v]).collect(),
        )],
    }
}

fn figures(b: &Brief) -> String {
    format!(
        "{} by date and {} of terms, in tables with units",
        count(b.dates.len(), "row", "rows"),
        count(b.terms.len(), "row", "rows")
    )
}
