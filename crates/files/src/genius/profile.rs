//! One `utility_space`: issues, evaluators, weights or rectangles, reservation and discount.

use std::collections::{BTreeMap, BTreeSet};

use winset_model::theory::domain::{DomainIssue, DomainSide, Rectangle, Utility};

use super::xml::{Element, short};
use super::{GeniusFault, REAL_STEPS};

/// The most issues of a domain.
const MAX_ISSUES: usize = 1000;

/// The most values of one issue.
const MAX_VALUES: i64 = 1 << 20;

/// The values an issue may take, with what is needed to recognise them in another file.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Values {
    /// Names with their indexes, which may start anywhere.
    Discrete(Vec<(i64, String)>),
    /// Whole numbers between two bounds.
    Integer(i64, i64),
    /// Numbers between two bounds, cut into steps.
    Real(f64, f64, usize),
}

/// An issue as it stands in a file.
#[derive(Clone, Debug)]
pub(super) struct FileIssue<'a> {
    pub(super) index: i64,
    pub(super) name: String,
    pub(super) values: Values,
    element: &'a Element,
}

impl FileIssue<'_> {
    /// The issue as the model knows it.
    pub(super) fn resolved(&self) -> DomainIssue {
        let values = match &self.values {
            Values::Discrete(items) => items.iter().map(|(_, name)| name.clone()).collect(),
            Values::Integer(low, high) => (*low..=*high).map(|v| v.to_string()).collect(),
            Values::Real(..) => self.numbers().iter().map(f64::to_string).collect(),
        };
        DomainIssue { name: self.name.clone(), values }
    }

    fn numbers(&self) -> Vec<f64> {
        match self.values {
            Values::Integer(low, high) => (low..=high).map(|v| v as f64).collect(),
            Values::Real(low, high, steps) => {
                let last = (steps - 1).max(1) as f64;
                (0..steps).map(|k| low + (high - low) * (k as f64 / last)).collect()
            }
            Values::Discrete(_) => Vec::new(),
        }
    }

    /// The number of values.
    pub(super) fn len(&self) -> usize {
        match &self.values {
            Values::Discrete(items) => items.len(),
            Values::Integer(low, high) => usize::try_from(high - low + 1).unwrap_or(0),
            Values::Real(_, _, steps) => *steps,
        }
    }
}

/// The issues below an `<objective>`, in the order of their indexes.
pub(super) fn issues(objective: &Element) -> Result<Vec<FileIssue<'_>>, GeniusFault> {
    let mut found = Vec::new();
    // Objectives may hold objectives; the reader bounds how deep.
    let mut waiting = vec![objective];
    while let Some(element) = waiting.pop() {
        for child in &element.children {
            match child.name.as_str() {
                "issue" => found.push(issue(child)?),
                "objective" => waiting.push(child),
                _ => {}
            }
        }
    }
    if found.is_empty() {
        return Err(GeniusFault::new(
            objective.line,
            "the objective has no issue",
            "at least one `<issue …>`",
            "list what is negotiated, with its values",
        ));
    }
    if found.len() > MAX_ISSUES {
        return Err(GeniusFault::new(
            objective.line,
            format!("the objective has {} issues", found.len()),
            format!("at most {MAX_ISSUES} issues"),
            "keep the issues that matter",
        ));
    }
    found.sort_by_key(|issue| issue.index);
    // A package is told by the names of its issues.
    let mut taken = BTreeSet::new();
    for issue in &mut found {
        while !taken.insert(issue.name.clone()) {
            issue.name = format!("{} ({})", issue.name, issue.index);
        }
    }
    if let Some(pair) = found.windows(2).find(|pair| pair[0].index == pair[1].index) {
        return Err(GeniusFault::new(
            pair[1].element.line,
            format!("issue index {} occurs twice", pair[1].index),
            "one index per issue",
            "number the issues in order",
        ));
    }
    Ok(found)
}

fn issue(element: &Element) -> Result<FileIssue<'_>, GeniusFault> {
    let kind = ["type", "etype", "vtype"]
        .iter()
        .find_map(|name| element.attribute(name))
        .unwrap_or("discrete");
    let values = match kind {
        "discrete" => discrete(element)?,
        "integer" => {
            let bounds = bounds_of(element);
            let (low, high) = (bounds.whole("lowerbound")?, bounds.whole("upperbound")?);
            if low > high || high - low >= MAX_VALUES {
                return Err(bad_bounds(element));
            }
            Values::Integer(low, high)
        }
        "real" => {
            let bounds = bounds_of(element);
            let (low, high) = (bounds.number("lowerbound")?, bounds.number("upperbound")?);
            let steps =
                match ["steps", "discretization"].iter().find(|n| element.attribute(n).is_some()) {
                    Some(name) => element.whole(name)?,
                    None if low == high => 1,
                    None => REAL_STEPS as i64,
                };
            let span = high - low;
            if low > high || !span.is_finite() || !(1..=MAX_VALUES).contains(&steps) {
                return Err(bad_bounds(element));
            }
            Values::Real(low, high, usize::try_from(steps).unwrap_or(REAL_STEPS))
        }
        other => {
            return Err(GeniusFault::new(
                element.line,
                format!("issues of type `{}` are not known", short(other)),
                "`discrete`, `integer` or `real`",
                "rewrite the issue with a list of values",
            ));
        }
    };
    let index = element.whole("index")?;
    let name = element.attribute("name").map_or_else(|| index.to_string(), str::to_owned);
    Ok(FileIssue { index, name, values, element })
}

/// Bounds stand on the issue itself or on a `<range>` in it.
fn bounds_of(element: &Element) -> &Element {
    match element.first("range") {
        Some(range) if element.attribute("lowerbound").is_none() => range,
        _ => element,
    }
}

fn bad_bounds(element: &Element) -> GeniusFault {
    GeniusFault::new(
        element.line,
        "the bounds of the issue do not hold between 1 and a million values",
        "`lowerbound` ≤ `upperbound`, not far apart",
        "exchange them, or make the issue coarser",
    )
}

fn discrete(element: &Element) -> Result<Values, GeniusFault> {
    let mut items = Vec::new();
    for (at, item) in element.all("item").enumerate() {
        let index = match item.attribute("index") {
            Some(_) => item.whole("index")?,
            None => at as i64 + 1,
        };
        items.push((index, item.required("value")?.to_owned()));
    }
    if items.is_empty() {
        return Err(GeniusFault::new(
            element.line,
            "a discrete issue has no value",
            "at least one `<item … value=\"…\">`",
            "list the values the issue may take",
        ));
    }
    let mut names: Vec<&str> = items.iter().map(|(_, name)| name.as_str()).collect();
    names.sort_unstable();
    if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(GeniusFault::new(
            element.line,
            format!("the value `{}` occurs twice in one issue", short(twice[0])),
            "each value once",
            "rename or remove one of them",
        ));
    }
    Ok(Values::Discrete(items))
}

/// Reads a side out of its `utility_space`, in the order of the domain's issues and values.
pub(super) fn side(
    name: String,
    space: &Element,
    domain: &[FileIssue<'_>],
) -> Result<DomainSide, GeniusFault> {
    let objective = objective(space)?;
    let single = |tag: &'static str| space.first(tag).or_else(|| objective.first(tag));
    let reservation = single("reservation").map_or(Ok(0.0), |e| e.number("value"))?;
    let discount = single("discount_factor").map(|e| e.number("value")).transpose()?;
    let utility = match rectangles(space, objective) {
        Some(holder) => stacked(holder, domain)?,
        // A utility that is none of the kinds below would be taken for the weighted sum.
        None if space.first("utility").is_some() => {
            let line = space.first("utility").map_or(space.line, |e| e.line);
            return Err(GeniusFault::new(
                line,
                "`<utility>` holds no `<ufun>`",
                "`<ufun …>` with rectangles",
                "only weighted sums and sums of rectangles can be read",
            ));
        }
        None => additive(objective, domain)?,
    };
    Ok(DomainSide { name, utility, reservation, discount })
}

/// The `<objective>` of a utility space or a domain.
pub(super) fn objective(space: &Element) -> Result<&Element, GeniusFault> {
    space.first("objective").ok_or_else(|| {
        GeniusFault::new(
            space.line,
            format!("`<{}>` has no objective", short(&space.name)),
            "`<objective …>` with the issues",
            "see docs/src/guide/domains.md for a complete file",
        )
    })
}

fn additive(objective: &Element, domain: &[FileIssue<'_>]) -> Result<Utility, GeniusFault> {
    let own = issues(objective)?;
    if own.len() != domain.len() {
        return Err(GeniusFault::new(
            objective.line,
            format!("the profile has {} issues, the domain {}", own.len(), domain.len()),
            "the issues of the domain",
            "check that domain and profile belong together",
        ));
    }
    let weights = weights(objective)?;
    let mut parts = Vec::with_capacity(domain.len());
    for wanted in domain {
        let Some(issue) = own.iter().find(|issue| issue.index == wanted.index) else {
            return Err(GeniusFault::new(
                objective.line,
                format!("the profile has no issue {} (`{}`)", wanted.index, short(&wanted.name)),
                "the issues of the domain, with its indexes",
                "check that domain and profile belong together",
            ));
        };
        let weight = match weights.get(&issue.index) {
            Some(weight) => *weight,
            None => issue.element.attribute("weight").map_or_else(
                || {
                    Err(GeniusFault::new(
                        issue.element.line,
                        format!("issue {} has no weight", issue.index),
                        "`<weight index=\"…\" value=\"…\"/>` beside the issues",
                        "a weight of 0 says that the issue does not matter",
                    ))
                },
                |_| issue.element.number("weight"),
            )?,
        };
        let worth = match &issue.values {
            Values::Discrete(_) => items(issue, wanted)?,
            _ => numbers(issue, wanted)?,
        };
        parts.push(worth.into_iter().map(|e| weight * e).collect());
    }
    Ok(Utility::Additive(parts))
}

/// The weights of all issues, those in objectives within the objective too.
fn weights(objective: &Element) -> Result<BTreeMap<i64, f64>, GeniusFault> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![objective];
    while let Some(holder) = waiting.pop() {
        let inner: Vec<&Element> = holder.all("objective").collect();
        for element in holder.all("weight") {
            let (index, weight) = (element.whole("index")?, element.number("value")?);
            let named = |o: &&&Element| o.attribute("index").and_then(|i| i.trim().parse().ok());
            if inner.iter().any(|o| named(&o) == Some(index)) {
                // Some software multiplies by it, other software does not look at it.
                if weight == 1.0 {
                    continue;
                }
                return Err(GeniusFault::new(
                    element.line,
                    format!("the objective {index} within the objective weighs {weight}"),
                    "a weight of 1 for an objective, and weights of issues",
                    "multiply the weights of its issues by it, and give it 1",
                ));
            }
            if weight < 0.0 || found.insert(index, weight).is_some() {
                return Err(GeniusFault::new(
                    element.line,
                    format!("the weight of issue {index} is negative or given twice"),
                    "one weight of 0 or more per issue",
                    "a side that wants less of something gives it lower evaluations",
                ));
            }
        }
        waiting.extend(inner);
    }
    Ok(found)
}

/// Evaluations divided by the largest of the issue, in the order of the domain's values.
fn items(issue: &FileIssue<'_>, wanted: &FileIssue<'_>) -> Result<Vec<f64>, GeniusFault> {
    let line = issue.element.line;
    let Values::Discrete(names) = &wanted.values else { return Err(other_type(issue)) };
    let mut evaluations = Vec::new();
    for item in issue.element.all("item") {
        evaluations.push((item.required("value")?, item.number("evaluation")?));
    }
    let largest = evaluations.iter().map(|(_, e)| *e).fold(f64::NEG_INFINITY, f64::max);
    if largest < 0.0 || (largest == 0.0 && evaluations.iter().any(|(_, e)| *e < 0.0)) {
        return Err(GeniusFault::new(
            line,
            format!("every evaluation of issue {} is negative", issue.index),
            "a largest evaluation above 0, by which the others are divided",
            "add the same number to all of them",
        ));
    }
    let scale = if largest == 0.0 { 1.0 } else { largest };
    let by_name: BTreeMap<&str, f64> = evaluations.into_iter().collect();
    let mut worth = Vec::with_capacity(names.len());
    for (_, name) in names {
        let Some(evaluation) = by_name.get(name.as_str()) else {
            return Err(GeniusFault::new(
                line,
                format!("issue {} has no value `{}`", issue.index, short(name)),
                "every value of the domain, spelled as there",
                "check that domain and profile belong together",
            ));
        };
        worth.push(evaluation / scale);
    }
    if by_name.len() != names.len() {
        return Err(GeniusFault::new(
            line,
            format!("issue {} has values that the domain lacks", issue.index),
            "the values of the domain and no others",
            "check that domain and profile belong together",
        ));
    }
    Ok(worth)
}

fn other_type(issue: &FileIssue<'_>) -> GeniusFault {
    GeniusFault::new(
        issue.element.line,
        format!("issue {} differs in type or bounds from the domain", issue.index),
        "the type and bounds of the domain",
        "check that domain and profile belong together",
    )
}

/// An evaluator over numbers, each value between 0 and 1.
fn numbers(issue: &FileIssue<'_>, wanted: &FileIssue<'_>) -> Result<Vec<f64>, GeniusFault> {
    let (low, from_low) = match (&issue.values, &wanted.values) {
        (Values::Integer(a, b), Values::Integer(c, d)) if (a, b) == (c, d) => (*a as f64, true),
        (Values::Real(a, b, _), Values::Real(c, d, _)) if (a, b) == (c, d) => (*a, false),
        _ => return Err(other_type(issue)),
    };
    let Some(evaluator) = issue.element.first("evaluator") else {
        return Err(GeniusFault::new(
            issue.element.line,
            format!("issue {} has no evaluator", issue.index),
            "`<evaluator ftype=\"linear\" offset=\"…\" slope=\"…\"/>`",
            "numbers are valued by a function",
        ));
    };
    let parameter = |name: &str, old: &str| {
        evaluator.number(if evaluator.attribute(name).is_some() { name } else { old })
    };
    let worth: Box<dyn Fn(f64) -> f64> = match evaluator.required("ftype")? {
        "linear" => {
            let offset = parameter("offset", "parameter0")?;
            let slope = parameter("slope", "parameter1")?;
            // Integers are counted from their lower bound, reals from zero.
            Box::new(move |x| offset + slope * if from_low { x - low } else { x })
        }
        "constant" => {
            let constant = parameter("offset", "parameter0")?;
            Box::new(move |_| constant)
        }
        "triangular" => {
            let left = parameter("parameter0", "parameter0")?;
            let right = parameter("parameter1", "parameter1")?;
            let top = parameter("parameter2", "parameter2")?;
            Box::new(move |x| {
                if x < left || x > right {
                    0.0
                } else if x < top {
                    (x - left) / (top - left)
                } else if right > top {
                    (right - x) / (right - top)
                } else {
                    1.0
                }
            })
        }
        other => {
            return Err(GeniusFault::new(
                evaluator.line,
                format!("evaluators of type `{}` are not known", short(other)),
                "`linear`, `constant` or `triangular`",
                "rewrite the issue as a discrete one with a value per step",
            ));
        }
    };
    Ok(wanted.numbers().into_iter().map(|x| worth(x).clamp(0.0, 1.0)).collect())
}

/// The element that holds the `<ufun>`s of a profile made of rectangles.
fn rectangles<'a>(space: &'a Element, objective: &'a Element) -> Option<&'a Element> {
    let holds = |element: &&Element| element.first("ufun").is_some();
    let inner = space.all("utility").chain(objective.all("utility"));
    [space, objective].into_iter().chain(inner).find(holds)
}

fn stacked(holder: &Element, domain: &[FileIssue<'_>]) -> Result<Utility, GeniusFault> {
    let numbers: Vec<Vec<f64>> = domain.iter().map(FileIssue::numbers).collect();
    let mut found = Vec::new();
    for function in holder.all("ufun") {
        if let Some(aggregation) = function.attribute("aggregation")
            && aggregation != "sum"
        {
            return Err(GeniusFault::new(
                function.line,
                format!("rectangles combined by `{}` are not known", short(aggregation)),
                "`aggregation=\"sum\"`",
                "only sums of rectangles can be read",
            ));
        }
        let weight = match function.attribute("weight") {
            Some(_) => function.number("weight")?,
            None => 1.0,
        };
        for element in &function.children {
            if element.name != "hyperRectangle" {
                return Err(unknown(element, &element.name, "`<hyperRectangle>`"));
            }
            let (mut bounds, mut except) = (Vec::new(), Vec::new());
            for range in &element.children {
                match range.name.as_str() {
                    "INCLUDES" => bounds.push(bound(range, domain, &numbers)?),
                    // An empty range keeps nothing out.
                    "EXCLUDES" => except.extend(bound(range, domain, &numbers)?),
                    other => return Err(unknown(range, other, "`<INCLUDES>` and `<EXCLUDES>`")),
                }
            }
            // An empty range holds nothing, so neither does the rectangle.
            if let Some(bounds) = bounds.into_iter().collect::<Option<Vec<_>>>() {
                let utility = weight * element.number("utility")?;
                found.push(Rectangle { bounds, except, utility });
            }
        }
    }
    let scale = match holder.attribute("maxutility") {
        Some(_) => Some(holder.number("maxutility")?),
        None => None,
    };
    if scale.is_some_and(|scale| scale <= 0.0) {
        return Err(GeniusFault::new(
            holder.line,
            "`maxutility` is not above 0",
            "the utility of the best package",
            "leave it out to divide by the largest sum any package reaches",
        ));
    }
    Ok(Utility::Rectangles { rectangles: found, scale })
}

/// An element of a nonlinear profile that is not read.
fn unknown(element: &Element, name: &str, expected: &str) -> GeniusFault {
    GeniusFault::new(
        element.line,
        format!("`<{}>` is not known here", short(name)),
        expected,
        "only sums of rectangles can be read",
    )
}

/// One `INCLUDES` or `EXCLUDES`: which values of which issue; `None` if none.
fn bound(
    range: &Element,
    domain: &[FileIssue<'_>],
    numbers: &[Vec<f64>],
) -> Result<Option<(usize, usize, usize)>, GeniusFault> {
    let index = range.whole("index")?;
    let Some(at) = domain.iter().position(|issue| issue.index == index) else {
        return Err(GeniusFault::new(
            range.line,
            format!("there is no issue {index}"),
            "the index of an issue of the domain",
            "check that domain and profile belong together",
        ));
    };
    let (low, high) = (range.number("min")?, range.number("max")?);
    if low > high {
        return Err(GeniusFault::new(
            range.line,
            format!("the range of issue {index} runs from {low} to {high}"),
            "a `min` that is not above its `max`",
            "swap the two",
        ));
    }
    if matches!(domain[at].values, Values::Discrete(_)) {
        return Err(GeniusFault::new(
            range.line,
            format!("issue {index} has names for values, so no range"),
            "rectangles over integer or real issues",
            "give the issue the type `integer`",
        ));
    }
    let numbers = &numbers[at];
    let first = numbers.partition_point(|value| *value < low);
    let after = numbers.partition_point(|value| *value <= high);
    Ok((first < after).then(|| (at, first, after - 1)))
}
