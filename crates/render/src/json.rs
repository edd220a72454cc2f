//! Submissions as JSON: the result object of the v2 dialect, which is what a submission is in every JSON of ours.
//!
//! Guarantees: an object has every leaf of its form, answered or not; the same row and layout give the same bytes; no tree
//! of values is built on the way.
//!
//! Must not know: what the objects are put into.

mod layout;
mod members;
mod writer;

pub use layout::ResultLayout;
pub use members::Members;
pub use writer::ResultWriter;

/// A meta of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meta {
    DateFinish,
    DateStart,
    DateUpdate,
    Id,
    LoginEmail,
    LoginUsername,
    PaymentAmount,
    PaymentStatus,
    ResultStatus,
    UserBrowser,
    UserIp,
    UserDevice,
    UserReferrer,
    Audience,
    Profile,
}

/// The metas of a result with their names, in the order in which they are written; `items` follows them.
const METAS: [(Meta, &str); 13] = [
    (Meta::DateFinish, "date_finish"),
    (Meta::DateStart, "date_start"),
    (Meta::DateUpdate, "date_update"),
    (Meta::Id, "id"),
    (Meta::LoginEmail, "login_email"),
    (Meta::LoginUsername, "login_username"),
    (Meta::PaymentAmount, "payment_amount"),
    (Meta::PaymentStatus, "payment_status"),
    (Meta::ResultStatus, "result_status"),
    (Meta::UserBrowser, "user_browser"),
    (Meta::UserIp, "user_ip"),
    (Meta::UserDevice, "user_device"),
    (Meta::UserReferrer, "user_referrer"),
];

/// The metas of a table that a result has only where it is asked for them: who a submission is from.
const METAS_ON_DEMAND: [(Meta, &str); 2] = [(Meta::Audience, "db_id"), (Meta::Profile, "profile_id")];

/// What a referrer is called that was not recorded.
const NO_REFERRER: &str = "N/A";

/// Appends a text, which is taken to be UTF-8, as a JSON string. Nearly all texts have nothing in them that must be escaped:
/// to look for it and copy the rest as it is takes a third of the time of writing character by character.
#[inline]
fn put_string(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    if text.iter().fold(false, |found, byte| found | must_be_escaped(*byte)) {
        put_escaped(text, out);
    } else {
        out.extend_from_slice(text);
    }
    out.push(b'"');
}

/// RFC 8259, section 7.
#[inline]
const fn must_be_escaped(byte: u8) -> bool {
    byte < 0x20 || byte == b'"' || byte == b'\\'
}

#[cold]
fn put_escaped(text: &[u8], out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for &byte in text {
        match byte {
            b'"' | b'\\' => out.extend([b'\\', byte]),
            b'\n' => out.extend(b"\\n"),
            b'\r' => out.extend(b"\\r"),
            b'\t' => out.extend(b"\\t"),
            byte if must_be_escaped(byte) => {
                out.extend(b"\\u00");
                out.extend([DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
            }
            byte => out.push(byte),
        }
    }
}

#[cfg(test)]
mod tests;
