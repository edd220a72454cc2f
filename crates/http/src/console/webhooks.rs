//! The webhooks of a form: those of both kinds, made, changed, deleted.
//!
//! Must not know: what is sent, or how.

mod one;

use super::pairs::{Faults, Pairs};
use super::session::InForm;
use super::view::{Frame, Refusal, rendered, see_other};
use super::words;
use askama::Template;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::Response;
use fillhouse_engine::{
    Engine, Error, FormSubscription, IntegrationFields, Integrations, NewIntegration, NewWebhook,
};
use fillhouse_model::{ErrorKind, Fault, Form};
pub(super) use one::{delete, save, send_again, show, test};
use std::sync::Arc;

const EVENT: &str = "result_completed";
const FIELDS: IntegrationFields = IntegrationFields { url: "url", secret: "secret", headers: "headers" };

/// The webhooks of a form, and somebody who is signed in to its account.
pub(super) struct InHooks {
    place: InForm,
    hooks: Integrations,
    form: Arc<Form>,
}

impl FromRequestParts<Engine> for InHooks {
    type Rejection = Refusal;

    async fn from_request_parts(head: &mut Parts, engine: &Engine) -> Result<Self, Refusal> {
        let place = InForm::from_request_parts(head, engine).await?;
        let hooks = place.caller.integrations()?;
        let form = place.reader.overview(&place.form).await?.form;
        Ok(Self { place, hooks, form })
    }
}

impl InHooks {
    fn path(&self) -> String {
        format!("{}/console/forms/{}/webhooks", self.place.frame.base, self.form.id)
    }
}

/// What a webhook is to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Wish {
    kind: String,
    url: String,
    handshake_key: String,
    secret: String,
    headers: String,
    is_active: bool,
}

impl Wish {
    fn of(pairs: &Pairs) -> Self {
        let text = |name: &str| pairs.one(name).to_owned();
        Self {
            kind: text("kind"),
            url: text("url"),
            handshake_key: text("handshake_key"),
            secret: text("secret"),
            headers: text("headers"),
            is_active: pairs.has("active", "yes"),
        }
    }

    fn of_hook(hook: &FormSubscription) -> Self {
        match hook {
            FormSubscription::Webhook(_, webhook) => Self {
                kind: "result".to_owned(),
                url: webhook.url.clone(),
                handshake_key: webhook.handshake_key.clone().unwrap_or_default(),
                is_active: true,
                ..Self::default()
            },
            FormSubscription::Integration(integration) => {
                let lines = integration.headers.iter().map(|(name, value)| format!("{name}: {value}"));
                Self {
                    kind: "integration".to_owned(),
                    url: integration.url.clone(),
                    secret: integration.secret.clone().unwrap_or_default(),
                    headers: lines.collect::<Vec<_>>().join("\n"),
                    is_active: integration.is_active,
                    ..Self::default()
                }
            }
        }
    }

    fn webhook(&self) -> NewWebhook {
        let handshake_key = (!self.handshake_key.is_empty()).then(|| self.handshake_key.clone());
        NewWebhook { url: self.url.clone(), event: EVENT.to_owned(), handshake_key }
    }

    fn integration(&self) -> Result<NewIntegration, Fault> {
        let mut headers = Vec::new();
        for line in self.headers.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let wrong = || Fault::new("headers", "has a line without a colon");
            let (name, value) = line.split_once(':').ok_or_else(wrong)?;
            headers.push((name.trim().to_owned(), value.trim().to_owned()));
        }
        let secret = (!self.secret.is_empty()).then(|| self.secret.clone());
        Ok(NewIntegration { url: self.url.clone(), is_active: self.is_active, secret, headers })
    }
}

/// A webhook in the list.
struct Listed {
    path: String,
    url: String,
    kind: &'static str,
    is_active: bool,
}

#[derive(Template)]
#[template(path = "console/webhooks.html")]
struct All {
    frame: Frame,
    form: i64,
    name: String,
    path: String,
    hooks: Vec<Listed>,
    wish: Wish,
    faults: Faults,
}

fn kind_said(hook: &FormSubscription) -> &'static str {
    let [(_, result), (_, integration)] = words::webhooks::KINDS;
    match hook {
        FormSubscription::Webhook(..) => result,
        FormSubscription::Integration(_) => integration,
    }
}

async fn shown(here: InHooks, wish: Wish, faults: Faults) -> Result<Response, Refusal> {
    let path = here.path();
    let listed = |hook: FormSubscription| Listed {
        path: format!("{path}/{}", hook.id()),
        url: hook.url().to_owned(),
        kind: kind_said(&hook),
        is_active: hook.is_active(),
    };
    let hooks = here.hooks.subscriptions(&here.place.form).await?;
    let hooks = hooks.into_iter().map(listed).collect();
    let status = faults.status();
    let (form, name, frame) = (here.form.id.0, here.form.name.clone(), here.place.frame);
    Ok(rendered(status, &All { frame, form, name, path, hooks, wish, faults }))
}

/// Lists the webhooks of a form.
pub(super) async fn list(here: InHooks) -> Result<Response, Refusal> {
    let wish = Wish { kind: "result".to_owned(), is_active: true, ..Wish::default() };
    shown(here, wish, Faults::default()).await
}

/// Makes a webhook.
pub(super) async fn create(here: InHooks, pairs: Pairs) -> Result<Response, Refusal> {
    let wish = Wish::of(&pairs);
    let form = &here.place.form;
    let made = match wish.kind.as_str() {
        "result" => here.place.writer.put_webhook(form, wish.webhook()).await.map(drop),
        "integration" => match wish.integration() {
            Ok(new) => here.hooks.create(form, new, FIELDS).await.map(drop),
            Err(fault) => Err(fault.into()),
        },
        _ => Err(Error::from(Fault::new("kind", "is none that there is"))),
    };
    match made {
        Ok(()) => Ok(see_other(&here.path())),
        Err(error) if error.kind() == ErrorKind::InvalidArgument => {
            let faults = Faults::new(error.faults());
            shown(here, wish, faults).await
        }
        Err(error) => Err(error.into()),
    }
}
