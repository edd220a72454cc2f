//! A reading sees one moment, whatever is committed while it goes on.

use crate::database::Db;
use crate::samples::{FORM, prepare, raise_seq};
use std::sync::Arc;

conformance! {
    a_reading_sees_one_moment,
}

/// Where a reading and its test meet. On SQLite a unit of work may not await anything else, but it runs on a thread where
/// it may block.
#[derive(Clone)]
enum Meeting {
    Blocking(Arc<std::sync::Barrier>),
    Awaiting(Arc<tokio::sync::Barrier>),
}

impl Meeting {
    fn new(db: &Db) -> Self {
        if db.is_sqlite() {
            Self::Blocking(Arc::new(std::sync::Barrier::new(2)))
        } else {
            Self::Awaiting(Arc::new(tokio::sync::Barrier::new(2)))
        }
    }

    async fn wait_in_the_reading(&self) {
        match self {
            Self::Blocking(barrier) => _ = barrier.wait(),
            Self::Awaiting(barrier) => _ = barrier.wait().await,
        }
    }

    async fn wait_outside(&self) {
        match self.clone() {
            Self::Blocking(barrier) => _ = tokio::task::spawn_blocking(move || barrier.wait()).await.unwrap(),
            Self::Awaiting(barrier) => _ = barrier.wait().await,
        }
    }
}

async fn a_reading_sees_one_moment(db: Db) {
    prepare(&db).await;
    let meeting = Meeting::new(&db);
    let reading = async {
        read!(db, [meeting], |tx| {
            let before = tx.form_seq(FORM).await?;
            meeting.wait_in_the_reading().await;
            meeting.wait_in_the_reading().await;
            Ok((before, tx.form_seq(FORM).await?, tx.blocks(FORM).await?.len()))
        })
    };
    let writing = async {
        meeting.wait_outside().await;
        raise_seq(&db, 1).await;
        assert_eq!(read!(db, |tx| tx.form_seq(FORM).await).unwrap(), 1);
        meeting.wait_outside().await;
    };
    let (seen, ()) = tokio::join!(reading, writing);
    assert_eq!(seen.unwrap(), (0, 0, 0));
}
