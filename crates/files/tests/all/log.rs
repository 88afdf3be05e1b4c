//! The chain and its faults, what was said when, replay, remarks, series for scores, export.
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use winset_files::log::{
    ChainFault, ChainHead, Clock, GENESIS, Log, LogEntry, LogError, LogKind, LogStatement, Opened,
    Outcome, Replayed, Tail, Unproved, Writer, crowd_csv, day_number, find, questions, read,
    read_bytes, remarks, replay, said_on, scored, standing, worded_anew,
};
use winset_methods::score::{ScoreDivision, card, habits};

const QUESTION: &str = "deal-by-june";

fn april(day: i8) -> Date {
    date(2025, 4, day)
}

/// An update told from one day of April and made at noon of another.
fn update(as_of: i8, made: i8, p: f64) -> LogStatement {
    let made = Timestamp::from_second(day_number(april(made)) * 86_400 + 43_200).unwrap();
    let mut s = LogStatement::new(LogKind::Update, QUESTION, april(as_of), made, "an analyst");
    s.p = Some(p);
    s
}

fn kind(mut s: LogStatement, kind: LogKind) -> LogStatement {
    s.kind = kind;
    s
}

fn correction(of: &str, s: LogStatement) -> LogStatement {
    let s = LogStatement { supersedes: Some(of.into()), rationale: Some("a slip".into()), ..s };
    kind(s, LogKind::Correction)
}

fn resolution(outcome: Outcome, on: Date) -> LogStatement {
    let made = Timestamp::from_second(day_number(on) * 86_400 + 50_000).unwrap();
    let mut s = LogStatement::new(LogKind::Resolution, QUESTION, on, made, "an analyst");
    (s.outcome, s.resolved_on) = (Some(outcome), Some(on));
    s
}

fn written(statements: &[LogStatement]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.jsonl");
    let (mut writer, opened) = Writer::open(&path, Duration::ZERO).unwrap();
    assert_eq!(opened, Opened::Sound);
    for s in statements {
        writer.append(s.clone()).unwrap();
        assert!(writer.note_error().is_none());
    }
    (folder, path)
}

fn entries(statements: &[LogStatement]) -> Vec<LogEntry> {
    read(&written(statements).1).unwrap().entries
}

fn five() -> Vec<u8> {
    let list: Vec<LogStatement> = (1..=5).map(|d| update(d, d, f64::from(d) / 10.0)).collect();
    std::fs::read(written(&list).1).unwrap()
}

/// The bytes of a log in another order of lines.
fn arranged(bytes: &[u8], order: &[usize]) -> Vec<u8> {
    let lines: Vec<&[u8]> = bytes.split_inclusive(|&b| b == b'\n').collect();
    order.iter().flat_map(|&i| lines[i - 1].to_vec()).collect()
}

fn named(log: &Log) -> Vec<String> {
    log.problems.iter().map(ToString::to_string).collect()
}

#[test]
fn a_log_comes_back_as_it_was_written() {
    let mut full = update(18, 18, 0.1 + 0.2);
    full.by = Some(date(2025, 6, 30));
    full.cdf = vec![(april(30), 0.01), (date(2025, 6, 30), 1.0 / 3.0)];
    full.term = Some("unlikely".into());
    full.confidence = Some(winset_methods::score::Level::Moderate);
    full.seed = Some(u64::MAX);
    full.draws = Some(20_000);
    full.delta_logit = Some(-1e-300);
    full.references.insert("base rate".into(), 0.14);
    full.tags = vec!["iran".into()];
    full.rationale = Some("“quotes”, \\ and\nlines \u{0} 🙂".into());
    let read = entries(&[full.clone()]);
    assert_eq!(read[0].statement, full);
    assert_eq!((read[0].id.as_str(), read[0].prev_hash.as_str()), ("f1", GENESIS));
}

#[test]
fn the_hash_is_the_documented_one() {
    // Second implementation of the guide's page: the line without its hash, hashed.
    let bytes = five();
    let mut prev = GENESIS.to_string();
    for line in std::str::from_utf8(&bytes).unwrap().lines() {
        let (body, hash) = line.rsplit_once(",\"hash\":\"").unwrap();
        let hash = hash.strip_suffix("\"}").unwrap();
        assert_eq!(blake3::hash(format!("{body}}}").as_bytes()).to_hex().as_str(), hash);
        assert!(body.ends_with(&format!("\"prev_hash\":\"{prev}\"")));
        prev = hash.to_string();
    }
}

#[test]
fn every_changed_byte_is_named_by_its_line() {
    let bytes = five();
    let head = read_bytes(&bytes, None).head();
    let mut line = 1;
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let log = read_bytes(&changed, Some(&head));
        let first = log.problems.first().unwrap_or_else(|| panic!("byte {at} goes unnoticed"));
        assert_eq!(first.line(), line, "byte {at}: {:?}", named(&log));
        if bytes[at] == b'\n' {
            line += 1;
        } else {
            assert_eq!(log.problems.len(), 1, "byte {at}: {:?}", named(&log));
        }
    }
}

#[test]
fn a_number_changed_with_care_is_named() {
    let text = String::from_utf8(five()).unwrap().replace("\"p\":0.3", "\"p\":0.9");
    let log = read_bytes(text.as_bytes(), None);
    assert_eq!(log.problems, [ChainFault::Changed { line: 3, id: "f3".into() }]);
    assert_eq!(named(&log), ["line 3: f3 was changed"]);
}

#[test]
fn dropped_lines_are_named() {
    let bytes = five();
    let head = read_bytes(&bytes, None).head();
    let faults = |order: &[usize]| named(&read_bytes(&arranged(&bytes, order), Some(&head)));
    assert_eq!(faults(&[1, 2, 3, 4, 5]), Vec::<String>::new());
    assert_eq!(faults(&[2, 3, 4, 5]), ["line 1: f1 is missing before it"]);
    assert_eq!(faults(&[1, 2, 4, 5])[0], "line 3: f3 is missing before it");
    assert_eq!(faults(&[1, 5])[0], "line 2: f2 to f4 are missing before it");
    assert_eq!(faults(&[1, 2, 3, 4]), ["line 5: f5 is missing before it"]);
    assert_eq!(faults(&[]), ["line 1: f1 to f5 are missing before it"]);
}

#[test]
fn moved_repeated_and_foreign_lines_are_named() {
    let bytes = five();
    let faults = |order: &[usize]| named(&read_bytes(&arranged(&bytes, order), None));
    assert_eq!(
        faults(&[1, 3, 2, 4, 5]),
        [
            "line 2: f3 was moved, it belongs after line 3",
            "line 3: f2 was moved, it belongs after line 1",
            "line 4: f4 was moved, it belongs after line 2",
        ]
    );
    assert_eq!(faults(&[5, 1, 2, 3, 4])[1], "line 2: f1 was moved, it belongs at the start");
    assert_eq!(faults(&[1, 2, 2, 3, 4, 5]), ["line 3: repeats line 2"]);
    let list = [update(1, 1, 0.1), update(2, 2, 0.7), update(3, 3, 0.8)];
    let other = std::fs::read(written(&list).1).unwrap();
    let mixed = [arranged(&bytes, &[1, 2]), arranged(&other, &[3])].concat();
    assert_eq!(
        named(&read_bytes(&mixed, None)),
        ["line 3: f3 follows an entry that is not in this log"]
    );
}

/// What version control does to a log is named for what it is.
#[test]
fn a_fork_and_changed_line_ends_are_named() {
    let ours = [update(1, 1, 0.1), update(2, 2, 0.2), update(3, 3, 0.3)];
    let theirs = [update(1, 1, 0.1), update(2, 2, 0.8), update(3, 3, 0.9)];
    let (ours, theirs) =
        (std::fs::read(written(&ours).1).unwrap(), std::fs::read(written(&theirs).1).unwrap());
    let merged = [ours.clone(), arranged(&theirs, &[2, 3])].concat();
    assert_eq!(
        named(&read_bytes(&merged, None)),
        [
            "line 4: f2 follows the same entry as line 2: the log forked, and both branches are in it"
        ]
    );
    // Two logs, one behind the other.
    let other = [ours.clone(), std::fs::read(written(&[update(9, 9, 0.4)]).1).unwrap()].concat();
    let faults = read_bytes(&other, None).problems;
    assert_eq!(faults, [ChainFault::Forked { line: 4, id: "f1".into(), of: 1 }]);
    let text = String::from_utf8(ours.clone()).unwrap();
    let crlf = read_bytes(text.replace('\n', "\r\n").as_bytes(), None);
    assert_eq!(crlf.problems, [ChainFault::LineEnds { line: 1 }]);
    assert_eq!(crlf.entries, read_bytes(&ours, None).entries);
    for fault in [&faults[0], &crlf.problems[0]] {
        assert!(!fault.hint().contains("backup"), "{}", fault.hint());
    }
    assert!(crlf.problems[0].hint().contains(".gitattributes"));
}

#[test]
fn a_head_that_was_kept_elsewhere_holds_what_a_head_note_cannot() {
    let bytes = five();
    let whole = read_bytes(&bytes, None);
    let held = |bytes: &[u8], head: &str| {
        let mut log = read_bytes(bytes, None);
        log.hold_against(&head.parse().unwrap());
        (named(&log), log.unproved)
    };
    let kept = whole.head().to_string();
    assert_eq!(held(&bytes, &kept), (Vec::new(), None));
    assert_eq!(held(&bytes, &kept[..2 + 16]), (Vec::new(), None));
    // An older one proves what it knew.
    let third = format!("3:{}", whole.entries[2].hash);
    assert_eq!(held(&bytes, &third), (Vec::new(), Some(Unproved::End)));
    let short = arranged(&bytes, &[1, 2, 3, 4]);
    assert_eq!(held(&short, &kept).0, ["line 5: f5 is missing before it"]);
    let wrong = format!("3:{}", whole.entries[3].hash);
    assert_eq!(held(&bytes, &wrong).0.len(), 1);
    for bad in ["", "3", "3:", "x:0123456789abcdef", "3:0123456789abcde", "3:0123456789ABCDEF"] {
        assert!(bad.parse::<ChainHead>().is_err(), "{bad}");
    }
}

#[cfg(unix)]
#[test]
fn a_log_and_its_note_are_never_opened_through_a_link() {
    let root = tempfile::tempdir().unwrap();
    let case = root.path().join("case");
    std::fs::create_dir(&case).unwrap();
    let victim = root.path().join("victim");
    std::fs::write(&victim, "precious").unwrap();
    let path = case.join("log.jsonl");
    std::os::unix::fs::symlink("../victim", &path).unwrap();
    assert!(Writer::open(&path, Duration::ZERO).is_err());
    std::fs::remove_file(&path).unwrap();
    std::os::unix::fs::symlink("../victim", case.join("log.jsonl.head")).unwrap();
    let (mut writer, _) = Writer::open(&path, Duration::ZERO).unwrap();
    writer.append(update(1, 1, 0.1)).unwrap();
    assert!(writer.note_error().is_some());
    assert_eq!(std::fs::read_to_string(&victim).unwrap(), "precious");
    assert_eq!(root.path().read_dir().unwrap().count(), 2);
}

#[test]
fn a_log_written_anew_is_not_the_noted_one() {
    let head = read_bytes(&five(), None).head();
    let list: Vec<LogStatement> = (1..=6).map(|d| update(d, d, 0.5)).collect();
    let other = std::fs::read(written(&list).1).unwrap();
    assert!(read_bytes(&other, None).verifies());
    assert_eq!(read_bytes(&other, None).unproved, Some(Unproved::End));
    assert_eq!(read_bytes(&other, Some(&head)).problems, [ChainFault::Rewritten { line: 5 }]);
    let empty = ChainHead { entries: 0, hash: GENESIS.into() };
    assert!(read_bytes(&other, Some(&empty)).verifies(), "a note may lag behind");
}

#[test]
fn a_tail_torn_at_any_byte_is_set_aside_and_named() {
    let bytes = five();
    let last =
        bytes.len() - 1 - bytes[..bytes.len() - 1].iter().rev().position(|&b| b == b'\n').unwrap();
    for end in last + 1..bytes.len() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.jsonl");
        std::fs::write(&path, &bytes[..end]).unwrap();
        let seen = read(&path).unwrap();
        assert!(seen.verifies());
        let (mut writer, opened) = Writer::open(&path, Duration::ZERO).unwrap();
        if end == bytes.len() - 1 {
            assert_eq!(opened, Opened::LineEnd { line: 5 }, "only the line end was missing");
            assert_eq!(seen.tail, Some(Tail::Unterminated { line: 5 }));
            assert_eq!(writer.append(update(6, 6, 0.3)).unwrap().id, "f6");
            assert!(std::fs::read(&path).unwrap().starts_with(&bytes));
            continue;
        }
        let to = folder.path().join("log.jsonl.torn-1");
        let torn = end - last;
        assert_eq!(opened, Opened::SetAside { to: to.clone(), bytes: torn, line: 5 });
        assert_eq!(std::fs::read(&to).unwrap(), &bytes[last..end]);
        assert_eq!(seen.tail, Some(Tail::Torn { line: 5, start: last, bytes: torn }));
        assert_eq!(writer.append(update(6, 6, 0.3)).unwrap().id, "f5");
        drop(writer);
        let after = read(&path).unwrap();
        assert!(after.verifies() && after.tail.is_none() && after.entries.len() == 5);
    }
}

#[test]
fn a_second_torn_tail_does_not_overwrite_the_first() {
    let (_folder, path) = written(&[update(1, 1, 0.1)]);
    for n in 1..=2 {
        let mut bytes = std::fs::read(&path).unwrap();
        // A page of zeros, as a power cut leaves it, once with a line end behind it.
        bytes.extend([0; 100]);
        bytes.extend(&b"\n"[n % 2..]);
        std::fs::write(&path, bytes).unwrap();
        let (_, opened) = Writer::open(&path, Duration::ZERO).unwrap();
        let Opened::SetAside { to, .. } = opened else { panic!("{opened:?}") };
        assert!(to.to_string_lossy().ends_with(&format!(".torn-{n}")));
        assert!(to.exists());
    }
}

#[test]
fn nothing_is_added_to_a_broken_chain() {
    let (_folder, path) = written(&[update(1, 1, 0.1), update(2, 2, 0.2)]);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("0.1", "0.3")).unwrap();
    let error = Writer::open(&path, Duration::ZERO).unwrap_err();
    assert!(matches!(&error, LogError::Broken { problems, .. } if problems[0].line() == 1));
    assert!(error.to_string().contains("line 1: f1 was changed") && error.hint().is_some());
    // An acknowledged last line whose end was cut off is no torn tail: the note remembers it.
    std::fs::write(&path, &text.as_bytes()[..text.len() - 9]).unwrap();
    let error = Writer::open(&path, Duration::ZERO).unwrap_err();
    assert!(error.to_string().contains("f2 is missing"), "{error}");
    assert_eq!(std::fs::read(&path).unwrap(), &text.as_bytes()[..text.len() - 9]);
}

#[cfg(unix)]
#[test]
fn a_file_that_was_replaced_under_the_writer_is_not_written_to() {
    let (folder, path) = written(&[update(1, 1, 0.1)]);
    let (mut writer, _) = Writer::open(&path, Duration::ZERO).unwrap();
    let other = folder.path().join("other");
    std::fs::copy(&path, &other).unwrap();
    std::fs::rename(&other, &path).unwrap(); // as version control does it
    let error = writer.append(update(2, 2, 0.2)).unwrap_err();
    assert!(error.to_string().contains("replaced or changed"), "{error}");
    assert!(matches!(writer.append(update(2, 2, 0.2)), Err(LogError::Poisoned)));
    let (mut writer, _) = Writer::open(&path, Duration::ZERO).unwrap();
    // An editor that ignores the lock: what it added is not cut off.
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.extend(b"by hand\n");
    std::fs::write(&path, &bytes).unwrap();
    assert!(writer.append(update(2, 2, 0.2)).is_err());
    assert_eq!(std::fs::read(&path).unwrap(), bytes);
}

#[test]
fn an_unreadable_head_note_proves_nothing_and_harms_nothing() {
    let (_folder, path) = written(&[update(1, 1, 0.1)]);
    let note = PathBuf::from(format!("{}.head", path.display()));
    assert_eq!(read(&path).unwrap().unproved, None);
    for bad in ["", "1 abc\n", "x", "                   1 00"] {
        std::fs::write(&note, bad).unwrap();
        let log = read(&path).unwrap();
        assert!(log.verifies() && log.unproved == Some(Unproved::Note), "{bad}");
    }
    // One that is not there is another matter; and its line end is of no account.
    std::fs::remove_file(&note).unwrap();
    assert_eq!(read(&path).unwrap().unproved, Some(Unproved::End));
    let head = read(&path).unwrap().head();
    std::fs::write(&note, format!("1 {}\r\n", head.hash)).unwrap();
    assert_eq!(read(&path).unwrap().unproved, None);
    let (mut writer, _) = Writer::open(&path, Duration::ZERO).unwrap();
    writer.append(update(2, 2, 0.2)).unwrap();
    assert_eq!(read(&path).unwrap().unproved, None);
    assert_eq!(read(Path::new("no/such/log.jsonl")).unwrap().entries, []);
}

#[test]
fn entries_that_do_not_fit_are_refused_and_leave_no_trace() {
    let (_folder, path) = written(&[update(1, 1, 0.1), update(2, 2, 0.2)]);
    let before = std::fs::read(&path).unwrap();
    let (mut writer, _) = Writer::open(&path, Duration::ZERO).unwrap();
    let base = || update(3, 3, 0.3);
    let with = |change: &dyn Fn(&mut LogStatement)| {
        let mut s = base();
        change(&mut s);
        s
    };
    let cases: Vec<(&str, LogStatement)> = vec![
        ("p", with(&|s| s.p = Some(f64::NAN))),
        ("p", with(&|s| s.p = Some(1.01))),
        ("p", with(&|s| s.p = None)),
        ("cdf", with(&|s| s.cdf = vec![(april(9), 0.2), (april(9), 0.3)])),
        ("cdf", with(&|s| s.cdf = vec![(april(9), 0.2), (april(10), 0.1)])),
        ("references", with(&|s| _ = s.references.insert("crowd".into(), -0.1))),
        ("attribution", with(&|s| s.delta_logit = Some(f64::INFINITY))),
        ("question", with(&|s| s.question = "Deal by June?".into())),
        ("author", with(&|s| s.author = " ".into())),
        ("supersedes", with(&|s| s.supersedes = Some("f1".into()))),
        ("outcome", with(&|s| s.outcome = Some(Outcome::Yes))),
        ("p", kind(base(), LogKind::Reaffirm)), // 0.3, but 0.2 stands
        ("kind", kind(with(&|s| s.question = "another".into()), LogKind::Reaffirm)),
        ("supersedes", kind(base(), LogKind::Correction)),
        ("supersedes", correction("f9", base())),
        ("outcome", kind(with(&|s| s.p = None), LogKind::Resolution)),
        ("question", {
            let r = resolution(Outcome::No, april(20));
            LogStatement { question: "another".into(), ..r }
        }),
    ];
    for (field, statement) in cases {
        match writer.append(statement.clone()) {
            Err(LogError::Entry { field: found, .. }) => assert_eq!(found, field, "{statement:?}"),
            other => panic!("{statement:?}: {other:?}"),
        }
    }
    assert_eq!(std::fs::read(&path).unwrap(), before);
    writer.append(correction("f2", base())).unwrap();
    let again = writer.append(correction("f2", base())).unwrap_err();
    assert!(again.to_string().contains("replaced by f3 already"), "{again}");
    writer.append(resolution(Outcome::No, april(20))).unwrap();
    assert!(writer.append(base()).unwrap_err().to_string().contains("is resolved"));
    assert!(writer.append(resolution(Outcome::Yes, april(20))).is_err());
    let mut amended = resolution(Outcome::Void, april(21));
    amended.supersedes = Some("f4".into());
    assert_eq!(writer.append(amended).unwrap().id, "f5");
}

#[test]
fn what_was_said_is_kept_apart_from_what_was_told_later() {
    let log = entries(&[
        update(10, 10, 0.40),
        update(16, 16, 0.30),
        update(17, 25, 0.20), // entered a week later, told from the 17th
        update(20, 20, 0.10),
        correction("f2", update(16, 22, 0.35)), // the slip was found on the 22nd
    ]);
    let id = |e: Option<&LogEntry>| e.map(|e| e.id.clone());
    let said = said_on(&log, QUESTION, april(18));
    assert_eq!(id(said.said), Some("f2".into()), "neither hindsight nor the later correction");
    let later: Vec<&str> = said.told_later.iter().map(|e| e.id.as_str()).collect();
    assert_eq!(later, ["f3", "f5"]);
    assert_eq!(id(said_on(&log, QUESTION, april(9)).said), None);
    assert_eq!(id(standing(&log, QUESTION, april(18), None)), Some("f3".into()));
    assert_eq!(id(standing(&log, QUESTION, april(16), None)), Some("f5".into()));
    assert_eq!(id(standing(&log, QUESTION, april(30), None)), Some("f4".into()));
    assert_eq!(id(find(&log, "f3")), Some("f3".into()));
    assert_eq!(id(find(&log, &log[3].hash[..8])), Some("f4".into()));
    assert_eq!(find(&log, &log[3].hash[..7]), None);
    assert_eq!(questions(&log), [QUESTION]);
}

/// The first number is corrected when the second has long been said.
#[test]
fn the_correction_of_an_older_number_is_not_what_was_said_last() {
    let two = [update(1, 1, 0.5), update(6, 6, 0.2)];
    let late = correction("f1", update(1, 9, 0.9));
    let hindsight = update(3, 8, 0.8);
    let log = entries(&[two[0].clone(), two[1].clone(), hindsight, late]);
    let id = |e: Option<&LogEntry>| e.map(|e| e.id.clone());
    assert_eq!(id(said_on(&log, QUESTION, april(10)).said), Some("f2".into()));
    let of = |log: &[LogEntry], clock| {
        let mut first = log.to_vec();
        first.push(entries(&[two[0].clone(), resolution(Outcome::No, april(11))]).remove(1));
        let q = scored(&first, clock, &BTreeMap::new()).remove(0);
        let stands = q.question.series.stands();
        stands.iter().map(|s| (s.day - day_number(april(1)) + 1, s.p)).collect::<Vec<_>>()
    };
    assert_eq!(of(&log, Clock::MadeAt), [(1, 0.5), (6, 0.2)]);
    assert_eq!(of(&log, Clock::AsOf), [(1, 0.9), (3, 0.8), (6, 0.2)]);
    // Told from one day, it stands before what was said after what it corrects.
    let same =
        entries(&[update(1, 1, 0.5), update(1, 2, 0.2), correction("f1", update(1, 9, 0.9))]);
    assert_eq!(id(standing(&same, QUESTION, april(10), None)), Some("f2".into()));
    assert_eq!(of(&same, Clock::MadeAt), [(1, 0.5), (2, 0.2)]);
    // And the correction of what stands takes over.
    let last =
        entries(&[update(1, 1, 0.5), update(6, 6, 0.2), correction("f2", update(6, 9, 0.3))]);
    assert_eq!(of(&last, Clock::MadeAt), [(1, 0.5), (6, 0.2), (9, 0.3)]);
}

#[test]
fn an_entry_is_computed_again_or_says_why_not() {
    let mut s = update(18, 18, 0.27);
    (s.model_version, s.inputs_hash) = (Some("1.2.0".into()), Some("abc".into()));
    (s.seed, s.draws) = (Some(7), Some(1000));
    let log = entries(&[s, update(19, 19, 0.2)]);
    let ask = |version, fingerprint, now: f64| {
        replay(&log[0], version, fingerprint, |seed, draws| {
            assert_eq!((seed, draws), (7, 1000));
            Ok(now)
        })
    };
    assert_eq!(ask("1.2.0", "abc", 0.27), Replayed::Same { p: 0.27 });
    let differs = Replayed::Differs { logged: 0.27, now: 0.28 };
    assert_eq!(ask("1.2.0", "abc", 0.28), differs);
    let why = |r| match r {
        Replayed::Cannot { why, was_computed } => (why, was_computed),
        other => panic!("{other:?}"),
    };
    let (older, _) = why(ask("1.3.0", "abc", 0.27));
    assert!(older.contains("made with model 1.2.0; this is model 1.3.0"));
    let changed = why(ask("1.2.0", "def", 0.27));
    assert!(changed.0.contains("was abc, now def") && changed.1);
    let by_hand = replay(&log[1], "1.2.0", "abc", |_, _| panic!("nothing to compute"));
    let by_hand = why(by_hand);
    assert!(by_hand.0.contains("by hand") && !by_hand.1);
    let failed = replay(&log[0], "1.2.0", "abc", |_, _| Err("no case".into()));
    assert_eq!(why(failed), ("no case".to_owned(), true));
}

#[test]
fn remarks_ask_for_reasons_and_point_at_what_has_aged() {
    let mut first = update(1, 1, 0.30);
    first.cdf = vec![(april(11), 0.10), (date(2025, 6, 30), 0.40)];
    let log = entries(&[first]);
    let codes = |new: Option<&LogStatement>, today| {
        remarks(&log, new, today).into_iter().map(|r| r.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(None, april(8)), Vec::<&str>::new()); // 0.07 of 0.40 has passed
    assert_eq!(codes(None, april(9)), ["mass-passed"]); // 0.08 of 0.40
    assert_eq!(codes(None, april(16)), ["stale", "mass-passed"]);
    assert_eq!(codes(Some(&update(5, 5, 0.39)), april(5)), Vec::<&str>::new());
    let moved = update(5, 5, 0.40);
    assert_eq!(codes(Some(&moved), april(5)), ["needs-reason"]);
    let reasoned = LogStatement { rationale: Some("talks resume".into()), ..moved };
    assert_eq!(codes(Some(&reasoned), april(5)), Vec::<&str>::new());
    assert_eq!(codes(Some(&update(3, 5, 0.3)), april(5)), ["backdated"]);
    let mut early = update(5, 5, 0.3);
    early.made_at = Timestamp::from_second(0).unwrap();
    assert_eq!(codes(Some(&early), april(5)), ["clock"]);
}

#[test]
fn a_resolved_log_is_lined_up_for_scoring() {
    // Told: 0.5 from the 1st, 0.2 from the 6th, no on the 11th, the last day. The 2nd was made on the 8th.
    let mut first = update(1, 1, 0.5);
    first.references.insert("base rate".into(), 0.4);
    first.by = Some(april(11));
    first.tags = vec!["iran".into()];
    let log = entries(&[first, update(6, 8, 0.2), resolution(Outcome::No, april(11))]);
    let crowd = crowd_csv("date,p,question\n2025-04-03, 30%,deal-by-june\n").unwrap();
    let score = |clock| {
        let lined_up = scored(&log, clock, &crowd);
        assert_eq!(lined_up.len(), 1);
        let questions = vec![lined_up[0].question.clone()];
        (card(&questions, ScoreDivision::All).remove(0), lined_up[0].clone())
    };
    let (told, q) = score(Clock::AsOf);
    assert!((told.brier - (5.0 * 0.25 + 5.0 * 0.04) / 10.0).abs() < 1e-12);
    assert_eq!((q.question.period.as_str(), q.told_after), ("2025-Q2", 0));
    let (said, _) = score(Clock::MadeAt);
    assert!((said.brier - (7.0 * 0.25 + 3.0 * 0.04) / 10.0).abs() < 1e-12);
    let against = |name: &str| said.skills.iter().find(|s| s.against == name).unwrap();
    assert!((against("base rate").theirs - 0.16).abs() < 1e-12);
    assert!((against("crowd").theirs - 0.09).abs() < 1e-12);
    assert!((against("crowd").ours - (5.0 * 0.25 + 3.0 * 0.04) / 8.0).abs() < 1e-12);
    let h = habits(&q.revisions, q.question.closed).unwrap();
    assert_eq!((h.updates, h.large, h.large_reasoned), (1, 1, 0));
}

/// Told: .9 on 1 October, .01 on 30 December. Ninety days of .81 and one of .0001, whenever the
/// answer is entered: .8011.
#[test]
fn the_day_of_the_answer_does_not_dilute_the_score() {
    let by = date(2026, 12, 31);
    let told = |day: Date, p: f64| {
        let made = Timestamp::from_second(day_number(day) * 86_400 + 43_200).unwrap();
        let mut s = LogStatement::new(LogKind::Update, QUESTION, day, made, "an analyst");
        (s.p, s.by, s.rationale) = (Some(p), Some(by), Some("news".into()));
        s
    };
    let two = [told(date(2026, 10, 1), 0.9), told(date(2026, 12, 30), 0.01)];
    let none = BTreeMap::new();
    for on in [by, date(2027, 3, 31), date(2030, 12, 31)] {
        let log = entries(&[two[0].clone(), two[1].clone(), resolution(Outcome::No, on)]);
        for clock in [Clock::MadeAt, Clock::AsOf] {
            let q = scored(&log, clock, &none).remove(0);
            let brier = card(std::slice::from_ref(&q.question), ScoreDivision::All)[0].brier;
            assert!((brier - (90.0 * 0.81 + 0.0001) / 91.0).abs() < 1e-12, "{on} {brier}");
            assert_eq!(q.question.period, "2026-Q4");
        }
        let closed = remarks(&entries(&two), Some(&resolution(Outcome::No, on)), on);
        assert_eq!(closed.iter().any(|r| r.code == "closed"), on > by);
    }
    // Nor does a no before the last day, on which it may still happen.
    let early = resolution(Outcome::No, date(2026, 10, 5));
    let q = scored(&entries(&[two[0].clone(), early.clone()]), Clock::MadeAt, &none).remove(0);
    assert_eq!(q.question.closed, day_number(by));
    let said = remarks(&entries(&two[..1]), Some(&early), date(2026, 10, 5));
    assert!(said.iter().any(|r| r.code == "early"));
    // What happens closes the question on its day.
    let log = entries(&[two[0].clone(), two[1].clone(), resolution(Outcome::Yes, by)]);
    assert!(scored(&log, Clock::MadeAt, &none)[0].question.happened);
}

#[test]
fn days_on_which_a_question_cannot_have_ended_are_refused() {
    let mut first = update(5, 5, 0.5);
    first.by = Some(april(20));
    let (_folder, path) = written(&[first, update(8, 8, 0.4)]);
    let (mut writer, _) = Writer::open(&path, Duration::ZERO).unwrap();
    let mut refused = |outcome, on: Date, made: i8, says: &str| {
        let mut s = resolution(outcome, on);
        s.made_at = update(1, made, 0.5).made_at;
        let why = writer.append(s).unwrap_err().to_string();
        assert!(why.contains("resolved_on") && why.contains(says), "{why}");
    };
    refused(Outcome::Yes, april(21), 28, "is after it");
    refused(Outcome::No, april(4), 28, "before 2025-04-05");
    for outcome in [Outcome::Yes, Outcome::No, Outcome::Void] {
        refused(outcome, april(19), 17, "has not come yet");
    }
    assert_eq!(writer.log().entries.len(), 2);
    // It is the 18th in Auckland while it is the 17th here.
    let mut early = resolution(Outcome::Yes, april(18));
    early.made_at = update(1, 17, 0.5).made_at;
    writer.append(early).unwrap();
}

#[test]
fn a_question_that_was_worded_anew_is_named() {
    let worded = |day: i8, text: &str, yes: &str| {
        let mut s = update(day, day, 0.5);
        s.word(text, yes);
        s
    };
    let list = [
        update(1, 1, 0.5),
        worded(2, "Will they sign?", ""),
        worded(3, "Will they sign?", ""),
        worded(4, "Will pigs fly?", "anything"),
    ];
    let log = entries(&list);
    // An old entry holds no words, and is read all the same.
    assert_eq!((log[0].text.as_deref(), log[1].yes.as_deref()), (None, None));
    assert_eq!(worded_anew(&log[..3], QUESTION), None);
    let (before, after) = worded_anew(&log, QUESTION).unwrap();
    assert_eq!((before.id.as_str(), after.id.as_str()), ("f3", "f4"));
    let anew = |entries: &[LogEntry], new: &LogStatement| {
        remarks(entries, Some(new), april(4)).into_iter().find(|r| r.code == "worded-anew")
    };
    let said = anew(&log[..3], &list[3]).unwrap().message;
    assert_eq!(said, "worded anew since f3: it was “Will they sign?”");
    assert_eq!(anew(&log[..2], &list[2]), None);
    assert_eq!(anew(&log[..1], &list[1]), None);
}

#[test]
fn hindsight_is_counted_and_void_questions_are_not_scored() {
    let yes = entries(&[update(1, 1, 0.5), resolution(Outcome::Yes, april(11))]);
    let mut late = update(2, 28, 0.99);
    (late.kind, late.supersedes) = (LogKind::Correction, Some("f1".into()));
    late.rationale = Some("hindsight".into());
    let (_folder, path) = written(&[update(1, 1, 0.5), resolution(Outcome::Yes, april(11)), late]);
    let log = read(&path).unwrap().entries;
    let none = BTreeMap::new();
    let said = &scored(&log, Clock::MadeAt, &none)[0];
    let before = &scored(&yes, Clock::MadeAt, &none)[0];
    assert_eq!(said.told_after, 1);
    let brier = |q: &winset_files::log::ScoredQuestion| {
        card(std::slice::from_ref(&q.question), ScoreDivision::All)[0].brier
    };
    assert_eq!(brier(said), brier(before), "made after the resolution, it scores nothing");
    let mut void = resolution(Outcome::Void, april(12));
    void.supersedes = Some("f2".into());
    let log = entries(&[update(1, 1, 0.5), resolution(Outcome::Yes, april(11)), void]);
    assert_eq!(scored(&log, Clock::MadeAt, &none), []);
}

#[test]
fn a_crowd_is_read_or_its_line_is_named() {
    let crowd = crowd_csv("p,date\n0.25,2025-04-18\n40 %,2025-04-19\n").unwrap();
    assert_eq!(crowd[""], [(april(18), 0.25), (april(19), 0.40)]);
    let several = "date,p,question\n2025-04-18,0.2,a\n2025-04-18,0.3,b\n2025-04-18,20 %,a\n";
    assert_eq!(crowd_csv(several).unwrap()["b"], [(april(18), 0.3)]);
    for (text, line, part) in [
        ("when,p\n", 1, "`date` and `p`"),
        ("date,p\n2025-04-18,0.2\nApril,0.3\n", 3, "`April` is no date"),
        ("date,p\n2025-04-18,35\n", 2, "`35` is no probability"),
        ("date,p\n2025-04-18\n", 2, "`` is no probability"),
        ("", 1, "expected the columns"),
        ("date,p\n", 1, "no rows"),
        ("date,p,quesiton\n2025-04-18,0.2,deal\n", 1, "unknown column `quesiton`"),
        ("date,p\n2025-04-18,0.2\n\n2025-04-18,0.9\n", 4, "two numbers, 0.2 and 0.9"),
    ] {
        let error = crowd_csv(text).unwrap_err();
        assert_eq!(error.line, line, "{text}");
        assert!(error.to_string().contains(part), "{error}");
    }
}

#[test]
fn no_bytes_make_the_reader_panic() {
    // Mutations of a sound log: flips, cuts, repeats, splices, at places from a fixed generator.
    let bytes = five();
    let head = read_bytes(&bytes, None).head();
    let mut state = 9_u64;
    let mut random = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) as usize % n.max(1)
    };
    let mut caught = 0;
    for _ in 0..20_000 {
        let mut mutated = bytes.clone();
        for _ in 0..=random(4) {
            let at = random(mutated.len());
            match random(6) {
                0 if !mutated.is_empty() => mutated[at] = random(256) as u8,
                1 => mutated.truncate(at),
                2 => mutated.insert(at, b"\n\"{}0\\\0,"[random(8)]),
                3 => _ = mutated.drain(at..(at + random(99)).min(mutated.len())),
                4 => mutated.extend_from_within(at..),
                _ => mutated.extend_from_slice(&bytes[random(bytes.len())..]),
            }
        }
        let log = read_bytes(&mutated, Some(&head));
        caught += usize::from(!log.verifies());
        for problem in &log.problems {
            assert!(problem.line() > 0 && !problem.to_string().is_empty());
        }
        // What is believed is what was written.
        if log.verifies() {
            assert!(mutated.starts_with(&bytes) || mutated == bytes[..bytes.len() - 1]);
        }
    }
    assert!(caught > 15_000, "{caught}");
}
