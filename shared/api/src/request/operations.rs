//! One list of a module's handlers makes its router and its part of openapi.json, so that neither has what the other lacks.
//!
//! They are made apart from each other: making the document takes more than all else of a function's start, which has no use for
//! it.

use axum::{
    Router,
    handler::Handler,
    routing::{MethodFilter, MethodRouter},
};
use utoipa::{Path, openapi::HttpMethod};

/// `operations!(State: handler, …)`: of handlers with `#[utoipa::path]`, `router()` has them answer and `document()` tells of them.
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

/// `router` with `handler`, at the path and for the methods that its `#[utoipa::path]` says.
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
