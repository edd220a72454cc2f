//! Integrations: the subscriptions that are known by their id, and the log of what they were sent.
//!
//! Guarantees: an integration is reached through its own form only; a header of its own never takes the place of one that
//! a delivery needs.
//!
//! Must not know: how a delivery is made.

use crate::audit::Actor;
use crate::deliver::{by_name, check_url};
use crate::hold::hold_form;
use crate::{Engine, Error, FormRef, FormsReader, Query, Result};
use fillhouse_model::row::Row;
use fillhouse_model::{AccountId, Fault, FormId, Integration, Status, WebhookId};
use fillhouse_store::DeliveryRecord;
use std::collections::BTreeSet;

/// How many integrations a form may have: a body is written for each of them with every submission.
const MOST_INTEGRATIONS: usize = 50;
/// How many deliveries of an integration are shown.
const MOST_EVENTS: i64 = 100;
/// How many of the latest submissions are shown as they are sent.
const MOST_RECENT: u32 = 10;
/// How long a secret must be, and may be.
const SECRET_CHARS: std::ops::RangeInclusive<usize> = 12..=255;
const MOST_HEADERS: usize = 10;
const MOST_HEADER_CHARS: usize = 255;
/// The headers that are ours, or of the connection.
const RESERVED_HEADERS: [&str; 15] = [
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "webhook-id",
    "webhook-test",
    "x-webhook-signature",
];

/// A caller that may manage the integrations of its account's forms.
#[derive(Clone)]
pub struct Integrations {
    pub(crate) engine: Engine,
    pub(crate) account: AccountId,
    pub(crate) actor: Actor,
}

/// An integration to be made, or what one is to become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewIntegration {
    /// Where to post.
    pub url: String,
    /// Whether anything is sent.
    pub is_active: bool,
    /// What its deliveries are signed with.
    pub secret: Option<String>,
    /// Headers to add: names and values.
    pub headers: Vec<(String, String)>,
}

/// The names that a dialect has for what can be wrong.
#[derive(Debug, Clone, Copy)]
pub struct IntegrationFields {
    /// The URL's.
    pub url: &'static str,
    /// The secret's.
    pub secret: &'static str,
    /// The headers'.
    pub headers: &'static str,
}

/// What became of an integration that was to be made.
enum Made {
    Done(Integration),
    OneTooMany,
    /// The form was deleted just now.
    FormIsGone,
}

impl Integrations {
    /// A form's integrations, by id.
    ///
    /// # Errors
    /// There is no such form.
    pub async fn list(&self, form: &FormRef) -> Result<Vec<Integration>> {
        let form = self.form(form).await?;
        Ok(self.engine.parts.store.read(move |tx| Box::pin(tx.integrations_of(form))).await?)
    }

    /// Makes an integration.
    ///
    /// # Errors
    /// There is no such form; the integration is not valid, or one too many.
    pub async fn create(
        &self,
        form: &FormRef,
        new: NewIntegration,
        fields: IntegrationFields,
    ) -> Result<Integration> {
        let form_id = self.form(form).await?;
        self.check(&new, fields)?;
        let now = self.engine.now();
        let entry = self.engine.entry(self.account, &self.actor, "integration.created");
        let created = self.engine.parts.store.write(move |tx| {
            let (new, entry) = (new.clone(), entry.clone());
            Box::pin(async move {
                if hold_form(tx, form_id).await?.is_none() {
                    return Ok(Made::FormIsGone);
                }
                if tx.integrations_of(form_id).await?.len() >= MOST_INTEGRATIONS {
                    return Ok(Made::OneTooMany);
                }
                let id = tx.next_integration_id().await?;
                let NewIntegration { url, is_active, secret, headers } = new;
                let integration = Integration {
                    id,
                    form_id,
                    url,
                    is_active,
                    secret,
                    headers,
                    created_at: now,
                    updated_at: now,
                };
                tx.put_integration(&integration, now).await?;
                tx.audit(&entry.of(named(&integration))).await?;
                Ok(Made::Done(integration))
            })
        });
        match created.await? {
            Made::Done(integration) => Ok(integration),
            Made::FormIsGone => Err(Error::not_found(form)),
            Made::OneTooMany => {
                let message =
                    format!("is of an integration too many: a form has at most {MOST_INTEGRATIONS}");
                Err(Fault::new(fields.url, message).into())
            }
        }
    }

    /// Changes an integration. To one that is not active nothing is owed any more.
    ///
    /// # Errors
    /// There is no such form, or it has no such integration; what it is to become is not valid.
    pub async fn update(
        &self,
        form: &FormRef,
        id: WebhookId,
        new: NewIntegration,
        fields: IntegrationFields,
    ) -> Result<Integration> {
        let form_id = self.form(form).await?;
        self.check(&new, fields)?;
        let now = self.engine.now();
        let entry = self.engine.entry(self.account, &self.actor, "integration.changed");
        let updated = self.engine.parts.store.write(move |tx| {
            let (new, entry) = (new.clone(), entry.clone());
            Box::pin(async move {
                let Some(before) = tx.integration(id).await?.filter(|found| found.form_id == form_id) else {
                    return Ok(None);
                };
                let NewIntegration { url, is_active, secret, headers } = new;
                let integration = Integration { url, is_active, secret, headers, updated_at: now, ..before };
                tx.put_integration(&integration, now).await?;
                tx.audit(&entry.of(named(&integration))).await?;
                Ok(Some(integration))
            })
        });
        updated.await?.ok_or_else(missing)
    }

    /// Deletes an integration; what is owed to it is called off.
    ///
    /// # Errors
    /// There is no such form, or it has no such integration.
    pub async fn delete(&self, form: &FormRef, id: WebhookId) -> Result<()> {
        let (form_id, now) = (self.form(form).await?, self.engine.now());
        let entry = self.engine.entry(self.account, &self.actor, "integration.deleted");
        let deleted = self.engine.parts.store.write(move |tx| {
            let entry = entry.clone();
            Box::pin(async move {
                match tx.integration(id).await? {
                    Some(found) if found.form_id == form_id => {
                        let is_deleted = tx.delete_subscription(id, now).await?;
                        if is_deleted {
                            tx.audit(&entry.of(named(&found))).await?;
                        }
                        Ok(is_deleted)
                    }
                    _ => Ok(false),
                }
            })
        });
        if deleted.await? { Ok(()) } else { Err(missing()) }
    }

    /// What an integration was sent lately, or is still owed, the latest first.
    ///
    /// # Errors
    /// There is no such form, or it has no such integration.
    pub async fn events(&self, form: &FormRef, id: WebhookId) -> Result<Vec<DeliveryRecord>> {
        let form_id = self.form(form).await?;
        let found = self.engine.parts.store.read(move |tx| {
            Box::pin(async move {
                match tx.integration(id).await? {
                    Some(found) if found.form_id == form_id => {
                        tx.recent_deliveries(id, MOST_EVENTS).await.map(Some)
                    }
                    _ => Ok(None),
                }
            })
        });
        found.await?.ok_or_else(missing)
    }

    /// The id of a form.
    ///
    /// # Errors
    /// There is no such form.
    pub async fn form(&self, form: &FormRef) -> Result<FormId> {
        Ok(form.find(&self.engine.parts.store, self.account).await?.form.id)
    }

    fn check(&self, new: &NewIntegration, fields: IntegrationFields) -> Result<()> {
        let mut faults: Vec<Fault> = check_url(fields.url, &new.url, &self.engine.parts.settings.deliveries)
            .err()
            .into_iter()
            .collect();
        if let Some(secret) = &new.secret
            && (!SECRET_CHARS.contains(&secret.chars().count()) || secret.contains('\0'))
        {
            let (least, most) = (SECRET_CHARS.start(), SECRET_CHARS.end());
            faults.push(Fault::new(fields.secret, format!("is not {least} to {most} characters long")));
        }
        faults.extend(check_headers(&new.headers, fields.headers));
        if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
    }
}

impl FormsReader {
    /// What integrations are sent, of the latest submissions of a form that were finished: each a JSON object.
    ///
    /// # Errors
    /// There is no such form.
    pub async fn recently_sent(&self, form: &FormRef) -> Result<Vec<String>> {
        let query = Query { status: Some(Status::Complete), limit: MOST_RECENT, ..Query::default() };
        let page = self.query(form, query).await?;
        let body = |row: &Vec<u8>| {
            let body = by_name(&page.form.form, &Row::read(row)?)?;
            String::from_utf8(body).map_err(Error::internal)
        };
        page.rows.iter().map(body).collect()
    }
}

/// What an integration is called in the audit log.
fn named(integration: &Integration) -> String {
    format!("integration {} of form {}: {}", integration.id, integration.form_id, integration.url)
}

fn missing() -> Error {
    Error::not_found("the integration")
}

fn check_headers(headers: &[(String, String)], field: &str) -> Vec<Fault> {
    let mut faults = Vec::new();
    if headers.len() > MOST_HEADERS {
        faults.push(Fault::new(field, format!("are more than {MOST_HEADERS}")));
    }
    let mut seen = BTreeSet::new();
    for (name, value) in headers {
        let of = |message: &str| Fault::new(format!("{field}.{name}"), message);
        let lower = name.to_ascii_lowercase();
        let is_name = !name.is_empty()
            && name.len() <= MOST_HEADER_CHARS
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte));
        if !is_name {
            faults.push(Fault::new(field, "has a name that no header can have"));
        } else if RESERVED_HEADERS.contains(&lower.as_str()) || lower.starts_with("proxy-") {
            faults.push(of("is not yours to set"));
        } else if !seen.insert(lower) {
            faults.push(of("is given more than once"));
        } else if value.len() > MOST_HEADER_CHARS || !value.bytes().all(|byte| (b' '..=b'~').contains(&byte))
        {
            faults.push(of("is not up to 255 visible ASCII characters"));
        }
    }
    faults
}
