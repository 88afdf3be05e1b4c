//! The chores of the project.

mod study_belief;

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let reduced = words.iter().any(|w| w == "--reduced");
    let verbs: Vec<&str> = words.iter().map(String::as_str).filter(|w| *w != "--reduced").collect();
    match verbs[..] {
        ["study", "belief"] => study_belief::run(reduced),
        _ => anyhow::bail!("expected `study belief [--reduced]`"),
    }
}
