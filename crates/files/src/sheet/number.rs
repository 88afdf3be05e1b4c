//! Numbers as spreadsheets print them: a decimal point or comma, thousands set apart, per cent signs.
//! A table has one decimal mark, and what could be read in two ways is not read.

/// What stands before the fraction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecimalMark {
    /// `10.5`
    Point,
    /// `10,5`
    Comma,
}

impl DecimalMark {
    fn char(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }

    fn other(self) -> Self {
        match self {
            Self::Point => Self::Comma,
            Self::Comma => Self::Point,
        }
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Point => "decimal point",
            Self::Comma => "decimal comma",
        }
    }
}

/// Why a cell is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberFault {
    /// It is something else.
    NoNumber,
    /// `1,000` may be a thousand or one, and nothing in the table says which.
    Ambiguous,
}

/// What the marks in a cell can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NumberShape {
    Plain,
    Decimal(DecimalMark),
    Thousands(DecimalMark),
    Either(DecimalMark),
}

/// A cell without sign of per cent, with plain spaces and minus.
fn bare(cell: &str) -> String {
    let cell = cell.trim().trim_end_matches('%').trim();
    let plain = |c: char| match c {
        '\u{2212}' => '-',
        '\u{a0}' | '\u{202f}' | '\u{2009}' => ' ',
        '\u{2019}' => '\'',
        c => c,
    };
    cell.chars().map(plain).collect()
}

/// Whether groups of digits are those of a number with its thousands set apart.
fn grouped<'t>(groups: impl Iterator<Item = &'t str>) -> bool {
    groups.enumerate().all(|(k, group)| {
        let digits = group.bytes().all(|b| b.is_ascii_digit());
        digits && if k == 0 { (1..=3).contains(&group.len()) } else { group.len() == 3 }
    })
}

/// The digits of a cell and what its marks can mean; `None` if it is no number at all.
fn shape(cell: &str) -> Option<(String, NumberShape)> {
    let text = bare(cell);
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(&text);
    let (mut mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(k) => unsigned.split_at(k),
        None => (unsigned, ""),
    };
    let sign = if text.starts_with('-') { "-" } else { "" };
    let joined;
    for space in [' ', '\''] {
        if mantissa.contains(space) {
            let whole = mantissa.split(['.', ',']).next().unwrap_or("");
            if !grouped(whole.split(space)) || mantissa[whole.len()..].contains([' ', '\'']) {
                return None;
            }
            joined = mantissa.replace(space, "");
            mantissa = &joined;
            break;
        }
    }
    if !mantissa.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
        || !mantissa.bytes().any(|b| b.is_ascii_digit())
    {
        return None;
    }
    let shape = match (mantissa.matches('.').count(), mantissa.matches(',').count()) {
        (0, 0) => NumberShape::Plain,
        (1, 0) => one(mantissa, DecimalMark::Point, exponent)?,
        (0, 1) => one(mantissa, DecimalMark::Comma, exponent)?,
        (0, _) if grouped(mantissa.split(',')) => NumberShape::Thousands(DecimalMark::Comma),
        (_, 0) if grouped(mantissa.split('.')) => NumberShape::Thousands(DecimalMark::Point),
        (points, commas) if points.min(commas) >= 1 => {
            let last = mantissa.rfind(['.', ','])?;
            let mark = if mantissa[last..].starts_with('.') {
                DecimalMark::Point
            } else {
                DecimalMark::Comma
            };
            let (whole, fraction) = mantissa.split_at(last);
            let digits = fraction[1..].bytes().all(|b| b.is_ascii_digit());
            if !digits || !grouped(whole.split(mark.other().char())) {
                return None;
            }
            NumberShape::Decimal(mark)
        }
        _ => return None,
    };
    Some((format!("{sign}{mantissa}{exponent}"), shape))
}

/// What the only mark of a number can mean.
fn one(mantissa: &str, mark: DecimalMark, exponent: &str) -> Option<NumberShape> {
    let (whole, fraction) = mantissa.split_once(mark.char())?;
    let group = fraction.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
    match (group && exponent.is_empty(), fraction.is_empty()) {
        (true, _) => Some(NumberShape::Either(mark)),
        (_, true) if mark == DecimalMark::Comma => None,
        _ => Some(NumberShape::Decimal(mark)),
    }
}

/// The decimal mark that a cell proves its table to have; `None` if it proves nothing.
pub fn proof(cell: &str) -> Option<DecimalMark> {
    match shape(cell)?.1 {
        NumberShape::Decimal(mark) => Some(mark),
        NumberShape::Thousands(mark) => Some(mark.other()),
        NumberShape::Plain | NumberShape::Either(_) => None,
    }
}

/// A finite number, by the decimal mark of its table. Without one a point that may be either is a
/// decimal point where `commas` delimit, as programs write it.
///
/// # Errors
/// [`NumberFault`], also where a cell has the other mark.
pub fn number(cell: &str, mark: Option<DecimalMark>, commas: bool) -> Result<f64, NumberFault> {
    let (text, shape) = shape(cell).ok_or(NumberFault::NoNumber)?;
    let assumed = mark
        .or((commas && shape == NumberShape::Either(DecimalMark::Point))
            .then_some(DecimalMark::Point));
    let decimal = match (shape, assumed) {
        (NumberShape::Plain, _) => None,
        (NumberShape::Decimal(own), Some(mark)) if own != mark => {
            return Err(NumberFault::NoNumber);
        }
        (NumberShape::Decimal(own), _) => Some(own),
        (NumberShape::Thousands(own), _) => Some(own.other()),
        (NumberShape::Either(_), Some(mark)) => Some(mark),
        (NumberShape::Either(_), None) => return Err(NumberFault::Ambiguous),
    };
    let text = match decimal {
        Some(mark) => text.replace(mark.other().char(), "").replace(mark.char(), "."),
        None => text,
    };
    text.parse::<f64>().ok().filter(|x| x.is_finite()).ok_or(NumberFault::NoNumber)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_mean_what_the_table_says() {
        use DecimalMark::{Comma, Point};
        for (cell, mark, want) in [
            ("35", None, Ok(35.0)),
            (" 80 % ", None, Ok(80.0)),
            ("10,5", None, Ok(10.5)),
            ("10.5", Some(Point), Ok(10.5)),
            ("1,000", Some(Point), Ok(1000.0)),
            ("1,000", Some(Comma), Ok(1.0)),
            ("1.000", Some(Comma), Ok(1000.0)),
            ("1,000", None, Err(NumberFault::Ambiguous)),
            ("1.234.567", None, Ok(1_234_567.0)),
            ("1.234,5", None, Ok(1234.5)),
            ("1,234.5", Some(Comma), Err(NumberFault::NoNumber)),
            ("1 234,5", None, Ok(1234.5)),
            ("1'000", None, Ok(1000.0)),
            ("\u{2212}3.25", None, Ok(-3.25)),
            ("0,125", None, Ok(0.125)),
            (".08", None, Ok(0.08)),
            ("9e9", None, Ok(9e9)),
            ("1e400", None, Err(NumberFault::NoNumber)),
            ("1,00,0", None, Err(NumberFault::NoNumber)),
            ("12 34", None, Err(NumberFault::NoNumber)),
            ("far", None, Err(NumberFault::NoNumber)),
            ("", None, Err(NumberFault::NoNumber)),
            ("inf", None, Err(NumberFault::NoNumber)),
            ("3,", None, Err(NumberFault::NoNumber)),
        ] {
            assert_eq!(number(cell, mark, false), want, "{cell} {mark:?}");
        }
        assert_eq!(number("12.375", None, true), Ok(12.375));
        assert_eq!(number("12.375", None, false), Err(NumberFault::Ambiguous));
        assert_eq!(proof("1,234.5"), Some(Point));
        assert_eq!(proof("1.234.567"), Some(Comma));
        assert_eq!(proof("1,000"), None);
    }
}
