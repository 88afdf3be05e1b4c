//! What is sent as it is: the script and what it brings, one sheet of styles.

use crate::http::Reply;

const SCRIPT: &str = include_str!("assets/workbench.js");
const TABLES: &str = include_str!("assets/tables.js");
const SHARE: &str = include_str!("assets/share.js");
const STREAM: &str = include_str!("assets/stream.js");
const STYLE: &str = include_str!("assets/workbench.css");
const ICON: &str = include_str!("assets/icon.svg");

/// An asset by the name below `/assets/`.
pub(crate) fn asset(name: &str) -> Option<Reply> {
    match name {
        "workbench.js" => Some(Reply::ok("text/javascript; charset=utf-8", SCRIPT)),
        "tables.js" => Some(Reply::ok("text/javascript; charset=utf-8", TABLES)),
        "share.js" => Some(Reply::ok("text/javascript; charset=utf-8", SHARE)),
        "stream.js" => Some(Reply::ok("text/javascript; charset=utf-8", STREAM)),
        "chart.css" => Some(Reply::ok("text/css; charset=utf-8", winset_page::chart::CSS)),
        "workbench.css" => Some(Reply::ok("text/css; charset=utf-8", STYLE)),
        "icon.svg" => Some(Reply::ok("image/svg+xml", ICON)),
        _ => None,
    }
}
