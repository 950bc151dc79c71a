//! The API as clients meet it: the real router and the real use cases on mocked ports, and the
//! accept loop on real sockets.

mod addons;
mod audit_events;
mod browser_sessions;
mod changes;
mod documents;
mod entity_tags;
mod environments;
mod every_route;
mod job_list;
mod jobs;
mod log_stream;
mod misbehaviour;
mod other_origins;
mod people;
mod platform_account;
mod rate_limiting;
mod refusals;
mod sockets;
mod support;
mod team_export;
mod teams;
mod web;
