use super::Network;
use std::net::IpAddr;

fn address(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

#[test]
fn a_range_holds_what_shares_its_prefix() {
    let cases = [
        ("192.0.2.0/24", "192.0.2.255", true),
        ("192.0.2.0/24", "192.0.3.0", false),
        ("192.0.2.7", "192.0.2.7", true),
        ("192.0.2.7", "192.0.2.8", false),
        ("0.0.0.0/0", "203.0.113.9", true),
        ("0.0.0.0/0", "2001:db8::1", false),
        ("192.0.2.0/24", "::ffff:192.0.2.9", true),
        ("2001:db8::/32", "2001:db8:ffff::1", true),
        ("2001:db8::/32", "2001:db9::1", false),
        ("::/0", "2001:db9::1", true),
        ("::/0", "192.0.2.1", false),
    ];
    for (network, client, expected) in cases {
        let parsed: Network = network.parse().expect(network);
        assert_eq!(
            parsed.contains(address(client)),
            expected,
            "{network} {client}"
        );
    }
}

#[test]
fn what_is_no_range_is_refused() {
    for text in [
        "",
        "192.0.2.0/33",
        "192.0.2.1/24",
        "192.0.2.0/",
        "192.0.2.0/+8",
        "192.0.2.0/024",
        "192.0.2.0/24/8",
        "example.com",
        "2001:db8::/129",
        "2001:db8::1/32",
    ] {
        assert!(text.parse::<Network>().is_err(), "{text}");
    }
    let network: Network = "192.0.2.7".parse().expect("an address");
    assert_eq!(network.to_string(), "192.0.2.7/32");
}
