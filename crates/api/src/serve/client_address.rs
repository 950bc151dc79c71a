//! Whose request it is: the address at the other end, or, when that is a trusted proxy's, the one that the proxies
//! pass on.

use axum::http::HeaderMap;
use ipnet::IpNet;
use std::net::IpAddr;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The nearest address in the chain that is not a trusted proxy's. What stands further away in `X-Forwarded-For` is
/// what a client says of itself; a part that is no address ends the chain.
pub(super) fn client_address(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    let mut nearest = peer.to_canonical();
    let lines = headers.get_all(FORWARDED_FOR).iter().rev();
    let chain = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
    for part in chain {
        if !is_trusted(&nearest) {
            break;
        }
        let Ok(address) = part.trim().parse::<IpAddr>() else {
            break;
        };
        nearest = address.to_canonical();
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::client_address;
    use axum::http::{HeaderMap, HeaderValue};
    use ipnet::IpNet;
    use std::net::IpAddr;

    fn address(peer: &str, lines: &[&str]) -> String {
        let trusted: [IpNet; 2] = [
            "10.0.0.0/8".parse().unwrap(),
            "2001:db8::1/128".parse().unwrap(),
        ];
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_str(line).unwrap());
        }
        let peer: IpAddr = peer.parse().unwrap();
        client_address(peer, &headers, &trusted).to_string()
    }

    #[test]
    fn nobody_but_a_trusted_proxy_says_whose_request_it_is() {
        assert_eq!(address("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(address("10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(address("10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(
            address("::ffff:10.0.0.1", &["198.51.100.7"]),
            "198.51.100.7"
        );
        assert_eq!(address("2001:db8::1", &["198.51.100.7"]), "198.51.100.7");
    }

    #[test]
    fn what_a_client_says_of_itself_is_not_believed() {
        let chain = ["203.0.113.9, 198.51.100.7, 10.0.0.2"];
        assert_eq!(address("10.0.0.1", &chain), "198.51.100.7");
        assert_eq!(
            address("10.0.0.1", &["203.0.113.9", "198.51.100.7"]),
            "198.51.100.7"
        );
        assert_eq!(address("10.0.0.1", &["198.51.100.7, nonsense"]), "10.0.0.1");
        assert_eq!(address("10.0.0.1", &["nonsense, 10.0.0.3"]), "10.0.0.3");
    }
}
