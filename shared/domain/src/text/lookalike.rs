//! Detects words that pass for others: words that mix letters of alphabets with similar forms, and mathematical
//! letters. See Unicode Technical Standard 39, section 5. Only the three alphabets that share forms are distinguished;
//! most names use one of them or none.

/// True if `c` can make a text look like another one: controls, zero-width characters, direction marks, tags. See
/// Unicode Technical Report 36, sections 2.5 and 3.
#[must_use]
pub fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// The alphabets whose letters look like each other's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alphabet {
    Latin,
    Greek,
    Cyrillic,
}

const fn alphabet(c: char) -> Option<Alphabet> {
    match c {
        'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Some(Alphabet::Latin),
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Some(Alphabet::Greek),
        '\u{400}'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}' | '\u{2de0}'..='\u{2dff}' | '\u{a640}'..='\u{a69f}' => {
            Some(Alphabet::Cyrillic)
        }
        _ => None,
    }
}

/// True if a word of `text` mixes alphabets or contains mathematical letters.
pub(crate) fn looks_alike(text: &str) -> bool {
    let mathematical = text.chars().any(|c| matches!(c, '\u{1d400}'..='\u{1d7ff}'));
    let mixed = text.split(|c: char| !c.is_alphanumeric()).any(|word| {
        let mut alphabets = word.chars().filter_map(alphabet);
        let first = alphabets.next();
        alphabets.any(|other| Some(other) != first)
    });
    mathematical || mixed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_mix_alphabets_look_alike() {
        for own in
            ["Acme", "Акме", "Αθήνα", "Acme Россия", "Ａｃｍｅ", "アクメ Acme", "Söhne & Co. 24", "Łódź", "", "中文abc"]
        {
            assert!(!looks_alike(own), "{own}");
        }
        for alike in ["Аcme", "pаypal", "Αcme", "microsоft-x", "𝐀cme", "Ωmega"] {
            assert!(looks_alike(alike), "{alike}");
        }
    }
}
