//! Who may ask, and how much one may hold.

use std::io::{BufRead, BufReader};
use std::time::{Duration, Instant};

use super::bench::{CASE, RECORD, read};
use super::{Bench, bench, start_on};

/// Nobody gets an answer without the token of the printed link: not on this machine alone either,
/// where other users can reach the address.
#[test]
fn the_token_is_asked_of_everybody() {
    for host in [None, Some("127.0.0.1")] {
        let bench = Bench::on(CASE, RECORD, |case| start_on(host, case));
        let (token, port) = (bench.token.as_str(), bench.port);
        assert!(token.len() == 32 && token.bytes().all(|b| b.is_ascii_hexdigit()), "{token}");
        let wrong = token.replace(|c| c != '0', "0");
        for place in ["/", "/overview", "/overview.json", "/assets/workbench.js", "/events"] {
            let reply = bench.get_as(place, "");
            assert_eq!(reply.status, 401, "{place}");
            assert!(!reply.body.contains("Border talks"));
            let cookie = format!("Cookie: winset-{port}={wrong}\r\n");
            assert_eq!(bench.get_as(place, &cookie).status, 401);
        }
        assert_eq!(bench.get_as(&format!("/?token={wrong}"), "").status, 401);
        // The link of the terminal opens it and leaves a cookie that scripts do not see.
        let opened = bench.get_as(&format!("/overview?token={token}&seed=2"), "");
        assert_eq!((opened.status, opened.header("location")), (303, Some("/overview?seed=2")));
        let cookie = opened.header("set-cookie").unwrap().to_owned();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        // Cookies do not tell ports apart: its name does.
        assert!(cookie.starts_with(&format!("winset-{port}=")), "{cookie}");
        let cookie = format!("Cookie: {}\r\n", cookie.split(';').next().unwrap());
        assert_eq!(bench.get_as("/overview", &cookie).status, 200);
        let bearer = format!("Authorization: Bearer {token}\r\n");
        assert_eq!(bench.get_as("/overview", &bearer).status, 200);
        // With it, too, a write must come from a page of its own, and a name must be its own.
        let entry = [("id", "r2"), ("said", "2025-01-04"), ("kind", "event"), ("do", "preview")];
        assert_eq!(bench.post_as("/record", &cookie, &entry).status, 403);
        let origin = bench.origin();
        assert_eq!(bench.post_as("/record", &origin, &entry).status, 401);
        let both = format!("{cookie}{origin}");
        assert_eq!(bench.post_as("/draft", &both, &[("draft", "record")]).status, 200);
        let elsewhere = format!(
            "GET / HTTP/1.1\r\nHost: evil.example:{port}\r\nConnection: close\r\n{cookie}\r\n"
        );
        assert_eq!(bench.raw(&elsewhere).status, 421);
        assert_eq!(bench.text("record.csv"), RECORD);
    }
}

/// Who may not ask is told so off the head: nobody waits for the body.
#[test]
fn a_stranger_is_refused_before_the_body_is_read() {
    let bench = bench();
    let post = |host: &str, headers: &str| {
        let began = Instant::now();
        let reply = bench.raw(&format!(
            "POST /record HTTP/1.1\r\nHost: {host}\r\n{headers}Connection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nte"
        ));
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        reply.status
    };
    let (own, cookie, origin) = (bench.host(), bench.cookie(), bench.origin());
    assert_eq!(post("evil.example", ""), 421);
    assert_eq!(post(&own, &cookie), 403);
    assert_eq!(post(&own, &origin), 401);
}

/// Forms that come slowly and streams that stay open are counted for each peer; pages still come.
#[test]
fn a_peer_holds_so_many_slow_forms_and_streams() {
    let bench = bench();
    let (own, cookie, origin) = (bench.host(), bench.cookie(), bench.origin());
    let slow = format!(
        "POST /record HTTP/1.1\r\nHost: {own}\r\n{cookie}{origin}Connection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nte"
    );
    let forms: Vec<_> = (0..16).map(|_| bench.open(&slow)).collect();
    // They are on their way before the next one comes.
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(bench.raw(&slow).status, 429);
    assert_eq!(bench.get("/record").status, 200);
    drop(forms);
    let events = format!("GET /events HTTP/1.1\r\nHost: {own}\r\n{cookie}\r\n");
    let streams: Vec<_> = (0..64)
        .map(|_| {
            let stream = bench.open(&events);
            let mut first = String::new();
            BufReader::new(stream.try_clone().unwrap()).read_line(&mut first).unwrap();
            assert!(first.contains("200"), "{first}");
            stream
        })
        .collect();
    let one_more = events.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    assert_eq!(bench.raw(&one_more).status, 429);
    assert_eq!(bench.get("/record").status, 200);
    drop(streams);
    // Whoever leaves makes room.
    let again = (0..100).find_map(|_| {
        std::thread::sleep(Duration::from_millis(50));
        let mut line = String::new();
        BufReader::new(bench.open(&events)).read_line(&mut line).unwrap();
        line.contains("200").then_some(())
    });
    assert!(again.is_some());
}

/// A form that stops on its way is given up, and its place with it.
#[test]
fn a_slow_form_is_given_up() {
    let bench = bench();
    let (own, cookie, origin) = (bench.host(), bench.cookie(), bench.origin());
    let stream = bench.open(&format!(
        "POST /record HTTP/1.1\r\nHost: {own}\r\n{cookie}{origin}Connection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nte"
    ));
    let began = Instant::now();
    assert_eq!(read(stream).status, 408);
    assert!(began.elapsed() < Duration::from_secs(40), "{:?}", began.elapsed());
}

/// A folder that is gone is not made again by a form.
#[test]
fn a_folder_that_is_gone_stays_gone() {
    let bench = bench();
    std::fs::remove_dir_all(&bench.case).unwrap();
    let gone = (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        bench.get("/overview").body.contains("is not there any more")
    });
    assert!(gone);
    let saved = bench.post("/scenario", &[("name", "x"), ("state", "set=constants.chi%3D2")]);
    assert_eq!(saved.status, 422);
    assert!(!bench.case.exists());
}
