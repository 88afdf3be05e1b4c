//! What moved the number, and its history, on a terminal: 80 columns, no colour needed.

use winset_page::text::{Text, pc, signed, spoken, thousands};

/// A change divided into parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Waterfall {
    /// The case's title.
    pub title: String,
    /// What is asked.
    pub question: String,
    /// The first day, ISO, and P as told from it.
    pub from: (String, f64),
    /// The last day, ISO, and P as told from it.
    pub to: (String, f64),
    /// What time passing adds, and its standard error.
    pub time: (f64, f64),
    /// The news, the largest part first.
    pub steps: Vec<Step>,
    /// Ids of news on which no input rests.
    pub silent: Vec<String>,
    /// Pairs of orders of arrival, where they are sampled.
    pub pairs: Option<u64>,
    /// How many draws.
    pub draws: u64,
    /// The seed.
    pub seed: u64,
}

/// One part.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// Its id.
    pub id: String,
    /// Who spoke.
    pub speaker: Option<String>,
    /// In words.
    pub text: String,
    /// What it adds to P.
    pub part: f64,
    /// Its standard error.
    pub se: f64,
}

impl Step {
    /// Who said it, or what it is, and its id.
    fn name(&self) -> String {
        match &self.speaker {
            Some(speaker) => format!("{speaker} ({})", self.id),
            None => format!("{} ({})", self.text, self.id),
        }
    }
}

/// The number day by day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    /// The case's title.
    pub title: String,
    /// What is asked.
    pub question: String,
    /// A row a day.
    pub days: Vec<CourseDay>,
    /// How many draws.
    pub draws: u64,
    /// The seed.
    pub seed: u64,
    /// Whether every day was reached.
    pub complete: bool,
}

/// The number as told from a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CourseDay {
    /// The day, ISO.
    pub date: String,
    /// The probability.
    pub p: f64,
    /// 5 %.
    pub lo: f64,
    /// 95 %.
    pub hi: f64,
    /// P(zone).
    pub zone: f64,
    /// Ids of what is seen for the first time.
    pub news: Vec<String>,
}

/// Columns of the bars.
const WIDTH: usize = 24;

/// A change as a waterfall and in a sentence.
pub fn text(w: &Waterfall) -> String {
    let mut t = Text::default();
    t.line(&w.title);
    t.wrapped("", &w.question);
    t.out.push('\n');
    let mut level = w.from.1;
    let mut levels = vec![level];
    for part in std::iter::once(w.time.0).chain(w.steps.iter().map(|s| s.part)) {
        level += part;
        levels.push(level);
    }
    let low = levels.iter().copied().fold(f64::INFINITY, f64::min);
    let high = levels.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let width = (high - low).max(1e-9);
    let at = |p: f64| ((p - low) / width * WIDTH as f64).round() as usize;
    let end = |t: &mut Text, (day, p): &(String, f64)| {
        let marker = format!("{}●", " ".repeat(at(*p).min(WIDTH - 1)));
        t.line(&format!("{:>7.1} %        {marker:<WIDTH$}  {}", 100.0 * p, spoken(day)));
    };
    end(&mut t, &w.from);
    let time = Step { text: "time passing".into(), ..Step::default() };
    let rows = std::iter::once((&time, w.time)).chain(w.steps.iter().map(|s| (s, (s.part, s.se))));
    for ((step, (part, se)), ends) in rows.zip(levels.windows(2)) {
        let (a, b) = (at(ends[0].min(ends[1])), at(ends[0].max(ends[1])));
        let (a, b) = if a == b { (a.min(WIDTH - 1), a.min(WIDTH - 1) + 1) } else { (a, b) };
        // Up is full and down is shaded, so that no colour is needed; nothing is a dot.
        let mark = match part {
            p if p.abs() < 5e-4 => "·",
            p if p > 0.0 => "█",
            _ => "▒",
        };
        let bar = format!("{}{}", " ".repeat(a), mark.repeat(b - a));
        let head = format!("{:>7}  ±{:<4.1}  {bar:<WIDTH$}  ", points(part), 100.0 * se);
        let room = 80 - head.chars().count();
        let label = match (&step.speaker, step.id.is_empty()) {
            (_, true) => step.text.clone(),
            (Some(speaker), _) => format!("{} {speaker}: {}", step.id, step.text),
            (None, _) => format!("{} {}", step.id, step.text),
        };
        t.line(&format!("{head}{}", cut(&label, room)));
    }
    end(&mut t, &w.to);
    t.out.push('\n');
    t.wrapped("", &sentence(w));
    if !w.silent.is_empty() {
        t.wrapped("", &format!("No input rests on {}.", list(&w.silent)));
    }
    let how = match w.pairs {
        None => "every coalition of the news was looked at".to_owned(),
        Some(pairs) => format!("{} orders of arrival were looked at", 2 * pairs),
    };
    t.wrapped(
        "",
        &format!(
            "Points, with the standard error on the same {} draws (seed {}). Shapley values: {how}; \
             the parts add up.",
            thousands(w.draws),
            w.seed
        ),
    );
    t.out
}

/// The change in one or two sentences.
pub fn sentence(w: &Waterfall) -> String {
    let total = w.to.1 - w.from.1;
    let size = |p: f64| format!("{:.1} points", 100.0 * p.abs());
    let (from, to) = (spoken(&w.from.0), spoken(&w.to.0));
    let course = if total.abs() < 5e-4 {
        format!("Between {from} and {to} P stayed at {}", pc(w.to.1))
    } else {
        let way = if total > 0.0 { "rose" } else { "fell" };
        format!("Between {from} and {to} P {way} by {}", size(total))
    };
    let mut parts = vec![format!("time passing alone {}", gave(w.time.0))];
    // First what went the way the number went, then the largest part that held it back.
    let felt: Vec<&Step> = w.steps.iter().filter(|s| s.part.abs() >= 5e-4).collect();
    let up =
        if total.abs() < 5e-4 { felt.first().is_some_and(|s| s.part > 0.0) } else { total > 0.0 };
    let most = felt.iter().find(|s| (s.part > 0.0) == up);
    let against = felt.iter().find(|s| (s.part > 0.0) != up);
    if let Some(step) = most {
        parts.insert(0, format!("most came from {}, which {}", step.name(), gave(step.part)));
    }
    if let Some(step) = against {
        parts.insert(parts.len() - 1, format!("against it {} {}", step.name(), gave(step.part)));
    }
    if w.steps.is_empty() {
        parts.push("there were no news that any input rests on".to_owned());
    }
    format!("{course}: {}.", parts.join("; "))
}

/// Points with their sign; what rounds to nothing has none.
fn points(part: f64) -> String {
    if part.abs() < 5e-4 { "0.0".to_owned() } else { signed(part) }
}

fn gave(part: f64) -> String {
    if part.abs() < 5e-4 {
        return "added nothing".to_owned();
    }
    format!("{} {:.1}", if part > 0.0 { "added" } else { "took" }, 100.0 * part.abs())
}

fn list(ids: &[String]) -> String {
    match ids {
        [one] => one.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
        [] => String::new(),
    }
}

/// A text of at most so many columns.
fn cut(text: &str, columns: usize) -> String {
    if text.chars().count() <= columns {
        return text.to_owned();
    }
    let kept: String = text.chars().take(columns.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// A history as a chart with a line a day.
pub fn course(c: &Course) -> String {
    let mut t = Text::default();
    t.line(&c.title);
    t.wrapped("", &c.question);
    t.out.push('\n');
    const COLUMNS: usize = 28;
    let top = c.days.iter().map(|d| d.hi.max(d.p)).fold(0.05, f64::max);
    let top = (top * 10.0).ceil() / 10.0;
    let at = |p: f64| ((p / top) * (COLUMNS as f64 - 1.0)).round() as usize;
    t.line(&format!("                P            zone   0{:>1$.0} %", 100.0 * top, COLUMNS - 3));
    for d in &c.days {
        let cells: String = (0..COLUMNS)
            .map(|k| match k {
                k if k == at(d.p) => '●',
                k if (at(d.lo)..=at(d.hi)).contains(&k) => '░',
                _ => ' ',
            })
            .collect();
        let band = format!("({:.0}–{:.0} %)", 100.0 * d.lo, 100.0 * d.hi);
        let head = format!("  {}  {:>4}  {band:<9}  {:>5}   {cells}", d.date, pc(d.p), pc(d.zone));
        let room = 80 - head.chars().count() - 1;
        let mut news = d.news.join(" ");
        if news.chars().count() > room {
            news = format!("{} new", d.news.len());
        }
        t.line(&format!("{head} {news}"));
    }
    t.out.push('\n');
    let how = format!(
        "● P, ░ band of the odds; each day as it is told from that day, with what was said, entered \
         and announced by then ({} draws, seed {}).",
        thousands(c.draws),
        c.seed
    );
    t.wrapped("", &how);
    if !c.complete {
        t.line("Interrupted: the days above were done.");
    }
    t.out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waterfall() -> Waterfall {
        let step = |id: &str, speaker: Option<&str>, text: &str, part: f64| Step {
            id: id.into(),
            speaker: speaker.map(str::to_owned),
            text: text.into(),
            part,
            se: 0.002,
        };
        Waterfall {
            title: "A title".into(),
            question: "Will they?".into(),
            from: ("2025-04-13".into(), 0.24),
            to: ("2025-04-22".into(), 0.19),
            time: (-0.006, 0.0001),
            steps: vec![
                step("r04+r11", Some("Steve Witkoff"), "Must be eliminated", -0.056),
                step("r08", None, "A law is signed that ratifies a partnership of two", 0.012),
            ],
            silent: vec!["r07".into(), "r09".into()],
            draws: 2000,
            seed: 1,
            pairs: None,
        }
    }

    #[test]
    fn the_waterfall_says_each_part_and_the_whole_in_words() {
        let said = text(&waterfall());
        for part in [
            "24.0 %",
            "−0.6  ±0.0",
            "−5.6  ±0.2",
            "+1.2  ±0.2",
            "19.0 %",
            "r04+r11 Steve Witkoff: Must",
            "fell by 5.0 points: most came from Steve Witkoff (r04+r11), which took",
            "time passing alone took",
            "No input rests on r07 or r09.",
            "2,000 draws",
        ] {
            let words: Vec<&str> = said.split_whitespace().collect();
            let wanted: Vec<&str> = part.split_whitespace().collect();
            assert!(words.windows(wanted.len()).any(|w| w == wanted), "{part}:\n{said}");
        }
        assert!(said.lines().all(|l| l.chars().count() <= 80), "{said}");
    }

    #[test]
    fn bars_begin_where_the_one_before_ended() {
        let said = text(&waterfall());
        let bars: Vec<&str> = said.lines().filter(|l| l.contains(['▒', '█'])).collect();
        let columns = |l: &str| -> (usize, usize) {
            let c: Vec<usize> = (l.chars().enumerate())
                .filter(|(_, c)| ['▒', '█'].contains(c))
                .map(|(k, _)| k)
                .collect();
            (c[0], c[c.len() - 1])
        };
        let all: Vec<_> = bars.iter().map(|l| columns(l)).collect();
        assert_eq!(all.len(), 3);
        // Down, down, up: the second ends where the first began, the third starts at its foot.
        assert_eq!(all[1].1 + 1, all[0].0);
        assert_eq!(all[2].0, all[1].0);
    }

    #[test]
    fn nothing_moved_is_said_so() {
        let still = Waterfall {
            from: ("2025-04-13".into(), 0.2),
            to: ("2025-04-13".into(), 0.2),
            ..Waterfall::default()
        };
        let said = text(&still).replace('\n', " ");
        assert!(said.contains("P stayed at 20 %"), "{said}");
        assert!(said.contains("there were no news"), "{said}");
    }

    #[test]
    fn a_history_has_a_line_a_day() {
        let day = |date: &str, p: f64| CourseDay {
            date: date.into(),
            p,
            lo: p - 0.05,
            hi: p + 0.05,
            zone: 0.6,
            news: (1..20).map(|k| format!("r{k:02}")).collect(),
        };
        let days = vec![day("2025-04-12", 0.25), day("2025-04-13", 0.2)];
        let said = course(&Course { days, draws: 2000, ..Course::default() });
        assert!(said.contains("2025-04-12  25 %  (20–30 %)"), "{said}");
        assert!(said.contains("19 new"), "{said}");
        assert!(said.contains("Interrupted"), "{said}");
        assert!(said.lines().all(|l| l.chars().count() <= 80), "{said}");
    }
}
