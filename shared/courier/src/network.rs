//! Name resolution and dialling, by the system or by a substitute in tests.

use std::{
    fmt,
    future::Future,
    io,
    net::{IpAddr, SocketAddr},
    pin::Pin,
    sync::Arc,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
};

type Resolving = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;
type Dialling = Pin<Box<dyn Future<Output = io::Result<Stream>> + Send>>;

/// A resolver and a dialler.
#[derive(Clone)]
pub struct Network {
    resolve: Arc<dyn Fn(String) -> Resolving + Send + Sync>,
    dial: Arc<dyn Fn(SocketAddr) -> Dialling + Send + Sync>,
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Network")
    }
}

/// A bidirectional byte stream.
pub struct Stream(pub(super) Pin<Box<dyn Bytes>>);

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stream")
    }
}

/// Combines reading and writing in one trait, because a trait object can have only one.
pub(super) trait Bytes: AsyncRead + AsyncWrite + Send {}

impl<T: AsyncRead + AsyncWrite + Send> Bytes for T {}

impl Stream {
    /// Builds a connection over `bytes`.
    pub fn new(bytes: impl AsyncRead + AsyncWrite + Send + 'static) -> Self {
        Self(Box::pin(bytes))
    }
}

impl Network {
    /// Uses the system's resolver and sockets.
    #[must_use]
    pub fn system() -> Self {
        Self::from_parts(
            // The resolver requires a port; only the addresses are used.
            |name| async move { Ok(lookup_host((name, 0)).await?.map(|found| found.ip()).collect()) },
            |address| async move {
                let stream = TcpStream::connect(address).await?;
                stream.set_nodelay(true)?;
                Ok(Stream::new(stream))
            },
        )
    }

    /// Uses the given resolver and dialler.
    #[must_use]
    pub fn from_parts<R, D>(
        resolve: impl Fn(String) -> R + Send + Sync + 'static,
        dial: impl Fn(SocketAddr) -> D + Send + Sync + 'static,
    ) -> Self
    where
        R: Future<Output = io::Result<Vec<IpAddr>>> + Send + 'static,
        D: Future<Output = io::Result<Stream>> + Send + 'static,
    {
        Self {
            resolve: Arc::new(move |name| Box::pin(resolve(name))),
            dial: Arc::new(move |address| Box::pin(dial(address))),
        }
    }

    pub(super) async fn resolve(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        (self.resolve)(name.to_owned()).await
    }

    pub(super) async fn dial(&self, address: SocketAddr) -> io::Result<Stream> {
        (self.dial)(address).await
    }
}
