//! How many articles a second one core reads, and proposes entries from.
#![allow(clippy::unwrap_used, reason = "a benchmark fails as a test does")]

use std::path::Path;
use std::time::Instant;

use winset_text::document;
use winset_text::proposal::Published;
use winset_text::{ReadingSetting, propose};

/// Articles that are read as one: about as long as one of a newspaper.
const JOINED: [&str; 4] = ["nuclear", "ceasefire", "coalition", "fisheries"];

const ROUNDS: usize = 40;

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/articles");
    let load =
        |name: &str, file: &str| std::fs::read_to_string(folder.join(name).join(file)).unwrap();
    let paragraphs: Vec<String> = JOINED
        .iter()
        .flat_map(|name| {
            let text = load(name, "article.txt");
            text.split("\n\n").map(|p| format!("<p>{p}</p>")).collect::<Vec<_>>()
        })
        .collect();
    let page = format!("<html><body><article>{}</article></body></html>", paragraphs.concat());
    let words = page.split_whitespace().count();
    let setting: ReadingSetting = toml::from_str(&load(JOINED[0], "setting.toml")).unwrap();
    let published = Published { day: "2025-04-22".parse().unwrap(), by: None, origin: None };
    let mut rates: Vec<f64> = (0..6)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..ROUNDS {
                let read = document::read("a.html", page.as_bytes()).unwrap();
                assert!(!propose(&read[0], &setting, published).is_empty());
            }
            ROUNDS as f64 / start.elapsed().as_secs_f64()
        })
        .skip(1)
        .collect();
    rates.sort_by(f64::total_cmp);
    println!(
        "{{\"bench\": \"read\", \"figure\": \"articles of {words} words read and proposed from\", \
         \"value\": {:.0}, \"min\": {:.0}, \"max\": {:.0}, \"unit\": \"a second\", \
         \"target\": \">= 50 a second\"}}",
        rates[rates.len() / 2],
        rates[0],
        rates[rates.len() - 1]
    );
}
