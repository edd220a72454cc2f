//! What stands before and behind the deflated blocks in a gzip file (RFC 1952) of one member.
//!
//! A file is [`HEAD`], the blocks of [`crate::deflate`] one after the other, and [`tail`].
//!
//! Guarantees: the same blocks make the same file: no name and no time is in it.
//!
//! Must not know: where the blocks are kept, or what is in them.

use crate::deflate::{FINAL, Section};

/// What stands before the blocks: deflate, no flags, no time, the fastest level, a system that is not said.
pub const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 0xff];

/// What stands behind blocks of this section: the end of the deflate stream, the checksum, and the size modulo 2³².
pub fn tail(section: Section) -> Vec<u8> {
    let mut tail = FINAL.to_vec();
    tail.extend(section.crc32.to_le_bytes());
    tail.extend(((section.raw_bytes & 0xffff_ffff) as u32).to_le_bytes());
    tail
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Deflater;
    use crate::samples::any_block;
    use flate2::read::{GzDecoder, MultiGzDecoder};
    use proptest::prelude::*;
    use std::io::Read as _;

    proptest! {
        /// The reader checks the checksum and the size of what it gives.
        #[test]
        fn a_reader_gets_back_the_content(blocks in prop::collection::vec(any_block(), 0..5)) {
            let (mut deflater, mut file, mut section) = (Deflater::new(), HEAD.to_vec(), Section::default());
            for block in &blocks {
                section = section.then(deflater.block(block, &mut file));
            }
            file.extend(tail(section));
            let mut read = Vec::new();
            let mut one = GzDecoder::new(&*file);
            one.read_to_end(&mut read).unwrap();
            prop_assert!(one.into_inner().is_empty(), "one member and nothing behind it");
            prop_assert_eq!(&read, &blocks.concat());
            read.clear();
            MultiGzDecoder::new(&*file).read_to_end(&mut read).unwrap();
            prop_assert_eq!(&read, &blocks.concat());
        }
    }

    #[test]
    fn a_size_is_said_modulo_2_to_the_32() {
        let section = Section { raw_bytes: (7 << 32) + 5, deflated_bytes: 1, crc32: 0x0403_0201 };
        assert_eq!(tail(section), [3, 0, 1, 2, 3, 4, 5, 0, 0, 0]);
    }
}
