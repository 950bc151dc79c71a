//! How easy a password is to guess. Lengths are the business of whoever parses it.

use zxcvbn::feedback::Feedback;
use zxcvbn::{Score, zxcvbn};

/// More than 10^8 guesses: safe against everybody who has to ask us, and together with argon2id
/// against most who have the stored form.
const SCORE_MIN: Score = Score::Three;

/// Why it is too easy to guess.
pub(super) fn of(password: &str, known: &[String]) -> Option<String> {
    let words = words_of(known);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let entropy = zxcvbn(password, &words);
    if entropy.score() >= SCORE_MIN {
        return None;
    }
    let warning = entropy.feedback().and_then(Feedback::warning);
    let why = warning.map_or_else(String::new, |warning| format!(" {warning}"));
    Some(format!(
        "is too easy to guess.{why} Take several words that have nothing to do with each other, or let a \
         password manager make one"
    ))
}

/// The texts as they are, and the words in them: of `anna.berg@example.com` anybody would try each.
fn words_of(known: &[String]) -> Vec<String> {
    let mut words = known.to_vec();
    for text in known {
        let parts = text.split(|part: char| !part.is_alphanumeric());
        words.extend(
            parts
                .filter(|part| part.chars().count() > 2)
                .map(str::to_owned),
        );
    }
    words
}
