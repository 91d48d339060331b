//! The page of letters: each with sample data, in each language, in light and dark, as wide as on a desktop and on a phone;
//! and the letters that were sent, which the page fetches from the emulator.

use crate::page::whole;
use html_escape::encode_safe;
use mail::{Brand, Sample, sample_brand, samples};

/// Path of the page. The samples are below it.
const PATH: &str = "/letters";

const SCHEMES: [&str; 2] = ["light", "dark"];

const STYLE: &str = "body{font:14px/1.5 system-ui,sans-serif;margin:2em;color:#14181f;background:#fff}\
    h1{font-size:22px}h2{font-size:17px;margin:2em 0 .2em}nav a{margin-right:1em}p{margin:.2em 0 .8em;color:#565e6b}\
    .row{display:flex;gap:16px;overflow-x:auto;padding-bottom:12px}figure{margin:0}figcaption{color:#565e6b}\
    iframe{border:1px solid #ccc;height:640px;background:Canvas}pre{margin:0;padding:8px;border:1px solid #ccc;width:420px;\
    height:622px;overflow:auto;white-space:pre-wrap;overflow-wrap:anywhere}details iframe{width:700px}";

/// Lists the sent letters, newest first.
const SCRIPT: &str = "const list=document.getElementById('sent');\
    fetch(list.dataset.url).then(answer=>answer.json()).then(({messages})=>{\
    const all=Object.values(messages).flat().sort((a,b)=>b.Timestamp-a.Timestamp);\
    list.textContent=all.length?'':'None yet.';\
    for(const {To,Subject,BodyHtml,BodyText} of all){\
    const one=document.createElement('details'),title=document.createElement('summary'),row=document.createElement('div');\
    row.className='row';title.textContent=`${Subject}, to ${To.join(', ')}`;one.append(title,row);\
    one.addEventListener('toggle',()=>{if(row.children.length)return;\
    const html=document.createElement('iframe'),text=document.createElement('pre');\
    html.sandbox='allow-popups';html.srcdoc=BodyHtml||'';text.textContent=BodyText||'';row.append(html,text)});\
    list.append(one)}},()=>{list.textContent='The emulator does not answer.'});";

/// Returns the answer to a request of `target`; `None` if it is no page of letters. `sent` is the URL of the sent letters.
pub(crate) fn page(target: &str, sent: &str) -> Option<String> {
    let rest = target.strip_prefix(PATH)?;
    // The logo is an address that nobody serves here.
    let samples = samples(&Brand { logo: None, ..sample_brand() });
    if rest.is_empty() {
        return Some(whole("text/html; charset=utf-8", &overview(&samples, sent)));
    }
    let views = samples.iter().flat_map(|sample| SCHEMES.map(|scheme| (sample, scheme)));
    let (sample, scheme) = views.into_iter().find(|(sample, scheme)| target == place(sample, scheme))?;
    // The frame shows a scheme whichever the browser prefers.
    let query = if scheme == "dark" { "@media all" } else { "@media not all" };
    let html = sample.letter.html.replace("@media (prefers-color-scheme: dark)", query);
    Some(whole("text/html; charset=utf-8", &html))
}

fn place(sample: &Sample, scheme: &str) -> String {
    format!("{PATH}/{}/{}/{scheme}", sample.language.name(), sample.name)
}

fn overview(samples: &[Sample], sent: &str) -> String {
    let (links, rows): (Vec<_>, Vec<_>) = samples.iter().map(|sample| (link(sample), row(sample))).unzip();
    format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Letters</title><style>{STYLE}</style></head>\
         <body><h1>Letters</h1><h2>Sent</h2><div id=\"sent\" data-url=\"{}\"></div>\
         <h2>With sample data</h2><nav>{}</nav>{}<script>{SCRIPT}</script></body></html>",
        encode_safe(sent),
        links.concat(),
        rows.concat(),
    )
}

fn link(sample: &Sample) -> String {
    let Sample { language, name, .. } = sample;
    format!("<a href=\"#{language}-{name}\">{name} ({language})</a> ")
}

/// Returns a sample in all views.
fn row(sample: &Sample) -> String {
    let Sample { language, name, letter } = sample;
    let views = [(700, "light"), (700, "dark"), (360, "light"), (360, "dark")].map(|(width, scheme)| {
        format!(
            "<figure><figcaption>{width} px, {scheme}</figcaption><iframe loading=\"lazy\" title=\"{name}, {language}, \
             {width} px, {scheme}\" style=\"width:{width}px\" src=\"{}\"></iframe></figure>",
            place(sample, scheme)
        )
    });
    format!(
        "<section id=\"{language}-{name}\"><h2>{name} ({language})</h2><p>Subject: {}</p><div class=\"row\">{}\
         <figure><figcaption>text</figcaption><pre>{}</pre></figure></div></section>",
        encode_safe(&letter.subject),
        views.concat(),
        encode_safe(&letter.text),
    )
}
