/**
 * The panel's looks; a site themes it with the `--botloom-*` custom properties. Light or dark as the page is (its
 * `color-scheme`), not as the system is, so that it never stands dark on a light page. Logical properties mirror in RTL.
 */
export const panelCss = `
.panel{--accent:var(--botloom-accent,var(--l-accent));--on-accent:var(--botloom-on-accent,var(--l-on));--ground:var(--botloom-ground,#fff);--soft:var(--botloom-soft,#f2f3f6);--ink:var(--botloom-ink,#1d2433);--dim:var(--botloom-dim,#5b6577);--line:var(--botloom-line,#e4e7ec);--mark:var(--botloom-accent,var(--l-mark));
position:fixed;inset-block-end:calc(var(--botloom-offset,20px) + 72px);inset-inline:var(--l-inline);width:min(384px,calc(var(--l-wide,100vw) - 32px));height:min(640px,calc(var(--l-high,100dvh) - 120px));display:flex;flex-direction:column;background:var(--ground);color:var(--ink);border:1px solid var(--line);border-radius:var(--botloom-radius,var(--l-radius));box-shadow:0 2px 6px rgb(15 23 42/.06),0 16px 48px rgb(15 23 42/.18);overflow:hidden;font:15px/1.55 var(--botloom-font,system-ui,"PingFang SC","Microsoft YaHei","Noto Sans SC",sans-serif);animation:rise .16s ease-out;text-align:start;cursor:auto}
@supports (color:light-dark(#000,#fff)){.panel{--ground:var(--botloom-ground,light-dark(#fff,#171b24));--soft:var(--botloom-soft,light-dark(#f2f3f6,#232936));--ink:var(--botloom-ink,light-dark(#1d2433,#e8eaf0));--dim:var(--botloom-dim,light-dark(#5b6577,#a3acbb));--line:var(--botloom-line,light-dark(#e4e7ec,#2f3747));--mark:light-dark(var(--botloom-accent,var(--l-mark)),var(--botloom-ink,var(--l-dark)))}}
.panel[hidden]{display:none}
@keyframes rise{from{opacity:0;transform:translateY(8px)}}
*{box-sizing:border-box}p{margin:0}
header{display:flex;align-items:center;gap:10px;padding:12px 12px 12px 16px;border-block-end:1px solid var(--line)}
.mark{width:32px;height:32px;border-radius:10px;background:var(--accent);color:var(--on-accent);display:grid;place-items:center;flex:none;overflow:hidden;font-size:18px}.mark img{width:100%;height:100%;object-fit:cover}.name{flex:1;min-width:0;overflow-wrap:anywhere}.name p{font-size:13px;line-height:1.4;color:var(--dim)}
h2{font-size:15px;font-weight:600;margin:0;flex:1}
button{font:inherit;color:inherit;background:none;border:0;cursor:pointer;border-radius:8px;padding:0}
button:focus-visible,textarea:focus-visible,a:focus-visible{outline:2px solid var(--mark);outline-offset:2px}
textarea:focus-visible{outline-offset:-1px}
.log:focus-visible{outline:2px solid var(--mark);outline-offset:-2px}
.tool{width:36px;height:36px;flex:none;display:grid;place-items:center;color:var(--dim)}.tool:hover:enabled{background:var(--soft);color:var(--ink)}.tool:disabled{opacity:.4;cursor:default}
.log{flex:1;overflow-y:auto;overscroll-behavior:contain;padding:16px;display:flex;flex-direction:column;gap:6px;scrollbar-width:thin;scrollbar-color:var(--line) transparent}
.row{display:flex;flex-direction:column;align-items:flex-start;gap:6px;max-width:100%}.row.user{align-items:flex-end}
.row+.row.turn{margin-block-start:10px}
.bubble{max-width:85%;padding:8px 13px;border-radius:14px;background:var(--soft);overflow-wrap:anywhere;white-space:pre-wrap;text-wrap:pretty}
.bubble a,.notice a{color:inherit;text-underline-offset:2px}
.bot .bubble,.agent .bubble{border-end-start-radius:4px}
.user .bubble{background:var(--accent);color:var(--on-accent);border-end-end-radius:4px}
.sending .bubble,.refused .bubble{opacity:.7}
.file{display:flex;align-items:center;gap:10px;max-width:85%;padding:8px 13px;border:1px solid var(--line);border-radius:14px;text-align:start;overflow-wrap:anywhere}.file:hover{background:var(--soft)}.file svg{flex:none}.file b,.file small{display:block;font-weight:500;font-size:14px;line-height:1.4}.file small{color:var(--dim);font-size:12px}.file.seen{padding:0;overflow:hidden}.file img{display:block;max-width:100%;max-height:220px}.sending .file{opacity:.7}
.hearing{color:var(--on-accent);background:var(--accent)}.hearing:hover:enabled{color:var(--on-accent);background:var(--accent)}
.state{font-size:12px;color:var(--dim)}
.row.system{align-items:stretch}
.source{color:var(--dim);font-size:12px;padding:0 4px;max-width:90%;overflow-wrap:anywhere}
.source a{color:inherit;text-underline-offset:2px}
.notice{align-self:center;color:var(--dim);font-size:13px;text-align:center;padding:4px 12px;max-width:90%}
.who{font-size:12px;color:var(--dim)}
.choices{display:flex;flex-wrap:wrap;gap:8px}
.choices button{border:1px solid var(--mark);color:var(--mark);padding:6px 13px;border-radius:18px;min-height:36px;text-align:start;transition:background .12s,color .12s}
.choices button:hover:enabled{background:var(--accent);color:var(--on-accent);border-color:var(--accent)}.choices button:disabled{border-color:var(--line);color:var(--dim);cursor:default}
.box{display:grid;place-items:center;aspect-ratio:3/2;background:var(--soft);color:var(--dim);overflow:hidden}.box img{display:block;width:100%;height:100%;object-fit:cover}
.picture{width:85%;max-width:300px;border-radius:14px;border-end-start-radius:4px;text-decoration:none}.picture.box img{object-fit:contain}
.lost{display:grid;justify-items:center;gap:6px;padding:12px;font-size:13px;text-align:center;overflow-wrap:anywhere}
.cards{width:calc(100% + 32px);margin-inline:-16px}
.cards ul{display:flex;gap:8px;margin:0;padding:0 16px;scroll-padding-inline:16px;list-style:none;overflow-x:auto;overscroll-behavior-x:contain;scroll-snap-type:x mandatory;scroll-behavior:smooth;scrollbar-width:none}.cards ul:focus-visible{outline:2px solid var(--mark);outline-offset:-2px}
.card{flex:none;width:min(248px,85%);display:flex;flex-direction:column;scroll-snap-align:start;border:1px solid var(--line);border-radius:14px;overflow:hidden;overflow-wrap:anywhere}
.about{flex:1;display:flex;flex-direction:column;padding:10px 13px 13px}.about b{font-weight:600}.about p{color:var(--dim);font-size:14px;line-height:1.45;white-space:pre-wrap;margin-block-end:10px}.about b:has(+.go){margin-block-end:10px}
.go{margin-block-start:auto;padding:6px 13px;min-height:36px;border:1px solid var(--mark);border-radius:18px;color:var(--mark);text-align:center;text-decoration:none;transition:background .12s,color .12s}.go:hover{background:var(--accent);color:var(--on-accent);border-color:var(--accent)}
.leaf{display:flex;align-items:center;gap:4px;margin-block-start:2px;margin-inline-start:8px;font-size:13px;color:var(--dim);font-variant-numeric:tabular-nums}.leaf svg:dir(rtl){scale:-1 1}.tool[aria-disabled=true]{opacity:.4;cursor:default}.tool[aria-disabled=true]:hover{background:none;color:var(--dim)}
.dots{display:flex;gap:4px;padding:13px}.dots i{width:6px;height:6px;border-radius:50%;background:var(--dim);animation:blink 1.2s infinite}.dots i:nth-child(2){animation-delay:.2s}.dots i:nth-child(3){animation-delay:.4s}
@keyframes blink{0%,60%,100%{opacity:.3}30%{opacity:1}}
.bar{display:flex;flex-wrap:wrap;align-items:center;gap:4px 16px;padding:8px 16px;font-size:13px;background:var(--soft);color:var(--ink)}.bar button{text-decoration:underline;text-underline-offset:2px;padding:2px 0;min-height:24px}.ask p{flex-basis:100%}
form{display:flex;align-items:flex-end;gap:6px;padding:12px;border-block-start:1px solid var(--line)}form .tool{margin-block:3px}
textarea{flex:1;min-width:0;font:inherit;font-size:16px;line-height:24px;color:inherit;background:var(--soft);border:1px solid transparent;border-radius:12px;padding:8px 12px;resize:none;height:42px;max-height:120px;field-sizing:content;margin:0}
@supports (field-sizing:content){textarea{height:auto;min-height:42px}}
textarea::placeholder{color:var(--dim);opacity:1}
.send{width:42px;height:42px;border-radius:12px;background:var(--accent);color:var(--on-accent);display:grid;place-items:center;flex:none}.send:disabled{background:var(--soft);color:var(--dim);cursor:default}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:480px){.panel{inset:0;width:100%;height:100dvh;border:0;border-radius:0;padding-block-end:env(safe-area-inset-bottom)}}
@media (prefers-reduced-motion:reduce){.panel,.dots i{animation:none}.choices button,.go{transition:none}.cards ul{scroll-behavior:auto}}
@media (forced-colors:active){.bubble,.send,.picture{border:1px solid}}`
