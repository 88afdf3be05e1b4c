//! `winset mcp`: the same questions for an assistant of the user's choice. It reads, asks and proposes; a
//! person decides, and nothing else is written.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use serde_json::{Map, Value, json};
use winset_files::bounded;
use winset_text::document::{self, MOST};
use winset_text::mcp::{AssistantDesk, AssistantDoor, AssistantTool};
use winset_text::proposal::Proposal;
use winset_text::{KeptDocument, ReadingSetting};

use crate::cli::WaitArgs;
use crate::input::{self, CaseArgs};
use crate::read::{kept, setting};

/// `winset mcp`
///
/// A server of the Model Context Protocol over standard input and output. Resources are the case and the
/// documents that `winset read --save` kept; tools are the questions (`forecast`, `blockers`, `when`, `deals`,
/// `drivers`, `moved`, `check`) and `propose_entries`, which refuses what does not stand letter by letter in the
/// document it names. Proposals wait for `winset review`.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct McpArgs {
    /// A folder with case.toml [default: the folder you are in]
    case: Option<PathBuf>,
    #[command(flatten)]
    wait: WaitArgs,
}

/// Runs it until the assistant closes the connection.
pub(crate) fn run(args: &McpArgs) -> anyhow::Result<()> {
    let folder = kept::folder(args.case.as_deref())?;
    let which = CaseArgs { case: Some(folder.clone()), ..CaseArgs::default() };
    // What cannot be read is said before an assistant is let in.
    setting::setting(&input::case(&which)?.case, Some(&folder))?;
    let questions = QUESTIONS.iter().map(|(verb, draws, says)| {
        let folder = folder.clone();
        Box::new(Question { folder, verb, draws: *draws, says }) as Box<dyn AssistantTool>
    });
    let desk = CaseDesk { folder: folder.clone(), wait: args.wait };
    let door = AssistantDoor::new(Arc::new(desk), questions.collect());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    Ok(runtime.block_on(door.serve_stdio())?)
}

/// A case folder, as an assistant sees it.
struct CaseDesk {
    folder: PathBuf,
    wait: WaitArgs,
}

impl AssistantDesk for CaseDesk {
    fn documents(&self) -> Vec<KeptDocument> {
        let Ok(entries) = std::fs::read_dir(self.folder.join(kept::DOCUMENTS)) else {
            return Vec::new();
        };
        let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        files.sort();
        let read = |file: PathBuf| {
            let bytes = bounded::read(&file, MOST).ok()?;
            document::read(&file.display().to_string(), &bytes).ok()
        };
        files.into_iter().filter_map(read).flatten().collect()
    }

    fn setting(&self) -> ReadingSetting {
        let which = CaseArgs { case: Some(self.folder.clone()), ..CaseArgs::default() };
        let case = input::case(&which).ok();
        let of = |loaded: winset_files::case::ResolvedCase| {
            setting::setting(&loaded.case, Some(&self.folder)).ok()
        };
        case.and_then(of).unwrap_or_default()
    }

    fn case(&self) -> String {
        let file = self.folder.join("case.toml");
        bounded::read_to_string(&file, bounded::TEXT).unwrap_or_else(|e| format!("# {e}\n"))
    }

    fn keep(&self, proposals: &[Proposal]) -> Result<Vec<String>, String> {
        let lock = self.wait.lock(&self.folder).map_err(|e| e.to_string())?;
        let kept = kept::add(&self.folder, proposals).map_err(|e| e.to_string())?;
        drop(lock);
        Ok(kept.1)
    }
}

/// The verbs an assistant may ask, whether they take draws, and what each answers.
const QUESTIONS: [(&str, bool, &str); 7] = [
    (
        "forecast",
        true,
        "Whether there will be a deal by the question's day, with its range, endings and terms.",
    ),
    (
        "blockers",
        true,
        "Who blocks, what cannot hold together, and the least change that opens a zone.",
    ),
    ("when", true, "By when: chances by date, and what each date of the calendar does."),
    ("deals", true, "Which packages all would ratify, and what people do with such a zone."),
    ("drivers", true, "Which inputs move the number most, and how much of it rests on judgement."),
    ("moved", true, "What moved the number in the last days of the case."),
    ("check", false, "What is wrong or doubtful in the case as it is written."),
];

/// A verb of the command as a tool: it is run on the case, and what it prints as JSON is the answer.
struct Question {
    folder: PathBuf,
    verb: &'static str,
    draws: bool,
    says: &'static str,
}

impl Question {
    fn command(&self, arguments: &Map<String, Value>) -> Result<Command, String> {
        let program = std::env::current_exe().map_err(|e| e.to_string())?;
        let mut command = Command::new(program);
        command.arg(self.verb).arg(Path::new(&self.folder)).arg("--json");
        for (name, value) in arguments {
            match (name.as_str(), value) {
                ("draws", Value::Number(n)) if self.draws && n.is_u64() => {
                    command.args(["--draws", &n.to_string()]);
                }
                ("set", Value::Array(changes)) if changes.iter().all(Value::is_string) => {
                    for change in changes.iter().filter_map(Value::as_str) {
                        // One word, so that no change is read as an option.
                        command.arg(format!("--set={change}"));
                    }
                }
                _ => return Err(format!("`{name}` is not as the schema says, or no argument")),
            }
        }
        Ok(command)
    }
}

impl AssistantTool for Question {
    fn name(&self) -> &'static str {
        self.verb
    }

    fn description(&self) -> &'static str {
        self.says
    }

    fn schema(&self) -> Map<String, Value> {
        let set = json!({ "type": "array", "items": { "type": "string" }, "maxItems": 50,
            "description": "Changes of the case for this question alone, each PATH=VALUE" });
        let draws = json!({ "type": "integer", "minimum": 16, "maximum": 100_000 });
        let mut properties = json!({ "set": set });
        if self.draws {
            properties["draws"] = draws;
        }
        let schema =
            json!({ "type": "object", "properties": properties, "additionalProperties": false });
        schema.as_object().cloned().unwrap_or_default()
    }

    fn call(&self, arguments: Map<String, Value>) -> Result<Value, String> {
        let mut command = self.command(&arguments)?;
        let out = command.stdin(Stdio::null()).output().map_err(|e| e.to_string())?;
        match serde_json::from_slice(&out.stdout) {
            // What is invalid is an answer of a check.
            Ok(answer) if out.status.success() || self.verb == "check" => Ok(answer),
            _ => Err(String::from_utf8_lossy(&out.stderr).into_owned()),
        }
    }
}
