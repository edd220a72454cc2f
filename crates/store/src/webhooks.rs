//! Subscriptions to what happens to a form, of both kinds, in one table.
//!
//! Guarantees: a form's counters say how many of its subscriptions are in force, so that whoever takes ordinals learns it
//! without another statement. A subscription that is gone is owed nothing.
//!
//! Must not know: what is sent to a subscription.

use crate::document::{labels_from_json, labels_to_json};
use crate::value::{Row, params};
use crate::{Error, Result, Tx};
use fillhouse_model::{FormId, Integration, Subscription, SubscriptionKind, Timestamp, Webhook, WebhookId};

const WEBHOOK: &str = "SELECT form_id, url, event, handshake_key FROM webhooks \
     WHERE form_id = $1 AND url = $2 AND kind = 'result'";
const WEBHOOKS_OF: &str = "SELECT form_id, url, event, handshake_key FROM webhooks \
     WHERE form_id = $1 AND kind = 'result' ORDER BY url";
const UPDATE_WEBHOOK: &str =
    "UPDATE webhooks SET event = $1, handshake_key = $2 WHERE form_id = $3 AND url = $4 AND kind = 'result'";
const CREATE_WEBHOOK: &str = "INSERT INTO webhooks (id, form_id, kind, url, event, handshake_key, is_active) \
     VALUES ($1, $2, 'result', $3, $4, $5, 1)";
const DELETE_WEBHOOK: &str =
    "DELETE FROM webhooks WHERE form_id = $1 AND url = $2 AND kind = 'result' RETURNING id";
const INTEGRATION_COLUMNS: &str = "id, form_id, url, is_active, secret, headers, created_at, updated_at";
const PUT_INTEGRATION: &str = "INSERT INTO webhooks (id, form_id, kind, url, event, is_active, secret, headers, \
     created_at, updated_at) VALUES ($1, $2, 'integration', $3, $4, $5, $6, $7, $8, $9) \
     ON CONFLICT (id) DO UPDATE SET url = excluded.url, is_active = excluded.is_active, secret = excluded.secret, \
     headers = excluded.headers, created_at = excluded.created_at, updated_at = excluded.updated_at";
const RESERVE_INTEGRATION_IDS: &str =
    "UPDATE counters SET value = $1 WHERE name = 'integration_id' AND value < $1";
const DELETE: &str = "DELETE FROM webhooks WHERE id = $1 RETURNING form_id";
const STOP: &str = "UPDATE webhooks SET is_active = 0, updated_at = $1 WHERE id = $2 RETURNING form_id";
const DELETE_ALL: &str = "DELETE FROM webhooks WHERE form_id = $1 RETURNING id";
const SUBSCRIPTION_COLUMNS: &str = "id, form_id, url, event, kind, handshake_key, secret, headers";
const COUNT: &str = "UPDATE form_counters SET webhooks = \
     (SELECT COUNT(*) FROM webhooks WHERE form_id = $1 AND is_active = 1) WHERE form_id = $1";

/// What an integration is told of.
const INTEGRATION_EVENT: &str = "submission";

impl Tx {
    /// The form's webhook of this URL.
    pub async fn webhook(&mut self, form: FormId, url: &str) -> Result<Option<Webhook>> {
        self.query_one(WEBHOOK, params![form.0, url], read_webhook).await
    }

    /// A form's webhooks, by URL.
    pub async fn webhooks_of(&mut self, form: FormId) -> Result<Vec<Webhook>> {
        self.query(WEBHOOKS_OF, params![form.0], read_webhook).await
    }

    /// Stores a webhook, new or in place of the one with its URL.
    ///
    /// # Errors
    /// [`Error::Constraint`] where another stored one of that URL at the same moment.
    pub async fn put_webhook(&mut self, webhook: &Webhook) -> Result<()> {
        let Webhook { form_id, url, event, handshake_key } = webhook;
        let key = handshake_key.as_deref();
        if self.execute(UPDATE_WEBHOOK, params![event, key, form_id.0, url]).await? == 0 {
            let id = self.next_number("webhook_id").await?;
            self.execute(CREATE_WEBHOOK, params![id, form_id.0, url, event, key]).await?;
        }
        self.count_webhooks(*form_id).await
    }

    /// Deletes the form's webhook of this URL, to which nothing is owed any more; whether there was one.
    pub async fn delete_webhook(&mut self, form: FormId, url: &str, now: Timestamp) -> Result<bool> {
        let id = self.query_one(DELETE_WEBHOOK, params![form.0, url], |row| row.int(0)).await?;
        let Some(id) = id else { return Ok(false) };
        self.count_webhooks(form).await?;
        self.call_off(WebhookId(id), now).await?;
        Ok(true)
    }

    /// The integration of this id, of whatever form.
    pub async fn integration(&mut self, id: WebhookId) -> Result<Option<Integration>> {
        let sql =
            format!("SELECT {INTEGRATION_COLUMNS} FROM webhooks WHERE id = $1 AND kind = 'integration'");
        self.query_one(&sql, params![id.0], read_integration).await
    }

    /// A form's integrations, by id.
    pub async fn integrations_of(&mut self, form: FormId) -> Result<Vec<Integration>> {
        let sql = format!(
            "SELECT {INTEGRATION_COLUMNS} FROM webhooks WHERE form_id = $1 AND kind = 'integration' ORDER BY id"
        );
        self.query(&sql, params![form.0], read_integration).await
    }

    /// An id that no integration has.
    pub async fn next_integration_id(&mut self) -> Result<WebhookId> {
        self.next_number("integration_id").await.map(WebhookId)
    }

    /// Stores an integration, new or in place of the one with its id. To one that is not active nothing is owed any more.
    pub async fn put_integration(&mut self, integration: &Integration, now: Timestamp) -> Result<()> {
        let Integration { id, form_id, url, is_active, secret, headers, created_at, updated_at } =
            integration;
        let headers = labels_to_json(headers);
        let values = params![
            id.0,
            form_id.0,
            url,
            INTEGRATION_EVENT,
            *is_active,
            secret.as_deref(),
            &headers,
            *created_at,
            *updated_at
        ];
        self.execute(PUT_INTEGRATION, values).await?;
        self.execute(RESERVE_INTEGRATION_IDS, params![id.0]).await?;
        self.count_webhooks(*form_id).await?;
        if !is_active {
            self.call_off(*id, now).await?;
        }
        Ok(())
    }

    /// Deletes a subscription of either kind, to which nothing is owed any more; whether there was one.
    pub async fn delete_subscription(&mut self, id: WebhookId, now: Timestamp) -> Result<bool> {
        self.end_subscription(DELETE, params![id.0], id, now).await
    }

    /// Makes a subscription inactive, and calls off what is owed to it; whether there was one.
    pub async fn stop_subscription(&mut self, id: WebhookId, now: Timestamp) -> Result<bool> {
        self.end_subscription(STOP, params![now, id.0], id, now).await
    }

    /// Deletes all subscriptions of a form, to which nothing is owed any more.
    pub async fn delete_subscriptions(&mut self, form: FormId, now: Timestamp) -> Result<()> {
        let ids = self.query(DELETE_ALL, params![form.0], |row| row.int(0).map(WebhookId)).await?;
        self.count_webhooks(form).await?;
        for id in ids {
            self.call_off(id, now).await?;
        }
        Ok(())
    }

    async fn end_subscription(
        &mut self,
        sql: &str,
        values: &[crate::value::Param<'_>],
        id: WebhookId,
        now: Timestamp,
    ) -> Result<bool> {
        let Some(form) = self.query_one(sql, values, |row| row.int(0)).await? else { return Ok(false) };
        // This waits for whoever takes places in the form; what they come to owe is seen thereafter.
        self.count_webhooks(FormId(form)).await?;
        self.call_off(id, now).await?;
        Ok(true)
    }

    /// The subscription of this id, where it is in force.
    pub async fn subscription(&mut self, id: WebhookId) -> Result<Option<Subscription>> {
        let sql = format!("SELECT {SUBSCRIPTION_COLUMNS} FROM webhooks WHERE id = $1 AND is_active = 1");
        self.query_one(&sql, params![id.0], read_subscription).await
    }

    /// A form's subscriptions that are in force, by id.
    pub async fn subscriptions_of(&mut self, form: FormId) -> Result<Vec<Subscription>> {
        let sql = format!(
            "SELECT {SUBSCRIPTION_COLUMNS} FROM webhooks WHERE form_id = $1 AND is_active = 1 ORDER BY id"
        );
        self.query(&sql, params![form.0], read_subscription).await
    }

    async fn count_webhooks(&mut self, form: FormId) -> Result<()> {
        self.execute(COUNT, params![form.0]).await.map(drop)
    }
}

fn read_webhook(row: Row<'_>) -> Result<Webhook> {
    Ok(Webhook {
        form_id: FormId(row.int(0)?),
        url: row.text(1)?,
        event: row.text(2)?,
        handshake_key: row.text_or_null(3)?,
    })
}

fn read_integration(row: Row<'_>) -> Result<Integration> {
    let id = row.int(0)?;
    Ok(Integration {
        id: WebhookId(id),
        form_id: FormId(row.int(1)?),
        url: row.text(2)?,
        is_active: row.int(3)? != 0,
        secret: row.text_or_null(4)?,
        headers: headers(id, row.text_or_null(5)?)?,
        created_at: row.instant(6)?,
        updated_at: row.instant(7)?,
    })
}

fn read_subscription(row: Row<'_>) -> Result<Subscription> {
    let id = row.int(0)?;
    let kind = match row.text(4)?.as_str() {
        "result" => SubscriptionKind::Result { handshake_key: row.text_or_null(5)? },
        "integration" => SubscriptionKind::Integration {
            secret: row.text_or_null(6)?,
            headers: headers(id, row.text_or_null(7)?)?,
        },
        other => return Err(Error::inconsistent("webhooks", id, format!("{other:?} is no kind"))),
    };
    Ok(Subscription {
        id: WebhookId(id),
        form_id: FormId(row.int(1)?),
        url: row.text(2)?,
        event: row.text(3)?,
        kind,
    })
}

fn headers(id: i64, json: Option<String>) -> Result<Vec<(String, String)>> {
    let json = json.unwrap_or_else(|| "{}".to_owned());
    labels_from_json(&json).map_err(|error| Error::inconsistent("webhooks", id, error))
}
