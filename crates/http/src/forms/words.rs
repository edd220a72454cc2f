//! Everything that a form's page says by itself, in English: the one place where a translation begins.
//!
//! Must not know: where on the page it is said.

/// Beside a question that must be answered.
pub(super) const REQUIRED: &str = "required";
/// What begins the list of what is wrong.
pub(super) const FAULTS: &str = "Something is missing or not right yet";
pub(super) const SEND: &str = "Send";
/// What leads to the next page of a form, and to the one before.
pub(super) const NEXT: &str = "Next";
pub(super) const BACK: &str = "Back";
pub(super) const SAVE: &str = "Save and return later";
/// The label of the box that people do not see.
pub(super) const TRAP: &str = "Leave this empty";
/// The label of the box beside a choice.
pub(super) const OTHER: &str = "What else";
/// The first line of a list that opens.
pub(super) const CHOOSE: &str = "Choose…";
pub(super) const FILES_KEPT: &str = "Keep these files";
/// Of a file of which the server did not say why it was not taken.
pub(super) const NOT_UPLOADED: &str = "it could not be uploaded";
/// What a place to sign is called.
pub(super) const SIGN: &str = "Sign here, or choose a picture below";
pub(super) const SAVED: &str = "Your answers so far are saved.";
pub(super) const SAVED_HINT: &str = "Keep this address: whoever has it can go on where you stopped.";
pub(super) const AGAIN: &str = "Fill it in again";

pub(super) const THANKS: &str = "Thank you";
pub(super) const RECEIVED: &str = "Your answers have been received.";

pub(super) const CLOSED: &str = "This form takes no answers any more";

/// Why a form takes no answers: by hand, or for a reason that whoever closed it has given.
pub(super) fn closed(name: &str, reason: &str) -> String {
    match reason {
        "" | "manually" => format!("{name} was closed by those who made it."),
        reason => format!("{name} is closed: {reason}."),
    }
}

pub(super) const MISSING: &str = "There is no form here";
pub(super) const MISSING_TEXT: &str =
    "It may have been deleted or moved, or the address has a typing error in it.";
pub(super) const FAILED: &str = "That did not work";
pub(super) const FAILED_TEXT: &str = "The fault is ours, not yours. Your answers are still in your browser: go back, and send them again in a moment.";
pub(super) const BUSY: &str = "One moment, please";
pub(super) const TOO_MUCH: &str = "That is too much at once";

/// Said to somebody who sent a page sooner than anybody can fill it in.
pub(super) const TOO_FAST: &str = "That was quick. To be sure that you are not a machine: please look over your answers, and send them again.";
/// Said to somebody whose page is too old, or not one of ours.
pub(super) const TOO_OLD: &str =
    "This page was open for a long time. Your answers are all here: please send them again.";
/// Said to whoever filled in what nobody sees.
pub(super) const TRAPPED: &str = "Something filled in a field that is to be left empty. Your answers are all here: please send them again.";
/// Said to whoever sends other answers than those that were sent from elsewhere.
pub(super) const SENT_MEANWHILE: &str = "What was saved here has been sent since, from another page, with other answers. \
     These are not stored yet: send them if they are to count as well.";
pub(super) const UNKNOWN_WORD: &str =
    "What was saved at this address is not there any more. You can begin anew.";

/// What is said beside a question, by us or before it comes to us.
pub(super) const UNANSWERED: &str = "Please answer this question.";
pub(super) const NO_EMAIL: &str = "Please write an e-mail address, such as name@example.org.";
pub(super) const NO_NUMBER: &str = "Please write a number with digits only, such as 12 or 4.5.";
pub(super) const NO_DATE: &str = "Please write a date as year-month-day, such as 2026-04-01.";

/// The heading of one page of several.
pub(super) fn page(number: usize, of: usize) -> String {
    format!("Page {number} of {of}")
}

/// Why somebody is to wait.
pub(super) fn busy(seconds: i64) -> String {
    format!(
        "A lot has come from where you are. Please wait {seconds} seconds, then go back and send your answers again."
    )
}

/// What is wrong with an answer, said to the person who gave it; `message` is what the engine says.
pub(super) fn fault(message: &str) -> String {
    match message {
        "is required" => UNANSWERED.to_owned(),
        "is not an e-mail address" => NO_EMAIL.to_owned(),
        "is not a decimal number" => NO_NUMBER.to_owned(),
        "is not a date of the form YYYY-MM-DD" => NO_DATE.to_owned(),
        _ => format!("This {message}."),
    }
}
