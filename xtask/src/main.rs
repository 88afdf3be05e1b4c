//! The chores of the project.

use anyhow::bail;
use std::path::Path;

mod study_deu;

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words[..] {
        ["study", "deu", folder] => study_deu::run(Path::new(folder), false),
        ["study", "deu", folder, "--reduced"] => study_deu::run(Path::new(folder), true),
        _ => bail!("unknown chore\n\nhint: `cargo xtask study deu FOLDER [--reduced]`"),
    }
}
