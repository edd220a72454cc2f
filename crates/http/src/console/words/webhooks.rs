//! What the pages of webhooks say.
//!
//! Must not know: where it is said.

pub(in crate::console) const WEBHOOKS: &str = "Webhooks";
pub(in crate::console) const WEBHOOK: &str = "Webhook";
pub(in crate::console) const NONE_YET: &str = "Nobody is told of this form’s submissions yet.";
pub(in crate::console) const NEW: &str = "New webhook";
pub(in crate::console) const CREATE: &str = "Make it";
pub(in crate::console) const SAVE: &str = "Save";
pub(in crate::console) const DELETE: &str = "Delete it";
pub(in crate::console) const DELETE_SURE: &str =
    "Delete this webhook? What is still owed to it is called off.";
pub(in crate::console) const URL: &str = "Address";
pub(in crate::console) const KIND: &str = "Is sent";
pub(in crate::console) const STATE: &str = "State";
pub(in crate::console) const ACTIVE: &str = "active";
pub(in crate::console) const INACTIVE: &str = "not active";
pub(in crate::console) const IS_ACTIVE: &str = "Is active";
pub(in crate::console) const HANDSHAKE_KEY: &str = "Handshake key (of bare results)";
pub(in crate::console) const SECRET: &str = "Secret to sign with (of answers by name)";
pub(in crate::console) const HEADERS: &str = "Headers, one a line, such as X-Team: blue (of answers by name)";
pub(in crate::console) const TEST: &str = "Send a test";
pub(in crate::console) const TEST_HINT: &str =
    "Sends the latest finished submission once more, with the header Webhook-Test.";
pub(in crate::console) const DELIVERIES: &str = "Deliveries";
pub(in crate::console) const NO_DELIVERIES: &str = "Nothing was sent yet.";
pub(in crate::console) const AT: &str = "Since (UTC)";
pub(in crate::console) const EVENT: &str = "Event";
pub(in crate::console) const SUBMISSION: &str = "Submission";
pub(in crate::console) const NEXT: &str = "Next attempt (UTC)";
pub(in crate::console) const ATTEMPTS: &str = "Attempts";
pub(in crate::console) const AGAIN: &str = "Send again";

/// The kinds of webhooks, each with its words.
pub(in crate::console) const KINDS: [(&str, &str); 2] =
    [("result", "the bare result, once"), ("integration", "answers by name, and later changes")];
