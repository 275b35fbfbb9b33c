#include "reports/html/page.hpp"

namespace faultline {
namespace {

constexpr std::string_view css = R"(/* Faultline's reports. Colours first, light and dark. */
:root {
  color-scheme: light dark;
  --page: #fbfbfa; --panel: #ffffff; --line: #dddcd8; --text: #1c1d20; --quiet: #65676e;
  --link: #1f5fbf; --code: #f3f2ef;
  --good: #1a7f43; --good-soft: #e3f4e8; --bad: #c4232c; --bad-soft: #fdeceb;
  --odd: #8a3fb5; --odd-soft: #f5eafb; --known: #946200; --known-soft: #fbf2da;
  --none: #65676e; --none-soft: #eeedea;
  --plain: #3d4658; --held: #b06a00; --copy: #0b7285; --changed: #a8480f; --forged: #9c27b0;
  --opening: #d9e8fb; --established: #d5efdc; --closing: #fbe8cd; --waiting: #eadffb;
  --closed: #e8e7e3; --wire: #f0efeb;
  --mono: ui-monospace, "DejaVu Sans Mono", "SFMono-Regular", Menlo, Consolas, monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #16181c; --panel: #1d2025; --line: #363a42; --text: #e4e6ea; --quiet: #9aa0ab;
    --link: #8ab8ff; --code: #22262c;
    --good: #5fd38a; --good-soft: #17341f; --bad: #ff7a76; --bad-soft: #421d1e;
    --odd: #d49bf5; --odd-soft: #35213f; --known: #e6b450; --known-soft: #3a2f14;
    --none: #9aa0ab; --none-soft: #2a2e35;
    --plain: #b9c3d4; --held: #f0ac4b; --copy: #5ccfe0; --changed: #f79a63; --forged: #e58bf5;
    --opening: #203a5c; --established: #1e4429; --closing: #4d3917; --waiting: #3a2a55;
    --closed: #33373e; --wire: #24272d;
  }
}

* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0 auto; padding: 1.25rem clamp(.75rem, 2.5vw, 2rem) 4rem; max-width: 84rem;
  background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
  overflow-wrap: anywhere;
}
a { color: var(--link); text-decoration: none; }
a:hover, a:focus-visible { text-decoration: underline; }
h1 { font-size: 1.55rem; line-height: 1.25; margin: .2rem 0 .5rem; }
h2 { font-size: 1.1rem; margin: 2.2rem 0 .7rem; }
h3 { font-size: 1rem; margin: 0 0 .35rem; }
small { font-size: 82%; }
pre, code, .name, .id { font-family: var(--mono); }
pre { font-size: 12.5px; line-height: 1.5; margin: 0; overflow-wrap: normal; }
.quiet { color: var(--quiet); font-weight: normal; font-size: .9rem; }
.crumbs { margin: 0; color: var(--quiet); font-size: .9rem; }
.lead { font-size: 1.05rem; margin: 0 0 .6rem; }
.warning { background: var(--known-soft); border-left: 4px solid var(--known); padding: .5rem .8rem; }
summary { cursor: pointer; font-weight: 600; padding: .4rem 0; }

/* Wide things scroll within themselves; the page never does sideways. */
.wide { overflow-x: auto; max-width: 100%; border: 1px solid var(--line); border-radius: 8px; background: var(--panel); }
pre.wide { padding: .7rem .9rem; background: var(--code); }
table { border-collapse: collapse; width: 100%; overflow-wrap: normal; }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem; }
th { color: var(--quiet); font-weight: 600; font-size: .85rem; }
tr + tr > td { border-top: 1px solid var(--line); }

/* Outcomes */
.badge, .chip, .total {
  display: inline-block; border-radius: 5px; white-space: nowrap; font-weight: 600;
  color: var(--none); background: var(--none-soft);
}
.badge { padding: .05em .5em; font-size: .8em; letter-spacing: .02em; vertical-align: .08em; }
.chip { padding: .1rem .45rem; font-size: .8rem; margin: .1rem .15rem .1rem 0; }
.chip small { font-weight: normal; }
.total { padding: .35rem .8rem; font-size: .85rem; }
.total b { font-size: 1.15rem; margin-right: .25rem; }
.pass { color: var(--good); background: var(--good-soft); }
.fail, .xpass { color: var(--bad); background: var(--bad-soft); }
.error, .inconclusive { color: var(--odd); background: var(--odd-soft); }
.xfail { color: var(--known); background: var(--known-soft); }
.chip.fail, .chip.xpass, .badge.fail, .badge.xpass { color: #fff; background: #c4232c; }
.totals, .topics { display: flex; flex-wrap: wrap; gap: .4rem; margin: .6rem 0; }
.topics a { border: 1px solid var(--line); border-radius: 5px; padding: .1rem .55rem; background: var(--panel); }
.topics b { border-radius: 4px; padding: 0 .35em; font-size: .8rem; }
.topics small { color: var(--quiet); }
svg.bar { display: block; width: 100%; height: 8px; border-radius: 4px; margin: .2rem 0 .6rem; }
svg.bar .pass { fill: #2f9e5b; } svg.bar .fail, svg.bar .xpass { fill: #d0363e; }
svg.bar .error, svg.bar .inconclusive { fill: #9b51c6; } svg.bar .xfail { fill: #d9a02b; }
svg.bar .skip, svg.bar .unsupported { fill: #9a9ca3; }
.facts { display: flex; flex-wrap: wrap; gap: .3rem 1.6rem; margin: .6rem 0; }
.facts div { min-width: 0; }
.facts dt { color: var(--quiet); font-size: .8rem; }
.facts dd { margin: 0; }

/* The run's tables */
.results td { padding: .45rem .7rem; }
.results .why { color: var(--quiet); font-size: .9rem; }
.results .what { overflow-wrap: anywhere; width: 100%; }
.results .took { white-space: nowrap; color: var(--quiet); }
.matrix td, .matrix th { padding: .22rem .6rem; }
.matrix .case { width: 100%; min-width: 13rem; overflow-wrap: anywhere; }
.matrix .id { display: block; font-size: .84rem; }
.matrix .title { display: block; color: var(--quiet); font-size: .82rem; line-height: 1.35; }
.matrix td:not(.case) { white-space: nowrap; vertical-align: middle; }
.matrix .first { border-left: 1px solid var(--line); }
.matrix .stack { border-left: 1px solid var(--line); text-align: center; color: var(--text); font-size: .9rem; }
.matrix .stack small { display: block; color: var(--quiet); font-weight: normal; }
.matrix .topic th { background: var(--code); color: var(--text); font-size: .95rem; padding: .45rem .6rem; border-top: 1px solid var(--line); }

/* A case's page */
.name { font-size: 1.25rem; }
.reason { font-size: 1.02rem; font-weight: 600; padding: .55rem .9rem; border-radius: 8px; margin: .4rem 0 .8rem; }
.siblings { margin: .4rem 0; }
.problems { display: grid; gap: .5rem; margin-top: .9rem; }
.problem { border: 1px solid var(--line); border-left: 4px solid var(--odd); border-radius: 6px; background: var(--panel); padding: .45rem .9rem; }
.problem.broken { border-left-color: var(--bad); }
.problem h3 { margin: 0; }
.problem dl { display: flex; flex-wrap: wrap; gap: .1rem 1.8rem; margin: 0; font-size: .92rem; }
.problem dl div { display: flex; gap: .5rem; min-width: 0; }
.problem dt { color: var(--quiet); flex: none; }
.problem dd { margin: 0; font-family: var(--mono); font-size: .86rem; padding-top: .08rem; }
.problem.broken .got dd { color: var(--bad); font-weight: 700; }
.problem .tolerance { flex-basis: 100%; }
.problem .tolerance dd { color: var(--quiet); }
.broken .sign { color: var(--bad); } .met .sign { color: var(--good); } .unclear .sign { color: var(--odd); }
.findings td { min-width: 7rem; overflow-wrap: anywhere; }
.findings td.sign { min-width: 0; font-weight: 700; }
.findings tr.broken { background: var(--bad-soft); }
.findings tr.unclear { background: var(--odd-soft); }
.findings td:last-child, .findings td:nth-last-child(2) { white-space: nowrap; min-width: 0; }
.findings tr:target, .line:target { outline: 2px solid var(--link); outline-offset: -2px; }
.sysctls td { font-family: var(--mono); font-size: .82rem; }
.overridden { background: var(--known-soft); }
.command { white-space: pre; }
.code { padding: .5rem 0; }
.code .line { display: block; padding: 0 .9rem 0 0; min-width: max-content; }
.code .number { display: inline-block; width: 3rem; padding-right: .9rem; text-align: right; color: var(--quiet); }
.code .broken { background: var(--bad-soft); } .code .unclear { background: var(--odd-soft); }
.code .met .number { color: var(--good); }

/* The ladder. Its letters are as wide as reports/ladder_svg.cpp takes them for. */
.picture { background: var(--panel); }
.ladder { display: block; margin: 0 auto; font-family: var(--mono); font-size: 11px; }
.ladder text { fill: var(--text); }
.ladder .start { text-anchor: start; } .ladder .middle { text-anchor: middle; } .ladder .end { text-anchor: end; }
.ladder .head { font-size: 11.5px; font-weight: 700; fill: var(--quiet); }
.ladder .head.sut { fill: var(--text); }
.ladder .small { font-size: 10px; fill: var(--quiet); }
.ladder .clock { fill: var(--quiet); }
.ladder .gap { fill: var(--quiet); font-weight: 700; }
.ladder .life { stroke: var(--quiet); stroke-width: 1.5; }
.ladder .wire { fill: var(--wire); }
.ladder .blank { fill: var(--panel); }
.ladder .break { fill: none; stroke: var(--quiet); stroke-width: 1.5; }
.ladder .bar { stroke: none; }
.ladder .state .label { font-size: 10.5px; }
.ladder .opening .bar { fill: var(--opening); } .ladder .established .bar { fill: var(--established); }
.ladder .closing .bar { fill: var(--closing); } .ladder .waiting .bar { fill: var(--waiting); }
.ladder .closed .bar { fill: var(--closed); }
.ladder .pending { stroke: var(--quiet); stroke-width: 1.5; stroke-dasharray: 1 3; }
.ladder .waiting { stroke: var(--held); stroke-width: 1.5; stroke-dasharray: 4 3; }
.ladder .shaft { stroke: var(--plain); stroke-width: 1.4; }
.ladder .point { fill: var(--plain); }
.ladder .detail { fill: var(--quiet); font-size: 10.5px; }
.ladder .remark { font-weight: 600; }
.ladder .dropped .shaft, .ladder .cross { stroke: var(--bad); }
.ladder .cross { fill: none; stroke-width: 2.6; }
.ladder .dropped .remark { fill: var(--bad); }
.ladder .held .shaft, .ladder .released .shaft { stroke: var(--held); }
.ladder .held .point, .ladder .released .point, .ladder .released .origin { fill: var(--held); }
.ladder .held .remark, .ladder .released .remark { fill: var(--held); }
.ladder .duplicate .shaft { stroke: var(--copy); } .ladder .duplicate .point, .ladder .duplicate .origin, .ladder .duplicate .remark { fill: var(--copy); }
.ladder .changed .shaft { stroke: var(--changed); } .ladder .changed .point, .ladder .changed .origin, .ladder .changed .remark { fill: var(--changed); }
.ladder .forged .shaft { stroke: var(--forged); stroke-dasharray: 7 3; } .ladder .forged .point, .ladder .forged .origin, .ladder .forged .remark { fill: var(--forged); }
.ladder .unplugged { fill: var(--bad-soft); }
.ladder .hot { fill: var(--bad-soft); }
.ladder rect.omitted { fill: var(--wire); stroke: var(--line); stroke-dasharray: 4 3; }
.ladder text.omitted { fill: var(--quiet); font-style: italic; }
.ladder rect.link { fill: var(--bad-soft); stroke: var(--bad); }
.ladder text.link { fill: var(--bad); font-weight: 700; }
.ladder rect.note { fill: var(--odd-soft); }
.ladder text.note { fill: var(--odd); }
.ladder .mark { text-decoration: none; }
.ladder .mark .panel { fill: var(--odd-soft); }
.ladder .mark.met .panel { fill: var(--good-soft); }
.ladder .mark.broken .panel { fill: var(--bad-soft); }
.ladder .mark.met .what, .ladder .mark.met .call, .ladder .mark.met .sign { fill: var(--good); }
.ladder .mark.broken .what, .ladder .mark.broken .sign { fill: var(--bad); font-weight: 700; }
.ladder .mark.unclear .what, .ladder .mark.unclear .sign { fill: var(--odd); font-weight: 700; }
.ladder .mark .versus { fill: var(--text); }
.ladder .mark .sign { font-size: 13px; }
.ladder .mark:target .panel { stroke: var(--link); stroke-width: 2; }

@media (max-width: 40rem) {
  h1 { font-size: 1.3rem; }
  .name { font-size: 1.05rem; }
  .results .took { display: none; }
  th, td { padding: .3rem .45rem; }
}
@media print { .wide { overflow: visible; border: 0; } }
)";

}  // namespace

std::string_view stylesheet() {
  return css;
}

}  // namespace faultline
