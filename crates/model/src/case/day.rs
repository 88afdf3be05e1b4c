//! Days, counted.

use jiff::civil::Date;

/// A calendar day, as the number of days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

const EPOCH: Date = Date::constant(1970, 1, 1);

impl Day {
    /// The day of a civil date.
    pub fn from_date(date: Date) -> Self {
        // Both dates lie within ±9999 years, so the span in days always exists and fits.
        Self(EPOCH.until(date).map_or(0, |span| span.get_days()))
    }

    /// Reads `2025-04-22`.
    ///
    /// # Errors
    /// `None` if the text is not such a date.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<Date>().ok().filter(|_| text.len() == 10).map(Self::from_date)
    }

    /// The civil date, if it lies within the years jiff knows.
    pub fn date(self) -> Option<Date> {
        EPOCH.checked_add(jiff::Span::new().try_days(self.0).ok()?).ok()
    }

    /// The day `days` later.
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// How many days after `earlier` this is.
    pub fn since(self, earlier: Self) -> i32 {
        self.0.saturating_sub(earlier.0)
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.date() {
            Some(date) => write!(f, "{date}"),
            None => write!(f, "day {}", self.0),
        }
    }
}

impl serde::Serialize for Day {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_count_through_leap_years() {
        let day = |t| Day::parse(t).unwrap();
        assert_eq!(day("1970-01-01").0, 0);
        assert_eq!(day("2025-04-22").since(day("2024-04-22")), 365);
        assert_eq!(day("2024-12-31").since(day("2024-01-01")), 365);
        assert_eq!(day("2025-04-22").plus(69).to_string(), "2025-06-30");
        assert_eq!(Day::parse("2025-02-29"), None);
        assert_eq!(Day::parse("22 April"), None);
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Day {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date" })
    }
}
