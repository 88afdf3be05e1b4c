//! The log under fire: writers killed at random moments, two writers at once, a full disk.
//!
//! The program spawns itself as the writer: `child LOG COUNT WAIT_MS reopen|hold`.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::date;
use winset_files::log::{LogError, LogKind, LogStatement, Opened, Writer, read};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [mode, log, count, wait, style] = arguments.as_slice()
        && mode == "child"
    {
        let wait = Duration::from_millis(wait.parse().unwrap());
        return child(Path::new(log), count.parse().unwrap(), wait, style == "reopen");
    }
    for (name, test) in [
        ("every_acknowledged_line_survives_kill_9", killed as fn()),
        ("two_writers_lose_nothing", two_writers),
        ("a_second_writer_is_refused", refused),
        ("a_full_disk_is_an_error_and_no_loss", full_disk),
    ] {
        test();
        println!("test {name} ... ok");
    }
    ExitCode::SUCCESS
}

fn statement(i: usize) -> LogStatement {
    let made = Timestamp::from_second(1_745_000_000 + i64::try_from(i).unwrap()).unwrap();
    let mut s =
        LogStatement::new(LogKind::Update, "deal-by-june", date(2025, 4, 18), made, "a tester");
    s.p = Some(0.05 + 0.0009 * (i % 1000) as f64);
    s.rationale = Some(format!("{i} of process {}: {}", std::process::id(), "ü".repeat(i % 300)));
    s
}

/// Appends and acknowledges each entry on stdout; exit code 4 if refused, 3 on any other error.
fn child(log: &Path, count: usize, wait: Duration, reopen: bool) -> ExitCode {
    let mut writer: Option<Writer> = None;
    for i in 0..count {
        let result = match writer.take() {
            Some(writer) => Ok(writer),
            None => Writer::open(log, wait).map(|(writer, opened)| {
                if let Opened::SetAside { to, bytes, .. } = opened {
                    println!("aside {} {bytes}", to.display());
                }
                writer
            }),
        };
        let result = result.and_then(|mut w| w.append(statement(i)).map(|entry| (w, entry)));
        match result {
            Ok((w, entry)) => {
                println!("ack {} {}", entry.id, entry.hash);
                std::io::stdout().flush().unwrap();
                writer = (!reopen).then_some(w);
            }
            Err(e) => {
                println!("error {e}");
                return ExitCode::from(if e.is_refusal() { 4 } else { 3 });
            }
        }
    }
    ExitCode::SUCCESS
}

fn spawn(log: &Path, count: usize, wait: u64, style: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["child", log.to_str().unwrap(), &count.to_string(), &wait.to_string(), style])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Reads whole lines that a child printed, at most `most`; a line cut off by the kill was not
/// acknowledged.
fn read_lines(reader: &mut impl BufRead, most: usize) -> Vec<String> {
    let mut all = Vec::new();
    let mut line = String::new();
    while all.len() < most && reader.read_line(&mut line).unwrap() > 0 {
        if let Some(whole) = line.strip_suffix('\n') {
            all.push(whole.to_string());
        }
        line.clear();
    }
    all
}

fn lines(child: &mut Child) -> Vec<String> {
    read_lines(&mut BufReader::new(child.stdout.take().unwrap()), usize::MAX)
}

fn acknowledged(lines: &[String]) -> Vec<(String, String)> {
    let acks = lines.iter().filter_map(|l| l.strip_prefix("ack "));
    acks.map(|a| a.split_once(' ').map(|(id, h)| (id.into(), h.into())).unwrap()).collect()
}

/// Every acknowledged entry is in the log, which verifies.
fn all_there(log: &Path, acks: &[(String, String)]) {
    let log = read(log).unwrap();
    assert_eq!(log.problems, []);
    for (id, hash) in acks {
        let n: usize = id[1..].parse().unwrap();
        let entry = log.entries.get(n - 1).unwrap_or_else(|| panic!("{id} is lost"));
        assert_eq!((&entry.id, &entry.hash), (id, hash));
    }
}

fn killed() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log.jsonl");
    let (mut acks, mut kills, mut tears, mut state) = (Vec::new(), 0, 0, 1_u64);
    // Knuth's linear congruential generator.
    let mut random = |n: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) % n
    };
    while acks.len() < 1000 {
        let mut writer = spawn(&log, 1000, 60_000, if kills % 2 == 0 { "hold" } else { "reopen" });
        // After some entries, sometimes none, and some microseconds more: so the moment is random
        // on a busy machine too.
        let mut reader = BufReader::new(writer.stdout.take().unwrap());
        let mut said = read_lines(&mut reader, usize::try_from(random(20)).unwrap());
        std::thread::sleep(Duration::from_micros(random(3_000)));
        writer.kill().unwrap();
        said.extend(read_lines(&mut reader, usize::MAX));
        writer.wait().unwrap();
        assert!(!said.iter().any(|l| l.starts_with("error")), "{said:?}");
        acks.extend(acknowledged(&said));
        kills += 1;
        all_there(&log, &acks);
        // What a kill within a write leaves: the next writer has to set it aside.
        if kills % 5 == 0 && log.exists() && read(&log).unwrap().tail.is_none() {
            let mut file = std::fs::OpenOptions::new().append(true).open(&log).unwrap();
            file.write_all(b"{\"schema\":\"winset/log/1\",\"id\":\"f9").unwrap();
            tears += 1;
        }
    }
    let (writer, _) = Writer::open(&log, Duration::ZERO).unwrap();
    assert!(writer.log().verifies());
    let aside = std::fs::read_dir(folder.path()).unwrap();
    let torn = aside.filter(|f| f.as_ref().unwrap().file_name().to_string_lossy().contains("torn"));
    let torn = torn.count();
    assert!(tears > 0 && torn >= tears, "{torn} of {tears} torn tails were set aside");
    println!("{} acknowledged over {kills} kills, {torn} torn tails set aside", acks.len());
}

fn two_writers() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log.jsonl");
    let mut writers: Vec<Child> = (0..2).map(|_| spawn(&log, 60, 60_000, "reopen")).collect();
    let mut acks = Vec::new();
    for writer in &mut writers {
        let said = lines(writer);
        assert!(writer.wait().unwrap().success(), "{said:?}");
        acks.extend(acknowledged(&said));
    }
    assert_eq!(acks.len(), 120);
    all_there(&log, &acks);
    assert_eq!(read(&log).unwrap().entries.len(), 120);
}

fn refused() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log.jsonl");
    let (mut writer, _) = Writer::open(&log, Duration::ZERO).unwrap();
    writer.append(statement(0)).unwrap();
    let mut second = spawn(&log, 1, 0, "hold");
    let said = lines(&mut second);
    assert_eq!(second.wait().unwrap().code(), Some(4), "{said:?}");
    assert!(said[0].contains("another process is writing"), "{said:?}");
    // A reader is not kept out, and the first writer goes on.
    assert_eq!(read(&log).unwrap().entries.len(), 1);
    writer.append(statement(1)).unwrap();
    drop(writer);
    assert_eq!(spawn(&log, 1, 0, "hold").wait().unwrap().code(), Some(0));
    assert_eq!(read(&log).unwrap().entries.len(), 3);
    assert!(matches!(Writer::open(folder.path(), Duration::ZERO), Err(LogError::Io { .. })));
}

#[cfg(unix)]
fn full_disk() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log.jsonl");
    // A file size limit stands in for a full disk: the write that crosses it is cut short.
    let program = "trap '' XFSZ; ulimit -f 16; exec \"$0\" child \"$1\" 100 0 hold";
    let mut child = Command::new("sh")
        .args(["-c", program])
        .arg(std::env::current_exe().unwrap())
        .arg(&log)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = lines(&mut child);
    assert_eq!(child.wait().unwrap().code(), Some(3), "{said:?}");
    let acks = acknowledged(&said);
    assert!(!acks.is_empty() && acks.len() < 100);
    assert!(said.last().unwrap().starts_with("error could not write"), "{said:?}");
    all_there(&log, &acks);
    let after = read(&log).unwrap();
    assert_eq!((after.entries.len(), after.tail), (acks.len(), None), "no part of a line stays");
    // With room again the log goes on where it stopped.
    let (mut writer, opened) = Writer::open(&log, Duration::ZERO).unwrap();
    assert_eq!(opened, Opened::Sound);
    assert_eq!(writer.append(statement(1)).unwrap().id, format!("f{}", acks.len() + 1));
    // A device is no log.
    let error = Writer::open(Path::new("/dev/full"), Duration::ZERO).unwrap_err();
    assert!(error.to_string().contains("regular file"), "{error}");
}

#[cfg(not(unix))]
fn full_disk() {}
