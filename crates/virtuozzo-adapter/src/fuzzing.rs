//! Every decoder on any bytes, for the tests of decoders and for fuzzers: nothing of an answer may
//! panic, whatever it is. No part of the interface.

use crate::outcome::{Reading, judge_mutation, judge_read};
use crate::transport::Answer;
use crate::wire::{
    self, account, domains, environment, installation, logs, marketplace, offer, quota, storage,
    topology, tracking, usage, variables,
};
use bytes::Bytes;
use http::StatusCode;
use serde::de::DeserializeOwned;
use std::num::NonZero;
use std::thread;

mod answers;
mod noise;
#[cfg(test)]
mod tests;

pub use answers::{SAMPLES, mutated};
pub use noise::Noise;

/// Reads an answer in one way, and says whether that made sense.
type Decoder = fn(&[u8]) -> bool;

/// What is read of answers, by name. A test holds this against the wire formats.
const DECODERS: &[(&str, Decoder)] = &[
    ("DomainList", reads::<domains::DomainList>),
    ("LogTree", reads::<logs::LogTree>),
    ("LogText", reads::<logs::LogText>),
    ("MountPointList", reads::<storage::MountPointList>),
    ("VariableList", reads::<variables::VariableList>),
    ("Authentication", reads::<account::Authentication>),
    ("EnvironmentInfo", reads::<environment::EnvironmentInfo>),
    ("Creation", reads::<environment::Creation>),
    ("EnvironmentList", reads::<environment::EnvironmentList>),
    ("InstalledList", reads::<installation::InstalledList>),
    ("InstallAnswer", reads::<marketplace::InstallAnswer>),
    ("AddonList", reads::<marketplace::AddonList>),
    ("QuotaList", reads::<quota::QuotaList>),
    ("RegionList", reads::<offer::RegionList>),
    ("TemplateList", reads::<offer::TemplateList>),
    ("UsageList", reads::<usage::UsageList>),
    ("TokenAnswer", reads::<account::TokenAnswer>),
    ("BilledAccount", reads::<account::BilledAccount>),
    ("LayerList", reads::<topology::LayerList>),
    ("ActionList", reads::<tracking::ActionList>),
];

/// How many decoders look at each answer: the wire formats and the judges.
pub const DECODER_COUNT: usize = DECODERS.len() + READINGS.len() + 1;

const READINGS: [Reading; 3] = [Reading::Plain, Reading::Deletion, Reading::Marketplace];

fn reads<Wire: DeserializeOwned>(body: &[u8]) -> bool {
    wire::read::<Wire>(body).is_ok()
}

/// Reads an answer in every way that there is. Gives how many of them made sense of it.
pub fn decode_everything(body: &[u8]) -> usize {
    let understood = DECODERS.iter().filter(|(_, reads)| reads(body)).count();
    understood + judge_everything(body)
}

/// What a run over many answers counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Answers under one decoder each.
    pub cases: usize,
    /// Cases of which sense was made.
    pub understood: usize,
}

/// Decodes the answers of so many seeds from the first on, on all processors.
pub fn decode_many(first_seed: usize, answers: usize) -> Run {
    let workers = thread::available_parallelism().map_or(1, NonZero::get);
    let of_seed = |seed: usize| decode_everything(&mutated(&mut Noise::new(seed)));
    let understood = thread::scope(|scope| {
        let shares: Vec<_> = (0..workers)
            .map(|worker| {
                let seeds = (first_seed..first_seed + answers).skip(worker);
                scope.spawn(move || seeds.step_by(workers).map(of_seed).sum::<usize>())
            })
            .collect();
        let share = |it: thread::ScopedJoinHandle<'_, usize>| it.join().expect("no decoder panics");
        shares.into_iter().map(share).sum()
    });
    Run {
        cases: answers * DECODER_COUNT,
        understood,
    }
}

/// Walks the envelope for every kind of call. Gives how many found a success.
pub fn judge_everything(body: &[u8]) -> usize {
    let answer = Answer {
        status: StatusCode::OK,
        body: Bytes::copy_from_slice(body),
    };
    let is_success = |reading: &&Reading| {
        let verdict = judge_mutation(&answer, **reading);
        verdict == crate::outcome::Verdict::Success
    };
    let of_mutations = READINGS.iter().filter(is_success).count();
    of_mutations + usize::from(judge_read(&answer).is_ok())
}
