//! The fallback font for emoji.

use eframe::egui::{Context, FallbackRequest, FontData, FontInsert, FontTweak};
use epaint_default_fonts::NOTO_EMOJI_REGULAR;
use icu_properties::{CodePointSetData, props::Emoji};
use std::sync::Arc;

/// Adds Noto Emoji (SIL Open Font License 1.1), which shows emoji in black and white. The fonts of the system were added first,
/// so they take precedence.
pub(super) fn apply(ctx: &Context) {
    ctx.add_font_provider(Arc::new(emoji));
}

fn emoji(request: &FallbackRequest<'_>) -> Option<FontInsert> {
    let first = request.cluster.chars().next()?;
    let font = || FontInsert {
        name: "Noto Emoji".into(),
        // Its glyphs are larger than the letters around them.
        data: FontData::from_static(NOTO_EMOJI_REGULAR).tweak(FontTweak {
            scale: 0.8,
            ..FontTweak::default()
        }),
        // The requested family is added to these.
        families: Vec::new(),
    };
    CodePointSetData::new::<Emoji>().contains(first).then(font)
}
