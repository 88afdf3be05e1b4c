//! Numbers as people write them: `35`, `"20..50"`, `"20..35..50 @r05 @j-cost"`, `"gamma(1.5, 7.3)"`.

use winset_model::uncertain::{Dist, DistError};

use super::tree::{TomlNode, Value};

/// A number that was read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NumberText {
    pub(crate) value: NumberValue,
    pub(crate) rests_on: Vec<String>,
}

/// What was written for it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum NumberValue {
    Dist(Dist),
    /// `"record"`: what the record says.
    Record,
}

/// Why it is not a number: what is wrong, and how to write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotANumber {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) hint: String,
}

/// How to write a number.
pub(super) const HOW: &str = "write a number, \"lo..hi\", \"lo..mode..hi\", or normal(mean, sd), beta(a, b), \
                   gamma(shape, rate), pert(lo, mode, hi)";

pub(crate) fn parse(text: &str) -> Result<NumberText, NotANumber> {
    let wrong = |message: String| NotANumber { code: "number", message, hint: HOW.to_owned() };
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let mut rests_on = Vec::new();
    while let Some(reference) = words.last().and_then(|w| w.strip_prefix('@')) {
        rests_on.insert(0, reference.to_owned());
        words.pop();
    }
    let body = words.join(" ");
    if body == "record" {
        return Ok(NumberText { value: NumberValue::Record, rests_on });
    }
    let number = |t: &str| {
        let t = t.trim();
        // `0...10` would else be read as 0 to .10.
        let whole = !t.starts_with('.') && !t.ends_with('.');
        t.parse::<f64>()
            .ok()
            .filter(|x| x.is_finite() && whole)
            .ok_or_else(|| wrong(format!("`{}` is not a number", t.trim())))
    };
    let dist = if let Some((name, rest)) = body.split_once('(') {
        let inside = rest
            .strip_suffix(')')
            .ok_or_else(|| wrong(format!("`{body}` has no closing parenthesis")))?;
        let args = inside.split(',').map(number).collect::<Result<Vec<f64>, _>>()?;
        match (name.trim(), args.as_slice()) {
            ("normal", [mean, sd]) => Dist::Normal(*mean, *sd),
            ("beta", [a, b]) => Dist::Beta(*a, *b),
            ("gamma", [shape, rate]) => Dist::Gamma(*shape, *rate),
            ("pert", [lo, mode, hi]) => Dist::Pert(*lo, *mode, *hi),
            (name @ ("normal" | "beta" | "gamma" | "pert"), args) => {
                return Err(wrong(format!("`{name}` does not take {} numbers", args.len())));
            }
            (name, _) => return Err(wrong(format!("`{name}` is not a distribution"))),
        }
    } else {
        match body.split("..").map(number).collect::<Result<Vec<f64>, _>>()?.as_slice() {
            [x] => Dist::Point(*x),
            [lo, hi] => Dist::Uniform(*lo, *hi),
            [lo, mode, hi] => Dist::TwoPiece(*lo, *mode, *hi),
            more => {
                return Err(wrong(format!("a range has two or three numbers, not {}", more.len())));
            }
        }
    };
    if let Dist::Beta(a, b) | Dist::Gamma(a, b) = dist {
        let shapes = if matches!(dist, Dist::Beta(..)) { vec![a, b] } else { vec![a] };
        // Beyond these a quantile takes thousands of steps, and the draw is at one end for certain.
        if let Some(shape) = shapes.into_iter().find(|x| *x > 0.0 && !(1e-3..=1e6).contains(x)) {
            return Err(wrong(format!(
                "`{body}`: a shape is from 0.001 to 1000000, not {shape:e}"
            )));
        }
    }
    match dist.check() {
        Ok(()) => Ok(NumberText { value: NumberValue::Dist(dist), rests_on }),
        Err(DistError::UpsideDown) => Err(NotANumber {
            code: "range",
            message: format!("`{body}` is upside down"),
            hint: "write the smallest number first, then the mode, then the largest".to_owned(),
        }),
        Err(DistError::NotPositive) => {
            Err(wrong(format!("`{body}` needs a spread, shape and rate above zero")))
        }
        Err(DistError::NotFinite) => Err(wrong(format!("`{body}` is not finite"))),
    }
}

/// The scale of a number of points: to 100, or without an end where more than that is written.
pub(super) fn points_scale(node: Option<&TomlNode>) -> (f64, f64) {
    let most = match node.map(|n| &n.value) {
        Some(Value::Number(x)) => *x,
        Some(Value::Text(text)) => match parse(text).map(|n| n.value) {
            Ok(NumberValue::Dist(dist)) => dist.written_bounds().1,
            _ => 0.0,
        },
        _ => 0.0,
    };
    (0.0, if most > 100.0 { f64::INFINITY } else { 100.0 })
}

/// The distribution a text says, if it says one.
pub(super) fn dist(text: &str) -> Option<Dist> {
    match parse(text).ok()?.value {
        NumberValue::Dist(dist) => Some(dist),
        NumberValue::Record => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_that_no_quantile_is_found_for_are_refused() {
        for text in ["beta(1e-300, 1e300)", "beta(2, 1e7)", "gamma(1e-9, 1)"] {
            assert!(parse(text).err().is_some_and(|e| e.message.contains("0.001")), "{text}");
        }
        assert!(parse("beta(0.5, 900)").is_ok() && parse("gamma(3, 1e-9)").is_ok());
    }

    fn dist(text: &str) -> Dist {
        match parse(text).unwrap().value {
            NumberValue::Dist(d) => d,
            NumberValue::Record => panic!("{text} is a record"),
        }
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        assert_eq!(dist("35"), Dist::Point(35.0));
        assert_eq!(dist("20..50"), Dist::Uniform(20.0, 50.0));
        assert_eq!(dist(" 0.2..0.5..1.5 "), Dist::TwoPiece(0.2, 0.5, 1.5));
        assert_eq!(dist("gamma(1.5, 7.3)"), Dist::Gamma(1.5, 7.3));
        assert_eq!(dist("-5..5"), Dist::Uniform(-5.0, 5.0));
        let n = parse("20..35..50 @r05 @j-cost").unwrap();
        assert_eq!(n.rests_on, ["r05", "j-cost"]);
        assert_eq!(parse("record @r02").unwrap().value, NumberValue::Record);
    }

    #[test]
    fn what_is_no_number_says_why() {
        let why = |t| parse(t).unwrap_err().message;
        assert_eq!(why("50..20"), "`50..20` is upside down");
        assert_eq!(why("20..60..50"), "`20..60..50` is upside down");
        assert_eq!(why("0...10"), "`.10` is not a number");
        assert_eq!(why("a lot"), "`a lot` is not a number");
        assert_eq!(why("1..2..3..4"), "a range has two or three numbers, not 4");
        assert_eq!(why("normal(3)"), "`normal` does not take 1 numbers");
        assert_eq!(why("cauchy(0, 1)"), "`cauchy` is not a distribution");
        assert_eq!(why("normal(3, 0)"), "`normal(3, 0)` needs a spread, shape and rate above zero");
        assert_eq!(why("1e999"), "`1e999` is not a number");
    }
}
