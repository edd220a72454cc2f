//! Writing the line of a submission.
//!
//! Must not know: where the submission came from.

use crate::interchange::kind::Kind;
use crate::interchange::leaves::Leaves;
use crate::interchange::line::{Line, Shown};
use fillhouse_model::{Answer, Chosen, File, Submission};
use serde::{Serialize, Serializer};

/// Writes the line of a submission of a form: the answers of the leaves that the form has now, in the form's order.
pub fn write_submission(leaves: &Leaves, submission: &Submission, out: &mut Vec<u8>) {
    let mut line = Line::new(Kind::Submission, out);
    line.put("form_id", &leaves.form_id().0)
        .put("id", &submission.id.0)
        .put("status", submission.status.name())
        .put_some("date_start", submission.date_start.map(Shown))
        .put_some("date_finish", submission.date_finish.map(Shown))
        .put("date_update", &Shown(submission.date_update))
        .put_some("login_email", submission.login_email.as_ref())
        .put_some("login_username", submission.login_username.as_ref());
    if let Some(amount) = &submission.payment_amount {
        line.put_json("payment_amount", amount);
    }
    line.put_some("payment_status", submission.payment_status.as_ref())
        .put_some("user_browser", submission.user_browser.as_ref())
        .put_some("user_ip", submission.user_ip.as_ref())
        .put_some("user_device", submission.user_device.as_ref())
        .put_some("user_referrer", submission.user_referrer.as_ref())
        .put_some("audience_id", submission.profile.map(|(audience, _)| audience.0))
        .put_some("profile_id", submission.profile.map(|(_, profile)| Shown(profile)))
        .put("answers", &Answers { leaves, submission })
        .end();
}

struct Answers<'a> {
    leaves: &'a Leaves,
    submission: &'a Submission,
}

impl Serialize for Answers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let answers = &self.submission.answers;
        serializer.collect_map(self.leaves.in_order().iter().filter_map(|leaf| {
            let answer = answers.get(leaf.slot)?.as_ref()?;
            Some((&leaf.id, AnswerDocument::of(answer)))
        }))
    }
}

/// An answer as it is written.
#[derive(Serialize)]
#[serde(untagged)]
enum AnswerDocument<'a> {
    Text(&'a str),
    Choices(#[serde(serialize_with = "choices")] &'a [Chosen]),
    Texts(&'a [String]),
    Files(#[serde(serialize_with = "files")] &'a [File]),
}

impl<'a> AnswerDocument<'a> {
    fn of(answer: &'a Answer) -> Self {
        match answer {
            Answer::Text(text) => Self::Text(text),
            Answer::Choices(chosen) => Self::Choices(chosen),
            Answer::Texts(texts) => Self::Texts(texts),
            Answer::Files(files) => Self::Files(files),
        }
    }
}

#[derive(Serialize)]
struct ChosenDocument<'a> {
    position: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    other: Option<&'a str>,
}

#[derive(Serialize)]
struct FileDocument<'a> {
    name: &'a str,
    url: &'a str,
}

fn choices<S: Serializer>(chosen: &[Chosen], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(
        chosen
            .iter()
            .map(|chosen| ChosenDocument { position: chosen.position, other: chosen.other.as_deref() }),
    )
}

fn files<S: Serializer>(files: &[File], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(files.iter().map(|file| FileDocument { name: &file.name, url: &file.url }))
}
