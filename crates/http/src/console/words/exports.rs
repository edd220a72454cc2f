//! What the pages of exports say.
//!
//! Must not know: where it is said.

pub(in crate::console) const EXPORTS: &str = "Exports";
pub(in crate::console) const EXPORT: &str = "Export";
pub(in crate::console) const NEW: &str = "New export";
pub(in crate::console) const START: &str = "Start the export";
pub(in crate::console) const ESTIMATE: &str = "See what it comes to";
pub(in crate::console) const SO_FAR: &str = "Exports so far";
pub(in crate::console) const NONE_YET: &str = "There are no exports yet.";
pub(in crate::console) const OLDER: &str = "Older exports";
pub(in crate::console) const FORM: &str = "Form";
pub(in crate::console) const NUMBER: &str = "Number";
pub(in crate::console) const ASKED: &str = "Asked for (UTC)";
pub(in crate::console) const STATE: &str = "State";
pub(in crate::console) const ROWS: &str = "Submissions";
pub(in crate::console) const SIZE: &str = "Size";

pub(in crate::console) const FORMAT: &str = "Format";
pub(in crate::console) const COMPRESSION: &str = "Compression";
pub(in crate::console) const FROM: &str = "Finished from";
pub(in crate::console) const TO: &str = "to";
pub(in crate::console) const DAYS_HINT: &str = "Whole days, both included, in the form’s time zone, else the account’s: those on which submissions were finished, or last changed if they are not.";
pub(in crate::console) const STATUS: &str = "Which";
pub(in crate::console) const CONDITIONS: &str = "Only where all of this holds";
pub(in crate::console) const CONDITIONS_HINT: &str = "The text of a question with choices is the label of one. A row that is emptied is dropped; there is always room for two more.";
pub(in crate::console) const COLUMNS: &str = "Columns";
pub(in crate::console) const COLUMNS_HINT: &str = "Of CSV, Excel and Parquet. All, where none is chosen.";
pub(in crate::console) const OPTIONS: &str = "How CSV is written";
pub(in crate::console) const DELIMITER: &str = "Between cells";
pub(in crate::console) const EOL: &str = "End of a line";
pub(in crate::console) const HEADER: &str = "Columns are called by";
pub(in crate::console) const BOM: &str = "Begin with a byte order mark (for older versions of Excel)";
pub(in crate::console) const RAW: &str = "Leave cells as they are that a spreadsheet would take for formulas";

pub(in crate::console) const DOWNLOAD: &str = "Download";
pub(in crate::console) const RECEIPT: &str = "Receipt";
pub(in crate::console) const CANCEL: &str = "Cancel it";
pub(in crate::console) const DELETE: &str = "Delete it";
pub(in crate::console) const DELETE_SURE: &str = "Delete this export and its file? The submissions stay.";
pub(in crate::console) const SHA256: &str = "SHA-256";
pub(in crate::console) const EXPIRES: &str = "Kept until (UTC)";
pub(in crate::console) const ATTEMPT: &str = "Attempt";
pub(in crate::console) const VERIFY_NOW: &str = "Verify the file";
pub(in crate::console) const WHOLE: &str =
    "Every byte of the file was read just now: it is what was made, and its digest is the one below.";
pub(in crate::console) const NOT_WHOLE: &str = "The file is not what was made, or cannot be read; the server’s log says \
     which. Delete the export, and export once more.";
pub(in crate::console) const VERIFY: &str =
    "To verify the file, now or in years, put its receipt beside it and run";
pub(in crate::console) const VERIFY_KEY: &str = "The server signs receipts with the key";

pub(in crate::console) const QUEUED: &str = "It waits for its turn";
pub(in crate::console) const RUNNING: &str = "It is being made";
pub(in crate::console) const COMPLETED: &str = "It is finished.";
pub(in crate::console) const EXPIRED: &str = "Its file is not kept any more. Export once more.";
pub(in crate::console) const CANCELLED: &str = "It was cancelled.";
pub(in crate::console) const FAILED: &str = "It failed; the server’s log says why.";

/// The formats, each with its words.
pub(in crate::console) const FORMATS: [(&str, &str); 5] = [
    ("csv", "CSV"),
    ("xlsx", "Excel (XLSX)"),
    ("json", "JSON"),
    ("ndjson", "Lines of JSON (NDJSON)"),
    ("parquet", "Parquet"),
];

/// What a file may be put into.
pub(in crate::console) const COMPRESSIONS: [(&str, &str); 5] = [
    ("", "as usual for the format"),
    ("none", "none"),
    ("zip", "ZIP"),
    ("gzip", "gzip"),
    ("zstd", "Zstandard"),
];

/// Which submissions.
pub(in crate::console) const STATUSES: [(&str, &str); 3] =
    [("", "all, finished or not"), ("Complete", "finished"), ("Incomplete", "unfinished")];

/// What stands between cells.
pub(in crate::console) const DELIMITERS: [(&str, &str); 4] =
    [("comma", "comma"), ("semicolon", "semicolon"), ("tab", "tab"), ("pipe", "|")];

/// How lines end.
pub(in crate::console) const EOLS: [(&str, &str); 2] = [("lf", "LF"), ("crlf", "CRLF (Windows)")];

/// What columns are called by.
pub(in crate::console) const HEADERS: [(&str, &str); 2] = [("label", "their labels"), ("id", "their ids")];
