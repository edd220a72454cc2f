//! Folding: what makes two texts the same to whoever searches, whatever their case.
//!
//! Guarantees: each character folds by itself, so that whatever is within a text is also within it when both are folded.
//!
//! Must not know: what is searched.

/// Appends `text`, folded.
pub(super) fn fold_into(text: &str, out: &mut Vec<u8>) {
    if text.is_ascii() {
        out.extend(text.bytes().map(|b| b.to_ascii_lowercase()));
        return;
    }
    let mut utf8 = [0; 4];
    for c in text.chars().flat_map(char::to_lowercase) {
        // Greek writes one letter in two ways, depending on where in a word it is.
        let c = if c == 'ς' { 'σ' } else { c };
        out.extend_from_slice(c.encode_utf8(&mut utf8).as_bytes());
    }
}

/// `text`, folded.
pub(super) fn fold(text: &str) -> Vec<u8> {
    let mut folded = Vec::with_capacity(text.len());
    fold_into(text, &mut folded);
    folded
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_makes_no_difference() {
        for (one, other) in [("ADA", "ada"), ("Größe", "GRÖßE"), ("Привет", "пРИВЕТ"), ("ΟΔΟΣ", "οδος")]
        {
            assert_eq!(fold(one), fold(other));
        }
        assert_ne!(fold("e"), fold("é"));
    }

    proptest! {
        #[test]
        fn a_part_stays_a_part(before: String, part: String, after: String) {
            let whole = fold(&format!("{before}{part}{after}"));
            prop_assert_eq!(whole, [fold(&before), fold(&part), fold(&after)].concat());
        }
    }
}
