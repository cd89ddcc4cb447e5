/** The panel's looks; a site themes it with the `--botloom-*` custom properties. Logical properties, so it mirrors in RTL. */
export const panelCss = `
.panel{--accent:var(--botloom-accent,#3056d3);--on-accent:var(--botloom-on-accent,#fff);--ground:var(--botloom-ground,#fff);--soft:var(--botloom-soft,#f3f4f7);--ink:var(--botloom-ink,#1d2433);--dim:var(--botloom-dim,#5b6577);--line:var(--botloom-line,#e4e7ec);
position:fixed;inset-block-end:calc(var(--botloom-offset,20px) + 72px);inset-inline-end:var(--botloom-offset,20px);width:min(384px,calc(100vw - 32px));height:min(620px,calc(100dvh - 120px));display:flex;flex-direction:column;background:var(--ground);color:var(--ink);border:1px solid var(--line);border-radius:var(--botloom-radius,16px);box-shadow:0 16px 48px rgb(15 23 42/.2);overflow:hidden;font:15px/1.5 var(--botloom-font,system-ui,"PingFang SC","Microsoft YaHei","Noto Sans SC",sans-serif);animation:rise .16s ease-out;text-align:start}
@media (prefers-color-scheme:dark){.panel{--ground:var(--botloom-ground,#171b24);--soft:var(--botloom-soft,#232936);--ink:var(--botloom-ink,#e8eaf0);--dim:var(--botloom-dim,#a0a9b8);--line:var(--botloom-line,#2f3747)}}
.panel[hidden]{display:none}
@keyframes rise{from{opacity:0;transform:translateY(8px)}}
*{box-sizing:border-box}
header{display:flex;align-items:center;gap:10px;padding:14px 12px 14px 16px;border-block-end:1px solid var(--line)}
header .mark{width:32px;height:32px;border-radius:10px;background:var(--accent);color:var(--on-accent);display:grid;place-items:center;flex:none}
h2{font-size:15px;font-weight:600;margin:0;flex:1}
button{font:inherit;color:inherit;background:none;border:0;cursor:pointer;border-radius:8px}
button:focus-visible,textarea:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.tool{width:36px;height:36px;display:grid;place-items:center;color:var(--dim)}.tool:hover{background:var(--soft);color:var(--ink)}
.log{flex:1;overflow-y:auto;overscroll-behavior:contain;padding:16px;display:flex;flex-direction:column;gap:6px;scrollbar-width:thin}
.row{display:flex;flex-direction:column;align-items:flex-start;gap:6px;max-width:100%}.row.user{align-items:flex-end}
.row+.row.turn{margin-block-start:10px}
.bubble{max-width:85%;padding:9px 13px;border-radius:14px;background:var(--soft);overflow-wrap:anywhere;white-space:pre-wrap}
.bot .bubble,.agent .bubble{border-end-start-radius:4px}
.user .bubble{background:var(--accent);color:var(--on-accent);border-end-end-radius:4px}
.unsent .bubble{opacity:.65}
.notice{align-self:center;color:var(--dim);font-size:13px;text-align:center;padding:4px 12px}
.who{font-size:12px;color:var(--dim)}
.choices{display:flex;flex-wrap:wrap;gap:8px}
.choices button{border:1px solid var(--accent);color:var(--accent);padding:7px 13px;border-radius:18px;min-height:36px;text-align:start}
@media (prefers-color-scheme:dark){.choices button{color:var(--ink)}}
.choices button:hover:enabled{background:var(--accent);color:var(--on-accent)}.choices button:disabled{border-color:var(--line);color:var(--dim);cursor:default}
.dots{display:flex;gap:4px;padding:13px}.dots i{width:6px;height:6px;border-radius:50%;background:var(--dim);animation:blink 1.2s infinite}.dots i:nth-child(2){animation-delay:.2s}.dots i:nth-child(3){animation-delay:.4s}
@keyframes blink{0%,60%,100%{opacity:.3}30%{opacity:1}}
.bar{padding:8px 16px;font-size:13px;background:var(--soft);color:var(--ink)}.bar button{color:var(--accent);text-decoration:underline;padding:2px 4px}
form{display:flex;align-items:flex-end;gap:8px;padding:12px;border-block-start:1px solid var(--line)}
textarea{flex:1;font:inherit;font-size:16px;line-height:1.4;color:inherit;background:var(--soft);border:1px solid transparent;border-radius:12px;padding:9px 12px;resize:none;max-height:120px;min-height:42px;field-sizing:content}
textarea::placeholder{color:var(--dim)}
.send{width:42px;height:42px;border-radius:12px;background:var(--accent);color:var(--on-accent);display:grid;place-items:center;flex:none}.send:disabled{opacity:.4;cursor:default}
[dir=rtl] .send svg,:host-context([dir=rtl]) .send svg{transform:scaleX(-1)}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:480px){.panel{inset:0;width:100%;height:100dvh;border:0;border-radius:0}}
@media (prefers-reduced-motion:reduce){.panel,.dots i{animation:none}}`
