//! Answers: what one leaf of a form was answered with.
//!
//! Must not know: the labels of choices; an answer holds positions.

/// The answer of one leaf. A leaf that was not answered has none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A text, as it was given; it may be empty.
    Text(String),
    /// The choices that were made, in the order given; it may be empty.
    Choices(Vec<Chosen>),
    /// A text a column, of a row of a text matrix.
    Texts(Vec<String>),
    /// The files that were uploaded.
    Files(Vec<File>),
}

/// A choice that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The choice's position.
    pub position: u32,
    /// What was typed beside it.
    pub other: Option<String>,
}

/// A file that was uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub url: String,
}

/// What kind of answer a leaf takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AnswerKind {
    /// [`Answer::Text`].
    Text,
    /// [`Answer::Choices`].
    Choices,
    /// [`Answer::Texts`].
    Texts,
    /// [`Answer::Files`].
    Files,
}

impl Answer {
    /// Its kind.
    pub fn kind(&self) -> AnswerKind {
        match self {
            Self::Text(_) => AnswerKind::Text,
            Self::Choices(_) => AnswerKind::Choices,
            Self::Texts(_) => AnswerKind::Texts,
            Self::Files(_) => AnswerKind::Files,
        }
    }

    /// Whether it says nothing: an empty text, no choice, no file, or nothing but empty texts.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Choices(chosen) => chosen.is_empty(),
            Self::Texts(texts) => texts.iter().all(String::is_empty),
            Self::Files(files) => files.is_empty(),
        }
    }
}
