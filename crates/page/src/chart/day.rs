//! Days as numbers, for the axis of time.

use jiff::SignedDuration;
use jiff::civil::Date;

use crate::text::MONTHS;

/// The first day that is counted from.
const EPOCH: Date = Date::constant(1970, 1, 1);

/// Days from 1970-01-01 of an ISO date; `None` for what is no date.
pub(crate) fn number(iso: &str) -> Option<f64> {
    let date: Date = iso.trim().get(..10)?.parse().ok()?;
    Some(since_epoch(date) as f64)
}

fn since_epoch(date: Date) -> i64 {
    EPOCH.duration_until(date).as_hours() / 24
}

/// Days from 1970-01-01 of a day; 0 for one that is beyond the calendar.
pub(crate) fn from_civil(y: i64, m: i64, d: i64) -> i64 {
    let parts = (i16::try_from(y), i8::try_from(m), i8::try_from(d));
    let (Ok(y), Ok(m), Ok(d)) = parts else { return 0 };
    Date::new(y, m, d).map_or(0, since_epoch)
}

/// The year, month and day of a day number.
pub(crate) fn civil(n: i64) -> (i64, i64, i64) {
    let date = EPOCH.saturating_add(SignedDuration::from_hours(24 * n));
    (date.year().into(), date.month().into(), date.day().into())
}

fn month(m: i64) -> &'static str {
    usize::try_from(m - 1).ok().and_then(|k| MONTHS.get(k)).copied().unwrap_or("")
}

/// "30 June", or what was given if it is no date.
pub(crate) fn spoken(iso: &str) -> String {
    match number(iso) {
        Some(n) => {
            let (_, m, d) = civil(n as i64);
            format!("{d}\u{a0}{}", month(m))
        }
        None => iso.to_owned(),
    }
}

/// "30 June 2025", or what was given if it is no date.
pub(crate) fn spoken_in_full(iso: &str) -> String {
    match number(iso) {
        Some(n) => format!("{} {}", spoken(iso), civil(n as i64).0),
        None => iso.to_owned(),
    }
}

/// "30 Jun".
pub(crate) fn brief(n: f64) -> String {
    let (_, m, d) = civil(n as i64);
    format!("{d}\u{a0}{}", month(m).get(..3).unwrap_or(""))
}

/// Ticks of an axis of time from `lo` to `hi`: Mondays, first days of months, quarters or years,
/// whichever gives at most `most` of them; the label names the year where it changes.
pub(crate) fn ticks(lo: f64, hi: f64, most: usize) -> Vec<(f64, String)> {
    let most = most.max(2);
    let (first, last) = (lo.ceil() as i64, hi.floor() as i64);
    for weeks in [1, 2] {
        // 1970-01-05 was a Monday.
        let days: Vec<i64> = (first..=last.min(first + 7 * 40))
            .filter(|n| (n - 4).rem_euclid(7 * weeks) == 0)
            .collect();
        if last - first <= 7 * 10 && days.len() <= most && days.len() >= 2 {
            return days.into_iter().map(|n| (n as f64, brief(n as f64))).collect();
        }
    }
    let (y0, y1) = (civil(first).0, civil(last).0);
    for step in [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12_000] {
        let mut out = Vec::new();
        let mut k = y0 * 12 - (y0 * 12).rem_euclid(step);
        while k <= y1 * 12 + 11 && out.len() <= most {
            let (y, m) = (k.div_euclid(12), k.rem_euclid(12) + 1);
            let n = from_civil(y, m, 1);
            if (first..=last).contains(&n) {
                let label = if step >= 12 || m == 1 {
                    y.to_string()
                } else {
                    month(m).get(..3).unwrap_or("").to_owned()
                };
                out.push((n as f64, label));
            }
            k += step;
        }
        if out.len() <= most {
            return out;
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_as_the_calendar_does() {
        assert_eq!(number("1970-01-01"), Some(0.0));
        // 30 years of 365 days and the leap days of 1972 to 1996.
        assert_eq!(number("2000-01-01"), Some(30.0 * 365.0 + 7.0));
        assert_eq!(number("2000-03-01"), Some(30.0 * 365.0 + 7.0 + 60.0));
        assert_eq!(number("2025-02-29"), None);
        assert_eq!(number("2024-02-29").map(|n| civil(n as i64)), Some((2024, 2, 29)));
        assert_eq!(number("soon"), None);
        assert_eq!(number("٢٠٢٥-٠١-٠١"), None);
    }

    #[test]
    fn ticks_fall_on_the_first_of_a_month_or_on_mondays() {
        let at = |iso: &str| number(iso).unwrap();
        for (lo, hi) in [("2025-04-01", "2025-12-31"), ("2024-11-20", "2027-03-02")] {
            let all = ticks(at(lo), at(hi), 6);
            assert!(all.len() >= 2 && all.len() <= 6, "{all:?}");
            assert!(all.iter().all(|t| civil(t.0 as i64).2 == 1), "{all:?}");
        }
        let weeks = ticks(at("2025-04-01"), at("2025-04-30"), 6);
        assert_eq!(
            weeks.iter().map(|t| t.1.as_str()).collect::<Vec<_>>(),
            ["7\u{a0}Apr", "14\u{a0}Apr", "21\u{a0}Apr", "28\u{a0}Apr"]
        );
    }
}
