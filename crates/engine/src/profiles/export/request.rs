//! A request for an export of profiles as it is stored with its job: every choice resolved.
//!
//! Guarantees: a stored request means the same for ever; a version that this program does not know is refused.
//!
//! Must not know: dialects.

use super::{ProfileExport, ProfileFormat, ProfileSource};
use crate::profiles::query::ProfileQuery;
use fillhouse_model::filter::Spelling;
use fillhouse_model::{Audience, AudienceId, Fault, Field, Filter, SegmentId};
use fillhouse_store::SegmentHead;
use fillhouse_store::document::{fields_from_json, fields_to_json};
use serde::{Deserialize, Serialize};

/// The version of this document.
const VERSION: u32 = 1;

/// The document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Pinned {
    version: u32,
    audience: i64,
    /// The segment that was asked for; none where it was the audience.
    segment: Option<i64>,
    /// Whether the segment is a fixed one.
    is_fixed: bool,
    is_json: bool,
    /// The audience's fields, as the store writes them.
    fields: String,
    /// What must hold: each a filter, and whether its values are texts.
    queries: Vec<(String, bool)>,
}

impl Pinned {
    /// Resolves a request for what the audience, and the segment, are now.
    ///
    /// # Errors
    /// A query cannot be read.
    pub(super) fn new(
        request: &ProfileExport,
        audience: &Audience,
        segment: Option<&SegmentHead>,
    ) -> Result<Self, Fault> {
        let mut queries = Vec::new();
        if let Some(query) = segment.and_then(|head| head.query.as_ref()) {
            let query = ProfileQuery::typed(query);
            query.read(&audience.fields).map_err(|fault| {
                Fault::new("source_id", format!("the segment's query cannot be evaluated: {fault}"))
            })?;
            queries.push(query);
        }
        if let Some(query) = &request.query {
            query.read(&audience.fields).map_err(|fault| fault.within("query"))?;
            queries.push(query.clone());
        }
        let queries = queries.into_iter().map(|query| (query.json, query.spelling == Spelling::Texts));
        Ok(Self {
            version: VERSION,
            audience: audience.id.0,
            segment: segment.map(|head| head.id.0),
            is_fixed: segment.is_some_and(|head| head.query.is_none()),
            is_json: request.format == ProfileFormat::Json,
            fields: fields_to_json(&audience.fields),
            queries: queries.collect(),
        })
    }

    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("texts, numbers and truth values always serialise")
    }

    /// Reads a stored request.
    ///
    /// # Errors
    /// Says why it cannot be read.
    pub(super) fn from_json(json: &str) -> Result<Self, String> {
        let pinned: Self = serde_json::from_str(json).map_err(|error| error.to_string())?;
        if pinned.version != VERSION {
            return Err(format!("version {} of a request for profiles is not known", pinned.version));
        }
        Ok(pinned)
    }

    pub(super) fn source(&self) -> ProfileSource {
        match self.segment {
            Some(segment) => ProfileSource::Segment(SegmentId(segment)),
            None => ProfileSource::Audience(AudienceId(self.audience)),
        }
    }

    pub(super) fn audience(&self) -> AudienceId {
        AudienceId(self.audience)
    }

    /// The segment whose members are wanted, where it is a fixed one.
    pub(super) fn fixed_segment(&self) -> Option<SegmentId> {
        self.segment.filter(|_| self.is_fixed).map(SegmentId)
    }

    pub(super) fn format(&self) -> ProfileFormat {
        if self.is_json { ProfileFormat::Json } else { ProfileFormat::Csv }
    }

    pub(super) fn fields(&self) -> Result<Vec<Field>, String> {
        fields_from_json(&self.fields).map_err(|error| error.to_string())
    }

    /// What must hold of whoever is wanted.
    pub(super) fn filter(&self) -> Result<Filter, String> {
        let fields = self.fields()?;
        let read = |(json, are_texts): &(String, bool)| {
            let spelling = if *are_texts { Spelling::Texts } else { Spelling::Typed };
            ProfileQuery { json: json.clone(), spelling }.read(&fields).map_err(|fault| fault.to_string())
        };
        Ok(Filter::All(self.queries.iter().map(read).collect::<Result<_, _>>()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frozen example: what was stored must be read for ever.
    #[test]
    fn a_stored_request_is_read() {
        let json = r#"{"version":1,"audience":5,"segment":3,"is_fixed":false,"is_json":true,"fields":"[{\"name\":\"age\",\"type\":\"int\"}]","queries":[["{\"age\":{\"$gt\":40}}",false],["{\"age\":\"42\"}",true]]}"#;
        let pinned = Pinned::from_json(json).unwrap();
        assert_eq!(pinned.to_json(), json);
        assert_eq!(pinned.source(), ProfileSource::Segment(SegmentId(3)));
        assert_eq!((pinned.fixed_segment(), pinned.format()), (None, ProfileFormat::Json));
        assert!(pinned.filter().is_ok());
        assert!(Pinned::from_json(&json.replace("\"version\":1", "\"version\":2")).is_err());
    }
}
