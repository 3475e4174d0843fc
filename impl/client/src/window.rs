//! The front end for a desktop: a window drawn with egui.
//!
//! # Map
//!
//! A module uses only modules of the rows above it; this file is on top.
//!
//! | module | contents |
//! | --- | --- |
//! | `options`, `action`, `title`, `colours`, `accessibility`, `hyperlinks`, `row_heights` | building blocks |
//! | `driver` | the session and its network |
//! | `settings` | what is kept between runs |
//! | `theme`, `fonts` | the appearance |
//! | `view_context` | what every part has access to while a frame is drawn |
//! | `row` | one message or notice |
//! | `transcript` | the scrolling list of rows |
//! | `composer`, `members`, `banner`, `protocol_pane` | the other parts of the room page |
//! | `search`, `save` | the bars to search the transcript and to save it |
//! | `menu` | the top bar and its menu |
//! | `form` | the page that asks for server and nickname |
//! | `room` | the page to chat on |
//! | `app` | the application: chooses the page, and closes the window |
//!
//! # Frames
//!
//! A frame is drawn only for a reason: network events, user input, or a countdown. An idle window costs nothing. A frame
//! handles network events for at most two milliseconds and lays out only visible rows, so neither a flood nor 100,000
//! messages make it slow.
//!
//! # Limits
//!
//! - Text can be selected across messages only while both ends are visible, because rows out of view are not laid out. To
//!   copy more, save the transcript.
//! - Input methods are those of egui: XIM on X11, and text-input on Wayland. The composed text appears in the field; the
//!   system places the list of candidates.
//! - Glyphs come from the fonts of the system. Without any, emoji are shown in black and white, but Chinese, Japanese and
//!   Korean characters are shown as boxes, because a font for them takes several megabytes.
//! - Right-to-left words are shown correctly, but they follow each other from left to right.
//! - Screen readers announce new messages only while the newest ones are visible; in a flood, only those that a frame
//!   shows.
//! - X11 does not report whether the system prefers light or dark; the client assumes light.

mod accessibility;
mod action;
mod app;
mod banner;
mod colours;
mod composer;
mod driver;
mod fonts;
mod form;
mod hyperlinks;
mod members;
mod menu;
mod options;
mod protocol_pane;
mod room;
mod row;
mod row_heights;
mod save;
mod search;
mod settings;
mod theme;
mod title;
mod transcript;
mod view_context;

pub use app::App;
pub use options::Options;

use eframe::egui::ViewportBuilder;
use eframe::{NativeOptions, Renderer};
use std::io;

/// Why the window could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// A thread or the network runtime could not be created.
    #[error("cannot start: {0}")]
    Start(#[from] io::Error),
    /// There is no screen, or no way to draw on it.
    #[error("cannot open a window: {0}; --console chats in the terminal instead")]
    Show(#[from] eframe::Error),
}

/// Shows the window until it is closed.
///
/// # Errors
/// If the window cannot be opened.
pub fn run(options: Options) -> Result<(), WindowError> {
    let native = NativeOptions {
        renderer: Renderer::Glow,
        viewport: ViewportBuilder::default()
            .with_title(title::NAME)
            .with_app_id("salotto")
            .with_inner_size([960.0, 680.0])
            .with_min_inner_size([360.0, 320.0]),
        ..NativeOptions::default()
    };
    eframe::run_native(
        title::NAME,
        native,
        Box::new(|creation| {
            let app = App::new(&creation.egui_ctx, options)?;
            app.close_on_signals(&creation.egui_ctx);
            Ok(Box::new(app))
        }),
    )?;
    Ok(())
}
