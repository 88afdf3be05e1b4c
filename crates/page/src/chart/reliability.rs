//! Forecast against outcome: did what was given 30 % happen 3 times in 10?

use super::canvas::{Anchor, Canvas, Ink, Style};
use super::data::{FEWEST_FOR_A_CURVE, ReliabilityBin, ReliabilityChart};
use super::figure::{Drawing, Figure, FigureTable};
use super::scale::Scale;
use super::text::percent;

/// Share that came true by what was forecast, with counts and the bars within which a calibrated
/// forecaster would stay; with fewer than [`FEWEST_FOR_A_CURVE`] resolutions only the resolved
/// forecasts as dots, and a notice.
pub fn reliability(d: &ReliabilityChart) -> Figure {
    let n = count(d);
    let bins = usable(d);
    let few = n < FEWEST_FOR_A_CURVE;
    let title = if n == 0 {
        "Nothing has been resolved yet, so there is no score".to_owned()
    } else if few {
        let s = if n == 1 { "forecast has" } else { "forecasts have" };
        format!("{n} {s} been resolved: too few to say whether they are calibrated")
    } else {
        let within =
            bins.iter().filter(|b| b.observed >= b.bar[0] && b.observed <= b.bar[1]).count();
        if within == bins.len() {
            format!("Over {n} resolved forecasts every bin is within what calibration allows")
        } else {
            format!(
                "Over {n} resolved forecasts {} of {} bins are outside what calibration allows",
                bins.len() - within,
                bins.len()
            )
        }
    };
    let mut table = FigureTable::new(&["Forecast", "Came true", "Count", "Calibrated from", "to"]);
    if few {
        for (p, came) in &d.resolved {
            let came = if *came { "yes" } else { "no" };
            table.row(vec![percent(*p), came.into(), "1".into(), String::new(), String::new()]);
        }
    } else {
        for b in &bins {
            table.row(vec![
                percent(b.forecast),
                percent(b.observed),
                b.count.to_string(),
                percent(b.bar[0]),
                percent(b.bar[1]),
            ]);
        }
    }
    let subtitle = if few {
        "Each dot a resolved forecast: what was given, in percent, and whether it came true"
    } else {
        "Share that came true by what was forecast, in percent, with the number of forecasts. Grey \
         bars: where 9 in 10 calibrated forecasters would be"
    };
    Figure {
        id: d.id.clone(),
        summary: format!("{title}."),
        title,
        subtitle: subtitle.to_owned(),
        source: d.source.clone(),
        table,
        drawing: Drawing::Reliability(d.clone()),
    }
}

fn usable(d: &ReliabilityChart) -> Vec<ReliabilityBin> {
    let fit = |b: &&ReliabilityBin| b.count > 0 && b.forecast.is_finite() && b.observed.is_finite();
    d.bins.iter().filter(fit).cloned().collect()
}

/// Resolutions, however they are given.
fn count(d: &ReliabilityChart) -> usize {
    d.resolved.len().max(d.bins.iter().map(|b| b.count).sum())
}

pub(crate) fn draw(d: &ReliabilityChart, c: &mut Canvas) {
    if count(d) < FEWEST_FOR_A_CURVE { few(d, c) } else { curve(d, c) }
}

/// Two rows of dots on the axis of forecasts, what came true above what did not.
fn few(d: &ReliabilityChart, c: &mut Canvas) {
    c.begin(190.0);
    let (left, right) = (14.0, c.w - 26.0);
    let x = Scale::new(0.0, 1.0, left, right);
    let n = count(d);
    let notice = format!("{n} of the {FEWEST_FOR_A_CURVE} resolutions that a curve needs");
    c.text(0.0, 14.0, Style::label(Ink::Series(1)).bold(), &notice);
    for (y, words) in [(66.0, "Came true"), (126.0, "Did not")] {
        c.text(0.0, y - 22.0, Style::label(Ink::Text).bold(), words);
        c.line((left, y), (right, y), Ink::Line, 1.0, "");
    }
    for t in [0.0, 0.2, 0.4, 0.6, 0.8, 1.0] {
        c.line((x.at(t), 50.0), (x.at(t), 152.0), Ink::Line, 1.0, "");
        let text = if t == 1.0 { "100\u{a0}%".to_owned() } else { format!("{:.0}", 100.0 * t) };
        c.text(x.at(t), 167.0, Style::axis().middle(), &text);
    }
    c.text(left, 184.0, Style::axis(), "what was forecast");
    for (k, (p, came)) in d.resolved.iter().enumerate().filter(|(_, r)| r.0.is_finite()) {
        let same =
            d.resolved[..k].iter().filter(|q| q.1 == *came && (q.0 - p).abs() < 0.015).count();
        let base = if *came { 66.0 } else { 126.0 };
        // Equal forecasts stand beside each other, not on each other.
        let y = base + [0.0, -9.0, 9.0, -18.0, 18.0][same % 5];
        let word = if *came { "came true" } else { "did not come true" };
        let ink = if *came { Ink::Accent } else { Ink::Series(1) };
        c.mark(&format!("Given {}: {word}", percent(*p)), |c| c.dot(x.at(*p), y, 5.0, ink, *came));
    }
}

fn curve(d: &ReliabilityChart, c: &mut Canvas) {
    let bins = usable(d);
    let (left, right) = (40.0, c.w - 20.0);
    let side = (right - left).min(420.0);
    let (over, under) = (26.0, 26.0 + side * if c.narrow() { 1.0 } else { 0.8 });
    c.begin(under + 40.0);
    let right = if c.narrow() { right } else { left + side * 1.25 };
    let x = Scale::new(0.0, 1.0, left, right.min(c.w - 20.0));
    let y = Scale::new(0.0, 1.0, under, over);
    for t in [0.0, 0.2, 0.4, 0.6, 0.8, 1.0] {
        c.line((x.at(0.0), y.at(t)), (x.at(1.0), y.at(t)), Ink::Line, 1.0, "");
        c.line((x.at(t), over), (x.at(t), under), Ink::Line, 1.0, "");
        let text = if t == 1.0 { "100\u{a0}%".to_owned() } else { format!("{:.0}", 100.0 * t) };
        c.text(x.at(t), under + 16.0, Style::axis().middle(), &text);
        if t < 1.0 {
            c.text(left - 6.0, y.at(t) + 4.0, Style::axis().end(), &text);
        } else {
            c.text(2.0, over + 4.0, Style::axis(), "100");
        }
    }
    c.text(0.0, 12.0, Style::label(Ink::Muted).bold(), "↑ came true");
    let s = Style::label(Ink::Muted).bold().end();
    c.text(x.at(1.0), under + 34.0, s, "forecast →");
    c.line((x.at(0.0), y.at(0.0)), (x.at(1.0), y.at(1.0)), Ink::Muted, 1.0, "4 4");
    c.block_path(&[(x.at(0.0), y.at(0.0)), (x.at(1.0), y.at(1.0))]);
    for b in &bins {
        if b.bar[0].is_finite() && b.bar[1].is_finite() {
            let (hi, lo) = (y.at(b.bar[1].max(b.bar[0])), y.at(b.bar[0].min(b.bar[1])));
            c.block(x.at(b.forecast) - 6.0, hi, 12.0, lo - hi);
            c.rect(x.at(b.forecast) - 6.0, hi, 12.0, (lo - hi).max(1.0), Ink::Muted, 0.25);
        }
    }
    let points: Vec<(f64, f64)> =
        bins.iter().map(|b| (x.at(b.forecast), y.at(b.observed))).collect();
    c.path(&points, Ink::Accent, 2.0, "");
    c.block_path(&points);
    let most = bins.iter().map(|b| b.count).max().unwrap_or(1).max(1) as f64;
    for b in &bins {
        let r = 3.5 + 5.0 * (b.count as f64 / most).sqrt();
        let outside = b.observed < b.bar[0] || b.observed > b.bar[1];
        let ink = if outside { Ink::Series(1) } else { Ink::Accent };
        let title = format!(
            "Forecast {}: {} of {} came true",
            percent(b.forecast),
            percent(b.observed),
            b.count
        );
        c.mark(&title, |c| c.dot(x.at(b.forecast), y.at(b.observed), r, ink, true));
    }
    for b in &bins {
        let (bx, by) = (x.at(b.forecast), y.at(b.observed));
        let spots = [
            (bx, by - 13.0, Anchor::Middle),
            (bx, by + 21.0, Anchor::Middle),
            (bx + 13.0, by + 4.0, Anchor::Start),
            (bx - 13.0, by + 4.0, Anchor::End),
        ];
        c.place(&spots, Style::new(11.0, Ink::Text), &b.count.to_string());
    }
    // The diagonal is named where labels left room.
    let spots: Vec<_> = [0.9, 0.1, 0.7, 0.3]
        .iter()
        .map(|t| {
            (
                x.at(*t) + 10.0,
                y.at(*t) + 18.0,
                if *t > 0.5 { Anchor::Middle } else { Anchor::Start },
            )
        })
        .collect();
    c.place_free(&spots, Style::axis(), "perfect", "perfectly calibrated");
}
