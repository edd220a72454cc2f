//! Which addresses may be delivered to, kind by kind.

use super::*;

fn guard(allowed: &[&str]) -> Guard {
    Guard::new(&allowed.iter().map(|net| net.parse().unwrap()).collect::<Vec<_>>())
}

#[test]
fn nothing_but_the_public_network_passes() {
    let guard = guard(&[]);
    for (address, passes) in [
        ("8.8.8.8", true),
        ("1.1.1.1", true),
        ("9.255.255.255", true),
        ("11.0.0.0", true),
        ("100.63.255.255", true),
        ("100.128.0.0", true),
        ("172.15.255.255", true),
        ("172.32.0.0", true),
        ("192.0.1.0", true),
        ("198.17.255.255", true),
        ("198.20.0.0", true),
        ("223.255.255.255", true),
        ("0.0.0.0", false),
        ("0.1.2.3", false),
        ("10.0.0.1", false),
        ("10.255.255.255", false),
        ("100.64.0.0", false),
        ("100.127.255.255", false),
        ("127.0.0.1", false),
        ("127.255.255.254", false),
        ("169.254.169.254", false),
        ("172.16.0.1", false),
        ("172.31.255.255", false),
        ("192.0.0.170", false),
        ("192.0.2.1", false),
        ("192.88.99.1", false),
        ("192.168.1.1", false),
        ("198.18.0.1", false),
        ("198.19.255.255", false),
        ("198.51.100.7", false),
        ("203.0.113.7", false),
        ("224.0.0.1", false),
        ("239.255.255.250", false),
        ("240.0.0.1", false),
        ("255.255.255.255", false),
        ("2606:4700:4700::1111", true),
        ("2a00:1450:4001:82a::200e", true),
        ("2001:4860:4860::8888", true),
        ("2001:200::1", true),
        ("::", false),
        ("::1", false),
        ("::7f00:1", false),
        ("100::1", false),
        ("2001::1", false),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", false),
        ("2001:1ff:ffff::1", false),
        ("2001:db8::1", false),
        ("3fff:fff::1", false),
        ("5f00::1", false),
        ("64:ff9b:1::808:808", false),
        ("fc00::1", false),
        ("fd12:3456::1", false),
        ("fe80::1", false),
        ("fec0::1", false),
        ("ff02::1", false),
        // Those that stand for an IPv4 address.
        ("::ffff:8.8.8.8", true),
        ("::ffff:127.0.0.1", false),
        ("::ffff:10.0.0.1", false),
        ("64:ff9b::8.8.8.8", true),
        ("64:ff9b::169.254.169.254", false),
        ("2002:808:808::1", true),
        ("2002:7f00:1::1", false),
        ("2002:c0a8:101::1", false),
    ] {
        assert_eq!(guard.permits(address.parse().unwrap()), passes, "{address}");
    }
}

#[test]
fn what_the_operator_allows_passes() {
    let guard = guard(&["10.1.0.0/16", "fd00::/8", "127.0.0.1/32"]);
    for (address, passes) in [
        ("10.1.2.3", true),
        ("10.2.0.1", false),
        ("fd12::1", true),
        ("fc00::1", false),
        ("127.0.0.1", true),
        ("127.0.0.2", false),
        ("::ffff:10.1.2.3", true),
        ("::ffff:10.2.2.3", false),
        ("64:ff9b::10.1.2.3", true),
        ("8.8.8.8", true),
    ] {
        assert_eq!(guard.permits(address.parse().unwrap()), passes, "{address}");
    }
}

#[test]
fn an_address_in_a_url_is_seen_however_it_is_spelled() {
    let guard = guard(&[]);
    for (url, passes) in [
        ("https://8.8.8.8/hook", true),
        ("https://example.com/hook", true),
        ("http://127.0.0.1:8080/", false),
        ("http://127.1/", false),
        ("http://0x7f.0.0.1/", false),
        ("http://2130706433/", false),
        ("http://017700000001/", false),
        ("http://[::1]/", false),
        ("http://[::ffff:127.0.0.1]/", false),
        ("http://user:word@10.0.0.1/", false),
        ("http://\u{ff11}27.0.0.1/", false),
    ] {
        assert_eq!(guard.check(&url.parse().unwrap()).is_ok(), passes, "{url}");
    }
}

#[tokio::test]
async fn a_name_that_leads_nowhere_but_inside_is_refused() {
    let name = || "localhost".parse::<Name>().unwrap();
    let refused = guard(&[]).resolve(name()).await.err().expect("it is refused");
    assert!(refused.to_string().contains("localhost is not on the public network"), "{refused}");
    let found =
        guard(&["127.0.0.0/8", "::1/128"]).resolve(name()).await.unwrap_or_else(|error| panic!("{error}"));
    assert!(found.count() > 0);
}
