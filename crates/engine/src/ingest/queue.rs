//! The queue before the commit: whoever comes while one is under way shares the next.
//!
//! Guarantees: a request is answered after its commit; a request whose neighbours in the commit are at fault is tried
//! alone.
//!
//! Must not know: what is committed.

use super::commit::{Batch, Committer, Outcome};
use super::known::KnownForm;
use crate::deliver::Outbox;
use crate::{Error, FormRef, Result};
use fillhouse_model::{AccountId, Clock, ErrorKind};
use fillhouse_store::{Error as StoreError, Store};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{mpsc, oneshot};

/// How many requests may wait before more are made to wait outside.
const QUEUE: usize = 4_096;
/// How many forms are remembered before all are forgotten: a bound, not a working set.
const KNOWN_FORMS: usize = 1_000;

type FormKey = (AccountId, FormRef);

/// The way to the committing task, and the forms that were submitted to lately. A form that has changed since is noticed
/// at the commit, by its revision.
pub(crate) struct Ingest {
    queue: mpsc::Sender<Request>,
    forms: Mutex<HashMap<FormKey, Arc<KnownForm>>>,
}

impl Ingest {
    /// Starts the committing task; it ends with the last handle. At most `most_rows` submissions share a commit, but a
    /// request is never split.
    pub(crate) fn start(store: Store, clock: Arc<dyn Clock>, outbox: Outbox, most_rows: usize) -> Self {
        let (queue, mut requests) = mpsc::channel(QUEUE);
        let committer = Committer { store, outbox };
        tokio::spawn(async move {
            let mut left_over = None;
            while let Some(first) = next(&mut left_over, &mut requests).await {
                let (waiting, replies) = gather(first, &mut requests, &mut left_over, most_rows);
                answer(&committer, &*clock, waiting, replies).await;
            }
        });
        Self { queue, forms: Mutex::default() }
    }

    /// Commits a request, together with others that wait.
    pub(crate) async fn commit(&self, batch: Batch) -> Result<Outcome> {
        let (reply, answer) = oneshot::channel();
        let ended = || Error::new(ErrorKind::Unavailable, "the server is shutting down");
        self.queue.send((Arc::new(batch), reply)).await.map_err(|_| ended())?;
        answer.await.map_err(|_| ended())?
    }

    pub(crate) fn known_form(&self, account: AccountId, form: &FormRef) -> Option<Arc<KnownForm>> {
        let forms = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
        forms.get(&(account, form.clone())).cloned()
    }

    pub(crate) fn know_form(&self, account: AccountId, form: &FormRef, known: Arc<KnownForm>) {
        let mut forms = self.forms.lock().unwrap_or_else(PoisonError::into_inner);
        if forms.len() >= KNOWN_FORMS {
            forms.clear();
        }
        forms.insert((account, form.clone()), known);
    }
}

type Reply = oneshot::Sender<Result<Outcome>>;
type Request = (Arc<Batch>, Reply);

async fn next(left_over: &mut Option<Request>, requests: &mut mpsc::Receiver<Request>) -> Option<Request> {
    match left_over.take() {
        Some(request) => Some(request),
        None => requests.recv().await,
    }
}

/// Everyone who waits, up to `most_rows` submissions; whoever would make it more waits for the next commit.
fn gather(
    first: Request,
    requests: &mut mpsc::Receiver<Request>,
    left_over: &mut Option<Request>,
    most_rows: usize,
) -> (Vec<Arc<Batch>>, Vec<Reply>) {
    let mut rows = first.0.rows.len();
    let (mut waiting, mut replies) = (vec![first.0], vec![first.1]);
    while rows < most_rows
        && let Ok(request) = requests.try_recv()
    {
        rows += request.0.rows.len();
        if rows > most_rows {
            *left_over = Some(request);
            break;
        }
        waiting.push(request.0);
        replies.push(request.1);
    }
    (waiting, replies)
}

async fn answer(committer: &Committer, clock: &dyn Clock, waiting: Vec<Arc<Batch>>, replies: Vec<Reply>) {
    let waiting = Arc::new(waiting);
    match committer.commit(waiting.clone(), clock.now()).await {
        Ok(outcomes) => {
            // Whoever asked may have gone; what it asked for is stored all the same.
            replies.into_iter().zip(outcomes).for_each(|(reply, outcome)| drop(reply.send(Ok(outcome))));
        }
        Err(error) if has_culprit(&error) => {
            for (one, reply) in waiting.iter().zip(replies) {
                reply.send(answer_one(committer, clock, one.clone()).await).ok();
            }
        }
        Err(error) => replies.into_iter().for_each(|reply| drop(reply.send(Err(error_of(&error))))),
    }
}

async fn answer_one(committer: &Committer, clock: &dyn Clock, one: Arc<Batch>) -> Result<Outcome> {
    let mut outcomes =
        committer.commit(Arc::new(vec![one]), clock.now()).await.map_err(|error| error_of(&error))?;
    outcomes.pop().ok_or_else(|| Error::internal("a commit answered to nobody"))
}

/// Whether one request alone may have made the commit fail, or another process that stored the same key just before, so
/// that each is worth a try of its own. A failure of the database is none of that: the commit may have been made, and
/// would be made twice.
fn has_culprit(error: &StoreError) -> bool {
    matches!(error, StoreError::Constraint(_) | StoreError::Inconsistent { .. })
}

fn error_of(error: &StoreError) -> Error {
    if error.is_transient() || matches!(error, StoreError::Driver(_)) {
        tracing::warn!(%error, "a commit failed");
        return Error::new(ErrorKind::Unavailable, "the database does not answer just now");
    }
    Error::internal(error.to_string())
}
