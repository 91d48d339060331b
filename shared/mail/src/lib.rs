//! Letters, and the SES client that sends them.
//!
//! Each letter has a content: a subject, sentences, facts, one action, and a footer. Both of its parts, HTML and text, are
//! rendered from that content in one layout, in the reader's language and time zone, with the operator's brand. It knows
//! neither the table nor who is to get a letter.

mod brand;
mod client;
mod content;
mod layout;
mod letter;
mod letters;
mod moment;
mod price;
mod samples;
mod words;

pub use brand::{
    Brand,
    color::{AccentColor, InvalidColor},
    text::{InvalidBrandText, PostalAddress, ProductName},
    url::{HttpsUrl, InvalidUrl},
};
pub use client::{Error, LetterAbout, LetterReference, MailClient, Sender, unsubscribe_link};
pub use letter::{Letter, LetterWriter, Reader};
pub use letters::{
    integration::IntegrationDisabled,
    invitation::Invitation,
    notification::{Digest, Entry, MOST_ENTRIES, SingleNotification},
};
pub use price::{Amount, PriceChange};
pub use samples::{Sample, sample_brand, samples};
