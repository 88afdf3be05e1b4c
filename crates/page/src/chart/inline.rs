//! Small charts that stand in a line of text or a cell of a table.

use std::fmt::Write;

use super::text::escape;

/// A line of values in 0..1 as an inline drawing of 80 by 18 px, its last value a dot; `title` is
/// its text alternative. Values that are not finite are left out.
pub fn sparkline(values: &[f64], title: &str) -> String {
    let shown: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    let most = shown.iter().copied().fold(0.0, f64::max);
    let top = super::scale::top(most);
    let mut d = String::new();
    let (mut x, mut y) = (3.0, 15.0);
    for (k, v) in shown.iter().enumerate() {
        x = 3.0 + 74.0 * k as f64 / (shown.len() - 1).max(1) as f64;
        y = 15.0 - 12.0 * (v / top).clamp(0.0, 1.0);
        let _ = write!(d, "{}{x:.1} {y:.1}", if k == 0 { 'M' } else { 'L' });
    }
    let line = if shown.is_empty() {
        String::new()
    } else {
        format!(
            "<path d=\"{d}\" fill=\"none\" stroke=\"var(--accent)\" stroke-width=\"1.5\"/>\
             <circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.5\" fill=\"var(--accent)\"/>"
        )
    };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"inline-chart\" viewBox=\"0 0 80 18\" \
         width=\"80\" height=\"18\" role=\"img\"><title>{}</title>\
         <path d=\"M0 15.5H80\" stroke=\"var(--line)\"/>{line}</svg>",
        escape(title)
    )
}

/// A share in 0..1 as a bar of 80 by 10 px, with a whisker from `lo` to `hi` if they are given;
/// `title` is its text alternative.
pub fn bar(share: f64, band: Option<(f64, f64)>, title: &str) -> String {
    let px = |v: f64| if v.is_finite() { 80.0 * v.clamp(0.0, 1.0) } else { 0.0 };
    let whisker = match band {
        Some((lo, hi)) => format!(
            "<path d=\"M{:.1} 5H{:.1}\" stroke=\"var(--ink)\" stroke-width=\"1.5\"/>",
            px(lo.min(hi)),
            px(hi.max(lo))
        ),
        None => String::new(),
    };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"inline-chart\" viewBox=\"0 0 80 10\" \
         width=\"80\" height=\"10\" role=\"img\"><title>{}</title>\
         <rect y=\"1\" width=\"80\" height=\"8\" fill=\"var(--panel)\"/>\
         <rect y=\"1\" width=\"{:.1}\" height=\"8\" fill=\"var(--accent)\"/>{whisker}</svg>",
        escape(title),
        px(share)
    )
}
