//! Instants, whole numbers and ids, as every format spells them.
//!
//! Guarantees: an instant is spelled as [`Timestamp::to_seconds_string`] spells it.
//!
//! Must not know: formats.

use crate::calendar::{Date, Moment};
use fillhouse_model::row::Malformed;
use fillhouse_model::{ProfileId, Timestamp};

/// Writes instants. Most share their day with the one that was written last, and many their second: that one's spelling is
/// kept, and only what differs is written anew.
#[derive(Debug)]
pub(crate) struct Instants {
    /// What is spelled, in seconds since the epoch.
    second: i64,
    /// And its day, since the epoch.
    day: i64,
    /// `2026-04-01T09:00:00Z`, with a sign and six digits for a year before 0.
    spelling: Vec<u8>,
}

impl Instants {
    pub(crate) fn new() -> Self {
        Self { second: 0, day: 0, spelling: b"1970-01-01T00:00:00Z".to_vec() }
    }

    /// Appends the instant `micros` microseconds after the epoch: RFC 3339, UTC, whole seconds.
    ///
    /// # Errors
    /// It is none that a [`Timestamp`] can hold.
    #[inline]
    pub(crate) fn put(&mut self, micros: i64, out: &mut Vec<u8>) -> Result<(), Malformed> {
        let second = micros.div_euclid(1_000_000);
        if second != self.second {
            // Asked of the whole second, so that the answer is the same where it is spelled already.
            Timestamp::from_micros(second.saturating_mul(1_000_000)).ok_or(Malformed)?;
            self.turn_to(second);
        }
        out.extend_from_slice(&self.spelling);
        Ok(())
    }

    fn turn_to(&mut self, second: i64) {
        let moment = Moment::new(second);
        if moment.day != self.day {
            self.spell_date(Date::new(moment.day));
        }
        self.second = second;
        self.day = moment.day;
        if let Some([h1, h2, _, m1, m2, _, s1, s2, _]) = self.spelling.last_chunk_mut() {
            [*h1, *h2] = two_digits(moment.hour);
            [*m1, *m2] = two_digits(moment.minute);
            [*s1, *s2] = two_digits(moment.second);
        }
    }

    fn spell_date(&mut self, date: Date) {
        self.spelling.clear();
        if date.year < 0 {
            self.spelling.extend(b"-00");
        }
        let year = date.year.unsigned_abs();
        self.spelling.extend(two_digits(year / 100));
        self.spelling.extend(two_digits(year % 100));
        self.spelling.push(b'-');
        self.spelling.extend(two_digits(date.month));
        self.spelling.push(b'-');
        self.spelling.extend(two_digits(date.day));
        self.spelling.extend(b"T00:00:00Z");
    }
}

/// A number under 100.
fn two_digits(number: u64) -> [u8; 2] {
    [b'0' + (number / 10 % 10) as u8, b'0' + (number % 10) as u8]
}

/// Appends a whole number.
pub(crate) fn put_number(number: i64, out: &mut Vec<u8>) {
    let mut digits = [0; 20];
    let mut start = digits.len();
    let mut rest = number.unsigned_abs();
    loop {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out.push(b'-');
    }
    out.extend_from_slice(&digits[start..]);
}

/// Appends a profile's id as 24 lower-case hex digits.
pub(crate) fn put_profile_id(id: ProfileId, out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut digits = [0; 24];
    for (pair, byte) in digits.chunks_exact_mut(2).zip(id.0) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    out.extend_from_slice(&digits);
}
