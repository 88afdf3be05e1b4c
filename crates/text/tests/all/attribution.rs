//! Statements: hand-written sentences, what people marked in articles, broken input.

use std::path::{Path, PathBuf};
use std::process::Command;

use winset_text::brat::{BratError, read};
use winset_text::crf::{Crf, CrfError, train, train_on};
use winset_text::evaluate::{agreement, evaluate};
use winset_text::statement::{
    Act, Engine, Outermost, ReportedStatement, Speech, antecedents, statements,
};

use crate::data::data;

/// A statement in words: source, cue, content.
fn words(text: &str, statement: &ReportedStatement) -> (String, String, String) {
    let content: Vec<&str> = statement.content.iter().map(|s| s.of(text)).collect();
    (
        statement.source.map_or(String::new(), |s| s.of(text).to_owned()),
        statement.cue.of(text).to_owned(),
        content.join(" | "),
    )
}

/// The statement of a text whose cue ends with a word.
fn with(text: &str, cue: &str) -> ReportedStatement {
    let found = statements(text);
    let one = found.iter().find(|s| s.cue.of(text).ends_with(cue));
    one.unwrap_or_else(|| {
        panic!("no `{cue}` in {:?}", found.iter().map(|s| words(text, s)).collect::<Vec<_>>())
    })
    .clone()
}

#[test]
fn sentences_are_read_as_a_person_reads_them() {
    let cases = [
        (
            "Iran’s foreign minister, Abbas Araghchi, said the talks would go on.",
            "Iran’s foreign minister, Abbas Araghchi,",
            "said",
            "the talks would go on",
        ),
        (
            "“We will not give up enrichment,” Araghchi told state television on Monday.",
            "Araghchi",
            "told",
            "“We will not give up enrichment,”",
        ),
        (
            "“The offer is fair,” said Steve Witkoff, the US envoy. “It will not stay on the table.”",
            "Steve Witkoff, the US envoy",
            "said",
            "“The offer is fair,” | “It will not stay on the table.”",
        ),
        ("The deal, she said, was close.", "she", "said", "The deal | was close"),
        (
            "According to two officials, the sides will meet in Muscat.",
            "two officials",
            "According to",
            "the sides will meet in Muscat",
        ),
        (
            "The sides will meet in Muscat, according to two officials.",
            "two officials",
            "according to",
            "The sides will meet in Muscat",
        ),
        (
            "The president called for an end to the strikes.",
            "The president",
            "called for",
            "an end to the strikes",
        ),
        (
            "Tehran has repeatedly refused to halt enrichment.",
            "Tehran",
            "has repeatedly refused",
            "to halt enrichment",
        ),
        (
            "The White House is confident that both sides want an agreement.",
            "The White House",
            "is confident",
            "that both sides want an agreement",
        ),
        (
            "The minister, who criticized the plan, left early.",
            "The minister, who",
            "criticized",
            "the plan",
        ),
        (
            "The plan was denounced by the opposition.",
            "the opposition",
            "was denounced",
            "The plan",
        ),
        ("He added that no date had been set.", "He", "added", "that no date had been set"),
    ];
    for (text, source, cue, content) in cases {
        let found = with(text, cue);
        assert_eq!(
            words(text, &found),
            (source.to_owned(), cue.to_owned(), content.to_owned()),
            "{text}"
        );
    }
}

#[test]
fn wants_demands_refusals_threats_and_decisions_are_told_apart() {
    let cases = [
        ("Israel wants a full halt.", "wants", Act::Want),
        ("Washington demanded that Iran export its stockpile.", "demanded", Act::Demand),
        ("The minister insisted that sanctions be lifted.", "insisted", Act::Demand),
        ("Iran ruled out talks on missiles.", "ruled out", Act::Refusal),
        ("Tehran rejected the proposal.", "rejected", Act::Refusal),
        ("Iran threatened to leave the treaty.", "threatened", Act::Threat),
        ("Both sides agreed to meet again.", "agreed to", Act::Decision),
        ("Tehran is open to a limit.", "is open", Act::Openness),
        ("The ministry denied that talks had begun.", "denied", Act::Denial),
        ("The spokesman said the visit was useful.", "said", Act::Saying),
    ];
    for (text, cue, act) in cases {
        assert_eq!(with(text, cue).act, act, "{text}");
    }
}

#[test]
fn denial_condition_and_whom_it_is_said_to_are_noted() {
    let text = "The minister did not say when. Iran would agree to a cap if sanctions end. \
                Witkoff urged Iran to accept. Paris called on Tehran to stop. Rubio told reporters that time is short.";
    assert!(with(text, "say").negated && !with(text, "told").negated);
    assert!(with(text, "agree to").conditional && !with(text, "told").conditional);
    let whom = |cue: &str| with(text, cue).addressee.map(|s| s.of(text).to_owned());
    assert_eq!(whom("urged").as_deref(), Some("Iran"));
    assert_eq!(whom("called on").as_deref(), Some("Tehran"));
    assert_eq!(whom("told").as_deref(), Some("reporters"));
}

#[test]
fn what_an_outlet_reports_keeps_who_said_it() {
    let text = "Axios reported that Witkoff told Araghchi that enrichment must end.";
    let found = statements(text);
    let told = found.iter().find(|s| s.cue.of(text) == "told").unwrap();
    assert_eq!(told.source.unwrap().of(text), "Witkoff");
    assert_eq!(told.addressee.unwrap().of(text), "Araghchi");
    let reporter = &found[told.within.unwrap()];
    assert_eq!(reporter.source.unwrap().of(text), "Axios");
    let text = "Officials said Iran had rejected the offer.";
    let rejected = with(text, "rejected");
    assert_eq!((rejected.source.unwrap().of(text), rejected.act), ("Iran", Act::Refusal));
    assert_eq!(Outermost.statements(text).len(), 1);
}

#[test]
fn direct_indirect_and_mixed_are_told_apart() {
    let text = "“It is over,” he said. He said it was over. He said it was “completely and utterly over” now.";
    let speech: Vec<Speech> = statements(text).iter().map(|s| s.speech).collect();
    assert_eq!(speech, [Speech::Direct, Speech::Indirect, Speech::Mixed]);
}

#[test]
fn a_quotation_goes_on_in_the_next_paragraph_until_it_closes() {
    let text = "“We came here to talk,” Araghchi said. “We did.\n\n“We will come again.”\n\nNobody answered.";
    let said = with(text, "said");
    assert_eq!(words(text, &said).2, "“We came here to talk,” | “We did. | “We will come again.”");
}

#[test]
fn what_a_colon_announces_stands_in_the_next_paragraph() {
    let text = "The two met in Muscat, and Araghchi responded:\n\n“We will stay.”";
    assert_eq!(words(text, &with(text, "responded")).2, "“We will stay.”");
}

#[test]
fn quotations_are_found_however_they_are_announced() {
    let cases = [
        // A closed quotation goes on in a paragraph that is quoted whole.
        (
            "“We came to talk,” Araghchi said.\n\n“We did. We will again.”\n\nNobody answered.",
            "said",
            "“We came to talk,” | “We did. We will again.”",
        ),
        (
            "Araghchi said it was a mess. “It will get worse.”",
            "said",
            "it was a mess | “It will get worse.”",
        ),
        ("Rubio called them on it:\n\n“We saw the text.”", "called", "“We saw the text.”"),
        (
            "Witkoff said about the plan, “I support every word of it.”",
            "said about",
            "“I support every word of it.”",
        ),
        ("Said Witkoff, “That is a very good plan.”", "Said", "“That is a very good plan.”"),
        ("Adding, “Now it is over for good.”", "Adding", "“Now it is over for good.”"),
        ("“It is over!” beamed Witkoff, who had slept.", "beamed", "“It is over!”"),
        (
            "“We cannot wait for them,” the envoy harrumphed.",
            "harrumphed",
            "“We cannot wait for them,”",
        ),
        ("One sign read, “No more war, please.”", "read", "“No more war, please.”"),
        ("“We are far apart.” Witkoff said.", "said", "“We are far apart.”"),
        ("As Witkoff put it, “Nobody likes a deadline.”", "put", "“Nobody likes a deadline.”"),
        ("He left the hall - “I am tired,” he said - and flew home.", "said", "“I am tired,”"),
        (
            "The offer stands until May, the envoy told parliament on Monday.",
            "told",
            "The offer stands until May",
        ),
    ];
    for (text, cue, content) in cases {
        assert_eq!(words(text, &with(text, cue)).2, content, "{text}");
    }
    let text = "“Is it over?” Later, Rubio claimed that it was.";
    assert_eq!(words(text, &with(text, "claimed")).2, "that it was");
}

#[test]
fn a_quotation_belongs_to_whoever_is_named_beside_it() {
    let cases = [
        // What stands behind "he said" is circumstance.
        (
            "“We have come a long way,” he said in his speech that night.",
            "said",
            "“We have come a long way,”",
        ),
        // A tag in the plural.
        (
            "“We do not understand the need,” the two write.",
            "write",
            "“We do not understand the need,”",
        ),
        // It goes on at the head of a sentence that goes on in other words.
        (
            "“We are in good shape,” Devine said. “We could win enough seats here and in the south,” which vote in June.",
            "said",
            "“We are in good shape,” | “We could win enough seats here and in the south,”",
        ),
        (
            "She told them, “I am a negotiator like you,” and, “Is there anyone here who is not?”",
            "told",
            "“I am a negotiator like you,” | “Is there anyone here who is not?”",
        ),
        // The verb stands in the sentence before.
        (
            "Moe agreed with them. “The cap has to go now.”",
            "agreed with",
            "them | “The cap has to go now.”",
        ),
        (
            "The envoy spoke up in the hall at last. “There is no paper.”",
            "spoke",
            "“There is no paper.”",
        ),
        // A comma within the closing mark ends what is said as one outside it does.
        (
            "Vidal stressed that “the way ahead is to work together,” suggesting a vote.",
            "stressed",
            "that “the way ahead is to work together,”",
        ),
        (
            "She decried the “masters of the trade,” and he left.",
            "decried",
            "the “masters of the trade,”",
        ),
        (
            "She decried the “masters of the trade,” a group of ten firms.",
            "decried",
            "the “masters of the trade,”",
        ),
        (
            "She decried the “masters of the trade,” “thieves” and the banks.",
            "decried",
            "the “masters of the trade,” “thieves” and the banks",
        ),
    ];
    for (text, cue, content) in cases {
        assert_eq!(words(text, &with(text, cue)).2, content, "{text}");
    }
}

#[test]
fn a_long_quotation_is_a_statement_whatever_stands_beside_it_and_a_short_one_a_name() {
    let long = "The banner over the gate carried “we will not leave this river before the water is shared by all”.";
    let found = statements(long);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].cue.of(long), "carried");
    assert_eq!(found[0].source.unwrap().of(long), "The banner over the gate");
    let alone = "“We will not leave this river before the water is shared by all of us.”";
    let found = statements(alone);
    assert_eq!((found.len(), found[0].source, found[0].speech), (1, None, Speech::Direct));
    assert!(statements("The banner over the gate carried “Water for all”.").is_empty());
}

#[test]
fn a_pronoun_stands_for_the_last_speaker_only_where_one_spoke() {
    let of = |text: &str| {
        let found = statements(text);
        antecedents(text, &found).pop().unwrap().map(|s| s.of(text).to_owned())
    };
    assert_eq!(
        of("Steve Witkoff said a deal was near. He added that it was fair.").as_deref(),
        Some("Steve Witkoff")
    );
    assert_eq!(
        of(
            "Steve Witkoff said it was near. Abbas Araghchi said it was not. He added that it was far."
        ),
        None
    );
    assert_eq!(of("Mrs. Clinton said it was near. He added that it was far."), None);
    assert_eq!(of("The envoy said a deal was near. He added that it was fair."), None);
    assert_eq!(
        of("Steve Witkoff flew to Muscat. The deal was near, Witkoff said.").as_deref(),
        Some("Steve Witkoff")
    );
    assert_eq!(of("They met. The ministry said that it would wait."), None);
}

/// A row of numbers from a seed: the generator of Steele, Lea and Flood, SplitMix64.
struct Seeded(u64);

impl Seeded {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n.max(1) as u64) as usize
    }
}

/// A text with a few characters lost, doubled, exchanged or put in.
fn mutated(text: &[char], seeded: &mut Seeded) -> String {
    const MARKS: &[char] = &[
        '“', '”', '"', '\'', '’', '‘', ',', '.', ':', ' ', '\n', '\n', '(', ')', '—', 'ß',
        '\u{301}', '🙂', '\0', '\u{2028}', 'İ', '1',
    ];
    let mut text = text.to_vec();
    for _ in 0..1 + seeded.below(12) {
        let at = seeded.below(text.len());
        match seeded.below(5) {
            0 if text.len() > 1 => drop(text.remove(at)),
            1 => text.insert(at, MARKS[seeded.below(MARKS.len())]),
            2 => text.truncate(at + 1),
            3 => {
                let part: Vec<char> = text[at..(at + 20).min(text.len())].to_vec();
                text.splice(at..at, part);
            }
            _ => text[at] = MARKS[seeded.below(MARKS.len())],
        }
    }
    text.into_iter().collect()
}

/// Whether all spans lie on character boundaries and in order, and what is nested is there.
fn sound(text: &str, found: &[ReportedStatement]) {
    for (number, statement) in found.iter().enumerate() {
        for span in statement
            .source
            .iter()
            .chain([&statement.cue])
            .chain(&statement.content)
            .chain(&statement.addressee)
        {
            assert!(
                span.start < span.end && text.get(span.start..span.end).is_some(),
                "{span:?} in {text:?}"
            );
        }
        assert!(!statement.content.is_empty());
        assert!(statement.within.is_none_or(|w| w < found.len() && w != number));
    }
    for span in antecedents(text, found).into_iter().flatten() {
        assert!(text.get(span.start..span.end).is_some());
    }
    assert!(found.windows(2).all(|w| w[0].cue.start <= w[1].cue.start));
}

/// An article of our own with all that the rules look at.
const ARTICLE: &str = "Talks ‘near a deal,’ envoy says\n\nMUSCAT — Iran’s foreign minister, Abbas Araghchi, said on Monday \
that the talks were “serious.” “We will not give up enrichment,” he told reporters. “That is final.\n\n“But we can talk,” \
he added.\n\nThe White House, however, demanded that Iran export its stockpile, according to two officials. Axios reported \
that Witkoff told Araghchi: “Time is short.” Mr. Trump has ruled out a delay and threatened to act; Tehran denied that it \
had asked for one. \"Is this over?\" asked one diplomat, 57, who spoke of ''a mess.'' Oman is open to a fourth round — \
and insists that both sides, in turn, want it. Rubio: \"No comment.\"";

#[test]
fn long_texts_that_repeat_one_thing_are_read() {
    for part in ["he said ", "“a", "\"a\" he said ", "“a\n\n", "he said, ", "X, Y, ", "that ", "' "]
    {
        let text = part.repeat(20_000);
        sound(&text, &statements(&text));
    }
}

#[test]
fn ten_thousand_broken_texts_are_read_without_a_panic() {
    let characters: Vec<char> = ARTICLE.chars().collect();
    let mut seeded = Seeded(7);
    for text in ["", " ", "\n\n", "“", "\"", "said", ": “", "he said", ", said"] {
        sound(text, &statements(text));
    }
    for _ in 0..10_000 {
        let text = mutated(&characters, &mut seeded);
        sound(&text, &statements(&text));
    }
}

/// A folder of annotations with one line a sentence: source, cue, content parted by `|`.
fn annotated(folder: &Path, lines: &[&str]) {
    let (mut text, mut marks, mut number) = (String::new(), String::new(), 0);
    for line in lines {
        let parts: Vec<&str> = line.split('|').collect();
        let mut ids = Vec::new();
        for (kind, part) in ["Source", "Cue", "Content"].iter().zip(&parts) {
            number += 1;
            let start = text.chars().count();
            text.push_str(part);
            marks += &format!("T{number}\t{kind} {start} {}\t{part}\n", text.chars().count());
            ids.push(format!("{kind}:T{number}"));
            text.push(' ');
        }
        text.pop();
        text.push_str(".\n\n");
        marks += &format!("E{number}\t{}\n", ids.join(" "));
    }
    for (part, file, content) in [("text", "a.txt", text), ("attributions", "a_x.ann", marks)] {
        std::fs::create_dir_all(folder.join(part)).unwrap();
        std::fs::write(folder.join(part).join(file), content).unwrap();
    }
}

/// Twenty sentences with a verb that no lexicon holds.
fn lines() -> Vec<String> {
    let names = ["Müller", "The envoy", "Araghchi", "Tehran", "The White House"];
    let contents =
        ["that talks go on", "that a deal is near", "that nothing is agreed", "that time is short"];
    names.iter().flat_map(|n| contents.iter().map(move |c| format!("{n}|blorbed|{c}"))).collect()
}

#[test]
fn trained_fields_learn_a_verb_that_the_rules_do_not_know() {
    let folder = tempfile::tempdir().unwrap();
    let lines = lines();
    annotated(folder.path(), &lines.iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(evaluate(folder.path()).unwrap().cue_f, 0.0);
    let out = folder.path().join("weights");
    let training = train(folder.path(), &out).unwrap();
    assert_eq!((training.documents, training.attributions), (1, 20));
    assert_eq!(training.bytes as u64, std::fs::metadata(&out).unwrap().len());
    let engine = Crf::load(&out).unwrap();
    let text = "The minister blorbed that talks will end.";
    let found = engine.statements(text);
    assert_eq!(
        words(text, &found[0]),
        ("The minister".to_owned(), "blorbed".to_owned(), "that talks will end".to_owned())
    );
    let whole = agreement(&engine, &read(folder.path()).unwrap());
    assert!(whole.cue_f > 95.0 && whole.whole_f > 90.0, "{whole:?}");
    let mut seeded = Seeded(11);
    let characters: Vec<char> = ARTICLE.chars().collect();
    for _ in 0..300 {
        let text = mutated(&characters, &mut seeded);
        sound(&text, &engine.statements(&text));
    }
}

#[test]
fn weights_that_are_cut_off_changed_or_of_another_kind_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let lines = lines();
    annotated(folder.path(), &lines.iter().map(String::as_str).collect::<Vec<_>>());
    let out = folder.path().join("weights");
    train(folder.path(), &out).unwrap();
    let whole = std::fs::read(&out).unwrap();
    let refused = |content: &[u8]| {
        std::fs::write(&out, content).unwrap();
        Crf::load(&out).unwrap_err().to_string()
    };
    assert!(refused(&whole[..whole.len() - 1]).contains("cut off"));
    let mut changed = whole.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert!(refused(&changed).contains("changed"));
    assert!(refused(b"lCRF").contains("first line"));
    assert!(refused(b"winset-text crf 1\n").contains("train anew"));
    assert!(refused(b"winset-text crf 2\n{}\n").contains("second line"));
    assert!(refused(b"winset-text crf 2\n").contains("second line"));
    assert!(matches!(Crf::load(&folder.path().join("none")), Err(CrfError::File { .. })));
    assert!(matches!(train_on(&[], &out), Err(CrfError::TooFew)));
}

#[test]
fn a_folder_that_is_no_annotations_is_refused_by_file_and_line() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(read(folder.path()), Err(BratError::Read { .. })));
    std::fs::create_dir_all(folder.path().join("attributions")).unwrap();
    assert!(matches!(read(folder.path()), Err(BratError::Empty { .. })));
    annotated(folder.path(), &["Müller|said|so"]);
    let one = read(folder.path()).unwrap();
    assert_eq!(one[0].attributions[0].cue[0].of(&one[0].text), "said");
    std::fs::write(folder.path().join("attributions/a_x.ann"), "# a note\nT1\tCue 5 99999\tsaid\n")
        .unwrap();
    let error = read(folder.path()).unwrap_err().to_string();
    assert!(error.contains("line 2") && error.contains("5 99999"), "{error}");
    std::fs::write(folder.path().join("attributions/b.ann"), "").unwrap();
    std::fs::remove_file(folder.path().join("attributions/a_x.ann")).unwrap();
    assert!(matches!(read(folder.path()), Err(BratError::NoText { .. })));
}

/// The folder of articles with attributions, unpacked below the folder of the build.
fn polnear(test: &str) -> Option<PathBuf> {
    let archive = data(test, "polnear/train_dev.tgz")?;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("polnear");
    static UNPACKED: std::sync::Once = std::sync::Once::new();
    UNPACKED.call_once(|| {
        std::fs::create_dir_all(&folder).unwrap();
        let done =
            Command::new("tar").arg("xzf").arg(&archive).arg("-C").arg(&folder).status().unwrap();
        assert!(done.success());
    });
    Some(folder.join("data"))
}

#[test]
fn rules_agree_with_people_on_articles() {
    let Some(folder) = polnear("rules_agree_with_people_on_articles") else { return };
    let found = evaluate(&folder.join("dev")).unwrap();
    assert!(found.cue_f >= 73.5 && found.content_f >= 63.0 && found.source_f >= 72.0, "{found:?}");
    assert!(found.direct_p >= 93.5 && found.direct_r >= 93.0, "{found:?}");
}

#[test]
fn every_article_is_read_without_a_panic_and_so_are_broken_ones() {
    let Some(folder) = polnear("every_article_is_read_without_a_panic_and_so_are_broken_ones")
    else {
        return;
    };
    let mut seeded = Seeded(3);
    let mut articles = 0;
    for part in ["train", "dev"] {
        for entry in std::fs::read_dir(folder.join(part).join("text")).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            sound(&text, &statements(&text));
            let text = mutated(&text.chars().collect::<Vec<_>>(), &mut seeded);
            sound(&text, &statements(&text));
            articles += 1;
        }
    }
    assert_eq!(articles, 924);
}

#[test]
fn fields_trained_on_a_part_of_the_articles_agree_better_than_rules() {
    let Some(folder) = polnear("fields_trained_on_a_part_of_the_articles_agree_better_than_rules")
    else {
        return;
    };
    // A third of the articles reaches the marks below; a fifth is too few for contents.
    let part: Vec<_> = read(&folder.join("train")).unwrap().into_iter().step_by(3).collect();
    let out = tempfile::tempdir().unwrap();
    let out = out.path().join("weights");
    train_on(&part, &out).unwrap();
    let dev = read(&folder.join("dev")).unwrap();
    let (trained, rules) =
        (agreement(&Crf::load(&out).unwrap(), &dev), agreement(&Outermost, &dev));
    assert!(
        trained.cue_f > rules.cue_f && trained.content_f > rules.content_f,
        "{trained:?}\n{rules:?}"
    );
    assert!(
        trained.cue_f >= 76.0 && trained.content_f >= 68.0 && trained.source_f >= 75.0,
        "{trained:?}"
    );
    assert!(trained.direct_p >= 93.0 && trained.direct_r >= 92.0, "{trained:?}");
}
