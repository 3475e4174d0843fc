//! Settings, which are kept between runs.

use crate::support::server::ReferenceServer;
use crate::support::test_window::TestWindow;
use eframe::egui::Key;
use salotto_client::i18n::Language;
use salotto_client::window::Options;

#[test]
fn settings_and_recent_servers_are_kept() {
    let server = ReferenceServer::start();
    let mut window = TestWindow::joined(server.port, "anna");
    window.click("Members");
    window.click("Protocol");
    window.click("Menu");
    window.click("Dark");
    window.click("Italiano");
    window.wait_for("Protocollo");
    let mut window = TestWindow::in_folder(window.into_folder(), Options::default());
    window.wait_for("Server recenti");
    let port = server.port.to_string();
    assert!(window.has("127.0.0.1") && window.has(&port) && window.has("anna"));
    assert!(window.harness.ctx.global_style().visuals.dark_mode);
    window.click(&format!("127.0.0.1, porta {port}, come anna"));
    window.wait_for("sei dentro come anna, nessun altro");
    window.wait_for("inviato: anna (CLIENT-1)");
    assert!(!window.has("Nella stanza"));
}

#[test]
fn the_zoom_is_kept() {
    let mut window = TestWindow::new();
    window
        .harness
        .key_press_modifiers(eframe::egui::Modifiers::COMMAND, Key::Plus);
    window.harness.run();
    let zoom = window.harness.ctx.zoom_factor();
    assert!(zoom > 1.0);
    let window = TestWindow::in_folder(window.into_folder(), Options::default());
    assert_eq!(window.harness.ctx.zoom_factor(), zoom);
}

#[test]
fn the_command_line_overrides_the_settings() {
    let mut window = TestWindow::new();
    window.click("Settings");
    window.click("Italiano");
    window.wait_for("Impostazioni");
    let english = Options {
        language: Some(Language::English),
        host: Some("example.org".into()),
        port: Some(7),
        ..Options::default()
    };
    let mut window = TestWindow::in_folder(window.into_folder(), english);
    window.wait_for("Settings");
    assert!(window.has("example.org") && window.has("7"));
    window.assert_focused("Nickname");
}

#[test]
fn invalid_settings_are_reported() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("settings.toml"), "theme = 7").expect("written");
    let mut window = TestWindow::in_folder(folder, Options::default());
    window.wait_for("the settings were not valid and have been moved to");
}
