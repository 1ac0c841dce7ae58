//! Serving the deck on loopback, and telling the browser when it has changed.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::services::ServeDir;

/// Asks until the deck has another version, then loads the page again: where
/// it was, because the slide stands in the address.
const RELOAD: &str = "\
(async () => {\n\
  let seen = await (await fetch('/version/0')).text();\n\
  for (;;) {\n\
    try {\n\
      const now = await (await fetch('/version/' + seen)).text();\n\
      if (now !== seen) { location.reload(); return; }\n\
    } catch {\n\
      await new Promise((again) => setTimeout(again, 1000));\n\
    }\n\
  }\n\
})();\n";

/// How long a question about the version waits for a new one.
const PATIENCE: Duration = Duration::from_secs(25);

#[derive(Clone)]
struct Deck {
    folder: PathBuf,
    version: watch::Receiver<u64>,
}

/// A server that is bound but not running yet.
pub struct Server {
    listener: std::net::TcpListener,
    folder: PathBuf,
    version: watch::Receiver<u64>,
}

impl Server {
    /// Bind to loopback: to `port`, or to one that is free.
    ///
    /// # Errors
    /// What the operating system says, such as that the port is taken.
    pub fn bind(
        folder: PathBuf,
        port: Option<u16>,
        version: watch::Receiver<u64>,
    ) -> std::io::Result<Self> {
        let address = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = match port {
            Some(port) => std::net::TcpListener::bind(address(port))?,
            None => std::net::TcpListener::bind(address(USUAL))
                .or_else(|_| std::net::TcpListener::bind(address(0)))?,
        };
        listener.set_nonblocking(true)?;
        Ok(Self {
            listener,
            folder,
            version,
        })
    }

    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serve until the process ends.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn run(self) -> std::io::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let deck = Deck {
                folder: self.folder.clone(),
                version: self.version,
            };
            let app = Router::new()
                .route("/", get(page))
                .route("/index.html", get(page))
                .route("/live-reload.js", get(reload))
                .route("/version/{seen}", get(version))
                .with_state(deck)
                .fallback_service(ServeDir::new(self.folder));
            axum::serve(TcpListener::from_std(self.listener)?, app).await
        })
    }
}

/// Tried first, so that a bookmark works the next day.
const USUAL: u16 = 3141;

async fn page(State(deck): State<Deck>) -> Response {
    let script = "<script src=\"live-reload.js\"></script>\n</body>";
    let uncached = [(header::CACHE_CONTROL, "no-store")];
    match std::fs::read_to_string(deck.folder.join("index.html")) {
        Ok(html) => (uncached, Html(html.replace("</body>", script))).into_response(),
        Err(error) => {
            let words =
                format!("the deck is not there ({error}); save a slide and it is built again");
            let html = format!(
                "<!doctype html>\n<html lang=\"en\"><body>\n<p>{words}</p>\n{script}</html>\n"
            );
            (StatusCode::SERVICE_UNAVAILABLE, uncached, Html(html)).into_response()
        }
    }
}

async fn reload() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript")], RELOAD)
}

/// The deck's version; if it is the one already seen, wait for the next.
async fn version(State(mut deck): State<Deck>, Path(seen): Path<u64>) -> String {
    let changed = deck.version.wait_for(|version| *version != seen);
    let _ = tokio::time::timeout(PATIENCE, changed).await;
    deck.version.borrow().to_string()
}
