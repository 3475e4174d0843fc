//! The pane with the lines of the protocol.

use super::colours::Colours;
use super::view_context::ViewContext;
use crate::i18n::{Language, tr};
use crate::sanitize::sanitize;
use crate::session::{Direction, ProtocolLine};
use chrono::{DateTime, Local};
use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Label, RichText, ScrollArea, TextStyle, Ui, UiBuilder, accesskit};

/// Shows the lines, with the newest at the bottom.
pub(super) fn show(ui: &mut Ui, cx: &ViewContext<'_>) {
    let language = cx.language;
    let lines = cx.session.protocol_log();
    let colours = Colours::of(ui);
    let title = tr!(
        language,
        "Protocol: every line, with the requirement that it follows",
        "Protocollo: ogni riga, e il requisito a cui appartiene"
    );
    ui.label(RichText::new(&title).small().color(colours.weak_text));
    let list = UiBuilder::new()
        .accessibility_role(accesskit::Role::List)
        .accessibility_label(title);
    let height = ui.text_style_height(&TextStyle::Monospace);
    ui.scope_builder(list, |ui| {
        ui.spacing_mut().item_spacing.y = 3.0;
        let area = ScrollArea::vertical()
            .auto_shrink(false)
            .stick_to_bottom(true);
        area.show_rows(ui, height, lines.len(), |ui, shown| {
            let from = lines.first() + shown.start as u64;
            for (index, line) in lines.since(from).take(shown.len()) {
                let item = UiBuilder::new()
                    .id_salt(index)
                    .accessibility_role(accesskit::Role::ListItem)
                    .accessibility_label(accessible_name(line, language));
                ui.scope_builder(item, |ui| {
                    let job = layout(ui, line, language);
                    ui.add(Label::new(job).truncate());
                });
            }
        });
    });
}

/// Lays out a line with its time, direction, requirement and fault.
fn layout(ui: &Ui, line: &ProtocolLine, language: Language) -> LayoutJob {
    let colours = Colours::of(ui);
    let font = TextStyle::Monospace.resolve(ui.style());
    let mut job = LayoutJob::default();
    let mut append = |text: &str, colour| {
        job.append(text, 0.0, TextFormat::simple(font.clone(), colour));
    };
    let time = DateTime::<Local>::from(line.at).format("%H:%M:%S%.3f");
    let (arrow, colour) = match line.direction {
        Direction::Sent => ("→", colours.accent),
        Direction::Received => ("←", colours.text),
    };
    append(&format!("{time}  "), colours.weak_text);
    append(arrow, colour);
    append(&format!(" {:<10}", line.requirement), colours.weak_text);
    if !is_rejected(line) {
        append(&visible(&line.text), colours.text);
        append("\\n", colours.weak_text);
    }
    if let Some(fault) = &line.fault {
        append(&format!("  {}", language.fault(fault)), colours.warning);
    }
    job
}

/// The accessible name of a line.
fn accessible_name(line: &ProtocolLine, language: Language) -> String {
    let direction = match line.direction {
        Direction::Sent => tr!(language, "sent", "inviato"),
        Direction::Received => tr!(language, "received", "ricevuto"),
    };
    let fault = line.fault.as_ref().map(|fault| language.fault(fault));
    let (text, requirement) = (visible(&line.text), line.requirement);
    match fault {
        Some(fault) => format!("{direction}: {text} ({fault})"),
        None => format!("{direction}: {text} ({requirement})"),
    }
}

/// Whether the decoder rejected the line, so that its text is not available.
fn is_rejected(line: &ProtocolLine) -> bool {
    line.text.is_empty() && line.fault.is_some()
}

/// The text on one line, with all invisible characters replaced.
fn visible(text: &str) -> String {
    sanitize(text).replace('\t', "\\t")
}
