//! Prints the reference page of all answers, or with `schema` their JSON schema.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    match std::env::args().nth(1).as_deref() {
        Some("schema") => {
            println!("{}", serde_json::to_string_pretty(&winset_report::schemas::schema())?);
        }
        _ => print!("{}", winset_report::schemas::page()?),
    }
    Ok(())
}
