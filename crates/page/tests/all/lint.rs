//! The wording check: what it finds, where, and what it leaves alone.

use winset_page::lint::{Code, Options, lint};
use winset_page::words::{Lexicon, phrase, phrase_with_interval};

/// Asserts the findings of a text as `line:column code`.
#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let found: Vec<String> = lint(text, &Options::default())
        .iter()
        .map(|f| format!("{}:{} {}", f.line, f.column, f.code.id()))
        .collect();
    assert_eq!(found, expected, "{text}");
}

const SOUND: &str = "\
# Bottom line

A signed agreement by 30 June 2025 is unlikely (20–45 %; model 31 %).
We have moderate confidence in this, because one origin carries half the weight.
We judge that Iran rejects full dismantlement [r06]. \"We could walk away,\" said the minister.

| date | chance | words |
|---|---|---|
| 2025-06-30 | 31 % | unlikely (20–45 %; model 31 %) |
";

#[test]
fn a_sound_text_has_no_findings() {
    check(SOUND, &[]);
    check("", &[]);
    for p in [0.001, 0.03, 0.31, 0.5, 0.68, 0.9, 0.97, 0.999] {
        for lexicon in Lexicon::ALL {
            let words = phrase(lexicon, p).unwrap_or_default();
            check(&format!("By 30 June 2025 a deal is {words} by the model [r01]."), &[]);
        }
    }
    let both = phrase_with_interval(Lexicon::Icd203A, 0.42, 0.3, 0.5).unwrap_or_default();
    check(&format!("By 30 June 2025 a deal is {both}."), &[]);
}

#[test]
fn rows_are_not_mixed() {
    check(
        "By June a deal is likely [r01]. By July it is probable [r02]. By May it is unlikely [r03].",
        &["1:47 mixed-rows"],
    );
    check(
        "It is highly improbable by June [r01], improbable by July [r02],\nvery likely by May [r03].",
        &["2:1 mixed-rows"],
    );
    // Longest first: `highly improbable` is not `improbable`, `unlikely` is not `likely`.
    check("By June it is highly improbable [r01]; by July improbable [r02].", &[]);
    // The two words of one row, and PHIA's own pair, are not mixed.
    check("By June it is likely or probable [r01], by May a remote chance [r02].", &[]);
    // One word of each row, with nothing to tip the balance: the default keeps the first.
    let both = lint("Likely by June [r01]. Probable by July [r02].", &Options::default());
    assert_eq!(both.len(), 1);
    assert!(both[0].message.contains("`probable` is of ICD 203 row B"), "{both:?}");
    assert!(both[0].hint.contains("`likely`"), "{both:?}");
    let options = Options { lexicon: Some(Lexicon::Icd203B) };
    let found = lint("A deal by June is likely [r01].", &options);
    assert_eq!(found.len(), 1);
    assert!(found[0].hint.contains("`probable`"), "{found:?}");
}

#[test]
fn remote_sites_and_comparisons_are_no_likelihoods() {
    check("Remote monitoring is more likely than snap inspections.", &[]);
    check("The chance of a deal by June is remote [r01].", &[]);
    check("The most likely outcome is delay.", &[]);
    check("The likely outcome by June is delay [r01].", &[]);
}

#[test]
fn likelihood_and_confidence_do_not_share_a_sentence() {
    check(
        "We judge with high confidence that a deal by June is unlikely [r01].",
        &["1:20 likelihood-with-confidence"],
    );
    check("A deal by June is unlikely [r01]. Our confidence is moderate.", &[]);
    check("Confidence-building measures are likely by June [r01].", &[]);
    check("The vote of confidence is likely to pass in June [r01].", &[]);
    check(
        "We are confident that the 40 % chance by June holds [r01].",
        &["1:8 likelihood-with-confidence"],
    );
}

#[test]
fn vague_words_commit_to_nothing() {
    check("The talks could fail.", &["1:11 vague"]);
    check("The talks may fail in May.", &["1:11 vague"]);
    check("We cannot rule out a strike.\nThis can’t be ruled\nout.", &["1:4 vague", "2:6 vague"]);
    check("Perhaps there is a real possibility.", &["1:1 vague", "1:20 vague"]);
    check("He said “we may sign” and \"it could work\".", &[]);
    check("> We may sign.\n\nRun `may` or:\n\n```\ncould\n```\n", &[]);
    check("<p>The talks <b>might</b> fail.</p><style>may { }</style>", &["1:17 vague"]);
}

#[test]
fn what_is_not_prose_is_read_as_markdown_and_html_read_it() {
    // The case of a tag does not matter, and a tag without its end hides nothing.
    let said = "It will possibly maybe happen.";
    for styled in [
        "<STYLE>p{}</STYLE>",
        "<style>p{}</style>",
        "<Script>may()</sCRIPT>",
        "<script>may() </scripted></script >",
        "<style>may{}</style/>",
    ] {
        check(&format!("{styled}\n\n{said}\n"), &["3:9 vague", "3:18 vague"]);
        let page = format!("<!DOCTYPE html>\n{styled}\n\n    <p>{said}</p>\n");
        check(&page, &["4:16 vague", "4:25 vague"]);
    }
    for open in ["<style>", "<!--"] {
        let page = format!("<html>\n{open}\n<p>{said}");
        check(&page, &["3:12 vague", "3:21 vague"]);
    }
    check("We say <style>may</style> it could.", &["1:30 vague"]);
    // Code of more than one line, indented code, a quotation that goes on without its mark.
    check("Run `may\ncould` now.\n\n    it might\n\n> We may,\nwe might sign.\n", &[]);
    check("- One ~~~ could\n  ```\n  may\n  ```\n- “It may\n  be” so.", &["1:11 vague"]);
    // A fence closes with as many marks as opened it.
    check("````\n```\nmay\n````\nThe talks could fail.", &["5:11 vague"]);
    check("| a | b |\n|---|---|\n| could | `may` |", &["3:3 vague"]);
    check("See [the note](https://x.org/may) and https://x.org/may, *maybe*.", &["1:59 vague"]);
    check("He said \"so. 5\" high, it could.", &["1:26 vague"]);
}

#[test]
fn a_probability_has_a_date() {
    check("A deal is likely [r01].", &["1:11 no-date"]);
    check("The chance of a deal is 40 % (model 40 %).", &["1:5 no-date"]);
    for date in [
        "by 30 June 2025",
        "by 2025-06-30",
        "within 90 days",
        "this year",
        "by Friday",
        "in Q3",
        "by June 30",
        "in the next six months",
        "by the end of the year",
        "before May",
    ] {
        check(&format!("A deal {date} is likely [r01]."), &[]);
    }
    check("Enrichment stands at 60 %.", &[]);
    check("By June a deal is likely [r01]. A strike is unlikely [r02].", &["1:45 no-date"]);
}

#[test]
fn a_judgement_has_a_source() {
    check("We judge that Khamenei accepts limits.", &["1:1 no-source"]);
    check("It is assessed that he accepts.", &["1:1 no-source"]);
    check("In our view he accepts.", &["1:1 no-source"]);
    check("By June a deal is likely.", &["1:19 no-source"]);
    for source in [
        "[r06]",
        "[^1]",
        "[1]",
        "(Axios, B3)",
        "@j-2018",
        "according to Axios",
        "(model 68 %)",
        "https://example.org/a",
        "(r05)",
    ] {
        check(&format!("We judge that he accepts {source}."), &[]);
    }
    check("We judge that he accepts.[^1] The talks go on.", &[]);
    check("We judge that he accepts. [r05]", &[]);
    check("- [ ] We judge that he accepts.", &["1:7 no-source"]);
    check("The talks opened in Muscat.", &[]);
}

#[test]
fn sentences_end_where_they_should() {
    // Points within abbreviations and numbers do not part the date from the probability.
    check(
        "By 30 Sept. 2025 a deal with the U.S. negotiators, i.e. Mr. Witkoff, is likely [r01].",
        &[],
    );
    check("A deal at 3.67 per cent is likely by June [r01].", &[]);
    check("A deal by June is likely\n(55–80 %; model\n68 %).", &[]);
    check("- By June: likely [r01]\n- A strike: unlikely [r02]", &["2:13 no-date"]);
}

#[test]
fn columns_count_characters() {
    let found = lint("Ünïcödé — naïve talks could fail.", &Options::default());
    assert_eq!((found[0].code, found[0].column, found[0].length), (Code::Vague, 23, 5));
    assert!(found[0].hint.contains("band"));
}

#[test]
fn no_text_makes_it_panic() {
    let pieces = [
        "We judge", " likely", "<p", ">", "\"", "“", "”", "`", "```\n", "\n", "\n\n", ".", "[",
        "]", " could", "é", "🙂", "\u{1}", "<!--", "-->", "<style>", "%", "- ", "| ", "1. ", "> ",
        "’", "@", "http://", " May", "\u{a0}", "\r\n", "İ", "ẞ", "[^1]", "e.g.", "<", "&", "\u{0}",
    ];
    let mut state = 3_u64;
    let mut random = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as usize % n
    };
    let mut findings = 0;
    for _ in 0..20_000 {
        let text: String = (0..random(40)).map(|_| pieces[random(pieces.len())]).collect();
        let lines = text.matches('\n').count() + 1;
        for f in lint(&text, &Options::default()) {
            let line = text.split('\n').nth(f.line - 1).unwrap_or_default();
            assert!(f.line <= lines && f.column <= line.chars().count(), "{text:?} {f:?}");
            findings += 1;
        }
    }
    assert!(findings > 10_000, "{findings}");
}
