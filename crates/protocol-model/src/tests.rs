use crate::{Bounds, Guard, Guards, search};
use std::fmt::Write as _;

/// Makes the search as wide as the proof wants it.
const WIDE: &str = "WINDLASS_MODEL_WIDE";

#[expect(
    clippy::disallowed_methods,
    reason = "a proof tells the test by a variable how far to look; nothing of windlass reads it"
)]
fn bounds() -> Bounds {
    let narrow = Bounds {
        time: 7,
        deaths: 1,
        redis_losses: 1,
        lost_commits: 1,
    };
    match std::env::var(WIDE) {
        Err(_) => narrow,
        Ok(_) => Bounds {
            time: 9,
            deaths: 2,
            ..narrow
        },
    }
}

#[test]
fn with_all_guards_nothing_goes_wrong() {
    let found = search(bounds(), Guards::all());
    println!(
        "model-counts: {{\"states\": {}, \"states_at_the_end\": {}, \"violations\": {}}}",
        found.states,
        found.ends,
        u32::from(found.story.is_some()),
    );
    assert_eq!(found.story, None);
    assert!(found.ends > 0, "both jobs can succeed");
}

#[test]
fn without_any_one_guard_something_goes_wrong() {
    let mut missing = Vec::new();
    let mut told = String::new();
    for guard in Guard::ALL {
        match search(bounds(), Guards::without(guard)).story {
            None => missing.push(guard),
            Some(story) => {
                let steps = story.steps.len();
                write!(told, "\"without_{guard:?}_steps\": {steps}, ").expect("a text");
                println!("without {guard:?}: {}: {:#?}", story.rule, story.steps);
            }
        }
    }
    println!("model-counts: {{{told}\"guards\": {}}}", Guard::ALL.len());
    assert!(missing.is_empty(), "nothing goes wrong without {missing:?}");
}
