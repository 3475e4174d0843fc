//! What is kept between runs.

use crate::desk::Desk;
use crate::server::Server;
use eframe::egui::Key;
use salotto_client::window::Options;
use salotto_client::words::Language;

#[test]
fn the_settings_and_the_server_survive() {
    let server = Server::start();
    let mut desk = Desk::at(server.port, "anna");
    desk.click("Members");
    desk.click("Protocol");
    desk.click("Menu");
    desk.click("Dark");
    desk.click("Italiano");
    desk.shows("Protocollo");
    let mut desk = Desk::in_folder(desk.close(), Options::default());
    desk.shows("Server recenti");
    let port = server.port.to_string();
    assert!(desk.has("127.0.0.1") && desk.has(&port) && desk.has("anna"));
    assert!(desk.window.ctx.global_style().visuals.dark_mode);
    desk.click(&format!("127.0.0.1, porta {port}, come anna"));
    desk.shows("sei dentro come anna, nessun altro");
    desk.shows("inviato: anna (CLIENT-1)");
    assert!(!desk.has("Nella stanza"));
}

#[test]
fn the_zoom_survives() {
    let mut desk = Desk::new();
    desk.window
        .key_press_modifiers(eframe::egui::Modifiers::COMMAND, Key::Plus);
    desk.window.run();
    let zoom = desk.window.ctx.zoom_factor();
    assert!(zoom > 1.0);
    let desk = Desk::in_folder(desk.close(), Options::default());
    assert_eq!(desk.window.ctx.zoom_factor(), zoom);
}

#[test]
fn the_command_line_counts_more_than_what_was_kept() {
    let mut desk = Desk::new();
    desk.click("Settings");
    desk.click("Italiano");
    desk.shows("Impostazioni");
    let english = Options {
        language: Some(Language::English),
        host: Some("example.org".into()),
        port: Some(7),
        ..Options::default()
    };
    let mut desk = Desk::in_folder(desk.close(), english);
    desk.shows("Settings");
    assert!(desk.has("example.org") && desk.has("7"));
    desk.has_the_keyboard("Nickname");
}

#[test]
fn settings_that_make_no_sense_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("settings.toml"), "theme = 7").expect("written");
    let mut desk = Desk::in_folder(folder, Options::default());
    desk.shows("make no sense, and have been put aside");
}
