//! In the room.

use crate::desk::Desk;
use crate::server::Server;

#[test]
fn what_is_said_is_heard_on_both_sides() {
    let server = Server::start();
    let mut bruno = server.guest("bruno");
    let mut desk = Desk::at(server.port, "anna");
    assert_eq!(bruno.hears(), "* joined anna");
    desk.says("ciao bruno");
    assert_eq!(bruno.hears(), "anna: ciao bruno");
    assert!(
        desk.rows().contains(&"anna: ciao bruno".into()),
        "{:?}",
        desk.rows()
    );
    assert_eq!(desk.draft(), "");
    bruno.says("ciao anna");
    desk.shows("bruno: ciao anna");
}
