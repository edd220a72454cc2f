//! Submissions as JSON: the result object of the v2 dialect, which is what a submission is in every JSON of ours.
//!
//! Guarantees: an object has every leaf of its form, answered or not; the same row and layout give the same bytes; no tree
//! of values is built on the way.
//!
//! Must not know: what the objects are put into.

mod layout;
mod writer;

pub use layout::ResultLayout;
pub use writer::ResultWriter;

/// The metas of a result, in the order in which they are written; `items` follows them.
pub const RESULT_METAS: [&str; 13] = [
    "date_finish",
    "date_start",
    "date_update",
    "id",
    "login_email",
    "login_username",
    "payment_amount",
    "payment_status",
    "result_status",
    "user_browser",
    "user_ip",
    "user_device",
    "user_referrer",
];

/// What a referrer is called that was not recorded.
const NO_REFERRER: &str = "N/A";

/// Appends a text as a JSON string.
fn put_string(text: &str, out: &mut Vec<u8>) {
    // Writing to memory fails only for want of it, which aborts.
    serde_json::to_writer(&mut *out, text).expect("memory takes whatever is written");
}

#[cfg(test)]
mod tests;
