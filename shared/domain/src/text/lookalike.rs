//! Detects words that pass for others, by the rules and the data of Unicode Technical Standard 39: words that mix
//! alphabets, and words in letters that ordinary texts do not use but that look like those that they do.
//!
//! Words are compared and not whole names, since names such as "Acme Россия" mix alphabets between words. A word
//! that consists of ordinary letters of one alphabet is always accepted, although it may look like one of another: "Сара"
//! is a name.

use super::invisible::{is_mark, script_of};
use icu_properties::props::Script;
use unicode_normalization::UnicodeNormalization;
use unicode_security::{
    GeneralSecurityProfile, MixedScript, RestrictionLevel, RestrictionLevelDetection, confusable_detection::skeleton,
};

/// The way in which a word passes for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Likeness {
    /// The word mixes alphabets.
    Mixed,
    /// The word is written in unusual letters.
    Unusual {
        /// The first of them.
        letter: char,
        /// The usual letters that it looks like.
        like: String,
    },
}

/// Returns how a word of `text` passes for another, if one does.
pub(super) fn likeness(text: &str) -> Option<Likeness> {
    // Canonically equivalent texts are the same text.
    let text: String = text.nfc().collect();
    let in_word = |c: char| c.is_alphanumeric() || is_mark(c) || matches!(c, '\u{200c}' | '\u{200d}');
    text.split(|c| !in_word(c)).find_map(word_likeness)
}

fn word_likeness(word: &str) -> Option<Likeness> {
    let is_usual = |c: &char| GeneralSecurityProfile::identifier_allowed(*c);
    let usual: String = word.chars().filter(is_usual).collect();
    // Han, Hiragana and Katakana, for instance, are written together, and with Latin letters.
    if !usual.check_restriction_level(RestrictionLevel::ModeratelyRestrictive) {
        return Some(Likeness::Mixed);
    }
    let unusual = word.chars().filter(|c| !is_usual(c) && c.is_alphanumeric());
    let (letter, like) = unusual.map(|c| (c, usual_letters(c))).find(|(c, like)| !like.chars().eq([*c]))?;
    let looks: String = skeleton(word).collect();
    let is_word = looks.chars().all(|c| is_usual(&c)) && looks.as_str().is_single_script();
    // Other scripts have letters that are written in two ways, such as a vowel of Thai.
    let shares_forms = looks
        .chars()
        .any(|c| c.is_ascii_digit() || matches!(script_of(c), Script::Latin | Script::Greek | Script::Cyrillic));
    (is_word && shares_forms && !looks.chars().eq(word.nfd())).then_some(Likeness::Unusual { letter, like })
}

/// The letters that `c` looks like; `c` itself if there are none.
fn usual_letters(c: char) -> String {
    let folded: String = [c].into_iter().nfkc().collect();
    let itself = folded.chars().eq([c]);
    if itself { skeleton(&folded).collect() } else { folded }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_are_accepted() {
        for own in [
            "Acme",
            "Акме",
            "Αθήνα",
            "Acme Россия",
            "アクメ Acme",
            "Söhne & Co. 24",
            "Łódź",
            "",
            "中文abc",
            "第１営業部",
            "ＡＢＣ株式会社",
            "Ｔシャツ",
            "ｱｸﾒ",
            "น้ำฝน",
            "ຄຳ",
            "ㅋㅋ",
            "הָאֹשֶׁר",
            "አዲስ",
            "ქართული",
            "Հայաստան",
            "1\u{fe0f}\u{20e3} Team",
            "한국ABC",
            "ไทยABC",
            "H₂O",
            "Nº1",
            "Mª José",
            "5 m²",
            "µTorrent",
            "Acme™",
            "㈱アクメ",
            "①",
            "½",
            "Сара",
            "В\u{2bc}ячеслав",
            "Ka\u{2bb}iulani",
            "O’Брайен",
            "Işık",
            "Gal·la",
            "فرهاد",
            "\u{95e}रहान",
            "फ\u{93c}रहान",
            "ශ\u{dca}\u{200d}රී",
            "神\u{fa19}",
            "Nguyễn",
            "Nguye\u{302}\u{303}n",
            "🚀 Acme",
        ] {
            assert_eq!(likeness(own), None, "{own}");
        }
    }

    #[test]
    fn words_that_pass_for_others_are_found() {
        for mixed in ["Аcme", "pаypal", "Αcme", "microsоft-x", "Ωmega", "\u{2126}mega", "Ac\u{3bc}e", "Акmе 24"]
        {
            assert_eq!(likeness(mixed), Some(Likeness::Mixed), "{mixed}");
        }
        for (alike, letter, like) in [
            ("Ａｃｍｅ", 'Ａ', "A"),
            ("𝐀cme", '𝐀', "A"),
            ("１２３", '１', "1"),
            ("ꓐꓳꓢꓢ", 'ꓐ', "B"),
            ("P\u{251}ypal", '\u{251}', "a"),
            ("Ⅷ", 'Ⅷ', "VIII"),
            ("Acme ﬁsh", 'ﬁ', "fi"),
        ] {
            assert_eq!(likeness(alike), Some(Likeness::Unusual { letter, like: like.to_owned() }), "{alike}");
        }
    }
}
