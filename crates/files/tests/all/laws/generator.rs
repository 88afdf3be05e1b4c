//! Random negotiations as the text of `case.toml`, kept as data so that a law can change one thing
//! and write them again.

use std::fmt::Write;

/// A small linear congruential generator: the tests need variety, not quality.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        let mut dice = Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(99));
        dice.below(2);
        dice
    }

    /// A whole number from 0 to `n` − 1.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % n as u64) as usize
    }

    fn whole(&mut self, lo: i32, hi: i32) -> i32 {
        lo + self.below((hi - lo + 1) as usize) as i32
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for k in (1..items.len()).rev() {
            items.swap(k, self.below(k + 1));
        }
    }
}

/// A number as it is written: a point if the ends meet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Num {
    pub(crate) lo: f64,
    pub(crate) mode: f64,
    pub(crate) hi: f64,
}

impl Num {
    fn point(x: i32) -> Self {
        Self { lo: x.into(), mode: x.into(), hi: x.into() }
    }

    fn map(self, f: impl Fn(f64) -> f64) -> Self {
        Self { lo: f(self.lo), mode: f(self.mode), hi: f(self.hi) }
    }

    /// Moved along the scale, and kept on it.
    pub(crate) fn moved(self, by: f64) -> Self {
        self.map(|x| (x + by).clamp(0.0, 100.0))
    }

    pub(crate) fn times(self, factor: f64) -> Self {
        self.map(|x| x * factor)
    }

    /// The same place on the reversed scale.
    fn mirrored(self) -> Self {
        Self { lo: 100.0 - self.hi, mode: 100.0 - self.mode, hi: 100.0 - self.lo }
    }
}

impl std::fmt::Display for Num {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.lo == self.hi {
            write!(f, "{}", self.mode)
        } else if self.mode == self.lo || self.mode == self.hi {
            write!(f, "\"{}..{}\"", self.lo, self.hi)
        } else {
            write!(f, "\"{}..{}..{}\"", self.lo, self.mode, self.hi)
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Side {
    pub(crate) ratify: String,
    pub(crate) negotiator: Option<String>,
    pub(crate) position: Vec<Num>,
    pub(crate) discount: Num,
    pub(crate) cost: Num,
    pub(crate) noise: Option<Num>,
}

#[derive(Clone, Debug)]
pub(crate) struct Actor {
    pub(crate) id: String,
    pub(crate) side: usize,
    pub(crate) capability: Num,
    pub(crate) position: Vec<Option<Num>>,
    pub(crate) salience: Vec<Num>,
    pub(crate) red_min: Vec<Option<Num>>,
    pub(crate) red_max: Vec<Option<Num>>,
    pub(crate) demand: Vec<Option<Num>>,
    pub(crate) audience: Option<Num>,
}

#[derive(Clone, Debug)]
pub(crate) struct Strike {
    pub(crate) wins: Num,
    pub(crate) won: Vec<Option<Num>>,
    pub(crate) lost: Vec<Option<Num>>,
    pub(crate) costs: [Num; 2],
}

#[derive(Clone, Debug)]
pub(crate) struct Raid {
    pub(crate) hazard: Num,
    pub(crate) reacts: i32,
    pub(crate) after: Vec<Option<Num>>,
    pub(crate) cost: Num,
}

#[derive(Clone, Debug)]
pub(crate) struct Promise {
    pub(crate) breaks: Num,
    pub(crate) exposed: Num,
    /// The issue and how far it binds; mirrored cases have none, since the top of a scale is
    /// where it binds.
    pub(crate) secured_by: Option<(usize, Num)>,
    pub(crate) sunk: Vec<Option<Num>>,
}

/// A negotiation, ready to be written.
#[derive(Clone, Debug)]
pub(crate) struct Spec {
    pub(crate) now: Vec<Num>,
    pub(crate) marks: Vec<[i32; 2]>,
    pub(crate) sides: Vec<Side>,
    pub(crate) actors: Vec<Actor>,
    pub(crate) strike: Option<Strike>,
    pub(crate) raid: Option<Raid>,
    pub(crate) promise: Option<Promise>,
    pub(crate) grid: bool,
}

/// What a test wants of a case.
#[derive(Clone, Copy, Default)]
pub(crate) struct Wanted {
    /// Every number a point.
    pub(crate) points: bool,
    /// No promise is bound by an issue.
    pub(crate) reversible: bool,
    /// Few enough red lines for all subsets to be tried, and a grid.
    pub(crate) small: bool,
}

pub(crate) fn random(seed: u64, wanted: Wanted) -> Spec {
    let mut d = Dice::new(seed);
    let grid = wanted.small || d.chance(50);
    let issues = if grid { d.whole(1, 2) } else { d.whole(1, 4) } as usize;
    let sides = if d.chance(15) { 1 } else { d.whole(2, 3) as usize };
    let ranges = !wanted.points;
    let num = |d: &mut Dice, lo: i32, hi: i32| {
        let x = d.whole(lo, hi);
        if !(ranges && d.chance(40)) {
            return Num::point(x);
        }
        let (a, b) = (d.whole(lo, x), d.whole(x, hi));
        Num { lo: a.into(), mode: x.into(), hi: b.into() }
    };
    let each = |d: &mut Dice, percent: usize, lo: i32, hi: i32| -> Vec<Option<Num>> {
        (0..issues).map(|_| d.chance(percent).then(|| num(d, lo, hi))).collect()
    };
    let mut ids: Vec<String> = (0..12).map(|k| format!("p{k:02}")).collect();
    d.shuffle(&mut ids);
    let (mut told, mut actors) = (Vec::new(), Vec::new());
    for side in 0..sides {
        // Sides want different ends, so that about half of the zones are empty.
        let (lo, hi) = [(0, 40), (55, 100), (20, 80)][side];
        let size = if wanted.small { 2 } else { d.whole(2, 4) as usize };
        let members: Vec<String> = ids.drain(..size).collect();
        let council = sides == 1 && d.chance(60);
        let all = members.join(", ");
        let (a, b) = (&members[0], &members[1]);
        let last = &members[size - 1];
        told.push(Side {
            ratify: match d.below(8) {
                0 => a.clone(),
                1 => format!("{a} and {b}"),
                2 => format!("{a} or {b}"),
                3 => format!("{} of ({all})", d.whole(1, size as i32)),
                4 => format!("{}% of ({all})", d.whole(30, 90)),
                5 => format!("all of ({all})"),
                6 => format!("any of ({all})"),
                _ => format!("{a} and ({b} or {last})"),
            },
            negotiator: (!council).then(|| members[d.below(size)].clone()),
            position: (0..issues).map(|_| num(&mut d, lo, hi)).collect(),
            discount: num(&mut d, 5, 30),
            cost: num(&mut d, 0, 8),
            noise: d.chance(30).then(|| num(&mut d, 0, 6)),
        });
        for id in members {
            let red = if wanted.small { 35 } else { 30 };
            let (above, below) = if side == 1 { (8, red) } else { (red, 8) };
            let red_max = each(&mut d, above, hi, 100);
            let red_min = each(&mut d, below, 0, lo);
            let angry = d.chance(25);
            actors.push(Actor {
                id,
                side,
                capability: num(&mut d, 10, 100),
                position: each(&mut d, 60, lo, hi),
                salience: (0..issues).map(|_| num(&mut d, 10, 90)).collect(),
                red_min,
                red_max,
                demand: if angry { each(&mut d, 70, lo, hi) } else { vec![None; issues] },
                audience: angry.then(|| num(&mut d, 10, 80)),
            });
        }
    }
    let strike = (sides > 1 && d.chance(40)).then(|| Strike {
        wins: num(&mut d, 40, 90),
        won: each(&mut d, 60, 0, 40),
        lost: each(&mut d, 60, 60, 100),
        costs: [num(&mut d, 20, 200), num(&mut d, 100, 400)],
    });
    let raid = d.chance(35).then(|| Raid {
        hazard: num(&mut d, 0, 2).times(0.3),
        reacts: d.whole(0, 5),
        after: each(&mut d, 50, 0, 100),
        cost: num(&mut d, 0, 150),
    });
    let promise = (sides > 1 && d.chance(50)).then(|| Promise {
        breaks: num(&mut d, 1, 30).times(0.01),
        exposed: num(&mut d, 0, 20),
        secured_by: (!wanted.reversible && d.chance(50))
            .then(|| (issues - 1, num(&mut d, 40, 100))),
        sunk: each(&mut d, 40, 0, 60),
    });
    Spec {
        now: (0..issues).map(|_| num(&mut d, 0, 100)).collect(),
        marks: (0..issues).map(|_| [d.whole(0, 49), d.whole(50, 100)]).collect(),
        sides: told,
        actors,
        strike,
        raid,
        promise,
        grid,
    }
}

impl Spec {
    /// With every actor's id replaced, everywhere it stands.
    pub(crate) fn renamed(&self, name: impl Fn(&str) -> String) -> Self {
        let mut new = self.clone();
        let old: Vec<String> = self.actors.iter().map(|a| a.id.clone()).collect();
        for side in &mut new.sides {
            // Ids are of one length and share no prefix with a keyword: no id is part of another.
            side.ratify = old.iter().fold(side.ratify.clone(), |rule, id| {
                rule.replace(id.as_str(), &format!("<{}>", &id[1..]))
            });
            for id in &old {
                side.ratify = side.ratify.replace(&format!("<{}>", &id[1..]), &name(id));
            }
            side.negotiator = side.negotiator.as_deref().map(&name);
        }
        for actor in &mut new.actors {
            actor.id = name(&actor.id);
        }
        new
    }

    /// With the scale of an issue turned round.
    pub(crate) fn reversed(&self, j: usize) -> Self {
        let mut new = self.clone();
        let turn = |x: &mut Num| *x = x.mirrored();
        let turn_if = |x: &mut Option<Num>| *x = x.map(Num::mirrored);
        turn(&mut new.now[j]);
        new.marks[j] = [100 - new.marks[j][1], 100 - new.marks[j][0]];
        new.sides.iter_mut().for_each(|s| turn(&mut s.position[j]));
        for a in &mut new.actors {
            turn_if(&mut a.position[j]);
            turn_if(&mut a.demand[j]);
            std::mem::swap(&mut a.red_min[j], &mut a.red_max[j]);
            turn_if(&mut a.red_min[j]);
            turn_if(&mut a.red_max[j]);
        }
        if let Some(strike) = &mut new.strike {
            turn_if(&mut strike.won[j]);
            turn_if(&mut strike.lost[j]);
        }
        if let Some(raid) = &mut new.raid {
            turn_if(&mut raid.after[j]);
        }
        new
    }

    /// The text of `case.toml`.
    pub(crate) fn toml(&self) -> String {
        let mut t = String::from(
            "winset = 1\ntitle = \"Random\"\nas_of = 2025-01-01\n[question]\ntext = \"A deal?\"\n\
             yes = \"a text\"\nby = 2025-04-01\n",
        );
        let some = |list: &[Option<Num>]| -> String {
            let named = list.iter().enumerate().filter_map(|(j, x)| Some((j, (*x)?)));
            let each: Vec<String> = named.map(|(j, x)| format!("i{j} = {x}")).collect();
            format!("{{ {} }}", each.join(", "))
        };
        let every =
            |list: &[Num]| some(&list.iter().copied().map(Some).collect::<Vec<Option<Num>>>());
        for (j, (now, [a, b])) in self.now.iter().zip(&self.marks).enumerate() {
            let _ = writeln!(t, "[issues.i{j}]\nnow = {now}\nmarks = [[{a}, \"a\"], [{b}, \"b\"]]");
        }
        for (k, s) in self.sides.iter().enumerate() {
            let _ = writeln!(
                t,
                "[sides.s{k}]\nratify = \"{}\"\nposition = {}\ndiscount = {}\ncost = {}",
                s.ratify,
                every(&s.position),
                s.discount,
                s.cost
            );
            if let Some(n) = &s.negotiator {
                let _ = writeln!(t, "negotiator = \"{n}\"");
            }
            if let Some(noise) = s.noise {
                let _ = writeln!(t, "noise = {noise}");
            }
        }
        for a in &self.actors {
            let _ = writeln!(
                t,
                "[actors.{}]\nside = \"s{}\"\nrole = \"faction\"\ncapability = {}\nsalience = {}",
                a.id,
                a.side,
                a.capability,
                every(&a.salience)
            );
            for (key, list) in [
                ("position", &a.position),
                ("red_min", &a.red_min),
                ("red_max", &a.red_max),
                ("demand", &a.demand),
            ] {
                if list.iter().any(Option::is_some) {
                    let _ = writeln!(t, "{key} = {}", some(list));
                }
            }
            if let Some(audience) = a.audience {
                let _ = writeln!(t, "audience = {audience}");
            }
        }
        if let Some(s) = &self.strike {
            let _ = writeln!(
                t,
                "[force.strike]\nby = \"s0\"\non = \"s1\"\nchoice = true\nwins = {}\nif_won = {}\n\
                 if_lost = {}\ncost = {{ s0 = {}, s1 = {} }}\npress = 0.4",
                s.wins,
                some(&s.won),
                some(&s.lost),
                s.costs[0],
                s.costs[1]
            );
        }
        if let Some(r) = &self.raid {
            let _ = writeln!(
                t,
                "[actors.zz]\nrole = \"spoiler\"\n[force.raid]\nby = \"zz\"\non = \"s0\"\n\
                 choice = false\nhazard = {}\nreacts = {}\nafter = {}\ncost = {{ s0 = {} }}",
                r.hazard,
                r.reacts,
                some(&r.after),
                r.cost
            );
        }
        if let Some(p) = &self.promise {
            let _ = writeln!(
                t,
                "[promises.word]\nby = \"s0\"\nto = \"s1\"\nbreaks = {}\nexposed = {}",
                p.breaks, p.exposed
            );
            if let Some((issue, binds)) = p.secured_by {
                let _ = writeln!(t, "secured_by = \"i{issue}\"\nsecures = {binds}");
            }
            if p.sunk.iter().any(Option::is_some) {
                let _ = writeln!(t, "sunk = {}", some(&p.sunk));
            }
        }
        t.push_str("[calendar]\nbegan = { on = 2024-12-01, kind = \"start\", mediated = true }\n");
        t.push_str("[constants]\nhorizon = 120\n");
        if self.grid {
            t.push_str("[model]\ngrid = [0, 25, 50, 75, 100]\n");
        }
        t
    }
}
