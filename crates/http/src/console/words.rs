//! Everything that the console says by itself, in English: the one place where a translation begins.
//!
//! Must not know: where it is said.

pub(super) mod account;
pub(super) mod editor;
pub(super) mod exports;
pub(super) mod faults;
pub(super) mod people;
pub(super) mod schedules;
pub(super) mod table;
pub(super) mod views;
pub(super) mod webhooks;

pub(super) const FORMS: &str = "Forms";
pub(super) const NO_FORMS: &str = "There are no forms yet. Make one, or import some.";
pub(super) const SUBMISSIONS: &str = "Submissions";
pub(super) const SUMMARY: &str = "Summary";
pub(super) const LAST_DAYS: &str = "Last 30 days";
pub(super) const OPEN_PAGE: &str = "Open the form";
pub(super) const SIGN_OUT: &str = "Sign out";
pub(super) const SIGN_IN: &str = "Sign in";
pub(super) const SIGN_IN_TEXT: &str = "This link signs you in, once.";
pub(super) const SIGNED_OUT: &str = "You are not signed in. `fillhouse console --account …` makes a link that does it, once; a server that starts while nobody is signed in prints one.";
pub(super) const FOREIGN: &str = "This did not come from a page of the console. Go back and try again.";
pub(super) const FAILED: &str = "The server has failed; its log says why.";
pub(super) const MISSING: &str = "There is nothing here, or not any more.";

pub(super) const SEARCH: &str = "Search all texts";
pub(super) const WHERE: &str = "Where";
pub(super) const ITEM: &str = "Item";
pub(super) const COMPARISON: &str = "Comparison";
pub(super) const TEXT: &str = "Text";
pub(super) const APPLY: &str = "Show";
pub(super) const RESET: &str = "Show all";
pub(super) const COLUMNS: &str = "Columns";
pub(super) const NOTHING_FOUND: &str = "Nothing was found.";
pub(super) const NEWER: &str = "Previous page";
pub(super) const OLDER: &str = "Next page";
pub(super) const KEYS: &str = "j and k go from one to the next, Enter opens it.";

pub(super) const YES: &str = "yes";
pub(super) const EDIT: &str = "Edit";
pub(super) const SAVE: &str = "Save";
pub(super) const CANCEL: &str = "Cancel";
pub(super) const DELETE: &str = "Delete";
pub(super) const CHANGED_MEANWHILE: &str = "Somebody has changed this submission since you opened it. What you have filled in \
     is below and not saved: save it to put it in place of theirs.";
pub(super) const AS_IT_IS: &str = "See it as it is now";
pub(super) const DELETE_SURE: &str = "Delete this submission, with its files, for good?";

pub(super) const OVER_TIME: &str = "Submissions by day";
pub(super) const SINCE: &str = "From";
pub(super) const UP_TO_DAY: &str = "Up to";
pub(super) const FROM: &str = "From";
pub(super) const TO: &str = "to";
pub(super) const LEFT: &str = "Where people stopped";
pub(super) const LEFT_HINT: &str =
    "The last question that was answered, of the latest unfinished submissions.";
pub(super) const BEFORE_ANY: &str = "before any answer";
pub(super) const ANSWER: &str = "Answer";
pub(super) const EXPORT_THESE: &str = "Export these";
pub(super) const SUM_UP: &str = "Sum these up";
pub(super) const SHOW_THESE: &str = "Show these";
pub(super) const WITHOUT: &str = "Without";
pub(super) const FINISHED: &str = "Finished";
pub(super) const TOOK: &str = "How long it took";
pub(super) const UP_TO: &str = "less than";
pub(super) const LONGER: &str = "longer";
pub(super) const PICTURE: &str = "Picture";
pub(super) const COUNT: &str = "Count";
pub(super) const PERCENT: &str = "Percent";
pub(super) const HISTORY: &str = "Earlier versions";
pub(super) const HISTORY_HINT: &str =
    "What was answered otherwise until then. Earlier versions are kept for a while only.";
pub(super) const UNTIL: &str = "Until";
pub(super) const NOTHING_ELSE: &str = "No answer was another.";
pub(super) const WRONG: &str = "Something is not right yet";
