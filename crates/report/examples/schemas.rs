//! Prints the reference page of all answers, or with `schema` their JSON schema.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    match std::env::args().nth(1).as_deref() {
        Some("schema") => {
            // A line a value and no indentation: it is deep, and long enough as it is.
            let form = serde_json::ser::PrettyFormatter::with_indent(b"");
            let mut out = serde_json::Serializer::with_formatter(std::io::stdout().lock(), form);
            serde::Serialize::serialize(&winset_report::schemas::schema(), &mut out)?;
            println!();
        }
        _ => print!("{}", winset_report::schemas::page()?),
    }
    Ok(())
}
