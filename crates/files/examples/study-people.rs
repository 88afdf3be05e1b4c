//! How real talks over known values end, and what that says of room and of terms: the figures of
//! `docs/src/method/people.md`, and the marks they must reach.
//!
//! The tables may not be carried by the project: `cargo xtask study people -- FOLDER`, or `WINSET_DATA`,
//! names the folder that holds `talks/deal_or_no_deal.csv` and `talks/casino.csv`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use winset_files::class::open;
use winset_files::diagnostic::Findings;
use winset_files::talks::read;
use winset_methods::talks::agreement::{Against, RoomForm, left_out, score};
use winset_methods::talks::concepts::{CONCEPTS, ReadyConcept, TermsConcept, concept, fitted};
use winset_methods::talks::hazard::MessageTable;
use winset_methods::talks::terms::{TermsScores, ask, score as score_terms};
use winset_methods::talks::{Corpus, TalkEnding};

const FILES: [&str; 2] = ["talks/deal_or_no_deal.csv", "talks/casino.csv"];

fn main() -> ExitCode {
    let named = std::env::args().skip(1).find(|a| !a.starts_with("--"));
    let folder =
        named.map(PathBuf::from).or_else(|| std::env::var_os("WINSET_DATA").map(PathBuf::from));
    let Some(folder) = folder else {
        eprintln!("no data\n\nhint: name the folder that holds `talks`, or set WINSET_DATA to it");
        return ExitCode::FAILURE;
    };
    let corpora: Option<Vec<Corpus>> = FILES.iter().map(|f| corpus(&folder.join(f))).collect();
    let Some(corpora) = corpora else { return ExitCode::FAILURE };
    let mut marks = Marks::default();
    together(&corpora);
    for (corpus, file) in corpora.iter().zip(FILES) {
        println!("\n{file}: {} structures", corpus.structures.len());
        agreement(corpus, file, &mut marks);
        terms(corpus, file, &mut marks);
    }
    transfer(&corpora, &mut marks);
    println!("\n{} of {} marks reached", marks.reached, marks.all);
    if marks.reached == marks.all { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Whether figures are as good as they must be.
#[derive(Default)]
struct Marks {
    reached: usize,
    all: usize,
}

impl Marks {
    fn least(&mut self, what: &str, value: f64, least: f64) {
        self.all += 1;
        self.reached += usize::from(value >= least);
        if value < least {
            println!("missed: {what} is {value:.4}, not {least} or more");
        }
    }

    fn most(&mut self, what: &str, value: f64, most: f64) {
        self.least(&format!("minus {what}"), -value, -most);
    }
}

fn corpus(path: &Path) -> Option<Corpus> {
    let mut findings = Findings::default();
    let source = match open(path, &mut findings) {
        Ok(source) => source,
        Err(e) => {
            eprintln!("cannot read {}: {e}", path.display());
            return None;
        }
    };
    let talks = read(&source, &mut findings);
    findings.list.iter().for_each(|d| eprintln!("{}", d.message));
    Some(Corpus::new(&talks?))
}

/// The constants that suit both corpora together, beside those that are shipped.
fn together(corpora: &[Corpus]) {
    println!("constants that suit both: fitted (shipped)");
    for rule in CONCEPTS.iter().filter(|c| !c.constants.is_empty()) {
        let ready: Vec<ReadyConcept<'_>> = corpora.iter().map(|c| rule.ready(c)).collect();
        let fit = fitted(&ready.iter().collect::<Vec<_>>(), &|_| true);
        println!("  {:<20} {}", rule.id, constants(rule, &fit));
    }
}

fn constants(rule: &TermsConcept, fit: &[f64]) -> String {
    let one = |(c, x): (&winset_methods::talks::concepts::TermsConstant, &f64)| {
        format!("{} {x:.3} ({})", c.name, c.shipped)
    };
    rule.constants.iter().zip(fit).map(one).collect::<Vec<_>>().join(", ")
}

fn agreement(corpus: &Corpus, file: &str, marks: &mut Marks) {
    let table = MessageTable::new(corpus);
    let tell = |against| {
        let one = |(name, form): (&str, RoomForm)| {
            let chance = left_out(corpus, &table, form, against);
            let s = score(corpus, against, &chance);
            if let Some(s) = s {
                println!("  {name:<24} log {:.4} Brier {:.4}", s.log, s.brier);
            }
            s
        };
        against.forms().map(one).collect::<Vec<_>>()
    };
    println!("deals against all other endings");
    let all = tell(Against::All);
    println!("deals against contradictory entries");
    let entries = tell(Against::Contradictions);
    println!("deals against failures");
    tell(Against::Failures);
    println!("deals by message, −ln L a talk left out");
    for gamma in [Some(0.0), Some(0.5), Some(1.0), None] {
        println!("  γ {gamma:?}: {:.4}", table.loss_left_out(corpus, gamma));
    }
    for risk in [TalkEnding::Deal, TalkEnding::Contradiction, TalkEnding::Failure] {
        let e = table.exponent(risk, 0..table.messages());
        println!("  {risk:?}: γ {:.2} ({:.2} to {:.2})", e.gamma, e.lo, e.hi);
    }
    if file == FILES[0] {
        marks.most("loss by message", table.loss_left_out(corpus, None), 1.770);
        let best = |scores: &[Option<winset_methods::talks::agreement::AgreementScores>]| {
            let log = scores.iter().flatten().map(|s| s.log).fold(f64::NEG_INFINITY, f64::max);
            let brier = scores.iter().flatten().map(|s| s.brier).fold(f64::INFINITY, f64::min);
            (log, brier)
        };
        marks.least("log of a deal", best(&all).0, -0.480);
        marks.most("Brier of a deal", best(&all).1, 0.154);
        marks.least("log of a consistent entry", best(&entries).0, -0.410);
        marks.most("Brier of a consistent entry", best(&entries).1, 0.124);
    }
}

fn line(rule: &TermsConcept, s: &TermsScores) -> String {
    format!(
        "  {:<20} log {:.4} hit {:.3} CRPS {:.4} PIT {:.4} 80 % {:.3}, width {:.3}",
        rule.id, s.log, s.hit, s.crps, s.pit, s.coverage80, s.width80
    )
}

fn terms(corpus: &Corpus, file: &str, marks: &mut Marks) {
    for fit in [false, true] {
        println!("terms, {}", if fit { "fitted and left out" } else { "as shipped" });
        for rule in CONCEPTS {
            let Some(asked) = ask(corpus, rule, fit) else { continue };
            println!("{}  {}", line(rule, &asked.scores), constants(rule, &asked.constants));
            if rule.id != "people" {
                continue;
            }
            let s = &asked.scores;
            match (file == FILES[0], fit) {
                (true, false) => marks.most("distance to −1.242", (s.log + 1.242).abs(), 0.001),
                (false, false) => marks.most("distance to −3.011", (s.log + 3.011).abs(), 0.001),
                (true, true) => {
                    marks.least("log of terms", s.log, -1.245);
                    marks.least("hits", s.hit, 0.555);
                    marks.most("CRPS", s.crps, 0.046);
                    marks.most("PIT", s.pit, 0.020);
                }
                (false, true) => marks.least("log of terms", s.log, -3.015),
            }
        }
    }
}

/// Constants of one corpus on the other.
fn transfer(corpora: &[Corpus], marks: &mut Marks) {
    println!("\nfrom one to the other, log");
    for rule in CONCEPTS {
        let log = |from: usize, to: usize| {
            let fit = rule.ready(&corpora[from]).fit(&|_| true);
            let said = rule.ready(&corpora[to]).probabilities(&fit, &|_| true);
            score_terms(&corpora[to], &said).map_or(f64::NAN, |s| s.log)
        };
        println!("  {:<20} {:.3} and back {:.3}", rule.id, log(0, 1), log(1, 0));
        if concept("people").is_some_and(|p| p.id == rule.id) {
            marks.least("log abroad", log(0, 1), -3.04);
            marks.least("log abroad, back", log(1, 0), -1.28);
        }
    }
}
