//! What the table of submissions and its summary say.
//!
//! Must not know: where it is said.

/// A submission's own data but for its id, by the names that views and exports have for it.
pub(in crate::console) const METAS: [(&str, &str); 14] = [
    ("date_start", "Begun"),
    ("date_finish", "Finished"),
    ("date_update", "Last changed"),
    ("result_status", "Status"),
    ("login_email", "Signed in as (e-mail)"),
    ("login_username", "Signed in as (name)"),
    ("payment_amount", "Paid"),
    ("payment_status", "Payment"),
    ("user_browser", "Browser"),
    ("user_ip", "Address"),
    ("user_device", "Device"),
    ("user_referrer", "Came from"),
    ("db_id", "Audience"),
    ("profile_id", "Profile"),
];

/// Which submissions.
pub(in crate::console) const STATUSES: [(&str, &str); 3] =
    [("", "All"), ("Complete", "Finished only"), ("Incomplete", "Unfinished only")];

pub(in crate::console) const TOOK_SECONDS: &str = "How long it took, in seconds";
pub(in crate::console) const LAST_ANSWERED: &str = "The last question that was answered";
pub(in crate::console) const WHICH: &str = "Which";
pub(in crate::console) const UNFINISHED: &str = "unfinished";
pub(in crate::console) const PASSED_OVER: &str = "Some of the address was passed over";
pub(in crate::console) const FIRST: &str = "First page";
pub(in crate::console) const LAST: &str = "Last page";
pub(in crate::console) const PAGE: &str = "Page";
pub(in crate::console) const GO: &str = "Go";
pub(in crate::console) const PAGES: &str = "Pages";

/// Where dates are of this zone.
pub(in crate::console) fn times_of(zone: &str) -> String {
    format!("Times are those of {zone}.")
}

/// What days are, and of which zone.
pub(in crate::console) fn days_of(zone: &str) -> String {
    format!("Days are those of {zone}, on which they were finished, or last changed if they are not.")
}

/// Of whom percentages are where several choices may be made.
pub(in crate::console) fn of_people(answered: &str) -> String {
    format!(
        "Percent of the {answered} who answered; with several choices each, they add up to more than 100%."
    )
}
