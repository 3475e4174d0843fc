//! A font for what the system has none for.

use eframe::egui::{Context, FallbackRequest, FontData, FontInsert, FontTweak};
use epaint_default_fonts::NOTO_EMOJI_REGULAR;
use icu_properties::{CodePointSetData, props::Emoji};
use std::sync::Arc;

/// Lets `ctx` show emoji in black and white where the system has no font for them. The system is asked first, when it was
/// added first. The font is Noto Emoji, under the SIL Open Font License 1.1.
pub(super) fn apply(ctx: &Context) {
    ctx.add_font_provider(Arc::new(emoji));
}

fn emoji(request: &FallbackRequest<'_>) -> Option<FontInsert> {
    let first = request.cluster.chars().next()?;
    let font = || FontInsert {
        name: "Noto Emoji".into(),
        // Its characters are larger than the letters around them.
        data: FontData::from_static(NOTO_EMOJI_REGULAR).tweak(FontTweak {
            scale: 0.8,
            ..FontTweak::default()
        }),
        // The one that was asked for is added to these.
        families: Vec::new(),
    };
    CodePointSetData::new::<Emoji>().contains(first).then(font)
}
