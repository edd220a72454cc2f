//! An export's request as it is stored with its job: every choice resolved.
//!
//! Guarantees: a stored request means the same for ever; a version that this program does not know is refused.
//!
//! Must not know: dialects.

use super::selection::Selection;
use crate::ExportRequest;
use fillhouse_model::{Account, Fault, TimeRange, Timestamp, time_zone};
use fillhouse_store::StoredForm;
use serde::{Deserialize, Serialize};

/// The version of this document.
const VERSION: u32 = 1;

/// The document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredRequest {
    version: u32,
    /// The revision of the form whose items make the columns.
    pub(crate) form_revision: i64,
    /// The first instant of the period, in microseconds.
    from: i64,
    /// The first instant after it.
    until: i64,
    include_incomplete: bool,
}

impl StoredRequest {
    /// Resolves a request for what `form` and `account` are now.
    ///
    /// # Errors
    /// The time zone of either is not one.
    pub(crate) fn pin(request: &ExportRequest, form: &StoredForm, account: &Account) -> Result<Self, Fault> {
        let zone = form.form.timezone.as_deref().unwrap_or(&account.timezone);
        let range = request.period.in_zone(&time_zone("timezone", zone)?);
        Ok(Self {
            version: VERSION,
            form_revision: form.revision,
            from: range.from.micros(),
            until: range.until.micros(),
            include_incomplete: request.include_incomplete,
        })
    }

    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("numbers and truth values always serialise")
    }

    /// Reads a stored request.
    ///
    /// # Errors
    /// Says why it cannot be read.
    pub(crate) fn from_json(json: &str) -> Result<Self, String> {
        let request: Self = serde_json::from_str(json).map_err(|error| error.to_string())?;
        if request.version != VERSION {
            return Err(format!("version {} of an export's request is not known", request.version));
        }
        Ok(request)
    }

    /// Which submissions it asks for.
    pub(crate) fn selection(&self) -> Result<Selection, String> {
        let instant =
            |micros| Timestamp::from_micros(micros).ok_or_else(|| format!("{micros} µs is no instant"));
        let range = TimeRange { from: instant(self.from)?, until: instant(self.until)? };
        Ok(Selection { range, include_incomplete: self.include_incomplete })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frozen example: what was stored must be read for ever.
    #[test]
    fn a_stored_request_is_read() {
        let json = r#"{"version":1,"form_revision":3,"from":1774994400000000,"until":1777586400000000,"include_incomplete":false}"#;
        let request = StoredRequest::from_json(json).unwrap();
        assert_eq!(request.to_json(), json);
        let selection = request.selection().unwrap();
        assert_eq!(selection.range.from.to_string(), "2026-03-31T22:00:00Z");
        assert_eq!(selection.range.until.to_string(), "2026-04-30T22:00:00Z");
        assert!(StoredRequest::from_json(&json.replace(":1,", ":2,")).is_err());
    }
}
