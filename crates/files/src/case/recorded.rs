//! What a case takes from its record: positions and red lines that are `"record"`.

use std::collections::BTreeSet;

use winset_model::belief::readings::{FitCache, RecordedLine, evidence, red_lines};
use winset_model::case::{Actor, Day, InputId, Issue, Partial, Parties, Side};
use winset_model::record::EntryKind;
use winset_model::uncertain::Dist;

use super::read::{CaseReader, KeyTable, Scope};
use super::tree::WrittenAt;

impl CaseReader<'_> {
    /// Puts what the record says into the inputs of the positions and red lines that come from it, and
    /// the incoherence of their messages on the sides; the last day on which something was said that
    /// moves them. `read` are the inputs that were read.
    pub(super) fn read_record(
        &mut self,
        issues: &[Issue],
        sides: &mut [Side],
        actors: &[Actor],
        horizon: i32,
        (cache, read): (&mut FitCache, &mut BTreeSet<InputId>),
    ) -> Option<Option<Day>> {
        let Some(record) = self.record else { return Some(None) };
        let hidden = &self.beside.hidden.entries;
        let mut moved = None;
        let seen: Vec<_> =
            record.numbered(self.as_of).filter(|(_, e)| !hidden.contains(&e.id)).collect();
        let parties = Parties { issues, sides, actors, inputs: &self.inputs };
        let found = evidence(&parties, &seen, self.as_of, horizon, cache).and_then(|found| {
            let lines = red_lines(&parties, &self.lines, &seen, self.as_of, horizon, cache)?;
            Ok((found, lines))
        });
        let (found, lines) = match found {
            Ok(found) => found,
            Err(why) => {
                let hint = "check the dates and grades of its entries".to_owned();
                let message = format!("no belief can be formed from the record: {why}");
                self.findings.error("belief", self.file(), None, message, hint);
                return None;
            }
        };
        for position in found.positions.into_iter().chain(lines) {
            let input = &mut self.inputs[position.input.0];
            let said = position.readings.iter().map(|k| record.entries[*k].said.latest);
            moved = moved.max(said.max());
            let ids = position.readings.iter().map(|k| record.entries[*k].id.clone());
            input.rests_on.extend(ids);
            read.insert(position.input);
            input.dist = position.today;
            input.later = Some(position.later);
        }
        for (side, spread) in sides.iter_mut().zip(found.incoherence) {
            side.incoherence = spread;
        }
        Some(moved)
    }

    /// The red lines of the member at a place of the file. One that is `"record"` is not there before an
    /// entry of its kind is seen, and until that is read it lies anywhere on the scale.
    pub(super) fn lines(
        &mut self,
        t: &mut KeyTable<'_>,
        (key, kind): (&'static str, EntryKind),
        place: usize,
        at: &WrittenAt,
        scope: &Scope,
    ) -> Partial {
        let path = t.path_of(key);
        let places: Vec<WrittenAt> =
            scope.issues.iter().map(|i| t.place(&[key, &i.0], at)).collect();
        let drawn = |reader: &mut Self, j: usize| {
            let (issue, (lo, hi)) = &scope.issues[j];
            let Some(record) = reader.record else {
                let message = format!("`{path}.{issue}` is \"record\", but there is no record");
                let hint = "put a record.csv beside the case, or write a range".to_owned();
                reader.error("record", &places[j], message, Some(hint));
                return None;
            };
            let own = |e: &winset_model::record::RecordEntry| {
                e.speaker == Some(place) && e.issue == Some(j) && e.kind == kind
            };
            if !record.entries.iter().any(own) {
                let message = format!(
                    "`{path}.{issue}` is \"record\", and no entry of the record is of the kind `{key}` \
                     there: there is no red line"
                );
                let hint =
                    format!("an entry of its speaker on `{issue}` of the kind `{key}` draws it");
                reader.warning("no-red-line", &places[j], message, Some(hint));
            }
            let hidden = &reader.beside.hidden.entries;
            let seen = record.as_of(reader.as_of).any(|e| own(e) && !hidden.contains(&e.id));
            seen.then_some(Dist::Uniform(*lo, *hi))
        };
        let written = t.get(key);
        let recorded: Vec<usize> = (0..scope.issues.len())
            .filter(|j| written.is_some_and(|n| n.says(&scope.issues[*j].0, "record")))
            .collect();
        let lines = self.lines_by_issue(t, key, scope, &drawn);
        for j in recorded {
            self.lines.extend(lines[j].map(|input| RecordedLine {
                actor: place,
                issue: j,
                kind,
                input,
            }));
        }
        lines
    }
}
