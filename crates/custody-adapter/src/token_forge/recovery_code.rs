//! The text of recovery codes: sixteen symbols without look-alikes in groups of four, which people copy
//! from paper.

use crate::base32::PEOPLE;
use crate::key::NoRandomness;
use domain::SecretText;
use zeroize::Zeroizing;

/// Ten bytes are 80 bits, and sixteen symbols without a rest.
const RANDOM_BYTES: usize = 10;
const SYMBOLS: usize = 16;
const GROUP: usize = 4;
/// Longer texts hold more than a code with generous spacing.
const TYPED_LENGTH_MAX: usize = 64;

/// A new code, without grouping: what is hashed.
pub(super) fn generate() -> Result<Zeroizing<String>, NoRandomness> {
    let mut random = Zeroizing::new([0; RANDOM_BYTES]);
    getrandom::fill(random.as_mut_slice()).map_err(|_| NoRandomness)?;
    Ok(PEOPLE.encode(random.as_slice()))
}

/// The code as people get it.
pub(super) fn grouped(code: &str) -> SecretText {
    let mut text = String::with_capacity(SYMBOLS + SYMBOLS / GROUP);
    for (place, symbol) in code.chars().enumerate() {
        if place > 0 && place % GROUP == 0 {
            text.push('-');
        }
        text.push(symbol);
    }
    SecretText::new(text)
}

/// The code as it was made, out of what somebody typed: case, spaces and hyphens do not matter, and
/// letters that are in no code stand for the digits they look like. `None` when it is no code.
pub(super) fn as_made(typed: &str) -> Option<Zeroizing<String>> {
    if typed.len() > TYPED_LENGTH_MAX {
        return None;
    }
    let mut code = Zeroizing::new(String::with_capacity(TYPED_LENGTH_MAX));
    for symbol in typed.chars().filter(|symbol| !matches!(symbol, ' ' | '-')) {
        code.push(match symbol.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        });
    }
    (code.len() == SYMBOLS && PEOPLE.has_all_of(&code)).then_some(code)
}
