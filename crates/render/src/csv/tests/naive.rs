//! The cells of a row as the design says them, written plainly and with nothing of the code that is tested; and rows and
//! layouts of any kind to compare the two by.

use super::*;
use fillhouse_model::{Choice, ProfileId, SubmissionId, Timestamp};
use proptest::option;

/// What a reader should find in the row of `submission`.
pub(super) fn cells(form: &Form, options: CsvOptions, submission: &Submission) -> Vec<String> {
    let instant = |instant: Option<Timestamp>| instant.map(Timestamp::to_seconds_string).unwrap_or_default();
    let escape = options.formulas == Formulas::Escape;
    let text = |text: &Option<String>| escaped(text.clone().unwrap_or_default(), escape);
    let mut cells = vec![
        submission.id.to_string(),
        instant(submission.date_start),
        instant(submission.date_finish),
        instant(Some(submission.date_update)),
        format!("{:?}", submission.status),
        text(&submission.login_email),
        text(&submission.login_username),
        text(&submission.payment_amount),
        text(&submission.payment_status),
        text(&submission.user_browser),
        text(&submission.user_ip),
        text(&submission.user_device),
        text(&submission.user_referrer),
        submission.profile.map(|(audience, _)| audience.to_string()).unwrap_or_default(),
        submission.profile.map(|(_, profile)| profile.to_string()).unwrap_or_default(),
    ];
    for leaf in form.leaves() {
        let answer = submission.answers[leaf.slot].as_ref();
        let text = answer.map(|answer| answer_text(answer, &leaf.item.choices)).unwrap_or_default();
        cells.push(escaped(text, escape));
    }
    cells
}

fn answer_text(answer: &Answer, choices: &[Choice]) -> String {
    let parts: Vec<String> = match answer {
        Answer::Text(text) => vec![text.clone()],
        Answer::Texts(texts) => texts.clone(),
        Answer::Files(files) => files.iter().map(|file| file.url.clone()).collect(),
        Answer::Choices(chosen) => chosen.iter().map(|chosen| chosen_text(chosen, choices)).collect(),
    };
    parts.join(" | ")
}

fn chosen_text(chosen: &Chosen, choices: &[Choice]) -> String {
    let known = choices.iter().find(|choice| choice.position == chosen.position);
    let label = known.map_or_else(|| chosen.position.to_string(), |choice| choice.label.clone());
    match chosen.other.as_deref() {
        None | Some("") => label,
        Some(other) => format!("{label}: {other}"),
    }
}

fn escaped(text: String, escape: bool) -> String {
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let number = text.strip_prefix(['+', '-']).is_some_and(|rest| match rest.split_once('.') {
        None => digits(rest),
        Some((whole, fraction)) => digits(whole) && digits(fraction),
    });
    let phone = text.strip_prefix('+').is_some_and(|rest| digits(&rest.replace([' ', '-', '(', ')'], "")));
    if escape && text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !number && !phone {
        format!("'{text}")
    } else {
        text
    }
}

/// Texts of all lengths around those that are looked at in one piece, with more that is special than real ones have.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z0-9 ]{0,30}",
        2 => "[-=+@\t\r\n\",;|'a1.() ]{0,12}",
        1 => "[+-][0-9]{0,3}[.()0-9 -]{0,4}",
        1 => any::<String>(),
    ]
}

fn any_choices() -> impl Strategy<Value = Vec<Choice>> {
    prop::collection::btree_map(0_u32..6, any_text(), 1..5).prop_map(|choices| {
        let choice = |(position, label)| Choice { position, label };
        choices.into_iter().map(choice).rev().collect()
    })
}

/// A form with a leaf of each kind, in the order of [`any_submission`]'s answers.
pub(super) fn any_form() -> impl Strategy<Value = Form> {
    (any_choices(), any_text()).prop_map(|(choices, label)| {
        let boxes = Item { choices, ..item("2", ItemType::Checkbox, "Boxes") };
        let rows = vec![item("3-0", ItemType::Text, "Row")];
        form(vec![
            item("1", ItemType::Text, &label),
            boxes,
            group("3", ItemType::MatrixText, "Matrix", rows),
            item("4", ItemType::File, "File"),
        ])
    })
}

pub(super) fn any_options() -> impl Strategy<Value = CsvOptions> {
    use Delimiter::{Comma, Pipe, Semicolon, Tab};
    let delimiter = prop::sample::select(vec![Comma, Semicolon, Tab, Pipe]);
    (delimiter, any::<[bool; 4]>()).prop_map(|(delimiter, [crlf, bom, ids, escape])| CsvOptions {
        delimiter,
        eol: if crlf { Eol::CrLf } else { Eol::Lf },
        bom,
        header: if ids { HeaderNames::Ids } else { HeaderNames::Labels },
        formulas: if escape { Formulas::Escape } else { Formulas::Raw },
    })
}

/// Any instant there is, and more of those around midnights, the epoch and the ends.
pub(super) fn any_instant() -> impl Strategy<Value = Timestamp> {
    let (first, last) = (-377_705_023_201_000_000_i64, 253_402_207_200_000_000_i64);
    let midnight = |(day, micros): (i64, i64)| day * 86_400_000_000 + micros;
    prop_oneof![
        first..=last,
        (-100_000_i64..100_000, -2_000_000_i64..2_000_000).prop_map(midnight),
        -62_200_000_000_000_000_i64..-62_100_000_000_000_000,
        Just(first),
        Just(last),
    ]
    .prop_map(|micros| Timestamp::from_micros(micros).unwrap())
}

prop_compose! {
    pub(super) fn any_submission()(
        (id, complete) in any::<(i64, bool)>(),
        date_start in option::of(any_instant()),
        date_finish in option::of(any_instant()),
        date_update in any_instant(),
        texts in prop::collection::vec(option::of(any_text()), 8),
        profile in option::of(any::<(i64, [u8; 12])>()),
        text in option::of(any_text()),
        chosen in option::of(prop::collection::vec((0_u32..9, option::of(any_text())), 0..3)),
        rows in option::of(prop::collection::vec(any_text(), 0..3)),
        files in option::of(prop::collection::vec((any_text(), any_text()), 0..3)),
    ) -> Submission {
        let mut texts = texts.into_iter();
        let mut meta = || texts.next().flatten();
        let choice = |(position, other)| Chosen { position, other };
        let file = |(name, url)| File { name, url };
        Submission {
            id: SubmissionId(id),
            status: if complete { Status::Complete } else { Status::Incomplete },
            date_start, date_finish, date_update,
            login_email: meta(), login_username: meta(), payment_amount: meta(), payment_status: meta(),
            user_browser: meta(), user_ip: meta(), user_device: meta(), user_referrer: meta(),
            profile: profile.map(|(audience, id)| (AudienceId(audience), ProfileId(id))),
            answers: vec![
                text.map(Answer::Text),
                chosen.map(|all| Answer::Choices(all.into_iter().map(choice).collect())),
                rows.map(Answer::Texts),
                files.map(|all| Answer::Files(all.into_iter().map(file).collect())),
            ],
        }
    }
}
