//! Which submissions an export is asked for, and what that means for a form as it is.
//!
//! Guarantees: what cannot be meant is refused by the name of its field, before there is a job.
//!
//! Must not know: how a block is looked at.

use super::fill::keys_of;
use super::picking::Picking;
use super::selection::Selection;
use crate::days::FormDays;
use crate::query::Query;
use fillhouse_model::{Account, AudienceId, Fault, FormId, Period, ProfileId, SubmissionId, Timestamp};
use fillhouse_store::{Result as StoreResult, StoredForm, Tx, form_of, ordinal_of};
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::sync::Arc;

/// How many submissions a filter may name one by one.
const MOST_CHOSEN: usize = 10_000;

/// Which submissions of a form are exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Those of certain days.
    Period {
        /// The days on which they were finished, in the form's time zone, else the account's.
        period: Period,
        /// Whether unfinished submissions are exported too, by the day on which they were last changed.
        include_incomplete: bool,
    },
    /// All of them, finished or not.
    All,
    /// These, finished or not.
    Chosen(Vec<SubmissionId>),
    /// Those that all of this holds of.
    Filtered(Box<Filtered>),
}

/// What must hold of a submission to be exported.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filtered {
    /// The first of the days on which it was finished, or last changed if it is not.
    pub from: Option<Date>,
    /// The last of them.
    pub to: Option<Date>,
    /// Whether it may be unfinished.
    pub include_incomplete: bool,
    /// It is one of these.
    pub ids: Option<Vec<SubmissionId>>,
    /// It is from this profile.
    pub profile: Option<(AudienceId, ProfileId)>,
    /// It was created, updated or deleted after this moment of the form; of what was deleted, and of what does not hold to the
    /// rest any more, that alone is told.
    pub since: Option<Moment>,
    /// As of when the submissions are read; none for now.
    pub as_of: Option<AsOf>,
    /// What its status and its answers are; nothing else of the query matters.
    pub query: Query,
}

/// What a form is read as of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsOf {
    /// As of its change of this seq.
    Seq(i64),
    /// As of this time, to the second.
    Time(Timestamp),
}

/// A moment of a form: what it was after one of its changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The form.
    pub form_id: FormId,
    /// The seq of the change.
    pub seq: i64,
}

impl Wanted {
    /// Whether only what has changed is wanted.
    pub(super) fn is_since(&self) -> bool {
        matches!(self, Self::Filtered(filtered) if filtered.since.is_some())
    }

    /// Whether it is of another moment than now, or since one.
    pub(super) fn is_of_a_moment(&self) -> bool {
        matches!(self, Self::Filtered(filtered) if filtered.since.is_some() || filtered.as_of.is_some())
    }

    /// The seq of the form's change as of which a form that is held is to be read; none for the last.
    ///
    /// # Errors
    /// It cannot be read any more, or there was no such change.
    pub(super) async fn moment(&self, tx: &mut Tx, form: FormId) -> StoreResult<Result<Option<i64>, Fault>> {
        let Self::Filtered(filtered) = self else { return Ok(Ok(None)) };
        let (since, as_of) = (filtered.since, filtered.as_of);
        if since.is_none() && as_of.is_none() {
            return Ok(Ok(None));
        }
        let (last, known) = (tx.form_seq(form).await?, tx.hold_known_since(form).await?);
        let fault = |field: &str, message: &str| Ok(Err(Fault::new(field, message)));
        let as_of = match as_of {
            Some(AsOf::Seq(seq)) => Some(seq),
            Some(AsOf::Time(time)) => match tx.seq_at(form, time).await? {
                Some(seq) => Some(seq),
                None => return fault("as_of", "is before all that is known of the form"),
            },
            None => None,
        };
        let until = as_of.unwrap_or(last);
        if until > last || until < 0 {
            return fault("as_of", "is no change that the form has had");
        }
        if as_of.is_some() && until < known.versions_seq {
            return fault("as_of", "is too long ago: what has been replaced since is not kept any more");
        }
        match since {
            Some(since) if since.form_id != form => fault("since", "is a cursor of another form"),
            Some(since) if since.seq > until => fault("since", "is later than what is exported"),
            Some(since) if since.seq < known.deletions_seq => {
                fault("since", "is too long ago: what has been deleted since is not known")
            }
            _ => Ok(Ok(as_of)),
        }
    }
}

/// What is wanted of a form as it is.
pub(super) async fn resolve(
    tx: &mut Tx,
    wanted: &Wanted,
    form: &StoredForm,
    account: &Account,
) -> StoreResult<Result<Selection, Fault>> {
    match wanted {
        Wanted::All => Ok(Ok(Selection::everything())),
        Wanted::Period { period, include_incomplete } => {
            let range =
                FormDays::new(&form.form, account).map(|days| days.range(Some(period.from), Some(period.to)));
            let include_incomplete = *include_incomplete;
            Ok(range.map(|range| Selection { range, include_incomplete, ..Selection::everything() }))
        }
        Wanted::Chosen(ids) => {
            let places = chosen(tx, account, form, ids, "ids").await?;
            Ok(places.map(|places| Selection { places: Some(Arc::new(places)), ..Selection::everything() }))
        }
        Wanted::Filtered(filtered) => resolve_filtered(tx, filtered, form, account).await,
    }
}

async fn resolve_filtered(
    tx: &mut Tx,
    filtered: &Filtered,
    form: &StoredForm,
    account: &Account,
) -> StoreResult<Result<Selection, Fault>> {
    let range = match FormDays::new(&form.form, account).map(|days| days.range(filtered.from, filtered.to)) {
        Ok(range) => range,
        Err(fault) => return Ok(Err(fault)),
    };
    let filter = match Picking::new(&filtered.query, &form.form) {
        Ok(filter) => filter.map(Arc::new),
        Err(fault) => return Ok(Err(fault)),
    };
    let mut places = None;
    if let Some(ids) = &filtered.ids {
        if ids.len() > MOST_CHOSEN {
            return Ok(Err(Fault::new("filter.ids", format!("has more than {MOST_CHOSEN} in it"))));
        }
        match chosen(tx, account, form, ids, "filter.ids").await? {
            Ok(chosen) => places = Some(chosen),
            Err(fault) => return Ok(Err(fault)),
        }
    }
    if let Some(profile) = filtered.profile {
        let Some(theirs) = of_profile(tx, account, form, profile).await? else {
            return Ok(Err(Fault::new("filter.profile", "is no profile of the account")));
        };
        places = Some(match places {
            Some(places) => places.intersection(&theirs).copied().collect(),
            None => theirs,
        });
    }
    let include_incomplete = filtered.include_incomplete;
    let since = filtered.since.map(|since| since.seq);
    Ok(Ok(Selection { range, places: places.map(Arc::new), include_incomplete, filter, since }))
}

/// The ordinals of these submissions of a form.
async fn chosen(
    tx: &mut Tx,
    account: &Account,
    form: &StoredForm,
    ids: &[SubmissionId],
    field: &str,
) -> StoreResult<Result<BTreeSet<i64>, Fault>> {
    let found = tx.submissions(account.id, ids).await?;
    let mut places = BTreeSet::new();
    for (n, stored) in found.into_iter().enumerate() {
        match stored.filter(|stored| form_of(stored.key) == form.form.id) {
            Some(stored) => places.insert(ordinal_of(stored.key)),
            None => return Ok(Err(Fault::new(format!("{field}[{n}]"), "is no submission of the form"))),
        };
    }
    Ok(Ok(places))
}

/// The ordinals of a profile's submissions of a form; none where the account has no such profile.
async fn of_profile(
    tx: &mut Tx,
    account: &Account,
    form: &StoredForm,
    (audience, id): (AudienceId, ProfileId),
) -> StoreResult<Option<BTreeSet<i64>>> {
    if tx.audience(audience).await?.is_none_or(|audience| audience.account_id != account.id) {
        return Ok(None);
    }
    let Some(profile) = tx.profiles(&[(audience, id)]).await?.pop().flatten() else { return Ok(None) };
    let keys = keys_of(tx, &form.form, &profile).await?;
    Ok(Some(keys.into_iter().map(ordinal_of).collect()))
}
