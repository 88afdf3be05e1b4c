//! Where the header of an actor table stands, which columns belong together, and which rows are
//! actors.

use std::collections::BTreeMap;

use winset_methods::spatial::PositionActor;

use super::heading::{Heading, heading};
use super::{
    ActorSheet, ActorTable, ActorTableError, ColumnReading, ColumnRole, TableReading, issue, wrong,
};
use crate::sheet::number::{DecimalMark, NumberFault, number, proof};
use crate::sheet::{HEADER_WITHIN, SheetRow};

/// Names of rows that sum up the rows above.
const TOTALS: &[&str] =
    &["total", "totals", "sum", "sums", "grand total", "subtotal", "gesamt", "summe"];
/// Names of rows that average the rows above.
const MEANS: &[&str] =
    &["average", "mean", "median", "durchschnitt", "mittelwert", "weighted mean"];
/// What a note below a table begins with.
const NOTES: &[&str] = &["source", "sources", "note", "notes", "quelle", "quellen", "anmerkung"];

/// How much a row looks like a header: the kinds of columns it names, actors twice.
pub(super) fn header_score(cells: &[String]) -> usize {
    let mut roles: Vec<ColumnRole> = cells.iter().filter_map(|c| heading(c).role).collect();
    roles.sort_unstable();
    roles.dedup();
    roles.len() + usize::from(roles.contains(&ColumnRole::Actor))
}

/// A column with its place and heading.
#[derive(Clone, Copy)]
struct Column<'t> {
    at: usize,
    name: &'t str,
    heading: &'t Heading,
}

/// The columns that one issue is read from.
struct IssueColumns<'t> {
    title: String,
    capability: Column<'t>,
    position: Column<'t>,
    salience: Column<'t>,
    reference: Option<Column<'t>>,
}

/// Reads a table from its rows.
pub(super) fn table(rows: &[SheetRow], delimiter: u8) -> Result<ActorSheet, ActorTableError> {
    let top = rows.iter().enumerate().take(HEADER_WITHIN);
    // Of equals the first: what stands below is data.
    let Some((at, header)) = top.rev().max_by_key(|(_, row)| header_score(&row.cells)) else {
        let hint = "start with a header: actor,capability,position,salience";
        return wrong(0, None, "the table is empty", hint);
    };
    let headings: Vec<Heading> = header.cells.iter().map(|c| heading(c)).collect();
    let columns = HeaderColumns { header, headings: &headings };
    let actor = columns.one(ColumnRole::Actor)?;
    let long = columns.all(ColumnRole::Issue);
    let issues = match long[..] {
        [] => columns.wide()?,
        _ => columns.long()?,
    };
    let side = match columns.all(ColumnRole::Side)[..] {
        [] => None,
        _ => Some(columns.one(ColumnRole::Side)?),
    };
    let long = match long[..] {
        [] => None,
        _ => Some(columns.one(ColumnRole::Issue)?),
    };
    let described = header.cells.get(1).is_some_and(|c| c.to_lowercase().starts_with("desc"));
    let ktab = described && actor.at == 0;
    let mut reading = TableReading::default();
    if at > 0 {
        let lines = rows[..at].iter().map(|r| r.line.to_string()).collect::<Vec<_>>().join(", ");
        let noun = if at == 1 { "line" } else { "lines" };
        reading.remarks.push(format!("{noun} {lines} above the header not read"));
    }
    let body = Body { rows: &rows[at + 1..], delimiter, actor, side, long };
    let members = body.members(&issues, &mut reading)?;
    body.spelled_alike(&members)?;
    let mark = body.mark(&members, &issues)?;
    let mut sheet = match body.long {
        Some(by) => body.read_long(&members, &issues[0], by, mark)?,
        None => body.read_wide(&members, &issues, ktab, mark)?,
    };
    // Read again by the words of the issues that were found.
    reading.issues = sheet.issues.len();
    let mut names: Vec<&str> = members.iter().map(|row| row.cell(actor.at)).collect();
    names.sort_unstable();
    names.dedup();
    reading.actors = names.len();
    columns.said(&issues, side, &mut reading);
    if mark == Some(DecimalMark::Comma) {
        reading.remarks.push("numbers with a decimal comma".to_owned());
    }
    sheet.reading = reading;
    Ok(sheet)
}

/// The header with what its columns hold.
struct HeaderColumns<'t> {
    header: &'t SheetRow,
    headings: &'t [Heading],
}

impl<'t> HeaderColumns<'t> {
    fn all(&self, role: ColumnRole) -> Vec<Column<'t>> {
        let each = self.headings.iter().enumerate().filter(|(_, h)| h.role == Some(role));
        each.map(|(at, heading)| Column { at, name: self.header.cell(at), heading }).collect()
    }

    fn wrong<T>(
        &self,
        role: ColumnRole,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Result<T, ActorTableError> {
        wrong(self.header.line, Some(role.name()), message, hint)
    }

    fn missing<T>(&self, role: ColumnRole) -> Result<T, ActorTableError> {
        let named = self.header.cells.join("`, `");
        let message = format!("no column `{}` among `{named}`", role.name());
        let either = self.headings.iter().zip(&self.header.cells).find_map(|(h, cell)| {
            h.either.filter(|(a, b)| [a, b].contains(&&role)).map(|e| (cell, e))
        });
        match either {
            Some((cell, (a, b))) => self.wrong(
                role,
                format!("the column `{cell}` could be {} or {}", a.name(), b.name()),
                format!("call it `{}` or `{}`", a.name(), b.name()),
            ),
            None => {
                let names = role.synonyms().join(", ");
                self.wrong(role, message, format!("name one of the columns {names}"))
            }
        }
    }

    /// The only column of a kind; of several the one with the best name, if no other has it.
    fn one(&self, role: ColumnRole) -> Result<Column<'t>, ActorTableError> {
        let all = self.all(role);
        let Some(best) = all.iter().map(|c| c.heading.rank).min() else {
            return self.missing(role);
        };
        let mut first = all.iter().filter(|c| c.heading.rank == best);
        // Country and party are equally good names of an actor.
        let loose = role == ColumnRole::Actor && best >= 3 && all.len() > 1;
        match (first.next(), first.next()) {
            (Some(one), None) if !loose => Ok(*one),
            _ => {
                let names: Vec<&str> = all.iter().map(|c| c.name).collect();
                let message = format!(
                    "{} columns could be the {}: `{}`",
                    all.len(),
                    role.name(),
                    names.join("`, `")
                );
                self.wrong(role, message, format!("call the one that is meant `{}`", role.name()))
            }
        }
    }

    /// The columns of the only issue, or of every issue below each other.
    fn long(&self) -> Result<Vec<IssueColumns<'t>>, ActorTableError> {
        for role in [ColumnRole::Position, ColumnRole::Salience] {
            let all = self.all(role);
            if all.len() > 1 {
                let names: Vec<&str> = all.iter().map(|c| c.name).collect();
                let message = format!(
                    "there is a column `{}`, and {} columns of {}: `{}`",
                    self.one(ColumnRole::Issue)?.name,
                    all.len(),
                    role.name(),
                    names.join("`, `")
                );
                let hint = "leave out the column of issues, or keep one position and one salience";
                return self.wrong(role, message, hint);
            }
        }
        Ok(vec![IssueColumns {
            title: String::new(),
            capability: self.one(ColumnRole::Capability)?,
            position: self.one(ColumnRole::Position)?,
            salience: self.one(ColumnRole::Salience)?,
            reference: match self.all(ColumnRole::Reference)[..] {
                [] => None,
                _ => Some(self.one(ColumnRole::Reference)?),
            },
        }])
    }

    /// The columns of each issue, paired by what their headings name.
    fn wide(&self) -> Result<Vec<IssueColumns<'t>>, ActorTableError> {
        let positions = self.all(ColumnRole::Position);
        if positions.is_empty() {
            // The first thing that is missing is said first.
            self.partner(ColumnRole::Capability, None)?;
            return self.missing(ColumnRole::Position);
        }
        let several = positions.len() > 1;
        if several {
            for (k, column) in positions.iter().enumerate() {
                let about = &column.heading.about;
                let twin = positions[..k].iter().find(|c| c.heading.about == *about);
                if about.is_empty() || twin.is_some() {
                    let names: Vec<&str> = positions.iter().map(|c| c.name).collect();
                    let message = format!(
                        "{} columns could be the position: `{}`",
                        positions.len(),
                        names.join("`, `")
                    );
                    let hint = "name the issue in each, such as `oil position` and `oil salience`";
                    return self.wrong(ColumnRole::Position, message, hint);
                }
            }
        }
        let mut found = Vec::with_capacity(positions.len());
        for position in &positions {
            let named = &position.heading.title;
            let title = if named.is_empty() { "issue" } else { named };
            let capability = self.partner(ColumnRole::Capability, Some(*position))?;
            let salience = self.partner(ColumnRole::Salience, Some(*position))?;
            let reference = match self.all(ColumnRole::Reference)[..] {
                [] => None,
                [only] if !several => Some(only),
                _ => self.named(ColumnRole::Reference, &position.heading.about)?,
            };
            found.push(IssueColumns {
                title: title.to_owned(),
                capability,
                position: *position,
                salience,
                reference,
            });
        }
        for role in [ColumnRole::Salience, ColumnRole::Reference] {
            let used = |c: &Column<'_>| {
                found
                    .iter()
                    .any(|i| i.salience.at == c.at || i.reference.is_some_and(|r| r.at == c.at))
            };
            if let Some(idle) = self.all(role).iter().find(|c| !used(c)) {
                let message = format!("the column `{}` belongs to no position column", idle.name);
                let hint = "name the issue in both, such as `oil position` and `oil salience`";
                return self.wrong(role, message, hint);
            }
        }
        Ok(found)
    }

    /// The column of a kind that names an issue; `None` if none does.
    fn named(&self, role: ColumnRole, about: &str) -> Result<Option<Column<'t>>, ActorTableError> {
        let mut fitting = self.all(role).into_iter().filter(|c| c.heading.about == about);
        match (fitting.next(), fitting.next()) {
            (Some(a), Some(b)) => {
                let message =
                    format!("`{}` and `{}` could both be the {}", a.name, b.name, role.name());
                self.wrong(role, message, "keep one of them, or name their issues")
            }
            (first, _) => Ok(first),
        }
    }

    /// The column that goes with a position: the one that names its issue, or the only one.
    fn partner(
        &self,
        role: ColumnRole,
        position: Option<Column<'t>>,
    ) -> Result<Column<'t>, ActorTableError> {
        let all = self.all(role);
        let about = position.map_or("", |p| p.heading.about.as_str());
        if let Some(named) = self.named(role, about)? {
            return Ok(named);
        }
        let only = self.all(ColumnRole::Position).len() <= 1;
        match all[..] {
            [] => self.missing(role),
            // What an actor can do holds for every issue; how much it cares does not.
            [one] if one.heading.about.is_empty() && (only || role == ColumnRole::Capability) => {
                Ok(one)
            }
            [one] if about.is_empty() && only => Ok(one),
            [one] if role == ColumnRole::Capability => Ok(one),
            _ => {
                let name = position.map_or("", |p| p.name);
                let names: Vec<&str> = all.iter().map(|c| c.name).collect();
                let message = format!(
                    "no column of {} goes with `{name}` among `{}`",
                    role.name(),
                    names.join("`, `")
                );
                let hint = format!("name the issue in both, such as `{about} {}`", role.name());
                self.wrong(role, message, hint)
            }
        }
    }

    /// Says which columns were read and which not.
    fn said(
        &self,
        issues: &[IssueColumns<'_>],
        side: Option<Column<'_>>,
        reading: &mut TableReading,
    ) {
        for (at, cell) in self.header.cells.iter().enumerate() {
            let about = |holds: &'static str, of: &dyn Fn(&IssueColumns<'_>) -> Option<usize>| {
                let users: Vec<&IssueColumns<'_>> =
                    issues.iter().filter(|i| of(i) == Some(at)).collect();
                let named = users.first().filter(|_| users.len() == 1 && issues.len() > 1);
                let issue = named.map(|i| i.title.clone());
                (!users.is_empty()).then(|| ColumnReading { column: cell.clone(), holds, issue })
            };
            let role = self.headings.get(at).and_then(|h| h.role);
            let who = match role {
                Some(ColumnRole::Actor) => {
                    self.one(ColumnRole::Actor).ok().map(|c| (c.at, "actor"))
                }
                Some(ColumnRole::Issue) => {
                    self.one(ColumnRole::Issue).ok().map(|c| (c.at, "issue"))
                }
                Some(ColumnRole::Side) => side.map(|c| (c.at, "side")),
                _ => None,
            };
            let read = who
                .filter(|w| w.0 == at)
                .map(|(_, holds)| ColumnReading { column: cell.clone(), holds, issue: None })
                .or_else(|| about("capability", &|i| Some(i.capability.at)))
                .or_else(|| about("position", &|i| Some(i.position.at)))
                .or_else(|| about("salience", &|i| Some(i.salience.at)))
                .or_else(|| about("status quo", &|i| i.reference.map(|r| r.at)));
            match read {
                Some(read) => reading.columns.push(read),
                None if cell.is_empty() => {}
                None => reading.unread.push(cell.clone()),
            }
        }
    }
}

/// The rows below the header.
struct Body<'t> {
    rows: &'t [SheetRow],
    delimiter: u8,
    actor: Column<'t>,
    side: Option<Column<'t>>,
    long: Option<Column<'t>>,
}

/// The decimal mark of a table, where any cell proves one.
type Mark = Option<DecimalMark>;

impl<'t> Body<'t> {
    /// The rows that are actors; totals and notes are left out, and said.
    fn members(
        &self,
        issues: &[IssueColumns<'t>],
        reading: &mut TableReading,
    ) -> Result<Vec<&'t SheetRow>, ActorTableError> {
        let mut members: Vec<&SheetRow> = Vec::new();
        for row in self.rows {
            let name = row.cell(self.actor.at);
            let word = name.trim_end_matches([':', '.']).trim().to_lowercase();
            let alone = row.cells.iter().filter(|cell| !cell.is_empty()).count() == 1;
            let first = word.split(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
            let position = row.cell(issues[0].position.at);
            if alone && (NOTES.contains(&first) || word.starts_with('*')) {
                reading.remarks.push(format!("line {} is a note", row.line));
            } else if (TOTALS.contains(&word.as_str()) || MEANS.contains(&word.as_str()))
                && !position.is_empty()
                && !self.sums_up(row, &members, &issues[0], &word)
            {
                let message = format!("`{name}` may be an actor or sum up the rows above");
                let hint = "leave the row out, or give the actor a longer name";
                return self.cell_fault(row, self.actor, ColumnRole::Actor, message, hint);
            } else if TOTALS.contains(&word.as_str()) || MEANS.contains(&word.as_str()) {
                reading.remarks.push(format!("line {}, `{name}`, is no actor", row.line));
            } else {
                members.push(row);
            }
        }
        Ok(members)
    }

    /// Whether a row holds the sum of the capabilities above it, or the mean of the positions.
    fn sums_up(
        &self,
        row: &SheetRow,
        above: &[&SheetRow],
        i: &IssueColumns<'_>,
        word: &str,
    ) -> bool {
        let commas = self.delimiter == b',';
        let cells = above.iter().map(|r| r.cell(i.capability.at));
        let mark = cells.chain([row.cell(i.capability.at)]).find_map(proof);
        let value = |r: &SheetRow, at: usize| number(r.cell(at), mark, commas).ok();
        let of = |at: usize| above.iter().map(|r| value(r, at)).collect::<Option<Vec<f64>>>();
        let near = |a: f64, b: f64| (a - b).abs() <= 0.01 * b.abs().max(1.0);
        let (Some(own), Some(all)) = (value(row, i.capability.at), of(i.capability.at)) else {
            return false;
        };
        let sum: f64 = all.iter().sum();
        let mean = sum / all.len().max(1) as f64;
        near(own, if TOTALS.contains(&word) { sum } else { mean })
    }

    fn cell_fault<T>(
        &self,
        row: &SheetRow,
        column: Column<'_>,
        role: ColumnRole,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Result<T, ActorTableError> {
        Err(ActorTableError {
            line: row.line,
            heading: Some(column.name.to_owned()),
            field: Some(role.name()),
            message: message.into(),
            hint: hint.into(),
        })
    }

    /// That no two names of a column differ in capitals or spaces alone: they are hardly two.
    fn spelled_alike(&self, members: &[&SheetRow]) -> Result<(), ActorTableError> {
        let columns = [
            (Some(self.actor), ColumnRole::Actor),
            (self.side, ColumnRole::Side),
            (self.long, ColumnRole::Issue),
        ];
        for (column, role) in columns.into_iter().filter_map(|(c, role)| Some((c?, role))) {
            let mut seen: BTreeMap<String, &SheetRow> = BTreeMap::new();
            for row in members {
                let cell = row.cell(column.at);
                let key = cell.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
                let first = *seen.entry(key).or_insert(row);
                let other = first.cell(column.at);
                if other != cell {
                    let message = format!(
                        "`{cell}` and `{other}` on line {} differ in capitals or spaces alone",
                        first.line
                    );
                    let hint = "write one name in one way, and two in different words";
                    return self.cell_fault(row, column, role, message, hint);
                }
            }
        }
        Ok(())
    }

    /// The columns of numbers.
    fn numbers(issues: &[IssueColumns<'t>]) -> Vec<(Column<'t>, ColumnRole)> {
        let mut all: Vec<(Column<'t>, ColumnRole)> = Vec::new();
        for i in issues {
            all.push((i.capability, ColumnRole::Capability));
            all.push((i.position, ColumnRole::Position));
            all.push((i.salience, ColumnRole::Salience));
            all.extend(i.reference.map(|r| (r, ColumnRole::Reference)));
        }
        all
    }

    /// The one decimal mark of the numbers, and that no column mixes per cent with plain numbers, nor the
    /// columns of what is weighed over issues: salience and capability.
    fn mark(
        &self,
        members: &[&SheetRow],
        issues: &[IssueColumns<'t>],
    ) -> Result<Mark, ActorTableError> {
        let mut mark: Option<(DecimalMark, &str, usize)> = None;
        let mut weights: BTreeMap<ColumnRole, (bool, usize)> = BTreeMap::new();
        for (column, role) in Self::numbers(issues) {
            let mut signs = weights.get(&role).copied();
            for row in members {
                let cell = row.cell(column.at);
                if cell.is_empty() {
                    continue;
                }
                let sign = cell.ends_with('%');
                match signs {
                    Some((first, line)) if first != sign => {
                        let (with, without) =
                            if sign { (row.line, line) } else { (line, row.line) };
                        let message = format!(
                            "`{cell}` beside a number of another kind: line {with} has a per cent sign, \
                             line {without} none"
                        );
                        let hint = "write all of them in one way";
                        return self.cell_fault(row, column, role, message, hint);
                    }
                    None => signs = Some((sign, row.line)),
                    Some(_) => {}
                }
                match (proof(cell), mark) {
                    (Some(own), Some((first, other, line))) if own != first => {
                        let message = format!(
                            "`{cell}` has a {}, `{other}` on line {line} a {}",
                            own.name(),
                            first.name()
                        );
                        let hint = "write all numbers of the table with one decimal mark";
                        return self.cell_fault(row, column, role, message, hint);
                    }
                    (Some(own), None) => mark = Some((own, cell, row.line)),
                    _ => {}
                }
            }
            if let (Some(signs), ColumnRole::Capability | ColumnRole::Salience) = (signs, role) {
                weights.insert(role, signs);
            }
        }
        Ok(mark.map(|m| m.0))
    }

    /// The number of a cell.
    fn value(
        &self,
        row: &SheetRow,
        column: Column<'_>,
        role: ColumnRole,
        mark: Mark,
    ) -> Result<f64, ActorTableError> {
        let cell = row.cell(column.at);
        let what = match role {
            ColumnRole::Reference => "reference point".to_owned(),
            role => format!("{} of `{}`", role.name(), row.cell(self.actor.at)),
        };
        match number(cell, mark, self.delimiter == b',') {
            Ok(x) if x < 0.0 && [ColumnRole::Capability, ColumnRole::Salience].contains(&role) => {
                let message = format!("{what} is `{cell}`; a number from 0 up is expected");
                self.cell_fault(row, column, role, message, "give it a number from 0 up")
            }
            Ok(x) => Ok(x),
            Err(NumberFault::Ambiguous) => {
                let plain = cell.replace([',', '.'], "");
                let message = format!(
                    "{what} `{cell}` may be {plain} or a number between 0 and 1000, and nothing in the \
                     table says which"
                );
                let hint =
                    format!("write `{plain}`, or a fraction of fewer or more digits than three");
                self.cell_fault(row, column, role, message, hint)
            }
            Err(NumberFault::NoNumber) => {
                let message = match cell {
                    "" => format!("{what} is missing; a number is expected"),
                    _ => format!("{what} `{cell}` is not a number"),
                };
                let hint = "leave out the row, or write a plain number such as 35 or 0.35";
                self.cell_fault(row, column, role, message, hint)
            }
        }
    }

    fn named(&self, row: &SheetRow) -> Result<(), ActorTableError> {
        if !row.cell(self.actor.at).is_empty() {
            return Ok(());
        }
        let message = "the row has no actor; a name is expected";
        let hint = "name the actor, or leave the row out";
        self.cell_fault(row, self.actor, ColumnRole::Actor, message, hint)
    }

    fn actor(
        &self,
        row: &SheetRow,
        of: &IssueColumns<'_>,
        mark: Mark,
    ) -> Result<PositionActor, ActorTableError> {
        Ok(PositionActor {
            name: row.cell(self.actor.at).to_owned(),
            capability: self.value(row, of.capability, ColumnRole::Capability, mark)?,
            position: self.value(row, of.position, ColumnRole::Position, mark)?,
            salience: self.value(row, of.salience, ColumnRole::Salience, mark)?,
        })
    }

    /// The status quo of some rows, written once or alike.
    fn reference(
        &self,
        rows: &[&SheetRow],
        column: Option<Column<'_>>,
        mark: Mark,
    ) -> Result<Option<f64>, ActorTableError> {
        let Some(column) = column else { return Ok(None) };
        let mut reference = None;
        for row in rows.iter().filter(|row| !row.cell(column.at).is_empty()) {
            let own = self.value(row, column, ColumnRole::Reference, mark)?;
            if reference.is_some_and(|old: f64| old != own) {
                let message = format!("reference point `{own}` differs from the one above");
                let hint = "an issue has one reference point: write it once";
                return self.cell_fault(row, column, ColumnRole::Reference, message, hint);
            }
            reference = Some(own);
        }
        Ok(reference)
    }

    /// The side of each actor, the same in all its rows.
    fn sides(&self, members: &[&SheetRow]) -> Result<Vec<(String, String)>, ActorTableError> {
        let Some(column) = self.side else { return Ok(Vec::new()) };
        let mut sides: Vec<(String, String)> = Vec::new();
        for row in members {
            let (name, side) = (row.cell(self.actor.at), row.cell(column.at));
            let before = sides.iter().find(|(actor, _)| actor == name);
            let (message, hint) = match before {
                _ if side.is_empty() => (
                    format!("`{name}` has no side; every actor of the table needs one"),
                    "fill the cell, or leave the row out",
                ),
                Some((_, old)) if old != side => (
                    format!("`{name}` is on the side `{side}` here and on `{old}` above"),
                    "an actor has one side: write the same in all its rows",
                ),
                Some(_) => continue,
                None => {
                    sides.push((name.to_owned(), side.to_owned()));
                    continue;
                }
            };
            return self.cell_fault(row, column, ColumnRole::Side, message, hint);
        }
        Ok(sides)
    }

    fn read_wide(
        &self,
        members: &[&SheetRow],
        issues: &[IssueColumns<'_>],
        ktab: bool,
        mark: Mark,
    ) -> Result<ActorSheet, ActorTableError> {
        for (k, row) in members.iter().enumerate() {
            self.named(row)?;
            let name = row.cell(self.actor.at);
            if let Some(twin) = members[..k].iter().find(|r| r.cell(self.actor.at) == name) {
                let message = format!("`{name}` has a row already, line {}", twin.line);
                let hint = "an actor has one row; for rows by issue add a column `issue`";
                return self.cell_fault(row, self.actor, ColumnRole::Actor, message, hint);
            }
        }
        let ends: &[f64] = if ktab { &[0.0, 100.0] } else { &[] };
        let read = |i: &IssueColumns<'_>| -> Result<ActorTable, ActorTableError> {
            let actors =
                members.iter().map(|row| self.actor(row, i, mark)).collect::<Result<_, _>>()?;
            issue(&i.title, ends, self.reference(members, i.reference, mark)?, actors)
        };
        let issues = issues.iter().map(read).collect::<Result<_, _>>()?;
        let sides = self.sides(members)?;
        Ok(ActorSheet { issues, sides, reading: TableReading::default() })
    }

    fn read_long(
        &self,
        members: &[&SheetRow],
        columns: &IssueColumns<'_>,
        by: Column<'_>,
        mark: Mark,
    ) -> Result<ActorSheet, ActorTableError> {
        let mut groups: Vec<(&str, Vec<&SheetRow>)> = Vec::new();
        for row in members {
            self.named(row)?;
            let (name, issue) = (row.cell(self.actor.at), row.cell(by.at));
            if issue.is_empty() {
                let message = format!("the row of `{name}` names no issue");
                let hint = "name the issue, or leave the row out";
                return self.cell_fault(row, by, ColumnRole::Issue, message, hint);
            }
            match groups.iter_mut().find(|g| g.0 == issue) {
                Some((_, rows)) => {
                    if let Some(twin) = rows.iter().find(|r| r.cell(self.actor.at) == name) {
                        let message =
                            format!("`{name}` has a row on `{issue}` already, line {}", twin.line);
                        let hint = "keep one row for each actor and issue";
                        return self.cell_fault(row, self.actor, ColumnRole::Actor, message, hint);
                    }
                    rows.push(row);
                }
                None => groups.push((issue, vec![row])),
            }
        }
        let read = |(name, rows): &(&str, Vec<&SheetRow>)| {
            let actors =
                rows.iter().map(|row| self.actor(row, columns, mark)).collect::<Result<_, _>>()?;
            issue(name, &[], self.reference(rows, columns.reference, mark)?, actors)
        };
        let issues = groups.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        if issues.is_empty() {
            return wrong(
                0,
                None,
                "the table has no rows below its header",
                "add a row for each actor",
            );
        }
        let sides = self.sides(members)?;
        Ok(ActorSheet { issues, sides, reading: TableReading::default() })
    }
}
