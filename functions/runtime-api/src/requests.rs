//! The requests of containers.

use api::FieldErrors;
use deserr::Deserr;
use domain::{
    identity::access::Role,
    ids::UserId,
    notifications::{
        published::{Addressed, PagePath, PublishKey, Published, PublishedData},
        shelf::{Category, NotificationType},
    },
    runtime::heartbeat::{Figures, ImpossibleFigure},
    text::{NotificationBody, NotificationTitle},
};

/// A container's report of its resource usage.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct Report {
    /// Memory in use, in MiB.
    ram_used_mb: u64,
    /// CPU in use, in percent of one vCPU.
    cpu_percent: f64,
    /// True if the container was active since the last report.
    active: bool,
}

impl Report {
    /// Returns the figures and the activity, if the figures are possible for a container.
    pub(crate) fn checked(self) -> Result<(Figures, bool), FieldErrors> {
        let field = |impossible| match impossible {
            ImpossibleFigure::Memory => "ram_used_mb",
            ImpossibleFigure::Cpu => "cpu_percent",
        };
        let figures = Figures::new(self.ram_used_mb, self.cpu_percent);
        figures
            .map(|figures| (figures, self.active))
            .map_err(|impossible| FieldErrors::default().with(field(impossible), impossible.to_string()))
    }
}

/// A notification to members of the container's workspace.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
pub(crate) struct PublishBody {
    /// Key by which a repetition is recognized.
    key: PublishKey,
    /// Recipients; every member by default.
    #[deserr(default)]
    to: Option<RecipientsBody>,
    /// Type, which members can turn off.
    #[deserr(rename = "type")]
    kind: NotificationType,
    /// Severity.
    #[deserr(default = Category::Info)]
    category: Category,
    /// Title.
    title: NotificationTitle,
    /// Body.
    body: NotificationBody,
    /// Page below that of the workspace that shows more; the overview by default.
    #[deserr(default)]
    link: Option<PagePath>,
    /// Facts for programs.
    #[deserr(default)]
    data: PublishedData,
}

/// Recipients of a notification.
#[derive(Debug, Deserr)]
#[deserr(error = FieldErrors, deny_unknown_fields)]
struct RecipientsBody {
    /// Members with one of these roles.
    #[deserr(default)]
    roles: Vec<Role>,
    /// These members, whatever their role.
    #[deserr(default)]
    members: Vec<UserId>,
}

impl PublishBody {
    /// Returns the notification and its key, if the recipients are possible.
    pub(crate) fn checked(self) -> Result<(Published, PublishKey), FieldErrors> {
        let Self { key, to, kind, category, title, body, link, data } = self;
        let to = to.map_or(Ok(Addressed::everybody()), |RecipientsBody { roles, members }| {
            Addressed::new(roles.into_iter().collect(), members.into_iter().collect())
        });
        let to = to.map_err(|error| FieldErrors::default().with("to", error.to_string()))?;
        Ok((Published { kind, category, title, body, link, data, to }, key))
    }
}
