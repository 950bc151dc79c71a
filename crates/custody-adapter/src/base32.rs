//! Base32 without padding, in two alphabets. It knows nothing of what the bytes are for.

use zeroize::Zeroizing;

#[cfg(test)]
mod tests;

/// What authenticator apps read (RFC 4648).
pub(crate) const APPS: Alphabet = Alphabet(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
/// What people type (Crockford's): without I, L, O and U.
pub(crate) const PEOPLE: Alphabet = Alphabet(b"0123456789ABCDEFGHJKMNPQRSTVWXYZ");

const BITS_PER_SYMBOL: u32 = 5;

/// Thirty-two symbols.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Alphabet(&'static [u8; 32]);

impl Alphabet {
    /// The text of bytes whose number of bits is a multiple of five.
    pub(crate) fn encode(self, bytes: &[u8]) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(bytes.len() * 8 / 5 + 1));
        let (mut pending, mut pending_bits) = (0_u32, 0);
        for byte in bytes {
            pending = (pending << 8) | u32::from(*byte);
            pending_bits += 8;
            while pending_bits >= BITS_PER_SYMBOL {
                pending_bits -= BITS_PER_SYMBOL;
                text.push(char::from(self.0[(pending >> pending_bits) as usize & 31]));
            }
        }
        debug_assert_eq!(pending_bits, 0, "only whole symbols are encoded");
        text
    }

    /// The bytes of a text; `None` when a symbol is not of the alphabet. Bits that fill no byte are
    /// left out.
    pub(crate) fn decode(self, text: &str) -> Option<Zeroizing<Vec<u8>>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(text.len() * 5 / 8 + 1));
        let (mut pending, mut pending_bits) = (0_u32, 0);
        for symbol in text.bytes() {
            let value = self.0.iter().position(|known| *known == symbol)?;
            pending = (pending << BITS_PER_SYMBOL) | u32::try_from(value).ok()?;
            pending_bits += BITS_PER_SYMBOL;
            if pending_bits >= 8 {
                pending_bits -= 8;
                bytes.push(u8::try_from((pending >> pending_bits) & 0xFF).ok()?);
            }
        }
        Some(bytes)
    }

    /// Whether every symbol is of the alphabet.
    pub(crate) fn has_all_of(self, text: &str) -> bool {
        text.bytes().all(|symbol| self.0.contains(&symbol))
    }
}
