//! The lines of the protocol, as they go by.

use super::colours::Colours;
use super::scene::Scene;
use crate::session::{Direction, RawLine};
use crate::text::harmless;
use crate::words::{Language, say};
use chrono::{DateTime, Local};
use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Label, RichText, ScrollArea, TextStyle, Ui, UiBuilder, accesskit};

/// Shows all that there are, the newest at the bottom.
pub(super) fn show(ui: &mut Ui, scene: &Scene<'_>) {
    let language = scene.language;
    let lines = scene.session.raw();
    let colours = Colours::of(ui);
    let title = say!(
        language,
        "Protocol: every line, and the requirement that it belongs to",
        "Protocollo: ogni riga, e il requisito a cui appartiene"
    );
    ui.label(RichText::new(&title).small().color(colours.weak));
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
                    .accessibility_label(spoken(line, language));
                ui.scope_builder(item, |ui| {
                    let job = job(ui, line, language);
                    ui.add(Label::new(job).truncate());
                });
            }
        });
    });
}

/// A line as text: what it is, and what is wrong with it.
fn job(ui: &Ui, line: &RawLine, language: Language) -> LayoutJob {
    let colours = Colours::of(ui);
    let font = TextStyle::Monospace.resolve(ui.style());
    let mut job = LayoutJob::default();
    let mut append = |text: &str, colour| {
        job.append(text, 0.0, TextFormat::simple(font.clone(), colour));
    };
    let time = DateTime::<Local>::from(line.at).format("%H:%M:%S%.3f");
    let (arrow, colour) = match line.direction {
        Direction::Sent => ("→", colours.accent),
        Direction::Received => ("←", colours.ink),
    };
    append(&format!("{time}  "), colours.weak);
    append(arrow, colour);
    append(&format!(" {:<10}", line.requirement), colours.weak);
    if !is_refused(line) {
        append(&visible(&line.text), colours.ink);
        append("\\n", colours.weak);
    }
    if let Some(fault) = &line.fault {
        append(&format!("  {}", language.fault(fault)), colours.warning);
    }
    job
}

/// A line to somebody who does not see it.
fn spoken(line: &RawLine, language: Language) -> String {
    let way = match line.direction {
        Direction::Sent => say!(language, "sent", "inviato"),
        Direction::Received => say!(language, "received", "ricevuto"),
    };
    let fault = line.fault.as_ref().map(|fault| language.fault(fault));
    let (text, requirement) = (visible(&line.text), line.requirement);
    match fault {
        Some(fault) => format!("{way}: {text} ({fault})"),
        None => format!("{way}: {text} ({requirement})"),
    }
}

/// Whether the decoder refused the line, so that there is no text of it.
fn is_refused(line: &RawLine) -> bool {
    line.text.is_empty() && line.fault.is_some()
}

/// The text on one line, with nothing in it that cannot be seen.
fn visible(text: &str) -> String {
    harmless(text).replace('\t', "\\t")
}
