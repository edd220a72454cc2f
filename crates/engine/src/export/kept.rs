//! A request for an export as it is kept, to be asked for again and again: its days are days, and its ids are ids, that mean
//! something only when it is asked for.
//!
//! Guarantees: a kept request means the same for ever; a version that this program does not know is refused.
//!
//! Must not know: when it is asked for, or why.

use super::picking::StoredFilter;
use super::stored_shape::StoredFileShape;
use super::wanted::resolve;
use super::{ExportRequest, Filtered, Moment, Wanted};
use crate::{Error, FormRef, FormsReader, Result};
use fillhouse_model::{AudienceId, Fault, FormId, SubmissionId, parse_date};
use serde::{Deserialize, Serialize};

/// The version of this document.
const VERSION: u32 = 1;

/// The document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptRequest {
    version: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<String>,
    include_incomplete: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ids: Option<Vec<i64>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    profile: Option<(i64, String)>,
    filter: StoredFilter,
    #[serde(flatten)]
    shape: StoredFileShape,
}

impl KeptRequest {
    /// What a request asks for, whenever that is.
    ///
    /// # Errors
    /// It asks for a moment, which is over.
    pub(crate) fn of(request: &ExportRequest) -> Result<Self, Fault> {
        let Wanted::Filtered(wanted) = &request.wanted else {
            return Err(Fault::new("", "cannot be asked for again"));
        };
        let fixed = [("since", wanted.since.is_some()), ("as_of", wanted.as_of.is_some())];
        if let Some((field, _)) = fixed.into_iter().find(|(_, is_given)| *is_given) {
            return Err(Fault::new(field, "is not for what is exported again and again"));
        }
        Ok(Self {
            version: VERSION,
            from: wanted.from.map(|day| day.to_string()),
            to: wanted.to.map(|day| day.to_string()),
            include_incomplete: wanted.include_incomplete,
            ids: wanted.ids.as_ref().map(|ids| ids.iter().map(|id| id.0).collect()),
            profile: wanted.profile.map(|(audience, profile)| (audience.0, profile.to_string())),
            filter: StoredFilter::of(&wanted.query),
            shape: (&request.shape).into(),
        })
    }

    /// The request for what it keeps of a form; only what has changed since a seq, where one is given.
    ///
    /// # Errors
    /// It is not readable; says why.
    pub(crate) fn request(&self, form: FormId, since: Option<i64>) -> Result<ExportRequest, Fault> {
        let day = |day: &Option<String>| day.as_deref().map(|day| parse_date("day", day)).transpose();
        let profile = self.profile.as_ref().map(|(audience, profile)| {
            let profile = profile.parse().map_err(|_| Fault::new("profile", "is no id of a profile"))?;
            Ok::<_, Fault>((AudienceId(*audience), profile))
        });
        let wanted = Filtered {
            from: day(&self.from)?,
            to: day(&self.to)?,
            include_incomplete: self.include_incomplete,
            ids: self.ids.as_ref().map(|ids| ids.iter().copied().map(SubmissionId).collect()),
            profile: profile.transpose()?,
            since: since.map(|seq| Moment { form_id: form, seq }),
            as_of: None,
            query: self.filter.query()?,
        };
        let wanted = Wanted::Filtered(Box::new(wanted));
        Ok(ExportRequest { form: FormRef::Id(form), wanted, shape: (&self.shape).into() })
    }

    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("numbers, texts and truth values always serialise")
    }

    /// Reads a kept request.
    ///
    /// # Errors
    /// Says why it cannot be read.
    pub(crate) fn from_json(json: &str) -> Result<Self, String> {
        let kept: Self = serde_json::from_str(json).map_err(|error| error.to_string())?;
        if kept.version != VERSION {
            return Err(format!("version {} of a kept request is not known", kept.version));
        }
        Ok(kept)
    }
}

impl FormsReader {
    /// Whether a request could be asked for just now, and what keeps it; with `is_incremental`, also for what has changed.
    /// Nothing is made.
    ///
    /// # Errors
    /// As for [`FormsReader::ask_for_export`]; the request is of a moment.
    pub(crate) async fn keep_request(
        &self,
        request: &ExportRequest,
        is_incremental: bool,
    ) -> Result<(FormId, KeptRequest)> {
        let kept = KeptRequest::of(request)?;
        let form_id = self.form_id(&request.form).await?;
        let since = is_incremental.then_some(0);
        let (account, asked) = (self.account, kept.request(form_id, since)?);
        let checked = self.engine.parts.store.read(move |tx| {
            let asked = asked.clone();
            Box::pin(async move {
                let Some(form) = tx.form_of(account, form_id).await? else { return Ok(None) };
                let Some(account) = tx.account(account).await? else { return Ok(None) };
                if let Err(fault) = asked.check_shape(&form.form) {
                    return Ok(Some(Err(fault)));
                }
                Ok(Some(resolve(tx, &asked.wanted, &form, &account).await?.map(drop)))
            })
        });
        checked.await?.ok_or_else(|| Error::not_found("the form"))??;
        Ok((form_id, kept))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frozen example: what was kept must be read for ever.
    #[test]
    fn a_kept_request_is_read() {
        let json = concat!(
            r#"{"version":1,"from":"2026-04-01","include_incomplete":true,"ids":[5,7],"#,
            r#""profile":[3,"507f1f77bcf86cd799439011"],"filter":{"status":"Complete","conditions":[{"column":"100","#,
            r#""operator":"contains","value":"ada","named":"filter.answers[0].contains"}],"any_of":true},"#,
            r#""shape":{"table_of":{"delimiter":"semicolon","columns":["id","100"]}},"container":"gzip"}"#,
        );
        let kept = KeptRequest::from_json(json).unwrap();
        assert_eq!(kept.to_json(), json);
        let request = kept.request(FormId(1), None).unwrap();
        assert_eq!(KeptRequest::of(&request).unwrap(), kept);
        assert!(KeptRequest::from_json(&json.replace(":1,", ":2,")).is_err());
        // What is asked for since a change is of a moment, and is not kept.
        let fault = KeptRequest::of(&kept.request(FormId(1), Some(8)).unwrap()).unwrap_err();
        assert_eq!(fault.field, "since");
    }
}
