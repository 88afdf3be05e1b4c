//! Steps in the calendar: weeks begin on Monday.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

/// The day so many days later; the last there is beyond the calendar's end.
pub(super) fn plus(day: Date, days: i64) -> Date {
    day.saturating_add(days.days())
}

/// The month so many months later, as its first day.
pub(super) fn month(day: Date, months: i64) -> Date {
    day.first_of_month().saturating_add(months.months())
}

/// The Monday of its week.
pub(super) fn monday(day: Date) -> Date {
    plus(day, -i64::from(day.weekday().to_monday_zero_offset()))
}

/// A day of the week in the week of a day.
pub(super) fn in_week(day: Date, weekday: Weekday) -> Date {
    plus(monday(day), i64::from(weekday.to_monday_zero_offset()))
}

/// The last such day of the week up to a day.
pub(super) fn latest(day: Date, weekday: Weekday) -> Date {
    plus(day, -i64::from(weekday.until(day.weekday())))
}

/// The first such day of the week after a day.
pub(super) fn after(day: Date, weekday: Weekday) -> Date {
    let days = i64::from(day.weekday().until(weekday));
    plus(day, if days == 0 { 7 } else { days })
}

/// Whether a day lies in a weekend.
pub(super) fn is_weekend(day: Date) -> bool {
    day.weekday().to_monday_zero_offset() >= 5
}

/// Of a day and a month without a year, the one nearest to a day.
pub(super) fn nearest(day: Date, month: i8, of_month: i8) -> Option<Date> {
    let years = [day.year() - 1, day.year(), day.year() + 1];
    let dates = years.iter().filter_map(|year| Date::new(*year, month, of_month).ok());
    dates.min_by_key(|date| (i64::from(date.since(day).map_or(i32::MAX, |s| s.get_days()))).abs())
}

/// A month without a year: the last that has begun by a day.
pub(super) fn begun(day: Date, month: i8) -> Option<Date> {
    let year = if month > day.month() { day.year() - 1 } else { day.year() };
    Date::new(year, month, 1).ok()
}
