//! The record and the calendar on one line of time.

use super::agreement::{calendar, kind, time_axis};
use super::canvas::{Anchor, Canvas, Ink, Style, side_ink};
use super::data::{Lane, MarkKind, Timeline};
use super::day;
use super::figure::{Drawing, Figure, FigureTable};
use super::scale::Time;
use super::text::{name, truncate, width};

/// The place from which the entries of a record, in the order of their days, stand on the axis. One
/// that lies so far back that the days since the next are less than a quarter of those since itself
/// would squeeze all others: it is named beside the axis.
fn first_shown(days: &[f64], now: f64) -> usize {
    let squeezes = |k: usize| {
        let [own, next] = [k, k + 1].map(|k| (now - days[k]).max(1.0));
        own > MOST_ALONE * next
    };
    // At least half of the entries stay, and two.
    let most = (days.len() / 2).min(days.len().saturating_sub(2));
    (0..most).rev().find(|k| squeezes(*k)).map_or(0, |k| k + 1)
}

/// How many times as far back as the next an entry may lie and still stand on the axis.
const MOST_ALONE: f64 = 4.0;

/// The entries of the record in a lane for each side, and the rounds and deadlines under the axis.
pub fn timeline(d: &Timeline) -> Figure {
    let ahead: Vec<_> = d
        .calendar
        .iter()
        .filter(|m| day::number(&m.day) > day::number(&d.span[0]) && day::number(&m.day).is_some())
        .collect();
    let title = match (d.entries.len(), ahead.iter().min_by_key(|m| m.day.clone())) {
        (0, None) => "Nothing on record and nothing on the calendar".to_owned(),
        (n, Some(m)) => format!(
            "{n} {} on record; next on the calendar: {} on {}",
            if n == 1 { "entry" } else { "entries" },
            name(&m.label),
            day::spoken(&m.day)
        ),
        (n, None) => format!(
            "{n} {} on record; nothing further on the calendar",
            if n == 1 { "entry" } else { "entries" }
        ),
    };
    let hard = ahead.iter().filter(|m| m.kind == MarkKind::Hard).count();
    let summary = format!(
        "{title}. As of {}: {} dates ahead, of which {hard} hard deadlines.",
        day::spoken_in_full(&d.span[0]),
        ahead.len()
    );
    let mut table = FigureTable::new(&["Day", "Who", "What", "Text"]);
    for e in &d.entries {
        let n = &e.note;
        table.row(vec![n.day.clone(), e.lane.clone(), n.label.clone(), n.text.clone()]);
    }
    for m in &d.calendar {
        table.row(vec![m.day.clone(), String::new(), kind(m.kind).to_owned(), m.label.clone()]);
    }
    Figure {
        id: d.id.clone(),
        title,
        subtitle: "Dots: entries of the record by who they concern. Under the axis: triangles are \
                   rounds, bars deadlines. Days up to the as-of line can be drawn wider; entries \
                   from long before stand under the axis in words"
            .to_owned(),
        source: d.source.clone(),
        summary,
        table,
        drawing: Drawing::Timeline(d.clone()),
    }
}

const LANE: f64 = 74.0;

pub(crate) fn draw(d: &Timeline, c: &mut Canvas) {
    let lanes = lanes(d);
    let ends = [&d.span[0], &d.span[1]];
    let (early, since) = early(d);
    let days: Vec<f64> = d
        .entries
        .iter()
        .filter(|e| day::number(&e.note.day).is_none_or(|n| n >= since))
        .map(|e| &e.note.day)
        .chain(d.calendar.iter().map(|m| &m.day))
        .chain(ends)
        .filter_map(|iso| day::number(iso))
        .collect();
    let (first, last) =
        days.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), n| (a.min(*n), b.max(*n)));
    if first > last {
        c.begin(40.0);
        c.text(0.0, 24.0, Style::label(Ink::Muted), "Nothing dated to draw");
        return;
    }
    let lane = if lanes.len() > 8 { 30.0 } else { LANE };
    let (over, under) = (30.0, 30.0 + lane * lanes.len().max(1) as f64);
    c.begin(under + if early.is_empty() { 68.0 } else { 90.0 });
    let (left, right) = (8.0, c.w - 12.0);
    let pad = 0.02 * (last - first).max(1.0);
    let now = day::number(&d.span[0]).unwrap_or(last);
    let x = Time::new((first - pad, now, last + pad), (left, right), (0.55, 0.75));
    if let Some(now) = day::number(&d.span[0]) {
        let at = x.at(now);
        c.rect(left, over, at - left, under - over, Ink::Panel, 0.6);
        c.line((at, over - 10.0), (at, under), Ink::Muted, 1.0, "3 3");
        let told = format!("as of {}", day::spoken(&d.span[0]));
        let spots = [
            (at, 13.0, Anchor::Middle),
            (at - 2.0, 13.0, Anchor::Start),
            (at + 2.0, 13.0, Anchor::End),
        ];
        c.place(&spots, Style::axis(), &told);
    }
    if let Some(by) = day::number(&d.span[1]) {
        let at = x.at(by);
        c.line((at, over - 10.0), (at, under), Ink::Accent, 1.5, "");
        let text = format!("question: {}", day::spoken(&d.span[1]));
        let spots = [
            (at, 13.0, Anchor::Middle),
            (at + 2.0, 13.0, Anchor::End),
            (at - 2.0, 13.0, Anchor::Start),
        ];
        c.place(&spots, Style::new(11.0, Ink::Accent).bold(), &text);
    }
    c.line((left, under), (right, under), Ink::Text, 1.0, "");
    for part in [x.past, x.ahead].into_iter().flatten() {
        time_axis(c, &part, under);
    }
    for (k, who) in lanes.iter().enumerate() {
        let top = over + lane * k as f64;
        let ink = side_ink(&d.sides, who);
        if k > 0 {
            c.line((left, top), (right, top), Ink::Line, 1.0, "");
        }
        c.cut(left + 4.0, top + 16.0, Style::label(ink).bold(), who, c.w * 0.4);
        one_lane(d, c, &x, (who, since), (top, lane), ink);
    }
    calendar(&d.calendar, c, &x, under);
    if !early.is_empty() {
        let words = spoken_early(&early);
        c.mark(&words, |c| {
            c.cut(left, under + 84.0, Style::axis(), &words, right - left);
        });
    }
}

/// The lanes: the sides in their order, then who else has an entry.
fn lanes(d: &Timeline) -> Vec<&str> {
    let mut lanes: Vec<&str> = Vec::new();
    let side = d.sides.iter().filter(|s| d.entries.iter().any(|e| e.lane == **s));
    for lane in side.chain(d.entries.iter().map(|e| &e.lane)) {
        if !lanes.contains(&lane.as_str()) {
            lanes.push(lane);
        }
    }
    lanes
}

/// The entries that lie too far back for the axis, the earliest first, and its first day.
fn early(d: &Timeline) -> (Vec<&Lane>, f64) {
    let mut dated: Vec<(f64, &Lane)> =
        d.entries.iter().filter_map(|e| Some((day::number(&e.note.day)?, e))).collect();
    dated.sort_by(|a, b| a.0.total_cmp(&b.0));
    let now = day::number(&d.span[0]).or(dated.last().map(|e| e.0)).unwrap_or(0.0);
    let days: Vec<f64> = dated.iter().map(|e| e.0).collect();
    let first = first_shown(&days, now);
    let since = if first == 0 { f64::NEG_INFINITY } else { days[first] };
    let early = dated.into_iter().filter(|(n, _)| *n < since);
    (early.map(|(_, e)| e).collect(), since)
}

/// The entries before the axis in words.
fn spoken_early(early: &[&Lane]) -> String {
    let one = |e: &&Lane| format!("{} ({})", name(&e.note.label), day::spoken_in_full(&e.note.day));
    match early {
        [some @ .., last] if some.len() > 2 => format!(
            "Before the axis: {} entries, from {} to {}",
            early.len(),
            one(&early[0]),
            one(last)
        ),
        some => format!("Before the axis: {}", some.iter().map(one).collect::<Vec<_>>().join(", ")),
    }
}

fn one_lane(
    d: &Timeline,
    c: &mut Canvas,
    x: &Time,
    (who, since): (&str, f64),
    (top, lane): (f64, f64),
    ink: Ink,
) {
    let all: Vec<_> = d
        .entries
        .iter()
        .filter(|e| e.lane == who)
        .filter_map(|e| day::number(&e.note.day).map(|n| (n, &e.note)))
        .filter(|(n, _)| *n >= since)
        .collect();
    let base = top + if lane < LANE { 20.0 } else { 42.0 };
    let mut at = Vec::new();
    for (k, (n, note)) in all.iter().take(60).enumerate() {
        // Entries of one day stand in a small pile.
        let same = all[..k].iter().filter(|m| (x.at(m.0) - x.at(*n)).abs() < 5.0).count();
        let y = if lane < LANE { base } else { base + [0.0, 10.0, -10.0, 20.0][same % 4] };
        let text = if note.text.is_empty() { &note.label } else { &note.text };
        let title = format!("{}, {who}: {text}", day::spoken(&note.day));
        c.mark(&title, |c| c.dot(x.at(*n), y, 4.0, ink, true));
        at.push((x.at(*n), y, *note));
    }
    // The latest entries are named first.
    let room = if c.narrow() { 120.0 } else { 200.0 };
    for (px, y, note) in at.iter().rev() {
        let short = truncate(&note.label, 11.0, room);
        if width(&short, 11.0) < 8.0 {
            continue;
        }
        let spots = [
            (px + 7.0, y + 4.0, Anchor::Start),
            (px - 7.0, y + 4.0, Anchor::End),
            (*px, y - 8.0, Anchor::Middle),
            (*px, y + 16.0, Anchor::Middle),
            (px + 3.0, y - 8.0, Anchor::Start),
            (px - 3.0, y - 8.0, Anchor::End),
            (px + 3.0, y + 16.0, Anchor::Start),
            (px - 3.0, y + 16.0, Anchor::End),
        ];
        c.place_free(&spots, Style::new(11.0, Ink::Text), &short, &note.label);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_entry_of_long_ago_does_not_squeeze_the_others() {
        // 2018, and 22 of the last three weeks.
        let mut days: Vec<f64> = (0..22).map(f64::from).collect();
        days.insert(0, -2_500.0);
        assert_eq!(first_shown(&days, 22.0), 1);
        // Evenly spread entries all stand on the axis, however far back they go.
        let even: Vec<f64> = (0..20).map(|k| 100.0 * f64::from(k)).collect();
        assert_eq!(first_shown(&even, 2_000.0), 0);
        // Two clusters are a history, no outlier.
        assert_eq!(first_shown(&[0.0, 1.0, 2.0, 900.0, 901.0], 902.0), 0);
        assert_eq!(first_shown(&[0.0, 900.0], 902.0), 0);
        assert_eq!(first_shown(&[], 0.0), 0);
    }
}
