//! JSON objects that are kept as text, such as the fields of a profile: one spelling for each.
//!
//! Guarantees: the spelling is on one line and has no space, its keys are in the order given and no object has one
//! twice, its numbers are as they were written, and every reader that takes numbers for 64-bit floats can read it.
//! Spelling it again changes nothing.
//!
//! Must not know: what the object means.

use super::json;
use fillhouse_model::Fault;
use fillhouse_render::json::Members;
use serde_json::value::RawValue;
use std::collections::HashSet;

/// The deepest nesting; well below what readers of JSON allow.
const DEEPEST: usize = 64;

/// The one spelling of a JSON object, for keeping it as text.
///
/// # Errors
/// The text is no JSON object, is nested too deep, has a key twice or a number out of range; names the key.
pub fn canonical_object(text: &str) -> Result<String, Fault> {
    let mut out = String::with_capacity(text.len());
    put_object(&mut out, text, 1).map_err(json::bounded)?;
    Ok(out)
}

/// The members of a JSON object, in their order.
///
/// # Errors
/// The text is no JSON object.
pub(crate) fn object_members(text: &str) -> Result<Vec<(String, &RawValue)>, Fault> {
    json::read::<Members<'_>>(text).map(|members| members.0)
}

fn put_object(out: &mut String, text: &str, depth: usize) -> Result<(), Fault> {
    let members = json::read::<Members<'_>>(text)?.0;
    let mut seen = HashSet::with_capacity(members.len());
    out.push('{');
    for (n, (key, value)) in members.iter().enumerate() {
        if !seen.insert(key) {
            return Err(Fault::new(key, "is given twice"));
        }
        if n > 0 {
            out.push(',');
        }
        put_text(out, key);
        out.push(':');
        put_value(out, value, depth).map_err(|fault| fault.within(key))?;
    }
    out.push('}');
    Ok(())
}

fn put_list(out: &mut String, text: &str, depth: usize) -> Result<(), Fault> {
    out.push('[');
    for (n, value) in json::read::<Vec<&RawValue>>(text)?.into_iter().enumerate() {
        if n > 0 {
            out.push(',');
        }
        put_value(out, value, depth).map_err(|fault| fault.within(&format!("[{n}]")))?;
    }
    out.push(']');
    Ok(())
}

fn put_value(out: &mut String, value: &RawValue, depth: usize) -> Result<(), Fault> {
    let text = value.get();
    match text.as_bytes()[0] {
        b'{' | b'[' if depth == DEEPEST => {
            return Err(Fault::new("", format!("is nested deeper than {DEEPEST} levels")));
        }
        b'{' => put_object(out, text, depth + 1)?,
        b'[' => put_list(out, text, depth + 1)?,
        b'"' => put_text(out, &json::read::<String>(text)?),
        b'-' | b'0'..=b'9' if !text.parse().is_ok_and(f64::is_finite) => {
            return Err(Fault::new("", "is a number out of range"));
        }
        _ => out.push_str(text),
    }
    Ok(())
}

fn put_text(out: &mut String, text: &str) {
    out.push_str(&serde_json::to_string(text).expect("every text has a form in JSON"));
}
