//! The accent colour, and the shades of it that can be read on the grounds of a letter.
//!
//! Contrast is that of WCAG 2.2: <https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio>

use std::{fmt, str::FromStr};

/// Contrast of text with its ground, at least.
/// <https://www.w3.org/TR/WCAG22/#contrast-minimum>
const READABLE: f64 = 4.5;

/// Contrast of links in dark mode, at least. Coloured text with less looks dull on a dark ground.
/// <https://www.w3.org/TR/WCAG22/#contrast-enhanced>
const BRIGHT: f64 = 7.0;

/// Number of steps in which a colour is mixed with black or white.
const STEPS: u8 = 20;

/// The text is not a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be a colour such as #2563eb")]
pub struct InvalidColor;

/// A colour of the sRGB space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rgb([u8; 3]);

impl Rgb {
    pub(crate) const WHITE: Self = Self([255; 3]);
    pub(crate) const BLACK: Self = Self([0; 3]);
    /// Ground of a letter's text in dark mode, as in the style sheet of the layout.
    pub(crate) const DARK_PANEL: Self = Self([0x16, 0x1a, 0x21]);

    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|channel| {
            let channel = f64::from(channel) / 255.0;
            if channel <= 0.04045 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// Contrast of the two colours, from 1 to 21.
    fn contrast(self, other: Self) -> f64 {
        let [one, other] = [self.luminance(), other.luminance()];
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    /// Mixes in `step` of [`STEPS`] parts of `other`.
    fn mixed(self, other: Self, step: u8) -> Self {
        let [Self([r, g, b]), Self([x, y, z])] = [self, other];
        let mix = |one: u8, other: u8| {
            let (step, all) = (u32::from(step), u32::from(STEPS));
            let sum = u32::from(one) * all.saturating_sub(step) + u32::from(other) * step;
            u8::try_from(sum / all).unwrap_or(u8::MAX)
        };
        Self([mix(r, x), mix(g, y), mix(b, z)])
    }

    /// Returns the colour, or the nearest mixture with `other` that has this `contrast` with `ground`.
    fn shade(self, ground: Self, other: Self, contrast: f64) -> Self {
        let mut steps = (0..=STEPS).map(|step| self.mixed(other, step));
        steps.find(|shade| shade.contrast(ground) >= contrast).unwrap_or(other)
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([red, green, blue]) = self;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

/// The accent colour of the brand. Every colour is allowed, because letters only use shades of it that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccentColor(Rgb);

impl AccentColor {
    /// Ground of buttons: the colour itself.
    pub(crate) const fn button(self) -> Rgb {
        self.0
    }

    /// Text on buttons: white or black. One of the two has a contrast of at least 4.58 with every colour.
    pub(crate) fn button_text(self) -> Rgb {
        if self.0.contrast(Rgb::WHITE) >= READABLE { Rgb::WHITE } else { Rgb::BLACK }
    }

    /// Links on white.
    pub(crate) fn link(self) -> Rgb {
        self.0.shade(Rgb::WHITE, Rgb::BLACK, READABLE)
    }

    /// Links in dark mode.
    pub(crate) fn dark_link(self) -> Rgb {
        self.0.shade(Rgb::DARK_PANEL, Rgb::WHITE, BRIGHT)
    }
}

/// The colour of Berth's dashboard.
impl Default for AccentColor {
    fn default() -> Self {
        Self(Rgb([0x24, 0x57, 0xd6]))
    }
}

impl FromStr for AccentColor {
    type Err = InvalidColor;

    fn from_str(text: &str) -> Result<Self, InvalidColor> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or(InvalidColor)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(InvalidColor);
        }
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).map_err(|_| InvalidColor)?.to_be_bytes();
        Ok(Self(Rgb([red, green, blue])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_accent_colour_gives_readable_text() {
        let channel = [0, 0x33, 0x66, 0x99, 0xcc, 0xff];
        for number in 0..6 * 6 * 6 {
            let [red, green, blue] = [number / 36, number / 6 % 6, number % 6].map(|index| channel[index]);
            let accent = AccentColor(Rgb([red, green, blue]));
            let pairs = [
                (accent.button_text(), accent.button()),
                (accent.link(), Rgb::WHITE),
                (accent.dark_link(), Rgb::DARK_PANEL),
            ];
            for (text, ground) in pairs {
                assert!(text.contrast(ground) >= READABLE, "{accent:?}: {text} on {ground}");
            }
        }
    }

    #[test]
    fn colours_are_parsed_strictly() {
        assert_eq!("#2457D6".parse(), Ok(AccentColor::default()));
        assert_eq!(AccentColor::default().button().to_string(), "#2457d6");
        for wrong in ["", "2457d6", "#2457d", "#2457d67", "#+457d6", "#2457dg", "#ääa", "red"] {
            assert_eq!(wrong.parse::<AccentColor>(), Err(InvalidColor), "{wrong}");
        }
    }
}
