//! An export's request as it is stored with its job: every choice resolved.
//!
//! Guarantees: a stored request means the same for ever; a version that this program does not know is refused.
//!
//! Must not know: dialects.

use super::picking::{Picking, StoredFilter};
use super::selection::Selection;
use super::shape::FileShape;
use super::stored_shape::StoredFileShape;
use super::workbench::RenderTask;
use fillhouse_model::{Form, TimeRange, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The version of this document.
const VERSION: u32 = 1;

/// The document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StoredRequest {
    version: u32,
    /// The revision of the form whose items make the columns.
    pub(crate) form_revision: i64,
    /// The first instant of the period, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<i64>,
    /// The first instant after it.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<i64>,
    /// The ordinals of the submissions, where they were chosen one by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    places: Option<BTreeSet<i64>>,
    include_incomplete: bool,
    /// Only what was changed after this seq.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    since: Option<i64>,
    /// What must hold of the answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    filter: Option<StoredFilter>,
    #[serde(flatten)]
    shape: StoredFileShape,
}

impl StoredRequest {
    /// The request for what `selection` holds of a form with the items of this revision.
    pub(crate) fn new(form_revision: i64, selection: &Selection, shape: &FileShape) -> Self {
        Self {
            version: VERSION,
            form_revision,
            from: selection.range.map(|range| range.from.micros()),
            until: selection.range.map(|range| range.until.micros()),
            places: selection.places.as_deref().cloned(),
            include_incomplete: selection.include_incomplete,
            since: selection.since,
            filter: selection.filter.as_ref().map(|filter| filter.stored().clone()),
            shape: shape.into(),
        }
    }

    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("numbers, texts and truth values always serialise")
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

    pub(crate) fn shape(&self) -> FileShape {
        (&self.shape).into()
    }

    /// Which submissions it asks for of `form`, which is as it was then.
    pub(crate) fn selection(&self, form: &Form) -> Result<Selection, String> {
        let instant =
            |micros| Timestamp::from_micros(micros).ok_or_else(|| format!("{micros} µs is no instant"));
        let range = match self.from.zip(self.until) {
            Some((from, until)) => Some(TimeRange { from: instant(from)?, until: instant(until)? }),
            None => None,
        };
        let places = self.places.clone().map(Arc::new);
        let filter = self.filter.clone().map(|filter| Picking::of(filter, form)).transpose();
        let filter = filter.map_err(|fault| fault.to_string())?.flatten().map(Arc::new);
        Ok(Selection {
            range,
            places,
            include_incomplete: self.include_incomplete,
            filter,
            since: self.since,
        })
    }

    /// What is to be done with each block of `form`, which is as it was then.
    pub(crate) fn task(&self, form: &Form) -> Result<RenderTask, String> {
        RenderTask::new(form, &self.shape(), self.selection(form)?).map_err(|fault| fault.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::form;
    use crate::{Container, Content, CsvOptions, Delimiter, Eol, Formulas, HeaderNames, TableOptions};

    /// Frozen examples: what was stored must be read for ever.
    #[test]
    fn a_stored_request_is_read() {
        let json = r#"{"version":1,"form_revision":3,"from":1774994400000000,"until":1777586400000000,"include_incomplete":false}"#;
        let request = StoredRequest::from_json(json).unwrap();
        assert_eq!((request.to_json().as_str(), request.shape()), (json, FileShape::zipped_table()));
        let range = request.selection(&form()).unwrap().range.unwrap();
        assert_eq!(range.from.to_string(), "2026-03-31T22:00:00Z");
        assert_eq!(range.until.to_string(), "2026-04-30T22:00:00Z");
        assert!(StoredRequest::from_json(&json.replace(":1,", ":2,")).is_err());
    }

    #[test]
    fn a_stored_request_for_chosen_columns_of_chosen_submissions_is_read() {
        let json = concat!(
            r#"{"version":1,"form_revision":3,"places":[1,5],"include_incomplete":true,"shape":{"chosen":["#,
            r#"{"name":"id","shows":"id"},{"name":"Name","shows":{"item":"100"}},{"name":"created_at","shows":"created"},"#,
            r#"{"name":"status","shows":{"status":{"incomplete":"In Progress","complete":"Completed"}}}]}}"#,
        );
        let request = StoredRequest::from_json(json).unwrap();
        assert_eq!(request.to_json(), json);
        assert_eq!(StoredFileShape::from(&request.shape()), request.shape);
        assert_eq!(request.selection(&form()).unwrap().places.unwrap().len(), 2);
    }

    #[test]
    fn a_stored_request_for_certain_answers_is_read() {
        let json = concat!(
            r#"{"version":1,"form_revision":3,"include_incomplete":false,"filter":{"status":"Complete","conditions":["#,
            r#"{"column":"result_id","operator":"equals","value":"5","named":"filter.answers[0].equals"}],"any_of":true}}"#,
        );
        let request = StoredRequest::from_json(json).unwrap();
        assert_eq!(request.to_json(), json);
        assert!(request.selection(&form()).unwrap().filter.is_some());
        assert!(StoredRequest::from_json(&json.replace("equals\"", "like\"")).is_err());
        let json = r#"{"version":1,"form_revision":3,"include_incomplete":true,"filter":{"any_text":"ada"}}"#;
        let request = StoredRequest::from_json(json).unwrap();
        assert_eq!(request.to_json(), json);
        assert!(request.selection(&form()).unwrap().filter.is_some());
    }

    #[test]
    fn a_stored_request_for_a_table_of_other_looks_is_read() {
        let json = concat!(
            r#"{"version":1,"form_revision":3,"include_incomplete":true,"shape":{"table_of":{"delimiter":"semicolon","#,
            r#""eol":"crlf","bom":true,"header":"ids","formulas":"escape","columns":["id","100"]}},"#,
            r#""container":"gzip"}"#,
        );
        let request = StoredRequest::from_json(json).unwrap();
        assert_eq!(request.to_json(), json);
        let csv = CsvOptions {
            delimiter: Delimiter::Semicolon,
            eol: Eol::CrLf,
            bom: true,
            header: HeaderNames::Ids,
            formulas: Formulas::Escape,
        };
        let columns = Some(vec!["id".to_owned(), "100".to_owned()]);
        let content = Content::Table(TableOptions { csv, columns });
        assert_eq!(request.shape(), FileShape { content, container: Container::Gzip });
    }
}
