//! What a reader of documents must know of a case: who is in it, under which names, and what about.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::Error as _;

/// A case as a reader of documents needs it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ReadingSetting {
    /// The sides by id.
    pub sides: BTreeMap<String, SettingSide>,
    /// The actors by id.
    pub actors: BTreeMap<String, SettingActor>,
    /// The issues by id.
    pub issues: BTreeMap<String, SettingIssue>,
    /// Events with a name and a day, by id.
    pub events: BTreeMap<String, SettingEvent>,
}

/// A side.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SettingSide {
    /// Its name.
    pub name: String,
    /// Other names for it.
    pub names: Vec<String>,
    /// Where it stands on issues, by id, in the issue's units.
    pub wants: BTreeMap<String, f64>,
}

/// An actor.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SettingActor {
    /// Its name.
    pub name: String,
    /// Other names.
    pub names: Vec<String>,
    /// The id of its side.
    pub side: Option<String>,
    /// What it is in the case, such as `mediator`.
    pub role: String,
    /// What articles call it.
    pub roles: Vec<SettingRole>,
}

/// A title that somebody has, for a while or for good.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SettingRole {
    /// The words: "Iranian foreign minister".
    pub title: String,
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub until: Option<Date>,
}

impl SettingRole {
    /// Whether it is in force on a day.
    #[must_use]
    pub fn holds(&self, day: Option<Date>) -> bool {
        let Some(day) = day else { return true };
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

impl<'de> Deserialize<'de> for SettingRole {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged, deny_unknown_fields)]
        enum Written {
            Title(String),
            Dated { title: String, from: Option<String>, until: Option<String> },
        }
        let day = |text: Option<String>| {
            text.map(|t| {
                t.parse().map_err(|_| {
                    D::Error::custom(format!("`{t}` is not a day: write \"2025-04-22\""))
                })
            })
            .transpose()
        };
        Ok(match Written::deserialize(from)? {
            Written::Title(title) => Self { title, from: None, until: None },
            Written::Dated { title, from, until } => {
                Self { title, from: day(from)?, until: day(until)? }
            }
        })
    }
}

/// An issue.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct SettingIssue {
    /// Its name; what stands behind its last comma may be the unit: "Pay rise, per cent".
    pub name: String,
    /// The ends of the scale.
    pub scale: [f64; 2],
    /// Where it stays without a deal.
    pub now: f64,
    /// Landmarks.
    #[serde(rename = "marks")]
    pub landmarks: Vec<(f64, String)>,
    /// Other words for it.
    pub terms: Vec<String>,
    /// Sentences with the value that they stand for.
    pub examples: Vec<(f64, String)>,
    /// The unit of its numbers, where the name does not say it.
    pub unit: Option<String>,
}

impl Default for SettingIssue {
    fn default() -> Self {
        Self {
            name: String::new(),
            scale: [0.0, 100.0],
            now: 0.0,
            landmarks: Vec::new(),
            terms: Vec::new(),
            examples: Vec::new(),
            unit: None,
        }
    }
}

/// An event with a day.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SettingEvent {
    /// Its name.
    pub name: String,
    /// The day, ISO.
    pub day: String,
}

/// Names that articles use, as `aliases.toml` beside a case gives them: a table an actor or a side.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AliasTable {
    /// Other names.
    pub names: Vec<String>,
    /// Titles.
    pub roles: Vec<SettingRole>,
}

/// How an issue is coded, as `codebook.toml` beside a case gives it: a table an issue.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CodeTable {
    /// Words for the issue.
    pub terms: Vec<String>,
    /// Sentences with the value they stand for.
    pub examples: Vec<(f64, String)>,
    /// The unit of its numbers.
    pub unit: Option<String>,
}

/// Why a table beside a case cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    /// It is no TOML, or holds what is not known.
    #[error("{0}")]
    Written(#[from] toml::de::Error),
    /// It speaks of somebody or something that the case has not.
    #[error("the case has no {what} `{name}`")]
    Unknown {
        /// Actor, side or issue.
        what: &'static str,
        /// The id that was written.
        name: String,
    },
}

impl ReadingSetting {
    /// Adds the names and titles of `aliases.toml`.
    ///
    /// # Errors
    /// What is not written as it should be, or names nobody of the case.
    pub fn add_aliases(&mut self, text: &str) -> Result<(), SettingError> {
        let tables: BTreeMap<String, AliasTable> = toml::from_str(text)?;
        for (id, table) in tables {
            if let Some(actor) = self.actors.get_mut(&id) {
                actor.names.extend(table.names);
                actor.roles.extend(table.roles);
            } else if let Some(side) = self.sides.get_mut(&id) {
                side.names.extend(table.names);
            } else {
                return Err(SettingError::Unknown { what: "actor or side", name: id });
            }
        }
        Ok(())
    }

    /// Adds the terms and examples of `codebook.toml`.
    ///
    /// # Errors
    /// What is not written as it should be, or names no issue of the case.
    pub fn add_codebook(&mut self, text: &str) -> Result<(), SettingError> {
        let tables: BTreeMap<String, CodeTable> = toml::from_str(text)?;
        for (id, table) in tables {
            let Some(issue) = self.issues.get_mut(&id) else {
                return Err(SettingError::Unknown { what: "issue", name: id });
            };
            issue.terms.extend(table.terms);
            issue.examples.extend(table.examples);
            issue.unit = table.unit.or(issue.unit.take());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_beside_a_case_add_to_it_and_name_only_what_it_has() {
        let mut setting: ReadingSetting = toml::from_str(
            "[actors.a]\nname='Ann'\n[sides.n]\nname='North'\n[issues.i]\nname='Border'\n",
        )
        .unwrap();
        let dated = "[a]\nnames=['A.']\nroles=['envoy', {title='minister', from='2025-01-20'}]\n[n]\nnames=['N']\n";
        setting.add_aliases(dated).unwrap();
        let role = &setting.actors["a"].roles[1];
        assert!(role.holds("2025-02-01".parse().ok()) && !role.holds("2024-02-01".parse().ok()));
        setting
            .add_codebook("[i]\nterms=['river']\nexamples=[[30, 'We could live with the river']]\n")
            .unwrap();
        assert_eq!(setting.issues["i"].terms, ["river"]);
        assert!(setting.add_aliases("[z]\nnames=[]").is_err());
        assert!(setting.add_codebook("[i]\nterm=[]").is_err());
        assert!(setting.add_aliases("[a]\nroles=[{title='x', from='soon'}]").is_err());
    }
}
