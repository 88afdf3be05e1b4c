//! Paths of inputs in the words of a case.

use winset_files::case::grammar;
use winset_model::case::{Case, Input};
use winset_model::uncertain::Dist;

use winset_page::text::short;
use winset_report::names::Names;

/// An input as people read it.
pub(crate) struct Named {
    /// What it belongs to.
    pub(crate) group: String,
    /// What it is.
    pub(crate) name: String,
    /// Its unit, or what its ends mean.
    pub(crate) unit: &'static str,
    /// What it means, in a sentence.
    pub(crate) meaning: &'static str,
}

/// An input's path in words.
pub(crate) fn named(case: &Case, path: &str) -> Named {
    let key = grammar::pattern(path);
    let (unit, meaning) = key.map_or(("", ""), |k| (k.unit, k.meaning));
    let parts: Vec<&str> = path.split('.').collect();
    let issue = |id: &str| {
        case.issues.iter().find(|j| j.id == id).map_or_else(|| id.to_owned(), |j| j.name.clone())
    };
    let side = |id: &str| {
        case.sides.iter().find(|s| s.id == id).map_or_else(|| id.to_owned(), |s| s.name.clone())
    };
    let actor = |id: &str| {
        case.actors.iter().find(|a| a.id == id).map_or_else(|| id.to_owned(), |a| a.name.clone())
    };
    let party = |id: &str| match case.sides.iter().any(|s| s.id == id) {
        true => side(id),
        false => actor(id),
    };
    let plain = |word: &str| word.replace(['_', '-'], " ");
    let (group, name) = match parts.as_slice() {
        ["issues", id, "now"] => ("Issues".to_owned(), format!("{} without a deal", issue(id))),
        ["sides", id, "position", j] => (side(id), format!("wants on {}", issue(j))),
        ["sides", id, "salience", j] => (side(id), format!("cares for {}", issue(j))),
        ["sides", id, "without", j] => (side(id), format!("has no deal leave {}", issue(j))),
        ["sides", id, "worth", j, o] => (side(id), format!("worth of {} ({})", plain(o), issue(j))),
        ["sides", id, key] => (side(id), plain(key)),
        ["actors", id, "position", j] => (actor(id), format!("wants on {}", issue(j))),
        ["actors", id, "salience", j] => (actor(id), format!("cares for {}", issue(j))),
        ["actors", id, "red_min", j] => (actor(id), format!("accepts at least, on {}", issue(j))),
        ["actors", id, "red_max", j] => (actor(id), format!("accepts at most, on {}", issue(j))),
        ["actors", id, "demand", j] => (actor(id), format!("demands in public, on {}", issue(j))),
        ["actors", id, "without", j] => (actor(id), format!("has no deal leave {}", issue(j))),
        ["actors", id, "worth", j, o] => {
            (actor(id), format!("worth of {} ({})", plain(o), issue(j)))
        }
        ["actors", id, key] => (actor(id), plain(key)),
        ["force", id, rest @ ..] => {
            let found = case.force.iter().find(|f| f.id == *id);
            let what = match rest {
                ["if_won", j] => format!("{} if it is won", issue(j)),
                ["if_lost", j] => format!("{} if it is lost", issue(j)),
                ["after", j] => format!("{} afterwards", issue(j)),
                ["cost", s] => format!("cost to {}", side(s)),
                ["cost_joined", s] => format!("cost to {} if an ally joins", side(s)),
                ["joins", a] => format!("chance that {} joins", party(a)),
                other => plain(&other.join(" ")),
            };
            (found.map_or_else(|| (*id).to_owned(), |f| f.name.clone()), what)
        }
        ["promises", id, rest @ ..] => {
            let found = case.promises.iter().find(|p| p.id == *id);
            let what = match rest {
                ["sunk", j] => format!("share of {} that cannot be taken back", issue(j)),
                other => plain(&other.join(" ")),
            };
            (found.map_or_else(|| (*id).to_owned(), |p| p.name.clone()), what)
        }
        ["calendar", id, rest @ ..] => {
            let found = case.calendar.iter().find(|e| e.id == *id);
            let name = found.map_or_else(|| (*id).to_owned(), |e| e.name.clone());
            ("Calendar".to_owned(), format!("{name}: {}", plain(&rest.join(" "))))
        }
        ["together", id, _] => ("What moves together".to_owned(), plain(id)),
        ["partial", id, key] => {
            let found = case.partial.iter().find(|p| p.id == *id);
            let name = found.map_or_else(|| (*id).to_owned(), |p| p.name.clone());
            ("Partial deals".to_owned(), format!("{name}: {}", plain(key)))
        }
        ["texts", id, j] => {
            let found = case.texts.iter().find(|t| t.id == *id);
            let name = found.map_or_else(|| (*id).to_owned(), |t| t.name.clone());
            ("Texts".to_owned(), format!("{name}, on {}", issue(j)))
        }
        ["clock", "pool"] => ("The clock".to_owned(), "weight of the structure".to_owned()),
        ["constants", _] => ("The clock".to_owned(), Names::new(case).input(path)),
        _ => ("Other".to_owned(), path.to_owned()),
    };
    Named { group, name, unit, meaning }
}

/// A distribution as it is written in a case; `record` for what the record says.
pub(crate) fn written(dist: &Dist) -> String {
    dist.written().unwrap_or_else(|| "record".to_owned())
}

/// The ends of a slider and its step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Track {
    pub(crate) lo: f64,
    pub(crate) hi: f64,
    pub(crate) step: f64,
}

/// Where a slider runs: the whole scale, or what is likely and as much again, if that is a small
/// part of it.
pub(crate) fn track(input: &Input) -> Track {
    let q = |u| input.dist.quantile(u, input.scale);
    let (lo, hi) = (q(0.01), q(0.99));
    let width = match hi - lo {
        w if w > 0.0 => w,
        _ if lo != 0.0 => lo.abs(),
        _ => 1.0,
    };
    let (first, last) = input.scale;
    let whole = first.is_finite() && last.is_finite() && last - first <= 12.0 * width;
    let whole = whole || (first == 0.0 && last == 100.0);
    let (lo, hi) = match whole {
        true => (first, last),
        false => ((lo - width / 2.0).max(first), (hi + width / 2.0).min(last)),
    };
    let mut step = 1.0;
    while step * 50.0 > hi - lo && step > 1e-9 {
        step /= 10.0;
    }
    while step * 5_000.0 < hi - lo && step < 1e9 {
        step *= 10.0;
    }
    // On whole steps, so that a slider lands on round numbers.
    Track { lo: (lo / step).floor() * step, hi: (hi / step).ceil() * step, step }
}

/// A number with as many digits as a step has.
pub(crate) fn rounded(x: f64, step: f64) -> String {
    let mut digits = 0;
    let mut unit = 1.0;
    while unit > step * 1.000_001 && digits < 9 {
        unit /= 10.0;
        digits += 1;
    }
    format!("{x:.digits$}")
}

/// Its middle and what lies around it: `35 (0–60)`.
pub(crate) fn spread(input: &Input) -> String {
    let q = |u| short(input.dist.quantile(u, input.scale));
    match input.dist.is_point() {
        true => q(0.5),
        false => format!("{} ({}–{})", q(0.5), q(0.05), q(0.95)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use winset_model::uncertain::Stream;

    fn input(dist: Dist, scale: (f64, f64)) -> Input {
        let path = "x".to_owned();
        let stream = Stream::of(&path);
        let rests_on = Vec::new();
        Input {
            path,
            stream,
            dist,
            later: None,
            scale,
            rests_on,
            evidence: Vec::new(),
            why: false,
            written: true,
            redundant: false,
        }
    }

    #[test]
    fn a_slider_runs_over_the_scale_or_what_is_likely() {
        let of = |dist, scale| track(&input(dist, scale));
        let wide = of(Dist::TwoPiece(0.0, 35.0, 60.0), (0.0, 100.0));
        assert_eq!(wide, Track { lo: 0.0, hi: 100.0, step: 1.0 });
        let rate = of(Dist::Gamma(5.3, 2275.0), (0.0, 1.0));
        assert!(rate.lo == 0.0 && rate.hi < 0.02 && rate.step <= 0.0001, "{rate:?}");
        let open = of(Dist::Point(100.0), (0.0, f64::INFINITY));
        assert!(open.lo <= 50.0 && open.hi >= 150.0 && open.hi.is_finite(), "{open:?}");
        assert!(of(Dist::Point(0.0), (0.0, f64::INFINITY)).hi > 0.0);
    }

    #[test]
    fn every_input_says_what_it_is() {
        for built_in in &winset_files::builtin::CASES {
            let mut findings = winset_files::diagnostic::Findings::default();
            let sources = built_in.sources();
            let loaded = winset_files::case::load(&sources, None, &[], &mut findings).unwrap();
            for input in &loaded.case.inputs {
                let n = named(&loaded.case, &input.path);
                assert!(!n.meaning.is_empty(), "{}", input.path);
                assert!(!n.name.is_empty() && n.group != "Other", "{}", input.path);
            }
        }
    }

    #[test]
    fn digits_follow_the_step() {
        assert_eq!(rounded(35.0, 1.0), "35");
        assert_eq!(rounded(0.00233, 0.0001), "0.0023");
        assert_eq!(rounded(0.5, 0.1), "0.5");
    }
}
