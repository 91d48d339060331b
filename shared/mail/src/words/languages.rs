//! The languages of letters.

use super::{Words, de::German, en::English};
use domain::identity::profile::Language;

/// Returns the words of `language`.
pub(crate) fn words_of(language: Language) -> &'static dyn Words {
    match language {
        Language::En => &English,
        Language::De => &German,
    }
}
