//! What the editor of forms says.
//!
//! Must not know: where it is said.

pub(in crate::console) const NEW: &str = "New form";
pub(in crate::console) const EDIT: &str = "Edit the form";
pub(in crate::console) const EDIT_THIS: &str = "Change it";
pub(in crate::console) const SAVE_IT: &str = "Save";
pub(in crate::console) const SAVE: &str = "Save the form";
pub(in crate::console) const NAME: &str = "Name";
pub(in crate::console) const DESCRIPTION: &str = "Description";
pub(in crate::console) const STATE: &str = "Submissions are";
pub(in crate::console) const PARTIAL: &str = "Take unfinished submissions, too";
pub(in crate::console) const ITEMS: &str = "Items";
pub(in crate::console) const NO_ITEMS: &str = "There are no items yet.";
pub(in crate::console) const ITEM: &str = "Item";
pub(in crate::console) const KIND: &str = "Type";
pub(in crate::console) const LABEL: &str = "Question";
pub(in crate::console) const REQUIRED: &str = "Must be answered";
pub(in crate::console) const OTHER: &str = "Takes something else beside the last choice";
pub(in crate::console) const MATCHES: &str = "Says of a profile";
pub(in crate::console) const FIELD: &str = "Field";
pub(in crate::console) const COLUMNS: &str = "Columns, one a line";
pub(in crate::console) const HELP: &str = "Help, shown below it";
pub(in crate::console) const PLACEHOLDER: &str = "In its field, while that is empty";
pub(in crate::console) const TEXT: &str = "What it says";
pub(in crate::console) const NEXT: &str = "On the button that leads on to it";
pub(in crate::console) const BACK: &str = "On the button that leads back from it";
pub(in crate::console) const ADD_PAGE: &str = "Begin a page after it";
pub(in crate::console) const LINES_HINT: &str =
    "The form is long: items that are as they were are lines. Open one to change it.";
pub(in crate::console) const CHOICE: &str = "Choice";
pub(in crate::console) const CHOICES: &str = "Choices";
pub(in crate::console) const ADD: &str = "Add an item";
pub(in crate::console) const ADD_BELOW: &str = "Add a row";
pub(in crate::console) const ADD_CHOICE: &str = "Add a choice";
pub(in crate::console) const UP: &str = "Move up";
pub(in crate::console) const DOWN: &str = "Move down";
pub(in crate::console) const REMOVE: &str = "Remove";
pub(in crate::console) const KEPT: &str = "What was answered stays stored with its submissions: also where its item is removed, or is of \
    another type now. It is shown no more, and no other item ever takes its place.";
pub(in crate::console) const CHANGED: &str = "Somebody else has changed the form since you opened it. Look at it in another window; \
    if you save again, it becomes what it is here.";
pub(in crate::console) const DELETE: &str = "Delete the form";
pub(in crate::console) const DELETE_SURE: &str =
    "Delete this form for good, with all of its submissions and files? Type its name.";
pub(in crate::console) const DELETE_OTHER: &str = "is not the name of the form";

/// What an answer can say of whom it is from.
pub(in crate::console) const SAYS: [(&str, &str); 4] =
    [("", "nothing"), ("email", "its e-mail address"), ("phone", "a phone number"), ("field", "a field")];

/// What can stand between items, each with its words.
pub(in crate::console) const BLOCKS: [(&str, &str); 3] =
    [("page", "Page break"), ("says", "Text"), ("divider", "Line across the page")];

/// The types of items, each with its words.
pub(in crate::console) const KINDS: [(&str, &str); 19] = [
    ("text", "Line of text"),
    ("long_text", "Several lines of text"),
    ("email", "E-mail address"),
    ("phone", "Phone number"),
    ("number", "Number"),
    ("date", "Day"),
    ("rating", "Stars"),
    ("scale", "Scale"),
    ("radio", "One choice"),
    ("dropdown", "One choice of a menu"),
    ("checkbox", "Any choices"),
    ("matrix_choice", "Table of choices"),
    ("matrix_text", "Table of texts"),
    ("multi_scale", "Several tables of choices"),
    ("list", "List of short texts"),
    ("file", "Files"),
    ("signature", "Signature"),
    ("hidden", "Hidden"),
    ("calculation", "Calculated"),
];

pub(in crate::console) const PUBLISHED: &str = "The form's page is at";
pub(in crate::console) const EMBED: &str = "Put it into another page";
pub(in crate::console) const EMBED_HINT: &str = "This code shows the form there, as high as it is.";
