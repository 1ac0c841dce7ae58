//! A branch's ledger, over a socket. Nothing here knows Python.

use std::collections::BTreeMap;
use std::io::{Error, ErrorKind, Result};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// Ledgers under way, each with its address. Dropped, it hangs up.
pub type Reading = JoinSet<Result<(String, String)>>;

/// Read a branch's ledger; an error says whose.
pub async fn read(address: &str) -> Result<String> {
    up_to_end(address).await.map_err(|error| {
        Error::new(error.kind(), format!("{address}: {error}"))
    })
}

/// Its lines, up to the one that says `end`.
async fn up_to_end(address: &str) -> Result<String> {
    let stream = TcpStream::connect(address).await?;
    let mut lines = BufReader::new(stream).lines();
    let mut ledger = String::new();
    while let Some(line) = lines.next_line().await? {
        if line == "end" {
            return Ok(ledger);
        }
        ledger += &line;
        ledger.push('\n');
    }
    let short = "the ledger ends before its `end`";
    Err(Error::new(ErrorKind::ConnectionAborted, short))
}

/// Start to read all, each in a task of its own.
pub fn start(addresses: Vec<String>) -> Reading {
    let mut reading = JoinSet::new();
    for address in addresses {
        reading.spawn(async move {
            let ledger = read(&address).await?;
            Ok((address, ledger))
        });
    }
    reading
}

/// The next that has come, whichever it is; None after the last.
pub async fn next(
    reading: &mut Reading,
) -> Option<Result<(String, String)>> {
    reading.join_next().await.map(|task| task?)
}

/// Read all; the first error ends it.
pub async fn read_all(
    addresses: Vec<String>,
) -> Result<BTreeMap<String, String>> {
    let mut reading = start(addresses);
    let mut ledgers = BTreeMap::new();
    while let Some(come) = next(&mut reading).await {
        let (address, ledger) = come?;
        ledgers.insert(address, ledger);
    }
    Ok(ledgers)
}
