//! Prints the page that holds published results against what this library computes.
//!
//! `cargo run --example verification`; `cargo xtask gen` writes it to the book. Every figure under
//! "ours" comes from a call below. Differences are given as bounds, so that the page is the same
//! on every machine.

use std::error::Error;
use std::path::{Path, PathBuf};

use serde_json::Value;
use winset_files::case::{load, open};
use winset_files::class::shipped;
use winset_files::diagnostic::Findings;
use winset_methods::score::{brier, brier_two_category, crps, log_score, murphy, rps};
use winset_methods::spatial::challenge::{self, Profile};
use winset_methods::spatial::{PositionActor, PositionIssue, model};
use winset_model::belief::change_points::{OnlineDetection, pelt};
use winset_model::belief::kalman::{HousePool, LocalLevel, Poll};
use winset_model::case::Day;
use winset_model::forecast::{Frame, Solver};
use winset_model::theory::power::power;
use winset_model::uncertain::special::normal_quantile;

type Done = Result<(), Box<dyn Error>>;

fn main() -> Done {
    let mut page = Page(String::from(
        "# Verification\n\nWritten by `cargo xtask gen`. Each table holds a published figure against what the library \
         computes for\nit; nothing under \"ours\" is typed in. A difference is given as the power of ten that bounds \
         it, or, where\nthe source prints few digits, as it is.\n",
    ));
    power_indices(&mut page);
    randomness(&mut page);
    base_rates(&mut page)?;
    nile(&mut page)?;
    polls(&mut page)?;
    changes(&mut page)?;
    position_models(&mut page)?;
    scores(&mut page)?;
    known_cases(&mut page)?;
    page.0.push_str(
        "\n## Where the rest is tested\n\nThe errors of the position models on the decisions of the European Union need data that may not be passed\n\
         on, so they are not on this page: `WINSET_DATA=… cargo test -p winset --test all backtest` computes them. The\n\
         published known answers of the generator of random numbers are bit patterns and are tested where it is\n\
         written, in `crates/model/src/uncertain/philox.rs`. Closed forms of bargaining theory (Fearon, Rubinstein,\n\
         alternating offers) are in `crates/model/tests/closed_forms.rs`, laws on random cases in\n\
         `crates/files/tests/laws.rs`.\n",
    );
    print!("{}", page.0);
    Ok(())
}

/// The text so far.
struct Page(String);

impl Page {
    fn table(&mut self, title: &str, source: &str) {
        let head = "| quantity | published | ours | difference |\n|---|--:|--:|--:|\n";
        self.0.push_str(&format!("\n## {title}\n\nSource: {source}\n\n{head}"));
    }

    /// A figure that the source gives in full.
    fn full(&mut self, what: &str, published: f64, ours: f64) {
        let off = bound((published - ours).abs());
        self.0.push_str(&format!("| {what} | {published:.8} | {ours:.8} | {off} |\n"));
    }

    /// A figure that the source gives with `digits` decimals.
    fn printed(&mut self, what: &str, published: f64, ours: f64, digits: usize) {
        let off = (published - ours).abs();
        let more = digits + 2;
        self.0.push_str(&format!(
            "| {what} | {published:.digits$} | {ours:.more$} | {off:.more$} |\n"
        ));
    }
}

/// A power of ten above a difference.
fn bound(difference: f64) -> String {
    let mut power = 1e-9;
    for exponent in (1..=9).rev() {
        if difference < power {
            return format!("< 1e-{exponent}");
        }
        power *= 10.0;
    }
    format!("{difference:.2}")
}

/// A file of known answers among the tests of a crate.
fn data(of: &str, name: &str) -> Result<String, Box<dyn Error>> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    std::fs::read_to_string(crates.join(of).join("tests/data").join(name))
        .map_err(|e| format!("{name}: {e}").into())
}

fn reference() -> Result<Value, Box<dyn Error>> {
    Ok(serde_json::from_str(&data("model", "state_space_and_change_points.json")?)?)
}

fn number(value: &Value) -> Result<f64, Box<dyn Error>> {
    value.as_f64().ok_or_else(|| format!("a number is expected where {value} stands").into())
}

fn numbers(value: &Value) -> Result<Vec<f64>, Box<dyn Error>> {
    value.as_array().ok_or("a list is expected")?.iter().map(number).collect()
}

fn weighted(quota: u32, weights: &[u32]) -> impl Fn(u64) -> bool {
    move |coalition| {
        let inside = weights.iter().enumerate().filter(|(i, _)| coalition >> i & 1 == 1);
        inside.map(|(_, w)| w).sum::<u32>() >= quota
    }
}

fn power_indices(page: &mut Page) {
    page.table(
        "Power under a rule",
        "Shapley & Shubik 1954 with the membership of 1965 (Straffin 1993, p. 16); Felsenthal & \
         Machover 1998, p. 164.",
    );
    let council: Vec<usize> = (0..15).collect();
    let un = power(&council, |c| c & 31 == 31 && c.count_ones() >= 9);
    page.full("UN Security Council, permanent: Shapley 421/2145", 421.0 / 2145.0, un[0].shapley);
    page.full("UN Security Council, elected: Shapley 4/2145", 4.0 / 2145.0, un[14].shapley);
    let six: Vec<usize> = (0..6).collect();
    let eec = power(&six, weighted(12, &[4, 4, 4, 2, 2, 1]));
    for (who, member, count) in [("France", 0, 5.0), ("Belgium", 3, 3.0), ("Luxembourg", 5, 0.0)] {
        let what = format!("Council of 1958, {who}: Banzhaf {count}/21");
        page.full(&what, count / 21.0, eec[member].banzhaf_normalised);
    }
}

fn randomness(page: &mut Page) {
    page.table("Normal quantiles", "Wichura 1988, algorithm AS 241, the check values of PPND16.");
    for (p, published) in [
        (0.25, -0.674_489_750_196_081_7),
        (0.001, -3.090_232_306_167_813),
        (1e-20, -9.262_340_089_798_408),
    ] {
        page.full(&format!("Φ⁻¹({p:?})"), published, normal_quantile(p));
    }
}

fn base_rates(page: &mut Page) -> Done {
    page.table(
        "The class of crises",
        "ICB (Brecher et al. 2025), observed shares of all cases; the shipped class `crisis`, fitted to two \
         thirds of\nthem, has to come close.",
    );
    let class = shipped("crisis").ok_or("the class of crises is shipped")?.class;
    let incidence = class.rates(None, 365).incidence(0, 365);
    let days = [30, 60, 90, 180, 365];
    let percent = |of: fn(&(f64, f64)) -> f64| days.map(|t| 100.0 * of(&incidence[t - 1]));
    for (what, observed, ours) in [
        ("agreement", [6.0, 10.0, 14.0, 21.0, 29.0], percent(|i| i.0)),
        ("other endings", [23.0, 33.0, 40.0, 50.0, 61.0], percent(|i| i.1)),
    ] {
        for k in 0..5 {
            page.printed(&format!("{what} by day {}, %", days[k]), observed[k], ours[k], 0);
        }
    }
    Ok(())
}

fn column(csv: &str) -> Result<Vec<f64>, Box<dyn Error>> {
    csv.lines().skip(1).map(|l| Ok(l.trim().trim_matches('"').parse::<f64>()?)).collect()
}

fn nile(page: &mut Page) -> Done {
    let all = reference()?;
    let r = &all["nile_local_level"];
    page.table(
        "The Nile at Aswan, local level with an exact diffuse start",
        "Durbin & Koopman 2012, ch. 2, to more digits by an independent implementation.",
    );
    let series: Vec<Option<f64>> =
        column(&data("model", "nile.csv")?)?.into_iter().map(Some).collect();
    let fixed = LocalLevel { observation: 15099.0, level: 1469.1 };
    let l = fixed.smooth(&series);
    let at = &r["at_H=15099_Q=1469.1"];
    page.full("log-likelihood at 15099, 1469.1", number(&at["loglik"])?, l.log_likelihood);
    page.full("smoothed level of year 28", number(&at["smoothed"]["28"])?, l.smoothed[27]);
    page.full("its variance, year 51", number(&at["smoothed_var"]["51"])?, l.smoothed_var[50]);
    let gone = |t: usize| (20..40).contains(&t) || (60..80).contains(&t);
    let holes: Vec<Option<f64>> =
        series.iter().enumerate().map(|(t, y)| y.filter(|_| !gone(t))).collect();
    let holed = fixed.smooth(&holes);
    let missing = &at["missing 21-40,61-80"];
    let what = "log-likelihood without years 21–40 and 61–80";
    page.full(what, number(&missing["loglik"])?, holed.log_likelihood);
    let fitted = LocalLevel::fit(&series).ok_or("the Nile cannot be fitted")?;
    let mle = &r["mle_exact_diffuse"];
    page.printed("σ²_ε by maximum likelihood", number(&mle["sigma2_eps"])?, fitted.observation, 2);
    page.printed("σ²_η by maximum likelihood", number(&mle["sigma2_eta"])?, fitted.level, 2);
    let best = fitted.smooth(&series).log_likelihood;
    page.full("log-likelihood at the maximum", number(&mle["loglik_n/2"])?, best);
    Ok(())
}

const HOUSES: [&str; 5] = ["Galaxy", "Morgan, F2F", "Newspoll", "Nielsen", "Morgan, Phone"];

/// The fields of a line of CSV, quotes removed.
fn fields(line: &str) -> Vec<String> {
    let (mut out, mut field, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => out.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    out.push(field);
    out
}

fn polls(page: &mut Page) -> Done {
    let all = reference()?;
    let r = &all["aus_polls_pooling"];
    page.table(
        "Australian polls 2004–2007, pooled with house effects",
        "Jackman 2005; the data are `AustralianElectionPolling` of R's pscl; figures of an \
         independent implementation.",
    );
    let day = |text: &str| -> Result<Day, Box<dyn Error>> {
        Day::parse(text).ok_or_else(|| format!("{text} is no day").into())
    };
    let start = day("2004-10-09")?;
    let mut polls = Vec::new();
    for line in data("model", "aus_polls.csv")?.lines().skip(1) {
        let f = fields(line);
        let (y, n): (f64, f64) = (f[0].parse()?, f[8].parse()?);
        let middle = (day(&f[10])?.since(start) + day(&f[11])?.since(start)).div_euclid(2);
        let house = HOUSES.iter().position(|h| *h == f[9]);
        polls.push(Poll { day: middle, value: y, var: y * (100.0 - y) / n, house });
    }
    polls.push(Poll { day: 1141, value: 43.38, var: 0.0, house: None });
    let omega = number(&r["omega_mle"])?;
    let pool = HousePool {
        start: (0, 37.64, 0.0),
        daily_var: omega * omega,
        house_sd: 7.5,
        houses: HOUSES.len(),
    };
    let pooled = pool.smooth(&polls, &[365]);
    page.full("log-likelihood", number(&r["loglik"])?, pooled.log_likelihood);
    for (name, (mean, _)) in HOUSES.iter().zip(&pooled.house) {
        page.printed(&format!("house effect, {name}"), number(&r["house"][name])?, *mean, 6);
    }
    let level = pooled.level.iter().find(|l| l.0 == 365).ok_or("day 365 is missing")?;
    page.printed("level on day 365", number(&r["xi"]["365"][0])?, level.1, 6);
    Ok(())
}

fn standardised(series: &[f64]) -> Vec<f64> {
    let n = series.len() as f64;
    let mean = series.iter().sum::<f64>() / n;
    let sd = (series.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / n).sqrt();
    series.iter().map(|y| (y - mean) / sd).collect()
}

fn changes(page: &mut Page) -> Done {
    let all = reference()?;
    let r = &all["changepoints"];
    page.table(
        "Change points",
        "PELT: Killick, Fearnhead & Eckley 2012; online detection: Adams & MacKay 2007. Figures of \
         independent\nimplementations on the Nile and the well log, standardised.",
    );
    let nile = standardised(&column(&data("model", "nile.csv")?)?);
    let well = standardised(&column(&data("model", "well_log.csv")?)?);
    let log = |series: &[f64]| libm::log(series.len() as f64);
    let w = &r["well_log (TCPD, 675 obs, z-scored with population sd)"];
    for (what, series, penalty, ends, cost) in [
        ("well log, 2 ln n", &well, 2.0, &w["L2 pen=2ln n, min_size 1, jump 1"], &w["cost"]),
        ("well log, 3 ln n", &well, 3.0, &w["L2 pen=3ln n"], &w["cost3"]),
        ("Nile, 3 ln n", &nile, 3.0, &r["nile z"]["L2 pen=3ln n"], &r["nile z"]["cost"]),
    ] {
        let found = pelt(series, penalty * log(series));
        let theirs = numbers(ends)?;
        let same = found.ends.iter().filter(|e| theirs.contains(&(**e as f64))).count();
        page.printed(&format!("{what}: change points found"), theirs.len() as f64, same as f64, 0);
        page.full(&format!("{what}: cost"), number(cost)?, found.cost);
    }
    let online = OnlineDetection { mu: 0.0, kappa: 0.01, alpha: 1.0, beta: 1.0, hazard: 0.01 };
    let b = &r["BOCPD NIG(mu0=0,kappa0=.01,alpha0=1,beta0=1) hazard 1/100"];
    for (what, series, key) in [
        ("Nile: log evidence", &nile, "nile_z log evidence"),
        ("well log: log evidence", &well, "well_log_z log evidence"),
    ] {
        page.full(what, number(&b[key])?, online.detect(series).log_evidence);
    }
    Ok(())
}

/// An issue on a scale, or on the range of its positions.
fn issue(table: &Value, scale: Option<(f64, f64)>) -> Result<PositionIssue, Box<dyn Error>> {
    let mut actors = Vec::new();
    for a in table["actors"].as_array().ok_or("actors are missing")? {
        actors.push(PositionActor {
            name: a["actor"].as_str().unwrap_or_default().to_owned(),
            capability: number(&a["capability"])?,
            position: number(&a["position"])?,
            salience: number(&a["salience"])?,
        });
    }
    let at = || actors.iter().map(|a| a.position);
    let held = (at().fold(f64::INFINITY, f64::min), at().fold(f64::NEG_INFINITY, f64::max));
    let (lo, hi) = scale.unwrap_or(held);
    PositionIssue::new(lo, hi, None, actors).map_err(|e| format!("{e:?}").into())
}

fn position_models(page: &mut Page) -> Done {
    let all: Value = serde_json::from_str(&data("methods", "position_models.json")?)?;
    let k = &all["emission_standards"];
    page.table(
        "Emission standards: the challenge model, round by round",
        "Bueno de Mesquita 1994, p. 78, as Table 1 in Scholz, Calbert & Smith 2011. The table has \
         one decimal, cut or\nrounded.",
    );
    let cars = issue(k, None)?;
    let run = challenge::run(&cars, Profile::AsRun, 8);
    let published = &k["published"];
    let (medians, means) = (numbers(&published["median"])?, numbers(&published["mean"])?);
    let mut unexplained = Vec::new();
    for (what, theirs, ours) in [("median", medians, &run.medians), ("mean", means, &run.means)] {
        for (t, (a, b)) in theirs.iter().zip(ours).enumerate() {
            let off = (a - b).abs() >= 0.1;
            let mark = if off { " (unexplained)" } else { "" };
            page.printed(&format!("{what} of round {}{mark}", t + 1), *a, *b, 1);
            if off {
                unexplained.push(format!("the {what} of round {}: {b:.2} against {a}", t + 1));
            }
        }
    }
    page.0.push_str(&format!(
        "\nUnexplained: {}.\nThe printed equations do not fit the table; the reading that does is \
         described under\n[the challenge model](spatial/challenge.md).\n",
        unexplained.join("; ")
    ));
    page.table(
        "Sultan: the oil price",
        "Bueno de Mesquita 1997, 17 actors, on a scale from 12 to 15; figures of an independent \
         replication.",
    );
    let k = &all["sultan"];
    let oil = issue(k, Some((12.0, 15.0)))?;
    let mean = model("weighted-mean").ok_or("the weighted mean is missing")?;
    page.printed(
        "weighted mean at the start",
        number(&k["as_run"]["mean"])?,
        mean.forecast(&oil, 1).point,
        4,
    );
    let run = challenge::run(&oil, Profile::AsRun, 8);
    let last = run.medians.last().copied().ok_or("no round was run")?;
    page.printed("median after the last round", number(&k["as_run"]["median"])?, last, 1);
    page.printed("moves in eight rounds", 0.0, run.moves.len() as f64, 0);
    Ok(())
}

fn scores(page: &mut Page) -> Done {
    page.table(
        "Scores",
        "worked by hand from the definitions: Brier 1950; Gneiting & Raftery 2007; Murphy 1973; \
         Epstein 1969.",
    );
    page.full("Brier of 0.7, it happened", 0.09, brier(0.7, true));
    page.full("the same over two categories, it did not", 0.98, brier_two_category(0.7, false));
    page.full("logarithmic score of 0.7, −ln 0.7", 0.356_674_943_938_732_4, log_score(0.7, true));
    // Mean |x − y| = 1, half the mean |x − x′| = ½·½·2.
    page.full("CRPS of {0, 2} at 1", 0.5, crps(&[0.0, 2.0], 1.0)?);
    page.full("CRPS of {3} at 5: the absolute error", 2.0, crps(&[3.0], 5.0)?);
    page.full(
        "ranked probability score of .1 .2 .3 .4, third",
        0.26,
        rps(&[0.1, 0.2, 0.3, 0.4], 2)?,
    );
    let m = murphy(&[0.1, 0.3, 0.8, 0.8], &[false, true, true, false], 2)?;
    page.full("Murphy: reliability of a worked example", 0.09, m.reliability);
    page.full("Murphy: the parts add up to the Brier score", m.brier, m.sum());
    Ok(())
}

/// Figures of a JSON object against ours by key.
struct Compared {
    figures: usize,
    largest: f64,
}

impl Compared {
    fn add(&mut self, theirs: &Value, ours: f64) {
        if let Some(theirs) = theirs.as_f64() {
            self.figures += 1;
            self.largest = self.largest.max((theirs - ours).abs());
        }
    }
}

fn known_cases(page: &mut Page) -> Done {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../files/tests/known");
    let mut cases: Vec<PathBuf> = std::fs::read_dir(&folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    cases.sort();
    page.0.push_str(
        "\n## Point-valued cases\n\nOne draw of each case against an independent implementation of the method: threat points, \
         reservations,\nvalues of named packages, room, Nash product and exponents.\n\n\
         | case | figures | largest difference |\n|---|--:|--:|\n",
    );
    let mut all = 0;
    for path in cases {
        let mut findings = Findings::default();
        let files = open(&path, &mut findings)?;
        let loaded = load(&files, None, &[], &mut findings).ok_or("a known case has errors")?;
        let answers: Value =
            serde_json::from_str(&std::fs::read_to_string(path.with_extension("json"))?)?;
        let case = loaded.case;
        let frame = Frame::new(&case);
        let mut solver = Solver::new(&frame);
        solver.draw(1, 0);
        solver.solve();
        let (s, no_deal, solution) =
            (&solver.now.situation, &solver.now.no_deal, &solver.now.solution);
        let mut found = Compared { figures: 0, largest: 0.0 };
        for (k, actor) in frame.members.iter().enumerate() {
            let id = &case.actors[*actor].id;
            found.add(&answers["status_quo_flow"][id], s.quo_flow(k));
            found.add(&answers["d"][id], no_deal.d[k]);
            found.add(&answers["m"][id], no_deal.m[k]);
            for (_, package) in answers["packages"].as_object().into_iter().flatten() {
                let at = numbers(&package["x"])?;
                let x: Vec<i32> = at.iter().map(|x| (x * 1e4).round() as i32).collect();
                found.add(&package["v"][id], s.value(k, &x, no_deal.m[k]));
            }
        }
        for (side, exponent) in case.sides.iter().zip(s.nash_exponents()) {
            found.add(&answers["nash_exponents"][&side.id], exponent);
        }
        if let Some(room) = solution.room {
            found.add(&answers["G"], room);
        }
        if let Some(value) = solution.nash_value {
            found.add(&answers["nash_value"], value);
        }
        found.add(&answers["screening_s"], solver.now.prospects.screening);
        let name = path.file_stem().and_then(|n| n.to_str()).unwrap_or_default();
        let off = bound(found.largest);
        page.0.push_str(&format!("| {name} | {} | {off} |\n", found.figures));
        all += found.figures;
    }
    page.0.push_str(&format!(
        "\nTogether {all} figures. Acceptance, zones, terms, conflicts, power and calendars of the \
         same cases are compared in\n`crates/files/tests/known.rs`.\n"
    ));
    Ok(())
}
