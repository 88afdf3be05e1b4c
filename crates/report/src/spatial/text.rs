//! Position models as text: 80 columns, no colour.

use std::fmt::Write;

/// One issue with what every model says of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Issue {
    /// The issue's name.
    pub name: String,
    /// Lower and upper end of the scale.
    pub scale: [f64; 2],
    /// Where it stays without a decision.
    pub reference_point: Option<f64>,
    /// Where a case's own forecast puts the terms.
    pub terms: Option<f64>,
    /// How many actors hold a position.
    pub actors: usize,
    /// One row a model.
    pub rows: Vec<Row>,
    /// Who moved whom, by model.
    pub moves: Vec<(String, Vec<Step>)>,
    /// Whose shift moves the forecast of the model named.
    pub levers: Option<(String, Vec<Lever>)>,
}

/// What one model says.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The model's id.
    pub model: String,
    /// The forecast.
    pub point: f64,
    /// The 10 % and 90 % quantiles.
    pub interval: [f64; 2],
    /// Mean absolute error measured on real decisions.
    pub mae: Option<f64>,
    /// CRPS measured on real decisions.
    pub crps: Option<f64>,
}

/// One step of one actor.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Round, from 1.
    pub round: usize,
    /// Who moved.
    pub actor: String,
    /// For whom.
    pub rival: String,
    /// `conflict`, `compromise` or `capitulation`.
    pub kind: String,
    /// From where.
    pub from: f64,
    /// To where.
    pub to: f64,
}

/// What one actor's shift would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Lever {
    /// Who.
    pub actor: String,
    /// Where it stands.
    pub from: f64,
    /// Where it would stand.
    pub to: f64,
    /// What that adds to the forecast.
    pub effect: f64,
}

/// How one model did on real decisions.
#[derive(Debug, Clone, PartialEq)]
pub struct Scored {
    /// The model's id.
    pub model: String,
    /// Mean absolute error.
    pub mae: f64,
    /// Root mean squared error.
    pub rmse: f64,
    /// Mean CRPS.
    pub crps: f64,
    /// Mean log score.
    pub log_score: f64,
    /// Share of outcomes in the central 80 % interval.
    pub covered: Option<f64>,
    /// CRPS minus the benchmark's: mean, lower and upper end.
    pub difference: Option<[f64; 3]>,
    /// CRPS under codecision, under consultation, with and without a known reference point.
    pub groups: [Option<f64>; 4],
}

/// A whole back-test.
#[derive(Debug, Clone, PartialEq)]
pub struct Backtest {
    /// The data and their citation.
    pub data: String,
    /// Which part of them.
    pub split: String,
    /// Issues predicted.
    pub predicted: usize,
    /// Issues scored.
    pub scored: usize,
    /// Proposals among the scored.
    pub proposals: usize,
    /// The model the differences are against.
    pub benchmark: String,
    /// One row a model.
    pub rows: Vec<Scored>,
}

const WIDTH: usize = 80;
/// Steps shown before the rest is counted.
const STEPS: usize = 12;

/// The issues as text; `measured_on` says what the accuracy was measured on.
pub fn text(issues: &[Issue], rounds: usize, measured_on: &str) -> String {
    let mut out = String::new();
    for (k, issue) in issues.iter().enumerate() {
        if k > 0 {
            out.push('\n');
        }
        one(&mut out, issue, rounds);
    }
    if issues.iter().any(|i| i.rows.iter().any(|r| r.mae.is_some())) {
        out.push('\n');
        wrap(
            &mut out,
            &format!(
                "MAE and CRPS: mean error on a scale of 0–100, measured on {measured_on}. They \
                 were measured on other decisions than this one."
            ),
        );
    }
    out
}

fn one(out: &mut String, issue: &Issue, rounds: usize) {
    let [lo, hi] = issue.scale;
    let digits = digits(hi - lo);
    let number = |x: f64| format!("{x:.digits$}");
    let plural = if rounds == 1 { "" } else { "s" };
    let mut head = format!(
        "{}: {} actors, scale {} to {}, {rounds} round{plural}",
        issue.name,
        issue.actors,
        short(lo),
        short(hi)
    );
    if let Some(r) = issue.reference_point {
        let _ = write!(head, ", reference point {}", short(r));
    }
    wrap(out, &head);
    out.push('\n');
    let _ = writeln!(
        out,
        "{:<22}{:>10}{:>22}{:>10}{:>10}",
        "model", "forecast", "10–90 %", "MAE", "CRPS"
    );
    for r in &issue.rows {
        let [a, b] = r.interval;
        // A model that claims certainty has no interval to show.
        let interval =
            if a == b { "–".to_owned() } else { format!("{} to {}", number(a), number(b)) };
        let score = |v: Option<f64>| v.map_or("–".to_owned(), |v| format!("{v:.1}"));
        let _ = writeln!(
            out,
            "{:<22}{:>10}{:>22}{:>10}{:>10}",
            cut(&r.model, 21),
            number(r.point),
            interval,
            score(r.mae),
            score(r.crps)
        );
    }
    if let Some(terms) = issue.terms {
        let _ = writeln!(out, "{:<22}{:>10}", "this case's terms", number(terms));
    }
    for (model, steps) in &issue.moves {
        let _ = writeln!(out, "\nWho moved whom ({})", cut(model, 60));
        for s in steps.iter().take(STEPS) {
            let why = match s.kind.as_str() {
                "conflict" => "loses to",
                "compromise" => "meets",
                _ => "gives in to",
            };
            let told = format!(
                "  {:>3}  {} {why} {}: {} to {}",
                s.round,
                cut(&s.actor, 22),
                cut(&s.rival, 22),
                number(s.from),
                number(s.to)
            );
            let _ = writeln!(out, "{}", cut(&told, WIDTH));
        }
        if steps.len() > STEPS {
            let _ = writeln!(out, "       and {} more", steps.len() - STEPS);
        }
    }
    if let Some((model, levers)) = &issue.levers {
        let _ = writeln!(out, "\nWhose shift moves the forecast most ({})", cut(model, 40));
        for l in levers {
            let told = format!(
                "  {}: {} to {} moves it by {:+.digits$}",
                cut(&l.actor, 30),
                number(l.from),
                number(l.to),
                l.effect
            );
            let _ = writeln!(out, "{}", cut(&told, WIDTH));
        }
    }
}

/// A back-test as text.
pub fn backtest(b: &Backtest) -> String {
    let mut out = String::new();
    wrap(
        &mut out,
        &format!(
            "{}. Split {}: {} issues predicted, {} scored (an outcome and three actors), {} \
             proposals.",
            b.data, b.split, b.predicted, b.scored, b.proposals
        ),
    );
    if b.rows.is_empty() {
        out.push_str("\nNo outcome is known here: nothing is scored.\n");
        return out;
    }
    let _ = writeln!(
        out,
        "\n{:<20}{:>7}{:>7}{:>7}{:>7}{:>8}{:>24}",
        "model", "MAE", "RMSE", "CRPS", "log", "in 80 %", "CRPS difference"
    );
    for r in &b.rows {
        let covered = r.covered.map_or("–".to_owned(), |c| format!("{:.0} %", 100.0 * c));
        let difference = r
            .difference
            .map_or("–".to_owned(), |[m, lo, hi]| format!("{m:+.1} ({lo:+.1} to {hi:+.1})"));
        let _ = writeln!(
            out,
            "{:<20}{:>7.2}{:>7.2}{:>7.2}{:>7.2}{covered:>8}{difference:>24}",
            cut(&r.model, 19),
            r.mae,
            r.rmse,
            r.crps,
            r.log_score,
        );
    }
    let _ = writeln!(
        out,
        "\n{:<20}{:>12}{:>14}{:>16}{:>16}",
        "CRPS by group", "codecision", "consultation", "ref. known", "ref. unknown"
    );
    for r in &b.rows {
        let _ = write!(out, "{:<20}", cut(&r.model, 19));
        for (g, width) in r.groups.iter().zip([12, 14, 16, 16]) {
            let value = g.map_or("–".to_owned(), |v| format!("{v:.2}"));
            let _ = write!(out, "{value:>width$}");
        }
        out.push('\n');
    }
    out.push('\n');
    wrap(
        &mut out,
        &format!(
            "Scale of 0–100. CRPS difference: against `{}`, negative is better, 95 % interval from \
             a bootstrap by proposal. Log score of the outcome's cell of one point, clipped at \
             0.001. Models that claim certainty have CRPS = MAE.",
            b.benchmark
        ),
    );
    out
}

/// Digits after the point that show a thousandth of the scale, 1 to 6.
fn digits(width: f64) -> usize {
    let mut digits = 1;
    let mut w = width;
    while w < 50.0 && digits < 6 {
        w *= 10.0;
        digits += 1;
    }
    digits
}

fn short(x: f64) -> String {
    let text = format!("{x:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// At most `width` characters, the last one an ellipsis if something is missing.
fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

fn wrap(out: &mut String, text: &str) {
    let mut used = 0;
    for word in text.split_whitespace() {
        let word = cut(word, WIDTH);
        let length = word.chars().count();
        if used > 0 && used + 1 + length > WIDTH {
            out.push('\n');
            used = 0;
        }
        if used > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(&word);
        used += length;
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issue() -> Issue {
        let long = "A very long name of an actor that nobody would type twice".to_owned();
        Issue {
            name: long.clone(),
            scale: [0.0, 100.0],
            reference_point: Some(0.0),
            terms: Some(41.25),
            actors: 2,
            rows: vec![
                Row {
                    model: "weighted-mean".to_owned(),
                    point: 40.0,
                    interval: [40.0, 40.0],
                    mae: Some(24.15),
                    crps: Some(24.15),
                },
                Row {
                    model: long.clone(),
                    point: 35.0,
                    interval: [0.0, 100.0],
                    mae: None,
                    crps: None,
                },
            ],
            moves: vec![(
                "scholz-as-run".to_owned(),
                (1..20)
                    .map(|round| Step {
                        round,
                        actor: long.clone(),
                        rival: long.clone(),
                        kind: "compromise".to_owned(),
                        from: 1.0,
                        to: 2.0,
                    })
                    .collect(),
            )],
            levers: Some((
                "predictive".to_owned(),
                vec![Lever { actor: long, from: 0.0, to: 10.0, effect: -2.5 }],
            )),
        }
    }

    #[test]
    fn everything_is_told_within_eighty_columns() {
        let text = text(&[issue()], 1, "223 issues");
        assert!(text.lines().all(|l| l.chars().count() <= WIDTH), "{text}");
        for part in ["weighted-mean", "40.0", "24.1", "0.0 to 100.0", "41.2", "and 7 more", "-2.5"]
        {
            assert!(text.contains(part), "`{part}` in\n{text}");
        }
    }

    #[test]
    fn a_back_test_without_outcomes_says_so() {
        let b = Backtest {
            data: "DEU".to_owned(),
            split: "holdout".to_owned(),
            predicted: 133,
            scored: 0,
            proposals: 0,
            benchmark: "weighted-mean".to_owned(),
            rows: vec![],
        };
        assert!(backtest(&b).contains("nothing is scored"));
    }
}
