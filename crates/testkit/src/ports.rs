//! Finding TCP ports for servers that cannot bind port 0 themselves.

use std::net::{Ipv4Addr, TcpListener};

/// A port on the loopback address that nobody listened on a moment ago. Somebody else may take it
/// before it is used: whoever starts a server on it has to be ready to try another one.
pub fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .expect("the loopback address has free ports")
        .port()
}
