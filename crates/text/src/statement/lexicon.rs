//! English words that attribute, and what may follow them.
//!
//! Written from general knowledge of English, not taken from any corpus. A line groups verbs that
//! take the same complements:
//!
//! | letter | what may follow |
//! |---|---|
//! | `t` | a clause, with or without *that* |
//! | `w` | *whether*, *how*, *why* and the like |
//! | `q` | words between quotation marks |
//! | `p` | nothing: the statement stands around, as in "…, she said" |
//! | `n` | a noun phrase |
//! | `i` | *to* and an infinitive |
//! | `o` | somebody, *to* and an infinitive |
//!
//! Words after a colon are prepositions or particles that make a cue of the verb.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::Act;

/// What may follow a verb for it to attribute.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Verb {
    /// The form one looks up in a dictionary.
    pub(crate) lemma: &'static str,
    /// Letters of the module's table.
    pub(crate) frames: &'static str,
    /// Prepositions and particles.
    pub(crate) particles: &'static str,
    /// What is done by saying it.
    pub(crate) act: Act,
}

impl Verb {
    /// Whether a complement may follow.
    pub(crate) fn takes(&self, frame: char) -> bool {
        self.frames.contains(frame)
    }

    /// Whether a preposition or particle makes a cue of the verb.
    pub(crate) fn with(&self, particle: &str) -> bool {
        self.particles.split(' ').any(|p| p == particle)
    }
}

/// How a form of a verb is inflected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Inflection {
    /// "say"
    Base,
    /// "says"
    Third,
    /// "said": past tense or past participle.
    Past,
    /// "saying"
    Ing,
}

/// Verbs: act, frames and particles, lemmas.
const VERBS: &[(Act, &str, &str)] = &[
    (Act::Saying, "twqp: of about", "say"),
    (Act::Saying, "twqpo: of about", "tell"),
    (Act::Saying, "tqp: up in", "add chime"),
    (
        Act::Saying,
        "twqp",
        "explain note observe remark recall mention reiterate repeat reply respond recount",
    ),
    (
        Act::Saying,
        "tqpn",
        "claim assert allege argue contend maintain state declare affirm stress emphasize emphasise underscore confirm announce acknowledge admit concede confess",
    ),
    (
        Act::Saying,
        "tqp",
        "quip joke tweet blog boast brag gush exclaim opine recollect muse marvel interject intone deadpan reason posit",
    ),
    (Act::Saying, "twqpn", "write report predict suggest reveal disclose"),
    (
        Act::Saying,
        "tn",
        "imply insinuate signal indicate demonstrate testify attest certify proclaim speculate estimate forecast calculate theorize postulate hypothesize",
    ),
    (Act::Saying, "tqp: that", "caution"),
    (Act::Saying, "tqp: at", "hint"),
    (Act::Saying, "tqpno: of against about", "warn"),
    (
        Act::Saying,
        "qp: at back",
        "shout yell cry scream whisper mutter murmur growl snap shoot laugh sigh chant sing",
    ),
    (Act::Saying, "qp", "read continue answer begin finish post text"),
    (
        Act::Saying,
        "qp",
        "plead pray vent fume scoff sneer sniff grumble gripe thunder bellow roar moan groan rage",
    ),
    (Act::Saying, "wqpno: for about if whether", "ask"),
    (Act::Saying, "wqp: about whether if", "wonder inquire ponder"),
    (Act::Saying, "nw", "question query challenge dispute doubt second-guess"),
    (
        Act::Saying,
        "n",
        "describe characterize characterise portray depict cite quote invoke reference discuss debate outline detail recite retell summarize summarise rehash address enumerate",
    ),
    (
        Act::Saying,
        "n",
        "criticize criticise denounce condemn blast slam attack assail decry deride disparage lambaste castigate rebuke ridicule mock belittle bash chide scold excoriate berate admonish lament bemoan deplore deprecate denigrate vilify fault blame accuse insult malign smear skewer disavow",
    ),
    (
        Act::Saying,
        "n",
        "praise applaud laud commend hail compliment extol celebrate congratulate thank tout trumpet salute welcome credit",
    ),
    (Act::Saying, "n", "call label dub brand deem term liken compare equate"),
    (Act::Saying, "tn", "complain protest"),
    (Act::Saying, ": about of", "complain protest"),
    (Act::Saying, ": about of to on with against", "speak talk"),
    (Act::Saying, ": for against about on in", "argue testify lecture"),
    (Act::Saying, ": to", "refer allude point admit confess attest testify object"),
    (Act::Saying, ": out", "point lay spell"),
    (Act::Saying, ": on", "comment elaborate expound remark reflect speculate weigh opine"),
    (Act::Saying, ": about", "joke tweet brag boast rant lie muse gush write blog"),
    (Act::Saying, ": at against", "rail lash"),
    (Act::Saying, ": with", "disagree agree concur sympathize"),
    (Act::Saying, ": as", "describe characterize portray"),
    (Act::Saying, "n", "express voice convey echo articulate communicate issue"),
    (Act::Saying, "tqpn", "counter retort rejoin"),
    (Act::Saying, "tn", "remind assure reassure inform notify advise brief"),
    (Act::Saying, "tn", "apologize"),
    (Act::Saying, ": for", "apologize"),
    (Act::Saying, "n", "defend justify rationalize clarify"),
    (Act::Saying, "n", "endorse support back champion"),
    (Act::Saying, "n", "oppose"),
    (Act::Saying, "nt", "mean"),
    (Act::Saying, "tp", "conclude agree"),
    (Act::Saying, "tnp", "show find"),
    (
        Act::Belief,
        "twp",
        "think believe feel suspect figure reckon guess presume assume imagine realize realise",
    ),
    (Act::Belief, "tni", "expect anticipate hope"),
    (Act::Belief, ": for", "hope"),
    (Act::Belief, "tn", "fear worry regret foresee"),
    (Act::Belief, ": about over that", "worry fret agonize"),
    (Act::Belief, "twn", "know understand recognize recognise remember forget learn discover"),
    (Act::Belief, "n", "consider view regard see perceive"),
    (Act::Belief, ": of about", "think dream"),
    (Act::Belief, ": in", "believe"),
    (Act::Belief, "n", "admire respect hate love dislike loathe despise detest appreciate mourn"),
    (Act::Belief, ": on", "count bank"),
    (Act::Want, "ino", "want wish prefer desire"),
    (Act::Want, ": for", "wish long yearn"),
    (Act::Want, "in", "seek"),
    (Act::Want, "i", "aim intend plan hope"),
    (Act::Want, "n", "favor favour"),
    (Act::Demand, "tnoi", "demand"),
    (
        Act::Demand,
        "no",
        "urge implore beseech exhort beg encourage pressure press order instruct command direct",
    ),
    (Act::Demand, "tn", "request propose recommend advocate"),
    (Act::Demand, "t: that on", "insist"),
    (Act::Demand, ": for on", "call push press plead appeal lobby campaign"),
    (Act::Refusal, "in", "refuse decline"),
    (
        Act::Refusal,
        "n",
        "reject dismiss rebuff spurn veto discount downplay repudiate renounce disown",
    ),
    (Act::Refusal, ": out", "rule"),
    (Act::Refusal, ": down back", "turn push"),
    (Act::Threat, "ino: with", "threaten"),
    (Act::Decision, "tiqn", "vow pledge promise swear"),
    (Act::Decision, "ti", "decide resolve"),
    (Act::Decision, "ti: to on", "agree"),
    (Act::Decision, "tin", "offer propose"),
    (Act::Decision, "i", "volunteer"),
    (Act::Decision, "n", "accept approve authorize authorise reaffirm"),
    (Act::Decision, ": to", "commit"),
    (Act::Denial, "tnqp", "deny"),
    (Act::Denial, "n", "refute rebut contradict debunk"),
    // Beside a quotation alone.
    (
        Act::Saying,
        "q",
        "beam bark boom mouth cheer enthuse crow riff echo surmise charge react object counsel interrupt elaborate conclude agree complain protest lament mock chide scold comment reflect testify apologize lecture repeat reassure assure remind praise blast thank declaim holler shriek hiss squeal sob coo wail hoot drawl rasp rap taunt tease heckle put go jeer retaliate",
    ),
    (Act::Demand, "q", "urge demand insist implore beg press recommend order command"),
    (Act::Decision, "q", "vow pledge promise swear"),
];

/// Forms that follow no rule: lemma, past forms.
const IRREGULAR: &[(&str, &str)] = &[
    ("say", "said"),
    ("tell", "told"),
    ("write", "wrote written"),
    ("speak", "spoke spoken"),
    ("think", "thought"),
    ("feel", "felt"),
    ("know", "knew known"),
    ("understand", "understood"),
    ("forget", "forgot forgotten"),
    ("foresee", "foresaw foreseen"),
    ("see", "saw seen"),
    ("find", "found"),
    ("read", "read"),
    ("lay", "laid"),
    ("shoot", "shot"),
    ("begin", "began begun"),
    ("swear", "swore sworn"),
    ("seek", "sought"),
    ("beseech", "besought"),
    ("sing", "sang sung"),
    ("put", "put"),
    ("go", "went gone"),
    ("mean", "meant"),
    ("show", "showed shown"),
    ("learn", "learned learnt"),
    ("spell", "spelled spelt"),
    ("dream", "dreamed dreamt"),
    ("forecast", "forecast forecasted"),
];

/// Nouns that attribute where one of these words follows.
pub(crate) const NOUNS: &[(&str, &str, Act)] = &[
    ("statement", "that", Act::Saying),
    ("claim", "that", Act::Saying),
    ("claims", "that", Act::Saying),
    ("argument", "that", Act::Saying),
    ("assertion", "that", Act::Saying),
    ("assertions", "that", Act::Saying),
    ("remark", "that", Act::Saying),
    ("comment", "that", Act::Saying),
    ("chant", "of", Act::Saying),
    ("chants", "of", Act::Saying),
    ("shouts", "of", Act::Saying),
    ("cries", "of", Act::Saying),
    ("allegation", "that", Act::Saying),
    ("allegations", "that", Act::Saying),
    ("accusation", "that", Act::Saying),
    ("accusations", "that", Act::Saying),
    ("suggestion", "that", Act::Saying),
    ("suggestions", "that", Act::Saying),
    ("announcement", "that", Act::Saying),
    ("warning", "that", Act::Saying),
    ("warnings", "that", Act::Saying),
    ("acknowledgment", "that", Act::Saying),
    ("contention", "that", Act::Saying),
    ("insistence", "that on", Act::Demand),
    ("notion", "that", Act::Belief),
    ("belief", "that in", Act::Belief),
    ("fear", "that of", Act::Belief),
    ("fears", "that of", Act::Belief),
    ("hope", "that", Act::Belief),
    ("hopes", "that", Act::Belief),
    ("concern", "that about over", Act::Belief),
    ("concerns", "that about over", Act::Belief),
    ("view", "that", Act::Belief),
    ("views", "on about", Act::Belief),
    ("conviction", "that", Act::Belief),
    ("demand", "that for", Act::Demand),
    ("demands", "that for", Act::Demand),
    ("vow", "that to", Act::Decision),
    ("pledge", "that to", Act::Decision),
    ("promise", "that to", Act::Decision),
    ("promises", "that to", Act::Decision),
    ("decision", "that", Act::Decision),
    ("threat", "that to", Act::Threat),
    ("threats", "that to", Act::Threat),
    ("denial", "that of", Act::Denial),
    ("denials", "that of", Act::Denial),
    ("refusal", "to", Act::Refusal),
    ("readiness", "to", Act::Openness),
    ("willingness", "to", Act::Openness),
    ("unwillingness", "to", Act::Refusal),
    ("desire", "to for", Act::Want),
    ("proposal", "that to for", Act::Decision),
    ("call", "for", Act::Demand),
    ("calls", "for to", Act::Demand),
    ("criticism", "of", Act::Saying),
    ("criticisms", "of", Act::Saying),
    ("critique", "of", Act::Saying),
    ("condemnation", "of", Act::Saying),
    ("praise", "for of", Act::Saying),
    ("endorsement", "of", Act::Saying),
    ("description", "of", Act::Saying),
    ("support", "for", Act::Saying),
    ("opposition", "to", Act::Refusal),
    ("rejection", "of", Act::Refusal),
    ("skepticism", "of about", Act::Belief),
    ("remarks", "about on", Act::Saying),
    ("comments", "about on", Act::Saying),
    ("questions", "about", Act::Saying),
    ("doubts", "about", Act::Belief),
    ("attacks", "on", Act::Saying),
    ("accounts", "of", Act::Saying),
    ("perception", "that", Act::Belief),
];

/// Verbs whose base form is as often a noun.
const NOUNISH: &[&str] = &[
    "claim",
    "report",
    "call",
    "demand",
    "state",
    "back",
    "support",
    "view",
    "fear",
    "hope",
    "plan",
    "attack",
    "credit",
    "order",
    "question",
    "challenge",
    "request",
    "wish",
    "desire",
    "offer",
    "vow",
    "promise",
    "pledge",
    "push",
    "press",
    "appeal",
    "comment",
    "remark",
    "quote",
    "fault",
    "blame",
    "praise",
    "welcome",
    "joke",
    "tweet",
    "blog",
    "laugh",
    "sigh",
    "shout",
    "cry",
    "scream",
    "whisper",
    "estimate",
    "forecast",
    "doubt",
    "dispute",
    "protest",
    "respect",
    "love",
    "hate",
    "regret",
    "signal",
    "issue",
    "voice",
    "address",
    "debate",
    "reference",
    "brief",
    "label",
    "brand",
    "term",
    "mock",
    "boast",
    "lie",
    "show",
    "find",
    "answer",
    "favor",
    "favour",
    "command",
    "pressure",
    "champion",
    "threat",
    "reply",
    "response",
    "snap",
    "shoot",
    "chant",
    "query",
    "advance",
    "caution",
    "counter",
    "worry",
    "guess",
    "figure",
    "talk",
    "aim",
    "rule",
    "lobby",
    "campaign",
    "bar",
    "volunteer",
    "discount",
    "veto",
    "outline",
    "detail",
    "slam",
    "answer",
    "text",
    "post",
    "rage",
];

/// Whether a verb's base form, written in lower case, is as often a noun.
pub(crate) fn noun(word: &str) -> bool {
    NOUNISH.contains(&word)
}

/// Adjectives that attribute after a form of *be*, *feel*, *remain* and the like.
pub(crate) const ADJECTIVES: &[(&str, Act)] = &[
    ("confident", Act::Belief),
    ("sure", Act::Belief),
    ("certain", Act::Belief),
    ("convinced", Act::Belief),
    ("hopeful", Act::Belief),
    ("optimistic", Act::Belief),
    ("pessimistic", Act::Belief),
    ("worried", Act::Belief),
    ("concerned", Act::Belief),
    ("afraid", Act::Belief),
    ("skeptical", Act::Belief),
    ("sceptical", Act::Belief),
    ("proud", Act::Belief),
    ("glad", Act::Belief),
    ("happy", Act::Belief),
    ("pleased", Act::Belief),
    ("surprised", Act::Belief),
    ("disappointed", Act::Belief),
    ("angry", Act::Belief),
    ("aware", Act::Belief),
    ("grateful", Act::Belief),
    ("sorry", Act::Belief),
    ("adamant", Act::Demand),
    ("clear", Act::Saying),
    ("unclear", Act::Saying),
    ("critical", Act::Saying),
    ("supportive", Act::Saying),
    ("opposed", Act::Refusal),
    ("open", Act::Openness),
    ("ready", Act::Openness),
    ("willing", Act::Openness),
    ("prepared", Act::Openness),
    ("eager", Act::Want),
    ("keen", Act::Want),
    ("anxious", Act::Want),
    ("determined", Act::Decision),
    ("reluctant", Act::Refusal),
    ("unwilling", Act::Refusal),
    ("committed", Act::Decision),
    ("interested", Act::Want),
];

/// A form's verbs: several lines of the table may name one lemma.
type Forms = BTreeMap<String, (Vec<Verb>, Inflection)>;

static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    let mut forms = Forms::new();
    for &(act, complements, lemmas) in VERBS {
        let (frames, particles) = complements.split_once(':').unwrap_or((complements, ""));
        for lemma in lemmas.split_whitespace() {
            let verb = Verb { lemma, frames, particles, act };
            for (form, inflection) in inflected(lemma) {
                forms.entry(form).or_insert_with(|| (Vec::new(), inflection)).0.push(verb);
            }
        }
    }
    forms
});

/// The verbs a word can be a form of, and which form.
pub(crate) fn verbs(word: &str) -> Option<(&'static [Verb], Inflection)> {
    FORMS.get(word).map(|(verbs, inflection)| (&**verbs, *inflection))
}

/// The forms of a verb.
fn inflected(lemma: &str) -> Vec<(String, Inflection)> {
    let stem = lemma.strip_suffix('e').unwrap_or(lemma);
    let double = doubles(lemma).then(|| lemma.chars().last()).flatten();
    let stem = double.map_or_else(|| stem.to_owned(), |c| format!("{lemma}{c}"));
    let mut forms = vec![
        (lemma.to_owned(), Inflection::Base),
        (third(lemma), Inflection::Third),
        (ing(lemma, &stem), Inflection::Ing),
    ];
    match IRREGULAR.iter().find(|(l, _)| *l == lemma) {
        Some((_, past)) => {
            // "The sign read": a form that is both is mostly the past one, where it is no noun.
            forms.retain(|(form, _)| noun(lemma) || !past.split(' ').any(|p| p == form));
            forms.extend(past.split(' ').map(|p| (p.to_owned(), Inflection::Past)));
        }
        None => forms.push((past(lemma, &stem), Inflection::Past)),
    }
    forms
}

/// "says", "pushes", "replies".
fn third(lemma: &str) -> String {
    match lemma.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ if ["s", "sh", "ch", "x", "z", "go"].iter().any(|e| lemma.ends_with(e)) => {
            format!("{lemma}es")
        }
        _ => format!("{lemma}s"),
    }
}

/// "argued", "replied", "quipped".
fn past(lemma: &str, stem: &str) -> String {
    match lemma.strip_suffix('y') {
        Some(short) if !short.ends_with(['a', 'e', 'o', 'u']) => format!("{short}ied"),
        _ => format!("{stem}ed"),
    }
}

/// "arguing", "lying", "seeing".
fn ing(lemma: &str, stem: &str) -> String {
    match lemma.strip_suffix("ie") {
        Some(short) => format!("{short}ying"),
        None if lemma.ends_with("ee") => format!("{lemma}ing"),
        None => format!("{stem}ing"),
    }
}

/// Whether the last consonant is doubled: "quip", "beg", "admit", "rebut".
fn doubles(lemma: &str) -> bool {
    const STRESSED: &[&str] = &[
        "admit", "rebut", "commit", "brag", "quip", "beg", "plan", "slam", "snap", "concur", "chat",
    ];
    STRESSED.contains(&lemma)
}
