//! What the pages of the account say: tokens and usage.
//!
//! Must not know: where it is said.

pub(in crate::console) const TOKENS: &str = "Tokens";
pub(in crate::console) const NO_TOKENS: &str = "There are no tokens yet.";
pub(in crate::console) const NEW: &str = "New token";
pub(in crate::console) const CREATE: &str = "Make the token";
pub(in crate::console) const NUMBER: &str = "Number";
pub(in crate::console) const NAME: &str = "Name";
pub(in crate::console) const ABILITIES: &str = "May";
pub(in crate::console) const MADE: &str = "Made (UTC)";
pub(in crate::console) const USED: &str = "Last used (UTC, to the hour)";
pub(in crate::console) const UNKNOWN: &str = "not known";
pub(in crate::console) const SHOWN_ONCE: &str =
    "This is the new token. It is shown here, once, and nowhere else:";
pub(in crate::console) const REVOKE: &str = "Revoke";
pub(in crate::console) const NO_ABILITY: &str = "are none: a token that may do nothing is good for nothing";

/// What was done, by what the log calls it.
pub(in crate::console) const DEEDS: [(&str, &str); 32] = [
    ("account.changed", "changed the account"),
    ("account.created", "made the account"),
    ("audience.changed", "changed an audience"),
    ("audience.created", "made an audience"),
    ("audience.emptied", "emptied an audience"),
    ("export.cancelled", "cancelled an export"),
    ("export.deleted", "deleted an export"),
    ("export.started", "started an export"),
    ("form.changed", "changed a form"),
    ("form.created", "made a form"),
    ("form.deleted", "deleted a form"),
    ("integration.changed", "changed an integration"),
    ("integration.created", "made an integration"),
    ("integration.deleted", "deleted an integration"),
    ("labels.deleted", "deleted labels"),
    ("labels.stored", "changed labels"),
    ("profile.deleted", "deleted a profile"),
    ("schedule.changed", "changed a schedule"),
    ("schedule.created", "made a schedule"),
    ("schedule.deleted", "deleted a schedule"),
    ("segment.changed", "changed a segment"),
    ("segment.created", "made a segment"),
    ("segment.deleted", "deleted a segment"),
    ("submission.changed", "changed a submission"),
    ("submission.deleted", "deleted a submission"),
    ("submissions.imported", "imported submissions"),
    ("token.created", "made a token"),
    ("token.revoked", "revoked a token"),
    ("view.deleted", "deleted a view"),
    ("view.stored", "changed a view"),
    ("webhook.deleted", "deleted a webhook"),
    ("webhook.stored", "changed a webhook"),
];

pub(in crate::console) const SETTINGS: &str = "Settings";
pub(in crate::console) const ACCOUNT_NAME: &str = "What the account is called";
pub(in crate::console) const TIME_ZONE: &str = "Time zone, such as Europe/Berlin";
pub(in crate::console) const TIME_ZONE_HINT: &str =
    "Days in exports are days there, unless the form has a time zone of its own.";
pub(in crate::console) const USER_DIR: &str = "Directory in addresses";
pub(in crate::console) const WELCOME: &str = "Welcome to Fillhouse";
pub(in crate::console) const WELCOME_TEXT: &str =
    "There is no account here yet. This makes the first one, and signs you in to it.";
pub(in crate::console) const NOT_WELCOME: &str = "There is an account here already, or this address is not whole. \
     `fillhouse console --account …` makes a link that signs in.";
pub(in crate::console) const NEW_USER_DIR: &str = "Directory in addresses, such as acme";
pub(in crate::console) const USER_DIR_HINT: &str =
    "The addresses of its forms begin with it. It stays as it is: they would be others else.";
pub(in crate::console) const EMAIL: &str = "Your e-mail address";
pub(in crate::console) const MAKE_ACCOUNT: &str = "Make the account";
pub(in crate::console) const SAVE: &str = "Save the settings";

pub(in crate::console) const AUDIT: &str = "Audit log";
pub(in crate::console) const NO_ENTRIES: &str = "Nothing was changed yet.";
pub(in crate::console) const AT: &str = "When";
pub(in crate::console) const WHO: &str = "Who";
pub(in crate::console) const WHAT: &str = "What";
pub(in crate::console) const SUBJECT: &str = "To what";
pub(in crate::console) const USER: &str = "user";
pub(in crate::console) const OLDER: &str = "Older entries";

pub(in crate::console) const USAGE: &str = "Usage";
pub(in crate::console) const LIMIT: &str = "Limit";
pub(in crate::console) const LEFT: &str = "Left";
pub(in crate::console) const OF: &str = "Of";
pub(in crate::console) const RENEWED: &str = "All again in";
pub(in crate::console) const NO_LIMITS: &str = "The server limits nobody’s calls.";
pub(in crate::console) const LIMITS_HINT: &str =
    "Calls of the account’s tokens, as this server process has counted them.";
pub(in crate::console) const CALLS: &str = "Calls in a";
pub(in crate::console) const EXPORTS_NOW: &str = "Exports that are made or wait";
pub(in crate::console) const FORMS: &str = "Forms";
pub(in crate::console) const SUBMISSIONS: &str = "Submissions";
pub(in crate::console) const FILES: &str = "Uploaded files";

/// What each ability lets one do.
pub(in crate::console) const CAN: [(&str, &str); 8] = [
    ("*", "do everything"),
    ("forms-read", "read forms and submissions, and export them"),
    ("forms-write", "store submissions, and change forms"),
    ("profiles-read", "read profiles and segments, and export them"),
    ("profiles-write", "store, change and delete profiles and segments"),
    ("workspaces-read", "read what there is of the account"),
    ("workspaces-write", "change the account"),
    ("manage-integrations", "manage integrations"),
];
