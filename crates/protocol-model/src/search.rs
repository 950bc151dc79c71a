//! Looks at every state that can be reached, nearest first, so that the story of a broken rule is a shortest.

use crate::guards::Guards;
use crate::model::{Bounds, Model};
use crate::rules;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// What happened, one after the other, until a rule was broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// The rule.
    pub rule: &'static str,
    /// What happened.
    pub steps: Vec<String>,
}

/// What a search came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Different states that were looked at.
    pub states: usize,
    /// States in which both jobs have succeeded: the model does get somewhere.
    pub ends: usize,
    /// The shortest story that breaks a rule.
    pub story: Option<Story>,
}

/// How a state was reached first: from which, and as the how-manieth of what can happen there.
type Came = (u32, u32);

/// Searches everything within the bounds, or up to the first broken rule.
pub fn search(bounds: Bounds, guards: Guards) -> Found {
    let mut numbers: HashMap<Model, u32> = HashMap::new();
    let mut came: Vec<Came> = vec![(0, 0)];
    let begin = Model::begin(bounds);
    numbers.insert(begin.clone(), 0);
    let mut frontier = vec![(0, begin)];
    let mut ends = 0;
    while !frontier.is_empty() {
        let mut further = Vec::new();
        for (number, model) in frontier {
            if let Some(rule) = rules::broken(&model) {
                let steps = story(bounds, guards, &came, number);
                return Found {
                    states: numbers.len(),
                    ends,
                    story: Some(Story { rule, steps }),
                };
            }
            ends += usize::from(model.jobs.iter().all(|job| job.has_succeeded));
            for (way, (_, next)) in (0..).zip(model.next(guards)) {
                if let Entry::Vacant(place) = numbers.entry(next) {
                    let new = u32::try_from(came.len()).unwrap_or(u32::MAX);
                    further.push((new, place.key().clone()));
                    place.insert(new);
                    came.push((number, way));
                }
            }
        }
        frontier = further;
    }
    Found {
        states: numbers.len(),
        ends,
        story: None,
    }
}

/// Goes the way to the state once more, and tells it.
fn story(bounds: Bounds, guards: Guards, came: &[Came], mut number: u32) -> Vec<String> {
    let mut ways = Vec::new();
    while number != 0 {
        let (before, way) = came[number as usize];
        ways.push(way);
        number = before;
    }
    let mut model = Model::begin(bounds);
    let mut steps = Vec::new();
    for way in ways.into_iter().rev() {
        let (event, next) = model.next(guards).swap_remove(way as usize);
        steps.push(event.to_string());
        model = next;
    }
    steps
}
