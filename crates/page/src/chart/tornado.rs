//! What each input, at the ends of its range, would make of a probability.

use super::canvas::{Anchor, Canvas, Ink, Style};
use super::data::{Swing, Tornado};
use super::figure::{Drawing, Figure, FigureTable};
use super::scale::{Scale, nice};
use super::text::{name, percent, points, truncate, width};
use super::waterfall::lines;

/// A bar an input from the probability at its low end to that at its high end, widest first, about
/// the probability now.
pub fn tornado(d: &Tornado) -> Figure {
    let event = if d.event.is_empty() { "the answer" } else { &d.event };
    let bars = sorted(d);
    let title = match bars.first() {
        None => "No inputs to show".to_owned(),
        Some(b) if spread(b) < 0.0005 => {
            format!("No input alone moves the chance of {}", name(event))
        }
        Some(b) => format!(
            "Nothing counts as much as {}: the chance of {} runs from {} to {} with it",
            name(&b.label),
            name(event),
            percent(b.low.min(b.high)),
            percent(b.low.max(b.high))
        ),
    };
    let most: Vec<String> = bars
        .iter()
        .take(3)
        .map(|b| format!("{} {} to {}", name(&b.label), percent(b.low), percent(b.high)))
        .collect();
    let summary = if most.is_empty() {
        "There are no inputs to draw.".to_owned()
    } else {
        format!("{title}. Low to high end of the input: {}.", most.join("; "))
    };
    let mut table =
        FigureTable::new(&["Input", "At its low end", "Chance", "At its high end", "Chance"]);
    for b in &bars {
        table.row(vec![
            b.label.clone(),
            b.low_label.clone(),
            percent(b.low),
            b.high_label.clone(),
            percent(b.high),
        ]);
    }
    Figure {
        id: d.id.clone(),
        title: super::text::capital(&title),
        subtitle: format!(
            "Chance of {} with one input at the low or the high end of its range, the others as \
             they are; {} now",
            name(event),
            percent(d.base)
        ),
        source: d.source.clone(),
        summary,
        table,
        drawing: Drawing::Tornado(d.clone()),
    }
}

fn spread(b: &Swing) -> f64 {
    (b.high - b.low).abs()
}

fn sorted(d: &Tornado) -> Vec<Swing> {
    let usable = |b: &&Swing| b.low.is_finite() && b.high.is_finite();
    let mut out: Vec<Swing> = d.bars.iter().filter(usable).cloned().collect();
    for b in &mut out {
        (b.low, b.high) = (b.low.clamp(0.0, 1.0), b.high.clamp(0.0, 1.0));
    }
    out.sort_by(|a, b| spread(b).total_cmp(&spread(a)));
    out
}

pub(crate) fn draw(d: &Tornado, c: &mut Canvas) {
    let bars = sorted(d);
    if bars.is_empty() || !d.base.is_finite() {
        c.begin(40.0);
        c.text(0.0, 24.0, Style::label(Ink::Muted), "No inputs to draw");
        return;
    }
    let narrow = c.narrow();
    let widest = bars.iter().map(|b| width(&b.label, 12.0)).fold(60.0, f64::max);
    // On a narrow frame a label stands over its bar, so that the bars keep the width.
    let column = if narrow { 0.0 } else { (widest + 14.0).min(c.w * 0.34) };
    let row = if narrow { 44.0 } else { 32.0 };
    let height = 46.0 + row * bars.len() as f64 + 4.0;
    c.begin(height);
    let ends = bars.iter().flat_map(|b| [b.low, b.high]).chain([d.base.clamp(0.0, 1.0)]);
    let (lo, hi) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), v| (a.min(v), b.max(v)));
    let (lo, hi) = nice(lo.min(0.95), hi.max(lo.min(0.95) + 0.05), 5);
    // Room at both ends for what the bar's ends are.
    let names = bars.iter().flat_map(|b| [&b.low_label, &b.high_label]);
    let longest = names.map(|l| width(l, 11.0)).fold(30.0, f64::max) + 10.0;
    let side = longest.min(if narrow { 72.0 } else { c.w * 0.14 });
    let x = Scale::new(lo, hi, column + side, c.w - side);
    let now = x.at(d.base);
    let told = format!("{} now", percent(d.base));
    let spots = [
        (now, 13.0, Anchor::Middle),
        (now.max(140.0), 13.0, Anchor::Start),
        (c.w - 2.0, 13.0, Anchor::End),
    ];
    for (left, ink, words) in [(0.0, Ink::Series(1), "Low end"), (76.0, Ink::Series(0), "High end")]
    {
        c.rect(left, 4.0, 9.0, 9.0, ink, 1.0);
        c.text(left + 13.0, 13.0, Style::new(11.0, ink).bold(), words);
    }
    for t in x.ticks(if narrow { 3 } else { 5 }) {
        c.line((x.at(t), 38.0), (x.at(t), height - 4.0), Ink::Line, 1.0, "");
        let label = format!("{}\u{a0}%", super::text::value(100.0 * t));
        c.text(x.at(t), 31.0, Style::axis().middle(), &label);
    }
    c.place(&spots, Style::label(Ink::Text).bold(), &told);
    let mut y = 42.0;
    for b in &bars {
        let mid = if narrow { y + 28.0 } else { y + row / 2.0 };
        if narrow {
            c.cut(0.0, y + 13.0, Style::label(Ink::Text), &b.label, c.w - 2.0);
        } else {
            lines(c, &b.label, Style::label(Ink::Text), column, mid);
        }
        let title = format!(
            "{}: {} at {}, {} at {} ({} points)",
            b.label,
            percent(b.low),
            end_name(&b.low_label, "its low end"),
            percent(b.high),
            end_name(&b.high_label, "its high end"),
            points(b.high - b.low)
        );
        c.mark(&title, |c| {
            for (v, ink) in [(b.low, Ink::Series(1)), (b.high, Ink::Series(0))] {
                let (from, to) = (now.min(x.at(v)), now.max(x.at(v)));
                c.rect(from, mid - 8.0, (to - from).max(0.5), 16.0, ink, 0.9);
            }
        });
        let left_is_low = b.low <= b.high;
        let (a, z) = (x.at(b.low.min(b.high)), x.at(b.low.max(b.high)));
        let low = (&b.low_label, "low", Ink::Series(1));
        let high = (&b.high_label, "high", Ink::Series(0));
        let (l, r) = if left_is_low { (low, high) } else { (high, low) };
        for (at, (label, word, ink), anchor) in
            [(a.min(now) - 5.0, l, Anchor::End), (z.max(now) + 5.0, r, Anchor::Start)]
        {
            let full = end_name(label, word);
            let room = if anchor == Anchor::End { at - column - 4.0 } else { c.w - at - 2.0 };
            let short = truncate(&full, 11.0, room);
            c.place_cut(&[(at, mid + 4.0, anchor)], Style::new(11.0, ink), &short, &full);
        }
        y += row;
    }
    c.line((now, 36.0), (now, height - 4.0), Ink::Text, 1.5, "");
}

fn end_name(label: &str, word: &str) -> String {
    if label.is_empty() { word.to_owned() } else { label.to_owned() }
}
