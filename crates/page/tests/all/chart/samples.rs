//! Values to draw: one realistic set, and sets that try to break a drawing.
//!
//! The realistic set is made up in the manner of the built-in case; its numbers are nobody's
//! forecast.

use winset_page::chart::*;

fn s(x: &str) -> String {
    x.to_owned()
}

/// "2025-04-01" and so many days later, within 2025.
fn day(after: usize) -> String {
    let months =
        [(4, 30), (5, 31), (6, 30), (7, 31), (8, 31), (9, 30), (10, 31), (11, 30), (12, 31)];
    let mut left = after;
    for (m, n) in months {
        if left < n {
            return format!("2025-{m:02}-{:02}", left + 1);
        }
        left -= n;
    }
    s("2025-12-31")
}

fn source(f: &str) -> String {
    format!("winset, {f}; made-up values in the manner of the US–Iran case, spring 2025")
}

/// Charts of one set, in a fixed order.
pub(crate) fn realistic() -> Vec<Figure> {
    let rounds = [(25, "Muscat"), (40, "Rome"), (52, "Rome II"), (61, "Muscat II"), (75, "Oslo")];
    let mut calendar: Vec<DatedMark> = rounds
        .iter()
        .map(|(d, l)| DatedMark { day: day(*d), label: s(l), kind: MarkKind::Round })
        .collect();
    calendar.push(DatedMark { day: day(72), label: s("60-day letter ends"), kind: MarkKind::Soft });
    calendar.push(DatedMark { day: day(200), label: s("Snapback expires"), kind: MarkKind::Hard });
    let notes = [
        (11, "First round held", "Witkoff and Araghchi meet in Muscat"),
        (
            13,
            "Witkoff: limited enrichment",
            "Limited enrichment may stay under strict verification",
        ),
        (14, "Witkoff: must eliminate", "Enrichment must be eliminated entirely"),
        (18, "Rome round", "Second round; technical talks agreed"),
        (21, "Khamenei: enrichment stays", "Message to the world by way of Moscow"),
    ];
    let note = |n: &(usize, &str, &str)| Note { day: day(n.0), label: s(n.1), text: s(n.2) };
    let curve: Vec<Odds> = (21..=214)
        .step_by(3)
        .map(|d| {
            let held = rounds.iter().filter(|r| r.0 <= d).count() as f64;
            let slow = (d as f64 - 21.0) / 193.0;
            let p = 0.045 * held + 0.18 * slow;
            Odds { day: day(d), p, lo: 0.6 * p, hi: (1.5 * p).min(1.0) }
        })
        .chain([Odds { day: day(90), p: 0.0, lo: 0.0, hi: 0.0 }].into_iter().take(0))
        .collect();
    let told = [(0, 0.14), (8, 0.17), (11, 0.22), (13, 0.29), (14, 0.21), (18, 0.26), (21, 0.27)];
    let history =
        told.iter().map(|(d, p)| Odds { day: day(*d), p: *p, lo: p - 0.08, hi: p + 0.1 }).collect();
    let mut figures = vec![agreement(&Agreement {
        id: s("agreement"),
        source: source("6,000 draws"),
        event: s("a signed agreement"),
        as_of: day(21),
        question: day(90),
        curve: at_question(curve),
        history,
        entries: notes.iter().map(note).collect(),
        calendar: calendar.clone(),
        ..Agreement::default()
    })];
    let days: Vec<usize> = (21..=214).step_by(4).collect();
    let rise = |top: f64, slow: f64| -> Vec<f64> {
        days.iter().map(|d| top * (1.0 - libm::exp(-(*d as f64 - 21.0) / slow))).collect()
    };
    figures.push(endings(&EndingsChart {
        id: s("endings"),
        source: source("6,000 draws"),
        as_of: day(21),
        days: days.iter().map(|d| day(*d)).collect(),
        layers: vec![
            Layer { name: s("Agreement"), share: rise(0.34, 60.0) },
            Layer { name: s("Interim deal"), share: rise(0.09, 70.0) },
            Layer { name: s("Breakdown"), share: rise(0.22, 90.0) },
            Layer { name: s("Use of force"), share: rise(0.16, 60.0) },
            Layer { name: s("Suspended"), share: rise(0.02, 40.0) },
        ],
    }));
    figures.push(positions(&iran()));
    figures.push(belief(&Belief {
        id: s("belief"),
        source: source("record of 22 April 2025"),
        actor: s("Witkoff"),
        issue: s("enrichment"),
        lo: 0.0,
        hi: 100.0,
        landmarks: vec![
            Landmark { at: 0.0, label: s("none in Iran") },
            Landmark { at: 37.0, label: s("3.67 %, as in 2015") },
        ],
        path: [
            (0, 25.0, 14.0),
            (8, 25.0, 14.2),
            (13, 32.0, 8.0),
            (14, 27.0, 8.5),
            (18, 26.0, 8.0),
            (21, 22.0, 6.5),
        ]
        .iter()
        .map(|p| PathPoint { day: day(p.0), mean: p.1, sd: p.2 })
        .collect(),
        statements: vec![
            said(8, 10.0, "No enrichment, says an aide", 0.3, false),
            said(13, 35.0, "Limited enrichment may stay", 0.9, false),
            said(14, 2.0, "Must eliminate it", 0.35, true),
            said(18, 25.0, "Rome: technical talks", 0.6, false),
            said(20, 15.0, "Caps discussed", 0.8, false),
        ],
    }));
    figures.push(deal_map(&deals()));
    figures.push(tree(&actors()));
    figures.push(gates(&machine()));
    figures.push(waterfall(&Waterfall {
        id: s("waterfall"),
        source: source("6,000 draws, same random numbers"),
        event: s("a signed agreement by 30 June"),
        from_label: s("Told on 15 April"),
        from: 0.21,
        to_label: s("Told on 22 April"),
        to: 0.27,
        steps: vec![
            step("Rome round held", 0.031, "Technical talks agreed"),
            step("Araghchi in Moscow", 0.008, "Message carried by Araghchi"),
            step("Khamenei: enrichment stays", -0.024, "A red line, not an ideal"),
            step("Axios on Vance, Witkoff and Hegseth", 0.052, "Ready for some compromise"),
            step("A week gone by", -0.012, "Less time until 30 June"),
        ],
    }));
    let swing = |l: &str, low: f64, high: f64, a: &str, b: &str| Swing {
        label: s(l),
        low,
        high,
        low_label: s(a),
        high_label: s(b),
    };
    figures.push(tornado(&Tornado {
        id: s("tornado"),
        source: source("6,000 draws an end"),
        event: s("a signed agreement by 30 June"),
        base: 0.27,
        bars: vec![
            swing("Iran's red line on enrichment", 0.41, 0.12, "5", "40"),
            swing("US red line on enrichment", 0.15, 0.38, "0", "45"),
            swing("Durability of a US signature", 0.2, 0.34, "1 exit in 4 years", "1 in 16"),
            swing("Hazard of an Israeli strike", 0.31, 0.23, "2 % a month", "12 %"),
            swing("Rounds until 30 June", 0.24, 0.29, "3", "7"),
            swing("Salience of missiles", 0.28, 0.26, "low", "high"),
        ],
    }));
    figures.push(reliability(&calibration()));
    let lanes = ["United States", "Iran", "United States", "Others", "Iran"];
    let mut entries: Vec<Lane> =
        notes.iter().zip(lanes).map(|(n, l)| Lane { lane: s(l), note: note(n) }).collect();
    entries.push(Lane {
        lane: s("Others"),
        note: note(&(20, "Putin signs the treaty", "Signed into law")),
    });
    entries.push(Lane {
        lane: s("United States"),
        note: note(&(3, "Letter to Khamenei", "Sixty days")),
    });
    figures.push(timeline(&Timeline {
        id: s("timeline"),
        source: source("record and calendar"),
        span: [day(21), day(90)],
        sides: vec![s("Iran"), s("United States")],
        entries,
        calendar,
    }));
    let told = |rise: f64, slow: f64| -> Vec<Odds> {
        let days = (21..=214).step_by(3).chain([90]).collect::<std::collections::BTreeSet<usize>>();
        let odds = |d: usize| {
            let p = rise * (1.0 - libm::exp(-(d as f64 - 21.0) / slow));
            Odds { day: day(d), p, lo: 0.7 * p, hi: 1.3 * p }
        };
        days.into_iter().map(odds).collect()
    };
    figures.push(overlay(&Overlay {
        id: s("overlay"),
        source: source("2,000 draws, same random numbers"),
        event: s("a signed agreement"),
        question: day(90),
        names: [s("A"), s("B")],
        curves: [told(0.42, 70.0), told(0.33, 60.0)],
    }));
    figures.push(conflict_map(&conflict(16, 3, s)));
    figures.push(answer(&OddsScale {
        id: s("answer"),
        source: source("6,000 draws"),
        event: s("a signed agreement by 30 June 2025"),
        odds: Odds { day: day(21), p: 0.27, lo: 0.19, hi: 0.38 },
        before: Some((s("14 April"), 0.21)),
    }));
    let told = [(0, 0.21), (4, 0.26), (7, 0.19), (8, 0.2), (9, 0.31), (13, 0.29), (18, 0.27)];
    let news = [(4, "Witkoff: a cap"), (7, "Rubio: dismantle it"), (9, "Second round is held")];
    figures.push(course(&Course {
        id: s("course"),
        source: source("2,000 draws a day"),
        event: s("a signed agreement by 30 June 2025"),
        days: told
            .iter()
            .map(|(d, p)| CourseDay {
                odds: Odds { day: day(*d), p: *p, lo: p - 0.08, hi: p + 0.1 },
                news: news.iter().filter(|n| n.0 == *d).map(|n| note(&(n.0, n.1, n.1))).collect(),
            })
            .collect(),
    }));
    figures
}

/// The curve set to 27 % on the question's date.
fn at_question(mut curve: Vec<Odds>) -> Vec<Odds> {
    let at = curve.iter().position(|o| o.day >= day(90)).unwrap_or(0);
    let scale = 0.27 / curve[at].p;
    for o in &mut curve {
        o.p *= scale;
        o.lo *= scale;
        o.hi *= scale;
    }
    curve[at].day = day(90);
    curve
}

fn said(d: usize, v: f64, label: &str, weight: f64, reversal: bool) -> StatementMark {
    StatementMark { day: day(d), value: v, label: s(label), text: s(label), weight, reversal }
}

fn step(label: &str, change: f64, text: &str) -> Step {
    Step { label: s(label), change, text: s(text) }
}

fn stand(
    name: &str,
    ideal: [f64; 3],
    red: (Option<f64>, Option<f64>),
    who: &[(&str, f64)],
) -> StandMark {
    StandMark {
        name: s(name),
        ideal,
        red_min: red.0,
        red_max: red.1,
        factions: who.iter().map(|f| Faction { name: s(f.0), at: f.1 }).collect(),
    }
}

fn iran() -> PositionsChart {
    let marks = |m: &[(f64, &str)]| -> Vec<Landmark> {
        m.iter().map(|m| Landmark { at: m.0, label: s(m.1) }).collect()
    };
    PositionsChart {
        id: s("positions"),
        source: source("case of 22 April 2025"),
        zone: None,
        issues: vec![
            IssueStrip {
                name: s("Enrichment in Iran"),
                lo: 0.0,
                hi: 100.0,
                landmarks: marks(&[
                    (0.0, "none"),
                    (37.0, "3.67 % as in 2015"),
                    (100.0, "60 %, no limit"),
                ]),
                sides: vec![
                    stand(
                        "United States",
                        [5.0, 18.0, 35.0],
                        (None, Some(40.0)),
                        &[("Witkoff", 30.0), ("Rubio", 10.0), ("Waltz", 2.0)],
                    ),
                    stand(
                        "Iran",
                        [35.0, 55.0, 75.0],
                        (Some(28.0), None),
                        &[("Araghchi", 45.0), ("Hardliners", 82.0)],
                    ),
                ],
                zone: Some((28.0, 40.0)),
                term: Some(34.0),
            },
            IssueStrip {
                name: s("Verification"),
                lo: 0.0,
                hi: 100.0,
                landmarks: marks(&[
                    (20.0, "safeguards"),
                    (60.0, "Additional Protocol"),
                    (100.0, "anywhere, any time"),
                ]),
                sides: vec![
                    stand(
                        "United States",
                        [75.0, 88.0, 98.0],
                        (Some(50.0), None),
                        &[("Witkoff", 85.0), ("Waltz", 98.0)],
                    ),
                    stand(
                        "Iran",
                        [30.0, 48.0, 60.0],
                        (None, Some(70.0)),
                        &[("Araghchi", 55.0), ("Hardliners", 25.0)],
                    ),
                ],
                zone: Some((50.0, 70.0)),
                term: Some(61.0),
            },
            IssueStrip {
                name: s("Sanctions relief"),
                lo: 0.0,
                hi: 100.0,
                landmarks: marks(&[
                    (0.0, "none"),
                    (50.0, "oil and banks"),
                    (100.0, "all, at once"),
                ]),
                sides: vec![
                    stand(
                        "United States",
                        [10.0, 25.0, 45.0],
                        (None, Some(45.0)),
                        &[("Witkoff", 38.0), ("Rubio", 12.0)],
                    ),
                    stand("Iran", [60.0, 78.0, 95.0], (Some(52.0), None), &[("Araghchi", 70.0)]),
                ],
                zone: None,
                term: None,
            },
        ],
    }
}

/// A conflict of so many states, whose parties move in steps of their own.
fn conflict(states: usize, parties: usize, name: impl Fn(&str) -> String) -> ConflictMap {
    let arc = |k: usize| StateArc {
        by: k % parties.max(1),
        ends: [k % states.max(1), (k * 5 + 1) % states.max(1)],
        gains: !k.is_multiple_of(3),
    };
    let mark = |k: usize| StateMark {
        id: name(&(k + 1).to_string()),
        pattern: s("YNYN"),
        held: if k.is_multiple_of(4) { vec![s("nash"), s("seq")] } else { Vec::new() },
        quo: k == 1,
    };
    ConflictMap {
        id: s("states"),
        source: source("a conflict"),
        parties: (0..parties)
            .map(|k| name(["Upstream", "Downstream", "The League"][k % 3]))
            .collect(),
        states: (0..states).map(mark).collect(),
        arcs: (0..6 * states).map(arc).collect(),
        counts: vec![(s("nash"), states / 4), (s("seq"), states / 2)],
        all: states,
    }
}

fn deals() -> DealMap {
    let mut packages = Vec::new();
    for i in 0..24 {
        for j in 0..24 {
            let (a, b) = (f64::from(i) / 23.0, f64::from(j) / 23.0);
            packages
                .push([0.9 * (1.0 - a) * (0.4 + 0.6 * b), 0.85 * a * (1.0 - 0.5 * b) + 0.1 * b]);
        }
    }
    let mut frontier: Vec<[f64; 2]> = packages
        .iter()
        .copied()
        .filter(|p| !packages.iter().any(|q| q[0] >= p[0] && q[1] >= p[1] && q != p))
        .collect();
    frontier.sort_by(|a, b| a[0].total_cmp(&b[0]));
    let pick = |t: f64| frontier[(t * (frontier.len() - 1) as f64) as usize];
    let mark = |n: &str, at: [f64; 2], t: &str| SolutionMark { name: s(n), at, terms: s(t) };
    DealMap {
        id: s("deal-map"),
        source: source("576 packages"),
        sides: [s("United States"), s("Iran")],
        no_deal: [0.22, 0.18],
        marks: vec![
            mark("Nash", pick(0.5), "enrichment 3.67 %, oil and banks"),
            mark("Kalai–Smorodinsky", pick(0.56), "enrichment 3.67 %, oil"),
            mark("Egalitarian", pick(0.42), "enrichment 5 %, oil and banks"),
        ],
        zone: packages.iter().copied().filter(|p| p[0] > 0.3 && p[1] > 0.25).collect(),
        ratified: Some([576, packages.iter().filter(|p| p[0] > 0.3 && p[1] > 0.25).count()]),
        packages,
        frontier,
        links: Vec::new(),
    }
}

fn machine() -> Gates {
    let gate = |name: &str, depth: usize, actor: bool, p: f64, weight: f64| GateMark {
        name: s(name),
        depth,
        actor,
        shares: [p, weight],
    };
    let side = |name: &str, p: f64, gates: Vec<GateMark>| SideGates { name: s(name), p, gates };
    Gates {
        id: s("gates"),
        source: source("1,000 draws"),
        text: s("The text"),
        p: 0.31,
        sides: vec![
            side(
                "United States",
                0.62,
                vec![
                    gate("all of", 0, false, 0.62, 1.0),
                    gate("Trump", 1, true, 0.74, 1.0),
                    gate("60% of", 1, false, 0.8, 1.0),
                    gate("Republicans", 2, true, 0.81, 0.53),
                    gate("Democrats", 2, true, 0.9, 0.47),
                ],
            ),
            side("Iran", 0.44, vec![gate("Khamenei", 0, true, 0.44, 1.0)]),
        ],
    }
}

fn actors() -> Tree {
    let leaf = |n: &str, r: &str, block: f64, walk: f64| Leaf {
        name: s(n),
        role: s(r),
        shares: [block, walk],
    };
    Tree {
        id: s("tree"),
        source: source("6,000 draws"),
        sides: vec![
            Branch {
                name: s("United States"),
                actors: vec![
                    leaf("Trump", "decides", 0.17, 0.38),
                    leaf("Witkoff", "negotiates", 0.01, 0.05),
                    leaf("Senate", "ratifies", 0.09, 0.12),
                    leaf("Israel", "outside ally", 0.22, 0.0),
                ],
            },
            Branch {
                name: s("Iran"),
                actors: vec![
                    leaf("Khamenei", "decides", 0.26, 0.41),
                    leaf("Araghchi", "negotiates", 0.0, 0.03),
                    leaf("Hardliners", "faction", 0.31, 0.07),
                ],
            },
        ],
    }
}

fn calibration() -> ReliabilityChart {
    let bins = [
        (0.05, 0.02, 42),
        (0.17, 0.21, 33),
        (0.34, 0.27, 26),
        (0.52, 0.66, 18),
        (0.73, 0.71, 21),
        (0.92, 0.97, 29),
    ];
    ReliabilityChart {
        id: s("reliability"),
        source: source("169 resolved forecasts"),
        resolved: Vec::new(),
        bins: bins
            .iter()
            .map(|(f, o, n)| {
                let sd = 1.64 * (f * (1.0 - f) / f64::from(*n)).sqrt();
                ReliabilityBin {
                    forecast: *f,
                    observed: *o,
                    count: *n as usize,
                    bar: [(f - sd).max(0.0), (f + sd).min(1.0)],
                }
            })
            .collect(),
    }
}

/// All charts of a set with so many things in it, named and valued as told.
fn made(n: usize, name: &dyn Fn(usize) -> String, v: &dyn Fn(usize) -> f64) -> Vec<Figure> {
    let date = |k: usize| day((k * 7) % 260);
    let notes: Vec<Note> =
        (0..n).map(|k| Note { day: date(k), label: name(k), text: name(k + 1) }).collect();
    let kinds = [MarkKind::Round, MarkKind::Hard, MarkKind::Soft];
    let calendar: Vec<DatedMark> = (0..n)
        .map(|k| DatedMark { day: date(k + 3), label: name(k), kind: kinds[k % 3] })
        .collect();
    let odds = |k: usize| Odds { day: day(k * 6 % 260), p: v(k), lo: v(k) - 0.1, hi: v(k) + 0.1 };
    let landmarks: Vec<Landmark> =
        (0..n.min(9)).map(|k| Landmark { at: 100.0 * v(k), label: name(k) }).collect();
    let id = name(0);
    vec![
        agreement(&Agreement {
            id: format!("agreement {id}"),
            source: name(2),
            event: name(1),
            as_of: day(60),
            question: day(120),
            curve: (10..10 + n).map(odds).collect(),
            history: (0..n.min(11)).map(odds).collect(),
            entries: notes.clone(),
            calendar: calendar.clone(),
            ghost: (10..10 + n).map(|k| odds(k + 1)).collect(),
            whole: n.is_multiple_of(2),
        }),
        answer(&OddsScale {
            id: format!("answer {id}"),
            source: name(2),
            event: name(1),
            odds: odds(n),
            before: (n > 1).then(|| (name(3), v(n))),
        }),
        course(&Course {
            id: format!("course {id}"),
            source: name(2),
            event: name(1),
            days: (0..n)
                .map(|k| CourseDay {
                    odds: odds(k),
                    news: notes.iter().skip(k).take(k % 3).cloned().collect(),
                })
                .collect(),
        }),
        overlay(&Overlay {
            id: format!("overlay {id}"),
            source: name(2),
            event: name(1),
            question: day(120),
            names: [name(0), name(3)],
            curves: [(10..10 + n).map(odds).collect(), (12..12 + n).map(|k| odds(k + 1)).collect()],
        }),
        endings(&EndingsChart {
            id: format!("endings {id}"),
            source: name(2),
            as_of: day(60),
            days: (0..n).map(date).collect(),
            layers: (0..n.min(12))
                .map(|k| Layer { name: name(k), share: (0..n).map(|t| v(t + k)).collect() })
                .collect(),
        }),
        positions(&PositionsChart {
            id: format!("positions {id}"),
            source: name(2),
            zone: None,
            issues: (0..n.min(6))
                .map(|k| IssueStrip {
                    name: name(k),
                    lo: 0.0,
                    hi: 100.0,
                    landmarks: landmarks.clone(),
                    sides: (0..n.min(3))
                        .map(|j| StandMark {
                            name: name(j),
                            ideal: [90.0 * v(j), 100.0 * v(j), 110.0 * v(j)],
                            red_min: Some(100.0 * v(j + 1)),
                            red_max: Some(100.0 * v(j + 2)),
                            factions: (0..n.min(5))
                                .map(|f| Faction { name: name(f), at: 100.0 * v(f) })
                                .collect(),
                        })
                        .collect(),
                    zone: (k % 2 == 0).then_some((100.0 * v(k), 100.0 * v(k + 1))),
                    term: Some(100.0 * v(k)),
                })
                .collect(),
        }),
        belief(&Belief {
            id: format!("belief {id}"),
            source: name(2),
            actor: name(0),
            issue: name(1),
            lo: 0.0,
            hi: 100.0,
            landmarks,
            path: (0..n)
                .map(|k| PathPoint { day: date(k), mean: 100.0 * v(k), sd: 9.0 * v(k) })
                .collect(),
            statements: (0..n)
                .map(|k| StatementMark {
                    day: date(k),
                    value: 100.0 * v(k),
                    label: name(k),
                    text: name(k + 1),
                    weight: v(k),
                    reversal: k % 3 == 0,
                })
                .collect(),
        }),
        deal_map(&DealMap {
            id: format!("map {id}"),
            source: name(2),
            sides: [name(0), name(1)],
            packages: (0..n * n).map(|k| [v(k), v(k + n)]).collect(),
            zone: (0..n).map(|k| [v(k + 1), v(k)]).collect(),
            ratified: (n > 2).then_some([n * n, n]),
            no_deal: [v(0), v(1)],
            frontier: (0..n).map(|k| [v(k), v(k + 1)]).collect(),
            marks: (0..n.min(6))
                .map(|k| SolutionMark { name: name(k), at: [v(k), v(k + 3)], terms: name(k + 1) })
                .collect(),
            links: Vec::new(),
        }),
        conflict_map(&conflict(n.min(24), n.min(12), |text| format!("{text} {}", name(0)))),
        conflict_map(&ConflictMap {
            id: format!("counts {id}"),
            counts: (0..n.min(12)).map(|k| (name(k), k)).collect(),
            all: n,
            ..ConflictMap::default()
        }),
        gates(&Gates {
            id: format!("gates {id}"),
            source: name(2),
            text: name(1),
            p: v(0),
            sides: (0..n.min(3))
                .map(|j| SideGates {
                    name: name(j),
                    p: v(j),
                    gates: (0..n.min(14))
                        .map(|k| GateMark {
                            name: name(k),
                            depth: k % 5,
                            actor: k % 2 > 0,
                            shares: [v(k), v(k + 1)],
                        })
                        .collect(),
                })
                .collect(),
        }),
        tree(&Tree {
            id: format!("tree {id}"),
            source: name(2),
            sides: (0..n.min(3))
                .map(|j| Branch {
                    name: name(j),
                    actors: (0..n.div_ceil(3))
                        .map(|k| Leaf {
                            name: name(k),
                            role: name(k + 1),
                            shares: [v(k), v(k + j)],
                        })
                        .collect(),
                })
                .collect(),
        }),
        waterfall(&Waterfall {
            id: format!("waterfall {id}"),
            source: name(2),
            event: name(1),
            from_label: name(2),
            from: v(0),
            to_label: name(3),
            to: v(5),
            steps: (0..n)
                .map(|k| Step { label: name(k), text: name(k + 1), change: v(k) - 0.5 })
                .collect(),
        }),
        tornado(&Tornado {
            id: format!("tornado {id}"),
            source: name(2),
            event: name(1),
            base: v(0),
            bars: (0..n)
                .map(|k| Swing {
                    label: name(k),
                    low: v(k),
                    high: v(k + 1),
                    low_label: name(k + 2),
                    high_label: name(k + 3),
                })
                .collect(),
        }),
        reliability(&ReliabilityChart {
            id: format!("reliability {id}"),
            source: name(2),
            resolved: (0..n).map(|k| (v(k), k % 2 == 0)).collect(),
            bins: (0..n.min(10))
                .map(|k| ReliabilityBin {
                    forecast: v(k),
                    observed: v(k + 1),
                    count: k,
                    bar: [v(k) - 0.2, v(k) + 0.2],
                })
                .collect(),
        }),
        timeline(&Timeline {
            id: format!("timeline {id}"),
            source: name(2),
            span: [day(60), day(90)],
            sides: (0..n.min(3)).map(name).collect(),
            entries: notes
                .iter()
                .enumerate()
                .map(|(k, n)| Lane { lane: name(k % 12), note: n.clone() })
                .collect(),
            calendar,
        }),
    ]
}

/// Every set by name.
pub(crate) fn all() -> Vec<(&'static str, Vec<Figure>)> {
    let plain = |k: usize| format!("Actor {k}");
    let wave = |k: usize| ((k * 37 + 11) % 100) as f64 / 100.0;
    let markup = |k: usize| {
        format!("<script>alert({k})</script>\"'><img src=x onload=\"1\"> & ]]>\u{0}\u{202e}")
    };
    vec![
        ("realistic", realistic()),
        ("nothing at all", blank()),
        ("empty", made(0, &plain, &wave)),
        ("one", made(1, &plain, &wave)),
        ("two", made(2, &plain, &wave)),
        ("thirty", made(30, &plain, &wave)),
        ("long names", made(8, &|k| format!("{k} {}", "a very long name ".repeat(18)), &wave)),
        ("thirty long names", made(30, &|k| format!("{k} {}", "long name ".repeat(30)), &wave)),
        ("one long word", made(7, &|k| format!("{k}{}", "W".repeat(300)), &wave)),
        ("right to left", made(8, &|k| format!("شورای عالی امنیت ملی {k} משרד החוץ"), &wave)),
        ("wide characters", made(8, &|k| format!("外交部発言人 🇨🇳👩🏽‍⚖️ {k}"), &wave)),
        ("markup", made(9, &markup, &wave)),
        ("names of nothing", made(6, &|_| String::new(), &wave)),
        ("all zero", made(6, &plain, &|_| 0.0)),
        ("all one", made(6, &plain, &|_| 1.0)),
        ("huge", made(6, &plain, &|k| if k % 2 == 0 { 1e300 } else { -1e300 })),
        ("tiny", made(6, &plain, &|k| 1e-300 * k as f64)),
        ("no numbers", made(6, &plain, &|k| if k % 2 == 0 { f64::NAN } else { f64::INFINITY })),
    ]
}

/// Charts of values nobody filled in.
fn blank() -> Vec<Figure> {
    vec![
        agreement(&Agreement::default()),
        answer(&OddsScale::default()),
        course(&Course::default()),
        overlay(&Overlay::default()),
        endings(&EndingsChart::default()),
        positions(&PositionsChart {
            issues: vec![IssueStrip::default()],
            ..PositionsChart::default()
        }),
        belief(&Belief::default()),
        deal_map(&DealMap::default()),
        conflict_map(&ConflictMap::default()),
        tree(&Tree { sides: vec![Branch::default()], ..Tree::default() }),
        waterfall(&Waterfall::default()),
        tornado(&Tornado { bars: vec![Swing::default()], ..Tornado::default() }),
        reliability(&ReliabilityChart::default()),
        timeline(&Timeline::default()),
    ]
}
