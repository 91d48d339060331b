//! Builds a module's router and its part of openapi.json from one list of handlers, so that they always agree.
//!
//! They are built separately, because building the document takes longer than the rest of a function's start, and
//! functions do not need it.

use axum::{
    Router,
    handler::Handler,
    routing::{MethodFilter, MethodRouter},
};
use utoipa::{Path, openapi::HttpMethod};

/// `operations!(State: handler, …)` defines `router()`, which serves the handlers, and `document()`, which describes
/// them. Each handler has a `#[utoipa::path]`.
#[macro_export]
macro_rules! operations {
    ($state:ty: $($handler:ident),+ $(,)?) => {
        pub(crate) fn router() -> ::axum::Router<$state> {
            let router = ::axum::Router::new();
            $crate::paste! {
                $(let router = $crate::operation::<[<__path_ $handler>], _, _, _>(router, $handler);)+
            }
            router
        }

        pub(crate) fn document() -> ::utoipa::openapi::OpenApi {
            #[derive(::utoipa::OpenApi)]
            #[openapi(paths($($handler),+))]
            struct Document;

            <Document as ::utoipa::OpenApi>::openapi()
        }
    };
}

/// Adds `handler` to `router`, with the path and the methods of its `#[utoipa::path]`.
pub fn operation<P: Path, H, T, S>(router: Router<S>, handler: H) -> Router<S>
where
    H: Handler<T, S>,
    T: 'static,
    S: Clone + Send + Sync + 'static,
{
    let methods = P::methods().into_iter();
    let on = methods.fold(MethodRouter::new(), |on, method| on.on(filter(&method), handler.clone()));
    router.route(&P::path(), on)
}

const fn filter(method: &HttpMethod) -> MethodFilter {
    match method {
        HttpMethod::Get => MethodFilter::GET,
        HttpMethod::Post => MethodFilter::POST,
        HttpMethod::Put => MethodFilter::PUT,
        HttpMethod::Delete => MethodFilter::DELETE,
        HttpMethod::Options => MethodFilter::OPTIONS,
        HttpMethod::Head => MethodFilter::HEAD,
        HttpMethod::Patch => MethodFilter::PATCH,
        HttpMethod::Trace => MethodFilter::TRACE,
    }
}
