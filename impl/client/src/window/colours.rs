//! The colours of the window.

use eframe::egui::{Color32, Ui};

/// What everything is painted with, in the light or in the dark.
#[derive(Debug, Clone, Copy)]
pub(super) struct Colours {
    /// What everything lies on.
    pub(super) paper: Color32,
    /// What lies on the paper: what others say, fields, menus.
    pub(super) surface: Color32,
    /// What the user says lies on this.
    pub(super) own: Color32,
    /// Text.
    pub(super) ink: Color32,
    /// Text that keeps in the background.
    pub(super) weak: Color32,
    /// Lines between things.
    pub(super) line: Color32,
    /// What draws the eye.
    pub(super) accent: Color32,
    /// Text on the accent.
    pub(super) on_accent: Color32,
    /// What went wrong.
    pub(super) error: Color32,
    /// What deserves a look.
    pub(super) warning: Color32,
    /// What lies under a text that was searched for.
    pub(super) found: Color32,
    nicks: [Color32; 12],
}

const LIGHT: Colours = Colours {
    paper: rgb(0xF6F3EE),
    surface: rgb(0xFFFFFF),
    own: rgb(0xDCEBE2),
    ink: rgb(0x24211D),
    weak: rgb(0x6B645B),
    line: rgb(0xE2DCD2),
    accent: rgb(0x2F6F55),
    on_accent: rgb(0xFFFFFF),
    error: rgb(0xB3261E),
    warning: rgb(0x8A4B00),
    found: rgb(0xFFE08A),
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
    paper: rgb(0x1D1C1A),
    surface: rgb(0x2A2825),
    own: rgb(0x28443A),
    ink: rgb(0xECE7DF),
    weak: rgb(0xA79F94),
    line: rgb(0x3A3733),
    accent: rgb(0x7CC4A0),
    on_accent: rgb(0x10221A),
    error: rgb(0xF2908A),
    warning: rgb(0xE5B567),
    found: rgb(0x6B5518),
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
    /// Those for the dark, or those for the light.
    pub(super) const fn of_mode(dark: bool) -> &'static Self {
        if dark { &DARK } else { &LIGHT }
    }

    /// Those that `ui` is painted with.
    pub(super) fn of(ui: &Ui) -> &'static Self {
        Self::of_mode(ui.visuals().dark_mode)
    }

    /// The colour of a nickname: always the same one, on every machine.
    pub(super) fn nick(&self, nick: &str) -> Color32 {
        // FNV-1a: the standard library's hash may change from version to version.
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

    /// The contrast of two colours, from 1 to 21 (WCAG 2.2).
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
    fn every_text_can_be_read() {
        for colours in [LIGHT, DARK] {
            let Colours {
                paper,
                surface,
                own,
                ink,
                found,
                ..
            } = colours;
            let mut pairs = vec![
                (ink, own),
                (ink, found),
                (colours.on_accent, colours.accent),
                (colours.accent, own),
            ];
            let texts = [
                ink,
                colours.weak,
                colours.accent,
                colours.error,
                colours.warning,
            ];
            for text in texts.into_iter().chain(colours.nicks) {
                pairs.extend([(text, paper), (text, surface)]);
            }
            for (text, ground) in pairs {
                let contrast = contrast(text, ground);
                assert!(contrast >= 4.5, "{text:?} on {ground:?}: {contrast:.2}");
            }
        }
    }

    #[test]
    fn nicknames_keep_their_colours_and_use_all() {
        assert_eq!(LIGHT.nick("anna"), LIGHT.nicks[3]);
        assert_eq!(DARK.nick("anna"), DARK.nicks[3]);
        let used: HashSet<_> = (0..200).map(|n| LIGHT.nick(&format!("nick{n}"))).collect();
        assert_eq!(used.len(), LIGHT.nicks.len());
    }
}
