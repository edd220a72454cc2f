//! Making an audience, and changing what it is called and which fields its profiles have.
//!
//! Guarantees: a field keeps its type for as long as there is one of its name, so that no value is of another; the values
//! of a field that is taken out stay, and are there again with it.
//!
//! Must not know: how any dialect spells an audience.

use super::people::{audience_of, no_audience};
use crate::{Error, ProfilesWriter, Result};
use fillhouse_model::filter::MEMBERS;
use fillhouse_model::{Audience, AudienceId, Fault, Field};
use fillhouse_store::Error as StoreError;

/// How often an id is taken anew because another took it first.
const TRIES: usize = 5;
/// How long the name of an audience or a field may be, in characters.
const LONGEST_NAME: usize = 255;
/// How many fields an audience may have.
const MOST_FIELDS: usize = 1_000;

/// What an audience is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AudienceDraft {
    /// What people call it.
    pub name: String,
    /// The fields of its profiles, beside those that every profile has.
    pub fields: Vec<Field>,
}

impl AudienceDraft {
    /// Whether an audience that has these fields can become this.
    ///
    /// # Errors
    /// Says of each name what is wrong with it.
    fn check(&self, before: &[Field]) -> Result<()> {
        let mut faults = Vec::new();
        if !is_name(&self.name) {
            faults.push(not_a_name("name"));
        }
        if self.fields.len() > MOST_FIELDS {
            faults.push(Fault::new("fields", format!("are more than {MOST_FIELDS}")));
        }
        for (n, field) in self.fields.iter().enumerate() {
            let name = format!("fields[{n}].name");
            let is_other = |known: &&Field| known.name == field.name && known.kind != field.kind;
            if !is_name(&field.name) {
                faults.push(not_a_name(&name));
            } else if MEMBERS.contains(&field.name.as_str()) || field.name == "_id" {
                faults.push(Fault::new(name, "is what every profile has"));
            } else if before.iter().any(|known| is_other(&known)) {
                faults.push(Fault::new(format!("fields[{n}].type"), "cannot be changed"));
            }
        }
        if faults.is_empty() {
            faults.extend(Field::check(&self.fields).err());
        }
        if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
    }
}

fn is_name(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= LONGEST_NAME && !text.contains('\0')
}

fn not_a_name(field: &str) -> Fault {
    Fault::new(field, format!("is not 1 to {LONGEST_NAME} characters long"))
}

impl ProfilesWriter {
    /// Makes an audience, with nobody in it.
    ///
    /// # Errors
    /// Its name or a field cannot be had; the fault names it: `name`, `fields[0].name`.
    pub async fn add_audience(&self, draft: AudienceDraft) -> Result<AudienceId> {
        draft.check(&[])?;
        for _ in 1..TRIES {
            match self.try_to_add_audience(draft.clone()).await {
                // Another took the same id just now.
                Err(StoreError::Constraint(_)) => {}
                added => return Ok(added?),
            }
        }
        Ok(self.try_to_add_audience(draft).await?)
    }

    async fn try_to_add_audience(&self, draft: AudienceDraft) -> fillhouse_store::Result<AudienceId> {
        let account_id = self.account;
        let entry = self.engine.entry(account_id, &self.actor, "audience.created");
        let added = self.engine.parts.store.write(move |tx| {
            let (AudienceDraft { name, fields }, entry) = (draft.clone(), entry.clone());
            Box::pin(async move {
                let id = tx.next_audience_id().await?;
                let entry = entry.of(format!("audience {id}: {name}"));
                tx.add_audience(&Audience { id, account_id, name, fields }).await?;
                tx.audit(&entry).await?;
                Ok(id)
            })
        });
        added.await
    }

    /// Changes what an audience is called and which fields its profiles have: what it is now becomes what `edit` says.
    ///
    /// # Errors
    /// There is no such audience; what `edit` says cannot be; or it refuses.
    pub async fn change_audience(
        &self,
        id: AudienceId,
        edit: impl Fn(&Audience) -> Result<AudienceDraft> + Clone + Send + Sync + 'static,
    ) -> Result<()> {
        let account = self.account;
        let entry = self.engine.entry(account, &self.actor, "audience.changed");
        let changed = self.engine.parts.store.write(move |tx| {
            let (edit, entry) = (edit.clone(), entry.clone());
            Box::pin(async move {
                tx.hold_audience(id).await?;
                let Some(before) = audience_of(tx, account, id).await? else {
                    return Ok(Err(no_audience(id)));
                };
                let checked = edit(&before).and_then(|draft| draft.check(&before.fields).map(|()| draft));
                let AudienceDraft { name, fields } = match checked {
                    Ok(draft) => draft,
                    Err(error) => return Ok(Err(error)),
                };
                let after = Audience { name, fields, ..before.clone() };
                if after != before {
                    tx.put_audience(&after).await?;
                    tx.audit(&entry.of(format!("audience {id}: {}", after.name))).await?;
                }
                Ok(Ok(()))
            })
        });
        changed.await?
    }
}
