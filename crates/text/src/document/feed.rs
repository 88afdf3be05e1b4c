//! RSS and Atom: an item is a document, the feed its publisher.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::{DocumentError, ITEMS, KeptDocument, any_day, form, html};

/// Reads the items of a feed.
///
/// # Errors
/// What is no XML.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<KeptDocument>, DocumentError> {
    let text = form::decode(bytes, false);
    let mut reader = Reader::from_str(&text);
    reader.config_mut().check_end_names = false;
    let mut feed = Feed::default();
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(event) => feed.take(&event),
            Err(e) if feed.items.is_empty() => {
                let why = format!("byte {}: {e}", reader.error_position());
                return Err(DocumentError::Broken { form: "a feed", why });
            }
            // What came before it was whole.
            Err(_) => break,
        }
        if feed.items.len() >= ITEMS {
            break;
        }
    }
    let publisher = feed.title;
    let items = feed.items.into_iter().map(|item| item.found(publisher.as_ref()));
    Ok(items.filter(|found| !found.text.trim().is_empty()).collect())
}

/// A feed as it is read: the item that is open, and the text of the element that is.
#[derive(Default)]
struct Feed {
    title: Option<String>,
    items: Vec<FeedItem>,
    open: Option<FeedItem>,
    element: String,
    text: String,
}

#[derive(Default)]
struct FeedItem {
    title: String,
    link: String,
    day: String,
    updated: String,
    summary: String,
    content: String,
    source: String,
}

impl Feed {
    fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::Empty(tag) => {
                self.start(tag);
                self.end(&name(tag.name().as_ref()));
            }
            Event::End(tag) => self.end(&name(tag.name().as_ref())),
            Event::Text(text) => self.text.push_str(text),
            Event::CData(text) => self.text.push_str(text),
            Event::GeneralRef(reference) => match reference.resolve_char_ref() {
                Ok(Some(c)) => self.text.push(c),
                _ => self.text.push_str(
                    quick_xml::escape::resolve_predefined_entity(reference).unwrap_or(" "),
                ),
            },
            _ => {}
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>) {
        let name = name(tag.name().as_ref());
        if name == "item" || name == "entry" {
            self.open = Some(FeedItem::default());
        }
        // Atom names its links as attributes; the first that is the text itself counts.
        if name == "link"
            && let Some(item) = &mut self.open
            && item.link.is_empty()
        {
            let get = |key: &str| {
                let found = tag.attributes().flatten().find(|a| a.key.as_ref() == key)?;
                found.normalized_value(XmlVersion::Implicit1_0).ok().map(|v| v.into_owned())
            };
            if get("rel").is_none_or(|rel| rel == "alternate") {
                item.link = get("href").unwrap_or_default();
            }
        }
        self.element = name;
        self.text.clear();
    }

    fn end(&mut self, name: &str) {
        if name == "item" || name == "entry" {
            self.items.extend(self.open.take());
        } else if name == self.element {
            let text = std::mem::take(&mut self.text);
            match &mut self.open {
                Some(item) => item.put(name, text),
                None if name == "title" && self.title.is_none() => self.title = Some(text),
                None => {}
            }
        }
        self.text.clear();
    }
}

impl FeedItem {
    fn put(&mut self, element: &str, text: String) {
        let place = match element {
            "title" => &mut self.title,
            "link" => &mut self.link,
            "pubdate" | "published" | "date" | "issued" => &mut self.day,
            "updated" => &mut self.updated,
            "description" | "summary" => &mut self.summary,
            "encoded" | "content" => &mut self.content,
            "source" => &mut self.source,
            _ => return,
        };
        if place.is_empty() {
            *place = text;
        }
    }

    fn found(self, feed: Option<&String>) -> KeptDocument {
        let body = if self.content.trim().is_empty() { &self.summary } else { &self.content };
        let text = html::fragment(body);
        let publisher =
            if self.source.trim().is_empty() { feed.cloned() } else { Some(self.source) };
        KeptDocument {
            title: Some(html::fragment(&self.title)),
            publisher,
            published: any_day(&self.day).or_else(|| any_day(&self.updated)),
            link: Some(self.link),
            text,
            ..KeptDocument::default()
        }
    }
}

/// The name of an element without its prefix, in lower case.
fn name(whole: &str) -> String {
    whole.rsplit(':').next().unwrap_or(whole).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_of_rss_and_entries_of_atom_are_documents() {
        let rss = br#"<?xml version="1.0"?><rss version="2.0"><channel><title>The Wire</title>
          <item><title>One &amp; all</title><link>https://wire.example/1</link>
          <pubDate>Tue, 03 Feb 2032 16:05:00 GMT</pubDate>
          <description>&lt;p&gt;He said &amp;#8220;no&amp;#8221;.&lt;/p&gt;</description></item>
          <item><title>Two</title><description><![CDATA[<p>She said yes.</p>]]></description></item>
          </channel></rss>"#;
        let items = read(rss).unwrap();
        assert_eq!(items.len(), 2);
        assert_eq!(items[0].title.as_deref(), Some("One & all"));
        assert_eq!(items[0].publisher.as_deref(), Some("The Wire"));
        assert_eq!(items[0].published.unwrap().to_string(), "2032-02-03");
        assert_eq!(items[0].link.as_deref(), Some("https://wire.example/1"));
        assert_eq!(items[0].text, "He said “no”.");
        assert_eq!(items[1].text, "She said yes.");
        let atom = br#"<feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title>
          <entry><title>A</title><link rel="alternate" href="https://w.example/a"/>
          <updated>2032-02-04T00:00:00Z</updated><published>2032-02-03T10:00:00Z</published>
          <content type="html">&lt;p&gt;It will not sign, she said.&lt;/p&gt;</content></entry></feed>"#;
        let items = read(atom).unwrap();
        assert_eq!(items[0].link.as_deref(), Some("https://w.example/a"));
        assert_eq!(items[0].text, "It will not sign, she said.");
        assert_eq!(items[0].published.unwrap().to_string(), "2032-02-03");
    }
}
