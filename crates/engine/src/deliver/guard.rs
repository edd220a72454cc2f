//! The guard: which addresses may be delivered to.
//!
//! Whoever sets up a subscription chooses an address for this server to call, so that it must not lead into the network
//! around the server. Names are resolved here and every address is looked at; the connection is made to one of those that
//! passed, so that a name cannot come to mean another in between. An address in the URL itself is never resolved, and is
//! looked at before.
//!
//! Guarantees: an address that is not of the public network passes only where the operator's list has it. One that wraps
//! an IPv4 address (mapped, translated, 6to4) is judged by that one too.
//!
//! Must not know: what is sent.

use ipnet::IpNet;
use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;

/// What is not of the public network, by the registries of special addresses: this network, private ones, the shared
/// space of carriers, loopback, link-local, protocol assignments, documentation, the relays of 6to4, measurements,
/// multicast, and what is reserved.
const SPECIAL_V4: [(Ipv4Addr, u32); 15] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// What is special within `2000::/3`, outside of which nothing is of the public network: protocol assignments with Teredo,
/// and two for documentation.
const SPECIAL_V6: [(Ipv6Addr, u32); 3] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// The guard.
#[derive(Debug, Clone)]
pub(super) struct Guard {
    allowed: Arc<[IpNet]>,
}

impl Guard {
    /// A guard that lets these pass besides what is of the public network.
    pub(super) fn new(allowed: &[IpNet]) -> Self {
        Self { allowed: allowed.into() }
    }

    /// Whether this address may be delivered to.
    pub(super) fn permits(&self, address: IpAddr) -> bool {
        let wrapped = wrapped(address);
        let is_allowed = |address: IpAddr| self.allowed.iter().any(|net| net.contains(&address));
        is_allowed(address)
            || wrapped.is_some_and(|v4| is_allowed(v4.into()))
            || match (address, wrapped) {
                (_, Some(v4)) | (IpAddr::V4(v4), None) => is_public_v4(v4),
                (IpAddr::V6(v6), None) => is_public_v6(v6),
            }
    }

    /// Whether a URL may be called, as far as the URL itself tells.
    ///
    /// # Errors
    /// It names an address that may not be delivered to.
    pub(super) fn check(&self, url: &Url) -> Result<(), String> {
        let host = url.host_str().unwrap_or_default();
        match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(address) if !self.permits(address) => Err(refusal(host)),
            _ => Ok(()),
        }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let permitted: Vec<SocketAddr> = found.filter(|address| guard.permits(address.ip())).collect();
            if permitted.is_empty() {
                return Err(refusal(name.as_str()).into());
            }
            Ok(Box::new(permitted.into_iter()) as Addrs)
        })
    }
}

fn refusal(host: &str) -> String {
    format!("{host} is not on the public network, and the operator does not allow it")
}

/// The IPv4 address that an IPv6 address stands for: mapped (`::ffff:0:0/96`), translated (`64:ff9b::/96`) or
/// 6to4 (`2002::/16`).
fn wrapped(address: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(v6) = address else { return None };
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Some(Ipv4Addr::new(a, b, c, d))
    };
    match v6.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..] => v4(high, low),
        _ => None,
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !SPECIAL_V4.iter().any(|(net, bits)| address.to_bits() >> (32 - bits) == net.to_bits() >> (32 - bits))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    address.to_bits() >> 125 == 0b001
        && !SPECIAL_V6
            .iter()
            .any(|(net, bits)| address.to_bits() >> (128 - bits) == net.to_bits() >> (128 - bits))
}

#[cfg(test)]
mod tests;
