// How the documentation page looks; dark where the reader's system is.
export const style = `
:root { color-scheme: light dark; --ink: #1d2433; --soft: #5c6780; --line: #dde2ec; --paper: #fff; --tint: #f5f7fb; --red: #b3261e; --blue: #1f5fbf; --green: #1b7f4b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9f0; --soft: #9aa5bd; --line: #313a4d; --paper: #151a24; --tint: #1c2330; --red: #ff8a80; --blue: #8ab4ff; --green: #7fd6a4; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 system-ui, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
header, main, footer { max-width: 60rem; margin: 0 auto; padding: 1.5rem; }
h1 { margin: 0; font-size: 1.75rem; } h2 { margin: 2.5rem 0 .75rem; padding-bottom: .25rem; border-bottom: 2px solid var(--line); font-size: 1.25rem; } h3 { margin: 1.25rem 0 .5rem; font-size: .95rem; color: var(--soft); }
a { color: var(--blue); text-decoration: none; } a:hover { text-decoration: underline; }
p { margin: .5rem 0; } .soft { color: var(--soft); }
nav ul { list-style: none; margin: 0; padding: 0; columns: 20rem auto; } nav li { break-inside: avoid; padding: .1rem 0; overflow-wrap: anywhere; }
code, .verb { font: .875em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
details { margin: .75rem 0; border: 1px solid var(--line); border-radius: 8px; background: var(--paper); }
details[open] > summary { border-bottom: 1px solid var(--line); }
summary { padding: .75rem 1rem; cursor: pointer; background: var(--tint); border-radius: 8px; } details > div { scroll-margin-top: 4rem; padding: .25rem 1rem 1rem; }
.verb { display: inline-block; min-width: 4rem; font-weight: 700; text-transform: uppercase; color: var(--blue); } .verb.post { color: var(--green); } .verb.delete { color: var(--red); }
.role { display: inline-block; margin: 0 .35rem .25rem 0; padding: 0 .6rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--tint); font-size: .85rem; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; } th, td { padding: .4rem .5rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; overflow-wrap: anywhere; } th { color: var(--soft); font-weight: 600; }
.must { color: var(--red); }
:focus-visible { outline: 3px solid var(--blue); outline-offset: 2px; }
`;
