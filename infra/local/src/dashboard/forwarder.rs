//! Forwards a loopback port to the emulated distribution, because browsers do not resolve the distribution's name. It is
//! a separate program in the emulator's group, which ends with it.

use crate::{
    Error, Result, clock,
    programs::{
        Binaries, LOCAL,
        process::{Group, Identity},
    },
};
use std::{
    fs::File,
    io::{self, Read, Write},
    net::{Ipv4Addr, Ipv6Addr, Shutdown, TcpListener, TcpStream},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

/// Argument that makes the program forward.
pub(crate) const WORD: &str = "dashboard";
/// Maximum size of a request's head, in bytes.
const HEAD: usize = 64 << 10;
/// Maximum silence of one end before the connection is closed.
const SILENCE: Duration = Duration::from_secs(60);

/// Settings of the forwarder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forwarder {
    /// Port to listen on.
    pub port: u16,
    /// Port of the emulator.
    pub emulator: u16,
    /// Host name of the distribution.
    pub host: String,
}

/// Returns true if the port is free on both addresses of localhost, which browsers try.
pub(crate) fn is_free(port: u16) -> bool {
    let refused = |address: io::Result<TcpStream>| address.is_err();
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() && refused(TcpStream::connect((Ipv6Addr::LOCALHOST, port)))
}

/// Starts the forwarder in the emulator's group and waits until it listens. Its errors are written to `state`.
pub(crate) fn start(binaries: &Binaries, emulator: &Group, state: &Path, forwarder: &Forwarder) -> Result<Identity> {
    let binary = binaries.get(LOCAL).ok_or_else(|| Error::lacks("cargo build", LOCAL))?;
    let log = state.join("dashboard.log");
    let output = File::create(&log).map_err(Error::file(&log))?;
    let Forwarder { port, emulator: to, host } = forwarder;
    let mut program = Command::new(binary);
    program.args([WORD, &port.to_string(), &to.to_string(), host]);
    program.current_dir(state.join("scratch")).env_clear();
    program.stdin(Stdio::null()).stdout(Stdio::null()).stderr(output);
    let process = emulator.join(&mut program)?;
    let ready = clock::wait_for(Duration::from_secs(10), || {
        if !process.is_alive() {
            return Err(Error::ended("dashboard's forwarder", "ended during its start", &log));
        }
        Ok(TcpStream::connect((Ipv4Addr::LOCALHOST, *port)).is_ok().then_some(()))
    })?;
    ready.ok_or_else(|| Error::ended("dashboard's forwarder", "did not answer within 10 seconds", &log))?;
    Ok(process)
}

impl Forwarder {
    /// Forwards until the process ends.
    ///
    /// # Errors
    /// [`Error::Start`] if the port is taken.
    pub fn serve(&self) -> Result<()> {
        let taken =
            |source| Error::Start { program: format!("the dashboard's forwarder on port {}", self.port), source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).map_err(taken)?;
        thread::scope(|scope| {
            // A machine without IPv6 does not have this address.
            if let Ok(listener) = TcpListener::bind((Ipv6Addr::LOCALHOST, self.port)) {
                scope.spawn(move || self.accept(&listener));
            }
            self.accept(&listener);
        });
        Ok(())
    }

    fn accept(&self, listener: &TcpListener) {
        for browser in listener.incoming().flatten() {
            let forwarder = self.clone();
            // A browser that disconnects before its answer is not an error.
            thread::spawn(move || drop(forwarder.forward(browser)));
        }
    }

    /// Forwards one request and its answer. Both ends then close the connection.
    fn forward(&self, mut browser: TcpStream) -> io::Result<()> {
        browser.set_read_timeout(Some(SILENCE))?;
        let Some((head, rest)) = head(&mut browser)? else { return Ok(()) };
        let mut distribution = TcpStream::connect((Ipv4Addr::LOCALHOST, self.emulator))?;
        distribution.set_read_timeout(Some(SILENCE))?;
        distribution.write_all(self.rewritten(&head).as_bytes())?;
        distribution.write_all(&rest)?;
        let (mut from, mut to) = (browser.try_clone()?, distribution.try_clone()?);
        let body = thread::spawn(move || io::copy(&mut from, &mut to));
        let answered = io::copy(&mut distribution, &mut browser);
        // Ends the other direction, which waits for a body.
        drop(browser.shutdown(Shutdown::Both));
        drop(body.join());
        answered.map(drop)
    }

    /// Rewrites the head to the form in which CloudFront receives it: to the distribution's host, over TLS.
    fn rewritten(&self, head: &str) -> String {
        let mut lines = head.split("\r\n");
        let mut rewritten = format!("{}\r\n", lines.next().unwrap_or_default());
        for line in lines.filter(|line| !line.is_empty()) {
            let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
            if !["host", "connection", "x-forwarded-proto"].contains(&name.as_str()) {
                rewritten.push_str(&format!("{line}\r\n"));
            }
        }
        rewritten + &format!("Host: {}\r\nX-Forwarded-Proto: https\r\nConnection: close\r\n\r\n", self.host)
    }
}

/// Reads the head of a request, and the part of its body that came with it. Returns `None` if the browser sent nothing.
fn head(browser: &mut TcpStream) -> io::Result<Option<(String, Vec<u8>)>> {
    const END: &[u8] = b"\r\n\r\n";
    let mut read = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        if let Some(end) = read.windows(END.len()).position(|window| window == END) {
            let rest = read.split_off(end + END.len());
            return Ok(Some((String::from_utf8_lossy(&read).into_owned(), rest)));
        }
        let count = browser.read(&mut buffer)?;
        if count == 0 || read.len() > HEAD {
            return Ok(None);
        }
        read.extend_from_slice(buffer.get(..count).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_go_to_the_distribution_over_tls() {
        let forwarder = Forwarder { port: 3000, emulator: 4566, host: "d1.cloudfront.net".to_owned() };
        let head = "GET /w/1 HTTP/1.1\r\nHOST: localhost:3000\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n";
        let expected = "GET /w/1 HTTP/1.1\r\nAccept: */*\r\nHost: d1.cloudfront.net\r\nX-Forwarded-Proto: https\r\n\
                        Connection: close\r\n\r\n";
        assert_eq!(forwarder.rewritten(head), expected);
    }

    #[test]
    fn answers_come_back_whole() {
        let distribution = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let emulator = distribution.local_addr().unwrap().port();
        let answered = thread::spawn(move || {
            let (mut stream, _) = distribution.accept().unwrap();
            let (head, _) = head(&mut stream).unwrap().unwrap();
            stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello").unwrap();
            head
        });
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let mut browser = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        browser.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let forwarder = Forwarder { port: 0, emulator, host: "d1.cloudfront.net".to_owned() };
        forwarder.forward(listener.accept().unwrap().0).unwrap();
        let mut answer = String::new();
        browser.read_to_string(&mut answer).unwrap();
        assert!(answer.ends_with("\r\n\r\nhello"), "{answer}");
        assert!(answered.join().unwrap().contains("Host: d1.cloudfront.net\r\n"));
    }
}
