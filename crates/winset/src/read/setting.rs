//! A case as a reader of documents needs it: names, titles, landmarks, days.

use std::path::Path;

use anyhow::Context;
use winset_files::bounded;
use winset_model::case::{Case, Role};
use winset_text::ReadingSetting;
use winset_text::setting::{SettingActor, SettingEvent, SettingIssue, SettingSide};

use crate::exit::Failure;

/// Tables beside a case: what articles call its actors, and how its issues are coded.
const ALIASES: &str = "aliases.toml";
const CODEBOOK: &str = "codebook.toml";

/// The setting of a case, with the tables beside it.
pub(crate) fn setting(case: &Case, folder: Option<&Path>) -> anyhow::Result<ReadingSetting> {
    let mut setting = of_case(case);
    let Some(folder) = folder else { return Ok(setting) };
    for (name, add) in [
        (ALIASES, ReadingSetting::add_aliases as fn(&mut ReadingSetting, &str) -> _),
        (CODEBOOK, ReadingSetting::add_codebook),
    ] {
        let path = folder.join(name);
        if path.symlink_metadata().is_err() {
            continue;
        }
        let text = bounded::read_to_string(&path, bounded::TEXT)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let wrong = |e| {
            let hint = "`winset read --help` names the keys of this file";
            Failure::Invalid(format!("{}: {e}\n\nhint: {hint}", path.display()))
        };
        add(&mut setting, &text).map_err(wrong)?;
    }
    Ok(setting)
}

fn of_case(case: &Case) -> ReadingSetting {
    let mut setting = ReadingSetting::default();
    for side in &case.sides {
        let about = SettingSide { name: side.name.clone(), ..SettingSide::default() };
        setting.sides.insert(side.id.clone(), about);
    }
    for actor in &case.actors {
        let side = actor.member.as_ref().map(|m| case.sides[m.side].id.clone());
        let about = SettingActor {
            name: actor.name.clone(),
            side,
            role: actor.role.name().to_owned(),
            ..SettingActor::default()
        };
        setting.actors.insert(actor.id.clone(), about);
    }
    for (k, issue) in case.issues.iter().enumerate() {
        let now = case.inputs[issue.now.0].dist.central(issue.scale);
        let about = SettingIssue {
            name: issue.name.clone(),
            scale: [issue.scale.0, issue.scale.1],
            now,
            landmarks: issue.marks.clone(),
            ..SettingIssue::default()
        };
        setting.issues.insert(issue.id.clone(), about);
        for side in &case.sides {
            if let (Some(ideal), Some(about)) =
                (ideal(case, side, k), setting.sides.get_mut(&side.id))
            {
                about.wants.insert(issue.id.clone(), ideal);
            }
        }
    }
    for entry in &case.calendar {
        let about = SettingEvent { name: entry.name.clone(), day: entry.on.to_string() };
        setting.events.insert(entry.id.clone(), about);
    }
    setting
}

/// Where a side stands on an issue: its own input, which members share, or its negotiator's.
fn ideal(case: &Case, side: &winset_model::case::Side, issue: usize) -> Option<f64> {
    let scale = case.issues[issue].scale;
    let path = format!("sides.{}.position.{}", side.id, case.issues[issue].id);
    let shared = case.inputs.iter().find(|i| i.path == path);
    let chief = side
        .negotiator
        .or_else(|| side.members.iter().copied().find(|m| case.actors[*m].role == Role::Leader));
    let own = chief.and_then(|a| case.actors[a].member.as_ref()?.ideal.get(issue).copied());
    let input = shared.or_else(|| case.inputs.get(own?.input.0))?;
    Some(input.dist.central(scale))
}
