//! Success texts from markdown to the HTML that the platform answers with.
//!
//! It must not know placeholders; they are gone by now.

use pulldown_cmark::{CowStr, Event, Parser, Tag, TagEnd, html};

/// Lines end in `<br />` and paragraphs have no tags of their own, as in recorded answers.
pub(super) fn to_html(markdown: &str) -> String {
    let events = Parser::new(markdown).filter_map(|event| match event {
        Event::Start(Tag::Paragraph) => None,
        Event::End(TagEnd::Paragraph) | Event::SoftBreak | Event::HardBreak => {
            Some(Event::Html(CowStr::Borrowed("<br />\n")))
        }
        other => Some(other),
    });
    let mut output = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut output, events);
    output
}
