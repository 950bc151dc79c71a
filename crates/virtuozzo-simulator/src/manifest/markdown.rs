//! Success texts from markdown to the HTML that the platform answers with.
//!
//! It must not know placeholders; they are gone by now.

use pulldown_cmark::{CowStr, Event, Parser, Tag, TagEnd, html};

const BREAK: &str = "<br />\n";

/// Lines are parted by `<br />` and paragraphs have no tags of their own, as in recorded answers.
pub(super) fn to_html(markdown: &str) -> String {
    let events = Parser::new(markdown).filter_map(|event| match event {
        Event::Start(Tag::Paragraph) => None,
        Event::End(TagEnd::Paragraph) | Event::SoftBreak | Event::HardBreak => {
            Some(Event::Html(CowStr::Borrowed(BREAK)))
        }
        other => Some(other),
    });
    let mut output = String::with_capacity(markdown.len() * 2);
    html::push_html(&mut output, events);
    let without_last = output.strip_suffix(BREAK).map(str::len);
    output.truncate(without_last.unwrap_or(output.len()));
    output
}
