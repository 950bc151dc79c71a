//! The seeded source of every identifier the simulated platform makes up.
//!
//! It must not know what the values are for. It is splitmix64: fast, repeatable, and
//! predictable to anyone who has seen one output, so nothing it makes is a real secret.

use std::fmt::Write;

/// A deterministic stream of numbers; equal seeds give equal streams.
#[derive(Clone, Debug)]
pub(crate) struct Generator {
    state: u64,
}

impl Generator {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    pub(crate) fn next_number(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number in `0..bound`; `bound` must not be zero. The slight bias does not matter here.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.next_number() % bound
    }

    /// `length` lower-case hexadecimal digits.
    pub(crate) fn hex(&mut self, length: usize) -> String {
        let mut text = String::with_capacity(length + 16);
        while text.len() < length {
            write!(text, "{:016x}", self.next_number()).expect("a String takes any text");
        }
        text.truncate(length);
        text
    }

    /// `length` letters and digits, as the passwords of new nodes look.
    pub(crate) fn password(&mut self, length: usize) -> String {
        const ALPHABET: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
        let mut text = String::with_capacity(length);
        for _ in 0..length {
            let position = self.below(ALPHABET.len() as u64);
            let index = usize::try_from(position).expect("the alphabet is short");
            text.push(char::from(ALPHABET[index]));
        }
        text
    }
}

#[cfg(test)]
mod tests;
