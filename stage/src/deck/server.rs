//! Serving the deck on loopback, and telling the browser when it has changed.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::map_response;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tower_http::services::ServeDir;

/// Asks until the deck has another version than this page, then loads it again.
/// A preview in the speaker view is loaded again by that: a browser has six
/// connections to a server, and each question keeps one of them busy.
const RELOAD: &str = "\
(async () => {\n\
  const { seen } = document.currentScript.dataset;\n\
  while (window.parent === window) {\n\
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

/// What is served: the built deck, and the sources that it links to.
pub struct Folders {
    pub deck: PathBuf,
    pub solutions: PathBuf,
}

/// A server that is bound but not running yet.
pub struct Server {
    listener: std::net::TcpListener,
    folders: Folders,
    version: watch::Receiver<u64>,
}

impl Server {
    /// Bind to loopback: to `port`, or to one that is free.
    ///
    /// # Errors
    /// What the operating system says, such as that the port is taken.
    pub fn bind(
        folders: Folders,
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
            folders,
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
                folder: self.folders.deck.clone(),
                version: self.version,
            };
            // Sources are read, not saved: a browser shows what is plain text.
            let solutions = Router::new()
                .fallback_service(ServeDir::new(self.folders.solutions))
                .layer(map_response(as_text));
            let app = Router::new()
                .route("/", get(page))
                .route("/index.html", get(page))
                .route("/live-reload.js", get(reload))
                .route("/version/{seen}", get(version))
                .with_state(deck)
                .nest("/solutions", solutions)
                .fallback_service(ServeDir::new(self.folders.deck))
                .layer(map_response(asked_again));
            axum::serve(TcpListener::from_std(self.listener)?, app).await
        })
    }
}

/// Tried first, so that a bookmark works the next day.
const USUAL: u16 = 3141;

async fn page(State(deck): State<Deck>) -> Response {
    // Asked before the page is read: a deck built in between is loaded again.
    let seen = *deck.version.borrow();
    let script = format!("<script src=\"live-reload.js\" data-seen=\"{seen}\"></script>\n</body>");
    let uncached = [(header::CACHE_CONTROL, "no-store")];
    match std::fs::read_to_string(deck.folder.join("index.html")) {
        Ok(html) => {
            let html = html.replacen("<html ", "<html data-solutions ", 1);
            (uncached, Html(html.replace("</body>", &script))).into_response()
        }
        Err(error) => {
            let words =
                format!("the deck is not there ({error}); save a slide and it is built again");
            let html = format!(
                "<!doctype html>\n<html lang=\"en\"><head><title>No deck</title></head><body>\n\
                 <p>{words}</p>\n{script}</html>\n"
            );
            (StatusCode::SERVICE_UNAVAILABLE, uncached, Html(html)).into_response()
        }
    }
}

/// A browser would take a style from yesterday for good all morning, and show
/// the new slides in it.
async fn asked_again(mut response: Response) -> Response {
    let no_cache = HeaderValue::from_static("no-cache");
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(no_cache);
    response
}

async fn as_text(mut response: Response) -> Response {
    let text = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, text);
    response
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
