//! What is sent from a form's page: stored, saved for later, or given back with what is wrong.
//!
//! Machines are held off by a field that people do not see, by a stamp that says when the page was given, and by a limit for
//! each address. A person who is taken for one sends again, and loses nothing.
//!
//! Must not know: how answers are checked or stored.

use super::answers::answers;
use super::given::{Given, read};
use super::page::{Way, address, find, see_other, thanks_at};
use super::view::{Place, Said, Sheet, page};
use super::words;
use crate::{dialect, visitor};
use axum::extract::{RawQuery, Request, State};
use axum::response::{IntoResponse as _, Response};
use fillhouse_engine::{Engine, Error, Filled, PublicForm, Unfinished, Visitor};
use fillhouse_model::{ErrorKind, Fault, FormState};

/// In how many seconds nobody fills in a form.
const LEAST_SECONDS: i64 = 2;
/// After how many seconds a page is too old.
const MOST_SECONDS: i64 = 24 * 3_600;

/// Takes what was filled in.
pub(super) async fn send(
    State(engine): State<Engine>,
    way: Way,
    RawQuery(query): RawQuery,
    request: Request,
) -> Result<Response, Said> {
    let (place, form) = find(&engine, way, &query.unwrap_or_default()).await?;
    if let Some(seconds) = visitor::address(&request).and_then(|address| engine.count_visit(address)) {
        return Err(Said::busy(seconds).at(&place));
    }
    if form.form().state != FormState::Open {
        return Err(Said::closed(form.form()).at(&place));
    }
    let visitor = visitor::of(&request);
    let given = read(&form, request).await.map_err(|error| Said::of(&error).at(&place))?;
    let post = Post { place: &place, form: &form, given };
    post.take(visitor).await.map_err(|error| Said::of(&error).at(&place))
}

/// What was sent, and where to.
struct Post<'a> {
    place: &'a Place,
    form: &'a PublicForm,
    given: Given,
}

impl Post<'_> {
    async fn take(self, visitor: Visitor) -> Result<Response, Error> {
        let age_seconds = self.form.stamp_age_seconds(&self.given.stamp).await?;
        if let Some(notice) = suspicion(&self.given, age_seconds) {
            // Whoever was too fast is not so any more after a while with the same page.
            return self.again(&[], Some(notice), age_seconds.is_some_and(|age| age < LEAST_SECONDS)).await;
        }
        let prefix = self.form.files_prefix().await?;
        let (answers, mut faults) = answers(self.form.form(), &self.given.values, &prefix);
        if let Some(word) = &self.given.goes_on_with {
            match self.form.unfinished(word).await {
                // It was sent twice.
                Ok(Unfinished::Finished(found)) if faults.is_empty() && found.says(&answers) => {
                    return Ok(see_other(&thanks_at(self.place)).into_response());
                }
                Ok(Unfinished::Finished(_)) => return self.anew(words::SENT_MEANWHILE).await,
                Ok(Unfinished::Open(_)) => {}
                Err(error) if matches!(error.kind(), ErrorKind::InvalidArgument | ErrorKind::NotFound) => {
                    return self.anew(words::UNKNOWN_WORD).await;
                }
                Err(error) => return Err(error),
            }
        }
        faults.extend(self.given.faults.iter().cloned());
        if !faults.is_empty() {
            return self.again(&faults, None, true).await;
        }
        let filled = Filled {
            answers,
            is_partial: self.given.is_partial,
            seconds: age_seconds,
            goes_on_with: self.given.goes_on_with.clone(),
            once: Some(self.given.stamp.clone()),
            visitor,
        };
        match self.form.answer(&filled).await {
            Ok(answered) if filled.is_partial => {
                let page = self.given.page.map(|page| format!("&page={page}")).unwrap_or_default();
                let to = address(self.place, &format!("?resume={}{page}&saved", answered.word));
                Ok(see_other(&to).into_response())
            }
            Ok(_) => Ok(see_other(&thanks_at(self.place)).into_response()),
            Err(error) if error.kind() == ErrorKind::InvalidArgument => {
                self.again(error.faults(), None, true).await
            }
            Err(error) => Err(error),
        }
    }

    /// The page once more, for a submission of its own.
    async fn anew(self, notice: &str) -> Result<Response, Error> {
        let given = Given { goes_on_with: None, ..self.given };
        Self { given, ..self }.again(&[], Some(notice), false).await
    }

    /// The page once more, with all that was filled in. It keeps its stamp where that is good.
    async fn again(
        self,
        faults: &[Fault],
        notice: Option<&str>,
        keeps_stamp: bool,
    ) -> Result<Response, Error> {
        let stamp = if keeps_stamp { self.given.stamp } else { self.form.stamp().await? };
        let files_prefix = self.form.files_prefix().await?;
        let layout = dialect::layout(self.form).await?;
        let sheet = Sheet {
            values: self.given.values,
            faults,
            stamp: &stamp,
            goes_on_with: self.given.goes_on_with.as_deref(),
            saved_at: None,
            notice,
            files_prefix: &files_prefix,
            page: self.given.page,
            was_sent: true,
        };
        Ok(page(self.place, self.form.form(), &layout, &sheet))
    }
}

/// Why this may not be from a person.
fn suspicion(given: &Given, age_seconds: Option<i64>) -> Option<&'static str> {
    match age_seconds {
        _ if given.is_trapped => Some(words::TRAPPED),
        Some(age) if age < LEAST_SECONDS => Some(words::TOO_FAST),
        Some(age) if age <= MOST_SECONDS => None,
        _ => Some(words::TOO_OLD),
    }
}
