//! Enums whose variants have names in requests, answers and the table. [`named!`](crate::named) derives everything that
//! follows from the list of variants, so that a variant and its name are written once.

/// Declares an enum with the name of each variant, or adds the names to an enum that another macro declares (`impl`).
///
/// The enum gets `ALL` in the order of its variants, `name`, `Display`, and serde's traits under these names. `or` adds
/// `FromStr` and its error, which lists the names.
#[macro_export]
macro_rules! named {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident $(or $unknown:ident)? {
            $($(#[$of_variant:meta])* $variant:ident = $text:tt,)+
        }
    ) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, ::serde::Serialize, ::serde::Deserialize)]
        $(#[$meta])*
        $vis enum $name {
            $($(#[$of_variant])* #[serde(rename = $text)] $variant,)+
        }

        $crate::named! { $vis impl $name $(or $unknown)? { $($variant = $text,)+ } }
    };
    ($vis:vis impl $name:ident $(or $unknown:ident)? { $($variant:ident = $text:expr,)+ }) => {
        impl $name {
            /// All variants, in the order of their declaration.
            $vis const ALL: [Self; [$($text),+].len()] = [$(Self::$variant),+];

            /// The name in requests, answers and the table.
            #[must_use]
            $vis const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.name())
            }
        }

        $(
            #[doc = concat!("The text is not the name of a [`", stringify!($name), "`].")]
            #[derive(Debug, Clone, PartialEq, Eq, ::thiserror::Error)]
            #[error("must be one of {}", $name::ALL.map($name::name).join(", "))]
            $vis struct $unknown;

            impl ::std::str::FromStr for $name {
                type Err = $unknown;

                fn from_str(text: &str) -> Result<Self, $unknown> {
                    Self::ALL.into_iter().find(|variant| variant.name() == text).ok_or($unknown)
                }
            }
        )?
    };
}

#[cfg(test)]
mod tests {
    crate::named! {
        /// A shape.
        #[derive(Default)]
        enum Shape or UnknownShape {
            /// Round.
            #[default]
            Circle = "circle",
            /// Has corners.
            Square = "shape.square",
        }
    }

    #[test]
    fn a_variant_has_one_name_everywhere() {
        for shape in Shape::ALL {
            assert_eq!((shape.name().parse(), shape.to_string()), (Ok(shape), shape.name().to_owned()));
            let written = serde_json::to_value(shape).unwrap();
            assert_eq!(written, shape.name());
            assert_eq!(serde_json::from_value::<Shape>(written).unwrap(), shape);
        }
        assert_eq!(Shape::ALL, [Shape::default(), Shape::Square]);
        for text in ["", "Circle", "square", "circle "] {
            assert_eq!(text.parse::<Shape>(), Err(UnknownShape));
        }
        assert_eq!(UnknownShape.to_string(), "must be one of circle, shape.square");
    }
}
