//! The shipped classes: their files, the numbers they are known to have, and a fit anew.

use winset_files::class::{HEADER, SHIPPED, ShippedClass, read_class, render, shipped, sources};
use winset_files::diagnostic::{Findings, Source};
use winset_model::class::risk::Risk;
use winset_model::class::{GroupedRisk, PastCounts, ReferenceClass};

use crate::data;

fn class(name: &str) -> ReferenceClass {
    shipped(name).unwrap().class
}

fn weibull(risk: &Risk) -> [f64; 2] {
    match risk {
        Risk::Weibull { shape, scale, .. } => [*shape, *scale],
        Risk::Steps { .. } => panic!("steps"),
    }
}

/// Asserts that `got` is `want` within a part of it.
fn near(what: &str, got: &[f64], want: &[f64], part: f64) {
    assert_eq!(got.len(), want.len(), "{what}");
    for (g, w) in got.iter().zip(want) {
        assert!((g - w).abs() <= part * w.abs(), "{what}: {got:?}, expected {want:?}");
    }
}

#[test]
fn every_class_is_written_as_it_is_read() {
    for (name, text) in SHIPPED {
        let shipped = shipped(name).unwrap();
        assert_eq!(shipped.name, name);
        assert_eq!(render(&shipped).unwrap(), text, "{name}");
        let said =
            [&shipped.title, &shipped.clock, &shipped.period, &shipped.source, &shipped.gaps];
        assert!(said.iter().all(|s| !s.is_empty()), "{name}");
    }
}

/// Numbers of an independent implementation, fitted to the same rows.
#[test]
fn every_class_has_the_numbers_of_an_independent_fit() {
    for (name, agreed, others, fitted, grouped, zref) in [
        ("crisis", 106, 224, [1.0625, 440.48], Some([1.1011, 387.38]), [35.0, 50.0, 65.0]),
        ("mediated", 53, 36, [0.7609, 172.43], None, [55.0, 70.0, 85.0]),
        ("formation-election", 139, 0, [0.9203, 33.34], Some([1.0879, 20.68]), [75.0, 90.0, 97.0]),
        ("formation-other", 76, 0, [0.9661, 15.28], Some([1.0552, 11.89]), [75.0, 90.0, 97.0]),
        ("strike", 355, 0, [0.9250, 41.62], None, [75.0, 90.0, 97.0]),
    ] {
        let class = class(name);
        assert_eq!(class.counts, PastCounts { agreed, others, open: 0 }, "{name}");
        near(name, &weibull(&class.agreement), &fitted, 1e-3);
        let with = class.grouped.as_ref().map(|g| weibull(&g.agreement));
        assert_eq!(with.is_some(), grouped.is_some(), "{name}");
        if let (Some(with), Some(want)) = (with, grouped) {
            near(name, &with, &want, 1e-3);
        }
        assert_eq!((class.other.is_some(), class.zref), (others > 0, zref), "{name}");
    }
    let Some(Risk::Steps { to, rates, .. }) = class("crisis").other else { panic!("no steps") };
    assert_eq!(to, [30.0, 90.0, 365.0]);
    near("crisis", &rates, &[0.0085, 0.00523, 0.00336, 0.00281], 1e-3);
    near("mediated", &weibull(&class("mediated").other.unwrap()), &[0.8736, 265.33], 1e-3);
    assert_eq!(class("crisis").split, [80.0, 12.0, 8.0]);
    assert_eq!(class("mediated").split, [72.0, 8.0, 20.0]);
    for (name, group, times) in [
        ("crisis", "territorial threat", 1.325),
        ("crisis", "economic threat", 1.31),
        ("crisis", "limited military threat", 1.266),
        ("crisis", "other", 1.214),
        ("crisis", "threat of grave damage", 0.99),
        ("crisis", "threat to influence", 0.91),
        ("crisis", "political threat", 0.559),
        ("crisis", "threat to existence", 0.425),
        ("formation-election", "France", 2.261),
        ("formation-election", "UK", 2.053),
        ("formation-election", "Norway", 1.764),
        ("formation-election", "Germany", 0.599),
        ("formation-election", "Netherlands", 0.253),
        ("formation-other", "Italy", 0.653),
        ("formation-other", "Iceland", 0.492),
        ("formation-other", "France", 2.007),
    ] {
        let found = class(name).group(group).map(|g| g.times).unwrap();
        near(&format!("{name}, {group}"), &[found], &[times], 1e-3);
    }
}

#[test]
fn every_class_is_what_a_fit_to_its_cases_gives() {
    let name = "every_class_is_what_a_fit_to_its_cases_gives";
    let (Some(icb), Some(_)) = (data::data(name, "icb"), data::data(name, "classes")) else {
        return;
    };
    let rows = sources::read(icb.parent().unwrap()).unwrap();
    assert_eq!(rows.iter().map(|r| r.class).collect::<Vec<_>>(), SHIPPED.map(|(name, _)| name));
    for rows in rows {
        let (name, ours) = (rows.class, rows.fit().unwrap());
        let theirs = class(name);
        assert_eq!(ours.counts, theirs.counts, "{name}");
        assert_eq!((ours.split, ours.zref), (theirs.split, theirs.zref), "{name}");
        let numbers = |c: &ReferenceClass| {
            let mut all = Vec::new();
            for risk in [Some(&c.agreement), c.other.as_ref()].into_iter().flatten() {
                match risk {
                    Risk::Steps { to, rates, .. } => all.extend(to.iter().chain(rates)),
                    Risk::Weibull { .. } => all.extend(weibull(risk)),
                }
            }
            if let Some(GroupedRisk { agreement, groups }) = &c.grouped {
                all.extend(weibull(agreement));
                all.extend(groups.iter().map(|g| g.times));
            }
            all
        };
        near(name, &numbers(&ours), &numbers(&theirs), 1e-9);
        let groups = |c: &ReferenceClass| {
            let groups = c.grouped.iter().flat_map(|g| g.groups.clone());
            groups.map(|g| (g.name, g.cases, g.agreed)).collect::<Vec<_>>()
        };
        assert_eq!(groups(&ours), groups(&theirs), "{name}");
    }
}

#[test]
fn a_class_that_does_not_add_up_says_where() {
    let crisis = SHIPPED[0].1;
    let cases: [(&str, &str, &str); 9] = [
        ("shape = 1.06", "shape = -1.06", "must be a number above 0"),
        ("to = [30.0, 90.0", "to = [30.0", "4 rates for 2 days"),
        ("to = [30.0, 90.0", "to = [90.0, 30.0", "do not rise"),
        ("rates = [0.0", "rates = [-0.0", "a rate is not a number from 0 up"),
        ("breakdown = 80.0", "breakdown = 70.0", "do not sum to 100"),
        ("zref = [35.0", "zref = [55.0", "not a rising range"),
        ("agreed = 106", "agreed = 105", "do not add up"),
        ("period = ", "perod = ", "unknown field `perod`"),
        ("open = 0", "open = ", "expected"),
    ];
    for (from, to, want) in cases {
        assert!(crisis.contains(from), "{from}");
        let source = Source { name: "x.toml".to_owned(), text: crisis.replacen(from, to, 1) };
        let mut findings = Findings::default();
        assert_eq!(read_class(&source, &mut findings), None, "{from}");
        let [found] = findings.list.as_slice() else { panic!("{from}: {findings:?}") };
        assert!(found.message.contains(want), "{from}: {}", found.message);
        assert!(found.span.is_some() && found.hint.is_some(), "{found:?}");
    }
}

#[test]
fn a_class_of_one_s_own_survives_its_file() {
    let old = shipped("mediated").unwrap();
    let class = ReferenceClass { zref: [60.0, 75.0, 90.0], ..old.class };
    let own = ShippedClass { title: "a \"title\"\nin two lines".to_owned(), class, ..old };
    let text = render(&own).unwrap();
    assert!(text.starts_with(HEADER));
    let source = Source { name: "x.toml".to_owned(), text };
    assert_eq!(read_class(&source, &mut Findings::default()), Some(own));
}
