//! Codes that give frequent symbols few bits (Huffman's, of limited length; RFC 1951, 3.2.2).
//!
//! Guarantees: a code is complete: every sequence of bits is one of symbols; and it depends on the counts alone.
//!
//! Must not know: what the symbols are.

/// The most bits of a symbol: four literals are written at once, and a copy, which takes two symbols and 18 further bits.
pub(super) const MOST_BITS: u8 = 13;

/// Of how many bits each symbol is. There are two symbols at least, and each is counted once at least.
pub(super) fn lengths<const SYMBOLS: usize>(counts: &[u32; SYMBOLS], most_bits: u8) -> [u8; SYMBOLS] {
    let mut symbols: Vec<usize> = (0..SYMBOLS).collect();
    // By number where they are as frequent.
    symbols.sort_by_key(|&symbol| counts[symbol]);
    let sorted: Vec<u64> = symbols.iter().map(|&symbol| u64::from(counts[symbol])).collect();
    let mut shared = limited(&depths(&sorted), most_bits);
    let mut lengths = [0; SYMBOLS];
    // The rarest have the longest.
    let mut bits = most_bits;
    for symbol in symbols {
        while shared[usize::from(bits)] == 0 {
            bits -= 1;
        }
        shared[usize::from(bits)] -= 1;
        lengths[symbol] = bits;
    }
    lengths
}

/// How deep in Huffman's tree each of these is, of which the rarest comes first.
fn depths(counts: &[u64]) -> Vec<usize> {
    let leaves = counts.len();
    let mut nodes = counts.to_vec();
    let mut parents = vec![0; 2 * leaves - 1];
    // Leaves and the nodes above them are both sorted, so the two rarest are at the front of either.
    let (mut leaf, mut node) = (0, leaves);
    for parent in leaves..2 * leaves - 1 {
        let mut count = 0;
        for _ in 0..2 {
            let is_leaf = leaf < leaves && (node == parent || nodes[leaf] <= nodes[node]);
            let rarest = if is_leaf { &mut leaf } else { &mut node };
            count += nodes[*rarest];
            parents[*rarest] = parent;
            *rarest += 1;
        }
        nodes.push(count);
    }
    let mut depths = vec![0; 2 * leaves - 1];
    for node in (0..2 * leaves - 2).rev() {
        depths[node] = depths[parents[node]] + 1;
    }
    depths.truncate(leaves);
    depths
}

/// How many symbols have how many bits, at most `most_bits`, so that they make a complete code.
fn limited(depths: &[usize], most_bits: u8) -> Vec<usize> {
    let most = usize::from(most_bits);
    let mut shared = vec![0; most + 1];
    for &depth in depths {
        shared[depth.min(most)] += 1;
    }
    // Each code takes its share of all sequences of bits. Those that were cut short take too much: two of them are put below
    // a shorter one, which is moved down, until no more is taken than there is.
    let mut taken: usize = shared.iter().enumerate().map(|(bits, codes)| codes << (most - bits)).sum();
    while taken > 1 << most {
        let Some(shorter) = (1..most).rev().find(|&bits| shared[bits] > 0) else { break };
        shared[most] -= 1;
        shared[shorter] -= 1;
        shared[shorter + 1] += 2;
        taken -= 1;
    }
    shared
}

/// The code of each symbol, its first bit the lowest.
pub(super) fn codes<const SYMBOLS: usize>(lengths: &[u8; SYMBOLS]) -> [u16; SYMBOLS] {
    let mut codes = [0; SYMBOLS];
    let mut next = 0_u16;
    for bits in 1..=15 {
        for (code, _) in codes.iter_mut().zip(lengths).filter(|(_, length)| **length == bits) {
            *code = next.reverse_bits() >> (16 - bits);
            next += 1;
        }
        next <<= 1;
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn codes_are_those_of_the_example_in_the_specification() {
        let reversed = codes(&[3, 3, 3, 3, 3, 2, 4, 4]);
        assert_eq!(reversed, [0b010, 0b110, 0b001, 0b101, 0b011, 0b00, 0b0111, 0b1111]);
    }

    #[test]
    fn frequent_symbols_have_few_bits() {
        assert_eq!(lengths(&[1, 1, 2, 4, 8], 7), [4, 4, 3, 2, 1]);
        assert_eq!(lengths(&[8, 4, 1, 2, 1], 3), [1, 3, 3, 3, 3], "no more than three");
    }

    proptest! {
        #[test]
        fn codes_are_complete_and_no_longer_than_allowed(counts in prop::array::uniform32(1_u32..2_000_000), most in 5_u8..14) {
            let lengths = lengths(&counts, most);
            let taken: u32 = lengths.iter().map(|bits| 1 << (most - bits)).sum();
            prop_assert_eq!(taken, 1 << most);
            for (one, other) in (0..32).flat_map(|one| (0..32).map(move |other| (one, other))) {
                prop_assert!(counts[one] >= counts[other] || lengths[one] >= lengths[other]);
            }
        }
    }
}
