//! A submission as a line of the interchange format.
//!
//! Must not know: where it comes from.

use anyhow::Result;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// A submission.
#[derive(Debug, Default, Serialize)]
#[serde(tag = "kind", rename = "submission")]
pub(crate) struct SubmissionLine {
    pub(crate) form_id: i64,
    pub(crate) id: i64,
    pub(crate) status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) date_start: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) date_finish: Option<String>,
    pub(crate) date_update: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) payment_amount: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) audience_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) profile_id: Option<String>,
    /// `login_email`, `user_ip` and the like.
    #[serde(flatten)]
    pub(crate) texts: BTreeMap<&'static str, String>,
    pub(crate) answers: BTreeMap<String, Value>,
}

/// The metas that are texts.
pub(crate) const TEXTS: [&str; 7] = [
    "login_email",
    "login_username",
    "payment_status",
    "user_browser",
    "user_ip",
    "user_device",
    "user_referrer",
];

impl SubmissionLine {
    /// Appends the line.
    pub(crate) fn write(&self, out: &mut Vec<u8>) -> Result<()> {
        serde_json::to_writer(&mut *out, self)?;
        out.push(b'\n');
        Ok(())
    }
}

/// A choice made, by its position, with what was typed beside it.
pub(crate) fn chosen(position: u32, other: Option<&str>) -> Value {
    match other {
        Some(other) => serde_json::json!({"position": position, "other": other}),
        None => serde_json::json!({"position": position}),
    }
}
