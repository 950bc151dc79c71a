//! The keys that everything else is sealed, hashed and chained with: which there are, who holds them,
//! what hangs on them, and their rotation while everything runs. They know ids of keys, never a key.

pub mod rewrap;
pub mod status;
