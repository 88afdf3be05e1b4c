//! Prints our Sobol' indices of two standard functions as JSON: `python/crosscheck/sobol.py` compares
//! them with other software. Reads `{"rows": …, "seed": …}` from stdin.

#[path = "../../../testing/standard_functions.rs"]
mod standard_functions;

use std::io::Read;
use std::sync::atomic::AtomicBool;

use serde_json::{Value, json};
use standard_functions::{Formula, Plain, g, ishigami};
use winset_model::effort::Effort;
use winset_model::explain::sobol::{Estimate, Function, indices};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let input: Value = serde_json::from_str(&text)?;
    let rows = usize::try_from(input["rows"].as_u64().ok_or("`rows` is not a count")?)?;
    let seed = input["seed"].as_u64().ok_or("`seed` is not a number")?;
    let stop = AtomicBool::new(false);
    let effort = Effort::silent(1, &stop);
    let mut out = serde_json::Map::new();
    let functions: [(_, Plain<Formula>); 2] =
        [("ishigami", Plain(3, ishigami)), ("g", Plain(8, g))];
    for (name, f) in functions {
        let singles: Vec<Vec<usize>> = (0..f.0).map(|j| vec![j]).collect();
        let found = indices(&f, &singles, rows, seed, effort).ok_or("no rows")?;
        let table = |e: &dyn Fn(usize) -> Estimate| -> Vec<[f64; 3]> {
            (0..f.0).map(|j| [e(j).value, e(j).lo, e(j).hi]).collect()
        };
        let first = table(&|j| found.groups[j].first);
        let total = table(&|j| found.groups[j].total);
        out.insert(name.to_owned(), json!({ "first": first, "total": total }));
    }
    println!("{}", Value::Object(out));
    Ok(())
}
