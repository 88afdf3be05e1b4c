//! How well statements are found: `cargo run --release -p winset-text --example attribution -- FOLDER`.

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args()
        .nth(1)
        .ok_or("which folder?\n\nhint: name one with `text` and `attributions`")?;
    let agreement = winset_text::evaluate::evaluate(Path::new(&folder))?;
    println!("{}", serde_json::to_string_pretty(&agreement)?);
    Ok(())
}
