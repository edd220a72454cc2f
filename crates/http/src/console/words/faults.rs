//! What the places are called where something is wrong.
//!
//! Must not know: what can be wrong.

/// Lists, and what one of what is in them is called.
pub(in crate::console) const PLACES: [(&str, &str); 11] = [
    ("items", "item"),
    ("children", "part"),
    ("choices", "choice"),
    ("columns", "column"),
    ("fields", "field"),
    ("where", "condition"),
    ("how", "comparison of condition"),
    ("what", "value of condition"),
    ("filters", "filter"),
    ("labels", "label"),
    ("views", "view"),
];
