//! Whom a request is from, as far as it says: the address, the browser, the kind of device.
//!
//! Behind a proxy in the same house, which is one with a private address, the address is the last that it was told of
//! (`X-Forwarded-For`). What a client of the open network writes there is not believed.
//!
//! Guarantees: what is found is a word of ours, or an address; nothing is longer than it may be.
//!
//! Must not know: what it is for.

use axum::extract::Request;
use axum::http::header::{REFERER, USER_AGENT};
use fillhouse_engine::Visitor;
use std::net::IpAddr;

const FORWARDED_FOR: &str = "x-forwarded-for";
/// How long the address of a page may be.
const MOST_REFERRER_BYTES: usize = 2_000;

/// Who is at the other end of a connection: an extension of its requests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// The address that a request is from; none where nobody knows.
pub(crate) fn address(request: &Request) -> Option<IpAddr> {
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0.to_canonical());
    if peer.is_some_and(|peer| !is_in_house(peer)) {
        return peer;
    }
    let told = request.headers().get_all(FORWARDED_FOR).iter().next_back();
    let last = told.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    last.or(peer)
}

fn is_in_house(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_private() || v4.is_loopback() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

/// What a submission keeps of it.
pub(crate) fn of(request: &Request) -> Visitor {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let agent = header(USER_AGENT);
    let referrer = Some(header(REFERER)).filter(|page| (1..=MOST_REFERRER_BYTES).contains(&page.len()));
    Visitor {
        browser: browser(agent).map(str::to_owned),
        ip: address(request).map(|address| address.to_string()),
        device: (!agent.is_empty()).then(|| device(agent).to_owned()),
        referrer: referrer.map(str::to_owned),
    }
}

/// Browsers call themselves by the names of others as well: who is asked for first is meant.
fn browser(agent: &str) -> Option<&'static str> {
    const NAMES: [(&str, &str); 7] = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("CriOS/", "Chrome"),
    ];
    let known = NAMES.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    known.or_else(|| (agent.contains("Safari/") && agent.contains("Version/")).then_some("Safari"))
}

fn device(agent: &str) -> &'static str {
    let is_android = agent.contains("Android");
    if agent.contains("iPad") || agent.contains("Tablet") || (is_android && !agent.contains("Mobile")) {
        "Tablet"
    } else if agent.contains("Mobi") || agent.contains("iPhone") {
        "Mobile"
    } else {
        "Desktop"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    const CHROME: &str = "Mozilla/5.0 (Linux; Android 14; Pixel) AppleWebKit/537.36 (KHTML, like Gecko) \
        Chrome/126.0.0.0 Mobile Safari/537.36";
    const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 \
        Safari/537.36 Edg/126.0";
    const IPAD: &str = "Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
        Version/17.0 Mobile/15E148 Safari/604.1";

    #[test]
    fn browsers_and_devices_are_known_by_what_they_say() {
        for (agent, found) in [
            (CHROME, (Some("Chrome"), "Mobile")),
            (EDGE, (Some("Edge"), "Desktop")),
            (IPAD, (Some("Safari"), "Tablet")),
            ("curl/8.0", (None, "Desktop")),
        ] {
            assert_eq!((browser(agent), device(agent)), found, "{agent}");
        }
    }

    #[test]
    fn only_a_proxy_in_the_house_is_believed() {
        let from = |peer: Option<&str>, told: &str| {
            let mut request = Request::builder().header(FORWARDED_FOR, told).body(Body::empty()).unwrap();
            if let Some(peer) = peer {
                request.extensions_mut().insert(Peer(peer.parse().unwrap()));
            }
            address(&request).map(|address| address.to_string())
        };
        let found = |text: &str| Some(text.to_owned());
        assert_eq!(from(Some("203.0.113.9"), "198.51.100.1"), found("203.0.113.9"));
        assert_eq!(from(Some("10.0.0.1"), "192.0.2.1, 198.51.100.1"), found("198.51.100.1"));
        assert_eq!(from(Some("::ffff:127.0.0.1"), "nonsense"), found("127.0.0.1"));
        assert_eq!(from(None, "198.51.100.1"), found("198.51.100.1"));
        assert_eq!(from(None, ""), None);
    }
}
