//! The API as clients meet it: the real router and the real use cases on mocked ports, and the
//! accept loop on real sockets.

mod addons;
mod browser_sessions;
mod changes;
mod documents;
mod environments;
mod every_route;
mod jobs;
mod log_stream;
mod misbehaviour;
mod platform_account;
mod sockets;
mod support;
mod teams;
mod web;
