//! Tables of talks whose values are known: a row a talk.
//!
//! For every item `X` the columns `count_X` (pieces), `a_X` and `b_X` (worth of a piece to each side)
//! and `a_got_X` (what side a got); `turns` (messages without the final choice) and `ending`
//! (`deal`, `contradiction`, `none` or `walked away`). `id`, `a_walk_away` and `b_walk_away` (what a
//! side has without a deal, 0 if not said) may stand beside them, and further columns are not read.
//! Without `count_X` columns and with the items food, water and firewood it is the layout of CaSiNo:
//! three pieces of each, and walking away is worth 5.

use std::collections::BTreeSet;

use winset_methods::talks::{MOST_DIVISIONS, Talk, TalkEnding};

use crate::class::line_at;
use crate::diagnostic::{Findings, Source, closest};
use crate::sheet;

/// The words for how talks ended.
const ENDINGS: [(&str, TalkEnding); 4] = [
    ("deal", TalkEnding::Deal),
    ("contradiction", TalkEnding::Contradiction),
    ("none", TalkEnding::Failure),
    ("walked away", TalkEnding::Failure),
];
/// Beyond this no count of pieces is read, and no worth or number of messages.
const MOST: u32 = 1_000_000;
/// The items of CaSiNo, in alphabetical order.
const CAMP: [&str; 3] = ["firewood", "food", "water"];
/// Pieces of each of them, and what walking away is worth.
const CAMP_TERMS: (u32, f64) = (3, 5.0);

/// Code, message and hint of what is wrong with a row.
type Wrong = (&'static str, String, String);

/// Reads a table. Everything wrong is found in one pass; `None` if any of it is an error.
pub fn read(source: &Source, findings: &mut Findings) -> Option<Vec<Talk>> {
    let text = source.text.trim_start_matches('\u{feff}');
    let skipped = source.text.len() - text.len();
    // Cells are trimmed where they are read: most are not, and trimming a row copies it.
    let known = |cells: &[String]| {
        cells.iter().filter(|c| c.starts_with("a_got_") || *c == "turns" || *c == "ending").count()
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(sheet::delimiter(text, known))
        .flexible(true)
        .trim(csv::Trim::Headers)
        .from_reader(text.as_bytes());
    let mut own = Findings::default();
    let header = reader.headers().cloned().unwrap_or_default();
    let mut talks = Vec::new();
    match Columns::read(&header) {
        Err((code, message, hint)) => {
            own.error(code, &source.name, Some(line_at(source, 0)), message, hint);
        }
        Ok(columns) => {
            let mut row = csv::StringRecord::new();
            let mut ids = BTreeSet::new();
            loop {
                let (position, read) = match reader.read_record(&mut row) {
                    Ok(false) => break,
                    Ok(true) => {
                        let talk = columns.talk(&row, talks.len() + 1);
                        (row.position().cloned(), talk.and_then(|talk| alone(talk, &mut ids)))
                    }
                    Err(e) => {
                        let why = format!("the row cannot be read: {e}");
                        let hint = "check the quotes on this line".to_owned();
                        (e.position().cloned(), Err(("csv", why, hint)))
                    }
                };
                match read {
                    Ok(talk) => talks.push(talk),
                    Err((code, message, hint)) => {
                        let byte = skipped + position.map_or(0, |p| p.byte() as usize);
                        let at = line_at(source, byte);
                        own.error(code, &source.name, Some(at), message, hint);
                    }
                }
            }
            if talks.is_empty() && !own.failed() {
                let hint = "give each talk a row below the header".to_owned();
                own.error("empty", &source.name, Some(0..0), "the table has no rows", hint);
            }
        }
    }
    let good = !own.failed();
    findings.list.append(&mut own.list);
    good.then_some(talks)
}

/// A talk that no row before has the name of.
fn alone(talk: Talk, ids: &mut BTreeSet<String>) -> Result<Talk, Wrong> {
    match ids.insert(talk.id.clone()) {
        true => Ok(talk),
        false => {
            let message =
                format!("the talk `{}` has a row already, and would count twice", talk.id);
            Err(("twice", message, "keep one of them, or give each its own id".to_owned()))
        }
    }
}

/// Where the columns stand.
struct Columns {
    /// How many there are.
    width: usize,
    id: Option<usize>,
    /// By item: pieces, worth to a, worth to b, what a got.
    items: Vec<(Option<usize>, usize, usize, usize)>,
    turns: usize,
    ending: usize,
    walk_away: [Option<usize>; 2],
    /// Pieces of each item and worth of walking away where no column says.
    unsaid: (u32, f64),
}

impl Columns {
    fn read(header: &csv::StringRecord) -> Result<Self, Wrong> {
        let find = |name: &str| header.iter().position(|h| h == name);
        let missing = |name: &str| {
            let hint = "for every item X the header has `count_X,a_X,b_X,a_got_X`, and `turns,ending` once";
            ("missing-column", format!("the column `{name}` is missing"), hint.to_owned())
        };
        let column = |name: &str| find(name).ok_or_else(|| missing(name));
        let got: Vec<&str> = header.iter().filter_map(|h| h.strip_prefix("a_got_")).collect();
        if got.is_empty() {
            return Err(missing("a_got_X"));
        }
        let mut sorted = got.clone();
        sorted.sort_unstable();
        let camp = sorted == CAMP && !header.iter().any(|h| h.starts_with("count_"));
        let item = |item: &&str| {
            let count = if camp { None } else { Some(column(&format!("count_{item}"))?) };
            let own = |side: &str| column(&format!("{side}_{item}"));
            Ok((count, own("a")?, own("b")?, column(&format!("a_got_{item}"))?))
        };
        Ok(Self {
            width: header.len(),
            id: find("id"),
            items: got.iter().map(item).collect::<Result<_, Wrong>>()?,
            turns: column("turns")?,
            ending: column("ending")?,
            walk_away: ["a_walk_away", "b_walk_away"].map(find),
            unsaid: if camp { CAMP_TERMS } else { (0, 0.0) },
        })
    }

    fn talk(&self, row: &csv::StringRecord, number: usize) -> Result<Talk, Wrong> {
        if row.len() > self.width {
            let message = format!("the row has {} cells and the header {}", row.len(), self.width);
            let hint = "put a text with separators in it in quotation marks";
            return Err(("cells", message, hint.to_owned()));
        }
        let cell = |k: usize| row.get(k).unwrap_or("").trim();
        let whole = |k: usize| whole(cell(k));
        let worth = |k: usize| worth(cell(k));
        let word = cell(self.ending);
        let Some((_, ending)) = ENDINGS.iter().find(|(name, _)| *name == word) else {
            let hint = match closest(word, ENDINGS.map(|(name, _)| name)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write `deal`, `contradiction`, `none` or `walked away`".to_owned(),
            };
            return Err(("ending", format!("`{word}` is not a way to end"), hint));
        };
        let mut talk = Talk {
            id: self.id.map_or_else(|| number.to_string(), |k| cell(k).to_owned()),
            counts: Vec::new(),
            values: [Vec::new(), Vec::new()],
            walk_away: [self.unsaid.1; 2],
            messages: whole(self.turns)?,
            ending: *ending,
            got: None,
        };
        for (walk_away, column) in talk.walk_away.iter_mut().zip(self.walk_away) {
            if let Some(k) = column.filter(|k| !cell(*k).is_empty()) {
                *walk_away = worth(k)?;
            }
        }
        let mut got = Vec::new();
        for (count, a, b, mine) in &self.items {
            let count = count.map_or(Ok(self.unsaid.0), whole)?;
            talk.counts.push(count);
            talk.values[0].push(worth(*a)?);
            talk.values[1].push(worth(*b)?);
            if talk.ending == TalkEnding::Deal {
                let mine = whole(*mine)?;
                if mine > count {
                    let hint = "correct the division, or the number of pieces";
                    let message = format!("side a got {mine} pieces where there are {count}");
                    return Err(("range", message, hint.to_owned()));
                }
                got.push(mine);
            }
        }
        talk.got = (talk.ending == TalkEnding::Deal).then_some(got);
        if talk.divisions().is_none() {
            let message = format!("there are more than {MOST_DIVISIONS} ways to divide the items");
            return Err(("too-large", message, "leave this talk out".to_owned()));
        }
        Ok(talk)
    }
}

fn whole(text: &str) -> Result<u32, Wrong> {
    match text.parse::<u32>() {
        Ok(n) if n <= MOST => Ok(n),
        _ => {
            let hint = format!("write a whole number from 0 to {MOST}");
            Err(("number", format!("`{text}` is not a number of pieces or messages"), hint))
        }
    }
}

fn worth(text: &str) -> Result<f64, Wrong> {
    match text.parse::<f64>() {
        Ok(x) if (0.0..=f64::from(MOST)).contains(&x) => Ok(x),
        _ => {
            let hint = format!("write a number from 0 to {MOST}");
            Err(("number", format!("`{text}` is not what something is worth"), hint))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str =
        "id,count_x,count_y,a_x,a_y,b_x,b_y,turns,ending,a_got_x,a_got_y,a_walk_away\n";

    fn table(text: &str) -> (Option<Vec<Talk>>, Findings) {
        let mut findings = Findings::default();
        let source = Source { name: "talks.csv".to_owned(), text: text.to_owned() };
        (read(&source, &mut findings), findings)
    }

    #[test]
    fn both_layouts_are_read() {
        let (own, findings) =
            table(&format!("{OWN}q,1,2,4,3,0,5,7,deal,1,0,2\nr,1,2,4,3,0,5,9,none,,,\n"));
        assert!(findings.list.is_empty(), "{findings:?}");
        let own = own.unwrap();
        let deal = Talk {
            id: "q".to_owned(),
            counts: vec![1, 2],
            values: [vec![4.0, 3.0], vec![0.0, 5.0]],
            walk_away: [2.0, 0.0],
            messages: 7,
            ending: TalkEnding::Deal,
            got: Some(vec![1, 0]),
        };
        assert_eq!(own[0], deal);
        assert_eq!((own[1].ending, own[1].got.as_ref()), (TalkEnding::Failure, None));
        // What splits the header splits the rows.
        let apart = format!("{OWN}q,1,2,4,3,0,5,7,deal,1,0,2\n").replace(',', ";");
        assert_eq!(table(&apart).0.unwrap()[0], deal);
        let camp = "id,a_food,a_water,a_firewood,b_food,b_water,b_firewood,turns,ending,a_got_food,a_got_water,a_got_firewood,a_svo\n\
                    1,5,4,3,3,4,5,12,deal,3,2,0,proself\n2,5,4,3,3,4,5,14,walked away,,,,\n";
        let camp = table(camp).0.unwrap();
        assert_eq!((camp[0].counts.as_slice(), camp[0].walk_away), (&[3, 3, 3][..], [5.0, 5.0]));
        assert_eq!(camp[0].got.as_deref(), Some(&[3, 2, 0][..]));
        assert_eq!(camp[1].ending, TalkEnding::Failure);
    }

    #[test]
    fn every_mistake_is_found_on_its_line() {
        let good = "1,1,2,4,3,0,5,7,deal,1,0,\n";
        for (text, code, line) in [
            (String::new(), "missing-column", 1),
            ("id,turns,ending\n".to_owned(), "missing-column", 1),
            (OWN.replace("count_y", "county_y"), "missing-column", 1),
            (OWN.replace("b_x", "b_z"), "missing-column", 1),
            (OWN.to_owned(), "empty", 1),
            (format!("{OWN}{good}{}", good.replace("deal", "deel")), "ending", 3),
            (format!("{OWN}{good}{}", good.replace(",7,", ",-7,")), "number", 3),
            (format!("{OWN}{good}{}", good.replace(",5,7", ",-5,7")), "number", 3),
            (format!("{OWN}{good}{}", good.replace(",5,7", ",nan,7")), "number", 3),
            (format!("{OWN}{good}{}", good.replace("deal,1,0", "deal,2,0")), "range", 3),
            (format!("{OWN}{good}{}", good.replace("deal,1,0", "deal,,0")), "number", 3),
            (format!("{OWN}{good}1,1000,1000,1,1,1,1,7,none,,,\n"), "too-large", 3),
            (format!("{OWN}{good}{good}"), "twice", 3),
            (format!("{OWN}{good}{}", good.replacen('1', "2, the second", 1)), "cells", 3),
        ] {
            let (read, findings) = table(&text);
            assert_eq!(read, None, "{text}");
            let [found] = findings.list.as_slice() else { panic!("{text}: {findings:?}") };
            let source = Source { name: String::new(), text: text.clone() };
            let at = found.span.clone().map(|s| source.position(s.start).0);
            assert_eq!((found.code, at.unwrap_or(1)), (code, line), "{text}");
            assert!(found.hint.is_some() && !found.message.ends_with('.'), "{found:?}");
        }
    }

    #[test]
    fn no_damage_to_a_table_makes_it_panic() {
        let text = format!("{OWN}\"q, r\",1,2,4,3,0,5,7,deal,1,0,2\nr,1,2,4,3,0,5,9,none,,,\n");
        for at in text.char_indices().map(|(k, _)| k) {
            for junk in ["", "\"", ",", "\n", "\0", "-", "9", "é", "\u{feff}", "1,2,"] {
                let mut damaged = text.clone();
                damaged.replace_range(at..at + text[at..].chars().next().unwrap().len_utf8(), junk);
                let (read, findings) = table(&damaged);
                assert_eq!(read.is_none(), findings.failed(), "{damaged}");
                if let Some(talks) = read {
                    let corpus = winset_methods::talks::Corpus::new(&talks);
                    assert_eq!(corpus.talks.len(), talks.len());
                }
            }
        }
    }
}
