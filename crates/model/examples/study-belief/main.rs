//! The study of the belief model: simulated records of known truth, every scenario reported.

mod own;

use anyhow::{Context, ensure};
use winset_model::belief::kalman::LocalLevel;
use winset_model::belief::point_mass::Nodes;
use winset_model::belief::{
    BeliefSettings, LogNormal, Reading, ReadingKind, ReadingPath, StudentT, fit,
};

/// How records are made. Nothing here is estimated: the belief model sees only the statements.
#[derive(Clone)]
struct Scenario {
    name: &'static str,
    statements: usize,
    /// Sources, shared by the actors of a case.
    sources: usize,
    bias_sd: f64,
    /// Share of statements that turn 20 to 52 points away from the position.
    reversals: f64,
    /// Whether false statements lie anywhere on the scale instead.
    anywhere: bool,
    /// Share of gaps over which the position jumps, and the jump's sd.
    jumps: f64,
    jump_sd: f64,
    /// Random walk per √day.
    drift: f64,
    /// Noise of a statement, of which a standard deviation of `coded` is coded as its range.
    noise: f64,
    coded: f64,
    /// Actors of a case, who share its sources.
    actors: u64,
    /// What the analyst's grades say.
    p_true: f64,
    /// Longest path smoothed exactly; `None` for the default.
    exact_up_to: Option<usize>,
    /// Cases.
    cases: u64,
}

/// Noise, bias, jumps and reversals were set by the baselines alone, without a look at the model:
/// last statement 15.5, mean of a window 8.3 and Gaussian maximum likelihood 7.07 are the marks of
/// the reference scenario; this one has 15.6, 8.0 and 7.6 over 1,500 simulated paths.
const REFERENCE: Scenario = Scenario {
    name: "reference",
    statements: 45,
    sources: 4,
    bias_sd: 5.0,
    reversals: 0.12,
    anywhere: false,
    jumps: 0.02,
    jump_sd: 20.0,
    drift: 0.3,
    noise: 8.0,
    coded: 4.0,
    actors: 5,
    p_true: 0.85,
    exact_up_to: None,
    cases: 60,
};

fn scenarios() -> Vec<Scenario> {
    let r = REFERENCE;
    let with = |name, statements| Scenario { name, statements, ..r.clone() };
    let medium = |name| Scenario { name, statements: 15, ..r.clone() };
    // Long and good: what is coded is all the noise, nobody jumps, and one actor is all there is.
    let clean = |name| Scenario {
        name,
        noise: 6.0,
        coded: 6.0,
        jumps: 0.0,
        anywhere: true,
        actors: 1,
        cases: 300,
        ..r.clone()
    };
    vec![
        Scenario { cases: 200, ..r.clone() },
        Scenario { cases: 200, ..with("1 statement", 1) },
        Scenario { cases: 200, ..with("2 statements", 2) },
        Scenario { cases: 200, ..with("3 statements", 3) },
        Scenario { cases: 200, ..with("5 statements", 5) },
        with("10 statements", 10),
        with("20 statements", 20),
        with("50 statements", 50),
        Scenario { jumps: 0.03, ..with("45, 3 % jumps", 45) },
        Scenario { exact_up_to: Some(30), name: "reference, reweighted", ..r.clone() },
        Scenario { cases: 10, ..with("150 statements, reweighted", 150) },
        Scenario { bias_sd: 0.0, ..medium("15, no bias") },
        Scenario { bias_sd: 10.0, ..medium("15, bias sd 10") },
        Scenario { bias_sd: 15.0, ..medium("15, bias sd 15") },
        Scenario { sources: 1, ..medium("15, one source") },
        Scenario { sources: 1, bias_sd: 15.0, ..medium("15, one source, bias sd 15") },
        Scenario { reversals: 0.0, ..medium("15, no reversals") },
        Scenario { reversals: 0.25, ..medium("15, 25 % reversals") },
        Scenario { reversals: 0.4, ..medium("15, 40 % reversals") },
        Scenario { reversals: 0.4, p_true: 0.6, ..medium("15, 40 % reversals, graded so") },
        Scenario { reversals: 0.4, p_true: 0.6, ..with("3, 40 % reversals, graded so", 3) },
        Scenario { jumps: 0.0, drift: 0.0, ..medium("15, nothing moves") },
        Scenario { jumps: 0.1, ..medium("15, 10 % jumps") },
        Scenario { jumps: 0.25, ..medium("15, 25 % jumps") },
        Scenario { jumps: 0.0, drift: 1.5, ..medium("15, no jumps, strong drift") },
        Scenario { noise: 4.0, ..medium("15, noise 4: coded range is all") },
        Scenario { noise: 15.0, ..medium("15, noise 15") },
        Scenario { bias_sd: 0.0, ..clean("45, noise 6 as coded, no jumps, no bias") },
        Scenario { bias_sd: 3.0, ..clean("45, noise 6 as coded, no jumps, bias sd 3") },
        Scenario { bias_sd: 5.0, ..clean("45, noise 6 as coded, no jumps, bias sd 5") },
        Scenario {
            bias_sd: 0.0,
            actors: 5,
            cases: 60,
            ..clean("the same of five actors, no bias")
        },
        Scenario { coded: 0.0, bias_sd: 3.0, ..clean("45, noise 6, coded as points, bias sd 3") },
        Scenario {
            drift: 0.0,
            bias_sd: 3.0,
            ..clean("45, noise 6 as coded, nothing moves, bias sd 3")
        },
    ]
}

/// Uniform on (0, 1): splitmix64 of seed and index.
fn uniform(seed: u64, index: u64) -> f64 {
    let mut z = seed
        .wrapping_mul(0xD129_0E3F_65F1_A9C7)
        .wrapping_add(index.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (((z ^ (z >> 31)) >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
}

/// A counter that is advanced by each draw.
struct Draws {
    seed: u64,
    index: u64,
}

impl Draws {
    fn uniform(&mut self) -> f64 {
        self.index += 1;
        uniform(self.seed, self.index)
    }

    /// Box–Muller.
    fn normal(&mut self) -> f64 {
        let (u, v) = (self.uniform(), self.uniform());
        (-2.0 * libm::log(u)).sqrt() * libm::cos(std::f64::consts::TAU * v)
    }
}

/// One simulated case: the paths the model sees and each actor's position at the last statement.
fn simulate(s: &Scenario, seed: u64) -> (Vec<ReadingPath>, Vec<f64>) {
    let mut d = Draws { seed, index: 0 };
    let bias: Vec<f64> = (0..s.sources).map(|_| s.bias_sd * d.normal()).collect();
    let mut truth = Vec::new();
    let mut id = 0;
    let paths = (0..s.actors)
        .map(|_| {
            let mut x = (50.0 + 22.0 * d.normal()).clamp(0.0, 100.0);
            let mut day = 0;
            let readings = (0..s.statements)
                .map(|i| {
                    if i > 0 {
                        let gap = 1 + (-3.0 * libm::log(d.uniform())) as i32;
                        day += gap;
                        x += s.drift * f64::from(gap).sqrt() * d.normal();
                        let (jumps, jump) = (d.uniform() < s.jumps, s.jump_sd * d.normal());
                        x = (x + if jumps { jump } else { 0.0 }).clamp(0.0, 100.0);
                    }
                    let channel = (d.uniform() * s.sources as f64) as usize % s.sources;
                    let (turned, size) = (d.uniform() < s.reversals, 20.0 + 32.0 * d.uniform());
                    let up = d.uniform() < 0.5;
                    let away = if up { size } else { -size };
                    // Away from the position, but on the scale.
                    let away = if (0.0..=100.0).contains(&(x + away)) { away } else { -away };
                    let noise = s.noise * d.normal();
                    let value = match turned && s.anywhere {
                        true => 100.0 * d.uniform(),
                        false => x + bias[channel] + noise + if turned { away } else { 0.0 },
                    };
                    id += 1;
                    Reading {
                        id,
                        day,
                        value: value.clamp(0.0, 100.0),
                        sd: s.coded,
                        p_true: s.p_true,
                        kind: ReadingKind::Ideal,
                        channel,
                        audience: 0,
                        origin: id,
                        direction: 0.0,
                    }
                })
                .collect();
            truth.push(x);
            ReadingPath { prior_mean: 50.0, prior_sd: 22.0, side: 0, readings }
        })
        .collect();
    (paths, truth)
}

/// What became of one path.
#[derive(Clone, Copy, Default)]
struct PathScores {
    square: f64,
    crps: f64,
    log: f64,
    /// Whether the 5 % and the 95 % point of the distribution hold the truth between them.
    covered: f64,
    /// Whether that interval does closed at an end of the scale, as the command prints it.
    closed: f64,
    /// Whether it lies within 1.645 sd of the mean.
    within: f64,
    width: f64,
    /// Whether it lies at no end of the scale, and whether it does so between the points.
    inside: f64,
    inside_covered: f64,
    /// Whether it lies between the quartiles, and in which tenth of the distribution.
    half: f64,
    tenths: [f64; 10],
}

/// Sums of one scenario.
#[derive(Default)]
struct Tally {
    n: f64,
    ours: PathScores,
    /// A case each: the mean over its paths.
    cases: Vec<PathScores>,
    /// The same of the defaults on the same records, where something else was tried.
    usual: Vec<PathScores>,
    last: f64,
    window: f64,
    gaussian: f64,
    gaussian_covered: f64,
}

/// Mean and its standard error over cases, whose paths share their sources.
fn mean(cases: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let n = cases.clone().count() as f64;
    let mean = cases.clone().sum::<f64>() / n;
    let square: f64 = cases.map(|v| (v - mean) * (v - mean)).sum();
    (mean, (square / (n * (n - 1.0).max(1.0))).sqrt())
}

impl PathScores {
    fn of(nodes: &Nodes, masses: &[f64], x: f64) -> Self {
        let (lo, hi) = (nodes.quantile(masses, 0.05), nodes.quantile(masses, 0.95));
        let spacing = nodes.x[1] - nodes.x[0];
        let (mut below, mut crps) = (0.0, 0.0);
        for (at, m) in nodes.x.iter().zip(masses) {
            let miss = below + 0.5 * m - if *at >= x { 1.0 } else { 0.0 };
            crps += spacing * miss * miss;
            below += m;
        }
        let i = ((x / spacing) as usize).min(nodes.x.len() - 2);
        let density = |i: usize| (masses[i] / nodes.w[i]).max(1e-12);
        let share = x / spacing - i as f64;
        let log = libm::log((1.0 - share) * density(i) + share * density(i + 1));
        let (mean, sd) = nodes.moments(masses);
        let error = mean - x;
        let within = f64::from(u8::from(error.abs() <= 1.645 * sd));
        let covered = f64::from(u8::from(lo <= x && x <= hi));
        let [from, to] = nodes.interval(masses, 0.9);
        let closed = f64::from(u8::from(from <= x && x <= to));
        let inside = f64::from(u8::from(x > 0.0 && x < 100.0));
        let (square, width, inside_covered) = (error * error, hi - lo, inside * covered);
        let (lower, upper) = (nodes.quantile(masses, 0.25), nodes.quantile(masses, 0.75));
        let half = f64::from(u8::from(lower <= x && x <= upper));
        let mut tenths = [0.0; 10];
        tenths[(1..10).filter(|k| nodes.quantile(masses, 0.1 * f64::from(*k)) < x).count()] = 1.0;
        Self {
            square,
            crps,
            log,
            covered,
            closed,
            within,
            width,
            inside,
            inside_covered,
            half,
            tenths,
        }
    }

    /// Adds `share` of another.
    fn add(&mut self, share: f64, o: Self) {
        self.square += share * o.square;
        self.crps += share * o.crps;
        self.log += share * o.log;
        self.covered += share * o.covered;
        self.closed += share * o.closed;
        self.within += share * o.within;
        self.width += share * o.width;
        self.inside += share * o.inside;
        self.inside_covered += share * o.inside_covered;
        self.half += share * o.half;
        self.tenths.iter_mut().zip(o.tenths).for_each(|(a, b)| *a += share * b);
    }
}

/// A change of the settings.
type Change = fn(&mut BeliefSettings);

/// What was tried instead of the defaults, by name.
const TRIED: [(&str, Change); 17] = [
    ("defaults", |_| {}),
    ("bias-told", |s| s.bias_learned = false),
    ("coded-scale", |s| s.coded_share = 1.0),
    ("unbiased", |s| s.bias_sd = 0.01),
    ("bias-5", |s| s.bias_sd = 5.0),
    ("bias-mean", |s| s.bias_sd = 7.5 * std::f64::consts::SQRT_2),
    ("slower", |s| s.innovation.median = 0.25),
    ("heavy", |s| s.nu_innovation = vec![1.5]),
    // The sd of Jackman's Gaussian walk as the scale of the t.
    ("heavy-unscaled", |s| (s.nu_innovation, s.innovation.median) = (vec![1.5], 0.42 / scale(1.5))),
    ("lighter", |s| s.nu_innovation = vec![2.0]),
    ("gaussian", |s| s.nu_innovation = vec![f64::INFINITY]),
    ("cauchy", |s| s.nu_innovation = vec![1.0]),
    ("heavy-or-gaussian", |s| s.nu_innovation = vec![1.5, f64::INFINITY]),
    ("three-kinds", |s| s.nu_innovation = vec![1.0, 3.0, f64::INFINITY]),
    ("moves-told", |s| {
        s.nu_innovation = vec![f64::INFINITY];
        s.innovation = LogNormal { median: 0.3, log_sd: 0.02 };
    }),
    // The scale of a t with four degrees of freedom that is nearest to noise of sd 6, less what is coded of it.
    ("noise-told", |s| s.observation = LogNormal { median: 2.6, log_sd: 0.05 }),
    ("wide", |s| (s.observation.log_sd, s.innovation.log_sd) = (0.8, 1.3)),
];

/// The scale of a t whose median move is that of a Gaussian of sd 1.
fn scale(nu: f64) -> f64 {
    StudentT::new(nu).scale_like_gaussian()
}

fn study(s: &Scenario, seed: u64, cases: u64, choice: &StudyChoice) -> anyhow::Result<Tally> {
    let mut usual = BeliefSettings::default();
    usual.exact_up_to = s.exact_up_to.unwrap_or(usual.exact_up_to);
    usual.intervals = choice.intervals.unwrap_or(usual.intervals);
    let mut settings = usual.clone();
    choice.tried.iter().for_each(|change| change(&mut settings));
    choice.against.iter().for_each(|change| change(&mut usual));
    let mut tally = Tally::default();
    for case in 0..cases {
        let (paths, truth) = simulate(s, seed + case);
        let share = 1.0 / paths.len() as f64;
        let outcome = |settings: &BeliefSettings| -> anyhow::Result<PathScores> {
            let beliefs = fit(&paths, settings)?;
            let mut all = PathScores::default();
            for (belief, x) in beliefs.paths.iter().zip(&truth) {
                let masses = belief.current.masses(&beliefs.nodes);
                all.add(share, PathScores::of(&beliefs.nodes, &masses, *x));
            }
            Ok(all)
        };
        tally.cases.push(outcome(&settings)?);
        if !choice.tried.is_empty() {
            tally.usual.push(outcome(&usual)?);
        }
        for (path, x) in paths.iter().zip(truth) {
            let square = |m: f64| (m - x) * (m - x);
            tally.n += 1.0;
            let values: Vec<f64> = path.readings.iter().map(|r| r.value).collect();
            let window = &values[values.len().saturating_sub(15)..];
            let mean = window.iter().sum::<f64>() / window.len() as f64;
            let series: Vec<_> = values.iter().copied().map(Some).collect();
            let (m, v) = match LocalLevel::fit(&series) {
                Some(model) => {
                    let l = model.smooth(&series);
                    (l.smoothed[values.len() - 1], l.smoothed_var[values.len() - 1])
                }
                None => (mean, 0.0),
            };
            tally.last += square(values[values.len() - 1]);
            tally.window += square(mean);
            tally.gaussian += square(m);
            tally.gaussian_covered += f64::from(u8::from((m - x).abs() <= 1.645 * v.sqrt()));
        }
    }
    let share = 1.0 / tally.cases.len().max(1) as f64;
    for o in &tally.cases {
        tally.ours.add(share, *o);
    }
    Ok(tally)
}

/// The reference and 1, 2, 3 and 5 statements stand first and have marks to keep.
const MARKED: usize = 5;

/// What the command line asks for.
#[derive(Default)]
struct StudyChoice {
    /// Only scenarios whose names hold one of these.
    only: Vec<String>,
    /// Intervals of the grid; `None` for the default.
    intervals: Option<usize>,
    /// Those with marks alone, a tenth of the cases.
    reduced: bool,
    /// So many times as many cases.
    times: u64,
    /// So many cases of every row instead.
    cases: Option<u64>,
    /// Another range of seeds.
    seeds: u64,
    /// What is tried instead of the defaults.
    tried: Vec<Change>,
    /// What it is set beside, instead of the defaults.
    against: Vec<Change>,
    /// Records of the model's own making instead, and what it is told of them.
    own: bool,
    told: Vec<own::Truth>,
}

impl StudyChoice {
    fn read(words: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        let mut choice = Self { times: 1, ..Self::default() };
        let mut words = words.peekable();
        while let Some(word) = words.next() {
            let mut value = || words.next().with_context(|| format!("`{word}` needs a value"));
            match word.as_str() {
                "--reduced" => choice.reduced = true,
                "--times" => choice.times = value()?.parse()?,
                "--intervals" => choice.intervals = Some(value()?.parse()?),
                "--cases" => choice.cases = Some(value()?.parse()?),
                "--seeds" => choice.seeds = value()?.parse()?,
                "--tried" => choice.tried = changes(&value()?)?,
                "--against" => choice.against = changes(&value()?)?,
                "--own" => choice.own = true,
                "--told" => {
                    for name in value()?.split(',') {
                        choice.told.push(named(&own::TOLD, name)?);
                    }
                }
                _ => choice.only.push(word),
            }
        }
        Ok(choice)
    }
}

/// The changes with these names.
fn changes(names: &str) -> anyhow::Result<Vec<Change>> {
    names.split(',').map(|name| named(&TRIED, name)).collect()
}

/// What has this name.
fn named<T: Copy>(all: &[(&str, T)], name: &str) -> anyhow::Result<T> {
    let unknown = || {
        let names: Vec<&str> = all.iter().map(|t| t.0).collect();
        format!("nothing is called `{name}`: {}", names.join(", "))
    };
    Ok(all.iter().find(|t| t.0 == name).with_context(unknown)?.1)
}

/// One scenario beside the baselines.
fn row(s: &Scenario, t: &Tally) -> String {
    let root = |sum: f64| (sum / t.n).sqrt();
    let (rmse, within, covered) = (t.ours.square.sqrt(), t.ours.within, t.ours.covered);
    let width = t.ours.width;
    let (last, window, gaussian) = (root(t.last), root(t.window), root(t.gaussian));
    let its = t.gaussian_covered / t.n;
    format!(
        "| {} | {} | {rmse:.2} | {within:.3} | {covered:.3} | {width:.1} | {last:.2} | {window:.2} | {gaussian:.2} | {its:.3} |",
        s.name, t.n
    )
}

/// One scenario with what was tried, beside the defaults on the same records.
fn compared(s: &Scenario, t: &Tally) -> String {
    let of = |part: fn(&PathScores) -> f64| {
        (mean(t.cases.iter().map(part)), mean(t.usual.iter().map(part)).0)
    };
    let ((within, error), usual) = of(|o| o.within);
    let ((covered, _), usually) = of(|o| o.covered);
    let width = mean(t.usual.iter().map(|o| o.width)).0;
    let pairs = t.cases.iter().zip(&t.usual);
    let crps = mean(pairs.clone().map(|(a, b)| a.crps - b.crps));
    let log = mean(pairs.map(|(a, b)| a.log - b.log));
    format!(
        "| {} | {} | {:.2} | {within:.3} ± {error:.3} | {usual:.3} | {covered:.3} | {usually:.3} | {:.1} | {width:.1} | {:+.2} ± {:.2} | {:+.2} ± {:.2} |",
        s.name,
        t.n,
        t.ours.square.sqrt(),
        t.ours.width,
        crps.0,
        crps.1,
        log.0,
        log.1
    )
}

/// Every row in one sentence, with standard errors over cases.
fn together(cases: &[PathScores]) -> String {
    let of = |part: fn(&PathScores) -> f64| mean(cases.iter().map(part));
    let (inside, covered) = (of(|o| o.inside).0, of(|o| o.inside_covered).0);
    // A ratio of two means: its error is that of what each case adds to it.
    let rate = covered / inside;
    let error = mean(cases.iter().map(|o| (o.inside_covered - rate * o.inside) / inside)).1;
    let ((within, its), (between, theirs)) = (of(|o| o.within), of(|o| o.covered));
    let (closed, as_printed) = of(|o| o.closed);
    format!(
        "together: {} cases, 90 % coverage {within:.3} ± {its:.3}, between points {between:.3} ± {theirs:.3}, \
         closed at an end as printed {closed:.3} ± {as_printed:.3}, where the truth is at no end {rate:.3} ± {error:.3}; at an end {:.3}",
        cases.len(),
        1.0 - inside
    )
}

/// Runs every scenario and prints a Markdown table.
///
/// # Errors
/// If the model refuses a record, or a scenario misses its marks.
fn run(choice: &StudyChoice) -> anyhow::Result<()> {
    println!(
        "{}",
        match choice.tried.is_empty() {
            true =>
                "| scenario | paths | RMSE | 90 % coverage | between points | width | last statement | mean of last 15 | Gaussian ML | its coverage |\n|---|---|---|---|---|---|---|---|---|---|",
            false =>
                "| scenario | paths | RMSE | 90 % coverage | of the defaults | between points | of the defaults | width | of the defaults | CRPS, more | log score, more |\n|---|---|---|---|---|---|---|---|---|---|---|",
        }
    );
    let (mut marked, mut pooled) = (Vec::new(), Vec::new());
    let rows = if choice.reduced && choice.only.is_empty() { MARKED } else { usize::MAX };
    for (i, s) in scenarios().iter().enumerate().take(rows) {
        if !choice.only.is_empty() && !choice.only.iter().any(|part| s.name.contains(part)) {
            continue;
        }
        let usual = if choice.reduced { s.cases.div_ceil(10) } else { choice.times * s.cases };
        let cases = choice.cases.unwrap_or(usual);
        // Ranges of seeds stand far enough apart that no two scenarios share a record.
        let seed = 1_000_000 * (i as u64 + 1) + 100_000_000 * choice.seeds;
        let t = study(s, seed, cases, choice)?;
        println!("{}", if choice.tried.is_empty() { row(s, &t) } else { compared(s, &t) });
        pooled.extend_from_slice(&t.cases);
        if i < MARKED {
            marked.push((s.name, t.ours.square.sqrt(), t.ours.within));
        }
    }
    println!("\n{}", together(&pooled));
    // What is tried has no marks to keep.
    if !choice.tried.is_empty() {
        return Ok(());
    }
    // Over 100 paths a coverage of .90 has a standard error of .03, and a little more since paths
    // share their sources: a reduced run allows for three of them. Its RMSE must still be far from
    // the naive readings of the record.
    let (rmse, coverage) = if choice.reduced { (7.5, 0.80..=0.99) } else { (6.6, 0.87..=0.93) };
    for (name, r, c) in marked {
        ensure!(coverage.contains(&c), "{name}: coverage {c:.3}, expected {coverage:?}");
        let reference = name == REFERENCE.name;
        ensure!(!reference || r <= rmse, "{name}: RMSE {r:.2}, expected at most {rmse}");
    }
    Ok(())
}

fn main() -> anyhow::Result<()> {
    let choice = StudyChoice::read(std::env::args().skip(1))?;
    if choice.own { own::run(&choice) } else { run(&choice) }
}
