//! The colours of the window.

use eframe::egui::{Color32, Ui};

/// The colours of one theme.
#[derive(Debug, Clone, Copy)]
pub(super) struct Colours {
    pub(super) background: Color32,
    /// The background of fields, menus and messages of others.
    pub(super) surface: Color32,
    /// The background of the user's own messages.
    pub(super) own_bubble: Color32,
    pub(super) text: Color32,
    /// Less important text.
    pub(super) weak_text: Color32,
    pub(super) border: Color32,
    pub(super) accent: Color32,
    /// Text on an accent background.
    pub(super) on_accent: Color32,
    pub(super) error: Color32,
    pub(super) warning: Color32,
    /// The background of search hits.
    pub(super) highlight: Color32,
    nicks: [Color32; 12],
}

const LIGHT: Colours = Colours {
    background: rgb(0xF6F3EE),
    surface: rgb(0xFFFFFF),
    own_bubble: rgb(0xDCEBE2),
    text: rgb(0x24211D),
    weak_text: rgb(0x6B645B),
    border: rgb(0xE2DCD2),
    accent: rgb(0x2F6F55),
    on_accent: rgb(0xFFFFFF),
    error: rgb(0xB3261E),
    warning: rgb(0x8A4B00),
    highlight: rgb(0xFFE08A),
    nicks: [
        rgb(0xBA2C2C),
        rgb(0x994F24),
        rgb(0x7C5F1D),
        rgb(0x546718),
        rgb(0x1A701A),
        rgb(0x1A704C),
        rgb(0x196B69),
        rgb(0x21698C),
        rgb(0x2F5CC6),
        rgb(0x6945D3),
        rgb(0x9A2DBE),
        rgb(0xB22A79),
    ],
};

const DARK: Colours = Colours {
    background: rgb(0x1D1C1A),
    surface: rgb(0x2A2825),
    own_bubble: rgb(0x28443A),
    text: rgb(0xECE7DF),
    weak_text: rgb(0xA79F94),
    border: rgb(0x3A3733),
    accent: rgb(0x7CC4A0),
    on_accent: rgb(0x10221A),
    error: rgb(0xF2908A),
    warning: rgb(0xE5B567),
    highlight: rgb(0x6B5518),
    nicks: [
        rgb(0xE09494),
        rgb(0xD79975),
        rgb(0xC9A245),
        rgb(0x92B234),
        rgb(0x37BE37),
        rgb(0x37BE86),
        rgb(0x36BAB5),
        rgb(0x69B0D3),
        rgb(0x90A8DF),
        rgb(0xAE9CE2),
        rgb(0xCB90DF),
        rgb(0xDE8CBC),
    ],
};

impl Colours {
    /// The colours of the dark or the light theme.
    pub(super) const fn of_mode(dark: bool) -> &'static Self {
        if dark { &DARK } else { &LIGHT }
    }

    /// The colours of the current theme.
    pub(super) fn of(ui: &Ui) -> &'static Self {
        Self::of_mode(ui.visuals().dark_mode)
    }

    /// The colour of a nickname: the same on every machine.
    pub(super) fn nick(&self, nick: &str) -> Color32 {
        // FNV-1a, because the hash of the standard library may change between versions.
        let hash = nick.bytes().fold(0xCBF2_9CE4_8422_2325u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
        });
        self.nicks[(hash % self.nicks.len() as u64) as usize]
    }
}

const fn rgb(code: u32) -> Color32 {
    let [_, red, green, blue] = code.to_be_bytes();
    Color32::from_rgb(red, green, blue)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    /// The contrast ratio of two colours, from 1 to 21 (WCAG 2.2).
    fn contrast(one: Color32, other: Color32) -> f64 {
        let luminance = |colour: Color32| {
            let linear = |channel: u8| match f64::from(channel) / 255.0 {
                low @ ..=0.04045 => low / 12.92,
                high => ((high + 0.055) / 1.055).powf(2.4),
            };
            let (red, green, blue) = (colour.r(), colour.g(), colour.b());
            0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
        };
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn black_on_white_is_21() {
        assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 1e-9);
    }

    #[test]
    fn every_text_has_enough_contrast() {
        for colours in [LIGHT, DARK] {
            let Colours {
                background,
                surface,
                own_bubble,
                text,
                highlight,
                ..
            } = colours;
            let mut pairs = vec![
                (text, own_bubble),
                (text, highlight),
                (colours.on_accent, colours.accent),
                (colours.accent, own_bubble),
            ];
            let texts = [
                text,
                colours.weak_text,
                colours.accent,
                colours.error,
                colours.warning,
            ];
            for text in texts.into_iter().chain(colours.nicks) {
                pairs.extend([(text, background), (text, surface)]);
            }
            for (text, background) in pairs {
                let contrast = contrast(text, background);
                assert!(contrast >= 4.5, "{text:?} on {background:?}: {contrast:.2}");
            }
        }
    }

    #[test]
    fn nicknames_have_stable_colours_and_use_all_of_them() {
        assert_eq!(LIGHT.nick("anna"), LIGHT.nicks[3]);
        assert_eq!(DARK.nick("anna"), DARK.nicks[3]);
        let used: HashSet<_> = (0..200).map(|n| LIGHT.nick(&format!("nick{n}"))).collect();
        assert_eq!(used.len(), LIGHT.nicks.len());
    }
}
