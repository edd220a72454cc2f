//! The body of a request, up to a limit.
//!
//! Guarantees: no more than the limit is held; a body that comes in one piece is not copied; one that does not go on is
//! given up.
//!
//! Must not know: what is in a body, or how a dialect says that it is too large.

use axum::body::{Body, BodyDataStream};
use bytes::{Bytes, BytesMut};
use fillhouse_engine::{Error, Result};
use fillhouse_model::{ErrorKind, Fault};
use futures::{Stream, StreamExt as _, stream};
use std::time::Duration;
use tokio::time::timeout;

/// The largest body there may be.
const MOST_BYTES: usize = 10_000_000;
/// How much of a body that is too large is still read: a client that is cut off while it writes would not get to read
/// why.
const MOST_DRAINED_BYTES: usize = 100_000_000;
/// How long a client may take for the next piece.
const PIECE_LIMIT: Duration = Duration::from_secs(30);

/// The whole body.
///
/// # Errors
/// It is too large, or it broke off.
pub(crate) async fn read(body: Body) -> Result<Bytes> {
    let mut pieces = body.into_data_stream();
    let mut first = Bytes::new();
    let mut joined = BytesMut::new();
    let mut size_bytes = 0;
    while let Some(piece) = next(&mut pieces).await? {
        size_bytes += piece.len();
        if size_bytes > MOST_DRAINED_BYTES {
            break;
        }
        if size_bytes > MOST_BYTES {
            (first, joined) = Default::default();
        } else if size_bytes == piece.len() {
            first = piece;
        } else {
            if joined.is_empty() {
                joined.extend_from_slice(&first);
            }
            joined.extend_from_slice(&piece);
        }
    }
    if size_bytes > MOST_BYTES {
        let message = format!("the body is larger than {MOST_BYTES} bytes");
        return Err(Error::new(ErrorKind::TooLarge, message));
    }
    Ok(if joined.is_empty() { first } else { joined.freeze() })
}

/// A body in pieces as they come, each of which must come in time.
pub(crate) fn pieces(body: Body) -> impl Stream<Item = Result<Bytes>> + Send {
    stream::unfold(Some(body.into_data_stream()), |pieces| async move {
        let mut pieces = pieces?;
        match next(&mut pieces).await {
            Ok(None) => None,
            Ok(Some(piece)) => Some((Ok(piece), Some(pieces))),
            Err(fault) => Some((Err(fault.into()), None)),
        }
    })
}

async fn next(pieces: &mut BodyDataStream) -> Result<Option<Bytes>, Fault> {
    match timeout(PIECE_LIMIT, pieces.next()).await {
        Ok(None) => Ok(None),
        Ok(Some(Ok(piece))) => Ok(Some(piece)),
        Ok(Some(Err(_))) => Err(Fault::new("body", "broke off")),
        Err(_) => Err(Fault::new("body", "did not come in time")),
    }
}

/// A body as text, without a byte order mark.
///
/// # Errors
/// It is not UTF-8.
pub(crate) fn text(body: &[u8]) -> Result<&str, Fault> {
    let text = std::str::from_utf8(body).map_err(|_| Fault::new("body", "is not UTF-8"))?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    fn of(pieces: Vec<usize>) -> Body {
        let pieces = pieces.into_iter().map(|size_bytes| Ok::<_, Infallible>(vec![b'x'; size_bytes]));
        Body::from_stream(stream::iter(pieces))
    }

    #[tokio::test]
    async fn a_body_is_read_however_it_comes() {
        for pieces in [vec![], vec![5], vec![0, 5], vec![3, 0, 2], vec![1; 5]] {
            let whole = read(of(pieces.clone())).await.unwrap();
            assert_eq!(whole.len(), pieces.iter().sum::<usize>(), "{pieces:?}");
        }
        assert_eq!(read(of(vec![MOST_BYTES - 1, 1])).await.unwrap().len(), MOST_BYTES);
    }

    #[tokio::test]
    async fn a_body_beyond_the_limit_is_not_held() {
        for pieces in [vec![MOST_BYTES + 1], vec![MOST_BYTES, 1], vec![MOST_BYTES; 12]] {
            let error = read(of(pieces)).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::TooLarge);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_go_on_is_given_up() {
        let begun = stream::iter([Ok::<_, Infallible>("begun")]);
        let error = read(Body::from_stream(begun.chain(stream::pending()))).await.unwrap_err();
        assert_eq!(error.message(), "body: did not come in time");
        let broken = stream::iter([Ok("begun"), Err(std::io::Error::other("the wire"))]);
        assert_eq!(read(Body::from_stream(broken)).await.unwrap_err().message(), "body: broke off");
    }

    #[test]
    fn a_byte_order_mark_is_passed_over() {
        assert_eq!(text(b"\xef\xbb\xbf{}").unwrap(), "{}");
        assert_eq!(text(b"{\xff}").unwrap_err().to_string(), "body: is not UTF-8");
    }
}
