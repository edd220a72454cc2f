//! `forms/list` and `forms/get`: what forms there are.
//!
//! Must not know: what was filled in.

use super::call::Call;
use super::data::Data;
use super::databases::is_narrowed;
use super::document::{Answers, FormRequest, PageRequest};
use super::fills::form;
use super::parameters::Parameters;
use super::profiles::limit;
use axum::response::Response;
use fillhouse_engine::{FormOverview, FormsReader, Result};
use fillhouse_model::{Fault, FormState, Item, ItemType, Timestamp};

/// Lists the forms, page by page.
#[utoipa::path(
    post,
    path = "/forms/list",
    request_body(content((PageRequest = "application/json"), (PageRequest = "application/xml"))),
    responses(Answers),
)]
pub(super) async fn list(call: Call) -> Response {
    match page(&call.reader, &call.parameters).await {
        Ok((data, total)) => call.format.success_with([("data", data), ("total_count", total.into())]),
        Err(error) => call.format.fail(&error),
    }
}

async fn page(reader: &FormsReader, parameters: &Parameters) -> Result<(Data, i64)> {
    // The documented example says `id` where the documented parameter is `from_id`.
    let from = parameters.int("from_id")?.or(parameters.int("id")?).unwrap_or(1);
    let limit = usize::try_from(limit(parameters)?).unwrap_or(1);
    let is_published = parameters.flag("is_published")?;
    // No form here has tags or groups, or asks whether somebody would recommend something.
    if is_narrowed(parameters) || parameters.flag("is_nps")?.unwrap_or(false) {
        return Ok((Data::List(Vec::new()), 0));
    }
    let mut forms = reader.overviews().await?;
    forms.retain(|known| is_published.is_none_or(|wanted| wanted == is_open(known)));
    let total = forms.len() as i64;
    let data = forms.iter().filter(|known| known.form.id.0 >= from).take(limit);
    Ok((Data::List(data.map(|known| Data::Object(shown(known))).collect()), total))
}

fn is_open(overview: &FormOverview) -> bool {
    overview.form.state == FormState::Open
}

type Members = Vec<(std::borrow::Cow<'static, str>, Data)>;

fn shown(overview: &FormOverview) -> Members {
    let FormOverview { form, submissions, dates, .. } = overview;
    let none = || Data::List(Vec::new());
    let report = Data::from([("is_form_fill", true.into()), ("posts", (*submissions).into())]);
    let date = |date: Option<Timestamp>| Some(date?.to_millis_string().into());
    let dates = [("createtime", date(dates.created_at)), ("updatetime", date(dates.updated_at))];
    let dates = dates.into_iter().filter_map(|(name, date): (_, Option<Data>)| Some((name, date?)));
    let members = [
        ("id", form.id.0.into()),
        ("group_id", 0.into()),
        ("groups_id", none()),
        ("is_delete", false.into()),
        ("name", form.name.as_str().into()),
        ("shortname", form.shortname.as_str().into()),
        ("descr", form.description.as_deref().unwrap_or_default().into()),
        ("type", "basic".into()),
        ("ui_tags", none()),
        ("is_nps", false.into()),
        ("is_published", is_open(overview).into()),
        ("is_temporary", false.into()),
        ("total_report", report),
    ];
    members.into_iter().chain(dates).map(|(name, value)| (name.into(), value)).collect()
}

/// Shows a form, with its structure where that is asked for.
#[utoipa::path(
    post,
    path = "/forms/get",
    request_body(content((FormRequest = "application/json"), (FormRequest = "application/xml"))),
    responses(Answers),
)]
pub(super) async fn get(call: Call) -> Response {
    call.format.answer(one(&call.reader, &call.parameters).await)
}

async fn one(reader: &FormsReader, parameters: &Parameters) -> Result<Data> {
    let (id, shortname) = (parameters.int("id")?, parameters.text("shortname")?);
    if id.is_none() && shortname.is_none() {
        return Err(Fault::new("id", "is missing, and so is shortname").into());
    }
    let (with_form, with_actions) = (parameters.flag("form")?, parameters.flag("actions")?);
    let overview = reader.overview(&form(reader, id, shortname).await?).await?;
    let mut members = shown(&overview);
    members.push(("tz".into(), overview.form.timezone.as_deref().unwrap_or_default().into()));
    if with_actions.unwrap_or(false) {
        members.push(("actions".into(), Data::List(Vec::new())));
    }
    if with_form.unwrap_or(false) {
        members.push(("form".into(), Data::from([("fields", fields(&overview.form.items))])));
    }
    Ok(Data::Object(members))
}

fn fields(items: &[Item]) -> Data {
    let field = |item: &Item| {
        let (_, kind) =
            ItemType::ALL.iter().find(|(known, _)| *known == item.kind).expect("the list has every type");
        Data::from([
            ("name", format!("field_{}", item.id).into()),
            ("label", item.label.as_str().into()),
            ("type", (*kind).into()),
            ("required", item.required.into()),
            ("child", fields(&item.children)),
        ])
    };
    Data::List(items.iter().map(field).collect())
}
