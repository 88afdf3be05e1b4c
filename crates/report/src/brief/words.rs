//! Numbers, names and dates as the brief writes them.

use crate::moved::with_error;
use winset_page::text::{pc, signed, spoken};

/// A change in percentage points: `−4.2 points`.
pub(super) fn change(p: f64) -> String {
    format!("{} points", signed(p))
}

/// `raises P by 4.2 ± 0.3 points to 35 %`.
pub(super) fn moves_to((effect, error): (f64, f64), p: f64) -> String {
    let size = with_error(effect.abs(), error);
    let size = size.trim_start_matches('+');
    match (1000.0 * effect).round() {
        0.0 => format!("leaves P at {}", pc(p)),
        x if x > 0.0 => format!("raises P by {size} points to {}", pc(p)),
        _ => format!("lowers P by {size} points to {}", pc(p)),
    }
}

/// A date of the record as people say it: `by 12 April 2025`, `about 18 April 2025`, `March 2025`.
pub(super) fn said(written: &str) -> String {
    let bare = written.trim_end_matches(['~', '?', '%']);
    let one = |text: &str| match text.split('-').count() {
        // A month stands as its first day without the day.
        2 => spoken(&format!("{text}-01"))
            .split_once(' ')
            .map_or(text.to_owned(), |d| d.1.to_owned()),
        _ => spoken(text),
    };
    let text = match bare.split_once('/') {
        Some((".." | "", end)) => format!("by {}", one(end)),
        Some((start, end)) => format!("{} to {}", one(start), one(end)),
        None => one(bare),
    };
    if bare.len() < written.len() { format!("about {text}") } else { text }
}
