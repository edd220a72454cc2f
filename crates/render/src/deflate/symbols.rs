//! The symbols of deflate for lengths and distances of copies (RFC 1951, 3.2.5).
//!
//! Must not know: codes.

/// How many symbols there are for bytes, the end of a block and lengths.
pub(super) const LITERALS: usize = 286;
/// How many there are for distances.
pub(super) const DISTANCES: usize = 30;
/// The symbol of the end of a block.
pub(super) const END: usize = 256;
/// The symbol of the shortest length.
const FIRST_LENGTH: usize = 257;

/// A symbol, and what is said behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Symbol {
    pub(super) number: usize,
    pub(super) extra: u32,
    pub(super) extra_bits: u32,
}

/// The symbol of a length of 3 to 258.
pub(super) fn of_length(length: u32) -> Symbol {
    // The longest has a symbol of its own, so that it takes no further bits.
    if length == 258 {
        return Symbol { number: LITERALS - 1, extra: 0, extra_bits: 0 };
    }
    let symbol = spread(length - 3, 2);
    Symbol { number: FIRST_LENGTH + symbol.number, ..symbol }
}

/// The symbol of a distance of 1 to 32,768.
#[inline]
pub(super) fn of_distance(distance: u16) -> Symbol {
    spread(u32::from(distance) - 1, 1)
}

/// The symbols of a number from 0 on: each number has one up to `2 << bits`; from there on each power of two is shared by
/// `1 << bits` symbols.
#[inline]
fn spread(value: u32, bits: u32) -> Symbol {
    let top = (value | 1).ilog2();
    let extra_bits = top.saturating_sub(bits);
    let number = (extra_bits << bits) + (value >> extra_bits);
    Symbol { number: number as usize, extra: value & ((1 << extra_bits) - 1), extra_bits }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbol(number: usize, extra: u32, extra_bits: u32) -> Symbol {
        Symbol { number, extra, extra_bits }
    }

    /// The first and the last row of each column of the tables in RFC 1951, and some between.
    #[test]
    fn symbols_are_those_of_the_specification() {
        let lengths = [
            (3, symbol(257, 0, 0)),
            (10, symbol(264, 0, 0)),
            (11, symbol(265, 0, 1)),
            (12, symbol(265, 1, 1)),
            (19, symbol(269, 0, 2)),
            (35, symbol(273, 0, 3)),
            (66, symbol(276, 7, 3)),
            (67, symbol(277, 0, 4)),
            (130, symbol(280, 15, 4)),
            (131, symbol(281, 0, 5)),
            (227, symbol(284, 0, 5)),
            (257, symbol(284, 30, 5)),
            (258, symbol(285, 0, 0)),
        ];
        for (length, expected) in lengths {
            assert_eq!(of_length(length), expected, "length {length}");
        }
        let distances = [
            (1, symbol(0, 0, 0)),
            (4, symbol(3, 0, 0)),
            (5, symbol(4, 0, 1)),
            (6, symbol(4, 1, 1)),
            (7, symbol(5, 0, 1)),
            (193, symbol(15, 0, 6)),
            (257, symbol(16, 0, 7)),
            (1_025, symbol(20, 0, 9)),
            (24_577, symbol(29, 0, 13)),
            (32_767, symbol(29, 8_190, 13)),
        ];
        for (distance, expected) in distances {
            assert_eq!(of_distance(distance), expected, "distance {distance}");
        }
    }
}
