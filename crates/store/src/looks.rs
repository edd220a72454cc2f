//! Looks of forms: what a dialect keeps of how a form is shown, which means nothing to anybody else.
//!
//! Guarantees: a look is given back as it was stored, byte by byte.
//!
//! Must not know: what is in a look.

use crate::value::{Row, params};
use crate::{Result, Tx};
use fillhouse_model::{AccountId, FormId, FormLook};

const LOOK: &str = "SELECT look FROM form_looks WHERE form_id = $1 AND dialect = $2";
const LOOKS_OF_FORM: &str =
    "SELECT form_id, dialect, look FROM form_looks WHERE form_id = $1 ORDER BY dialect";
const LOOKS_OF_ACCOUNT: &str = "SELECT form_id, dialect, look FROM form_looks \
     JOIN forms ON forms.id = form_looks.form_id \
     WHERE account_id = $1 AND dialect = $2 AND deleted_at IS NULL ORDER BY form_id";
const PUT: &str = "INSERT INTO form_looks (form_id, dialect, look) VALUES ($1, $2, $3) \
     ON CONFLICT (form_id, dialect) DO UPDATE SET look = excluded.look";

impl Tx {
    /// How a dialect shows a form, if it has kept that.
    pub async fn form_look(&mut self, form: FormId, dialect: &str) -> Result<Option<String>> {
        self.query_one(LOOK, params![form.0, dialect], |row| row.text(0)).await
    }

    /// How each dialect shows a form.
    pub async fn looks_of_form(&mut self, form: FormId) -> Result<Vec<FormLook>> {
        self.query(LOOKS_OF_FORM, params![form.0], read_look).await
    }

    /// How a dialect shows the forms of an account.
    pub async fn looks_of_account(&mut self, account: AccountId, dialect: &str) -> Result<Vec<FormLook>> {
        self.query(LOOKS_OF_ACCOUNT, params![account.0, dialect], read_look).await
    }

    /// Stores how a dialect shows a form, new or in place of what it has kept.
    pub async fn put_look(&mut self, look: &FormLook) -> Result<()> {
        let FormLook { form_id, dialect, look } = look;
        self.execute(PUT, params![form_id.0, dialect, look]).await.map(drop)
    }
}

fn read_look(row: Row<'_>) -> Result<FormLook> {
    Ok(FormLook { form_id: FormId(row.int(0)?), dialect: row.text(1)?, look: row.text(2)? })
}
