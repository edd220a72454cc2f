//! The ids of things, each its own type, so that one is never taken for another.
//!
//! Must not know: how ids are handed out.

use std::fmt;
use std::str::FromStr;

macro_rules! integer_id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

integer_id! {
    /// An account; given by whoever creates it, at least 1.
    AccountId;
    /// A user of an account.
    UserId;
    /// A form, 1 to 2³¹ − 1, so that a form and an ordinal fit one row key.
    FormId;
    /// A submission; unique within its account.
    SubmissionId;
    /// An audience.
    AudienceId;
    /// A segment of an audience.
    SegmentId;
    /// A subscription to what happens to a form.
    WebhookId;
}

/// A job; time-ordered, shown as a UUID.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId(pub String);

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A profile of an audience: 12 bytes, shown as 24 lower-case hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProfileId(pub [u8; 12]);

impl fmt::Display for ProfileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The text was not 24 lower-case hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not 24 lower-case hex digits")]
pub struct NotAProfileId;

impl FromStr for ProfileId {
    type Err = NotAProfileId;

    fn from_str(text: &str) -> Result<Self, NotAProfileId> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Ok(byte - b'0'),
            b'a'..=b'f' => Ok(byte - b'a' + 10),
            _ => Err(NotAProfileId),
        };
        let text: &[u8; 24] = text.as_bytes().try_into().map_err(|_| NotAProfileId)?;
        let mut id = [0; 12];
        for (byte, pair) in id.iter_mut().zip(text.chunks_exact(2)) {
            *byte = digit(pair[0])? << 4 | digit(pair[1])?;
        }
        Ok(Self(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_id_reads_what_it_shows_and_nothing_else() {
        let id: ProfileId = "507f1f77bcf86cd799439011".parse().unwrap();
        assert_eq!(id.to_string(), "507f1f77bcf86cd799439011");
        for bad in ["", "507f1f77bcf86cd79943901", "507F1f77bcf86cd799439011", "507f1f77bcf86cd79943901é"] {
            assert!(bad.parse::<ProfileId>().is_err(), "{bad}");
        }
    }
}
