//! `{user_dir}/forms/{form_dir}/results`: the results of a form, a page at a time.
//!
//! Guarantees: every answer says which page it is, of how many, and how many results a page has at most.
//!
//! Must not know: how results are found.

use super::access::InForm;
use super::error::{Refusal, Refusals};
use super::parameters::Parameters;
use super::query::Queried;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderName, HeaderValue, Uri};
use axum::response::{IntoResponse as _, Response};

const LIMIT: HeaderName = HeaderName::from_static("pagination-limit");
const CURRENT_PAGE: HeaderName = HeaderName::from_static("pagination-page-current");
const LAST_PAGE: HeaderName = HeaderName::from_static("pagination-page-last");

/// The results of a form.
#[derive(utoipa::ToSchema)]
#[schema(title = "Results")]
#[expect(dead_code, reason = "it is described, not made")]
pub(super) struct ResultsBody {
    results: Vec<ResultBody>,
}

/// One result. Where a results view is applied, it has what the view has.
#[derive(utoipa::ToSchema)]
#[schema(title = "Result")]
#[expect(dead_code, reason = "it is described, not made")]
pub(super) struct ResultBody {
    /// When it was finished; absent while it is not.
    date_finish: Option<String>,
    /// When it was begun, where known.
    date_start: Option<String>,
    /// When it was last changed.
    date_update: Option<String>,
    /// Its id.
    id: Option<String>,
    login_email: Option<String>,
    login_username: Option<String>,
    payment_amount: Option<f64>,
    payment_status: Option<String>,
    /// `Complete` or `Incomplete`.
    result_status: Option<String>,
    user_browser: Option<String>,
    user_ip: Option<String>,
    user_device: Option<String>,
    /// `N/A` where it was not recorded.
    user_referrer: Option<String>,
    items: Vec<AnswerBody>,
}

/// The answer of an item: a text in `value`, or a list in `values`.
#[derive(utoipa::ToSchema)]
#[schema(title = "Answer")]
#[expect(dead_code, reason = "it is described, not made")]
pub(super) struct AnswerBody {
    /// The item's id.
    id: String,
    /// The item's place on the form, from 0.
    position: u32,
    #[schema(nullable = false)]
    value: Option<String>,
    #[schema(nullable = false)]
    values: Option<Vec<ValueBody>>,
}

/// A choice that was made, a text of a row, or a file.
#[derive(utoipa::ToSchema)]
#[schema(title = "Value")]
#[expect(dead_code, reason = "it is described, not made")]
pub(super) struct ValueBody {
    /// What was typed beside the choice.
    #[schema(nullable = false)]
    other: Option<String>,
    position: u32,
    /// The choice's label, the text, or the file's address.
    value: String,
}

/// The results of a form. Items are searched with `search_equals[x]`, `search_contains[x]`, `search_begins[x]` and
/// `search_ends[x]`, where `x` is the id of an item; with `search_equals` also `result_id`, `result_status` and other
/// metas that are texts.
#[utoipa::path(
    get,
    path = "/{user_dir}/forms/{form_dir}/results",
    params(
        ("user_dir" = String, Path, description = "The account's directory"),
        ("form_dir" = String, Path, description = "The form's directory"),
        ("limit" = Option<u64>, Query, description = "How many results a page has; 100 where it is more or absent"),
        ("page" = Option<u64>, Query, description = "The page, from 1"),
        ("after_date" = Option<String>, Query, description = "Only results last changed after this: ISO 8601 in UTC, or `YYYY-MM-DD HH:MM:SS` in the account's time zone"),
        ("before_date" = Option<String>, Query, description = "Only results last changed before this"),
        ("after_id" = Option<i64>, Query, description = "Only results with a greater id"),
        ("before_id" = Option<i64>, Query, description = "Only results with a smaller id"),
        ("sort_id" = Option<String>, Query, description = "The meta or the id of the item to sort by; `result_id` where it is absent"),
        ("sort_direction" = Option<String>, Query, description = "`asc`, or `desc`, which holds where it is absent"),
        ("results_view" = Option<String>, Query, description = "The id of a results view: what is not in it is left out"),
        ("search_method" = Option<String>, Query, description = "`and`, which holds where it is absent, or `or`"),
    ),
    responses(
        (
            status = 200,
            description = "The page",
            body = ResultsBody,
            headers(
                ("Pagination-Limit" = u64, description = "How many results a page has at most"),
                ("Pagination-Page-Current" = u64, description = "The page"),
                ("Pagination-Page-Last" = u64, description = "The last page; 0 where there are no results"),
            ),
        ),
        Refusals,
    ),
)]
pub(super) async fn list(place: InForm, uri: Uri) -> Result<Response, Refusal> {
    let parameters = Parameters::read(&Queried::of(&uri), &place.account)?;
    let (limit, page) = (parameters.query.limit, parameters.query.page);
    let mut body = b"{\"results\":[".to_vec();
    let view = parameters.view.as_deref();
    let total = place.reader.results(&place.form, parameters.query, view, &mut body).await?;
    body.extend_from_slice(b"]}");
    let numbers = [
        (LIMIT, u64::from(limit)),
        (CURRENT_PAGE, page.saturating_add(1)),
        (LAST_PAGE, total.div_ceil(u64::from(limit))),
    ];
    let media_type = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    Ok((media_type, numbers.map(|(name, number)| (name, HeaderValue::from(number))), body).into_response())
}
