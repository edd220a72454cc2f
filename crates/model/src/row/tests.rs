//! That a row gives back what was put into it, and that nothing else is taken for one.

use super::*;
use proptest::option;
use proptest::prelude::*;

const KINDS: [AnswerKind; 4] = [AnswerKind::Text, AnswerKind::Choices, AnswerKind::Texts, AnswerKind::Files];

fn any_answer(kind: AnswerKind) -> BoxedStrategy<Answer> {
    let chosen =
        (any::<u32>(), option::of(any::<String>())).prop_map(|(position, other)| Chosen { position, other });
    let file = any::<(String, String)>().prop_map(|(name, url)| File { name, url });
    match kind {
        AnswerKind::Text => any::<String>().prop_map(Answer::Text).boxed(),
        AnswerKind::Choices => prop::collection::vec(chosen, 0..4).prop_map(Answer::Choices).boxed(),
        AnswerKind::Texts => prop::collection::vec(any::<String>(), 0..4).prop_map(Answer::Texts).boxed(),
        AnswerKind::Files => prop::collection::vec(file, 0..3).prop_map(Answer::Files).boxed(),
    }
}

fn any_instant() -> impl Strategy<Value = Timestamp> {
    (-62_000_000_000_000_000_i64..250_000_000_000_000_000)
        .prop_map(|micros| Timestamp::from_micros(micros).unwrap())
}

prop_compose! {
    fn any_submission()(
        (id, complete) in any::<(i64, bool)>(),
        date_start in option::of(any_instant()),
        date_finish in option::of(any_instant()),
        date_update in any_instant(),
        texts in prop::collection::vec(option::of(any::<String>()), 8),
        profile in option::of(any::<(i64, [u8; 12])>()),
        answers in KINDS.map(|kind| option::of(any_answer(kind))),
    ) -> Submission {
        let mut texts = texts.into_iter();
        let mut text = || texts.next().flatten();
        Submission {
            id: SubmissionId(id),
            status: if complete { Status::Complete } else { Status::Incomplete },
            date_start, date_finish, date_update,
            login_email: text(), login_username: text(), payment_amount: text(), payment_status: text(),
            user_browser: text(), user_ip: text(), user_device: text(), user_referrer: text(),
            profile: profile.map(|(audience, id)| (AudienceId(audience), ProfileId(id))),
            answers: answers.into(),
        }
    }
}

proptest! {
    #[test]
    fn a_row_gives_back_what_was_put_into_it(submission in any_submission()) {
        let bytes = encode(&submission);
        prop_assert_eq!(Row::read(&bytes).unwrap().decode(&KINDS).unwrap(), submission);
    }

    #[test]
    fn an_id_is_put_into_its_place(submission in any_submission(), id in any::<i64>()) {
        let mut bytes = encode(&submission);
        set_id(&mut bytes, SubmissionId(id));
        prop_assert_eq!(bytes, encode(&Submission { id: SubmissionId(id), ..submission }));
    }

    #[test]
    fn a_row_of_fewer_slots_leaves_the_rest_unanswered(submission in any_submission()) {
        let more: Vec<_> = KINDS.into_iter().chain([AnswerKind::Text; 3]).collect();
        let decoded = Row::read(&encode(&submission)).unwrap().decode(&more).unwrap();
        prop_assert_eq!(&decoded.answers[..4], &submission.answers[..]);
        prop_assert_eq!(&decoded.answers[4..], &[None, None, None]);
    }

    #[test]
    fn no_bytes_make_reading_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..200), version in 0_u8..2) {
        if let [first, second, ..] = bytes.as_mut_slice() {
            (*first, *second) = (version, *second & 1);
        }
        if let Ok(row) = Row::read(&bytes) {
            let _malformed_or_not = row.decode(&KINDS);
        }
    }

    #[test]
    fn a_row_cut_short_is_malformed(submission in any_submission(), cut in 1_usize..100) {
        let bytes = encode(&submission);
        let short = &bytes[..bytes.len().saturating_sub(cut)];
        let read = Row::read(short).and_then(|row| row.decode(&KINDS));
        prop_assert_eq!(read, Err(Malformed));
    }
}
