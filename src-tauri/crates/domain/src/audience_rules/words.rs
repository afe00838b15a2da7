//! Whole words of paths and names: rules match these and never substrings, so that `/sports` is not `port`.

/// The words of a text in lower case: split at everything that is not a letter or a digit, and where camelCase turns.
#[must_use]
pub fn words_of(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut before = ' ';
    for letter in text.chars() {
        let turns = letter.is_uppercase() && (before.is_lowercase() || before.is_ascii_digit());
        if !letter.is_alphanumeric() || turns {
            words.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
        }
        if letter.is_alphanumeric() {
            if letter.is_ascii() {
                word.push(letter.to_ascii_lowercase());
            } else {
                word.extend(letter.to_lowercase());
            }
        }
        before = letter;
    }
    words.extend((!word.is_empty()).then_some(word));
    words
}

/// The words of a path, parameters (`{id}`) left out: a parameter's name says what is asked for and not who asks.
#[must_use]
pub fn path_words(path: &str) -> Vec<String> {
    path.split('/').filter(|segment| !segment.starts_with('{')).flat_map(words_of).collect()
}

/// Finds the first of `wanted` among the words; a wanted `gift card` stands for two words in a row, and also for
/// `giftcard`.
#[must_use]
pub fn find<'a>(words: &[String], wanted: &[&'a str]) -> Option<&'a str> {
    wanted.iter().copied().find(|wanted| is_among(wanted, words))
}

/// Nothing is allocated here: this is asked some hundred times for each of 50,000 routes.
fn is_among(wanted: &str, words: &[String]) -> bool {
    // Most wanted words begin as no word does, which one byte of each tells.
    let first = wanted.bytes().next();
    if first != Some(b' ') && !words.iter().any(|word| word.bytes().next() == first) {
        return false;
    }
    if !wanted.contains(' ') {
        return words.iter().any(|word| word == wanted);
    }
    let count = wanted.split(' ').count();
    words.windows(count).any(|window| window.iter().zip(wanted.split(' ')).all(|(word, part)| word == part))
        || words.iter().any(|word| {
            let rest = wanted.split(' ').try_fold(word.as_str(), |rest, part| rest.strip_prefix(part));
            rest.is_some_and(str::is_empty)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_are_whole() {
        assert_eq!(path_words("/v2/giftCards/{cardId}/balance"), ["v2", "gift", "cards", "balance"]);
        assert_eq!(path_words("/sign-in_now.json"), ["sign", "in", "now", "json"]);
        assert_eq!(words_of("HTTPServer2Go"), ["httpserver2", "go"]);
        let words = path_words("/gift-card/balance");
        assert_eq!(find(&words, &["coupon", "gift card"]), Some("gift card"));
        assert_eq!(find(&path_words("/giftcard"), &["gift card"]), Some("gift card"));
        assert_eq!(find(&path_words("/administrators-guide"), &["admin", "guide admin"]), None);
    }

    proptest! {
        #[test]
        fn a_word_inside_a_longer_word_is_not_found(before in "[a-z]{0,4}", after in "[a-z]{0,4}") {
            prop_assume!(!before.is_empty() || !after.is_empty());
            let path = format!("/{before}login{after}/items");
            prop_assert_eq!(find(&path_words(&path), &["login"]), None);
        }

        #[test]
        fn any_text_has_words_without_panic(text in ".*") {
            prop_assert!(path_words(&text).iter().all(|word| !word.is_empty()));
        }
    }
}
