//! Repeatable randomness: the same seed gives the same ids and the same faults. It does not know its uses.

/// A splitmix64 generator.
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) const fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns the next 64 bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// Returns a number below `bound`; 0 if `bound` is 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX);
        let found = if bound == 0 { 0 } else { self.bits() % bound };
        usize::try_from(found).unwrap_or_default()
    }

    /// Returns true with this probability (0 to 1).
    pub(crate) fn happens(&mut self, probability: f64) -> bool {
        // An f64 represents 53 bits exactly.
        #[expect(clippy::cast_precision_loss, reason = "both fit into 53 bits")]
        let drawn = (self.bits() >> 11) as f64 / (1_u64 << 53) as f64;
        drawn < probability
    }

    /// Returns letters and digits, as in Stripe's ids.
    pub(crate) fn letters(&mut self, length: usize) -> String {
        const ALPHABET: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        (0..length).filter_map(|_| ALPHABET.get(self.below(ALPHABET.len()))).map(|byte| char::from(*byte)).collect()
    }

    /// Shuffles the items (Fisher and Yates).
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_itself() {
        let (mut one, mut other) = (Random::seeded(7), Random::seeded(7));
        assert_eq!(one.letters(24), other.letters(24));
        assert_ne!(one.letters(24), Random::seeded(8).letters(24));
    }

    #[test]
    fn probabilities() {
        let mut random = Random::seeded(1);
        assert!((0..1000).all(|_| !random.happens(0.0)));
        assert!((0..1000).all(|_| random.happens(1.0)));
        let half = (0..10_000).filter(|_| random.happens(0.5)).count();
        assert!((4_800..5_200).contains(&half), "{half}");
    }

    #[test]
    fn shuffling_keeps_everything() {
        let mut items: Vec<_> = (0..50).collect();
        Random::seeded(3).shuffle(&mut items);
        assert_ne!(items, (0..50).collect::<Vec<_>>());
        items.sort_unstable();
        assert_eq!(items, (0..50).collect::<Vec<_>>());
    }
}
