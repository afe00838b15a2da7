//! The report that a person reads and prints: one HTML file without script and without anything from elsewhere.
//!
//! Everything that is not a literal of this file goes through [`escaped`]. The file forbids itself scripts and the
//! network by a content security policy, should an escape ever be forgotten.

use std::fmt::Write as _;

use super::{
    catalogue::control,
    control::Severity,
    finding::{Finding, FindingException, Verdict},
};
use crate::{audience::Audience, coverage::Coverage, hostile_text::terminal_text};

/// What the report is made of.
#[derive(Debug, Clone)]
pub struct Report<'a> {
    /// When, RFC 3339.
    pub at: &'a str,
    /// The program's version.
    pub version: &'a str,
    /// The contexts, a line each: label, account, region, caller.
    pub contexts: Vec<String>,
    /// Failures and unknowns, the worst first.
    pub findings: &'a [Finding],
    /// Every control: id, title, fail, unknown, pass, not applicable.
    pub controls: Vec<(String, String, [u32; 4])>,
    /// What could not be read.
    pub coverage: &'a Coverage,
    /// Every exception: what it accepts, the exception, and whether it is in force.
    pub exceptions: Vec<(String, FindingException, bool)>,
    /// Who changed what.
    pub changes: ReportChanges,
    /// What is in the folder beside this file: name and what it is.
    pub files: Vec<(String, String)>,
}

/// The changes of the period.
#[derive(Debug, Clone, Default)]
pub struct ReportChanges {
    /// From when to when, and what of it is not known, a sentence each.
    pub known: Vec<String>,
    /// Changes by day (`2026-03-02`), every day of the period once: those that were done and those that were refused.
    pub days: Vec<(String, u32, u32)>,
    /// Who, and how many changes, the busiest first.
    pub actors: Vec<(String, u32)>,
    /// Changes made with this console.
    pub ours: u32,
}

/// Text as HTML shows it: no markup, and nothing that changes the direction of a line.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + 8);
    for letter in terminal_text(text).chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            letter => safe.push(letter),
        }
    }
    safe
}

const STYLE: &str = "
body{font:14px/1.45 system-ui,sans-serif;color:#16191f;background:#fff;margin:2rem auto;max-width:75rem;padding:0 1rem}
h1{font-size:1.6rem;margin:0}h2{font-size:1.2rem;margin:2rem 0 .5rem;break-after:avoid}h3{font-size:1rem;margin:1.2rem 0 .3rem;break-after:avoid}
table{border-collapse:collapse;width:100%;margin:.5rem 0}th,td{border-bottom:1px solid #d5dbdb;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{white-space:nowrap}td.n,th.n{text-align:right}code{font-size:.85em;overflow-wrap:anywhere}
.s{display:inline-block;border-radius:4px;padding:0 .4rem;color:#fff;white-space:nowrap}
.critical{background:#870303;fill:#870303}.high{background:#b3260c;fill:#b3260c}.medium{background:#f89256;fill:#f89256;color:#16191f}.low{background:#f2cd54;fill:#f2cd54;color:#16191f}.informational,.unknown{background:#687078;fill:#687078}
.quiet{color:#545b64}.warn{border:2px solid #b3260c;border-radius:6px;padding:.5rem 1rem;margin:1rem 0}
tr,.finding{break-inside:avoid}.finding{border:1px solid #d5dbdb;border-radius:6px;padding:.5rem 1rem;margin:.6rem 0}
svg{max-width:100%;height:auto}svg text{font:12px system-ui,sans-serif}
@media print{body{margin:0;max-width:none;font-size:11px}a{color:inherit}}
";

/// The most findings that are told one by one; the rest is in the files beside the report.
const TOLD: usize = 400;

/// The whole file.
#[must_use]
pub fn html(report: &Report<'_>) -> String {
    let mut page = String::new();
    page.push_str(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>Portcullis: posture of the gateway</title><style>",
    );
    page.push_str(STYLE);
    page.push_str("</style></head><body>\n");
    let _ = write!(
        page,
        "<h1>Posture of the gateway</h1><p class=\"quiet\">Made {} by Portcullis {}.</p><ul>",
        escaped(report.at),
        escaped(report.version)
    );
    for context in &report.contexts {
        let _ = write!(page, "<li>{}</li>", escaped(context));
    }
    page.push_str("</ul>\n");
    missing(&mut page, report.coverage);
    sums(&mut page, report.findings);
    chart(&mut page, report.findings);
    controls(&mut page, &report.controls);
    exceptions(&mut page, &report.exceptions);
    changes(&mut page, &report.changes);
    findings(&mut page, report.findings);
    page.push_str("<h2>Beside this report</h2><table><tr><th>File</th><th>What it is</th></tr>");
    for (name, what) in &report.files {
        let _ = write!(page, "<tr><td><code>{}</code></td><td>{}</td></tr>", escaped(name), escaped(what));
    }
    page.push_str("</table></body></html>\n");
    page
}

fn missing(page: &mut String, coverage: &Coverage) {
    if coverage.complete {
        page.push_str("<p>Every call brought its data. A verdict that is not known says why.</p>");
        return;
    }
    let _ = write!(
        page,
        "<div class=\"warn\"><strong>Incomplete: {} could not be read.</strong> What follows says nothing about it.<ul>",
        coverage.gaps.len()
    );
    for gap in &coverage.gaps {
        let _ = write!(
            page,
            "<li>{} <span class=\"quiet\">({}, {}:{} answered {})</span></li>",
            escaped(&gap.message),
            escaped(&gap.context),
            escaped(&gap.service),
            escaped(&gap.operation),
            escaped(&gap.code)
        );
    }
    page.push_str("</ul></div>\n");
}

fn count(findings: &[Finding], wanted: impl Fn(&Finding) -> bool) -> usize {
    findings.iter().filter(|finding| wanted(finding)).count()
}

fn sums(page: &mut String, findings: &[Finding]) {
    page.push_str("<h2>Findings by audience and severity</h2><table><tr><th>Audience</th>");
    for severity in Severity::ALL {
        let _ = write!(page, "<th class=\"n\">{}</th>", severity.name());
    }
    page.push_str("<th class=\"n\">not known</th><th class=\"n\">accepted</th></tr>");
    let mut row = |name: &str, of: &dyn Fn(&Finding) -> bool| {
        let _ = write!(page, "<tr><th>{name}</th>");
        for severity in Severity::ALL {
            let counted = count(findings, |finding| of(finding) && finding.counts() && finding.severity == *severity);
            let _ = write!(page, "<td class=\"n\">{counted}</td>");
        }
        let unknown = count(findings, |finding| of(finding) && finding.verdict == Verdict::Unknown);
        let accepted = count(findings, |finding| of(finding) && finding.verdict == Verdict::Fail && !finding.counts());
        let _ = write!(page, "<td class=\"n\">{unknown}</td><td class=\"n\">{accepted}</td></tr>");
    };
    for audience in Audience::ALL {
        if findings.iter().any(|finding| finding.audience.audience == *audience) {
            row(audience.name(), &|finding| finding.audience.audience == *audience);
        }
    }
    row("all", &|_| true);
    page.push_str("</table>\n");
}

/// Bars by audience, each severity a part of the bar; numbers are in the table above.
fn chart(page: &mut String, findings: &[Finding]) {
    let rows: Vec<(&str, Vec<(Severity, usize)>)> = Audience::ALL
        .iter()
        .map(|audience| {
            let of = |severity: &Severity| {
                let wanted = |finding: &Finding| {
                    finding.counts() && finding.audience.audience == *audience && finding.severity == *severity
                };
                (*severity, count(findings, wanted))
            };
            (audience.name(), Severity::ALL.iter().map(of).collect::<Vec<_>>())
        })
        .filter(|(_, parts)| parts.iter().any(|(_, count)| *count > 0))
        .collect();
    let most = rows.iter().map(|(_, parts)| parts.iter().map(|(_, count)| count).sum::<usize>()).max().unwrap_or(0);
    if most == 0 {
        page.push_str("<p>Nothing fails.</p>");
        return;
    }
    let _ = write!(
        page,
        "<svg role=\"img\" aria-label=\"Failures by audience, a bar each\" viewBox=\"0 0 900 {}\">",
        rows.len() * 26
    );
    for (at, (name, parts)) in rows.iter().enumerate() {
        let y = at * 26;
        let _ = write!(page, "<text x=\"0\" y=\"{}\">{name}</text>", y + 16);
        let mut x = 110;
        for (severity, count) in parts.iter().filter(|(_, count)| *count > 0) {
            let width = (count * 720 / most).max(2);
            let severity = severity.name();
            let _ = write!(
                page,
                "<rect class=\"{severity}\" x=\"{x}\" y=\"{}\" width=\"{width}\" height=\"18\"><title>{count} {severity}</title></rect>",
                y + 3
            );
            x += width;
        }
        let total: usize = parts.iter().map(|(_, count)| count).sum();
        let _ = write!(page, "<text x=\"{}\" y=\"{}\">{total}</text>", x + 6, y + 16);
    }
    page.push_str("</svg>\n");
}

fn controls(page: &mut String, controls: &[(String, String, [u32; 4])]) {
    page.push_str(
        "<h2>Controls</h2><table><tr><th>Control</th><th>What must hold</th><th class=\"n\">fail</th>\
         <th class=\"n\">not known</th><th class=\"n\">pass</th><th class=\"n\">not applicable</th><th>Others call it</th></tr>",
    );
    for (id, title, counts) in controls {
        let _ = write!(page, "<tr><td>{}</td><td>{}</td>", escaped(id), escaped(title));
        for count in counts {
            let _ = write!(page, "<td class=\"n\">{count}</td>");
        }
        let mapped = control(id).map(|control| {
            let pci = control.mappings.pci.iter().map(|id| format!("PCI DSS {id}"));
            control.mappings.security_hub.iter().map(|id| (*id).to_owned()).chain(pci).collect::<Vec<_>>().join(", ")
        });
        let _ = write!(page, "<td class=\"quiet\">{}</td></tr>", escaped(&mapped.unwrap_or_default()));
    }
    page.push_str("</table>\n");
}

fn exceptions(page: &mut String, exceptions: &[(String, FindingException, bool)]) {
    let _ = write!(page, "<h2>Exceptions ({})</h2>", exceptions.len());
    if exceptions.is_empty() {
        page.push_str("<p>Nobody accepts any finding.</p>");
        return;
    }
    page.push_str("<table><tr><th>Finding</th><th>Reason</th><th>Owner</th><th>Until</th><th>Entered</th></tr>");
    for (finding, exception, in_force) in exceptions {
        let over = if *in_force { "" } else { " (over)" };
        let _ = write!(
            page,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}{over}</td><td class=\"quiet\">{} {}</td></tr>",
            escaped(finding),
            escaped(&exception.reason),
            escaped(&exception.owner),
            escaped(&exception.expires),
            escaped(&exception.by),
            escaped(&exception.at)
        );
    }
    page.push_str("</table>\n");
}

/// The most actors that are named.
const ACTORS: usize = 20;

fn changes(page: &mut String, changes: &ReportChanges) {
    page.push_str("<h2>Configuration changes</h2>");
    for sentence in &changes.known {
        let _ = write!(page, "<p>{}</p>", escaped(sentence));
    }
    by_day(page, &changes.days);
    if changes.actors.is_empty() {
        return;
    }
    let _ = write!(
        page,
        "<p>{} of them were made with this console.</p><table><tr><th>Who</th><th class=\"n\">changes</th></tr>",
        changes.ours
    );
    for (who, count) in changes.actors.iter().take(ACTORS) {
        let _ = write!(page, "<tr><td>{}</td><td class=\"n\">{count}</td></tr>", escaped(who));
    }
    page.push_str("</table>\n");
    if changes.actors.len() > ACTORS {
        let _ = write!(page, "<p>{} more are in changes.csv.</p>", changes.actors.len() - ACTORS);
    }
}

/// A bar for each day: what was done, and above it what was refused.
fn by_day(page: &mut String, days: &[(String, u32, u32)]) {
    let most = days.iter().map(|(_, done, refused)| done + refused).max().unwrap_or(0);
    if most == 0 {
        return;
    }
    let (height, wide) = (120_u32, 900_u32);
    let count = u32::try_from(days.len()).unwrap_or(1).max(1);
    let width = (wide / count).max(2);
    let _ = write!(
        page,
        "<svg role=\"img\" aria-label=\"Changes by day, at most {most}\" viewBox=\"0 0 {wide} {}\">",
        height + 36
    );
    for (at, (day, done, refused)) in (0_u32..).zip(days) {
        let of = |number: u32| number * height / most;
        let (x, bar) = (at * width, width.saturating_sub(1).max(1));
        let title = format!("{}: {done} done, {refused} refused", escaped(day));
        let (top, bottom) = (height - of(*done) - of(*refused) + 16, height - of(*done) + 16);
        let _ = write!(
            page,
            "<rect class=\"medium\" x=\"{x}\" y=\"{top}\" width=\"{bar}\" height=\"{}\"><title>{title}</title></rect>\
             <rect class=\"informational\" x=\"{x}\" y=\"{bottom}\" width=\"{bar}\" height=\"{}\"><title>{title}</title></rect>",
            of(*refused),
            of(*done)
        );
    }
    let (first, last) = (days.first(), days.last());
    let name = |day: Option<&(String, u32, u32)>| escaped(day.map(|day| day.0.as_str()).unwrap_or_default());
    let _ = write!(
        page,
        "<text x=\"0\" y=\"12\">{most} a day at most; grey was done, orange was refused</text>\
         <text x=\"0\" y=\"{0}\">{1}</text><text x=\"{2}\" y=\"{0}\" text-anchor=\"end\">{3}</text></svg>",
        height + 32,
        name(first),
        count * width,
        name(last)
    );
}

fn findings(page: &mut String, findings: &[Finding]) {
    let _ = write!(page, "<h2>Findings ({})</h2>", findings.len());
    for finding in findings.iter().take(TOLD) {
        one(page, finding);
    }
    if findings.len() > TOLD {
        let _ = write!(page, "<p>{} more are in findings.csv and findings.json.</p>", findings.len() - TOLD);
    }
}

fn one(page: &mut String, finding: &Finding) {
    let (class, words) = match finding.verdict {
        Verdict::Unknown => ("unknown", "not known"),
        _ => (finding.severity.name(), finding.severity.name()),
    };
    let place: Vec<&str> = [&finding.api_name, &finding.stage].into_iter().flatten().map(String::as_str).collect();
    let _ = write!(
        page,
        "<div class=\"finding\"><h3><span class=\"s {class}\">{words}</span> {} {} <span class=\"quiet\">{} {}</span></h3>\
         <div>{}: {}</div><div><strong>Expected</strong> {}</div><div><strong>Actual</strong> {}</div>\
         <div class=\"quiet\">Audience {} ({}: {}). Account {}, {}.",
        escaped(&finding.control),
        escaped(&finding.resource.label),
        escaped(&place.join(" ")),
        escaped(&finding.context),
        escaped(&finding.control),
        escaped(&finding.title),
        escaped(&finding.expected),
        escaped(&finding.actual),
        finding.audience.audience.name(),
        finding.audience.source.name(),
        escaped(&finding.audience.reason),
        escaped(&finding.account),
        escaped(&finding.region),
    );
    if let Some(route) = finding.route.as_ref().filter(|route| route.count > 1) {
        let _ = write!(page, " Concerns {} routes, such as {}.", route.count, escaped(&route.others.join(", ")));
    }
    if let Some(first) = &finding.first_seen {
        let _ = write!(page, " First seen {}.", escaped(first));
    }
    page.push_str("</div>");
    for evidence in &finding.evidence {
        let _ = write!(
            page,
            "<div><code>{} {} {}</code> = <code>{}</code> <span class=\"quiet\">read {}</span></div>",
            escaped(&evidence.call),
            escaped(&evidence.of),
            escaped(&evidence.pointer),
            escaped(&evidence.value),
            escaped(&evidence.at)
        );
    }
    if let Some(exception) = &finding.exception {
        let state = if finding.exception_expired { "Exception, over since" } else { "Accepted until" };
        let _ = write!(
            page,
            "<div><strong>{state} {}</strong> by {}: {}</div>",
            escaped(&exception.expires),
            escaped(&exception.owner),
            escaped(&exception.reason)
        );
    }
    if let Some(control) = control(&finding.control).filter(|_| finding.verdict == Verdict::Fail) {
        let _ = write!(page, "<div class=\"quiet\">{}</div>", escaped(control.remedy));
    }
    page.push_str("</div>\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::testing::{AT, Kit};
    use proptest::prelude::*;

    fn page(findings: &[Finding]) -> String {
        let coverage = Coverage::of(Vec::new());
        html(&Report {
            at: AT,
            version: "0.1.0",
            contexts: vec!["demo".to_owned()],
            findings,
            controls: vec![("G1".to_owned(), "The guard fits the audience".to_owned(), [1, 0, 2, 3])],
            coverage: &coverage,
            exceptions: vec![("G1 /refunds".to_owned(), accepted("<script>"), false)],
            changes: ReportChanges {
                known: vec!["<img src=x> is known".to_owned()],
                days: vec![("2026-03-01".to_owned(), 3, 1), ("2026-03-02".to_owned(), 0, 0)],
                actors: vec![("<b onclick=alert(1)> as role ops".to_owned(), 4)],
                ours: 1,
            },
            files: vec![("findings.json".to_owned(), "everything".to_owned())],
        })
    }

    fn accepted(reason: &str) -> FindingException {
        FindingException {
            reason: reason.to_owned(),
            owner: "payments".to_owned(),
            expires: "2026-01-31".to_owned(),
            by: "ines".to_owned(),
            at: AT.to_owned(),
        }
    }

    fn open() -> Vec<Finding> {
        Kit::rest().audience("admin").route("POST /refunds", "NONE").ask("G1")
    }

    #[test]
    fn it_says_what_was_found_and_stands_alone() {
        let page = page(&open());
        assert!(page.contains("POST /refunds") && page.contains("authorizationType NONE"), "{page}");
        for forbidden in ["<script", "<img", "<b ", "http://", "https://", "@import", "url("] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
        assert!(
            page.contains("2026-01-31 (over)") && page.contains("&lt;script&gt;"),
            "exceptions are told, and over is over"
        );
        assert!(
            page.contains("2026-03-01: 3 done, 1 refused") && page.contains("&lt;b onclick=alert(1)&gt; as role ops")
        );
    }

    proptest! {
        #[test]
        fn no_name_becomes_markup(name in ".*") {
            let mut findings = open();
            findings[0].resource.label = format!("<b {name}");
            findings[0].api_name = Some(name.clone());
            findings[0].evidence[0].value = format!("\"><img src=x>{name}");
            let page = page(&findings);
            prop_assert_eq!(page.matches("<img").count(), 0);
            prop_assert_eq!(page.matches("<b ").count(), 0);
            prop_assert_eq!(page.matches("<div class=\"finding\">").count(), 1);
        }
    }
}
