//! How the work of the command grows with each dimension of a case, in instructions.
//!
//! Cases of two sides are written below cargo's build folder, one dimension is stretched at a time, and
//! valgrind counts what the command takes. What a draw costs is the difference of two forecasts,
//! so that reading the case does not count. The exponent is the slope of the least-squares line through the logarithms.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::bench::line;
use crate::gate::{has_valgrind, millions, release};
use crate::repo::Repo;

/// The dimensions of a made-up case.
#[derive(Clone, Copy, Debug)]
struct Talks {
    sides: usize,
    members: usize,
    issues: usize,
    promises: usize,
    entries: usize,
    horizon: usize,
    stages: usize,
}

const USUAL: Talks =
    Talks { sides: 2, members: 8, issues: 3, promises: 0, entries: 0, horizon: 365, stages: 1 };

/// What is counted of a case.
#[derive(Clone, Copy, Debug)]
enum Counted {
    /// A draw: the difference of forecasts of 30 and of 10 draws.
    Draw,
    /// So many draws: the difference of a forecast of `size` more than 10 and of one of 10.
    Draws,
    /// What `check` takes beyond that for a case without a record.
    Reading,
}

impl Counted {
    /// What stands before the size.
    fn what(self) -> &'static str {
        match self {
            Self::Draw => "a draw, ",
            Self::Draws => "",
            Self::Reading => "reading ",
        }
    }
}

/// A dimension: its name, what is counted, the sizes tried, and how a case gets a size.
struct Curve {
    name: &'static str,
    counted: Counted,
    sizes: &'static [usize],
    sized: fn(usize) -> Talks,
}

const CURVES: [Curve; 8] = [
    Curve {
        name: "members",
        counted: Counted::Draw,
        sizes: &[4, 8, 16, 32, 64],
        sized: |members| Talks { members, ..USUAL },
    },
    Curve {
        name: "issues",
        counted: Counted::Draw,
        sizes: &[1, 2, 4, 8, 12],
        sized: |issues| Talks { issues, ..USUAL },
    },
    Curve {
        name: "coupled promises",
        counted: Counted::Draw,
        sizes: &[1, 2, 4, 6],
        sized: |promises| Talks { issues: 6, promises, ..USUAL },
    },
    Curve {
        name: "entries",
        counted: Counted::Reading,
        sizes: &[30, 100, 300, 1_000],
        sized: |entries| Talks { entries, ..USUAL },
    },
    Curve { name: "draws", counted: Counted::Draws, sizes: &[30, 100, 300, 900], sized: |_| USUAL },
    Curve {
        name: "days of the horizon",
        counted: Counted::Draw,
        sizes: &[90, 365, 1_095, 3_650],
        sized: |horizon| Talks { horizon, ..USUAL },
    },
    Curve {
        name: "sides",
        counted: Counted::Draw,
        sizes: &[2, 4, 8],
        sized: |sides| Talks { sides, members: 16, ..USUAL },
    },
    Curve {
        name: "stages",
        counted: Counted::Draw,
        sizes: &[1, 2, 4, 8],
        sized: |stages| Talks { stages, ..USUAL },
    },
];

/// The curves as lines that a benchmark prints; none where instructions cannot be counted.
pub(crate) fn lines(repo: &Repo) -> Result<Vec<String>> {
    if !has_valgrind() {
        return Ok(Vec::new());
    }
    let winset = release(repo)?;
    let folder = repo.target().join("curves");
    let mut found = Vec::new();
    for curve in &CURVES {
        let mut points = Vec::new();
        for &size in curve.sizes {
            let millions = counted(&winset, &folder, curve, size)?;
            let figure = format!("{}{size} {}", curve.counted.what(), curve.name);
            found.push(line(("curves", ""), &figure, [millions; 3], "million"));
            points.push((size as f64, millions));
        }
        let (first, last) = (curve.sizes[0], curve.sizes[curve.sizes.len() - 1]);
        let figure = format!("exponent from {first} to {last} {}", curve.name);
        found.push(line(("curves", ""), &figure, exponents(&points), ""));
    }
    Ok(found)
}

/// Millions of instructions of a case of this size.
fn counted(winset: &Path, folder: &Path, curve: &Curve, size: usize) -> Result<f64> {
    let talks = (curve.sized)(size);
    let case = write(folder, talks)?;
    let case = case.to_str().context("a folder whose name is text")?;
    let forecast = |draws: usize| {
        let draws = draws.to_string();
        millions(winset, &["forecast", case, "--draws", &draws, "--json"])
    };
    match curve.counted {
        Counted::Draw => Ok((forecast(30)? - forecast(10)?) / 20.0),
        Counted::Draws => Ok(forecast(10 + size)? - forecast(10)?),
        Counted::Reading => {
            let read = millions(winset, &["check", case])?;
            let empty = write(folder, Talks { entries: 0, ..talks })?;
            let empty = empty.to_str().context("a folder whose name is text")?;
            Ok(read - millions(winset, &["check", empty])?)
        }
    }
}

/// The slope of all points on logarithmic axes, and the least and the greatest between neighbours.
fn exponents(points: &[(f64, f64)]) -> [f64; 3] {
    let logs: Vec<(f64, f64)> =
        points.iter().map(|(n, work)| (libm::log(*n), libm::log(*work))).collect();
    let count = logs.len() as f64;
    let (x, y) = logs.iter().fold((0.0, 0.0), |(x, y), p| (x + p.0 / count, y + p.1 / count));
    let (mut square, mut product) = (0.0, 0.0);
    for p in &logs {
        square += (p.0 - x) * (p.0 - x);
        product += (p.0 - x) * (p.1 - y);
    }
    let between = logs.windows(2).map(|w| (w[1].1 - w[0].1) / (w[1].0 - w[0].0));
    let least = between.clone().fold(f64::INFINITY, f64::min);
    [product / square, least, between.fold(f64::NEG_INFINITY, f64::max)]
}

/// Writes a case of these dimensions into a folder of its own, and says which.
fn write(folder: &Path, talks: Talks) -> Result<PathBuf> {
    let Talks { sides, members, issues, promises, entries, horizon, stages } = talks;
    let name = format!("{sides}-{members}-{issues}-{promises}-{entries}-{horizon}-{stages}");
    let folder = folder.join(name);
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("case.toml"), case(talks)?)?;
    if entries > 0 {
        std::fs::write(folder.join("record.csv"), record(entries)?)?;
    }
    Ok(folder)
}

fn case(talks: Talks) -> Result<String> {
    let Talks { sides, members, issues, promises, entries, horizon, stages } = talks;
    let mut text = "winset = 1\ntitle = \"Made up\"\nas_of = 2025-04-22\n[question]\n\
        text = \"Will they sign?\"\nyes = \"signed\"\nby = 2025-06-30\n"
        .to_owned();
    if stages > 1 {
        writeln!(text, "stage = \"s{}\"\n[stages]\ns0 = {{ name = \"Text\" }}", stages - 1)?;
        for stage in 1..stages {
            writeln!(text, "s{stage} = {{ takes = \"1..3..9\", passes = \"60..80..95\" }}")?;
        }
    }
    for issue in 0..issues {
        writeln!(text, "[issues.i{issue}]\nnow = {}", 30 + issue * 17 % 40)?;
    }
    for side in 0..sides {
        let own = (0..members).filter(|m| m % sides == side);
        let own: Vec<String> = own.map(|m| format!("m{m}")).collect();
        writeln!(text, "[sides.s{side}]\nratify = \"m{side} and 50% of ({})\"", own.join(", "))?;
        writeln!(text, "negotiator = \"m{side}\"\ndiscount = \"5..10..30\"\ncost = \"1..2..4\"")?;
        for issue in 0..issues {
            let (low, high) = if side % 2 == 0 { (5, 40) } else { (60, 95) };
            let middle = low + 9 + (7 * issue + 5 * side) % 17;
            writeln!(text, "position.i{issue} = \"{low}..{middle}..{high}\"")?;
            writeln!(text, "salience.i{issue} = \"20..{}..80\"", 30 + 13 * issue % 40)?;
        }
    }
    for member in 0..members {
        let role = if member < sides { "leader" } else { "faction" };
        writeln!(text, "[actors.m{member}]\nside = \"s{}\"\nrole = \"{role}\"", member % sides)?;
        writeln!(text, "capability = \"{}..50..90\"", 10 + 7 * member % 30)?;
        let issue = member % issues;
        match member % sides % 2 {
            0 => writeln!(text, "red_max.i{issue} = \"50..60..75\"")?,
            _ => writeln!(text, "red_min.i{issue} = \"25..40..50\"")?,
        }
        if entries > 0 && member < sides {
            writeln!(text, "position.i0 = \"record\"")?;
        }
    }
    for promise in 0..promises {
        writeln!(
            text,
            "[promises.p{promise}]\nby = \"s{}\"\nto = \"s{}\"",
            promise % 2,
            1 - promise % 2
        )?;
        writeln!(text, "breaks = \"0.1..0.3..0.6\"\nsecured_by = \"i{promise}\"")?;
    }
    writeln!(text, "[clock]\nclass = \"mediated\"\nstart = 2025-04-01")?;
    writeln!(text, "[constants]\nhorizon = {horizon}")?;
    Ok(text)
}

/// Statements of two speakers in turn, one a day at most, over four years.
fn record(entries: usize) -> Result<String> {
    let mut text =
        "id,said,entered,speaker,issue,kind,value,grade,source,channel,audience,text\n".to_owned();
    for k in 0..entries {
        let before = (entries - k) * 1_400 / entries.max(1_400);
        let (year, day) = (2021 + (1_400 - before) / 360, (1_400 - before) % 360);
        let said = format!("{year}-{:02}-{:02}", 1 + day / 30, 1 + day % 30 * 27 / 29);
        let value = 5 + k * 37 % 55;
        writeln!(
            text,
            "r{k},{said},{said},m{},i0,ideal,{value},B2,s,statement,public,said {k}",
            k % 2
        )?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponent_of_a_power_is_found() {
        let points: Vec<(f64, f64)> =
            [2.0_f64, 4.0, 16.0].iter().map(|n| (*n, 3.0 * libm::pow(*n, 1.5))).collect();
        for exponent in exponents(&points) {
            assert!((exponent - 1.5).abs() < 1e-12, "{exponent}");
        }
    }
}
