//! A deal space as text: counts, frontier, solutions, in 80 columns.

use std::fmt::Write as _;

/// What there is to tell about a deal space; plain values, already named.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DealSpace {
    /// The name of the domain or case.
    pub name: String,
    /// The sides, in the order of all utilities.
    pub sides: Vec<String>,
    /// What each side gets without a deal.
    pub reservations: Vec<f64>,
    /// The number of packages.
    pub packages: usize,
    /// How many of them give every side at least its reservation.
    pub rational: usize,
    /// Points and outcomes on the frontier.
    pub frontier: (usize, usize),
    /// The distance of the nearest outcome from everybody's best.
    pub opposition: f64,
    /// The solutions, in the order in which they are shown.
    pub solutions: Vec<Solved>,
    /// What a reader must know before the numbers.
    pub note: Option<String>,
}

/// One solution: its package, or why there is none.
#[derive(Clone, Debug, PartialEq)]
pub struct Solved {
    /// The name of the solution.
    pub name: String,
    /// The package, or why there is none.
    pub answer: Result<Picked, String>,
}

/// A package and what it is worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Picked {
    /// What each side gets.
    pub utilities: Vec<f64>,
    /// `(issue, value)`, in file order.
    pub package: Vec<(String, String)>,
    /// How many packages tie, this one included.
    pub tied: usize,
}

const WIDTH: usize = 80;

/// Renders a deal space as plain text, no line longer than 80 columns.
#[must_use]
pub fn deal_space(space: &DealSpace) -> String {
    let mut text = String::new();
    line(&mut text, &format!("Deal space: {}", space.name));
    if let Some(note) = &space.note {
        line(&mut text, note);
    }
    text.push('\n');
    let share = if space.packages == 0 {
        0.0
    } else {
        100.0 * space.rational as f64 / space.packages as f64
    };
    line(
        &mut text,
        &format!(
            "{} packages; {} ({share:.0} %) give every side at least what it has without a deal",
            space.packages, space.rational
        ),
    );
    let (points, outcomes) = space.frontier;
    line(&mut text, &format!("Frontier: {points} points, {outcomes} packages"));
    line(&mut text, &format!("Opposition: {:.3}", space.opposition));
    let worth: Vec<String> = space
        .sides
        .iter()
        .zip(&space.reservations)
        .map(|(side, worth)| format!("{side} {worth:.3}"))
        .collect();
    line(&mut text, &format!("Without a deal: {}", worth.join(", ")));
    for solved in &space.solutions {
        text.push('\n');
        match &solved.answer {
            Err(reason) => line(&mut text, &format!("{}: none ({reason})", solved.name)),
            Ok(Picked { utilities, package, tied }) => {
                let worth: Vec<String> = space
                    .sides
                    .iter()
                    .zip(utilities)
                    .map(|(side, utility)| format!("{side} {utility:.3}"))
                    .collect();
                line(&mut text, &format!("{}: {}", solved.name, worth.join(", ")));
                let values: Vec<String> =
                    package.iter().map(|(issue, value)| format!("{issue}: {value}")).collect();
                line(&mut text, &format!("  {}", values.join("; ")));
                if *tied > 1 {
                    line(&mut text, &format!("  ({tied} packages tie; the first is shown)"));
                }
            }
        }
    }
    text
}

/// Adds a paragraph, wrapped at spaces; a longer word is cut. Control characters become spaces.
fn line(text: &mut String, paragraph: &str) {
    let indent: String = paragraph.chars().take_while(|c| *c == ' ').collect();
    let clean: String = paragraph.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let mut column = indent.len();
    let _ = write!(text, "{indent}");
    let mut first = true;
    for word in clean.split_whitespace() {
        let width = word.chars().count();
        if !first && column + 1 + width > WIDTH {
            let _ = write!(text, "\n{indent}  ");
            column = indent.len() + 2;
        } else if !first {
            text.push(' ');
            column += 1;
        }
        first = false;
        for c in word.chars() {
            if column == WIDTH {
                let _ = write!(text, "\n{indent}  ");
                column = indent.len() + 2;
            }
            text.push(c);
            column += 1;
        }
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn space() -> DealSpace {
        DealSpace {
            name: "Toy".into(),
            sides: vec!["buyer".into(), "seller".into()],
            reservations: vec![0.5, 0.25],
            packages: 4,
            rational: 1,
            frontier: (2, 3),
            opposition: 0.41231,
            solutions: vec![
                Solved {
                    name: "Nash".into(),
                    answer: Ok(Picked {
                        utilities: vec![0.75, 0.5],
                        package: vec![
                            ("price".into(), "low".into()),
                            ("date".into(), "May".into()),
                        ],
                        tied: 2,
                    }),
                },
                Solved { name: "Egalitarian".into(), answer: Err("nothing rational".into()) },
            ],
            note: None,
        }
    }

    #[test]
    fn every_value_is_told() {
        let expected = "\
Deal space: Toy

4 packages; 1 (25 %) give every side at least what it has without a deal
Frontier: 2 points, 3 packages
Opposition: 0.412
Without a deal: buyer 0.500, seller 0.250

Nash: buyer 0.750, seller 0.500
  price: low; date: May
  (2 packages tie; the first is shown)

Egalitarian: none (nothing rational)
";
        assert_eq!(deal_space(&space()), expected);
    }

    #[test]
    fn no_line_is_longer_than_eighty_columns() {
        let mut long = space();
        long.sides[0] = "b".repeat(200);
        long.name = "word ".repeat(60);
        long.reservations[1] = 1e300;
        let text = deal_space(&long);
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        // Cut, but nothing lost: the name stands twice, without a deal and under Nash.
        assert_eq!(
            text.replace(|c: char| c.is_whitespace(), "").matches(&"b".repeat(200)).count(),
            2
        );
    }
}
