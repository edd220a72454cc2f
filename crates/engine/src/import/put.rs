//! Importing the kinds of which there are few: one line, one transaction.
//!
//! Guarantees: whatever a line refers to is there, and is of the same account.
//!
//! Must not know: submissions and profiles, which come in batches.

use super::Change;
use super::forms::put_form;
use crate::interchange::{Credential, Record, SegmentLine, TokenRecord};
use crate::{Result, tokens};
use fillhouse_model::{
    Account, AccountId, Audience, AudienceId, Fault, Form, FormId, FormLook, Integration, ResultsLabels,
    ResultsView, Segment, SegmentId, SegmentMembers, Timestamp, Token, User, Webhook, WebhookId,
};
use fillhouse_store::{DeletedSegment, Error as StoreError, Result as StoreResult, Store, Tx};

/// The largest id of an integration: those of webhooks come after it.
const LAST_INTEGRATION: WebhookId = WebhookId(1 << 40);

/// What may be stored in one transaction of its own.
#[derive(Clone)]
enum Single {
    Account(Account),
    User(User),
    Token(Token),
    Form(Form),
    Labels(ResultsLabels),
    View(ResultsView),
    Look(FormLook),
    Webhook(Webhook),
    Integration(Integration),
    Audience(Audience),
    Segment(SegmentLine),
}

pub(super) type Put = StoreResult<Result<Change, Fault>>;

/// The word for a record's kind.
pub(super) fn kind(record: &Record<'_>) -> &'static str {
    match record {
        Record::Account(_) => "account",
        Record::User(_) => "user",
        Record::Token(_) => "token",
        Record::Form(_) => "form",
        Record::ResultsLabels(_) => "results_labels",
        Record::ResultsView(_) => "results_view",
        Record::Look(_) => "look",
        Record::Webhook(_) => "webhook",
        Record::Integration(_) => "integration",
        Record::Audience(_) => "audience",
        Record::Profile(_) => "profile",
        Record::Segment(_) => "segment",
        Record::Submission(_) => "submission",
        Record::Schedule(_) => "schedule",
    }
}

/// Stores a record that is neither a submission nor a profile.
pub(super) async fn put(store: &Store, record: Record<'_>, now: Timestamp) -> Result<Result<Change, Fault>> {
    let single = match record {
        Record::Account(account) => Single::Account(account),
        Record::User(user) => Single::User(user),
        Record::Token(record) => Single::Token(token(record)),
        Record::Form(form) => Single::Form(form),
        Record::ResultsLabels(labels) => Single::Labels(labels),
        Record::ResultsView(view) => Single::View(view),
        Record::Look(look) => Single::Look(look),
        Record::Webhook(webhook) => Single::Webhook(webhook),
        Record::Integration(integration) => Single::Integration(integration),
        Record::Audience(audience) => Single::Audience(audience),
        Record::Segment(segment) => Single::Segment(segment),
        Record::Profile(_) | Record::Submission(_) | Record::Schedule(_) => {
            return Err(crate::Error::internal("this kind is stored elsewhere"));
        }
    };
    let put = || {
        let single = single.clone();
        store.write(move |tx| {
            let single = single.clone();
            Box::pin(async move { single.put(tx, now).await })
        })
    };
    match put().await {
        // Another process stored something of the same name just now, which is seen the second time.
        Err(StoreError::Constraint(_)) => Ok(put().await?),
        other => Ok(other?),
    }
}

fn token(record: TokenRecord) -> Token {
    let TokenRecord { account_id, user_id, name, abilities, credential } = record;
    let hash = match credential {
        Credential::Secret(secret) => tokens::hash(&secret),
        Credential::Hash(hash) => hash,
    };
    Token { hash, account_id, user_id, name, abilities }
}

impl Single {
    async fn put(self, tx: &mut Tx, now: Timestamp) -> Put {
        match self {
            Self::Account(account) => put_account(tx, account).await,
            Self::User(user) => put_user(tx, user).await,
            Self::Token(token) => put_token(tx, token).await,
            Self::Form(form) => put_form(tx, form, now).await,
            Self::Labels(labels) => {
                if let Err(fault) = has_form(tx, labels.form_id).await? {
                    return Ok(Err(fault));
                }
                let before = tx.results_labels(labels.form_id, &labels.id).await?;
                done(Change::of(before.as_ref(), &labels), tx.put_results_labels(&labels)).await
            }
            Self::View(view) => {
                if let Err(fault) = has_form(tx, view.form_id).await? {
                    return Ok(Err(fault));
                }
                let before = tx.results_view(view.form_id, &view.id).await?;
                done(Change::of(before.as_ref(), &view), tx.put_results_view(&view)).await
            }
            Self::Look(look) => {
                if let Err(fault) = has_form(tx, look.form_id).await? {
                    return Ok(Err(fault));
                }
                let kept = tx.form_look(look.form_id, &look.dialect).await?;
                done(Change::of(kept.as_ref(), &look.look), tx.put_look(&look)).await
            }
            Self::Webhook(webhook) => {
                if let Err(fault) = has_form(tx, webhook.form_id).await? {
                    return Ok(Err(fault));
                }
                let before = tx.webhook(webhook.form_id, &webhook.url).await?;
                done(Change::of(before.as_ref(), &webhook), tx.put_webhook(&webhook)).await
            }
            Self::Integration(integration) => put_integration(tx, integration).await,
            Self::Audience(audience) => put_audience(tx, audience).await,
            Self::Segment(SegmentLine::Kept(segment)) => put_segment(tx, segment, now).await,
            Self::Segment(SegmentLine::Deleted(deleted)) => put_deleted_segment(tx, deleted, now).await,
        }
    }
}

pub(super) async fn done(change: Change, put: impl Future<Output = StoreResult<()>>) -> Put {
    if change != Change::Unchanged {
        put.await?;
    }
    Ok(Ok(change))
}

pub(super) async fn has_account(tx: &mut Tx, id: AccountId) -> StoreResult<Result<(), Fault>> {
    let fault = || Fault::new("account_id", format!("account {id} does not exist"));
    Ok(tx.account(id).await?.map(drop).ok_or_else(fault))
}

async fn has_form(tx: &mut Tx, id: FormId) -> StoreResult<Result<(), Fault>> {
    let fault = || Fault::new("form_id", format!("form {id} does not exist"));
    Ok(tx.form(id).await?.map(drop).ok_or_else(fault))
}

/// A thing stays in the account it was first stored in.
pub(super) fn same_account(before: Option<AccountId>, new: AccountId) -> Result<(), Fault> {
    match before {
        Some(before) if before != new => {
            Err(Fault::new("account_id", format!("is not {before}, the account that it belongs to")))
        }
        _ => Ok(()),
    }
}

async fn put_account(tx: &mut Tx, account: Account) -> Put {
    let taken = tx.account_in(&account.user_dir).await?.is_some_and(|found| found.id != account.id);
    if taken {
        return Ok(Err(Fault::new("user_dir", format!("{} is taken", account.user_dir))));
    }
    let before = tx.account(account.id).await?;
    done(Change::of(before.as_ref(), &account), tx.put_account(&account)).await
}

async fn put_user(tx: &mut Tx, user: User) -> Put {
    let before = tx.user(user.id).await?;
    let same = same_account(before.as_ref().map(|before| before.account_id), user.account_id);
    if let Err(fault) = same.and(has_account(tx, user.account_id).await?) {
        return Ok(Err(fault));
    }
    done(Change::of(before.as_ref(), &user), tx.put_user(&user)).await
}

async fn put_token(tx: &mut Tx, token: Token) -> Put {
    if let Err(fault) = has_account(tx, token.account_id).await? {
        return Ok(Err(fault));
    }
    let user = tx.user(token.user_id).await?;
    if user.is_none_or(|user| user.account_id != token.account_id) {
        return Ok(Err(Fault::new(
            "user_id",
            format!("user {} does not exist in the account", token.user_id),
        )));
    }
    let before = tx.token(&token.hash).await?;
    if let Err(fault) = same_account(before.as_ref().map(|before| before.account_id), token.account_id) {
        return Ok(Err(fault));
    }
    done(Change::of(before.as_ref(), &token), tx.put_token(&token)).await
}

async fn put_integration(tx: &mut Tx, integration: Integration) -> Put {
    let Integration { id, form_id, updated_at, .. } = integration;
    if let Err(fault) = has_form(tx, form_id).await? {
        return Ok(Err(fault));
    }
    if id > LAST_INTEGRATION {
        return Ok(Err(Fault::new("id", format!("is larger than {LAST_INTEGRATION}"))));
    }
    let before = tx.integration(id).await?;
    if let Some(before) = before.as_ref().filter(|before| before.form_id != form_id) {
        let message = format!("is not {}, the form that it belongs to", before.form_id);
        return Ok(Err(Fault::new("form_id", message)));
    }
    done(Change::of(before.as_ref(), &integration), tx.put_integration(&integration, updated_at)).await
}

async fn put_audience(tx: &mut Tx, audience: Audience) -> Put {
    let before = tx.audience(audience.id).await?;
    let same = same_account(before.as_ref().map(|before| before.account_id), audience.account_id);
    if let Err(fault) = same.and(has_account(tx, audience.account_id).await?) {
        return Ok(Err(fault));
    }
    done(Change::of(before.as_ref(), &audience), tx.put_audience(&audience)).await
}

/// Whether there is this audience, of the account that a segment of this id has or had.
async fn has_audience(tx: &mut Tx, id: AudienceId, segment: SegmentId) -> StoreResult<Result<(), Fault>> {
    let Some(audience) = tx.audience(id).await? else {
        return Ok(Err(Fault::new("audience_id", format!("audience {id} does not exist"))));
    };
    Ok(same_account(tx.account_of_segment(segment).await?, audience.account_id))
}

async fn put_segment(tx: &mut Tx, segment: Segment, now: Timestamp) -> Put {
    if let Err(fault) = has_audience(tx, segment.audience_id, segment.id).await? {
        return Ok(Err(fault));
    }
    if let SegmentMembers::Fixed(members) = &segment.members {
        let keys: Vec<_> = members.iter().map(|id| (segment.audience_id, *id)).collect();
        let found = tx.profiles(&keys).await?;
        if let Some((n, (_, id))) = keys.iter().enumerate().find(|(n, _)| found[*n].is_none()) {
            return Ok(Err(Fault::new(format!("profiles[{n}]"), format!("profile {id} does not exist"))));
        }
    }
    let before = tx.segment(segment.id).await?;
    done(Change::of(before.as_ref(), &segment), tx.put_segment(&segment, now)).await
}

async fn put_deleted_segment(tx: &mut Tx, deleted: DeletedSegment, now: Timestamp) -> Put {
    if let Err(fault) = has_audience(tx, deleted.audience_id, deleted.id).await? {
        return Ok(Err(fault));
    }
    let is_new = tx.account_of_segment(deleted.id).await?.is_none();
    let before = tx.deleted_segment(deleted.id).await?;
    let change = match before {
        None if is_new => Change::Added,
        before => Change::of(Some(&before), &Some(deleted)),
    };
    done(change, tx.put_deleted_segment(deleted, now)).await
}
