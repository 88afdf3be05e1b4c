//! How the talks first end, by date: shares stacked to the whole.

use super::agreement::time_axis;
use super::canvas::{Canvas, Ink, Style, thin};
use super::data::EndingsChart;
use super::day;
use super::figure::{Drawing, Figure, FigureTable};
use super::scale::Scale;
use super::text::{capital, name, percent};

/// The share of draws in which the talks have first ended in each way by each date, stacked; what
/// is left is still open.
pub fn endings(d: &EndingsChart) -> Figure {
    let last = d.days.len().checked_sub(1);
    let until = d.days.last().cloned().unwrap_or_default();
    let at_end = |k: usize| {
        let x = last.and_then(|t| d.layers[k].share.get(t)).copied();
        x.filter(|x| x.is_finite()).unwrap_or(0.0)
    };
    let mut order: Vec<usize> = (0..d.layers.len()).collect();
    order.sort_by(|a, b| at_end(*b).total_cmp(&at_end(*a)));
    let open = (1.0 - order.iter().map(|k| at_end(*k)).sum::<f64>()).clamp(0.0, 1.0);
    // Ambiguous without its year where that is another than the one it is told in.
    let until_spoken = match until.get(..4) == d.as_of.get(..4) {
        true => day::spoken(&until),
        false => day::spoken_in_full(&until),
    };
    let title = match order.first() {
        Some(k) if last.is_some() && at_end(*k) >= open => format!(
            "{} is the likeliest first ending by {}: {}",
            capital(&name(&d.layers[*k].name)),
            until_spoken,
            percent(at_end(*k))
        ),
        Some(k) if last.is_some() => format!(
            "By {} the talks are likeliest still open ({}); of the endings, {} leads with {}",
            until_spoken,
            percent(open),
            name(&d.layers[*k].name),
            percent(at_end(*k))
        ),
        _ => "No endings to show".to_owned(),
    };
    let mut summary = format!("By {}:", day::spoken_in_full(&until));
    for k in order.iter().take(8) {
        summary.push_str(&format!(" {} {},", name(&d.layers[*k].name), percent(at_end(*k))));
    }
    summary.push_str(&format!(" still open {}.", percent(open)));
    if last.is_none() || d.layers.is_empty() {
        "There are no endings to draw.".clone_into(&mut summary);
    }
    let names: Vec<&str> = std::iter::once("By")
        .chain(d.layers.iter().map(|l| l.name.as_str()))
        .chain(["Still open"])
        .collect();
    let mut table = FigureTable::new(&names);
    for (t, iso) in d.days.iter().enumerate() {
        let shares: Vec<f64> =
            d.layers.iter().map(|l| l.share.get(t).copied().unwrap_or(f64::NAN)).collect();
        let left = 1.0 - shares.iter().filter(|s| s.is_finite()).sum::<f64>();
        let cells = shares.iter().map(|s| percent(*s)).chain([percent(left.clamp(0.0, 1.0))]);
        table.row(std::iter::once(iso.clone()).chain(cells).collect());
    }
    Figure {
        id: d.id.clone(),
        title,
        subtitle: "Share of draws in which the talks have first ended so by each date, in percent"
            .to_owned(),
        source: d.source.clone(),
        summary,
        table,
        drawing: Drawing::Endings(d.clone()),
    }
}

pub(crate) fn draw(d: &EndingsChart, c: &mut Canvas) {
    let narrow = c.narrow();
    let (over, under) = (14.0, if narrow { 270.0 } else { 220.0 });
    c.begin(under + 28.0);
    let days: Vec<(usize, f64)> =
        d.days.iter().enumerate().filter_map(|(t, i)| day::number(i).map(|n| (t, n))).collect();
    let (Some(first), Some(last)) = (days.first(), days.last()) else {
        c.text(0.0, 24.0, Style::label(Ink::Muted), "No endings to draw");
        return;
    };
    let names = d.layers.iter().map(|l| super::text::width(&l.name, 12.0));
    let widest = names.fold(66.0, f64::max) + 62.0;
    let margin = widest.min(if narrow { 144.0 } else { 220.0 });
    let (left, right) = (42.0, c.w - margin);
    let x = Scale::new(first.1, last.1, left, right);
    let y = Scale::new(0.0, 1.0, under, over);
    let mut floor = vec![0.0; days.len()];
    let mut bands: Vec<(f64, f64, String, Ink)> = Vec::new();
    for (k, layer) in d.layers.iter().enumerate() {
        let ceiling: Vec<f64> = days
            .iter()
            .zip(&floor)
            .map(|((t, _), f)| {
                let s = layer.share.get(*t).copied().filter(|s| s.is_finite()).unwrap_or(0.0);
                (f + s.max(0.0)).min(1.0)
            })
            .collect();
        let at = |level: &[f64]| {
            thin(days.iter().zip(level).map(|(p, v)| (x.at(p.1), y.at(*v))).collect(), 4.0)
        };
        let outline: Vec<_> =
            at(&ceiling).into_iter().chain(at(&floor).into_iter().rev()).collect();
        let (lo, hi) =
            (floor.last().copied().unwrap_or(0.0), ceiling.last().copied().unwrap_or(0.0));
        let title = format!("{}: {} by {}", layer.name, percent(hi - lo), day::brief(last.1));
        let ink = Ink::Series(k);
        c.mark(&title, |c| {
            c.fill(&outline, ink, if k < 6 { 0.85 } else { 0.5 });
            c.path(&at(&ceiling), Ink::Paper, 1.5, "");
        });
        bands.push((lo, hi, layer.name.clone(), ink));
        floor = ceiling;
    }
    let ended = floor.last().copied().unwrap_or(0.0);
    bands.push((ended, 1.0, "Still open".to_owned(), Ink::Muted));
    for t in [0.0, 0.25, 0.5, 0.75, 1.0] {
        let ink = if t == 0.0 { Ink::Text } else { Ink::Line };
        c.line((left, y.at(t)), (right, y.at(t)), ink, if t == 0.0 { 1.0 } else { 0.6 }, "");
        let label = if t == 1.0 { "100\u{a0}%".to_owned() } else { format!("{:.0}", 100.0 * t) };
        c.text(left - 5.0, y.at(t) + 4.0, Style::axis().end(), &label);
    }
    time_axis(c, &x, under);
    direct_labels(c, &bands, &y, right, (over, under));
}

/// Names and values at the right end, moved apart where bands are thin, with leaders.
fn direct_labels(
    c: &mut Canvas,
    bands: &[(f64, f64, String, Ink)],
    y: &Scale,
    right: f64,
    (over, under): (f64, f64),
) {
    let most = ((under - over) / 15.0) as usize + 1;
    let mut shown: Vec<&(f64, f64, String, Ink)> = bands.iter().collect();
    // The thinnest give way when there is not room for all.
    while shown.len() > most {
        let thinnest = (0..shown.len())
            .min_by(|a, b| (shown[*a].1 - shown[*a].0).total_cmp(&(shown[*b].1 - shown[*b].0)));
        match thinnest {
            Some(k) => shown.remove(k),
            None => break,
        };
    }
    let centres: Vec<f64> = shown.iter().map(|b| y.at((b.0 + b.1) / 2.0)).collect();
    // From the bottom up each label stands at its band or a line above the one below.
    let at = spread(&centres, 15.0, over, under);
    for ((band, centre), level) in shown.iter().zip(&centres).zip(at) {
        let value = percent(band.1 - band.0);
        let style = Style::label(band.3);
        c.line((right + 2.0, *centre), (right + 10.0, level), band.3, 1.0, "");
        let room = super::text::width("<99\u{a0}%", 12.0);
        if c.text(right + 13.0 + room, level + 4.0, style.bold().end(), &value) {
            let left = right + 18.0 + room;
            let space = c.w - left - 1.0;
            c.cut(left, level + 4.0, style, &capital(&band.2), space);
        }
    }
}

/// Levels as near to the wanted ones as a gap between neighbours allows; `want` runs from the
/// bottom (large) to the top (small).
pub(crate) fn spread(want: &[f64], gap: f64, over: f64, under: f64) -> Vec<f64> {
    let mut at = want.to_vec();
    let mut limit = under;
    for v in &mut at {
        *v = v.min(limit);
        limit = *v - gap;
    }
    let mut limit = over;
    for v in at.iter_mut().rev() {
        *v = v.max(limit);
        limit = *v + gap;
    }
    at
}
