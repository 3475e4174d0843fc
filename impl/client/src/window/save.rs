//! The bar to save the transcript to a file.

use super::colours::Colours;
use super::view_context::ViewContext;
use crate::i18n::{Language, tr};
use crate::session::{Entry, EntryKind, Log, Session};
use chrono::{DateTime, Local};
use eframe::egui::{Key, RichText, TextEdit, Ui};
use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Asks for a path and reports the result.
#[derive(Debug)]
pub(super) struct SaveBar {
    path: String,
    result: Option<Result<PathBuf, io::Error>>,
    wants_focus: bool,
}

impl SaveBar {
    /// A bar that suggests a dated file in the user's documents folder.
    pub(super) fn new(session: &Session) -> Self {
        Self {
            path: suggested_path(session).display().to_string(),
            result: None,
            wants_focus: true,
        }
    }

    /// Shows the bar. Returns whether the user has closed it.
    pub(super) fn show(&mut self, ui: &mut Ui, cx: &ViewContext<'_>) -> bool {
        let language = cx.language;
        let mut closed = ui.input(|input| input.key_pressed(Key::Escape));
        ui.horizontal_wrapped(|ui| {
            let label = ui.label(tr!(language, "Save as", "Salva come"));
            let width = (ui.available_width() - 190.0).max(160.0);
            let edit = ui.add(TextEdit::singleline(&mut self.path).desired_width(width));
            let edit = edit.labelled_by(label.id);
            if std::mem::take(&mut self.wants_focus) {
                edit.request_focus();
            }
            if edit.changed() {
                self.result = None;
            }
            let entered = edit.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            if ui.button(tr!(language, "Save", "Salva")).clicked() || entered {
                let path = PathBuf::from(self.path.trim());
                let saved = save(&path, cx.session.transcript(), language);
                self.result = Some(saved.map(|()| path));
            }
            closed |= ui.button(tr!(language, "Close", "Chiudi")).clicked();
        });
        self.show_result(ui, language);
        closed
    }

    fn show_result(&self, ui: &mut Ui, language: Language) {
        let colours = Colours::of(ui);
        let (text, colour) = match &self.result {
            None => return,
            Some(Ok(path)) => {
                let path = path.display();
                let text = tr!(language, "Saved in {path}", "Salvato in {path}");
                (text, colours.accent)
            }
            Some(Err(error)) if error.kind() == ErrorKind::AlreadyExists => {
                let text = tr!(
                    language,
                    "A file of that name already exists",
                    "Un file con quel nome c'è già"
                );
                (text, colours.error)
            }
            Some(Err(error)) => {
                let text = tr!(language, "Not saved: {error}", "Non salvato: {error}");
                (text, colours.error)
            }
        };
        ui.label(RichText::new(text).small().color(colour));
    }
}

fn suggested_path(session: &Session) -> PathBuf {
    let folder = directories::UserDirs::new().map(|user| {
        let documents = user.document_dir().map(Path::to_owned);
        documents.unwrap_or_else(|| user.home_dir().to_owned())
    });
    let host = session.target().map_or("", |target| target.host.as_str());
    let host: String = host
        .chars()
        .map(|c| {
            if c.is_alphanumeric() || c == '.' {
                c
            } else {
                '-'
            }
        })
        .collect();
    let today = Local::now().format("%Y-%m-%d");
    folder
        .unwrap_or_default()
        .join(format!("salotto-{host}-{today}.txt"))
}

/// Writes a new file. An existing file is never overwritten.
fn save(path: &Path, log: &Log<Entry>, language: Language) -> io::Result<()> {
    let mut file = BufWriter::new(File::create_new(path)?);
    for (_, entry) in log.since(0) {
        let time = DateTime::<Local>::from(entry.at).format("%Y-%m-%d %H:%M:%S");
        // As in the console, no message can look like a notice.
        let mark = match entry.kind {
            EntryKind::Message { .. } | EntryKind::Own { .. } => "",
            _ => "* ",
        };
        writeln!(file, "{time} {mark}{}", language.entry(&entry.kind))?;
    }
    file.flush()
}
