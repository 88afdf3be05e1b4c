//! Writers at the same time, and folders from somebody else: nothing that was acknowledged is lost,
//! nothing outside the case is touched, and no path is read without end.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use winset_files::own::CaseLock;

use crate::command::{run, winset};

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = winset(folder, arguments);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A folder with a small case in a folder `case`, and a file beside it that is nobody's business.
fn place() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let made = run(root.path(), &["new", "case"]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    fs::write(root.path().join("victim"), "precious").unwrap();
    root
}

fn entry(said: &str) -> [&str; 8] {
    ["record", "add", "--said", "2025-01-06", "--kind", "event", "--text", said]
}

/// Eight commands of each kind at once, three times, and two pens in the browser beside them.
#[cfg(feature = "serve")]
#[test]
fn nothing_that_was_acknowledged_is_lost() {
    use std::collections::BTreeSet;
    use winset_files::log::{LogKind, LogStatement, Writer, read};

    let bench = crate::serve::bench();
    let (folder, log) = (bench.case.as_path(), bench.case.join("log.jsonl"));
    let day = |text: &str| text.parse::<jiff::civil::Date>().unwrap();
    {
        let (mut writer, _) = Writer::open(&log, Duration::ZERO).unwrap();
        for k in 0..24 {
            let made = "2025-01-10T12:00:00Z".parse().unwrap();
            let question = format!("open-{k}");
            let mut new =
                LogStatement::new(LogKind::Update, &question, day("2025-01-10"), made, "ana");
            (new.p, new.by) = (Some(0.5), Some(day("2025-03-01")));
            writer.append(new).unwrap();
        }
    }
    let (mut entered, mut logged) = (Vec::new(), Vec::new());
    for round in 0..3 {
        let mut children: Vec<(String, Child)> = Vec::new();
        for k in 0..8 {
            let n = 8 * round + k;
            let wait = ["--wait", "120"];
            let said = format!("said-{n}");
            let add = command(folder, &[&entry(&said)[..], &wait].concat()).spawn().unwrap();
            children.push((said, add));
            let question = format!("new-{n}");
            let add = ["log", "add", "--draws", "4", "--question", &question];
            children.push((
                question.clone(),
                command(folder, &[&add[..], &wait].concat()).spawn().unwrap(),
            ));
            let question = format!("open-{n}");
            let resolve = ["resolve", &question, "no", "--on", "2025-03-01"];
            children.push((
                question.clone(),
                command(folder, &[&resolve[..], &wait].concat()).spawn().unwrap(),
            ));
        }
        std::thread::scope(|scope| {
            let pens: Vec<_> = (0..2)
                .map(|pen| {
                    let bench = &bench;
                    scope.spawn(move || {
                        let (mut saved, mut tries) = (Vec::new(), 0);
                        while saved.len() < 3 {
                            tries += 1;
                            assert!(tries < 1000, "no save came through");
                            let said = format!("pen-{round}-{pen}-{}", saved.len());
                            let revision = bench.revision("/record");
                            let fields = [
                                ("do", "save"),
                                ("revision", revision.as_str()),
                                ("said", "2025-01-06"),
                                ("kind", "event"),
                                ("text", said.as_str()),
                            ];
                            let reply = bench.post("/record", &fields);
                            match reply.status {
                                303 => saved.push(said),
                                // Somebody else was quicker, or is writing.
                                409 | 503 => {}
                                other => panic!("{other}: {}", reply.body),
                            }
                        }
                        saved
                    })
                })
                .collect();
            for (name, child) in children {
                let out = child.wait_with_output().unwrap();
                assert!(out.status.success(), "{name}: {}", text(&out.stderr));
                let said = text(&out.stdout);
                if let Some((id, _)) = said.split_once(" is in the log") {
                    logged.push((id.to_owned(), name));
                } else {
                    assert!(said.starts_with("added to "), "{said}");
                    entered.push(name);
                }
            }
            for pen in pens {
                entered.extend(pen.join().unwrap());
            }
        });
    }
    assert_eq!((entered.len(), logged.len()), (24 + 18, 48));
    let record = bench.text("record.csv");
    for said in &entered {
        let rows = record.lines().filter(|l| l.split(',').any(|cell| cell == said)).count();
        assert_eq!(rows, 1, "{said}\n{record}");
    }
    let ids: BTreeSet<&str> = record.lines().map(|l| l.split(',').next().unwrap()).collect();
    assert_eq!(ids.len(), record.lines().count(), "each id once");
    let log = read(&log).unwrap();
    assert!(log.verifies() && log.entries.len() == 24 + 48);
    for (id, question) in &logged {
        let entry = log.entries.iter().find(|e| e.id == *id).unwrap();
        assert_eq!(entry.question, *question);
    }
    let left: Vec<String> = folder
        .read_dir()
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".part"))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_writer_that_waits_in_vain_is_refused_with_code_4() {
    let root = place();
    let case = root.path().join("case");
    let lock = CaseLock::take(&case, Duration::ZERO).unwrap();
    let add = ["log", "add", "--draws", "4"];
    for arguments in [&entry("x")[..], &add] {
        let out = run(&case, &[arguments, &["--wait", "0"]].concat());
        assert_eq!(out.status.code(), Some(4), "{}", text(&out.stderr));
        assert!(text(&out.stderr).contains("another process is writing"));
    }
    // Who only looks is not kept out.
    assert!(run(&case, &["record", "list"]).status.success());
    assert!(run(&case, &[&entry("x")[..], &["--dry-run"]].concat()).status.success());
    drop(lock);
    assert!(run(&case, &[&entry("x")[..], &["--wait", "0"]].concat()).status.success());
}

/// Git and archives carry links: none leads a writer out of the folder.
#[test]
fn a_folder_from_somebody_else_changes_nothing_outside() {
    let writers: [&[&str]; 2] = [&entry("x"), &["log", "add", "--draws", "4"]];
    for (name, target) in [
        ("record.csv", "../victim"),
        ("log.jsonl", "../victim"),
        ("log.jsonl.head", "../victim"),
        (".winset", "../outside"),
        (".winset/lock", "../../victim"),
        (".winset/.gitignore", "../../victim"),
        ("record.csv", "../new"),
        ("log.jsonl", "../new"),
        ("log.jsonl.head", "../new"),
    ] {
        let root = place();
        let case = root.path().join("case");
        fs::create_dir(root.path().join("outside")).unwrap();
        if name.starts_with(".winset/") {
            fs::create_dir(case.join(".winset")).unwrap();
        }
        symlink(target, case.join(name)).unwrap();
        for arguments in writers {
            let out = run(&case, arguments);
            let failed = [Some(1), Some(3)].contains(&out.status.code());
            assert!(failed || out.status.success(), "{}", text(&out.stderr));
        }
        let victim = fs::read_to_string(root.path().join("victim")).unwrap();
        assert_eq!(victim, "precious", "{name} -> {target}");
        assert_eq!(root.path().join("outside").read_dir().unwrap().count(), 0);
        assert_eq!(root.path().read_dir().unwrap().count(), 3, "{name} -> {target}");
    }
}

#[test]
fn a_record_that_is_nobody_elses_stays_so() {
    let root = place();
    let case = root.path().join("case");
    assert!(run(&case, &entry("one")).status.success());
    let record = case.join("record.csv");
    fs::set_permissions(&record, PermissionsExt::from_mode(0o600)).unwrap();
    assert!(run(&case, &entry("two")).status.success());
    assert_eq!(record.metadata().unwrap().permissions().mode() & 0o777, 0o600);
}

/// What is written is written, and is said to be: else a second try enters it twice.
#[cfg(target_os = "linux")]
#[test]
fn an_entry_that_cannot_be_printed_says_that_it_is_in() {
    let full = || Stdio::from(OpenOptions::new().write(true).open("/dev/full").unwrap());
    let root = place();
    let case = root.path().join("case");
    for (arguments, says) in [
        (&entry("x")[..], "r01 added to"),
        (&["log", "add", "--draws", "4"], "f1 is in the log"),
        (&["new", "again"], "wrote again/case.toml"),
        (&["completions", "bash"], "error"),
    ] {
        let out = command(&case, arguments).stdout(full()).spawn().unwrap();
        let out = out.wait_with_output().unwrap();
        assert_eq!(out.status.code(), Some(3), "{arguments:?}");
        assert!(text(&out.stderr).contains(says), "{}", text(&out.stderr));
    }
    assert!(case.join("again/case.toml").exists());
    // Nobody listens at all.
    for arguments in [&entry("y")[..], &["check"], &["forecast", "nowhere"], &["log", "list"]] {
        let code = command(&case, arguments).stderr(full()).status().unwrap().code();
        assert!(matches!(code, Some(0..=4)), "{arguments:?}: {code:?}");
    }
    let record = fs::read_to_string(case.join("record.csv")).unwrap();
    assert_eq!(record.lines().count(), 3, "{record}");
}

/// A device has no end and a pipe no beginning: both are refused in a sentence.
#[test]
fn what_is_no_file_is_refused_and_not_waited_for() {
    let root = place();
    let case = root.path().join("case");
    let pipe = root.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let limited = |arguments: &[&str]| {
        let mut child = command(&case, arguments).spawn().unwrap();
        let started = Instant::now();
        while child.try_wait().unwrap().is_none() {
            if started.elapsed() > Duration::from_secs(60) {
                child.kill().unwrap();
                panic!("{arguments:?} does not end");
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        let out = child.wait_with_output().unwrap();
        assert!(matches!(out.status.code(), Some(1..=3)), "{arguments:?}: {:?}", out.status);
        let said = text(&out.stderr) + &text(&out.stdout);
        assert!(said.contains("regular file"), "{arguments:?}: {said}");
    };
    for path in ["/dev/zero", "../pipe"] {
        for verb in ["check", "forecast", "lint", "sweep", "import", "record list"] {
            limited(&[&verb.split(' ').collect::<Vec<_>>()[..], &[path]].concat());
        }
        limited(&["record", "add", "--from", path]);
        limited(&["score", "--crowd", path]);
        limited(&["class", "fit", path]);
        for name in ["record.csv", "log.jsonl"] {
            symlink(path, case.join(name)).unwrap();
            match name {
                "record.csv" => {
                    limited(&["check"]);
                    limited(&entry("x"));
                }
                _ => {
                    limited(&["log", "list"]);
                    limited(&["log", "verify"]);
                    limited(&["log", "add", "--draws", "4"]);
                }
            }
            fs::remove_file(case.join(name)).unwrap();
        }
    }
}
