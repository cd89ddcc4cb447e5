import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './sources.mjs'

/** The page that stands at once, before anything is installed: plain HTML, no build, both languages by the browser's. */
const texts = {
  zh: {
    title: 'Botloom 正在启动',
    lead: '第一次启动会安装、构建，并训练示例机器人“小舟商城”。之后每次启动只需几秒。',
    installing: '安装依赖',
    building: '构建界面',
    database: '准备数据库',
    starting: '启动服务',
    training: '训练示例机器人',
    publishing: '发布示例机器人',
    ready: '已就绪',
    failed: '启动失败',
    done: '请在终端里打开“工作室”登录链接（15 分钟内有效）。',
    demo: '打开演示商店',
    left: '大约还需 {s} 秒',
    why: '原因见下，终端里有完整日志：',
  },
  en: {
    title: 'Botloom is starting',
    lead: 'The first start installs, builds, and trains the sample bot "Little Boat Shop". Later starts take seconds.',
    installing: 'Installing packages',
    building: 'Building the studio',
    database: 'Preparing the database',
    starting: 'Starting the server',
    training: 'Training the sample bot',
    publishing: 'Publishing the sample bot',
    ready: 'Ready',
    failed: 'The start failed',
    done: 'Open the studio link from the terminal to sign in (valid for 15 minutes).',
    demo: 'Open the demo shop',
    left: 'about {s} s left',
    why: 'The reason; the terminal has the whole log:',
  },
}
const logo = readFileSync(join(root, 'editor', 'public', 'favicon.svg')).toString('base64')
const steps = ['installing', 'building', 'database', 'starting', 'training', 'publishing']

export function progressPage(acceptLanguage = '') {
  const zh = /^\s*zh/i.test(acceptLanguage)
  const t = zh ? texts.zh : texts.en
  return `<!doctype html>
<html lang="${zh ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${t.title}</title>
<link rel="icon" href="data:image/svg+xml;base64,${logo}">
<style>
:root{--ground:#f6f5f1;--card:#fffefb;--ink:#1f2028;--soft:#55565f;--line:#e2dfd6;--accent:#3a4bb0;--done:#25734a;color-scheme:light dark}
@media (prefers-color-scheme:dark){:root{--ground:#131419;--card:#1a1b21;--ink:#ecebe6;--soft:#b3b3bb;--line:#30313b;--accent:#9aa8ff;--done:#4cc38a}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--ground);color:var(--ink);font:15px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans SC",sans-serif}
main{width:min(480px,calc(100vw - 32px));background:var(--card);border:1px solid var(--line);border-radius:12px;padding:32px}
img{display:block;margin-bottom:20px}h1{font-size:20px;margin:0 0 4px}p{margin:0;color:var(--soft)}
ol{list-style:none;margin:24px 0 0;padding:0;display:grid;gap:2px}li{display:flex;align-items:center;gap:12px;padding:6px 0;color:var(--soft)}
li i{width:18px;height:18px;border-radius:50%;border:2px solid var(--line);flex:none}
li.on{color:var(--ink);font-weight:600}li.on i{border-color:var(--accent);border-right-color:transparent;animation:r .9s linear infinite}
li.past{color:var(--ink)}li.past i{background:var(--done);border-color:var(--done)}
@keyframes r{to{transform:rotate(1turn)}}@media (prefers-reduced-motion:reduce){li.on i{animation:none}}
.bar{height:4px;border-radius:2px;background:var(--line);margin-top:24px;overflow:hidden}.bar b{display:block;height:100%;width:0;background:var(--accent);transition:width .3s}
#detail{margin-top:10px;font-size:13px;min-height:1.6em;white-space:pre-wrap;overflow-wrap:anywhere}
a{color:var(--accent)}
</style></head><body><main>
<img src="data:image/svg+xml;base64,${logo}" width="44" height="44" alt="">
<h1 id="head">${t.title}</h1><p id="lead">${t.lead}</p>
<ol aria-label="${t.title}">${steps.map((step) => `<li data-step="${step}"><i></i>${t[step]}</li>`).join('')}</ol>
<div class="bar" role="progressbar" aria-labelledby="head"><b></b></div><p id="detail" aria-live="polite"></p>
</main><script>
const steps=${JSON.stringify(steps)},t=${JSON.stringify(t)},el=(id)=>document.getElementById(id);
async function tick(){
  try{
    const p=await (await fetch('/api/start',{headers:{accept:'application/json'}})).json();
    const at=p.phase==='ready'?steps.length:steps.indexOf(p.phase);
    document.querySelectorAll('li').forEach((li,i)=>{li.className=i<at?'past':i===at?'on':''});
    document.querySelector('.bar b').style.width=Math.round(p.share*100)+'%';
    document.title=Math.round(p.share*100)+' % · ${t.title}';
    el('detail').textContent=p.phase==='failed'?t.why+'\\n'+p.detail:[p.detail,p.secondsLeft?t.left.replace('{s}',Math.ceil(p.secondsLeft)):''].filter(Boolean).join(' · ');
    if(p.phase==='failed'){el('head').textContent=t.failed;return}
    if(p.phase==='ready'){el('head').textContent=t.ready;document.title=t.ready+' · Botloom';el('lead').textContent=t.done;el('detail').replaceChildren();
      const a=document.createElement('a');a.href='/demo';a.textContent=t.demo;el('detail').append(a);return}
  }catch{}
  setTimeout(tick,500);
}
tick();
</script></body></html>`
}
