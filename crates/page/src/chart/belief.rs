//! What is believed of one actor on one issue, as statements came in.

use super::agreement::time_axis;
use super::canvas::{Anchor, Canvas, Ink, Style, thin};
use super::data::{Belief, StatementMark};
use super::day;
use super::figure::{Drawing, Figure, FigureTable};
use super::scale::{Scale, nice};
use super::text::{name, truncate, value};

/// The filtered mean with a band of one standard deviation, and every statement as a dot:
/// discounted ones faint, reversals with a ring.
pub fn belief(d: &Belief) -> Figure {
    let path: Vec<_> = d.path.iter().filter(|p| p.mean.is_finite()).collect();
    let who = format!("{} on {}", name(&d.actor), name(&d.issue));
    let title = match (path.first(), path.last()) {
        (Some(a), Some(b)) => {
            let moved = b.mean - a.mean;
            // A move within the final standard deviation is not told as one.
            if moved.abs() <= b.sd.max(0.0) || moved == 0.0 {
                format!("{who}: little moved, now {} ± {}", value(b.mean), value(b.sd))
            } else {
                format!("{who}: from {} to {} ± {}", value(a.mean), value(b.mean), value(b.sd))
            }
        }
        _ => format!("Nothing is known yet of {who}"),
    };
    let faint = d.statements.iter().filter(|s| s.weight < 0.5).count();
    let turns = d.statements.iter().filter(|s| s.reversal).count();
    let summary = format!(
        "{title}. {} statements on record, of which {faint} discounted by more than half and \
         {turns} reversals.",
        d.statements.len()
    );
    let mut table =
        FigureTable::new(&["What", "Day", "Value", "± sd", "Weight", "Reversal", "Text"]);
    for p in &d.path {
        let mut row = vec!["belief".into(), p.day.clone(), value(p.mean), value(p.sd)];
        row.resize(7, String::new());
        table.row(row);
    }
    for s in &d.statements {
        let text = if s.text.is_empty() { &s.label } else { &s.text };
        table.row(vec![
            "statement".into(),
            s.day.clone(),
            value(s.value),
            String::new(),
            value(s.weight),
            if s.reversal { "yes".into() } else { String::new() },
            text.clone(),
        ]);
    }
    Figure {
        id: d.id.clone(),
        title,
        subtitle: format!(
            "What {} is believed to want on {}: mean ± one standard deviation, on the issue's \
             scale. Dots: statements; hollow: discounted by more than half; ringed: reversals",
            name(&d.actor),
            name(&d.issue)
        ),
        source: d.source.clone(),
        summary,
        table,
        drawing: Drawing::Belief(d.clone()),
    }
}

pub(crate) fn draw(d: &Belief, c: &mut Canvas) {
    let narrow = c.narrow();
    let (over, under) = (18.0, if narrow { 270.0 } else { 170.0 });
    c.begin(under + 28.0);
    let path: Vec<(f64, f64, f64)> = d
        .path
        .iter()
        .filter(|p| p.mean.is_finite())
        .filter_map(|p| {
            let sd = if p.sd.is_finite() { p.sd.max(0.0) } else { 0.0 };
            day::number(&p.day).map(|n| (n, p.mean, sd))
        })
        .collect();
    let said: Vec<(f64, &StatementMark)> = d
        .statements
        .iter()
        .filter(|s| s.value.is_finite())
        .filter_map(|s| day::number(&s.day).map(|n| (n, s)))
        .collect();
    let days = path.iter().map(|p| p.0).chain(said.iter().map(|s| s.0));
    let (first, last) =
        days.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), n| (a.min(n), b.max(n)));
    if first > last {
        c.text(0.0, 24.0, Style::label(Ink::Muted), "No statements to draw");
        return;
    }
    let (left, right) = (40.0, c.w - 16.0);
    let x = Scale::new(first, last, left, right);
    // The part of the scale that is spoken of, not all of it.
    let told = said.iter().map(|s| s.1.value);
    let spoken = path.iter().flat_map(|p| [p.1 - p.2, p.1 + p.2]).chain(told);
    let (lo, hi) =
        spoken.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    let (lo, hi) = nice(lo, hi.max(lo + 0.02 * (d.hi - d.lo).abs()), 5);
    let (lo, hi) = (lo.max(d.lo.min(d.hi)), hi.min(d.hi.max(d.lo)));
    let y = Scale::new(lo, hi, under, over);
    for t in y.ticks(if narrow { 4 } else { 5 }) {
        c.line((left, y.at(t)), (right, y.at(t)), Ink::Line, 1.0, "");
        c.text(left - 6.0, y.at(t) + 4.0, Style::axis().end(), &value(t));
    }
    c.line((left, under), (right, under), Ink::Text, 1.0, "");
    time_axis(c, &x, under);
    let upper = thin(path.iter().map(|p| (x.at(p.0), y.at(p.1 + p.2))).collect(), 2.5);
    let lower = thin(path.iter().map(|p| (x.at(p.0), y.at(p.1 - p.2))).collect(), 2.5);
    let outline: Vec<_> = upper.into_iter().chain(lower.into_iter().rev()).collect();
    c.fill(&outline, Ink::Band, 1.0);
    let line = thin(path.iter().map(|p| (x.at(p.0), y.at(p.1))).collect(), 2.0);
    c.path(&line, Ink::Accent, 2.5, "");
    c.block_path(&line);
    for (n, s) in said.iter().take(120) {
        let (sx, sy) = (x.at(*n), y.at(s.value));
        let faint = s.weight.is_nan() || s.weight < 0.5;
        let text = if s.text.is_empty() { &s.label } else { &s.text };
        let turn = if s.reversal { ", a reversal" } else { "" };
        let title = format!(
            "{}: {} (weight {}{turn}): {text}",
            day::brief(*n),
            value(s.value),
            value(s.weight)
        );
        c.mark(&title, |c| {
            if s.reversal {
                c.dot(sx, sy, 8.0, Ink::Series(1), false);
            }
            let ink = if s.reversal { Ink::Series(1) } else { Ink::Text };
            let (ink, r) = if faint { (Ink::Muted, 3.0) } else { (ink, 4.0) };
            c.dot(sx, sy, r, ink, !faint);
        });
    }
    if let Some(p) = path.last() {
        let spots: Vec<_> = [-10.0, 20.0, -24.0, 34.0]
            .iter()
            .map(|dy| (right, y.at(p.1) + dy, Anchor::End))
            .collect();
        let text = format!("{} ± {}", value(p.1), value(p.2));
        c.place(&spots, Style::new(14.0, Ink::Accent).bold(), &text);
    }
    annotate(c, &said, &x, &y);
    for l in d.landmarks.iter().filter(|l| y.holds(l.at)) {
        let at = y.at(l.at);
        c.line((left, at), (right, at), Ink::Muted, 1.0, "1 4");
        let short = truncate(&l.label, 11.0, if narrow { 120.0 } else { 220.0 });
        let spots = [
            (left + 4.0, at - 4.0, Anchor::Start),
            (right, at - 4.0, Anchor::End),
            ((left + right) / 2.0, at - 4.0, Anchor::Middle),
            (left + 4.0, at + 12.0, Anchor::Start),
            (right, at + 12.0, Anchor::End),
        ];
        c.place_free(&spots, Style::axis(), &short, &l.label);
    }
}

/// Names beside the dots: reversals first, then by weight, as many as fit.
fn annotate(c: &mut Canvas, said: &[(f64, &StatementMark)], x: &Scale, y: &Scale) {
    let mut order: Vec<&(f64, &StatementMark)> = said.iter().collect();
    order.sort_by(|a, b| b.1.reversal.cmp(&a.1.reversal).then(b.1.weight.total_cmp(&a.1.weight)));
    let (most, room) = if c.narrow() { (5, 110.0) } else { (14, 170.0) };
    for (n, s) in order.into_iter().take(most) {
        let (sx, sy) = (x.at(*n), y.at(s.value));
        let ink = match (s.reversal, s.weight < 0.5) {
            (true, _) => Ink::Series(1),
            (false, true) => Ink::Muted,
            _ => Ink::Text,
        };
        let far = if s.reversal { 11.0 } else { 7.0 };
        let spots = [
            (sx + far, sy + 4.0, Anchor::Start),
            (sx - far, sy + 4.0, Anchor::End),
            (sx, sy - far - 4.0, Anchor::Middle),
            (sx, sy + far + 10.0, Anchor::Middle),
            (sx + 3.0, sy - far - 4.0, Anchor::Start),
            (sx - 3.0, sy - far - 4.0, Anchor::End),
            (sx + 3.0, sy + far + 10.0, Anchor::Start),
            (sx - 3.0, sy + far + 10.0, Anchor::End),
        ];
        let short = truncate(&s.label, 11.0, room);
        c.place_free(&spots, Style::new(11.0, ink), &short, &s.label);
    }
}
