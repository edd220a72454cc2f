//! Lines of the interchange format: each is refused with a fault, or written as a line that says the same.
//!
//! Must not know: what an import does with them.

use fillhouse_engine::interchange::{
    Credential, Leaves, Record, SegmentLine, write_account, write_audience, write_deleted_segment,
    write_form, write_integration, write_look, write_profile, write_results_labels, write_results_view,
    write_schedule, write_segment, write_submission, write_token, write_user, write_webhook,
};
use fillhouse_model::{Fault, Form, Token};

/// The lines are read; what is written of them is read and written again, and is the same.
pub(crate) fn lines(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let (mut first, mut second) = (Copier::default(), Copier::default());
    for line in text.split_inclusive('\n') {
        let Ok(Some(written)) = first.copy(line) else { continue };
        match second.copy(&written) {
            Ok(Some(again)) => assert_eq!(again, written, "{line}"),
            other => panic!("what was written is not read: {other:?}\n{written}"),
        }
    }
}

/// Reads lines as an import does, and writes them as a dump does.
#[derive(Default)]
struct Copier {
    forms: Vec<Leaves>,
}

impl Copier {
    /// The line as a dump has it; none where it is of something that no dump has.
    fn copy(&mut self, line: &str) -> Result<Option<String>, Fault> {
        let mut out = Vec::new();
        match Record::parse(line)? {
            Record::Account(account) => write_account(&account, &mut out),
            Record::User(user) => write_user(&user, &mut out),
            Record::Token(record) => {
                // A secret is never written.
                let Credential::Hash(hash) = record.credential else { return Ok(None) };
                let (account_id, user_id) = (record.account_id, record.user_id);
                let token =
                    Token { hash, account_id, user_id, name: record.name, abilities: record.abilities };
                write_token(&token, &mut out);
            }
            Record::Form(form) => {
                self.know(form.clone())?;
                write_form(&form, &mut out);
            }
            Record::ResultsLabels(labels) => write_results_labels(&labels, &mut out),
            Record::ResultsView(view) => write_results_view(&view, &mut out),
            Record::Look(look) => write_look(&look, &mut out),
            Record::Audience(audience) => write_audience(&audience, &mut out),
            Record::Profile(profile) => write_profile(&profile, &mut out),
            Record::Segment(SegmentLine::Kept(segment)) => write_segment(&segment, &mut out),
            Record::Segment(SegmentLine::Deleted(deleted)) => write_deleted_segment(&deleted, &mut out),
            Record::Webhook(webhook) => write_webhook(&webhook, &mut out),
            Record::Integration(integration) => write_integration(&integration, &mut out),
            Record::Submission(record) => {
                let of_its_form = |leaves: &&Leaves| leaves.form_id() == record.form_id;
                let Some(leaves) = self.forms.iter().rev().find(of_its_form) else { return Ok(None) };
                write_submission(leaves, &record.document.bind_imported(leaves)?, &mut out);
            }
            Record::Schedule(schedule) => write_schedule(&schedule, &mut out),
        }
        Ok(Some(String::from_utf8(out).expect("a line is text")))
    }

    /// Lines that follow may be of this form, if it is one that can be kept.
    fn know(&mut self, mut form: Form) -> Result<(), Fault> {
        form.check()?;
        form.assign_slots(&[]);
        self.forms.push(Leaves::of(&form));
        Ok(())
    }
}
