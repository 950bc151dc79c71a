//! Where something stands in a trace.

/// A place in a trace, in the form of the W3C header `traceparent`, so that what goes on later can be found from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TraceParent(String);

impl TraceParent {
    /// How long each is, in bytes.
    const LENGTH: usize = 55;

    /// `None` when the text has another form.
    pub fn parse(text: &str) -> Option<Self> {
        let is_hyphen = |index| matches!(index, 2 | 35 | 52);
        let fits = |(index, byte): (usize, u8)| match byte {
            b'-' => is_hyphen(index),
            b'0'..=b'9' | b'a'..=b'f' => !is_hyphen(index),
            _ => false,
        };
        let is_valid = text.len() == Self::LENGTH && text.bytes().enumerate().all(fits);
        is_valid.then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::TraceParent;

    #[test]
    fn only_the_form_of_the_header_is_a_place() {
        let text = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assert_eq!(TraceParent::parse(text).unwrap().as_str(), text);
        for wrong in [
            "",
            &text[1..],
            &text.to_uppercase(),
            &text.replace('-', "0"),
            &text.replacen('0', "-", 1),
        ] {
            assert_eq!(TraceParent::parse(wrong), None, "{wrong}");
        }
    }
}
