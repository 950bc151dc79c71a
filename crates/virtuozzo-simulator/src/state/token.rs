//! A personal access token that exists now: of the world file, or made by a call.
//!
//! It must not decide whether a method is permitted; `access` does.

#[derive(Clone)]
pub(crate) struct Token {
    pub(crate) id: u64,
    pub(crate) uid: u64,
    /// The secret, told once.
    pub(crate) key: String,
    pub(crate) description: String,
    /// Dotted names, `service.*` or `*`.
    pub(crate) methods: Vec<String>,
    pub(crate) expiry: Option<TokenExpiry>,
}

#[derive(Clone, Debug)]
pub(crate) struct TokenExpiry {
    /// As the client wrote it.
    pub(crate) date: String,
    pub(crate) at_ms: u64,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Token")
            .field("id", &self.id)
            .field("uid", &self.uid)
            .finish_non_exhaustive()
    }
}
