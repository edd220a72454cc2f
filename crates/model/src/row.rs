//! The row: one submission as one run of bytes, positional, read without building anything.
//!
//! Layout, version 1, little-endian: version `u8`, status `u8`, presence flags `u16`; id, `date_update`, `date_finish`
//! and `date_start` as `i64` (microseconds; 0 where absent); then, where their flag is set, eight texts in the order of
//! [`TEXTS`] and the profile (audience as `i64`, 12 bytes); then the number of slots and each slot's answer. A length or a
//! number is a LEB128 varint. A slot is 0 where unanswered, else the length of its payload plus one, and the payload:
//! a text's bytes; or, for choices, texts and files, their parts one after the other.
//!
//! Guarantees: [`encode`] and [`Row::read`] are inverse; the same submission always gives the same bytes; no input makes
//! [`Row::read`] panic.
//!
//! Must not know: forms. A row says nothing of labels, and its slots mean what its form's slots say.

use crate::{
    Answer, AnswerKind, AudienceId, Chosen, File, ProfileId, Status, Submission, SubmissionId, Timestamp,
};

mod bytes;

pub use bytes::Reader;
use bytes::{put_bytes, put_varint};

/// The version of the layout.
const VERSION: u8 = 1;
const FIXED_BYTES: usize = 36;
const HAS_FINISH: u16 = 1 << 8;
const HAS_START: u16 = 1 << 9;
const HAS_PROFILE: u16 = 1 << 10;

/// The texts of a row that are no answers, in the order in which they are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Text {
    /// `login_email`.
    LoginEmail,
    /// `login_username`.
    LoginUsername,
    /// `payment_amount`.
    PaymentAmount,
    /// `payment_status`.
    PaymentStatus,
    /// `user_browser`.
    UserBrowser,
    /// `user_ip`.
    UserIp,
    /// `user_device`.
    UserDevice,
    /// `user_referrer`.
    UserReferrer,
}

/// Every text of a row.
pub const TEXTS: [Text; 8] = [
    Text::LoginEmail,
    Text::LoginUsername,
    Text::PaymentAmount,
    Text::PaymentStatus,
    Text::UserBrowser,
    Text::UserIp,
    Text::UserDevice,
    Text::UserReferrer,
];

/// A stored row that cannot be read: it was not written by [`encode`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the row is malformed")]
pub struct Malformed;

/// A row, read in place.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// The submission's id.
    pub id: i64,
    /// Whether it was finished.
    pub status: Status,
    /// When it was last changed, in microseconds.
    pub date_update: i64,
    /// When it was finished, in microseconds.
    pub date_finish: Option<i64>,
    /// When it was begun, in microseconds.
    pub date_start: Option<i64>,
    /// The profile it is from.
    pub profile: Option<(i64, ProfileId)>,
    texts: [Option<&'a [u8]>; 8],
    slots: &'a [u8],
}

/// Writes a submission as a row. Unanswered slots at the end are left out.
pub fn encode(submission: &Submission) -> Vec<u8> {
    let texts = texts_of(submission);
    let mut flags = 0;
    for (bit, text) in texts.iter().enumerate() {
        flags |= u16::from(text.is_some()) << bit;
    }
    flags |= if submission.date_finish.is_some() { HAS_FINISH } else { 0 };
    flags |= if submission.date_start.is_some() { HAS_START } else { 0 };
    flags |= if submission.profile.is_some() { HAS_PROFILE } else { 0 };

    let mut row = Vec::with_capacity(512);
    row.extend([VERSION, u8::from(submission.status == Status::Complete)]);
    row.extend(flags.to_le_bytes());
    row.extend(submission.id.0.to_le_bytes());
    row.extend(submission.date_update.micros().to_le_bytes());
    row.extend(submission.date_finish.map_or(0, Timestamp::micros).to_le_bytes());
    row.extend(submission.date_start.map_or(0, Timestamp::micros).to_le_bytes());
    for text in texts.into_iter().flatten() {
        put_bytes(&mut row, text.as_bytes());
    }
    if let Some((audience, profile)) = submission.profile {
        row.extend(audience.0.to_le_bytes());
        row.extend(profile.0);
    }
    let answered = submission.answers.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    put_varint(&mut row, answered as u64);
    let mut payload = Vec::new();
    for answer in &submission.answers[..answered] {
        match answer {
            None => put_varint(&mut row, 0),
            Some(answer) => {
                payload.clear();
                put_answer(&mut payload, answer);
                put_varint(&mut row, payload.len() as u64 + 1);
                row.extend_from_slice(&payload);
            }
        }
    }
    row
}

/// Puts another id into a row that [`encode`] wrote: ids are handed out last of all.
pub fn set_id(row: &mut [u8], id: SubmissionId) {
    if let Some(place) = row.get_mut(4..12) {
        place.copy_from_slice(&id.0.to_le_bytes());
    }
}

fn texts_of(submission: &Submission) -> [Option<&str>; 8] {
    [
        submission.login_email.as_deref(),
        submission.login_username.as_deref(),
        submission.payment_amount.as_deref(),
        submission.payment_status.as_deref(),
        submission.user_browser.as_deref(),
        submission.user_ip.as_deref(),
        submission.user_device.as_deref(),
        submission.user_referrer.as_deref(),
    ]
}

fn put_answer(payload: &mut Vec<u8>, answer: &Answer) {
    match answer {
        Answer::Text(text) => payload.extend_from_slice(text.as_bytes()),
        Answer::Choices(chosen) => {
            for choice in chosen {
                put_varint(payload, u64::from(choice.position) << 1 | u64::from(choice.other.is_some()));
                if let Some(other) = &choice.other {
                    put_bytes(payload, other.as_bytes());
                }
            }
        }
        Answer::Texts(texts) => texts.iter().for_each(|text| put_bytes(payload, text.as_bytes())),
        Answer::Files(files) => {
            for file in files {
                put_bytes(payload, file.name.as_bytes());
                put_bytes(payload, file.url.as_bytes());
            }
        }
    }
}

impl Row<'_> {
    /// When it was finished; none where it is not, in microseconds.
    pub fn finished_at(&self) -> Option<i64> {
        self.date_finish.filter(|_| self.status == Status::Complete)
    }

    /// The instant whose day it is of, in microseconds: when it was finished, or last changed where it is not. Tables, summaries
    /// and exports all go by this.
    pub fn dated_at(&self) -> i64 {
        self.finished_at().unwrap_or(self.date_update)
    }
}

impl<'a> Row<'a> {
    /// Reads what comes before the answers.
    ///
    /// # Errors
    /// The bytes are no row.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let (fixed, rest) = bytes.split_first_chunk::<FIXED_BYTES>().ok_or(Malformed)?;
        if fixed[0] != VERSION || fixed[1] > 1 {
            return Err(Malformed);
        }
        let flags = u16::from_le_bytes([fixed[2], fixed[3]]);
        let number = |at: usize| fixed[at..at + 8].try_into().map(i64::from_le_bytes).map_err(|_| Malformed);
        let mut reader = Reader::new(rest);
        let mut texts = [None; 8];
        for (bit, text) in texts.iter_mut().enumerate() {
            if flags & (1 << bit) != 0 {
                *text = Some(reader.bytes()?);
            }
        }
        let profile = if flags & HAS_PROFILE == 0 {
            None
        } else {
            Some((i64::from_le_bytes(reader.array()?), ProfileId(reader.array()?)))
        };
        Ok(Self {
            id: number(4)?,
            status: if fixed[1] == 1 { Status::Complete } else { Status::Incomplete },
            date_update: number(12)?,
            date_finish: if flags & HAS_FINISH == 0 { None } else { Some(number(20)?) },
            date_start: if flags & HAS_START == 0 { None } else { Some(number(28)?) },
            profile,
            texts,
            slots: reader.rest(),
        })
    }

    /// A text that is no answer, in UTF-8.
    pub fn text(&self, text: Text) -> Option<&'a [u8]> {
        self.texts[text as usize]
    }

    /// Puts the payload of each answer into `payloads`, by slot; slots past its end are passed over.
    ///
    /// # Errors
    /// The bytes are no row.
    pub fn answers_into(&self, payloads: &mut [Option<&'a [u8]>]) -> Result<(), Malformed> {
        let mut reader = Reader::new(self.slots);
        let count = reader.count()?;
        payloads.fill(None);
        for payload in payloads.iter_mut().take(count) {
            *payload = reader.optional_bytes()?;
        }
        Ok(())
    }

    /// The whole submission; `kinds` says what each slot holds.
    ///
    /// # Errors
    /// The bytes are no row, or one of other kinds.
    pub fn decode(&self, kinds: &[AnswerKind]) -> Result<Submission, Malformed> {
        let text = |text| self.text(text).map(utf8).transpose();
        let instant = |micros| Timestamp::from_micros(micros).ok_or(Malformed);
        let mut payloads = vec![None; kinds.len()];
        self.answers_into(&mut payloads)?;
        let answers = payloads
            .into_iter()
            .zip(kinds)
            .map(|(payload, kind)| payload.map(|payload| answer(*kind, payload)).transpose())
            .collect::<Result<_, _>>()?;
        Ok(Submission {
            id: SubmissionId(self.id),
            status: self.status,
            date_start: self.date_start.map(instant).transpose()?,
            date_finish: self.date_finish.map(instant).transpose()?,
            date_update: instant(self.date_update)?,
            login_email: text(Text::LoginEmail)?,
            login_username: text(Text::LoginUsername)?,
            payment_amount: text(Text::PaymentAmount)?,
            payment_status: text(Text::PaymentStatus)?,
            user_browser: text(Text::UserBrowser)?,
            user_ip: text(Text::UserIp)?,
            user_device: text(Text::UserDevice)?,
            user_referrer: text(Text::UserReferrer)?,
            profile: self.profile.map(|(audience, profile)| (AudienceId(audience), profile)),
            answers,
        })
    }
}

/// The answer that a payload of this kind holds.
///
/// # Errors
/// The payload is of another kind.
pub fn answer(kind: AnswerKind, payload: &[u8]) -> Result<Answer, Malformed> {
    if kind == AnswerKind::Text {
        return utf8(payload).map(Answer::Text);
    }
    let mut reader = Reader::new(payload);
    let mut chosen = Vec::new();
    let mut texts = Vec::new();
    let mut files = Vec::new();
    while !reader.is_empty() {
        match kind {
            AnswerKind::Choices => {
                let (position, other) = reader.chosen()?;
                chosen.push(Chosen { position, other: other.map(utf8).transpose()? });
            }
            AnswerKind::Files => {
                files.push(File { name: utf8(reader.bytes()?)?, url: utf8(reader.bytes()?)? });
            }
            AnswerKind::Text | AnswerKind::Texts => texts.push(utf8(reader.bytes()?)?),
        }
    }
    Ok(match kind {
        AnswerKind::Choices => Answer::Choices(chosen),
        AnswerKind::Files => Answer::Files(files),
        AnswerKind::Text | AnswerKind::Texts => Answer::Texts(texts),
    })
}

fn utf8(bytes: &[u8]) -> Result<String, Malformed> {
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| Malformed)
}

#[cfg(test)]
mod tests;
