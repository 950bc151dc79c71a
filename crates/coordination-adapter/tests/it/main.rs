//! The ports of coordination on both implementations, with a real Redis server.

#[cfg(test)]
mod contracts;
#[cfg(test)]
mod local;
#[cfg(test)]
mod rate_limiting;
#[cfg(test)]
mod redis;
#[cfg(test)]
mod scopes;
