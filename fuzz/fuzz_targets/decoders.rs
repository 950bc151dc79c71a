//! Any bytes as an answer of the platform, read in every way that there is.

#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    virtuozzo_adapter::fuzzing::decode_everything(body);
});
