//! What scrambled points are worth: how far the answer is apart over seeds, with them and without.

use anyhow::{Context, Result};
use serde_json::Value;

use crate::bench::line;
use crate::gate::release;
use crate::repo::Repo;

const CASES: [&str; 2] = ["us-iran-2025", "emission-standards-1994"];
const DRAWS: [u32; 3] = [512, 2_048, 8_192];
const SEEDS: u32 = 16;

/// The figures as lines that a benchmark prints.
pub(crate) fn lines(repo: &Repo) -> Result<Vec<String>> {
    let winset = release(repo)?;
    let answer = |case: &str, draws: u32, seed: u32, scrambled: bool| -> Result<[f64; 2]> {
        let set = format!("model.scrambled={scrambled}");
        let (draws, seed) = (draws.to_string(), seed.to_string());
        let run = std::process::Command::new(&winset)
            .args(["forecast", case, "--json", "--draws", &draws, "--seed", &seed, "--set", &set])
            .current_dir(repo.root.join("cases"))
            .output()?;
        let json: Value = serde_json::from_slice(&run.stdout).context("no forecast")?;
        let number = |key: &str| json["answer"][key].as_f64().context("a forecast without answer");
        Ok([number("p")?, number("mcse")?])
    };
    let mut found = Vec::new();
    for case in CASES {
        for draws in DRAWS {
            let mut of = [[0.0; 2]; 2];
            for (scrambled, of) in [false, true].into_iter().zip(&mut of) {
                let answers: Vec<[f64; 2]> = (1..=SEEDS)
                    .map(|seed| answer(case, draws, seed, scrambled))
                    .collect::<Result<_>>()?;
                let n = f64::from(SEEDS);
                let mean = answers.iter().map(|a| a[0]).sum::<f64>() / n;
                let square: f64 = answers.iter().map(|a| (a[0] - mean) * (a[0] - mean)).sum();
                let said = answers.iter().map(|a| a[1] * a[1]).sum::<f64>() / n;
                *of = [square / (n - 1.0), said].map(|variance| 100.0 * variance.sqrt());
                let how = if scrambled { "points" } else { "draws" };
                let figure = format!("{case}, {draws} {how}: error over {SEEDS} seeds");
                found.push(once(&figure, of[0], "points of P"));
                found.push(once(&format!("{figure}, as said"), of[1], "points of P"));
            }
            // What independent draws say of their error is surer than sixteen seeds.
            let times = (of[0][1] / of[1][0]) * (of[0][1] / of[1][0]);
            let figure = format!("{case}: draws with the error of one of {draws} points");
            found.push(once(&figure, times, "draws"));
        }
    }
    Ok(found)
}

/// A figure that was found once.
fn once(figure: &str, value: f64, unit: &str) -> String {
    line(("points", ""), figure, [value; 3], unit)
}
