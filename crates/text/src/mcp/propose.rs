//! The tool `propose_entries`: entries that rest on words of a document, for a person to decide on.

use std::sync::Arc;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{AssistantDesk, AssistantTool, key};
use crate::sentence::Outline;
use crate::statement::{Speech, reported};
use crate::{KeptDocument, Proposal, ReadingSetting, TextSpan};

/// So many entries are taken at once.
const MOST: usize = 200;

/// The longest words that an entry rests on, in bytes.
const LONGEST: usize = 4000;

/// The kinds of entries, as a proposal has them.
const KINDS: &[&str] = &["ideal", "demand", "red_min", "red_max", "event"];

/// What cannot be judged of a source, as a grade.
const UNKNOWN: &str = "F6";

/// The arguments of the tool.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct EntriesInput {
    /// The proposed entries, at most 200.
    entries: Vec<EntryInput>,
}

/// An entry that an assistant proposes.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EntryInput {
    /// The document: what stands behind `winset://documents/` in its address.
    pub document: String,
    /// The words it rests on, copied letter by letter from the document's text.
    pub quote: String,
    /// The day it was said: `2025-04-18`, `2025-04-12/2025-04-19` or `../2025-04-12`.
    pub said: String,
    /// `ideal`, `demand`, `red_min`, `red_max`, or `event` for what says no position.
    pub kind: String,
    /// The actor who said it, by its id in the case.
    #[serde(default)]
    pub speaker: Option<String>,
    /// The side that is meant, by its id in the case.
    #[serde(default)]
    pub side: Option<String>,
    /// The issue, by its id in the case.
    #[serde(default)]
    pub issue: Option<String>,
    /// The position, in the issue's units.
    #[serde(default)]
    pub position: Option<String>,
    /// What the person who decides should know, at most 500 characters.
    #[serde(default)]
    pub note: Option<String>,
}

/// The tool.
pub struct ProposeEntries {
    desk: Arc<dyn AssistantDesk>,
}

impl ProposeEntries {
    /// The tool for a desk.
    #[must_use]
    pub fn new(desk: Arc<dyn AssistantDesk>) -> Self {
        Self { desk }
    }
}

impl AssistantTool for ProposeEntries {
    fn name(&self) -> &'static str {
        "propose_entries"
    }

    fn description(&self) -> &'static str {
        "Proposes entries of the record for a person to accept or reject. Each rests on words of a document, copied \
         letter by letter; one whose words do not stand there is refused. Gives the ids of those kept and says why \
         others were refused."
    }

    fn schema(&self) -> Map<String, Value> {
        match schemars::schema_for!(EntriesInput).to_value() {
            Value::Object(schema) => schema,
            _ => Map::new(),
        }
    }

    fn call(&self, arguments: Map<String, Value>) -> Result<Value, String> {
        let input: EntriesInput = serde_json::from_value(Value::Object(arguments))
            .map_err(|e| format!("the arguments do not fit the schema: {e}"))?;
        if input.entries.len() > MOST {
            return Err(format!(
                "{} entries are more than the {MOST} that are taken at once",
                input.entries.len()
            ));
        }
        let (documents, setting) = (self.desk.documents(), self.desk.setting());
        let (mut proposals, mut refused) = (Vec::new(), Vec::new());
        for (number, entry) in input.entries.iter().enumerate() {
            match proposal(entry, &documents, &setting) {
                Ok(proposal) => proposals.push(proposal),
                Err(why) => refused.push(json!({ "entry": number, "why": why })),
            }
        }
        let kept = if proposals.is_empty() { Vec::new() } else { self.desk.keep(&proposals)? };
        Ok(json!({ "kept": kept, "refused": refused }))
    }
}

/// The proposal of an entry; why it is refused otherwise.
fn proposal(
    entry: &EntryInput,
    documents: &[KeptDocument],
    setting: &ReadingSetting,
) -> Result<Proposal, String> {
    let document = documents.iter().find(|d| key(d) == entry.document).ok_or(
        "there is no such document; `document` is what stands behind `winset://documents/`",
    )?;
    let (span, times) = found(&document.text, &entry.quote)?;
    check(entry, setting)?;
    let last = last_day(&entry.said)?;
    let who = entry.speaker.as_deref().or(entry.side.as_deref()).unwrap_or("unknown");
    let start: String = document.hash.chars().take(8).collect();
    Ok(Proposal {
        said: entry.said.clone(),
        speaker: entry.speaker.clone(),
        side: entry.side.clone(),
        mention: None,
        issue: entry.issue.clone(),
        kind: entry.kind.clone(),
        value: entry.position.clone(),
        grade: UNKNOWN.to_owned(),
        channel: None,
        quote: entry.quote.clone(),
        verbatim: reported(&Outline::new(&document.text), &[span]) == Speech::Direct,
        document: key(document),
        start: span.start,
        end: span.end,
        note: note(entry.note.as_deref(), times),
        publisher: document.publisher.clone(),
        published: document.published.map_or_else(|| last.to_string(), |d| d.to_string()),
        origin: format!("{start}-{who}-{last}"),
    })
}

/// Where the words stand in the text, the first time, and how often.
fn found(text: &str, quote: &str) -> Result<(TextSpan, usize), String> {
    if !quote.chars().any(char::is_alphanumeric) {
        return Err("`quote` holds no words".to_owned());
    }
    if quote.len() > LONGEST {
        return Err(format!(
            "`quote` has more than {LONGEST} bytes; name the words that it rests on"
        ));
    }
    let start =
        text.find(quote).ok_or("these words do not stand in the document, letter by letter")?;
    Ok((TextSpan { start, end: start + quote.len() }, text.matches(quote).count()))
}

/// Whether the entry names what the case has.
fn check(entry: &EntryInput, setting: &ReadingSetting) -> Result<(), String> {
    if !KINDS.contains(&entry.kind.as_str()) {
        return Err(format!("`kind` is one of {}", KINDS.join(", ")));
    }
    let known = |what: &str, id: &Option<String>, has: &dyn Fn(&String) -> bool| match id {
        Some(id) if !has(id) => Err(format!("the case has no {what} with that id")),
        _ => Ok(()),
    };
    known("actor", &entry.speaker, &|id| setting.actors.contains_key(id))?;
    known("side", &entry.side, &|id| setting.sides.contains_key(id))?;
    known("issue", &entry.issue, &|id| setting.issues.contains_key(id))?;
    let value = entry.position.as_deref().unwrap_or_default();
    if value.len() > 64 || value.chars().any(char::is_control) {
        return Err("`position` is one in the issue's units, such as `3.67` or `0..20`".to_owned());
    }
    Ok(())
}

/// The last day of `2025-04-18`, `2025-04-12/2025-04-19` or `../2025-04-12`.
fn last_day(said: &str) -> Result<Date, String> {
    let wrong = || {
        "`said` is a day such as 2025-04-18, a span 2025-04-12/2025-04-19, or ../2025-04-12"
            .to_owned()
    };
    // The library reads other forms, too; the record has this one.
    let day =
        |s: &str| if s.len() == 10 { s.parse::<Date>().map_err(|_| wrong()) } else { Err(wrong()) };
    match said.split_once('/') {
        None => day(said),
        Some(("..", last)) => day(last),
        Some((first, last)) => {
            let (first, last) = (day(first)?, day(last)?);
            if first <= last { Ok(last) } else { Err(wrong()) }
        }
    }
}

/// What the person who decides is told: the assistant's words as such, in one line.
fn note(note: Option<&str>, times: usize) -> String {
    let said: String = note
        .unwrap_or_default()
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(500)
        .collect();
    let mut parts = vec!["proposed by an assistant".to_owned()];
    if times > 1 {
        parts.push(format!("the words stand {times} times in the document"));
    }
    if !said.trim().is_empty() {
        parts.push(format!("it says: {}", said.trim()));
    }
    parts.join("; ")
}
