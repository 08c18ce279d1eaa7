/** What the page of the report looks like. */
export const style = `
:root{color-scheme:light dark;--line:#d5d9de;--soft:#f5f6f8;--faint:#626c78;--good:#157f3b;--warn:#8f5b00;--bad:#b3261e;--info:#1a5fb4}
@media(prefers-color-scheme:dark){:root{--line:#3a4048;--soft:#1b1f24;--faint:#9aa4b0;--good:#57c57d;--warn:#e0a84b;--bad:#ff8a80;--info:#78aeff}}
*{box-sizing:border-box}
body{font:15px/1.5 system-ui,sans-serif;margin:0 auto;max-width:90rem;padding:1.5rem}
h1{font-size:1.5rem;margin:0 0 .5rem}h2{font-size:1.1rem}h3{font-size:.85rem;margin:0 0 .3rem;color:var(--faint);font-weight:600}
table{border-collapse:collapse;margin:.5rem 0}th,td{padding:.15rem .9rem .15rem 0;text-align:right}th[scope=row],thead td{text-align:left}
thead th{color:var(--faint);font-weight:500}td.none{color:var(--faint)}
.converted{color:var(--good)}.approximate{color:var(--warn)}.held-back{color:var(--bad)}
form{position:sticky;top:0;background:Canvas;display:flex;flex-wrap:wrap;gap:.5rem 1.2rem;align-items:center;padding:.7rem 0;border-bottom:1px solid var(--line);z-index:1}
fieldset{border:0;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.2rem .9rem}legend{display:none}
select,input[type=search]{font:inherit;padding:.15rem .4rem;max-width:16rem}output{color:var(--faint);margin-left:auto}
details.object{border-bottom:1px solid var(--line);content-visibility:auto;contain-intrinsic-size:auto 2.4rem}
details.others{padding-bottom:1rem}
details.object[open]{content-visibility:visible;padding-bottom:1rem}
summary{cursor:pointer;padding:.45rem 0}summary b{margin:0 .4rem}
.badge{display:inline-block;min-width:6.2rem;font-size:.85rem;font-weight:600}
.place{color:var(--faint);font-size:.9rem;overflow-wrap:anywhere}.place a,.source{color:inherit}
ul.diagnostics{list-style:none;margin:.2rem 0 .8rem;padding:0;display:grid;gap:.5rem}
ul.diagnostics li{border-left:3px solid var(--info);background:var(--soft);padding:.45rem .8rem}
li.error{border-color:var(--bad)!important}li.warning{border-color:var(--warn)!important}
li p{margin:.1rem 0}.why,.related{color:var(--faint)}.code{font-family:ui-monospace,monospace;font-size:.9rem}
li.error .code{color:var(--bad)}li.warning .code{color:var(--warn)}li.info .code{color:var(--info)}
.panes{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:1rem}@media(max-width:60rem){.panes{grid-template-columns:minmax(0,1fr)}}
pre{margin:0;overflow:auto;background:var(--soft);font:13px/1.45 ui-monospace,monospace;padding:.4rem 0}
pre span{display:block;padding:0 .8rem 0 3.6rem;position:relative;min-width:max-content}
pre span::before{content:attr(data-line);position:absolute;left:0;width:2.8rem;text-align:right;color:var(--faint);user-select:none}
pre span.error{background:color-mix(in srgb,var(--bad) 16%,transparent)}pre span.warning{background:color-mix(in srgb,var(--warn) 16%,transparent)}
pre span.info{background:color-mix(in srgb,var(--info) 12%,transparent)}pre span:target{outline:2px solid var(--info);outline-offset:-2px}
.nothing{color:var(--faint)}[hidden]{display:none!important}
`;

/** Filters the objects, and remembers in the address what was asked for. */
export const script = `
const form=document.getElementById('filter'),objects=[...document.querySelectorAll('details.object')];
function show(){
  const data=new FormData(form),statuses=data.getAll('status'),code=data.get('code'),text=data.get('text').trim().toLowerCase();
  let count=0;
  for(const one of objects){
    const {status,codes,search}=one.dataset;
    one.hidden=!(statuses.includes(status)&&(!code||codes.split(' ').includes(code))&&search.includes(text));
    if(!one.hidden)count++;
  }
  form.elements.shown.value=count.toLocaleString('en-US')+' of '+objects.length.toLocaleString('en-US')+' shown';
}
form.addEventListener('input',show);
form.addEventListener('submit',event=>event.preventDefault());
addEventListener('hashchange',()=>{const at=document.querySelector(location.hash||'#none');at?.closest('details')?.setAttribute('open','');at?.scrollIntoView({block:'center'})});
show();
`;
