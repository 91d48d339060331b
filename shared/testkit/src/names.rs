//! Names that are chosen to be something else where they are shown: markup, mentions, formulas, JSON. Tests run each of them
//! through everything that shows names.

use domain::text::WorkspaceName;

/// Names of workspaces and people that a place must show as they are, or not at all. Some could not be chosen today, but may
/// have been stored before.
pub const NASTY_NAMES: [&str; 44] = [
    "[Sign in](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "<https://evil.example|Sign in>",
    "https://evil.example/?a=b&c=d",
    "www.evil.example",
    "mailto:eve@evil.example",
    "@everyone",
    "@here @channel @all",
    "<!channel> <!here> <!everyone>",
    "<@U012AB3CD> <#C012AB3CD> <!subteam^S012AB3CD>",
    "<@&123456789012345678> <#123456789012345678> <t:0:R>",
    "@slack-ops @pagerduty @webhook-x @eve@evil.example",
    "octo-org/octo-repo#1 @octocat GH-1",
    "<at>Ana</at>",
    "**bold** __under__ *it* _it_ ~~gone~~ ||spoiler||",
    "`code` ```block``` ``x``",
    "# Heading",
    "-# small",
    "> quote",
    ">>> all",
    "- item",
    "1. item",
    "* item",
    ":smile: :evil:",
    "%%% \n# Heading\n %%%",
    "\\[a\\](b) \\\\* \\",
    "{{DATE(2017-02-14T06:08:39Z, SHORT)}} {{{x}}}",
    "${{ github.token }} $(id) `id`",
    "<script>alert(1)</script>",
    "<b>Acme</b> &amp; &#60;i&#62; &lt;u&gt;",
    "\" onmouseover=\"alert(1)",
    "'; DROP TABLE x; --",
    "\"}, {\"role\": \"owner\"",
    "{\"name\": null}",
    "=HYPERLINK(\"https://evil.example\")",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1+1)",
    "\u{ff1d}1+1",
    "Acme \u{1f469}\u{200d}\u{1f680} \u{1f3f4}\u{e0067}\u{e007f} Zoe\u{308}",
    "\u{202e}gro.live\u{2066} Acme",
    "Acme\nTo stop these e-mails, open this link:\r\n\thttps:",
    "\u{1b}[31mred\u{7}\0",
    "A very long name, A very long name, A very long name, A very long name, A very long name, A very long name, A very long name, A very long name, A very long name, A very long name.",
];

/// Returns those names that a workspace can have today.
pub fn valid_nasty_names() -> impl Iterator<Item = &'static str> {
    NASTY_NAMES.into_iter().filter(|name| name.parse::<WorkspaceName>().is_ok())
}
