//! The session in a window.
//!
//! # Map
//!
//! | module | what it is about |
//! | --- | --- |
//! | `app` | the whole: which page is shown, what a frame does, how it ends |
//! | `carrier` | the session, and the network that it lives on |
//! | `form` | the page where somebody says where to go |
//! | `room` | the page where people talk, put together from the next eight |
//! | `transcript`, `row`, `rows`, `links` | what was said |
//! | `composer` | what is about to be said |
//! | `members` | who is there |
//! | `banner` | what the connection is doing |
//! | `search`, `save` | finding what was said, and keeping it |
//! | `raw` | the lines of the protocol |
//! | `settings`, `menu` | what is kept between runs, and where it is chosen |
//! | `theme`, `colours`, `fonts` | how it looks |
//!
//! # A frame
//!
//! Nothing is painted without a cause: something came from the network, somebody did something, or a countdown goes on.
//! A window that is left alone costs nothing. A frame takes what has come, for two milliseconds at most, and lays out
//! what can be seen; so neither a flood nor 100,000 messages make it slow.
//!
//! # Limits
//!
//! - A selection goes across messages as far as they are in view. It is given up when one of its ends is scrolled out,
//!   since a row that is not drawn holds no cursor; what is longer is had by saving the transcript.
//! - Input methods are egui's: XIM on X11, and text-input on Wayland. What is being composed is shown in the field, and
//!   the place of the list of candidates is the system's affair.
//! - Characters come from the system's fonts. Emoji are there without any, in black and white; letters of Chinese, Japanese
//!   or Korean are boxes then, since a font for them is several megabytes.
//! - Words of a script that runs from right to left are right in themselves, and follow each other from left to right.
//! - A screen reader says by itself what comes while the newest is in view; in a flood, what a frame shows of it.
//! - X11 does not tell whether the system is light or dark; it counts as light there.

mod app;
mod banner;
mod carrier;
mod closing;
mod colours;
mod composer;
mod fonts;
mod form;
mod links;
mod members;
mod menu;
mod named;
mod raw;
mod room;
mod row;
mod rows;
mod save;
mod scene;
mod search;
mod settings;
mod theme;
mod title;
mod transcript;

pub use app::App;

use crate::words::Language;
use eframe::egui::ViewportBuilder;
use eframe::{NativeOptions, Renderer};
use std::io;
use std::path::PathBuf;

/// What the command line says about the window. What is not said there, the window asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// The server's name or address.
    pub host: Option<String>,
    /// The server's TCP port.
    pub port: Option<u16>,
    /// The nickname to ask for.
    pub nick: Option<String>,
    /// The language, when it is not to be the one in the settings.
    pub language: Option<Language>,
    /// The folder of the settings, when it is not to be where the system wants it.
    pub config: Option<PathBuf>,
}

/// Why the window cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// No thread, or no place to wait for sockets.
    #[error("the system does not let it start: {0}")]
    Start(#[from] io::Error),
    /// No screen to show it on.
    #[error("there is no window to be had: {0}; --console chats in the terminal")]
    Show(#[from] eframe::Error),
}

/// Shows the window until it is closed.
///
/// # Errors
/// When there is no window to show.
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
            app.leave_at_signals(&creation.egui_ctx);
            Ok(Box::new(app))
        }),
    )?;
    Ok(())
}
