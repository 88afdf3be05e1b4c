//! Every band edge of every lexicon, phrases and machine tags.
use winset_page::words::{
    Lexicon, confidence_tag, credibility_tag, likelihood_tag, percent, phrase,
    phrase_with_interval, reliability_tag,
};

/// Asserts the term of every whole per cent: `spans` are `(first, last, term)`, without a gap.
fn check(lexicon: Lexicon, spans: &[(u8, u8, &str)]) {
    let mut next = 0;
    for &(first, last, term) in spans {
        assert_eq!(first, next, "{term}");
        for n in first..=last {
            let band = lexicon.band(f64::from(n) / 100.0).unwrap();
            assert_eq!(band.term, term, "{n} % in {}", lexicon.name());
        }
        next = last + 1;
    }
    assert_eq!(next, 101);
}

#[test]
fn icd_203_bands_are_half_open() {
    check(
        Lexicon::Icd203A,
        &[
            (0, 4, "almost no chance"),
            (5, 19, "very unlikely"),
            (20, 44, "unlikely"),
            (45, 54, "roughly even chance"),
            (55, 79, "likely"),
            (80, 94, "very likely"),
            (95, 100, "almost certain"),
        ],
    );
    check(
        Lexicon::Icd203B,
        &[
            (0, 4, "remote"),
            (5, 19, "highly improbable"),
            (20, 44, "improbable"),
            (45, 54, "roughly even odds"),
            (55, 79, "probable"),
            (80, 94, "highly probable"),
            (95, 100, "nearly certain"),
        ],
    );
}

#[test]
fn phia_gaps_snap_to_the_nearer_and_ties_to_the_less_extreme() {
    check(
        Lexicon::Phia,
        &[
            (0, 7, "remote chance"),
            (8, 22, "highly unlikely"),
            (23, 37, "unlikely"),
            (38, 52, "realistic possibility"), // 52 is three from 49 and three from 55
            (53, 77, "likely"),
            (78, 92, "highly likely"),
            (93, 100, "almost certain"),
        ],
    );
}

#[test]
fn ipcc_takes_the_narrowest_band() {
    check(
        Lexicon::Ipcc,
        &[
            (0, 1, "exceptionally unlikely"),
            (2, 10, "very unlikely"),
            (11, 32, "unlikely"),
            (33, 66, "about as likely as not"),
            (67, 89, "likely"),
            (90, 98, "very likely"),
            (99, 100, "virtually certain"),
        ],
    );
}

#[test]
fn probabilities_are_rounded_before_they_are_banded() {
    let term = |p| Lexicon::Icd203A.band(p).unwrap().term;
    assert_eq!(term(0.1949), "very unlikely");
    assert_eq!(term(0.195), "unlikely"); // 20 %
    assert_eq!(term(0.7949), "likely");
    assert_eq!(term(0.796), "very likely");
    for (p, text) in [
        (0.0, "<1 %"),
        (0.0049, "<1 %"),
        (0.005, "1 %"),
        (0.68, "68 %"),
        (0.994, "99 %"),
        (0.995, ">99 %"),
        (1.0, ">99 %"),
    ] {
        assert_eq!(percent(p).unwrap(), text);
    }
    for bad in [-0.01, 1.01, f64::NAN, f64::INFINITY] {
        assert_eq!(percent(bad), None);
        assert_eq!(phrase(Lexicon::Phia, bad), None);
        assert_eq!(likelihood_tag(bad), None);
        assert_eq!(phrase_with_interval(Lexicon::Icd203A, 0.5, 0.1, bad), None);
    }
}

#[test]
fn a_phrase_prints_its_band_and_number() {
    for (lexicon, p, text) in [
        (Lexicon::Icd203A, 0.68, "likely (55–80 %; model 68 %)"),
        (Lexicon::Icd203B, 0.68, "probable (55–80 %; model 68 %)"),
        (Lexicon::Icd203A, 0.002, "almost no chance (<1 %)"),
        (Lexicon::Icd203A, 0.999, "almost certain (>99 %)"),
        (Lexicon::Icd203A, 0.99, "almost certain (95–99 %; model 99 %)"),
        (Lexicon::Phia, 0.22, "highly unlikely (10–20 %; model 22 %)"),
        (Lexicon::Phia, 0.001, "remote chance (≤5 %; model <1 %)"),
        (Lexicon::Ipcc, 0.5, "about as likely as not (33–66 %; model 50 %)"),
    ] {
        assert_eq!(phrase(lexicon, p).unwrap(), text);
    }
}

#[test]
fn an_interval_that_straddles_prints_both_bands() {
    let icd = |p, lo, hi| phrase_with_interval(Lexicon::Icd203A, p, lo, hi);
    assert_eq!(icd(0.68, 0.6, 0.75).unwrap(), "likely (55–80 %; model 68 %)");
    assert_eq!(
        icd(0.42, 0.3, 0.5).unwrap(),
        "unlikely (20–45 %) to roughly even chance (45–55 %; model 42 %)"
    );
    assert_eq!(
        icd(0.02, 0.001, 0.1).unwrap(),
        "almost no chance (<1 %) to very unlikely (5–20 %; model 2 %)"
    );
    assert_eq!(icd(0.5, 0.6, 0.7), None, "the number lies outside its interval");
    assert_eq!(icd(0.5, f64::NAN, 0.7), None);
}

#[test]
fn lexicons_are_found_by_their_id() {
    for lexicon in Lexicon::ALL {
        assert_eq!(Lexicon::from_id(lexicon.id()), Some(lexicon));
    }
    assert_eq!(Lexicon::from_id("kent"), None);
    assert_eq!(Lexicon::default(), Lexicon::Icd203A);
}

#[test]
fn tags_are_those_of_the_taxonomies() {
    let likelihood = |p| likelihood_tag(p).unwrap();
    assert_eq!(likelihood(0.68), "estimative-language:likelihood-probability=\"likely\"");
    assert_eq!(
        likelihood(0.5),
        "estimative-language:likelihood-probability=\"roughly-even-chance\""
    );
    assert_eq!(likelihood(0.0), "estimative-language:likelihood-probability=\"almost-no-chance\"");
    assert_eq!(
        confidence_tag("moderate").unwrap(),
        "estimative-language:confidence-in-analytic-judgment=\"moderate\""
    );
    assert_eq!(confidence_tag("medium"), None);
    assert_eq!(reliability_tag('B').unwrap(), "admiralty-scale:source-reliability=\"b\"");
    assert_eq!(credibility_tag(2).unwrap(), "admiralty-scale:information-credibility=\"2\"");
    assert_eq!((reliability_tag('G'), credibility_tag(0), credibility_tag(7)), (None, None, None));
}
