//! Scores inputs read as JSON from stdin and prints them as JSON: `python/crosscheck/scores.py`
//! compares the numbers with other software.

use std::io::Read;

use serde_json::{Value, json};
use winset_methods::score::{
    brier, brier_two_category, corp, crps, isotonic, log_score, murphy, rps,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let input: Value = serde_json::from_str(&text)?;
    let floats = |v: &Value| serde_json::from_value::<Vec<f64>>(v.clone());
    let cases = |key: &str| input[key].as_array().cloned().unwrap_or_default();

    let forecasts = floats(&input["forecasts"])?;
    let outcomes: Vec<bool> = serde_json::from_value(input["outcomes"].clone())?;
    let each = |score: fn(f64, bool) -> f64| -> Vec<f64> {
        forecasts.iter().zip(&outcomes).map(|(&f, &o)| score(f, o)).collect()
    };
    let (mut continuous, mut ranked, mut fitted) = (Vec::new(), Vec::new(), Vec::new());
    for case in cases("crps") {
        let y = case["y"].as_f64().ok_or("`y` is not a number")?;
        continuous.push(crps(&floats(&case["x"])?, y)?);
    }
    for case in cases("rps") {
        let came = case["came"].as_u64().ok_or("`came` is not a bin")?;
        ranked.push(rps(&floats(&case["bins"])?, usize::try_from(came)?)?);
    }
    for case in cases("isotonic") {
        fitted.push(isotonic(&floats(&case["y"])?, &floats(&case["w"])?));
    }
    let parts = murphy(&forecasts, &outcomes, 10)?;
    let free = corp(&forecasts, &outcomes)?;
    let curve: Vec<Value> = (free.curve.iter())
        .map(|c| json!({ "from": c.from, "to": c.to, "recalibrated": c.recalibrated, "n": c.n }))
        .collect();
    let output = json!({
        "brier": each(brier),
        "brier_two_category": each(brier_two_category),
        "log": each(log_score),
        "mean_brier": parts.brier,
        "murphy": {
            "sum": parts.sum(),
            "reliability": parts.reliability,
            "resolution": parts.resolution,
            "uncertainty": parts.uncertainty,
            "within_variance": parts.within_variance,
            "within_covariance": parts.within_covariance,
        },
        "corp": {
            "miscalibration": free.miscalibration,
            "discrimination": free.discrimination,
            "uncertainty": free.uncertainty,
            "curve": curve,
        },
        "crps": continuous,
        "rps": ranked,
        "isotonic": fitted,
    });
    println!("{output}");
    Ok(())
}
