//! Proposed entries: who said what, when, on which issue, with the words for it.
//!
//! A proposal is a guess that a person decides on. It changes nothing.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::TextSpan;
use crate::codebook::{
    self, Codebook, PositionKind, Reading, SideWants, Stance, clauses, numbers, stance,
};
use crate::day::{DayContext, DayExpression, DayRange, NamedDay, Tense, expressions};
use crate::document::KeptDocument;
use crate::effect::{denied, effective, told_by_another};
use crate::event::{Happening, happening};
use crate::sentence::Outline;
use crate::setting::ReadingSetting;
use crate::speaker::{Aliases, Cast, Speaker};
use crate::statement::{Act, Engine, Outermost, ReportedStatement, Speech};
use crate::word::{Word, words};

/// A proposed entry of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Proposal {
    /// When it was said, as the record writes days: `2025-04-18`, `2025-04-12/2025-04-19`, `../2025-04-12`.
    pub said: String,
    /// The actor who said it, by id; `null` where that is not sure or the case does not have it.
    pub speaker: Option<String>,
    /// The side that is meant, or the speaker's, by id.
    pub side: Option<String>,
    /// Who said it, as written; `null` of what the text itself reports.
    pub mention: Option<String>,
    /// The issue, by id; `null` where the words name none.
    pub issue: Option<String>,
    /// `ideal`, `demand`, `red_min`, `red_max`, or `event` for what says no position.
    pub kind: String,
    /// The proposed range, as the record writes it; `null` where the words do not place it.
    pub value: Option<String>,
    /// The proposed grade of the source, a letter A to F and a digit 1 to 6.
    pub grade: String,
    /// How it was said: `interview`, `post`, `speech` …; `null` where the words do not say.
    pub channel: Option<String>,
    /// The words it rests on, as they stand in the document.
    pub quote: String,
    /// Whether all of what is attributed is verbatim, between quotation marks.
    pub verbatim: bool,
    /// BLAKE3 of the document's bytes, with `#` and the number of the item of a feed.
    pub document: String,
    /// The first byte of the words in the document's text.
    pub start: usize,
    /// One past their last byte.
    pub end: usize,
    /// What a person should know who decides: a condition, the words for the day, who reports it.
    pub note: String,
    /// Who published the document; `null` where it does not say.
    pub publisher: Option<String>,
    /// The day it was published, ISO.
    pub published: String,
    /// What it goes back to: one document and its copies, speaker and day.
    pub origin: String,
}

/// Who published a document and when, as a person says it or the document does.
#[derive(Debug, Clone, Copy)]
pub struct Published<'a> {
    /// The day that relative days count from.
    pub day: Date,
    /// The publisher, if it is known.
    pub by: Option<&'a str>,
    /// The hash of the document that this one is a copy of; its own, if none.
    pub origin: Option<&'a str>,
}

/// The entries that a document proposes, in the order of its text.
#[must_use]
pub fn propose(
    document: &KeptDocument,
    setting: &ReadingSetting,
    published: Published<'_>,
) -> Vec<Proposal> {
    // Positions within what somebody says are read from its clauses here, each once.
    propose_with(&Outermost, document, setting, published)
}

/// The same, with statements read by another engine.
#[must_use]
pub fn propose_with(
    engine: &dyn Engine,
    document: &KeptDocument,
    setting: &ReadingSetting,
    published: Published<'_>,
) -> Vec<Proposal> {
    let text = document.text.as_str();
    let outline = Outline::new(text);
    let aliases = Aliases::new(setting, Some(published.day));
    let named = named_days(setting);
    let mut reader = ProposalReader {
        text,
        outline: &outline,
        setting,
        book: Codebook::new(setting),
        cast: Cast::new(text, &outline, &aliases),
        aliases: &aliases,
        published,
        named: &named,
        running: Running::default(),
        document: match document.item {
            0 => document.hash.clone(),
            item => format!("{}#{item}", document.hash),
        },
        origin: published.origin.unwrap_or(&document.hash).chars().take(8).collect(),
        found: Vec::new(),
    };
    let statements = engine.statements(text);
    let turns = turns(&outline);
    let mut next = 0;
    for (number, sentence) in outline.sentences.iter().enumerate() {
        let span = outline.span(sentence);
        let (from, before) = (next, reader.found.len());
        if let Some(turn) = turns.get(number).and_then(Option::as_ref)
            && reader.turn(turn, span, number)
        {
            while next < statements.len() && statements[next].cue.start < span.end {
                next += 1;
            }
            continue;
        }
        while next < statements.len() && statements[next].cue.start < span.end {
            reader.statement(&statements, next, span, number);
            next += 1;
        }
        if reader.found.len() == before {
            reader.report(span, number, &statements[from..next]);
        }
    }
    reader.found
}

/// A sentence of a transcript: who is named before the colon that its turn begins with, and where what
/// it says begins.
struct TurnSentence {
    label: TextSpan,
    from: usize,
}

/// The most words of a name before the colon of a turn.
const LABEL: usize = 4;

/// The sentences of a transcript, by number: paragraphs that begin with a name and a colon, three or
/// more of at least two names, and the paragraphs that go on from one of them.
fn turns(outline: &Outline) -> Vec<Option<TurnSentence>> {
    let label = |range: &std::ops::Range<usize>| {
        let reach = range.start..range.end.min(range.start + LABEL + 1);
        let colon = reach.into_iter().find(|&i| outline.tokens[i].is(":"))?;
        let name = range.start..colon;
        let named = !name.is_empty()
            && name.clone().all(|i| outline.tokens[i].wordy() && !outline.in_quote(i))
            && outline.tokens[name.start].capital
            && !outline.opens(colon + 1);
        named.then_some((name, colon))
    };
    let first =
        |number: usize| number == 0 || outline.paragraph[number] != outline.paragraph[number - 1];
    let heads: Vec<Option<(std::ops::Range<usize>, usize)>> = outline
        .sentences
        .iter()
        .enumerate()
        .map(|(number, range)| first(number).then(|| label(range)).flatten())
        .collect();
    let names: Vec<&str> =
        heads.iter().flatten().map(|(name, _)| &*outline.tokens[name.start].lower).collect();
    let mut distinct = names.clone();
    distinct.sort_unstable();
    distinct.dedup();
    // One name over and over is a list of one's points; each name once is a list of people.
    if names.len() < 4 || distinct.len() < 2 || distinct.len() * 2 > names.len() {
        return Vec::new();
    }
    let mut running: Option<(TextSpan, usize)> = None;
    let mut found = Vec::with_capacity(heads.len());
    for (number, head) in heads.iter().enumerate() {
        let range = &outline.sentences[number];
        running = match (head, running) {
            (Some((name, _)), _) => Some((outline.span(name), outline.paragraph[number])),
            // A turn ends with its paragraph.
            (None, Some((_, paragraph))) if outline.paragraph[number] != paragraph => None,
            (None, running) => running,
        };
        let from = head.as_ref().map_or(range.start, |(_, colon)| colon + 1);
        found.push(
            running
                .filter(|_| from < range.end)
                .map(|(label, _)| TurnSentence { label, from: outline.tokens[from].span.start }),
        );
    }
    found
}

/// The events of a case that have a name and a day.
fn named_days(setting: &ReadingSetting) -> Vec<NamedDay> {
    let named = setting.events.iter().filter_map(|(id, event)| {
        let names = [event.name.clone(), id.replace('-', " ")];
        let day = event.day.parse().ok()?;
        Some(NamedDay { names: names.into_iter().filter(|n| !n.is_empty()).collect(), day })
    });
    named.collect()
}

/// Where the sides stand on an issue: the speaker's, and the mean of the others.
fn side_wants(
    setting: &ReadingSetting,
    book: &Codebook,
    side: Option<&str>,
    issue: usize,
) -> SideWants {
    let Some(side) = side else { return SideWants::default() };
    let id = &book.issues[issue].id;
    let own = setting.sides.get(side).and_then(|s| s.wants.get(id)).copied();
    let others: Vec<f64> = setting
        .sides
        .iter()
        .filter(|(other, _)| *other != side)
        .filter_map(|(_, s)| s.wants.get(id).copied())
        .collect();
    let mean = others.iter().sum::<f64>() / others.len().max(1) as f64;
    SideWants { own, others: (!others.is_empty()).then_some(mean) }
}

/// What carries on from one sentence to the next.
#[derive(Default)]
struct Running {
    day: Option<Date>,
    paragraph: usize,
    speaker: Option<String>,
    issue: Option<usize>,
}

struct ProposalReader<'a> {
    text: &'a str,
    outline: &'a Outline,
    setting: &'a ReadingSetting,
    book: Codebook,
    cast: Cast<'a>,
    aliases: &'a Aliases,
    published: Published<'a>,
    named: &'a [NamedDay],
    running: Running,
    document: String,
    origin: String,
    found: Vec<Proposal>,
}

/// A day with the words that gave it.
struct SaidDay {
    days: DayRange,
    why: Option<DayExpression>,
}

impl ProposalReader<'_> {
    /// Proposes what a statement says.
    fn statement(
        &mut self,
        all: &[ReportedStatement],
        at: usize,
        sentence: TextSpan,
        number: usize,
    ) {
        let statement = &all[at];
        let mut speaker = match statement.source {
            Some(source) => self.cast.speaker(source),
            None => Speaker::default(),
        };
        let inner = all.iter().any(|s| s.within == Some(at));
        // Who reports a statement of somebody else is not its speaker.
        if inner && speaker.actor.is_none() && statement.act == Act::Saying {
            return;
        }
        if inner && told_by_another(all, at) || denied(all, at) || self.asked(statement, sentence) {
            return;
        }
        let Some(act) = effective(statement, self.text) else { return };
        // Who agreed on what, and is nobody of the case, is an event that the text reports.
        let known = speaker.actor.is_some() || speaker.side.is_some();
        if statement.act == Act::Decision && !known {
            return;
        }
        let said = self.said(statement, sentence, number, &speaker);
        self.note_day(&said, statement.cue.of(self.text), number, &speaker);
        let parts: Vec<TextSpan> =
            statement.content.iter().copied().filter(|p| self.is_said(*p)).collect();
        let opens = parts.first().and_then(|p| words(self.text, *p).into_iter().next());
        let asks = opens
            .is_some_and(|w| ["what", "whether", "why", "how", "who"].contains(&w.low.as_str()));
        if parts.is_empty() || (asks && statement.speech != Speech::Direct) {
            return;
        }
        let reporter = statement.within.and_then(|w| all[w].source).map(|s| s.of(self.text));
        let mut notes = Vec::new();
        notes.extend(reporter.map(|r| format!("reported by {}", flat(r))));
        if statement.conditional {
            notes.push("said as a possibility or under a condition".to_owned());
        }
        let mut proposed = 0;
        let pieces = clauses(self.text, &parts);
        let condition = pieces.iter().find(|c| c.role != codebook::ClauseRole::Main);
        notes.extend(condition.map(|c| format!("condition: {}", flat(c.span.of(self.text)))));
        let mut seen: Vec<(usize, PositionKind)> = Vec::new();
        for (k, clause) in pieces.iter().enumerate() {
            let turned = clause.words.first().is_some_and(|w| w.low == "but");
            let act = act.filter(|_| k == 0 || !turned);
            let mut who = speaker.clone();
            let stands = stance(clause, act);
            if stands == Stance::Deny {
                // What is denied is no position, and no event of its own.
                proposed += usize::from(pieces.len() == 1);
                continue;
            }
            let mut about_other = false;
            if act.is_none() && stands != Stance::None {
                about_other = self.whose(clause.span, stands, &mut who, &mut notes);
            }
            let wants =
                |issue: usize| side_wants(self.setting, &self.book, who.side.as_deref(), issue);
            let named = who.actor.is_some() || who.side.is_some();
            let context = self.running.issue.filter(|_| named);
            let reading = codebook::read(&self.book, clause, act, context, wants);
            let Some(issue) = reading.issue else { continue };
            self.running.issue = Some(issue);
            let known = who.actor.is_some() || who.side.is_some() || who.mention.is_some();
            if !reading.stands || !known || reading.kind == PositionKind::Event || about_other {
                continue;
            }
            if seen.contains(&(issue, reading.kind)) {
                continue;
            }
            seen.push((issue, reading.kind));
            if speaker.actor.is_none() && speaker.side.is_none() {
                speaker.side.clone_from(&who.side);
            }
            self.push(statement, &who, &said, &reading, clause.span, &notes);
            proposed += 1;
        }
        let known = speaker.actor.is_some() || speaker.side.is_some();
        if proposed == 0 && known && self.says_something(statement, &parts) {
            let issue = parts.iter().find_map(|p| {
                self.book.about(&words(self.text, *p), None, act.is_some_and(|a| a != Act::Belief))
            });
            let reading = Reading { issue, kind: PositionKind::Event, value: None, stands: false };
            let whole = TextSpan { start: parts[0].start, end: parts[parts.len() - 1].end };
            self.push(statement, &speaker, &said, &reading, whole, &notes);
        }
    }

    /// Whether a statement stands in a question: "Asked whether Oslo would accept it, Lee said no."
    fn asked(&self, statement: &ReportedStatement, sentence: TextSpan) -> bool {
        let end = statement.cue.start.max(sentence.start);
        let before = words(self.text, TextSpan { start: sentence.start, end });
        asks(&before) && !before.iter().any(|w| w.marks.contains(','))
    }

    /// Whose position a clause states: the subject's, if that is not who speaks. True where it is a
    /// claim about somebody of another side.
    fn whose(
        &mut self,
        clause: TextSpan,
        stands: Stance,
        who: &mut Speaker,
        notes: &mut Vec<String>,
    ) -> bool {
        if matches!(stands, Stance::Demand | Stance::Line)
            && (who.actor.is_some() || who.side.is_some())
        {
            return false;
        }
        let Some(subject) = self.cast.clause_subject(clause) else { return false };
        let other = self.cast.of(Some(subject), who.mention);
        if other.actor == who.actor && other.side == who.side {
            return false;
        }
        let known = who.actor.is_some() || who.side.is_some();
        if known && other.side != who.side {
            // "Iran could keep some of it", said in Washington, is what Washington would allow.
            let allows = words(self.text, clause).windows(2).any(|pair| {
                ["could", "can", "may", "might", "should", "be"].contains(&pair[0].low.as_str())
                    && ["keep", "retain", "have", "stay", "allowed", "continue", "run", "hold"]
                        .contains(&pair[1].low.as_str())
            });
            return who.side.is_some() && other.side.is_some() && !allows;
        }
        // A side's own speaker stays the speaker.
        if known && other.actor.is_none() {
            return false;
        }
        if let Some(mention) = who.mention {
            notes.push(format!("as {} says", flat(mention.of(self.text))));
        }
        *who = other;
        false
    }

    /// Whether a statement without a position is worth an entry: more than two words, none of them a day
    /// alone.
    fn says_something(&self, statement: &ReportedStatement, parts: &[TextSpan]) -> bool {
        let count: usize = parts.iter().map(|p| words(self.text, *p).len()).sum();
        count >= 3 || (count >= 1 && matches!(statement.act, Act::Refusal | Act::Threat))
    }

    /// Whether a part of what is attributed is more than a day or the question that was answered.
    fn is_said(&self, part: TextSpan) -> bool {
        !self.is_day(part) && !asks(&words(self.text, part))
    }

    fn is_day(&self, part: TextSpan) -> bool {
        let all = words(self.text, part).len();
        let days = expressions(self.text, part, self.context(None), Tense::Past);
        all > 0 && days.first().is_some_and(|d| words(self.text, d.span).len() + 1 >= all)
    }

    fn context(&self, running: Option<Date>) -> DayContext<'_> {
        DayContext { published: self.published.day, running, named: self.named }
    }

    /// The day of a statement: an expression beside its cue, else what carries on.
    fn said(
        &self,
        statement: &ReportedStatement,
        sentence: TextSpan,
        number: usize,
        speaker: &Speaker,
    ) -> SaidDay {
        let found = expressions(self.text, sentence, self.context(self.running.day), Tense::Past);
        let inside = |e: &DayExpression| statement.content.iter().any(|c| c.overlap(e.span) > 0);
        let quoted = |e: &DayExpression| {
            let range = self.outline.range(e.span);
            range.clone().any(|t| self.outline.in_quote(t))
        };
        let named = |e: &DayExpression| {
            // "Earlier this week the army": what stands first is no part of a name.
            statement.source.is_some_and(|s| s.overlap(e.span) > 0 && e.span.start > s.start)
        };
        let past = |e: &&DayExpression| {
            let began = e.days.first.unwrap_or(e.days.last) <= self.published.day;
            began && !quoted(e) && !named(e) && !is_term(e.span.of(self.text))
        };
        let distance = |e: &&DayExpression| {
            if e.span.start >= statement.cue.end {
                // Behind the cue is nearer than before it.
                (e.span.start - statement.cue.end) * 2
            } else {
                statement.cue.start.saturating_sub(e.span.end) * 3
            }
        };
        let beside = found.iter().filter(past).filter(|e| !inside(e)).min_by_key(distance);
        // At an end of what is attributed an expression often belongs to the cue.
        let at_end = |e: &&DayExpression| {
            let first = words(
                self.text,
                TextSpan { start: statement.cue.end, end: e.span.start.max(statement.cue.end) },
            );
            let last = statement.content.iter().any(|c| {
                c.end >= e.span.end
                    && words(self.text, TextSpan { start: e.span.end, end: c.end }).is_empty()
            });
            e.span.start >= statement.cue.end && (first.len() <= 1 || last)
        };
        let within = found.iter().filter(past).filter(|e| inside(e)).find(at_end);
        let why = beside.or(within).copied();
        if let Some(why) = why {
            let mut days = why.days;
            days.last = days.last.min(self.published.day);
            return SaidDay { days, why: Some(why) };
        }
        let cue = statement.cue.of(self.text).to_lowercase();
        let days = match tense(&cue) {
            CueTense::Present => DayRange::day(self.published.day),
            CueTense::Before => DayRange { first: None, last: self.published.day, about: false },
            CueTense::Past => match self.running.day.filter(|_| self.carries(number, speaker)) {
                Some(day) => DayRange::day(day),
                None => DayRange::day(self.published.day),
            },
        };
        SaidDay { days, why: None }
    }

    /// Whether the day spoken of carries on: within a paragraph, and as long as somebody is spoken of
    /// by a pronoun.
    fn carries(&self, number: usize, speaker: &Speaker) -> bool {
        let here = self.outline.paragraph.get(number).copied().unwrap_or_default();
        let pronoun = speaker.mention.is_some_and(|m| {
            ["he", "she", "they"].contains(&m.of(self.text).to_lowercase().as_str())
        });
        let same = speaker.actor.is_some() && speaker.actor == self.running.speaker;
        same && (here == self.running.paragraph || (pronoun && here == self.running.paragraph + 1))
    }

    fn note_day(&mut self, said: &SaidDay, cue: &str, number: usize, speaker: &Speaker) {
        // What had been said before is no day to go on from.
        if matches!(tense(&cue.to_lowercase()), CueTense::Before) {
            return;
        }
        let here = self.outline.paragraph.get(number).copied().unwrap_or_default();
        if said.why.is_some() || !self.carries(number, speaker) {
            self.running.day = said.why.map(|w| w.days.last.min(self.published.day));
        }
        self.running.paragraph = here;
        self.running.speaker.clone_from(&speaker.actor);
    }

    fn push(
        &mut self,
        statement: &ReportedStatement,
        speaker: &Speaker,
        said: &SaidDay,
        reading: &Reading,
        clause: TextSpan,
        notes: &[String],
    ) {
        let mut notes = notes.to_vec();
        if let Some(why) = said.why {
            notes.push(format!("day: “{}”, from {}", flat(why.span.of(self.text)), why.reference));
        }
        if let (None, Some(side)) = (&speaker.actor, &speaker.side) {
            notes.push(format!("speaks for the side `{side}`"));
        }
        let mention = speaker.mention.map(|m| flat(m.of(self.text)));
        let anonymous = speaker.actor.is_none() && speaker.side.is_none();
        let second = statement.within.is_some() || anonymous;
        let mut tokens = self.outline.range(clause);
        let verbatim = !tokens.is_empty() && tokens.all(|t| self.outline.in_quote(t));
        self.found.push(Proposal {
            said: said.days.edtf(),
            speaker: speaker.actor.clone(),
            side: speaker.side.clone(),
            mention,
            issue: reading.issue.map(|k| self.book.issues[k].id.clone()),
            kind: reading.kind.name().to_owned(),
            value: reading.value.map(codebook::PositionRange::written),
            grade: grade(second, statement.speech != Speech::Indirect).to_owned(),
            channel: self.channel(statement).map(str::to_owned),
            quote: clause.of(self.text).to_owned(),
            verbatim,
            document: self.document.clone(),
            start: clause.start,
            end: clause.end,
            note: notes.join("; "),
            origin: self.origin_of(speaker, said.days),
            publisher: self.published.by.map(str::to_owned),
            published: self.published.day.to_string(),
        });
    }

    /// What an entry goes back to: a document and its copies, who spoke and when.
    fn origin_of(&self, speaker: &Speaker, days: DayRange) -> String {
        let who = speaker.actor.as_deref().or(speaker.side.as_deref()).unwrap_or("report");
        format!("{}-{who}-{}", self.origin, days.last)
    }

    /// How it was said, by the words around the cue.
    fn channel(&self, statement: &ReportedStatement) -> Option<&'static str> {
        const WORDS: [(&str, &str); 22] = [
            ("interview", "interview"),
            ("reporters", "remarks"),
            ("journalists", "remarks"),
            ("news conference", "news conference"),
            ("press conference", "news conference"),
            ("speech", "speech"),
            ("address", "speech"),
            ("parliament", "speech"),
            ("post on", "post"),
            ("posted", "post"),
            ("tweet", "post"),
            ("social media", "post"),
            ("closed meeting", "closed meeting"),
            ("private", "closed meeting"),
            ("letter", "letter"),
            ("telephone", "call"),
            ("phone", "call"),
            ("statement", "statement"),
            ("television", "interview"),
            ("radio", "interview"),
            ("newspaper", "interview"),
            ("daily", "interview"),
        ];
        let token = self.outline.tokens.partition_point(|t| t.span.end <= statement.cue.start);
        let sentence = *self.outline.sentence_of.get(token)?;
        let span = self.outline.span(&self.outline.sentences[sentence]);
        // Not by the words of what was said.
        let mut around = String::new();
        let mut from = span.start;
        let mut parts = statement.content.clone();
        parts.sort();
        for part in parts.iter().filter(|p| p.start < span.end && p.end > span.start) {
            around.push_str(self.text.get(from..part.start.max(from)).unwrap_or_default());
            from = part.end.clamp(from, span.end);
        }
        around.push_str(self.text.get(from..span.end).unwrap_or_default());
        let around = around.to_lowercase();
        WORDS.iter().find(|(word, _)| around.contains(word)).map(|(_, channel)| *channel)
    }

    /// What a sentence without a proposal reports by itself: an event, or where somebody stands.
    fn report(&mut self, sentence: TextSpan, number: usize, statements: &[ReportedStatement]) {
        if sentence.of(self.text).contains("\n\n") {
            return;
        }
        let all = words(self.text, sentence);
        let named = (0..all.len()).any(|k| self.aliases.name_at(&all, k).is_some());
        if statements.iter().any(|s| s.act == Act::Denial || s.negated) {
            return;
        }
        if let Some(said) = reported_behind(self.text, sentence, &all)
            && !statements
                .iter()
                .any(|s| s.content.iter().any(|c| c.start <= said.content[0].start))
        {
            let before = self.found.len();
            self.statement(&[said], 0, sentence, number);
            if self.found.len() > before {
                return;
            }
        }
        if let Some(what) = happening(self.text, sentence, named) {
            self.event(what, sentence, number);
        } else if statements.is_empty() {
            self.stand(sentence, number);
        }
    }

    fn event(&mut self, what: Happening, sentence: TextSpan, number: usize) {
        let here = self.outline.paragraph.get(number).copied().unwrap_or_default();
        let running = self.running.day.filter(|_| here == self.running.paragraph);
        let found = expressions(self.text, sentence, self.context(running), Tense::Past);
        let all = words(self.text, sentence);
        let coming = what == Happening::Deadline
            || all.iter().any(|w| {
                ["will", "would", "expected", "resume", "next", "again", "are", "is"]
                    .contains(&w.low.as_str())
            });
        let past = |e: &&DayExpression| {
            let began = e.days.first.unwrap_or(e.days.last) <= self.published.day;
            began && !is_term(e.span.of(self.text)) && !is_dateline(self.text, sentence, e.span)
        };
        let past = found.iter().find(past);
        let why = past.filter(|_| !coming).copied();
        let days = match (why, coming) {
            (Some(why), _) => DayRange { last: why.days.last.min(self.published.day), ..why.days },
            (None, true) => DayRange::day(self.published.day),
            (None, false) => DayRange::day(running.unwrap_or(self.published.day)),
        };
        if why.is_some() {
            self.running.day = Some(days.last);
            self.running.paragraph = here;
        }
        let mut notes = vec![format!("event: {}", what.name())];
        notes.extend(
            why.map(|w| format!("day: “{}”, from {}", flat(w.span.of(self.text)), w.reference)),
        );
        self.found.push(Proposal {
            said: days.edtf(),
            speaker: None,
            side: None,
            mention: None,
            issue: None,
            kind: PositionKind::Event.name().to_owned(),
            value: None,
            grade: grade(false, false).to_owned(),
            channel: None,
            quote: sentence.of(self.text).to_owned(),
            verbatim: false,
            document: self.document.clone(),
            start: sentence.start,
            end: sentence.end,
            note: notes.join("; "),
            origin: self.origin_of(&Speaker::default(), days),
            publisher: self.published.by.map(str::to_owned),
            published: self.published.day.to_string(),
        });
    }

    /// A sentence in which the reporter says where somebody of the case stands.
    fn stand(&mut self, sentence: TextSpan, number: usize) {
        let first = words(self.text, sentence)
            .into_iter()
            .find(|w| !["but", "and", "yet", "still"].contains(&w.low.as_str()));
        let pronoun = first.filter(|w| ["he", "she"].contains(&w.low.as_str())).map(|w| w.span);
        let speaker = match (self.cast.clause_subject(sentence), pronoun) {
            (Some(subject), _) => self.cast.of(Some(subject), None),
            (None, Some(pronoun)) => self.cast.speaker(pronoun),
            (None, None) => return,
        };
        if speaker.actor.is_none() && speaker.side.is_none() {
            return;
        }
        let statement = without_cue(None, sentence, Speech::Indirect);
        let said = self.said(&statement, sentence, number, &speaker);
        for clause in clauses(self.text, &[sentence]) {
            let wants =
                |issue: usize| side_wants(self.setting, &self.book, speaker.side.as_deref(), issue);
            // "They will go no further than 15", in the paragraph about it.
            let here = self.outline.paragraph.get(number) == Some(&self.running.paragraph);
            let context = self.running.issue.filter(|_| here && !numbers(&clause.words).is_empty());
            let reading = codebook::read(&self.book, &clause, None, context, wants);
            if reading.stands && reading.issue.is_some() && reading.value.is_some() {
                self.running.issue = reading.issue;
                let note = ["in the words of the report".to_owned()];
                self.push(&statement, &speaker, &said, &reading, clause.span, &note);
            }
        }
    }

    /// A sentence of a transcript: positions of whoever has the turn. False where that is nobody of the
    /// case: what is asked is read as any other sentence, and says what the answer is about.
    fn turn(&mut self, turn: &TurnSentence, sentence: TextSpan, number: usize) -> bool {
        let speaker = self.cast.speaker(turn.label);
        let part = TextSpan { start: turn.from, end: sentence.end };
        if speaker.actor.is_none() && speaker.side.is_none() {
            let about = self.book.about(&words(self.text, part), None, false);
            self.running.issue = about.or(self.running.issue);
            return false;
        }
        let statement = without_cue(Some(turn.label), part, Speech::Direct);
        let said = SaidDay { days: DayRange::day(self.published.day), why: None };
        self.running.speaker.clone_from(&speaker.actor);
        self.running.paragraph = self.outline.paragraph.get(number).copied().unwrap_or_default();
        for clause in clauses(self.text, &[part]) {
            let wants =
                |issue: usize| side_wants(self.setting, &self.book, speaker.side.as_deref(), issue);
            let reading = codebook::read(&self.book, &clause, None, self.running.issue, wants);
            if reading.stands && reading.issue.is_some() && reading.kind != PositionKind::Event {
                self.running.issue = reading.issue;
                let note = ["in answer to a question".to_owned()];
                self.push(&statement, &speaker, &said, &reading, clause.span, &note);
            }
        }
        true
    }
}

/// Whether words begin with a question that is told: "Asked whether", "when asked if".
fn asks(words: &[Word]) -> bool {
    let low = |k: usize| words.get(k).map_or("", |w| w.low.as_str());
    let from = usize::from(low(0) == "when");
    low(from) == "asked" && ["whether", "if"].contains(&low(from + 1))
}

/// What is said where no word says that it is.
fn without_cue(source: Option<TextSpan>, content: TextSpan, speech: Speech) -> ReportedStatement {
    ReportedStatement {
        source,
        cue: TextSpan { start: content.start, end: content.start },
        content: vec![content],
        speech,
        act: Act::Saying,
        negated: false,
        conditional: false,
        addressee: None,
        within: None,
    }
}

/// What stands before who said it, at the end of a sentence: "…, its minister, Ann Lee, said on Monday."
fn reported_behind(
    text: &str,
    sentence: TextSpan,
    all: &[crate::word::Word],
) -> Option<ReportedStatement> {
    const SAYING: [&str; 12] = [
        "said",
        "says",
        "indicated",
        "hinted",
        "announced",
        "explained",
        "added",
        "argued",
        "stated",
        "declared",
        "signalled",
        "signaled",
    ];
    let verb = all.iter().rposition(|w| SAYING.contains(&w.low.as_str()) && !w.capital)?;
    if verb < 3 || all.len() - verb > 8 {
        return None;
    }
    let comma_before = |end: usize| all[..end].iter().rposition(|w| w.marks.contains(','));
    let mut start = match all[verb - 1].marks.contains(',') {
        // "Its minister, Ann Lee, said": from the comma before the title.
        true => comma_before(comma_before(verb - 1)?)? + 1,
        false => comma_before(verb)? + 1,
    };
    while all.get(start).is_some_and(|w| w.low == "and") {
        start += 1;
    }
    if start >= verb || verb - start > 9 || start < 2 {
        return None;
    }
    let content = TextSpan { start: sentence.start, end: all[start - 1].span.end };
    let quoted = content.of(text).contains(['"', '“']);
    Some(ReportedStatement {
        source: Some(TextSpan { start: all[start].span.start, end: all[verb - 1].span.end }),
        cue: all[verb].span,
        content: vec![content],
        speech: if quoted { Speech::Mixed } else { Speech::Indirect },
        act: Act::Saying,
        negated: false,
        conditional: false,
        addressee: None,
        within: None,
    })
}

/// Whether an expression says until or from when something is to be, not when it was said.
fn is_term(words: &str) -> bool {
    let low = words.to_lowercase();
    let first = low.split_whitespace().next().unwrap_or_default();
    ["by", "until", "before", "from", "since", "within"].contains(&first)
}

/// Whether an expression stands in the dateline of a sentence: before its first dash.
fn is_dateline(text: &str, sentence: TextSpan, expression: TextSpan) -> bool {
    let head: String = sentence.of(text).chars().take(80).collect();
    let dash = ["—", " – ", " -- ", " - "].iter().filter_map(|d| head.find(d)).min();
    dash.is_some_and(|dash| expression.start < sentence.start + dash)
}

enum CueTense {
    Present,
    Past,
    /// Before the past that is spoken of.
    Before,
}

/// The tense of a cue in lower case.
fn tense(cue: &str) -> CueTense {
    let first = cue.split_whitespace().next().unwrap_or_default();
    if first == "had" {
        return CueTense::Before;
    }
    let present = ["has", "have", "is", "are", "will", "does", "do", "also", "cannot", "remains"]
        .contains(&first)
        || cue.split_whitespace().last().is_some_and(|w| w.ends_with('s') && !w.ends_with("ss"))
        || ["want", "demand", "insist", "refuse", "say"].contains(&cue);
    if present && cue != "was" { CueTense::Present } else { CueTense::Past }
}

/// The grade proposed: the press is taken for fairly reliable, verbatim words for probably true, other
/// words for possibly true; at second hand or from nobody with a name the source is not usually
/// reliable. Judgement, for a person to correct.
fn grade(second_hand: bool, quoted: bool) -> &'static str {
    match (second_hand, quoted) {
        (false, true) => "C2",
        (false, false) => "C3",
        (true, _) => "D3",
    }
}

/// Words on one line.
fn flat(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}
