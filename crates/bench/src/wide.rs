//! The data set as a wide form: the items of the form again and again, and the answers of as many submissions in one.
//!
//! Guarantees: a cell of the wide form has in it what a cell of the narrow one has, so that cells can be compared.
//!
//! Must not know: what is measured.

use anyhow::{Context as _, Result};
use serde_json::{Map, Value};
use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;

/// How many times the form's 20 items are in the wide form.
pub(crate) const COPIES: usize = 50;

/// Writes a data set of as many submissions of the wide form as `data` has submissions for.
pub(crate) fn write(data: &Path, to: &Path) -> Result<()> {
    let mut out = BufWriter::new(File::create(to)?);
    let mut gathered: Option<(Value, Map<String, Value>, usize)> = None;
    for line in BufReader::new(File::open(data)?).lines() {
        let mut value: Value = serde_json::from_str(&line?)?;
        match value["kind"].as_str() {
            Some("account" | "user" | "token" | "audience" | "profile") => put(&mut out, &value)?,
            Some("form") if value["id"] == 1 => {
                widen(&mut value)?;
                put(&mut out, &value)?;
            }
            Some("submission") if value["form_id"] == 1 => {
                let answers = value["answers"].take();
                let (_, all, copies) = gathered.get_or_insert_with(|| (value, Map::new(), 0));
                for (id, answer) in answers.as_object().context("no answers")? {
                    all.insert(copy_id(id, *copies), answer.clone());
                }
                *copies += 1;
                if *copies == COPIES {
                    let (mut submission, all, _) = gathered.take().context("nothing was gathered")?;
                    submission["answers"] = Value::Object(all);
                    put(&mut out, &submission)?;
                }
            }
            _ => {}
        }
    }
    Ok(out.flush()?)
}

fn put(out: &mut impl std::io::Write, value: &Value) -> Result<()> {
    serde_json::to_writer(&mut *out, value)?;
    Ok(out.write_all(b"\n")?)
}

fn widen(form: &mut Value) -> Result<()> {
    let items = form["items"].as_array_mut().context("no items")?;
    let once = std::mem::take(items);
    items.extend((0..COPIES).flat_map(|copy| once.iter().map(move |item| copied(item, copy))));
    Ok(())
}

/// An item with an id of its own; it says nothing of profiles.
fn copied(item: &Value, copy: usize) -> Value {
    let mut item = item.clone();
    if let Some(members) = item.as_object_mut() {
        members.remove("matches");
        if let Some(Value::String(id)) = members.get_mut("id") {
            *id = copy_id(id, copy);
        }
        if let Some(Value::Array(children)) = members.get_mut("children") {
            children.iter_mut().for_each(|child| *child = copied(child, copy));
        }
    }
    item
}

fn copy_id(id: &str, copy: usize) -> String {
    format!("{id}-{copy}")
}
