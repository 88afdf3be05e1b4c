//! Pages of the web: the article without the page around it.
//!
//! The page is read as a flow of tags, not as a tree, so that depth and disorder cost nothing. A
//! block of text is kept where it stands in an article, or reads like prose; menus, comments,
//! teasers and footers are left out by the names that pages give them and by their share of links.

use std::cell::RefCell;

use html5ever::interface::TokenizerResult;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use super::{KeptDocument, any_day, one_line};

/// Elements whose content is no prose.
const SKIPPED: [&str; 20] = [
    "script", "style", "noscript", "template", "svg", "nav", "aside", "footer", "form", "button",
    "select", "textarea", "iframe", "object", "figure", "dialog", "math", "canvas", "menu",
    "audio",
];

/// Words in a class or an id of what stands around an article.
const AROUND: [&str; 25] = [
    "comment",
    "comments",
    "related",
    "newsletter",
    "cookie",
    "cookies",
    "consent",
    "sidebar",
    "promo",
    "advert",
    "advertisement",
    "ads",
    "share",
    "sharing",
    "social",
    "breadcrumb",
    "breadcrumbs",
    "menu",
    "navbar",
    "footer",
    "teaser",
    "teasers",
    "subscribe",
    "recommended",
    "trending",
];

/// Elements that stand within a line.
const INLINE: [&str; 30] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "time", "tt", "u",
    "var", "wbr", "img",
];

const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// So many open elements are kept in mind.
const DEPTH: usize = 2048;

/// So far up is an element looked for that an end tag closes.
const BACK: usize = 64;

/// The article of a page.
pub(super) fn read(page: &str) -> KeptDocument {
    let page = flow(page);
    let text = page.article();
    let json = page.linked.iter().find_map(|text| serde_json::from_str(text).ok());
    let json: serde_json::Value = json.unwrap_or_default();
    let stated = |keys: &[&str]| keys.iter().find_map(|key| member(&json, key, 0));
    KeptDocument {
        title: page.meta("og:title").or_else(|| page.heading()).or(page.title.clone()),
        publisher: page
            .meta("og:site_name")
            .or_else(|| member(&json, "publisher", 0))
            .or_else(|| page.meta("application-name"))
            .or_else(|| page.title.as_deref().and_then(after_bar)),
        published: ["article:published_time", "date", "dc.date", "datepublished", "pubdate"]
            .iter()
            .find_map(|key| any_day(&page.meta(key)?))
            .or_else(|| any_day(&stated(&["datePublished", "dateCreated"])?))
            .or_else(|| page.time.as_deref().and_then(any_day)),
        link: page.canonical.clone().or_else(|| page.meta("og:url")),
        text,
        ..KeptDocument::default()
    }
}

/// The words of a piece of a page, such as a feed's summary.
pub(super) fn fragment(piece: &str) -> String {
    flow(piece).all()
}

/// A member of JSON-LD by its name, wherever it stands; of an object its `name`.
fn member(value: &serde_json::Value, key: &str, depth: usize) -> Option<String> {
    use serde_json::Value::{Array, Object, String as Text};
    if depth > 6 {
        return None;
    }
    match value {
        Object(map) => match map.get(key) {
            Some(Text(text)) => Some(text.clone()),
            Some(Object(inner)) => inner.get("name").and_then(|n| n.as_str()).map(str::to_owned),
            _ => map.values().find_map(|v| member(v, key, depth + 1)),
        },
        Array(values) => values.iter().find_map(|v| member(v, key, depth + 1)),
        _ => None,
    }
}

/// What stands behind the last bar of a title: `Talks fail | The Courier`.
fn after_bar(title: &str) -> Option<String> {
    let name = title.rsplit_once(" | ").or_else(|| title.rsplit_once(" – "))?.1.trim();
    (name.len() <= 40).then(|| name.to_owned())
}

fn flow(page: &str) -> PageFlow {
    let sink = Sink(RefCell::new(PageFlow::default()));
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(page));
    while let TokenizerResult::Script(()) = tokenizer.feed(&queue) {}
    tokenizer.end();
    let mut flow = tokenizer.sink.0.into_inner();
    flow.close();
    flow
}

struct Sink(RefCell<PageFlow>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut flow = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) => return flow.tag(&tag),
            Token::CharacterTokens(text) => flow.words(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// A run of text between two tags that break lines.
#[derive(Debug, Default)]
struct TextBlock {
    text: String,
    /// Bytes of it that are links.
    linked: usize,
    /// The element that it stands in.
    element: String,
    in_article: bool,
    skipped: bool,
}

#[derive(Debug)]
struct OpenElement {
    name: String,
    skips: bool,
    article: bool,
}

/// A page as it is read, tag by tag.
#[derive(Debug, Default)]
struct PageFlow {
    blocks: Vec<TextBlock>,
    block: TextBlock,
    open: Vec<OpenElement>,
    skipping: usize,
    articles: usize,
    links: usize,
    title: Option<String>,
    metas: Vec<(String, String)>,
    canonical: Option<String>,
    time: Option<String>,
    /// Whether the last script is JSON-LD; of another nothing is kept.
    json: bool,
    /// Texts of JSON-LD.
    linked: Vec<String>,
}

impl PageFlow {
    fn tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name: &str = &tag.name;
        match tag.kind {
            TagKind::StartTag => self.start(name, tag),
            TagKind::EndTag => self.end(name),
        }
        if tag.kind == TagKind::EndTag || tag.self_closing {
            return TokenSinkResult::Continue;
        }
        match name {
            "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => {
                TokenSinkResult::RawData(RawKind::Rawtext)
            }
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            _ => TokenSinkResult::Continue,
        }
    }

    fn start(&mut self, name: &str, tag: &Tag) {
        self.note(name, tag);
        if name == "br" {
            self.block.text.push('\n');
        } else if !INLINE.contains(&name) {
            self.close();
            // A paragraph or an item that was left open ends where the next begins.
            if ["p", "li", "dt", "dd", "tr", "td", "th"].contains(&name)
                && self.open.last().is_some_and(|e| e.name == name)
            {
                self.end(name);
            }
        }
        if VOID.contains(&name) || tag.self_closing || self.open.len() >= DEPTH {
            return;
        }
        let body = ["html", "body", "article", "main", "head"].contains(&name);
        let around =
            || ["class", "id", "role"].iter().filter_map(|k| get(tag, k)).any(|v| is_around(&v));
        let skips = SKIPPED.contains(&name) || (!body && !INLINE.contains(&name) && around());
        let article = name == "article"
            || name == "main"
            || get(tag, "itemprop").is_some_and(|v| v.eq_ignore_ascii_case("articlebody"));
        self.skipping += usize::from(skips);
        self.articles += usize::from(article);
        self.links += usize::from(name == "a");
        self.block.element = name.to_owned();
        self.open.push(OpenElement { name: name.to_owned(), skips, article });
        self.mark();
    }

    fn end(&mut self, name: &str) {
        if !INLINE.contains(&name) {
            self.close();
        }
        let near = self.open.len().saturating_sub(BACK);
        let Some(at) = self.open[near..].iter().rposition(|e| e.name == name) else { return };
        for element in self.open.drain(near + at..) {
            self.skipping -= usize::from(element.skips);
            self.articles -= usize::from(element.article);
            self.links -= usize::from(element.name == "a");
        }
        if !INLINE.contains(&name) {
            self.block.element = self.open.last().map(|e| e.name.clone()).unwrap_or_default();
        }
        self.mark();
    }

    /// Writes down where the block stands, as long as there is nothing in it.
    fn mark(&mut self) {
        if self.block.text.trim().is_empty() {
            self.block.in_article = self.articles > 0;
            self.block.skipped = self.skipping > 0;
        }
    }

    fn words(&mut self, text: &str) {
        match self.open.last().map(|e| e.name.as_str()) {
            Some("title") => {
                let title = self.title.get_or_insert_default();
                title.push_str(text);
            }
            Some("script") => {
                if let Some(json) = self.linked.last_mut().filter(|_| self.json) {
                    json.push_str(text);
                }
            }
            Some("style") => {}
            _ => {
                self.mark();
                self.block.linked += if self.links > 0 { text.len() } else { 0 };
                self.block.text.push_str(text);
            }
        }
    }

    /// Ends a block.
    fn close(&mut self) {
        let mut block = std::mem::take(&mut self.block);
        self.block.element = self.open.last().map(|e| e.name.clone()).unwrap_or_default();
        self.mark();
        block.text = one_line(&block.text);
        if !block.text.is_empty() {
            self.blocks.push(block);
        }
    }

    /// Writes down what a tag says of the page.
    fn note(&mut self, name: &str, tag: &Tag) {
        match name {
            "meta" => {
                let key = get(tag, "property").or_else(|| get(tag, "name"));
                let key = key.or_else(|| get(tag, "itemprop"));
                self.metas.extend(key.zip(get(tag, "content")).map(|(k, v)| (k.to_lowercase(), v)));
            }
            "link" if get(tag, "rel").is_some_and(|r| r == "canonical") => {
                self.canonical = get(tag, "href");
            }
            "time" if self.time.is_none() => self.time = get(tag, "datetime"),
            "script" => {
                self.json = get(tag, "type").is_some_and(|t| t == "application/ld+json");
                if self.json {
                    self.linked.push(String::new());
                }
            }
            _ => {}
        }
    }

    fn meta(&self, key: &str) -> Option<String> {
        self.metas.iter().find(|(k, _)| k == key).map(|(_, v)| v.clone())
    }

    /// The first heading of the first order.
    fn heading(&self) -> Option<String> {
        self.blocks.iter().find(|b| b.element == "h1").map(|b| b.text.clone())
    }

    /// The blocks of the article; of the whole page where none is marked as one.
    fn article(&self) -> String {
        let prose = |b: &&TextBlock| !b.skipped && b.is_prose();
        let marked: Vec<&TextBlock> =
            self.blocks.iter().filter(prose).filter(|b| b.in_article).collect();
        let anywhere: Vec<&TextBlock> = self.blocks.iter().filter(prose).collect();
        let size = |blocks: &[&TextBlock]| blocks.iter().map(|b| b.text.len()).sum::<usize>();
        // A page may mark its teasers as articles and its article as nothing.
        let chosen = if size(&marked) * 3 >= size(&anywhere) { marked } else { anywhere };
        if size(&chosen) < 80 {
            return self.all();
        }
        joined(&chosen)
    }

    /// All that can be read.
    fn all(&self) -> String {
        let shown: Vec<&TextBlock> = self.blocks.iter().filter(|b| !b.skipped).collect();
        // What is never closed may swallow a page.
        if shown.is_empty() {
            joined(&self.blocks.iter().collect::<Vec<_>>())
        } else {
            joined(&shown)
        }
    }
}

fn joined(blocks: &[&TextBlock]) -> String {
    blocks.iter().map(|b| b.text.as_str()).collect::<Vec<_>>().join("\n\n")
}

impl TextBlock {
    /// Whether it reads like prose: no heading, few links, and a sentence's length or its end.
    fn is_prose(&self) -> bool {
        let name = self.element.as_str();
        let heading = matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "title" | "caption");
        if heading || self.linked * 2 > self.text.len() {
            return false;
        }
        let words = self.text.split(' ').count();
        let ends = self.text.ends_with(['.', '!', '?', '”', '"', '’', '…', ':']);
        match name {
            "p" | "blockquote" => words >= 4 || ends,
            _ => words >= 8 && ends,
        }
    }
}

/// The value of an attribute.
fn get(tag: &Tag, key: &str) -> Option<String> {
    let found = tag.attrs.iter().find(|a| &*a.name.local == key)?;
    Some(found.value.to_string())
}

/// Whether a class, an id or a role names what stands around an article.
fn is_around(value: &str) -> bool {
    value.split(|c: char| !c.is_ascii_alphabetic()).any(|word| {
        let word = word.to_ascii_lowercase();
        AROUND.contains(&word.as_str()) || word == "navigation" || word == "complementary"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_is_found_in_its_page() {
        let found = read(
            "<!doctype html><title>Talks fail | The Courier</title>\
             <meta property=article:published_time content=2031-07-09T18:20:00Z>\
             <script>var x = '<p>He said no to all of this, of course.</p>';</script>\
             <nav><p>Read all about the world and its ways.</p></nav>\
             <article><h1>Talks fail</h1><p>The talks failed, the minister said.\
             <p>&ldquo;We tried&rdquo;, he <b>added</b> on <a href=x>Monday</a>; nobody answered him then.\
             <ul><li><a href=y>Another article that nobody should take for this one.</a></ul>\
             </article><div class='related-links'><p>The president said he would resign.</p></div>\
             <p>Outside of the article stands this.</p>",
        );
        assert_eq!(
            found.text,
            "The talks failed, the minister said.\n\n“We tried”, he added on Monday; nobody answered him then."
        );
        assert_eq!(found.title.as_deref(), Some("Talks fail"));
        assert_eq!(found.publisher.as_deref(), Some("The Courier"));
        assert_eq!(found.published.unwrap().to_string(), "2031-07-09");
    }

    #[test]
    fn what_json_ld_says_is_taken() {
        let found = read(
            "<script type='application/ld+json'>{\"@graph\":[{\"datePublished\":\"2032-01-05\",\
             \"publisher\":{\"name\":\"The Wire\"}}]}</script><p>He said that it was over.</p>",
        );
        assert_eq!(found.publisher.as_deref(), Some("The Wire"));
        assert_eq!(found.published.unwrap().to_string(), "2032-01-05");
    }

    #[test]
    fn disorder_and_depth_end_in_time_and_without_panic() {
        for page in [
            "<div>".repeat(50_000),
            "</div>".repeat(50_000),
            format!("{}<p>He said no.", "<b><p>".repeat(30_000)),
            "<nav><p>He said that it was never closed, and so on.</p>".to_owned(),
            "<script>".to_owned(),
            "<".repeat(30_000),
            "&".repeat(30_000),
            "<p \0='\u{fffd}'>&#x110000;&#xd800;&bogus;".to_owned(),
        ] {
            let _ = read(&page);
        }
        assert!(
            read("<nav><p>He said that it was never closed.</p>").text.contains("never closed")
        );
    }
}
