//! Joining and talking.

use super::support::Server;
use salotto_server::Config;

#[tokio::test]
async fn two_members_join_talk_and_leave() {
    let server = Server::start(Config::default());
    let mut anna = server.join("anna").await;
    let mut bruno = server.join("bruno").await;
    anna.hears(&["* joined bruno"]).await;
    anna.send_bytes("uno\r\ndue\n\nperch".as_bytes()).await;
    bruno.hears(&["anna: uno", "anna: due"]).await;
    anna.send_bytes("é\n".as_bytes()).await;
    bruno.hears(&["anna: perché"]).await;
    bruno.send("<quit>").await;
    bruno.gets_goodbye().await;
    anna.hears(&["* left bruno"]).await;
}

#[tokio::test]
async fn replies_and_own_messages_keep_their_order_in_one_burst() {
    let server = Server::start(Config::default());
    let mut anna = server.join("anna").await;
    let mut bruno = server.connect().await;
    bruno
        .send_bytes(b"\x07\nbruno\nuno\n<who>\ndue\n\xFF\n<quit>\ntre\n")
        .await;
    bruno.hears_prefix("! control-character").await;
    bruno.hears(&["* welcome bruno 1", "* here anna"]).await;
    bruno.hears_prefix("! unknown-command").await;
    bruno.hears_prefix("! not-utf8").await;
    bruno.gets_goodbye().await;
    anna.hears(&["* joined bruno", "bruno: uno", "bruno: due", "* left bruno"])
        .await;
}

#[tokio::test]
async fn all_members_receive_messages_in_the_same_order() {
    const LINES: usize = 500;
    let names = ["anna", "bruno", "carla", "dario"];
    let server = Server::start(Config::default());
    let mut members = Vec::new();
    for name in names {
        members.push(server.join(name).await);
    }
    for (i, member) in members.iter_mut().enumerate() {
        for later in &names[i + 1..] {
            member.hears(&[&format!("* joined {later}")]).await;
        }
    }
    let talk = members.into_iter().zip(names).map(|(mut member, name)| {
        tokio::spawn(async move {
            let mut received = Vec::new();
            for i in 0..LINES {
                member.send(&format!("{i}")).await;
            }
            while received.len() < LINES * (names.len() - 1) {
                received.push(member.line().await);
            }
            (name, received)
        })
    });
    let mut logs = Vec::new();
    for log in talk.collect::<Vec<_>>() {
        logs.push(log.await.unwrap());
    }
    for (a, received_by_a) in &logs {
        for (b, received_by_b) in &logs {
            let without = |log: &[String], name: &str| {
                let own = format!("{name}: ");
                log.iter()
                    .filter(|line| !line.starts_with(&own))
                    .cloned()
                    .collect::<Vec<_>>()
            };
            assert_eq!(
                without(received_by_a, b),
                without(received_by_b, a),
                "{a} and {b}"
            );
        }
    }
}
