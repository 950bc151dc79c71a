//! Any bytes as an answer of the platform, judged for every sort of call.

#![no_main]

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    virtuozzo_adapter::fuzzing::judge_everything(body);
});
