use super::*;

#[derive(Debug, thiserror::Error)]
#[error("{text}")]
struct Link {
    text: &'static str,
    #[source]
    source: Option<Box<Self>>,
}

fn link(text: &'static str, source: Option<Link>) -> Link {
    Link {
        text,
        source: source.map(Box::new),
    }
}

#[test]
fn prints_every_cause_once_in_order() {
    let error = link("a", Some(link("b", Some(link("c", None)))));
    assert_eq!(ErrorChain(&error).to_string(), "a: b: c");
    assert_eq!(ErrorChain(&link("alone", None)).to_string(), "alone");
}

#[test]
fn stops_after_sixteen_links() {
    let error = (0..100).fold(link("x", None), |source, _| link("x", Some(source)));
    assert_eq!(
        ErrorChain(&error).to_string().matches('x').count(),
        LINKS_MAX
    );
}
