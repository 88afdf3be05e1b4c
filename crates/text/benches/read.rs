//! How many articles a second one core reads, and proposes entries from.

#![allow(clippy::unwrap_used, reason = "a benchmark fails as a test does")]

#[path = "../../../testing/timer.rs"]
mod timer;

use std::path::Path;

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
    let times = timer::seconds(5, || {
        for _ in 0..ROUNDS {
            let read = document::read("a.html", page.as_bytes()).unwrap();
            assert!(!propose(&read[0], &setting, published).is_empty());
        }
    });
    let rates = times.into_iter().map(|s| ROUNDS as f64 / s);
    let figure = format!("articles of {words} words read and proposed from");
    timer::figure("read", &figure, rates.collect(), "a second", ">= 50 a second");
}
