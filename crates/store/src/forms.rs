//! Forms with their labels and views, and the counters that change with every submission.
//!
//! Guarantees: whoever takes ordinals says which revision of the form it knows; where the form has changed since, it gets
//! none. A form that was deleted is found by nothing but its revisions.
//!
//! Must not know: what makes a form valid.

use crate::document;
use crate::value::{Row, params};
use crate::{Error, Result, Tx};
use fillhouse_model::{AccountId, Form, FormId, FormState, Item, ResultsLabels, ResultsView};

const FORM_COLUMNS: &str = "id, account_id, shortname, directory, slug, name, description, state, timezone, partial, \
     items, slots, (SELECT revision FROM form_counters WHERE form_id = forms.id)";
const PUT_FORM: &str = "INSERT INTO forms (id, account_id, shortname, directory, slug, name, description, state, \
     timezone, partial, items, slots) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
     ON CONFLICT (id) DO UPDATE SET shortname = excluded.shortname, directory = excluded.directory, \
     slug = excluded.slug, name = excluded.name, description = excluded.description, state = excluded.state, \
     timezone = excluded.timezone, partial = excluded.partial, items = excluded.items, slots = excluded.slots";
const PUT_COUNTERS: &str = "INSERT INTO form_counters (form_id, revision, next_ordinal, seq, webhooks) \
     VALUES ($1, 1, 0, 0, 0) ON CONFLICT (form_id) DO UPDATE SET revision = form_counters.revision + 1 RETURNING revision";
const PUT_REVISION: &str =
    "INSERT INTO form_revisions (form_id, revision, items, slots) VALUES ($1, $2, $3, $4)";
const ITEMS_EVER: &str =
    "SELECT items FROM form_revisions WHERE form_id = $1 AND revision <= $2 ORDER BY revision";
const REVISION: &str = "SELECT items, slots FROM form_revisions WHERE form_id = $1 AND revision = $2";
const TAKE_ORDINALS: &str = "UPDATE form_counters SET next_ordinal = next_ordinal + $1, seq = seq + $2 \
     WHERE form_id = $3 AND revision = $4 RETURNING next_ordinal, seq, webhooks";
const SEQ: &str = "SELECT seq FROM form_counters WHERE form_id = $1";
const MARK: &str = "SELECT revision, seq FROM form_counters WHERE form_id = $1";
const LABELS: &str = "SELECT form_id, id, name, labels FROM results_labels WHERE form_id = $1 AND id = $2";
const LABELS_OF: &str = "SELECT form_id, id, name, labels FROM results_labels WHERE form_id = $1 ORDER BY id";
const PUT_LABELS: &str = "INSERT INTO results_labels (form_id, id, name, labels) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (form_id, id) DO UPDATE SET name = excluded.name, labels = excluded.labels";
const VIEW: &str = "SELECT form_id, id, name, columns FROM results_views WHERE form_id = $1 AND id = $2";
const VIEWS_OF: &str = "SELECT form_id, id, name, columns FROM results_views WHERE form_id = $1 ORDER BY id";
const PUT_VIEW: &str = "INSERT INTO results_views (form_id, id, name, columns) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (form_id, id) DO UPDATE SET name = excluded.name, columns = excluded.columns";
const DELETE_LABELS: &str = "DELETE FROM results_labels WHERE form_id = $1";
const DROP_LABELS: &str = "DELETE FROM results_labels WHERE form_id = $1 AND id = $2";
const DROP_VIEW: &str = "DELETE FROM results_views WHERE form_id = $1 AND id = $2";
const DELETE_LOOKS: &str = "DELETE FROM form_looks WHERE form_id = $1";
const DELETE_VIEWS: &str = "DELETE FROM results_views WHERE form_id = $1";

/// A form as it is stored, with the revision that its counters know it by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredForm {
    /// The form.
    pub form: Form,
    /// How often it was stored.
    pub revision: i64,
}

/// A run of ordinals and seqs that belong to whoever took them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// The first ordinal.
    pub first_ordinal: i64,
    /// The first seq.
    pub first_seq: i64,
    /// Whether there are subscriptions to what happens to the form.
    pub has_webhooks: bool,
}

impl Tx {
    /// The form of this id, in whatever account.
    pub async fn form(&mut self, id: FormId) -> Result<Option<StoredForm>> {
        let sql = format!("SELECT {FORM_COLUMNS} FROM forms WHERE id = $1 AND deleted_at IS NULL");
        self.query_one(&sql, params![id.0], read_form).await
    }

    /// The account's form of this id.
    pub async fn form_of(&mut self, account: AccountId, id: FormId) -> Result<Option<StoredForm>> {
        let sql = format!(
            "SELECT {FORM_COLUMNS} FROM forms WHERE id = $1 AND account_id = $2 AND deleted_at IS NULL"
        );
        self.query_one(&sql, params![id.0, account.0], read_form).await
    }

    /// The account's form of this shortname, else of this slug.
    pub async fn form_named(&mut self, account: AccountId, name: &str) -> Result<Option<StoredForm>> {
        let sql = format!(
            "SELECT {FORM_COLUMNS} FROM forms WHERE (shortname = $1 OR slug = $1) AND account_id = $2 AND deleted_at IS NULL \
             ORDER BY CASE WHEN shortname = $1 THEN 0 ELSE 1 END LIMIT 1"
        );
        self.query_one(&sql, params![name, account.0], read_form).await
    }

    /// The form of this slug, in whatever account.
    pub async fn form_with_slug(&mut self, slug: &str) -> Result<Option<StoredForm>> {
        let sql = format!("SELECT {FORM_COLUMNS} FROM forms WHERE slug = $1 AND deleted_at IS NULL");
        self.query_one(&sql, params![slug], read_form).await
    }

    /// The account's form of this directory.
    pub async fn form_in(&mut self, account: AccountId, directory: &str) -> Result<Option<StoredForm>> {
        let sql = format!(
            "SELECT {FORM_COLUMNS} FROM forms WHERE account_id = $1 AND directory = $2 AND deleted_at IS NULL"
        );
        self.query_one(&sql, params![account.0, directory], read_form).await
    }

    /// The account's forms, by id.
    pub async fn forms_of(&mut self, account: AccountId) -> Result<Vec<StoredForm>> {
        let sql = format!(
            "SELECT {FORM_COLUMNS} FROM forms WHERE account_id = $1 AND deleted_at IS NULL ORDER BY id"
        );
        self.query(&sql, params![account.0], read_form).await
    }

    /// Up to `limit` forms whose id is after `after`, by id.
    pub async fn forms_after(&mut self, after: FormId, limit: i64) -> Result<Vec<StoredForm>> {
        let sql = format!(
            "SELECT {FORM_COLUMNS} FROM forms WHERE id > $1 AND deleted_at IS NULL ORDER BY id LIMIT $2"
        );
        self.query(&sql, params![after.0, limit], read_form).await
    }

    /// Another form that has a name of this one, if any: its directory in the account, or its shortname or slug, either
    /// of which a form is found by.
    pub async fn rival_of(&mut self, form: &Form) -> Result<Option<Form>> {
        let sql = format!(
            "SELECT {FORM_COLUMNS} FROM forms WHERE id <> $1 AND (shortname IN ($2, $3) OR slug IN ($2, $3) \
             OR (account_id = $4 AND directory = $5)) LIMIT 1"
        );
        let Form { id, account_id, shortname, slug, directory, .. } = form;
        let found =
            self.query_one(&sql, params![id.0, shortname, slug, account_id.0, directory], read_form).await?;
        Ok(found.map(|stored| stored.form))
    }

    /// Stores a form, new or in place of the one with its id, and raises its revision.
    pub async fn put_form(&mut self, form: &Form) -> Result<()> {
        let items = document::items_to_json(&form.items);
        let slots = document::slots_to_json(&form.slots);
        let values = params![
            form.id.0,
            form.account_id.0,
            &form.shortname,
            &form.directory,
            &form.slug,
            &form.name,
            form.description.as_deref(),
            form.state.as_str(),
            form.timezone.as_deref(),
            form.partial,
            &items,
            &slots,
        ];
        self.execute(PUT_FORM, values).await?;
        let revision = self.query_one(PUT_COUNTERS, params![form.id.0], |row| row.int(0)).await?;
        self.execute(PUT_REVISION, params![form.id.0, revision, &items, &slots]).await.map(drop)
    }

    /// The items of a form as they were in each of its revisions up to this one, the first one first.
    pub async fn items_ever(&mut self, id: FormId, revision: i64) -> Result<Vec<Vec<Item>>> {
        self.query(ITEMS_EVER, params![id.0, revision], |row| {
            document::items_from_json(&row.text(0)?)
                .map_err(|error| Error::inconsistent("form_revisions", id, error))
        })
        .await
    }

    /// The form of this id with the items and slots that it had at `revision`, also where it was deleted since.
    pub async fn form_at(&mut self, id: FormId, revision: i64) -> Result<Option<Form>> {
        let unreadable = |error| Error::inconsistent("form_revisions", id, error);
        let documents =
            self.query_one(REVISION, params![id.0, revision], |row| Ok((row.text(0)?, row.text(1)?))).await?;
        let sql = format!("SELECT {FORM_COLUMNS} FROM forms WHERE id = $1");
        let now = self.query_one(&sql, params![id.0], read_form).await?;
        let (Some((items, slots)), Some(StoredForm { form, .. })) = (documents, now) else {
            return Ok(None);
        };
        let items = document::items_from_json(&items).map_err(unreadable)?;
        let slots = document::slots_from_json(&slots).map_err(unreadable)?;
        Ok(Some(Form { items, slots, ..form }))
    }

    /// Takes `ordinals` ordinals and `seqs` seqs of a form; none where the form's revision is another.
    pub async fn take_ordinals(
        &mut self,
        form: FormId,
        revision: i64,
        ordinals: i64,
        seqs: i64,
    ) -> Result<Option<Taken>> {
        let values = params![ordinals, seqs, form.0, revision];
        self.query_one(TAKE_ORDINALS, values, |row| {
            let (first_ordinal, first_seq) = (row.int(0)? - ordinals, row.int(1)? - seqs + 1);
            Ok(Taken { first_ordinal, first_seq, has_webhooks: row.int(2)? > 0 })
        })
        .await
    }

    /// The seq of the form's last change; 0 before the first.
    pub async fn form_seq(&mut self, form: FormId) -> Result<i64> {
        let seq = self.query_one(SEQ, params![form.0], |row| row.int(0)).await?;
        seq.ok_or_else(|| Error::inconsistent("form_counters", form, "it is missing"))
    }

    /// The revision of a form and the seq of its last change; none where there is no such form.
    pub async fn form_mark(&mut self, form: FormId) -> Result<Option<(i64, i64)>> {
        self.query_one(MARK, params![form.0], |row| Ok((row.int(0)?, row.int(1)?))).await
    }

    /// One of a form's results labels.
    pub async fn results_labels(&mut self, form: FormId, id: &str) -> Result<Option<ResultsLabels>> {
        self.query_one(LABELS, params![form.0, id], read_labels).await
    }

    /// A form's results labels, by id.
    pub async fn results_labels_of(&mut self, form: FormId) -> Result<Vec<ResultsLabels>> {
        self.query(LABELS_OF, params![form.0], read_labels).await
    }

    /// Stores results labels, new or in place of those with their id.
    pub async fn put_results_labels(&mut self, labels: &ResultsLabels) -> Result<()> {
        let json = document::labels_to_json(&labels.labels);
        self.execute(PUT_LABELS, params![labels.form_id.0, &labels.id, &labels.name, &json]).await.map(drop)
    }

    /// One of a form's results views.
    pub async fn results_view(&mut self, form: FormId, id: &str) -> Result<Option<ResultsView>> {
        self.query_one(VIEW, params![form.0, id], read_view).await
    }

    /// A form's results views, by id.
    pub async fn results_views_of(&mut self, form: FormId) -> Result<Vec<ResultsView>> {
        self.query(VIEWS_OF, params![form.0], read_view).await
    }

    /// Stores a results view, new or in place of the one with its id.
    pub async fn put_results_view(&mut self, view: &ResultsView) -> Result<()> {
        let json = document::columns_to_json(&view.columns);
        self.execute(PUT_VIEW, params![view.form_id.0, &view.id, &view.name, &json]).await.map(drop)
    }

    /// Deletes results labels; `false` where there are none of this id.
    pub async fn delete_results_labels(&mut self, form: FormId, id: &str) -> Result<bool> {
        Ok(self.execute(DROP_LABELS, params![form.0, id]).await? > 0)
    }

    /// Deletes a results view; `false` where there is none of this id.
    pub async fn delete_results_view(&mut self, form: FormId, id: &str) -> Result<bool> {
        Ok(self.execute(DROP_VIEW, params![form.0, id]).await? > 0)
    }

    /// Deletes the labels, views and looks of a form.
    pub async fn delete_presentations(&mut self, form: FormId) -> Result<()> {
        self.execute(DELETE_LOOKS, params![form.0]).await?;
        self.execute(DELETE_LABELS, params![form.0]).await?;
        self.execute(DELETE_VIEWS, params![form.0]).await.map(drop)
    }
}

fn read_form(row: Row<'_>) -> Result<StoredForm> {
    let id = FormId(row.int(0)?);
    let unreadable = |error| Error::inconsistent("forms", id, error);
    let state = row.text(7)?;
    let form = Form {
        id,
        account_id: AccountId(row.int(1)?),
        shortname: row.text(2)?,
        directory: row.text(3)?,
        slug: row.text(4)?,
        name: row.text(5)?,
        description: row.text_or_null(6)?,
        state: if state == "open" { FormState::Open } else { FormState::Closed(state) },
        timezone: row.text_or_null(8)?,
        partial: row.int(9)? != 0,
        items: document::items_from_json(&row.text(10)?).map_err(unreadable)?,
        slots: document::slots_from_json(&row.text(11)?).map_err(unreadable)?,
    };
    Ok(StoredForm { form, revision: row.int(12)? })
}

fn read_labels(row: Row<'_>) -> Result<ResultsLabels> {
    let id = row.text(1)?;
    let labels = document::labels_from_json(&row.text(3)?)
        .map_err(|error| Error::inconsistent("results_labels", &id, error))?;
    Ok(ResultsLabels { form_id: FormId(row.int(0)?), id, name: row.text(2)?, labels })
}

fn read_view(row: Row<'_>) -> Result<ResultsView> {
    let id = row.text(1)?;
    let columns = document::columns_from_json(&row.text(3)?)
        .map_err(|error| Error::inconsistent("results_views", &id, error))?;
    Ok(ResultsView { form_id: FormId(row.int(0)?), id, name: row.text(2)?, columns })
}
