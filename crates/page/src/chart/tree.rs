//! Who blocks: the actors of each side by how often each stands in the way.

use super::canvas::{Canvas, Ink, Style};
use super::data::{Leaf, Tree};
use super::figure::{Drawing, Figure, FigureTable};
use super::text::{name, percent, width};

/// The sides and their actors as a tree whose dots grow with how often each actor blocks; beside
/// each, how often it blocks and how often it holds the zone open.
pub fn tree(d: &Tree) -> Figure {
    let mut d = d.clone();
    for side in &mut d.sides {
        let by = |a: &Leaf, b: &Leaf| {
            let of = |k: usize| b.shares[k].total_cmp(&a.shares[k]);
            of(0).then(of(1))
        };
        side.actors.sort_by(by);
    }
    let mut all: Vec<_> =
        d.sides.iter().flat_map(|s| s.actors.iter().map(move |a| (a, s))).collect();
    all.sort_by(|a, b| b.0.shares[0].total_cmp(&a.0.shares[0]));
    let title = match all.first() {
        None => "No actors to show".to_owned(),
        Some((a, _)) if a.shares[0].is_nan() || a.shares[0] < 0.005 => {
            "No actor blocks alone in as much as 1 in 200 draws".to_owned()
        }
        Some((a, s)) => format!(
            "Who blocks most often: {} ({}), in {} of draws",
            name(&a.name),
            name(&s.name),
            percent(a.shares[0])
        ),
    };
    let most: Vec<String> = all
        .iter()
        .take(3)
        .map(|(a, s)| format!("{} ({}) {}", name(&a.name), name(&s.name), percent(a.shares[0])))
        .collect();
    let summary = if most.is_empty() {
        "There are no actors to draw.".to_owned()
    } else {
        format!("Who blocks most often, in share of draws: {}.", most.join(", "))
    };
    let mut table = FigureTable::new(&["Side", "Actor", "Role", "Blocks", "Holds open"]);
    for s in &d.sides {
        for a in &s.actors {
            table.row(vec![
                s.name.clone(),
                a.name.clone(),
                a.role.clone(),
                percent(a.shares[0]),
                percent(a.shares[1]),
            ]);
        }
    }
    Figure {
        id: d.id.clone(),
        title,
        subtitle: "Share of draws. Blocks: there is no zone of agreement, but one if the actor \
                   accepted anything. Holds open: there is a zone, but none without it"
            .to_owned(),
        source: d.source.clone(),
        summary,
        table,
        drawing: Drawing::Tree(d),
    }
}

/// Heights of an actor's row: of few actors, and of many, which share a page with their head and text.
const ROWS: (f64, f64) = (26.0, 18.0);
/// So many actors have the lower rows.
const MANY: usize = 16;
const HEAD: f64 = 34.0;

pub(crate) fn draw(d: &Tree, c: &mut Canvas) {
    let rows: usize = d.sides.iter().map(|s| s.actors.len()).sum();
    if d.sides.is_empty() {
        c.begin(40.0);
        c.text(0.0, 24.0, Style::label(Ink::Muted), "No actors to draw");
        return;
    }
    let row = if rows < MANY { ROWS.0 } else { ROWS.1 };
    c.begin(24.0 + HEAD * d.sides.len() as f64 + row * rows as f64 + 8.0);
    let narrow = c.narrow();
    // Two columns of bars on the right, each on a scale of its own ending at the same share.
    let shares = d.sides.iter().flat_map(|s| s.actors.iter().flat_map(|a| a.shares));
    let top = super::scale::top(shares.filter(|x| x.is_finite()).fold(0.0, f64::max));
    let names = d.sides.iter().flat_map(|s| s.actors.iter().map(|a| width(&a.name, 12.0)));
    let column = 64.0 + names.fold(60.0, f64::max).min(0.3 * c.w);
    let bars = if narrow { (c.w - column) / 2.0 } else { (c.w - 300.0).clamp(120.0, 700.0) / 2.0 };
    let gap = if narrow { 6.0 } else { 24.0 };
    let (block, walk) = (c.w - 2.0 * bars - gap, c.w - bars);
    let head = Style::axis().bold();
    c.text(block, 14.0, head, "Blocks");
    c.text(walk, 14.0, head, if narrow { "Holds" } else { "Holds open" });
    let mut y = 24.0;
    for (k, s) in d.sides.iter().enumerate() {
        let ink = Ink::Series(k);
        c.line((0.0, y), (c.w, y), Ink::Line, 1.0, "");
        c.rect(0.0, y + 11.0, 10.0, 10.0, ink, 1.0);
        c.cut(18.0, y + 21.0, Style::new(13.0, ink).bold(), &s.name, c.w - 24.0);
        let (mut from, mut twigs) = (y + 21.0, Vec::new());
        y += HEAD;
        for a in &s.actors {
            let mid = y + row / 2.0 - 4.0;
            let share = if a.shares[0].is_finite() { a.shares[0].clamp(0.0, 1.0) } else { 0.0 };
            twigs.push(((5.0, from), (5.0, mid)));
            twigs.push(((5.0, mid), (18.0, mid)));
            from = mid;
            let title = format!(
                "{} ({}): blocks in {} of draws, holds the zone open in {}",
                a.name,
                s.name,
                percent(a.shares[0]),
                percent(a.shares[1])
            );
            // Area, not radius, grows with the share.
            let r = 2.5 + (row / 2.0 - 4.5) * (share / top).clamp(0.0, 1.0).sqrt();
            c.mark(&title, |c| c.dot(26.0, mid, r, ink, true));
            let left = 42.0;
            let room = block - left - 8.0;
            let label = Style::label(Ink::Text);
            let long = width(&a.name, 12.0);
            c.trim(left, mid + 4.0, label, &a.name, room);
            let rest = room - long - 8.0;
            if !a.role.is_empty() && rest > 40.0 && !narrow {
                c.trim(left + long + 8.0, mid + 4.0, Style::axis(), &a.role, rest);
            }
            for (at, v, full) in [(block, a.shares[0], true), (walk, a.shares[1], false)] {
                let text = percent(v);
                let space = bars - 34.0;
                let v = if v.is_finite() { v.clamp(0.0, 1.0) } else { 0.0 };
                let long = space * (v / top).clamp(0.0, 1.0);
                c.rect(at, mid - 5.0, long.max(1.0), 10.0, ink, if full { 1.0 } else { 0.5 });
                c.text(at + long.max(1.0) + 4.0, mid + 4.0, Style::new(11.0, Ink::Text), &text);
            }
            y += row;
        }
        c.strokes(&twigs, Ink::Muted);
    }
}
