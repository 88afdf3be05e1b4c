//! Prints our Sobol' indices of two standard functions as JSON: `python/crosscheck/sobol.py` compares
//! them with other software. Reads `{"rows": …, "seed": …}` from stdin.

use std::f64::consts::PI;
use std::io::Read;
use std::sync::atomic::AtomicBool;

use serde_json::{Value, json};
use winset_model::effort::Effort;
use winset_model::explain::sobol::{Estimate, Function, indices};

struct Plain(usize, fn(&[f64]) -> f64);

impl Function for Plain {
    type Value = f64;
    type State = ();
    fn inputs(&self) -> usize {
        self.0
    }
    fn state(&self) {}
    fn value(&self, _: usize, u: f64) -> f64 {
        u
    }
    fn at(&self, (): &mut (), x: &[f64]) -> f64 {
        (self.1)(x)
    }
}

fn ishigami(u: &[f64]) -> f64 {
    let x = [u[0], u[1], u[2]].map(|u| PI * (2.0 * u - 1.0));
    let (s, c) = (libm::sin(x[0]), libm::sin(x[1]));
    s + 7.0 * c * c + 0.1 * x[2] * x[2] * x[2] * x[2] * s
}

fn g(u: &[f64]) -> f64 {
    let a = [0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0];
    u.iter().zip(a).map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a)).product()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let input: Value = serde_json::from_str(&text)?;
    let rows = usize::try_from(input["rows"].as_u64().ok_or("`rows` is not a count")?)?;
    let seed = input["seed"].as_u64().ok_or("`seed` is not a number")?;
    let stop = AtomicBool::new(false);
    let effort = Effort::silent(1, &stop);
    let mut out = serde_json::Map::new();
    for (name, f) in [("ishigami", Plain(3, ishigami)), ("g", Plain(8, g))] {
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
