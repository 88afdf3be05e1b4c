//! Habits, confidence, score cards and grades: hand-worked cases.
use std::collections::BTreeMap;

use winset_methods::score::{
    ClosedQuestion, Evidence, Level, Revision, ScoreDivision, Series, Stand, TimeCdf, card,
    delta_logit, habits, is_stale, mass_passed, needs_reason, suggest_confidence,
};
use winset_model::grade::{Credibility, Grade, Reliability, diagonal_warning};

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-12, "{a} is not {b}");
}

fn series(list: &[(i64, f64)]) -> Series {
    Series::new(&list.iter().map(|&(day, p)| Stand { day, p }).collect::<Vec<_>>()).unwrap()
}

#[test]
fn habits_of_a_worked_example() {
    let r = |day, p, reaffirms, reasoned| Revision { day, p, reaffirms, reasoned };
    let list = [
        r(0, 0.50, false, false),
        r(5, 0.52, false, false),
        r(6, 0.52, true, true),
        r(20, 0.40, false, true),
        r(25, 0.20, false, false),
    ];
    let h = habits(&list, 60).unwrap();
    assert_eq!((h.updates, h.reaffirmations, h.large, h.large_reasoned), (3, 1, 2, 1));
    close(h.per_month.unwrap(), 1.5);
    close(h.mean_points.unwrap(), (2.0 + 12.0 + 20.0) / 3.0);
    close(h.median_points.unwrap(), 12.0);
    assert_eq!(h.longest_silence, 35);
    let logit = |p: f64| libm::log(p / (1.0 - p));
    let sizes = [logit(0.52) - logit(0.5), logit(0.52) - logit(0.4), logit(0.4) - logit(0.2)];
    close(h.mean_logit.unwrap(), sizes.iter().sum::<f64>() / 3.0);
    assert_eq!(habits(&[], 3), None);
    let single = habits(&list[..1], 0).unwrap();
    assert_eq!((single.updates, single.per_month, single.median_points), (0, None, None));
}

#[test]
fn ten_points_ask_for_a_reason() {
    assert!(needs_reason(0.5, 0.6) && needs_reason(0.6, 0.5) && needs_reason(0.3, 0.4));
    assert!(!needs_reason(0.5, 0.599) && !needs_reason(0.5, 0.5));
    close(delta_logit(0.5, 0.8), libm::log(4.0));
    assert!(delta_logit(0.0, 1.0).is_finite());
    assert!(!is_stale(0, 14) && is_stale(0, 15));
    assert!(mass_passed(0.1, 0.5).renew && !mass_passed(0.0999, 0.5).renew);
    assert!(!mass_passed(0.0, 0.0).renew);
}

#[test]
fn confidence_follows_the_evidence_and_its_caps() {
    let good = Evidence {
        origins: 6,
        largest_origin: 0.3,
        graded_b2: 0.7,
        judgement_variance: 0.2,
        gaps: 1,
        theory_spread: 0.05,
        horizon_days: 90,
    };
    let level = |e: Evidence| suggest_confidence(&e).suggested;
    assert_eq!(level(good), Level::High);
    assert_eq!(level(Evidence { horizon_days: 365, ..good }), Level::High);
    assert_eq!(level(Evidence { horizon_days: 366, ..good }), Level::Moderate);
    assert_eq!(level(Evidence { largest_origin: 0.5, ..good }), Level::High);
    assert_eq!(level(Evidence { largest_origin: 0.51, ..good }), Level::Moderate);
    assert_eq!(level(Evidence { theory_spread: 0.2, ..good }), Level::Moderate);
    assert_eq!(level(Evidence { theory_spread: 0.2, gaps: 2, ..good }), Level::Moderate);
    assert_eq!(level(Evidence { theory_spread: 0.4, ..good }), Level::Moderate);
    assert_eq!(level(Evidence { theory_spread: 0.4, gaps: 9, ..good }), Level::Low);
    assert_eq!(level(Evidence { origins: 0, ..good }), Level::Low);
    // Gaps only lower: naming none, or one, is no reason for anything.
    for (gaps, wanted) in [(0, Level::High), (1, Level::High), (2, Level::Moderate)] {
        assert_eq!(level(Evidence { gaps, ..good }), wanted, "{gaps}");
    }
    assert_eq!(level(Evidence { gaps: 4, ..good }), Level::Moderate);
    let none = suggest_confidence(&Evidence { gaps: 0, ..good });
    assert!(none.reasons.iter().all(|r| !r.text.contains("gap")), "{none:?}");
    let unknown = f64::NAN;
    let blind = Evidence { graded_b2: unknown, judgement_variance: unknown, ..good };
    assert_eq!(level(blind), Level::Low);

    let capped = suggest_confidence(&Evidence { horizon_days: 400, ..good });
    assert_eq!(capped.reasons.len(), 5);
    assert!(capped.reasons.iter().any(|r| r.caps && r.text.contains("400 days")));
    assert!(suggest_confidence(&good).reasons[0].text.contains("6 independent origins"));
    assert_eq!(capped.clone().with_override(Level::High, "  "), None);
    let own = capped.with_override(Level::Low, "the channel is compromised").unwrap();
    assert_eq!((own.level(), own.suggested), (Level::Low, Level::Moderate));
}

fn question(id: &str, list: &[(i64, f64)], closed: i64, happened: bool) -> ClosedQuestion {
    ClosedQuestion {
        id: id.into(),
        tags: vec!["iran".into()],
        period: "2025-Q2".into(),
        asks_by: Some(closed),
        series: series(list),
        closed,
        happened,
        references: BTreeMap::new(),
        timings: Vec::new(),
    }
}

#[test]
fn a_card_averages_days_then_questions() {
    // q1: 0.5 for 5 days, 0.2 for 5, no. q2: 0.9 for one day, yes.
    let mut q1 = question("q1", &[(0, 0.5), (5, 0.2)], 10, false);
    q1.references.insert("base rate".into(), series(&[(0, 0.4)]));
    q1.references.insert("crowd".into(), series(&[(8, 0.1)]));
    let q2 = question("q2", &[(0, 0.9)], 1, true);
    let cards = card(&[q1.clone(), q2.clone()], ScoreDivision::All);
    assert_eq!(cards.len(), 1);
    let c = &cards[0];
    assert_eq!((c.questions, c.days, c.small_sample), (2, 11, true));
    close(c.brier, (0.145 + 0.01) / 2.0);
    close(c.brier_two_category, 2.0 * c.brier);
    assert_eq!(c.integrated, None);
    let skill = |name: &str| c.skills.iter().find(|s| s.against == name).unwrap();
    close(skill("base rate").skill.unwrap(), 1.0 - 0.145 / 0.16);
    assert_eq!(skill("base rate").questions, 1);
    close(skill("crowd").skill.unwrap(), 1.0 - 0.04 / 0.01);
    // q1 from day 5: 0.2 against the 0.5 it replaced; q2 was never revised.
    close(skill("previous forecast").skill.unwrap(), 1.0 - 0.04 / 0.25);
    // Both: mean 0.0775 against (0.25 + 0.01)/2.
    close(skill("first forecast").skill.unwrap(), 1.0 - 0.0775 / 0.13);
    // A forecast made on the day of the resolution scores nothing.
    assert!(card(&[question("late", &[(10, 0.0)], 10, false)], ScoreDivision::All).is_empty());
}

#[test]
fn a_card_divides_by_tag_horizon_and_period() {
    let mut q1 = question("q1", &[(0, 0.5), (40, 0.1)], 100, false);
    q1.tags = vec!["iran".into(), "sanctions".into(), "iran".into()];
    let mut q2 = question("q2", &[(0, 0.5)], 10, true);
    q2.asks_by = None;
    q2.tags.clear();
    q2.period = "2024-Q1".into();
    let all = [q1, q2];
    let labels =
        |by| card(&all, by).into_iter().map(|c| (c.label, c.questions, c.days)).collect::<Vec<_>>();
    let row = |label: &str, questions, days| (label.to_string(), questions, days);
    assert_eq!(
        labels(ScoreDivision::Tag),
        [row("iran", 1, 100), row("sanctions", 1, 100), row("(no tag)", 1, 10)]
    );
    assert_eq!(labels(ScoreDivision::Period), [row("2024-Q1", 1, 10), row("2025-Q2", 1, 100)]);
    // 100 days left on day 0: days 0–9 lie 91–100 ahead, 10–69 are 31–90, 70–99 the last thirty.
    assert_eq!(
        labels(ScoreDivision::Horizon),
        [
            row("30 days or less", 1, 30),
            row("31–90 days", 1, 60),
            row("91–180 days", 1, 10),
            row("(no date)", 1, 10)
        ]
    );
}

#[test]
fn forecasts_of_when_are_scored_from_their_own_day() {
    let mut q = question("q", &[(0, 0.5)], 4, false);
    q.timings = vec![(0, TimeCdf::new(&[(10, 1.0)]).unwrap(), 10)];
    close(card(&[q.clone()], ScoreDivision::All)[0].integrated.unwrap(), 0.075);
    q.timings.push((4, TimeCdf::new(&[(1, 1.0)]).unwrap(), 10)); // told on the last day
    close(card(&[q.clone()], ScoreDivision::All)[0].integrated.unwrap(), 0.075);
    q.happened = true;
    // On day 4: (0.01 + 0.04 + 0.09) + Σ_{t=4}^{10}(1 − t/10)² = 0.14 + 0.91.
    close(card(&[q], ScoreDivision::All)[0].integrated.unwrap(), 0.105);
}

#[test]
fn grades_are_read_and_written() {
    for r in Reliability::ALL {
        for c in Credibility::ALL {
            let grade = Grade { reliability: r, credibility: c };
            assert_eq!(grade.to_string().parse(), Ok(grade));
            assert_eq!(grade.to_string().to_lowercase().parse(), Ok(grade));
        }
    }
    for bad in ["", "B", "2B", "G1", "A0", "A7", "A10", "Á1", "B²", "B 2"] {
        let error = bad.parse::<Grade>().unwrap_err();
        assert!(error.to_string().contains("such as `B2`"), "{error}");
    }
}

#[test]
fn chances_of_truth_follow_the_table() {
    // standards: c = .95 .80 .60 .35 .15 .50, r = 1 .9 .7 .45 .2 .5, p = .5 + r (c − .5)
    for (grade, p) in [
        ("A1", 0.95),
        ("A5", 0.15),
        ("B2", 0.77),
        ("C3", 0.57),
        ("D4", 0.4325),
        ("E5", 0.43),
        ("F1", 0.725),
        ("F6", 0.5),
        ("A6", 0.5),
    ] {
        close(grade.parse::<Grade>().unwrap().p_true(), p);
    }
    let better: Vec<&str> = ["A1", "A2", "B1", "B2", "B3", "C1", "F1", "A6"]
        .into_iter()
        .filter(|g| g.parse::<Grade>().unwrap().is_b2_or_better())
        .collect();
    assert_eq!(better, ["A1", "A2", "B1", "B2"]);
}

#[test]
fn grades_on_the_diagonal_draw_a_warning() {
    let grades = |list: &[&str]| list.iter().map(|g| g.parse().unwrap()).collect::<Vec<Grade>>();
    assert_eq!(diagonal_warning(&grades(&["A1", "B2", "C3", "B2"])), None);
    assert_eq!(diagonal_warning(&grades(&["A1", "B2", "C3", "B2", "D4"])), Some(1.0));
    assert_eq!(diagonal_warning(&grades(&["A1", "B2", "C3", "B2", "B3"])), None); // 80 %, not over
    assert_eq!(diagonal_warning(&[]), None);
}
