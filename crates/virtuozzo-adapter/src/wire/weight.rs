//! How much an answer holds, counted before it is read. A short text can spell a long list of things
//! that are large in memory (`{},{},{}`), so the cap on a body is no cap on what it becomes. It must
//! not know what the values are.

#[cfg(test)]
mod tests;

/// Most objects and lists. The largest thing that one becomes is a few hundred bytes.
const CONTAINERS_MAX: usize = 50_000;
/// Most values between commas. An answer of the largest size with members as long as the platform's
/// holds half as many.
const VALUES_MAX: usize = 400_000;

/// Whether it holds more than any honest answer does. Looks no further than to the first too many.
pub(crate) fn is_excessive(json: &[u8]) -> bool {
    let (mut containers, mut values) = (0_usize, 0_usize);
    let (mut is_in_text, mut is_escaped) = (false, false);
    for byte in json {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_in_text => is_escaped = true,
            b'"' => is_in_text = !is_in_text,
            _ if is_in_text => {}
            b'{' | b'[' if containers == CONTAINERS_MAX => return true,
            b',' if values == VALUES_MAX => return true,
            b'{' | b'[' => containers += 1,
            b',' => values += 1,
            _ => {}
        }
    }
    false
}
