//! What was read from documents, what was decided on it, and whether the words still stand.

use serde::{Deserialize, Serialize};
use winset_page::text::{cut, wrapped};
use winset_text::document::KeptDocument;
use winset_text::evaluate::EngineScores;
use winset_text::proposal::Proposal;

/// What was read from documents.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReadReport {
    /// `winset/read/1`.
    pub schema: &'static str,
    /// The case's title.
    pub case: String,
    /// The documents, in the order they were named.
    pub documents: Vec<DocumentRow>,
    /// Files that could not be read, and why.
    pub unread: Vec<UnreadFile>,
    /// The proposed entries, in the order of the documents.
    pub entries: Vec<Proposal>,
    /// Titles that the documents give to actors, for `aliases.toml`.
    pub aliases: Vec<TitleRow>,
    /// The file they were saved in; `null` where nothing was written.
    pub saved: Option<String>,
}

/// A document that was read.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocumentRow {
    /// The file, or the feed with the number of the item.
    pub file: String,
    /// BLAKE3 of its bytes.
    pub hash: String,
    /// Its headline.
    pub headline: Option<String>,
    /// Who published it.
    pub publisher: Option<String>,
    /// When, ISO.
    pub published: String,
    /// The document it is a copy of, by name; `null` for one of its own.
    pub copy_of: Option<String>,
    /// How many entries it proposes.
    pub proposed: usize,
}

/// A file that could not be read.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UnreadFile {
    /// The file.
    pub name: String,
    /// What is wrong with it.
    pub why: String,
}

/// A title that a document gives to an actor.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TitleRow {
    /// The actor, by id.
    pub actor: String,
    /// The words.
    pub title: String,
}

/// How well statements are found in annotated texts.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EvaluateReport {
    /// `winset/read-evaluate/1`.
    pub schema: &'static str,
    /// The agreement with what people marked.
    #[serde(flatten)]
    pub agreement: EngineScores,
}

/// What was trained on annotated texts.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TrainReport {
    /// `winset/train/1`.
    pub schema: &'static str,
    /// The file of the weights.
    pub file: String,
    /// How many annotated texts were read.
    pub texts: usize,
    /// How many attributions people marked in them.
    pub attributions: usize,
    /// Bytes of the file.
    pub bytes: usize,
}

/// What became of a proposal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ReviewDecision {
    /// Nobody decided.
    #[default]
    Open,
    /// It is in the record.
    Accepted,
    /// It is not wanted.
    Rejected,
}

/// A proposal with what became of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct KeptProposal {
    /// Its id: `p01`.
    pub id: String,
    /// What became of it.
    pub decision: ReviewDecision,
    /// The record's entry it became, by id.
    pub entry: Option<String>,
    /// What further readers decided, by their names.
    pub readers: std::collections::BTreeMap<String, ReviewDecision>,
    /// The proposal, as it was last edited.
    #[serde(flatten)]
    pub proposal: Proposal,
}

/// The proposals of a case, and what was done.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReviewReport {
    /// `winset/review/1`.
    pub schema: &'static str,
    /// The file of the proposals.
    pub file: String,
    /// Ids of the proposals that this command decided on or edited.
    pub changed: Vec<String>,
    /// Proposals that could not be entered, and why.
    pub refused: Vec<UnreadFile>,
    /// How many are open.
    pub open: usize,
    /// Krippendorff's alpha of the readers' decisions, nominal; `null` where no two readers decided on
    /// the same proposals, or all decided the same.
    pub alpha: Option<f64>,
    /// The proposals.
    pub proposals: Vec<KeptProposal>,
}

/// Whether entries still rest on the words of their documents.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VerifyReport {
    /// `winset/record-verify/1`.
    pub schema: &'static str,
    /// The record's file.
    pub file: String,
    /// How many entries were read from documents.
    pub checked: usize,
    /// Entries whose words are not there, and what is.
    pub wrong: Vec<UnreadFile>,
}

impl DocumentRow {
    /// A document, as it was read.
    pub fn new(
        document: &KeptDocument,
        published: String,
        copy_of: Option<String>,
        proposed: usize,
    ) -> Self {
        Self {
            file: document.name.clone(),
            hash: document.hash.clone(),
            headline: document.title.clone(),
            publisher: document.publisher.clone(),
            published,
            copy_of,
            proposed,
        }
    }
}

/// What was read, as people read it: each proposal with its words.
pub fn text(report: &ReadReport, ids: &[String]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for document in &report.documents {
        let title = document.headline.as_deref().unwrap_or(&document.file);
        let by = document.publisher.as_deref().map(|p| format!("{p}, ")).unwrap_or_default();
        out.push_str(&format!("{title} ({by}{})\n", document.published));
        if let Some(first) = &document.copy_of {
            out.push_str(&format!("  a copy of {first}: its entries count once with those\n"));
        }
        if document.proposed == 0 {
            out.push_str("  nothing to propose\n");
        }
        for proposal in &report.entries[at..at + document.proposed] {
            let id = ids.get(at).map_or("", String::as_str);
            out.push_str(&said(id, proposal));
            at += 1;
        }
        out.push('\n');
    }
    out
}

/// A proposal on a line, its words below it.
pub fn said(id: &str, p: &Proposal) -> String {
    let who = p.speaker.clone().or_else(|| p.mention.as_ref().map(|m| format!("“{}”", cut(m, 30))));
    let cells = [
        id.to_owned(),
        p.said.clone(),
        who.unwrap_or_else(|| "–".to_owned()),
        p.issue.clone().unwrap_or_else(|| "–".to_owned()),
        p.kind.clone(),
        p.value.clone().unwrap_or_else(|| "–".to_owned()),
        p.grade.clone(),
    ];
    let mut out = format!("  {}\n", cells.join("  ").trim());
    for line in wrapped(&words(p), 74) {
        out.push_str(&format!("      {line}\n"));
    }
    if !p.note.is_empty() {
        for line in wrapped(&format!("({})", p.note), 74) {
            out.push_str(&format!("      {line}\n"));
        }
    }
    out
}

/// The words of a proposal, in quotation marks where all of them are verbatim.
pub fn words(p: &Proposal) -> String {
    let plain = p.quote.split_whitespace().collect::<Vec<_>>().join(" ");
    if !p.verbatim {
        return plain;
    }
    let marks = ['"', '“', '”', '„', '«', '»', ' '];
    format!("“{}”", plain.trim_matches(marks).trim_end_matches(','))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_verbatim_words_are_quoted() {
        let mut p: Proposal = serde_json::from_str(
            r#"{"said":"2025-04-14","speaker":"a","side":null,"mention":null,"issue":null,"kind":"event",
            "value":null,"grade":"C2","channel":null,"quote":"\"No,\"","verbatim":true,"document":"","start":0,
            "end":1,"note":"","publisher":null,"published":"2025-04-22","origin":"x"}"#,
        )
        .unwrap();
        assert_eq!(words(&p), "“No”");
        p.verbatim = false;
        p.quote = "that it\nwould".to_owned();
        assert_eq!(words(&p), "that it would");
    }
}
