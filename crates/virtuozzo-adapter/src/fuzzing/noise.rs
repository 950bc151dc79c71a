//! Numbers that look random and come again with the same seed: a failing case can be repeated.

/// A xorshift generator.
#[derive(Debug, Clone)]
pub struct Noise(u64);

impl Noise {
    /// Starts at a seed.
    pub fn new(seed: usize) -> Self {
        // Zero would stay zero, and neighbouring seeds must not begin alike.
        let mut noise = Self((seed as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        for _ in 0..8 {
            noise.next();
        }
        noise
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Anything below the bound, which must not be 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX);
        usize::try_from(self.next() % bound).unwrap_or(0)
    }

    /// One of them.
    pub fn pick<'a, Item: ?Sized>(&mut self, items: &[&'a Item]) -> &'a Item {
        items[self.below(items.len())]
    }
}
