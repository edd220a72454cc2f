//! Forms of many blocks with few rows: the ordinals in between are left out, as if what had them had been deleted.
//!
//! Must not know: what is tested.

use crate::house::House;
use crate::samples::{ACCOUNT, form, form_line, item, lines, people, plain};
use fillhouse_model::{Form, FormId, ItemType, Submission, SubmissionId};
use fillhouse_store::{BLOCK_ROWS, Store, Widening};

const ID: FormId = FormId(7);

/// The form 7 with one text, item 1.
pub(crate) fn plain_form() -> Form {
    form(7, ACCOUNT, vec![item("1", ItemType::Text, "Name")])
}

impl House {
    /// Stores [`plain_form`] with `rows` submissions in each of `blocks` blocks; gives all of them. Each block's are
    /// finished on a day of May 2026, from the first on.
    pub(crate) async fn fill_blocks(&self, blocks: i64, rows: i64) -> Vec<Submission> {
        self.import(&(people() + &form_line(&plain_form()))).await;
        let mut all = Vec::new();
        for block in 0..blocks {
            let finished = format!("2026-05-{:02}T10:00:00Z", block + 1);
            let submissions: Vec<_> = (0..rows).map(|n| plain(block * rows + n, &finished)).collect();
            self.import(&lines(&plain_form(), &submissions)).await;
            self.skip_to_next_block().await;
            all.extend(submissions);
        }
        all
    }

    /// The store beneath the engine.
    pub(crate) async fn store(&self) -> Store {
        Store::open(&self.database.url()).await.unwrap()
    }

    /// Uses up the ordinals of the form 7 that are left in its last block.
    pub(crate) async fn skip_to_next_block(&self) {
        let store = self.store().await;
        let skipped = store.write(|tx| {
            Box::pin(async move {
                let revision = tx.form(ID).await?.expect("it is there").revision;
                let next =
                    tx.take_ordinals(ID, revision, 0, 0).await?.expect("it has that revision").first_ordinal;
                tx.take_ordinals(ID, revision, (BLOCK_ROWS - next % BLOCK_ROWS) % BLOCK_ROWS, 0).await
            })
        });
        skipped.await.unwrap().unwrap();
    }

    /// Deletes a submission of the form 7, which the engine has no use case for yet.
    pub(crate) async fn delete(&self, id: SubmissionId) {
        let now = fillhouse_model::Clock::now(&*self.clock);
        let store = self.store().await;
        let deleted = store.write(move |tx| {
            Box::pin(async move {
                let revision = tx.form(ID).await?.expect("it is there").revision;
                let stored = tx.submissions(ACCOUNT, &[id]).await?.remove(0).expect("it is there");
                let taken = tx.take_ordinals(ID, revision, 0, 1).await?.expect("it has that revision");
                tx.delete_submission(stored.key, taken.first_seq, now).await?;
                let mut widening = Widening::default();
                widening.lose(stored.key, taken.first_seq, stored.body.len());
                tx.widen_blocks(ID, &widening, now).await
            })
        });
        deleted.await.unwrap();
    }
}
