//! How fast a forecast of the built-in case is, and what it is made of.

#[path = "../../../testing/timer.rs"]
mod timer;

use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use winset_files::case::{load, open};
use winset_files::diagnostic::Findings;
use winset_model::case::{Case, Rule};
use winset_model::effort::Effort;
use winset_model::forecast::{Frame, Run, Solver, draw_inputs, run};
use winset_model::theory::UNIT;
use winset_model::theory::exact::Exact;
use winset_model::theory::grid::{Grid, nodes};
use winset_model::theory::situation::{NO_DEMAND, Situation};
use winset_model::theory::threat::NoDeal;

fn print(figure: &str, found: Vec<f64>, unit: &str, target: &str) {
    timer::figure("forecast", figure, found, unit, target);
}

fn draws(case: &Case, draws: u64, threads: usize) {
    let settings = Run { seed: 1, draws: 0..draws };
    black_box(run(case, &settings, Effort::silent(threads, &AtomicBool::new(false))));
}

/// The most memory the process has held, in MB; `None` where the system does not say.
fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
}

/// Ten members, five issues of ten nodes each: 100,000 packages.
fn large() -> (Situation, Vec<Vec<i32>>) {
    let (members, issues) = (10, 5);
    let at = |k: usize| (k % 10) as i32 * (UNIT / 9);
    let s = Situation {
        quo: vec![at(4); issues],
        side: (0..members).map(|i| i / 5).collect(),
        ideal: (0..members * issues).map(|k| at(k / issues + k % 3)).collect(),
        weight: vec![1.0 / issues as f64; members * issues],
        red_min: vec![i32::MIN; members * issues],
        red_max: vec![i32::MAX; members * issues],
        demand: vec![NO_DEMAND; members * issues],
        audience: vec![0.0; members],
        capability: vec![1_000_000; members],
        discount: vec![0.1; 2],
        cost: vec![0.1; 2],
        rules: (0..2).map(|s| Rule::Percent(50.0, (5 * s..5 * s + 5).collect())).collect(),
        negotiator: vec![Some(0), Some(5)],
        alpha: 1.0,
        ..Situation::default()
    };
    let grid: Vec<i32> = (0..10).map(at).collect();
    let at = nodes(&s, &grid);
    (s, at)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/us-iran-2025");
    let mut findings = Findings::default();
    let files = open(&folder, &mut findings)?;
    let case = load(&files, None, &[], &mut findings).ok_or("the case has errors")?.case;

    // Memory first: the peak of a process never falls.
    draws(&case, 10_000, 2);
    let few = peak();
    draws(&case, 100_000, 2);
    if let (Some(few), Some(many)) = (few, peak()) {
        print("peak memory, 100000 draws", vec![many], "MB", "<= 200 MB");
        print("more memory than 10000 draws", vec![many - few], "MB", "<= 5 MB");
    }

    let two = timer::milliseconds(5, || draws(&case, 10_000, 2));
    let one = timer::milliseconds(5, || draws(&case, 10_000, 1));
    let ratios = one.iter().zip(&two).map(|(one, two)| one / two).collect();
    let rates = two.iter().map(|ms| 1e7 / ms).collect();
    print("10000 draws, two threads", two, "ms", "<= 1000 ms");
    print("10000 draws, one thread", one, "ms", "");
    print("one thread to two", ratios, "times", ">= 1.8 times");
    print("draws a second, two threads", rates, "/s", "");

    let (s, at) = large();
    let mut no_deal = NoDeal::default();
    s.no_deal(&mut no_deal);
    let mut grid = Grid::default();
    let packages: usize = at.iter().map(Vec::len).product();
    let big = timer::milliseconds(9, || {
        grid.evaluate(&s, &no_deal, at.clone());
        black_box(grid.solve(&s, &no_deal));
    });
    print(&format!("one draw of {packages} packages, 10 actors"), big, "ms", "<= 50 ms");

    // The parts, on the first draws of the case.
    let n = 1_000u64;
    let frame = Frame::new(&case);
    let mut values = Vec::new();
    let each = |figure: &str, times: Vec<f64>| {
        let each = times.into_iter().map(|s| s * 1e6 / n as f64);
        print(figure, each.collect(), "us", "");
    };
    let inputs = timer::seconds(7, || {
        for draw in 0..n {
            draw_inputs(&case, 1, draw, &mut values);
            black_box(&values);
        }
    });
    each("inputs of a draw", inputs);
    let drawn: Vec<(Situation, NoDeal)> = (0..n)
        .map(|draw| {
            let mut solver = Solver::new(&frame);
            solver.draw(1, draw);
            frame.situation(&solver.values, None, &mut solver.now.situation);
            let mut no_deal = NoDeal::default();
            solver.now.situation.no_deal(&mut no_deal);
            (solver.now.situation, no_deal)
        })
        .collect();
    let mut exact = Exact::default();
    let solved = timer::seconds(7, || {
        for (s, no_deal) in &drawn {
            black_box(exact.solve(s, no_deal));
        }
    });
    each("packages of a draw, exact", solved);
    let mut solver = Solver::new(&frame);
    solver.draw(1, 0);
    solver.solve();
    let mut room = solver.now.prospects;
    room.room = Some(room.room.unwrap_or(0.25));
    solver.now.prospects = room;
    each("one clock", timer::seconds(7, || (0..n).for_each(|_| solver.run_clock())));
    Ok(())
}
