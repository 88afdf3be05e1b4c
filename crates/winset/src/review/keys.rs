//! The terminal: one key a decision.

use console::{Key, Term};
use winset_report::read::said;

use super::desk::Desk;
use super::show;

const KEYS: &str =
    "a accept · r reject · e edit · u undo · s later · A accept all that are left · q quit";

/// Asks about every open proposal.
pub(super) fn ask(desk: &mut Desk) -> anyhow::Result<()> {
    let term = Term::stdout();
    let mut later: Vec<String> = Vec::new();
    show(&format!("{KEYS}\n\n"))?;
    while let Some(id) = desk.open_ids().into_iter().find(|id| !later.contains(id)) {
        let Some(kept) = desk.get(&id) else { break };
        show(&said(&id, &kept.proposal))?;
        let refused = desk.refused.len();
        match term.read_key()? {
            Key::Char('a') => desk.accept(&id)?,
            Key::Char('r') => desk.reject(&id)?,
            Key::Char('e') => edit(desk, &id, &term)?,
            Key::Char('u') => {
                if let Err(why) = desk.undo() {
                    show(&format!("{why}\n"))?;
                }
            }
            Key::Char('s') => later.push(id),
            Key::Char('A') => {
                for id in desk.open_ids().into_iter().filter(|id| !later.contains(id)) {
                    desk.accept(&id)?;
                }
                break;
            }
            Key::Char('q') | Key::Escape | Key::CtrlC => break,
            _ => show(&format!("{KEYS}\n"))?,
        }
        // What the record does not take stays open and can be edited.
        for (_, why) in desk.refused.split_off(refused) {
            show(&format!("      not entered: {why}; `e` edits it\n"))?;
        }
    }
    Ok(())
}

/// Asks for a change: `value=20..30..40`; an empty line leaves it.
fn edit(desk: &mut Desk, id: &str, term: &Term) -> anyhow::Result<()> {
    show("      said=, speaker=, issue=, kind=, value=, grade=, channel= or note=: ")?;
    let line = term.read_line()?;
    if line.trim().is_empty() {
        return Ok(());
    }
    if let Err(why) = desk.set(&format!("{id}.{}", line.trim())) {
        show(&format!("{why}\n"))?;
    }
    Ok(())
}
