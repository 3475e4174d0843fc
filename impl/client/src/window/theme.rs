//! How everything looks.

use super::colours::Colours;
use eframe::egui::style::{ScrollAnimation, WidgetVisuals};
use eframe::egui::{
    Context, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, Style, TextStyle, Theme,
    Visuals, vec2,
};

/// Gives the light and the dark style to `ctx`. Which one is shown is a setting.
pub(super) fn apply(ctx: &Context) {
    for theme in [Theme::Light, Theme::Dark] {
        ctx.style_mut_of(theme, |style| dress(style, theme == Theme::Dark));
    }
    ctx.options_mut(|options| {
        // X11 does not tell which theme the system has.
        options.fallback_theme = Theme::Light;
    });
}

fn dress(style: &mut Style, dark: bool) {
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
    // Nothing moves that need not: it costs frames, and some people cannot bear it.
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
    visuals.panel_fill = colours.paper;
    visuals.window_fill = colours.surface;
    visuals.extreme_bg_color = colours.surface;
    visuals.text_edit_bg_color = Some(colours.surface);
    visuals.faint_bg_color = colours.surface;
    visuals.code_bg_color = colours.surface;
    visuals.window_stroke = Stroke::new(1.0, colours.line);
    visuals.weak_text_color = Some(colours.weak);
    visuals.hyperlink_color = colours.accent;
    visuals.error_fg_color = colours.error;
    visuals.warn_fg_color = colours.warning;
    visuals.selection.bg_fill = colours.accent.gamma_multiply(0.35);
    visuals.selection.stroke = Stroke::new(1.0, colours.ink);
    visuals.popup_shadow = Shadow::NONE;
    visuals.text_cursor.stroke = Stroke::new(2.0, colours.accent);
    // A caret that blinks paints the whole window twice a second, for as long as it is open.
    visuals.text_cursor.blink = false;

    let radius = CornerRadius::same(8);
    visuals.window_corner_radius = CornerRadius::same(12);
    visuals.menu_corner_radius = radius;
    let widget = |fill, line, text| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, line),
        corner_radius: radius,
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    let pressed = colours.accent.gamma_multiply(0.25);
    let hovered = colours.accent.gamma_multiply(0.12);
    let widgets = &mut visuals.widgets;
    widgets.noninteractive = widget(colours.paper, colours.line, colours.ink);
    widgets.inactive = widget(colours.surface, colours.line, colours.ink);
    // The ground of radio buttons, which lie on the surface themselves.
    widgets.inactive.bg_fill = colours.line;
    widgets.hovered = widget(hovered, colours.accent, colours.ink);
    widgets.active = widget(pressed, colours.accent, colours.ink);
    widgets.open = widget(hovered, colours.line, colours.ink);
    visuals
}
