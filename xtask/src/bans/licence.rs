//! Reads licence expressions such as `(MIT OR Apache-2.0) AND Unicode-3.0`.

#[cfg(test)]
mod tests;

/// Whether the allowed licences are enough to use the package. `/` is an old way to write `OR`;
/// an exception after `WITH` only ever allows more. What cannot be read is not allowed.
pub(super) fn is_allowed(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let mut words: Vec<&str> = spaced.split_whitespace().rev().collect();
    either(&mut words, allowed) == Some(true) && words.is_empty()
}

/// The words are in a stack, the next one on top.
fn either(words: &mut Vec<&str>, allowed: &[&str]) -> Option<bool> {
    let mut answer = both(words, allowed)?;
    while words.pop_if(|word| *word == "OR").is_some() {
        answer |= both(words, allowed)?;
    }
    Some(answer)
}

fn both(words: &mut Vec<&str>, allowed: &[&str]) -> Option<bool> {
    let mut answer = single(words, allowed)?;
    while words.pop_if(|word| *word == "AND").is_some() {
        answer &= single(words, allowed)?;
    }
    Some(answer)
}

fn single(words: &mut Vec<&str>, allowed: &[&str]) -> Option<bool> {
    let word = words.pop()?;
    if word == "(" {
        let answer = either(words, allowed)?;
        return (words.pop()? == ")").then_some(answer);
    }
    if words.pop_if(|word| *word == "WITH").is_some() {
        words.pop()?;
    }
    Some(allowed.contains(&word))
}
