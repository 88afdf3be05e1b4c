//! Chance of agreement by date, with the way it was told before to its left.

use super::canvas::{Anchor, Canvas, Ink, Style, thin};
use super::data::{Agreement, DatedMark, MarkKind, Odds};
use super::day;
use super::figure::{Drawing, Figure, FigureTable};
use super::scale::{Scale, Time, top};
use super::text::{capital, name, percent, points};

/// The chance of agreement by each date with its band and, to its left, the chance by the
/// question's date as it was told on past days; rounds and deadlines on the axis.
pub fn agreement(d: &Agreement) -> Figure {
    let event = if d.event.is_empty() { "agreement" } else { &d.event };
    let answer = at_question(d);
    let by = day::spoken(&d.question);
    let title = match answer {
        Some(a) => {
            let carried = carrier(d).or_else(|| since(d)).map(|m| format!(", {m}"));
            let carried = carried.unwrap_or_default();
            format!("{} by {by}: {}{carried}", capital(&name(event)), percent(a.p))
        }
        None => format!("Nothing to show yet of the chance of {}", name(event)),
    };
    let end = d.curve.last().map(|o| format!(" up to {}", day::spoken_in_full(&o.day)));
    let mut subtitle = format!(
        "Chance of {} by each date{}, in percent, with its band",
        name(event),
        end.unwrap_or_default()
    );
    if !d.ghost.is_empty() {
        subtitle.push_str("; dashed, the chance before the change");
    }
    if d.history.len() > 1 {
        subtitle.push_str(&format!("; to the left, the chance by {by} as told on past days"));
    }
    let mut summary = match answer {
        Some(a) => format!(
            "As of {}, the chance of {} by {} is {}, with a band from {} to {}.",
            day::spoken_in_full(&d.as_of),
            name(event),
            day::spoken_in_full(&d.question),
            percent(a.p),
            percent(a.lo),
            percent(a.hi)
        ),
        None => "There is no forecast to draw.".to_owned(),
    };
    if let (Some(first), Some(last)) = (d.history.first(), d.history.last()) {
        summary.push_str(&format!(
            " It was told as {} on {} and as {} on {}.",
            percent(first.p),
            day::spoken(&first.day),
            percent(last.p),
            day::spoken(&last.day)
        ));
    }
    let mut table = FigureTable::new(&["What", "Day", "Chance", "Band from", "to", "Note"]);
    let by = format!("by {}", d.question);
    let rows = [(by.as_str(), &d.history), ("by the day", &d.curve), ("before", &d.ghost)];
    for (what, odds) in rows {
        for o in odds {
            table.row(vec![
                what.to_owned(),
                o.day.clone(),
                percent(o.p),
                percent(o.lo),
                percent(o.hi),
                String::new(),
            ]);
        }
    }
    let gap = String::new;
    for n in &d.entries {
        let text = if n.text.is_empty() { &n.label } else { &n.text };
        table.row(vec!["entry".into(), n.day.clone(), gap(), gap(), gap(), text.clone()]);
    }
    for m in &d.calendar {
        table.row(vec![kind(m.kind).into(), m.day.clone(), gap(), gap(), gap(), m.label.clone()]);
    }
    Figure {
        id: d.id.clone(),
        title,
        subtitle,
        source: d.source.clone(),
        summary,
        table,
        drawing: Drawing::Agreement(d.clone()),
    }
}

pub(crate) fn kind(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Round => "round",
        MarkKind::Hard => "deadline",
        MarkKind::Soft => "soft deadline",
    }
}

/// The curve on the question's date: the last day that is not after it.
fn at_question(d: &Agreement) -> Option<&Odds> {
    let by = day::number(&d.question)?;
    let upto = |o: &&Odds| day::number(&o.day).is_some_and(|n| n <= by) && o.p.is_finite();
    d.curve.iter().rfind(upto)
}

/// Which stretch of the calendar carries the answer, said only if one month holds half of it.
fn carrier(d: &Agreement) -> Option<String> {
    let by = day::number(&d.question)?;
    let answer = at_question(d)?.p;
    let mut months: Vec<(String, f64)> = Vec::new();
    let mut before = 0.0;
    for o in d.curve.iter().filter(|o| day::number(&o.day).is_some_and(|n| n <= by)) {
        let month = day::spoken(&o.day).split('\u{a0}').nth(1)?.to_owned();
        match months.last_mut() {
            Some(last) if last.0 == month => last.1 += o.p - before,
            _ => months.push((month, o.p - before)),
        }
        before = o.p;
    }
    let (month, share) = months.iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    (months.len() > 1 && answer >= 0.005 && *share >= 0.5 * answer).then(|| {
        format!(
            "and {month} carries {} of the {} points",
            points(*share).trim_start_matches('+'),
            points(answer).trim_start_matches('+')
        )
    })
}

/// Where the answer was first told, if that is a point or more away.
fn since(d: &Agreement) -> Option<String> {
    let (first, last) = (d.history.first()?, d.history.last()?);
    let moved = last.p - first.p;
    let way = if moved > 0.0 { "up" } else { "down" };
    (moved.abs() >= 0.01 && d.history.len() > 1)
        .then(|| format!("{way} from {} on {}", percent(first.p), day::spoken(&first.day)))
}

pub(crate) fn draw(d: &Agreement, c: &mut Canvas) {
    let height = c.height(if c.narrow() { 330.0 } else { 280.0 });
    c.begin(height);
    let known = |odds: &[Odds]| -> Vec<(f64, f64, f64, f64)> {
        odds.iter()
            .filter(|o| o.p.is_finite())
            .filter_map(|o| {
                let end = |x: f64| if x.is_finite() { x } else { o.p };
                day::number(&o.day).map(|n| (n, o.p, end(o.lo), end(o.hi)))
            })
            .collect()
    };
    let (curve, history, ghost) = (known(&d.curve), known(&d.history), known(&d.ghost));
    let now = day::number(&d.as_of).or(curve.first().map(|p| p.0));
    let (Some(now), Some(first), Some(last)) = (
        now,
        history.first().or(curve.first()).map(|p| p.0),
        curve.last().or(history.last()).map(|p| p.0),
    ) else {
        c.text(0.0, 24.0, Style::label(Ink::Muted), "No forecast to draw");
        return;
    };
    let all = curve.iter().chain(&history).chain(&ghost);
    let most = if d.whole { 1.0 } else { all.map(|p| p.3.max(p.1)).fold(0.0, f64::max) };
    let split = history.len() > 1;
    let (left, right) = (6.0, c.w - 44.0);
    let (over, under) = (if split { 56.0 } else { 34.0 }, height - 68.0);
    let told = if c.narrow() { (0.34, 0.45) } else { (0.36, 0.5) };
    let x = Time::new((first.min(now), now, last.max(now)), (left, right), told);
    let y = Scale::new(0.0, top(most), under, over);
    percent_grid(c, &y, (left, right));
    for part in [x.past, x.ahead].into_iter().flatten() {
        time_axis(c, &part, under);
    }
    let split = split && now > first;
    if split {
        c.rect(left, over - 4.0, x.at(now) - left, under - over + 4.0, Ink::Panel, 0.6);
    }
    // The as-of line divides what was told from what is foreseen.
    c.line((x.at(now), over - 10.0), (x.at(now), under), Ink::Muted, 1.0, "3 3");
    let told = format!("told on {}", day::spoken(&d.as_of));
    let at =
        [(x.at(now), over - 16.0, Anchor::Middle), (x.at(now) - 4.0, over - 16.0, Anchor::Start)];
    c.place(&at, Style::axis(), &told);
    let by = day::spoken(&d.question);
    if split {
        let heads = [
            (left, over - 36.0, Anchor::Start, Ink::Series(4), format!("By {by}, as told")),
            (right + 38.0, over - 36.0, Anchor::End, Ink::Accent, "Chance by each date".to_owned()),
        ];
        for (hx, hy, anchor, ink, text) in heads {
            let room = c.w / 2.0 - if c.narrow() { 4.0 } else { 20.0 };
            let s = Style::label(ink).bold();
            c.cut(hx, hy, Style { anchor, ..s }, &text, room);
        }
    }
    for (points, band) in [(&history, Ink::Series(4)), (&curve, Ink::Band)] {
        let upper = thin(points.iter().map(|p| (x.at(p.0), y.at(p.3))).collect(), 2.5);
        let lower = thin(points.iter().map(|p| (x.at(p.0), y.at(p.2))).collect(), 2.5);
        let outline: Vec<_> = upper.into_iter().chain(lower.into_iter().rev()).collect();
        c.fill(&outline, band, if band == Ink::Band { 1.0 } else { 0.18 });
    }
    // What was before a change: a line without a band, over the bands and under the curve.
    let before = thin(ghost.iter().map(|p| (x.at(p.0), y.at(p.1))).collect(), 2.0);
    c.path(&before, Ink::Muted, 2.0, "5 4");
    c.block_path(&before);
    for (points, ink) in [(&history, Ink::Series(4)), (&curve, Ink::Accent)] {
        let line = thin(points.iter().map(|p| (x.at(p.0), y.at(p.1))).collect(), 2.0);
        c.path(&line, ink, 2.5, "");
        c.block_path(&line);
    }
    for o in history.iter().rev().take(12) {
        let title = format!("Told on {}: {} by {by}", day::brief(o.0), percent(o.1));
        c.mark(&title, |c| c.dot(x.at(o.0), y.at(o.1), 3.0, Ink::Series(4), true));
    }
    answer(d, c, &x, &y);
    if let Some(end) = before.last().filter(|_| before.len() > 1) {
        let places = [
            (end.0, end.1 - 6.0, Anchor::End),
            (end.0, end.1 + 16.0, Anchor::End),
            (end.0, end.1 - 20.0, Anchor::End),
            (end.0, end.1 + 30.0, Anchor::End),
        ];
        c.place(&places, Style::axis(), "before the change");
    }
    calendar(&d.calendar, c, &x, under);
    entries(d, c, &x, (over, under), &history, &y);
}

/// Ticks and labels of an axis of time.
pub(crate) fn time_axis(c: &mut Canvas, x: &Scale, base: f64) {
    let ((first, last), (left, right)) = x.ends();
    let most = ((right - left) / 58.0) as usize;
    for (n, label) in day::ticks(first, last, most) {
        let at = x.at(n);
        c.line((at, base), (at, base + 5.0), Ink::Muted, 1.0, "");
        let places = [
            (at, base + 18.0, Anchor::Middle),
            (left, base + 18.0, Anchor::Start),
            (at + 3.0, base + 18.0, Anchor::End),
        ];
        c.place(if at - left < 14.0 { &places[1..2] } else { &places[..1] }, Style::axis(), &label);
    }
}

/// The question's date, with its answer in large.
fn answer(d: &Agreement, c: &mut Canvas, x: &Time, y: &Scale) {
    let (Some(by), Some(o)) = (day::number(&d.question), at_question(d)) else { return };
    if !x.holds(by) {
        return;
    }
    let (ax, ay) = (x.at(by), y.at(o.p));
    let title = format!(
        "By {}: {} (band {} to {})",
        day::spoken_in_full(&d.question),
        percent(o.p),
        percent(o.lo),
        percent(o.hi)
    );
    let base = y.at(0.0);
    c.mark(&title, |c| {
        c.line((ax, ay), (ax, base), Ink::Accent, 1.0, "");
        c.dot(ax, ay, 5.0, Ink::Accent, true);
    });
    let style = Style::new(17.0, Ink::Accent).bold();
    let up = y.at(o.hi.max(o.p));
    let places = [
        (ax - 8.0, ay - 10.0, Anchor::End),
        (ax, up - 10.0, Anchor::Middle),
        (ax - 8.0, up - 10.0, Anchor::End),
        (ax + 8.0, ay + 22.0, Anchor::Start),
        (ax - 8.0, ay + 22.0, Anchor::End),
    ];
    c.place(&places, style, &percent(o.p));
    let when = format!("by {}", day::spoken(&d.question));
    let places = [
        (ax - 5.0, base - 6.0, Anchor::End),
        (ax + 5.0, base - 6.0, Anchor::Start),
        (ax - 8.0, ay + 16.0, Anchor::End),
    ];
    c.place(&places, Style::axis(), &when);
}

/// Lines at round shares; the labels stand on the right, where the reader's eye ends.
pub(crate) fn percent_grid(c: &mut Canvas, y: &Scale, (left, right): (f64, f64)) {
    for t in y.ticks(4) {
        let ink = if t == 0.0 { Ink::Text } else { Ink::Line };
        c.line((left, y.at(t)), (right, y.at(t)), ink, 1.0, "");
        let label = if t == 0.0 { "0".to_owned() } else { format!("{:.0}\u{a0}%", 100.0 * t) };
        c.text(c.w - 2.0, y.at(t) + 4.0, Style::axis().end(), &label);
    }
}

/// Rounds as triangles and deadlines as bars under the axis, in a row of their own with labels.
pub(crate) fn calendar(marks: &[DatedMark], c: &mut Canvas, x: &Time, base: f64) {
    let line = base + 32.0;
    for m in marks {
        let Some(n) = day::number(&m.day).filter(|n| x.holds(*n)) else { continue };
        let at = x.at(n);
        let title = format!("{}, {}: {}", day::spoken(&m.day), kind(m.kind), m.label);
        c.mark(&title, |c| match m.kind {
            MarkKind::Round => {
                let p = [(at, line - 5.0), (at + 4.5, line + 3.0), (at - 4.5, line + 3.0)];
                c.fill(&p, Ink::Series(2), 1.0);
            }
            MarkKind::Hard => c.rect(at - 1.5, line - 7.0, 3.0, 12.0, Ink::Series(1), 1.0),
            MarkKind::Soft => {
                c.line((at, line - 7.0), (at, line + 5.0), Ink::Series(1), 2.0, "2 2");
            }
        });
    }
    // Deadlines get their names first: there are few, and they bind.
    let order = [MarkKind::Hard, MarkKind::Soft, MarkKind::Round];
    for of in order {
        for m in marks.iter().filter(|m| m.kind == of) {
            let Some(n) = day::number(&m.day).filter(|n| x.holds(*n)) else { continue };
            let at = x.at(n);
            let ink = if of == MarkKind::Round { Ink::Series(2) } else { Ink::Series(1) };
            let short = super::text::truncate(&m.label, 11.0, 120.0);
            let places = [
                (at, line + 18.0, Anchor::Middle),
                (at - 4.0, line + 18.0, Anchor::Start),
                (at + 4.0, line + 18.0, Anchor::End),
                (at, line + 31.0, Anchor::Middle),
                (at - 4.0, line + 31.0, Anchor::Start),
                (at + 4.0, line + 31.0, Anchor::End),
            ];
            c.place_free(&places, Style::new(11.0, ink), &short, &m.label);
        }
    }
}

/// Entries of the record as ticks at the foot of the history, and the latest of them by name.
fn entries(
    d: &Agreement,
    c: &mut Canvas,
    x: &Time,
    (over, under): (f64, f64),
    history: &[(f64, f64, f64, f64)],
    y: &Scale,
) {
    let all: Vec<_> = d
        .entries
        .iter()
        .filter_map(|e| day::number(&e.day).filter(|n| x.holds(*n)).map(|n| (x.at(n), e)))
        .collect();
    for (at, e) in all.iter().take(40) {
        let text = if e.text.is_empty() { &e.label } else { &e.text };
        let title = format!("{}: {text}", day::spoken(&e.day));
        c.mark(&title, |c| c.line((*at, under - 7.0), (*at, under), Ink::Text, 1.5, ""));
    }
    if c.narrow() {
        return;
    }
    for (at, e) in all.iter().rev() {
        // The label hangs over the history where it stood that day, or under it.
        let near = history.iter().rfind(|h| x.at(h.0) <= *at + 0.5);
        let Some(h) = near.or(history.first()) else { break };
        let short = super::text::truncate(&e.label, 11.0, 150.0);
        let level = y.at(h.3);
        let below = y.at(h.2);
        let mut spots = Vec::new();
        for k in 0..4 {
            let dy = 14.0 * f64::from(k);
            spots.push((*at, level - 10.0 - dy, Anchor::Middle));
            spots.push((*at - 3.0, level - 10.0 - dy, Anchor::Start));
            spots.push((*at + 3.0, level - 10.0 - dy, Anchor::End));
            spots.push((*at, below + 18.0 + dy, Anchor::Middle));
            spots.push((*at + 3.0, below + 18.0 + dy, Anchor::End));
        }
        spots.retain(|s| s.1 > over + 8.0 && s.1 < under - 12.0);
        c.place_free(&spots, Style::new(11.0, Ink::Text), &short, &e.label);
    }
}
