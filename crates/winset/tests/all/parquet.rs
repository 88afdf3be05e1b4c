//! `winset sweep -o FILE.parquet`, in a command built with the feature.

use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use winset_table::format::file::reader::{FileReader, SerializedFileReader};
use winset_table::format::record::Field;

use crate::command::winset;

const SPEC: &str = r#"
case = "us-iran-2025"
draws = 40
[list]
question.by = [2025-06-30, 2025-07-31]
model.noisy_signals = [true, false]
[grid]
actors.trump.red_max.enrichment = [0, "20..35..50", 60]
sides.us.discount = { from = 5, to = 20, steps = 3 }
"#;

fn sweep(folder: &Path, more: &[&str]) -> Vec<u8> {
    let out = winset(folder, &[&["sweep", "spec.toml"], more].concat()).output().unwrap();
    assert!(out.status.success(), "{more:?}: {}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("spec.toml"), SPEC).unwrap();
    folder
}

/// A value as the CSV writes it: the shortest text that reads back as the same number.
fn text(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Bool(b) => b.to_string(),
        Field::Long(n) => n.to_string(),
        Field::Double(x) => x.to_string(),
        Field::Str(text) => text.clone(),
        Field::Date(days) => winset_model::case::Day(*days).to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_table_is_that_of_the_csv_to_the_bit_and_typed() {
    let place = folder();
    let csv = String::from_utf8(sweep(place.path(), &[])).unwrap();
    sweep(place.path(), &["-o", "out.parquet"]);
    let reader = SerializedFileReader::new(File::open(place.path().join("out.parquet")).unwrap());
    let reader = reader.unwrap();
    let mut schema = Vec::new();
    let metadata = reader.metadata().file_metadata();
    winset_table::format::schema::printer::print_schema(&mut schema, metadata.schema());
    let schema = String::from_utf8(schema).unwrap();
    let types: Vec<&str> =
        schema.lines().filter_map(|l| l.trim().strip_prefix("OPTIONAL ")).collect();
    let wanted = [
        "INT64 point;",
        "INT32 question.by (DATE);",
        "BOOLEAN model.noisy_signals;",
        "BYTE_ARRAY actors.trump.red_max.enrichment (STRING);",
        "DOUBLE sides.us.discount;",
        "DOUBLE p;",
    ];
    assert_eq!(types[..6], wanted);
    let mut lines = csv.lines();
    let mut names = None;
    for row in reader.get_row_iter(None).unwrap() {
        let row = row.unwrap();
        let columns: Vec<_> = row.get_column_iter().collect();
        names.get_or_insert_with(|| lines.next().unwrap().to_owned());
        let head: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names.as_deref(), Some(head.join(",").as_str()));
        let fields: Vec<String> = columns.iter().map(|(_, field)| text(field)).collect();
        assert_eq!(lines.next(), Some(fields.join(",").as_str()));
    }
    assert_eq!((csv.lines().count(), lines.next()), (19, None));
}

#[test]
fn a_killed_sweep_goes_on_and_has_the_same_bytes() {
    let place = folder();
    let spec = SPEC.replace("draws = 40", "draws = 300");
    fs::write(place.path().join("spec.toml"), spec).unwrap();
    let args = ["-o", "out.parquet", "--threads", "1"];
    let file = |name: &str| place.path().join(name);
    let rows = || fs::read_to_string(file("out.parquet.part")).map_or(0, |t| t.lines().count());
    let mut child = winset(place.path(), &[&["sweep", "spec.toml"], &args[..]].concat())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let start = Instant::now();
    // The first line names the sweep.
    while rows() < 2 {
        assert!(start.elapsed() < Duration::from_secs(60), "no row came");
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!file("out.parquet").exists());
    sweep(place.path(), &args);
    sweep(place.path(), &["-o", "whole.parquet"]);
    assert!(fs::read(file("out.parquet")).unwrap() == fs::read(file("whole.parquet")).unwrap());
    let left: Vec<_> =
        fs::read_dir(place.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn json_and_parquet_exclude_each_other() {
    let place = folder();
    let out = winset(place.path(), &["sweep", "spec.toml", "--json", "-o", "out.PARQUET"]).output();
    let out = out.unwrap();
    assert_eq!(out.status.code(), Some(2));
    let said: serde_json::Value = serde_json::from_slice(&out.stderr).unwrap();
    assert!(said["message"].as_str().unwrap().contains("out.PARQUET is to be Parquet"), "{said}");
    assert!(!place.path().join("out.PARQUET.part").exists());
}
