//! The style of the window.

use super::colours::Colours;
use eframe::egui::style::{ScrollAnimation, WidgetVisuals};
use eframe::egui::{
    Context, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, Style, TextStyle, Theme,
    Visuals, vec2,
};

/// Sets the light and the dark style. A setting chooses between them.
pub(super) fn apply(ctx: &Context) {
    for theme in [Theme::Light, Theme::Dark] {
        ctx.style_mut_of(theme, |style| set_style(style, theme == Theme::Dark));
    }
    ctx.options_mut(|options| {
        // X11 does not report the theme of the system.
        options.fallback_theme = Theme::Light;
    });
}

fn set_style(style: &mut Style, dark: bool) {
    let font = |size| FontId::new(size, FontFamily::Proportional);
    style.text_styles = [
        (TextStyle::Heading, font(26.0)),
        (TextStyle::Body, font(15.0)),
        (TextStyle::Button, font(15.0)),
        (TextStyle::Small, font(12.0)),
        (
            TextStyle::Monospace,
            FontId::new(13.0, FontFamily::Monospace),
        ),
    ]
    .into();
    style.spacing.item_spacing = vec2(8.0, 6.0);
    style.spacing.button_padding = vec2(12.0, 6.0);
    style.spacing.interact_size.y = 30.0;
    style.spacing.menu_margin = Margin::same(8);
    style.spacing.scroll.floating = true;
    // No animations: they cost frames, and some people cannot bear them.
    style.animation_time = 0.0;
    style.scroll_animation = ScrollAnimation::none();
    style.visuals = visuals(dark);
}

fn visuals(dark: bool) -> Visuals {
    let colours = Colours::of_mode(dark);
    let mut visuals = if dark {
        Visuals::dark()
    } else {
        Visuals::light()
    };
    visuals.panel_fill = colours.background;
    visuals.window_fill = colours.surface;
    visuals.extreme_bg_color = colours.surface;
    visuals.text_edit_bg_color = Some(colours.surface);
    visuals.faint_bg_color = colours.surface;
    visuals.code_bg_color = colours.surface;
    visuals.window_stroke = Stroke::new(1.0, colours.border);
    visuals.weak_text_color = Some(colours.weak_text);
    visuals.hyperlink_color = colours.accent;
    visuals.error_fg_color = colours.error;
    visuals.warn_fg_color = colours.warning;
    visuals.selection.bg_fill = colours.accent.gamma_multiply(0.35);
    visuals.selection.stroke = Stroke::new(1.0, colours.text);
    visuals.popup_shadow = Shadow::NONE;
    visuals.text_cursor.stroke = Stroke::new(2.0, colours.accent);
    // A blinking caret would repaint the whole window twice a second.
    visuals.text_cursor.blink = false;

    let radius = CornerRadius::same(8);
    visuals.window_corner_radius = CornerRadius::same(12);
    visuals.menu_corner_radius = radius;
    let widget = |fill, border, text| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, border),
        corner_radius: radius,
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    let pressed = colours.accent.gamma_multiply(0.25);
    let hovered = colours.accent.gamma_multiply(0.12);
    let widgets = &mut visuals.widgets;
    widgets.noninteractive = widget(colours.background, colours.border, colours.text);
    widgets.inactive = widget(colours.surface, colours.border, colours.text);
    // The background of radio buttons, which would be invisible on the surface.
    widgets.inactive.bg_fill = colours.border;
    widgets.hovered = widget(hovered, colours.accent, colours.text);
    widgets.active = widget(pressed, colours.accent, colours.text);
    widgets.open = widget(hovered, colours.border, colours.text);
    visuals
}
