//! What the pages of audiences, profiles and segments say.
//!
//! Must not know: where it is said.

pub(in crate::console) const AUDIENCES: &str = "Audiences";
pub(in crate::console) const NO_AUDIENCES: &str = "There are no audiences yet. Make one, or import some.";
pub(in crate::console) const AUDIENCE: &str = "Audience";
pub(in crate::console) const NEW_AUDIENCE: &str = "New audience";
pub(in crate::console) const EDIT_AUDIENCE: &str = "Name and fields";
pub(in crate::console) const FIELDS_HINT: &str = "Every profile has an id, an e-mail address, phones and a status; these are its own fields beside them. A field \
     whose name is emptied is taken out: its values stay, and are there again when it is put back with its type.";
pub(in crate::console) const TYPE: &str = "Type";
pub(in crate::console) const AUDIENCE_CHANGED: &str = "Somebody has changed this audience since you opened it. What you have filled in is below and not saved: save it to \
     put it in place of theirs.";
pub(in crate::console) const NEW_PROFILE: &str = "New profile";
pub(in crate::console) const EDIT_SEGMENT: &str = "Change the segment";
pub(in crate::console) const QUERY_TEXT: &str = "Query, a JSON object";
pub(in crate::console) const EVERYONE: &str = "Without a condition, everyone of the audience is in it.";
pub(in crate::console) const COUNT_THEM: &str = "Count";
pub(in crate::console) const PROFILES: &str = "Profiles";
pub(in crate::console) const PROFILE: &str = "Profile";
pub(in crate::console) const FIELDS: &str = "Fields";
pub(in crate::console) const SEGMENTS: &str = "Segments";
pub(in crate::console) const SEGMENT: &str = "Segment";
pub(in crate::console) const NO_SEGMENTS: &str = "There are no segments yet.";
pub(in crate::console) const FIXED: &str = "chosen one by one";
pub(in crate::console) const BY_QUERY: &str = "by its query";
pub(in crate::console) const MEMBERS: &str = "Who is in it";
pub(in crate::console) const QUERY: &str = "Query";
pub(in crate::console) const FIND: &str = "Find profiles";
pub(in crate::console) const CONDITION: &str = "Condition";
pub(in crate::console) const FIELD: &str = "Field";
pub(in crate::console) const HOW: &str = "Comparison";
pub(in crate::console) const WHAT: &str = "Value";
pub(in crate::console) const METHOD: &str = "What must hold";
pub(in crate::console) const SHOW: &str = "Show";
pub(in crate::console) const MORE: &str = "Next profiles";
pub(in crate::console) const SAVE_SEGMENT: &str = "Save as a segment";
pub(in crate::console) const NEW_FIXED: &str = "New segment, to be chosen one by one";
pub(in crate::console) const NAME: &str = "Name";
pub(in crate::console) const EMAIL: &str = "E-mail";
pub(in crate::console) const PHONES: &str = "Phones";
pub(in crate::console) const STATUS: &str = "Status";
pub(in crate::console) const NOBODY: &str = "Nobody was found.";
pub(in crate::console) const FILLS: &str = "What was filled in";
pub(in crate::console) const NO_FILLS: &str = "No submission is known to be from this profile.";
pub(in crate::console) const FORM: &str = "Form";
pub(in crate::console) const SUBMISSION: &str = "Submission";
pub(in crate::console) const CHANGED: &str = "Last changed (UTC)";
pub(in crate::console) const ONE_A_LINE: &str = "one a line";
pub(in crate::console) const DATE_LIKE: &str = "such as 2026-01-31T09:30:00Z";
pub(in crate::console) const JSON: &str = "JSON";
pub(in crate::console) const PUT: &str = "Put into the segment";
pub(in crate::console) const TAKE: &str = "Take out of the segment";
pub(in crate::console) const DELETE_SEGMENT: &str = "Delete the segment";
pub(in crate::console) const DELETE_SEGMENT_SURE: &str =
    "Delete this segment for good? Those in it stay, and so do exports that were asked for.";
pub(in crate::console) const DELETE: &str = "Delete the profile";
pub(in crate::console) const DELETE_SURE: &str = "Delete this profile for good? The submissions stay.";

/// How many of the conditions must hold.
pub(in crate::console) const METHODS: [(&str, &str); 2] = [("all", "all conditions"), ("any", "one of them")];

/// The comparisons, each with its words.
pub(in crate::console) const HOWS: [(&str, &str); 11] = [
    ("is", "is"),
    ("is-not", "is not"),
    ("one-of", "is one of (with commas)"),
    ("has", "has in it"),
    ("begins", "begins with"),
    ("more", "is more than"),
    ("least", "is at least"),
    ("less", "is less than"),
    ("most", "is at most"),
    ("there", "is there"),
    ("missing", "is not there"),
];

/// The types of fields, each with its words.
pub(in crate::console) const TYPES: [(&str, &str); 7] = [
    ("string", "text"),
    ("int", "whole number"),
    ("float", "number"),
    ("bool", "yes or no"),
    ("date", "date"),
    ("tags", "list of texts"),
    ("object", "JSON object"),
];

/// What can be chosen for a field that is true or false.
pub(in crate::console) const TRUTHS: [(&str, &str); 3] = [("", ""), ("true", "yes"), ("false", "no")];
