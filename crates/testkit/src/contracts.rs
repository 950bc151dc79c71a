//! What every implementation of the store's ports must do, written once against the ports. A test
//! crate of an implementation opens an empty store and runs each function on it.
//!
//! Each function is one behaviour and needs a [`Store`] of its own, on a multi-threaded runtime.
