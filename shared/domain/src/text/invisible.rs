//! Characters of a text that nobody sees: controls, and those that Unicode calls default-ignorable or format characters.
//! They can make two texts look alike, or hide a third one. Some writing systems and emoji need a few of them, in places
//! where they have an effect: joiners as Unicode Standard Annex 31, section 2.3 allows them, and variation selectors and
//! tags in their own sequences.

use icu_properties::{
    CodePointMapData as Map, CodePointSetData as Set,
    props::{
        CanonicalCombiningClass, DefaultIgnorableCodePoint, Emoji, EmojiModifier, ExtendedPictographic,
        GeneralCategory, IndicSyllabicCategory, JoiningType, NoncharacterCodePoint, PrependedConcatenationMark, Script,
        UnifiedIdeograph, VariationSelector,
    },
};

const NON_JOINER: char = '\u{200c}';
const JOINER: char = '\u{200d}';
const KEYCAP: char = '\u{20e3}';
const MONGOLIAN_VOWEL_SEPARATOR: char = '\u{180e}';
const BLACK_FLAG: char = '\u{1f3f4}';
const CANCEL_TAG: char = '\u{e007f}';

/// Symbols whose picture is empty, which no property says: the blank of Braille, and a note without a head.
const BLANK_SYMBOLS: [char; 2] = ['\u{2800}', '\u{1d159}'];

/// Categories of characters that nobody sees, or that others may see differently.
const UNSEEN: [GeneralCategory; 4] = [
    GeneralCategory::Control,
    GeneralCategory::LineSeparator,
    GeneralCategory::ParagraphSeparator,
    GeneralCategory::PrivateUse,
];

/// True if nobody sees `c`, or if others may see another character. In some places such a character has a purpose.
#[must_use]
pub fn is_deceptive(c: char) -> bool {
    let category = Map::<GeneralCategory>::new().get(c);
    // Signs of Arabic numbers, for instance, are format characters that are seen.
    let format = category == GeneralCategory::Format && !Set::new::<PrependedConcatenationMark>().contains(c);
    UNSEEN.contains(&category)
        || format
        || Set::new::<DefaultIgnorableCodePoint>().contains(c)
        || Set::new::<NoncharacterCodePoint>().contains(c)
        || BLANK_SYMBOLS.contains(&c)
}

/// The first deceptive character of `text` that has no purpose where it is.
pub(super) fn first_deceptive(text: &str) -> Option<char> {
    let text: Vec<char> = text.chars().collect();
    let purposeless = |(at, c): (usize, &char)| is_deceptive(*c) && !Place { text: &text, at }.has_purpose(*c);
    text.iter().enumerate().find(|found| purposeless(*found)).map(|(_, c)| *c)
}

/// A place in a text.
#[derive(Clone, Copy)]
struct Place<'a> {
    text: &'a [char],
    at: usize,
}

impl<'a> Place<'a> {
    /// The characters before the place, backwards.
    fn before(self) -> impl Iterator<Item = char> + 'a {
        self.text.iter().take(self.at).rev().copied()
    }

    /// The characters after the place.
    fn after(self) -> impl Iterator<Item = char> + 'a {
        self.text.iter().skip(self.at.saturating_add(1)).copied()
    }

    /// True if the default-ignorable `c` changes how its neighbours are shown.
    fn has_purpose(self, c: char) -> bool {
        match c {
            NON_JOINER => self.parts_joined_letters() || self.keeps_virama(),
            JOINER => self.joins_emoji() || self.shapes_virama(),
            MONGOLIAN_VOWEL_SEPARATOR => {
                self.before().next().is_some_and(is_mongolian) && self.after().next().is_some_and(is_mongolian)
            }
            CANCEL_TAG | '\u{e0020}'..='\u{e007e}' => self.is_in_flag(),
            _ => Set::new::<VariationSelector>().contains(c) && self.selects_variation(c),
        }
    }

    /// Rule A1: between letters that would be joined otherwise, as in Persian.
    fn parts_joined_letters(self) -> bool {
        let kind = |c: char| Map::<JoiningType>::new().get(c);
        let joining = |c: &char| kind(*c) != JoiningType::Transparent;
        let before = self.before().find(joining).map(kind);
        let after = self.after().find(joining).map(kind);
        matches!(before, Some(JoiningType::DualJoining | JoiningType::LeftJoining))
            && matches!(after, Some(JoiningType::DualJoining | JoiningType::RightJoining))
    }

    /// Rule A2: after a virama and before a letter of the same script.
    fn keeps_virama(self) -> bool {
        let next = self.after().find(|c| !is_mark_after_virama(*c));
        self.virama_before().is_some_and(|script| next.is_some_and(|c| is_letter_of(c, script)))
    }

    /// Rule B: after a virama and not before a dependent vowel. Also between a letter and a virama, as Bengali, Kannada
    /// and Sinhala write some conjuncts (Unicode Standard, sections 12.2, 12.8 and 13.2).
    fn shapes_virama(self) -> bool {
        let vowel = |c: char| Map::<IndicSyllabicCategory>::new().get(c) == IndicSyllabicCategory::VowelDependent;
        let after_virama = self.virama_before().is_some() && !self.after().next().is_some_and(vowel);
        let mut after = self.after();
        let script = after.next().filter(|c| is_virama(*c)).map(script_of);
        let before_virama = script.is_some_and(|script| {
            let letter = self.before().find(|c| !is_mark(*c));
            [letter, after.next()].into_iter().all(|c| c.is_some_and(|c| is_letter_of(c, script)))
        });
        after_virama || before_virama
    }

    /// The script of the virama before the place, if it follows a letter of that script.
    fn virama_before(self) -> Option<Script> {
        let mut before = self.before().skip_while(|c| is_mark_after_virama(*c));
        let script = before.next().filter(|c| is_virama(*c)).map(script_of)?;
        before.find(|c| !is_mark(*c)).filter(|c| is_letter_of(*c, script)).map(|_| script)
    }

    /// Rule GB11 of Unicode Standard Annex 29: between two pictures.
    fn joins_emoji(self) -> bool {
        let picture = |c: char| Set::new::<ExtendedPictographic>().contains(c);
        let modifier = |c: &char| *c == '\u{fe0f}' || Set::new::<EmojiModifier>().contains(*c);
        self.before().find(|c| !modifier(c)).is_some_and(picture) && self.after().next().is_some_and(picture)
    }

    /// True if `selector` follows a character of which it selects a form: an emoji, an ideograph, a Mongolian letter.
    fn selects_variation(self, selector: char) -> bool {
        let Some(base) = self.before().next() else { return false };
        match selector {
            // A digit has the form of an emoji only on a keycap.
            '\u{fe0e}' | '\u{fe0f}' if base.is_ascii() => self.after().next() == Some(KEYCAP),
            '\u{fe0e}' | '\u{fe0f}' => Set::new::<Emoji>().contains(base),
            _ => Set::new::<UnifiedIdeograph>().contains(base) || is_mongolian(base),
        }
    }

    /// True if the tag is part of the flag of a region: a black flag, three to six letters or digits, the end.
    /// <https://www.unicode.org/reports/tr51/#valid-emoji-tag-sequences>
    fn is_in_flag(self) -> bool {
        let tag = |c: &char| matches!(*c, '\u{e0020}'..=CANCEL_TAG);
        let named = |c: &char| matches!(*c, '\u{e0030}'..='\u{e0039}' | '\u{e0061}'..='\u{e007a}');
        let before = self.before().take_while(tag).count();
        let start = self.at.saturating_sub(before);
        let flag = start.checked_sub(1).and_then(|at| self.text.get(at)) == Some(&BLACK_FLAG);
        let tags: Vec<char> = self.text.iter().skip(start).copied().take_while(tag).collect();
        let Some((end, name)) = tags.split_last() else { return false };
        flag && *end == CANCEL_TAG && (3..=6).contains(&name.len()) && name.iter().all(named)
    }
}

/// The script of `c`.
pub(super) fn script_of(c: char) -> Script {
    Map::<Script>::new().get(c)
}

fn is_mongolian(c: char) -> bool {
    script_of(c) == Script::Mongolian && c.is_alphabetic()
}

fn is_letter_of(c: char, script: Script) -> bool {
    c.is_alphabetic() && !is_mark(c) && script_of(c) == script
}

fn is_virama(c: char) -> bool {
    Map::<CanonicalCombiningClass>::new().get(c) == CanonicalCombiningClass::Virama
}

/// A mark that is stored after a virama and belongs to it.
fn is_mark_after_virama(c: char) -> bool {
    let class = Map::<CanonicalCombiningClass>::new().get(c);
    is_mark(c) && class != CanonicalCombiningClass::NotReordered && class != CanonicalCombiningClass::Virama
}

/// True if `c` is a combining mark.
pub(crate) fn is_mark(c: char) -> bool {
    matches!(
        Map::<GeneralCategory>::new().get(c),
        GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark | GeneralCategory::EnclosingMark
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_have_a_purpose_are_accepted() {
        for text in [
            "Acme & Söhne",
            "مهدی\u{200c}پور",       // Persian: the letters are not joined
            "نیک\u{200c}\u{64e}نام", // with a mark in between
            "ශ\u{dca}\u{200d}රී",     // Sinhala: Sri
            "ന\u{d4d}\u{200d}",      // Malayalam: the chillu N, as it was written before Unicode 5.1
            "രാജന\u{d4d}\u{200d}",
            "शर\u{94d}\u{200c}मा", // Hindi: the virama is shown
            "क\u{94d}\u{200d}ष",
            "র\u{200d}\u{9cd}যাব", // Bengali: RAB
            "ರ\u{200d}\u{ccd}ಕ",
            "👩\u{200d}🚀",
            "👩🏽\u{200d}🚀",
            "🏳\u{fe0f}\u{200d}🌈",
            "❤\u{fe0f}",
            "☎\u{fe0e}",
            "1\u{fe0f}\u{20e3}",
            "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}", // Scotland
            "渡邉\u{e0102}", // Japanese: the form of the ideograph that the family uses
            "ᠨ\u{180b}ᠠ",
            "ᠨ\u{180e}ᠠ",
            "\u{600}12", // the Arabic sign of a number is seen
            "",
        ] {
            assert_eq!(first_deceptive(text), None, "{text:?}");
        }
    }

    #[test]
    fn characters_without_a_purpose_are_found() {
        for text in [
            "a\u{0}b",
            "a\nb",
            "pay\u{200b}pal",
            "\u{202e}lapyap",
            "a\u{2066}b",
            "\u{3164}",
            "a\u{e0041}",
            "a\u{ad}b",
            "a\u{34f}b",
            "a\u{200e}",
            "\u{feff}a",
            "a\u{2028}b",
            "\u{fff9}a",
            "\u{e000}",
            "\u{fdd0}",
            "\u{2800}",
            "\u{1d159}",
            "\u{115f}",
            "\u{17b4}",
            "\u{2064}",
            "Ac\u{200c}me",
            "Ac\u{200d}me",
            "\u{200d}",
            "\u{200d}🚀",
            "👩\u{200d}",
            "👩\u{200d}a",
            "ا\u{200c}ب", // an alef is never joined to the next letter
            "ب\u{200c}",
            "क\u{200d}",
            "क\u{94d}\u{200d}\u{200d}ष",
            "क\u{94d}\u{200d}\u{93f}",
            "a\u{94d}\u{200d}",
            "\u{94d}\u{200d}क",
            "क\u{94d}\u{200c}",
            "क\u{94d}\u{200c}a",
            "a\u{fe0f}",
            "1\u{fe0f}",
            "\u{fe0f}a",
            "❤\u{fe0f}\u{fe0f}",
            "a\u{e0100}",
            "ع\u{fe00}",
            "\u{e0067}",
            "🏴\u{e0067}\u{e0062}",
            "🏴\u{e0067}\u{e007f}",
            "🚀\u{e0067}\u{e0062}\u{e0073}\u{e007f}",
            "a\u{180e}b",
        ] {
            assert!(first_deceptive(text).is_some(), "{text:?}");
        }
    }
}
