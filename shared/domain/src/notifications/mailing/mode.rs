//! Preferences for mail, by type.

use crate::{identity::access::Role, named, notifications::shelf::NotificationType};

named! {
    /// When notifications of a type are mailed, if they are still unread.
    #[derive(PartialOrd, Ord, Hash)]
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
    pub enum EmailMode or UnknownEmailMode {
        /// Never.
        Off = "off",
        /// Soon: within minutes.
        Instant = "instant",
        /// Once a day, in one letter.
        Digest = "digest",
    }
}

impl NotificationType {
    /// Mode of members who have chosen none. What happens often is not mailed.
    #[must_use]
    pub const fn usual_email(self) -> EmailMode {
        match self {
            Self::System | Self::Billing | Self::Workflow | Self::Team => EmailMode::Digest,
            Self::Agent | Self::Kb => EmailMode::Off,
        }
    }
}

impl EmailMode {
    /// True if a member of this role cannot choose the mode for this type.
    #[must_use]
    pub const fn is_locked_for(self, kind: NotificationType, role: Role) -> bool {
        match self {
            Self::Off => kind.is_locked_for(role),
            Self::Instant | Self::Digest => false,
        }
    }
}
