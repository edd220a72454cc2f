//! Idempotency keys: what one may be, and what is said of one that was used before.
//!
//! Guarantees: a key is refused the same way wherever it comes with a request.
//!
//! Must not know: what is asked for.

use fillhouse_model::Fault;

/// The header that a key comes in.
const FIELD: &str = "Idempotency-Key";
/// How long a key may be, in bytes.
const MOST_BYTES: usize = 255;

/// # Errors
/// It can be no key.
pub(crate) fn check_key(key: &str) -> Result<(), Fault> {
    if key.is_empty() || key.len() > MOST_BYTES {
        return Err(Fault::new(FIELD, format!("is not 1 to {MOST_BYTES} characters long")));
    }
    if key.contains(char::is_control) {
        return Err(Fault::new(FIELD, "has a control character in it"));
    }
    Ok(())
}

/// That a key came with another request before.
pub(crate) fn other_request() -> Fault {
    Fault::new(FIELD, "was used for another request")
}
