//! Makes one short line of any text. It knows nothing of secrets.

/// Replaces what could break a line or change how it is shown by spaces, and cuts to `length_max`
/// characters; where something was cut, the last character is `…`.
pub(super) fn one_line(text: &str, length_max: usize) -> String {
    let mut line: String = text.chars().take(length_max).map(shown).collect();
    if text.chars().nth(length_max).is_some() {
        line.pop();
        line.push('…');
    }
    line
}

fn shown(character: char) -> char {
    if character.is_control() || changes_direction_or_line(character) {
        ' '
    } else {
        character
    }
}

/// Separators and marks with which a text could pretend to be another one.
fn changes_direction_or_line(character: char) -> bool {
    matches!(
        character,
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
    )
}
