//! What the pages of schedules say.
//!
//! Must not know: where it is said.

pub(in crate::console) const SCHEDULES: &str = "Schedules";
pub(in crate::console) const SCHEDULE: &str = "Schedule";
pub(in crate::console) const AGAIN: &str = "Make it again and again";
pub(in crate::console) const AGAIN_HINT: &str = "By the clocks of the form’s time zone. What was missed while the server was down is made up once; what fails is tried again.";
pub(in crate::console) const CREATE: &str = "Make the schedule";
pub(in crate::console) const NAME: &str = "Name";
pub(in crate::console) const EVERY: &str = "Every";
pub(in crate::console) const AT: &str = "at";
pub(in crate::console) const ON: &str = "on";
pub(in crate::console) const CRON: &str = "Cron line: minute, hour, day, month, day of the week";
pub(in crate::console) const MODE: &str = "What is in each file";
pub(in crate::console) const KIND: &str = "Where it goes";
pub(in crate::console) const KIND_HINT: &str = "Only what belongs to the place chosen is filled in.";
pub(in crate::console) const FOLDER: &str = "Folder, within the account’s own";
pub(in crate::console) const FILE_NAME: &str = "What each file is called, in place of the one before";
pub(in crate::console) const URL: &str = "Address to post to";
pub(in crate::console) const SECRET: &str = "Secret to sign with";
pub(in crate::console) const SECRET_HINT: &str =
    "What lets one in there is kept, and not shown. Where the files go elsewhere, it is given anew.";
pub(in crate::console) const WHAT_ELSE: &str = "Change what is exported";
pub(in crate::console) const NOT_OURS: &str =
    "It was made with the API, and asks for something that this page does not have.";
pub(in crate::console) const REPLACE: &str = "Export this in its place";
pub(in crate::console) const BUCKET: &str = "Bucket";
pub(in crate::console) const PREFIX: &str = "What names begin with";
pub(in crate::console) const ENDPOINT: &str = "Address of the server, where it is not AWS";
pub(in crate::console) const REGION: &str = "Region";
pub(in crate::console) const ACCESS_KEY_ID: &str = "Access key id";
pub(in crate::console) const SECRET_ACCESS_KEY: &str = "Secret access key";
pub(in crate::console) const WHEN: &str = "When";
pub(in crate::console) const NEXT: &str = "Next (UTC)";
pub(in crate::console) const LAST: &str = "Last run";
pub(in crate::console) const NEVER: &str = "not yet";
pub(in crate::console) const PAUSED: &str = "paused";
pub(in crate::console) const WHAT: &str = "What is exported";
pub(in crate::console) const RUN: &str = "Run it now";
pub(in crate::console) const PAUSE: &str = "Pause it";
pub(in crate::console) const RESUME: &str = "Go on with it";
pub(in crate::console) const SAVE: &str = "Save";
pub(in crate::console) const DELETE: &str = "Delete it";
pub(in crate::console) const DELETE_SURE: &str =
    "Delete this schedule and the list of its runs? The files that it made stay.";
pub(in crate::console) const RUNS: &str = "Runs";
pub(in crate::console) const NO_RUNS: &str = "It did not run yet.";
pub(in crate::console) const DUE: &str = "Due (UTC)";
pub(in crate::console) const STATE: &str = "State";
pub(in crate::console) const DELIVERED_TO: &str = "Where it is";
pub(in crate::console) const BESIDE: &str = "run by hand";
pub(in crate::console) const AGAIN_AT: &str = "tried again at";

/// How often, each with its words.
pub(in crate::console) const OFTEN: [(&str, &str); 4] =
    [("daily", "day"), ("hourly", "hour"), ("weekly", "week"), ("cron", "time of a cron line")];

/// The days of a week.
pub(in crate::console) const DAYS: [(&str, &str); 7] = [
    ("monday", "Monday"),
    ("tuesday", "Tuesday"),
    ("wednesday", "Wednesday"),
    ("thursday", "Thursday"),
    ("friday", "Friday"),
    ("saturday", "Saturday"),
    ("sunday", "Sunday"),
];

/// How much is exported.
pub(in crate::console) const MODES: [(&str, &str); 2] =
    [("full", "everything"), ("incremental", "what has changed since the file before")];

/// Where files may go.
pub(in crate::console) const KINDS: [(&str, &str); 4] = [
    ("store", "to the exports on this page"),
    ("folder", "into a folder of the server"),
    ("webhook", "to a webhook, with the file’s link"),
    ("s3", "into a bucket of an S3 server"),
];
