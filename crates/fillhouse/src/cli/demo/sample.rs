//! The demo's data: a café chain's survey of its guests, made up, the same each time but for its dates.
//!
//! Must not know: the engine; it is lines of the interchange format.

use fillhouse_model::{Clock, Timestamp};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};

/// The sample's account.
pub(super) const ACCOUNT: i64 = 1;
/// The form's directory.
pub(super) const DIRECTORY: &str = "guests";
/// Its directory.
pub(super) const USER_DIR: &str = "cafe";
/// The sample's form.
pub(super) const FORM: i64 = 1;
/// The first submission's id.
const FIRST_ID: u64 = 10_000_001;
/// How many days the sample spans.
const DAYS: i64 = 30;
const DAY_MICROS: i64 = 24 * 3_600 * 1_000_000;

const NAMES: [&str; 12] = [
    "Ada",
    "Alan",
    "Chiara",
    "Edsger",
    "Grace",
    "Jürgen",
    "Katherine",
    "Linus",
    "Margaret",
    "Noor",
    "Radia",
    "Søren",
];
const BROWSERS: [&str; 3] = ["Firefox", "Chrome", "Safari"];
const DEVICES: [&str; 3] = ["Desktop", "Tablet", "Mobile"];
const COMMENTS: [&str; 10] = [
    "Lovely staff, thank you!",
    "The queue was long, but worth it.",
    "Please bring back the \"old\" cinnamon buns",
    "Wi-Fi too slow,\nmusic too loud",
    "Best flat white in town ☕",
    "More oat milk, please",
    "A little cold by the window",
    "Perfect, as always",
    "The card reader did not work",
    "Très bon !",
];

/// The sample of the days up to a moment.
pub(super) struct Sample {
    end: Timestamp,
}

impl Sample {
    /// The sample of the days up to now.
    pub(super) fn until(clock: &impl Clock) -> Self {
        Self { end: clock.now() }
    }

    /// The first day on which somebody finished, `YYYY-MM-DD`.
    pub(super) fn first_day(&self) -> String {
        day(self.end.plus_micros(-DAYS * DAY_MICROS))
    }

    /// The last day.
    pub(super) fn last_day(&self) -> String {
        day(self.end)
    }

    /// The lines, with this many submissions.
    pub(super) fn lines(&self, submissions: u64) -> Vec<u8> {
        let mut lines = Vec::new();
        let mut put = |line: &Value| {
            lines.extend_from_slice(line.to_string().as_bytes());
            lines.push(b'\n');
        };
        put(&json!({"kind": "account", "id": ACCOUNT, "user_dir": USER_DIR, "name": "Café Aurora"}));
        put(&json!({"kind": "user", "id": 1, "account_id": ACCOUNT, "email": "owner@cafe.example"}));
        put(&json!({"kind": "form", "id": FORM, "account_id": ACCOUNT, "shortname": "form_Aur0raC4",
            "directory": DIRECTORY, "slug": "guest-survey", "name": "Guest survey", "state": "open", "items": items()}));
        let mut random = StdRng::seed_from_u64(1);
        let step = DAYS * DAY_MICROS / i64::try_from(submissions.max(1)).unwrap_or(i64::MAX);
        for n in 0..submissions {
            let back = i64::try_from(submissions - n).unwrap_or(0) * step;
            let finished = self.end.plus_micros(-back);
            put(&submission(&mut random, FIRST_ID + n, finished));
        }
        lines
    }
}

fn day(instant: Timestamp) -> String {
    instant.to_seconds_string().chars().take(10).collect()
}

fn items() -> Value {
    let choices = |labels: &[&str]| -> Value {
        labels
            .iter()
            .enumerate()
            .map(|(position, label)| json!({"position": position, "label": label}))
            .collect()
    };
    let row = |n: usize, label: &str| json!({"id": format!("104-{n}"), "type": "radio", "label": label, "choices": choices(&["Poor", "Fair", "Good", "Great"])});
    json!([
        {"id": "100", "type": "text", "label": "Your name", "required": true},
        {"id": "101", "type": "email", "label": "E-mail", "matches": "email"},
        {"id": "102", "type": "dropdown", "label": "Which café?",
         "choices": choices(&["Harbour", "Old Town", "Station", "University"])},
        {"id": "103", "type": "checkbox", "label": "What did you have?", "allow_other": true,
         "choices": choices(&["Coffee", "Tea", "Cake", "Breakfast", "Something else"])},
        {"id": "104", "type": "matrix_choice", "label": "How was it?",
         "children": [row(0, "Service"), row(1, "Taste"), row(2, "Price")]},
        {"id": "105", "type": "scale", "label": "Recommend us?"},
        {"id": "106", "type": "long_text", "label": "Anything else?"},
    ])
}

fn submission(random: &mut StdRng, id: u64, finished: Timestamp) -> Value {
    let name = NAMES[random.random_range(0..NAMES.len())];
    let begun = finished.plus_micros(-random.random_range(20..400) * 1_000_000);
    let had: Vec<Value> =
        (0..4).filter(|_| random.random_bool(0.4)).map(|position| json!({"position": position})).collect();
    let mut answers = json!({
        "100": name,
        "102": [{"position": random.random_range(0..4)}],
        "103": had,
        "104-0": [{"position": random.random_range(1..4)}],
        "104-1": [{"position": random.random_range(0..4)}],
        "104-2": [{"position": random.random_range(0..4)}],
        "105": random.random_range(4..=10).to_string(),
    });
    if random.random_bool(0.6) {
        answers["101"] = json!(format!("guest{}@mail.example", random.random_range(0..9_000)));
    }
    if random.random_bool(0.3) {
        answers["106"] = json!(COMMENTS[random.random_range(0..COMMENTS.len())]);
    }
    let browser = BROWSERS[random.random_range(0..BROWSERS.len())];
    let device = DEVICES[random.random_range(0..DEVICES.len())];
    json!({"kind": "submission", "form_id": FORM, "id": id, "status": "Complete",
        "date_start": begun.to_string(), "date_finish": finished.to_string(), "date_update": finished.to_string(),
        "user_browser": browser, "user_device": device, "answers": answers})
}
